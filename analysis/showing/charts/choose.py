"""Which chart suits a table."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import CountsError
from analysis.periods import add_period
from analysis.showing.charts import drawing as draw
from analysis.showing.charts.coverage import coverage
from analysis.showing.charts.keyness_forest import keyness_forest
from analysis.showing.charts.matrices import pair_matrix, target_matrix
from analysis.showing.charts.multiples import frame_multiples, share_multiples
from analysis.showing.charts.over_time import share_over_time, terms_over_time
from analysis.showing.charts.rows import (
    adjusted_differences,
    estimates,
    share_by_group,
    share_by_voice,
)
from analysis.showing.charts.specification_curve import specification_curve
from analysis.showing.charts.term_over_articles import term_over_articles
from analysis.showing.charts.tfidf_multiples import tfidf_multiples
from analysis.showing.charts.two_groups import event_slopes, frame_differences

Drawn = Axes | Figure
# A chart, the table that it draws, and what it is told besides.
Choice = tuple[Callable[..., Drawn], pd.DataFrame, dict[str, Any]]
# Rows of a chart of single terms, which has no room for all.
MOST = 25


def chart(table: pd.DataFrame, **options: Any) -> Drawn:
    r"""Draw a table by the chart that suits it; `options` are those of that chart.

    ========================  ===================================================================
    table of                  chart
    ========================  ===================================================================
    articles                  `coverage`
    stance                    `share_by_group`, `share_by_voice`; by period `share_over_time` for
                              up to seven lines, else `share_multiples`; by target and another
                              column `target_matrix`
    prevalence                `frame_multiples`; without groups `estimates`
    compare_groups            `adjusted_differences` of adjusted ones, `frame_differences` for one
                              comparison of frames, else `estimates`
    stance by event           `event_slopes`, as of prevalence or `scale` of one frame
    frame_pairs               `pair_matrix`
    sensitivity               `specification_curve`
    keyness                   `keyness_forest`
    tfidf                     `tfidf_multiples`
    term_frequencies          of the most frequent `terms_over_time` by period, else `estimates`
    article_frequencies       `term_over_articles`
    dispersion, collocations  `estimates` of the first rows
    trend and all others      `estimates` of the first column that has an interval
    ========================  ===================================================================

    Parameters
    ----------
    table : DataFrame
        A table of results, or the articles table; CountsError if no chart suits it.
    **options
        Such as ``title=``, ``ax=``, ``colours=``, ``labels=`` or ``size=``.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["Gazette", "Herald"], "articles": 40, "share": [0.4, 0.7],
    ...                       "share_low": 0.3, "share_high": 0.8})
    >>> ax = chart(table, frames=("threats", "talks"), colours={"Herald": "black"})
    >>> ax.get_xlabel()
    'share of threats\n(against talks)'
    """
    if not isinstance(table, pd.DataFrame):
        raise CountsError(f"the table is a {type(table).__name__}: chart() takes a DataFrame.")
    names = {*map(str, table.columns)}
    choose = next(choose for columns, choose in _CHARTS if columns <= names)
    drawn, table, chosen = choose(table)
    return drawn(table, **chosen | options)


def _stance(table: pd.DataFrame) -> Choice:
    groups = draw.groups_of(table)
    calendar = [name for name in groups if draw.is_calendar(table[name])]
    others = [name for name in groups if name not in calendar]
    if len(calendar) == 1 and len(others) < 2:
        scored = table[table["share"].notna()]
        many = bool(others) and scored[others[0]].nunique() > len(draw.CHANNELS)
        return share_multiples if many else share_over_time, table, {"period": calendar[0]}
    for column, chart, option in (
        ("target", target_matrix, "columns"), ("voice", share_by_voice, "label"),
    ):  # fmt: skip
        if len(groups) == 2 and column in groups:
            return chart, table, {option: next(name for name in groups if name != column)}
    if len(groups) != 1:
        name = ", ".join(groups) or draw.ALL
        rows = [", ".join(map(draw.name_of, row)) for row in table[groups].itertuples(index=False)]
        table, groups = table.assign(**{name: rows if groups else draw.ALL}), [name]
    return share_by_group, table, {"label": groups[0]}


def _prevalence(table: pd.DataFrame) -> Choice:
    groups = draw.groups_of(table)
    if not groups:
        return estimates, table, {"label": "frame", "value": "prevalence"}
    if "event" in groups:
        return _by_event(table)
    by = next((name for name in groups if draw.is_calendar(table[name])), groups[0])
    across = [name for name in groups if name != by]
    if len(across) > 1:
        raise CountsError(f"the table has groups by {', '.join(groups)}; score it by two at most.")
    return frame_multiples, table, {"by": by, "across": next(iter(across), None)}


def _differences(table: pd.DataFrame) -> Choice:
    groups = draw.groups_of(table)
    if "frame" in table and groups and len(table[groups].drop_duplicates()) == 1:
        return frame_differences, table, {"label": groups[0]}
    return estimates, table, {"value": "difference", "reference": 0}


def _by_event(table: pd.DataFrame) -> Choice:
    label = next((name for name in draw.groups_of(table) if name != "event"), "outlet")
    return event_slopes, table, {"label": label}


def _tfidf(table: pd.DataFrame) -> Choice:
    groups = draw.groups_of(table)
    if not groups:
        table, groups = table.assign(**{draw.ALL: draw.ALL}), [draw.ALL]
    columns = groups[1] if len(groups) > 1 else None
    return tfidf_multiples, table, {"rows": groups[0], "columns": columns}


def _frequencies(table: pd.DataFrame) -> Choice:
    groups = draw.groups_of(table)
    if len(groups) == 1 and draw.is_calendar(table[groups[0]]):
        most = table.groupby("term", observed=True)["n"].sum().nlargest(len(draw.CHANNELS)).index
        return terms_over_time, table[table["term"].isin(most)], {"period": groups[0]}
    return _first("per_million", "n")(table)


def _first(value: str, order: str) -> Callable[[pd.DataFrame], Choice]:
    """The rows of terms that come first."""

    def chosen(table: pd.DataFrame) -> Choice:
        first = table.sort_values(order, ascending=False, kind="stable").head(MOST)
        return estimates, first, {"value": value}

    return chosen


def _by(chart: Callable[..., Drawn], **options: Any) -> Callable[[pd.DataFrame], Choice]:
    return lambda table: (chart, table, options)


# The columns that tell a table, the most telling first.
_CHARTS: list[tuple[set[str], Callable[[pd.DataFrame], Choice]]] = [
    ({"change", "left_out", "turned"}, _by(specification_curve)),
    ({"frame_a", "frame_b", "n_both"}, _by(pair_matrix)),
    ({"n_target", "n_reference", "log_ratio"}, _by(keyness_forest)),
    ({"term", "tfidf", "rank"}, _tfidf),
    ({"term", "n_tokens", "date"}, _by(term_over_articles)),
    ({"term", "per_million", "n_docs"}, _frequencies),
    ({"term", "dp_norm"}, _first("dp_norm", "n")),
    ({"term", "n_near", "log_dice"}, _first("log_dice", "log_likelihood")),
    ({"frame", "prevalence"}, _prevalence),
    ({"adjusted_share_difference", "share_difference"},
     lambda table: (adjusted_differences, table, {"label": draw.groups_of(table)[0]})),
    ({"difference", "difference_low"}, _differences),
    ({"event", "share", "share_low"}, _by_event),
    ({"event", "mean", "mean_low"}, _by_event),
    ({"slope", "slope_low"}, _by(estimates, value="slope", reference=0)),
    ({"share", "share_low", "articles"}, _stance),
    ({"doc_id", "outlet", "date"},
     lambda table: (coverage, table if "period" in table else add_period(table), {})),
    (set(), _by(estimates)),
]  # fmt: skip
