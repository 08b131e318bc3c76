"""Periods on the x axis: calendar periods at their days, all others as categories."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DAILY, MONTHLY, YEARLY, AutoDateLocator, date2num, num2date
from numpy.typing import NDArray

from analysis.periods import MONTHS, days_of_label, freq_of
from analysis.showing.charts.drawing.labels import legible, literal, shortened, wrapped
from analysis.showing.charts.drawing.look import word

Floats = NDArray[np.float64]

# In the style's type of 7 points: the width of a letter, and the space between two labels.
_LETTER, _SPACE = 4.4, 4.0
# The longest name of a period that is written upright, in letters.
_LONGEST = 32


@dataclass(frozen=True, eq=False)
class Spans:
    """Where periods lie on an axis: each from its start to its end.

    Periods that are all of one calendar frequency lie on matplotlib's date axis; those with names
    of their own (`freq` is None) are one unit wide, around 0, 1, and so on.
    """

    names: list[str]
    freq: str | None
    starts: Floats
    ends: Floats

    @classmethod
    def of(cls, periods: Sequence[object]) -> "Spans":
        """Place periods, of the calendar (as `add_period` names them) or not."""
        names = [str(period) for period in periods]
        freq = freq_of(names)
        if freq is None:
            places = np.arange(len(names), dtype=np.float64)
            return cls(names, freq, places - 0.5, places + 0.5)
        days = date2num([days_of_label(name) for name in names])
        return cls(names, freq, days[:, 0], days[:, 1] + 1)

    @property
    def middles(self) -> Floats:
        """Where the points of the periods are drawn."""
        return (self.starts + self.ends) / 2

    @property
    def limits(self) -> tuple[float, float]:
        """Where the axis begins and ends."""
        return (self.starts[0], self.ends[-1]) if self.names else (-0.5, 0.5)


def event_place(day: pd.Timestamp, spans: Spans) -> float | None:
    """Where a day lies on the axis; None if it is in none of the periods."""
    for name, start, end in zip(spans.names, spans.starts, spans.ends, strict=True):
        days = days_of_label(name)
        if days and pd.Timestamp(days[0]) <= day < pd.Timestamp(days[1]) + pd.Timedelta(days=1):
            first, last = date2num(days)
            return float(start + (end - start) * (date2num(day) - first) / (last + 1 - first))
    return None


def period_axis(ax: Axes, spans: Spans) -> None:
    """Set the limits of the x axis, and name as many of the periods as fit."""
    ax.set_xlim(*spans.limits)
    room = 72 * ax.bbox.width / ax.figure.dpi
    if spans.freq:
        ax.set_xticks(*date_ticks(*spans.limits, room, spans.freq), ha="left")
        return
    labels, upright = _category_labels(spans.names, room)
    every = max(1, -(-len(labels) * 9 // int(room))) if upright else 1
    ax.set_xticks(
        spans.middles[::every], [literal(label) for label in labels[::every]],
        rotation=90 if upright else 0,
    )  # fmt: skip


def axis_height(spans: Spans, room: float = 380) -> float:
    """How many inches the names of the periods need below an axis, over those of dates."""
    if spans.freq or not spans.names:
        return 0
    labels, upright = _category_labels(spans.names, room)
    if upright:
        return _LETTER * max(map(len, labels)) / 72
    return 8.5 / 72 * max(0, *(label.count("\n") - 1 for label in labels))


def date_ticks(
    first: float, end: float, room: float, freq: str = "day"
) -> tuple[list[float], list[str]]:
    """Ticks at the beginnings of days, months or years, no closer than `freq`, and their labels.

    The axis is `room` points long, from `first` to `end` in matplotlib's numbers of days.
    """
    step = MONTHS.get(freq, 0)
    fit, days_fit = (max(1, int(room / (letters * _LETTER + _SPACE))) for letters in (4, 6))
    # There need not be more ticks than periods or days.
    least = min(5, fit, max(1, round((end - first) / (30.4 * step or 1))))
    # The tick at the end, which is not drawn, is counted in.
    most = {YEARLY: fit + 1, MONTHLY: fit + 1, DAILY: days_fit + 1}
    locator = AutoDateLocator(dt.UTC, minticks=least, maxticks=most)
    locator.intervald[MONTHLY] = [months for months in (1, 3, 6, 12) if months >= step]
    locator.intervald[DAILY] = [1, 7, 14, 31]
    ticks = locator.tick_values(num2date(first), num2date(end))
    ticks = [float(tick) for tick in ticks if first <= tick < end] or [first]
    whole_years = freq == "year" or len(ticks) > 1
    return ticks, _date_labels([num2date(tick) for tick in ticks], whole_years)


def _date_labels(days: list[dt.datetime], whole_years: bool) -> list[str]:
    """Each day without the parts that all have alike; its year below it where that changes."""
    if whole_years and all((day.month, day.day) == (1, 1) for day in days):
        return [f"{day.year}" for day in days]
    written = "%b" if all(day.day == 1 for day in days) else "%d %b"
    years = [0, *(day.year for day in days)]
    return [
        day.strftime(written.replace("%b", word(f"{day:%b}"))).lstrip("0")
        + (f"\n{day.year}" if day.year != before else "")
        for day, before in zip(days, years, strict=False)
    ]


def _category_labels(names: Sequence[str], room: float) -> tuple[list[str], bool]:
    """Names wrapped to fit side by side, or, if they are too wide for that, turned upright."""
    names = [legible(word(name)) for name in names]
    step = room / max(len(names), 1)
    longest = max((len(part) for name in names for part in name.split()), default=1)
    if _LETTER * longest + _SPACE > step and len(names) > 1:
        return [shortened(name, _LONGEST) for name in names], True
    return wrapped(names, max(longest, int((step - _SPACE) / _LETTER)), 4), False
