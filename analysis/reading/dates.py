"""Dates as written in exports to days or spans of days. Nothing is guessed.

docs/rules.md lists the forms. A partial one (``June 2018``) becomes its span of days.
"""

import datetime as dt
import re
import tomllib
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from analysis.reading.rejected import Reason

# The first printed newspaper, Carolus' "Relation", is of 1605: an earlier date is an error, most
# often year 1 (an empty date in .NET) or 1601.
EARLIEST = dt.date(1605, 1, 1)
# What programs write for a date that they have not: the beginnings of the times of Unix (also west
# of Greenwich), of SQL Server and of Excel.
STAND_INS = frozenset(
    [dt.date(1970, 1, 1), dt.date(1969, 12, 31), dt.date(1900, 1, 1), dt.date(1899, 12, 30)]
)
LONGEST = 120

# Abbreviations of time zones end in a T (CET, EEST, JST), but for these.
_ZONE = (
    r"(?:(?:gmt|utc)[+-]\d{1,2}(?::?\d\d)?|[a-z]{1,4}t|z|utc|msk|мск|mesz|mez|wib|wita"
    r"|[+-]\d\d(?::?\d\d)?)"
)
# Morning and afternoon, which stand before the time in Chinese, Japanese and Korean.
_HALF = r"(?:[上下]午|午[前後后]|오[전후])?\s?"
_CLOCK = re.compile(
    r"(?:(?<=\d)t|\s[-–]\s|[,|:\s]|\b(?:at|um|à|às|a las|alle|ore|om|в|у|о|klo|kl\.?|(?:o )?godz\.?"
    r"|v|u|saat|ora|la ora|στις)(?=[\s\d]))*+"
    rf"{_HALF}(?<!\d)(?:[01]?\d|2[0-4])"
    r"(?:[:.][0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?|\s?[h时時点]\s?(?:[0-5]\d(?:min|分)?)?|(?=\s?uhr))"
    rf"\s*(?:[ap]\.?\s?m\.?|uhr|uur|hs?)?\s*\(?(?:{_ZONE}\b)?\)?"
    # Behind an offset programs name the zone: "+0200 (Central European Summer Time)".
    rf"(?:\s*(?:{_ZONE}|\([a-z]{{1,3}}t\)|(?<=[+-]\d{{4}})\s?\([^\W\d_][\w ’'-]*\)"
    r"|\[?(?:utc|gmt|[a-z]+/[a-z_/]+)\]?))?\.?$"
)
# 1er, 1st, 1.º and 1ª (which NFKC makes 1.o), 1°, 1e and 8ste: the number is the day.
_ORDINAL = re.compile(r"(?<!\d)(\d{1,2})\.?(?:er|r?o|°|e|ste|de|st|nd|rd|th)(?!\w)")
# With the zone that XML allows a day.
_YEAR_FIRST = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2})(?:z|[+-]\d\d:\d\d)?)?)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:t?[0-2]\d[0-5]\d[0-6]\dz?)?")
# Chinese, Japanese and Korean.
_EASTERN = re.compile(
    r"(\d{4})\s*[年년](?:\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日号號일])?)?"
    r"(?:\s*\(?(?:星期|周)?[^\W\d]요?일?曜?日?\)?)?"
)
_DOTTED = re.compile(r"(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?")
# "Fri Apr 28 19:20:36 CEST 2023", as Unix and Twitter write it.
_INNER_CLOCK = re.compile(r"\s\d\d:\d\d:\d\d(?:\s(?:[a-z]{1,5}|[+-]\d{4}))?(?=\s\d{4}$)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4})")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
# Ten digits of seconds, from 1973 to 2286; three more are milliseconds.
_EPOCH = re.compile(r"([1-9]\d{9})(?:\d{3})?(?:\.\d+)?", re.ASCII)
# A slash stands before a number, or on both sides of a month: "12/Jun/2018".
_BY_NAME = re.compile(r"(?:[\w\s.,،'’()|°-]|/(?=\d)|(?<=\d)/(?=[^\W\d_]+\.?/\d))+")
# Croatian for October, with the dots of its ordinals, and Polish for November.
_LISTOPAD = re.compile(r"(?:\d{1,2}(\.?) )?listopada? \d{4}(\.?)")
_DOTTED_DAY = re.compile(r"\D*\d{1,2}\. ?\d{1,2}\.")


