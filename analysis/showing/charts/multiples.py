"""Small multiples: the share of each outlet over time, or each of many frames, in its panel."""

from collections.abc import Mapping, Sequence
from itertools import product
from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import CountsError
from analysis.showing.charts import drawing as draw
from analysis.showing.largest import by_size

AXES = {
    "prevalence": "share of articles with the frame",
    "rate": "hits per 1,000 tokens",
    "share": "share of the hits of all frames",
    "mean": "mean weight of words",  # of `scale`
}


@draw.styled
def share_multiples(
    table: pd.DataFrame,
    *,
    series: str | None = None,
    period: str = "period",
    order: Sequence[str] | None = None,
    columns: int | None = None,
    events: Mapping[str, str] | None = None,
    thin: int | str = "auto",
    frames: tuple[str, str] | None = None,
) -> Figure:
    """Draw the share of each series over the periods in a panel of its own.

    The grey line behind it is the share of all the series together, so that panels compare.

    Parameters
    ----------
    table, series : DataFrame, and str, optional
        As for `share_over_time`. The table's hits ``n_<frame>`` give the grey line.
    order : sequence of str, optional
        The series to draw, in this order (CountsError if one is not there); else all, those with
        the most articles first.
    columns : int
        Panels in a row; by default three, or two where there are two or four panels.
    events : mapping of name to date, optional
        Marked by a line and a letter each, a to z in order of time.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"], "period": "2021", "articles": 40,
    ...                       "n_threats": 4, "n_talks": 6, "share": 0.4, "share_low": 0.3,
    ...                       "share_high": 0.5})
    >>> fig = share_multiples(table, frames=("threats", "talks"))
    >>> [ax.get_title("left") for ax in fig.axes]
    ['Gazette   n = 40', 'Herald   n = 40']
    """
    source = "the table of stance()"
    table, series, period = draw.series_and_period(table, series, period)
    needed = ["share", "share_low", "share_high", "articles"]
    table, spans = draw.points_in_periods(table, needed, period, series, source)
    frames = draw.frames_of(table, frames)
    hits = [f"n_{frame}" for frame in frames]
    table = draw.needed(table, hits, source)
    names = _names(table, series, order)
    together = table.groupby(period, observed=False)[hits].sum()
    together = (together[hits[0]] / together.sum(axis=1)).to_numpy(float)
    lines = {
        str(name): rows.set_index(period).reindex(table[period].cat.categories)
        for name, rows in table.groupby(series, observed=True)
    }
    columns = columns or (2 if len(names) in (2, 4) else min(3, max(len(names), 1)))
    below = draw.axis_height(spans, 330 / columns) * (2 if len(names) % columns else 1)
    height = 0.5 + 1.25 * max(-(-len(names) // columns), 1) + below
    fig, axes = draw.panels(len(names), columns, height)
    every, none = (draw.literal(draw.word("all {}", draw.word(frame))) for frame in frames)
    titles = _titles(lines, names, int(106 / columns))  # in letters of 6.5 points
    for ax, name, title in zip(axes.flat, names, titles, strict=False):
        ax.plot(spans.middles, together, color=draw.GREY, lw=1.6, zorder=1)
        colour = draw.given_colour(name, draw.CHANNELS[0][0])
        share, thick = draw.intervals(ax, spans.middles, lines[name], "share", colour, thin)
        ax.plot(spans.middles, share, color=colour, lw=0.7, alpha=0.6, zorder=4)
        draw.dots(ax, spans.middles, share, thick, (colour, "o", "-"), most=2.6, edge=0.7)
        ax.axhline(0.5, color=draw.FAINT, lw=0.5, ls=(0, (1, 2)), zorder=0)
        if not np.isfinite(share).any():
            draw.say(ax, draw.NO_HITS)
        ax.set_title(title, fontsize=6.5, fontweight="normal")
        ax.set_ylim(-0.04, 1.04)
        ax.set_yticks([0, 0.5, 1], [f"0  {none}", ".50", f"1  {every}"])
        draw.period_axis(ax, spans)
        _events(ax, events, spans)
    if not names:
        draw.say(axes[0, 0], draw.NO_ROWS)
    return fig


def _names(table: pd.DataFrame, series: str, order: Sequence[str] | None) -> list[str]:
    """The series to draw, in order."""
    sizes = table.groupby(series, observed=True)["articles"].sum()
    sizes.index = sizes.index.map(str)
    if order is None:
        return list(by_size(sizes).index)
    if missing := [str(name) for name in order if str(name) not in sizes.index]:
        raise CountsError(
            f"order names {', '.join(missing)}, which the column {series!r} does not have; it has "
            f"{', '.join(sizes.index[:20])}{', ...' if len(sizes) > 20 else ''}."
        )
    return [str(name) for name in order]


def _titles(lines: Mapping[str, pd.DataFrame], names: Sequence[str], width: int) -> list[str]:
    """The name of each series and its number of articles, in two lines if need be."""
    said = [draw.n_label(lines[name]["articles"].sum(min_count=1)) for name in names]
    return [
        name + ("   " if len(name) + len(n) + 3 <= width and "\n" not in name else "\n") + n
        for name, n in zip(draw.row_labels(names, width), said, strict=True)
    ]


def event_letters(events: Mapping[str, str]) -> dict[str, str]:
    """A letter, from a on, for each of the events of `share_multiples`, in order of time.

    Examples
    --------
    >>> event_letters({"summit": "2022-01-19", "flood": "2021-05-02"})
    {'a': 'flood', 'b': 'summit'}
    """
    letters = [*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2))]
    return dict(zip(letters, (name for name, _ in draw.days_of(events)), strict=False))


