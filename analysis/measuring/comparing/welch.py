"""Welch's test of groups' scores, with articles as the unit."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.measuring.frames.article_hits import ArticleHits
from analysis.measuring.frames.stance import estimate_of
from analysis.measuring.intervals import Estimate, Floats, t_quantile, two_sided_p

Rows = NDArray[np.intp]
# A group of fewer articles is not tested against one with so many times as many: in simulations up
# to 11% of tests at .05 were false (docs/benchmarks/few.md).
FEW, MANY_TIMES = 10, 10


def compared(hits: ArticleHits, first: Rows, second: Rows, level: float) -> pd.DataFrame:
    """Compare rows of groups: the table of `compare_groups` but for the groups' names."""
    estimate, _ = estimate_of(hits)
    m = hits.groups["articles"].to_numpy(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = estimate.se**2 if hits.of_articles else estimate.se**2 * m / (m - 1)
    v, w = squares[first], squares[second]
    variance = v + w - 2 * _covariance(hits, first, second, len(m))
    # Groups of the same articles can agree exactly; then there is nothing to test.
    variance = np.where(variance > 1e-12, variance, np.nan)
    with np.errstate(divide="ignore"):
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
    table = pd.DataFrame({"share": hits.share[first], "share_other": hits.share[second]})
    table["difference"] = difference
    table["difference_low"], table["difference_high"] = difference - half, difference + half
    table["t"], table["df"], table["p"], table["p_holm"], table["q"] = t, df, p, np.nan, np.nan
    table["note"] = _notes(estimate, first, second, variance, unlike)
    return table


def _covariance(hits: ArticleHits, first: Rows, second: Rows, groups: int) -> Floats:
    """Jackknife covariance of two groups' log odds, from the articles that are in both."""
    codes, ids = pd.factorize(hits.doc_id)
    named = codes >= 0  # streamed counts do not name the articles without a hit
    if len(ids) == np.count_nonzero(named):
        return np.zeros(len(first))
    a, b = hits.a.astype(np.float64), hits.b.astype(np.float64)
    total_a, total_b = hits.total(a)[hits.group], hits.total(b)[hits.group]
    if hits.of_weights:
        change = (total_a - a) / (total_b - b) - total_a / total_b
    elif hits.of_tokens:
        sizes = hits.groups["tokens"].to_numpy()[hits.group]
        change = np.log1p(-a / (total_a + 0.5)) + hits.tokens / sizes
    elif hits.of_articles:
        change = b / (total_b + 0.5) - a / (total_a + 0.5)
    else:
        change = np.log(
            (total_a - a + 0.5) / (total_b - b + 0.5) * (total_b + 0.5) / (total_a + 0.5)
        )
    places = hits.group[named], codes[named]
    matrix = sparse.csr_array((change[named], places), shape=(groups, len(ids)))
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
