"""A study that names targets: its tables, its figures and its report."""

import pandas as pd
import pytest

from analysis.errors import StudyError
from tests.study.conftest import small_corpus

pytestmark = pytest.mark.usefixtures("undrawn")

USE = 'use = "deterrence-dialogue"\n'
NAMES = '\n[targets]\nnames = { Anyland = ["anyland*"], "Big Isle" = ["big isle"] }\nwindow = 5\n'


def corpus() -> pd.DataFrame:
    """Sanctions near Anyland, talks near Big Isle, in every article; and others near none."""
    articles = small_corpus()
    about = "Sanctions on Anyland. Some say it may rain here all of the day. Talks with Big Isle."
    return articles.assign(text=articles["text"] + f" Many more words stand here. {about}")


def test_a_study_by_target(small):
    results = small((USE, USE + NAMES), articles=corpus()).run()
    by_target = results.tables["stance_by_target"].set_index("target")
    # One sanction near Anyland and talks near Big Isle in each of 24 articles.
    assert by_target["n_deterrence"].to_dict() == {"Anyland": 24, "Big Isle": 0}
    assert by_target["n_dialogue"].to_dict() == {"Anyland": 0, "Big Isle": 24}
    assert by_target["articles"].tolist() == [24, 24]
    cells = results.tables["stance_by_target_outlet"]
    assert cells.groupby("target")["n_deterrence"].sum().to_dict() == {"Anyland": 24, "Big Isle": 0}
    assert {"stance_by_target_period", "stance_differences_by_target"} <= results.tables.keys()
    report = (results.folder / "report.html").read_text(encoding="utf-8")
    assert "Share of deterrence by target and outlet" in report
    assert '<mark class="target">Anyland</mark>' in report
    assert "Within 5 tokens of a mention, the share of deterrence is: Anyland 1.00" in report


def test_targets_that_no_article_mentions(small):
    results = small((USE, USE + NAMES)).run()
    assert results.tables["stance_by_target"].empty
    assert (results.folder / "explorer.html").exists()


def test_frames_by_target(small):
    frames = USE + 'frames = ["deterrence", "dialogue"]\n' + NAMES.replace("5", '"sentence"')
    results = small((USE, frames), articles=corpus()).run()
    table = results.tables["frames_by_target"].set_index(["target", "frame"])
    assert table["articles_hit"].to_dict() == {
        ("Anyland", "deterrence"): 24, ("Anyland", "dialogue"): 0,
        ("Big Isle", "deterrence"): 0, ("Big Isle", "dialogue"): 24,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ('only = ["iran"]', "give either use"),
        ('use = "countries"\nnames = { A = ["a"] }', "give either use"),
        ('names = { A = ["a"] }\nonly = ["B"]', "targets.only names 'B'; the names are A"),
        ('use = "countries"\nonly = ["atlantis"]', "has no frame 'atlantis'"),
        ("window = -1", "a number of tokens, sentence or paragraph"),
        ('window = "line"', "a number of tokens, sentence or paragraph"),
        ('shared = "some"', "allowed are all, nearest"),
    ],
)
def test_what_is_wrong_with_targets(small, given: str, fault: str):
    with pytest.raises(StudyError, match=fault):
        study = small((USE, f"{USE}\n[targets]\n{given}\n"))
        study.run()