def _events(ax: Axes, events: Mapping[str, str] | None, periods: draw.Spans) -> None:
    days = dict(draw.days_of(events))
    letters = event_letters(events or {})
    places = {letter: draw.event_place(days[name], periods) for letter, name in letters.items()}
    placed = [(letter, x) for letter, x in places.items() if x is not None]
    step = draw.size_of(ax)[0] / (periods.limits[1] - periods.limits[0])
    rows = draw.rows_apart([(step * x, step * x + 4 * len(letter)) for letter, x in placed], 0.5)
    for (letter, x), row in zip(placed, rows, strict=True):
        ax.axvline(x, color=draw.INK, lw=0.6, ls=(0, (1, 1)), zorder=0)
        look = {"ha": "left", "va": "bottom", "fontsize": 5.5, "color": draw.INK}
        draw.note(ax, letter, (x, 0), (1, 1 + 6 * row), "column", **look)


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

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"] * 2, "articles": 40,
    ...                       "frame": ["conflict"] * 2 + ["morality"] * 2, "articles_hit": 8,
    ...                       "prevalence": 0.2, "prevalence_low": 0.1, "prevalence_high": 0.3})
    >>> fig = frame_multiples(table)
    >>> [ax.get_title("left") for ax in fig.axes]
    ['conflict\nn = 16 of 80', 'morality\nn = 16 of 80']
    """
    draw.check_one_of("measure", measure, list(AXES))
    needed = [measure, f"{measure}_low", f"{measure}_high", "articles", "articles_hit", "frame"]
    by_across = [across] if across else []
    table = draw.needed(table, [*needed, *by_across, by], "the table of prevalence()")
    draw.need_one_row_each(table, [*by_across, by, "frame"])
    spans = None
    if isinstance(table[by].dtype, pd.CategoricalDtype) and table[by].cat.ordered:
        kept = table[by].cat.remove_unused_categories()
        table = table.assign(**{by: kept})
        spans = draw.Spans.of(list(kept.cat.categories))
    facets = list(dict.fromkeys(map(draw.name_of, table[across]))) if across else [""]
    shown = [(frame, facet) for frame in dict.fromkeys(table["frame"]) for facet in facets]
    columns = len(facets) or 1 if across else columns or min(4, max(len(shown), 1))
    labels = _labels(table, by) if spans is None else {}
    each = 1.05 if spans else 0.42 + draw.row_height([*labels.values()], 0.24) * len(labels)
    fig, axes = draw.panels(len(shown), columns, 0.5 + each * max(-(-len(shown) // columns), 1))
    for ax, (frame, facet) in zip(axes.flat, shown, strict=False):
        mine = (table["frame"] == frame) & (
            table[across].map(draw.name_of).eq(facet) if across else True
        )
        _panel(ax, table[mine], by, measure, labels, spans, thin, draw.frame_colour(frame))
        # Where there are no rows there are no articles; where no number is known, none is said.
        known = {"min_count": int(mine.any())}
        hit, n = (table.loc[mine, name].sum(**known) for name in ("articles_hit", "articles"))
        # Names in other words first: they are joined, and cut where there is no room.
        title = ", ".join(draw.word(part) for part in ([frame, facet] if across else [frame]))
        title = draw.literal(draw.wrapped([draw.legible(title)], 110 // columns)[0])
        look = {"fontsize": 6.5, "fontweight": "normal", "color": draw.frame_colour(frame)}
        ax.set_title(f"{title}\n{draw.word('{} of {}', draw.n_label(hit), draw.whole(n))}", **look)
    _scale(axes, table, measure, spans)
    if not shown:
        draw.say(axes[0, 0], draw.NO_ROWS)
    label = fig.supxlabel if spans is None else fig.supylabel
    label(draw.literal(draw.word("{}, with 95% intervals", draw.word(AXES[measure]))), fontsize=7)
    return fig


def _labels(table: pd.DataFrame, by: str) -> dict[str, str]:
    """The rows of each panel and what they are called, the one with the most articles last."""
    sizes = table.assign(name=table[by].map(draw.name_of)).groupby("name")["articles"].max()
    sizes = sizes.sort_values(kind="stable")
    short = draw.row_labels(sizes.index, 24)
    return {
        str(name): f"{label}\n{draw.n_label(n)}"
        for (name, n), label in zip(sizes.items(), short, strict=True)
    }


def _panel(
    ax: Axes, rows: pd.DataFrame, by: str, measure: str, labels: dict[str, str],
    spans: draw.Spans | None, thin: int | str, colour: str,
) -> None:  # fmt: skip
    if spans is None:
        place = {name: y for y, name in enumerate(labels)}
        y = rows[by].map(draw.name_of).map(place).to_numpy(float)
        ax.hlines(y, rows[f"{measure}_low"], rows[f"{measure}_high"], color=colour, lw=1.2)
        x, thick = rows[measure].to_numpy(float), rows[f"{measure}_low"].notna().to_numpy()
        draw.clickable(ax, x, y, rows.get("link"))
        ax.set_yticks(range(len(labels)), list(labels.values()), fontsize=6)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(-0.6, len(labels) - 0.4)
    else:
        rows, x = rows.set_index(by).reindex(rows[by].cat.categories), spans.middles
        y, thick = draw.intervals(ax, x, rows, measure, colour, thin)
        ax.plot(x, y, color=colour, lw=0.8, alpha=0.7)
        draw.period_axis(ax, spans)
    draw.dots(ax, x, y, thick, (colour, "o", "-"), most=3.4, edge=0.8)


def _scale(axes: Any, table: pd.DataFrame, measure: str, spans: draw.Spans | None) -> None:
    """One scale from 0 for all panels, to the highest point; a few intervals may reach beyond."""
    if measure == "mean":
        return
    both = table[[measure, f"{measure}_high"]].to_numpy(float).T
    points, ends = (column[np.isfinite(column)] for column in both)
    most = max(1.1 * points.max(initial=0), np.quantile(ends, 0.9) if len(ends) else 0) or 1.0
    if measure != "rate":
        most = min(1.0, np.ceil(most * 10) / 10)
    limits = (-0.03 * most, 1.03 * most)
    axes[0, 0].set(**{"xlim" if spans is None else "ylim": limits})
