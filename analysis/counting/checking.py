"""What counts must be: whole numbers that fit one another, nothing missing, nothing twice."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.errors import AnalysisError, ArticlesError, CountsError
from analysis.tokens import TermRules

HIT_COLUMNS = ("frame", "pattern", "match", "negated")
WEIGHT = "weight"  # a further one, of a lexicon with weights
# Tokens of an article: sums of their squares over a corpus stay within 64 bits.
MOST = 2**31 - 1
# Sums over groups: floats are exact up to here.
MOST_OF_SUMS = 2**53


def whole_numbers(values: Any, where: str, least: int = 0, most: int = MOST) -> NDArray[np.int64]:
    """The values as int64; CountsError names the first that is missing, not whole or too large."""
    found = np.asarray(values)
    if found.dtype.kind in "biuf":
        right = (found >= least) & (found <= most)
        if found.dtype.kind == "f":
            right &= np.floor(found) == found
    else:
        right = np.array([isinstance(v, int | np.integer) and least <= v <= most for v in found])
    if not right.all():
        row = int(np.argmin(right))
        raise CountsError(
            f"{where}: row {row} is {found[row]!r}; whole numbers from {least} to {most} are "
            "allowed."
        )
    return found.astype(np.int64, copy=False)


def check_weights(types: pd.DataFrame, where: str) -> None:
    """CountsError unless the weights of hits are finite numbers, or missing in a whole frame."""
    if WEIGHT not in types:
        return
    weights = types[WEIGHT]
    missing = weights.isna().groupby(types["frame"]).transform("nunique") > 1
    if weights.dtype != np.float64 or (wrong := missing | np.isinf(weights)).any():
        found = weights.dtype if weights.dtype != np.float64 else f"not one in row {wrong.argmax()}"
        raise CountsError(
            f"{where}: column 'weight' is {found}; a frame has numbers for all its hits, or none."
        )


def refuse_columns(articles: pd.DataFrame, names: Iterable[str]) -> None:
    """ArticlesError if articles have columns that counts make themselves, and would lose theirs."""
    if taken := [name for name in names if name in articles]:
        name = taken[0]
        raise ArticlesError(
            f"the articles table: column {name!r}: counts have a column of this name of their own. "
            f"Give yours another name: articles.rename(columns={{{name!r}: 'my_{name}'}})."
        )


def needed_columns(table: pd.DataFrame, where: str, needed: Iterable[str]) -> None:
    """CountsError if one of the columns is not there, or has a missing value."""
    if not isinstance(table, pd.DataFrame):
        raise CountsError(f"{where}: {type(table).__name__} is not a table; give a DataFrame.")
    for name in needed:
        if name not in table:
            have = ", ".join(map(str, table.columns)) or "none"
            raise CountsError(f"{where}: there is no column {name!r}; there are {have}.")
        missing = table[name].isna().to_numpy()
        if missing.any():
            row = int(missing.argmax())
            raise CountsError(f"{where}: column {name!r} has no value in row {row}.")


def check_ids(
    documents: pd.DataFrame, where: str, error: type[AnalysisError] = CountsError
) -> None:
    """Several rows of one `doc_id` are segments of one article: of one outlet, and of one day."""
    ids = documents["doc_id"]
    empty = (ids == "").to_numpy(bool)
    if empty.any():
        raise error(f"{where}: column 'doc_id' is empty in row {int(empty.argmax())}.")
    if ids.is_unique:
        return
    known = [name for name in ("doc_id", "outlet", "date") if name in documents]
    found = documents[known].drop_duplicates()
    shared = found.loc[found["doc_id"].duplicated(), "doc_id"].unique()
    if len(shared):
        raise error(
            f"{where}: doc_id={shared[0]!r} is the id of articles of several outlets or days, and "
            f"so are {len(shared) - 1} more: they would count as one. Make ids unique before you "
            "concatenate tables, such as frame['doc_id'] = 'guardian-' + frame['doc_id']."
        )


def checked_matrix(matrix: Any, where: str, rows: int, columns: int, unit: str) -> sparse.csr_array:
    """Counts as a canonical array of int64, documents by terms or hit types."""
    matrix = matrix if sparse.issparse(matrix) else np.asarray(matrix)
    if matrix.dtype.kind not in "biuf":
        raise CountsError(f"{where}: they are of type {matrix.dtype}; whole numbers are allowed.")
    if matrix.shape != (rows, columns):
        raise CountsError(
            f"{where} has shape {matrix.shape}; with {rows} documents and {columns} {unit} it "
            f"must be {(rows, columns)}."
        )
    matrix = sparse.csr_array(matrix)
    data = whole_numbers(matrix.data, where)
    if data is not matrix.data:
        matrix = sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    return matrix


def sorted_terms(terms: Any, counts: sparse.csr_array) -> tuple[pd.Index, sparse.csr_array]:
    """Terms in order, and the columns of the counts with them; CountsError if one is twice."""
    if isinstance(terms, str | pd.MultiIndex):
        raise CountsError(f"terms: a {type(terms).__name__} is no list of terms; give strings.")
    if not isinstance(terms, pd.Index):
        terms = pd.Index(terms)
    if terms.hasnans or terms.inferred_type not in ("string", "empty"):
        raise CountsError(
            f"terms: they must be strings, none missing; they are {terms.inferred_type}, such as "
            f"{list(terms[terms.isna()] if terms.hasnans else terms[:3])[:3]}."
        )
    if not terms.is_unique:
        twice = terms[terms.duplicated()][0]
        raise CountsError(f"terms: {twice!r} is there twice; add its columns up.")
    if not terms.is_monotonic_increasing:
        order = np.argsort(terms.to_numpy(object), kind="stable")
        terms, counts = terms[order], sparse.csr_array(counts[:, order])
        counts.sort_indices()
    return terms, counts


def sums_of_tokens(
    terms: pd.Index, counts: sparse.csr_array, rules: TermRules
) -> NDArray[np.int64]:
    """The sum of the counts of each document: an n-gram has a space, a token never has."""
    if rules.ngrams > 1:
        counts = counts[:, ~terms.str.contains(" ", regex=False)]
    return np.asarray(counts.sum(axis=1), np.int64)


def hits_of_kinds(hits: sparse.csr_array, codes: NDArray[np.intp], kinds: int) -> NDArray[np.int64]:
    """The sums of the columns of each kind, a row for each document."""
    ones = np.ones(len(codes), np.int64)
    member = sparse.csr_array((ones, (np.arange(len(codes)), codes)), (len(codes), kinds))
    return np.asarray((hits @ member).toarray(), np.int64)


def check_lengths(
    lengths: NDArray[np.int64],
    terms: pd.Index,
    counts: sparse.csr_array,
    frames: pd.Series,
    hits: sparse.csr_array,
    rules: TermRules,
    owner: NDArray[np.intp] | None = None,
) -> None:
    """CountsError if the counts of a row, or the hits of a frame, exceed its tokens.

    With an `owner` of each row, hits are compared with the tokens of all its rows.
    """
    if float(np.square(lengths, dtype=np.float64).sum()) > 2**62:
        raise CountsError("documents: column 'n_tokens': the sum of the squares exceeds 2^62.")
    sums = sums_of_tokens(terms, counts, rules)
    # They may be fewer: of all terms, the matrix may hold some.
    if (wrong := sums > lengths).any():
        row = int(wrong.argmax())
        raise CountsError(
            f"counts: row {row} of the documents has n_tokens={lengths[row]}, and its counts sum "
            f"to {sums[row]}; an article has at least as many tokens as its terms have hits."
        )
    # Hits are found in the unchanged text: terms that are left out may be hits.
    if rules.stop_words or rules.min_length > 1 or not rules.numbers:
        return
    codes, names = pd.factorize(frames)
    found, room = hits_of_kinds(hits, codes, len(names)), lengths
    if owner is not None:
        n_owners = int(owner.max(initial=-1)) + 1
        room, pooled = np.zeros(n_owners, np.int64), np.zeros((n_owners, len(names)), np.int64)
        np.add.at(room, owner, lengths)
        np.add.at(pooled, owner, found)
        found = pooled
    for frame, n in zip(names, found.T, strict=True):
        if (wrong := n > room).any():
            row = int(wrong.argmax())
            raise CountsError(
                f"hits: column 'n': row {row} of the documents has n_tokens={room[row]} and "
                f"{n[row]} hits of the frame {frame!r}; a token is a hit of a frame once at most."
            )
