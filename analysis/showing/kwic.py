"""Keyword in context: every hit of a pattern or frame, with the words around it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.articles import check_table
from analysis.counting.document_terms import DocumentTerms
from analysis.counting.languages import languages_of
from analysis.counting.selection import rows_with
from analysis.counting.targets import Shared, TargetLexicon, Targets, Window, named_alike, near_each
from analysis.errors import ArticlesError, CountsError
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.lexicons.matching import find_hits
from analysis.lexicons.patterns import text_rules
from analysis.showing.contexts import Contexts
from analysis.showing.kwic_view import MENTIONS
from analysis.tokens import GAP_SENTENCE, TermRules, TokenStream, tokenize


class Term(NamedTuple):
    """A term as it was counted, by rules that may have stemmed it or joined it from several."""

    name: str


What = str | Term | Lexicon | tuple[Lexicon | str, str]

COLUMNS = (
    "doc_id", "outlet", "date", "voice", "source", "left", "keyword", "right", "sentence",
    "start", "end", "frame", "pattern", "negated", "link",
)  # fmt: skip
SORTS = ("left", "right")
# Texts are matched this many characters at a time: the positions of tokens take more memory.
BLOCK = 20_000_000
AROUND = 400  # characters from a hit within which mentions of targets are shown


def kwic(
    articles: pd.DataFrame,
    what: What,
    *,
    where: Mapping[str, object] | None = None,
    window: int = 10,
    sort: str | None = None,
    rules: TermRules = TermRules(),
    targets: TargetLexicon | None = None,
    near: Window = 10,
    shared: Shared = "all",
) -> pd.DataFrame:
    """Show every hit with the words around it, those after a negator included.

    The matcher is that of the counts: there are as many lines as hits.

    Parameters
    ----------
    articles : DataFrame
        The articles table, or the segments that `split_voices` made of it; then `voice` and
        `source` are given, and the context reaches beyond the segment. ArticlesError without texts.
    what : str, Term, Lexicon or (Lexicon or name, frame)
        A pattern (``"security guarantee*"``), a term as the `rules` make it (``Term("talk")`` of
        stems), one frame of a lexicon, or all its frames; LexiconError if there is no such frame,
        or the pattern is invalid.
    where : mapping, optional
        Only rows whose columns have these values, or one of a list of them:
        ``{"outlet": "RT", "voice": ["quoted", "reported"]}``. Dates are compared by day:
        ``"2022-01"`` is any day of that month, as ``{"month": "2022-01"}`` is; so are ``quarter``
        and the like made of the date. ArticlesError if a column or value is not there.
    window : int
        Words to the left and to the right.
    sort : {"left", "right"}, optional
        Sort by the words of the context, to the left from the keyword outwards; otherwise the lines
        are in the order of the text.
    rules : TermRules
        The rules that the counts were made with.
    targets, near, shared
        As the `targets`, `window` and `shared` of `document_terms`: a further column ``targets``
        names those that each hit is near, joined by " + ", and ``mentions`` has the words around
        it that name them, joined by " | "; `show_kwic` marks them, too.

    Returns
    -------
    DataFrame, one row per hit
        ``doc_id, outlet, date, voice, source, left, keyword, right, sentence, start, end, frame,
        pattern, negated, link``. `start` and `end` are characters of the article's text; runs of
        white space in the context become one space. A column that `articles` lacks is missing
        throughout.

    Examples
    --------
    >>> from analysis import check_articles
    >>> row = {"doc_id": 1, "outlet": "Gazette", "date": "2021-03-14",
    ...        "text": "The talks failed. New talks begin in May."}
    >>> lines = kwic(check_articles(pd.DataFrame([row])), "talks", window=2)
    >>> lines[["left", "keyword", "right"]]
              left keyword        right
    0          The   talks  failed. New
    1  failed. New   talks     begin in
    """
    if window < 0:
        raise ArticlesError(f"window={window} must be 0 or more words.")
    about = Targets.of(targets, near, shared)
    articles = with_texts(articles)
    rows = select(articles if about is None else named_alike(articles, about), where)
    parts = [_lines(block, what, window, rules, about) for block in _blocks(rows)]
    lines = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return sort_lines(lines, sort)


def lines_of_batches(
    batches: Iterable[pd.DataFrame], what: What, where: Mapping[str, object], window: int
) -> pd.DataFrame:
    """The lines of articles that come batch by batch; ArticlesError if none has the values."""
    found, fault = [], ArticlesError("there is no article to search.")
    for batch in batches:
        try:
            found.append(kwic(batch, what, where=where, window=window))
        except ArticlesError as error:
            # Another batch may have the values that are asked for.
            fault = error
    if not found:
        raise fault
    filled = [lines for lines in found if len(lines)] or found[:1]
    return pd.concat(filled, ignore_index=True)


def _blocks(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Consecutive rows with at least BLOCK characters together; an article is never split."""
    ends = rows["text"].str.len().cumsum().to_numpy()
    same = rows["doc_id"].eq(rows["doc_id"].shift()).to_numpy()
    starts, begun = [0], 0
    for row in np.flatnonzero(~same):
        if row and ends[row - 1] - begun >= BLOCK:
            starts.append(int(row))
            begun = ends[row - 1]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield rows.iloc[start:end].reset_index(drop=True)


