"""Which frames occur together, as a triangle of cells."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from analysis.showing.charts import drawing as draw

# From apart to together; white is chance.
TOGETHER = LinearSegmentedColormap.from_list("together", ["#B3541E", "#FFFFFF", "#0B4F80"])


@draw.styled
def pair_matrix(
    table: pd.DataFrame, *, alpha: float = 0.05, title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw how often each two frames occur together, as shades of their log odds.

    Blue cells are together more often than chance would have it, brown ones less often. A number
    counts the articles or sentences with both; it is bold where q is below `alpha`.

    Parameters
    ----------
    table : DataFrame
        Rows of ``frame_pairs``, of one group.
    alpha : float
    title, ax
        As for `share_by_group`.

    Examples
    --------
    >>> table = pd.DataFrame({"frame_a": ["war"], "frame_b": ["law"], "n_both": [7],
    ...                       "log_odds": [1.2], "q": [0.01]})
    >>> [text.get_text() for text in pair_matrix(table).texts]
    ['7']
    """
    needed = ["frame_a", "frame_b", "n_both", "log_odds", "q"]
    table = draw.needed(table, needed, "the table of frame_pairs()")
    draw.need_one_row_each(table, ["frame_a", "frame_b"])
    names = list(dict.fromkeys([*table["frame_a"], *table["frame_b"]]))
    side = min(draw.TWO_COLUMNS - 1.2, 0.36 * max(len(names) - 1, 3))
    ax = draw.axes_or_new(ax, side + 1.3, side + 0.9)
    if table.empty:
        draw.say(ax, draw.NO_ROWS)
        return ax
    place = {name: at for at, name in enumerate(names)}
    cells = np.full((len(names) - 1, len(names) - 1), np.nan)
    for row in table.to_dict("records"):
        x, y = place[row["frame_a"]], place[row["frame_b"]] - 1
        cells[y, x] = row["log_odds"]
        dark = abs(row["log_odds"]) > 2
        ax.text(
            x, y, f"{int(row['n_both']):,}", ha="center", va="center", fontsize=5.5,
            color="white" if dark else draw.INK, fontweight="bold" if row["q"] < alpha else None,
        )  # fmt: skip
    shades = ax.imshow(cells, cmap=TOGETHER, vmin=-3, vmax=3)
    ax.set_xticks(range(len(names) - 1), draw.row_labels(names[:-1], 20), rotation=90, fontsize=6.5)
    ax.set_yticks(range(len(names) - 1), draw.row_labels(names[1:], 20), fontsize=6.5)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    bar = ax.figure.colorbar(shades, ax=ax, shrink=0.5, extend="both", aspect=14)
    ticks = [float(np.log(odds)) for odds in (1 / 16, 1 / 4, 1, 4, 16)]
    bar.set_ticks(ticks, labels=["1/16", "1/4", "1", "4", "16"])
    bar.set_label("odds ratio of occurring together", fontsize=6)
    ax.set_title(draw.plain(title))
    return ax
