"""Who speaks: the share in narration, in quotation and in reported speech, per outlet."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.preparing.voices.voices_table import VOICES
from analysis.showing.charts import drawing as draw


@draw.styled
def share_by_voice(
    table: pd.DataFrame,
    *,
    label: str = "outlet",
    voices: Sequence[str] = VOICES,
    frames: tuple[str, str] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of each group in each voice: three dots per row, with their intervals.

    Parameters
    ----------
    table : DataFrame
        Rows of ``stance`` by `label` and ``voice``. A dot without an interval is hollow.
    voices : sequence of str
        The voices drawn, from the top of a row to its foot.
    label, frames, title, ax
        As for `share_by_group`.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": "Gazette", "voice": ["narration", "quoted", "reported"],
    ...                       "articles": 40, "share": 0.4, "share_low": 0.3, "share_high": 0.5})
    >>> ax = share_by_voice(table, frames=("threats", "talks"))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['narration', 'quoted', 'reported']
    """
    columns = [label, "voice", "articles", "share", "share_low", "share_high"]
    table = draw.needed(table, columns, f"the table of stance(..., by=[{label!r}, 'voice'])")
    frames = draw.frames_of(table, frames)
    draw.need_one_row_each(table, [label, "voice"])
    table = draw.with_names(table, label)
    names = _order(table, label, voices[0])
    ax = draw.axes_or_new(ax, draw.TWO_COLUMNS, 0.75 + 0.32 * max(len(names), 1))
    if not names:
        draw.say(ax, draw.NO_ROWS)
    for number, voice in enumerate(voices):
        rows = table[table["voice"] == voice].set_index(label).reindex(names)
        y = np.arange(len(names), dtype=np.float64) + (1 - number) * 0.24
        colour, *marks = draw.CHANNELS[number]
        _dots(ax, y, rows, voice, (draw.given_colour(voice, colour), *marks))
    for y in np.arange(len(names) - 1) + 0.5:
        ax.axhline(y, color=draw.RULE, lw=0.5, zorder=0)
    draw.share_axis(ax, "x", frames)
    scored = set(table.loc[table["share"].notna(), label].astype("str"))
    for row in [row for row, name in enumerate(names) if name not in scored]:
        draw.no_hits(ax, row)
    draw.name_rows(ax, draw.row_labels(names))
    ax.set_ylim(-0.6, max(len(names), 1) - 0.4)
    # Above the axes, where there are no dots.
    ax.set_title(draw.plain(title), pad=16)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=len(voices), frameon=False,
        borderaxespad=0.2, handletextpad=0.4,
    )  # fmt: skip
    return ax


def _dots(ax: Axes, y: draw.Floats, rows: pd.DataFrame, voice: str, channel: draw.Channel) -> None:
    """One voice: the share of each group, its interval and its number of articles."""
    colour, marker, _ = channel
    share = rows["share"].to_numpy(float)
    ax.hlines(y, rows["share_low"], rows["share_high"], color=colour, lw=1.1, zorder=2)
    known = np.isfinite(rows["share_low"].to_numpy(float))
    for filled in (True, False):
        ax.plot(
            share[known == filled], y[known == filled], marker=marker, ls="none", ms=3.8,
            mec=colour, mfc=colour if filled else "white", zorder=3,
        )  # fmt: skip
    for place, n in zip(y, rows["articles"].fillna(0), strict=True):
        draw.articles_beside(ax, place, n, colour, size=5)
    ax.plot([], [], color=colour, marker=marker, ms=3.8, lw=1.1, label=draw.plain(voice))
    draw.clickable(ax, share, y, rows.get("link"))


def _order(table: pd.DataFrame, label: str, voice: str) -> list[str]:
    """Rows in the order of their share in one voice, the largest at the top."""
    shares = table[table["voice"] == voice].set_index(label)["share"]
    names = sorted(table[label].astype("str").unique())
    return sorted(names, key=lambda name: (shares.get(name, np.nan) >= 0, shares.get(name, 0)))
