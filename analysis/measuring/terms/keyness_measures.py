"""Keyness measures of other tools, word by word (docs/method.md, Terms).

With a and b the hits in target and reference, c and d the other tokens there.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.measuring.intervals import Floats, positive


def g2(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Floats:
    """Log-likelihood ratio (Dunning 1993), negative where a is below E.

    Examples
    --------
    >>> g2(7, 2, 3, 7).round(6)
    np.float64(4.534939)
    """
    return _signed(a, b, c, d, lambda o, e: 2 * special.xlogy(o, _over(o, e)))


def g2_williams(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Floats:
    """G² divided by Williams' correction for small samples (1976).

    Examples
    --------
    >>> g2_williams(7, 2, 3, 7).round(6)
    np.float64(4.200833)
    """
    a, b, c, d = _floats(a, b, c, d)
    n = a + b + c + d
    with np.errstate(divide="ignore", invalid="ignore"):
        sides = n / (a + c) + n / (b + d) - 1
        q = 1 + sides * (n / (a + b) + n / (c + d) - 1) / (6 * n)
    return g2(a, b, c, d) / q


def chi2(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Floats:
    """Pearson's chi squared, negative where a is below E.

    Examples
    --------
    >>> chi2(7, 2, 3, 7).round(6)
    np.float64(4.33716)
    """
    return _signed(a, b, c, d, lambda o, e: _over((o - e) ** 2, e))


def chi2_yates(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Floats:
    """Chi squared with Yates' correction (1934), signed.

    Examples
    --------
    >>> chi2_yates(7, 2, 3, 7).round(6)
    np.float64(2.632438)
    """
    return _signed(a, b, c, d, lambda o, e: _over(np.maximum(np.abs(o - e) - 0.5, 0) ** 2, e))


def percent_diff(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Floats:
    """%DIFF (Gabrielatos and Marchi 2011); if b is 0, one hit over all tokens is added to both.

    Examples
    --------
    >>> percent_diff(30, 10, 970, 990).round(6)
    np.float64(200.0)
    """
    a, b, c, d = _floats(a, b, c, d)
    target, reference = a / positive(a + c), b / positive(b + d)
    more = np.where(b == 0, 1 / positive(a + b + c + d), 0.0)
    return 100 * ((target - reference) / (reference + more))


def log_odds_z(
    a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike, prior: ArrayLike, total: ArrayLike, *,
    others_in_variance: bool = False,
) -> Floats:  # fmt: skip
    """Z of the log odds ratio with a Dirichlet prior (Monroe, Colaresi and Quinn 2008).

    `prior` and `total` are alpha, the prior hits of each term, and alpha_0, those of all terms
    together. `others_in_variance` adds the terms of the other words, 1 / (c + alpha_0 - alpha) and
    so on, to the variance; the paper leaves them out, as they are tiny in real texts.

    Examples
    --------
    >>> log_odds_z(1, 0, 8, 9, 0.05, 0.55).round(6)
    np.float64(0.689423)
    """
    a, b, c, d = _floats(a, b, c, d)
    prior = np.asarray(prior, np.float64)
    others = np.asarray(total, np.float64) - prior
    rest, rest_of_reference = positive(c + others), positive(d + others)
    delta = np.log((a + prior) / rest) - np.log((b + prior) / rest_of_reference)
    variance = 1 / (a + prior) + 1 / (b + prior)
    if others_in_variance:
        variance = variance + 1 / rest + 1 / rest_of_reference
    z: Floats = delta / np.sqrt(variance)
    return z


def _floats(*values: ArrayLike) -> list[Floats]:
    return [np.asarray(value, np.float64) for value in values]


def _signed(
    a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike,
    of_cell: Callable[[Floats, Floats], Floats],
) -> Floats:  # fmt: skip
    """The sum of something of the observed and expected hits of each cell of a term's table.

    Nothing can be expected of a side without tokens: what is computed from it is missing.
    """
    observed = np.stack(np.broadcast_arrays(*_floats(a, b, c, d)))
    target, reference = observed[0] + observed[2], observed[1] + observed[3]
    term, others = observed[0] + observed[1], observed[2] + observed[3]
    rows = np.stack([term, term, others, others])
    columns = np.stack([target, reference, target, reference])
    total = np.where((target > 0) & (reference > 0), target + reference, np.nan)
    expected = rows * columns / total
    sign = np.where(observed[0] < expected[0], -1.0, 1.0)
    statistic: Floats = sign * of_cell(observed, expected).sum(axis=0)
    return statistic


def _over(values: Floats, expected: Floats) -> Floats:
    """Values over what is expected; 0 where that is 0, since nothing can occur there."""
    ratio = np.zeros_like(values)
    np.divide(values, expected, out=ratio, where=expected != 0)
    return ratio
