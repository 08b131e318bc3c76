"""Words with wildcards against many terms at once, in time that no pattern can blow up."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

# Beyond the bytes 0 to 255 of UTF-8.
_ONE, _ANY = 256, 257

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
    pattern = np.array([codes.get(byte, byte) for byte in glob.encode()], dtype=np.int64)
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
    size = len(pattern)
    least = np.count_nonzero(pattern != _ANY)
    for term in range(len(matched)):
        at, end = bounds[term], bounds[term + 1]
        if end - at < least:
            continue
        p = 0
        # Where the last * stands, and up to where it has taken bytes. A mismatch gives that * one
        # character more; what stood before it is never tried again.
        star = taken = -1
        while at < end:
            if p < size and pattern[p] == data[at]:
                at += 1
                p += 1
            elif p < size and pattern[p] == _ONE:
                at += 1
                while at < end and data[at] & 0xC0 == 0x80:  # the rest of the character
                    at += 1
                p += 1
            elif p < size and pattern[p] == _ANY:
                star = p
                taken = at
                p += 1
            elif star >= 0:
                taken += 1
                while taken < end and data[taken] & 0xC0 == 0x80:
                    taken += 1
                at = taken
                p = star + 1
            else:
                break
        while p < size and pattern[p] == _ANY:
            p += 1
        matched[term] = at == end and p == size
    return matched
