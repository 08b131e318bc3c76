"""Keyness: the terms that set two groups of articles apart, judged article by article."""

from collections.abc import Iterator, Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import labelled
from analysis.counting.groups import GroupCounts, check_counts, group_counts
from analysis.counting.selection import Values
from analysis.counting.units import group_members, take_rows
from analysis.errors import CountsError
from analysis.measuring.intervals import Floats, Ints, first_note
from analysis.measuring.multiple_tests import adjust_bh
from analysis.measuring.rates import Cells, row_of
from analysis.measuring.terms import keyness_measures
from analysis.measuring.terms.log_ratios import log_ratio
from analysis.measuring.terms.permutation import permutation_p
from analysis.measuring.terms.sides import TARGET, two_sides

Measure = Literal[
    "g2", "g2_williams", "chi2", "chi2_yates", "percent_diff", "log_odds_z", "p_permutation"
]


def keyness(
    counts: DocumentTerms | GroupCounts,
    target: Values | None = None,
    reference: Values | None = None,
    *,
    each: str | None = None,
    measures: Sequence[Measure] = (),
    min_articles: int = 5,
    min_dispersion: float = 0.0,
    prior: float = 0.05,
    permutations: int = 999,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Find the terms that a target group uses more, or less, than a reference group.

    .. math:: \log_2 \frac{n_{target} / L_{target}}{n_{reference} / L_{reference}}

    with n hits among L tokens, tested by Welch's t with the article as the unit (docs/method.md,
    Terms). Tests that treat words as independent find several times too many terms.

    Parameters
    ----------
    counts : DocumentTerms or GroupCounts
        Counts per document, or streamed counts whose columns include those named here.
    target : mapping of column to value, or to a list of values
        Such as ``{"outlet": "RT"}`` or ``{"lean": "left", "year": [2017, 2018]}``; an article
        must match all columns.
    reference : the same, optional
        By default, all other articles.
    each : str, optional
        Instead of `target`: a column, each value of which is compared with all other articles.
    measures : sequence of str, optional
        Further columns: ``g2, g2_williams, chi2, chi2_yates, percent_diff, log_odds_z``, which
        other tools offer (see `keyness_measures`; signed, negative for terms of the reference),
        and ``p_permutation``, which checks ``p`` by assigning articles to sides at random.
    min_articles : int
        Leave out terms in fewer articles of both sides together.
    min_dispersion : float
        Leave out terms whose dispersion is lower on the side that uses them more; .3, say, leaves
        out what two or three articles repeat.
    prior : float
        For ``log_odds_z``: the prior hits of each term (alpha).
    permutations, seed : int
        For ``p_permutation``: how many, and the seed of the random splits.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    DataFrame
        One row per term, the target's clearest first and the reference's clearest last (by ``t``);
        with `each`, its column comes first and its groups follow in order.

        - ``term, n_target, n_reference``: hits; ``docs_target, docs_reference``: articles with one
        - ``log_ratio``: log2 ratio of the rates (1: twice as frequent in the target), with its
          interval ``low, high``. Where a side has no hits, one hit is spread over the tokens of
          both, and that end is missing.
        - ``t, p``, and ``q``: Benjamini and Hochberg's, over the terms of one target
        - ``dispersion_target, dispersion_reference``: Juilland's D for articles of unequal length,
          1 where the hits are spread as the words are, 0 where one article has them all
        - ``note``: in plain words, where there is little evidence behind the numbers (a category)
        - a column for each of `measures`

    Raises
    ------
    CountsError
        If a column or value is not there, the two sides overlap or one is empty, a measure is
        unknown, or ``p_permutation`` is asked for with streamed counts.

    Examples
    --------
    >>> from analysis import check_articles, document_terms, keyness
    >>> texts = ["talks and more talks", "the talks began", "troops moved", "the troops and tanks"]
    >>> frame = pd.DataFrame({"text": texts, "outlet": ["Gazette", "Gazette", "Herald", "Herald"]})
    >>> frame = check_articles(frame.assign(doc_id=[1, 2, 3, 4], date="2021-03-14"))
    >>> table = keyness(document_terms(frame), {"outlet": "Gazette"}, min_articles=2)
    >>> table[["term", "n_target", "n_reference", "docs_target"]]
         term  n_target  n_reference  docs_target
    0   talks         3            0            2
    1     and         1            1            1
    2     the         1            1            1
    3  troops         0            2            0
    """
    _check(counts, target, reference, each, measures)
    tables = []
    for names, ours, theirs, sides, terms in _pairs(counts, target, reference, each):
        keep = ours.n_docs + theirs.n_docs >= max(min_articles, 1)
        dispersion = np.where(ours.rate >= theirs.rate, ours.dispersion, theirs.dispersion)
        keep &= ~(dispersion < min_dispersion)
        rows = np.flatnonzero(keep)
        vocabulary = int(np.count_nonzero(ours.n + theirs.n))
        ours, theirs = ours.take(rows), theirs.take(rows)
        table = _table(terms[rows], ours, theirs, level)
        for measure in measures:
            if measure == "p_permutation":
                table[measure] = _permuted(sides, rows, permutations, seed)
            else:
                table[measure] = _measured(measure, ours, theirs, prior, vocabulary)
        order = np.lexsort((rows, -table["t"].to_numpy()))
        labels = pd.DataFrame(
            {key: name.repeat(len(table)).array for key, name in names.items()}, index=table.index
        )
        tables.append(labelled(labels, table.iloc[order].reset_index(drop=True)))
    return pd.concat(tables, ignore_index=True)


def _check(
    counts: DocumentTerms | GroupCounts, target: Values | None, reference: Values | None,
    each: str | None, measures: Sequence[str],
) -> None:  # fmt: skip
    check_counts(counts)
    if (target is None) == (each is None) or (each is not None and reference is not None):
        raise CountsError(
            "keyness takes either a target, such as {'outlet': 'RT'}, with or without a reference, "
            "or each='outlet', which compares every outlet with all others."
        )
    unknown = [measure for measure in measures if measure not in get_args(Measure)]
    if isinstance(measures, str) or unknown:
        raise CountsError(
            f"measures={measures!r}: give a list of some of {', '.join(get_args(Measure))}."
        )
    if "p_permutation" in measures and (each is not None or isinstance(counts, GroupCounts)):
        raise CountsError(
            "p_permutation re-assigns single articles: it needs counts per document "
            "(document_terms) and one target, not each=."
        )


Pair = tuple[dict[str, pd.Series], Cells, Cells, DocumentTerms | GroupCounts, pd.Index]


def _pairs(
    counts: DocumentTerms | GroupCounts, target: Values | None, reference: Values | None,
    each: str | None,
) -> Iterator[Pair]:  # fmt: skip
    """For each comparison: its name, both sides' sums for all terms, the counts, the terms."""
    if each is None:
        sides, grouped = two_sides(counts, target or {}, reference)
        yield {}, row_of(grouped, 0), row_of(grouped, 1), sides, grouped.terms
        return
    if not isinstance(each, str):
        raise CountsError(f"each={each!r}: give the name of one column, such as 'outlet'.")
    grouped = group_counts(counts, each)
    if len(grouped.groups) < 2:
        raise CountsError(f"each={each!r}: there is only one group, so nothing to compare it with.")
    # Sums of articles that are in several groups can't be told apart again.
    total = None if grouped.parted else row_of(group_counts(grouped, ()), 0)
    one_by_one = counts if total is None and isinstance(counts, DocumentTerms) else grouped
    member = group_members(one_by_one, (each,))
    for row in range(len(grouped.groups)):
        ours = row_of(grouped, row)
        # A row of the column, and not its value, so that its type is kept.
        name = grouped.groups[each].iloc[[row]]
        if total is None:
            others = take_rows(one_by_one, np.flatnonzero(member != row))
            theirs = row_of(group_counts(others, ()), 0)
        else:
            theirs = total.minus(ours)
        yield {each: name}, ours, theirs, grouped, grouped.terms


