import numpy as np
import pandas as pd
import pytest

from analysis.articles import FREQUENCIES, add_period
from analysis.counting.batch_groups import Column, calendar_spans, distinct, group_labels
from analysis.counting.groups import group_codes


@pytest.mark.parametrize("freq", FREQUENCIES)
def test_calendar_spans_are_those_of_add_period(freq: str):
    # Every day from before 1970 to after it, over years that begin on each day of the week.
    first = np.arange("1961-12-20", "1978-01-15", dtype="datetime64[D]").astype("datetime64[s]")
    last = first.copy()
    last[::3] += np.timedelta64(6, "D")
    column, known = calendar_spans(first, last, freq)
    expected = add_period(pd.DataFrame({"date": first, "date_end": last}), freq)["period"]
    found = [column.values[code] for code in column.codes]
    assert found == expected.astype(object).where(expected.notna(), None).tolist()
    assert known.tolist() == expected.notna().tolist()


def test_labels_are_numbered_and_missing_values_are_none():
    desks = distinct(pd.Series(["news", None, "news", "news"], dtype="str"))
    ranks = distinct(pd.Series([2, 2, 1, 2]))
    codes, labels = group_labels([desks, ranks], 4)
    assert [labels[code] for code in codes] == [("news", 2), (None, 2), ("news", 1), ("news", 2)]
    assert len(labels) == 3


def test_groups_of_objects_are_sorted_whatever_their_order():
    for values in ([True, None, False, True], [None, True, True, False]):
        codes, groups = group_codes(
            pd.DataFrame({"flag": pd.Series(values, dtype=object)}), ["flag"]
        )
        assert groups["flag"].tolist() == [False, True, None]
        assert [groups["flag"][code] for code in codes] == values


def test_only_groups_that_occur_have_a_label():
    codes, labels = group_labels([Column(np.array([1, 1]), ["Gazette", "Herald", None])], 2)
    assert (codes.tolist(), labels) == ([0, 0], [("Herald",)])
    assert group_labels([], 3)[1] == [()]
