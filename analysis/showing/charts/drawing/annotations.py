"""What is around the marks of a chart: names, events, numbers of articles, links."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from numpy.typing import ArrayLike

from analysis.showing.charts.drawing.colours import FAINT, INK, Channel
from analysis.showing.charts.drawing.inputs import Bools, days_of, thick_points
from analysis.showing.charts.drawing.labels import legible, literal, n_label, plain, shortened
from analysis.showing.charts.drawing.look import word
from analysis.showing.charts.drawing.period_axis import Floats, Spans, event_place
from analysis.showing.charts.drawing.style import set_title
from analysis.showing.largest import THIN

# The average width of a letter and height of a line of DejaVu Sans, in ems.
LETTER, LINE = 0.6, 1.22

NO_HITS = "no hits of either frame"
NO_ROWS = "nothing to draw: the table has no rows"


def size_of(ax: Axes) -> tuple[float, float]:
    """Width and height of the axes in points, as they are now."""
    scale = 72 / ax.figure.dpi
    return ax.bbox.width * scale, ax.bbox.height * scale


def settle(ax: Axes) -> None:
    """Let the layout give the axes their size, with all that was drawn so far around them."""
    if fig := ax.get_figure(root=True):
        fig.draw_without_rendering()


def note(
    ax: Axes, text: str, at: tuple[float, float], away: tuple[float, float], place: str, **look: Any
) -> Annotation:
    """Write at some points `away` from a place, small and grey unless the look says otherwise.

    The place is in fractions of the axes; in a "row" its y, in a "column" its x is of the data.
    """
    coordinates: dict[str, Any] = {
        "axes": "axes fraction",
        "row": ax.get_yaxis_transform(),
        "column": ax.get_xaxis_transform(),
    }
    look = {"va": "center", "fontsize": 6, "color": FAINT, "xycoords": coordinates[place], **look}
    return ax.annotate(text, at, away, textcoords="offset points", **look)


def say(ax: Axes, sentence: str) -> None:
    """Say in empty axes why nothing is drawn."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 2}
    note(ax, plain(sentence), (0.5, 0.5), (0, 0), "axes", ha="center", fontsize=7, bbox=box)


def no_hits(ax: Axes, y: float) -> None:
    """Say in a row without a share that there are no hits."""
    note(ax, word("no hits"), (0, y), (3, 0), "row", fontstyle="italic")


def articles_beside(
    ax: Axes, y: float, articles: float, colour: str = FAINT, size: float = 6
) -> None:
    """The number of articles at the right end of a row."""
    note(ax, n_label(articles), (1, y), (3, 0), "row", color=colour, fontsize=size)


def intervals(
    ax: Axes, x: Floats, rows: pd.DataFrame, value: str, colour: str, thin: int | str,
    *, n: str = "articles", least: int = THIN, bar: float = 0.7, band: float = 0.18,
) -> tuple[Floats, Bools]:  # fmt: skip
    """Draw the intervals of a series, as a band where there are articles enough, and its links.

    The values of the series, and which of them have articles enough.
    """
    ends = ("low", "high") if f"{value}_low" not in rows else (f"{value}_low", f"{value}_high")
    thick, sure = thick_points(rows[n], rows[ends[0]], thin, least)
    low, high = (np.where(sure, rows[end], np.nan) for end in ends)
    under, over = (np.where(thick, end, np.nan) for end in (low, high))
    ax.fill_between(x, under, over, color=colour, alpha=band, lw=0, zorder=1)
    # A band needs two neighbours; a lone thick period keeps its interval as a bar.
    ax.vlines(x, low, high, color=colour, alpha=0.5, lw=bar, zorder=2)
    y = rows[value].to_numpy(float)
    clickable(ax, x, y, rows.get("link"))
    return y, thick


def row_dot(
    ax: Axes, y: float, ends: Sequence[float], colour: str, marker: str = "o", *, sure: bool = True
) -> None:
    """An estimate in a row: value, low and high; without an interval it is hollow."""
    value, low, high = ends
    known = np.isfinite([low, high]).all()
    if sure and known:
        ax.plot([low, high], [y, y], color=colour, lw=1.2, zorder=2)
    # Not clipped: whole at 0 and 1.
    ax.plot(
        value, y, marker, color=colour, mfc=colour if known else "white", mec=colour, ms=4.2,
        ls="none", zorder=3, clip_on=False,
    )  # fmt: skip


