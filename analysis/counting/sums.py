"""Compiled sums over groups and terms.

An open-addressing hash table with linear probing; each entry is one row of `table`:

    group << 32 | term, plus 1 (0: the entry is empty); sum n_d; articles; sum n_d^2; sum n_d L_d
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.tokens.compiled import inner

Integers = NDArray[np.int64]
Ids = NDArray[np.int32]

WIDTH = 5
_MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_32 = np.uint64(32)


@inner
def _slot(table: Integers, key: Any) -> Any:
    """Where the entry of a key is, or the empty entry where it belongs."""
    mixed = np.uint64(key)
    mixed = (mixed ^ (mixed >> _32)) * _MIX_1
    mixed = (mixed ^ (mixed >> _32)) * _MIX_2
    last = len(table) - 1
    slot = np.int64(mixed >> _32) & last
    while table[slot, 0] != 0 and table[slot, 0] != key:
        slot = (slot + 1) & last
    return slot


@inner
def add_rows(
    table: Integers,
    used: int,
    first: int,
    groups: Integers,
    lengths: Integers,
    indptr: Integers,
    terms: Ids,
    counts: Ids,
) -> tuple[int, int]:
    """Add the counts of articles, from the first one on, to the sums of their groups.

    Gives how many entries are used, and the first article that was not added because the table
    is half full.
    """
    for article in range(first, len(groups)):
        if 2 * (used + indptr[article + 1] - indptr[article]) > len(table):
            return used, article
        base = (groups[article] << 32) + 1
        for place in range(indptr[article], indptr[article + 1]):
            slot = _slot(table, base + terms[place])
            n = np.int64(counts[place])
            if table[slot, 0] == 0:
                table[slot, 0] = base + terms[place]
                used += 1
            table[slot, 1] += n
            table[slot, 2] += 1
            table[slot, 3] += n * n
            table[slot, 4] += n * lengths[article]
    return used, len(groups)


@inner
def move(table: Integers, larger: Integers) -> None:
    """Put all entries into a larger table, which is empty."""
    for k in range(len(table)):
        if table[k, 0] != 0:
            slot = _slot(larger, table[k, 0])
            for column in range(WIDTH):
                larger[slot, column] = table[k, column]