def _table(terms: pd.Index, ours: Cells, theirs: Cells, level: float) -> pd.DataFrame:
    ratio = log_ratio(ours, theirs, level)
    table = {"term": terms, "n_target": ours.n, "n_reference": theirs.n}
    table |= {"docs_target": ours.n_docs, "docs_reference": theirs.n_docs}
    ends = {"low": np.where(ours.n > 0, ratio.low, np.nan),
            "high": np.where(theirs.n > 0, ratio.high, np.nan)}  # fmt: skip
    table |= ratio._asdict() | ends | {"q": adjust_bh(ratio.p)}
    table |= {"dispersion_target": ours.dispersion, "dispersion_reference": theirs.dispersion}
    return pd.DataFrame(table | {"note": _notes(ours, theirs)})


def _notes(ours: Cells, theirs: Cells) -> pd.Categorical:
    above = ours.rate >= theirs.rate
    effective = np.where(above, ours.effective_articles, theirs.effective_articles)
    articles = np.where(above, ours.n_docs, theirs.n_docs)
    fewest = np.minimum(ours.articles, theirs.articles)
    longest = np.minimum(ours.effective_lengths, theirs.effective_lengths)
    return first_note({
        "a side of one article: no test": fewest < 2,
        "one article has all the hits": articles == 1,
        # Certain here: n^2 / sum n_d^2 < 2 means that the largest n_d is over n / 2.
        "one article has most of the hits": effective < 2,
        "one article has most of a side's words": longest < 2,
        "fewer than 10 articles on a side": fewest < 10,
        "fewer than 5 articles have the term": articles < 5,
        "a side has no hits: an open interval": (ours.n == 0) | (theirs.n == 0),
    })  # fmt: skip


def _measured(
    measure: Measure, ours: Cells, theirs: Cells, prior: float, vocabulary: int
) -> Floats:
    table = (ours.n, theirs.n, ours.tokens - ours.n, theirs.tokens - theirs.n)
    if measure == "log_odds_z":
        return keyness_measures.log_odds_z(*table, prior, prior * vocabulary)
    function = getattr(keyness_measures, measure)
    return np.asarray(function(*table), np.float64)


def _permuted(
    sides: DocumentTerms | GroupCounts, rows: Ints, permutations: int, seed: int
) -> Floats:
    # Parts of one article move together: they are one unit of evidence.
    articles = group_counts(sides, ["side", "doc_id"])
    target = (articles.groups["side"] == TARGET).to_numpy()
    tokens = articles.groups["tokens"].to_numpy(np.int64)
    return permutation_p(articles.n[:, rows], tokens, target, permutations=permutations, seed=seed)
