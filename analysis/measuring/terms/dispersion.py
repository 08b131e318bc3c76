"""Dispersion: whether a term is spread over a group's articles or concentrated in a few."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import columns_of, group_codes, labelled
from analysis.counting.groups import check_documents, group_counts
from analysis.measuring.intervals import Floats, Ints, positive
from analysis.measuring.rates import term_positions


def dispersion(
    counts: DocumentTerms, by: str | Sequence[str], *, terms: str | Sequence[str] | None = None
) -> pd.DataFrame:
    r"""Measure how evenly each term is spread over the articles of its group.

    With s_d the article's share of the group's tokens, p_d of the term's hits, and v_d its rate:

    .. math:: D = 1 - \frac{sd(v)}{mean(v) \sqrt{m - 1}}, \quad
              DP = \tfrac{1}{2} \sum_d |p_d - s_d|, \quad
              DP_{norm} = \frac{DP}{1 - \min_d s_d}

    (Juilland and Chang-Rodriguez 1964; Gries 2008; Lijffijt and Gries 2012). Articles without
    tokens do not count.

    Parameters
    ----------
    counts : DocumentTerms
        Counts per document; streamed counts hold no single articles.
    by, terms
        As for `term_frequencies`.

    Returns
    -------
    DataFrame
        One row per group and term with hits, in that order: the `by` columns, ``term, n``,
        ``range`` (articles with the term), ``articles`` (m), ``juilland_d`` (1 even, 0 in one
        article), ``dp`` and ``dp_norm`` (0 spread as the words are, 1 in the smallest article
        alone). D and DPnorm are missing where there is one article.

    Raises
    ------
    CountsError
        If `counts` are streamed, or a column or term is missing.

    Examples
    --------
    >>> from analysis import check_articles, dispersion, document_terms
    >>> texts = ["talks on talks", "talks on tariffs", "talks on trade"]
    >>> frame = pd.DataFrame({"text": texts, "doc_id": [1, 2, 3], "outlet": "Gazette"})
    >>> counts = document_terms(check_articles(frame.assign(date="2021-03-14")))
    >>> dispersion(counts, "outlet", terms=["on", "tariffs"]).round(2)
        outlet     term  n  range  articles  juilland_d    dp  dp_norm
    0  Gazette       on  3      3         3         1.0  0.00      0.0
    1  Gazette  tariffs  1      1         3         0.0  0.67      1.0
    """
    check_documents(counts, "dispersion")
    by = columns_of(by)
    articles = group_counts(counts, tuple(dict.fromkeys((*by, "doc_id"))))
    columns = np.arange(len(counts.terms))
    if terms is not None:
        columns = np.unique(term_positions(counts.terms, terms))
    filled = np.flatnonzero(articles.groups["tokens"] > 0)
    sizes = articles.groups.iloc[filled].reset_index(drop=True)
    code, groups = group_codes(sizes, by)
    entries = articles.n[filled][:, columns].tocoo()
    row, column = entries.coords
    keys, cell = np.unique(code[row] * len(columns) + column, return_inverse=True)
    group = keys // max(len(columns), 1)
    table = groups.iloc[group].reset_index(drop=True)
    terms_of = {"term": counts.terms[columns[keys % max(len(columns), 1)]]}
    measures = _measures(sizes["tokens"].to_numpy(), code, group, row, cell, entries.data)
    return labelled(table, terms_of | measures)


def _measures(
    tokens: Ints, code: Ints, group: Ints, row: Ints, cell: Ints, hits: Ints
) -> dict[str, Floats | Ints]:
    """The measures of each cell (a group and term), from its entries (an article's hits)."""

    def total(values: Floats | Ints) -> Floats:
        return np.asarray(np.bincount(cell, values, minlength=len(group)), np.float64)

    size = tokens / np.bincount(code, tokens)[code]
    n, m = total(hits), np.bincount(code)[group]
    # What articles without the term add to the sum of |p - s| is their share of the group.
    dp = (total(np.abs(hits / n[cell] - size[row]) - size[row]) + 1) / 2
    smallest = np.ones(int(code.max(initial=-1)) + 1)
    np.minimum.at(smallest, code, size)
    rates = hits / tokens[row]
    mean = total(rates) / m
    variation = np.sqrt(np.maximum(total(rates**2) / m - mean**2, 0)) / mean
    return {
        "n": n.astype(np.int64),
        "range": np.bincount(cell, minlength=len(group)),
        "articles": m,
        "juilland_d": 1 - variation / np.sqrt(positive(m - 1)),
        "dp": dp,
        "dp_norm": dp / positive(1 - smallest)[group],
    }
