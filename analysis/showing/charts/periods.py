"""Periods on an axis: short names, and no more of them than fit."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes

from analysis.periods import CALENDAR, freq_of
from analysis.showing.charts.fonts import legible
from analysis.showing.charts.texts import plain, shortened, wrapped

# Of the style's type at 7 points: the width of a letter, and a space between two labels.
LETTER, SPACE = 4.4, 4.0
# Upright names of periods have so many letters at most.
LONGEST = 32

# Where the ticks of an axis stand that has no room for all its periods, the finest first.
_MONTHS = [f"{month:02}" for month in range(1, 13)]
_COARSER = {
    "year": [],
    "half": [{"H1"}],
    "quarter": [{"Q1"}],
    "month": [set(_MONTHS[::step]) for step in (3, 6, 12)],
    "week": [{f"W{week:02}" for week in range(1, 53, step)} for step in (2, 4, 13, 26, 52)],
    "day": [
        {f"{month}-{day:02}" for month in _MONTHS for day in (1, 8, 15, 22)},
        *({f"{month}-01" for month in _MONTHS[::step]} for step in (1, 3, 6, 12)),
    ],
}


def period_axis(ax: Axes, periods: Sequence[object]) -> None:
    """Name the periods, which stand at 0, 1, ..., on the x axis, as many as fit on it."""
    room = 72 * ax.bbox.width / ax.figure.dpi
    ticks, names = period_ticks(periods, room)
    upright = _upright(periods, room)
    if upright:
        every = max(1, -(-len(periods) * 9 // int(room)))
        ticks = list(range(0, len(periods), every))
        names = [shortened(legible(str(periods[tick])), LONGEST) for tick in ticks]
    ax.set_xticks(ticks, [plain(name) for name in names], rotation=90 if upright else 0)


def axis_height(periods: Sequence[object], room: float = 380) -> float:
    """How many inches the names of the periods need below an axis, over those of the calendar."""
    _, names = period_ticks(periods, room)
    if _upright(periods, room):
        return LETTER * min(LONGEST, max(len(str(period)) for period in periods)) / 72
    return 8.5 / 72 * max(0, *(name.count("\n") - 1 for name in names)) if names else 0


def _upright(periods: Sequence[object], room: float) -> bool:
    """Whether names of one's own don't fit beside each other.

    None of them can be told from its neighbours, so all are shown.
    """
    ticks, names = period_ticks(periods, room)
    return len(ticks) == len(periods) and not _fit(ticks, names, room / max(len(periods), 1))


def period_ticks(periods: Sequence[object], room: float = 400) -> tuple[list[int], list[str]]:
    r"""Where the ticks of an axis of periods stand, and what they say.

    Parameters
    ----------
    periods : sequence
        Of the calendar, as `add_period` names them, or with names of their own. Of the former as
        many are named as fit, the others are found by counting; the latter are wrapped.
    room : float
        The length of the axis in points.

    Returns
    -------
    ticks, labels : list of int, list of str

    Examples
    --------
    >>> period_ticks(["2018-Q1", "2018-Q2", "2018-Q3"])
    ([0, 1, 2], ['Q1\n2018', 'Q2', 'Q3'])
    >>> period_ticks([f"{year}-Q{q}" for year in (2018, 2019) for q in (1, 2, 3, 4)], 60)
    ([0, 4], ['2018', '2019'])
    >>> period_ticks(["before the summit of Fennhaven", "after"], 120)
    ([0, 1], ['before the\nsummit of\nFennhaven', 'after'])
    """
    names = [legible(str(period)) for period in periods]
    step = room / max(len(names), 1)
    if not names or not all(CALENDAR.fullmatch(name) for name in names):
        word = max((len(word) for name in names for word in name.split()), default=1)
        letters = int((step - SPACE) / LETTER)
        return list(range(len(names))), wrapped(names, max(word, letters), 4)
    for ticks, only_years in _choices(names):
        labels = _labels([names[tick] for tick in ticks], only_years)
        if _fit(ticks, labels, step):
            break
    return ticks, labels


def _choices(names: list[str]) -> Iterator[tuple[list[int], bool]]:
    """Ticks at all periods, then at ever fewer that begin something; whether they are years."""
    yield list(range(len(names))), False
    for starts in _COARSER[freq_of(names[:1]) or "year"]:
        ticks = [n for n, name in enumerate(names) if name[5:] in starts]
        if len(ticks) > 1:
            yield ticks, len(starts) == 1
    years = [
        n for n, name in enumerate(names) if name[5:] in ("", "H1", "Q1", "01", "W01", "01-01")
    ]
    for every in (2, 5, 10, 20, 50, 100):
        ticks = [n for n in years if int(names[n][:4]) % every == 0]
        if len(ticks) > 1:
            yield ticks, True
    every = 2
    while every < len(names):
        yield list(range(0, len(names), every)), False
        every *= 2
    yield [0], False


def _labels(names: list[str], only_years: bool) -> list[str]:
    """``2018-Q1`` as ``Q1`` over its year, and ``2018-Q2`` as ``Q2`` beside it."""
    if only_years:
        return [name[:4] for name in names]
    before = ["", *(name[:4] for name in names)]
    return [
        f"{name[5:]}\n{name[:4]}" if name[5:] and name[:4] != year else name[5:] or name
        for name, year in zip(names, before, strict=False)
    ]


def _fit(ticks: Sequence[int], labels: Sequence[str], step: float) -> bool:
    """Whether labels at these ticks, `step` points apart, are apart in each of their lines."""
    texts = [label.split("\n") for label in labels]
    for line in range(max(map(len, texts), default=0)):
        widths = [
            (tick, LETTER * len(text[line]))
            for tick, text in zip(ticks, texts, strict=True)
            if line < len(text)
        ]
        for (tick, width), (other, wide) in pairwise(widths):
            if (other - tick) * step < (width + wide) / 2 + SPACE:
                return False
    return True


def event_place(day: pd.Timestamp, periods: Sequence[object]) -> float | None:
    """Where a day stands on an axis whose points are the middles of periods.

    None if the day lies in none of them, or the periods have names that tell no days.

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
    """The first day of a period and the first day after it."""
    try:
        return _span(label)
    except ValueError:  # such as "2018-W60": a name of one's own that looks like a period
        return None


def _span(label: str) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    if span := re.fullmatch(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)", label):
        return pd.Timestamp(span[1]), pd.Timestamp(span[2]) + pd.Timedelta(days=1)
    if half := re.fullmatch(r"(\d{4})-H([12])", label):
        start = pd.Timestamp(int(half[1]), 6 * int(half[2]) - 5, 1)
        return start, start + pd.DateOffset(months=6)
    if week := re.fullmatch(r"(\d{4})-W(\d\d)", label):
        start = pd.Timestamp.fromisocalendar(int(week[1]), int(week[2]), 1)
        return start, start + pd.Timedelta(days=7)
    if not CALENDAR.fullmatch(label):
        return None
    period = pd.Period(label.replace("-Q", "Q"))
    return period.start_time, (period + 1).start_time
