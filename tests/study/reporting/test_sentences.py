"""Which sentences stand behind a point: those of the hits that its score is made of."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.showing.kwic_view import around_hit
from analysis.study.contrasts import contrast_key
from analysis.study.dataset import write_table
from analysis.study.evidence import Lines, evidence_of

pytestmark = pytest.mark.usefixtures("undrawn")

PAIR = ("deterrence", "dialogue")


def lines_of(*hits: tuple[str, str, bool]) -> pd.DataFrame:
    rows = [
        {"doc_id": doc, "frame": frame, "negated": negated, "outlet": "Gazette",
         "date": "2021-01-10", "left": "We say", "keyword": frame, "right": "now.",
         "sentence": f"We say {frame} now.",
         "voice": "", "source": "", "link": ""}
        for doc, frame, negated in hits
    ]  # fmt: skip
    return pd.DataFrame(rows)


HITS = [
    ("a", "deterrence", False), ("a", "dialogue", True), ("b", "dialogue", False),
    ("b", "dialogue", True), ("c", "other", False), ("c", "other", True),
]  # fmt: skip


@pytest.fixture(params=[1, 2, 6], ids=lambda size: f"{size} a part")
def lines(request: pytest.FixtureRequest, tmp_path: Path) -> Lines:
    """The same lines on disk, in parts of any size."""
    for at in range(0, len(HITS), request.param):
        write_table(lines_of(*HITS[at : at + request.param]), tmp_path / f"{at}.parquet")
    return Lines.load(tmp_path, ["outlet"])


@pytest.mark.parametrize(("negated", "hits"), [("apart", 2), ("keep", 4), ("flip", 4)])
def test_the_sentences_are_those_of_the_hits_that_are_scored(lines: Lines, negated: str, hits: int):
    points = pd.DataFrame({"outlet": ["Gazette"], "articles": 2, "share": [0.5], "share_low": 0.1,
                           "share_high": 0.9})  # fmt: skip
    (evidence,), links = evidence_of(
        points, lines, ["outlet"], PAIR, chart="c", most=6, negated=negated
    )
    assert evidence.hits == len(evidence.quotes) == hits
    assert links == ["#c-s0"]
    marked = [quote for quote in evidence.quotes if "after a negator" in quote.why]
    assert len(marked) == hits - 2


def test_a_flipped_hit_makes_an_article_typical_of_the_other_frame(lines: Lines):
    """With flip, article a has the share 2 / 2 and b the share 1 / 2."""
    points = pd.DataFrame({"outlet": ["Gazette"], "articles": 2, "share": [1.0], "share_low": 0.9,
                           "share_high": 1.0})  # fmt: skip
    (evidence,), _ = evidence_of(points, lines, ["outlet"], PAIR, chart="c", most=2, negated="flip")
    assert [quote.why.partition(",")[0] for quote in evidence.quotes] == [
        "typical article", "extreme article",
    ]  # fmt: skip
    assert evidence.quotes[0].keyword == "deterrence"


def test_a_keyword_that_occurs_twice_in_its_sentence_is_found_by_its_context():
    line = {"sentence": "talks or no talks?", "left": "We met. talks or no", "keyword": "talks",
            "right": "? Who knows"}  # fmt: skip
    assert around_hit(line) == ("talks or no ", "talks", "?")


def test_files_of_contrasts_whose_names_join_alike_have_different_names():
    assert contrast_key([("force/arms", "talk"), ("law", "talk")], ("force/arms", "talk")) == (
        "force-arms_talk_"
    )
    pairs = [("a_b", "c"), ("a", "b_c")]
    assert [contrast_key(pairs, pair) for pair in pairs] == ["a_b_c_", "a_b_c_2_"]
