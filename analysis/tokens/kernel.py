"""The compiled kernel: UTF-8 text to integers in one pass, and the table that interns strings.

docs/inside.md says how it scans and interns. An entry of the hash table `entries`:

    entries[slot, 0]   key: a string of up to eight bytes is its own key, zero-padded;
                       a longer one has a 64-bit hash
    entries[slot, 1]   length << 32 | id + 1, or 0 where the entry is empty

The module is longer than others: Numba looks only at a function's own file to see whether its kept
code is still current. No function here touches Python objects, so threads run side by side.
Arithmetic on bytes is unsigned throughout: Numba turns int64 with uint64 into float64.
"""

import secrets
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.tokens.characters import (
    AFTER_TOKEN,
    APOSTROPHE,
    GAP_CAPITAL,
    GAP_SENTENCE,
    GAP_SPACE,
    HYPHEN,
    INVISIBLE,
    KIND_LIMIT,
    MARK,
    POSSESSIVE,
    WORD,
)
from analysis.tokens.compiled import inlined, inner

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Places = NDArray[np.int64]
Ids = NDArray[np.int32]
Int = Any  # an int64, or a bool; to the type checker several things

_U = np.uint64
_ONE, _SEVEN, _32, _56 = _U(1), _U(7), _U(32), _U(56)
_ONES = _U(0x0101010101010101)
_HIGH = _U(0x8080808080808080)
_LOW7 = _U(0x7F7F7F7F7F7F7F7F)
LOWER = _U(0x2020202020202020)
_MIX_1, _MIX_2 = _U(0x9E3779B97F4A7C15), _U(0xD6E8FEB86659FD93)
_LOW32, _BYTE = _U(0xFFFFFFFF), _U(0xFF)
START = secrets.randbits(63)


class Table(NamedTuple):
    """Interned strings (see the head of this module); `sizes`: how many there are, and START."""

    entries: NDArray[np.uint64]
    arena: NDArray[np.uint8]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]


