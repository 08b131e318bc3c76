"""The panel for JupyterLab: choose what is scored, see the chart, read the sentences behind it.

``panel`` holds the controls and what they do; ``chart`` a figure whose points can be chosen.
"""

from analysis.showing.explorer.panel import Explorer, explore

__all__ = ["Explorer", "explore"]
