"""Keywords as a forest plot: log ratio and interval of each, on both sides of zero."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import CountsError
from analysis.showing.charts import drawing as draw

NEEDED = ("term", "n_target", "n_reference", "log_ratio", "low", "high", "t", "q")


@draw.styled
def keyness_forest(
    table: pd.DataFrame,
    *,
    target: str = "target",
    reference: str = "reference",
    top: int = 15,
    alpha: float = 0.05,
) -> Axes:
    """Draw the clearest keywords of a target and of its reference, with their intervals.

    Keywords of the target are dots, those of the reference squares; without a q below `alpha` a
    mark is hollow. An arrow shows that an interval goes on beyond the chart, as it does for a term
    that one side never uses. The numbers at both ends are hits.

    Parameters
    ----------
    table : DataFrame
        Rows of ``keyness``, less the terms that are not to be drawn, such as stop words;
        CountsError if none has a test.
    target, reference : str
        What the two sides are called.
    top : int
        Keywords of each side, those with the largest t.

    Examples
    --------
    >>> table = pd.DataFrame({"term": ["talks", "troops"], "t": [3.1, -2.7], "q": [0.01, 0.03],
    ...                       "n_target": [9, 2], "n_reference": [3, 8], "log_ratio": [1.5, -2.0],
    ...                       "low": [0.5, -3.5], "high": [2.5, -0.5]})
    >>> ax = keyness_forest(table, target="Gazette", reference="Herald")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['troops', 'talks']
    """
    table = draw.needed(table, NEEDED, "the table of keyness()")
    tested = table[table["t"].notna()].sort_values("t", kind="stable")
    rows = pd.concat([tested[tested["t"] < 0].head(top), tested[tested["t"] > 0].tail(top)])
    if rows.empty:
        raise CountsError("no term of the table has a test: nothing to draw.")
    ax = draw.axes_or_new(draw.TWO_COLUMNS, max(1.6, 0.8 + 0.145 * len(rows)))
    reach = _reach(rows)
    ax.set_xlim(-reach, reach)
    ax.axvline(0, color=draw.INK, lw=0.7, zorder=0)
    pairs = zip((target, reference), draw.CHANNELS, strict=False)
    colours = [draw.given_colour(name, channel[0]) for name, channel in pairs]
    for y, row in enumerate(rows.to_dict("records")):
        colour, marker = (colours[0], "o") if row["t"] > 0 else (colours[1], "s")
        _interval(ax, y, row, reach, colour)
        ax.plot(
            row["log_ratio"], y, marker=marker, ms=4, mec=colour, ls="none", zorder=3,
            mfc=colour if row["q"] < alpha else "white",
        )  # fmt: skip
        for side, place, name in ((0, -4, "n_reference"), (1, 4, "n_target")):
            ha = "right" if side == 0 else "left"
            draw.note(ax, draw.whole(row[name]), (side, y), (place, 0), "row", ha=ha)
    _terms(ax, rows, colours)
    lines = _sides(ax, target, reference, colours)
    below = int((rows["t"] < 0).sum())
    if 0 < below < len(rows):
        ax.axhline(below - 0.5, color=draw.FAINT, lw=0.5, ls=(0, (1, 2)), zorder=0)
    ax.set_ylim(-0.8, len(rows) - 0.2)
    said = draw.plain("times as frequent (log scale), with 95% intervals over articles")
    ax.set_xlabel(said if draw.size_of(ax)[0] > 250 else said.replace(", ", ",\n", 1))
    draw.set_title(ax, 13 + 9 * lines)
    return ax


def _reach(rows: pd.DataFrame) -> float:
    """How far the axis goes: all marks, and most intervals whole."""
    ends = np.abs(rows[["low", "high"]].to_numpy(float))
    ends = ends[np.isfinite(ends)]
    whole = np.quantile(ends, 0.8) if len(ends) else 0.0
    return float(np.ceil(max(rows["log_ratio"].abs().max() + 0.6, whole)))


def _interval(ax: Axes, y: int, row: dict[str, float], reach: float, colour: str) -> None:
    # An end is missing where a side has no hits.
    row = row | {"low": -np.inf if np.isnan(row["low"]) else row["low"]}
    row = row | {"high": np.inf if np.isnan(row["high"]) else row["high"]}
    low, high = max(row["low"], -reach), min(row["high"], reach)
    ax.plot([low, high], [y, y], color=colour, lw=1.1, zorder=2, solid_capstyle="butt")
    for end, beyond, marker in ((low, row["low"] < -reach, "<"), (high, row["high"] > reach, ">")):
        if beyond:
            ax.plot(end, y, marker=marker, ms=3, color=colour, clip_on=False, zorder=2, ls="none")


def _terms(ax: Axes, rows: pd.DataFrame, colours: list[str]) -> None:
    """Terms beside the axis, and ratios instead of logarithms below it."""
    ax.set_yticks(range(len(rows)), [draw.plain(term) for term in rows["term"]])
    ax.tick_params(axis="y", length=0, pad=24)
    for label, t in zip(ax.get_yticklabels(), rows["t"], strict=True):
        label.set_color(colours[0 if t > 0 else 1])
    reach = int(ax.get_xlim()[1])
    ticks = [tick for tick in range(-reach, reach + 1) if tick % max(1, -(-reach // 5)) == 0]
    ax.set_xticks(ticks, [f"1/{2**-tick}" if tick < 0 else str(2**tick) for tick in ticks])


def _sides(ax: Axes, target: str, reference: str, colours: list[str]) -> int:
    """The names of the two sides above the axis, each in its half; how many lines they have."""
    letters = max(12, int(draw.size_of(ax)[0] / 2 / (1.2 * draw.LETTER * 7)) - 3)
    left, right = draw.row_labels([reference, target], letters)
    for side, ha, name, colour in (
        (0, "left", f"← {left}", colours[1]),
        (1, "right", f"{right} →", colours[0]),
    ):
        look = {"fontsize": None, "fontweight": "bold"}
        draw.note(ax, name, (side, 1), (0, 2), "axes", ha=ha, va="bottom", color=colour, **look)
        away, ha = ((-4, 2), "right") if side == 0 else ((4, 2), "left")
        draw.note(
            ax, draw.word("n"), (side, 1), away, "axes", ha=ha, va="bottom", fontstyle="italic"
        )
    return 1 + max(left.count("\n"), right.count("\n"))