class DateWords(NamedTuple):
    """Months by name, the name that is a weekday too, and words that say nothing."""

    months: dict[str, int]
    weekday_or_month: str
    fillers: frozenset[str]


@cache
def _date_words() -> DateWords:
    words = tomllib.loads(files("analysis.reading").joinpath("date_words.toml").read_text("utf-8"))
    months = {
        _folded(name.replace("_", " ")): n
        for n, names in enumerate(words["months"], start=1) for name in names.split()
    }  # fmt: skip
    return DateWords(
        months, words["weekday_or_month"], frozenset(map(_folded, words["fillers"].split()))
    )


@dataclass(frozen=True)
class Span:
    """The days, first to last, that a date stands for; one day if it is complete."""

    first: dt.date
    last: dt.date


class DateError(ValueError):
    """A date that can't be used: the reason from the fixed list, and what was found."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@lru_cache(maxsize=100_000)
def parse_date(text: str, day_first: bool | None = None) -> Span:
    """Read one date, in which `day_first` says whether 04/05/2018 is in May.

    DateError if it is empty, in no known form, ambiguous or no day of the calendar.

    Examples
    --------
    >>> parse_date("Tuesday, 12. Juni 2018").first
    datetime.date(2018, 6, 12)
    >>> parse_date("June 2018").last
    datetime.date(2018, 6, 30)
    """
    plain = _folded(text)
    if not plain:
        raise DateError(Reason.NO_DATE, "")
    if len(plain) > LONGEST:
        raise DateError(Reason.UNREADABLE_DATE, f"{text[:40]!r}... is longer than any date")
    bare = (plain, _CLOCK.sub("", plain), _INNER_CLOCK.sub("", plain))
    for form in map(_bare, bare):
        for pattern in (_COMPACT, _EASTERN, _DOTTED):
            if match := pattern.fullmatch(form):
                return _checked(text, *match.groups())
        if match := _YEAR_FIRST.fullmatch(form):
            year, _, month, day = match.groups()
            return _checked(text, year, month, day)
        if match := _YEAR_LAST.fullmatch(form):
            return _year_last(text, match, day_first)
        if found := _by_name(form):
            return _checked(text, *found)
    raise DateError(Reason.UNREADABLE_DATE, f"{text[:80]!r} is in no known form of a date")


def is_epoch(text: str) -> bool:
    """Whether a text may be a moment of Unix' time, in seconds or milliseconds, from 1973 on."""
    return bool(_EPOCH.fullmatch(text))


def read_epoch(text: str) -> Span:
    """The day of a moment of Unix' time, in UTC."""
    day = (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(text[:10]))).date()
    return Span(day, day)


def seen_orders(texts: Iterable[str]) -> set[bool]:
    """Orders of day and month that dates show which can be read one way: True is day first.

    A file has an order if its dates show just one.
    """
    return {order for text in texts if (order := _order(text)) is not None}


@lru_cache(maxsize=100_000)
def _order(text: str) -> bool | None:
    if match := _YEAR_LAST.match(_bare(_folded(text))):
        first, second = int(match[1]), int(match[3])
        if min(first, second) <= 12 < max(first, second) <= 31:
            return first > second
    return None


def has_dots(text: object) -> bool:
    """Whether dots stand between day and month: their order is not told by dates with others."""
    return isinstance(text, str) and bool(_DOTTED_DAY.match(text))


