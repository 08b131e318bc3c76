"""Intervals that take the article, not the word, as the unit of evidence, in closed form."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.errors import CountsError

# Rounding alone can leave a standard error of some 1e-9 where all articles are alike.
ROUNDING = 1e-7
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.intp]


class Estimate(NamedTuple):
    """An estimate with its standard error and degrees of freedom, one entry per group."""

    value: Floats
    se: Floats
    df: Floats


def log_odds(a: Floats, b: Floats) -> Floats:
    """ln((a + 1/2) / (b + 1/2)): Lowe et al. (2011); NaN where there are no hits."""
    value: Floats = np.log((a + 0.5) / (b + 0.5))
    return np.where(a + b > 0, value, np.nan)


def jackknife_log_odds(
    a: Floats, b: Floats, group: NDArray[np.intp], articles: NDArray[Any]
) -> Estimate:
    """Log odds in each group, with the standard error and degrees of freedom of the jackknife.

    The delete-one-article jackknife with Satterthwaite's degrees of freedom (docs/method.md,
    Intervals). `a`, `b` and `group` have an entry per article with hits: its hits of the two
    frames, and its group; `articles`, an entry per group, counts all its articles. One without a
    hit leaves the score as it is. The standard error is NaN for fewer than two articles.
    """
    n = len(articles)
    m = np.asarray(articles, np.float64)
    total_a, total_b = _sums(group, a, n), _sums(group, b, n)
    theta = log_odds(total_a, total_b)
    without = np.log((total_a[group] - a + 0.5) / (total_b[group] - b + 0.5))
    return Estimate(theta, *jackknife_spread(without - theta[group], group, m))


def jackknife_spread(
    change: Floats, group: NDArray[np.intp], articles: NDArray[Any]
) -> tuple[Floats, Floats]:
    """Standard error and degrees of freedom from the changes that deleting each article makes.

    An article without an entry changes nothing. `jackknife_log_odds` has the formulas.
    """
    n, m = len(articles), np.asarray(articles, np.float64)
    sums, squares = _sums(group, change, n), _sums(group, change**2, n)
    mean = sums / positive(m)
    silent = m - np.bincount(group, minlength=n)
    fourth = _sums(group, (change - mean[group]) ** 4, n) + silent * mean**4
    return _jackknife_se(sums, squares, m), satterthwaite(sums, squares, fourth, m)


def log_odds_of_articles(
    a: Floats, b: Floats, group: NDArray[np.intp], articles: NDArray[Any]
) -> Estimate:
    """Log odds of an article to be one of A rather than of B, of which each is one or the other.

    Gart's (1966), with a normal variance (docs/method.md, Intervals); of different weights, of as
    many articles as would weigh the same. It needs no jackknife, which is too wide for few
    articles.
    """
    n, m = len(articles), np.asarray(articles, np.float64)
    weight = a + b
    even = _sums(group, weight, n) / positive(_sums(group, weight**2, n))
    x, y = (_sums(group, side, n) * even + 0.5 for side in (a, b))
    se = np.where(m > 1, np.sqrt(1 / x + 1 / y), np.nan)
    return Estimate(np.log(x / y), se, np.full(n, np.inf))


def jackknife_mean(
    sums: Floats, counts: Floats, group: NDArray[np.intp], articles: NDArray[Any]
) -> Estimate:
    """Mean of what the articles of each group hold, with the standard error of the jackknife.

    With s_d the sum and n_d the number in article d, S and N those of the group, deleting the
    article moves the mean S / N by (S - s_d) / (N - n_d) - S / N; the standard error and the
    degrees of freedom are those of `jackknife_log_odds`.
    """
    n = len(articles)
    total, number = _sums(group, sums, n), _sums(group, counts, n)
    mean = total / positive(number)
    rest = positive(number[group] - counts)
    # What rounding leaves of equal means is no change.
    change = (total[group] - sums) / rest - mean[group]
    change[np.abs(change) <= 1e-12 * np.abs(mean[group])] = 0.0
    return Estimate(mean, *jackknife_spread(change, group, np.asarray(articles, np.float64)))


def jackknife_log_rate(
    hits: Floats, lengths: Floats, group: NDArray[np.intp], articles: NDArray[Any],
    tokens: NDArray[Any], tokens_sq: NDArray[Any], alike: Floats | float = 1.0,
) -> Estimate:  # fmt: skip
    """Log of hits per token, ln((N + 1/2) / L), in each group, with the jackknife's standard error.

    docs/method.md, Intervals. `hits`, `lengths` and `group` have an entry per article with hits,
    `articles`, `tokens` and `tokens_sq` (m, sum L_d and sum L_d^2 over all its articles) one per
    group; each entry counts for `alike` articles like it. Articles without a hit enter through the
    sums, and are taken to have their mean length in the fourth power of the degrees of freedom. The
    standard error is NaN for fewer than two articles, or without a hit.
    """
    n = len(articles)
    m, size = np.asarray(articles, np.float64), np.asarray(tokens, np.float64)
    some = hits > 0
    hits, lengths, group = hits[some], lengths[some], group[some]
    alike = np.broadcast_to(alike, some.shape)[some]
    total = _sums(group, alike * hits, n)
    shares = lengths / size[group]
    change = np.log1p(-hits / (total[group] + 0.5))
    pairs = _sums(group, alike * (change**2 + 2 * change * shares), n)
    squares = pairs + tokens_sq / positive(size) ** 2
    sums = _sums(group, alike * change, n) + 1.0
    se = np.where(total > 0, _jackknife_se(sums, squares, m), np.nan)
    mean = sums / positive(m)
    rest = m - _sums(group, alike, n)
    typical = np.maximum(1 - _sums(group, alike * shares, n), 0) / positive(rest)
    fourth = _sums(group, alike * (change + shares - mean[group]) ** 4, n)
    fourth = fourth + np.where(rest > 0, rest * (typical - mean) ** 4, 0.0)
    value = np.log((total + 0.5) / positive(size))
    df = satterthwaite(sums, squares, fourth, m)
    return Estimate(np.where(total > 0, value, np.nan), se, df)


def bounds(estimate: Estimate, level: float = 0.95) -> tuple[Floats, Floats]:
    """Student's t interval of an estimate, on the estimate's own scale."""
    half = t_quantile(estimate.df, level) * estimate.se
    return estimate.value - half, estimate.value + half


def rate_bounds(estimate: Estimate, rate: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Bounds of hits per token from those of its log: they take the rate in, and end at 1.

    Missing where all articles have the same rate: then rounding alone makes a standard error.
    """
    se = np.where(estimate.se > ROUNDING, estimate.se, np.nan)
    low, high = bounds(estimate._replace(se=se), level)
    return np.minimum(np.exp(low), rate), np.maximum(np.minimum(np.exp(high), 1.0), rate)


