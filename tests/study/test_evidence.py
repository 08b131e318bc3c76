"""Which sentences stand behind a point: those of the hits that its score is made of."""

import pandas as pd
import pytest

from analysis.study.sentences import evidence_of

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


LINES = lines_of(
    ("a", "deterrence", False), ("a", "dialogue", True), ("b", "dialogue", False),
    ("b", "dialogue", True), ("c", "other", False), ("c", "other", True),
)  # fmt: skip


@pytest.mark.parametrize(("negated", "hits"), [("apart", 2), ("keep", 4), ("flip", 4)])
def test_the_sentences_are_those_of_the_hits_that_are_scored(negated: str, hits: int):
    points = pd.DataFrame({"outlet": ["Gazette"], "share": [0.5]})
    (evidence,), links = evidence_of(
        points, LINES, ["outlet"], PAIR, chart="c", most=6, negated=negated
    )
    assert evidence.hits == len(evidence.quotes) == hits
    assert links == ["#c-s0"]
    marked = [quote for quote in evidence.quotes if "after a negator" in quote.why]
    assert len(marked) == hits - 2


def test_a_flipped_hit_makes_an_article_typical_of_the_other_frame():
    """With flip, article a has the share 2 / 2 and b the share 1 / 2."""
    points = pd.DataFrame({"outlet": ["Gazette"], "share": [1.0]})
    (evidence,), _ = evidence_of(points, LINES, ["outlet"], PAIR, chart="c", most=2, negated="flip")
    assert [quote.why.partition(",")[0] for quote in evidence.quotes] == [
        "typical article", "extreme article",
    ]  # fmt: skip
    assert evidence.quotes[0].keyword == "deterrence"
