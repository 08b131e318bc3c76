"""Counts made by hand: what the matcher would find, without texts."""

import numpy as np
import pandas as pd
from scipy import sparse

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
