"""The one set of rules by which rows become articles or are rejected, a batch at a time.

What a rule needs to know of the whole file (the order of day and month, whether its cells hold
HTML) is in `FileFacts`.
"""

import datetime as dt
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analysis.reading import html_cells
from analysis.reading.dates import (
    DateError,
    Span,
    check_possible,
    has_dots,
    is_epoch,
    parse_date,
    read_epoch,
)
from analysis.reading.encodings import mend
from analysis.reading.missing import is_missing
from analysis.reading.outlets import fold_name
from analysis.reading.records import STANDARD, Origin, RawTable, ReadOptions
from analysis.reading.rejected import Faults, Reason, Rejection, TooLargeError
from analysis.reading.survey.file_facts import FileFacts
from analysis.reading.text_column import (
    Texts,
    as_texts,
    column_texts,
    replace_rows,
    rows_to_check,
    text_array,
)

_LIST = "a list of links holds no text; join texts by url with read_articles(path, texts=...)"
# NewsAPI ends a text that it cut with "[+1234 chars]", GNews with "[1234 chars]", others with
# "[truncated]"; a feed its teaser with "[…]", as a whole article may end, too: WordPress' teasers
# have 55 words.
_SIZE = r"\d[\d,. ]*k? ?(?:more |left )?(?:char|zeichen|caract|caratt|tekens|znak|символ|знак|字)"
_TOLD = r"[^\[\]()]{0,12}\b(?:truncated|clipped)\b[^\[\]()]{0,12}"
_CUT = re.compile(
    rf"[\[(](?P<sure>[+…. ]*{_SIZE}[\w ]*|{_TOLD})[\])]\s*$|\[(?:…|\.\.\.)\]\s*$", re.IGNORECASE
)
_TEASER = 1000

# A column for the outlet's name before the aliases: no column of a file has this name.
GIVEN = "\0outlet"


@dataclass
class CheckedTable(Origin):
    """Some rows: the articles, typed, and what was rejected, both with their places.

    In `articles`, ``date_end`` is always there. `marks` has the places of rows that were
    ``mended``, had ``markup``, have a ``partial`` date, or are ``aliased``.
    """

    articles: pd.DataFrame
    rejections: list[tuple[int, Rejection]]
    rows: int = 0
    marks: dict[str, list[int]] = field(default_factory=dict)


