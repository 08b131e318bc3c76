"""The terms that a study's figures and tables of terms do not show: stop words, and its own."""

from collections.abc import Sequence

import pandas as pd

from analysis.study.reporting.measured import Measured
from analysis.tokens import STOP_WORDS, fold

# Lexicons may name their language by its ISO code.
CODES = {"de": "german", "en": "english", "ru": "russian"}
# In running text a third of the tokens and more are stop words: under this it is another language.
LEAST = 0.15


def hidden_terms(measured: Measured) -> frozenset[str]:
    """Terms that are counted and tested like all others, and not shown."""
    own = map(fold, measured.settings.report.leave_out)
    return frozenset([*STOP_WORDS.get(language_of(measured), ()), *own])


def hidden_words(measured: Measured) -> str:
    """A sentence for captions: which terms are not shown."""
    language, own = language_of(measured), measured.settings.report.leave_out
    named = f"{len(own):,} term{'s' * (len(own) != 1)} named in the study"
    if language in STOP_WORDS:
        lists = f"{language.capitalize()} stop words"
        return f"{lists} and {named} are left out." if own else f"{lists} are left out."
    if own:
        return f"{named.capitalize()} are left out."
    known = ", ".join(name.capitalize() for name in STOP_WORDS)
    return (
        f"No stop words are left out, as there are lists for {known} alone; report.leave_out in "
        "the study takes words of your own."
    )


def language_of(measured: Measured) -> str:
    """The language of the lexicon; if it names none, that whose stop words fill the corpus."""
    language = measured.lexicon.language.strip().casefold()
    if language:
        return CODES.get(language, language)
    tables = [table for name, table in measured.tables.items() if name.startswith("frequencies_")]
    return _likely(pd.concat(tables)) if tables else ""


def _likely(frequencies: pd.DataFrame) -> str:
    total = frequencies["n"].sum()
    shares = {name: _share(frequencies, words, total) for name, words in STOP_WORDS.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= LEAST else ""


def _share(frequencies: pd.DataFrame, words: Sequence[str], total: float) -> float:
    of_list = frequencies["n"].to_numpy()[frequencies["term"].isin(list(words)).to_numpy()]
    return float(of_list.sum() / total) if total else 0.0
