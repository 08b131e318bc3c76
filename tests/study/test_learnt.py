"""A study with seeds: the scale that it learns, beside its lexicon."""

from html import unescape

import pandas as pd
import pytest
from scipy.stats import spearmanr

from analysis import Lexicon, add_period, check_articles, document_terms, scale, stance
from analysis.errors import AnalysisError
from analysis.study import tables
from tests.study.conftest import small_corpus

USE = 'use = "deterrence-dialogue"\n'
SEEDS = f'{USE}seeds = {{ deterrence = ["sanctions", "tanks"], dialogue = ["dialogue"] }}\n'


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("reprints", ["keep", "once"])
def test_the_scale_stands_beside_the_lexicon(small, reprints: str):
    articles = small_corpus()
    copy = articles.iloc[[7]].assign(doc_id="Herald-copy", outlet="Herald")
    long = " ".join(f"word{n} and word{n + 1}" for n in range(60))
    articles = pd.concat([articles, copy], ignore_index=True)
    articles.loc[[7, 24], "text"] += f" {long}"
    study = small(
        (USE, SEEDS), ('reprints = "keep"', f'reprints = "{reprints}"'), articles=articles
    )
    results = study.run()
    table = results.tables["learnt_scale"]
    learnt = Lexicon.load(results.folder / "scale.yml")
    counts = document_terms(add_period(check_articles(articles)), lexicon=learnt)
    for column in ("outlet", "period"):
        own = table[table["column"] == column].set_index("value")
        if column == "period" and reprints == "once":
            counts = counts.subset(counts.documents["doc_id"].ne("Herald-copy").to_numpy())
        expected = scale(counts, learnt, column).set_index(column)
        names = ["articles", "scored", "mean", "mean_low", "mean_high"]
        assert list(own.index) == [str(name) for name in expected.index]
        for name in names:
            assert own[name].tolist() == pytest.approx(expected[name].tolist(), rel=1e-9), name
        lexical = results.tables[f"stance_by_{column}"].set_index(column)["share"]
        assert own["share"].tolist() == lexical[own.index].tolist()
    assert table["articles"][table["column"] == "period"].sum() == 25 - (reprints == "once")


@pytest.mark.usefixtures("undrawn")
def test_a_score_is_computed_once(small, monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple] = []

    def noted(counts, **options) -> pd.DataFrame:
        asked.append((options["contrast"], options["by"]))
        return stance(counts, **options)

    monkeypatch.setattr(tables, "stance", noted)
    small((USE, SEEDS)).run()
    assert (("deterrence", "dialogue"), "period") in asked
    assert len(asked) == len(set(asked))


def test_what_the_report_says_of_it(small):
    results = small((USE, SEEDS), ("[prepare]", "[report]\nthin = 2\n\n[prepare]")).run()
    page = results.report.read_text(encoding="utf-8")
    own = results.tables["learnt_scale"]
    own = own[own["column"] == "outlet"]
    rank = spearmanr(own["mean"], own["share"]).statistic
    # All periods have the same share.
    told = (
        "by period not known (4 values with at least 2 articles and a share); by outlet "
        f"{rank:.2f} over 3"
    )
    assert told in unescape(page)
    assert "is missing" in page.split("Warnings about it:")[1].split("</")[0]
    assert "Watanabe (2021)" not in page
    assert "Watanabe, K. (2021)." in page
    assert "learnt_scale_over_time" in page
    drawn = pd.read_csv(results.folder / "figures" / "learnt_scale_over_time.csv")
    assert not {"share", "column"} & {*drawn}
    svg = (results.folder / "figures" / "learnt_scale_over_time.svg").read_text(encoding="utf-8")
    assert "mean weight of words" in svg
    assert {"learnt_scale_seeds", "learnt_scale_warnings"} <= results.tables.keys()


@pytest.mark.parametrize(
    ("seeds", "fault"),
    [
        (
            '{ deterrence = ["sanctions"] }',
            "lexicon.seeds needs two lists, one for each end of the scale; it has 1.",
        ),
        ('{ war = ["sanctions"], dialogue = ["talks"] }', "has no frame 'war'"),
        ('{ deterrence = ["zeppelin"], dialogue = ["talks"] }', "no word of 'deterrence' is in"),
    ],
)
def test_what_is_wrong_with_seeds(small, seeds: str, fault: str):
    with pytest.raises(AnalysisError, match=fault):
        small((USE, f"{USE}seeds = {seeds}\n")).run()


@pytest.mark.parametrize(
    ("seeds", "said"),
    [
        ('{ deterrence = ["sanctions"], Deterrence = ["tanks"] }', "both are 'deterrence'"),
        ('{ deterrence = ["sanctions"], dialogue = ["peace talks"] }', "'peace talks' is a phrase"),
        ('{ deterrence = ["sanctions"], talk = ["dialogue"] }', "has no frame 'talk'"),
    ],
)
def test_seeds_are_refused_before_anything_is_read(small, seeds: str, said: str):
    study = small((USE, f"{USE}seeds = {seeds}\n"))
    with pytest.raises(AnalysisError, match=said):
        study.run()
    assert not list((study.folder / ".stages").glob("read-*"))


@pytest.mark.usefixtures("undrawn")
def test_seeds_name_frames_as_a_lexicon_does(small):
    study = small((USE, SEEDS.replace("deterrence =", "Deterrence =")))
    assert "learnt_scale" in study.run().tables
