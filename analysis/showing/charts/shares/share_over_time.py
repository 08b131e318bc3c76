"""The share of one frame against another over time."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.showing.charts import drawing as draw


@draw.styled
def share_over_time(
    table: pd.DataFrame,
    *,
    series: str | None = None,
    period: str = "period",
    events: Mapping[str, str] | None = None,
    turns: pd.DataFrame | None = None,
    thin: int | str = "auto",
    frames: tuple[str, str] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of each series over the periods, with a band for its interval.

    Parameters
    ----------
    table : DataFrame
        Rows of ``stance`` with the columns `series` and `period` (an ordered category; other
        values are put in order). A series without hits is named, and has no line.
    series, period : str, optional
        By default what the table can only mean; CountsError if it has several columns of groups.
    events : mapping of name to date (``"2018-06-12"``), optional
        Marked by a line each, at its day; CountsError if a date is invalid.
    turns : DataFrame, optional
        Rows of ``trend(..., each_turn=True)``, of which those of turns are drawn: a band for the
        interval of the date, and the shares before and after as lines.
    thin : "auto" or int
        Periods with few articles are hollow, joined by a faint line only; with a number, those
        with fewer articles have neither line nor interval.
    frames, title, ax
        As for `share_by_group`.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": "Gazette", "period": ["2021", "2022"], "articles": 40,
    ...                       "share": 0.4, "share_low": 0.3, "share_high": 0.5})
    >>> ax = share_over_time(table, series="outlet", frames=("threats", "talks"))
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['2021', '2022']
    """
    columns = ["share", "share_low", "share_high", "articles"]
    table, series, period = draw.series_and_period(table, series, period)
    table, spans = draw.points_in_periods(table, columns, period, series, "the table of stance()")
    frames = draw.frames_of(table, frames)
    scored = table.groupby(series, observed=True)["share"].transform("count") > 0
    lines = dict(iter(table[scored].groupby(series, observed=True, sort=True)))
    advice = "Choose some, or draw each in a panel of its own with share_multiples."
    draw.check_lines(len(lines), advice)
    height = 2.8 + 0.1 * max(0, len(lines) - 2) + draw.axis_height(spans)
    ax = draw.axes_or_new(ax, draw.TWO_COLUMNS, height)
    draw.share_axis(ax, "y", frames)
    draw.period_axis(ax, spans)
    ends = _without_hits(table[~scored], series)
    names = draw.row_labels(lines, 24)
    channels = draw.channels_of([str(name) for name in lines])
    channels = channels if series != draw.ALL else [draw.CHANNELS[0]]
    below = []
    for name, rows, channel in zip(names, lines.values(), channels, strict=False):
        rows = rows.set_index(period).reindex(table[period].cat.categories)
        _line(ax, spans.middles, rows, thin, channel)
        below.append((rows["articles"].fillna(0), channel[0]))
        label = f"{name}\n{draw.n_label(int(rows['articles'].sum()))}"
        ends.append((float(rows["share"].dropna().iloc[-1]), label, channel[0]))
        if turns is not None:
            own = turns[turns[series] == name] if series in turns else turns
            _turns(ax, own, spans, channel[0])
    draw.counts_below(ax, spans, below)
    if not lines:
        draw.say(ax, draw.NO_HITS if len(table) else draw.NO_ROWS)
    draw.end_labels(ax, ends)
    draw.event_lines(ax, events, spans, title)
    return ax


def _line(
    ax: Axes, x: draw.Floats, rows: pd.DataFrame, thin: int | str, channel: draw.Channel
) -> None:
    """One series: its share, its intervals where there are articles enough, and its points."""
    colour, _, dash = channel
    share = rows["share"].to_numpy(float)
    thick, sure = draw.thick_points(rows["articles"], rows["share_low"], thin)
    low, high = (np.where(sure, rows[name], np.nan) for name in ("share_low", "share_high"))
    under, over = (np.where(thick, ends, np.nan) for ends in (low, high))
    ax.fill_between(x, under, over, color=colour, alpha=0.18, lw=0, zorder=1)
    # A band needs two neighbours; a lone thick period keeps its interval as a bar.
    ax.vlines(x, low, high, color=colour, alpha=0.5, lw=0.8, zorder=2)
    if thin == "auto":
        ax.plot(x, share, color=colour, ls=dash, lw=0.5, alpha=0.3, zorder=3)
    ax.plot(x, np.where(thick, share, np.nan), color=colour, ls=dash, zorder=3)
    draw.dots(ax, x, share, thick, channel)
    draw.clickable(ax, x, share, rows.get("link"))


def _turns(ax: Axes, turns: pd.DataFrame, spans: draw.Spans, colour: str) -> None:
    """Bands for the intervals of turns, and the level of each segment between them."""
    called = turns[turns["turns"] > 0].sort_values("turn")
    if called.empty:
        return
    at = [draw.event_place(pd.Timestamp(day), spans) for day in called["turn"]]
    edges = [spans.limits[0], *at, spans.limits[1]]
    levels = [called["share_before"].iloc[0], *called["share_after"]]
    for begin, end, level in zip(edges[:-1], edges[1:], levels, strict=True):
        if begin is not None and end is not None:
            ax.hlines(level, begin, end, color=colour, lw=1.0, ls=(0, (4, 2)), alpha=0.8, zorder=2)
    for low, high in called[["turn_low", "turn_high"]].itertuples(index=False):
        begin, end = (draw.event_place(pd.Timestamp(day), spans) for day in (low, high))
        if begin is not None and end is not None:
            ax.axvspan(begin, end, color=colour, alpha=0.25, lw=0, zorder=0.5)


def _without_hits(table: pd.DataFrame, series: str) -> list[tuple[float, str, str]]:
    """Labels for the series that have no line."""
    sizes = table.groupby(series, observed=True, sort=True)["articles"].sum()
    if len(sizes) > 3:
        return [(0.0, f"{len(sizes)} others:\nno hits", draw.FAINT)]
    return [
        (0.0, f"{name}\nno hits, {draw.n_label(int(n))}", draw.FAINT)
        for name, n in zip(draw.row_labels(sizes.index, 24), sizes, strict=True)
    ]
