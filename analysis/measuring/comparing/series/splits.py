"""Splits of a series in two: how well they separate it, and what is left; compiled.

A series is given as sums over the articles of each time, or `unit`: numerators, denominators, and
articles. `bounds` are the units at which its segments begin, and its end.
"""

from typing import Any

import numpy as np

from analysis.measuring.intervals import Floats, Rows
from analysis.tokens.compiled import compiled

PEELED = 3  # splits removed before covariances are taken, so that turns are not taken for effects
EQUAL = 1 + 1e-12  # rounding must not make equal values differ


@compiled
def gains(num: Floats, den: Floats, n: Rows, first: int, last: int) -> Any:
    """The square of Z, not yet divided by the variance, of a split before each unit but the first.

    With S the residuals' sum before it, and k of m articles: S^2 m / (k (m - k)).
    """
    rate = num[first:last].sum() / max(den[first:last].sum(), 1e-300)
    m = n[first:last].sum()
    found = np.zeros(max(last - first - 1, 0))
    total, k = 0.0, 0
    for unit in range(first, last - 1):
        total += num[unit] - rate * den[unit]
        k += n[unit]
        found[unit - first] = total * total * m / (k * (m - k))
    return found


@compiled
def best_split(num: Floats, den: Floats, n: Rows, bounds: Rows, least: int) -> Any:
    """The largest gain in any segment, and the unit that begins there: the first, if some tie."""
    best, split = 0.0, 0
    for segment in range(len(bounds) - 1):
        first, last = bounds[segment], bounds[segment + 1]
        m = n[first:last].sum()
        if m < 2 * least:
            continue
        found = gains(num, den, n, first, last)
        k = 0
        for unit in range(first, last - 1):
            k += n[unit]
            if k >= least and m - k >= least and found[unit - first] > best * EQUAL:
                best, split = found[unit - first], unit + 1
    return best, split


@compiled
def evidence(
    num: Floats, den: Floats, squares: Floats, n: Rows, period: Rows, bounds: Rows, least: int
) -> Any:
    """Z^2 of the best further split and of the best two, and periods' covariances beyond more.

    The covariances, at lags 0, 1 and 2, are sums of products of residuals of different articles,
    over sums of the same products of denominators. `squares` has the sums of num^2, num * den and
    den^2.
    """
    found, whole = np.zeros(5), 0.0
    for peeled in range(PEELED + 1):
        # The articles' sum of squares, and the periods' sums, about the rates of the segments.
        rest, own_den = 0.0, 0.0
        sums, dens = np.zeros(period[-1] + 1), np.zeros(period[-1] + 1)
        for segment in range(len(bounds) - 1):
            first, last = bounds[segment], bounds[segment + 1]
            rate = num[first:last].sum() / max(den[first:last].sum(), 1e-300)
            for u in range(first, last):
                rest += squares[0, u] - 2 * rate * squares[1, u] + rate * rate * squares[2, u]
                sums[period[u]] += num[u] - rate * den[u]
                dens[period[u]] += den[u]
                own_den += squares[2, u]
        if peeled < PEELED:
            gain, split = best_split(num, den, n, bounds, least)
            if peeled == 0:
                whole = rest
            if peeled < 2 and whole > 0:
                found[1] += gain * n.sum() / whole
                if peeled == 0:
                    found[0] = found[1]
            if split > 0:
                bounds = np.sort(np.append(bounds, split))
                continue
        for lag in range(min(3, len(sums))):
            above = (sums[lag:] * sums[: len(sums) - lag]).sum() - (rest if lag == 0 else 0.0)
            below = (dens[lag:] * dens[: len(sums) - lag]).sum() - (own_den if lag == 0 else 0.0)
            found[lag + 2] = above / below if below > 1e-9 else 0.0
        break
    return found


@compiled
def fill(
    residual: Floats, weight: Floats, order: Rows, effect: Floats, unit: Rows, period: Rows,
    num: Floats, den: Floats, squares: Floats,
) -> None:  # fmt: skip
    """Sums of the units once articles stand in another order, with an effect for each period."""
    num[:], den[:], squares[:] = 0, 0, 0
    for place in range(len(order)):
        u = unit[place]
        d = weight[order[place]]
        e = residual[order[place]] + d * effect[period[u]]
        num[u] += e
        den[u] += d
        squares[0, u] += e * e
        squares[1, u] += e * d
        squares[2, u] += d * d


@compiled
def simulated(
    residual: Floats, weight: Floats, orders: Rows, effects: Floats, unit: Rows, period: Rows,
    n: Rows, bounds: Rows, least: int,
) -> Any:  # fmt: skip
    """The `evidence` in each random order of the articles, with effects of the periods."""
    num, den, squares = np.zeros(len(n)), np.zeros(len(n)), np.zeros((3, len(n)))
    found = np.zeros((len(orders), 5))
    for row in range(len(orders)):
        fill(residual, weight, orders[row], effects[row], unit, period, num, den, squares)
        found[row] = evidence(num, den, squares, n, period, bounds, least)
    return found


@compiled
def missed(
    residual: Floats, weight: Floats, orders: Rows, effects: Floats, unit: Rows, period: Rows,
    n: Rows, first: int, split: int, last: int, step: float,
) -> Any:  # fmt: skip
    """The gain of the best split beyond that of the true one, in each simulated series."""
    num, den, squares = np.zeros(len(n)), np.zeros(len(n)), np.zeros((3, len(n)))
    found = np.zeros(len(orders))
    for row in range(len(orders)):
        fill(residual, weight, orders[row], effects[row], unit, period, num, den, squares)
        num[split:last] += step * den[split:last]
        profile = gains(num, den, n, first, last)
        found[row] = profile.max() - profile[split - first - 1]
    return found
