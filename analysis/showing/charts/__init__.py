"""Charts: a tidy frame and an optional ``ax`` in, the ``ax`` out.

Each is drawn in one style, with its intervals and its numbers of articles, and labelled directly.
``save_figure`` writes a figure with its caption and the table that it shows.
"""

from analysis.showing.charts.base import ONE_COLUMN, TWO_COLUMNS, figure, save_figure
from analysis.showing.charts.share import share_by_group, share_over_time

__all__ = [
    "ONE_COLUMN",
    "TWO_COLUMNS",
    "figure",
    "save_figure",
    "share_by_group",
    "share_over_time",
]
