"""Compiled loops over the bytes and tokens of texts, which give hashes.

Nothing depends on the process: parts of a corpus are hashed by several.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.tokens.compiled import compiled

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

_32, _31, _27 = np.uint64(32), np.uint64(31), np.uint64(27)
_MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


@compiled
def letters(data: NDArray[np.uint8], offsets: Places) -> tuple[Hashes, Places]:
    """A hash of the letters of each string, A to Z in lower case; and how many spaces it has.

    What is beyond ASCII counts as letters.
    """
    n = len(offsets) - 1
    hashes, spaces = np.empty(n, np.uint64), np.zeros(n, np.int64)
    for k in range(n):
        key = _MIX_2
        for i in range(offsets[k], offsets[k + 1]):
            byte = data[i]
            spaces[k] += byte == 0x20
            if 0x41 <= byte <= 0x5A:
                byte |= np.uint8(0x20)
            if byte >= 0x80 or 0x61 <= byte <= 0x7A:
                key = (key ^ np.uint64(byte)) * _MIX_1
        hashes[k] = (key ^ key >> _32) * _MIX_2
    return hashes, spaces


@compiled
def line_bounds(data: NDArray[np.uint8], bounds: Places) -> tuple[Places, Places]:
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