def one_scale(ax: Axes, rows: int) -> None:
    """As much room above the highest row as below the lowest."""
    ax.set_ylim(-0.7, max(rows, 1) - 0.3)


def dots(
    ax: Axes, x: Floats, y: Floats, thick: Bools, channel: Channel, most: float = 4, edge: float = 1
) -> None:
    """Marks of a series, hollow where there are few articles, small where periods are narrow."""
    colour, marker, _ = channel
    size = float(np.clip(0.9 * size_of(ax)[0] / max(len(x), 1), 1.2, most))
    for filled in (True, False):
        chosen = thick == filled
        # Not clipped: whole at 0 and 1. The layout would look for a series without any at a corner
        # of the figure.
        ax.plot(
            x[chosen], y[chosen], marker=marker, ls="none", ms=size, mec=colour, zorder=4,
            mew=min(edge, size / 3), mfc=colour if filled else "white",
            clip_on=False, in_layout=False,
        )  # fmt: skip


def lines_of(labels: Sequence[str]) -> int:
    """The most lines that one of the labels has."""
    return max((label.count("\n") + 1 for label in labels), default=1)


def row_height(labels: Sequence[str], least: float) -> float:
    """The height in inches of a row with one of these labels at its side."""
    return max(least, 0.04 + 0.1 * lines_of(labels))


def name_rows(ax: Axes, labels: Sequence[str], **text: Any) -> None:
    """Name the rows at 0, 1, ... at the side, in type that fits their height."""
    room = size_of(ax)[1] / max(len(labels), 1)
    size = min(7.0, max(4.0, room / (LINE * lines_of(labels))))
    ax.set_yticks(range(len(labels)), labels, fontsize=size, linespacing=1.12, **text)
    ax.tick_params(axis="y", length=0)


