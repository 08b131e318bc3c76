"""Term frequencies over time, and the terms of each group that TF-IDF lifts out."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import CountsError
from analysis.showing.charts.base import (
    CHANNELS,
    FAINT,
    INK,
    TWO_COLUMNS,
    axes_or_new,
    plain,
    style,
    styled,
)
from analysis.showing.charts.inputs import need
from analysis.showing.charts.periods import event_place, period_ticks

GREY = "#B5B5B5"


@styled
def terms_over_time(
    table: pd.DataFrame,
    *,
    period: str = "period",
    events: Mapping[str, str] | None = None,
    thin: int = 3,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often chosen terms stand in each period, with a band for the interval.

    Parameters
    ----------
    table : DataFrame
        Rows of ``term_frequencies(counts, by=period, terms=[...])`` for up to seven terms.
    period : str
        The column with the periods, an ordered category.
    events : mapping of name to date (``"2018-06-12"``), optional
        Marked by a line each.
    thin : int
        Where fewer articles than this have the term, the point is hollow and has no band.
    title : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    columns = [period, "term", "n", "per_million", "low", "high", "n_docs"]
    need(table, columns, "the table of term_frequencies()")
    if not isinstance(table[period].dtype, pd.CategoricalDtype):
        table = table.assign(**{period: table[period].astype("category")})
    periods, terms = list(table[period].cat.categories), list(table["term"].unique())
    if len(terms) > len(CHANNELS):
        raise CountsError(
            f"{len(terms)} lines can't be told apart in one chart; {len(CHANNELS)} can. Choose "
            "some with term_frequencies(..., terms=[...])."
        )
    ax = axes_or_new(ax, TWO_COLUMNS, 2.8)
    ends = []
    for (colour, marker, dash), term in zip(CHANNELS, terms, strict=False):
        rows = table[table["term"] == term].set_index(period).reindex(periods)
        x, rate = np.arange(len(periods)), rows["per_million"].to_numpy(float)
        thick = (rows["n_docs"].fillna(0) >= thin).to_numpy()
        low, high = (np.where(thick, rows[name], np.nan) for name in ("low", "high"))
        ax.fill_between(x, low, high, color=colour, alpha=0.15, lw=0, zorder=1)
        ax.vlines(x, low, high, color=colour, alpha=0.5, lw=0.8, zorder=2)
        ax.plot(x, rate, color=colour, ls=dash, lw=1.0, zorder=3)
        for filled in (True, False):
            chosen = thick == filled
            ax.plot(
                x[chosen], rate[chosen], marker=marker, ls="none", ms=4, mec=colour, zorder=4,
                mfc=colour if filled else "white",
            )  # fmt: skip
        last = np.flatnonzero(np.isfinite(rate))
        if len(last):
            label = f"{plain(term)}  n = {int(rows['n'].sum()):,}".replace(",", "\u2009")
            ends.append((last[-1], rate[last[-1]], label, colour))
    highest = float(table["high"].where(table["n_docs"] >= thin).max())
    ax.set_ylim(0, 1.05 * (highest if highest > 0 else max(table["per_million"].max(), 1)))
    ax.set_xlim(-0.4, len(periods) - 0.6)
    _end_labels(ax, ends)
    for row, (name, day) in enumerate(sorted((events or {}).items(), key=lambda pair: pair[1])):
        place = event_place(pd.Timestamp(day), periods)
        if place is not None:
            ax.axvline(place, color=INK, lw=0.7, ls=(0, (1, 1)), zorder=0)
            ax.annotate(
                plain(name), (place, 1), (-2, 2 + 7 * (row % 2)), va="bottom", fontsize=6,
                xycoords=ax.get_xaxis_transform(), textcoords="offset points", color=INK,
            )  # fmt: skip
    ax.set_xticks(*period_ticks(periods, most=30))
    ax.set_ylabel("hits per million tokens")
    ax.set_title(plain(title), pad=20 if events else None)
    return ax


def tfidf_multiples(
    table: pd.DataFrame,
    *,
    rows: str = "outlet",
    columns: str | None = "period",
    top: int = 8,
    leave_out: Sequence[str] = (),
) -> Figure:
    """Draw the heaviest terms of each group by TF-IDF, a panel for each.

    A bar is blue if the term leads in that panel alone, and grey (with its name in grey) if it
    leads in other panels too. Bars are long in proportion to the panel's heaviest term.

    Parameters
    ----------
    table : DataFrame
        Rows of ``tfidf`` with the columns `rows` and `columns`.
    rows, columns : str, and str or None
        What the rows and columns of panels stand for; without `columns`, three panels stand side
        by side.
    top : int
        Terms in a panel.
    leave_out : sequence of str
        Terms not to draw, such as ``tokens.STOP_WORDS["english"]``.

    Returns
    -------
    Figure
    """
    keys = [rows] if columns is None else [rows, columns]
    need(table, [*keys, "term", "n", "tfidf", "rank"], "the table of tfidf()")
    kept = table[~table["term"].isin(list(leave_out))].sort_values("rank", kind="stable")
    kept = kept.groupby(keys, observed=True, sort=True).head(top)
    if kept.empty:
        raise CountsError("no term is left to draw: the table is empty, or leave_out takes all.")
    panels = dict(iter(kept.groupby(keys, observed=True, sort=True)))
    down = sorted({key[0] for key in panels}, key=str)
    across = sorted({key[1] for key in panels}, key=str) if columns else []
    shape = (len(down), len(across)) if columns else (-(-len(down) // 3), min(3, len(down)))
    places = [(a, b) for a in down for b in across] if columns else [(a,) for a in down]
    shared = kept["term"].value_counts()
    with style():
        import matplotlib.pyplot as plt

        fig, axes = plt.subplots(
            *shape, figsize=(TWO_COLUMNS, shape[0] * (0.32 + 0.115 * top)), squeeze=False
        )
        for ax in axes.flat[len(places) :]:
            ax.set_visible(False)
        for ax, place in zip(axes.flat, places, strict=False):
            ax.set_title(" · ".join(plain(part) for part in place), fontsize=6.5)
            _bars(ax, panels.get(place), top, shared)
    return fig


def _bars(ax: Axes, panel: pd.DataFrame | None, top: int, shared: pd.Series) -> None:
    ax.set_xlim(0, 1.25)
    ax.set_ylim(top - 0.4, -0.6)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelsize=6, pad=1.5)
    if panel is None:
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.annotate("no articles", (0.5, 0.5), xycoords="axes fraction", ha="center", color=FAINT)
        return
    alone = (shared[panel["term"]] == 1).to_numpy()
    weight = (panel["tfidf"] / panel["tfidf"].max()).to_numpy()
    ax.barh(
        range(len(panel)), weight, height=0.62, color=np.where(alone, CHANNELS[0][0], GREY),
    )  # fmt: skip
    ax.set_yticks(range(len(panel)), [plain(term) for term in panel["term"]])
    for label, single in zip(ax.get_yticklabels(), alone, strict=True):
        label.set_color(INK if single else FAINT)
    for y, (length, n) in enumerate(zip(weight, panel["n"], strict=True)):
        ax.annotate(
            str(n), (length, y), (1.5, 0), textcoords="offset points", va="center_baseline",
            fontsize=5, color=FAINT,
        )  # fmt: skip


def _end_labels(ax: Axes, ends: list[tuple[int, float, str, str]]) -> None:
    """Name each line at its right end, moved apart by at least the height of a line of type."""
    if not ends:
        return
    points = 72 * ax.bbox.height / ax.figure.dpi
    step = 9.5 * (ax.get_ylim()[1] - ax.get_ylim()[0]) / points
    placed: list[float] = []
    for _, y, name, colour in sorted(ends, key=lambda end: end[1]):
        at = max(y, placed[-1] + step) if placed else y
        placed.append(at)
        ax.annotate(
            name, (1, at), (5, 0), xycoords=ax.get_yaxis_transform(), color=colour, va="center",
            textcoords="offset points", annotation_clip=False,
        )  # fmt: skip
