"""Ids that are given more than once, within a file and over files, found by their hashes."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.reading.text_column import as_texts

Hashes = NDArray[np.uint64]
_BYTES = 16


def _none() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


@dataclass
class RowHashes:
    """Hashes of articles, an entry each in the order of the file, and places in the file.

    ``prefixed`` is of the id behind the name of its file. Ids have 128 bits, texts 64.
    """

    places: NDArray[np.int64]
    ids: Hashes
    prefixed: Hashes
    texts: Hashes

    @classmethod
    def of(
        cls, source: str, places: Sequence[int], ids: Sequence[str], texts: pa.LargeStringArray
    ) -> "RowHashes":
        """The hashes of some articles of a file."""
        return cls(
            np.asarray(places, np.int64),
            _hashes(doc_id.encode() for doc_id in ids),
            _hashes(f"{source}:{doc_id}".encode() for doc_id in ids),
            _text_hashes(texts),
        )

    @classmethod
    def join(cls, parts: Sequence["RowHashes"]) -> "RowHashes":
        """Those of consecutive parts of a file."""
        if not parts:
            return cls.of("", [], [], as_texts([]))
        return cls(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("places", "ids", "prefixed", "texts")
            )
        )


@dataclass
class Repeats:
    """What becomes of the ids of one file; articles are positions among those of the file.

    Attributes
    ----------
    renamed : bool
        Whether ids are put behind the file's name, because another file has the same.
    above : array of int
        Articles whose id stands above in the same file.
    elsewhere : array of int
        Articles that stand in an earlier file.
    """

    renamed: bool = False
    above: NDArray[np.int64] = field(default_factory=_none)
    elsewhere: NDArray[np.int64] = field(default_factory=_none)

    def at(self, places: NDArray[np.int64]) -> "Repeats":
        """With the places of articles instead of their positions among those of the file."""
        return Repeats(self.renamed, places[self.above], places[self.elsewhere])


def find_repeats(files: Sequence[RowHashes]) -> list[Repeats]:
    """Which articles are rejected because of their ids, and which files' ids get a prefix.

    In a file the first article with an id stands. The same id with the same text in another file
    is the same article, and is rejected; with another text (two files that both count from 1) all
    ids of the later file are put after its name.
    """
    repeated = _repeated(files)
    if not len(repeated):
        return [Repeats() for _ in files]
    seen: dict[tuple[int, int], int] = {}
    found = []
    for file in files:
        candidate = np.isin(file.ids[:, 0], repeated) | np.isin(file.prefixed[:, 0], repeated)
        found.append(_repeats(file, np.flatnonzero(candidate), seen))
    return found


def _repeats(
    file: RowHashes, candidates: NDArray[np.int64], seen: dict[tuple[int, int], int]
) -> Repeats:
    ids = [*map(tuple, file.ids[candidates].tolist())]
    prefixed = [*map(tuple, file.prefixed[candidates].tolist())]
    texts = file.texts[candidates].tolist()
    here: set[tuple[int, int]] = set()
    above: list[int] = []
    standing: list[int] = []
    for n, doc_id in enumerate(ids):
        (above if doc_id in here else standing).append(n)
        here.add(doc_id)
    same = {n for n in standing if seen.get(ids[n]) == texts[n]}
    renamed = any(ids[n] in seen for n in standing if n not in same)
    if renamed:
        # Two members of an archive may have one name.
        same |= {n for n in standing if prefixed[n] in seen}
    names = prefixed if renamed else ids
    seen.update((names[n], texts[n]) for n in standing if n not in same)
    return Repeats(
        renamed, candidates[np.array(above, np.int64)], candidates[np.array(sorted(same), np.int64)]
    )


def _repeated(files: Sequence[RowHashes]) -> Hashes:
    """First halves of hashes that occur more than once, with or without the file's name."""
    halves = [hashes[:, 0] for file in files for hashes in (file.ids, file.prefixed)]
    every = np.sort(np.concatenate(halves)) if halves else np.zeros(0, np.uint64)
    return np.unique(every[1:][every[1:] == every[:-1]])


def _hashes(values: Iterable[bytes]) -> Hashes:
    digests = b"".join(hashlib.blake2b(value, digest_size=_BYTES).digest() for value in values)
    return np.frombuffer(digests, np.uint64).reshape(-1, 2)


def _text_hashes(texts: pa.LargeStringArray) -> Hashes:
    """The first 64 bits of the SHA-1 of each text: the fastest hash that hashlib has."""
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1].tolist()
    view = memoryview(data or b"")
    digests = b"".join(
        hashlib.sha1(view[start:end], usedforsecurity=False).digest()[:8]
        for start, end in pairwise(bounds)
    )
    return np.frombuffer(digests, np.uint64)
