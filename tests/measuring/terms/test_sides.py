import numpy as np
import pandas as pd
import pytest

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import GroupCounts, group_counts
from analysis.errors import CountsError
from analysis.measuring.terms.sides import two_sides
from tests.measuring.hand_made import counts_of_terms

GAZETTE, HERALD = {"outlet": "Gazette"}, {"outlet": "Herald"}


@pytest.fixture
def counts() -> DocumentTerms:
    return counts_of_terms(
        [[1, 2], [3, 0], [0, 4], [2, 2], [5, 1]],
        outlet=["Gazette", "Gazette", "Herald", "Herald", "Tribune"],
        year=[2018, 2019, 2018, 2019, 2019],
        date=pd.to_datetime(["2018-01-05"] * 3 + ["2019-02-06"] * 2),
    )


@pytest.mark.parametrize(
    ("target", "reference", "expected"),
    [
        (GAZETTE, None, [[4, 2], [7, 7]]),
        (GAZETTE, HERALD, [[4, 2], [2, 6]]),
        ({"outlet": ["Herald", "Tribune"]}, GAZETTE, [[7, 7], [4, 2]]),
        ({"outlet": {"Gazette"}, "year": 2019}, {"outlet": ("Herald",)}, [[3, 0], [2, 6]]),
        ({"year": "2018"}, {"year": [2019]}, [[1, 6], [10, 3]]),
    ],
)
def test_sums_of_both_sides_in_order_of_target_and_reference(counts, target, reference, expected):
    for given in (counts, group_counts(counts, ["outlet", "year"])):
        chosen, grouped = two_sides(given, target, reference)
        assert grouped.n.toarray().tolist() == expected
        assert grouped.groups["side"].tolist() == [0, 1]
        frame = chosen.groups if isinstance(chosen, GroupCounts) else chosen.documents
        assert set(frame["side"]) == {0, 1}
        np.testing.assert_array_equal(group_counts(chosen, "side").n.toarray(), expected)
    assert "side" not in counts.documents


def test_calendar_spans_stand_for_dates(counts: DocumentTerms):
    _, grouped = two_sides(counts, {"quarter": "2018-Q1"}, {"quarter": "2019-Q1"})
    assert grouped.groups["articles"].tolist() == [3, 2]


@pytest.mark.parametrize(
    ("target", "reference", "message"),
    [
        ({"paper": "x"}, None, "target: the counts have no column 'paper'; they have doc_id, out"),
        (GAZETTE, {"paper": "x"}, "reference: the counts have no column 'paper'"),
        ({}, None, "target={}: name at least one column"),
        (GAZETTE, {}, "reference={}: name at least one column"),
        (
            {"outlet": ["Times", "Gazette"]},
            None,
            "no article has outlet='Times'; there are Gazette,",
        ),
        # Columns narrow down in turn: the Tribune has no article of 2018.
        ({"outlet": "Tribune", "year": 2018}, None, "no article has year=2018; there are 2019"),
        (GAZETTE, {"year": 2018}, "overlap in 1 row; the two must have no article in common"),
        ({"year": [2018, 2019]}, None, "takes in every article: none is left"),
    ],
)
def test_questions_that_can_not_be_asked(counts, target, reference, message: str):
    with pytest.raises(CountsError, match=message):
        two_sides(counts, target, reference)
