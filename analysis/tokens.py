"""Text to integer-coded tokens, and the folding of their vocabulary.

A token is a maximal run of letters, marks and digits; an apostrophe (straight or curly) or a
hyphen joins two runs. Zero-width characters and soft hyphens are invisible.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

# What stands between a token and the one before it in the same article.
GAP_SPACE, GAP_PUNCTUATION, GAP_SENTENCE = 0, 1, 2


@dataclass(frozen=True)
class TermRules:
    """How token strings become terms.

    Parameters
    ----------
    fold_case : bool
        Case folding (``str.casefold``).
    possessives : bool
        Cut a possessive ``'s`` (or a bare ``'`` after s) from the end.
    stem : str, optional
        A Snowball language, such as "english" or "russian".
    stop_words : tuple of str, optional
        Terms to leave out; ``tokens.STOP_WORDS["english"]`` is a list that fits this tokenizer.
    min_length : int
        Terms with fewer characters are left out.
    numbers : bool
        Keep tokens without a letter.
    ngrams : int
        Up to how many neighbouring terms are counted together, as further terms.
    """

    fold_case: bool = True
    possessives: bool = True
    stem: str | None = None
    stop_words: tuple[str, ...] | None = None
    min_length: int = 1
    numbers: bool = True
    ngrams: int = 1


@dataclass(frozen=True, eq=False)
class TokenStream:
    """Tokens of many texts, in order, as integers.

    Attributes
    ----------
    terms : ndarray of str, sorted
        The folded vocabulary.
    ids : int32 array, one entry a token
        Positions in `terms`.
    bounds : int64 array of length texts + 1
        Tokens of text i are ``ids[bounds[i]:bounds[i + 1]]``.
    gaps : uint8 array, one entry a token
        What stands before the token: 0 space only (or the text's beginning), 1 punctuation,
        2 the end of a sentence or paragraph.
    starts, ends : int64 arrays, one entry a token, or None
        Where the token stands in its text, in characters; only on request.
    """

    terms: NDArray[np.object_]
    ids: NDArray[np.int32]
    bounds: NDArray[np.int64]
    gaps: NDArray[np.uint8]
    starts: NDArray[np.int64] | None = None
    ends: NDArray[np.int64] | None = None


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s|\n")


def fold(string: str, rules: TermRules = TermRules()) -> str:
    """The term that a token string is counted under; empty where the rules leave it out."""
    term = unicodedata.normalize("NFC", _INVISIBLE.sub("", string)).replace("’", "'")
    if rules.fold_case:
        term = term.casefold()
    if rules.possessives and term.endswith("'s"):
        term = term[:-2]
    return term


def tokenize(
    texts: Iterable[str], rules: TermRules = TermRules(), *, offsets: bool = False
) -> TokenStream:
    """Find and fold the tokens of each text, in order."""
    found: list[str] = []
    gaps: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    bounds = [0]
    for text in texts:
        last = 0
        for match in _TOKEN.finditer(text):
            gap = text[last : match.start()]
            if last == 0 or not gap.strip(" \t\n"):
                gaps.append(GAP_SENTENCE if "\n" in gap else GAP_SPACE)
            else:
                gaps.append(GAP_SENTENCE if _SENTENCE_END.search(gap) else GAP_PUNCTUATION)
            found.append(fold(match.group(), rules))
            starts.append(match.start())
            ends.append(match.end())
            last = match.end()
        bounds.append(len(found))
    terms, ids = np.unique(np.array(found, dtype=object), return_inverse=True)
    return TokenStream(
        terms=terms,
        ids=ids.astype(np.int32),
        bounds=np.array(bounds, dtype=np.int64),
        gaps=np.array(gaps, dtype=np.uint8),
        starts=np.array(starts, dtype=np.int64) if offsets else None,
        ends=np.array(ends, dtype=np.int64) if offsets else None,
    )


def count_tokens(
    texts: Iterable[str], rules: TermRules = TermRules()
) -> tuple[pd.Index, sparse.csr_array]:
    """Count the terms of each text: the sorted terms, and an int64 matrix of texts by terms."""
    stream = tokenize(texts, rules)
    rows = np.repeat(np.arange(len(stream.bounds) - 1), np.diff(stream.bounds))
    shape = (len(stream.bounds) - 1, len(stream.terms))
    counts = sparse.coo_array((np.ones(len(rows), np.int64), (rows, stream.ids)), shape=shape)
    return pd.Index(stream.terms, name="term"), counts.tocsr()