def check_records(
    raw: RawTable, facts: FileFacts, options: ReadOptions, each: Sequence[FileFacts] = ()
) -> CheckedTable:
    """Type records and reject those that are no article, each with its reason.

    `facts` are those of their file; where each row is a file, `each` has what they say of dates.
    """
    frame, source = raw.frame, raw.source
    places = frame.index.tolist()
    faults = Faults()
    strip = facts.marked or any(facts.text) or any(facts.title)
    marked: set[int] = set()

    def stripped(row: int, text: str, treated: tuple[bool, bool]) -> str:
        try:
            plain = html_cells.strip_markup(text, treated, source, options.limits)
        except TooLargeError as fault:
            plain = faults.add(row, Reason.TOO_LARGE, str(fault))
        if plain != text:
            marked.add(row)
        return plain

    def mended(
        texts: Texts, treated: tuple[bool, bool], may_say_none: bool = False
    ) -> tuple[Texts, dict[int, str], list[int]]:
        """Texts as they are kept, those that had to be looked at, and which had mojibake."""
        rows = rows_to_check(texts, options.limits.row_chars, strip, may_say_none)
        rough = dict(zip(rows.tolist(), texts.take(pa.array(rows)).to_pylist(), strict=True))
        if strip:
            rough = {row: stripped(row, text, treated) for row, text in rough.items()}
        rough = {row: text.strip() for row, text in rough.items()}
        new = {row: mend(text).strip() for row, text in rough.items()}
        changed = [row for row, text in rough.items() if new[row] != text]
        return replace_rows(texts, rows, list(new.values())), new, changed

    texts, titles = (text_array(frame, name, faults) for name in ("text", "title"))
    texts, looked_at, changed = mended(texts, facts.text, may_say_none=True)
    titles = mended(titles, facts.title)[0] if "title" in frame else titles
    # Outlets are few: each is looked at once.
    coded = text_array(frame, "outlet", faults).dictionary_encode()
    cells, outlet = coded.dictionary.to_pylist(), coded.indices.to_numpy()
    _check_texts(looked_at, "" if "text" in frame else _LIST, options, faults)
    if raw.fragments and options.strip_markup:
        cells = list(map(html_cells.resolved, cells))
    given = [mend(name).strip() for name in cells]
    names = [" ".join(name.split()) for name in given]
    names = [options.outlet or "" if is_missing(name) else name for name in names]
    for row in np.flatnonzero(np.array([not name for name in names], bool)[outlet]).tolist():
        found = given[outlet[row]]
        faults.add(row, Reason.NO_OUTLET, repr(found) if found else _no_outlet(raw, places[row]))
    aliases = options.aliases
    outlets = [aliases.get(fold_name(name), name) for name in names] if aliases else names
    aliased = np.array([new != old for new, old in zip(outlets, names, strict=True)], bool)
    orders = [(one.day_first, one.dots_first, one.epochs) for one in each or [facts] * len(places)]
    dates, ends = _cells(frame, "date"), _cells(frame, "date_end")
    read_as, dated = _distinct(zip(dates, ends, orders, strict=True))
    found_spans = [_span(start, end, *order, options.today) for start, end, order in read_as]
    for row, span in zip(range(len(places)), map(found_spans.__getitem__, dated), strict=True):
        if isinstance(span, DateError):
            faults.add(row, span.reason, span.detail or raw.undated.get(places[row], ""))
    spans = [None if isinstance(span, DateError) else span for span in found_spans]
    is_partial = np.array([span is not None and span.first != span.last for span in spans], bool)
    columns: dict[str, Any] = {n: frame[n].array for n in frame if n not in STANDARD}
    columns |= {
        "doc_id": pd.array(_ids(frame, list(map(raw.where, places))), dtype="str"),
        "outlet": pd.array(outlets, dtype="str").take(outlet),
        GIVEN: pd.array(given, dtype="str").take(outlet),
        "date": _days([span.first if span else None for span in spans])[dated],
        "date_end": _days([span.last if span else None for span in spans])[dated],
        "title": pd.array(titles, dtype="str"),
        "text": pd.array(texts, dtype="str"),
    }
    articles = pd.DataFrame(columns, index=frame.index)
    if faults:
        articles = articles[~np.isin(np.arange(len(places)), list(faults))]
    rejections = [(_place_of(rejection), rejection) for rejection in raw.rejections]
    rejections += [(places[row], rejection_of(raw, places[row], *faults[row])) for row in faults]
    rows = {
        "mended": changed,
        "partial": np.flatnonzero(is_partial[dated]).tolist(),
        "aliased": np.flatnonzero(aliased[outlet]).tolist(),
    }
    if raw.fragments and options.strip_markup:
        rows["markup"] = [*marked]
    marks = {name: [places[row] for row in found] for name, found in rows.items()}
    count = len(places) + len(raw.rejections)
    return CheckedTable(source, raw.unit, articles, rejections, count, marks, files=raw.files)


def rejection_of(rows: Origin, place: int, reason: Reason, detail: str) -> Rejection:
    """The rejection of a row, with its file and its place in it."""
    source, number = rows.where(place)
    return Rejection(source, f"{rows.unit} {number}", reason, detail)


def _place_of(rejection: Rejection) -> int:
    """The place of a row in its file, to list the rejected in the order of the file."""
    number = rejection.locator.rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0


