"""Sums over groups and terms, in compiled code.

A cell is a group and a term that occurs in it; its totals are sum n_d, the number of articles,
sum n_d^2 and sum n_d L_d. No hashing is needed: the articles of one group are added up after one
another, and `slots` says for each term where its cell is. A cell from before the group's first
one belongs to an earlier group, so that the slots are never cleared.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.tokens.compiled import compiled, inner

Integers = NDArray[np.int64]
Ids = NDArray[np.int32]

# So many counts of articles are kept before they are added up.
PENDING = 1 << 21


class Cells(NamedTuple):
    """Totals of groups and terms; group by group where they come out of a sum."""

    group: Integers
    term: Integers
    totals: Integers


class ArticleRows(NamedTuple):
    """Counts of articles: article k has ``terms[indptr[k]:indptr[k + 1]]``, each once."""

    groups: Integers
    lengths: Integers
    indptr: Integers
    terms: Ids
    counts: Ids


class CellSums:
    """Totals that grow, article by article."""

    def __init__(self) -> None:
        self._cells = Cells(
            np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 4), np.int64)
        )
        self._pending: list[ArticleRows] = []
        self._waiting = 0

    def add(self, rows: ArticleRows) -> None:
        """Add the counts of articles to the totals of their groups."""
        self._pending.append(rows)
        self._waiting += len(rows.terms)
        # Old cells are copied when new ones come: not before these are as many.
        if self._waiting > max(PENDING, len(self._cells.group)):
            self.cells()

    def cells(self) -> Cells:
        """The totals of all that has been added."""
        if self._pending:
            fresh = add_articles(self._pending)
            self._cells = add_cells([self._cells, fresh]) if len(self._cells.group) else fresh
            self._pending, self._waiting = [], 0
        return self._cells


def add_articles(parts: Sequence[ArticleRows]) -> Cells:
    """The totals of articles over their groups."""
    groups, lengths, terms, counts = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("groups", "lengths", "terms", "counts")
    )
    sizes = np.concatenate([np.diff(part.indptr) for part in parts])
    order = np.argsort(groups, kind="stable")
    bounds = _bounds(groups)
    cells = np.empty(len(terms), np.int64), np.empty((len(terms), 4), np.int64)
    found = np.zeros(len(bounds), np.int64)
    slots = np.full(int(terms.max(initial=-1)) + 1, -1, np.int64)
    _sum_rows(order, bounds, _starts(sizes), lengths, terms, counts, slots, found, *cells)
    return _cut(found, *cells)


def add_cells(parts: Sequence[Cells]) -> Cells:
    """The totals of cells of which several may have the same group and term."""
    group, term, totals = (
        np.concatenate([getattr(part, name) for part in parts]) for name in Cells._fields
    )
    bounds = _bounds(group)
    cells = np.empty(len(term), np.int64), np.empty((len(term), 4), np.int64)
    found = np.zeros(len(bounds), np.int64)
    slots = np.full(int(term.max(initial=-1)) + 1, -1, np.int64)
    order = _ordered(group, _starts(np.bincount(group)), np.arange(len(group)))
    _sum_cells(order, bounds, term, totals, slots, found, *cells)
    return _cut(found, *cells)


def by_group_and_term(cells: Cells) -> tuple[Ids, Integers]:
    """Sort cells: the term of each, and the four totals as rows of an array."""
    order = np.arange(len(cells.group))
    for keys in (cells.term, cells.group):
        order = _ordered(keys, _starts(np.bincount(keys)), order)
    terms, columns = np.empty(len(order), np.int32), np.empty((4, len(order)), np.int64)
    _gather(order, cells.term, cells.totals, terms, columns)
    return terms, columns


def _starts(sizes: Integers) -> Integers:
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def _bounds(groups: Integers) -> Integers:
    """Where each group begins and the last one ends, once the groups are sorted."""
    return _starts(np.bincount(groups))


def _cut(found: Integers, terms: Integers, totals: Integers) -> Cells:
    """The cells that were filled; those of group g end at ``found[g + 1]``."""
    group = np.repeat(np.arange(len(found) - 1), np.diff(found))
    return Cells(group, terms[: found[-1]], totals[: found[-1]])


@inner
def _sum_rows(
    order: Integers,
    bounds: Integers,
    indptr: Integers,
    lengths: Integers,
    terms: Ids,
    counts: Ids,
    slots: Integers,
    found: Integers,
    cell_terms: Integers,
    totals: Integers,
) -> None:
    used = 0
    for group in range(len(bounds) - 1):
        first = used
        for place in range(bounds[group], bounds[group + 1]):
            article = order[place]
            for row in range(indptr[article], indptr[article + 1]):
                term, n = terms[row], np.int64(counts[row])
                cell = slots[term]
                if cell < first:
                    cell = used
                    used += 1
                    slots[term], cell_terms[cell] = cell, term
                    totals[cell, 0] = totals[cell, 1] = totals[cell, 2] = totals[cell, 3] = 0
                totals[cell, 0] += n
                totals[cell, 1] += 1
                totals[cell, 2] += n * n
                totals[cell, 3] += n * lengths[article]
        found[group + 1] = used


@inner
def _sum_cells(
    order: Integers,
    bounds: Integers,
    terms: Integers,
    parts: Integers,
    slots: Integers,
    found: Integers,
    cell_terms: Integers,
    totals: Integers,
) -> None:
    used = 0
    for group in range(len(bounds) - 1):
        first = used
        for place in range(bounds[group], bounds[group + 1]):
            part = order[place]
            cell = slots[terms[part]]
            if cell < first:
                cell = used
                used += 1
                slots[terms[part]], cell_terms[cell] = cell, terms[part]
                totals[cell, 0] = totals[cell, 1] = totals[cell, 2] = totals[cell, 3] = 0
            for column in range(4):
                totals[cell, column] += parts[part, column]
        found[group + 1] = used


@compiled
def _ordered(keys: Integers, starts: Integers, order: Integers) -> Integers:
    """Sort places by their keys, by counting; among equals the given order stays."""
    sorted_places = np.empty_like(order)
    free = starts.copy()
    for place in order:
        sorted_places[free[keys[place]]] = place
        free[keys[place]] += 1
    return sorted_places


@inner
def _gather(
    order: Integers, terms: Integers, totals: Integers, sorted_terms: Ids, columns: Integers
) -> None:
    for place in range(len(order)):
        sorted_terms[place] = terms[order[place]]
        for column in range(4):
            columns[column, place] = totals[order[place], column]
