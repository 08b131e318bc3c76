"""The rows of a batch as articles, and those that are none, each with its reason."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.articles import FREQUENCIES
from analysis.counting.batches import Batch
from analysis.counting.groups import with_calendar
from analysis.errors import ReadError
from analysis.reading.dates import DateError, Span, check_possible, parse_date
from analysis.reading.rejected import Reason, Rejection, rejected_table

Fault = tuple[Reason, str]


class Checked(NamedTuple):
    """A batch's articles.

    Attributes
    ----------
    articles : DataFrame, one row an article
        ``file, row, doc_id``, ``outlet``, ``date``, ``date_end`` and the `by` columns.
    texts : Array of strings
    rejected : DataFrame, one row a rejected record
    days : dict of calendar span to (first day, last day)
        What the labels of each calendar span in `by` run over.
    """

    articles: pd.DataFrame
    texts: pa.Array
    rejected: pd.DataFrame
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]]


def check_batch(batch: Batch, by: Sequence[str]) -> Checked:
    """Split a batch into articles and rejected rows.

    A row is rejected, in this order, for want of a text, of an outlet, or of a date that can be
    read. Text is taken as it stands.
    """
    texts = _strings(batch, "text")
    frame = pd.DataFrame({"file": batch.file, "row": np.asarray(batch.places, np.int64)})
    frame["doc_id"] = _doc_ids(batch)
    outlets = pc.utf8_trim_whitespace(_strings(batch, "outlet"))
    frame["outlet"] = outlets.to_pandas()
    faults: dict[int, Fault] = {}
    first, last = _dates(batch, faults)
    frame["date"], frame["date_end"] = first, last
    for values, fault in (
        (outlets, (Reason.NO_OUTLET, "")),
        (pc.utf8_trim_whitespace(texts), (Reason.NO_TEXT, "")),
    ):
        blank = pc.equal(pc.binary_length(values), 0).fill_null(True)
        faults |= dict.fromkeys(np.flatnonzero(blank.to_numpy(zero_copy_only=False)), fault)
    for name in by:
        if name not in frame and name in batch.table.column_names:
            frame[name] = batch.table.column(name).to_pandas()
    keep = np.ones(len(frame), bool)
    keep[list(faults)] = False
    rejected = _rejected(batch, faults)
    articles = frame if keep.all() else frame[keep].reset_index(drop=True)
    articles = articles.assign(outlet=articles["outlet"].astype("category"))
    articles = with_calendar(articles, by)
    kept = texts if keep.all() else texts.filter(pa.array(keep))
    return Checked(articles, kept, rejected, _days(batch, articles, by))


def _strings(batch: Batch, name: str) -> pa.ChunkedArray:
    column = batch.table.column(name)
    try:
        return column.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise ReadError(
            f"{batch.source}: the column for {name} holds {column.type}, not strings ({fault})."
        ) from fault


def _doc_ids(batch: Batch) -> pd.Series:
    """Ids as given; where there is none, file and place."""
    places = [f"{batch.source}:{place}" for place in batch.places]
    if "doc_id" not in batch.table.column_names:
        return pd.Series(places, dtype="str")
    given = _strings(batch, "doc_id").to_pandas().astype("str")
    return given.where(given.notna() & (given != ""), pd.Series(places, dtype="str"))


def _dates(batch: Batch, faults: dict[int, Fault]) -> tuple[pd.Series, pd.Series]:
    """First and last day that each row's date stands for."""
    kind = batch.table.column("date").type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        days = batch.table.column("date").to_pandas()
        days = pd.to_datetime(days)
        if getattr(days.dt, "tz", None) is not None:
            days = days.dt.tz_localize(None)
        days = days.dt.normalize().astype("datetime64[s]")
        faults |= dict.fromkeys(np.flatnonzero(days.isna()), (Reason.NO_DATE, ""))
        return days, days
    strings = _strings(batch, "date").combine_chunks().dictionary_encode()
    if isinstance(strings, pa.ChunkedArray):
        strings = strings.combine_chunks()
    spans = [_span(text) for text in strings.dictionary.to_pylist()]
    none: Fault | Span = (Reason.NO_DATE, "")
    found = [none if code is None else spans[code] for code in strings.indices.to_pylist()]
    for row, value in enumerate(found):
        if not isinstance(value, Span):
            faults[row] = value
    ends = [[getattr(value, end, dt.date(1, 1, 1)) for value in found] for end in ("first", "last")]
    first, last = (pd.Series(np.array(days, "datetime64[s]")) for days in ends)
    return first, last


def _span(text: str) -> Span | Fault:
    try:
        span = parse_date(text)
        check_possible(span, dt.date.max)
    except DateError as fault:
        return fault.reason, fault.detail
    return span


def _rejected(batch: Batch, faults: dict[int, Fault]) -> pd.DataFrame:
    listed = list(batch.rejections)
    for row in sorted(faults):
        place = batch.places[row]
        listed.append((place, Rejection(batch.source, f"{batch.unit} {place}", *faults[row])))
    table = rejected_table([rejection for _, rejection in listed])
    return table.assign(file=batch.file, row=np.array([place for place, _ in listed], np.int64))


def _days(
    batch: Batch, articles: pd.DataFrame, by: Sequence[str]
) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
    days = {}
    for name in by:
        if name in FREQUENCIES and name not in batch.table.column_names:
            known = articles.loc[articles[name].notna(), "date"]
            if len(known):
                days[name] = (known.min(), known.max())
    return days
