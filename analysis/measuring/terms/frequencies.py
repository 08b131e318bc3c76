"""Term frequencies per group, each with an interval that takes the article as its unit."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import group_codes, labelled
from analysis.counting.groups import GroupCounts, check_documents, each_once, group_counts
from analysis.measuring.intervals import (
    Estimate,
    Ints,
    first_note,
    jackknife_log_rate,
    positive,
    rate_bounds,
)
from analysis.measuring.rates import Cells, cells, cells_at, ranks, term_positions
from analysis.measuring.terms.log_ratios import log_ratio
from analysis.periods import FREQUENCIES


def term_frequencies(
    counts: DocumentTerms | GroupCounts,
    by: str | Sequence[str],
    *,
    terms: str | Sequence[str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Count how often each term occurs in each group, with an interval for its rate.

    The rate is :math:`r = n / L`; its interval is that of a frame's rate in `stance`: words come in
    bursts, an article at a time.

    Parameters
    ----------
    counts : DocumentTerms or GroupCounts
        Counts per document, or streamed counts. Of the articles' hits the latter know only the sums
        and sums of squares: the interval is then that of one article with many hits, and others
        with equal hits, that have these sums.
    by : str or sequence of str
        Columns that make the groups, such as ``["outlet", "period"]``; empty for one group.
    terms : str or sequence of str, optional
        Only these terms, in every group, even without hits; by default each group's own terms.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    DataFrame
        One row per group and term, groups in order and the most frequent term of each first:

        - the `by` columns, ``term``
        - ``n``: hits; ``per_million``: hits per million tokens, with its interval ``low, high``
        - ``n_docs``: articles with the term; ``doc_share``: their share of the group's articles
        - ``rank``: 1 for the group's most frequent term, ties in alphabetical order; missing where
          n is 0
        - ``change``: log2 ratio of the rate to that in the period before (1: twice as high), and
          its interval ``change_low, change_high``
        - ``note``: in plain words, where there is little evidence behind the numbers (a category)

        Intervals are missing without hits, with fewer than two articles, or where all articles have
        exactly the same rate. ``change`` needs ``period``, or a calendar span such as ``year``, in
        `by`; it is missing where the category just before has no articles. A rate of no hits is
        compared as in `keyness`.

    Raises
    ------
    CountsError
        If a `by` column or a term is not in the counts, or `level` is not between 0 and 1.

    Examples
    --------
    >>> from analysis import check_articles, document_terms, term_frequencies
    >>> frame = pd.DataFrame({"doc_id": ["a", "b"], "text": ["talks on talks", "no talks at all"]})
    >>> frame = check_articles(frame.assign(outlet="Gazette", date="2021-03-14"))
    >>> table = term_frequencies(document_terms(frame), "outlet", terms=["talks", "no"])
    >>> table[["outlet", "term", "n", "n_docs", "doc_share", "rank"]]
        outlet   term  n  n_docs  doc_share  rank
    0  Gazette  talks  3       2        1.0     1
    1  Gazette     no  1       1        0.5     4
    """
    grouped = group_counts(counts, by)
    every = cells(grouped)
    every_rank = ranks(every.group, -every.n)
    chosen, rank = every, every_rank
    if terms is not None:
        positions = term_positions(grouped.terms, terms)
        group = np.arange(len(grouped.groups)).repeat(len(positions))
        chosen = cells_at(grouped, group, np.tile(positions, len(grouped.groups)))
        rank = _ranks_at(chosen, every, every_rank)
    # Where a term has no hits its rank is 0: those go last.
    order = np.lexsort(
        (chosen.term, np.where(rank > 0, rank, np.iinfo(np.int64).max), chosen.group)
    )
    chosen, rank = chosen.take(order), rank[order]
    low, high = rate_bounds(_log_rates(counts, grouped, chosen), chosen.rate, level)
    before = cells_at(grouped, _period_before(grouped)[chosen.group], chosen.term)
    change = log_ratio(chosen, before, level)
    table = grouped.groups[list(grouped.by)].iloc[chosen.group].reset_index(drop=True)
    results = {
        "term": grouped.terms[chosen.term], "n": chosen.n, "per_million": 1e6 * chosen.rate,
        "low": 1e6 * low, "high": 1e6 * high,
        "n_docs": chosen.n_docs, "doc_share": chosen.n_docs / np.maximum(chosen.articles, 1),
        "rank": pd.Series(rank, dtype="Int64").mask(rank == 0), "change": change.log_ratio,
        "change_low": np.where(np.isfinite(change.low), change.low, np.nan),
        "change_high": np.where(np.isfinite(change.high), change.high, np.nan),
        "note": _notes(chosen),
    }  # fmt: skip
    return labelled(table, results)


