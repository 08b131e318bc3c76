"""How far groups are from all articles that they belong to, such as those of their language."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.measuring.frames.article_hits import ArticleHits
from analysis.measuring.intervals import Estimate, Floats

Rows = NDArray[np.intp]


def changes_of(hits: ArticleHits, codes: Rows, articles: int) -> sparse.csr_array:
    """How each group's score changes without each article; articles by their codes, -1 unnamed."""
    a, b = hits.a.astype(np.float64), hits.b.astype(np.float64)
    total_a, total_b = hits.total(a)[hits.group], hits.total(b)[hits.group]
    if hits.of_tokens:
        sizes = hits.groups["tokens"].to_numpy()[hits.group]
        change = np.log1p(-a / (total_a + 0.5)) + hits.tokens / sizes
    elif hits.of_articles:
        change = b / (total_b + 0.5) - a / (total_a + 0.5)
    else:
        change = np.log(
            (total_a - a + 0.5) / (total_b - b + 0.5) * (total_b + 0.5) / (total_a + 0.5)
        )
    named = codes >= 0
    places = hits.group[named], codes[named]
    return sparse.csr_array((change[named], places), shape=(len(hits.groups), articles))


def distances(
    hits: ArticleHits, pools: ArticleHits, pool: Rows, estimates: tuple[Estimate, Estimate]
) -> tuple[Floats, sparse.csr_array]:
    """Each group's score less that of its row of `pools`, and how that changes by article."""
    codes, ids = pd.factorize(np.concatenate([hits.doc_id, pools.doc_id]))
    n = len(hits.doc_id)
    own, whole = changes_of(hits, codes[:n], len(ids)), changes_of(pools, codes[n:], len(ids))
    scores = [np.where(np.isnan(of.se), np.nan, of.value) for of in estimates]
    return scores[0] - scores[1][pool], sparse.csr_array(own - whole[pool])
