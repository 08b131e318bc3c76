"""The share of one frame against another: by group, and over time."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import CountsError
from analysis.showing.charts.base import (
    CHANNELS,
    FAINT,
    INK,
    ONE_COLUMN,
    TWO_COLUMNS,
    articles_label,
    axes_or_new,
    clickable,
    plain,
    share_axis,
    styled,
)
from analysis.showing.charts.inputs import frames_of, need
from analysis.showing.charts.periods import event_place, period_ticks


@styled
def share_by_group(
    table: pd.DataFrame,
    *,
    label: str = "outlet",
    colour_by: str | None = None,
    colour_order: Sequence[str] | None = None,
    reference: tuple[float, str] | None = None,
    frames: tuple[str, str] | None = None,
    sort: bool = True,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of each group as a dot with its interval, and its number of articles.

    Parameters
    ----------
    table : DataFrame
        Rows of ``stance``: ``share, share_low, share_high, articles`` and the column `label`.
        A group without an interval is drawn hollow.
    label : str
        The column that names the groups.
    colour_by, colour_order : str and sequence of str, optional
        A column of categories shown by colour and marker, and the order that they are given them.
    reference : (float, str), optional
        A share to compare with, and its name.
    frames : (str, str), optional
        What a share of 1 and of 0 means; by default the frames that the table scores.
    sort : bool
        Put the largest share at the top; else the table's order from the top.
    title : str
        Drawn above the chart.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    need(table, ["share", "share_low", "share_high", "articles", label], "the table of stance()")
    frames = frames_of(table, frames)
    rows = table[table["share"].notna()]
    rows = rows.sort_values("share", kind="stable") if sort else rows.iloc[::-1]
    ax = axes_or_new(ax, ONE_COLUMN, 0.6 + 0.17 * len(rows))
    kinds = list(colour_order or (sorted(rows[colour_by].unique()) if colour_by else []))
    for y, row in enumerate(rows.to_dict("records")):
        colour, marker, _ = CHANNELS[kinds.index(row[colour_by]) if colour_by else 0]
        known = np.isfinite(row["share_low"])
        if known:
            ax.plot([row["share_low"], row["share_high"]], [y, y], color=colour, lw=1.2, zorder=2)
        ax.plot(
            row["share"], y, marker=marker, color=colour, ms=4.2, zorder=3, ls="none",
            mfc=colour if known else "white", mec=colour, clip_on=False,  # whole at 0 and 1
        )  # fmt: skip
        if "link" in row:
            clickable(ax, [row["share"]], [y], [row["link"]])
        ax.annotate(
            articles_label(row["articles"]), (1, y), (3, 0), xycoords=ax.get_yaxis_transform(),
            textcoords="offset points", va="center", color=FAINT, fontsize=6,
        )  # fmt: skip
    if colour_by:
        _key(ax, kinds)
    if reference is not None:
        _reference_line(ax, *reference)
    ax.set_yticks(range(len(rows)), [plain(name) for name in rows[label]])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    ax.set_title(plain(title), pad=10 if reference else None)
    share_axis(ax, "x", frames)
    return ax


@styled
def share_over_time(
    table: pd.DataFrame,
    *,
    series: str,
    period: str = "period",
    events: Mapping[str, str] | None = None,
    thin: int = 10,
    frames: tuple[str, str] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of each series over the periods, with a band for its interval.

    Parameters
    ----------
    table : DataFrame
        Rows of ``stance`` with the columns `series` and `period` (an ordered category).
    events : mapping of name to date (``"2018-06-12"``), optional
        Marked by a line each; a date is placed within its period in proportion to its days.
    thin : int
        Periods with fewer articles than this are drawn hollow, without a band, and joined to
        their neighbours by a faint line only.
    frames, title, ax
        As in :func:`share_by_group`.

    Returns
    -------
    Axes
    """
    columns = ["share", "share_low", "share_high", "articles", series, period]
    need(table, columns, "the table of stance()")
    frames = frames_of(table, frames)
    ax = axes_or_new(ax, TWO_COLUMNS, 2.8)
    periods = list(table[period].cat.categories)
    ends = []
    table = table[table.groupby(series, observed=True)["share"].transform("count") > 0]
    if table[series].nunique() > len(CHANNELS):
        raise CountsError(
            f"{table[series].nunique()} lines can't be told apart in one chart; {len(CHANNELS)} "
            "can. Choose some, or draw each in a panel of its own with share_multiples."
        )
    for number, (name, rows) in enumerate(table.groupby(series, observed=True, sort=True)):
        colour, marker, dash = CHANNELS[number]
        rows = rows.set_index(period).reindex(periods)
        x, share = np.arange(len(periods)), rows["share"].to_numpy(float)
        thick = (rows["articles"].fillna(0) >= thin).to_numpy()
        low = np.where(thick, rows["share_low"], np.nan)
        high = np.where(thick, rows["share_high"], np.nan)
        ax.fill_between(x, low, high, color=colour, alpha=0.18, lw=0, zorder=1)
        # A band needs two neighbours; a lone thick period keeps its interval as a bar.
        ax.vlines(x, low, high, color=colour, alpha=0.5, lw=0.8, zorder=2)
        ax.plot(x, share, color=colour, ls=dash, lw=0.6, alpha=0.4, zorder=3)
        ax.plot(x, np.where(thick, share, np.nan), color=colour, ls=dash, zorder=3)
        for filled in (True, False):
            chosen = thick == filled
            ax.plot(
                x[chosen], share[chosen], marker=marker, ls="none", ms=4, mec=colour, zorder=4,
                mfc=colour if filled else "white",
            )  # fmt: skip
        if "link" in rows:
            clickable(ax, x, share, rows["link"])
        _counts_below(ax, rows["articles"].fillna(0), number, colour)
        last = np.flatnonzero(np.isfinite(share))[-1]
        total = int(rows["articles"].sum())
        ends.append((last, share[last], f"{plain(name)}\n{articles_label(total)}", colour))
    ax.set_xlim(-0.7, len(periods) - 0.7)
    _end_labels(ax, ends)
    _event_lines(ax, events or {}, periods)
    ax.set_xticks(*period_ticks(periods, most=30))
    ax.set_title(plain(title), pad=20 if events else None)
    share_axis(ax, "y", frames)
    return ax


