"""Small multiples: the share of each outlet over time, each in a panel of its own."""

from collections.abc import Mapping, Sequence
from itertools import product
from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import CountsError
from analysis.showing.charts import drawing as draw
from analysis.showing.largest import by_size


@draw.styled
def share_multiples(
    table: pd.DataFrame,
    *,
    series: str | None = None,
    period: str = "period",
    order: Sequence[str] | None = None,
    columns: int | None = None,
    events: Mapping[str, str] | None = None,
    thin: int | str = "auto",
    frames: tuple[str, str] | None = None,
) -> Figure:
    """Draw the share of each series over the periods in a panel of its own.

    The grey line behind it is the share of all the series together, so that panels compare.

    Parameters
    ----------
    table, series, period, frames
        As for `share_over_time`. The table's hits ``n_<frame>`` give the grey line.
    order : sequence of str, optional
        The series to draw, in this order (CountsError if one is not there); else all, those with
        the most articles first.
    columns : int
        Panels in a row; by default three, or two where there are two or four panels.
    events : mapping of name to date, optional
        Marked by a line and a letter each, a to z in order of time.
    thin : "auto" or int
        Periods with few articles are hollow; with a number, those with fewer have no interval
        either.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"], "period": "2021", "articles": 40,
    ...                       "n_threats": 4, "n_talks": 6, "share": 0.4, "share_low": 0.3,
    ...                       "share_high": 0.5})
    >>> fig = share_multiples(table, frames=("threats", "talks"))
    >>> [ax.get_title("left") for ax in fig.axes]
    ['Gazette   n = 40', 'Herald   n = 40']
    """
    source = "the table of stance()"
    table, series, period = draw.series_and_period(table, series, period)
    columns_needed = ["share", "share_low", "share_high", "articles"]
    table, spans = draw.points_in_periods(table, columns_needed, period, series, source)
    frames = draw.frames_of(table, frames)
    hits = [f"n_{frame}" for frame in frames]
    table = draw.needed(table, hits, source)
    names = _names(table, series, order)
    periods = table[period].cat.categories
    together = table.groupby(period, observed=False)[hits].sum()
    together = (together[hits[0]] / together.sum(axis=1)).to_numpy(float)
    lines = {
        str(name): rows.set_index(period).reindex(periods)
        for name, rows in table.groupby(series, observed=True)
    }
    every, none = map(draw.plain, frames)
    every_of = draw.word("all")
    columns = columns or (2 if len(names) in (2, 4) else min(3, max(len(names), 1)))
    fig, axes = _grid(names, columns, draw.axis_height(spans, 330 / columns))
    for ax, name, title in zip(axes.flat, names, _titles(lines, names, columns), strict=False):
        ax.plot(spans.middles, together, color=draw.GREY, lw=1.6, zorder=1)
        _panel(ax, spans.middles, lines[name], thin, name)
        ax.set_title(title, fontsize=6.5, fontweight="normal")
        ax.set_ylim(-0.04, 1.04)
        ax.set_yticks([0, 0.5, 1], [f"0  {every_of} {none}", ".50", f"1  {every_of} {every}"])
        draw.period_axis(ax, spans)
        _events(ax, events, spans)
    if not names:
        axes[0, 0].set_axis_off()
        draw.say(axes[0, 0], draw.NO_ROWS)
    return fig


def _names(table: pd.DataFrame, series: str, order: Sequence[str] | None) -> list[str]:
    """The series to draw, in order."""
    sizes = table.groupby(series, observed=True)["articles"].sum()
    sizes.index = sizes.index.map(str)
    if order is None:
        return list(by_size(sizes).index)
    if missing := [str(name) for name in order if str(name) not in sizes.index]:
        raise CountsError(
            f"order names {', '.join(missing)}, which the column {series!r} does not have; it has "
            f"{', '.join(sizes.index[:20])}{', ...' if len(sizes) > 20 else ''}."
        )
    return [str(name) for name in order]


def _grid(names: Sequence[str], columns: int, below: float) -> tuple[Figure, Any]:
    import matplotlib.pyplot as plt

    rows = max(-(-len(names) // columns), 1)
    height = 0.5 + 1.25 * rows + below * (2 if len(names) % columns else 1)
    size = draw.size_or(draw.TWO_COLUMNS, height)
    fig, axes = plt.subplots(rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False)
    for number, ax in enumerate(axes.flat):
        ax.set_visible(number < max(len(names), 1))
        # The lowest panel of each column shows the periods.
        ax.tick_params(labelbottom=number + columns >= len(names))
    return fig, axes


def _titles(lines: Mapping[str, pd.DataFrame], names: Sequence[str], columns: int) -> list[str]:
    """The name of each series and its number of articles, in two lines if need be."""
    width = int(106 / columns)  # in letters of 6.5 points
    said = [draw.n_label(int(lines[name]["articles"].sum())) for name in names]
    whole = draw.row_labels(names, width)
    return [
        name + ("   " if len(name) + len(n) + 3 <= width and "\n" not in name else "\n") + n
        for name, n in zip(whole, said, strict=True)
    ]


def _panel(ax: Axes, x: draw.Floats, rows: pd.DataFrame, thin: int | str, name: str) -> None:
    colour = draw.given_colour(name, draw.CHANNELS[0][0])
    share = rows["share"].to_numpy(float)
    thick, sure = draw.thick_points(rows["articles"], rows["share_low"], thin)
    low, high = (np.where(sure, rows[end], np.nan) for end in ("share_low", "share_high"))
    under, over = (np.where(thick, ends, np.nan) for ends in (low, high))
    ax.fill_between(x, under, over, color=colour, alpha=0.18, lw=0, zorder=2)
    ax.vlines(x, low, high, color=colour, alpha=0.5, lw=0.7, zorder=3)
    ax.plot(x, share, color=colour, lw=0.7, alpha=0.6, zorder=4)
    draw.dots(ax, x, share, thick, (colour, "o", "-"), most=2.6, edge=0.7)
    ax.axhline(0.5, color=draw.FAINT, lw=0.5, ls=(0, (1, 2)), zorder=0)
    if not np.isfinite(share).any():
        draw.say(ax, draw.NO_HITS)
    draw.clickable(ax, x, share, rows.get("link"))


def event_letters(events: Mapping[str, str]) -> dict[str, str]:
    """A letter, from a on, for each of the events of `share_multiples`, in order of time.

    Examples
    --------
    >>> event_letters({"summit": "2022-01-19", "flood": "2021-05-02"})
    {'a': 'flood', 'b': 'summit'}
    """
    letters = [*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2))]
    return dict(zip(letters, (name for name, _ in draw.days_of(events)), strict=False))


def _events(ax: Axes, events: Mapping[str, str] | None, periods: draw.Spans) -> None:
    days = dict(draw.days_of(events))
    letters = event_letters(events or {})
    places = {letter: draw.event_place(days[name], periods) for letter, name in letters.items()}
    placed = [(letter, x) for letter, x in places.items() if x is not None]
    step = draw.size_of(ax)[0] / (periods.limits[1] - periods.limits[0])
    rows = draw.rows_apart([(step * x, step * x + 4 * len(letter)) for letter, x in placed], 0.5)
    for (letter, x), row in zip(placed, rows, strict=True):
        ax.axvline(x, color=draw.INK, lw=0.6, ls=(0, (1, 1)), zorder=0)
        look = {"ha": "left", "va": "bottom", "fontsize": 5.5, "color": draw.INK}
        draw.note(ax, letter, (x, 0), (1, 1 + 6 * row), "column", **look)
