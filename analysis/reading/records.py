"""What every reader hands over, and the one way from there to articles and rejected rows."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.reading.dates import DateError, Span, check_possible, day_order, parse_date
from analysis.reading.encodings import is_undecodable, mend
from analysis.reading.limits import ReadLimits
from analysis.reading.lists import join_texts, outlet_from_url
from analysis.reading.outlets import fold_name
from analysis.reading.rejected import Reason, Rejection

STANDARD = ("doc_id", "outlet", "date", "date_end", "title", "text")
_MISSING = frozenset(("", "nan", "none", "null", "n/a", "na", "nat", "<na>", "-", "unknown"))
_LIST = "a list of links holds no text; join texts by url with read_articles(path, texts=...)"
# NewsAPI ends a text that it cut after 200 characters with "[+1234 chars]".
_CUT = re.compile(r"\[\+\d+ chars\]\s*$")


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
    progress: bool = False
    limits: ReadLimits = ReadLimits()


@dataclass
class RawTable:
    """The rows of one file as found: values under the standard names, nothing checked yet.

    ``frame`` has an integer index, the place in the file in `unit`s (``line``, ``row``,
    ``article``); ``rejections`` are rows that never became a record. ``notes`` says how the file
    was read: its format, encoding, and what was guessed. ``undated`` has what can be said of
    records without a date.
    """

    source: str
    unit: str
    frame: pd.DataFrame
    rejections: list[Rejection] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    undated: dict[int, str] = field(default_factory=dict)


@dataclass
class CheckedTable:
    """One file's articles, typed, beside what was rejected and the notes of the reading."""

    source: str
    articles: pd.DataFrame
    rejections: list[Rejection]
    notes: dict[str, Any]


def check_records(raw: RawTable, options: ReadOptions) -> CheckedTable:
    """Type one file's records and reject those that are no article, each with its reason."""
    frame = raw.frame.copy(deep=False)
    if "url" in frame:
        frame = _from_url(frame, raw, options)
    for name in ("doc_id", "outlet", "date", "title", "text"):
        if name not in frame:
            frame[name] = ""
    notes = {"source": raw.source, "rows": len(frame) + len(raw.rejections), **raw.notes}
    faults: dict[int, tuple[Reason, str]] = {}

    texts = _strings(frame["text"], frame.index, "text", faults)
    titles = _strings(frame["title"], frame.index, "title", faults)
    outlets = _strings(frame["outlet"], frame.index, "outlet", faults)
    notes["mended"] = 0
    for values in (texts, titles, outlets):
        for place, value in enumerate(values):
            mended = mend(value).strip()
            if values is texts:
                notes["mended"] += mended != value.strip()
            values[place] = mended
    frame["text"], frame["title"] = texts, titles
    no_text = "" if "text" in raw.frame else _LIST
    _check_texts(texts, frame.index, options, faults, no_text)
    frame["outlet"], changed = _named_outlets(outlets, frame.index, options, faults)
    if changed:
        frame["outlet_as_given"] = outlets
    spans = _read_dates(frame, options, notes, faults, raw.undated)
    frame["doc_id"] = _ids(frame["doc_id"], raw)
    sound = ~frame.index.isin(list(faults))
    repeated = frame["doc_id"].where(sound).duplicated() & sound
    for place, doc_id in frame.loc[repeated, "doc_id"].items():
        faults[place] = (Reason.DUPLICATE_ID, f"{doc_id!r} stands above already")

    rejections = raw.rejections + [
        Rejection(raw.source, f"{raw.unit} {place}", *fault) for place, fault in faults.items()
    ]
    rejections.sort(key=_place)
    keep = ~frame.index.isin(list(faults))
    articles = _dated(frame[keep], [span for span, kept in zip(spans, keep, strict=True) if kept])
    return CheckedTable(raw.source, articles, rejections, notes)


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


def _strings(
    values: pd.Series, places: pd.Index, name: str, faults: dict[int, tuple[Reason, str]]
) -> list[str]:
    """A column as strings; a value of another kind, or with undecodable bytes, is a fault."""
    found = []
    for place, value in zip(places, values.tolist(), strict=True):
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


