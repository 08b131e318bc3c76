"""Phrases of two and three words that hold together, by NLTK's association measures."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measuring.learnt.sentences import Ints
from analysis.tokens import GAP_HYPHEN, TokenStream

LEAST_PMI = 3.0  # the words meet 8 times as often as chance has it
MOSTLY = 0.8
Found = tuple[str, float, Ints, int]  # a phrase, its pmi, where it begins, how many words


class Phrases(NamedTuple):
    """Phrases, sorted; and where each occurs: its number and its first and last token."""

    names: NDArray[np.object_]
    pmi: NDArray[np.float64]
    number: Ints
    first: Ints
    last: Ints


def find_phrases(
    stream: TokenStream, ends: NDArray[np.bool_], min_count: int, least: float = LEAST_PMI
) -> Phrases:
    """Neighbouring words of a sentence, with nothing but spaces between, that hold together.

    `ends` says of each term whether a phrase may begin or end with it. `pmi` is NLTK's pointwise
    mutual information, of which a phrase has at least `least`.
    """
    from nltk.metrics.association import BigramAssocMeasures, TrigramAssocMeasures

    n, total = np.bincount(stream.ids, minlength=len(stream.terms)), len(stream.ids)
    begins = stream.begins(of_texts=True)
    joined = ~begins & ((stream.gaps == 0) | (stream.gaps == GAP_HYPHEN))
    ids = stream.ids.astype(np.int64)
    pairs = ids[:-1] * len(n) + ids[1:]
    two = np.flatnonzero(joined[1:])
    pair_n = _counts(pairs[two])
    three = np.flatnonzero(joined[1:-1] & joined[2:])
    # Words apart with one between, as NLTK counts them.
    outer_n = _counts(ids[three] * len(n) + ids[three + 2])
    found: list[Found] = []
    for first, width in ((two, 2), (three, 3)):
        first = first[ends[ids[first]] & ends[ids[first + width - 1]]]
        keys = np.stack([ids[first + k] for k in range(width)])
        order = np.lexsort(keys[::-1])
        keys, first = keys[:, order], first[order]
        new = np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0))[: len(first)]
        starts = np.flatnonzero(new)
        kinds, times = keys[:, starts], np.diff(np.append(starts, len(first)))
        for kind in np.flatnonzero(times >= min_count).tolist():
            words = kinds[:, kind]
            if width == 2:
                value = BigramAssocMeasures.pmi(times[kind], tuple(n[words]), total)
            else:
                a, b, c = words
                near = (pair_n.get(a * len(n) + b, 0), outer_n.get(a * len(n) + c, 0),
                        pair_n.get(b * len(n) + c, 0))  # fmt: skip
                value = TrigramAssocMeasures.pmi(times[kind], near, tuple(n[words]), total)
            if value >= least * (width - 1):
                found.append((" ".join(stream.terms[words]), value,
                              first[starts[kind] : starts[kind] + times[kind]], width))  # fmt: skip
    found = _not_within(sorted(found, key=lambda phrase: phrase[0]))
    sizes = [len(places) for _, _, places, _ in found]
    first = np.concatenate([*(places for _, _, places, _ in found), np.zeros(0, np.int64)])
    width_of = np.repeat([width for *_, width in found], sizes).astype(np.int64)
    return Phrases(
        np.array([name for name, *_ in found], object), np.array([p for _, p, *_ in found]),
        np.repeat(np.arange(len(found)), sizes), first, first + width_of - 1,
    )  # fmt: skip


def _not_within(found: list[Found]) -> list[Found]:
    """Without phrases of two words that mostly are a part of the same one of three."""
    within: dict[str, int] = {}
    for name, _, places, width in found:
        if width == 3:
            for part in (name.rsplit(" ", 1)[0], name.split(" ", 1)[1]):
                within[part] = max(within.get(part, 0), len(places))
    return [phrase for phrase in found if within.get(phrase[0], 0) < MOSTLY * len(phrase[2])]


def _counts(keys: Ints) -> dict[int, int]:
    counts = pd.Series(keys).value_counts()
    return dict(zip(counts.index.tolist(), counts.tolist(), strict=True))
