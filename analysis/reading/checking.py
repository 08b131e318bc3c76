"""What every reader hands over, and the one way from there to articles and rejected rows."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.reading.dates import DateError, Span, check_possible, day_order, parse_date
from analysis.reading.encodings import is_undecodable, mend
from analysis.reading.formats.link_lists import join_texts, outlet_from_url
from analysis.reading.html_cells import strip_markup
from analysis.reading.limits import ReadLimits
from analysis.reading.missing import is_missing
from analysis.reading.outlets import fold_name
from analysis.reading.rejected import Reason, Rejection

STANDARD = ("doc_id", "outlet", "date", "date_end", "title", "text")
_LIST = "a list of links holds no text; join texts by url with read_articles(path, texts=...)"
# NewsAPI ends a text that it cut after 200 characters with "[+1234 chars]".
_CUT = re.compile(r"\[\+\d+ chars\]\s*$")


# Rows that are no article, by their place: the first reason found, and its detail.
Faults = dict[int, tuple[Reason, str]]


@dataclass(frozen=True)
class ReadOptions:
    """What the caller of read_articles said about the input; see there."""

    columns: Mapping[str, str] = field(default_factory=dict)
    outlet: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    today: dt.date = dt.date.max
    encoding: str | None = None
    needed: tuple[str, ...] = ("outlet", "date", "text")
    texts: pd.DataFrame | None = None
    strip_markup: bool = True
    progress: bool = False
    limits: ReadLimits = ReadLimits()
    leave_out: frozenset[Path] = frozenset()


@dataclass
class RawTable:
    """The rows of one file as found: values under the standard names, nothing checked yet.

    ``frame`` has an integer index, the place in the file in `unit`s (``line``, ``row``,
    ``article``); ``rejections`` are rows that never became a record. ``notes`` says how the file
    was read: its format, encoding, and what was guessed. ``undated`` has what can be said of
    records without a date. ``fragments`` says that texts and titles are cells, which may hold HTML.
    """

    source: str
    unit: str
    frame: pd.DataFrame
    rejections: list[Rejection] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    undated: dict[int, str] = field(default_factory=dict)
    fragments: bool = False


@dataclass
class CheckedTable:
    """One file's articles, typed, beside what was rejected and the notes of the reading."""

    source: str
    articles: pd.DataFrame
    rejections: list[Rejection]
    notes: dict[str, Any]


def check_records(raw: RawTable, options: ReadOptions) -> CheckedTable:
    """Type one file's records and reject those that are no article, each with its reason."""
    frame = _from_url(raw.frame, raw, options) if "url" in raw.frame else raw.frame
    places = frame.index.tolist()
    notes = {"source": raw.source, "rows": len(places) + len(raw.rejections), **raw.notes}
    faults: Faults = {}

    def values(name: str) -> list[Any]:
        return frame[name].tolist() if name in frame else [""] * len(places)

    texts = _strings(values("text"), places, "text", faults)
    titles = _strings(values("title"), places, "title", faults)
    if raw.fragments and options.strip_markup:
        texts, titles = _without_markup([texts, titles], places, options, notes, faults)
    mended = [mend(text).strip() for text in texts]
    notes["mended"] = sum(new != old.strip() for new, old in zip(mended, texts, strict=True))
    titles = [mend(text).strip() for text in titles]
    given = [mend(text).strip() for text in _strings(values("outlet"), places, "outlet", faults)]
    _check_texts(mended, places, options, faults, "" if "text" in frame else _LIST)
    nameless = "" if "outlet" in frame else _no_outlet(frame)
    outlets, changed = _named_outlets(given, places, options, faults, nameless)
    spans = _read_dates(values("date"), values("date_end"), places, options, notes, faults, raw)
    ids = _ids(values("doc_id"), places, raw.source)
    _check_ids(ids, places, faults)

    columns: dict[str, Any] = {"doc_id": ids, "outlet": outlets, "title": titles, "text": mended}
    if changed:
        columns["outlet_as_given"] = given
    columns |= _days(spans)
    sound = [place not in faults for place in places]
    others = [name for name in frame if name not in STANDARD and name not in columns]
    articles = pd.DataFrame({**columns, **frame[others]}, index=frame.index)
    rejections = raw.rejections + [
        Rejection(raw.source, f"{raw.unit} {place}", *fault) for place, fault in faults.items()
    ]
    rejections.sort(key=_place)
    return CheckedTable(raw.source, articles if all(sound) else articles[sound], rejections, notes)


