"""The figures of a study's terms, and which terms its figures and tables do not show."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from analysis.formatting import counted
from analysis.showing.charts import keyness_forest, tfidf_multiples
from analysis.showing.explorer.page import LANGUAGES
from analysis.study.dataset import file_name
from analysis.study.reporting.measured import FDR, Measured, StudyFigure
from analysis.tokens import STOP_WORDS, fold

# In running text a third of the tokens and more are stop words: under this it is another language.
LEAST = 0.15


def hidden_terms(measured: Measured) -> frozenset[str]:
    """Terms that are counted and tested like all others, and not shown."""
    own = map(fold, measured.settings.report.leave_out)
    return frozenset([*STOP_WORDS.get(language_of(measured), ()), *own])


def hidden_words(measured: Measured) -> str:
    """A sentence for captions: which terms are not shown."""
    language, own = language_of(measured), measured.settings.report.leave_out
    named = f"{counted(len(own), 'term')} named in the study"
    if language in STOP_WORDS:
        lists = f"{language.capitalize()} stop words"
        return f"{lists} and {named} are left out." if own else f"{lists} are left out."
    if own:
        return f"{named.capitalize()} {'is' if len(own) == 1 else 'are'} left out."
    known = ", ".join(name.capitalize() for name in STOP_WORDS)
    return (
        f"No stop words are left out, as there are lists for {known} alone; report.leave_out in "
        "the study takes words of your own."
    )


def language_of(measured: Measured) -> str:
    """The language of the lexicon; if it names none, that whose stop words fill the corpus."""
    language = measured.lexicon.language.strip().casefold()
    if language:
        return LANGUAGES.get(language, language)
    tables = [table for name, table in measured.tables.items() if name.startswith("frequencies_")]
    if not tables:
        return ""
    n = pd.concat(tables).groupby("term", observed=True)["n"].sum()
    found = {name: n.reindex(list(words)).sum() for name, words in STOP_WORDS.items()}
    best = max(found, key=lambda name: found[name])
    return best if found[best] >= LEAST * n.sum() > 0 else ""


# Forests of keywords are drawn for this many of the largest values of a group.
FORESTS = 3


def terms_of(measured: Measured, group: str) -> Iterator[StudyFigure]:
    """The terms that set the values of a group apart: by weight, then by test."""
    yield from _tfidf(measured, group)
    hidden = hidden_terms(measured)
    keywords = measured.table(f"keyness_by_{group}")
    if keywords.empty:
        return
    keywords = keywords[~keywords["term"].isin(list(hidden)) & keywords["t"].notna()]
    for number, name in enumerate(measured.largest(group)[:FORESTS], start=1):
        rows = keywords[keywords[group].astype("str") == name]
        if rows.empty:
            continue
        clear = int((rows["q"] < FDR).sum())
        top = measured.settings.report.terms
        yield StudyFigure(
            file_name(f"keyness_by_{group}_{number}"), "terms",
            f"Keywords of {name} against all others",
            "Ratio of the rates with its 95% interval, tested with the article as the unit; hollow "
            f"marks are not clear at a false discovery rate of {FDR:.0%}. {hidden_words(measured)}",
            f"Forest of terms; clear at a false discovery rate of {FDR:.0%}: {clear}.",
            partial(
                keyness_forest, rows, target=name, reference="all others", top=top, alpha=FDR
            ), rows,
        )  # fmt: skip


def _tfidf(measured: Measured, group: str) -> Iterator[StudyFigure]:
    shown = measured.shown(measured.table(f"tfidf_by_{group}"), group)
    shown = shown.assign(**{group: shown[group].astype("str")})
    top = min(measured.settings.report.terms, 10)
    hidden = hidden_terms(measured)
    if shown["term"].isin(list(hidden)).all():
        return
    yield StudyFigure(
        file_name(f"tfidf_by_{group}"), "terms", f"The heaviest terms by TF-IDF, by {group}",
        "Bars show TF-IDF against the panel's heaviest term, the numbers say it in thousandths; "
        f"grey terms lead in more than one panel. {hidden_words(measured)} TF-IDF has no test: the "
        "keywords below have.",
        f"{counted(len(measured.largest(group)), 'small bar chart')}, each of "
        f"{counted(top, 'term')}.",
        partial(
            tfidf_multiples, shown, rows=group, columns=None, top=top, leave_out=sorted(hidden)
        ),
        shown[~shown["term"].isin(list(hidden))],
    )  # fmt: skip
