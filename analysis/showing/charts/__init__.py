"""Charts: a tidy frame and an optional ``ax`` in, the ``ax`` out.

Each is drawn in one style, with its intervals and its numbers of articles, and labelled directly.
``save_figure`` writes a figure with its caption and the table that it shows.
"""

from analysis.showing.charts.base import ONE_COLUMN, TWO_COLUMNS, figure, save_figure
from analysis.showing.charts.coverage import coverage, coverage_table
from analysis.showing.charts.dispersion import term_over_articles
from analysis.showing.charts.keywords import keyness_forest
from analysis.showing.charts.multiples import event_letters, share_multiples
from analysis.showing.charts.sensitivity import specification_curve
from analysis.showing.charts.share import share_by_group, share_over_time
from analysis.showing.charts.terms import terms_over_time, tfidf_multiples
from analysis.showing.charts.voices import share_by_voice

__all__ = [
    "ONE_COLUMN",
    "TWO_COLUMNS",
    "coverage",
    "coverage_table",
    "event_letters",
    "figure",
    "keyness_forest",
    "save_figure",
    "share_by_group",
    "share_by_voice",
    "share_multiples",
    "share_over_time",
    "specification_curve",
    "term_over_articles",
    "terms_over_time",
    "tfidf_multiples",
]
