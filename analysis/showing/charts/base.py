"""What all charts share: style, sizes, colours with a second channel, inert text, saving."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec
from xml.sax.saxutils import quoteattr

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from analysis.errors import OutputError
from analysis.escape import inert
from analysis.formatting import csv_text
from analysis.showing.charts.fonts import families
from analysis.showing.charts.texts import plain

P = ParamSpec("P")

STYLE = Path(__file__).with_name("framing.mplstyle")
# The widths of one and two columns of a journal page, in inches.
ONE_COLUMN, TWO_COLUMNS = 84 / 25.4, 174 / 25.4

# Colour, marker and dash go together, so that a chart can be read without its colours.
CHANNELS = (
    ("#0072B2", "o", "-"),
    ("#D55E00", "s", (0, (4, 1.5))),
    ("#009E73", "^", (0, (1, 1))),
    ("#CC79A7", "D", (0, (5, 1, 1, 1))),
    ("#E69F00", "v", (0, (3, 1, 1, 1, 1, 1))),
    ("#56B4E9", "P", (0, (2, 2))),
    ("#000000", "X", "-"),
)
INK, FAINT = "#333333", "#8A8A8A"


@contextmanager
def style() -> Iterator[None]:
    """The project's chart style, for a ``with`` statement."""
    interactive = mpl.is_interactive()
    try:
        with plt.style.context([str(STYLE), {"font.family": families()}]):
            try:
                yield
            finally:
                interactive = mpl.is_interactive()
    finally:
        # The first figure of a notebook turns this on. Were it put back with the rest of the
        # settings, no later figure would be shown.
        mpl.interactive(interactive)


def styled(chart: Callable[P, Axes]) -> Callable[P, Axes]:
    """Draw a chart in the project's style, whatever style the notebook has set."""

    @wraps(chart)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Axes:
        with style():
            return chart(*args, **kwargs)

    return drawn


def figure(
    width: float = TWO_COLUMNS, height: float = 3.0, columns: int = 1, **ratios: Sequence[float]
) -> tuple[Figure, Any]:
    """A figure in the project's style.

    Parameters
    ----------
    width, height : float
        In inches; ``ONE_COLUMN`` and ``TWO_COLUMNS`` are the widths of a journal's page.
    columns : int
        How many axes stand side by side.
    **ratios
        What matplotlib's grid takes, such as ``width_ratios=[2, 1]``.

    Returns
    -------
    Figure, and Axes or an array of them

    Examples
    --------
    >>> fig, (left, right) = figure(columns=2, width_ratios=[2, 1])
    >>> [round(float(size), 2) for size in fig.get_size_inches()]
    [6.85, 3.0]
    """
    with style():
        return plt.subplots(1, columns, figsize=(width, height), gridspec_kw=ratios)


def axes_or_new(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes given, or those of a new figure of this size."""
    return figure(width, height)[1] if ax is None else ax


def clickable(ax: Axes, x: ArrayLike, y: ArrayLike, links: Sequence[str]) -> None:
    """Lay an unseen, linked disc over each point: in an SVG it opens what stands behind it.

    The disc is larger than the mark that is drawn, so that it is easy to hit.
    """
    points = [
        (a, b, link)
        for a, b, link in zip(np.asarray(x), np.asarray(y), links, strict=True)
        if np.isfinite(b) and np.isfinite(a) and isinstance(link, str) and link
    ]
    if points:
        xs, ys, urls = zip(*points, strict=True)
        discs = ax.scatter(
            xs, ys, s=90, color="white", alpha=0, linewidths=0, zorder=9,
            clip_on=False,  # whole at 0 and 1
        )  # fmt: skip
        discs.set_in_layout(False)
        discs.set_urls(urls)


def share_axis(ax: Axes, which: str, frames: tuple[str, str]) -> None:
    """Make the "x" or "y" axis one of shares from 0 to 1, with its middle marked."""
    ticks = np.linspace(0, 1, 5)
    names = ["0", ".25", ".50", ".75", "1"]
    label = f"share of {plain(frames[0])}\n(against {plain(frames[1])})"
    if which == "x":
        ax.set_xlim(-0.02, 1.02)
        ax.set_xticks(ticks, names)
        ax.set_xlabel(label)
        ax.axvline(0.5, color=FAINT, lw=0.6, ls=(0, (1, 2)), zorder=0)
    else:
        ax.set_ylim(-0.02, 1.02)
        ax.set_yticks(ticks, names)
        ax.set_ylabel(label)
        ax.axhline(0.5, color=FAINT, lw=0.6, ls=(0, (1, 2)), zorder=0)


def save_figure(
    fig: Figure,
    path: str | Path,
    *,
    title: str,
    caption: str,
    alt: str,
    table: pd.DataFrame | None = None,
    formats: Sequence[str] = ("svg", "png"),
) -> list[Path]:
    """Write a figure, its caption and the table it shows; the same figure gives the same bytes.

    Parameters
    ----------
    fig : Figure
    path : path
        Folder and name without an ending: ``out/fig01_share`` makes ``out/fig01_share.svg``, ...
    title, caption, alt : str
        Kept in the files' metadata; the caption is written to ``<path>.txt`` as well. `alt` says
        in words what the picture shows, and is the SVG's accessible name.
    table : DataFrame, optional
        Written to ``<path>.csv``.
    formats : sequence of {"svg", "png", "pdf"}

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OutputError
        If a format is none of these.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from analysis.showing.charts import figure, save_figure
    >>> fig, ax = figure(height=1)
    >>> path = Path(tempfile.mkdtemp()) / "fig01"
    >>> files = save_figure(fig, path, title="Nothing", caption="Axes.", alt="Empty axes.")
    >>> [file.name for file in files]
    ['fig01.svg', 'fig01.png', 'fig01.txt']
    """
    path = Path(path)
    title, caption, alt = inert(title), inert(caption), inert(alt)
    about = {"Title": title, "Description": f"{caption}\n\n{alt}"}
    metadata = {
        "svg": about | {"Date": None, "Creator": "Media Framing Analysis"},
        "png": about | {"Software": "Media Framing Analysis"},
        "pdf": {"Title": title, "Subject": caption, "CreationDate": None, "ModDate": None},
    }
    if unknown := [ending for ending in formats if ending not in metadata]:
        raise OutputError(
            f"formats={list(formats)}: {unknown[0]!r} is none of {', '.join(metadata)}."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    written = []
    with style():
        for ending in formats:
            file = path.with_name(f"{path.name}.{ending}")
            fig.savefig(file, metadata=metadata[ending])
            written.append(file)
            if ending == "svg":
                _name_for_screen_readers(file, alt)
    for ending, content in (
        ("txt", f"{title}\n\n{caption}\n"),
        ("csv", None if table is None else csv_text(table)),
    ):
        if content is not None:
            file = path.with_name(f"{path.name}.{ending}")
            file.write_text(content, encoding="utf-8", newline="\n")
            written.append(file)
    plt.close(fig)
    return written


def _name_for_screen_readers(file: Path, alt: str) -> None:
    """Matplotlib writes a description into the metadata, which no screen reader reads out."""
    svg = file.read_text(encoding="utf-8")
    named = svg.replace("<svg ", f'<svg role="img" aria-label={quoteattr(alt)} ', 1)
    # Line ends of rendered paths carry trailing spaces in some matplotlib versions.
    file.write_text(re.sub(r"[ \t]+$", "", named, flags=re.M), encoding="utf-8", newline="\n")
