"""Which units are furniture: round after round, until nothing more is found.

In each round, wordings and headlines tell by themselves, and what is left in an outlet's articles
is counted over the whole corpus. With a line cut, another comes to stand at the edge.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.preparing.batches import Tables
from analysis.preparing.furniture_units import NUMBER
from analysis.preparing.postings import Bools, Ints, Postings, groups_of

# The first three and the last six lines of a text are its edges.
EDGE_TOP, EDGE_END = 3, 6
# Speakers of a transcript and items of a list come back many times in one article.
MAX_PER_ARTICLE = 8
# Headlines of other articles stand in the second half of a text; their ages come in columns.
LATE, MIN_AGES = 1 / 2, 3
# A sentence counts as standing at the edges, and a label as the name under a quotation, if so many
# of their occurrences do.
MOSTLY = 0.8
# In the body a sentence has to stand in so many stories, and in such a share of them.
BODY_STORIES, BODY_SHARE = 5, 0.1

Kinds = NDArray[np.int8]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Repeated:
    """Keys, sorted, of what an outlet repeats, and the kind of each."""

    keys: Hashes
    kinds: Kinds

    def mark(self, units: pd.DataFrame, kind: Kinds) -> None:
        """Give these kinds to the units that have none."""
        if len(self.keys):
            open_units = np.flatnonzero((kind == 0) & ~units["is_speech"].to_numpy())
            place, found = _places(units["key"].to_numpy()[open_units], self.keys)
            kind[open_units[found]] = self.kinds[place[found]]


@dataclass(frozen=True, eq=False)
class Often:
    """The keys of an outlet that stand in enough stories of it, sorted, and what is enough."""

    keys: Hashes
    least: Ints
    least_in_body: NDArray[np.float64]


def find_repeated(
    tables: Tables, outlets: Ints, stories: Ints, min_articles: int, min_share: float
) -> list[Repeated]:
    """For each round, what is repeated in the units that the rounds before have left.

    `outlets` and `stories` are numbers, one an article.
    """
    often = _often(tables, outlets, stories, min_articles, min_share)
    kinds = [np.zeros(len(units), np.int8) for units in tables]
    rounds: list[Repeated] = []
    while True:
        counts = _Counts(len(often.keys), stories)
        n = 0
        for units, kind in zip(tables, kinds, strict=True):
            if rounds:
                rounds[-1].mark(units, kind)
            before = int(np.count_nonzero(kind))
            left, edge, signs = mark_by_wording(units, kind)
            n += int(np.count_nonzero(kind)) - before
            counts.add(units.iloc[left], edge, signs, often.keys)
        repeated = counts.repeated(often)
        if not n and not len(repeated.keys):
            return rounds
        rounds.append(repeated)


def find_kinds(units: pd.DataFrame, rounds: Iterable[Repeated]) -> Kinds:
    """The kind of each unit of some articles, 0 for what is no furniture."""
    kind = np.zeros(len(units), np.int8)
    for repeated in rounds:
        mark_by_wording(units, kind)
        repeated.mark(units, kind)
    return kind


def mark_by_wording(units: pd.DataFrame, kind: Kinds) -> tuple[Ints, Bools, Bools]:
    """Give kinds to what is furniture by its wording, or a headline, among the units without one.

    Returns
    -------
    left, edge, signs : arrays
        The places of units that may yet be furniture because they are repeated; whether each
        stands at an edge; and whether it stands below a line that ends a quotation.
    """
    left = np.flatnonzero(kind == 0)
    row = units["row"].to_numpy()[left]
    if not len(left):
        return left, np.zeros(0, bool), np.zeros(0, bool)
    length = np.bincount(row)[row]
    position = np.arange(len(row)) - np.searchsorted(row, row)
    top, end = np.minimum(EDGE_TOP, -(-length // 5)), np.minimum(EDGE_END, -(-length // 3))
    edge = (position < top) | (position >= length - end)
    of = {name: units[name].to_numpy()[left] for name in _ASKED}
    found = np.where(edge, of["at_edge"], of["in_body"])
    known = found > 0
    found[_headlines(row, of, known, position / length >= LATE) & ~known] = NUMBER["headline"]
    kind[left] = found
    signs = np.append(False, of["ends_speech"][:-1]) & (position > 0)
    open_units = (found == 0) & ~of["is_speech"]
    return left[open_units], edge[open_units], signs[open_units]


_ASKED = (
    "at_edge",
    "in_body",
    "ends_speech",
    "is_speech",
    "is_short",
    "is_age",
    "is_sentence",
    "opens_links",
)


def _headlines(row: Ints, of: dict[str, Bools], known: Bools, late: Bools) -> Bools:
    """Headlines of other articles, below a label such as ``Read more:`` or above their age."""
    short, ages = of["is_short"], of["is_age"]
    found = np.zeros(len(row), bool)
    in_column = ages & (np.bincount(row, ages, minlength=1)[row] >= MIN_AGES)
    for k in np.flatnonzero(in_column):
        found[k] = True
        found[k - 1] |= k > 0 and row[k - 1] == row[k] and short[k - 1]
    line = (short & ~of["is_sentence"] & ~of["is_speech"]) | known
    for k in np.flatnonzero(known & late & of["opens_links"]):
        below = k + 1
        while below < len(row) and row[below] == row[k] and line[below]:
            found[below] = True
            below += 1
    return found


def _often(
    tables: Tables, outlets: Ints, stories: Ints, min_articles: int, min_share: float
) -> Often:
    """What stands in enough stories; in later rounds it can only be fewer."""
    order = np.lexsort((stories, outlets))
    starts, _ = groups_of(outlets[order], stories[order])
    n_stories = np.bincount(outlets[order][starts])
    least = np.maximum(min_articles, np.ceil(min_share * n_stories)).astype(np.int64)
    postings = Postings()
    for units in tables:
        units = units[~units["is_speech"]]
        rows = units["row"].to_numpy(np.int32)
        postings.add(units["key"].to_numpy(), rows, np.zeros(len(rows), np.uint8))
    keys, outlet_of = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for hashes, rows, _ in postings.ranges():
        order = np.lexsort((stories[rows], hashes))
        hashes, rows = hashes[order], rows[order]
        of_key, _ = groups_of(hashes, stories[rows])
        starts, key = groups_of(hashes[of_key])
        first = of_key[starts]
        enough = np.bincount(key) >= least[outlets[rows[first]]] if len(first) else first > 0
        keys.append(hashes[first[enough]])
        outlet_of.append(outlets[rows[first[enough]]])
    outlet = np.concatenate(outlet_of)
    in_body = np.maximum(BODY_STORIES, BODY_SHARE * n_stories)
    return Often(np.concatenate(keys), least[outlet], in_body[outlet])


class _Counts:
    """Of each key: how often, in how many articles and stories, and where it stands."""

    def __init__(self, n_keys: int, stories: Ints) -> None:
        self.stories = stories
        self.sums = np.zeros((5, n_keys), np.int64)
        self.pairs: list[Ints] = []

    def add(self, units: pd.DataFrame, edge: Bools, signs: Bools, keys: Hashes) -> None:
        """Count the units of some articles."""
        place, found = _places(units["key"].to_numpy(), keys)
        place, row = place[found], units["row"].to_numpy(np.int64)[found]
        in_article = np.unique(place * len(self.stories) + row)
        place_of, row = np.divmod(in_article, max(len(self.stories), 1))
        self.pairs.append(np.unique(place_of * len(self.stories) + self.stories[row]))
        sentence = units["is_sentence"].to_numpy()[found]
        which = (place, place_of, place[edge[found]], place[sentence], place[signs[found]])
        self.sums += np.array([np.bincount(places, minlength=len(keys)) for places in which])

    def repeated(self, often: Often) -> Repeated:
        """The keys that are furniture because the outlet repeats them."""
        n, articles, edge, sentence, signs = self.sums
        pairs = np.unique(np.concatenate([np.zeros(0, np.int64), *self.pairs]))
        stories = np.bincount(pairs // max(len(self.stories), 1), minlength=len(n))
        n = np.maximum(n, 1)
        enough = stories >= often.least
        enough &= (n <= MAX_PER_ARTICLE * articles) & (signs / n < MOSTLY)
        kinds = np.zeros(len(n), np.int8)
        kinds[enough & (stories >= often.least_in_body)] = NUMBER["body"]
        kinds[enough & (edge / n >= MOSTLY)] = NUMBER["edge"]
        kinds[enough & (sentence / n < 0.5)] = NUMBER["label"]
        return Repeated(often.keys[kinds > 0], kinds[kinds > 0])


def _places(keys: Hashes, among: Hashes) -> tuple[Ints, Bools]:
    """Where each key is among others, which are sorted, and whether it is."""
    place = np.searchsorted(among, keys)
    place[place == len(among)] = 0
    return place, among[place] == keys if len(among) else np.zeros(len(keys), bool)
