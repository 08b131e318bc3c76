"""Two groups side by side: all frames of both, or the same events in both."""

from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import CountsError
from analysis.showing.charts import drawing as draw
from analysis.showing.charts.multiples import AXES as OF_ALL

AXES = OF_ALL | {"rate": "share of tokens that are hits"}
RATIOS = {"prevalence": "odds ratio", "rate": "ratio of rates", "share": "odds ratio",
          "mean": "difference of means"}  # fmt: skip


@draw.styled
def frame_differences(
    table: pd.DataFrame, *, label: str = "outlet", alpha: float = 0.05, title: str = ""
) -> Figure:
    """Draw each frame in two groups, and how far apart they are.

    Left the two values: a dot for the one group, a square for the other. Right their ratio on a
    logarithmic scale with its 95% interval, filled where q is below `alpha`.

    Parameters
    ----------
    table : DataFrame
        The rows of one comparison of ``compare_groups(..., frames=...)``.
    label : str
        The column that names the groups; the other group's is ``<label>_other``, or it is the rest.
    title : str
        Drawn above the chart.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": "Gazette", "outlet_other": "Herald",
    ...                       "frame": ["conflict", "morality"], "measure": "prevalence",
    ...                       "share": [0.6, 0.1], "share_other": [0.4, 0.2], "q": [0.01, 0.3],
    ...                       "difference": [0.8, -0.8], "difference_low": [0.2, -2.0],
    ...                       "difference_high": [1.4, 0.4]})
    >>> fig = frame_differences(table)
    >>> [label.get_text() for label in fig.axes[0].get_yticklabels()]
    ['morality', 'conflict']
    """
    ends = ["difference", "difference_low", "difference_high"]
    columns = [label, "frame", "measure", "share", "share_other", *ends, "q"]
    table = draw.needed(table, columns, "the table of compare_groups(..., frames=...)")
    draw.need_one_row_each(table, ["frame"])
    if table["measure"].nunique() > 1:
        raise CountsError("the table has several measures; choose the rows of one.")
    rows = table.sort_values("difference", kind="stable", na_position="first")
    height = 0.85 + 0.2 * max(len(rows), 1)
    fig, (left, right) = draw.figure(draw.TWO_COLUMNS, height, 2, width_ratios=[3, 2])
    if rows.empty:
        draw.say(left, draw.NO_ROWS)
        return fig
    measure = rows["measure"].iloc[0]
    one = draw.name_of(rows[label].iloc[0])
    other = draw.name_of(rows[f"{label}_other"].iloc[0]) if f"{label}_other" in rows else "rest"
    _values(left, rows, (one, other))
    left.set_xlabel(draw.plain(AXES[measure]))
    left.set_title(draw.plain(title))
    _ratios(right, rows, alpha)
    what = (draw.word(part) for part in (RATIOS[measure], one, other))
    right.set_xlabel(draw.literal(draw.word("{}, {} to {}", *what)))
    return fig


def _values(ax: Axes, rows: pd.DataFrame, names: tuple[str, str]) -> None:
    places = range(len(rows))
    colours = [draw.frame_colour(frame) for frame in rows["frame"]]
    ax.hlines(places, rows["share"], rows["share_other"], color=draw.GREY, lw=1)
    for column, marker, name, size in zip(
        ("share", "share_other"), ("o", "s"), names, (24, 18), strict=True
    ):
        face = colours if marker == "o" else "white"
        ax.scatter(
            rows[column], places, marker=marker, s=size, c=face, ec=colours, zorder=3,
            clip_on=False, in_layout=False,
        )  # fmt: skip
        fill = draw.INK if marker == "o" else "white"
        ax.plot([], [], marker, mfc=fill, mec=draw.INK, ms=4, label=draw.plain(name))
    draw.name_rows(ax, draw.row_labels(rows["frame"]))
    for text, colour in zip(ax.get_yticklabels(), colours, strict=True):
        text.set_color(colour)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    if rows["measure"].iloc[0] != "mean":
        ax.set_xlim(0)
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, borderaxespad=0.2)


