"""Words with wildcards against many terms at once, in time that no pattern can blow up."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

# Beyond the bytes 0 to 255 of UTF-8: any character, any characters, and the end of a pattern.
_ONE, _ANY, _END = 256, 257, 258

# The UTF-8 bytes of all terms, one after the other, and where each begins; at last, where all end.
Encoded = tuple[NDArray[np.uint8], NDArray[np.int64]]


def encode(terms: NDArray[np.object_]) -> Encoded:
    """Lay the UTF-8 bytes of terms end to end."""
    import pyarrow as pa

    array = pa.array(terms, type=pa.large_string())
    _, bounds, data = array.buffers()
    return (
        np.frombuffer(data or b"", dtype=np.uint8),
        np.frombuffer(bounds, dtype=np.int64)[: len(terms) + 1],
    )


def match_terms(encoded: Encoded, glob: str) -> NDArray[np.bool_]:
    """Tell for each term whether a word with wildcards matches all of it."""
    codes = {ord("*"): _ANY, ord("?"): _ONE}
    pattern = np.array([*(codes.get(byte, byte) for byte in glob.encode()), _END], dtype=np.int64)
    return _kernel()(*encoded, pattern)


@cache
def _kernel() -> Callable[..., NDArray[np.bool_]]:
    """Compile the loop when it is first needed: Numba takes a while to import."""
    from numba import njit

    return njit(cache=True, nogil=True)(_match)


def _match(
    data: NDArray[np.uint8], bounds: NDArray[np.int64], pattern: NDArray[np.int64]
) -> NDArray[np.bool_]:
    matched = np.zeros(len(bounds) - 1, dtype=np.bool_)
    for term in range(len(matched)):
        at, end = bounds[term], bounds[term + 1]
        p = 0
        # What follows the last *, and up to where that * has taken bytes. A mismatch gives it one
        # byte more; what stood before it is never tried again.
        after = taken = 0
        while at < end:
            wanted = pattern[p]
            if wanted == data[at]:
                at += 1
                p += 1
            elif wanted == _ONE:
                at += 1
                while at < end and data[at] & 0xC0 == 0x80:  # the rest of the character
                    at += 1
                p += 1
            elif wanted == _ANY:
                p += 1
                after, taken = p, at
            elif after:
                taken += 1
                at, p = taken, after
            else:
                break
        while pattern[p] == _ANY:
            p += 1
        matched[term] = at == end and pattern[p] == _END
    return matched
