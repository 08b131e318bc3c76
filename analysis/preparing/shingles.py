"""Word shingles of articles as 64-bit integers, and which articles hold each, in bounded memory."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analysis.tokens import TermRules
from analysis.tokens.texts import one_block, text_blocks

Arrays = tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint8]]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

# Postings in memory at once; more are written to a temporary folder, a file for each first byte.
AT_ONCE = 2_000_000
_POSTING = np.dtype([("hash", np.uint64), ("row", np.int32), ("weight", np.uint8)])


class Postings:
    """Hashes, the article of each, and a small number (a weight) that belongs to it."""

    def __init__(self) -> None:
        self._held: list[NDArray[np.void]] = []
        self._folder: TemporaryDirectory[str] | None = None

    def add(
        self, hashes: NDArray[np.uint64], rows: NDArray[np.int32], weights: NDArray[np.uint8]
    ) -> None:
        """Add postings, in any order."""
        added = np.empty(len(hashes), _POSTING)
        added["hash"], added["row"], added["weight"] = hashes, rows, weights
        self._held.append(added)
        if sum(map(len, self._held)) >= AT_ONCE:
            self._write()

    def ranges(self) -> Iterator[Arrays]:
        """All postings sorted by hash, in ranges that keep those of a hash together."""
        if self._folder is None:
            yield self._sorted()
            return
        self._write()
        for file in sorted(Path(self._folder.name).iterdir()):
            self._held = [np.fromfile(file, _POSTING)]
            yield self._sorted()
            self._held = []

    def _sorted(self) -> Arrays:
        held = np.concatenate([np.empty(0, _POSTING), *self._held])
        hashes = held["hash"].copy()
        if (hashes[1:] < hashes[:-1]).any():
            order = np.argsort(hashes)
            held, hashes = held[order], hashes[order]
            self._held = [held]
        return hashes, held["row"].copy(), held["weight"].copy()

    def _write(self) -> None:
        self._folder = self._folder or TemporaryDirectory(prefix="framing-")
        held = np.concatenate([np.empty(0, _POSTING), *self._held])
        first_bytes = (held["hash"] >> np.uint64(56)).astype(np.uint8)
        held = held[np.argsort(first_bytes, kind="stable")]
        parts = np.split(held, np.cumsum(np.bincount(first_bytes, minlength=256))[:-1])
        for number, part in enumerate(parts):
            if len(part):
                with (Path(self._folder.name) / f"{number:03}").open("ab") as file:
                    file.write(part.tobytes())
        self._held = []


def groups_of(*keys: NDArray[np.generic]) -> tuple[Ints, Ints]:
    """Where each group of equal keys starts, in sorted arrays, and the group of each entry."""
    new = np.zeros(len(keys[0]), bool)
    new[:1] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(new), np.cumsum(new) - 1


# Five words: long enough that two stories share few by chance, short enough that an editor who
# changes one word in ten leaves more than half of them whole.
SHINGLE = 5
# A paragraph counts as at most this number of words. Longer ones are seldom written: they are
# galleries, lists of countries and other shells. A text in one paragraph is not affected.
PARAGRAPH = 150
# One shingle in four is enough to find candidates; each candidate is then compared in full.
SAMPLE, ALL = np.uint64(2**62 - 1), np.uint64(2**64 - 1)


class Shingles(NamedTuple):
    """Distinct shingles of each text, in the order of texts and then of hashes.

    A shingle is a `hash` in the text of a number (`row`). Its weight is `PARAGRAPH` in an ordinary
    paragraph and less in a longer one: integers, so that sums are the same in every order. For
    each text, `words` counts its words, and `digests` is the same for texts of the same words in
    the same order, whatever their paragraphs.
    """

    rows: NDArray[np.int32]
    hashes: NDArray[np.uint64]
    weights: NDArray[np.uint8]
    words: NDArray[np.int64]
    digests: NDArray[np.uint64]


def hash_strings(strings: Iterable[object]) -> NDArray[np.uint64]:
    """A hash of each string, which does not depend on the others."""
    known = np.array([str(string) for string in strings], dtype=object)
    hashes: NDArray[np.uint64] = pd.util.hash_array(known, categorize=False)
    return hashes


def shingles(texts: Iterable[str], *, sample: bool = False) -> Shingles:
    """All shingles of each text, or a sample that depends on the shingles' hashes alone.

    Equal shingles are sampled or left out together, so that shares of the sample estimate shares
    of the whole (Broder 1997, the sketch modulo m).
    """
    parts: list[Shingles] = []
    for data, bounds in text_blocks(texts):
        found = _shingles(data, bounds, sample)
        first = np.int32(sum(len(part.words) for part in parts))
        parts.append(found._replace(rows=found.rows + first))
    return Shingles(*map(np.concatenate, zip(*parts, strict=True)))


def _shingles(data: NDArray[np.uint8], bounds: Ints, sample: bool) -> Shingles:
    """The shingles of a few MB of texts."""
    from analysis.preparing.hashing import line_bounds, shingle_hashes
    from analysis.tokens.vocabulary import Vocabulary

    offsets, first_line = line_bounds(data, bounds)
    buffers = pa.py_buffer(offsets), pa.py_buffer(data)
    lines = pa.LargeStringArray.from_buffers(len(offsets) - 1, *buffers)
    vocabulary = Vocabulary(TermRules())
    found = one_block(list(vocabulary.scan(lines)))
    # The hash of a term does not depend on the vocabulary, so blocks and corpora agree.
    used, place = np.unique(vocabulary.target, return_inverse=True)
    terms = vocabulary.strings(used).to_numpy(zero_copy_only=False)
    tokens = pd.util.hash_array(terms, categorize=False)[place][found.ids]

    lengths = np.diff(found.bounds)
    weights = (PARAGRAPH * PARAGRAPH // np.maximum(lengths, PARAGRAPH)).astype(np.uint8)
    of_text = found.bounds[first_line]
    own_tokens = (tokens[start:end] for start, end in pairwise(of_text))
    digests = b"".join(blake2b(own, digest_size=8).digest() for own in own_tokens)
    hashed = shingle_hashes(
        tokens, of_text, np.repeat(weights, lengths), SHINGLE, SAMPLE if sample else ALL
    )
    return Shingles(*hashed, np.diff(of_text), np.frombuffer(digests, np.uint64))
