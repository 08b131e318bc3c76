"""N-grams: neighbouring terms as terms of their own."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Places = NDArray[np.int64]


def with_ngrams(
    terms: Ids, bounds: Places, breaks: NDArray[np.bool_], n: int, joined: Callable[[Ids, Ids], Ids]
) -> tuple[Ids, Places]:
    """Term ids of the terms and n-grams of each text of a block, and the bounds of the texts.

    `terms` has the term of each token, -1 where it is left out; `breaks` says which tokens begin a
    sentence. `joined` gives the ids of "first last", of ids of firsts and of lasts.
    """
    text = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    # Tokens with a left neighbour in their sentence, where neither is left out.
    joins = np.concatenate([[False], (text[1:] == text[:-1]) & (terms[:-1] >= 0)])[: len(terms)]
    joins &= ~breaks & (terms >= 0)
    found, where = [terms[terms >= 0]], [text[terms >= 0]]
    grams = terms
    for _ in range(n - 1):
        last = np.flatnonzero(joins)
        last = last[grams[last - 1] >= 0]
        pairs = grams[last - 1].astype(np.int64) << 32 | terms[last]
        distinct, place = np.unique(pairs, return_inverse=True)
        ids = joined((distinct >> 32).astype(np.int32), (distinct & 0xFFFFFFFF).astype(np.int32))
        grams = np.full(len(terms), -1, np.int32)
        grams[last] = ids[place]
        found.append(grams[last])
        where.append(text[last])
    order = np.argsort(np.concatenate(where), kind="stable")
    sizes = np.bincount(np.concatenate(where), minlength=len(bounds) - 1)
    return np.concatenate(found)[order], np.concatenate([[0], np.cumsum(sizes)])