def _ratios(ax: Axes, rows: pd.DataFrame, alpha: float) -> None:
    ax.axvline(0, color=draw.INK, lw=0.7, zorder=0)
    known = np.abs(rows[["difference_low", "difference_high", "difference"]].to_numpy(float))
    reach = 1.2 * (float(np.nanquantile(known, 0.9)) if np.isfinite(known).any() else 1.0)
    of_means = rows["measure"].iloc[0] == "mean"
    if not of_means:
        reach = max(0.5, min(reach, 5.0), float(np.nanmax(known[:, 2], initial=0)) + 0.1)
    for y, row in enumerate(rows.to_dict("records")):
        colour = draw.frame_colour(row["frame"])
        ax.plot(np.clip([row["difference_low"], row["difference_high"]], -reach, reach), [y, y],
                color=colour, lw=1.2)  # fmt: skip
        face = colour if row["q"] < alpha else "white"
        ax.plot(row["difference"], y, "o", mfc=face, mec=colour, ms=4, zorder=3)
    ax.set_xlim(-reach * 1.03, reach * 1.03)
    ax.set_yticks([])
    ax.set_ylim(-0.7, len(rows) - 0.3)
    if of_means:
        return
    step = 2 if reach < 2.5 else 4
    ticks = [t for t in np.power(float(step), range(-3, 4)) if abs(np.log(t)) <= reach]
    names = [f"1/{round(1 / tick)}" if tick < 1 else f"{tick:.0f}" for tick in ticks]
    ax.set_xticks(np.log(ticks), names)


@draw.styled
def event_slopes(
    table: pd.DataFrame,
    *,
    label: str = "outlet",
    sides: tuple[str, str] | None = None,
    frames: tuple[str, str] | None = None,
    measure: str | None = None,
) -> Axes:
    """Draw the score of each event in two groups, joined by a line, and the mean of them all.

    Parameters
    ----------
    table : DataFrame
        The table of ``stance(..., by=[label, "event"])``, or of one frame:
        ``prevalence(..., by=[label, "event"], frames="conflict")`` or ``scale``. Only events are
        drawn that have a score in both groups.
    sides : (str, str), optional
        The two groups, from left to right; by default those with the most events in common.
    measure : {"prevalence", "rate", "share", "mean"}, optional
        What is drawn: of the one frame its prevalence, rate or share; a contrast has a share alone,
        and a scale a mean.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"] * 2, "event": ["a", "a", "b", "b"],
    ...                       "share": [0.8, 0.4, 0.5, 0.7]})
    >>> ax = event_slopes(table, frames=("threats", "talks"))
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['Gazette', 'Herald']
    """
    source = 'stance(..., by=[..., "event"]), or prevalence of one frame'
    table = draw.needed(table, [label, "event"], source)
    one_frame = "prevalence" in table
    allowed = ["mean" if "mean" in table else "share"]
    allowed = ["prevalence", "rate", "share"] if one_frame else allowed
    value = measure or allowed[0]
    draw.check_one_of("measure", value, allowed)
    table = draw.needed(table, [value], source)
    if "frame" in table:
        draw.need_one_frame(table)
    draw.need_one_row_each(table, [label, "event"])
    frames = None if one_frame else draw.frames_of(table, frames)
    known = table[table["event"].notna()]
    shares = known.assign(**{label: known[label].astype("str")})
    shares = shares.pivot(index="event", columns=label, values=value)
    one, other = sides or _most_in_common(shares)
    if missing := [name for name in (one, other) if name not in shares]:
        raise CountsError(
            f"sides={sides!r}: the table has no {missing[0]!r}; it has {', '.join(shares)}."
        )
    both = shares[[one, other]].dropna()
    ax = draw.axes_or_new(draw.ONE_COLUMN, 2.8)
    for left, right in both.to_numpy():
        colour = draw.CHANNELS[0][0] if left > right else draw.CHANNELS[1][0]
        ax.plot([0, 1], [left, right], color=draw.GREY if left == right else colour, lw=0.7,
                alpha=0.5, marker="o", ms=2, clip_on=False)  # fmt: skip
    if both.empty:
        draw.say(ax, f"no event has {'articles' if value == 'prevalence' else 'hits'} in both")
    else:
        ax.plot(
            [0, 1], both.mean(), color=draw.INK, lw=2, marker="o", ms=4, zorder=4, clip_on=False
        )
    ax.set_xlim(-0.25, 1.25)
    ax.set_xticks([0, 1], [draw.plain(one), draw.plain(other)])
    if frames is not None:
        draw.share_axis(ax, "y", frames)
    else:
        ax.set_ylim(-0.02, None if value == "rate" else 1.02)
        names = "".join(table["frame"].head(1).map(draw.plain))
        ax.set_ylabel(f"{draw.word(names)}:\n{draw.word(OF_ALL[value])}")
    said = "{} event; heavy: the mean" if len(both) == 1 else "{} events; heavy: the mean"
    draw.note(ax, draw.word(said, f"{len(both):,}"), (1, 1), (0, 4), "axes", ha="right")
    draw.set_title(ax, 12)
    return ax


def _most_in_common(shares: pd.DataFrame) -> tuple[str, str]:
    """The two columns that have values in the same rows most often, the first of them if tied."""
    if shares.shape[1] < 2:
        raise CountsError("the table has fewer than two groups: there is nothing to join.")
    known = shares.notna()
    pairs = combinations(shares.columns, 2)
    return min(pairs, key=lambda pair: (-(known[pair[0]] & known[pair[1]]).sum(), pair))
