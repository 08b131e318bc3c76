"""The one matcher: every hit of a lexicon in a stream of tokens.

The rules, which ``docs/lexicons.md`` explains:

1. Within a frame a token counts once. Where patterns overlap, the one that covers most tokens
   wins; then the one that begins first; then an exclusion before a pattern; then the more
   specific pattern (more words, fewer wildcards, more letters). A token may count for two frames.
2. An exclusion (``-lightning strike*``) takes its tokens like a pattern, and counts for nothing.
3. A hit is negated if, in its sentence, the nearest negator before it ends at most
   ``negation_window`` tokens earlier. Negators that follow each other directly ("not without")
   cancel in pairs.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.patterns import (
    EXCLUSION,
    MAX_JOINED,
    Ids,
    Pattern,
    SortedTerms,
    parse_patterns,
)
from analysis.tokens import GAP_SENTENCE, GAP_SPACE, TermRules, TokenStream

_NEW_ARTICLE = 3


@dataclass(frozen=True, eq=False)
class Hits:
    """Hits in the order of the text; arrays have one entry a hit.

    Attributes
    ----------
    frames, patterns : tuple of str
        Names that the two codes below point to.
    article : int64 array
        Number of the text in the stream.
    frame, pattern : int64 arrays
        Positions in `frames` and `patterns`.
    first, last : int64 arrays
        First and last token of the hit, as positions in the stream.
    negated : bool array
    """

    frames: tuple[str, ...]
    patterns: tuple[str, ...]
    article: Ids
    frame: Ids
    pattern: Ids
    first: Ids
    last: Ids
    negated: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.first)

    def to_frame(self) -> pd.DataFrame:
        """The hits as a table: ``article, frame, pattern, first, last, negated``."""
        return pd.DataFrame(
            {
                "article": self.article,
                "frame": np.array(self.frames, dtype=object)[self.frame],
                "pattern": np.array(self.patterns, dtype=object)[self.pattern],
                "first": self.first,
                "last": self.last,
                "negated": self.negated,
            }
        )


def find_hits(stream: TokenStream, lexicon: Lexicon, rules: TermRules = TermRules()) -> Hits:
    """Find every hit of a lexicon's frames.

    Parameters
    ----------
    stream : TokenStream
        Tokenized by ``patterns.text_rules(rules)``: nothing stemmed, nothing left out.
    lexicon : Lexicon
    rules : TermRules
        How the stream's tokens were folded; the patterns are folded in the same way.
    """
    frames = tuple(lexicon.frames)
    lists = [*lexicon.frames.values(), lexicon.negators]
    # Every list of patterns is matched in the same way; the last one holds the negators.
    owner = np.repeat(np.arange(len(lists)), [len(patterns) for patterns in lists])
    sources = [source for patterns in lists for source in patterns]
    parsed = parse_patterns([source.removeprefix(EXCLUSION) for source in sources], rules)
    excluded = np.array([source.startswith(EXCLUSION) for source in sources], dtype=bool)
    names, codes = np.unique(np.array(sources, dtype=object), return_inverse=True)

    number, first, last = _Matcher(stream).find(parsed)
    order = sorted(range(len(parsed)), key=lambda i: (not excluded[i], parsed[i].specificity))
    rank = np.empty(len(parsed), np.int64)
    rank[order] = np.arange(len(parsed))
    kept = _resolve(owner[number], first, last, rank[number])
    kept = kept[~excluded[number[kept]]]
    number, first, last = number[kept], first[kept], last[kept]

    negator = owner[number] == len(frames)
    hit = ~negator
    negated = _negated(stream, (first[negator], last[negator]), first[hit], lexicon.negation_window)
    number, first, last = number[hit], first[hit], last[hit]
    article = np.searchsorted(stream.bounds, first, side="right") - 1
    in_text = np.lexsort((owner[number], first))
    return Hits(
        frames,
        tuple(names),
        article=article[in_text],
        frame=owner[number][in_text],
        pattern=codes[number][in_text],
        first=first[in_text],
        last=last[in_text],
        negated=negated[in_text],
    )


class _Matcher:
    """Finds patterns in one stream, each by itself, without regard to the others."""

    def __init__(self, stream: TokenStream) -> None:
        self.stream = stream
        self.vocabulary = SortedTerms(stream.terms)
        self.gaps = stream.gaps.copy()
        nonempty = np.flatnonzero(np.diff(stream.bounds))
        self.gaps[stream.bounds[nonempty]] = _NEW_ARTICLE

    def find(self, patterns: list[Pattern]) -> tuple[Ids, Ids, Ids]:
        """Number of the pattern, first and last token, of every match."""
        self._index(patterns)
        found: list[tuple[Ids, Ids, Ids]] = []
        for number, pattern in enumerate(patterns):
            for first, last in self._find_one(pattern):
                found.append((np.full(len(first), number), first, last))
        if not found:
            none = np.zeros(0, np.int64)
            return none, none, none
        numbers, firsts, lasts = zip(*found, strict=True)
        return np.concatenate(numbers), np.concatenate(firsts), np.concatenate(lasts)

    def _index(self, patterns: list[Pattern]) -> None:
        """Sort the places of all terms that a match can begin with by term."""
        wanted = np.zeros(len(self.vocabulary.terms), dtype=bool)
        for pattern in patterns:
            for end in _ends(pattern, 0):
                wanted[self._terms(pattern, 0, end)] = True
        places = np.flatnonzero(wanted[self.stream.ids])
        ids = self.stream.ids[places]
        self.places = places[np.argsort(ids, kind="stable")]
        counts = np.bincount(ids, minlength=len(wanted))
        self.place_bounds = np.concatenate([[0], np.cumsum(counts)])

    def _terms(self, pattern: Pattern, start: int, end: int) -> Ids:
        return self.vocabulary.match("-".join(pattern.words[start:end]))

    def _find_one(self, pattern: Pattern) -> Iterator[tuple[Ids, Ids]]:
        """Walk through the words of a pattern; each token takes one or several hyphened words."""
        n = len(pattern.words)
        # reached[k]: matches of the first k words, as pairs (first token, last token).
        reached: list[list[tuple[Ids, Ids]]] = [[] for _ in range(n + 1)]
        for end in _ends(pattern, 0):
            begin = self._begin(self._terms(pattern, 0, end))
            reached[end].append((begin, begin))
        for start in range(1, n):
            pairs = [pair for pair in reached[start] if len(pair[0])]
            if not pairs:
                continue
            first = np.concatenate([pair[0] for pair in pairs])
            last = np.concatenate([pair[1] for pair in pairs])
            inside = last + 1 < len(self.stream.ids)
            first, last = first[inside], last[inside]
            near = self.gaps[last + 1] <= min(pattern.gaps[start], GAP_SENTENCE)
            first, last = first[near], last[near]
            following = self.stream.ids[last + 1]
            for end in _ends(pattern, start):
                fits = np.isin(following, self._terms(pattern, start, end))
                reached[end].append((first[fits], last[fits] + 1))
        yield from (pair for pair in reached[n] if len(pair[0]))

    def _begin(self, terms: Ids) -> Ids:
        """Places of some terms; terms that follow each other lie side by side."""
        runs = np.split(terms, np.flatnonzero(np.diff(terms) > 1) + 1) if len(terms) else []
        bounds = self.place_bounds
        spans = [self.places[bounds[run[0]] : bounds[run[-1] + 1]] for run in runs]
        return np.concatenate(spans) if spans else np.zeros(0, np.int64)


def _ends(pattern: Pattern, start: int) -> Iterator[int]:
    """Where a token that begins with word `start` of a pattern may end."""
    yield start + 1
    for end in range(start + 2, min(start + MAX_JOINED, len(pattern.words)) + 1):
        words = pattern.words[end - 2 : end]
        if pattern.gaps[end - 1] > GAP_SPACE or any(not word.strip("*?") for word in words):
            return
        yield end


def _resolve(owner: Ids, first: Ids, last: Ids, rank: Ids) -> Ids:
    """Which matches stand, where matches of the same frame overlap."""
    order = np.lexsort((rank, first, first - last, owner))
    span = np.column_stack([owner, first, last])[order]
    # Of several patterns that take the same tokens only the first in order can stand.
    order = order[np.concatenate([[True], (span[1:] != span[:-1]).any(axis=1)])[: len(order)]]
    crowded = _overlapping(owner[order], first[order], last[order])
    standing: list[int] = []
    taken: set[tuple[int, int]] = set()
    for match in order[crowded]:
        tokens = {(int(owner[match]), t) for t in range(first[match], last[match] + 1)}
        if taken.isdisjoint(tokens):
            taken |= tokens
            standing.append(match)
    return np.sort(np.concatenate([order[~crowded], np.array(standing, dtype=np.int64)]))


def _overlapping(owner: Ids, first: Ids, last: Ids) -> NDArray[np.bool_]:
    """Whether a match shares a token with another of its frame, directly or through a third."""
    begins = np.lexsort((first, owner))
    # Frames are laid end to end, so that matches of different frames never touch.
    shift = owner * (int(last.max(initial=0)) + 1)
    from_, to = (first + shift)[begins], (last + shift)[begins]
    starts = np.ones(len(begins), dtype=np.int64)
    starts[1:] = from_[1:] > np.maximum.accumulate(to)[:-1]
    cluster = np.empty(len(begins), np.int64)
    cluster[begins] = np.cumsum(starts)
    sizes = np.bincount(cluster)
    crowded: NDArray[np.bool_] = sizes[cluster] > 1
    return crowded


def _negated(
    stream: TokenStream, negators: tuple[Ids, Ids], hits: Ids, window: int
) -> NDArray[np.bool_]:
    """Whether the nearest run of negators before each hit negates it."""
    if not len(negators[0]) or not len(hits):
        return np.zeros(len(hits), dtype=bool)
    breaks = stream.gaps >= GAP_SENTENCE
    nonempty = np.flatnonzero(np.diff(stream.bounds))
    breaks[stream.bounds[nonempty]] = True
    sentence = np.cumsum(breaks, dtype=np.int64)
    order = np.argsort(negators[0])
    first, last = negators[0][order], negators[1][order]
    follows = (first[1:] == last[:-1] + 1) & (sentence[first[1:]] == sentence[last[:-1]])
    starts = np.concatenate([[True], ~follows])
    position = np.arange(len(first))
    in_run = position - np.maximum.accumulate(np.where(starts, position, 0))
    nearest = np.searchsorted(last, hits) - 1
    before = nearest >= 0
    nearest = np.where(before, nearest, 0)
    close = before & (hits - last[nearest] <= window)
    same = sentence[last[nearest]] == sentence[hits]
    negated: NDArray[np.bool_] = close & same & (in_run[nearest] % 2 == 0)
    return negated


def count_hits(stream: TokenStream, hits: Hits) -> tuple[pd.DataFrame, sparse.csr_array]:
    """Hit types (frame, pattern, match, negated), sorted, and a matrix of texts by hit types."""
    columns = [hits.frame, hits.pattern, hits.negated.astype(np.int64)]
    for offset in range(int((hits.last - hits.first).max(initial=0)) + 1):
        token = np.minimum(hits.first + offset, hits.last)
        columns.append(np.where(token == hits.first + offset, stream.ids[token], -1))
    examples, codes = _kinds(columns)
    types = pd.DataFrame(
        {
            "frame": np.array(hits.frames, dtype=object)[hits.frame[examples]],
            "pattern": np.array(hits.patterns, dtype=object)[hits.pattern[examples]],
            "match": [
                " ".join(stream.terms[stream.ids[hits.first[hit] : hits.last[hit] + 1]])
                for hit in examples
            ],
            "negated": hits.negated[examples],
        }
    ).astype({"frame": "str", "pattern": "str", "match": "str", "negated": "bool"})
    order = types.sort_values(list(types.columns)).index.to_numpy()
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    shape = (len(stream.bounds) - 1, len(types))
    ones = np.ones(len(hits), np.int64)
    counts = sparse.coo_array((ones, (hits.article, place[codes])), shape=shape).tocsr()
    counts.sum_duplicates()
    return types.loc[order].reset_index(drop=True), counts


def _kinds(columns: list[Ids]) -> tuple[Ids, Ids]:
    """Of rows with equal entries in all columns, the first; and for each row, which kind it is."""
    codes = np.zeros(len(columns[0]), np.int64)
    examples = np.zeros(0, np.int64)
    for column in columns:
        # One number a row, column by column: many times faster than np.unique(axis=0).
        codes = codes * (int(column.max(initial=0)) + 2) + column + 1
        _, examples, codes = np.unique(codes, return_index=True, return_inverse=True)
    return examples, codes
