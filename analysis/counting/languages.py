"""In which language articles are, for a lexicon; and how many are in none of its languages."""

import warnings
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import AnalysisError
from analysis.lexicons.lexicon import Lexicon
from analysis.preparing.language import UNKNOWN, add_language, tell_language
from analysis.tokens import STOP_WORDS
from analysis.tokens.languages import language_code, language_name, names

# An article of so many tokens, of which fewer are stop words, is in another language, or in none:
# it is in that which is told only if as many are stop words of that, where there is a list of them.
_TOKENS, _STOP_WORDS = 50, 0.1
# How many articles there are, and how many in each language that a lexicon is not made for.
Languages = tuple[int, dict[str, int]]


def languages_of(articles: pd.DataFrame, lexicon: Lexicon) -> "pd.Series[Any] | None":
    """The language of each row where a lexicon has several, told if there is no such column."""
    if not lexicon.parts:
        return None
    return add_language(articles, "language" if "language" in articles else None)["language"]


def other_languages(
    articles: pd.DataFrame, lexicon: Lexicon | None, terms: pd.Index, counts: sparse.csr_array
) -> Languages:
    """How many articles there are, and how many in each language that is not the lexicon's.

    Languages are told by their codes. Where the lexicon names none, nothing is counted.
    """
    own = _codes(lexicon)
    if not own:
        return 0, {}
    articles = articles.reset_index(drop=True)  # one may be there several times, once a piece
    if "language" in articles:
        given = articles["language"].fillna("").astype("str")
        told = given.map({name: language_code(name) for name in given.unique()})
    else:
        told = _told(articles, own, terms, counts)
    others = told[~told.isin([*own, "", UNKNOWN])]
    each = Counter(others[~articles.loc[others.index, "doc_id"].duplicated()])
    return articles["doc_id"].nunique(), dict(sorted(each.items()))


def warn_of_languages(lexicon: Lexicon | None, articles: int, others: Mapping[str, int]) -> None:
    """Warn, once for a corpus, of what `other_languages` counted in it."""
    each = sorted(others.items(), key=lambda item: -item[1])
    if lexicon is None or not each:
        return
    listed = ", ".join(f"{language_name(code)} {n:,}" for code, n in each)
    spoken = " and ".join(language_name(code) for code in sorted(_codes(lexicon)))
    warnings.warn(
        f"lexicon {lexicon.name!r} is in {spoken}, and {sum(n for _, n in each):,} of "
        f"{articles:,} articles are in other languages ({listed}): its "
        "patterns are not made for them, and find little or nothing there. Leave these articles "
        "out, or score them with a lexicon that has patterns in their language.",
        stacklevel=3,
    )


def _codes(lexicon: Lexicon | None) -> set[str]:
    """The languages of a lexicon; none if it says none."""
    if lexicon is None:
        return set()
    return set(lexicon.parts) or {language_code(lexicon.language)} - {""}


def _told(
    articles: pd.DataFrame, own: set[str], terms: pd.Index, counts: sparse.csr_array
) -> "pd.Series[Any]":
    """The language of the rows with too few stop words."""
    stop = [word for code in own for word in STOP_WORDS.get(names()[code], ())]
    tokens, known = counts.sum(axis=1), counts @ terms.isin(stop).astype(np.int64)
    odd = np.flatnonzero((tokens >= _TOKENS) & (known < _STOP_WORDS * tokens))
    rows = articles.iloc[odd]
    try:
        told = rows["text"].map(tell_language).astype("str")
    except AnalysisError:  # no identifier: nothing is known of these
        return pd.Series([], dtype="str")
    for code in told.unique():
        if words := STOP_WORDS.get(names().get(code, ""), ()):
            known = counts[odd] @ terms.isin(words).astype(np.int64)
            told[(told == code).to_numpy() & (known < _STOP_WORDS * tokens[odd])] = UNKNOWN
    return told
