"""The rows of a batch as articles, and those that are none, each with its reason."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.counting.batch_groups import (
    Days,
    Integers,
    Label,
    calendar_spans,
    distinct,
    distinct_strings,
    encoded,
    group_labels,
)
from analysis.counting.batches import Batch
from analysis.errors import ReadError
from analysis.periods import FREQUENCIES
from analysis.reading.dates import DateError, check_possible, parse_date
from analysis.reading.missing import LONGEST, is_missing
from analysis.reading.rejected import Reason, Rejection

Fault = tuple[Reason, str]

_EPOCH = dt.date(1970, 1, 1).toordinal()
_NO_DAYS = (np.iinfo(np.int64).min,) * 2  # which NumPy takes for "not a time"


class Checked(NamedTuple):
    """A batch's articles.

    Attributes
    ----------
    rows : int64 array
        Which rows of the batch are articles.
    texts : Array of strings
    groups : int64 array
        The place in `labels` of each article's group.
    labels : list of label
        A label has one value for each of the `by` columns; None where it is missing.
    rejected : list of (place, Rejection)
    days : dict of calendar span to (first day, last day)
        What the labels of each calendar span in `by` run over.
    """

    rows: Integers
    texts: pa.ChunkedArray
    groups: Integers
    labels: list[Label]
    rejected: list[tuple[int, Rejection]]
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]]


def check_batch(batch: Batch, by: Sequence[str], day_first: bool | None = None) -> Checked:
    """Split a batch into articles and rejected rows.

    A row is rejected, in this order, for want of a text, of an outlet, or of a date that can be
    read. Text is taken as it stands.
    """
    texts = _strings(batch, "text")
    outlets = _names(_strings(batch, "outlet"))
    faults: dict[int, Fault] = {}
    first, last = _dates(batch, day_first, faults)
    for blank, reason in ((_missing(outlets), Reason.NO_OUTLET), (_missing(texts), Reason.NO_TEXT)):
        faults |= dict.fromkeys(np.flatnonzero(blank).tolist(), (reason, ""))
    keep = np.ones(len(texts), bool)
    keep[list(faults)] = False
    rows = np.flatnonzero(keep)
    first, last = first[rows], last[rows]
    columns, days = [], {}
    for name in by:
        if name in FREQUENCIES:
            column, known = calendar_spans(first, last, name)
            if known.any():
                ends = first[known].min(), first[known].max()
                days[name] = pd.Timestamp(ends[0]), pd.Timestamp(ends[1])
        else:
            values = outlets if name == "outlet" else _arrow(batch, name)
            if values is None:
                column = distinct(_values(batch, name, first, last, rows))
            else:
                column = distinct_strings(values, rows)
        columns.append(column)
    groups, labels = group_labels(columns, len(rows))
    kept = texts if keep.all() else texts.filter(pa.array(keep))
    return Checked(rows, kept, groups, labels, _rejected(batch, faults), days)


def doc_ids(batch: Batch) -> pd.Series:
    """Ids as given; where there is none, file and place."""
    places = [f"{batch.source}:{place}" for place in batch.places]
    if "doc_id" not in batch.table.column_names:
        return pd.Series(places, dtype="str")
    given = _strings(batch, "doc_id").to_pandas().astype("str")
    return given.where(given.notna() & (given != ""), pd.Series(places, dtype="str"))


def _arrow(batch: Batch, name: str) -> pa.ChunkedArray | None:
    """A column of strings as it stands; None for any other."""
    if name in ("date", "date_end", "doc_id"):
        return None
    column = batch.table.column(name)
    kinds = pa.types
    return column if kinds.is_string(column.type) or kinds.is_large_string(column.type) else None


def _values(batch: Batch, name: str, first: Days, last: Days, rows: Integers) -> pd.Series:
    """A column of the articles that holds no strings, as `by` names it."""
    if name in ("date", "date_end"):
        return pd.Series(first if name == "date" else last).astype("datetime64[us]")
    if name == "doc_id":
        return doc_ids(batch).iloc[rows]
    column = batch.table.column(name)
    if pa.types.is_nested(column.type):
        raise ReadError(
            f"{batch.source}: by names the column {name!r}, which holds {column.type}. Name one "
            "of strings, numbers, dates or truth values."
        )
    # Gaps in one batch shall not make other numbers of its whole numbers.
    return column.to_pandas(integer_object_nulls=True).iloc[rows]


def _names(strings: pa.ChunkedArray) -> pa.ChunkedArray:
    """Names with one space between words."""
    codes, names = encoded(strings)
    plain = pa.array([*(" ".join(name.split()) for name in names), None], pa.large_string())
    return pa.chunked_array([plain.take(pa.array(codes))])


def _missing(strings: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Rows without a value, or with a word for that."""
    trimmed = pc.utf8_trim_whitespace(strings)
    missing: NDArray[np.bool_] = (
        pc.less_equal(pc.binary_length(trimmed), 4 * LONGEST).fill_null(True).to_numpy().copy()
    )
    short = np.flatnonzero(missing)
    missing[short] = [is_missing(text or "") for text in trimmed.take(short).to_pylist()]
    return missing


