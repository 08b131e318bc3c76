"""Compiled loops over the bytes and tokens of texts, which give hashes.

Nothing depends on the process: parts of a corpus are hashed by several.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.tokens.compiled import compiled, inlined

Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

_32, _31, _27 = np.uint64(32), np.uint64(31), np.uint64(27)
_MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


# What `letters` tells of a string besides.
FOLDS, IS_SENTENCE, ENDS_SPEECH = 1, 2, 4


@compiled
def letters(data: Bytes, offsets: Places) -> tuple[Hashes, Places, Bytes]:
    """A hash of the letters of each string, A to Z in lower case; how many spaces it has; flags.

    What is beyond ASCII counts as letters. FOLDS: there is something beyond ASCII and the block of
    punctuation (U+2000 to U+206F), so that case may have to be folded in Python. IS_SENTENCE: a
    mark such as a full stop ends it, quotation marks and brackets behind it aside. ENDS_SPEECH: a
    closing quotation mark ends it.
    """
    n = len(offsets) - 1
    hashes, spaces, flags = np.empty(n, np.uint64), np.zeros(n, np.int64), np.zeros(n, np.uint8)
    for k in range(n):
        key = _MIX_2
        for i in range(offsets[k], offsets[k + 1]):
            byte = data[i]
            spaces[k] += byte == 0x20
            if 0x41 <= byte <= 0x5A:
                byte |= np.uint8(0x20)
            if byte >= 0x80 or 0x61 <= byte <= 0x7A:
                key = (key ^ np.uint64(byte)) * _MIX_1
            if byte >= 0xC2:
                block = byte == 0xE2 and (
                    data[i + 1] == 0x80 or (data[i + 1] == 0x81 and data[i + 2] <= 0xAF)
                )
                flags[k] |= FOLDS * (not block)
        hashes[k] = (key ^ key >> _32) * _MIX_2
        start, end, closes = offsets[k], offsets[k + 1], True
        while closes and end > start:
            byte, size = data[end - 1], 1
            if byte == 0x99 or byte == 0x9D:  # ’ and ”
                closes, size = (
                    end - start > 2 and data[end - 3] == 0xE2 and data[end - 2] == 0x80,
                    3,
                )
            elif byte == 0xBB:  # »
                closes, size = end - start > 1 and data[end - 2] == 0xC2, 2
            else:
                closes = byte == 0x22 or byte == 0x27 or byte == 0x29 or byte == 0x5D  # " ' ) ]
            if closes and end == offsets[k + 1] and (size > 1 or byte == 0x22):
                flags[k] |= ENDS_SPEECH
            end -= size * closes
        if end > start:
            byte = data[end - 1]
            stop = byte == 0x21 or byte == 0x2E or byte == 0x3A or byte == 0x3B or byte == 0x3F
            if byte == 0xA6 and end - start > 2:  # …
                stop = data[end - 3] == 0xE2 and data[end - 2] == 0x80
            flags[k] |= IS_SENTENCE * stop
    return hashes, spaces, flags


@inlined
def _space_at(data: Bytes, i: int, end: int) -> int:
    """How many bytes the white space at i has (as `str.isspace` tells it), 0 if it is none."""
    byte = data[i]
    if byte < 0x80:
        return int(byte == 0x20 or 0x09 <= byte <= 0x0D or 0x1C <= byte <= 0x1F)
    if byte == 0xC2 and i + 1 < end:
        return 2 * int(data[i + 1] == 0x85 or data[i + 1] == 0xA0)
    if i + 2 >= end:
        return 0
    one, two = data[i + 1], data[i + 2]
    if byte == 0xE2 and one == 0x80:
        return 3 * int(two <= 0x8A or two == 0xA8 or two == 0xA9 or two == 0xAF)
    found = byte == 0xE2 and one == 0x81 and two == 0x9F
    found |= byte == 0xE1 and one == 0x9A and two == 0x80
    found |= byte == 0xE3 and one == 0x80 and two == 0x80
    return 3 * int(found)


@compiled
def stripped_lines(data: Bytes, bounds: Places, cuts: Places) -> tuple[Places, Places, Places]:
    r"""The text, and the first and last byte and character, of each line that is not blank.

    A line ends at ``\n``, at ``\r`` and at each of the bytes `cuts`; white space around it is no
    part of it. Characters are counted from the beginning of the text.
    """
    most: Any = len(bounds) + len(cuts)
    for i in range(bounds[0], bounds[-1]):
        most += np.int64(data[i] == 0x0A or data[i] == 0x0D)
    row = np.empty(most, np.int64)
    in_bytes, in_characters = np.empty((2, most), np.int64), np.empty((2, most), np.int64)
    n = cut = 0
    for text in range(len(bounds) - 1):
        i, end, place = bounds[text], bounds[text + 1], 0
        first = first_place = last = last_place = -1  # of the line so far, its white space aside
        next_cut = cuts[cut] if cut < len(cuts) else -1
        while True:
            size = 0
            if i < end and i != next_cut:
                byte = data[i]
                if 0x20 < byte < 0x80:  # most are such
                    size = 1
                elif byte != 0x0A and byte != 0x0D:
                    size = 1 if byte < 0x80 else 2 + (byte >= 0xE0) + (byte >= 0xF0)
                    if _space_at(data, i, end):
                        i, place = i + size, place + 1
                        continue
            if size:
                if first < 0:
                    first, first_place = i, place
                i, place = i + size, place + 1
                last, last_place = i, place
                continue
            if first >= 0:
                row[n], in_bytes[0, n], in_bytes[1, n] = text, first, last
                in_characters[0, n], in_characters[1, n] = first_place, last_place
                n, first = n + 1, -1
            if i == next_cut:
                cut += 1
                next_cut = cuts[cut] if cut < len(cuts) else -1
            elif i < end:
                i, place = i + 1, place + 1
            if i == end:
                break
    return row[:n].copy(), in_bytes[:, :n].copy(), in_characters[:, :n].copy()


@compiled
def spans(data: Bytes, places: Places) -> tuple[Bytes, Places]:
    """The bytes between each two places, one after another, and the offsets of each."""
    offsets = np.zeros(places.shape[1] + 1, np.int64)
    offsets[1:] = np.cumsum(places[1] - places[0])
    copied = np.empty(offsets[-1], np.uint8)
    for k in range(places.shape[1]):
        copied[offsets[k] : offsets[k + 1]] = data[places[0, k] : places[1, k]]
    return copied, offsets


@compiled
def line_bounds(data: Bytes, bounds: Places) -> tuple[Places, Places]:
    """The bounds of the lines of all texts, and how many lines come before each text.

    A line ends where one of ``str.splitlines`` does; what ends it is a part of it.
    """
    most: Any = len(bounds)
    for i in range(bounds[0], bounds[-1]):
        most += np.int64((data[i] < 0x20) | (data[i] == 0x85) | (data[i] | 1 == 0xA9))
    lines, first_line, n = np.empty(most, np.int64), np.zeros(len(bounds), np.int64), 0
    lines[0] = bounds[0]
    for text in range(len(bounds) - 1):
        for i in range(bounds[text], bounds[text + 1]):
            byte = data[i]
            ends = i + 1 == bounds[text + 1]
            if byte < 0x20:
                ends |= 0x0A <= byte <= 0x0D or 0x1C <= byte <= 0x1E
            elif byte == 0x85:
                ends |= data[i - 1] == 0xC2
            elif byte | 1 == 0xA9:
                ends |= data[i - 1] == 0x80 and data[i - 2] == 0xE2
            if ends:
                n += 1
                lines[n] = i + 1
        first_line[text + 1] = n
    return lines[: n + 1].copy(), first_line


@compiled
def shingle_hashes(
    tokens: Hashes, bounds: Places, weights: NDArray[np.uint8], size: int, most: np.uint64
) -> tuple[NDArray[np.int32], Hashes, NDArray[np.uint8]]:
    """Text, hash and weight of the shingles of `size` tokens whose hash is at most `most`.

    Each is given once a text, with the weight that its first token has where it first occurs; they
    are in the order of texts and then of hashes.
    """
    rows, hashes = np.empty(len(tokens), np.int32), np.empty(len(tokens), np.uint64)
    kept, used = np.empty(len(tokens), np.uint8), 0
    for text in range(len(bounds) - 1):
        first = used
        for start in range(bounds[text], bounds[text + 1] - size + 1):
            key = np.uint64(0)
            for k in range(start, start + size):
                key = key * _MIX_1 + tokens[k]
                key ^= key >> _31
            key *= _MIX_2
            key ^= key >> _27
            if key <= most:
                hashes[used], kept[used] = key, weights[start]
                used += 1
        order = np.argsort(hashes[first:used], kind="mergesort")
        own_hashes, own_kept, used = hashes[first:used][order], kept[first:used][order], first
        for k in range(len(order)):
            if k == 0 or own_hashes[k] != own_hashes[k - 1]:
                rows[used], hashes[used], kept[used] = text, own_hashes[k], own_kept[k]
                used += 1
    return rows[:used].copy(), hashes[:used].copy(), kept[:used].copy()
