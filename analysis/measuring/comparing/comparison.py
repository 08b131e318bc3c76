"""Comparisons of groups: how far apart two stance scores are, and whether that could be chance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import TOTALS, columns_of, group_codes, labelled
from analysis.counting.selection import rows_with
from analysis.counting.units import in_several_groups, other_groups, take_rows
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.article_hits import (
    ArticleHits,
    Counts,
    Negated,
    article_hits,
    hit_counts,
)
from analysis.measuring.frames.stance import log_odds_of
from analysis.measuring.intervals import Estimate, Floats, t_quantile, two_sided_p
from analysis.measuring.multiple_tests import adjust_bh, adjust_holm

Rows = NDArray[np.intp]
# A group of fewer articles is not tested against one with so many times as many: in simulations up
# to 11% of tests at .05 were false (docs/benchmarks/few.md).
FEW, MANY_TIMES = 10, 10
# What is known of each article with hits.
ENTRIES = ("doc_id", "tokens", "a", "b", "a_negated", "b_negated")


def compare_groups(
    counts: Counts,
    lexicon: Lexicon | str | Path,
    contrast: Sequence[str] | None = None,
    by: str | Sequence[str] = "outlet",
    *,
    against: str | Mapping[str, object] = "pairs",
    within: str | Sequence[str] = (),
    negated: Negated = "apart",
    unit: str = "doc_id",
    weights: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare the log odds of groups with each other.

    With theta the log odds of a group and se its standard error (see `stance`)::

        difference = theta - theta_other
        se^2       = v + w - 2 * covariance,   v = m / (m - 1) * se_group^2, w that of the other
        df         = (v + w)^2 / (v^2 / df_group + w^2 / df_other)
        t          = difference / se

    which is Welch's test (Biometrika 34, 1947) with articles as the unit; m / (m - 1) makes up for
    what few articles hide (HC3: MacKinnon and White, Journal of Econometrics 29, 1985). The
    covariance is that of articles in both groups (two voices of the same article, say), whose
    deletion changes both scores at once; without such articles it is 0.

    Parameters
    ----------
    counts, lexicon, contrast, negated, unit, weights, level
        As for `stance`.
    by : str or sequence of str
        Columns that make the groups to be compared.
    against : "pairs", "rest" or mapping of columns to values
        Compare every pair of groups; each group with all others together; or every other group with
        one, such as ``{"outlet": "Reuters"}``.
    within : str or sequence of str
        Columns such as ``period``: only groups with the same values of these are compared.

    Returns
    -------
    DataFrame
        One row per comparison: ``*within, *by, <by>_other`` (not against the rest), ``share,
        share_other, difference, difference_low, difference_high, t, df, p, p_holm, q, note``.
        ``difference`` is one of log odds: e to its power is an odds ratio. ``p_holm`` controls the
        chance of any false finding in the table (Holm 1979), ``q`` the expected share of false ones
        among the findings (Benjamini and Hochberg 1995). A comparison with a group whose own score
        has no interval has none either; one of fewer than 10 articles with ten times as many or
        more has no p, and its interval is too narrow. ``note`` says so.

    Raises
    ------
    CountsError
        If there are fewer than two groups, or `against` is not one of the allowed values.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, compare_groups, document_terms
    >>> lexicon = Lexicon.from_dict({"pressure": ["sanction*"], "parley": ["talks"]})
    >>> texts = ["Sanctions, sanctions.", "Sanctions, talks.", "Talks, sanctions.", "Talks, talks."]
    >>> frame = pd.DataFrame({"text": texts * 5, "outlet": (["Gazette"] * 2 + ["Herald"] * 2) * 5})
    >>> frame = check_articles(frame.assign(doc_id=range(20), date="2021-03-14"))
    >>> table = compare_groups(document_terms(frame, lexicon=lexicon), lexicon)
    >>> table[["outlet", "outlet_other", "share", "share_other", "difference"]].round(2)
        outlet outlet_other  share  share_other  difference
    0  Gazette       Herald   0.75         0.25        2.07
    """
    by, within = columns_of(by), columns_of(within)
    counted, pair = hit_counts(counts, lexicon, contrast)
    columns = (*within, *by)
    score = partial(
        article_hits, contrast=pair, by=columns, negated=negated, unit=unit, weights=weights
    )
    hits = score(counted)
    cells, _ = group_codes(hits.groups, within)
    if isinstance(against, str) and against == "rest":
        first = np.flatnonzero(np.bincount(cells)[cells] > 1)
        second = first + len(hits.groups)
        if len(first):
            hits = _with_rests(hits, cells, counted, by, within, unit, score)
    else:
        first, second = _pairs(hits.groups, cells, by, against)
    if not len(first):
        raise CountsError(
            f"by={list(by)}, within={list(within)}: there are no two groups to compare."
        )
    table = compared(hits, first, second, level)
    names = pd.DataFrame({name: hits.groups[name].iloc[first].array for name in columns})
    if against != "rest":
        for name in by:
            names[f"{name}_other"] = hits.groups[name].iloc[second].array
    return labelled(names, table)


