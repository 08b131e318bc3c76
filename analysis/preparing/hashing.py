"""Compiled loops over the bytes and tokens of texts, which give hashes.

Nothing depends on the process: parts of a corpus are hashed by several.
"""

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
