"""Charts: a tidy frame and an optional ``ax`` in, the ``ax`` out.

``chart(table)`` draws any table of results by the chart that suits it. Each is drawn in one style,
with its intervals and its numbers of articles, and labelled directly. Each takes ``colours=``,
``labels=`` and ``size=``, and those that give one pair of axes ``title=`` and ``ax=``. A table that
lacks a column, has two rows for one point, does not show which frames it scores, or has more lines
or categories than there are colours is refused with CountsError. ``save_figure`` writes a figure
with its caption and the table that it shows.
"""

from analysis.showing.charts.choose import chart
from analysis.showing.charts.coverage import coverage, coverage_table
from analysis.showing.charts.drawing.style import ONE_COLUMN, TWO_COLUMNS, figure
from analysis.showing.charts.keyness_forest import keyness_forest
from analysis.showing.charts.matrices import pair_matrix, target_matrix
from analysis.showing.charts.multiples import event_letters, frame_multiples, share_multiples
from analysis.showing.charts.over_time import share_over_time, terms_over_time
from analysis.showing.charts.rows import (
    adjusted_differences,
    estimates,
    share_by_group,
    share_by_voice,
)
from analysis.showing.charts.save_figure import save_figure
from analysis.showing.charts.specification_curve import specification_curve
from analysis.showing.charts.term_over_articles import term_over_articles
from analysis.showing.charts.tfidf_multiples import own_names, tfidf_multiples
from analysis.showing.charts.two_groups import event_slopes, frame_differences

__all__ = [
    "ONE_COLUMN", "TWO_COLUMNS", "adjusted_differences", "chart", "coverage", "coverage_table",
    "estimates", "event_letters", "event_slopes", "figure", "frame_differences",
    "frame_multiples", "keyness_forest", "own_names", "pair_matrix", "save_figure",
    "share_by_group", "share_by_voice", "share_multiples", "share_over_time",
    "specification_curve", "target_matrix", "term_over_articles", "terms_over_time",
    "tfidf_multiples",
]  # fmt: skip
