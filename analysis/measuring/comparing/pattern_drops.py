"""What a lexicon would count without some of its patterns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.counting.checking import WEIGHT
from analysis.counting.document_terms import DocumentTerms
from analysis.counting.languages import languages_of
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import Hits, count_hits, match_once
from analysis.lexicons.patterns import text_rules
from analysis.tokens import TokenStream, tokenize

Drop = tuple[str, str]  # frame, pattern


@dataclass(frozen=True, eq=False)
class Drops:
    """Recounts the hits without some patterns, from counts alone.

    What a dropped pattern had matched is matched again, by itself, against the other patterns of
    its frame. That is exact for every hit that does not touch another; where two patterns had
    overlapped in the text ("peace talks" and "talks about"), only the texts can tell.
    """

    counts: DocumentTerms
    lexicon: Lexicon
    _found: dict[tuple[str, frozenset[str]], dict[str, list[str]]] = field(default_factory=dict)

    @cached_property
    def matches(self) -> dict[Drop, list[tuple[int, str]]]:
        """Hit types of each pattern: their row and what was matched."""
        found: dict[Drop, list[tuple[int, str]]] = {}
        types = self.counts.hit_types[["frame", "pattern", "match"]]
        for row, (frame, pattern, match) in enumerate(types.itertuples(index=False)):
            found.setdefault((frame, pattern), []).append((row, match))
        return found

    def multipliers(self, drops: Iterable[Drop]) -> NDArray[np.int64]:
        """How many hits each hit becomes without these patterns: 1, 0, or those of others."""
        result = np.ones(len(self.counts.hit_types), np.int64)
        dropped: dict[str, set[str]] = {}
        for frame, pattern in drops:
            dropped.setdefault(frame, set()).add(pattern)
        for frame, patterns in dropped.items():
            for pattern in patterns:
                for row, match in self.matches.get((frame, pattern), []):
                    result[row] = len(self._rest(frame, match, pattern, patterns))
        return result

    def without(self, drops: Iterable[Drop]) -> DocumentTerms:
        """The same counts without these patterns."""
        drops = list(drops)
        scale = sparse.diags_array(self.multipliers(drops), dtype=np.int64)
        types = self.counts.hit_types
        if WEIGHT in types:
            types = types.assign(**{WEIGHT: self._weights(drops)})
        hits = sparse.csr_array(self.counts.hits @ scale)
        return self.counts.derived(hits=hits, hit_types=types)

    def _weights(self, drops: Iterable[Drop]) -> NDArray[np.float64]:
        """The weight of each hit: of a dropped one, the mean of those that take its place."""
        weights: NDArray[np.float64] = self.counts.hit_types[WEIGHT].to_numpy(copy=True)
        for frame, pattern in drops:
            given = self.lexicon.weights.get(frame, {})
            gone = {p for f, p in drops if f == frame}
            for row, match in self.matches.get((frame, pattern), []):
                rest = self._rest(frame, match, pattern, gone)
                if rest and given:
                    weights[row] = np.mean([given[p] for p in rest])
        return weights

    def _rest(self, frame: str, match: str, pattern: str, dropped: set[str]) -> list[str]:
        """Patterns that match what a dropped one had matched."""
        gone = frozenset({pattern})
        # Dropping a pattern that matches nothing here changes nothing, so few sets are tried.
        while True:
            if (key := (frame, gone)) not in self._found:
                self._found[key] = self._left(frame, gone)
            rest = self._found[key].get(match, [])
            further = dropped & set(rest) - gone
            if not further:
                return rest
            gone |= further

    def _left(self, frame: str, gone: frozenset[str]) -> dict[str, list[str]]:
        """The hits of a frame without some patterns, in what its patterns have matched."""
        texts, hits_without = self._matched
        hits = hits_without([(frame, pattern) for pattern in gone])
        own = np.flatnonzero(hits.frame == hits.frames.index(frame))
        found: dict[str, list[str]] = {}
        for text, code in zip(hits.article[own], hits.pattern[own], strict=True):
            found.setdefault(texts[text], []).append(hits.patterns[code])
        return found

    @cached_property
    def _matched(self) -> tuple[list[str], Callable[..., Hits]]:
        """Each string that was matched, and the matches of all patterns in it."""
        texts = self.counts.hit_types["match"].unique().tolist()
        rules = self.counts.rules
        return texts, match_once(tokenize(texts, text_rules(rules)), self.lexicon, rules)


@dataclass(frozen=True, eq=False)
class TextDrops:
    """Recounts the hits without some patterns from the tokens of the texts: exact in every case."""

    counts: DocumentTerms
    stream: TokenStream
    hits: Callable[..., Hits]

    @classmethod
    def of(cls, counts: DocumentTerms, lexicon: Lexicon, articles: pd.DataFrame) -> "TextDrops":
        """Tokenize the articles that were counted; CountsError if they are others, row by row."""
        if counts.targets:
            raise CountsError(
                "articles: the counts are by target, and texts cannot be counted again for each; "
                "leave `articles` out."
            )
        ids = counts.documents["doc_id"].astype("str")
        if articles["doc_id"].is_unique:
            rows = pd.Index(articles["doc_id"].astype("str")).get_indexer(ids)
            articles = articles.iloc[rows[rows >= 0]]
        if ids.tolist() != articles["doc_id"].astype("str").tolist():
            raise CountsError(
                f"articles: they are not the {len(ids)} documents that were counted. Give "
                "those, split into the same parts, or leave `articles` out."
            )
        stream = tokenize(articles["text"], text_rules(counts.rules))
        languages = languages_of(articles, lexicon)
        return cls(counts, stream, match_once(stream, lexicon, counts.rules, languages))

    def without(self, drops: Iterable[Drop]) -> DocumentTerms:
        """The same counts without these patterns."""
        types, found = count_hits(self.stream, self.hits(list(drops)))
        return self.counts.derived(hit_types=types, hits=found)


def smallest_set(
    candidates: list[Drop], score: Callable[[frozenset[Drop]], float], *, trials: int = 20_000
) -> tuple[tuple[Drop, ...], bool]:
    """The fewest patterns whose removal brings a score to 0 or below.

    Sets of one, two, three ... patterns are all tried while there are at most `trials` of a size;
    beyond that, the pattern that lowers the score most is taken again and again. A score is
    positive where no pattern is dropped; NaN counts as not turned. Returns the set (empty if there
    is none), and whether every smaller set was tried.
    """
    taken: list[Drop] = []
    exact = True
    for size in range(1, len(candidates) + 1):
        if comb(len(candidates), size) <= trials:
            sets = list(combinations(candidates, size))
            scores = [score(frozenset(chosen)) for chosen in sets]
            best = int(np.nanargmin([*scores, np.inf]))
            if best < len(sets) and scores[best] <= 0:
                return sets[best], exact
            continue
        exact = False
        while len(taken) < size:
            left = [candidate for candidate in candidates if candidate not in taken]
            scores = [score(frozenset([*taken, candidate])) for candidate in left]
            best = int(np.nanargmin([*scores, np.inf]))
            if best == len(left):
                return (), exact
            taken.append(left[best])
        if scores[best] <= 0:
            return tuple(taken), exact
    return (), exact