def end_labels(ax: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Name each line at its right end: its height, name and colour.

    Names that would overlap are moved apart, and written smaller if there are many.
    """
    if not ends:
        return
    settle(ax)
    (low, high), height = ax.get_ylim(), size_of(ax)[1]
    ends = sorted(ends, key=lambda end: end[0])
    heights = [name.count("\n") + 1.4 for _, name, _ in ends]
    size = min(7.0, max(4.0, height / (LINE * sum(heights))))
    halves = [LINE * size * lines / 2 * (high - low) / height for lines in heights]
    places = [y for y, _, _ in ends]
    for n in range(1, len(ends)):
        places[n] = max(places[n], places[n - 1] + halves[n - 1] + halves[n])
    ceiling = high + halves[-1]
    for n in reversed(range(len(ends))):
        places[n] = min(places[n], ceiling - halves[n])
        ceiling = places[n] - halves[n]
    for (_, name, colour), y in zip(ends, places, strict=True):
        note(ax, name, (1, y), (5, 0), "row", color=colour, fontsize=size, annotation_clip=False)


def event_lines(ax: Axes, events: Mapping[str, str] | None, periods: Spans) -> None:
    """Mark events by a line each, with their names above the axes and the title above those."""
    if events and len(events) > 1:
        settle(ax)
    width, (low, high) = size_of(ax)[0], ax.get_xlim()
    names: list[tuple[str, float, str]] = []
    spans: list[tuple[float, float]] = []
    for name, day in days_of(events):
        x = event_place(day, periods)
        if x is None:
            continue
        ax.axvline(x, color=INK, lw=0.7, ls=(0, (1, 1)), zorder=0)
        name = shortened(legible(word(name)), 60)
        at, long = width * (x - low) / (high - low), LETTER * 6 * len(name)
        # A name that would run far out of the chart is put to the left of its line.
        side = "right" if at + long > width + 40 and at > long else "left"
        names.append((name, x, side))
        spans.append((at - long, at) if side == "right" else (at, at + long))
    rows = rows_apart(spans, 4)
    for (name, x, side), row in zip(names, rows, strict=True):
        away = (-2 if side == "left" else 2, 2 + 7 * row)
        note(ax, literal(name), (x, 1), away, "column", ha=side, va="bottom", color=INK)
    set_title(ax, 6 + 7 * max(2, *(row + 1 for row in rows)) if rows else None)


def rows_apart(spans: Sequence[tuple[float, float]], gap: float) -> list[int]:
    """The lowest row for each span in which it keeps its distance from those before it."""
    rows: list[int] = []
    for number, (left, right) in enumerate(spans):
        taken = {
            rows[other]
            for other, (start, end) in enumerate(spans[:number])
            if start < right + gap and left < end + gap
        }
        rows.append(next(row for row in range(number + 1) if row not in taken))
    return rows


def counts_below(ax: Axes, periods: Spans, series: Sequence[tuple[Sequence[int], str]]) -> None:
    """The number of articles in each period, in a row under the axis for each series: n, colour.

    Where periods are too narrow for that, a number is the sum from a tick to the next.
    """
    counts = [(np.asarray(n, int), colour) for n, colour in series]
    long, size = len(periods.names), 5
    width = size_of(ax)[0] / max(long, 1)
    spans = [(at, at + 1) for at in range(long)]
    if width < 1.2 * size:
        ticks = np.searchsorted(periods.middles, ax.get_xticks())
        most = max((len(str(n.sum())) for n, _ in counts), default=0)
        spans = _between(ticks, long, LETTER * size * (most + 1) / width)
    sums = [[int(n[a:b].sum()) for a, b in spans] for n, _ in counts]
    digits = max((len(str(total)) for row in sums for total in row), default=1)
    narrowest = min((b - a for a, b in spans), default=1) * width
    # Type of 5 points is some 3.2 wide; numbers that would touch are all turned upright.
    upright = 3.2 * digits + 2 > narrowest
    # How far the labels of the periods reach below the axis, and a little more.
    labels = [label.get_text() for label in ax.get_xticklabels()]
    depth = 9 + 8.5 * max(lines_of(labels), 2)
    if any(label.get_rotation() for label in ax.get_xticklabels()):
        depth = 10 + LETTER * 7 * max(map(len, labels))
    for number, (row, (_, colour)) in enumerate(zip(sums, counts, strict=True)):
        below = -depth - (3.2 * digits + 3 if upright else 7) * (number + upright / 3)
        look = {"color": colour, "ha": "center", "fontsize": size}
        for (a, b), total in zip(spans, row, strict=True):
            at = ((periods.starts[a] + periods.ends[b - 1]) / 2, 0)
            note(ax, str(total), at, (0, below), "column", rotation=90 if upright else 0, **look)
        note(ax, word("n"), (0, 0), (-12, below), "axes", fontstyle="italic", **look)


def _between(ticks: Iterable[int], n: int, least: float) -> list[tuple[int, int]]:
    """Runs of periods from each tick to the next, none shorter than `least` if it can be."""
    ends = [0]
    for tick in [*map(int, ticks), n]:
        if tick - ends[-1] >= least:
            ends.append(tick)
    ends = [*ends[:-1], n] if len(ends) > 1 else [0, n]
    return list(pairwise(ends))


def share_axis(ax: Axes, which: str, frames: tuple[str, str]) -> None:
    """Make the "x" or "y" axis one of shares from 0 to 1, with its middle marked; or of means."""
    middle = ax.axvline if which == "x" else ax.axhline
    if not frames[1]:
        ax.set(**{f"{which}label": f"{word('mean weight of words')}:\n{plain(frames[0])}"})
        middle(0, color=FAINT, lw=0.6, ls=(0, (1, 2)), zorder=0)
        return
    label = f"{word('share of')} {plain(frames[0])}\n({word('against')} {plain(frames[1])})"
    ax.set(**{f"{which}lim": (-0.02, 1.02), f"{which}label": label})
    getattr(ax, f"{which}axis").set_ticks(np.linspace(0, 1, 5), ["0", ".25", ".50", ".75", "1"])
    middle(0.5, color=FAINT, lw=0.6, ls=(0, (1, 2)), zorder=0)


def clickable(ax: Axes, x: ArrayLike, y: ArrayLike, links: Iterable[Any] | None) -> None:
    """Lay an invisible, linked disc over each point: in an SVG it opens the sentences behind it."""
    if links is None:
        return
    points = [
        (a, b, link)
        for a, b, link in zip(np.asarray(x), np.asarray(y), links, strict=True)
        if np.isfinite(b) and np.isfinite(a) and isinstance(link, str) and link
    ]
    if points:
        xs, ys, urls = zip(*points, strict=True)
        # Not clipped: whole at 0 and 1.
        discs = ax.scatter(
            xs, ys, s=90, color="white", alpha=0, linewidths=0, zorder=9, clip_on=False
        )
        discs.set_in_layout(False)
        discs.set_urls(urls)
