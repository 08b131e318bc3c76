"""A chart in a notebook whose points can be chosen with the mouse or the keyboard."""

import io
from collections.abc import Mapping
from pathlib import Path

import anywidget
import traitlets
from matplotlib.figure import Figure

from analysis.showing.charts.drawing.style import style
from analysis.showing.report.svg import inline_svg


class PointChart(anywidget.AnyWidget):
    """A figure as SVG; `chosen` is the key of the point that was chosen last."""

    _esm = Path(__file__).with_name("chart.js").read_text(encoding="utf-8")
    svg = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)

    def show(self, fig: Figure, alt: str, names: Mapping[str, str]) -> None:
        """Show a figure whose points are linked to ``#key``; `names` says what each is called."""
        file = io.StringIO()
        with style():
            fig.savefig(file, format="svg", metadata={"Date": None})
        links = {f"#{key}": name for key, name in names.items()}
        with self.hold_sync():
            self.chosen = ""
            self.svg = inline_svg(file.getvalue(), "explore", alt, links)
