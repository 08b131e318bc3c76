"""Sums over groups and terms, in compiled code.

A cell is a group and a term that occurs in it: its key is ``group << 32 | term``, its totals are
sum n_d, the number of articles, sum n_d^2 and sum n_d L_d. Cells stand one behind the other in the
order of their first appearance; `places` is a hash table (open addressing, linear probing) that
holds for each key the number of its cell, plus 1.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.tokens.compiled import inner

Integers = NDArray[np.int64]
Ids = NDArray[np.int32]

_MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_32 = np.uint64(32)


class CellSums:
    """Totals that grow; `keys` and `totals` give what has been added."""

    def __init__(self) -> None:
        self._places: Ids = np.zeros(1 << 16, np.int32)
        self._keys: Integers = np.empty(1 << 15, np.int64)
        self._totals: Integers = np.empty((1 << 15, 4), np.int64)
        self._used = 0

    @property
    def keys(self) -> Integers:
        """Key of each cell."""
        return self._keys[: self._used]

    @property
    def totals(self) -> Integers:
        """Totals of each cell: n, articles, sum n_d^2, sum n_d L_d."""
        return self._totals[: self._used]

    def add(
        self, groups: Integers, lengths: Integers, indptr: Integers, terms: Ids, counts: Ids
    ) -> None:
        """Add the counts of articles (rows in compressed form) to the totals of their groups."""
        article = 0
        while True:
            self._used, article = add_rows(
                self._places, self._keys, self._totals, self._used, article,
                groups, lengths, indptr, terms, counts,
            )  # fmt: skip
            if article == len(groups):
                return
            self._grow(int(indptr[article + 1] - indptr[article]))

    def _grow(self, more: int) -> None:
        size = len(self._keys)
        while size < self._used + more:
            size *= 2
        keys, totals = np.empty(size, np.int64), np.empty((size, 4), np.int64)
        keys[: self._used], totals[: self._used] = self.keys, self.totals
        self._keys, self._totals = keys, totals
        self._places = np.zeros(2 * size, np.int32)
        place_again(self._places, self._keys, self._used)


@inner
def _slot(places: Ids, keys: Integers, key: Any) -> Any:
    """Where the number of a key's cell is, or belongs."""
    mixed = np.uint64(key)
    mixed = (mixed ^ (mixed >> _32)) * _MIX_1
    mixed = (mixed ^ (mixed >> _32)) * _MIX_2
    last = len(places) - 1
    slot = np.int64(mixed >> _32) & last
    while places[slot] != 0 and keys[places[slot] - 1] != key:
        slot = (slot + 1) & last
    return slot


@inner
def add_rows(
    places: Ids,
    keys: Integers,
    totals: Integers,
    used: int,
    first: int,
    groups: Integers,
    lengths: Integers,
    indptr: Integers,
    terms: Ids,
    counts: Ids,
) -> tuple[int, int]:
    """Add articles from the first one on; `places` has room for twice as many cells as `keys`.

    Gives how many cells there are, and the first article that was not added for want of room.
    """
    for article in range(first, len(groups)):
        if used + indptr[article + 1] - indptr[article] > len(keys):
            return used, article
        for row in range(indptr[article], indptr[article + 1]):
            key = groups[article] << 32 | np.int64(terms[row])
            slot = _slot(places, keys, key)
            if places[slot] == 0:
                keys[used] = key
                totals[used, 0] = totals[used, 1] = totals[used, 2] = totals[used, 3] = 0
                used += 1
                places[slot] = used
            cell = places[slot] - 1
            n = np.int64(counts[row])
            totals[cell, 0] += n
            totals[cell, 1] += 1
            totals[cell, 2] += n * n
            totals[cell, 3] += n * lengths[article]
    return used, len(groups)


@inner
def place_again(places: Ids, keys: Integers, used: int) -> None:
    """Fill an empty hash table with the numbers of the cells."""
    for cell in range(used):
        places[_slot(places, keys, keys[cell])] = cell + 1
