"""Ids that are given more than once, within a file and over files, found by their hashes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_array

from analysis.reading.records import Origin
from analysis.reading.text_column import column_texts

# An article: its place in the file; 128 bits for its id, alone and after the name of its file; and
# 64 bits for its text.
HASHES = np.dtype([("place", "i8"), ("id", "u8", 2), ("prefixed", "u8", 2), ("text", "u8")])
Hashes = NDArray[np.void]
# For the two halves of 128 bits.
_KEYS = "the first half..", "the second half."
Places = NDArray[np.int64]


@dataclass
class Repeats:
    """What becomes of the ids of one file, and whether aliases changed outlets (`aliased`).

    Ids are `renamed`, with the file's name before them, if another file has the same ones. The
    ids of articles at the places `above` occur earlier in the same file; those `elsewhere` are in
    an earlier file.
    """

    renamed: bool = False
    aliased: bool = False
    above: Places = field(default_factory=lambda: np.zeros(0, np.int64))
    elsewhere: Places = field(default_factory=lambda: np.zeros(0, np.int64))


def hashes_of(articles: pd.DataFrame, origin: Origin) -> Hashes:
    """The hashes of some articles."""
    found = np.zeros(len(articles), HASHES)
    ids = articles["doc_id"].to_numpy(object)
    found["place"] = articles.index
    for name, values in (("id", ids), ("prefixed", prefixes(articles, origin) + ids)):
        for half, key in enumerate(_KEYS):
            found[name][:, half] = hash_array(values, hash_key=key, categorize=False)
    texts = column_texts(articles["text"])
    bounds = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset :][: len(texts) + 1].tolist()
    data = memoryview(texts.buffers()[2] or b"")
    # The fastest hash that hashlib has.
    digests = (hashlib.sha1(data[a:b], usedforsecurity=False).digest() for a, b in pairwise(bounds))
    found["text"] = np.frombuffer(b"".join(digest[:8] for digest in digests), np.uint64)
    return found


def prefixes(articles: pd.DataFrame, origin: Origin) -> NDArray[np.object_]:
    """What is put before the ids of articles where another file has the same: their file's name."""
    return np.array([f"{origin.where(place)[0]}:" for place in articles.index], object)


def find_repeats(files: Sequence[Hashes]) -> list[Repeats]:
    """Which articles are rejected because of their ids, and which files' ids get a prefix.

    In a file the first article with an id is kept. The same id with the same text in another file
    is the same article, and is rejected; with another text (two files that both count from 1) all
    ids of the later file get its name as a prefix.
    """
    halves = [file[name][:, 0] for file in files for name in ("id", "prefixed")]
    every = np.sort(np.concatenate([np.zeros(0, np.uint64), *halves]))
    repeated = np.unique(every[1:][every[1:] == every[:-1]])
    seen: dict[tuple[int, int], int] = {}
    found = []
    for file in files if len(repeated) else ():
        suspect = [np.isin(file[name][:, 0], repeated) for name in ("id", "prefixed")]
        found.append(_repeats(file[np.logical_or(*suspect)], seen))
    return found or [Repeats() for _ in files]


def _repeats(rows: Hashes, seen: dict[tuple[int, int], int]) -> Repeats:
    """Those among the rows of a file; `seen` has the texts of the ids in earlier files."""
    ids, prefixed = ([*map(tuple, rows[name].tolist())] for name in ("id", "prefixed"))
    texts = rows["text"].tolist()
    first: dict[tuple[int, int], int] = {}
    for n, doc_id in enumerate(ids):
        first.setdefault(doc_id, n)
    kept = first.values()
    same = {n for n in kept if seen.get(ids[n]) == texts[n]}
    renamed = any(ids[n] in seen for n in kept if n not in same)
    if renamed:
        # Two members of an archive may have one name.
        same |= {n for n in kept if prefixed[n] in seen}
    names = prefixed if renamed else ids
    seen.update((names[n], texts[n]) for n in kept if n not in same)
    above = np.delete(rows["place"], list(kept))
    return Repeats(renamed, False, above, rows["place"][sorted(same)])
