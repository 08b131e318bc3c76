"""The one search: every hit of a lexicon in a token stream, by the rules of docs/lexicons.md."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.lexicons.frames import Weights, weigh
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.patterns import EXCLUSION, parse_patterns, text_rules
from analysis.lexicons.search import PatternSearch
from analysis.tokens import GAP_SENTENCE, TermRules, TokenStream
from analysis.tokens.texts import ranges

Ids = NDArray[np.int64]


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
    weights : dict of frame to dict of pattern to float
        Of the frames that have some.
    """

    frames: tuple[str, ...]
    patterns: tuple[str, ...]
    article: Ids
    frame: Ids
    pattern: Ids
    first: Ids
    last: Ids
    negated: NDArray[np.bool_]
    weights: Weights = field(default_factory=dict)

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


def find_hits(
    stream: TokenStream,
    lexicon: Lexicon,
    rules: TermRules = TermRules(),
    languages: Iterable[str] | None = None,
) -> Hits:
    """Find every hit of a lexicon's frames.

    Parameters
    ----------
    stream : TokenStream
        Tokenized by ``patterns.text_rules(rules)``: nothing stemmed, nothing left out.
    lexicon : Lexicon
    rules : TermRules
        How the stream's tokens were folded; the patterns are folded in the same way.
    languages : iterable of str, optional
        The language of each text: a lexicon in several has only hits of its patterns in this one.
    """
    return match_once(stream, lexicon, rules, languages)()


def match_once(
    stream: TokenStream,
    lexicon: Lexicon,
    rules: TermRules = TermRules(),
    languages: Iterable[str] | None = None,
) -> Callable[..., Hits]:
    """What gives the hits of `find_hits`, also ``without`` some patterns, as (frame, pattern).

    Each pattern is matched once, by itself; which matches are hits is told anew.
    """
    if lexicon.parts and languages is not None:
        return _by_language(stream, lexicon, rules, np.array(list(languages), object))
    known = _prepared(tuple(lexicon.frames.values()), lexicon.negators, text_rules(rules))
    return partial(_hits, stream, lexicon, known, known.search.find(stream))


def _hits(
    stream: TokenStream,
    lexicon: Lexicon,
    known: "_Prepared",
    found: tuple[Ids, Ids, Ids],
    without: Collection[tuple[str, str]] = (),
) -> Hits:
    from analysis.lexicons.automaton import standing

    frames = tuple(lexicon.frames)
    if gone := [known.of[frames.index(frame), pattern] for frame, pattern in without]:
        left = ~np.isin(found[0], gone)
        found = found[0][left], found[1][left], found[2][left]
    number, first, last = found
    # Within a frame, as in the rules above: longest, first, most specific.
    order = np.lexsort((known.rank[number], first, first - last, known.owner[number]))
    # Numbers of the tokens that matches have: of all, most are in none.
    reach = np.maximum.accumulate(last)
    before = np.cumsum(np.maximum(first - np.append(-1, reach[:-1])[: len(first)] - 1, 0))
    places = ((of - before)[order] for of in (first, last))
    kept = order[standing(known.owner[number[order]], *places)]
    kept = kept[~known.excluded[number[kept]]]
    number, first, last = number[kept], first[kept], last[kept]

    hit = known.owner[number] < len(frames)
    negated = _negated(stream, (first[~hit], last[~hit]), first[hit], lexicon.negation_window)
    number, first, last = number[hit], first[hit], last[hit]
    order = np.lexsort((known.owner[number], first))
    number, first, last, negated = number[order], first[order], last[order], negated[order]
    article = np.searchsorted(stream.bounds, first, side="right") - 1
    which = known.owner[number], known.code[number]
    return Hits(frames, known.names, article, *which, first, last, negated, lexicon.weights)


def _by_language(
    stream: TokenStream, lexicon: Lexicon, rules: TermRules, languages: NDArray[np.object_]
) -> Callable[..., Hits]:
    """The hits of each part of a lexicon in the texts of its language."""
    frames = tuple(lexicon.frames)
    names = tuple(sorted({pattern for patterns in lexicon.frames.values() for pattern in patterns}))
    parts = []
    for code, part in lexicon.parts.items():
        texts = np.flatnonzero(languages == code)
        sizes = np.diff(stream.bounds)[texts]
        places = ranges(stream.bounds[texts], sizes)
        bounds = np.append(0, np.cumsum(sizes))
        own = replace(stream, ids=stream.ids[places], gaps=stream.gaps[places], bounds=bounds)
        parts.append((part, texts, places, match_once(own, part, rules)))

    def hits(without: Collection[tuple[str, str]] = ()) -> Hits:
        found = []
        for part, texts, places, own in parts:
            mine = own([(frame, p) for frame, p in without if p in part.frames[frame]])
            frame = np.array([frames.index(name) for name in mine.frames], np.int64)[mine.frame]
            pattern = mine.pattern
            if len(mine):
                pattern = np.searchsorted(names, mine.patterns)[pattern]
            found.append((texts[mine.article], frame, pattern, places[mine.first],
                          places[mine.last], mine.negated))  # fmt: skip
        article, frame, pattern, first, last, negated = map(
            np.concatenate, zip(*found, strict=True)
        )
        order = np.lexsort((frame, first))
        which = article[order], frame[order], pattern[order], first[order], last[order]
        return Hits(frames, names, *which, negated[order], lexicon.weights)

    return hits


