"""The panel for JupyterLab: choose what is scored, see the chart, read the sentences behind it."""

from analysis.showing.explorer.panel import Explorer, explore

__all__ = ["Explorer", "explore"]
