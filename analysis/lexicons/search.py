"""Where patterns match: words with wildcards among sorted terms, phrases in a stream of tokens."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.lexicons.patterns import Pattern
from analysis.tokens import TokenStream
from analysis.tokens.texts import string_bytes

Ids = NDArray[np.int64]


class SortedTerms:
    """The sorted terms of a corpus, to be searched by words with wildcards."""

    def __init__(self, terms: pa.LargeStringArray | NDArray[np.object_]) -> None:
        self._bytes = string_bytes(pa.array(terms, pa.large_string()))

    def match(self, glob: str) -> Ids:
        """Positions of the terms that a word with wildcards matches, in order."""
        return self.match_all([glob])[0]

    def match_all(self, globs: list[str]) -> tuple[Ids, Ids]:
        """`match` of many words: the positions for one after the other, and the bounds of each."""
        from analysis.lexicons.automaton import terms_matching

        return terms_matching(*self._bytes, *string_bytes(pa.array(globs, pa.large_string())))


class PatternSearch:
    """Finds patterns in streams, each by itself, without regard to the others.

    The patterns are an automaton, in which those that begin alike share their first states. Each
    option of a state says which token may come next (the number of a glob, and whether a hyphen
    must stand before the token), and what follows it: another state, or ``~n``, where pattern n
    ends. A state has read so many words, and knows the gap that may precede the next.
    """

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        globs: dict[str, int] = {}
        states: dict[tuple[Any, ...], int] = {((), (0,)): 0}
        options: list[dict[tuple[int, bool, int], None]] = [{}]
        for number, pattern in enumerate(patterns):
            words, gaps = pattern.words, (0, *pattern.gaps[1:])
            known = [states.setdefault((words[:at], gaps[: at + 1]), len(states))
                     for at in range(len(words))]  # fmt: skip
            options += [{} for _ in range(len(states) - len(options))]
            for state, tokens in zip(known, pattern.tokens, strict=True):
                for end, glob, hyphen in tokens:
                    after = known[end] if end < len(words) else ~number
                    options[state][globs.setdefault(glob, len(globs)), hyphen, after] = None
        self.globs = list(globs)
        self._automaton = (
            np.array([option for some in options for option in some], np.int64).reshape(-1, 3),
            np.cumsum([0, *map(len, options)]),
            np.array([gaps[-1] for _, gaps in states], np.uint8),
        )

    def find(self, stream: TokenStream) -> tuple[Ids, Ids, Ids]:
        """Number of the pattern, first and last token, of every match."""
        from analysis.lexicons.automaton import matches

        tokens = stream.ids, stream.gaps, stream.bounds, len(stream.strings)
        found = matches(
            *tokens, *self._automaton, *SortedTerms(stream.strings).match_all(self.globs)
        )
        return found[:, 0], found[:, 1], found[:, 2]