class _Prepared(NamedTuple):
    """The patterns of a lexicon; arrays have one entry a pattern, those of the negators last."""

    search: PatternSearch
    owner: Ids
    excluded: NDArray[np.bool_]
    rank: Ids
    names: tuple[str, ...]
    code: Ids
    of: dict[tuple[int, str], int]  # the number of each, by owner and name


# A corpus comes in many batches, each searched for the same patterns.
@lru_cache(maxsize=16)
def _prepared(
    frames: tuple[tuple[str, ...], ...], negators: tuple[str, ...], rules: TermRules
) -> _Prepared:
    lists = [*frames, negators]
    owner = np.repeat(np.arange(len(lists)), [len(patterns) for patterns in lists])
    sources = [source for patterns in lists for source in patterns]
    parsed = parse_patterns([source.removeprefix(EXCLUSION) for source in sources], rules)
    excluded = np.array([source.startswith(EXCLUSION) for source in sources], dtype=bool)
    best = sorted(range(len(parsed)), key=lambda i: (not excluded[i], parsed[i].specificity))
    names, code = np.unique(np.array(sources, dtype=object), return_inverse=True)
    search = PatternSearch(parsed)
    of = {pair: n for n, pair in enumerate(zip(owner.tolist(), sources, strict=True))}
    return _Prepared(search, owner, excluded, np.argsort(best), tuple(names), code, of)


def _negated(
    stream: TokenStream, negators: tuple[Ids, Ids], hits: Ids, window: int
) -> NDArray[np.bool_]:
    """Whether the nearest run of negators before each hit negates it."""
    if not len(negators[0]) or not len(hits):
        return np.zeros(len(hits), dtype=bool)
    order = np.argsort(negators[0])
    first, last = negators[0][order], negators[1][order]
    begins = np.append(True, (first[1:] != last[:-1] + 1) | _begin(stream, first[1:]))
    position = np.arange(len(first))
    in_run = position - np.maximum.accumulate(np.where(begins, position, 0))
    nearest = np.searchsorted(last, hits) - 1
    negator = np.where(nearest >= 0, last[nearest], -window - 1)
    negated: NDArray[np.bool_] = (hits - negator <= window) & (in_run[nearest] % 2 == 0)
    # From each hit back to its negator: no sentence may begin in between.
    for step in range(int((hits - negator)[negated].max(initial=0))):
        negated &= (hits - step <= negator) | ~_begin(stream, hits - step)
    return negated


def _begin(stream: TokenStream, tokens: Ids) -> NDArray[np.bool_]:
    """Whether these tokens begin a sentence."""
    at = stream.bounds[np.searchsorted(stream.bounds, tokens)]
    begin: NDArray[np.bool_] = (at == tokens) | (stream.gaps[tokens] & GAP_SENTENCE > 0)
    return begin


def count_hits(stream: TokenStream, hits: Hits) -> tuple[pd.DataFrame, sparse.csr_array]:
    """Hit types (frame, pattern, match, negated), sorted, and a matrix of texts by hit types.

    Those of a lexicon with weights have their ``weight``, too.
    """
    columns = [hits.frame, hits.pattern, hits.negated.astype(np.int64)]
    for offset in range(int((hits.last - hits.first).max(initial=0)) + 1):
        token = np.minimum(hits.first + offset, hits.last)
        columns.append(np.where(token == hits.first + offset, stream.ids[token], -1))
    examples, codes = _kinds(columns)
    spans = zip(hits.first[examples], hits.last[examples] + 1, strict=True)
    matches = [" ".join(stream.terms[stream.ids[first:end]]) for first, end in spans]
    found = {"frame": np.array(hits.frames, dtype=object)[hits.frame[examples]],
             "pattern": np.array(hits.patterns, dtype=object)[hits.pattern[examples]],
             "match": matches, "negated": hits.negated[examples]}  # fmt: skip
    kinds = {"frame": "str", "pattern": "str", "match": "str", "negated": "bool"}
    types = pd.DataFrame(found).astype(kinds)
    order = types.sort_values(list(types.columns)).index.to_numpy()
    place = np.argsort(order)
    shape = (len(stream.bounds) - 1, len(types))
    ones = np.ones(len(hits), np.int64)
    counts = sparse.coo_array((ones, (hits.article, place[codes])), shape=shape).tocsr()
    counts.sum_duplicates()
    return weigh(types.loc[order].reset_index(drop=True), hits.weights), counts


def _kinds(columns: list[Ids]) -> tuple[Ids, Ids]:
    """Of rows with equal entries in all columns, the first; and for each row, which kind it is."""
    codes, limit = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        # One number a row, column by column: many times faster than np.unique(axis=0).
        size = int(column.max(initial=0)) + 2
        if limit * size > 1 << 62:
            codes, limit = np.unique(codes, return_inverse=True)[1], len(codes)
        codes, limit = codes * size + column + 1, limit * size
    _, examples, codes = np.unique(codes, return_index=True, return_inverse=True)
    return examples, codes