def _lines(
    rows: pd.DataFrame, what: What, window: int, rules: TermRules, targets: Targets | None
) -> pd.DataFrame:
    """The lines of some articles in the order of the text."""
    contexts = Contexts.of(rows)
    texts = rows["text"]
    if isinstance(what, Term):
        places, about = _term_hits(texts, what, rules)
    else:
        places, about = _pattern_hits(rows, what, rules, targets)
    row = places[0]
    start, end = (place + contexts.offset[row] for place in places[1:])
    lines = rows.drop(columns="text").iloc[row].reset_index(drop=True)
    if "link" not in lines:
        lines = lines.rename(columns={"url": "link"})
    lines = lines.reindex(columns=list(COLUMNS))
    lines = lines.assign(
        **contexts.around(row, start, end, window),
        start=start + contexts.begins[row],
        end=end + contexts.begins[row],
        **about,
    )
    text_columns = ["left", "keyword", "right", "sentence", "frame", "pattern", "link"]
    return lines.astype(dict.fromkeys(text_columns, "str"))


Places = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def _pattern_hits(
    rows: pd.DataFrame,
    what: str | Lexicon | tuple[Lexicon | str, str],
    rules: TermRules,
    targets: Targets | None,
) -> tuple[Places, dict[str, object]]:
    """Row, start and end of each hit; and its frame, its pattern, whether it is negated."""
    lexicon, frames = _lexicon_of(what)
    texts = rows["text"]
    stream = tokenize(texts, text_rules(rules), offsets=True)
    hits = find_hits(stream, lexicon, rules, languages_of(rows, lexicon))
    wanted = np.isin(hits.frame, [hits.frames.index(frame) for frame in frames])
    places = _places(stream, hits.first[wanted], hits.last[wanted])
    names: dict[str, object] = {}
    if targets is not None:
        near = near_each(stream, hits, targets, texts, rules)
        names = {"targets": near[wanted], "mentions": _mentions(stream, places, targets, texts)}
    return places, names | {
        "frame": np.array(hits.frames, dtype=object)[hits.frame[wanted]],
        "pattern": np.array(hits.patterns, dtype=object)[hits.pattern[wanted]],
        "negated": hits.negated[wanted],
    }


