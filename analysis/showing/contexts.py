"""The words and the sentence around a hit, beyond the segment that it is in."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.preparing.voices.sentences import sentence_at
from analysis.tokens import tokenize
from analysis.tokens.characters import has_unspaced

_CHARACTERS_A_WORD = 24  # what a word takes, at first guess


@dataclass(frozen=True, eq=False)
class Contexts:
    """The texts that the rows are parts of, so that context can reach beyond a segment.

    Segments that follow each other are joined; a row that is no segment is its own text. The arrays
    have an entry per row: the number of its text, its offset there, and where that text begins.
    """

    texts: list[str]
    number: NDArray[np.int64]
    offset: NDArray[np.int64]
    begins: NDArray[np.int64]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "Contexts":
        """The texts of rows, those of segments that follow each other as one."""
        n = len(rows)
        if not _are_segments(rows):
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
        current, since, until = -1, 0, 0
        places = zip(self.number[row].tolist(), start.tolist(), end.tolist(), strict=True)
        for number, a, b in places:
            text = self.texts[number]
            left, right = words_before(text, a, window), words_after(text, b, window)
            if number != current or not since <= a < until:
                current, (since, until) = number, sentence_at(text, a)
            found.append((left, text[a:b], right, " ".join(text[since : max(until, b)].split())))
        return pd.DataFrame(found, columns=["left", "keyword", "right", "sentence"])


def _are_segments(rows: pd.DataFrame) -> bool:
    """Whether the rows are those of `split_voices`: a user's own start and end may be seconds."""
    if not {"voice", "start", "end"} <= {*rows.columns}:
        return False
    places = [rows[name] for name in ("start", "end")]
    if not all(pd.api.types.is_integer_dtype(column.dtype) for column in places):
        return False
    return bool((places[1] - places[0] == rows["text"].str.len()).all())


def words_before(text: str, end: int, window: int) -> str:
    """The last so many words of a text before a place, a space between them.

    Examples
    --------
    >>> words_before("alpha beta" + " " * 99 + "talks", 109, 1)
    'beta'
    """
    reach = (window + 1) * _CHARACTERS_A_WORD
    # The first of the words may be cut.
    while len(words := text[max(0, end - reach) : end].split()) <= window and reach < end:
        reach *= 2
    found = " ".join(words[len(words) - window :] if len(words) > window else words)
    if not has_unspaced(found):
        return found
    found = found[-window * _CHARACTERS_A_WORD :] if window else ""
    starts = _starts(found)
    return found[starts[-window] :] if len(starts) > window else found


def words_after(text: str, start: int, window: int) -> str:
    """The first so many words of a text after a place, a space between them."""
    reach, rest = (window + 1) * _CHARACTERS_A_WORD, len(text) - start
    while len(words := text[start : start + reach].split()) <= window and reach < rest:
        reach *= 2
    found = " ".join(words[:window])
    if not has_unspaced(found):
        return found
    found = found[: window * _CHARACTERS_A_WORD]
    starts = _starts(found)
    return found[: starts[window]].rstrip() if len(starts) > window else found


def _starts(text: str) -> list[int]:
    """Where the words of a text begin in which not all are parted by spaces."""
    starts: list[int] = np.asarray(tokenize([text], offsets=True).starts).tolist()
    return starts
