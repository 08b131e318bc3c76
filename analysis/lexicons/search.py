"""Where patterns match: words with wildcards among sorted terms, phrases in a stream of tokens."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from fnmatch import translate
from functools import cache, cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.lexicons.patterns import Pattern
from analysis.tokens import GAP_AMPERSAND, GAP_HYPHEN, GAP_SENTENCE, GAP_SLASH, TokenStream

_FIRST_WILDCARD = re.compile(r"[*?]")
_LAST_CHARACTER = "\U0010ffff"
# How SQL's LIKE, which Arrow knows, writes the wildcards; its own signs need a \ before them.
_LIKE = str.maketrans({"*": "%", "?": "_"})
_LIKE_SIGN = re.compile(r"[%_\\]")
# To so few terms a regular expression of Python's is put faster than a column is made for Arrow.
_FEW = 64
# No pattern crosses this.
_NEW_ARTICLE = 128
# What a term can be in a match (as `occurrences` reads it): its second token; its first, where a
# second follows; its first, whatever follows.
_SECOND, _FIRST, _ALL = 4, 2, 1

Ids = NDArray[np.int64]
_NONE: Ids = np.zeros(0, np.int64)


class SortedTerms:
    """The sorted terms of a corpus, to be searched by words with wildcards.

    The letters before the first wildcard give a range of the sorted terms; only within that range
    are terms looked at one by one, by an automaton (RE2's, by way of Arrow), which no pattern can
    slow down.
    """

    def __init__(self, terms: NDArray[np.object_]) -> None:
        self.terms = terms
        # Thousands of words are looked up in each batch: lists are searched faster than arrays.
        self._list: list[str] = terms.tolist()
        self._found: dict[str, Ids] = {}

    def match(self, glob: str) -> Ids:
        """Positions of the terms that a word with wildcards matches, in order."""
        found = self._found.get(glob)
        if found is None:
            found = self._found[glob] = self._search(glob)
        return found

    def _search(self, glob: str) -> Ids:
        prefix = _FIRST_WILDCARD.split(glob, maxsplit=1)[0]
        first = bisect_left(self._list, prefix) if prefix else 0
        if prefix == glob:
            found = first < len(self._list) and self._list[first] == glob
            return np.arange(first, first + 1) if found else _NONE
        after = prefix + _LAST_CHARACTER
        end = bisect_left(self._list, after, first) if prefix else len(self._list)
        if first == end:
            return _NONE
        if glob == prefix + "*":
            return np.arange(first, end)
        if end - first <= _FEW:
            fits = _compiled(glob)
            return np.array([i for i in range(first, end) if fits(self._list[i])], np.int64)
        terms = self._arrow if end - first == len(self.terms) else _arrow(self.terms[first:end])
        like = _LIKE_SIGN.sub(r"\\\g<0>", glob).translate(_LIKE)
        return first + np.flatnonzero(pc.match_like(terms, like))

    @cached_property
    def _arrow(self) -> pa.Array:
        return _arrow(self.terms)


@cache
def _compiled(glob: str) -> Callable[[str], object]:
    """The test of a word with wildcards; `[` is no wildcard here."""
    return re.compile(translate(glob.replace("[", "[[]"))).match


def _arrow(terms: NDArray[np.object_]) -> pa.Array:
    return pa.array(terms, pa.large_string())


class PatternSearch:
    """Finds patterns in one stream, each by itself, without regard to the others."""

    def __init__(self, stream: TokenStream) -> None:
        self.stream = stream
        self.vocabulary = SortedTerms(stream.terms)
        # With one gap more: nothing follows the last token.
        self.gaps = np.append(stream.gaps, np.uint8(_NEW_ARTICLE))
        self.gaps[stream.bounds] = GAP_SENTENCE | _NEW_ARTICLE

    def find(self, patterns: list[Pattern]) -> tuple[Ids, Ids, Ids]:
        """Number of the pattern, first and last token, of every match."""
        # Of a long lexicon few patterns begin anywhere in a batch.
        begun = {
            number: pattern
            for number, pattern in enumerate(patterns)
            if any(len(self.vocabulary.match(glob)) for _, glob, _ in pattern.tokens[0])
        }
        self._index(list(begun.values()))
        found: list[tuple[Ids, Ids, Ids]] = []
        for number, pattern in begun.items():
            for first, last in self._find_one(pattern):
                found.append((np.full(len(first), number), first, last))
        if not found:
            return _NONE, _NONE, _NONE
        numbers, firsts, lasts = zip(*found, strict=True)
        return np.concatenate(numbers), np.concatenate(firsts), np.concatenate(lasts)

    def _index(self, patterns: list[Pattern]) -> None:
        """Sort the places of all terms that a match can begin with by term."""
        from analysis.tokens.tally import occurrences

        # Of each term: whether it can be a whole match, its first token, and its second.
        roles = np.zeros(len(self.vocabulary.terms), dtype=np.uint8)
        for pattern in patterns:
            for end, glob, _ in pattern.tokens[0]:
                whole = end == len(pattern.words)
                following = [] if whole else pattern.tokens[end]
                seconds = [self.vocabulary.match(second) for _, second, _ in following]
                n = sum(map(len, seconds))
                # Where any term may follow, as in "talks * talks", nothing is gained by looking.
                if whole or n > len(roles) / 2:
                    roles[self.vocabulary.match(glob)] |= _ALL
                elif n:
                    roles[self.vocabulary.match(glob)] |= _FIRST
                    for second in seconds:
                        roles[second] |= _SECOND
        places = occurrences(self.stream.ids, roles)
        ids = self.stream.ids[places]
        self.places = places[np.argsort(ids, kind="stable")]
        counts = np.bincount(ids, minlength=len(roles))
        self.place_bounds = np.concatenate([[0], np.cumsum(counts)])

    def _find_one(self, pattern: Pattern) -> Iterator[tuple[Ids, Ids]]:
        """Walk through the words of a pattern; each token takes one or several hyphened words."""
        n = len(pattern.words)
        # reached[k]: matches of the first k words, as pairs (first token, last token).
        reached: list[list[tuple[Ids, Ids]]] = [[] for _ in range(n + 1)]
        for end, glob, hyphen in pattern.tokens[0]:
            begin = self._begin(self.vocabulary.match(glob))
            begin = begin[self._preceded(begin, hyphen)]
            if len(begin):
                reached[end].append((begin, begin))
        for start in range(1, n):
            if not reached[start]:
                continue
            ends = [(end, self.vocabulary.match(g), h) for end, g, h in pattern.tokens[start]]
            for first, last in reached[start]:
                near = _crosses(self.gaps[last + 1], pattern.gaps[start])
                first, last = first[near], last[near] + 1
                following = self.stream.ids[last]
                for end, terms, hyphen in ends:
                    fits = _is_in(following, terms) & self._preceded(last, hyphen)
                    if fits.any():
                        reached[end].append((first[fits], last[fits]))
        yield from reached[n]

    def _preceded(self, tokens: Ids, hyphen: bool) -> NDArray[np.bool_]:
        """Whether a hyphen stands before each token, where one must."""
        return (self.gaps[tokens] & GAP_HYPHEN > 0) | (not hyphen)

    def _begin(self, terms: Ids) -> Ids:
        """Places of some terms; terms that follow each other lie side by side."""
        if not len(terms):
            return _NONE
        bounds = self.place_bounds
        if len(terms) == 1:
            return self.places[bounds[terms[0]] : bounds[terms[0] + 1]]
        runs = np.append(np.flatnonzero(np.diff(terms) > 1), len(terms) - 1)
        begins, ends = np.append(0, runs[:-1] + 1), runs
        spans = zip(bounds[terms[begins]], bounds[terms[ends] + 1], strict=True)
        return np.concatenate([self.places[begin:end] for begin, end in spans])


def _crosses(gaps: NDArray[np.uint8], gap: int) -> NDArray[np.bool_]:
    """Whether each gap has nothing but what a pattern's has, and the slashes and & of it.

    Within a sentence; where the pattern itself is of two, it crosses anything. A hyphen is as good
    as a space.
    """
    if gap == GAP_SENTENCE:
        return gaps < _NEW_ARTICLE
    needed = gap & (GAP_SLASH | GAP_AMPERSAND)
    crosses: NDArray[np.bool_] = (gaps | gap | GAP_HYPHEN) == gap | GAP_HYPHEN
    crosses &= gaps & needed == needed
    return crosses


def _is_in(ids: NDArray[np.int32], terms: Ids) -> NDArray[np.bool_]:
    """Whether each id is one of some sorted terms; most often these are a range."""
    if not len(terms):
        return np.zeros(len(ids), bool)
    if len(terms) == terms[-1] - terms[0] + 1:
        found: NDArray[np.bool_] = (ids >= terms[0]) & (ids <= terms[-1])
    else:
        found = np.isin(ids, terms)
    return found
