"""Any estimate of any table, a row for each group."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import CountsError
from analysis.showing.charts import drawing as draw

# What says how much is behind a row, the best first.
_SIZES = ("articles", "n_docs", "lines", "n", "n_near")


@draw.styled
def estimates(
    table: pd.DataFrame,
    *,
    value: str | None = None,
    label: str | None = None,
    reference: float | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a column of any table of results, a dot with its interval for each row.

    Parameters
    ----------
    table : DataFrame
        A table of results, from the top; CountsError if it has no such column.
    value : str, optional
        The column drawn, with ``<value>_low`` and ``<value>_high`` (of terms ``low`` and ``high``)
        as its interval; by default the first that has one. A dot that lacks its interval is hollow.
    label : str, optional
        The column that names the rows; by default those of the groups, joined.
    reference : float, optional
        A value to compare with, such as 0 for a difference.
    title, ax
        As for `share_by_group`.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"], "articles": 40, "slope": [0.1, 0.4],
    ...                       "slope_low": [-0.1, 0.2], "slope_high": [0.3, 0.6]})
    >>> estimates(table, reference=0).get_xlabel()
    'slope'
    """
    table = draw.needed(table, [name for name in (value, label) if name], "any table of results")
    with_interval = [n for n in table if {f"{n}_low", f"{n}_high"} <= {*table.columns}]
    value = value or next(iter(with_interval), None)
    if value is None:
        raise CountsError(
            f"no column of the table has an interval; it has {', '.join(map(str, table.columns))}. "
            "Say value=, the column to draw."
        )
    bare = [name for name in ("low", "high") if name in table]
    ends = [f"{value}_low", f"{value}_high"] if value in with_interval else bare
    sure = len(ends) == 2
    low, high = (table[name].to_numpy(float) for name in (ends if sure else [value, value]))
    at, y = table[value].to_numpy(float), np.arange(len(table), dtype=float)[::-1]
    names = _names(table, label)
    labels = draw.row_labels(names)
    height = 0.6 + draw.row_height(labels, 0.17) * max(len(table), 1)
    ax = draw.axes_or_new(ax, draw.ONE_COLUMN + 1, height)
    if reference is not None:
        ax.axvline(reference, color=draw.INK, lw=0.7, zorder=0)
    if table.empty:
        draw.say(ax, draw.NO_ROWS)
    size = next((name for name in _SIZES if name in table), None)
    for row, name in enumerate(names):
        colour = draw.given_colour(name, draw.CHANNELS[0][0])
        known = bool(np.isfinite(low[row]) and np.isfinite(high[row]))
        if sure and known:
            ax.plot([low[row], high[row]], [y[row]] * 2, color=colour, lw=1.2, zorder=2)
        look: dict[str, Any] = {"mec": colour, "mfc": colour if known else "white"}
        ax.plot(at[row], y[row], "o", ms=4.2, zorder=3, clip_on=False, **look)
        if size is not None:
            draw.articles_beside(ax, y[row], table[size].iloc[row])
    draw.clickable(ax, at, y, table.get("link"))
    draw.name_rows(ax, labels[::-1])
    ax.set_ylim(-0.7, max(len(table), 1) - 0.3)
    ax.set_xlabel(draw.plain(value.replace("_", " ")))
    ax.set_title(draw.plain(title))
    return ax


def _names(table: pd.DataFrame, label: str | None) -> list[str]:
    """What the rows are called: the values of the columns that tell them apart."""
    if label is not None:
        return [draw.name_of(value) for value in table[label]]
    columns = [*draw.groups_of(table), *(n for n in ("frame", "term", "pattern") if n in table)]
    columns = [n for n in dict.fromkeys(columns) if len(columns) == 1 or table[n].nunique() > 1]
    if not columns:
        return [draw.word("all articles")] * len(table)
    return [", ".join(map(draw.name_of, row)) for row in table[columns].itertuples(index=False)]