def _pairs(
    groups: pd.DataFrame, cells: Rows, by: Sequence[str], against: str | Mapping[str, object]
) -> tuple[Rows, Rows]:
    """Rows of the groups to compare."""
    if isinstance(against, Mapping):
        if set(against) != set(by):
            raise CountsError(f"against={dict(against)}: it must give a value for {list(by)}.")
        chosen = rows_with(groups, against, "against", CountsError, every=True)
        other = {cells[row]: row for row in np.flatnonzero(chosen)}
        rows = [r for r in range(len(groups)) if not chosen[r] and cells[r] in other]
        pairs = [(row, other[cells[row]]) for row in rows]
    elif against == "pairs":
        members = pd.Series(range(len(groups))).groupby(cells)
        pairs = [two for _, rows in members for two in combinations(rows, 2)]
    else:
        raise CountsError(
            f"against={against!r} is unknown; allowed are 'pairs', 'rest' or a mapping of columns "
            "to values."
        )
    found = np.array(pairs, np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _with_rests(
    hits: ArticleHits,
    cells: Rows,
    counts: Counts,
    by: Sequence[str],
    within: Sequence[str],
    unit: str,
    score: Callable[[Counts], ArticleHits],
) -> ArticleHits:
    """Append, for each group in turn, all other groups of its cell together.

    A unit that is in one group alone is to the rests what it is to its group. Only those that are
    in several, as copies of a story and the voices of an article are, are scored anew for each.
    """
    n, columns = len(hits.groups), (*within, *by)
    sums = np.zeros((n, len(TOTALS)), np.result_type(*hits.groups[list(TOTALS)].dtypes))
    parts = [(hits.group, hits)]
    shared: NDArray[np.bool_] | bool = True
    if isinstance(counts, DocumentTerms):
        shared = in_several_groups(counts, by, within, unit)
        alone = score(take_rows(counts, np.flatnonzero(~shared)))
        place = _rows_of(alone.groups, hits.groups, columns)
        sums[place] = alone.groups[list(TOTALS)]
        sums = pd.DataFrame(sums).groupby(cells).transform("sum").to_numpy() - sums
        owner = place[alone.group]
        others = [np.flatnonzero((cells[owner] == cells[row]) & (owner != row)) for row in range(n)]
        group = np.repeat(np.arange(n), [len(rows) for rows in others])
        parts.append((n + group, _taken(alone, np.concatenate(others))))
    if np.any(shared):
        again = score(other_groups(counts, by, within, among=shared))
        place = _rows_of(again.groups, hits.groups, columns)
        sums[place] += again.groups[list(TOTALS)].to_numpy()
        parts.append((n + place[again.group], again))
    rests = hits.groups.assign(**dict(zip(TOTALS, sums.T, strict=True)))
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for _, part in parts]) for name in ENTRIES
    }
    return replace(
        hits,
        groups=pd.concat([hits.groups, rests], ignore_index=True),
        group=np.concatenate([group for group, _ in parts]),
        **arrays,
    )


