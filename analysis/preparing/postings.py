"""Which articles hold a hash: postings of a corpus of any size, in bounded memory."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

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
        held = held[np.argsort(held["hash"])]
        return held["hash"].copy(), held["row"].copy(), held["weight"].copy()

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