def _from_url(frame: pd.DataFrame, raw: RawTable, options: ReadOptions) -> pd.DataFrame:
    """What the addresses of a list of links give: texts that were read apart, the outlet's host."""
    if options.texts is not None:
        frame = join_texts(frame, options.texts, raw.notes)
    if "outlet" not in frame and options.outlet is None:
        frame = outlet_from_url(frame, raw.notes)
    return frame


def _place(rejection: Rejection) -> int:
    """Where in its file a row stands, to list the rejected in the order of the file."""
    number = rejection.locator.rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0


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


def _without_markup(
    columns: list[list[str]],
    places: list[int],
    options: ReadOptions,
    notes: dict[str, Any],
    faults: Faults,
) -> list[list[str]]:
    """Texts and titles without tags and entities; notes in how many rows any stood."""
    stripped, rows = [], set[int]()
    for column in columns:
        plain, changed, deep = strip_markup(column, notes["source"], options.limits)
        for n, detail in deep.items():
            faults.setdefault(places[n], (Reason.TOO_LARGE, detail))
        rows |= changed
        stripped.append(plain)
    notes["markup"] = len(rows)
    return stripped


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
        outlet = options.aliases.get(fold_name(plain), plain)
        changed |= outlet != plain
        outlets.append(outlet)
    return outlets, changed


def _read_dates(
    starts: list[Any],
    ends: list[Any],
    places: list[int],
    options: ReadOptions,
    notes: dict[str, Any],
    faults: Faults,
    raw: RawTable,
) -> list[Span | None]:
    """The days of each row, first to last; None where there is a fault."""
    starts, ends = [_date_text(value) for value in starts], [_date_text(value) for value in ends]
    order = options.day_first
    if order is None:
        order = day_order({value for value in starts + ends if isinstance(value, str)})
    if order is not None:
        notes["day_order"] = "day first" if order else "month first"
    spans: list[Span | None] = []
    for place, start, end in zip(places, starts, ends, strict=True):
        try:
            span = start if isinstance(start, Span) else parse_date(start, order)
            if end:
                last = end if isinstance(end, Span) else parse_date(end, order)
                if last.last < span.first:
                    raise DateError(Reason.IMPOSSIBLE_DATE, f"date_end {last.last} is before date")
                span = Span(span.first, last.last)
            check_possible(span, options.today)
            spans.append(span)
        except DateError as fault:
            faults.setdefault(place, (fault.reason, fault.detail or raw.undated.get(place, "")))
            spans.append(None)
    return spans


def _days(spans: list[Span | None]) -> dict[str, Any]:
    """Columns ``date`` and, if any date is partial, ``date_end``; no day where there is none."""
    firsts = [span and span.first for span in spans]
    days = {"date": np.array(firsts, dtype="datetime64[D]").astype("datetime64[s]")}
    if any(span and span.first != span.last for span in spans):
        lasts = [span and span.last for span in spans]
        days["date_end"] = np.array(lasts, dtype="datetime64[D]").astype("datetime64[s]")
    return days


def _date_text(value: object) -> Span | str:
    """A date cell as text, or as a day where the file has typed dates."""
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


def _check_ids(ids: list[str], places: list[int], faults: Faults) -> None:
    seen: set[str] = set()
    for doc_id, place in zip(ids, places, strict=True):
        if place in faults:
            continue
        if doc_id in seen:
            faults[place] = (Reason.DUPLICATE_ID, f"{doc_id!r} stands above already")
        seen.add(doc_id)
