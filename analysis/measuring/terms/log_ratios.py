"""Ratios of two rates, tested with the article as the unit: docs/method.md, Terms.

Shapes n + 1/4 and n + 3/4 of the gamma distributions lie between those of the exact test and of
mid-P, close to the latter, whatever the lengths of the sides.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.measuring.intervals import Floats, positive, t_quantile, two_sided_p
from analysis.measuring.rates import Cells

# Below this, tail probabilities are left to a formula that does not underflow.
_TINY = 1e-290


class LogRatio(NamedTuple):
    """Log2 ratios of two rates, with their intervals and tests, one entry per pair of cells."""

    log_ratio: Floats
    low: Floats
    high: Floats
    t: Floats
    p: Floats


class _Side(NamedTuple):
    """What one side is worth in independent hits."""

    hits: Floats
    clustering: Floats  # phi: hits that come together
    freedom: Floats  # degrees of freedom of the estimated variance, as a share of its square
    tokens: Floats


def log_ratio(target: Cells, reference: Cells, level: float) -> LogRatio:
    """Compare the rates of two groups, cell by cell; see `keyness` for the formulas."""
    ours, theirs = _side(target, reference), _side(reference, target)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        estimate = _estimate(target, reference)
        freedom = _welch(ours, theirs)
        t = _t(ours, theirs)
        tail = special.ndtr(-t_quantile(freedom, level))
        low, high = _lowest_ratio(ours, theirs, tail), 1 / _lowest_ratio(theirs, ours, tail)
        return LogRatio(estimate, np.log2(low), np.log2(high), t, two_sided_p(t, freedom))


def _estimate(target: Cells, reference: Cells) -> Floats:
    """Log2 of the ratio of rates; where a side has no hits, one is spread over all tokens.

    Added to both rates alike, it does not change which is higher. Half a hit on both sides could:
    per token, it is many times as much on the shorter side.
    """
    zero = (target.n == 0) | (reference.n == 0)
    any_hit = positive(target.n + reference.n) > 0
    more = np.where(zero, 1 / positive(target.tokens + reference.tokens), 0.0)
    ratio: Floats = np.log2((target.rate + more) / (reference.rate + more))
    return np.where(any_hit, ratio, np.nan)


def _side(cell: Cells, other: Cells) -> _Side:
    """Effective hits; a side without any borrows the clustering of the other's."""
    clustering = np.where(cell.n > 0, _clustering(cell), _clustering(other))
    # What clustering adds to the variance is known from the articles with the hits only: h of them
    # give h / 2 degrees of freedom where rates between articles are exponential, with a kurtosis
    # excess of 6. The rest, the variance of independent hits, is known from all articles.
    effective = np.where(cell.n > 0, cell.effective_articles, other.effective_articles)
    own = _own_freedom(cell)
    added = (1 - 1 / clustering) ** 2
    freedom = (1 - added) / own + added / np.minimum(np.maximum(effective / 2, 1), own)
    return _Side(cell.n.astype(np.float64), clustering, freedom, positive(cell.tokens))


def _clustering(cell: Cells) -> Floats:
    """Ratio of variance to mean of the hits, at least that of independent hits."""
    squares = cell.variance * (cell.articles - 1) / positive(cell.articles)
    own = _own_freedom(cell)
    return np.maximum(squares * (own + 1) / own / positive(cell.n), 1.0)


def _own_freedom(cell: Cells) -> Floats:
    """K - 1, missing for one article; a half where one article has nearly all the words."""
    return np.where(cell.articles > 1, np.maximum(cell.effective_lengths - 1, 0.5), np.nan)


def _shapes(up: _Side, down: _Side) -> tuple[Floats, Floats, Floats]:
    """Gamma shapes for the test that `up` has no higher rate than `down`, and their odds."""
    odds = (down.clustering / down.tokens) / (up.clustering / up.tokens)
    return (up.hits + 0.25) / up.clustering, (down.hits + 0.75) / down.clustering, odds


def _t(ours: _Side, theirs: _Side) -> Floats:
    difference = ours.hits / ours.tokens - theirs.hits / theirs.tokens
    above = difference > 0
    score = _normal_score(_either(above, ours, theirs), _either(above, theirs, ours))
    # Equal rates are no evidence for either side; the shapes are not quite alike.
    return np.sign(difference) * score + 0.0  # never -0


def _either(first: NDArray[np.bool_], one: _Side, other: _Side) -> _Side:
    return _Side(*(np.where(first, *values) for values in zip(one, other, strict=True)))


def _normal_score(up: _Side, down: _Side) -> Floats:
    """The normal quantile of the chance that a ratio as high came about by itself; at least 0."""
    a, b, odds = _shapes(up, down)
    tail = special.betainc(a, b, odds / (1 + odds))
    # Where the tail underflows, the signed root of the likelihood ratio takes its place.
    expected = odds / (1 + odds)
    root = np.sqrt(2 * (special.rel_entr(a, (a + b) * expected)
                        + special.rel_entr(b, (a + b) * (1 - expected))))  # fmt: skip
    score: Floats = -special.ndtri(np.clip(tail, _TINY, 0.5))
    return np.where(tail < _TINY, root, score)


def _lowest_ratio(up: _Side, down: _Side, tail: Floats) -> Floats:
    """The lowest ratio of rates, up to down, that the hits allow at this tail probability."""
    a, b, odds = _shapes(up, down)
    # Quantiles take most of the time, and most terms of a large vocabulary have no hits.
    some = (up.hits > 0) & ~np.isnan(a + b + tail)
    quantile = special.betaincinv(a[some], b[some], tail[some])
    lowest = np.where((up.hits > 0) | np.isnan(a + b + tail), np.nan, 0.0)
    lowest[some] = quantile / (1 - quantile) / odds[some]
    return lowest


def _welch(ours: _Side, theirs: _Side) -> Floats:
    """Degrees of freedom after Welch and Satterthwaite."""
    first, second = (side.clustering / (side.hits + 1) for side in (ours, theirs))
    spread = first**2 * ours.freedom + second**2 * theirs.freedom
    return (first + second) ** 2 / spread
