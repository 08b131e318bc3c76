"""The course of a series: which of drift and turns predicts it, and the shares between turns."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.measuring.comparing.series.regression import coefficients
from analysis.measuring.comparing.series.splits import best_split
from analysis.measuring.intervals import Floats, Rows, bounds, jackknife_log_odds, log_odds

FOLDS = 5


def cross_validated(
    time: Floats, num: Floats, den: Floats, period: Rows, turns: int, least: int
) -> tuple[float, float]:
    """Deviance of a drift and of turns, less that of no change: below 0 predicts better.

    A drift is a straight line in log odds; turns are so many steps, sought anew. Every fifth period
    with articles is left out in turn, and the binomial deviance is that of its articles.
    """
    fold = np.unique(period, return_inverse=True)[1] % FOLDS
    x = np.column_stack([np.ones(len(time)), (time - time.mean()) / max(np.ptp(time), 1e-9)])
    drift = steps = 0.0
    for number in range(FOLDS):
        out = fold == number
        if not out.any() or out.all():
            continue
        use = ~out
        flat = np.full(out.sum(), _rate(num[use].sum(), den[use].sum()))
        fitted = coefficients(x[use], num[use], den[use])
        line = flat if fitted is None else special.expit(x[out] @ fitted[0])
        stepped = _steps(time[use], num[use], den[use], turns, least, time[out])
        plain = _deviance(num[out], den[out], flat)
        drift += _deviance(num[out], den[out], line) - plain
        steps += _deviance(num[out], den[out], stepped) - plain
    return drift, steps


def _steps(time: Floats, num: Floats, den: Floats, turns: int, least: int, at: Floats) -> Floats:
    """The rates at other times by so many steps."""
    clock, unit, n = np.unique(time, return_inverse=True, return_counts=True)
    sums, dens = (np.bincount(unit, values).astype(np.float64) for values in (num, den))
    bounds = np.array([0, len(clock)])
    for _ in range(turns):
        gain, split = best_split(sums, dens, n, bounds, least)
        if gain > 0:
            bounds = np.sort(np.append(bounds, split))
    rates = _rate(*(np.add.reduceat(values, bounds[:-1]) for values in (sums, dens)))
    # A step is half way between the last time before it and the first after it.
    edges = [(clock[bound - 1] + clock[bound]) / 2 for bound in bounds[1:-1]]
    found: Floats = rates[np.searchsorted(edges, at)]
    return found


def _rate(num: Floats, den: Floats) -> Floats:
    rate: Floats = (num + 0.5) / (den + 1)
    return rate


def _deviance(num: Floats, den: Floats, rate: Floats) -> float:
    return float(-2 * (special.xlogy(num, rate) + special.xlog1py(den - num, -rate)).sum())


def sides_of(
    a: Floats, b: Floats, blocks: NDArray[np.intp], splits: list[int], level: float
) -> dict[int, dict[str, float]]:
    """Shares on either side of each split, with the jackknife over periods."""
    segment = np.searchsorted(splits, np.arange(len(a)), side="right")
    parts = np.flatnonzero(np.diff(blocks, prepend=-1) | np.diff(segment, prepend=-1))
    x, y = np.add.reduceat(a, parts), np.add.reduceat(b, parts)
    owner = segment[parts]
    value = jackknife_log_odds(x, y, owner, np.bincount(owner))
    low, high = (special.expit(bound) for bound in bounds(value, level))
    x, y = (np.bincount(segment, side).astype(np.float64) for side in (a, b))
    share, odds = x / (x + y), log_odds(x, y)
    low = np.where((x > 0) & (y > 0), np.minimum(low, share), np.nan)
    high = np.where((x > 0) & (y > 0), np.maximum(high, share), np.nan)
    return {
        split: {
            "share_before": share[i], "share_after": share[i + 1], "change": odds[i + 1] - odds[i],
            "share_before_low": low[i], "share_before_high": high[i],
            "share_after_low": low[i + 1], "share_after_high": high[i + 1],
        }
        for i, split in enumerate(splits)
    }  # fmt: skip
