"""The same events in two groups, each a line."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import CountsError
from analysis.formatting import counted
from analysis.showing.charts import drawing as draw
from analysis.showing.charts.frames.frame_multiples import AXES


@draw.styled
def event_slopes(
    table: pd.DataFrame,
    *,
    label: str = "outlet",
    sides: tuple[str, str] | None = None,
    frames: tuple[str, str] | None = None,
    measure: str = "prevalence",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the score of each event in two groups, joined by a line, and the mean of them all.

    Parameters
    ----------
    table : DataFrame
        The table of ``stance(..., by=[label, "event"])``, or of one frame:
        ``prevalence(..., by=[label, "event"], frames="conflict")`` or ``scale``. Only events are
        drawn that have a score in both groups.
    label : str
        The column that names the groups.
    sides : (str, str), optional
        The two groups, from left to right; by default those with the most events in common.
    frames : (str, str), optional
        What a share of 1 and of 0 means; by default the frames that the table scores.
    measure : {"prevalence", "rate", "share"}
        What of the one frame is drawn.
    title, ax : str, and Axes, optional
        Drawn above the chart; where it is drawn.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"] * 2, "event": ["a", "a", "b", "b"],
    ...                       "share": [0.8, 0.4, 0.5, 0.7]})
    >>> ax = event_slopes(table, frames=("threats", "talks"))
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['Gazette', 'Herald']
    """
    one_frame = isinstance(table, pd.DataFrame) and "prevalence" in table
    value = measure if one_frame else "share"
    if value not in AXES:
        raise CountsError(f"measure={measure!r} is unknown; allowed are prevalence, rate, share.")
    source = 'stance(..., by=[..., "event"]), or prevalence of one frame'
    table = draw.needed(table, [label, "event", value], source)
    if one_frame and table["frame"].nunique() > 1:
        raise CountsError(
            f"the table has {table['frame'].nunique()} frames: draw the rows of one, such as "
            f"table[table['frame'] == {table['frame'].iloc[0]!r}]."
        )
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
    ax = draw.axes_or_new(ax, draw.ONE_COLUMN, 2.8)
    for left, right in both.to_numpy():
        colour = draw.CHANNELS[0][0] if left > right else draw.CHANNELS[1][0]
        ax.plot([0, 1], [left, right], color=draw.GREY if left == right else colour, lw=0.7,
                alpha=0.5, marker="o", ms=2)  # fmt: skip
    if both.empty:
        draw.say(ax, f"no event has {'articles' if value == 'prevalence' else 'hits'} in both")
    else:
        ax.plot([0, 1], both.mean(), color=draw.INK, lw=2, marker="o", ms=4, zorder=4)
    ax.set_xlim(-0.25, 1.25)
    ax.set_xticks([0, 1], [draw.plain(one), draw.plain(other)])
    if frames is not None:
        draw.share_axis(ax, "y", frames)
    else:
        ax.set_ylim(-0.02, None if value == "rate" else 1.02)
        names = "".join(table["frame"].head(1).map(draw.plain))
        ax.set_ylabel(f"{draw.word(names)}:\n{draw.word(AXES[value])}")
    draw.note(
        ax, f"{counted(len(both), 'event')}; heavy: the mean", (1, 1), (0, 4), "axes", ha="right"
    )
    ax.set_title(draw.plain(title), pad=12)
    return ax


def _most_in_common(shares: pd.DataFrame) -> tuple[str, str]:
    """The two columns that have values in the same rows most often, the first of them if tied."""
    known = shares.notna().astype(int)
    common = known.T @ known
    pairs = [
        (-common.loc[a, b], a, b) for n, a in enumerate(common) for b in common.columns[n + 1 :]
    ]
    if not pairs:
        raise CountsError("the table has fewer than two groups: there is nothing to join.")
    return min(pairs)[1:]
