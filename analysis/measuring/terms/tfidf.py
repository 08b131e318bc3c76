"""TF-IDF: terms that are frequent in one group and rare in the others."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import labelled
from analysis.counting.groups import GroupCounts, group_counts
from analysis.errors import CountsError
from analysis.measuring.intervals import Floats
from analysis.measuring.rates import Cells, cells, ranks, row_of

Tf = Literal["relative", "raw", "log"]
Idf = Literal["articles", "groups"]
Formula = Literal["smooth", "plain", "log10"]
Norm = Literal["l1", "l2"]


def tfidf(
    counts: DocumentTerms | GroupCounts,
    by: str | Sequence[str],
    *,
    tf: Tf = "relative",
    idf: Idf = "articles",
    formula: Formula = "smooth",
    norm: Norm | None = None,
) -> pd.DataFrame:
    r"""Weight each group's terms by their frequency there and their rarity elsewhere.

    .. math:: tfidf_{gt} = \frac{n_{gt}}{L_g} \left(\ln\frac{1 + N}{1 + df_t} + 1\right)

    with n hits of term t among the L tokens of group g, and df of N articles with the term. With
    ``tf="raw", idf="groups"`` it is scikit-learn's ``TfidfTransformer(norm=None)`` on the
    group-by-term matrix; ``formula="log10"`` is that of quanteda's ``dfm_tfidf``. It has no test.

    Parameters
    ----------
    counts, by
        As for `term_frequencies`.
    tf : {"relative", "raw", "log"}
        n / L, to compare groups of different sizes; n; or 1 + ln n.
    idf : {"articles", "groups"}
        What N and df count. Over groups, a term that all of them use weighs least, however few
        articles use it.
    formula : {"smooth", "plain", "log10"}
        ln((1 + N) / (1 + df)) + 1; ln(N / df) + 1; or log10(N / df), under which a term that is
        everywhere has no weight.
    norm : {"l1", "l2"}, optional
        Scale each group's weights so that their absolute values, or their squares, sum to 1.

    Returns
    -------
    DataFrame
        One row per group and term with hits, groups in order and the heaviest term of each first:
        the `by` columns, ``term, n, tf, idf, tfidf`` and ``rank`` (from 1; ties in alphabetical
        order).

    Raises
    ------
    CountsError
        If a `by` column is not in the counts, or an option is unknown.

    Examples
    --------
    >>> from analysis import check_articles, document_terms, tfidf
    >>> texts = ["the talks began", "the troops moved, the talks failed"]
    >>> frame = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["Gazette", "Herald"], "text": texts})
    >>> table = tfidf(document_terms(check_articles(frame.assign(date="2021-03-14"))), "outlet")
    >>> table.loc[table["rank"] == 1, ["outlet", "term", "n", "idf"]].round(3)
        outlet   term  n    idf
    0  Gazette  began  1  1.405
    3   Herald    the  2  1.000
    """
    for name, value, allowed in (
        ("tf", tf, get_args(Tf)),
        ("idf", idf, get_args(Idf)),
        ("formula", formula, get_args(Formula)),
        ("norm", norm, (None, *get_args(Norm))),
    ):
        if value not in allowed:
            raise CountsError(
                f"{name}={value!r} is unknown; allowed are {', '.join(map(repr, allowed))}."
            )
    grouped = group_counts(counts, by)
    found = cells(grouped)
    rarity = _idf(counts, grouped, idf, formula)[found.term]
    frequency = _tf(found, tf)
    weight = frequency * rarity / _scale(found.group, frequency * rarity, norm)
    rank = ranks(found.group, -weight)
    order = np.lexsort((rank, found.group))
    table = grouped.groups[list(grouped.by)].iloc[found.group[order]].reset_index(drop=True)
    results = {
        "term": grouped.terms[found.term], "n": found.n,
        "tf": frequency, "idf": rarity, "tfidf": weight, "rank": rank,
    }  # fmt: skip
    return labelled(table, {name: values[order] for name, values in results.items()})


def _tf(found: Cells, tf: Tf) -> Floats:
    if tf == "raw":
        return found.n.astype(np.float64)
    return found.rate if tf == "relative" else 1 + np.log(found.n)


def _idf(
    counts: DocumentTerms | GroupCounts, grouped: GroupCounts, idf: Idf, formula: Formula
) -> Floats:
    if idf == "articles":
        # An article may be in several groups.
        every = row_of(group_counts(counts, ()), 0)
        total, having = int(every.articles[:1].sum()), every.n_docs.astype(np.float64)
    else:
        total = len(grouped.groups)
        having = np.bincount(grouped.n.indices, minlength=len(grouped.terms)).astype(np.float64)
    if formula == "smooth":
        return np.log((1 + total) / (1 + having)) + 1
    # Terms of the vocabulary that no group uses have no idf, and no row either.
    ratio = total / np.where(having > 0, having, np.nan)
    return np.log(ratio) + 1 if formula == "plain" else np.log10(ratio)


def _scale(group: np.ndarray, weight: Floats, norm: Norm | None) -> Floats:
    if norm is None:
        return np.ones_like(weight)
    sums = np.bincount(group, np.abs(weight) if norm == "l1" else weight**2)
    scale = sums if norm == "l1" else np.sqrt(sums)
    return np.asarray(np.where(scale > 0, scale, 1)[group], np.float64)
