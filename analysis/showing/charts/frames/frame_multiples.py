"""Small multiples of frames: each in a panel of its own, by group or over time."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import CountsError
from analysis.showing.charts import drawing as draw

AXES = {
    "prevalence": "share of articles with the frame",
    "rate": "hits per 1,000 tokens",
    "share": "share of the hits of all frames",
    "mean": "mean weight of words",  # of `scale`
}


@draw.styled
def frame_multiples(
    table: pd.DataFrame,
    *,
    by: str = "outlet",
    measure: str = "prevalence",
    across: str | None = None,
    columns: int | None = None,
    thin: int | str = "auto",
) -> Figure:
    r"""Draw a measure of each frame in a panel of its own, with its intervals and numbers.

    A column of ordered categories, as ``period`` is, is drawn from left to right, as a line with a
    band; any other from top to bottom, as dots with intervals. Points without an interval are
    hollow. The n of a panel counts the articles with the frame, of all; that of a row all of it.

    Parameters
    ----------
    table : DataFrame
        Rows of ``prevalence`` by the column `by` and, if given, `across`.
    by : str
        The column that is drawn along each panel.
    measure : {"prevalence", "rate", "share"}
    across : str, optional
        A column whose values have a column of panels each; else the panels are laid out in rows.
    columns : int
        Panels in a row where there is no `across`; by default four, or as many as there are.
    thin : "auto" or int
        Periods with few articles are hollow; with a number, those with fewer have no interval
        either.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"] * 2, "articles": 40,
    ...                       "frame": ["conflict"] * 2 + ["morality"] * 2, "articles_hit": 8,
    ...                       "prevalence": 0.2, "prevalence_low": 0.1, "prevalence_high": 0.3})
    >>> fig = frame_multiples(table)
    >>> [ax.get_title("left") for ax in fig.axes]
    ['conflict\nn = 16 of 80', 'morality\nn = 16 of 80']
    """
    source = "the table of prevalence()"
    if measure not in AXES:
        raise CountsError(f"measure={measure!r} is unknown; allowed are {', '.join(AXES)}.")
    values = [measure, f"{measure}_low", f"{measure}_high", "articles", "articles_hit", "frame"]
    values += [across] if across else []
    table = draw.needed(table, [*values, by], source)
    draw.need_one_row_each(table, [*filter(None, [across]), by, "frame"])
    spans = None
    if isinstance(table[by].dtype, pd.CategoricalDtype) and table[by].cat.ordered:
        kept = table[by].cat.remove_unused_categories()
        table = table.assign(**{by: kept})
        spans = draw.Spans.of(list(kept.cat.categories))
    names = list(dict.fromkeys(table["frame"]))
    facets = list(dict.fromkeys(map(draw.name_of, table[across]))) if across else [""]
    panels = [(frame, facet) for frame in names for facet in facets]
    columns = len(facets) if across else columns or min(4, max(len(names), 1))
    labels = _labels(table, by) if spans is None else {}
    fig, axes = _grid(len(panels), columns, len(labels), spans)
    for ax, (frame, facet) in zip(axes.flat, panels, strict=False):
        mine = (table["frame"] == frame) & (
            table[across].map(draw.name_of).eq(facet) if across else True
        )
        _panel(ax, table[mine], by, measure, labels, spans, thin, draw.frame_colour(frame))
        hit, n = (int(table.loc[mine, name].sum()) for name in ("articles_hit", "articles"))
        # A line each: two names side by side are broader than a panel.
        title = "\n".join(draw.row_labels([frame, facet] if across else [frame], 110 // columns))
        look = {"fontsize": 6.5, "fontweight": "normal", "color": draw.frame_colour(frame)}
        ax.set_title(f"{title}\n{draw.n_label(hit)} of {n:,}", **look)
    _scale(axes, table, measure, spans)
    if not panels:
        axes[0, 0].set_axis_off()
        draw.say(axes[0, 0], draw.NO_ROWS)
    label = fig.supxlabel if spans is None else fig.supylabel
    label(draw.plain(f"{AXES[measure]}, with 95% intervals"), fontsize=7)
    return fig


def _labels(table: pd.DataFrame, by: str) -> dict[str, str]:
    """The rows of each panel and what they are called, the one with the most articles last."""
    sizes = table.assign(name=table[by].map(draw.name_of)).groupby("name")["articles"].max()
    sizes = sizes.sort_values(kind="stable")
    short = draw.row_labels(sizes.index, 24)
    return {
        str(name): f"{label}\n{draw.n_label(int(n))}"
        for (name, n), label in zip(sizes.items(), short, strict=True)
    }


def _grid(n: int, columns: int, rows: int, spans: draw.Spans | None) -> tuple[Figure, Any]:
    import matplotlib.pyplot as plt

    down = max(-(-n // columns), 1)
    each = 0.42 + 0.24 * rows if spans is None else 1.05
    size = draw.size_or(draw.TWO_COLUMNS, 0.5 + each * down)
    fig, axes = plt.subplots(down, columns, figsize=size, sharex=True, sharey=True, squeeze=False)
    for number, ax in enumerate(axes.flat):
        ax.set_visible(number < max(n, 1))
        ax.tick_params(labelbottom=number + columns >= n)
    return fig, axes


def _panel(
    ax: Axes, rows: pd.DataFrame, by: str, measure: str, labels: dict[str, str],
    spans: draw.Spans | None, thin: int | str, colour: str,
) -> None:  # fmt: skip
    if spans is None:
        place = {name: y for y, name in enumerate(labels)}
        at = rows[by].map(draw.name_of).map(place).to_numpy(float)
        rows = rows.set_index(at)
        thick = rows[f"{measure}_low"].notna().to_numpy()
        ax.hlines(at, rows[f"{measure}_low"], rows[f"{measure}_high"], color=colour, lw=1.2)
        x, y = rows[measure].to_numpy(float), at
        ax.set_yticks(range(len(labels)), list(labels.values()), fontsize=6)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(-0.6, len(labels) - 0.4)
    else:
        rows = rows.set_index(by).reindex(rows[by].cat.categories)
        thick, sure = draw.thick_points(rows["articles"], rows[f"{measure}_low"], thin)
        low, high = (np.where(sure, rows[f"{measure}{end}"], np.nan) for end in ("_low", "_high"))
        x, y = spans.middles, rows[measure].to_numpy(float)
        of_band = [np.where(thick, ends, np.nan) for ends in (low, high)]
        ax.fill_between(x, *of_band, color=colour, alpha=0.18, lw=0)
        ax.vlines(x, low, high, color=colour, alpha=0.5, lw=0.7)
        ax.plot(x, y, color=colour, lw=0.8, alpha=0.7)
        draw.period_axis(ax, spans)
    draw.dots(ax, x, y, thick, (colour, "o", "-"), most=3.4, edge=0.8)
    draw.clickable(ax, x, y, rows.get("link"))


def _scale(axes: Any, table: pd.DataFrame, measure: str, spans: draw.Spans | None) -> None:
    """One scale from 0 for all panels, to the highest point; a few intervals may reach beyond."""
    if measure == "mean":
        return
    points, ends = (table[name].dropna().to_numpy(float) for name in (measure, f"{measure}_high"))
    most = max(1.1 * points.max(initial=0), np.quantile(ends, 0.9) if len(ends) else 0) or 1.0
    if measure != "rate":
        most = min(1.0, np.ceil(most * 10) / 10)
    limits = (-0.03 * most, 1.03 * most)
    axes[0, 0].set(**{"xlim" if spans is None else "ylim": limits})
