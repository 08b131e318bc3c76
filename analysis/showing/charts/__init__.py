"""Charts: a tidy frame and an optional ``ax`` in, the ``ax`` out.

Each is drawn in one style, with its intervals and its numbers of articles, and labelled directly.
A table that lacks a column, has two rows for one point, does not show which frames it scores, or
has more lines or categories than there are colours is refused with CountsError.
``save_figure`` writes a figure with its caption and the table that it shows.
"""

from analysis.showing.charts.coverage import coverage, coverage_table
from analysis.showing.charts.drawing.style import ONE_COLUMN, TWO_COLUMNS, figure
from analysis.showing.charts.frame_differences import frame_differences
from analysis.showing.charts.frame_multiples import frame_multiples
from analysis.showing.charts.keyness_forest import keyness_forest
from analysis.showing.charts.pair_matrix import pair_matrix
from analysis.showing.charts.save_figure import save_figure
from analysis.showing.charts.share_by_group import share_by_group
from analysis.showing.charts.share_by_voice import share_by_voice
from analysis.showing.charts.share_multiples import event_letters, share_multiples
from analysis.showing.charts.share_over_time import share_over_time
from analysis.showing.charts.specification_curve import specification_curve
from analysis.showing.charts.target_matrix import target_matrix
from analysis.showing.charts.term_over_articles import term_over_articles
from analysis.showing.charts.terms_over_time import terms_over_time
from analysis.showing.charts.tfidf_multiples import tfidf_multiples

__all__ = [
    "ONE_COLUMN", "TWO_COLUMNS", "coverage", "coverage_table", "event_letters", "figure",
    "frame_differences", "frame_multiples", "keyness_forest", "pair_matrix", "save_figure",
    "share_by_group", "share_by_voice", "share_multiples", "share_over_time",
    "specification_curve", "target_matrix", "term_over_articles", "terms_over_time",
    "tfidf_multiples",
]  # fmt: skip
