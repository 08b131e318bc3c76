"""The share of one frame against another in each group."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.showing.charts import drawing as draw


@draw.styled
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
    title, ax : str, and Axes, optional
        Drawn above the chart; where it is drawn.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"], "articles": 40, "share": [0.4, 0.7],
    ...                       "share_low": 0.3, "share_high": 0.8})
    >>> ax = share_by_group(table, frames=("threats", "talks"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Gazette', 'Herald']
    """
    columns = ["share", "share_low", "share_high", "articles", label, *filter(None, [colour_by])]
    table = draw.needed(table, columns, "the table of stance()")
    frames = draw.frames_of(table, frames)
    kinds = draw.kinds_of(table, colour_by, colour_order)
    rows = table.sort_values("share", kind="stable", na_position="first") if sort else table[::-1]
    labels = draw.row_labels(rows[label])
    height = 0.6 + draw.row_height(labels, 0.17) * max(len(rows), 1)
    ax = draw.axes_or_new(ax, _width(labels), height)
    for y, row in enumerate(rows.to_dict("records")):
        kind = kinds.index(draw.name_of(row[colour_by])) if colour_by else 0
        colour, marker, _ = draw.CHANNELS[kind]
        named = row[colour_by] if colour_by else row[label]
        _dot(ax, y, row, draw.given_colour(named, colour), marker)
    if rows.empty:
        draw.say(ax, draw.NO_ROWS)
    if kinds:
        _key(ax, kinds)
    if reference is not None:
        share, name = reference
        ax.axvline(share, color=draw.INK, lw=0.8, ls=(0, (4, 2)), zorder=0)
        look = {"ha": "right" if share > 0.5 else "left", "va": "bottom", "color": draw.INK}
        draw.note(ax, draw.plain(name), (share, 1), (0, 2), "column", **look)
    draw.name_rows(ax, labels)
    ax.set_ylim(-0.7, max(len(rows), 1) - 0.3)
    ax.set_title(draw.plain(title), pad=10 if reference else None)
    draw.share_axis(ax, "x", frames)
    return ax


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
        draw.no_hits(ax, y)
    draw.clickable(ax, [row["share"]], [y], [row.get("link")])
    draw.articles_beside(ax, y, row["articles"])


def _width(labels: Sequence[str]) -> float:
    """One column of a page; wider where the names of the rows need more than a third of it."""
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    return draw.ONE_COLUMN + max(0, longest - 20) * 0.06


def _key(ax: Axes, kinds: list[str]) -> None:
    """Name the markers in the corner that sorted dots leave empty."""
    for name, (colour, marker, _) in zip(kinds, draw.CHANNELS, strict=False):
        ax.plot([], [], marker=marker, ls="none", ms=4.2, color=draw.given_colour(name, colour),
                label=draw.plain(name))  # fmt: skip
    ax.legend(loc="upper left", frameon=False, handletextpad=0.2, borderaxespad=0.2)
