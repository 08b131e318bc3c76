"""Rates of terms per group and their spread between articles: what the other measures share.

A rate r = n / L is a ratio of two article totals. Its spread is estimated from the articles, not
from the words, and needs only the sums that `GroupCounts` holds.
"""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.counting.groups import GroupCounts
from analysis.errors import CountsError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """Sums for chosen pairs of group and term, one entry a pair.

    Attributes
    ----------
    group, term : int64 arrays
        Rows of ``grouped.groups`` and positions in ``grouped.terms``.
    n, n_docs, n_sq, n_tokens : int64 arrays
        As in `GroupCounts`.
    articles, tokens, tokens_sq : int64 arrays
        The totals of the pair's group.
    """

    group: Ints
    term: Ints
    n: Ints
    n_docs: Ints
    n_sq: Ints
    n_tokens: Ints
    articles: Ints
    tokens: Ints
    tokens_sq: Ints

    def take(self, order: Ints) -> "Cells":
        """The same sums in another order."""
        return Cells(*(getattr(self, field.name)[order] for field in fields(self)))

    @property
    def rate(self) -> Floats:
        """Hits per token, n / L; missing where the group has no tokens."""
        rate: Floats = self.n / _positive(self.tokens)
        return rate

    @property
    def excess(self) -> Floats:
        """Spread m / (m - 1) * sum_d (n_d - r L_d)^2: the variance of n when articles are the unit.

        Missing with fewer than two articles, without hits, and where all articles have exactly
        the same rate (such as two reprints of one text), which says nothing of the spread.
        """
        m, rate = _positive(self.articles - 1) + 1, self.rate
        squares = self.n_sq - 2 * rate * self.n_tokens + rate**2 * self.tokens_sq
        return np.where(squares > 1e-9 * self.n_sq, m / (m - 1) * squares, np.nan)

    @property
    def log_rate_variance(self) -> Floats:
        """Var(log r) = m / (m - 1) * sum_d (n_d - r L_d)^2 / n^2; missing as `excess` is."""
        variance: Floats = self.excess / _positive(self.n) ** 2
        return variance


@dataclass(frozen=True, eq=False)
class LogRatio:
    """Log2 ratios of two rates, with intervals and Welch t-tests, one entry a pair of cells."""

    log_ratio: Floats
    low: Floats
    high: Floats
    t: Floats
    p: Floats


def log_ratio(target: Cells, reference: Cells, level: float) -> LogRatio:
    """Compare rates, cell by cell, by Welch's t on the log rates; see `keyness`."""
    zero = (target.n == 0) | (reference.n == 0)
    ours, ours_variance = _log_rate(target, reference, zero)
    theirs, theirs_variance = _log_rate(reference, target, zero)
    difference, variance = ours - theirs, ours_variance + theirs_variance
    freedom = variance**2 / (
        ours_variance**2 / _positive(target.articles - 1)
        + theirs_variance**2 / _positive(reference.articles - 1)
    )
    t = difference / np.sqrt(variance)
    half = special.stdtrit(freedom, (1 + level) / 2) * np.sqrt(variance)
    p = 2 * special.stdtr(freedom, -np.abs(t))
    bits = np.log(2)
    return LogRatio(difference / bits, (difference - half) / bits, (difference + half) / bits, t, p)


def _log_rate(cell: Cells, other: Cells, zero: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Log rate and its variance, smoothed where one of the two sides has no hits.

    A side without hits says nothing of how its hits would cluster, so it borrows the other side's
    ratio of variance to mean, though never one below that of independent hits.
    """
    hits = _positive(np.where(zero & (cell.n + other.n > 0), cell.n + 0.5, cell.n))
    clustering = np.maximum(other.excess / _positive(other.n), 1)
    excess = np.where(cell.n == 0, clustering * hits, cell.excess)
    return np.log(hits / _positive(cell.tokens)), excess / hits**2


def _positive(values: Ints | Floats) -> Floats:
    """As floats, missing where not above 0, so that ratios are missing and not infinite."""
    return np.where(values > 0, values, np.nan)


def ranks(group: Ints, values: Ints | Floats) -> Ints:
    """Ranks from 1 within each group, smallest value first, ties in the order given."""
    order = np.lexsort((np.arange(len(group)), values, group))
    starts = np.searchsorted(group[order], group[order], side="left")
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - starts + 1
    return rank


def check_level(level: float) -> None:
    """Refuse a confidence level such as 95 for 95%."""
    if not 0 < level < 1:
        raise CountsError(f"level={level!r}: a confidence level lies between 0 and 1, as in 0.95.")


def cells(grouped: GroupCounts) -> Cells:
    """Sums for every pair of group and term that has hits, in order of group, then term."""
    group, term, sums = _stored(grouped)
    return Cells(group, term, *sums, *_totals(grouped, group))


def cells_at(grouped: GroupCounts, group: Ints, term: Ints) -> Cells:
    """Sums for any pairs of group and term: 0 where the pair has no hits.

    A group of -1 stands for no group at all: all its sums and totals are 0.
    """
    stored_group, stored_term, sums = _stored(grouped)
    if not len(stored_term):
        sums = [np.zeros(len(group), np.int64) for _ in sums]
    else:
        keys = stored_group * len(grouped.terms) + stored_term
        wanted = group * len(grouped.terms) + term
        place = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
        found = (keys[place] == wanted) & (group >= 0)
        sums = [np.where(found, values[place], 0) for values in sums]
    return Cells(group, term, *sums, *_totals(grouped, group))


def _stored(grouped: GroupCounts) -> tuple[Ints, Ints, list[Ints]]:
    parts = (grouped.n, grouped.n_docs, grouped.n_sq, grouped.n_tokens)
    if not all(np.array_equal(part.indices, grouped.n.indices) for part in parts):
        raise CountsError("the four sums of these counts do not stand in the same cells.")
    group = np.repeat(np.arange(len(grouped.groups)), np.diff(grouped.n.indptr))
    return group, grouped.n.indices.astype(np.int64), [part.data for part in parts]


def _totals(grouped: GroupCounts, group: Ints) -> list[Ints]:
    table = grouped.groups[["articles", "tokens", "tokens_sq"]].to_numpy(np.int64)
    return [np.where(group >= 0, column[group], 0) for column in table.T]


def term_positions(index: pd.Index, terms: list[str]) -> Ints:
    """Where chosen terms stand in a vocabulary.

    Raises
    ------
    CountsError
        If a term is not there; the message says whether another spelling is.
    """
    positions = index.get_indexer(pd.Index(terms, dtype=index.dtype))
    missing = [term for term, position in zip(terms, positions, strict=True) if position < 0]
    if missing:
        folded = [term.casefold().replace("’", "'") for term in missing]
        there = [term for term in folded if term in index]
        raise CountsError(
            f"terms={missing}: not among the {len(index):,} terms counted. "
            + (f"Terms are folded: ask for {there}." if there else "See counts.terms.")
        )
    return np.asarray(positions, np.int64)
