"""The groups of a batch's articles, from a few distinct values of each column."""

import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analysis.periods import calendar_label

Integers = NDArray[np.int64]
Days = NDArray[np.datetime64]
Label = tuple[object, ...]


class Column(NamedTuple):
    """A column by its distinct values; ``values[codes[k]]`` is that of row k, None if missing."""

    codes: Integers
    values: list[object]


def travelling(value: object) -> str:
    """A value of JSON as a string, whatever its type: the rest of its column is not known yet.

    A string stands for itself, and anything else is JSON behind a NUL.
    """
    if isinstance(value, str) and not value.startswith("\0"):
        return value
    return "\0" + json.dumps(value)


def arrived(label: object) -> object:
    """The value that `travelling` was given; other values are left as they are."""
    coded = isinstance(label, str) and label.startswith("\0")
    return json.loads(label[1:]) if coded else label  # type: ignore[index]


def group_labels(columns: Sequence[Column], rows: int) -> tuple[Integers, list[Label]]:
    """The number of each row's group, and the label of each group that occurs."""
    codes = np.zeros(rows, np.int64)
    found: list[Label] = [()]
    for column in columns:
        size = len(column.values)
        pairs, codes = np.unique(codes * size + column.codes, return_inverse=True)
        found = [(*found[pair // size], column.values[pair % size]) for pair in pairs.tolist()]
    return codes, found


def distinct(values: pd.Series) -> Column:
    """A column of any type."""
    codes, found = pd.factorize(values)
    # Missing values have the code -1: they take the last place.
    return Column(
        codes.astype(np.int64) % (len(found) + 1), [*pd.Series(found).astype(object), None]
    )


def encoded(strings: pa.ChunkedArray) -> tuple[Integers, list[str]]:
    """Distinct strings and the place of each row's among them; behind the last, if missing."""
    column = strings.combine_chunks().dictionary_encode()
    found = column.dictionary.to_pylist()
    return column.indices.fill_null(len(found)).to_numpy().astype(np.int64), found


def distinct_strings(strings: pa.ChunkedArray, rows: Integers) -> Column:
    """The chosen rows of a column of strings; several times faster than `distinct`."""
    codes, found = encoded(strings)
    return Column(codes[rows], [*found, None])


def calendar_spans(first: Days, last: Days, freq: str) -> tuple[Column, NDArray[np.bool_]]:
    """The calendar span that each row's days lie in, and whether they do lie in one."""
    numbers = _span_number(first, freq)
    known = numbers == _span_number(last, freq)
    _, example, codes = np.unique(numbers[known], return_index=True, return_inverse=True)
    days = first[known][example].astype("datetime64[D]").tolist()
    labels: list[object] = [calendar_label(day, freq) for day in days]
    all_codes = np.full(len(first), len(labels), np.int64)
    all_codes[known] = codes
    return Column(all_codes, [*labels, None]), known


def _span_number(days: Days, freq: str) -> Integers:
    """The number of the calendar span of each day, counted from that of 1 January 1970."""
    if freq in ("day", "week"):
        number = days.astype("datetime64[D]").astype(np.int64)
        # The first of January 1970 was a Thursday; weeks begin on Monday.
        return number if freq == "day" else (number + 3) // 7
    months = days.astype("datetime64[M]").astype(np.int64)
    return months // {"month": 1, "quarter": 3, "half": 6, "year": 12}[freq]
