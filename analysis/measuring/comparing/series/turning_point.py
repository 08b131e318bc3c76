"""The turning points of a series: where they are, how surely, and whether there are any at all."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from analysis.measuring.comparing.series.splits import (
    best_split,
    evidence,
    gains,
    missed,
    simulated,
)
from analysis.measuring.intervals import Floats, Rows

CELLS = 2_000_000  # articles ordered at a time
ALMOST = 1 - 1e-12  # rounding must not make equal values differ
CALLED = 0.05  # further turns are looked for while the last has a p-value of at most this
MOST = 5  # turns
INTERVAL_FROM = 50  # articles: of fewer, simulated intervals of a date miss it too often
# The part of the 5% that goes to two turns at once: there and back again, no one split separates.
OF_TWO = 0.15
# The periods' own effects: standard deviation s (of log odds), and correlation r from one period to
# the next. The prior weight is 1 for none, else (1 + 3 r) exp(-s^2 / 2); chosen by bench_turning.
SHOCKS = ((0.0, 0.0), *((sd, r) for sd in (0.25, 0.5, 1.0) for r in (0.0, 0.4, 0.8)))


class Turn(NamedTuple):
    """A split of the series in order of time; `split` is the number of articles before it."""

    split: int
    low: float
    high: float
    p: float


def find_turns(
    time: Floats, num: Floats, den: Floats, period: Rows, *, min_articles: int, resamples: int,
    seed: int, level: float = 0.95, shocks: Sequence[tuple[float, float]] = SHOCKS,
) -> list[Turn]:  # fmt: skip
    """Find the times that separate articles best, the clearest first, and test each.

    docs/method.md, Comparing: the largest Z(s), sought again in the segments that it makes while
    p <= .05. p is the share of as large a Z among random orders of the articles with effects of
    periods added, as a mean over a grid of their spread and correlation (`shocks`). `time`, rising,
    `num` and `den` (hits of a frame and of both, say) and the number of the `period` have an entry
    per article; the others are as for `trend`. The first turn has the largest Z, and any p; further
    ones have p <= .05. There is none where no time has enough articles on either side, or all
    articles have the same rate, and no interval for fewer than 50 articles.
    """
    n = len(time)
    clock, unit = np.unique(time, return_inverse=True)
    rng = np.random.default_rng(seed)
    series = Series(clock, unit, period[np.searchsorted(time, clock)] - period[0],
                    np.bincount(unit), num.astype(np.float64), den.astype(np.float64))  # fmt: skip
    bounds = np.array([0, len(clock)])
    found: list[tuple[int, float]] = []
    weights = np.ones(len(shocks)) / len(shocks)
    while len(found) < MOST and (not found or found[-1][1] <= CALLED):
        gain, split = best_split(*series.sums(), series.n, bounds, min_articles)
        if gain <= 1e-12 * (den**2).sum():  # the same for either of two frames
            break
        p, likely = _p_value(series, bounds, min_articles, resamples, rng, shocks)
        if found and p > CALLED:
            break
        weights = likely
        splits = _moved([*(split for split, _ in found), int(split)], series, min_articles)
        found = list(zip(splits, [*(p for _, p in found), p], strict=True))
        bounds = np.array([0, *sorted(splits), len(clock)])
    ends = (np.nan, np.nan)
    turns = []
    for split, p in found:
        if n >= INTERVAL_FROM:
            ends = _interval(series, bounds, split, weights, resamples, rng, level, shocks)
        turns.append(Turn(int(series.n[:split].sum()), *ends, p))
    return turns


class Series(NamedTuple):
    """Times, the time (`unit`) of each article, the times' periods and sizes, and the articles."""

    time: Floats
    unit: Rows
    period: Rows
    n: Rows
    num: Floats
    den: Floats

    def sums(self) -> tuple[Floats, Floats]:
        """Numerators and denominators of each time."""
        num, den = (np.bincount(self.unit, x).astype(np.float64) for x in (self.num, self.den))
        return num, den

    def rates(self, bounds: Rows) -> Floats:
        """The rate of each time's segment."""
        num, den = (np.add.reduceat(sums, bounds[:-1]) for sums in self.sums())
        return np.repeat(num / np.maximum(den, 1e-300), np.diff(bounds))

    def residuals(self, bounds: Rows) -> Floats:
        """What each article's numerator has beyond its segment's rate."""
        return self.num - self.rates(bounds)[self.unit] * self.den

    def drawn(
        self, size: int, sd: float, r: float, rng: np.random.Generator
    ) -> Iterator[tuple[Rows, Floats]]:
        """Random orders of the articles, and effects of the periods, some at a time."""
        rate = self.num.sum() / self.den.sum()
        scale = sd * rate * (1 - rate)  # an effect on the log odds is so large on the rate
        batch = max(CELLS // len(self.num), 1)
        for begin in range(0, size, batch):
            some = min(batch, size - begin)
            orders = rng.permuted(np.tile(np.arange(len(self.num)), (some, 1)), axis=1)
            effects = rng.standard_normal((some, self.period[-1] + 1))
            for at in range(1, effects.shape[1]):
                effects[:, at] = r * effects[:, at - 1] + np.sqrt(1 - r * r) * effects[:, at]
            yield orders, effects * scale


def _p_value(
    series: Series, bounds: Rows, least: int, resamples: int, rng: np.random.Generator,
    shocks: Sequence[tuple[float, float]],
) -> tuple[float, Floats]:  # fmt: skip
    """The p-value of one more split, and how likely each pair of `shocks` is."""
    num, den = series.sums()
    squares = np.array([np.bincount(series.unit, values) for values in
                        (series.num**2, series.num * series.den, series.den**2)])  # fmt: skip
    seen = evidence(num, den, squares, series.n, series.period, bounds, least)
    residual = series.residuals(bounds)
    each = -(-resamples // len(shocks))
    as_large, fit = np.zeros((2, len(shocks))), np.zeros(len(shocks))
    for number, (sd, r) in enumerate(shocks):
        drawn = np.concatenate([
            simulated(residual, series.den, orders, effects, series.unit, series.period, series.n,
                      bounds, least)
            for orders, effects in series.drawn(each, sd, r, rng)
        ])  # fmt: skip
        as_large[:, number] = (drawn[:, :2] >= seen[:2] * ALMOST).mean(axis=0)
        fit[number] = _log_likelihood(seen[2:], drawn[:, 2:]) + _log_prior(sd, r)
    weights = np.exp(fit - fit.max())
    weights /= weights.sum()
    total = each * len(shocks)
    one, two = (1 + total * (as_large @ weights)) / (1 + total)
    p = min(one / (1 - OF_TWO), two / OF_TWO) if len(bounds) == 2 else one
    return min(float(p), 1.0), weights


def _moved(splits: list[int], series: Series, least: int) -> list[int]:
    """The splits, each where it separates best between its neighbours, until none moves."""
    num, den = series.sums()
    for _ in range(MOST):
        old = list(splits)
        for place, split in enumerate(old):
            others = [0, *sorted({*splits} - {splits[place]}), len(series.n)]
            at = np.searchsorted(others, split)
            best = best_split(num, den, series.n, np.array(others[at - 1 : at + 1]), least)[1]
            splits[place] = int(best) or split
        if splits == old:
            break
    return splits


def _log_prior(sd: float, r: float) -> float:
    return float(np.log(1 + 3 * r) - sd * sd / 2) if sd else 0.0


def _log_likelihood(seen: Floats, drawn: Floats) -> float:
    """The normal density, up to a constant, of what was seen among what is drawn."""
    mean, scale = drawn.mean(axis=0), drawn.std(axis=0)
    known = scale > 0
    if len(drawn) < 5 or not known.any():
        return 0.0
    z = (drawn - mean)[:, known] / scale[known]
    covariance = z.T @ z / len(z) + 1e-6 * np.eye(known.sum())
    away = (seen - mean)[known] / scale[known]
    log_det = np.linalg.slogdet(covariance)[1] + 2 * np.log(scale[known]).sum()
    return float(-(away @ np.linalg.solve(covariance, away) + log_det) / 2)


def _interval(
    series: Series, bounds: Rows, split: int, weights: Floats, resamples: int,
    rng: np.random.Generator, level: float, shocks: Sequence[tuple[float, float]],
) -> tuple[float, float]:  # fmt: skip
    """The first and the last time at which the turn may be, by inverting the test of its place."""
    first, last = bounds[bounds < split].max(), bounds[bounds > split].min()
    step = np.diff(series.rates(bounds)[split - 1 : split + 1])[0]
    residual, lost = series.residuals(bounds), []
    often = rng.multinomial(resamples, weights)
    for size, (sd, r) in zip(often, shocks, strict=True):
        for orders, effects in series.drawn(size, sd, r, rng):
            lost.append(missed(residual, series.den, orders, effects, series.unit, series.period,
                               series.n, first, split, last, step))  # fmt: skip
    profile = gains(*series.sums(), series.n, first, last)
    least = profile[split - first - 1] - np.quantile(np.concatenate(lost), level)
    near = np.flatnonzero(profile >= least)
    # A turn between two articles may be on any day after the first of them.
    return float(series.time[first + near[0]] + 1), float(series.time[first + near[-1] + 1])
