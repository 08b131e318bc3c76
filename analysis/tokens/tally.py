"""Compiled loops over what the kernel has found: strings to be folded or shown, counts per text."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.tokens.compiled import compiled
from analysis.tokens.texts import string_bytes

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Ids = NDArray[np.int32]


@compiled
def to_be_folded(arena: Bytes, starts: Places, first: int, n: int) -> Ids:
    """Ids, from `first` on, of strings that folding can change: not ASCII, with ` or 's last."""
    found = np.empty(n - first, np.int32)
    used = 0
    for k in range(first, n):
        at, stop = starts[k], starts[k + 1]
        folds = stop - at > 2 and arena[stop - 2] == 0x27 and arena[stop - 1] | 0x20 == 0x73
        for i in range(at, stop):
            folds |= arena[i] >= 0x80 or arena[i] == 0x60
        if folds:
            found[used] = k
            used += 1
    return found[:used]


@compiled
def having(arena: Bytes, starts: Places, first: int, n: int, table: NDArray[np.bool_]) -> Ids:
    """Ids, from `first` on, of strings that have a code point which the table marks.

    Only code points of three bytes and more are looked at.
    """
    found = np.empty(n - first, np.int32)
    used = 0
    for k in range(first, n):
        for i in range(starts[k], starts[k + 1] - 2):
            if arena[i] >= 0xE0:
                point = (arena[i] & 0x0F) << 12 | (arena[i + 1] & 0x3F) << 6 | arena[i + 2] & 0x3F
                if arena[i] >= 0xF0:
                    point = point << 6 | arena[i + 3] & 0x3F
                if point < len(table) and table[point]:
                    found[used] = k
                    used += 1
                    break
    return found[:used]


@compiled
def fold_plain(
    arena: Bytes, starts: Places, ids: Ids, lower: bool, possessives: bool
) -> tuple[NDArray[np.bool_], Bytes, Places]:
    """Fold those of these strings that are ASCII but for ’: most that need folding are.

    Gives which ones these are, and their terms concatenated: bytes and offsets. What is
    done to them is a part of `rules.normalize`.
    """
    plain = np.ones(len(ids), np.bool_)
    size = 0
    for k in range(len(ids)):
        size += starts[ids[k] + 1] - starts[ids[k]]
    data, offsets = np.empty(size, np.uint8), np.zeros(len(ids) + 1, np.int64)
    used = 0
    for k in range(len(ids)):
        i, stop, end = starts[ids[k]], starts[ids[k] + 1], offsets[used]
        while i < stop:
            byte = arena[i]
            if byte == 0xE2 and arena[i + 1] == 0x80 and arena[i + 2] == 0x99:
                byte = np.uint8(0x27)
                i += 2
            elif byte >= 0x80:
                plain[k] = False
                break
            elif byte == 0x60:
                byte = np.uint8(0x27)
            elif lower and 0x41 <= byte <= 0x5A:
                byte |= np.uint8(0x20)
            data[end] = byte
            end += 1
            i += 1
        if plain[k]:
            length = end - offsets[used]
            possessive = length > 2 and data[end - 2] == 0x27 and data[end - 1] | 0x20 == 0x73
            if possessives and possessive:
                end -= 2
            used += 1
            offsets[used] = end
    return plain, data, offsets[: used + 1]


@compiled
def gather(arena: Bytes, starts: Places, ids: Ids) -> tuple[Bytes, Places]:
    """The strings of these ids concatenated: their bytes and offsets."""
    offsets = np.zeros(len(ids) + 1, np.int64)
    for k in range(len(ids)):
        offsets[k + 1] = offsets[k] + starts[ids[k] + 1] - starts[ids[k]]
    data = np.empty(offsets[-1], np.uint8)
    for k in range(len(ids)):
        at = starts[ids[k]]
        for i in range(offsets[k + 1] - offsets[k]):
            data[offsets[k] + i] = arena[at + i]
    return data, offsets


@compiled
def prefixes(data: Bytes, offsets: Places) -> NDArray[np.uint64]:
    """The first eight bytes of each string as a number: these sort as the bytes do."""
    found = np.zeros(max(len(offsets) - 1, 0), np.uint64)
    for k in range(len(found)):
        for i in range(min(8, offsets[k + 1] - offsets[k])):
            found[k] |= np.uint64(data[offsets[k] + i]) << np.uint64(56 - 8 * i)
    return found


@compiled
def count(ids: Ids, bounds: Places, target: Ids, slots: Ids, base: int) -> tuple[Places, Ids, Ids]:
    """Count the terms of each text.

    Parameters
    ----------
    ids, bounds : as from `scan`
    target : int32 array
        The term of each string id, or -1 where it is left out.
    slots : int32 array, one entry a term
        The place (from `base`) where each term was counted last, or below 0: a place from before
        the text's own first one says that the term is new in this text. Nothing need be cleared.
    base : int
        How many places earlier calls with these slots have used.

    Returns
    -------
    indptr, terms, counts
        Rows in compressed form: text k has ``terms[indptr[k]:indptr[k + 1]]``, in order of
        appearance.
    """
    indptr = np.zeros(len(bounds), np.int64)
    terms = np.empty(len(ids), np.int32)
    counts = np.empty(len(ids), np.int32)
    used: Any = 0
    for text in range(len(bounds) - 1):
        row = used
        for token in range(bounds[text], bounds[text + 1]):
            term = target[ids[token]]
            if term < 0:
                continue
            # Whether a term is new is as good as random: arithmetic is faster than a branch here.
            slot = np.int64(slots[term]) - base
            new = np.int64(slot < row)
            place = slot + (used - slot) * new
            slots[term] = base + place
            terms[place] = term
            counts[place] = counts[place] * (1 - new) + 1
            used += new
        indptr[text + 1] = used
    return indptr, terms[:used], counts[:used]


@compiled
def spread(of: Any, at: Places, sizes: Places, words: Any) -> Any:
    """An array with as many of the `words` as `sizes` says in the place of each entry `at`."""
    new = np.empty(len(of) + len(words) - len(at), of.dtype)
    old = used = taken = 0
    for k in range(len(at)):
        before = at[k] - old
        new[used : used + before] = of[old : at[k]]
        used += before
        new[used : used + sizes[k]] = words[taken : taken + sizes[k]]
        used, taken, old = used + sizes[k], taken + sizes[k], at[k] + 1
    new[used:] = of[old:]
    return new


@compiled
def cells(
    indptr: Places, columns: Ids, order: Places, bounds: Places, width: int
) -> tuple[Ids, Ids, Places]:
    """Number the cells that the entries of a matrix fall into when its rows are grouped.

    Group g has the rows ``order[bounds[g]:bounds[g + 1]]``. Gives the cell of each entry, and the
    columns of the cells of each group, in order of appearance, in compressed form.
    """
    last = np.full(width, -1, np.int64)
    found = np.empty(len(columns), np.int32)
    distinct = np.empty(len(columns), np.int32)
    starts = np.zeros(len(bounds), np.int64)
    used = 0
    for group in range(len(bounds) - 1):
        for at in range(bounds[group], bounds[group + 1]):
            row = order[at]
            for entry in range(indptr[row], indptr[row + 1]):
                column = columns[entry]
                if last[column] < starts[group]:
                    last[column] = used
                    distinct[used] = column
                    used += 1
                found[entry] = last[column]
        starts[group + 1] = used
    return found, distinct[:used].copy(), starts


@compiled
def sums(cells: Ids, values: Places, n: int) -> Places:
    """The sum of the values of the entries in each of `n` cells."""
    found = np.zeros(n, np.int64)
    for entry in range(len(cells)):
        found[cells[entry]] += values[entry]
    return found


def code_point_order(strings: pa.LargeStringArray) -> Places:
    """The places of the strings, sorted: several times faster than Arrow sorts them."""
    if not len(strings):
        return np.zeros(0, np.int64)
    begins = prefixes(*string_bytes(strings))
    order = np.argsort(begins)
    # Few strings begin with the same eight bytes; sorted whole, they fall into place.
    same = np.diff(begins[order]) == 0
    tied = np.append(same, False) | np.append(False, same)
    if tied.any():
        alike = order[tied]
        order[tied] = alike[pc.array_sort_indices(strings.take(pa.array(alike))).to_numpy()]
    return order
