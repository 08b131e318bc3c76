"""Keyword in context: every hit of a pattern or frame, with the words around it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.articles import check_table
from analysis.counting.document_terms import DocumentTerms
from analysis.counting.selection import rows_with
from analysis.errors import ArticlesError, CountsError
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.lexicons.matching import find_hits
from analysis.lexicons.patterns import text_rules
from analysis.preparing.voices.sentences import sentence_at
from analysis.tokens import TermRules, tokenize

What = str | Lexicon | tuple[Lexicon | str, str]

COLUMNS = (
    "doc_id", "outlet", "date", "voice", "source", "left", "keyword", "right", "sentence",
    "start", "end", "frame", "pattern", "negated", "link",
)  # fmt: skip
SORTS = ("left", "right")
_CHARACTERS_A_WORD = 24  # a window is cut from this many characters for each of its words
# Texts are matched this many characters at a time: the positions of tokens take more memory.
BLOCK = 20_000_000


def kwic(
    articles: pd.DataFrame,
    what: What,
    *,
    where: Mapping[str, object] | None = None,
    window: int = 10,
    sort: str | None = None,
    rules: TermRules = TermRules(),
) -> pd.DataFrame:
    """Show every hit with the words around it, those after a negator included.

    The matcher is that of the counts: there are as many lines as hits.

    Parameters
    ----------
    articles : DataFrame
        The articles table, or the segments that `split_voices` made of it; then `voice` and
        `source` are given, and the context reaches beyond the segment. ArticlesError without texts.
    what : str, Lexicon or (Lexicon or name, frame)
        A term or pattern (``"security guarantee*"``), one frame of a lexicon, or all its frames;
        LexiconError if there is no such frame, or the pattern is invalid.
    where : mapping, optional
        Only rows whose columns have these values, or one of a list of them:
        ``{"outlet": "RT", "voice": ["quoted", "reported"]}``. Dates are compared by day:
        ``"2022-01"`` is any day of that month. ArticlesError if a column or value is not there.
    window : int
        Words to the left and to the right.
    sort : {"left", "right"}, optional
        Sort by the words of the context, to the left from the keyword outwards; otherwise the lines
        are in the order of the text.
    rules : TermRules
        The rules that the counts were made with.

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
    lexicon, frames = _lexicon_of(what)
    if window < 0:
        raise ArticlesError(f"window={window} must be 0 or more words.")
    rows = select(with_texts(articles), where)
    parts = [_lines(block, lexicon, frames, window, rules) for block in _blocks(rows)]
    lines = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return sort_lines(lines, sort)


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
    rows: pd.DataFrame, lexicon: Lexicon, frames: list[str], window: int, rules: TermRules
) -> pd.DataFrame:
    """The lines of some articles in the order of the text."""
    contexts = _Contexts.of(rows)
    stream = tokenize(rows["text"], text_rules(rules), offsets=True)
    hits = find_hits(stream, lexicon, rules)
    wanted = np.isin(hits.frame, [hits.frames.index(frame) for frame in frames])
    row = hits.article[wanted]
    start = np.asarray(stream.starts)[hits.first[wanted]] + contexts.offset[row]
    end = np.asarray(stream.ends)[hits.last[wanted]] + contexts.offset[row]
    lines = rows.drop(columns="text").iloc[row].reset_index(drop=True)
    if "link" not in lines:
        lines = lines.rename(columns={"url": "link"})
    lines = lines.reindex(columns=list(COLUMNS))
    lines = lines.assign(
        **contexts.around(row, start, end, window),
        start=start + contexts.begins[row],
        end=end + contexts.begins[row],
        frame=np.array(hits.frames, dtype=object)[hits.frame[wanted]],
        pattern=np.array(hits.patterns, dtype=object)[hits.pattern[wanted]],
        negated=hits.negated[wanted],
    )
    text_columns = ["left", "keyword", "right", "sentence", "frame", "pattern", "link"]
    return lines.astype(dict.fromkeys(text_columns, "str"))


def with_texts(articles: pd.DataFrame) -> pd.DataFrame:
    """Refuse a table without texts, and say where to find them."""
    if isinstance(articles, DocumentTerms):
        raise CountsError(
            "counts hold no texts: the lines behind a number need the articles that were counted. "
            "Read them with read_articles(folder) and pass that table. evidence(row, counts) "
            "lists the links of the articles instead."
        )
    check_table(articles)
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


def _lexicon_of(what: What) -> tuple[Lexicon, list[str]]:
    """The lexicon to match with, and those of its frames that are wanted."""
    if isinstance(what, str):
        return Lexicon.from_dict({"keyword": [what]}, name="keyword"), ["keyword"]
    if isinstance(what, Lexicon):
        return what, list(what.frames)
    named, frame = what
    lexicon = as_lexicon(named)
    return lexicon, [lexicon.frame(frame)]


@dataclass(frozen=True, eq=False)
class _Contexts:
    """The texts that the rows are parts of, so that context can reach beyond a segment.

    Segments that follow each other are joined; a row that is no segment is its own text. The arrays
    have an entry per row: the number of its text, its offset there, and where that text begins.
    """

    texts: list[str]
    number: NDArray[np.int64]
    offset: NDArray[np.int64]
    begins: NDArray[np.int64]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "_Contexts":
        n = len(rows)
        if not {"voice", "start", "end"} <= {*rows.columns}:
            zeros = np.zeros(n, np.int64)
            return cls(rows["text"].tolist(), np.arange(n), zeros, zeros)
        start, end = rows["start"].to_numpy(np.int64), rows["end"].to_numpy(np.int64)
        ids = rows["doc_id"].to_numpy()
        follows = np.zeros(n, dtype=bool)
        follows[1:] = (ids[1:] == ids[:-1]) & (start[1:] == end[:-1])
        number = np.cumsum(~follows) - 1
        first = np.flatnonzero(~follows)
        begins = start[first][number]
        texts = rows["text"].to_numpy()
        joined = ["".join(texts[a:b]) for a, b in zip(first, [*first[1:], n], strict=True)]
        return cls(joined, number, start - begins, begins)

    def around(
        self, row: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], window: int
    ) -> pd.DataFrame:
        """Left and right context, keyword and sentence of each hit."""
        found = []
        reach = window * _CHARACTERS_A_WORD
        current, since, until = -1, 0, 0
        places = zip(self.number[row].tolist(), start.tolist(), end.tolist(), strict=True)
        for number, a, b in places:
            text = self.texts[number]
            before = text[max(0, a - reach) : a].split()
            left = " ".join(before[max(0, len(before) - window) :])
            right = " ".join(text[b : b + reach].split()[:window])
            if number != current or not since <= a < until:
                current, (since, until) = number, sentence_at(text, a)
            found.append((left, text[a:b], right, " ".join(text[since : max(until, b)].split())))
        return pd.DataFrame(found, columns=["left", "keyword", "right", "sentence"])


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
