"""Reprints count once in every table, and findings are tested as they are stated."""

import math
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.study import Results, pipeline
from tests.study.conftest import make_small, small_corpus

pytestmark = pytest.mark.usefixtures("undrawn")

STORY = (
    "The harbour town of Fenn woke to a zephyr and to news of sanctions, the third in a year, "
    "which the council called a threat while a zephyr still turned the vanes; envoys asked for "
    "talks, fishermen mended nets, and nobody in the market could say what would come of it."
)
# One story four times: twice in the Gazette, and in the Herald and the Courier.
COPIES = [("Gazette", 1), ("Gazette", 2), ("Herald", 3), ("Courier", 4)]


def with_copies() -> pd.DataFrame:
    rows = [(f"story-{n}", outlet, f"2021-04-{10 + n}", "world", STORY) for outlet, n in COPIES]
    own = small_corpus()
    return pd.concat([own, pd.DataFrame(rows, columns=own.columns)])


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    make = make_small(tmp_path_factory.mktemp("stories"))
    study = make(('reprints = "keep"', 'reprints = "once"'), articles=with_copies())
    return study.run()


def test_term_tables_take_a_story_once_in_each_outlet(results: Results):
    """A copy has two zephyrs, and nothing else has any; an outlet has nine stories."""
    for name in ("frequencies_by_outlet", "tfidf_by_outlet"):
        table = results.tables[name]
        zephyr = table[table["term"] == "zephyr"].set_index("outlet")
        assert zephyr["n"].to_dict() == {"Courier": 2, "Gazette": 2, "Herald": 2}
        if "n_docs" in table:
            assert zephyr["doc_share"].tolist() == pytest.approx([1 / 9] * 3)
    stance = results.tables["stance_by_outlet"].set_index("outlet")
    assert set(stance["articles"]) == {9}


def test_patterns_add_up_to_the_scores(results: Results):
    patterns = results.tables["patterns"]
    hits = patterns[~patterns["negated"]].groupby("frame")["n"].sum()
    overall = results.tables["stance_overall"].iloc[0]
    for frame in ("deterrence", "dialogue"):
        assert hits[frame] == pytest.approx(overall[f"n_{frame}"])
    # 24 articles of one's own, and the story.
    assert patterns["n_docs"].max() <= overall["articles"] == 25


def test_the_findings_name_one_number_of_hits(results: Results):
    page = results.report.read_text(encoding="utf-8")
    said = re.search(r"([\d,.]+) hits against ([\d,.]+); 3 reprints", page)
    of_frames = dict(re.findall(r"of the ([\d,.]+) hits of (\w+)\.", page))
    assert said
    assert of_frames == {said[1]: "deterrence", said[2]: "dialogue"}


def test_captions_say_that_n_counts_stories(results: Results):
    def caption(key: str) -> str:
        return (results.folder / "figures" / f"{key}.txt").read_text(encoding="utf-8")

    assert "28 articles of 3 outlets, 3 reprints among them." in caption("coverage")
    for key in ("share_by_outlet", "share_over_time", "share_by_outlet_period"):
        assert "n is the number of stories: the copies of one count once in each" in caption(key)


def test_the_finding_that_is_tested_is_the_one_that_is_stated(small):
    """An outlet of four articles goes farthest; findings are made of those with eight."""
    texts = [
        "Sanctions, a threat, sanctions and dialogue.",
        "Sanctions, sanctions and a threat.",
    ] * 2
    few = [(f"few-{n}", "Tiny", f"2021-0{n + 1}-10", "world", t) for n, t in enumerate(texts)]
    own = small_corpus()
    articles = pd.concat([own, pd.DataFrame(few, columns=own.columns)])
    study = small(("groups", "report.thin = 8\ngroups"), articles=articles)
    folder = pipeline.do(study, lambda _: None, last="measure")["measure"]
    stance = pd.read_parquet(folder / "stance_by_outlet.parquet")
    scored = stance[stance["share_low"].notna()].sort_values("share")
    assert scored["outlet"].iloc[-1] == "Tiny"
    enough = scored[scored["articles"] >= 8]["outlet"]
    tested = pd.read_parquet(folder / "stance_sensitivity_by_outlet.parquet")
    assert tested["outlet"].iloc[0] == enough.iloc[-1]
    assert tested["outlet_other"].iloc[0] == enough.iloc[0]


def test_one_of_a_thing_is_in_the_singular(results: Results, tmp_path: Path):
    page = results.report.read_text(encoding="utf-8")
    assert "; 3 reprints and what was reprinted count as one story each." in page
    fewer = with_copies().iloc[:-2]
    study = make_small(tmp_path)(('reprints = "keep"', 'reprints = "once"'), articles=fewer)
    page = study.run().report.read_text(encoding="utf-8")
    assert "; 1 reprint and what was reprinted count as one story each." in page
    assert ", 1 reprint among them." in page


def test_a_term_of_every_article_has_no_weight(results: Results):
    """Stories say "number"; the idf is log10(N / df) over the articles of all outlets."""
    table = results.tables["tfidf_by_outlet"]
    assert (table["tfidf"] > 0).all()
    zephyr = table[table["term"] == "zephyr"]
    # Three copies, one kept in each outlet, in 27 stories.
    assert zephyr["idf"].tolist() == pytest.approx([math.log10(27 / 3)] * 3)
