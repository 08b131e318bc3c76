"""A study of two languages: each article is told, scored and grouped by its own."""

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.errors import ArticlesError
from analysis.study import Study, corpus
from tests.study.conftest import small_corpus

pytestmark = pytest.mark.usefixtures("undrawn")

RUSSIAN = [
    "Санкции и угроза новых санкций, сказал министр в понедельник утром.",
    "Переговоры продолжатся, стороны надеются на мирный диалог между странами.",
]


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    articles = small_corpus()
    rows = articles["outlet"] == "Courier"
    articles.loc[rows, "text"] = [f"{RUSSIAN[n % 2]} Номер {n}." for n in range(rows.sum())]
    return articles


@pytest.mark.filterwarnings("ignore:by=.*several languages")
def test_a_study_of_two_languages(small: Callable[..., Study], articles: pd.DataFrame):
    study = small(
        ('use = "deterrence-dialogue"', 'use = "deterrence-dialogue-multilingual"'),
        ('["outlet"]', '["outlet", "language"]'),
        ("voices = false", "voices = true"),
        articles=articles,
    )
    results = study.run()
    table = results.tables["stance_by_language"].set_index("language")
    # By hand: a Russian text has three hits of deterrence (санкции, угроза? no: угроз* войн* and
    # угрож* alone; so санкции, санкций) or of dialogue (переговоры, мирный диалог, диалог).
    assert table.loc["ru", "articles"] == 8
    assert table.loc["ru", "n_deterrence"] > 0 < table.loc["ru", "n_dialogue"]
    assert table["note"].str.contains("levels compare within a language").all()
    report = (study.folder / "report.html").read_text(encoding="utf-8")
    assert "Russian not coded" in report
    assert "levels compare within a language alone" in report


def test_the_setting_names_a_language_or_a_column(
    small: Callable[..., Study], articles: pd.DataFrame
):
    path = 'path = "articles.csv"'
    for value, column in (("Russian", None), ("lang", "lang")):
        given = articles if column is None else articles.assign(lang="ru")
        study = small((path, f'{path}\nlanguage = "{value}"'), articles=given)
        assert study.settings.corpus.language == value
    study = small((path, f'{path}\nlanguage = "no such"'), articles=articles)
    with pytest.raises(ArticlesError, match="'no such' is not a language that is known"):
        study.run()


def test_a_study_in_parts_has_one_warning(
    small: Callable[..., Study], articles: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(corpus, "PART", 5)
    path = 'path = "articles.csv"'
    known = articles.assign(lang=articles["outlet"].eq("Courier").map({True: "ru", False: "en"}))
    study = small((path, f'{path}\nlanguage = "lang"'), articles=known)
    with pytest.warns(UserWarning) as caught:
        study.run()
    said = [str(w.message) for w in caught if "not made for" in str(w.message)]
    assert len(said) == 1
    assert f"8 of {len(articles)} articles are in other languages (Russian 8)" in said[0]
