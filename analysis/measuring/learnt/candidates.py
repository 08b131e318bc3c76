"""Candidates for a lexicon: what behaves like a frame's patterns and is not among them."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.lexicons.matching import Hits, find_hits
from analysis.measuring.intervals import Floats
from analysis.measuring.learnt.in_space import InSpace
from analysis.measuring.learnt.phrases import find_phrases
from analysis.measuring.learnt.sentences import Ints
from analysis.measuring.learnt.space import WordSpace, unit_rows_of
from analysis.tokens import TermRules, count_tokens, fold, tokenize

LINES = 3
LEAST = 3.3  # of a normal variable, one in a thousand
COLUMNS = (
    "frame", "term", "words", "hits", "articles", "nearest", "similarity", "likelihood", "adds",
    "adds_share", "adds_articles", "lines",
)  # fmt: skip
Places = tuple[Ints, Ints, Ints]  # number of what occurs, its first and its last token


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
        ``frame, term, words, hits, articles, nearest`` (the pattern of the frame that it is most
        like), ``similarity, likelihood, adds`` (its hits that no pattern of the frame has),
        ``adds_share`` (of the frame's hits), ``adds_articles`` (articles that have none of the
        frame yet), ``lines`` (three sentences, of different articles). Rows that are accepted make
        a new version of the lexicon (`accept_candidates`; `explore` has a view to tick them).

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
    corpus = InSpace.of(articles, lexicon, space, min(min_count, 5))
    stream, hits = corpus.stream, corpus.hits
    mine = (hits.frame == hits.frames.index(frame)) & ~hits.negated
    if not mine.any():
        raise LexiconError(f"frame={frame!r} has no hits in these articles: nothing is like it.")
    if not isinstance(n, int) or n < 1:
        raise CountsError(f"n={n!r}: it must be a whole number of at least 1.")
    found, (number, first, last) = _occurrences(corpus, phrases, names, min_count)
    covered = _covered(hits, hits.frame == hits.frames.index(frame), len(stream.ids))
    free = ~(covered[first] | covered[last])
    times = np.bincount(number, minlength=len(found))
    adds = np.bincount(number, free, len(found)).astype(np.int64)
    kept = np.flatnonzero((adds > times / 2) & ~_in_lexicon(found, lexicon))
    directions = corpus.of_terms(found[kept])
    folded = np.flatnonzero(~directions.any(axis=1))
    new = np.full(len(found), -1)
    new[kept[folded]] = np.arange(len(folded))
    of_these = new[number] >= 0
    directions[folded] = corpus.directions(new[number[of_these]], first[of_these], len(folded))
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
            "frame": frame, "term": found[row], "words": found[row].count(" ") + 1,
            "hits": times[row], "articles": len(docs),
            "nearest": own[int(np.argmax(pattern_directions @ directions[place]))],
            "similarity": similarity[place], "likelihood": likelihood[place], "adds": adds[row],
            "adds_share": adds[row] / np.count_nonzero(mine),
            "adds_articles": len(np.setdiff1d(article[at[free[at]]], with_hit)),
            "lines": tuple(corpus.line(first[at[k]]) for k in one_each[::-(-len(docs) // LINES)]),
        })  # fmt: skip
    return pd.DataFrame(table, columns=list(COLUMNS))


def _occurrences(
    corpus: InSpace, phrases: bool, names: bool, min_count: int
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


def _likelihood(corpus: InSpace, number: Ints, first: Ints, in_hits: Ints, n: int) -> Floats:
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
