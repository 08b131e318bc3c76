"""Differences between groups, unadjusted beside adjusted."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.showing.charts import drawing as draw

ENDS = ("share_difference", "share_difference_low", "share_difference_high")


@draw.styled
def adjusted_differences(
    table: pd.DataFrame, *, label: str = "outlet", title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw how far each group is from another, or from all others, before and after adjusting.

    A hollow square is the difference of the shares as they are, a filled dot that of the
    standardised ones, each with its 95% interval. Rows that could not be adjusted have no dot.

    Parameters
    ----------
    table : DataFrame
        Rows of ``compare_groups(..., adjust=...)``.
    label : str
        The column that names the groups; the other group's is ``<label>_other``.
    title, ax : str, and Axes, optional
        Drawn above the chart; where it is drawn.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"], "share_difference": [0.3, -0.2],
    ...                       "share_difference_low": [0.2, -0.3],
    ...                       "share_difference_high": [0.4, -0.1]})
    >>> adjusted = {f"adjusted_{name}": column / 3 for name, column in table.iloc[:, 1:].items()}
    >>> ax = adjusted_differences(table.assign(**adjusted))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['unadjusted', 'adjusted']
    """
    columns = [label, *ENDS, *(f"adjusted_{name}" for name in ENDS)]
    table = draw.needed(table, columns, "the table of compare_groups(..., adjust=...)")
    keys = [name for name in (label, f"{label}_other", "frame") if name in table]
    draw.need_one_row_each(table, keys)
    rows = table.sort_values(ENDS[0], kind="stable", na_position="first")
    labels = draw.row_labels([" - ".join(map(draw.name_of, key)) for key in rows[keys].to_numpy()])
    height = 0.7 + draw.row_height(labels, 0.24) * max(len(rows), 1)
    ax = draw.axes_or_new(ax, draw.ONE_COLUMN * 1.2, height)
    ax.axvline(0, color=draw.INK, lw=0.7, zorder=0)
    if rows.empty:
        draw.say(ax, draw.NO_ROWS)
    looks = {"": ("s", draw.FAINT, "white", 0.17), "adjusted_": ("o", draw.INK, draw.INK, -0.17)}
    for prefix, (marker, colour, face, lift) in looks.items():
        value, low, high = (rows[f"{prefix}{name}"].to_numpy(np.float64) for name in ENDS)
        places = np.arange(len(rows)) + lift
        ax.hlines(places, low, high, color=colour, lw=1.2)
        name = "adjusted" if prefix else "unadjusted"
        ax.plot(value, places, marker, mfc=face, mec=colour, ms=4, ls="none", label=name)
    draw.name_rows(ax, labels)
    ax.set_ylim(-0.7, max(len(rows), 1) - 0.3)
    other = "the other group" if f"{label}_other" in table else "all others"
    measure = set(table["measure"]) if "measure" in table else set()
    of = "hits per token" if measure == {"rate"} else "shares"
    ax.set_xlabel(f"difference of the {of}, to {other}")
    ax.set_title(draw.plain(title), pad=14)
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, borderaxespad=0.1)
    return ax
