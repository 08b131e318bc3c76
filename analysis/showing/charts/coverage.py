"""What a corpus holds: articles per outlet and period."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from analysis.errors import ArticlesError
from analysis.showing.charts.base import (
    FAINT,
    INK,
    TWO_COLUMNS,
    articles_label,
    axes_or_new,
    plain,
    styled,
)
from analysis.showing.charts.periods import period_ticks

# One hue from white to dark: it prints in grey in the same order.
SHADES = LinearSegmentedColormap.from_list("articles", ["#FFFFFF", "#9CC4E4", "#0B4F80"])


@styled
def coverage(
    articles: pd.DataFrame,
    *,
    outlet: str = "outlet",
    period: str = "period",
    most: int = 20,
    ax: Axes | None = None,
) -> Axes:
    """Draw the number of articles of each outlet in each period as a shaded table.

    Parameters
    ----------
    articles : DataFrame, one row an article
        With the columns `outlet` and `period` (an ordered category: a period without articles is
        drawn as a gap).
    most : int
        Draw this many outlets, the largest first, and sum the others up in a last row.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    for name in (outlet, period):
        if name not in articles:
            raise ArticlesError(
                f"coverage needs the column {name!r}; the table has "
                f"{', '.join(map(str, articles.columns))}. add_period makes the periods."
            )
    table = coverage_table(articles, outlet=outlet, period=period, most=most)
    n = table.to_numpy()
    ax = axes_or_new(ax, TWO_COLUMNS, 0.5 + 0.19 * len(table))
    # Shades follow the root, so that a small cell beside a large one is still seen.
    edges = (np.arange(size + 1) - 0.5 for size in n.T.shape)
    ax.pcolormesh(
        *edges, np.sqrt(n), cmap=SHADES, vmin=0, vmax=np.sqrt(max(n.max(), 1)),
        edgecolor="white", linewidth=1,
    )  # fmt: skip
    ax.invert_yaxis()
    if n.shape[1] <= 34:
        dark = np.sqrt(n) > 0.6 * np.sqrt(max(n.max(), 1))
        for row, column in np.argwhere(n > 0):
            ax.text(
                column, row, str(n[row, column]), ha="center", va="center",
                fontsize=5 if n.max() < 1000 else 4, color="white" if dark[row, column] else INK,
            )  # fmt: skip
    for row, total in enumerate(n.sum(axis=1)):
        ax.annotate(
            articles_label(int(total)), (1, row), (3, 0), xycoords=ax.get_yaxis_transform(),
            textcoords="offset points", va="center", color=FAINT, fontsize=6,
        )  # fmt: skip
    ax.set_yticks(range(len(table)), [plain(name) for name in table.index])
    ax.set_xticks(*period_ticks(list(table.columns)))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def coverage_table(
    articles: pd.DataFrame, *, outlet: str = "outlet", period: str = "period", most: int = 20
) -> pd.DataFrame:
    """Count the articles of each outlet (rows, the largest first) in each period (columns).

    Examples
    --------
    >>> periods = pd.Categorical(["Q1", "Q3", "Q1"], ["Q1", "Q2", "Q3"], ordered=True)
    >>> frame = pd.DataFrame({"outlet": ["Herald", "Gazette", "Herald"], "period": periods})
    >>> coverage_table(frame)
    period   Q1  Q2  Q3
    outlet
    Herald    2   0   0
    Gazette   0   0   1
    """
    names = articles[outlet].astype("str")
    by_size = names.value_counts().sort_index().sort_values(ascending=False, kind="stable").index
    shown = list(by_size[: most if len(by_size) > most + 1 else None])
    rest = f"{len(by_size) - len(shown)} other outlets"
    rows = names.where(names.isin(shown), rest).rename(outlet)
    counted = articles.groupby([rows, period], observed=False).size().unstack(period)
    counted = counted.reindex([*shown, *([rest] if len(by_size) > len(shown) else [])])
    return counted.fillna(0).astype("int64")
