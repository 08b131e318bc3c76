"""The sentences of a corpus as the terms that they have, from batches, on disk."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.articles import check_table
from analysis.errors import CountsError
from analysis.lexicons.patterns import MAX_LENGTH
from analysis.measuring.intervals import Floats
from analysis.measuring.learnt.vectors import Product, by_columns
from analysis.tables import is_table
from analysis.tokens import STOP_WORDS, TermRules, TokenStream, tokenize

Ints = NDArray[np.int64]
Unit = Literal["sentence", "article"]
Batches: TypeAlias = pd.DataFrame | Iterable[pd.DataFrame | tuple[pd.DataFrame, pd.DataFrame]]
RULES = TermRules(stop_words=STOP_WORDS["english"], numbers=False)
_STEP = 1 << 16  # sentences that are renumbered at once


@dataclass(frozen=True, eq=False)
class Sentences:
    """Sentences by terms, in compressed form.

    Sentence s has the terms ``ids[bounds[s]:bounds[s + 1]]``, one as often as it occurs; `n` and
    `n_docs` are the occurrences of each term, and the articles that have it.
    """

    terms: NDArray[np.object_]
    n: Ints
    n_docs: Ints
    ids: NDArray[np.int32]
    bounds: Ints
    articles: int

    def product(self, weights: Floats | None = None) -> Product:
        """Multiplies by X'X, of counts times the weight of each term."""
        from analysis.measuring.learnt.sums import add_products

        plain = by_columns(lambda some, sums: add_products(self.ids, self.bounds, some, sums))
        if weights is None:
            return plain
        scale = weights[:, np.newaxis]
        return lambda vectors: scale * plain(scale * vectors)

    def squares(self) -> Ints:
        """The sum of the squared counts of each term."""
        from analysis.measuring.learnt.sums import squares

        found: Ints = squares(self.ids, self.bounds, len(self.terms))
        return found


def batches_of(articles: Batches) -> Iterator[pd.DataFrame]:
    """The batches of articles: one of a table, or those that `scan_articles` yields."""
    whole = isinstance(articles, pd.DataFrame) or is_table(articles)
    for batch in [articles] if whole or not isinstance(articles, Iterable) else articles:
        yield check_table(batch[0] if isinstance(batch, tuple) else batch, "doc_id", "text")


def unit_starts(stream: TokenStream, unit: Unit) -> NDArray[np.bool_]:
    """Whether each token is the first of its sentence, or of its article."""
    if unit not in get_args(Unit):
        raise CountsError(f"unit={unit!r} is unknown; allowed are {', '.join(get_args(Unit))}.")
    return stream.begins() if unit == "sentence" else stream.begins(of_texts=True)


def read_sentences(
    articles: Batches, unit: Unit = "sentence", rules: TermRules = RULES, min_count: int = 5
) -> Sentences:
    """Read the sentences of all batches; terms that occur less than `min_count` times are left out.

    The tokens are kept in a temporary file, as numbers: memory holds a batch and the vocabulary.
    """
    if not isinstance(min_count, int) or min_count < 1:
        raise CountsError(f"min_count={min_count!r}: it must be a whole number of at least 1.")
    known: dict[str, int] = {}
    sums = np.zeros((2, 0), np.int64)
    lengths, documents = [np.zeros(1, np.int64)], 0
    with tempfile.TemporaryFile() as file:
        for table in batches_of(articles):
            ids, found, in_articles = _numbered(table, unit, rules, known)
            sums = np.pad(sums, ((0, 0), (0, len(known) - sums.shape[1])))
            sums[0] += np.bincount(ids, minlength=len(known))
            sums[1] += in_articles
            lengths.append(found)
            documents += len(table)
            file.write(ids.tobytes())
        file.flush()
        bounds = np.cumsum(np.concatenate(lengths))
        # The map outlives the file.
        stored: Any = np.memmap(file, np.int32, "r+") if bounds[-1] else np.zeros(0, np.int32)
    terms = np.array(list(known), object)
    wanted = np.flatnonzero((sums[0] >= min_count) & [len(term) <= MAX_LENGTH for term in terms])
    wanted = wanted[np.argsort(terms[wanted], kind="stable")]
    place = np.full(len(terms), -1, np.int32)
    place[wanted] = np.arange(len(wanted))
    ids, bounds = _renumbered(np.asarray(stored), bounds, place)
    n, n_docs = sums[:, wanted]
    return Sentences(terms[wanted], n, n_docs, ids, bounds, documents)


def _numbered(
    table: pd.DataFrame, unit: Unit, rules: TermRules, known: dict[str, int]
) -> tuple[NDArray[np.int32], Ints, Ints]:
    """The tokens of a batch as numbers, how many each sentence has, and the articles of each term.

    `known` numbers the terms, and takes up those that are new.
    """
    stream = tokenize(table["text"], rules)
    number = np.array([known.setdefault(term, len(known)) for term in stream.terms], np.int32)
    kept = (stream.terms != "")[stream.ids]
    ids = number[stream.ids[kept]]
    sentence = np.cumsum(unit_starts(stream, unit)) - 1
    lengths = np.bincount(sentence[kept], minlength=sentence[-1] + 1 if len(sentence) else 0)
    article = np.repeat(np.arange(len(table)), np.diff(stream.bounds))[kept]
    pairs = np.unique(article * len(known) + ids) % max(len(known), 1)
    return ids, lengths.astype(np.int64), np.bincount(pairs, minlength=len(known))


def _renumbered(
    ids: NDArray[np.int32], bounds: Ints, place: NDArray[np.int32]
) -> tuple[NDArray[np.int32], Ints]:
    """Give the terms their places, in place, and leave out those that have none."""
    left = np.zeros(len(bounds), np.int64)
    used = 0
    for first in range(0, len(bounds) - 1, _STEP):
        some = bounds[first : first + _STEP + 1]
        new = place[ids[some[0] : some[-1]]]
        before = np.append(0, np.cumsum(new >= 0))
        left[first : first + len(some)] = used + before[some - some[0]]
        ids[used : used + before[-1]] = new[new >= 0]
        used += int(before[-1])
    return ids[:used], left
