"""The turning point of a series of articles: where it is, and whether there is one at all."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.measuring.intervals import Floats

Rows = NDArray[np.intp]
CELLS = 2_000_000  # numbers resampled at a time
ALMOST = 1 - 1e-12  # rounding must not make equal values differ


class Turn(NamedTuple):
    """A split of the articles in order of time, with its evidence; see `find_turn`."""

    split: int
    low: float
    high: float
    p: float


def find_turn(
    time: Floats, a: Floats, b: Floats, *, min_articles: int, resamples: int, seed: int,
    level: float = 0.95,
) -> Turn | None:  # fmt: skip
    """Find the time that separates articles best, its interval, and its p-value.

    With p = sum a / sum (a + b), and k of the n articles before a time s::

        e_d  = (1 - p) a_d - p b_d
        Z(s) = |sum_{d before s} e_d| / sqrt(k (n - k) / (n (n - 1)) * sum_d e_d^2)

    which divides a sum by its standard deviation over all orders of the articles. The turn is at
    the largest Z; p is the share of random orders with a Z as large anywhere, and the interval
    holds the turns of articles drawn with replacement.

    Parameters
    ----------
    time, a, b : arrays, one entry per article with hits
        Sorted by time; the hits of the two frames.
    min_articles, resamples, seed, level
        As for `trend`.

    Returns
    -------
    Turn or None
        `split` is the number of articles before the turn, `low` and `high` are times. None where
        no time has enough articles on either side, or all articles have the same share.
    """
    moves = np.flatnonzero(np.diff(time) > 0) + 1
    splits = moves[(moves >= min_articles) & (len(time) - moves >= min_articles)]
    p = a.sum() / (a + b).sum()
    errors = (1 - p) * a - p * b
    if not len(splits) or not np.any(np.abs(errors) > 1e-9):
        return None
    observed = _scan(errors[None], splits)[0]
    rng = np.random.default_rng(seed)
    as_large = sum(
        np.count_nonzero(_scan(block, splits).max(axis=1) >= observed.max() * ALMOST)
        for block in _orders(errors, resamples, rng)
    )
    turns = np.concatenate(list(_resampled(time, a, b, splits, resamples, rng)))
    tails = np.quantile(turns, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    split, chance = int(splits[_first_largest(observed)]), (1 + as_large) / (1 + resamples)
    return Turn(split, float(tails[0]), float(tails[1]), chance)


def _scan(errors: Floats, splits: Rows) -> Floats:
    """Z at each split, for each row of errors in an order of the articles."""
    n = errors.shape[1]
    sums = np.cumsum(errors, axis=1)[:, splits - 1]
    scale = splits * (n - splits) / (n * (n - 1)) * (errors**2).sum(axis=1, keepdims=True)
    z: Floats = np.abs(sums) / np.sqrt(scale)
    return z


def _orders(errors: Floats, resamples: int, rng: np.random.Generator) -> Iterator[Floats]:
    for size in _blocks(resamples, len(errors)):
        yield rng.permuted(np.broadcast_to(errors, (size, len(errors))), axis=1)


def _resampled(
    time: Floats, a: Floats, b: Floats, splits: Rows, resamples: int, rng: np.random.Generator
) -> Iterator[Floats]:
    """Turning points of articles drawn with replacement: each article counts w_d times."""
    n = len(time)
    for size in _blocks(resamples, n):
        draws = rng.integers(0, n, (size, n)) + n * np.arange(size)[:, None]
        w = np.bincount(draws.ravel(), minlength=size * n).reshape(size, n).astype(np.float64)
        p = (w @ a / np.maximum(w @ (a + b), 1))[:, None]
        errors = (1 - p) * a - p * b
        sums = np.cumsum(w * errors, axis=1)[:, splits - 1]
        before = np.cumsum(w, axis=1)[:, splits - 1]
        scale = before * (n - before)
        z = np.where(scale > 0, np.abs(sums) / np.sqrt(np.maximum(scale, 1)), -1.0)
        yield time[splits[_first_largest(z)]]


def _first_largest(z: Floats) -> Rows:
    first: Rows = (z >= z.max(axis=-1, keepdims=True) * ALMOST).argmax(axis=-1)
    return first


def _blocks(resamples: int, n: int) -> Iterator[int]:
    size = max(CELLS // n, 1)
    for begin in range(0, resamples, size):
        yield min(size, resamples - begin)
