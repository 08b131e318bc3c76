"""A score of each target in each group, as a table of shaded cells."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.showing.charts import drawing as draw
from analysis.showing.charts.frames.pair_matrix import TOGETHER


@draw.styled
def target_matrix(
    table: pd.DataFrame,
    *,
    rows: str = "target",
    columns: str = "outlet",
    frames: tuple[str, str] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    r"""Draw the share of a frame towards each target in each group, with intervals and numbers.

    A cell says the share, its 95% interval, and how many articles mention the target; it is shaded
    by the share, from brown at 0 to blue at 1, where there is an interval.

    Parameters
    ----------
    table : DataFrame
        Rows of ``stance(..., by=[rows, columns])``; those without a target are left out.
    rows, columns : str
        The columns whose values make the rows and the columns of the chart.
    frames : (str, str), optional
        What a share of 1 and of 0 means; by default the frames that the table scores.
    title, ax
        As for `share_by_group`.

    Examples
    --------
    >>> table = pd.DataFrame({"target": ["Anytown"], "outlet": ["Gazette"], "articles": [40],
    ...                       "share": [0.4], "share_low": [0.3], "share_high": [0.5]})
    >>> [text.get_text() for text in target_matrix(table, frames=("threats", "talks")).texts]
    ['0.40', '0.30 to 0.50\nn = 40']
    """
    values = ["share", "share_low", "share_high", "articles"]
    table = draw.needed(table, [rows, columns, *values], "the table of stance()")
    table = table.dropna(subset=[rows])
    draw.need_one_row_each(table, [rows, columns])
    frames = draw.frames_of(table, frames)
    down, across = (list(dict.fromkeys(map(draw.name_of, table[name]))) for name in (rows, columns))
    width = min(draw.TWO_COLUMNS, 1.2 + 0.75 * max(len(across), 2))
    ax = draw.axes_or_new(ax, width, 0.9 + 0.42 * max(len(down), 2))
    if table.empty:
        draw.say(ax, draw.NO_ROWS)
        return ax
    cells = np.full((len(down), len(across)), np.nan)
    for row in table.to_dict("records"):
        y, x = down.index(draw.name_of(row[rows])), across.index(draw.name_of(row[columns]))
        known, n = np.isfinite(row["share_low"]), draw.n_label(int(row["articles"]))
        cells[y, x] = row["share"] if known else np.nan
        ink = "white" if known and abs(row["share"] - 0.5) > 0.35 else draw.INK
        share = f"{row['share']:.2f}" if np.isfinite(row["share"]) else "no hits"
        below = f"{row['share_low']:.2f} to {row['share_high']:.2f}\n{n}" if known else n
        ax.text(x, y - 0.05, share, ha="center", va="bottom", fontsize=7, color=ink)
        ax.text(x, y, below, ha="center", va="top", fontsize=4.5, color=ink)
    shades = ax.imshow(cells, cmap=TOGETHER, vmin=0, vmax=1, aspect="auto")
    names = draw.row_labels(across, 14)
    ax.set_xticks(range(len(across)), names, fontsize=6.5, rotation=30 if len(across) > 6 else 0)
    ax.set_yticks(range(len(down)), draw.row_labels(down, 20), fontsize=6.5)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    bar = ax.figure.colorbar(shades, ax=ax, shrink=0.8, aspect=14)
    ends = [f"all {draw.plain(frame)}" for frame in frames]
    bar.set_ticks([0, 0.5, 1], labels=[ends[1], "0.5", ends[0]])
    ax.set_title(draw.plain(title))
    return ax
