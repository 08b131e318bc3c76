"""Which articles hold a hash: postings of a corpus of any size, read in ranges of hashes.

A few million postings are held in memory; more are written, sorted, to a temporary folder, and
read again range by range. So memory does not grow with the corpus.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint8]]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

# Postings in memory at once; one takes 13 bytes, and sorting as much again.
AT_ONCE = 2_000_000
_DTYPES = (np.uint64, np.int32, np.uint8)


class Postings:
    """Hashes, the article of each, and a small number (a weight) that belongs to it."""

    def __init__(self) -> None:
        self._held: list[Arrays] = []
        self._n_held = self._n = 0
        self._runs: list[Path] = []
        self._folder: TemporaryDirectory[str] | None = None

    def add(
        self, hashes: NDArray[np.uint64], rows: NDArray[np.int32], weights: NDArray[np.uint8]
    ) -> None:
        """Add postings, in any order."""
        self._held.append((hashes, rows, weights))
        self._n_held += len(hashes)
        self._n += len(hashes)
        if self._n_held >= AT_ONCE:
            self._write()

    def ranges(self) -> Iterator[Arrays]:
        """All postings sorted by hash, some millions at a time: all those of a hash together."""
        if not self._runs:
            self._held = [self._sorted()]
            yield self._held[0]
            return
        if self._held:
            self._write()
        some = np.load(self._runs[0] / "0.npy", mmap_mode="r")
        places = np.linspace(0, len(some), -(-self._n // AT_ONCE), endpoint=False, dtype=np.int64)
        edges = np.unique(some[places[1:]])
        starts = [0] * len(self._runs)
        for edge in [*edges, None]:
            for number, run in enumerate(self._runs):
                arrays = [np.load(run / f"{k}.npy", mmap_mode="r") for k in range(len(_DTYPES))]
                stop = len(arrays[0]) if edge is None else int(np.searchsorted(arrays[0], edge))
                first, second, third = (np.array(a[starts[number] : stop]) for a in arrays)
                self._held.append((first, second, third))
                starts[number] = stop
            yield self._sorted()
            self._held = []

    def _sorted(self) -> Arrays:
        empty = [np.zeros(0, dtype) for dtype in _DTYPES]
        hashes, rows, weights = (
            np.concatenate([none, *arrays])
            for none, *arrays in zip(empty, *self._held, strict=True)
        )
        order = np.argsort(hashes)
        return hashes[order], rows[order], weights[order]

    def _write(self) -> None:
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="framing-")
        run = Path(self._folder.name) / str(len(self._runs))
        run.mkdir()
        for name, array in zip("012", self._sorted(), strict=True):
            np.save(run / f"{name}.npy", np.asarray(array))
        self._runs.append(run)
        self._held, self._n_held = [], 0


def groups_of(*keys: NDArray[np.generic]) -> tuple[Ints, Ints]:
    """Where each group of equal keys starts, in sorted arrays, and the group of each entry."""
    new = np.zeros(len(keys[0]), bool)
    new[:1] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(new), np.cumsum(new) - 1
