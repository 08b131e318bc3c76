"""The one set of rules by which rows become articles, or are rejected: a batch at a time.

What a rule needs to know of the whole file (the order of day and month, whether its cells hold
HTML) stands in `FileFacts`, which `Evidence` gathers.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.reading.dates import DateError, Span, check_possible, parse_date, seen_orders
from analysis.reading.encodings import is_undecodable, mend
from analysis.reading.html_cells import Markup, find_markup, strip_markup
from analysis.reading.outlets import fold_name
from analysis.reading.records import STANDARD, RawTable, ReadOptions, is_missing, strings
from analysis.reading.rejected import Reason, Rejection
from analysis.reading.text_column import (
    as_texts,
    column_texts,
    replace_rows,
    rows_to_check,
    rows_with_markup,
)

_LIST = "a list of links holds no text; join texts by url with read_articles(path, texts=...)"
# NewsAPI ends a text that it cut after 200 characters with "[+1234 chars]".
_CUT = re.compile(r"\[\+\d+ chars\]\s*$")

# A column for the outlet's name before the aliases: no column of a file has this name.
GIVEN = "\0outlet"

# Rows that are no article, by their place: the first reason found, and its detail.
Faults = dict[int, tuple[Reason, str]]


@dataclass(frozen=True)
class FileFacts:
    """What the whole of a file decides for each of its rows.

    Attributes
    ----------
    day_first : bool, optional
    texts, titles : (bool, bool)
        How HTML is treated; see `html_cells.strip_markup`.
    marked : bool
        Whether any of the rows at hand hold a sure tag or an entity.
    """

    day_first: bool | None = None
    texts: tuple[bool, bool] = (False, False)
    titles: tuple[bool, bool] = (False, False)
    marked: bool = field(default=False, compare=False)

    @property
    def may_strip(self) -> bool:
        """Whether rows have to be searched for tags and entities."""
        return self.marked or any(self.texts) or any(self.titles)


@dataclass
class Evidence:
    """What rows say of their whole file; that of several parts adds up."""

    orders: set[bool] = field(default_factory=set)
    texts: Markup = Markup()
    titles: Markup = Markup()

    def add(self, raw: RawTable, options: ReadOptions) -> None:
        """Look at some more rows of the file."""
        frame = raw.frame
        if options.day_first is None:
            dates = {
                text
                for name in ("date", "date_end")
                if name in frame
                for text in frame[name].tolist()
                if isinstance(text, str)
            }
            self.orders |= seen_orders(dates)
        if raw.fragments and options.strip_markup:
            self.texts = self.texts.add(_markup_in(frame, "text"))
            self.titles = self.titles.add(_markup_in(frame, "title"))

    def merge(self, other: "Evidence") -> "Evidence":
        """The evidence of two parts of a file."""
        return Evidence(
            self.orders | other.orders, self.texts.add(other.texts), self.titles.add(other.titles)
        )

    def facts(self, options: ReadOptions) -> FileFacts:
        """What it comes to."""
        order = options.day_first
        if order is None and len(self.orders) == 1:
            (order,) = self.orders
        marked = any(self.texts) or any(self.titles)
        return FileFacts(order, self.texts.treatment, self.titles.treatment, marked)


@dataclass
class CheckedTable:
    """Some rows of a file: its articles, typed, beside what was rejected.

    The index of `articles` is their place in the file; ``date_end`` is always there. `partial` and
    `aliased` say whether any date stands for several days, and whether an alias changed a name.
    """

    source: str
    unit: str
    articles: pd.DataFrame
    rejections: list[Rejection]
    rows: int
    mended: int
    markup: int
    partial: bool
    aliased: bool


def check_records(raw: RawTable, facts: FileFacts, options: ReadOptions) -> CheckedTable:
    """Type records and reject those that are no article, each with its reason."""
    frame = raw.frame
    places = frame.index.tolist()
    faults: Faults = {}

    def values(name: str) -> list[Any]:
        return frame[name].tolist() if name in frame else [""] * len(places)

    texts = _text_array(frame, "text", places, faults)
    titles = _strings(values("title"), places, "title", faults)
    marked = set[int]()
    rows = rows_to_check(texts, options.limits.row_chars, markup=facts.may_strip)
    given_texts = texts.take(pa.array(rows)).to_pylist()
    if facts.may_strip:
        given_texts, changed = _stripped(
            given_texts, [places[row] for row in rows], facts.texts, raw.source, options, faults
        )
        marked |= {int(rows[n]) for n in changed}
        titles, changed = _stripped(titles, places, facts.titles, raw.source, options, faults)
        marked |= changed
    mended = [mend(text).strip() for text in given_texts]
    count = sum(new != old.strip() for new, old in zip(mended, given_texts, strict=True))
    titles = [mend(text).strip() for text in titles]
    given = [mend(text).strip() for text in _strings(values("outlet"), places, "outlet", faults)]
    no_text = "" if "text" in frame else _LIST
    _check_texts(mended, [places[row] for row in rows], options, faults, no_text)
    nameless = "" if "outlet" in frame else _no_outlet(frame)
    outlets, aliased = _named_outlets(given, places, options, faults, nameless)
    firsts, lasts, partial = _read_dates(
        values("date"),
        values("date_end") if "date_end" in frame else None,
        places,
        facts,
        options,
        faults,
        raw.undated,
    )
    columns: dict[str, Any] = {
        "doc_id": strings(_ids(values("doc_id"), places, raw.source)),
        "outlet": strings(outlets),
        GIVEN: strings(given),
        "date": firsts,
        "date_end": lasts,
        "title": strings(titles),
        "text": pd.array(replace_rows(texts, rows, mended), dtype="str"),
    }
    others = [name for name in frame if name not in STANDARD]
    articles = pd.DataFrame(
        columns | {name: frame[name].array for name in others if name not in columns},
        index=frame.index,
    )
    if faults:
        articles = articles[[place not in faults for place in places]]
    rejections = raw.rejections + [
        Rejection(raw.source, f"{raw.unit} {place}", *fault) for place, fault in faults.items()
    ]
    rejections.sort(key=place_of)
    number = len(places) + len(raw.rejections)
    return CheckedTable(
        raw.source, raw.unit, articles, rejections, number, count, len(marked), partial, aliased
    )


def place_of(rejection: Rejection) -> int:
    """Where in its file a row stands, to list the rejected in the order of the file."""
    number = rejection.locator.rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0


def _markup_in(frame: pd.DataFrame, name: str) -> Markup:
    if name not in frame:
        return Markup()
    texts = _text_array(frame, name, frame.index.tolist(), {})
    return find_markup(texts.take(pa.array(rows_with_markup(texts))).to_pylist())


def _text_array(
    frame: pd.DataFrame, name: str, places: list[int], faults: Faults
) -> pa.LargeStringArray:
    """A column of texts, empty where there is none or it is a fault."""
    if name not in frame:
        return as_texts([""] * len(places))
    column = frame[name]
    if column.dtype == "str":
        return column_texts(column)
    return as_texts(_strings(column.tolist(), places, name, faults))


def _strings(values: list[Any], places: list[int], name: str, faults: Faults) -> list[str]:
    """A column as strings; a value of another kind, or with undecodable bytes, is a fault."""
    found = []
    for place, value in zip(places, values, strict=True):
        if isinstance(value, str):
            text = value
            if is_undecodable(text):
                detail = f"{name} has bytes that are not in the file's encoding"
                faults.setdefault(place, (Reason.UNDECODABLE, detail))
                text = ""
        elif value is None or value is pd.NA or (isinstance(value, float) and value != value):
            text = ""
        elif name != "text" and isinstance(value, int | float):
            text = str(value)
        else:
            detail = f"{name} is {type(value).__name__}, not a string"
            faults.setdefault(place, (Reason.MALFORMED, detail))
            text = ""
        found.append(text)
    return found


def _stripped(
    texts: list[str],
    places: list[int],
    treatment: tuple[bool, bool],
    source: str,
    options: ReadOptions,
    faults: Faults,
) -> tuple[list[str], set[int]]:
    """Texts without tags and entities, and which held any."""
    plain, changed, deep = strip_markup(texts, treatment, source, options.limits)
    for n, detail in deep.items():
        faults.setdefault(places[n], (Reason.TOO_LARGE, detail))
    return plain, changed


def _check_texts(
    texts: list[str],
    places: list[int],
    options: ReadOptions,
    faults: Faults,
    no_text: str,
) -> None:
    longest = options.limits.row_chars
    for place, text in zip(places, texts, strict=True):
        if is_missing(text):
            faults.setdefault(place, (Reason.NO_TEXT, no_text))
        elif len(text) > longest:
            detail = f"{len(text):,} characters, more than {longest:,} (ReadLimits.row_chars)"
            faults.setdefault(place, (Reason.TOO_LARGE, detail))
        elif cut := _CUT.search(text[-40:]):
            faults.setdefault(place, (Reason.CUT_TEXT, f"ends with {cut[0].strip()!r}"))


def _no_outlet(frame: pd.DataFrame) -> str:
    """What to do about a file that has no column for the outlet."""
    columns = [str(name) for name in frame if name not in STANDARD]
    own = f", or is it in {', '.join(map(repr, columns[:10]))} (columns=, --columns)?" if columns \
        else "."  # fmt: skip
    return f"the file names none: give outlet='...' (--outlet), or sort files into folders{own}"


def _named_outlets(
    names: list[str],
    places: list[int],
    options: ReadOptions,
    faults: Faults,
    nameless: str,
) -> tuple[list[str], bool]:
    """Outlet names after the aliases, and whether an alias changed any."""
    outlets = []
    changed = False
    for place, name in zip(places, names, strict=True):
        plain = " ".join(name.split())
        if is_missing(plain):
            plain = options.outlet or ""
            if not plain:
                faults.setdefault(place, (Reason.NO_OUTLET, repr(name) if name else nameless))
        outlet = options.aliases.get(fold_name(plain), plain) if options.aliases else plain
        changed |= outlet != plain
        outlets.append(outlet)
    return outlets, changed


def _read_dates(
    starts: list[Any],
    ends: list[Any] | None,
    places: list[int],
    facts: FileFacts,
    options: ReadOptions,
    faults: Faults,
    undated: Mapping[int, str],
) -> tuple[np.ndarray, np.ndarray, bool]:
    """First and last day of each row, and whether any are two; no day where there is a fault."""
    spans: list[Span | None] = []
    for place, start, end in zip(places, starts, ends or repeat(None), strict=False):
        try:
            span = _span(start, facts.day_first)
            if last := _date_text(end):
                final = _span(last, facts.day_first).last
                if final < span.first:
                    raise DateError(Reason.IMPOSSIBLE_DATE, f"date_end {final} is before date")
                span = Span(span.first, final)
            check_possible(span, options.today)
            spans.append(span)
        except DateError as fault:
            faults.setdefault(place, (fault.reason, fault.detail or undated.get(place, "")))
            spans.append(None)
    partial = any(span and span.first != span.last for span in spans)
    return (
        _days([span.first if span else None for span in spans]),
        _days([span.last if span else None for span in spans]),
        partial,
    )


def _days(days: Sequence[dt.date | None]) -> np.ndarray:
    return np.array(days, dtype="datetime64[D]").astype("datetime64[us]")


def _span(value: object, day_first: bool | None) -> Span:
    found = _date_text(value)
    return found if isinstance(found, Span) else parse_date(found, day_first)


def _date_text(value: object) -> Span | str:
    """A date cell as text, or as a day where the file has typed dates."""
    if isinstance(value, Span):
        return value
    if isinstance(value, np.datetime64):
        raise DateError(Reason.IMPOSSIBLE_DATE, f"{value} is beyond the calendar")
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, dt.datetime):
        return Span(*[value.date()] * 2)
    if isinstance(value, dt.date):
        return Span(value, value)
    return _plain_text(value)


def _plain_text(value: object) -> str:
    """A cell as text, whole numbers without a decimal point; empty where it says "missing"."""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    text = str(value).strip()
    return "" if is_missing(text) else text


def _ids(given: list[Any], places: list[int], source: str) -> list[str]:
    """Ids as given; a row without one is named by its file and place."""
    return [
        _plain_text(value) or f"{source}:{place}"
        for value, place in zip(given, places, strict=True)
    ]
