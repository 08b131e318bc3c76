"""Periods on an axis: short names, and no more of them than fit."""

import re
from collections.abc import Sequence

import pandas as pd


def period_ticks(periods: Sequence[object], most: int = 20) -> tuple[range, list[str]]:
    r"""Where the ticks of an axis of periods stand, and what they say.

    Examples
    --------
    >>> period_ticks(["2018-Q1", "2018-Q2", "2018-Q3"])
    (range(0, 3), ['Q1\n2018', 'Q2', 'Q3'])
    """
    names = [str(period) for period in periods]
    every = max(1, -(-len(names) // most))
    if every > 1 and all(len(name) == 7 and name[5] == "Q" for name in names):
        every = 4 * -(-every // 4)
    elif every > 1 and all(len(name) == 7 and name[5].isdigit() for name in names):
        every = 6 if every <= 6 else 12 * -(-every // 12)
    first = _first_of_a_year(names) if every > 1 else 0
    ticks = range(first, len(names), every)
    years = every >= 4 and every % 4 == 0
    return ticks, [_short(names[tick], years, first=tick == first) for tick in ticks]


def _first_of_a_year(names: list[str]) -> int:
    starts = [n for n, name in enumerate(names) if name[4:] in ("-Q1", "-01", "-H1", "-W01")]
    return starts[0] if starts else 0


def _short(period: str, only_years: bool, first: bool) -> str:
    """``2018-Q1`` as ``Q1`` over its year, and ``2018-Q2`` as ``Q2`` beside it."""
    year, _, rest = period.partition("-")
    if not (year.isdigit() and len(year) == 4) or not rest:
        return period
    if only_years and rest in ("Q1", "01"):
        return year
    return f"{rest}\n{year}" if first or rest in ("Q1", "01", "H1", "W01") else rest


def event_place(day: pd.Timestamp, periods: Sequence[object]) -> float | None:
    """Where a day stands on an axis whose points are the middles of calendar periods.

    None if the day lies in none of them, or the periods have names of their own.

    Examples
    --------
    >>> event_place(pd.Timestamp("2018-07-02 12:00"), ["2017", "2018"])
    1.0
    """
    for x, label in enumerate(periods):
        span = _days_of(str(label))
        if span and span[0] <= day < span[1]:
            return x - 0.5 + float((day - span[0]) / (span[1] - span[0]))
    return None


def _days_of(label: str) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The first day of a calendar period and the first day after it."""
    if half := re.fullmatch(r"(\d{4})-H([12])", label):
        start = pd.Timestamp(int(half[1]), 6 * int(half[2]) - 5, 1)
        return start, start + pd.DateOffset(months=6)
    if week := re.fullmatch(r"(\d{4})-W(\d\d)", label):
        start = pd.Timestamp.fromisocalendar(int(week[1]), int(week[2]), 1)
        return start, start + pd.Timedelta(days=7)
    if not re.fullmatch(r"\d{4}(-Q[1-4]|-\d\d(-\d\d)?)?", label):
        return None
    period = pd.Period(label.replace("-Q", "Q"))
    return period.start_time, (period + 1).start_time
