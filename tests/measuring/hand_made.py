"""Counts made by hand: what the matcher would find, without texts."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis.counting.document_terms import DocumentTerms

HIT_TYPES = pd.DataFrame(
    [
        ("pressure", "sanction*", "sanctions", False),
        ("pressure", "sanction*", "sanctions", True),
        ("pressure", "threat", "threat", False),
        ("parley", "talks", "talks", False),
        ("parley", "talks", "talks", True),
    ],
    columns=["frame", "pattern", "match", "negated"],
)


def counts_of(hits: list[list[int]], n_tokens: list[int] | int = 100, **columns) -> DocumentTerms:
    """Counts with one row of hits an article, in the order of HIT_TYPES, and further columns."""
    n = len(hits)
    documents = pd.DataFrame({"doc_id": [f"d{row:05}" for row in range(n)], **columns})
    documents["n_tokens"] = np.int64(n_tokens)
    return DocumentTerms(
        documents,
        pd.Index([], name="term", dtype="str"),
        sparse.csr_array((n, 0), dtype=np.int64),
        HIT_TYPES,
        sparse.csr_array(np.array(hits, np.int64).reshape(n, len(HIT_TYPES))),
        lexicon="by-hand 1.0 0123abcd",
    )


def counts_ab(a: list[int], b: list[int], n_tokens: list[int] | int = 100, **columns):
    """Counts with a hits of pressure and b hits of parley in each article."""
    hits = [[x, 0, 0, y, 0] for x, y in zip(a, b, strict=True)]
    return counts_of(hits, n_tokens, **columns)


def counts_of_terms(hits: object, **columns) -> DocumentTerms:
    """Counts of terms "t0", "t1" ... in articles that have no other tokens."""
    matrix = np.asarray(hits, np.int64)
    n, width = matrix.shape
    documents = pd.DataFrame({"doc_id": [f"d{row:03}" for row in range(n)], **columns})
    documents["n_tokens"] = matrix.sum(axis=1)
    terms = pd.Index([f"t{column}" for column in range(width)], name="term", dtype="str")
    return DocumentTerms(documents, terms, sparse.csr_array(matrix))


@st.composite
def corpora(draw: st.DrawFn, least: int = 2, most: int = 10, empty: bool = True) -> DocumentTerms:
    """A few articles of two outlets, with a few terms; some may have no token at all."""
    n = draw(st.integers(least, most))
    row = st.lists(st.sampled_from([0, 0, 0, 1, 1, 2, 3, 9]), min_size=4, max_size=4)
    rows = row if empty else row.filter(any)
    hits = draw(st.lists(rows, min_size=n, max_size=n))
    outlets = draw(st.lists(st.sampled_from(["Gazette", "Herald"]), min_size=n, max_size=n))
    return counts_of_terms(hits, outlet=outlets)


def reordered(counts: DocumentTerms, order: object) -> DocumentTerms:
    """The same articles in another order, or some of them, or some of them twice."""
    rows = np.asarray(order, np.intp)
    documents = counts.documents.iloc[rows].reset_index(drop=True)
    return replace(counts, documents=documents, counts=counts.counts[rows], hits=counts.hits[rows])


def with_empty_article(counts: DocumentTerms, outlet: str = "Gazette") -> DocumentTerms:
    """One more article, without a token."""
    grown = reordered(counts, [*range(len(counts.documents)), 0])
    last = len(grown.documents) - 1
    grown.documents.loc[last, ["doc_id", "outlet"]] = "empty", outlet
    grown.documents.loc[last, "n_tokens"] = 0
    keep = np.arange(last + 1) < last
    return replace(grown, counts=_blanked(grown.counts, keep), hits=_blanked(grown.hits, keep))


def in_two_voices(counts: DocumentTerms, first: object) -> DocumentTerms:
    """Every article in two rows: "quoted" with so many of its hits, "narration" with the rest."""
    quoted = np.minimum(np.asarray(first, np.int64), counts.counts.toarray())
    rest = counts.counts.toarray() - quoted
    documents = pd.concat(
        [
            counts.documents.assign(voice=voice, n_tokens=part.sum(axis=1))
            for voice, part in (("quoted", quoted), ("narration", rest))
        ],
        ignore_index=True,
    )
    return DocumentTerms(documents, counts.terms, sparse.csr_array(np.vstack([quoted, rest])))


def _blanked(matrix: sparse.csr_array, keep: np.ndarray) -> sparse.csr_array:
    return sparse.csr_array(sparse.diags_array(keep.astype(np.int64), dtype=np.int64) @ matrix)


def plain_jackknife(estimate, articles: int, level: float):
    """Interval by leaving each article out in turn (Efron and Tibshirani 1993, 11.5)."""
    everything = list(range(articles))
    full = estimate(everything)
    left = np.array([estimate([i for i in everything if i != d]) for d in everything])
    se = np.sqrt((articles - 1) / articles * ((left - left.mean()) ** 2).sum())
    # 2 / the squared coefficient of variation of the variance: Satterthwaite 1946.
    e = left - left.mean()
    df = max(1, min(articles - 1, 2 / ((e**4).sum() / (e**2).sum() ** 2 - 1 / articles)))
    half = stats.t.ppf((1 + level) / 2, df) * se
    return full - half, full + half