def _mentions(
    stream: TokenStream, places: Places, targets: Targets, texts: pd.Series
) -> list[str | None]:
    """The words that name targets around each hit."""
    found = find_hits(stream, replace(targets.lexicon, negators=()))
    order = np.argsort(found.first, kind="stable")
    row, start, end = _places(stream, found.first[order], found.last[order])
    # One line of numbers for all texts.
    room = int(texts.str.len().max()) + 1 if len(texts) else 1
    begins = row * room + start
    of_hits = places[0] * room
    lo = np.searchsorted(begins, np.maximum(places[1] - AROUND, 0) + of_hits)
    hi = np.searchsorted(begins, np.minimum(places[2] + AROUND, room - 1) + of_hits)
    words = [" ".join(texts.iloc[r][a:b].split()) for r, a, b in zip(row, start, end, strict=True)]
    return [MENTIONS.join(dict.fromkeys(words[a:b])) or None for a, b in zip(lo, hi, strict=True)]


def _term_hits(texts: pd.Series, what: Term, rules: TermRules) -> tuple[Places, dict[str, object]]:
    """The same of a term: tokens that follow each other in a sentence and fold into its words."""
    stream = tokenize(texts, replace(rules, ngrams=1), offsets=True)
    words = what.name.split(" ") if rules.ngrams > 1 else [what.name]
    ids = [np.searchsorted(stream.terms, word) for word in words]
    n = max(len(stream.ids) - len(words) + 1, 0)
    found = np.ones(n, bool)
    for place, (word, known) in enumerate(zip(words, ids, strict=True)):
        there = known < len(stream.terms) and stream.terms[known] == word
        found &= (stream.ids[place : place + n] == known) & there
        if place:
            found &= stream.gaps[place : place + n] != GAP_SENTENCE
    first = np.flatnonzero(found)
    last = first + len(words) - 1
    owner = np.searchsorted(stream.bounds, first, side="right")
    first = first[owner == np.searchsorted(stream.bounds, last, side="right")]
    places = _places(stream, first, first + len(words) - 1)
    return places, {"frame": "keyword", "pattern": what.name, "negated": False}


def _places(stream: TokenStream, first: NDArray[np.int64], last: NDArray[np.int64]) -> Places:
    row = np.searchsorted(stream.bounds, first, side="right") - 1
    return row, np.asarray(stream.starts)[first], np.asarray(stream.ends)[last]


def with_texts(articles: pd.DataFrame) -> pd.DataFrame:
    """Refuse a table without texts, and say where to find them."""
    if isinstance(articles, DocumentTerms):
        raise CountsError(
            "counts hold no texts: the lines behind a number need the articles that were counted. "
            "Read them with read_articles(folder) and pass that table. evidence(row, counts) "
            "lists the links of the articles instead."
        )
    articles = check_table(articles)
    missing = [name for name in ("doc_id", "text") if name not in articles.columns]
    if missing:
        raise ArticlesError(
            f"articles lacks the column(s) {', '.join(missing)}: the lines behind a number need "
            "the texts. Pass the table that read_articles returns."
        )
    return articles


def select(articles: pd.DataFrame, where: Mapping[str, object] | None) -> pd.DataFrame:
    """Keep the rows whose columns have these values (or one of a list of them)."""
    keep = rows_with(articles, where or {}, "where", ArticlesError, what="articles")
    return articles[keep].reset_index(drop=True)


def _lexicon_of(what: str | Lexicon | tuple[Lexicon | str, str]) -> tuple[Lexicon, list[str]]:
    """The lexicon to match with, and those of its frames that are wanted."""
    if isinstance(what, str):
        return Lexicon.from_dict({"keyword": [what]}, name="keyword"), ["keyword"]
    if isinstance(what, Lexicon):
        return what, list(what.frames)
    named, frame = what
    lexicon = as_lexicon(named)
    return lexicon, [lexicon.frame(frame)]


def sort_lines(lines: pd.DataFrame, sort: str | None) -> pd.DataFrame:
    """Sort lines by their left context, from the keyword outwards, or by their right one."""
    if sort is None:
        return lines
    if sort not in SORTS:
        raise ArticlesError(f"sort={sort!r} is unknown; allowed are {', '.join(SORTS)} or None.")
    words = lines[sort].str.casefold().str.split()
    keys = [tuple(reversed(of)) if sort == "left" else tuple(of) for of in words]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return lines.iloc[order].reset_index(drop=True)