def _reference_line(ax: Axes, share: float, name: str) -> None:
    ax.axvline(share, color=INK, lw=0.8, ls=(0, (4, 2)), zorder=0)
    ax.annotate(
        plain(name), (share, 1), (0, 2), xycoords=ax.get_xaxis_transform(),
        textcoords="offset points", ha="right", va="bottom", fontsize=6, color=INK,
    )  # fmt: skip


def _key(ax: Axes, kinds: list[str]) -> None:
    """Name the markers in the corner that sorted dots leave empty."""
    for name, (colour, marker, _) in zip(kinds, CHANNELS, strict=False):
        ax.plot([], [], marker=marker, ls="none", ms=4.2, color=colour, label=plain(name))
    ax.legend(loc="upper left", frameon=False, handletextpad=0.2, borderaxespad=0.2)


def _counts_below(ax: Axes, articles: pd.Series, number: int, colour: str) -> None:
    """The number of articles in each period, in a row under the axis for each series."""
    digits = len(str(int(articles.max())))
    width = 72 * ax.get_window_extent().width / ax.figure.dpi / max(len(articles), 1)
    # Type of 5 points is some 3.2 wide; numbers that would touch are turned upright.
    upright = 3.2 * digits + 2 > width
    below = -26 - (3.2 * digits + 3 if upright else 7) * (number + upright / 3)
    for x, n in enumerate(articles.to_numpy(int)):
        ax.annotate(
            str(n), (x, 0), (0, below), xycoords=ax.get_xaxis_transform(), color=colour,
            textcoords="offset points", ha="center", va="center", fontsize=5,
            rotation=90 if upright else 0,
        )  # fmt: skip
    ax.annotate(
        "n", (0, 0), (-12, below), xycoords=ax.get_xaxis_transform(), color=colour,
        textcoords="offset points", ha="center", va="center", fontsize=5, fontstyle="italic",
    )  # fmt: skip


def _end_labels(ax: Axes, ends: list[tuple[int, float, str, str]]) -> None:
    """Name each line at its end, moving names apart where the lines end close together."""
    placed: list[float] = []
    for _, y, name, colour in sorted(ends, key=lambda end: end[1]):
        height = max(y, placed[-1] + 0.16) if placed else y
        placed.append(height)
        ax.annotate(
            name, (1, height), (4, 0), xycoords=ax.get_yaxis_transform(),
            textcoords="offset points", va="center", color=colour,
        )  # fmt: skip


def _event_lines(ax: Axes, events: Mapping[str, str], periods: list[str]) -> None:
    for row, (name, day) in enumerate(sorted(events.items(), key=lambda event: event[1])):
        x = event_place(pd.Timestamp(day), periods)
        if x is None:
            continue
        ax.axvline(x, color=INK, lw=0.7, ls=(0, (1, 1)), zorder=0)
        ax.annotate(
            plain(name), (x, 1), (-2, 2 + 7 * (row % 2)), xycoords=ax.get_xaxis_transform(),
            textcoords="offset points", va="bottom", fontsize=6, color=INK,
        )  # fmt: skip
