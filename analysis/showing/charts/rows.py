"""Estimates as dots with intervals, a row for each group."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import CountsError
from analysis.preparing.voices.voices_table import VOICES
from analysis.showing.charts import drawing as draw

# What says how much is behind a row, the best first.
_SIZES = ("articles", "n_docs", "lines", "n", "n_near")
ENDS = ("share_difference", "share_difference_low", "share_difference_high")


@draw.styled
def share_by_group(
    table: pd.DataFrame,
    *,
    label: str = "outlet",
    colour_by: str | None = None,
    colour_order: Sequence[str] | None = None,
    reference: tuple[float, str] | None = None,
    frames: tuple[str, str] | None = None,
    sort: bool = True,
) -> Axes:
    """Draw the share of each group as a dot with its interval, and its number of articles.

    Parameters
    ----------
    table : DataFrame
        Rows of ``stance``: ``share, share_low, share_high, articles`` and the column `label`.
        A group without an interval is drawn hollow; one without hits has its row, and no dot.
    colour_by, colour_order : str and sequence of str, optional
        A column of categories shown by colour and marker, and the order that they are given them.
    reference : (float, str), optional
        A share to compare with, and its name.
    sort : bool
        Put the largest share at the top; else the table's order from the top.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"], "articles": 40, "share": [0.4, 0.7],
    ...                       "share_low": 0.3, "share_high": 0.8})
    >>> ax = share_by_group(table, frames=("threats", "talks"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Gazette', 'Herald']
    """
    columns = ["share", "share_low", "share_high"]
    needed = [*columns, "articles", label, *filter(None, [colour_by])]
    table = draw.needed(table, needed, "the table of stance()")
    frames = draw.frames_of(table, frames)
    kinds = draw.kinds_of(table, colour_by, colour_order)
    rows = table.sort_values("share", kind="stable", na_position="first") if sort else table[::-1]
    labels = draw.row_labels(rows[label])
    # One column of a page; wider where the names of the rows need more than a third of it.
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    width = draw.ONE_COLUMN + max(0, longest - 20) * 0.06
    ax = draw.axes_or_new(width, 0.6 + draw.row_height(labels, 0.17) * max(len(rows), 1))
    for y, row in enumerate(rows.to_dict("records")):
        kind = kinds.index(draw.name_of(row[colour_by])) if colour_by else 0
        colour, marker, _ = draw.CHANNELS[kind]
        if np.isfinite(row["share"]):
            colour = draw.given_colour(row[colour_by or label], colour)
            draw.row_dot(ax, y, [row[name] for name in columns], colour, marker)
        else:
            draw.no_hits(ax, y)
        draw.articles_beside(ax, y, row["articles"])
    draw.clickable(ax, rows["share"], range(len(rows)), rows.get("link"))
    if rows.empty:
        draw.say(ax, draw.NO_ROWS)
    if kinds:
        # In the corner that sorted dots leave empty.
        for name, (colour, marker, _) in zip(kinds, draw.CHANNELS, strict=False):
            ax.plot([], [], marker=marker, ls="none", ms=4.2, label=draw.plain(name),
                    color=draw.given_colour(name, colour))  # fmt: skip
        ax.legend(loc="upper left", frameon=False, handletextpad=0.2, borderaxespad=0.2)
    if reference is not None:
        share, name = reference
        ax.axvline(share, color=draw.INK, lw=0.8, ls=(0, (4, 2)), zorder=0)
        look = {"ha": "right" if share > 0.5 else "left", "va": "bottom", "color": draw.INK}
        draw.note(ax, draw.plain(name), (share, 1), (0, 2), "column", **look)
    draw.name_rows(ax, labels)
    draw.one_scale(ax, len(rows))
    draw.set_title(ax, 10 if reference else None)
    draw.share_axis(ax, "x", frames)
    return ax


@draw.styled
def estimates(
    table: pd.DataFrame,
    *,
    value: str | None = None,
    label: str | None = None,
    reference: float | None = None,
) -> Axes:
    """Draw a column of any table of results, a dot with its interval for each row.

    Parameters
    ----------
    table : DataFrame
        A table of results, from the top; CountsError if it has no such column.
    value : str, optional
        The column drawn, with ``<value>_low`` and ``<value>_high`` (of terms ``low`` and ``high``)
        as its interval; by default the first that has one. A dot that lacks its interval is hollow.
    label : str, optional
        The column that names the rows; by default those of the groups, joined.
    reference : float, optional
        A value to compare with, such as 0 for a difference.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"], "articles": 40, "slope": [0.1, 0.4],
    ...                       "slope_low": [-0.1, 0.2], "slope_high": [0.3, 0.6]})
    >>> estimates(table, reference=0).get_xlabel()
    'slope'
    """
    table = draw.needed(table, [name for name in (value, label) if name], "any table of results")
    with_interval = [n for n in table if {f"{n}_low", f"{n}_high"} <= {*table.columns}]
    value = value or next(iter(with_interval), None)
    if value is None:
        raise CountsError(
            f"no column of the table has an interval; it has {', '.join(map(str, table.columns))}. "
            "Say value=, the column to draw."
        )
    bare = [name for name in ("low", "high") if name in table]
    ends = [f"{value}_low", f"{value}_high"] if value in with_interval else bare
    sure = len(ends) == 2
    if not pd.api.types.is_numeric_dtype(table[value]):
        raise CountsError(f"value={value!r}: the column has no numbers. Say one that has.")
    places = table[[value, *(ends if sure else [value, value])]].to_numpy(float)
    names = _names(table, label)
    labels = draw.row_labels(names)
    height = 0.6 + draw.row_height(labels, 0.17) * max(len(table), 1)
    ax = draw.axes_or_new(draw.ONE_COLUMN + 1, height)
    if reference is not None:
        ax.axvline(reference, color=draw.INK, lw=0.7, zorder=0)
    if table.empty:
        draw.say(ax, draw.NO_ROWS)
    size = next((name for name in _SIZES if name in table), None)
    y = np.arange(len(table), dtype=float)[::-1]
    for row, name in enumerate(names):
        colour = draw.given_colour(name, draw.CHANNELS[0][0])
        draw.row_dot(ax, y[row], places[row].tolist(), colour, sure=sure)
        if size is not None:
            draw.articles_beside(ax, y[row], table[size].iloc[row])
    draw.clickable(ax, places[:, 0], y, table.get("link"))
    draw.name_rows(ax, labels[::-1])
    draw.one_scale(ax, len(table))
    ax.set_xlabel(draw.plain(value.replace("_", " ")))
    return ax


def _names(table: pd.DataFrame, label: str | None) -> list[str]:
    """What the rows are called: the values of the columns that tell them apart."""
    if label is not None:
        return [draw.name_of(value) for value in table[label]]
    columns = [*draw.groups_of(table), *(n for n in ("frame", "term", "pattern") if n in table)]
    columns = [n for n in dict.fromkeys(columns) if len(columns) == 1 or table[n].nunique() > 1]
    if not columns:
        return [draw.ALL] * len(table)
    return [", ".join(map(draw.name_of, row)) for row in table[columns].itertuples(index=False)]


@draw.styled
def share_by_voice(
    table: pd.DataFrame,
    *,
    label: str = "outlet",
    voices: Sequence[str] = VOICES,
    frames: tuple[str, str] | None = None,
) -> Axes:
    """Draw the share of each group in each voice: three dots per row, with their intervals.

    Parameters
    ----------
    table : DataFrame
        Rows of ``stance`` by `label` and ``voice``. A dot without an interval is hollow.
    voices : sequence of str
        The voices drawn, from the top of a row to its foot.

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
    voices = [*voices] or VOICES
    draw.check_colours(len(voices), f"voices: {len(voices)} of them", "Name fewer.")
    table = draw.with_names(table, label)
    # In the order of the share in the first voice, the largest at the top.
    first = table[table["voice"] == voices[0]].set_index(label)["share"]
    names = sorted(table[label].astype("str").unique())
    names.sort(key=lambda name: (first.get(name, np.nan) >= 0, first.get(name, 0)))
    ax = draw.axes_or_new(draw.TWO_COLUMNS, 0.75 + 0.32 * max(len(names), 1))
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
    draw.set_title(ax, 16)
    # Above the axes, where there are no dots.
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
            mec=colour, mfc=colour if filled else "white", zorder=3, clip_on=False,
            in_layout=False,
        )  # fmt: skip
    for place, n in zip(y, rows["articles"].fillna(0), strict=True):
        draw.articles_beside(ax, place, n, colour, size=5)
    ax.plot([], [], color=colour, marker=marker, ms=3.8, lw=1.1, label=draw.plain(voice))
    draw.clickable(ax, share, y, rows.get("link"))


