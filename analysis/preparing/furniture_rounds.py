"""Which units are furniture: round after round, until nothing more is found.

In each round, wordings and headlines tell by themselves, and what is left in an outlet's articles
is counted over the whole corpus. With one line cut, another comes to the edge.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.preparing.furniture_lines import NUMBER
from analysis.preparing.shingles import Bools, Ints, Postings

# The first three and the last six lines of a text are its edges.
EDGE_TOP, EDGE_END = 3, 6
# Speakers of a transcript and items of a list come back many times in one article.
MAX_PER_ARTICLE = 8
# Headlines of other articles are in the second half of a text; their ages come in columns.
LATE, MIN_AGES = 1 / 2, 3
# A line is one of the edges, or the name under a quotation, if this share of its occurrences is.
MOSTLY = 0.8
# In the body a sentence must occur in at least this number and share of the stories.
BODY_STORIES, BODY_SHARE = 5, 0.1

Kinds = NDArray[np.int8]


def find_repeated(
    tables: list[Path], articles: pd.DataFrame, min_articles: int, min_share: float
) -> list[pd.Series]:
    """For each round, the kinds of the keys that are repeated in what earlier rounds have left.

    `tables` are Arrow files of units; `articles` has the ``outlet`` and ``story`` of each row.
    """
    often = _often(tables, articles, min_articles, min_share)
    kinds: dict[Path, Kinds] = {}
    rounds: list[pd.Series] = []
    while True:
        found, n = list[pd.DataFrame](), 0
        for table in tables:
            units = pd.read_feather(table)
            kind = kinds.setdefault(table, np.zeros(len(units), np.int8))
            for repeated in rounds[-1:]:
                _mark(units, kind, repeated)
            before = np.count_nonzero(kind)
            left = mark_by_wording(units, kind)
            n += int(np.count_nonzero(kind) - before)
            found.append(left[left["key"].isin(often.index)])
        repeated = _repeated(pd.concat(found), often, articles)
        if not n and repeated.empty:
            return rounds
        rounds.append(repeated)


def find_kinds(units: pd.DataFrame, rounds: Iterable[pd.Series]) -> Kinds:
    """The kind of each unit of some articles, 0 for what is not furniture."""
    kind = np.zeros(len(units), np.int8)
    for repeated in rounds:
        mark_by_wording(units, kind)
        _mark(units, kind, repeated)
    return kind


def _mark(units: pd.DataFrame, kind: Kinds, repeated: pd.Series) -> None:
    """Give the kinds of what is repeated to the units that have none."""
    candidates = (kind == 0) & ~units["is_speech"].to_numpy()
    kind[candidates] = repeated.reindex(units["key"][candidates], fill_value=0)


def mark_by_wording(units: pd.DataFrame, kind: Kinds) -> pd.DataFrame:
    """Give kinds to what is furniture by its wording, or a headline, among the units without one.

    Returns the units that may yet be furniture because they are repeated; whether each is at an
    ``edge``, and whether it ``signs`` a quotation, right below the line that ends it.
    """
    left = units[kind == 0]
    row = left["row"].to_numpy()
    length = np.bincount(row, minlength=1)[row]
    position = np.arange(len(row)) - np.searchsorted(row, row)
    top, end = np.minimum(EDGE_TOP, -(-length // 5)), np.minimum(EDGE_END, -(-length // 3))
    edge = (position < top) | (position >= length - end)
    found = np.where(edge, left["at_edge"], left["in_body"])
    known = found > 0
    found[_headlines(row, left, known, position >= LATE * length) & ~known] = NUMBER["headline"]
    kind[kind == 0] = found
    signs = left["ends_speech"].shift(fill_value=False).to_numpy() & (position > 0)
    left = left[["row", "key", "is_sentence", "is_speech"]].assign(edge=edge, signs=signs)
    return left[(found == 0) & ~left["is_speech"]]


def _headlines(row: Ints, units: pd.DataFrame, known: Bools, late: Bools) -> Bools:
    """Headlines of other articles, below a label such as ``Read more:`` or above their age."""
    short, ages = units["is_short"].to_numpy(), units["is_age"].to_numpy()
    found: Bools = ages & (np.bincount(row, ages, minlength=1)[row] >= MIN_AGES)
    for k in np.flatnonzero(found):
        found[k - 1] |= k > 0 and row[k - 1] == row[k] and short[k - 1]
    line = known | (short & ~(units["is_sentence"] | units["is_speech"]).to_numpy())
    for k in np.flatnonzero(known & late & units["opens_links"].to_numpy()):
        below = k + 1
        while below < len(row) and row[below] == row[k] and line[below]:
            found[below] = True
            below += 1
    return found


def _often(
    tables: list[Path], articles: pd.DataFrame, min_articles: int, min_share: float
) -> pd.DataFrame:
    """The keys in enough stories of an outlet, and what is enough; later there are only fewer."""
    n_stories = articles.groupby("outlet")["story"].nunique()
    least = np.maximum(min_articles, np.ceil(min_share * n_stories))
    in_body = np.maximum(BODY_STORIES, BODY_SHARE * n_stories)
    enough = pd.DataFrame({"least": least, "least_in_body": in_body})
    postings = Postings()
    for table in tables:
        units = pd.read_feather(table, columns=["row", "key", "is_speech"])
        units = units[~units["is_speech"]]
        weights = np.zeros(len(units), np.uint8)
        postings.add(units["key"].to_numpy(), units["row"].to_numpy(), weights)
    often = []
    for keys, rows, _ in postings.ranges():
        held = articles.iloc[rows].assign(key=keys).drop_duplicates(["key", "story"])
        found = held.groupby("key").agg(stories=("story", "size"), outlet=("outlet", "first"))
        found = found.join(enough, on="outlet")
        often.append(found.loc[found["stories"] >= found["least"], list(enough)])
    return pd.concat(often)


def _repeated(found: pd.DataFrame, often: pd.DataFrame, articles: pd.DataFrame) -> pd.Series:
    """The kinds of the keys that are furniture because their outlet repeats them."""
    found = found.assign(story=articles["story"].to_numpy()[found["row"]])
    shares = found.groupby("key")[["edge", "signs", "is_sentence"]].mean()
    unique = {"n": ("row", "size"), "articles": ("row", "nunique"), "stories": ("story", "nunique")}
    counts = found.groupby("key").agg(**unique)
    of = often.join(counts, how="inner").join(shares)
    of = of[(of["stories"] >= of["least"]) & (of["signs"] < MOSTLY)]
    of = of[of["n"] <= MAX_PER_ARTICLE * of["articles"]]
    kinds = np.select(
        [of["is_sentence"] < 0.5, of["edge"] >= MOSTLY, of["stories"] >= of["least_in_body"]],
        [NUMBER[kind] for kind in ("label", "edge", "body")],
    )
    repeated = pd.Series(kinds, of.index, dtype=np.int8)
    return repeated[repeated > 0]