def _check_texts(
    texts: Mapping[int, str], no_text: str, options: ReadOptions, faults: Faults
) -> None:
    longest = options.limits.row_chars
    for row, text in texts.items():
        if is_missing(text):
            faults.add(row, Reason.NO_TEXT, no_text)
        elif len(text) > longest:
            detail = f"{len(text):,} characters, more than {longest:,} (ReadLimits.row_chars)"
            faults.add(row, Reason.TOO_LARGE, detail)
        elif (cut := _CUT.search(text[-40:])) and (cut["sure"] or len(text) <= _TEASER):
            faults.add(row, Reason.CUT_TEXT, f"ends with {cut[0].strip()!r}")


def _no_outlet(raw: RawTable, place: int) -> str:
    names = list(raw.rows[place]) if raw.files else list(raw.frame)
    if "outlet" in names:
        return ""
    columns = [repr(str(name)) for name in names if name not in STANDARD][:10]
    own = f", or is it in {', '.join(columns)} (columns=, --columns)?" if columns else "."
    return f"the file names none: give outlet='...' (--outlet), or sort files into folders{own}"


def _distinct(values: Iterable[Any]) -> tuple[list[Any], NDArray[np.int64]]:
    found: dict[Any, int] = {}
    rows = [found.setdefault(value, len(found)) for value in values]
    return list(found), np.array(rows, np.int64)


def _cells(frame: pd.DataFrame, name: str) -> list[Any]:
    """The cells of a column of dates: they can be hashed, and none is equal to another's like."""
    cells = frame[name].tolist() if name in frame else [""] * len(frame)
    if name in frame and frame[name].dtype == "str":
        return cells
    # True equals 1, and is not written alike.
    return [str(cell) if isinstance(cell, list | dict | bool) else cell for cell in cells]


def _ids(frame: pd.DataFrame, places: list[tuple[str, int]]) -> Texts:
    """The ids of the rows; those without one are known by their place."""
    if "doc_id" in frame and frame["doc_id"].dtype == "str":
        texts = column_texts(frame["doc_id"])
        rows = rows_to_check(texts, sys.maxsize, markup=False, may_say_none=True)
    else:
        texts, rows = as_texts([""] * len(frame)), np.arange(len(frame))
    cells = frame["doc_id"].iloc[rows].tolist() if "doc_id" in frame else [""] * len(frame)
    ids = [_plain_text(x) or "{}:{}".format(*places[n]) for n, x in zip(rows, cells, strict=True)]
    return replace_rows(texts, rows, ids)


@lru_cache(maxsize=100_000)
def _span(
    start: object,
    end: object,
    day_first: bool | None,
    dots_first: bool | None,
    epochs: bool,
    today: dt.date,
) -> Span | DateError:
    """The days from a date to the end that is given for it, if any; or why there are none."""

    def read(date: Span | str) -> Span:
        if isinstance(date, Span):
            return date
        if epochs and is_epoch(date):
            return read_epoch(date)
        return parse_date(date, dots_first if has_dots(date) else day_first)

    try:
        span = read(_date_text(start))
        if last := _date_text(end):
            final = read(last).last
            if final < span.first:
                raise DateError(Reason.IMPOSSIBLE_DATE, f"date_end {final} is before date")
            span = Span(span.first, final)
        check_possible(span, today)
    except DateError as fault:
        return fault.with_traceback(None)
    return span


def _days(days: list[dt.date | None]) -> np.ndarray:
    return np.array(days, dtype="datetime64[D]").astype("datetime64[us]")


def _date_text(value: object) -> Span | str:
    """A date cell as text, or as a day where the file has typed dates."""
    if isinstance(value, Span):
        return value
    if isinstance(value, np.datetime64):
        raise DateError(Reason.IMPOSSIBLE_DATE, f"{value} is beyond the calendar")
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return Span(day, day)
    return _plain_text(value)


def _plain_text(value: object) -> str:
    """A cell as text, whole numbers without a decimal point; empty where it says "missing"."""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    text = str(value).strip()
    return "" if is_missing(text) else text
