"""The share of one frame against another: by group, and over time."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import CountsError
from analysis.showing.charts.annotations import (
    NO_HITS,
    NO_ROWS,
    articles_beside,
    counts_below,
    dots,
    end_labels,
    event_lines,
    name_rows,
    no_hits,
    row_height,
    say,
)
from analysis.showing.charts.base import (
    CHANNELS,
    FAINT,
    INK,
    ONE_COLUMN,
    TWO_COLUMNS,
    axes_or_new,
    clickable,
    share_axis,
    styled,
)
from analysis.showing.charts.inputs import (
    frames_of,
    in_periods,
    kinds_of,
    need_one_row_each,
    needed,
    with_names,
)
from analysis.showing.charts.periods import Floats, Spans, axis_height, period_axis
from analysis.showing.charts.texts import n_label, name_of, plain, row_labels


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
        A group without an interval is drawn hollow; one without hits has its row, and no dot.
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

    Raises
    ------
    CountsError
        If the table lacks a column, does not tell its frames, or has more categories than there
        are colours.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.showing.charts import share_by_group
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"], "articles": [40, 12],
    ...                       "share": [0.4, 0.7], "share_low": [0.3, 0.5],
    ...                       "share_high": [0.5, 0.8]})
    >>> ax = share_by_group(table, frames=("threats", "talks"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Gazette', 'Herald']
    """
    columns = ["share", "share_low", "share_high", "articles", label]
    table = needed(table, columns + ([colour_by] if colour_by else []), "the table of stance()")
    frames = frames_of(table, frames)
    kinds = kinds_of(table, colour_by, colour_order)
    rows = table.sort_values("share", kind="stable", na_position="first") if sort else table[::-1]
    labels = row_labels(rows[label])
    ax = axes_or_new(ax, _width(labels), 0.6 + row_height(labels, 0.17) * max(len(rows), 1))
    for y, row in enumerate(rows.to_dict("records")):
        colour, marker, _ = CHANNELS[kinds.index(name_of(row[colour_by])) if colour_by else 0]
        _dot(ax, y, row, colour, marker)
    if rows.empty:
        say(ax, NO_ROWS)
    if kinds:
        _key(ax, kinds)
    if reference is not None:
        _reference_line(ax, *reference)
    name_rows(ax, labels)
    ax.set_ylim(-0.7, max(len(rows), 1) - 0.3)
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
        Rows of ``stance`` with the columns `series` and `period` (an ordered category; other
        values are put in order). A series without hits is named, and has no line.
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

    Raises
    ------
    CountsError
        If the table lacks a column, does not tell its frames, has two rows for a point or more
        series than there are colours; or an event's date is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.showing.charts import share_over_time
    >>> periods = pd.Categorical(["2021", "2022"] * 2, ordered=True)
    >>> table = pd.DataFrame({"outlet": ["Gazette"] * 2 + ["Herald"] * 2, "period": periods,
    ...                       "articles": 40, "share": [0.4, 0.5, 0.7, 0.6]})
    >>> table = table.assign(share_low=table["share"] - 0.1, share_high=table["share"] + 0.1)
    >>> ax = share_over_time(table, series="outlet", frames=("threats", "talks"))
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['2021', '2022']
    """
    columns = ["share", "share_low", "share_high", "articles", series, period]
    table = needed(table, columns, "the table of stance()")
    need_one_row_each(table, [series, period])
    frames = frames_of(table, frames)
    table = with_names(in_periods(table, period), series)
    periods = list(table[period].cat.categories)
    scored = table.groupby(series, observed=True)["share"].transform("count") > 0
    lines = dict(iter(table[scored].groupby(series, observed=True, sort=True)))
    if len(lines) > len(CHANNELS):
        raise CountsError(
            f"{len(lines)} lines can't be told apart in one chart; {len(CHANNELS)} "
            "can. Choose some, or draw each in a panel of its own with share_multiples."
        )
    spans = Spans.of(periods)
    height = 2.8 + 0.1 * max(0, len(lines) - 2) + axis_height(spans)
    ax = axes_or_new(ax, TWO_COLUMNS, height)
    share_axis(ax, "y", frames)
    period_axis(ax, spans)
    ends = _without_hits(table[~scored], series)
    names = row_labels(lines, 24)
    for number, (name, rows) in enumerate(zip(names, lines.values(), strict=True)):
        rows = rows.set_index(period).reindex(periods)
        _line(ax, spans.middles, rows, thin, CHANNELS[number])
        counts_below(ax, spans, rows["articles"].fillna(0), number, CHANNELS[number][0])
        label = f"{name}\n{n_label(int(rows['articles'].sum()))}"
        ends.append((float(rows["share"].dropna().iloc[-1]), label, CHANNELS[number][0]))
    if not lines:
        say(ax, NO_HITS if len(table) else NO_ROWS)
    end_labels(ax, ends)
    event_lines(ax, events, spans, title)
    return ax


def _line(
    ax: Axes, x: Floats, rows: pd.DataFrame, thin: int, channel: tuple[str, str, Any]
) -> None:
    """One series: its share, its intervals where there are articles enough, and its points."""
    colour, _, dash = channel
    share = rows["share"].to_numpy(float)
    thick = (rows["articles"].fillna(0) >= thin).to_numpy()
    low = np.where(thick, rows["share_low"], np.nan)
    high = np.where(thick, rows["share_high"], np.nan)
    ax.fill_between(x, low, high, color=colour, alpha=0.18, lw=0, zorder=1)
    # A band needs two neighbours; a lone thick period keeps its interval as a bar.
    ax.vlines(x, low, high, color=colour, alpha=0.5, lw=0.8, zorder=2)
    ax.plot(x, share, color=colour, ls=dash, lw=0.6, alpha=0.4, zorder=3)
    ax.plot(x, np.where(thick, share, np.nan), color=colour, ls=dash, zorder=3)
    dots(ax, x, share, thick, channel)
    if "link" in rows:
        clickable(ax, x, share, rows["link"])


def _without_hits(table: pd.DataFrame, series: str) -> list[tuple[float, str, str]]:
    """Labels for the series that have no line."""
    sizes = table.groupby(series, observed=True, sort=True)["articles"].sum()
    if len(sizes) > 3:
        return [(0.0, f"{len(sizes)} others:\nno hits", FAINT)]
    return [
        (0.0, f"{name}\nno hits, {n_label(int(n))}", FAINT)
        for name, n in zip(row_labels(sizes.index, 24), sizes, strict=True)
    ]


def _dot(ax: Axes, y: int, row: dict[Any, Any], colour: str, marker: str) -> None:
    """One group: its interval, its share, and its number of articles."""
    known = np.isfinite(row["share_low"])
    if known:
        ax.plot([row["share_low"], row["share_high"]], [y, y], color=colour, lw=1.2, zorder=2)
    if np.isfinite(row["share"]):
        ax.plot(
            row["share"], y, marker=marker, color=colour, ms=4.2, zorder=3, ls="none",
            mfc=colour if known else "white", mec=colour, clip_on=False,  # whole at 0 and 1
        )  # fmt: skip
    else:
        no_hits(ax, y)
    if "link" in row:
        clickable(ax, [row["share"]], [y], [row["link"]])
    articles_beside(ax, y, row["articles"])


def _width(labels: Sequence[str]) -> float:
    """One column of a page; wider where the names of the rows need more than a third of it."""
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    return ONE_COLUMN + max(0, longest - 20) * 0.06


def _reference_line(ax: Axes, share: float, name: str) -> None:
    ax.axvline(share, color=INK, lw=0.8, ls=(0, (4, 2)), zorder=0)
    ax.annotate(
        plain(name), (share, 1), (0, 2), xycoords=ax.get_xaxis_transform(),
        textcoords="offset points", ha="right" if share > 0.5 else "left", va="bottom", fontsize=6,
        color=INK,
    )  # fmt: skip


def _key(ax: Axes, kinds: list[str]) -> None:
    """Name the markers in the corner that sorted dots leave empty."""
    for name, (colour, marker, _) in zip(kinds, CHANNELS, strict=False):
        ax.plot([], [], marker=marker, ls="none", ms=4.2, color=colour, label=plain(name))
    ax.legend(loc="upper left", frameon=False, handletextpad=0.2, borderaxespad=0.2)