@draw.styled
def adjusted_differences(table: pd.DataFrame, *, label: str = "outlet") -> Axes:
    """Draw how far each group is from another, or from all others, before and after adjusting.

    A hollow square is the difference of the shares as they are, a filled dot that of the
    standardised ones, each with its 95% interval. Rows that could not be adjusted have no dot.

    Parameters
    ----------
    table : DataFrame
        Rows of ``compare_groups(..., adjust=...)``.
    label : str
        The column that names the groups; the other group's is ``<label>_other``.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"], "share_difference": [0.3, -0.2],
    ...                       "share_difference_low": [0.2, -0.3],
    ...                       "share_difference_high": [0.4, -0.1]})
    >>> adjusted = {f"adjusted_{name}": column / 3 for name, column in table.iloc[:, 1:].items()}
    >>> ax = adjusted_differences(table.assign(**adjusted))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['unadjusted', 'adjusted']
    """
    columns = [label, *ENDS, *(f"adjusted_{name}" for name in ENDS)]
    table = draw.needed(table, columns, "the table of compare_groups(..., adjust=...)")
    keys = [name for name in (label, f"{label}_other", "frame") if name in table]
    draw.need_one_row_each(table, keys)
    rows = table.sort_values(ENDS[0], kind="stable", na_position="first")
    named = rows[keys].map(lambda value: draw.word(draw.name_of(value))).to_numpy()
    labels = draw.row_labels(map(" - ".join, named))
    height = 0.7 + draw.row_height(labels, 0.24) * max(len(rows), 1)
    ax = draw.axes_or_new(draw.ONE_COLUMN * 1.2, height)
    ax.axvline(0, color=draw.INK, lw=0.7, zorder=0)
    if rows.empty:
        draw.say(ax, draw.NO_ROWS)
    looks = {"": ("s", draw.FAINT, "white", 0.17), "adjusted_": ("o", draw.INK, draw.INK, -0.17)}
    for prefix, (marker, colour, face, lift) in looks.items():
        value, low, high = (rows[f"{prefix}{name}"].to_numpy(np.float64) for name in ENDS)
        places = np.arange(len(rows)) + lift
        ax.hlines(places, low, high, color=colour, lw=1.2)
        name = draw.word("adjusted" if prefix else "unadjusted")
        ax.plot(value, places, marker, mfc=face, mec=colour, ms=4, ls="none", label=name)
    draw.name_rows(ax, labels)
    draw.one_scale(ax, len(rows))
    of_rates = "measure" in table and set(table["measure"]) == {"rate"}
    of = draw.word("hits per token" if of_rates else "shares")
    other = draw.word("the other group" if f"{label}_other" in table else "all others")
    ax.set_xlabel(draw.literal(draw.word("difference of the {}, to {}", of, other)))
    draw.set_title(ax, 14)
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, borderaxespad=0.1)
    return ax
