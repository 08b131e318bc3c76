"""Tables of shaded cells: which frames occur together, and a score of each target by group."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colorbar import Colorbar
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from analysis.errors import CountsError
from analysis.showing.charts import drawing as draw

# From apart to together; white is chance. A bar of 50 colours or more would be pixels inside the
# SVG, which the policy of a report refuses.
TOGETHER = LinearSegmentedColormap.from_list("together", ["#B3541E", "#FFFFFF", "#0B4F80"], N=45)


@draw.styled
def pair_matrix(table: pd.DataFrame, *, alpha: float = 0.05) -> Axes:
    """Draw how often each two frames occur together, as shades of their log odds.

    Blue cells are together more often than chance would have it, brown ones less often. A number
    counts the articles or sentences with both; it is bold where q is below `alpha`.

    Parameters
    ----------
    table : DataFrame
        Rows of ``frame_pairs``, of one group.

    Examples
    --------
    >>> table = pd.DataFrame({"frame_a": ["war"], "frame_b": ["law"], "n_both": [7],
    ...                       "log_odds": [1.2], "q": [0.01]})
    >>> [text.get_text() for text in pair_matrix(table).texts]
    ['7']
    """
    needed = ["frame_a", "frame_b", "n_both", "log_odds", "q"]
    table = draw.needed(table, needed, "the table of frame_pairs()")
    pairs = [tuple(map(draw.name_of, pair)) for pair in table[needed[:2]].itertuples(index=False)]
    names = list(dict.fromkeys(name for end in zip(*pairs, strict=True) for name in end))
    # A pair has one cell, whichever of its frames is named first and however rows are sorted.
    pairs = [tuple(sorted(pair, key=names.index)) for pair in pairs]
    table = table.assign(frame_a=[a for a, _ in pairs], frame_b=[b for _, b in pairs])
    if alone := [a for a, b in pairs if a == b]:
        raise CountsError(f"frame_a and frame_b are both {alone[0]!r}: a pair has two frames.")
    draw.need_one_row_each(table, needed[:2])
    side = min(draw.TWO_COLUMNS - 1.9, 0.36 * max(len(names) - 1, 3))
    ax = draw.axes_or_new(side + 1.9, side + 1.2)
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
            x, y, draw.whole(row["n_both"]), ha="center", va="center", fontsize=5.5,
            color="white" if dark else draw.INK, fontweight="bold" if row["q"] < alpha else None,
        )  # fmt: skip
    shades = _shaded(ax, cells, -3, 3)
    ax.set_aspect("equal")
    ax.set_xticks(range(len(names) - 1), draw.row_labels(names[:-1], 24), rotation=90, fontsize=6.5)
    ax.set_yticks(range(len(names) - 1), draw.row_labels(names[1:], 24), fontsize=6.5)
    bar = _bar(ax, shades, shrink=0.7, extend="both")
    ticks = [float(np.log(odds)) for odds in (1 / 16, 1 / 4, 1, 4, 16)]
    bar.set_ticks(ticks, labels=["1/16", "1/4", "1", "4", "16"])
    (said,) = draw.row_labels(["odds ratio of occurring together"], 20)
    bar.set_label(said, fontsize=6)
    return ax


def _shaded(ax: Axes, cells: NDArray[np.float64], least: float, most: float) -> QuadMesh:
    """Shade the cells of a table whose first row is at the top."""
    edges = (np.arange(n + 1) - 0.5 for n in cells.shape[::-1])
    ax.invert_yaxis()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax.pcolormesh(*edges, cells, cmap=TOGETHER, vmin=least, vmax=most)


def _bar(ax: Axes, shades: QuadMesh, **look: Any) -> Colorbar:
    """What the shades mean, beside them."""
    bar = ax.figure.colorbar(shades, ax=ax, aspect=14, **look)
    if bar.solids is not None:  # else there are lines between its steps
        bar.solids.set_edgecolor("face")
    return bar


@draw.styled
def target_matrix(
    table: pd.DataFrame,
    *,
    rows: str = "target",
    columns: str = "outlet",
    frames: tuple[str, str] | None = None,
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
    ax = draw.axes_or_new(width, 0.9 + 0.42 * max(len(down), 2))
    if table.empty:
        draw.say(ax, draw.NO_ROWS)
        return ax
    cells = np.full((len(down), len(across)), np.nan)
    ys, xs = ([names.index(draw.name_of(value)) for value in table[name]]
              for names, name in ((down, rows), (across, columns)))  # fmt: skip
    draw.clickable(ax, xs, ys, table.get("link"))
    for x, y, row in zip(xs, ys, table.to_dict("records"), strict=True):
        known, n = np.isfinite(row["share_low"]), draw.n_label(row["articles"])
        cells[y, x] = row["share"] if known else np.nan
        ink = "white" if known and abs(row["share"] - 0.5) > 0.35 else draw.INK
        share = f"{row['share']:.2f}" if np.isfinite(row["share"]) else draw.word("no hits")
        between = (f"{row[end]:.2f}" for end in ("share_low", "share_high"))
        below = f"{draw.word('{} to {}', *between)}\n{n}" if known else n
        ax.text(x, y - 0.05, share, ha="center", va="bottom", fontsize=7, color=ink)
        ax.text(x, y, below, ha="center", va="top", fontsize=4.5, color=ink)
    shades = _shaded(ax, cells, 0, 1)
    names = draw.row_labels(across, 14)
    ax.set_xticks(range(len(across)), names, fontsize=6.5, rotation=30 if len(across) > 6 else 0)
    ax.set_yticks(range(len(down)), draw.row_labels(down, 20), fontsize=6.5)
    bar = _bar(ax, shades, shrink=0.8)
    ends = [draw.literal(draw.word("all {}", draw.word(frame))) for frame in frames]
    bar.set_ticks([0, 0.5, 1], labels=[ends[1], "0.5", ends[0]])
    return ax
