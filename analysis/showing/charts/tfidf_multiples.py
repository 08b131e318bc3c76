"""The terms of each group that TF-IDF weights most, each group in a panel of its own."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import CountsError
from analysis.showing.charts import drawing as draw
from analysis.tokens import fold

# What a panel shows: a row, and a column.
Place = tuple[str, ...]


@draw.styled
def tfidf_multiples(
    table: pd.DataFrame,
    *,
    rows: str = "outlet",
    columns: str | None = "period",
    top: int = 8,
    leave_out: Sequence[str] = (),
) -> Figure:
    """Draw the terms of each group with the highest TF-IDF, a panel for each.

    The number at a bar is its TF-IDF in thousandths; the length is in proportion to the panel's
    heaviest term. A bar is blue if the term leads in that panel alone, and grey (with its name in
    grey) if it leads in other panels too.

    Parameters
    ----------
    table : DataFrame
        Rows of ``tfidf`` with the columns `rows` and `columns`.
    rows, columns : str, and str or None
        The columns of the table that make the rows and columns of panels; without `columns`, three
        panels are drawn side by side.
    top : int
        Terms in a panel.
    leave_out : sequence of str
        Terms not to draw, such as ``tokens.STOP_WORDS["english"]``; CountsError if no other is
        left.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Gazette", "Herald"], "rank": [1, 2, 1],
    ...                       "term": ["talks", "the", "the"], "n": [4, 9, 8],
    ...                       "tfidf": [0.3, 0.1, 0.2]})
    >>> fig = tfidf_multiples(table, columns=None)
    >>> [[label.get_text() for label in ax.get_yticklabels()] for ax in fig.axes]
    [['talks', 'the'], ['the']]
    """
    keys = [rows] if columns is None else [rows, columns]
    table = draw.needed(table, [*keys, "term", "n", "tfidf", "rank"], "the table of tfidf()")
    kept = table[~table["term"].isin(list(leave_out))].sort_values("rank", kind="stable")
    kept = kept.groupby(keys, observed=True, sort=True).head(top)
    if kept.empty:
        raise CountsError("no term is left to draw: the table is empty, or leave_out takes all.")
    panels = {
        tuple(map(draw.name_of, key)): panel
        for key, panel in kept.groupby(keys, observed=True, sort=True, dropna=False)
    }
    places, width = _places(kept, rows, columns)
    shared = kept["term"].value_counts()
    titles = _titles(places, width)
    lines = max((head + title).count("\n") for head, title in titles.values())
    import matplotlib.pyplot as plt

    down = len(places) // width
    size = draw.look().size or (draw.TWO_COLUMNS, down * (0.32 + 0.115 * top + 0.11 * lines))
    fig, axes = plt.subplots(down, width, figsize=size, squeeze=False)
    for ax, place in zip(axes.flat, places, strict=True):
        if place is None:
            ax.set_visible(False)
            continue
        _title(ax, *titles[place])
        _bars(ax, panels.get(place), top, shared)
    return fig


def own_names(table: pd.DataFrame, column: str) -> pd.Series:
    """Which rows have a term that is a word of their own group's name, as "reuters" of Reuters.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": "Fox News", "term": ["fox", "talks"]})
    >>> own_names(table, "outlet").tolist()
    [True, False]
    """
    names = {name: {fold(word) for word in str(name).split()} for name in table[column].unique()}
    pairs = zip(table["term"], table[column], strict=True)
    return pd.Series([term in names[name] for term, name in pairs], index=table.index)


def _places(kept: pd.DataFrame, rows: str, columns: str | None) -> tuple[list[Place | None], int]:
    """What each panel shows (None: nothing), and how many panels are side by side."""
    down = _in_order(kept[rows])
    lines: list[list[Place]] = [[(name,) for name in down]]
    width = min(3, len(down))
    if columns is not None:
        across = _in_order(kept[columns])
        lines = [[(name, other) for other in across] for name in down]
        width = -(-len(across) // -(-len(across) // 4))
    return [place for line in lines for place in [*line, *[None] * (-len(line) % width)]], width


def _in_order(values: pd.Series) -> list[str]:
    """The values in the order of their category, or of the alphabet."""
    order = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else None
    found = list(map(draw.name_of, values.unique()))
    known = sorted(found) if order is None else list(map(draw.name_of, order))
    return [name for name in dict.fromkeys([*known, *found]) if name in set(found)]


def _titles(places: Sequence[Place | None], width: int) -> dict[Place, tuple[str, str]]:
    """The title of a panel; before it, for the first panel of a row, the name of the row."""
    known = [place for place in places if place is not None]
    letters = 96 // width
    if len(known[0]) == 1:
        names = draw.row_labels([name for (name,) in known], letters)
        return {place: ("", name) for place, name in zip(known, names, strict=True)}
    heads = {name: draw.legible(draw.word(name)) for name, _ in known}
    heads = dict(zip(heads, draw.wrapped(list(heads.values()), 90, 1), strict=True))
    return {
        (name, other): (
            f"{draw.literal(heads.pop(name))}\n" if name in heads else "",
            draw.literal(draw.shortened(draw.legible(draw.word(other)), letters)),
        )
        for name, other in known
    }


def _title(ax: Axes, head: str, title: str) -> None:
    """A title, and in a line of its own above it the name of a row, which runs over its panels."""
    ax.set_title("\n" * head.count("\n") + title, fontsize=6.5)
    if head:
        above = ax.annotate(
            head.strip(), (0, 1), (0, 6 + draw.LINE * 6.5), xycoords="axes fraction", fontsize=6.5,
            textcoords="offset points", fontweight="bold", va="bottom",
        )  # fmt: skip
        above.set_in_layout(False)


def _bars(ax: Axes, panel: pd.DataFrame | None, top: int, shared: pd.Series) -> None:
    ax.set_xlim(0, 1.25)
    ax.set_ylim(top - 0.4, -0.6)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelsize=6, pad=1.5)
    if panel is None:
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.text(0.5, 0.5, draw.plain("no articles"), transform=ax.transAxes, ha="center",
                color=draw.FAINT)  # fmt: skip
        return
    alone = (shared[panel["term"]] == 1).to_numpy()
    weight = (panel["tfidf"] / panel["tfidf"].max()).to_numpy()
    colours = np.where(alone, draw.CHANNELS[0][0], draw.GREY)
    ax.barh(range(len(panel)), weight, height=0.62, color=colours)
    ax.set_yticks(range(len(panel)), [draw.plain(term) for term in panel["term"]])
    for label, single in zip(ax.get_yticklabels(), alone, strict=True):
        label.set_color(draw.INK if single else draw.FAINT)
    for y, (length, value) in enumerate(zip(weight, panel["tfidf"], strict=True)):
        ax.annotate(
            f"{float(f'{1000 * value:.2g}'):,g}", (length, y), (1.5, 0),
            textcoords="offset points", va="center_baseline", fontsize=5, color=draw.FAINT,
        )  # fmt: skip