def _log_rates(
    counts: DocumentTerms | GroupCounts, grouped: GroupCounts, chosen: Cells
) -> Estimate:
    """Log rates of cells, jackknifed over the articles."""
    width = max(len(grouped.terms), 1)
    keys, at = np.unique(chosen.group * width + chosen.term, return_inverse=True)
    known = cells_at(grouped, keys // width, keys % width)
    totals = known.articles, known.tokens, known.tokens_sq
    if isinstance(counts, DocumentTerms):
        articles = group_counts(counts, tuple(dict.fromkeys((*grouped.by, "doc_id"))))
        code, _ = group_codes(articles.groups, grouped.by)
        entries = articles.n.tocoo()
        row, column = entries.coords
        wanted = code[row] * width + column
        cell = np.searchsorted(keys, wanted).clip(max=max(len(keys) - 1, 0))
        mine = keys[cell] == wanted if len(keys) else np.zeros(0, bool)
        lengths = articles.groups["tokens"].to_numpy(np.float64)[row[mine]]
        hits = entries.data[mine].astype(np.float64)
        estimate = jackknife_log_rate(hits, lengths, cell[mine], *totals)
    else:
        # The sums fit one article with more hits, and as many others with equal hits as there are.
        cell = np.flatnonzero(known.n > 0)
        some = known.take(cell)
        n, docs = some.n.astype(np.float64), some.n_docs.astype(np.float64)
        most = (n + np.sqrt(np.maximum((docs - 1) * (docs * some.n_sq - n**2), 0))) / docs
        others = (n - most) / np.maximum(docs - 1, 1)
        hits = np.concatenate([most, others])
        lengths = hits * np.tile(some.n_tokens / some.n_sq, 2)
        alike = np.concatenate([np.ones_like(n), docs - 1])
        estimate = jackknife_log_rate(hits, lengths, np.tile(cell, 2), *totals, alike)
    return Estimate(*(values[at] for values in estimate))


def article_frequencies(counts: DocumentTerms, terms: str | Sequence[str]) -> pd.DataFrame:
    """Count how often each term occurs in each article, for `term_over_articles` and the like.

    Parameters
    ----------
    counts : DocumentTerms
        Counts per document; streamed counts hold no single articles.
    terms : str or sequence of str

    Returns
    -------
    DataFrame
        One row per term and article, in the order of `terms` and of the documents, even without
        hits: the documents' columns (but those, such as voice, in which the parts of an article
        differ), ``n_tokens`` of the whole article, ``term, n`` and ``per_million`` (missing without
        tokens).

    Raises
    ------
    CountsError
        If `counts` are streamed, or a term is not in them.

    Examples
    --------
    >>> from analysis import article_frequencies, check_articles, document_terms
    >>> texts = ["talks on talks", "no deal yet", "talks"]
    >>> frame = pd.DataFrame({"text": texts, "doc_id": list("abc"), "outlet": "Gazette"})
    >>> counts = document_terms(check_articles(frame.assign(date="2021-03-14")))
    >>> table = article_frequencies(counts, "talks")
    >>> table[["doc_id", "n_tokens", "term", "n", "per_million"]].round()
      doc_id  n_tokens   term  n  per_million
    0      a         3  talks  2     666667.0
    1      b         3  talks  0          0.0
    2      c         1  talks  1    1000000.0
    """
    check_documents(counts, "article_frequencies")
    positions = term_positions(counts.terms, terms)
    terms = [terms] if isinstance(terms, str) else list(terms)
    documents = counts.documents.drop(columns="n_tokens")
    article, ids = pd.factorize(documents["doc_id"])
    first = np.unique(article, return_index=True)[1]
    # Lists are told apart by how they are written.
    plain = {name: c.map(repr) if c.dtype == object else c for name, c in documents.items()}
    codes = {name: pd.factorize(column)[0] for name, column in plain.items()}
    same = [name for name, code in codes.items() if (code == code[first[article]]).all()]
    once = each_once(counts, ())
    article = pd.Index(ids).get_indexer(once.documents["doc_id"])
    tokens = np.bincount(article, once.documents["n_tokens"], len(ids)).astype(np.int64)
    n = np.zeros((len(positions), len(ids)), np.int64)
    entries = once.counts[:, positions].tocoo()
    np.add.at(n, (entries.coords[1], article[entries.coords[0]]), entries.data)
    table = documents.iloc[np.tile(first, len(positions))][same].reset_index(drop=True)
    every = np.tile(tokens, len(positions))
    results = {
        "n_tokens": every,
        "term": np.repeat(np.array(terms, dtype=object), len(ids)),
        "n": n.ravel(),
        "per_million": 1e6 * n.ravel() / positive(every),
    }
    return labelled(table, results)


def _notes(chosen: Cells) -> pd.Categorical:
    return first_note({
        "no hits": chosen.n == 0,
        "a group of one article: no interval": chosen.articles < 2,
        "one article has all the hits": chosen.n_docs == 1,
        # Certain here: n^2 / sum n_d^2 < 2 means that the largest n_d is over n / 2.
        "one article has most of the hits": chosen.effective_articles < 2,
        "fewer than 5 articles have the term": chosen.n_docs < 5,
    })  # fmt: skip


def _ranks_at(chosen: Cells, every: Cells, rank: Ints) -> Ints:
    """Ranks of chosen pairs among all terms of their group, 0 for those without hits."""
    width = int(max(chosen.term.max(initial=0), every.term.max(initial=0))) + 1
    ranked = pd.Series(rank, index=every.group * width + every.term)
    at = chosen.group * width + chosen.term
    return np.asarray(ranked.reindex(at, fill_value=0), np.int64)


def _period_before(grouped: GroupCounts) -> Ints:
    """For each group the row of the same group one period earlier, -1 where there is none."""
    none = np.full(len(grouped.groups), -1, np.int64)
    times = [name for name in grouped.by if name == "period" or name in FREQUENCIES]
    if not times:
        return none
    period = grouped.groups[times[0]]
    if not isinstance(period.dtype, pd.CategoricalDtype):
        period = period.astype("category")
    others = [name for name in grouped.by if name != times[0]]
    rest, _ = group_codes(grouped.groups, others)
    keys = pd.DataFrame({"rest": rest, "position": period.cat.codes.to_numpy(np.int64)})
    keys = keys[keys["position"] >= 0].assign(row=lambda known: known.index)
    earlier = keys.assign(position=keys["position"] + 1)
    pairs = keys.merge(earlier, on=["rest", "position"], suffixes=("", "_before"))
    none[pairs["row"]] = pairs["row_before"]
    return none
