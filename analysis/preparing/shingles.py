"""Word shingles of articles as 64-bit integers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.tokens import tokenize

# Five words: long enough that two stories share few by chance, short enough that an editor who
# changes one word in ten leaves more than half of them whole.
SHINGLE = 5
# A paragraph counts as at most so many words. Longer ones are seldom written: they are galleries,
# lists of countries and other shells. In a text without paragraphs the cap changes nothing.
PARAGRAPH = 150
# One shingle in four is enough to find candidates; each candidate is then compared in full.
SAMPLE = np.uint64(2**62)
# Texts at a time.
CHUNK = 500

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Shingles:
    """Distinct shingles of each text, in the order of texts and then of hashes.

    Attributes
    ----------
    rows : int32 array
        Which text the shingle stands in.
    hashes : uint64 array
        The shingle.
    weights : uint8 array
        `PARAGRAPH` for a shingle of an ordinary paragraph, less in a longer one. Integers, so
        that sums are the same in every order.
    words : int64 array, one entry a text
        How many words the text has.
    digests : uint64 array, one entry a text
        The same for texts of the same words in the same order, whatever their paragraphs.
    """

    rows: NDArray[np.int32]
    hashes: NDArray[np.uint64]
    weights: NDArray[np.uint8]
    words: Ints
    digests: NDArray[np.uint64]


def shingles(texts: Sequence[str], *, sample: bool = False) -> Shingles:
    """All shingles of each text, or a sample that depends on the shingles' hashes alone.

    Equal shingles are sampled or left out together, so that shares of the sample estimate shares
    of the whole (Broder 1997, the sketch modulo m).
    """
    parts = list(_in_chunks(texts, sample))
    if not parts:
        empty = np.zeros(0, np.uint64)
        return Shingles(
            np.zeros(0, np.int32), empty, np.zeros(0, np.uint8), np.zeros(0, np.int64), empty
        )
    return Shingles(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("rows", "hashes", "weights", "words", "digests")
        )
    )


def _in_chunks(texts: Sequence[str], sample: bool) -> Iterator[Shingles]:
    for first in range(0, len(texts), CHUNK):
        chunk = _shingles(texts[first : first + CHUNK], sample)
        yield Shingles(
            chunk.rows + np.int32(first), chunk.hashes, chunk.weights, chunk.words, chunk.digests
        )


def _shingles(texts: Sequence[str], sample: bool) -> Shingles:
    paragraphs = [text.splitlines() for text in texts]
    stream = tokenize([line for lines in paragraphs for line in lines])
    lengths = np.diff(stream.bounds)
    article_of_paragraph = np.repeat(np.arange(len(texts)), [len(lines) for lines in paragraphs])
    article = np.repeat(article_of_paragraph, lengths).astype(np.int32)
    weights = PARAGRAPH * PARAGRAPH // np.maximum(lengths, PARAGRAPH)
    words = np.bincount(article, minlength=len(texts))

    # The hash of a term does not depend on the vocabulary, so chunks and corpora agree.
    terms = np.asarray(stream.terms, dtype=object)
    tokens = pd.util.hash_array(terms, categorize=False)[stream.ids]
    n = max(len(tokens) - SHINGLE + 1, 0)
    hashes = np.zeros(n, np.uint64)
    for shift in range(SHINGLE):
        hashes *= np.uint64(0x9E3779B97F4A7C15)
        hashes += tokens[shift : shift + n]
        hashes ^= hashes >> np.uint64(31)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(27)

    digests = _digests(tokens, article, len(texts))
    whole = article[:n] == article[SHINGLE - 1 :]
    if sample:
        whole &= hashes < SAMPLE
    rows, hashes = article[:n][whole], hashes[whole]
    weights = np.repeat(weights.astype(np.uint8), lengths)[:n][whole]
    order = np.lexsort((hashes, rows))
    rows, hashes, weights = rows[order], hashes[order], weights[order]
    first = np.ones(len(rows), bool)
    first[1:] = (rows[1:] != rows[:-1]) | (hashes[1:] != hashes[:-1])
    return Shingles(rows[first], hashes[first], weights[first], words, digests)


def _digests(tokens: NDArray[np.uint64], article: NDArray[np.int32], n: int) -> NDArray[np.uint64]:
    """One hash of all words of each text, in order."""
    starts = np.searchsorted(article, np.arange(n))
    position = np.arange(len(tokens), dtype=np.uint64) - starts[article].astype(np.uint64)
    mixed = tokens ^ (position * np.uint64(0x9E3779B97F4A7C15))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(31)
    sums = np.concatenate([[np.uint64(0)], np.cumsum(mixed * np.uint64(0x94D049BB133111EB))])
    ends = np.concatenate([starts[1:], [len(tokens)]]) if n else starts
    digests: NDArray[np.uint64] = sums[ends] - sums[starts]
    return digests
