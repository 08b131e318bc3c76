"""Counts of parts of a corpus below each other, as if all had been counted at once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.counting.add_up import union
from analysis.counting.document_terms import DocumentTerms
from analysis.counting.saving import HIT_COLUMNS, matrix_of
from analysis.errors import CountsError


def join_counts(parts: Sequence[DocumentTerms]) -> DocumentTerms:
    """Put the documents of several counts below each other, over the terms of all of them.

    Parameters
    ----------
    parts : sequence of DocumentTerms
        Counted with the same rules and lexicon.

    Returns
    -------
    DocumentTerms
        The same as counting all documents at once: terms and hit types sorted, none twice.

    Raises
    ------
    CountsError
        If there is no part, or the parts were counted with different rules or lexicons.

    Examples
    --------
    >>> from analysis import document_terms
    >>> frame = pd.DataFrame(
    ...     {"doc_id": ["a", "b"], "outlet": "Gazette", "date": pd.Timestamp("2021-03-14"),
    ...      "text": ["No talks.", "Talks, talks."]}
    ... )
    >>> joined = join_counts([document_terms(frame[1:]), document_terms(frame[:1])])
    >>> joined.terms.tolist(), joined.counts.toarray().tolist()
    (['no', 'talks'], [[0, 2], [1, 1]])
    """
    asked = {(part.rules, part.lexicon) for part in parts}
    if len(asked) != 1:
        raise CountsError(
            f"join_counts: {len(parts)} parts with {len(asked)} different rules and lexicons; "
            "there must be one part or more, all counted with the same."
        )
    if len(parts) == 1:
        return parts[0]
    terms, places = union([part.terms for part in parts])
    types, kinds = _hit_types([part.hit_types for part in parts])
    return replace(
        parts[0],
        documents=pd.concat([part.documents for part in parts], ignore_index=True),
        terms=terms,
        counts=_below([part.counts for part in parts], places, len(terms)),
        hit_types=types,
        hits=_below([part.hits for part in parts], kinds, len(types)),
    )


def _hit_types(parts: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """All hit types, sorted; and where those of each part stand among them."""
    columns = list(HIT_COLUMNS)
    types = pd.concat(parts, ignore_index=True)[columns]
    grouped = types.groupby(columns, sort=True)
    ends = np.cumsum([len(part) for part in parts])[:-1]
    number = grouped.ngroup().to_numpy(np.int64)
    first = types[~pd.Series(number).duplicated()]
    return first.sort_values(columns).reset_index(drop=True), np.split(number, ends)


def _below(
    matrices: Sequence[sparse.csr_array], places: Sequence[np.ndarray], width: int
) -> sparse.csr_array:
    """Matrices below each other, their columns moved to new places."""
    moved = [
        sparse.csr_array((matrix.data, place[matrix.indices], matrix.indptr),
                         shape=(matrix.shape[0], width))
        for matrix, place in zip(matrices, places, strict=True)
    ]  # fmt: skip
    joined = sparse.csr_array(sparse.vstack(moved, format="csr"))
    joined.sort_indices()
    return joined


def to_tables(counts: DocumentTerms) -> list[pd.DataFrame]:
    """Counts as plain tables: documents, terms, their entries, hit types, their entries."""
    return [
        counts.documents,
        pd.DataFrame({"term": counts.terms}),
        _entries(counts.counts),
        counts.hit_types,
        _entries(counts.hits),
    ]


def from_tables(tables: Sequence[pd.DataFrame], lexicon: str) -> DocumentTerms:
    """Counts from what `to_tables` gives; `lexicon` is the label of the one counted with."""
    documents, terms, entries, types, hits = tables
    return DocumentTerms(
        documents,
        pd.Index(terms["term"], name="term"),
        _matrix(entries, (len(documents), len(terms))),
        types,
        _matrix(hits, (len(documents), len(types))),
        lexicon=lexicon,
    )


def _entries(matrix: sparse.csr_array) -> pd.DataFrame:
    entries = matrix.tocoo()
    return pd.DataFrame({"row": entries.row, "column": entries.col, "n": entries.data})


def _matrix(entries: pd.DataFrame, shape: tuple[int, int]) -> sparse.csr_array:
    places = entries["row"].to_numpy(), entries["column"].to_numpy()
    return matrix_of(entries["n"], places, shape)