def t_quantile(df: Floats, level: float = 0.95) -> Floats:
    """The quantile of Student's t for a two-sided interval; NaN below one degree of freedom."""
    check_level(level)
    df = np.asarray(df, np.float64)
    quantile: Floats = special.stdtrit(np.where(df > 0, df, np.nan), (1 + level) / 2)
    return quantile


def check_level(level: float) -> None:
    """Refuse a value that is not a confidence level, such as 95."""
    if not isinstance(level, float | np.floating) or not 0 < level < 1:
        raise CountsError(
            f"level={level!r}: it must lie between 0 and 1, such as 0.95 for a 95% interval."
        )


def two_sided_p(t: Floats, df: Floats) -> Floats:
    """Probability of a Student's t at least this far from zero."""
    p: Floats = 2 * special.stdtr(df, -np.abs(t))
    return p


def wilson(successes: Floats, trials: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson's (1927) score interval for a proportion of independent trials; NaN without trials.

    Examples
    --------
    >>> low, high = wilson(np.array([8.0]), np.array([10.0]))
    >>> print(f"{low[0]:.4f} {high[0]:.4f}")
    0.4902 0.9433
    """
    check_level(level)
    z = special.ndtri((1 + level) / 2)
    x, n = np.asarray(successes, np.float64), np.asarray(trials, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = x / n
        centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def _sums(group: NDArray[np.intp], values: Floats, n: int) -> Floats:
    sums: NDArray[Any] = np.bincount(group, weights=values, minlength=n)
    return sums


def first_note(notes: Mapping[str, NDArray[np.bool_]]) -> pd.Categorical:
    """The first of the notes that holds for each number, in order of weight; or none."""
    codes = np.select(list(notes.values()), range(1, len(notes) + 1), 0)
    return pd.Categorical.from_codes(codes, categories=["", *notes])


def positive(values: Ints | Floats) -> Floats:
    """As floats, missing where not above 0, so that ratios are missing and not infinite."""
    return np.where(values > 0, values, np.nan)


def _jackknife_se(sums: Floats, squares: Floats, m: Floats) -> Floats:
    """From the sum and sum of squares of the changes that deleting each article makes."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (m - 1) / m * np.maximum(squares - sums**2 / m, 0.0)
    return np.where(m > 1, np.sqrt(variance), np.nan)


def satterthwaite(sums: Floats, squares: Floats, fourth: Floats, m: Floats) -> Floats:
    """Degrees of freedom from the sums of changes, of their squares, and of e^4."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = squares - sums**2 / m
        fitting = 2 / np.maximum(fourth / spread**2 - 1 / m, 1e-12)
    return np.minimum(np.where(spread > 0, np.maximum(fitting, 1), np.inf), m - 1)
