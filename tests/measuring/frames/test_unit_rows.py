"""Units of evidence: what they are does not depend on how they were arrived at."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import Lexicon, document_terms
from analysis.counting.document_terms import DocumentTerms
from analysis.measuring.frames.unit_rows import Units

ROW = st.tuples(*(st.integers(0, n) for n in (5, 2, 2, 3)), st.booleans())


def counts_of(rows: list[tuple[int, int, int, int, bool]]) -> DocumentTerms:
    """Articles in parts, with an outlet, a story and a weight that all parts of one share."""
    frame = pd.DataFrame(rows, columns=["doc_id", "voice", "n", "story", "named"])
    frame["text"] = ["talks, war. " * n for n in frame["n"]]
    of_article = frame.groupby("doc_id")[["story", "named"]].transform("first")
    frame["outlet"] = "Outlet " + (frame["doc_id"] % 3).astype("str")
    frame["cluster"] = of_article["story"].where(of_article["named"])
    frame["weight"] = 1 + frame["doc_id"] / 2
    frame = frame.astype({"doc_id": "str"}).assign(date="2021-03-14")
    lexicon = Lexicon.from_dict({"a": ["talks"], "b": ["war"]})
    return document_terms(frame, lexicon=lexicon)


@given(st.lists(ROW, min_size=1, max_size=12), st.data())
@pytest.mark.parametrize("by", [(), ("outlet",), ("voice", "outlet")])
@pytest.mark.parametrize(
    ("unit", "weights"), [("doc_id", None), ("cluster", None), ("cluster", "weight")]
)
def test_units_of_a_subset_are_those_of_its_counts(by, unit, weights, rows, data):
    counts = counts_of(rows)
    size = len(counts.documents)
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    kept[data.draw(st.integers(0, size - 1))] = True
    rest = counts.subset(kept)
    taken = Units.of(counts, by, unit, weights).subset(kept, rest.documents)
    made = Units.of(rest, by, unit, weights)
    assert_frame_equal(taken.groups, made.groups, check_exact=True)
    assert_frame_equal(rows_of(taken, rest), rows_of(made, rest), check_exact=True)


def rows_of(units: Units, counts: DocumentTerms) -> pd.DataFrame:
    """Units with their hits, in an order of their own."""
    table = pd.concat([units.units, units.averaged(units.hits(counts))], axis=1)
    return table.sort_values(["group", "doc_id"], ignore_index=True)


def test_a_unit_is_the_average_of_its_articles():
    # Story 1 is told by two articles, one of them in two parts; article 2 is its own story.
    rows = [(0, 0, 2, 1, True), (0, 1, 1, 1, True), (1, 0, 1, 1, True), (2, 0, 4, 0, False)]
    counts = counts_of(rows)
    units = Units.of(counts, (), "cluster")
    averaged = units.averaged(units.hits(counts)[["n_a"]])
    # (2 + 1) and 1 of the copies; 4 of the other. Each "talks, war." is two tokens.
    assert dict(zip(units.units["doc_id"], averaged["n_a"], strict=True)) == {
        "article 2": 4.0, "unit 1.0": 2.0,
    }  # fmt: skip
    assert units.groups[["articles", "tokens"]].to_numpy().tolist() == [[2, 4 + 8]]
