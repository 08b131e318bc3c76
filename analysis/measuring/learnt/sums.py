"""The compiled loop of learning: sentences that stand near a direction pull their words there."""

import numpy as np
from numpy.typing import NDArray

from analysis.measuring.intervals import Floats
from analysis.tokens.compiled import compiled


@compiled
def add_products(
    ids: NDArray[np.int32], bounds: NDArray[np.int64], vectors: Floats, out: Floats
) -> None:
    """Add X'X times `vectors` to `out`, for the counts X of sentences by terms.

    Sentence s has the terms ``ids[bounds[s]:bounds[s + 1]]``, one as often as it occurs.
    """
    width = vectors.shape[1]
    total = np.empty(width)
    for sentence in range(len(bounds) - 1):
        first, last = bounds[sentence], bounds[sentence + 1]
        if first == last:
            continue
        total[:] = 0.0
        for place in range(first, last):
            term = ids[place]
            for k in range(width):
                total[k] += vectors[term, k]
        for place in range(first, last):
            term = ids[place]
            for k in range(width):
                out[term, k] += total[k]


@compiled
def squares(ids: NDArray[np.int32], bounds: NDArray[np.int64], terms: int) -> NDArray[np.int64]:
    """The sum over the sentences of each term's squared count."""
    found = np.zeros(terms, np.int64)
    seen, times = np.full(terms, -1, np.int64), np.zeros(terms, np.int64)
    for sentence in range(len(bounds) - 1):
        for place in range(bounds[sentence], bounds[sentence + 1]):
            term = ids[place]
            if seen[term] != sentence:
                seen[term], times[term] = sentence, 0
            times[term] += 1
            found[term] += 2 * times[term] - 1
    return found
