"""The document-term matrix with its documents and terms, in memory and as a feature bundle."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.articles import REQUIRED
from analysis.errors import ArticlesError, CountsError
from analysis.tokens import TermRules, count_tokens

HIT_COLUMNS = ("frame", "pattern", "match", "negated")


def _no_hits() -> pd.DataFrame:
    return pd.DataFrame(
        {"frame": pd.Series(dtype="str"), "pattern": pd.Series(dtype="str"),
         "match": pd.Series(dtype="str"), "negated": pd.Series(dtype="bool")}
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class DocumentTerms:
    """Counts of terms, and of a lexicon's hits, in each document.

    Attributes
    ----------
    documents : DataFrame, one row a document
        The articles' columns without their texts and titles, and ``n_tokens``. A document is an
        article, or a part of one (one of its voices): rows that share a ``doc_id`` are one unit
        of evidence.
    terms : Index of str, sorted
    counts : csr_array of int64, documents by terms
    hit_types : DataFrame, one row a kind of hit: ``frame, pattern, match, negated``
        `match` is the folded term or phrase that the frame's pattern matched.
    hits : csr_array of int64, documents by hit types
    rules : TermRules
    lexicon : str
        Name, version and fingerprint of the lexicon whose hits these are, or empty.
    """

    documents: pd.DataFrame
    terms: pd.Index
    counts: sparse.csr_array
    hit_types: pd.DataFrame = field(default_factory=_no_hits)
    hits: sparse.csr_array | None = None
    rules: TermRules = TermRules()
    lexicon: str = ""

    def __post_init__(self) -> None:
        if self.counts.shape != (len(self.documents), len(self.terms)):
            raise CountsError(
                f"counts has shape {self.counts.shape}; with {len(self.documents)} documents and "
                f"{len(self.terms)} terms it must be {(len(self.documents), len(self.terms))}."
            )
        if self.hits is None:
            empty = sparse.csr_array((len(self.documents), len(self.hit_types)), dtype=np.int64)
            object.__setattr__(self, "hits", empty)

    def __repr__(self) -> str:
        return (
            f"DocumentTerms: {len(self.documents):,} documents, {len(self.terms):,} terms, "
            f"{int(self.documents['n_tokens'].sum()):,} tokens"
        )


def document_terms(articles: pd.DataFrame, *, rules: TermRules = TermRules()) -> DocumentTerms:
    """Count the terms of every article."""
    missing = [name for name in REQUIRED if name not in articles.columns]
    if missing:
        raise ArticlesError(f"the articles table lacks {', '.join(missing)}; see check_articles.")
    terms, counts = count_tokens(articles["text"], rules)
    documents = articles.drop(columns=["text", "title"], errors="ignore").reset_index(drop=True)
    return DocumentTerms(documents.assign(n_tokens=counts.sum(axis=1)), terms, counts, rules=rules)
