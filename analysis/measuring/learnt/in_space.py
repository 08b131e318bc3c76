"""Articles in a learnt space: their tokens, sentences and hits, and the directions of these."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.articles import check_table
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import Hits, find_hits
from analysis.measuring.intervals import Floats
from analysis.measuring.learnt.sentences import RULES, Ints
from analysis.measuring.learnt.space import WordSpace, word_space
from analysis.tokens import TokenStream, tokenize


@dataclass(frozen=True, eq=False)
class InSpace:
    """The tokens of the articles, the sentence of each, the space, and the lexicon's hits."""

    texts: pd.Series
    stream: TokenStream
    sentence: Ints
    space: WordSpace
    hits: Hits

    @classmethod
    def of(
        cls, articles: pd.DataFrame, lexicon: Lexicon, space: WordSpace | None, min_count: int
    ) -> Self:
        """Read the articles; a space is learnt from them, where none is given."""
        articles = check_table(articles, "doc_id", "text")
        if space is None:
            space, _ = word_space(articles, "sentence", 300, "equal", RULES, min_count, 0)
        stream = tokenize(articles["text"], offsets=True)
        return cls(articles["text"].reset_index(drop=True), stream,
                   np.cumsum(stream.begins()) - 1, space, find_hits(stream, lexicon))  # fmt: skip

    def of_terms(self, terms: NDArray[np.object_]) -> Floats:
        """The directions of terms of the space; 0 of others."""
        place = np.searchsorted(self.space.terms, terms).clip(max=len(self.space.terms) - 1)
        known = self.space.terms[place] == terms
        return np.where(known[:, np.newaxis], self.space.directions[place], 0.0)

    def line(self, token: int) -> str:
        """The sentence of a token, as it is written."""
        first, last = np.searchsorted(self.sentence, self.sentence[token] + np.arange(2))
        article = int(np.searchsorted(self.stream.bounds, token, side="right") - 1)
        starts, ends = np.asarray(self.stream.starts), np.asarray(self.stream.ends)
        return " ".join(self.texts[article][starts[first] : ends[last - 1]].split())

    def directions(self, number: Ints, first: Ints, n: int) -> Floats:
        """The direction of each of `n` things, from the sentences that they occur in."""
        place = np.searchsorted(self.space.terms, self.stream.terms)
        known = self.space.terms[np.minimum(place, len(self.space.terms) - 1)] == self.stream.terms
        kept = known[self.stream.ids]
        shape = (int(self.sentence[-1]) + 1, len(self.space.terms))
        ones = np.ones(np.count_nonzero(kept))
        where = self.sentence[kept], place[self.stream.ids[kept]]
        sentences = sparse.csr_array((ones, where), shape)
        having = sparse.csr_array((np.ones(len(first)), (number, self.sentence[first])),
                                  (n, shape[0]))  # fmt: skip
        having.data[:] = 1.0
        return self.space.folded(having @ sentences)

    def patterns(self, frame: str) -> tuple[list[str], Floats, Ints]:
        """The patterns of a frame that have hits, their directions, and how many hits."""
        mine = (self.hits.frame == self.hits.frames.index(frame)) & ~self.hits.negated
        codes, number = np.unique(self.hits.pattern[mine], return_inverse=True)
        found = self.directions(number, self.hits.first[mine], len(codes))
        return [self.hits.patterns[code] for code in codes], found, np.bincount(number)
