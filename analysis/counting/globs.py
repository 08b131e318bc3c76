"""Words with wildcards against many terms at once, in time that no pattern can blow up."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

_ONE, _ANY = -1, -2
_NEWLINE = 10

# The characters of all terms, as code points, and where each term ends among them.
Encoded = tuple[NDArray[np.int32], NDArray[np.int64]]


def encode(terms: NDArray[np.object_]) -> Encoded:
    """Lay terms end to end as code points; each ends in a newline, which no term contains."""
    text = "\n".join([*terms.tolist(), ""])
    chars = np.frombuffer(text.encode("utf-32-le"), dtype=np.int32)
    return chars, np.flatnonzero(chars == _NEWLINE)


def match_terms(encoded: Encoded, glob: str) -> NDArray[np.bool_]:
    """Tell for each term whether a word with wildcards matches all of it."""
    codes = {"*": _ANY, "?": _ONE}
    pattern = np.array([codes.get(char, ord(char)) for char in glob], dtype=np.int32)
    return _kernel()(*encoded, pattern)


@cache
def _kernel() -> Callable[..., NDArray[np.bool_]]:
    """Compile the loop when it is first needed: Numba takes a while to import."""
    from numba import njit

    return njit(cache=True, nogil=True)(_match)


def _match(
    chars: NDArray[np.int32], ends: NDArray[np.int64], pattern: NDArray[np.int32]
) -> NDArray[np.bool_]:
    matched = np.zeros(len(ends), dtype=np.bool_)
    size = len(pattern)
    at = 0
    for term in range(len(ends)):
        end = ends[term]
        p = 0
        # Where the last * stands, and up to where it has taken characters. A mismatch gives that *
        # one character more; what stood before it is never tried again.
        star = taken = -1
        while at < end:
            if p < size and (pattern[p] == chars[at] or pattern[p] == _ONE):
                at += 1
                p += 1
            elif p < size and pattern[p] == _ANY:
                star = p
                taken = at
                p += 1
            elif star >= 0:
                taken += 1
                at = taken
                p = star + 1
            else:
                break
        while p < size and pattern[p] == _ANY:
            p += 1
        matched[term] = at == end and p == size
        at = end + 1
    return matched
