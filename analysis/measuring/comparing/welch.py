"""Welch's test of groups' scores, with articles as the unit."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.measuring.comparing.rests import rows_of
from analysis.measuring.frames.article_hits import ArticleHits
from analysis.measuring.frames.stance import estimate_of
from analysis.measuring.intervals import Estimate, Floats, Rows, t_quantile, two_sided_p

# A group of fewer articles is not tested against one with so many times as many: in simulations up
# to 11% of tests at .05 were false (docs/benchmarks/few.md).
FEW, MANY_TIMES = 10, 10


def compared(
    hits: ArticleHits, first: Rows, second: Rows, level: float, pools: ArticleHits | None = None
) -> pd.DataFrame:
    """Compare rows of groups: the table of `compare_groups` but for the groups' names.

    With `pools`, of what they differ from all articles in their row of these.
    """
    estimate, _ = estimate_of(hits)
    value = estimate.value
    m = hits.groups["articles"].to_numpy(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = estimate.se**2 if hits.measure == "prevalence" else estimate.se**2 * m / (m - 1)
    v, w = squares[first], squares[second]
    if pools is None:
        variance = v + w - 2 * _covariance(hits, first, second)
    else:
        pool = rows_of(hits.groups, pools.groups, pools.by)
        value, change = distances(hits, pools, pool, (estimate, estimate_of(pools)[0]))
        v, w, variance = (
            np.asarray(of.power(2).sum(axis=1))
            for of in (change[first], change[second], change[first] - change[second])
        )
    # Groups of the same articles can agree exactly; then there is nothing to test.
    variance = np.where(variance > 1e-12, variance, np.nan)
    with np.errstate(divide="ignore"):
        df = (v + w) ** 2 / (v**2 / estimate.df[first] + w**2 / estimate.df[second])
    difference, se = value[first] - value[second], np.sqrt(variance)
    half, t = t_quantile(df, level) * se, difference / se
    # Of so few articles the spread is too often small by chance, and nothing else adds to it here.
    m = hits.groups["articles"].to_numpy()
    fewer, more = np.minimum(m[first], m[second]), np.maximum(m[first], m[second])
    unlike = (fewer < FEW) & (more >= MANY_TIMES * fewer)
    return pd.DataFrame({
        "share": hits.share[first], "share_other": hits.share[second],
        "difference": difference, "difference_low": difference - half,
        "difference_high": difference + half, "t": t, "df": np.where(np.isfinite(df), df, np.nan),
        "p": np.where(unlike, np.nan, two_sided_p(t, df)), "p_holm": np.nan, "q": np.nan,
        "note": _notes(estimate, first, second, variance, unlike),
    })  # fmt: skip


def changes_of(hits: ArticleHits, codes: Rows, articles: int) -> sparse.csr_array:
    """How each group's score changes without each article; articles by their codes, -1 unnamed."""
    a, b = hits.a.astype(np.float64), hits.b.astype(np.float64)
    total_a, total_b = hits.total(a)[hits.group], hits.total(b)[hits.group]
    if hits.measure == "mean":
        change = (total_a - a) / (total_b - b) - total_a / total_b
    elif hits.measure == "rate":
        sizes = hits.groups["tokens"].to_numpy()[hits.group]
        change = np.log1p(-a / (total_a + 0.5)) + hits.tokens / sizes
    elif hits.measure == "prevalence":
        change = b / (total_b + 0.5) - a / (total_a + 0.5)
    else:
        change = np.log(
            (total_a - a + 0.5) / (total_b - b + 0.5) * (total_b + 0.5) / (total_a + 0.5)
        )
    named = codes >= 0
    places = hits.group[named], codes[named]
    return sparse.csr_array((change[named], places), shape=(len(hits.groups), articles))


def distances(
    hits: ArticleHits, pools: ArticleHits, pool: Rows, estimates: tuple[Estimate, Estimate]
) -> tuple[Floats, sparse.csr_array]:
    """Each group's score less that of its row of `pools`, and how that changes by article."""
    codes, ids = pd.factorize(np.concatenate([hits.doc_id, pools.doc_id]))
    n = len(hits.doc_id)
    own, whole = changes_of(hits, codes[:n], len(ids)), changes_of(pools, codes[n:], len(ids))
    scores = [np.where(np.isnan(of.se), np.nan, of.value) for of in estimates]
    return scores[0] - scores[1][pool], sparse.csr_array(own - whole[pool])


def _covariance(hits: ArticleHits, first: Rows, second: Rows) -> Floats:
    """Jackknife covariance of two groups' log odds, from the articles that are in both."""
    codes, ids = pd.factorize(hits.doc_id)
    named = codes >= 0  # streamed counts do not name the articles without a hit
    if len(ids) == np.count_nonzero(named):
        return np.zeros(len(first))
    matrix = changes_of(hits, codes, len(ids))
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
