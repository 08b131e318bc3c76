"""Where patterns match: words with wildcards among sorted terms, phrases in a stream of tokens."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from fnmatch import translate
from functools import cache, cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.lexicons.patterns import Pattern
from analysis.tokens import TokenStream

_FIRST_WILDCARD = re.compile(r"[*?]")
_LAST_CHARACTER = "\U0010ffff"
# How SQL's LIKE, which Arrow knows, writes the wildcards; its own signs need a \ before them.
_LIKE = str.maketrans({"*": "%", "?": "_"})
_LIKE_SIGN = re.compile(r"[%_\\]")
# To so few terms a regular expression of Python's is put faster than a column is made for Arrow.
_FEW = 64

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
        if "-" in glob and glob != _prefix(glob):
            # Only terms with a hyphen can match: there are far fewer.
            found = self._hyphenated[0]._search_all(glob) if self._hyphenated[1].size else _NONE
            return self._hyphenated[1][found]
        return self._search_all(glob)

    def _search_all(self, glob: str) -> Ids:
        first, end = self._range(glob)
        if first == end or _is_range(glob):
            return np.arange(first, end)
        if end - first <= _FEW:
            fits = _test(glob)
            return np.array([i for i in range(first, end) if fits(self._list[i])], np.int64)
        terms = self._arrow if end - first == len(self.terms) else _arrow(self.terms[first:end])
        like = _LIKE_SIGN.sub(r"\\\g<0>", glob).translate(_LIKE)
        return first + np.flatnonzero(pc.match_like(terms, like))

    def _range(self, glob: str) -> tuple[int, int]:
        """The terms that begin with what stands before the first wildcard, or are it."""
        prefix, terms = _prefix(glob), self._list
        first = bisect_left(terms, prefix) if prefix else 0
        if prefix == glob:
            return first, first + (first < len(terms) and terms[first] == glob)
        if not prefix:
            return 0, len(terms)
        if first == len(terms) or not terms[first].startswith(prefix):
            return first, first
        return first, bisect_left(terms, prefix + _LAST_CHARACTER, first)

    def match_all(self, globs: list[str]) -> tuple[Ids, Ids]:
        """`match` of many words: the positions for one after the other, and the bounds of each."""
        found: dict[int, Ids] = {}
        ranges = np.zeros((len(globs), 2), np.int64)
        for k, glob in enumerate(globs):
            if _is_range(glob):
                ranges[k] = self._range(glob)
            else:
                found[k] = self.match(glob)
                ranges[k] = 0, len(found[k])
        sizes = ranges[:, 1] - ranges[:, 0]
        bounds = np.append(0, np.cumsum(sizes))
        terms = np.arange(bounds[-1]) + np.repeat(ranges[:, 0] - bounds[:-1], sizes)
        for k, positions in found.items():
            terms[bounds[k] : bounds[k + 1]] = positions
        return terms, bounds

    @cached_property
    def _arrow(self) -> pa.Array:
        return _arrow(self.terms)

    @cached_property
    def _hyphenated(self) -> "tuple[SortedTerms, Ids]":
        """The terms with a hyphen, and their positions."""
        places = np.array([k for k, term in enumerate(self._list) if "-" in term], np.int64)
        return SortedTerms(self.terms[places]), places


@cache
def _prefix(glob: str) -> str:
    """What stands before the first wildcard."""
    return _FIRST_WILDCARD.split(glob, maxsplit=1)[0]


@cache
def _is_range(glob: str) -> bool:
    """Whether all that it matches among sorted terms stand together: no wildcard but a last *."""
    return glob in (_prefix(glob), _prefix(glob) + "*")


@cache
def _test(glob: str) -> Callable[[str], object]:
    """The test of a word with wildcards (`[` is none here) for terms that begin as it does."""
    head, _, tail = glob.partition("*")
    if _FIRST_WILDCARD.search(head + tail):
        return re.compile(translate(glob.replace("[", "[[]"))).match
    length = len(head) + len(tail)
    return lambda term: len(term) >= length and term.endswith(tail)


def _arrow(terms: NDArray[np.object_]) -> pa.Array:
    return pa.array(terms, pa.large_string())


class PatternSearch:
    """Finds patterns in streams, each by itself, without regard to the others.

    The patterns are an automaton: each of their words is a state, and each option of a state says
    which token may begin with the word (the number of a glob, and whether a hyphen must stand
    before the token), and what comes after it: another state, or ``~n``, where pattern n ends.
    """

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        globs: dict[str, int] = {}
        options: list[tuple[int, bool, int]] = []
        bounds, gaps, begins = [0], list[int](), list[int]()
        for number, pattern in enumerate(patterns):
            first, words = len(gaps), len(pattern.words)
            begins += range(len(options), len(options) + len(pattern.tokens[0]))
            for state in pattern.tokens:
                for end, glob, hyphen in state:
                    after = first + end if end < words else ~number
                    options.append((globs.setdefault(glob, len(globs)), hyphen, after))
                bounds.append(len(options))
            gaps += pattern.gaps
        self.globs, self.begins = list(globs), np.array(begins, np.int64)
        self.options = np.array(options, np.int64).reshape(-1, 3)
        self.states = np.array(bounds, np.int64), np.array(gaps, np.uint8)
        # A bit for each glob that may come second, as far as there are bits: most tokens that could
        # begin a match are followed by none.
        after = self.options[self.begins, 2]
        of_state = np.repeat(np.arange(len(gaps)), np.diff(bounds))
        self.seconds = np.unique(self.options[np.isin(of_state, after), 0])
        self.bits = np.zeros(len(globs), np.uint64)
        self.bits[self.seconds] = np.uint64(1) << (
            np.arange(len(self.seconds), dtype=np.uint64) % 63
        )

    def find(self, stream: TokenStream) -> tuple[Ids, Ids, Ids]:
        """Number of the pattern, first and last token, of every match."""
        from analysis.lexicons.automaton import ALONE, matches

        n = len(stream.terms)
        terms, bounds = SortedTerms(stream.terms).match_all(self.globs)
        which, places = _places(bounds, self.options[self.begins, 0])
        order = np.argsort(terms[places], kind="stable")
        begins = self.begins[which[order]]
        begins_of = np.append(0, np.cumsum(np.bincount(terms[places], minlength=n)))
        of_state = np.bitwise_or.reduceat(self.bits[self.options[:, 0]], self.states[0][:-1])
        after = self.options[begins, 2]
        needs = np.where(after < 0, ALONE, of_state[after])
        which, places = _places(bounds, self.seconds)
        follows = np.zeros(n, np.uint64)
        np.bitwise_or.at(follows, terms[places], self.bits[self.seconds[which]])
        tokens = stream.ids, stream.gaps, stream.bounds
        search: tuple[Any, ...] = self.options, *self.states, terms, bounds
        found = matches(*tokens, begins, begins_of, needs, follows, *search)
        return found[:, 0], found[:, 1], found[:, 2]


def _places(bounds: Ids, lists: Ids) -> tuple[Ids, Ids]:
    """The places ``bounds[k]`` to ``bounds[k + 1]`` of each list k; and of which one each is."""
    sizes = np.diff(bounds)[lists]
    which = np.repeat(np.arange(len(lists)), sizes)
    return which, np.arange(len(which)) + (bounds[lists] - np.cumsum(sizes) + sizes)[which]
