"""Figures as files, with their captions and the tables that they show."""

import re
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.errors import OutputError
from analysis.escape import inert
from analysis.formatting import csv_text
from analysis.showing.charts.drawing.style import style


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
        OutputError if one is not among these.

    Examples
    --------
    >>> import tempfile
    >>> from analysis.showing.charts import figure
    >>> path = Path(tempfile.mkdtemp()) / "fig01"
    >>> fig = figure(height=1)[0]
    >>> files = save_figure(fig, path, title="Nothing", caption="Axes.", alt="Empty axes.")
    >>> [file.name for file in files]
    ['fig01.svg', 'fig01.png', 'fig01.txt']
    """
    path = Path(path)
    written: list[Path] = []

    def add(ending: str) -> Path:
        written.append(path.with_name(f"{path.name}.{ending}"))
        return written[-1]

    title, caption, alt = inert(title), inert(caption), inert(alt)
    about = {"Title": title, "Description": f"{caption}\n\n{alt}"}
    metadata = {
        "svg": about | {"Date": None, "Creator": "Media Framing Analysis"},
        "png": about | {"Software": "Media Framing Analysis"},
        "pdf": {"Title": title, "Subject": caption, "CreationDate": None, "ModDate": None},
    }
    if unknown := [ending for ending in formats if ending not in metadata]:
        raise OutputError(
            f"formats={list(formats)}: {unknown[0]!r} is not one of {', '.join(metadata)}."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    layout = fig.get_layout_engine()
    with style():
        for ending in formats:
            fig.savefig(add(ending), metadata=metadata[ending])
            # What is laid out once is the same in every format.
            fig.set_layout_engine("none")
            if ending == "svg":
                _name_for_screen_readers(written[-1], alt)
    fig.set_layout_engine(layout or "none")
    add("txt").write_text(f"{title}\n\n{caption}\n", encoding="utf-8", newline="\n")
    if table is not None:
        add("csv").write_text(csv_text(table), encoding="utf-8", newline="\n")
    plt.close(fig)
    return written


def _name_for_screen_readers(file: Path, alt: str) -> None:
    """Matplotlib writes a description into the metadata, which no screen reader reads out."""
    svg = file.read_text(encoding="utf-8")
    named = svg.replace("<svg ", f'<svg role="img" aria-label={quoteattr(alt)} ', 1)
    # Line ends of rendered paths carry trailing spaces in some matplotlib versions.
    file.write_text(re.sub(r"[ \t]+$", "", named, flags=re.M), encoding="utf-8", newline="\n")
