"""Small multiples: the share of each outlet over time, each in a panel of its own."""

from collections.abc import Mapping, Sequence
from string import ascii_lowercase

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.showing.charts.base import (
    CHANNELS,
    FAINT,
    INK,
    TWO_COLUMNS,
    articles_label,
    clickable,
    plain,
    style,
)
from analysis.showing.charts.inputs import frames_of, need
from analysis.showing.charts.periods import event_place, period_ticks

GREY = "#C9C9C9"


def share_multiples(
    table: pd.DataFrame,
    *,
    series: str = "outlet",
    period: str = "period",
    order: Sequence[str] | None = None,
    columns: int | None = None,
    events: Mapping[str, str] | None = None,
    thin: int = 10,
    frames: tuple[str, str] | None = None,
) -> Figure:
    """Draw the share of each series over the periods in a panel of its own.

    The grey line behind it is the share of all the series together, so that panels compare.

    Parameters
    ----------
    table : DataFrame
        Rows of ``stance`` with the columns `series` and `period` (an ordered category). Its hits
        ``n_<frame>`` give the grey line.
    order : sequence of str, optional
        The series to draw, in this order; else all, those with the most articles first.
    columns : int
        Panels in a row; by default three, or two where there are two or four panels.
    events : mapping of name to date, optional
        Marked by a line and a letter each, a to z in order of time.
    thin : int
        Periods with fewer articles than this are drawn hollow and without an interval.
    frames : (str, str), optional
        What a share of 1 and of 0 means; by default the frames that the table scores.

    Returns
    -------
    Figure
    """
    source = "the table of stance()"
    need(table, ["share", "share_low", "share_high", "articles", series, period], source)
    frames = frames_of(table, frames)
    hits = [f"n_{frame}" for frame in frames]
    need(table, hits, source)
    sizes = table.groupby(series, observed=True)["articles"].sum()
    names = list(order or sizes.sort_index().sort_values(ascending=False, kind="stable").index)
    periods = list(table[period].cat.categories)
    together = table.groupby(period, observed=False)[hits].sum()
    together = (together[hits[0]] / together.sum(axis=1)).to_numpy(float)
    lines = {
        name: rows.set_index(period).reindex(periods)
        for name, rows in table.groupby(series, observed=True)
    }
    with style():
        import matplotlib.pyplot as plt

        columns = columns or (2 if len(names) in (2, 4) else 3)
        rows = -(-len(names) // columns)
        fig, axes = plt.subplots(
            rows, columns, figsize=(TWO_COLUMNS, 0.5 + 1.25 * rows), sharex=True, sharey=True,
            squeeze=False,
        )  # fmt: skip
        for ax, name in zip(axes.flat, names, strict=False):
            ax.plot(together, color=GREY, lw=1.6, zorder=1)
            _panel(ax, lines[name], thin)
            said = articles_label(int(lines[name]["articles"].sum()))
            ax.set_title(f"{plain(name)}   {said}", fontsize=6.5, fontweight="normal")
            _events(ax, events or {}, periods)
            ax.set_ylim(-0.04, 1.04)
            ax.set_yticks([0, 0.5, 1], [f"0  all {frames[1]}", ".50", f"1  all {frames[0]}"])
            ax.set_xticks(*period_ticks(periods, most=6))
        for ax in list(axes.flat)[len(names) :]:
            ax.set_visible(False)
    return fig


def _panel(ax: Axes, rows: pd.DataFrame, thin: int) -> None:
    colour, marker, _ = CHANNELS[0]
    x, share = np.arange(len(rows)), rows["share"].to_numpy(float)
    thick = (rows["articles"].fillna(0) >= thin).to_numpy()
    low, high = (np.where(thick, rows[name], np.nan) for name in ("share_low", "share_high"))
    ax.fill_between(x, low, high, color=colour, alpha=0.18, lw=0, zorder=2)
    ax.vlines(x, low, high, color=colour, alpha=0.5, lw=0.7, zorder=3)
    ax.plot(x, share, color=colour, lw=0.7, alpha=0.6, zorder=4)
    for filled in (True, False):
        ax.plot(
            x[thick == filled], share[thick == filled], marker=marker, ls="none", ms=2.6,
            mec=colour, mew=0.7, mfc=colour if filled else "white", zorder=5,
        )  # fmt: skip
    ax.axhline(0.5, color=FAINT, lw=0.5, ls=(0, (1, 2)), zorder=0)
    if "link" in rows:
        clickable(ax, x, share, rows["link"])


def event_letters(events: Mapping[str, str]) -> dict[str, str]:
    """A letter for each event, in order of time.

    Examples
    --------
    >>> event_letters({"Hanoi summit": "2019-02-27", "Singapore summit": "2018-06-12"})
    {'a': 'Singapore summit', 'b': 'Hanoi summit'}
    """
    return dict(zip(ascii_lowercase, sorted(events, key=lambda name: events[name]), strict=False))


def _events(ax: Axes, events: Mapping[str, str], periods: list[str]) -> None:
    for letter, name in event_letters(events).items():
        x = event_place(pd.Timestamp(events[name]), periods)
        if x is None:
            continue
        ax.axvline(x, color=INK, lw=0.6, ls=(0, (1, 1)), zorder=0)
        ax.annotate(
            letter, (x, 0), (1, 1), xycoords=ax.get_xaxis_transform(), fontsize=5.5,
            textcoords="offset points", ha="left", va="bottom", color=INK,
        )  # fmt: skip