def _strings(batch: Batch, name: str) -> pa.ChunkedArray:
    column = batch.table.column(name)
    try:
        return column.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise ReadError(
            f"{batch.source}: the column for {name} holds {column.type}, not strings ({fault})."
        ) from fault


def _dates(batch: Batch, day_first: bool | None, faults: dict[int, Fault]) -> tuple[Days, Days]:
    """First and last day that each row's date, or date and date_end, stand for."""
    first, last, found = _spans(batch, "date", day_first)
    if "date_end" in batch.table.column_names:
        _, end, ended = _spans(batch, "date_end", day_first)
        last = np.where(np.isnat(end), last, end)
        early = {
            row: (Reason.IMPOSSIBLE_DATE, f"date_end {end[row].astype('M8[D]')} is before date")
            for row in np.flatnonzero(end < first).tolist()
        }
        unread = {row: fault for row, fault in ended.items() if fault[0] is not Reason.NO_DATE}
        found = early | unread | found
    faults |= found
    return first, last


def _spans(batch: Batch, name: str, day_first: bool | None) -> tuple[Days, Days, dict[int, Fault]]:
    """First and last day that a column of dates stands for, and the rows where there is none."""
    column = batch.table.column(name)
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        days = pd.to_datetime(column.to_pandas())
        if getattr(days.dt, "tz", None) is not None:
            days = days.dt.tz_localize(None)
        days = days.dt.normalize().to_numpy().astype("datetime64[s]")
        missing = np.flatnonzero(np.isnat(days)).tolist()
        return days, days, dict.fromkeys(missing, (Reason.NO_DATE, ""))
    # What is missing stands last.
    codes, strings = encoded(_strings(batch, name))
    found = [*(_span(text, day_first) for text in strings), (Reason.NO_DATE, "")]
    ends = np.array([_NO_DAYS if isinstance(span[1], str) else span for span in found], np.int64)
    first, last = ends.T.astype("datetime64[D]").astype("datetime64[s]")[:, codes]
    faults = {row: found[codes[row]] for row in np.flatnonzero(np.isnat(first)).tolist()}
    return first, last, faults


@lru_cache(maxsize=100_000)
def _span(text: str, day_first: bool | None) -> tuple[int, int] | Fault:
    """The first and last day of a date, counted from 1 January 1970, or why it is none."""
    if is_missing(text.strip()):
        return Reason.NO_DATE, ""
    try:
        span = parse_date(text, day_first)
        check_possible(span, dt.date.max)
    except DateError as fault:
        return fault.reason, fault.detail
    return span.first.toordinal() - _EPOCH, span.last.toordinal() - _EPOCH


def _rejected(batch: Batch, faults: dict[int, Fault]) -> list[tuple[int, Rejection]]:
    listed = list(batch.rejections)
    for row in sorted(faults):
        place = batch.places[row]
        listed.append((place, Rejection(batch.source, f"{batch.unit} {place}", *faults[row])))
    return listed