def first_possible(
    dates: Iterable[str],
    today: dt.date,
    since: int = EARLIEST.year,
    day_first: bool | None = None,
) -> str | None:
    """The first date that can be read and is of a year from `since` on, and not after today.

    Stand-ins (0001-01-01, 1970-01-01) and dates that can't be read hide none that follows.
    """
    for date in dates:
        try:
            span = parse_date(date, day_first)
            check_possible(span, today)
        except DateError:
            continue
        if span.first.year >= since and span.first not in STAND_INS:
            return date
    return None


def check_possible(span: Span, today: dt.date) -> None:
    """Raise DateError if no newspaper can have appeared then: before 1605, or after today."""
    if span.first < EARLIEST:
        raise DateError(
            Reason.IMPOSSIBLE_DATE, f"{span.first} is before the first newspaper, of 1605"
        )
    if span.first > today:
        raise DateError(Reason.IMPOSSIBLE_DATE, f"{span.first} is after {today}")


def _folded(text: str) -> str:
    """In small letters, without vowel signs and other marks, and marks of direction."""
    small = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    if not small.isascii():
        kinds = zip(small, map(unicodedata.category, small), strict=True)
        small = "".join(char for char, kind in kinds if kind[0] != "M" and kind != "Cf")
    return " ".join(small.split())


def _bare(form: str) -> str:
    """What is left of a date without weekdays and the like around it."""
    words = form.removesuffix("г.").split(" ")
    fillers = _date_words().fillers
    while words and words[0].rstrip(".,") in fillers:
        del words[0]
    while words and words[-1].rstrip(".,") in fillers:
        del words[-1]
    return " ".join(words).rstrip(" ,")


def _year_last(text: str, match: re.Match[str], day_first: bool | None) -> Span:
    first, mark, second, year = match.groups()
    # A number above 12 can only be the day; where both may be months, a dotted date has the day
    # first in every language that writes dates so.
    if int(first) > 12:
        day_first = True
    elif int(second) > 12:
        day_first = False
    elif mark == "." and day_first is None:
        day_first = True
    if day_first is None and first.zfill(2) != second.zfill(2):
        raise DateError(
            Reason.AMBIGUOUS_DATE,
            f"{text[:80]!r}: nothing in the file says whether the day or the month comes first; "
            "pass day_first=True or day_first=False (framing import and count: --day-first or "
            "--month-first; in a study: corpus.day_first)",
        )
    return _checked(text, year, second, first) if day_first else _checked(text, year, first, second)


def _by_name(form: str) -> tuple[str, int, str | None] | None:
    if not _BY_NAME.fullmatch(form):
        return None
    known = _date_words()
    found = _WORDS.findall(_ORDINAL.sub(r"\1", form))
    pairs = {f"{first} {second}" for first, second in pairwise(found)} & known.months.keys()
    for pair in pairs:  # the Arabic of the Levant has months of two words
        found[(at := found.index(pair.split(" ")[0])) : at + 2] = [pair]
    words = [word for word in found if word not in known.fillers]
    months = [word for word in words if word in known.months]
    if len(months) == 2 and months[0] == words[0] == known.weekday_or_month:
        del months[0], words[0]
    numbers = [word for word in words if word.isdecimal()]
    if len(months) != 1 or len(months) + len(numbers) != len(words):
        return None
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(years) != 1 or len(days) > 1 or len(years) + len(days) != len(numbers):
        return None
    month = known.months[months[0]]
    if match := _LISTOPAD.search(form):
        dots = sum(map(bool, match.groups()))
        if dots == 1:
            raise DateError(
                Reason.AMBIGUOUS_DATE,
                f"{form!r}: is October in Croatian and November in Polish; write the month as a "
                "number",
            )
        month -= dots > 0
    return years[0], month, days[0] if days else None


def _checked(text: str, year: str, month: str | int | None, day: str | int | None) -> Span:
    try:
        first = dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise DateError(
            Reason.IMPOSSIBLE_DATE, f"{text[:80]!r} is no day of the calendar"
        ) from None
    if not month:
        return Span(first, first.replace(month=12, day=31))
    return Span(first, first if day else first.replace(day=monthrange(first.year, first.month)[1]))
