"""The compiled loops behind sums.py: which terms a group has, and their totals."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.tokens.compiled import inlined, inner

Integers = NDArray[np.int64]
Ids = NDArray[np.int32]
Words = NDArray[np.uint64]


class Totals(NamedTuple):
    """The totals of cells: sum n_d, the number of articles, sum n_d^2 and sum n_d L_d."""

    n: Integers
    n_docs: Integers
    n_sq: Integers
    n_tokens: Integers


class Runs(NamedTuple):
    """Entries of articles, and behind them entries that are cells, by their runs.

    A run is an article, or a group of cells: run r has the entries ``starts[r]:starts[r + 1]``, and
    group g has the runs ``order[bounds[g]:bounds[g + 1]]``. Every entry has a term; those of
    articles have counts, and the articles lengths; those that are cells have totals.
    """

    order: Integers
    bounds: Integers
    starts: Integers
    terms: Ids
    counts: Ids
    lengths: Integers
    totals: Totals


@inner
def recode(codes: Ids, terms: Ids, out: Ids) -> None:
    """Put ``codes[terms]`` into `out`."""
    for entry in range(len(terms)):
        out[entry] = codes[terms[entry]]


_U = np.uint64
_ONE, _SIX, _TWELVE, _58, _63 = _U(1), _U(6), _U(12), _U(58), _U(63)
# The upper six bits of this number times 2^k differ for each k: a de Bruijn sequence.
_SEQUENCE = _U(0x03F79D71B4CB0A89)
_BIT = np.zeros(64, np.int64)
_BIT[[int(_SEQUENCE) << k >> 58 & 63 for k in range(64)]] = np.arange(64)


@inlined
def _lowest(bits: np.uint64) -> Any:
    """The number of the lowest bit that is set."""
    return _BIT[((bits & (~bits + _ONE)) * _SEQUENCE) >> _58]


@inner
def find_terms(
    runs: Runs, first: int, last: int, words: Words, tops: Words, found: Integers, distinct: Ids
) -> int:
    """Put the terms of the groups from first to last, sorted in each, into `distinct`.

    Bit k of `words` stands for term k, and bit k of `tops` says whether word k has any. `found`
    receives how many terms each group has. Gives how many there are in all.
    """
    order, bounds, starts, terms, _, _, _ = runs
    used = 0
    for group in range(first, last):
        begin = used
        for place in range(bounds[group], bounds[group + 1]):
            run = order[place]
            for entry in range(starts[run], starts[run + 1]):
                term = _U(terms[entry])
                words[term >> _SIX] |= _ONE << (term & _63)
                tops[term >> _TWELVE] |= _ONE << (term >> _SIX & _63)
        for top in range(len(tops)):
            while tops[top]:
                word = top << 6 | _lowest(tops[top])
                tops[top] &= tops[top] - _ONE
                bits = words[word]
                words[word] = 0
                while bits:
                    distinct[used] = word << 6 | _lowest(bits)
                    used += 1
                    bits &= bits - _ONE
        found[group] = used - begin
    return used


@inner
def add_entries(
    runs: Runs,
    first: int,
    last: int,
    cells: Integers,
    cell_terms: Ids,
    slots: Ids,
    sums: Integers,
    totals: Totals,
) -> None:
    """Add up the groups from first to last.

    `slots` has room for the place of every term in a group. A group is added up in `sums`, which
    are zeros and stay in the processor's cache, and then written down in one go.
    """
    order, bounds, starts, terms, counts, lengths, (part_n, part_docs, part_sq, part_tokens) = runs
    n, n_docs, n_sq, n_tokens = totals
    for group in range(first, last):
        base = cells[group]
        for cell in range(base, cells[group + 1]):
            slots[cell_terms[cell]] = cell - base
        for at in range(bounds[group], bounds[group + 1]):
            run = order[at]
            for entry in range(starts[run], starts[run + 1]):
                place: Any = _U(slots[terms[entry]])
                if run < len(lengths):
                    count = np.int64(counts[entry])
                    sums[place, 0] += count
                    sums[place, 1] += 1
                    sums[place, 2] += count * count
                    sums[place, 3] += count * lengths[run]
                else:
                    part = entry - len(counts)
                    sums[place, 0] += part_n[part]
                    sums[place, 1] += part_docs[part]
                    sums[place, 2] += part_sq[part]
                    sums[place, 3] += part_tokens[part]
        for cell in range(base, cells[group + 1]):
            n[cell], n_docs[cell] = sums[cell - base, 0], sums[cell - base, 1]
            n_sq[cell], n_tokens[cell] = sums[cell - base, 2], sums[cell - base, 3]
            sums[cell - base, 0] = sums[cell - base, 1] = 0
            sums[cell - base, 2] = sums[cell - base, 3] = 0
