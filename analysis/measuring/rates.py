"""Rates of terms per group and their spread between articles: what the other measures share."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.counting.grouping import TOTALS
from analysis.counting.groups import GroupCounts
from analysis.errors import CountsError
from analysis.measuring.intervals import Floats, Ints, positive
from analysis.tokens.rules import normalize


class Cells(NamedTuple):
    """Sums for chosen pairs of group and term, one entry per pair.

    `group` and `term` are rows of ``grouped.groups`` and positions in ``grouped.terms``; `n` to
    `n_tokens` are the sums of `GroupCounts`, `articles` to `tokens_sq` the totals of the group.
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
        return Cells(*(values[order] for values in self))

    def minus(self, part: "Cells") -> "Cells":
        """The sums without a part: the same terms in all articles but those of `part`."""
        sums = (whole - some for whole, some in zip(self[2:], part[2:], strict=True))
        return Cells(self.group, self.term, *sums)

    @property
    def rate(self) -> Floats:
        """Hits per token, n / L; missing where the group has no tokens."""
        return self.n / positive(self.tokens)

    @property
    def variance(self) -> Floats:
        """Var(n) = m / (m - 1) * sum_d (n_d - r L_d)^2, missing with fewer than two articles."""
        m, rate = positive(self.articles - 1) + 1, self.rate
        squares = self.n_sq - 2 * rate * self.n_tokens + rate**2 * self.tokens_sq
        # Where every article has the same rate, what rounding leaves is not spread.
        return m / (m - 1) * np.where(squares > 1e-9 * self.n_sq, squares, 0.0)

    @property
    def log_rate_variance(self) -> Floats:
        """Var(log r) = Var(n) / n^2; missing without hits."""
        return self.variance / positive(self.n) ** 2

    @property
    def effective_articles(self) -> Floats:
        """Articles that would hold n hits as evenly as possible: n^2 / sum_d n_d^2 (Kish)."""
        return self.n**2 / positive(self.n_sq)

    @property
    def effective_lengths(self) -> Floats:
        """Articles that would hold the tokens as evenly as possible: L^2 / sum_d L_d^2 (Kish)."""
        return positive(self.tokens) ** 2 / positive(self.tokens_sq)

    @property
    def dispersion(self) -> Floats:
        """Juilland's D for articles of unequal length, 1 - sqrt(Var(n)) / n, at least 0."""
        effective: Floats = np.maximum(1 - np.sqrt(self.log_rate_variance), 0.0)
        return effective


def ranks(group: Ints, values: Ints | Floats) -> Ints:
    """Ranks from 1 within each group, smallest value first, ties in the order given."""
    ranked = pd.Series(values).groupby(group).rank(method="first", na_option="bottom")
    return np.asarray(ranked, np.int64)


def cells(grouped: GroupCounts) -> Cells:
    """Sums for every pair of group and term that has hits, in order of group, then term."""
    group, term, sums = _stored(grouped)
    return Cells(group, term, *sums, *_totals(grouped, group))


def row_of(grouped: GroupCounts, row: int) -> Cells:
    """Sums of one group for every term of the vocabulary."""
    group = np.full(len(grouped.terms), row, np.int64)
    sums = np.zeros((4, len(group)), np.int64)
    for place, part in enumerate((grouped.n, grouped.n_docs, grouped.n_sq, grouped.n_tokens)):
        entries = slice(part.indptr[row], part.indptr[row + 1])
        sums[place, part.indices[entries]] = part.data[entries]
    return Cells(group, np.arange(len(group)), *sums, *_totals(grouped, group))


def cells_at(grouped: GroupCounts, group: Ints, term: Ints) -> Cells:
    """Sums for any pairs of group and term: 0 without hits, or where the group is -1 (none)."""
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
        raise CountsError("the four sums of these counts do not have the same cells.")
    group = np.repeat(np.arange(len(grouped.groups)), np.diff(grouped.n.indptr))
    return group, grouped.n.indices.astype(np.int64), [part.data for part in parts]


def _totals(grouped: GroupCounts, group: Ints) -> list[Ints]:
    table = grouped.groups[list(TOTALS)].to_numpy(np.int64)
    return [np.where(group >= 0, column[group], 0) for column in table.T]


def term_positions(index: pd.Index, terms: str | Iterable[str]) -> Ints:
    """The positions of chosen terms, or of one, in a vocabulary; CountsError if one is missing."""
    if not isinstance(terms, Iterable):
        raise CountsError(f"terms={terms!r}: give a term, or a list of terms.")
    terms = [terms] if isinstance(terms, str) else list(terms)
    positions = index.get_indexer(pd.Index(terms, dtype=index.dtype))
    missing = [term for term, position in zip(terms, positions, strict=True) if position < 0]
    if missing:
        folded = [normalize(term) for term in missing if isinstance(term, str)]
        there = [term for term in folded if term in index]
        raise CountsError(
            f"terms={missing}: not among the {len(index):,} terms counted. "
            + (f"Terms are folded: ask for {there}." if there else "See counts.terms.")
        )
    return np.asarray(positions, np.int64)
