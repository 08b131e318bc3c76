"""The specification curve: a finding's score under every other choice, in order of size."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import offset_copy

from analysis.showing.charts import drawing as draw
from analysis.showing.readable import number

NEEDED = ["change", "left_out", "score", "score_low", "score_high", "shift", "turned"]
LONGEST = 48  # letters of the names of changes


@draw.styled
def specification_curve(table: pd.DataFrame, *, label: str = "log odds", named: int = 3) -> Axes:
    """Draw the score of a finding without each of the things it might depend on.

    The scores are in order of size with their intervals, the unchanged one as a line. Below each, a
    tick shows what was changed. A score on the other side of 0 has turned the finding: it is drawn
    as a square of another colour.

    Parameters
    ----------
    table : DataFrame
        What `sensitivity` returns.
    label : str
        What the score is.
    named : int
        How many changes are named at either end.

    Examples
    --------
    >>> table = pd.DataFrame({"change": ["none", "pattern"], "left_out": ["", "talks"], "shift": 0,
    ...                       "score": [0.5, -0.1], "score_low": -0.2, "score_high": 0.8,
    ...                       "turned": [False, True]})
    >>> specification_curve(table).get_ylabel()
    'log odds'
    """
    table = draw.needed(table, NEEDED, "the table of sensitivity()")
    base = table[table["change"] == "none"]
    # One pattern that turns the finding alone has its own row among the patterns.
    alone = (table["change"] == "patterns together") & ~table["left_out"].str.contains(", ")
    rows = table[(table["change"] != "none") & ~alone & table["score"].notna()]
    rows = rows.sort_values(["score", "change", "left_out"], kind="stable").reset_index(drop=True)
    kinds = [kind for kind in dict.fromkeys(table["change"]) if (rows["change"] == kind).any()]
    ax = draw.axes_or_new(draw.TWO_COLUMNS, 2.3 + 0.13 * len(kinds))
    for turned, (colour, marker, _) in zip((False, True), draw.CHANNELS, strict=False):
        chosen = rows[rows["turned"].astype(bool) == turned]
        low, high = chosen["score_low"], chosen["score_high"]
        ax.vlines(chosen.index, low, high, color=colour, lw=0.6, alpha=0.5)
        ax.plot(chosen.index, chosen["score"], marker, color=colour, ms=2.4, zorder=3)
    ax.axhline(0, color=draw.INK, lw=0.7, ls=(0, (1, 2)), zorder=0)
    for score in base["score"].dropna():
        ax.axhline(score, color=draw.FAINT, lw=1, zorder=0)
        draw.note(ax, draw.word("nothing changed: {}", number(score)), (1, score), (3, 0), "row")
    # Room above and below, so that the names at the ends do not overlap the intervals.
    values = table[["score", "score_low", "score_high"]].to_numpy(float)
    values = np.append(values[np.isfinite(values)], 0.0)
    room = 0.45 * (np.ptp(values) or 1.0)
    ax.set_ylim(values.min() - room, values.max() + room)
    if not table["score"].notna().any():
        draw.say(ax, "no score could be computed")
    _kinds_below(ax, rows, kinds)
    _name_ends(ax, rows, named)
    ax.set_ylabel(draw.plain(label))
    ax.set_xticks([])
    ax.set_xlim(-1, len(rows))
    ax.spines["bottom"].set_visible(False)
    return ax


def _kinds_below(ax: Axes, rows: pd.DataFrame, kinds: list[str]) -> None:
    """A row of ticks for each kind of change, under the scores that it gives."""
    for place, kind in enumerate(kinds):
        below = -10 - 9 * place
        chosen = rows.index[rows["change"] == kind]
        columns, fig = ax.get_xaxis_transform(), ax.get_figure(root=True)
        row = offset_copy(columns, fig=fig, y=below, units="points")
        ax.plot(
            chosen, np.zeros(len(chosen)), "|", transform=row, color=draw.INK, ms=4, mew=0.7,
            clip_on=False,
        )  # fmt: skip
        said = f"{draw.plain(_WORDS.get(kind, kind))} ({len(chosen)})"
        draw.note(ax, said, (0, 0), (-6, below), "axes", ha="right", color="black")


_WORDS = {
    "pattern": "without a pattern",
    "outlet": "without an outlet",
    "voice": "without a voice",
    "negation": "negated hits otherwise",
    "reprints": "reprints otherwise",
    "titles": "with titles",
    "patterns together": "without several patterns",
}


def _name_ends(ax: Axes, rows: pd.DataFrame, named: int) -> None:
    """Name the changes that move the score most, in the corners that sorted scores leave empty."""
    named = min(named, len(rows) // 2)
    ends = (
        (rows.head(named)[::-1], (0.02, 0.98), "left", "top", "lowest without"),
        (rows.tail(named), (0.98, 0.03), "right", "bottom", "highest without"),
    )
    for chosen, place, ha, va, lead in ends:
        if chosen.empty:
            continue
        whats = [draw.legible(_what(row)) for row in chosen.to_dict("records")]
        scored = zip(draw.wrapped(whats, LONGEST, 1), chosen["score"], strict=True)
        lines = [f"{draw.literal(what)} {number(score)}" for what, score in scored]
        ax.text(
            *place, "\n".join([f"{draw.plain(lead)}:", *lines[::-1]]), transform=ax.transAxes,
            ha=ha, va=va, fontsize=5.5, color=draw.INK, multialignment=ha, linespacing=1.35,
        )  # fmt: skip


def _what(row: dict[Any, Any]) -> str:
    """What was changed; of many patterns, as many as fit."""
    what = draw.word(str(row["left_out"]) or str(row["change"]))
    if row["change"] == "patterns together" and len(what) > LONGEST:
        return what[: LONGEST - 3].rpartition(", ")[0] + ", …"
    return what
