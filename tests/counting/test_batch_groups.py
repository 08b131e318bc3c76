import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.articles import FREQUENCIES, add_period
from analysis.counting.batch_groups import (
    Column,
    arrived,
    calendar_spans,
    distinct,
    distinct_strings,
    encoded,
    group_labels,
    travelling,
)
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


def values_of(column: Column) -> list[Any]:
    return [column.values[code] for code in column.codes]


def test_spans_are_named_once_in_their_order_and_only_those_that_occur():
    days = np.array(["2021-05-01", "1969-12-31", "1970-01-01", "2021-05-31"], "datetime64[s]")
    later = days + np.array([0, 0, 0, 1], "timedelta64[D]")
    column, known = calendar_spans(days, later, "month")
    assert column.values == ["1969-12", "1970-01", "2021-05", None]
    assert (column.codes.tolist(), known.tolist()) == ([2, 0, 1, 3], [True, True, True, False])
    column, known = calendar_spans(days[:0], days[:0], "day")
    assert (column.values, len(column.codes), len(known)) == ([None], 0, 0)


@settings(max_examples=40)
@given(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text())
def test_values_of_json_arrive_as_they_set_out(value: Any):
    there = travelling(value)
    back = arrived(there)
    assert (type(back), back) == (type(value), value)
    assert isinstance(there, str)
    # A string stands for itself, unless it could be taken for another value.
    if isinstance(value, str) and value[:1] != "\0":
        assert there == value


def test_what_never_was_json_is_left_as_it_is():
    for value in (None, 7, True, dt.date(2021, 3, 14), "", "1", "null"):
        assert arrived(value) is value
    assert (travelling(1), travelling("1"), travelling("\x001")) == ("\x001", "1", '\0"\\u00001"')


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(["b", None, "a", "b"], dtype="str"),
        pd.Series(["b", None, "a", "b"], dtype="category"),
        pd.Series([2, None, 1, 2], dtype=object),
        pd.Series([2.5, None, 1.0, 2.5]),
        pd.Series([True, None, False, True], dtype=object),
        pd.to_datetime(pd.Series(["2021-03-14", None, "1969-12-31", "2021-03-14"])),
    ],
    ids=lambda values: str(values.dtype),
)
def test_a_column_of_any_type_is_told_by_its_distinct_values(values: pd.Series):
    column = distinct(values)
    expected = [None if pd.isna(value) else value for value in values]
    assert values_of(column) == expected
    # In the order of their appearance; what is missing comes last.
    assert column.values == [expected[0], expected[2], None]
    assert [type(value) for value in values_of(column)] == [type(value) for value in expected]
    assert values_of(distinct(values[:0])) == []


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
def test_strings_are_told_by_their_distinct_values(kind: pa.DataType):
    strings = pa.chunked_array([["b", None, "a"], [], ["a", "b", "", None]], kind)
    codes, found = encoded(strings)
    assert (codes.tolist(), found) == ([0, 3, 1, 1, 0, 2, 3], ["b", "a", ""])
    assert codes.dtype == np.int64
    column = distinct_strings(strings, np.array([6, 5, 0]))
    assert values_of(column) == [None, "", "b"]
    assert column.values == ["b", "a", "", None]
    for nothing in (pa.chunked_array([[None, None]], kind), pa.chunked_array([[]], kind)):
        assert (encoded(nothing)[0].tolist(), encoded(nothing)[1]) == ([0] * len(nothing), [])


columns = st.integers(0, 12).flatmap(
    lambda rows: st.lists(
        st.lists(st.sampled_from(["a", "b", "c", None]), min_size=rows, max_size=rows), max_size=4
    ).map(lambda found: (rows, found))
)


@settings(max_examples=40)
@given(columns)
def test_groups_are_the_combinations_that_occur(given: tuple[int, list[list[str | None]]]):
    rows, found = given
    codes, labels = group_labels([distinct(pd.Series(c, dtype="str")) for c in found], rows)
    expected = list(zip(*found, strict=True)) if found else [()] * rows
    assert [labels[code] for code in codes] == expected
    if found:
        assert sorted(map(str, labels)) == sorted(map(str, set(expected)))