def _check_texts(
    texts: list[str],
    places: pd.Index,
    options: ReadOptions,
    faults: dict[int, tuple[Reason, str]],
    no_text: str,
) -> None:
    longest = options.limits.row_chars
    for place, text in zip(places, texts, strict=True):
        if not text or (len(text) < 10 and text.casefold() in _MISSING):
            faults.setdefault(place, (Reason.NO_TEXT, no_text))
        elif len(text) > longest:
            detail = f"{len(text):,} characters, more than {longest:,} (ReadLimits.row_chars)"
            faults.setdefault(place, (Reason.TOO_LARGE, detail))
        elif cut := _CUT.search(text[-40:]):
            faults.setdefault(place, (Reason.CUT_TEXT, f"ends with {cut[0].strip()!r}"))


def _named_outlets(
    names: list[str],
    places: pd.Index,
    options: ReadOptions,
    faults: dict[int, tuple[Reason, str]],
) -> tuple[list[str], bool]:
    """Outlet names after the aliases, and whether an alias changed any."""
    outlets = []
    changed = False
    for place, name in zip(places, names, strict=True):
        plain = " ".join(name.split())
        if plain.casefold() in _MISSING:
            plain = options.outlet or ""
            if not plain:
                faults.setdefault(place, (Reason.NO_OUTLET, repr(name) if name else ""))
        outlet = options.aliases.get(fold_name(plain), plain)
        changed |= outlet != plain
        outlets.append(outlet)
    return outlets, changed


def _read_dates(
    frame: pd.DataFrame,
    options: ReadOptions,
    notes: dict[str, Any],
    faults: dict[int, tuple[Reason, str]],
    undated: Mapping[int, str],
) -> list[Span | None]:
    starts = [_date_text(value) for value in frame["date"].tolist()]
    ends = (
        [_date_text(value) for value in frame["date_end"].tolist()] if "date_end" in frame else []
    )
    order = options.day_first
    if order is None:
        order = day_order({value for value in starts + ends if isinstance(value, str)})
    if order is not None:
        notes["day_order"] = "day first" if order else "month first"
    spans: list[Span | None] = []
    for row, (place, value) in enumerate(zip(frame.index, starts, strict=True)):
        try:
            span = value if isinstance(value, Span) else parse_date(value, order)
            if ends and ends[row]:
                last = ends[row]
                last = last if isinstance(last, Span) else parse_date(last, order)
                if last.last < span.first:
                    raise DateError(Reason.IMPOSSIBLE_DATE, f"date_end {last.last} is before date")
                span = Span(span.first, last.last)
            check_possible(span, options.today)
            spans.append(span)
        except DateError as fault:
            detail = fault.detail or undated.get(place, "")
            faults.setdefault(place, (fault.reason, detail))
            spans.append(None)
    return spans


def _date_text(value: object) -> Span | str:
    """A date cell as text, or as a day where the file has typed dates."""
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, dt.datetime):
        return Span(*[value.date()] * 2)
    if isinstance(value, dt.date):
        return Span(value, value)
    if isinstance(value, float):
        value = int(value) if value == value and value.is_integer() else value
    text = str(value).strip()
    return "" if text.casefold() in _MISSING else text


def _ids(ids: pd.Series, raw: RawTable) -> list[str]:
    """Ids as given; a row without one is named by its file and place."""
    given = [_date_text(value) for value in ids.tolist()]
    return [
        str(value) if value else f"{raw.source}:{place}"
        for value, place in zip(given, raw.frame.index, strict=True)
    ]


def _dated(frame: pd.DataFrame, spans: list[Span | None]) -> pd.DataFrame:
    days = [span for span in spans if span is not None]
    articles = frame.drop(columns="date_end", errors="ignore")
    articles["date"] = pd.Series([s.first for s in days], index=frame.index, dtype="datetime64[s]")
    if any(span.first != span.last for span in days):
        last = [span.last for span in days]
        articles["date_end"] = pd.Series(last, index=frame.index, dtype="datetime64[s]")
    return articles
