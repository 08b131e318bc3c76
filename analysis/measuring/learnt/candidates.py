"""Candidates for a lexicon: what behaves like a frame's patterns, and patterns that do not."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, special

from analysis.articles import check_table
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.lexicons.matching import Hits, find_hits
from analysis.measuring.intervals import Floats
from analysis.measuring.learnt.phrases import find_phrases
from analysis.measuring.learnt.sentences import RULES, Ints
from analysis.measuring.learnt.space import WordSpace, unit_rows_of, word_space
from analysis.tokens import TermRules, TokenStream, count_tokens, fold, tokenize

LINES = 3
LEAST = 3.3  # of a normal variable, one in a thousand
COLUMNS = (
    "term", "words", "hits", "articles", "nearest", "similarity", "likelihood", "adds",
    "adds_share", "adds_articles", "lines",
)  # fmt: skip
Places = tuple[Ints, Ints, Ints]  # number of what occurs, its first and its last token


@dataclass(frozen=True, eq=False)
class _Corpus:
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


def candidates(
    articles: pd.DataFrame,
    lexicon: Lexicon | str | Path,
    frame: str,
    n: int = 50,
    *,
    phrases: bool = True,
    names: bool = False,
    min_count: int = 10,
    space: WordSpace | None = None,
) -> pd.DataFrame:
    """Find words and phrases that behave like a frame's patterns and are not in the lexicon.

    They are in the order of how near they are in the learnt space to the frame's patterns, less how
    near to those of the other frames (cosines; see `learn_scale`). Each must also stand more often
    beside hits of the frame, in their sentences, than in others: by the signed root of the
    log-likelihood ratio (Dunning 1993, Computational Linguistics 19), of at least 3.3. A phrase is
    two or three words that hold together by NLTK's pointwise mutual information; it has the
    direction of the sentences that it is in, as words have.

    Parameters
    ----------
    articles : DataFrame
    lexicon : Lexicon, or the path or name of one
    frame : str
    n : int
        How many are given.
    phrases, names : bool
        Whether phrases are among them, and words that are mostly written with a capital.
    min_count : int
        How often each must occur.
    space : WordSpace, optional
        The space of a scale that was learnt from these articles, ``learnt.space``; else one is
        learnt, with weights "equal".

    Returns
    -------
    DataFrame
        ``term, words, hits, articles, nearest`` (the pattern of the frame that it is most like),
        ``similarity, likelihood, adds`` (its hits that no pattern of the frame has), ``adds_share``
        (of the frame's hits), ``adds_articles`` (articles that have none of the frame yet),
        ``lines`` (three sentences, of different articles).

    Raises
    ------
    LexiconError
        If there is no such frame, or it has no hits.

    Examples
    --------
    >>> from analysis import Lexicon, candidates, check_articles
    >>> texts = ["Bombs fell in the raid.", "A raid with bombs.", "Envoys held talks.",
    ...          "Talks of the envoys."] * 5
    >>> frame = pd.DataFrame({"text": texts, "doc_id": range(20), "outlet": "Gazette"})
    >>> articles = check_articles(frame.assign(date="2021-03-14"))
    >>> lexicon = Lexicon.from_dict({"war": ["raid"], "talk": ["talks"]})
    >>> candidates(articles, lexicon, "war", 1)[["term", "hits", "nearest", "adds"]]
        term  hits nearest  adds
    0  bombs    10    raid    10
    """
    lexicon = as_lexicon(lexicon)
    frame = lexicon.frame(frame)
    corpus = _Corpus.of(articles, lexicon, space, min(min_count, 5))
    stream, hits = corpus.stream, corpus.hits
    mine = (hits.frame == hits.frames.index(frame)) & ~hits.negated
    if not mine.any():
        raise LexiconError(f"frame={frame!r} has no hits in these articles: nothing is like it.")
    if not isinstance(n, int) or n < 1:
        raise CountsError(f"n={n!r}: it must be a whole number of at least 1.")
    found, (number, first, last) = _occurrences(corpus, phrases, names, min_count)
    covered = _covered(hits, np.isin(hits.frame, [hits.frames.index(frame)]), len(stream.ids))
    free = ~(covered[first] | covered[last])
    times = np.bincount(number, minlength=len(found))
    adds = np.bincount(number, free, len(found)).astype(np.int64)
    kept = np.flatnonzero((adds > times / 2) & ~_in_lexicon(found, lexicon))
    directions = corpus.of_terms(found[kept])
    folded = np.flatnonzero(~directions.any(axis=1))
    new = np.full(len(found), -1)
    new[kept[folded]] = np.arange(len(folded))
    of_these = new[number] >= 0
    directions[folded] = corpus.directions(
        new[number[of_these]], first[of_these], len(folded)
    )  # fmt: skip
    own, pattern_directions, _ = corpus.patterns(frame)
    similarity = directions @ unit_rows_of(pattern_directions).mean(axis=0)
    others = [corpus.patterns(other)[1] for other in lexicon.frames if other != frame]
    if others := [found.mean(axis=0) for found in others if len(found)]:
        similarity = similarity - directions @ np.mean(others, axis=0)
    in_hits = np.unique(corpus.sentence[hits.first[mine]])
    likelihood = _likelihood(corpus, number[free], first[free], in_hits, len(found))[kept]
    best = np.lexsort((kept, -similarity))
    best = best[likelihood[best] >= LEAST][:n]
    rows = kept[best]
    article = np.searchsorted(stream.bounds, first, side="right") - 1
    with_hit = np.unique(hits.article[mine])
    table = []
    for place, row in zip(best, rows, strict=True):
        at = np.flatnonzero(number == row)
        docs, one_each = np.unique(article[at], return_index=True)
        table.append({
            "term": found[row], "words": found[row].count(" ") + 1, "hits": times[row],
            "articles": len(docs),
            "nearest": own[int(np.argmax(pattern_directions @ directions[place]))],
            "similarity": similarity[place], "likelihood": likelihood[place], "adds": adds[row],
            "adds_share": adds[row] / np.count_nonzero(mine),
            "adds_articles": len(np.setdiff1d(article[at[free[at]]], with_hit)),
            "lines": tuple(corpus.line(first[at[k]]) for k in one_each[::-(-len(docs) // LINES)]),
        })  # fmt: skip
    return pd.DataFrame(table, columns=list(COLUMNS))


def unlike_patterns(
    articles: pd.DataFrame, lexicon: Lexicon | str | Path, *, space: WordSpace | None = None
) -> pd.DataFrame:
    """How much each pattern behaves like the others of its frame, the most unlike first.

    ``frame, pattern, hits, own, other, other_frame``: its mean cosine with the other patterns of
    its frame, and with those of the frame that it is most like; where ``other`` is larger, its
    sentences are more like that frame's. Parameters and errors are those of `candidates`.

    Examples
    --------
    >>> from analysis import Lexicon, unlike_patterns
    >>> texts = ["Threats and sanctions.", "Sanctions, new threats.", "Talks of peace.",
    ...          "Peace by talks."] * 5
    >>> frame = pd.DataFrame({"text": texts, "outlet": "Gazette", "doc_id": range(20)})
    >>> lexicon = Lexicon.from_dict({"pressure": ["threats", "sanctions"], "parley": ["talks"]})
    >>> sorted(unlike_patterns(frame, lexicon)["pattern"])
    ['sanctions', 'talks', 'threats']
    """
    lexicon = as_lexicon(lexicon)
    corpus = _Corpus.of(articles, lexicon, space, 5)
    known = {frame: corpus.patterns(frame) for frame in lexicon.frames}
    rows = []
    for frame, (patterns, directions, times) in known.items():
        near = {
            other: (directions @ theirs.T).mean(axis=1)
            for other, (_, theirs, _) in known.items() if other != frame and len(theirs)
        }  # fmt: skip
        alike = directions @ directions.T
        own = (alike.sum(axis=1) - 1) / max(len(patterns) - 1, 1)
        for k, pattern in enumerate(patterns):
            closest = max(near, key=lambda other: near[other][k], default="")
            rows.append({
                "frame": frame, "pattern": pattern, "hits": times[k],
                "own": own[k] if len(patterns) > 1 else np.nan,
                "other": near[closest][k] if closest else np.nan, "other_frame": closest,
            })  # fmt: skip
    columns = ["frame", "pattern", "hits", "own", "other", "other_frame"]
    table = pd.DataFrame(rows, columns=columns)
    order = (table["own"] - table["other"].fillna(0)).sort_values(kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _occurrences(
    corpus: _Corpus, phrases: bool, names: bool, min_count: int
) -> tuple[NDArray[np.object_], Places]:
    """Words of the space, and phrases, that occur often enough; and where."""
    stream = corpus.stream
    terms = pd.Index(stream.terms)
    wanted = terms.isin(corpus.space.terms)
    if not names:
        wanted &= ~terms.isin(_names(corpus.texts))
    n = np.bincount(stream.ids, minlength=len(stream.terms))
    words = np.flatnonzero(wanted & (n >= min_count))
    place = np.full(len(stream.terms), -1, np.int64)
    place[words] = np.arange(len(words))
    at = np.flatnonzero(place[stream.ids] >= 0)
    number, first, last, found = place[stream.ids[at]], at, at, stream.terms[words]
    if phrases:
        more = find_phrases(stream, wanted, min_count)
        number = np.concatenate([number, len(words) + more.number])
        first, last = np.concatenate([first, more.first]), np.concatenate([last, more.last])
        found = np.concatenate([found, more.names])
    return found, (number, first, last)


def _names(texts: pd.Series) -> list[str]:
    """Terms that are mostly written with a capital."""
    rules = TermRules(fold_case=False)
    terms, counts = count_tokens(texts, rules, ordered=False)
    n = np.asarray(counts.sum(axis=0)).ravel()
    table = pd.DataFrame({"n": n, "high": n * [term[:1].isupper() for term in terms]})
    sums = table.groupby([fold(term) for term in terms]).sum()
    return list(sums.index[sums["high"] > sums["n"] / 2])


def _covered(hits: Hits, chosen: NDArray[np.bool_], tokens: int) -> NDArray[np.bool_]:
    """Which tokens belong to the chosen hits."""
    steps = np.bincount(hits.first[chosen], minlength=tokens + 1)
    steps = steps - np.bincount(hits.last[chosen] + 1, minlength=tokens + 1)
    return np.cumsum(steps)[:tokens] > 0


def _in_lexicon(found: NDArray[np.object_], lexicon: Lexicon) -> NDArray[np.bool_]:
    """Which terms a pattern of any frame matches as a whole."""
    stream = tokenize(list(found))
    hits = find_hits(stream, lexicon)
    whole = (hits.first == stream.bounds[hits.article]) & (
        hits.last + 1 == stream.bounds[hits.article + 1]
    )
    marked = np.zeros(len(found), bool)
    marked[hits.article[whole]] = True
    return marked


def _likelihood(corpus: _Corpus, number: Ints, first: Ints, in_hits: Ints, n: int) -> Floats:
    """The signed root of the log-likelihood ratio of standing in a sentence with a hit."""
    total = int(corpus.sentence[-1]) + 1
    pairs = np.unique(number * total + corpus.sentence[first])
    owner, sentence = pairs // total, pairs % total
    every = np.bincount(owner, minlength=n).astype(np.float64)
    both = np.bincount(owner, np.isin(sentence, in_hits), n)
    expected = every * len(in_hits) / total
    cells = (
        (both, expected), (every - both, every - expected),
        (len(in_hits) - both, len(in_hits) - expected),
        (total - len(in_hits) - every + both, total - len(in_hits) - every + expected),
    )  # fmt: skip
    ratio = 2 * sum(special.xlogy(seen, seen / np.maximum(meant, 1e-300)) for seen, meant in cells)
    root: Floats = np.sign(both - expected) * np.sqrt(np.maximum(ratio, 0))
    return root
