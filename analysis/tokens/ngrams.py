"""N-grams: neighbouring terms as terms of their own."""

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.tokens.kernel import GAP_SENTENCE

if TYPE_CHECKING:
    from analysis.tokens.vocabulary import Tokens, Vocabulary


_SPACE = pa.scalar(" ", pa.large_string())


def with_ngrams(
    vocabulary: "Vocabulary", tokens: "Tokens"
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Term ids of the terms and n-grams of each text of a block, and the bounds of the texts."""
    terms = vocabulary.target[tokens.ids]
    text = np.repeat(np.arange(len(tokens.bounds) - 1), np.diff(tokens.bounds))
    # Tokens with a left neighbour in their sentence, where neither is left out.
    joins = np.concatenate([[False], (text[1:] == text[:-1]) & (terms[:-1] >= 0)])[: len(terms)]
    joins &= (np.asarray(tokens.gaps) != GAP_SENTENCE) & (terms >= 0)
    found, where = [terms[terms >= 0]], [text[terms >= 0]]
    grams = terms
    for _ in range(vocabulary.rules.ngrams - 1):
        last = np.flatnonzero(joins)
        last = last[grams[last - 1] >= 0]
        pairs = grams[last - 1].astype(np.int64) << 32 | terms[last]
        distinct, place = np.unique(pairs, return_inverse=True)
        first_part = vocabulary.strings((distinct >> 32).astype(np.int32))
        last_part = vocabulary.strings((distinct & 0xFFFFFFFF).astype(np.int32))
        ids = vocabulary.add_terms(pc.binary_join_element_wise(first_part, last_part, _SPACE))
        grams = np.full(len(terms), -1, np.int32)
        grams[last] = ids[place]
        found.append(grams[last])
        where.append(text[last])
    order = np.argsort(np.concatenate(where), kind="stable")
    sizes = np.bincount(np.concatenate(where), minlength=len(tokens.bounds) - 1)
    return np.concatenate(found)[order], np.concatenate([[0], np.cumsum(sizes)])