def new_table(capacity: int = 1 << 16) -> Table:
    """Make an empty table; `capacity` is a power of two."""
    return Table(
        np.zeros((capacity, 2), np.uint64),
        np.empty(8 * capacity, np.uint8),
        np.zeros(capacity // 2 + 1, np.int64),
        np.array([0, START]),
    )


@inlined
def _eight(data: Bytes, i: Int) -> np.uint64:
    """Eight bytes from i on as one little-endian integer (LLVM makes this a single load)."""
    j = _U(i)
    return (
        _U(data[j])
        | _U(data[j + _U(1)]) << _U(8)
        | _U(data[j + _U(2)]) << _U(16)
        | _U(data[j + _U(3)]) << _U(24)
        | _U(data[j + _U(4)]) << _U(32)
        | _U(data[j + _U(5)]) << _U(40)
        | _U(data[j + _U(6)]) << _U(48)
        | _U(data[j + _U(7)]) << _U(56)
    )


@inner
def _up_to_eight(data: Bytes, start: Int, stop: Int, case: np.uint64) -> np.uint64:
    """The bytes from start to stop, at most eight, as one integer; zeros fill the rest."""
    word = _U(0)
    for k in range(stop - start):
        word |= (_U(data[start + k]) | case & _BYTE) << _U(8 * k)
    return word


@inlined
def _ascii_run(word: np.uint64) -> tuple[Int, np.uint64]:
    """How many leading bytes are ASCII letters or digits, and a mask over just these bytes."""
    low = word & _LOW7
    letter = low | LOWER
    letters = (letter + _U(0x1F1F1F1F1F1F1F1F)) & ~(letter + _U(0x0505050505050505))
    digits = (low + _U(0x5050505050505050)) & ~(low + _U(0x4646464646464646))
    other = ~((letters | digits) & ~word) & _HIGH
    mask = ((other & (~other + _ONE)) >> _SEVEN) - _ONE
    return np.int64(((mask & _ONES) * _ONES) >> _56), mask


@inlined
def _mix(key: np.uint64) -> np.uint64:
    key = (key ^ (key >> _32)) * _MIX_1
    return (key ^ (key >> _32)) * _MIX_2


@inner
def _decode(data: Bytes, i: Int, end: Int) -> tuple[Int, Int]:
    """The code point at i and its width in bytes; a broken sequence counts as one byte, -1."""
    lead = np.int64(data[i])
    if lead < 0x80:
        return lead, 1
    width = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    if lead < 0xC2 or lead > 0xF4 or i + width > end:
        return -1, 1
    point = lead & (0x7F >> width)
    for k in range(1, width):
        byte = np.int64(data[i + k])
        if byte & 0xC0 != 0x80:
            return -1, 1
        point = point << 6 | byte & 0x3F
    return point, width


@inlined
def _kind(kinds: Bytes, point: Int) -> Int:
    if point < 0:
        return np.uint8(0)
    if point < KIND_LIMIT:
        return kinds[point]
    return np.uint8(INVISIBLE if point >> 12 == 0xE0 else 0)


@inner
def _token_end(data: Bytes, i: Int, end: Int, kinds: Bytes) -> tuple[Int, bool]:
    """Where the token that begins at i ends, and whether it is all ASCII."""
    stop, joined, plain, ascii_only, goes_on = i, False, True, True, True
    while goes_on and i < end:
        point, width = _decode(data, i, end)
        plain = plain and width == 1
        kind = _kind(kinds, point)
        i += width
        if kind == WORD or (kind == MARK and not joined):
            stop, joined, ascii_only = i, False, plain
        elif kind in (APOSTROPHE, HYPHEN) and not joined:
            joined = True
        else:
            goes_on = kind == INVISIBLE
    return stop, ascii_only


@inner
def _key(data: Bytes, start: Int, stop: Int, case: np.uint64, mixed: np.uint64) -> np.uint64:
    """The key of a string (see the head of this module); START is `mixed` in."""
    if stop - start <= 8:
        key = _up_to_eight(data, start, stop, case)
    else:
        key = _U(stop - start) ^ mixed
        for i in range(start, stop - 8, 8):
            key = _mix(key ^ (_eight(data, i) | case))
        key = _mix(key ^ (_eight(data, stop - 8) | case))
    return key


@inner
def _same(arena: Bytes, at: Int, data: Bytes, start: Int, length: Int, case: np.uint64) -> Int:
    """Whether the string at arena[at:] is the one at data[start:]; both longer than 8 bytes."""
    for k in range(0, length - 8, 8):
        if _eight(arena, at + k) != _eight(data, start + k) | case:
            return False
    return _eight(arena, at + length - 8) == _eight(data, start + length - 8) | case


@inlined
def _id(table: Table, data: Bytes, start: Int, length: Int, key: np.uint64, case: np.uint64) -> Int:
    """The id of a string, new or not; -1 where it is new and the table must grow first."""
    entries, arena, starts, sizes = table
    last = _U(len(entries) - 1)
    slot = _mix(key ^ _U(sizes[1])) >> _32 & last
    while True:
        info = entries[slot, 1]
        if info == 0:
            return _insert(table, slot, data, start, length, key, case)
        if entries[slot, 0] == key and info >> _32 == _U(length):
            known = np.int64(info & _LOW32) - 1
            if length <= 8 or _same(arena, starts[known], data, start, length, case):
                return known
        slot = (slot + _ONE) & last


@inner
def _insert(
    table: Table, slot: np.uint64, data: Bytes, start: Int, length: Int, key: np.uint64,
    case: np.uint64,
) -> Int:  # fmt: skip
    entries, arena, starts, sizes = table
    n = sizes[0]
    at, known = starts[n], -1
    if 2 * (n + 1) <= len(entries) and at + length <= len(arena):
        for k in range(length):
            arena[at + k] = data[start + k] | np.uint8(case & _BYTE)
        starts[n + 1] = at + length
        entries[slot, 0] = key
        entries[slot, 1] = _U(length) << _32 | _U(n + 1)
        sizes[0] = n + 1
        known = n
    return known


@inner
def rehash(entries: Words, larger: Words, sizes: Places) -> None:
    """Put the entries into a larger table, which is empty."""
    last = _U(len(larger) - 1)
    for k in range(len(entries)):
        if entries[k, 1] != 0:
            slot = _mix(entries[k, 0] ^ _U(sizes[1])) >> _32 & last
            while larger[slot, 1] != 0:
                slot = (slot + _ONE) & last
            larger[slot, 0], larger[slot, 1] = entries[k, 0], entries[k, 1]


@inner
def intern(table: Table, data: Bytes, offsets: Places, ids: Ids, done: Int) -> Int:
    """Put the ids of the strings ``data[offsets[k]:offsets[k + 1]]`` into `ids`, from k = done on.

    Gives how many are done: where it is not all of them, the table must grow first.
    """
    for k in range(done, len(ids)):
        start, length = offsets[k], offsets[k + 1] - offsets[k]
        key = _key(data, start, start + length, _U(0), _U(table.sizes[1]))
        ids[k] = _id(table, data, start, length, key, _U(0))
        if ids[k] < 0:
            return k
    return len(ids)


@inner
def scan(
    table: Table,
    data: Bytes,
    offsets: Places,
    kinds: Bytes,
    steps: Any,
    case: np.uint64,
    cursor: Places,
    ids: Ids,
    bounds: Places,
    gaps: Any,
    starts: Any,
    ends: Any,
) -> Int:
    """Find the tokens of each text ``data[offsets[k]:offsets[k + 1]]``.

    Parameters
    ----------
    kinds, steps : arrays
        See ``characters.kinds`` and ``gaps.steps``.
    case : uint64
        LOWER to put ASCII tokens into lower case, or 0.
    cursor : int64 array
        Where to go on: text, byte, tokens so far, bytes of this text that begin no character,
        gap. It is kept up to date where the scan stops early because the table must grow.
    ids, bounds : integer arrays to be filled
        The string id of each token; how many tokens come before each text.
    gaps, starts, ends : integer arrays to be filled, or None
        See TokenStream; GAP_SENTENCE + GAP_STOP, before A to Z with GAP_CAPITAL, where only a full
        stop right after a token says that a sentence may end. What is None costs nothing: its code
        is compiled away.

    Returns
    -------
    int
        The length of the string for which the table must have room, or 0 at the end.
    """
    text, i, n, beyond, gap = cursor
    ended = i
    while text < len(offsets) - 1:
        end = offsets[text + 1]
        state = AFTER_TOKEN
        while i < end:
            point, width = np.int64(data[i]), 1
            if point >= 0x80:
                point, width = _decode(data, i, end)
            kind = _kind(kinds, point)
            if kind != WORD:
                if gaps is not None:
                    if kind == APOSTROPHE and _possessive(data[ended - 1]):
                        kind = POSSESSIVE
                    if gap != GAP_SENTENCE:
                        gap = gap & steps[state, kind, 0] | steps[state, kind, 1]
                    state = steps[state, kind, 2]
                i += width
                beyond += width - 1
                continue
            stop, key, folding = _token(data, i, end, kinds, case, _U(table.sizes[1]))
            ids[n] = _id(table, data, i, stop - i, key, folding)
            if ids[n] < 0:
                cursor[:] = text, i, n, beyond, gap
                return stop - i
            if gaps is not None:
                if gap > GAP_SENTENCE and gap & GAP_SENTENCE and 0x41 <= data[i] <= 0x5A:
                    gap |= GAP_CAPITAL
                gaps[n] = gap if n > bounds[text] else GAP_SPACE
                gap, state = GAP_SPACE, AFTER_TOKEN
            if starts is not None:
                starts[n] = i - offsets[text] - beyond
                beyond += _continuation_bytes(data, i, stop)
                ends[n] = stop - offsets[text] - beyond
            n += 1
            i = ended = stop
        text += 1
        i, beyond, gap = end, 0, GAP_SPACE
        bounds[text] = n
    return 0


@inlined
def _token(
    data: Bytes, i: Int, end: Int, kinds: Bytes, case: np.uint64, mixed: np.uint64
) -> tuple[Int, np.uint64, np.uint64]:
    """The token that begins at i: where it ends, its key, and the case bits that apply to it."""
    stop, key = i, _U(0)
    simple: Any = False
    if end - i > 8:
        word = _eight(data, i)
        run, mask = _ascii_run(word)
        stop = i + run
        while run == 8 and end - stop > 8:
            run, _ = _ascii_run(_eight(data, stop))
            stop += run
        simple = run < 8 and data[stop] < 0x80 and kinds[data[stop]] < APOSTROPHE
        key = (word | case) & mask
    if not simple:
        stop, plain = _token_end(data, i, end, kinds)
        case = case if plain else _U(0)
    if not simple or stop - i >= 8:
        key = _key(data, i, stop, case, mixed)
    return stop, key, case


@inlined
def _possessive(ending: Int) -> Int:
    """After s, x or z, and after letters beyond ASCII, ' is a possessive: "workers' rights"."""
    return ending >= 0x80 or ending | 0x20 in (0x73, 0x78, 0x7A)


@inner
def _continuation_bytes(data: Bytes, start: Int, stop: Int) -> Int:
    found = np.int64(0)
    for i in range(start, stop):
        found += np.int64(data[i] & 0xC0 == 0x80)
    return found