def _taken(hits: ArticleHits, rows: Rows) -> ArticleHits:
    arrays: dict[str, Any] = {name: getattr(hits, name)[rows] for name in ENTRIES}
    return replace(hits, group=hits.group[rows], **arrays)


def _rows_of(some: pd.DataFrame, groups: pd.DataFrame, columns: Sequence[str]) -> Rows:
    """The row of each of some groups among all of them."""
    labels = pd.concat([groups[list(columns)], some[list(columns)]], ignore_index=True)
    codes, _ = group_codes(labels, columns)
    # Each group is there once, and the codes are those of sorted groups.
    place = np.argsort(codes[: len(groups)])
    return np.asarray(place[codes[len(groups) :]], np.intp)


def compared(hits: ArticleHits, first: Rows, second: Rows, level: float) -> pd.DataFrame:
    """Compare rows of groups: the table of `compare_groups` but for the groups' names."""
    estimate = log_odds_of(hits)
    m = hits.groups["articles"].to_numpy(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = estimate.se**2 * m / (m - 1)
    v, w = squares[first], squares[second]
    variance = v + w - 2 * _covariance(hits, first, second, len(m))
    # Groups of the same articles can agree exactly; then there is nothing to test.
    variance = np.where(variance > 1e-12, variance, np.nan)
    df = (v + w) ** 2 / (v**2 / estimate.df[first] + w**2 / estimate.df[second])
    difference = estimate.value[first] - estimate.value[second]
    se = np.sqrt(variance)
    half, t = t_quantile(df, level) * se, difference / se
    p = two_sided_p(t, df)
    # Of so few articles the spread is too often small by chance, and nothing else adds to it here.
    m = hits.groups["articles"].to_numpy()
    fewer, more = np.minimum(m[first], m[second]), np.maximum(m[first], m[second])
    unlike = (fewer < FEW) & (more >= MANY_TIMES * fewer)
    p = np.where(unlike, np.nan, p)
    a, b = hits.total(hits.a), hits.total(hits.b)
    with np.errstate(invalid="ignore"):
        share = a / (a + b)
    table = pd.DataFrame({"share": share[first], "share_other": share[second]})
    table["difference"] = difference
    table["difference_low"], table["difference_high"] = difference - half, difference + half
    table["t"], table["df"], table["p"] = t, df, p
    table["p_holm"], table["q"] = adjust_holm(p), adjust_bh(p)
    table["note"] = _notes(estimate, first, second, variance, unlike)
    return table


def _covariance(hits: ArticleHits, first: Rows, second: Rows, groups: int) -> Floats:
    """Jackknife covariance of two groups' log odds, from the articles that are in both."""
    codes, ids = pd.factorize(hits.doc_id)
    if len(ids) == len(codes):
        return np.zeros(len(first))
    a, b = hits.a.astype(np.float64), hits.b.astype(np.float64)
    total_a, total_b = hits.total(a)[hits.group], hits.total(b)[hits.group]
    change = np.log((total_a - a + 0.5) / (total_b - b + 0.5) * (total_b + 0.5) / (total_a + 0.5))
    matrix = sparse.csr_array((change, (hits.group, codes)), shape=(groups, len(ids)))
    return np.asarray(matrix[first].multiply(matrix[second]).sum(axis=1))


def _notes(
    estimate: Estimate, first: Rows, second: Rows, variance: Floats, unlike: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Why there is no interval or no test; empty where there are both."""
    one, two = np.isnan(estimate.se[first]), np.isnan(estimate.se[second])
    reasons = [
        (one & two, "too little evidence on either side"),
        (one, "too little evidence on this side"),
        (two, "too little evidence on the other side"),
        (np.isnan(variance), "the groups do not differ in any article"),
        (unlike, f"fewer than {FEW} articles against {MANY_TIMES} times as many: no test"),
    ]
    return np.select([when for when, _ in reasons], [why for _, why in reasons], default="")
