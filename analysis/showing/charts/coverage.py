"""What a corpus holds: articles per outlet and period."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.articles import check_table
from analysis.errors import ArticlesError
from analysis.periods import span_between
from analysis.showing.charts import drawing as draw
from analysis.showing.largest import by_size


@draw.styled
def coverage(
    articles: pd.DataFrame, *, outlet: str = "outlet", period: str = "period", most: int = 20
) -> Axes:
    """Draw the number of articles of each outlet in each period as a shaded table.

    Parameters
    ----------
    articles : DataFrame, one row per article
        With the columns `outlet` and `period` (an ordered category: a period without articles is
        drawn as a gap); ArticlesError if one is missing.
    most : int
        Draw this many outlets, the largest first, and sum the others up in a last row.

    Examples
    --------
    >>> frame = pd.DataFrame({"outlet": ["Herald", "Gazette", "Herald"], "period": "2021"})
    >>> frame["period"] = frame["period"].astype("category")
    >>> [label.get_text() for label in coverage(frame).get_yticklabels()]
    ['Herald', 'Gazette']
    """
    articles = check_table(articles)
    if missing := [name for name in (outlet, period) if name not in articles]:
        raise ArticlesError(
            f"coverage needs the column {missing[0]!r}; the table has "
            f"{', '.join(map(str, articles.columns))}. add_period makes the periods."
        )
    table = coverage_table(articles, outlet=outlet, period=period, most=most)
    shown = [str(name) for name in table.columns]
    # Calendar periods between those that the table has are there, without articles.
    table = table.set_axis(shown, axis=1)
    table = table.reindex(columns=span_between(shown) or shown, fill_value=0)
    n, periods = table.to_numpy(), draw.Spans.of(list(table.columns))
    labels = draw.row_labels(table.index)
    height = 0.5 + draw.row_height(labels, 0.19) * max(len(table), 1) + draw.axis_height(periods)
    ax = draw.axes_or_new(draw.TWO_COLUMNS, height)
    if n.size:
        _cells(ax, n, periods)
    else:
        draw.say(ax, "nothing to draw: there are no articles")
    for row, total in enumerate(n.sum(axis=1)):
        draw.articles_beside(ax, row, total)
    draw.name_rows(ax, labels)
    draw.period_axis(ax, periods)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def _cells(ax: Axes, n: NDArray[np.int64], periods: draw.Spans) -> None:
    """A cell for each number, shaded by its square root, so that small ones show next to large."""
    most = max(int(n.max()), 1)
    edges = np.append(periods.starts, periods.limits[1]), np.arange(len(n) + 1) - 0.5
    wide = draw.size_of(ax)[0] / n.shape[1]
    ax.pcolormesh(
        *edges, np.sqrt(n), cmap=draw.SHADES, vmin=0, vmax=np.sqrt(most), edgecolor="white",
        linewidth=min(1.0, 0.12 * wide) if wide > 4 else 0,
    )  # fmt: skip
    ax.invert_yaxis()
    if n.shape[1] > 34:
        return
    dark = np.sqrt(n) > 0.6 * np.sqrt(most)
    for row, column in np.argwhere(n > 0):
        ax.text(
            periods.middles[column], row, str(n[row, column]), ha="center", va="center",
            fontsize=5 if most < 1000 else 4, color="white" if dark[row, column] else draw.INK,
        )  # fmt: skip


def coverage_table(
    articles: pd.DataFrame, *, outlet: str = "outlet", period: str = "period", most: int = 20
) -> pd.DataFrame:
    """The numbers that `coverage` draws: a row for each outlet, a column for each period.

    Examples
    --------
    >>> coverage_table(pd.DataFrame({"outlet": ["Herald"], "period": ["2021"]})).to_numpy()
    array([[1]])
    """
    names = articles[outlet].map(draw.name_of, na_action=None).astype("str")
    outlets = by_size(names.value_counts()).index
    shown = list(outlets[: most if len(outlets) > most + 1 else None])
    rest = draw.word("{} other outlets", len(outlets) - len(shown))
    rows = names.where(names.isin(shown), rest).rename(outlet)
    counted = articles.groupby([rows, period], observed=False).size().unstack(period)
    counted = counted.reindex([*shown, *([rest] if len(outlets) > len(shown) else [])])
    return counted.fillna(0).astype("int64")
