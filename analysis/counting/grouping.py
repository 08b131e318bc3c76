"""Which group each row falls into, and integer sums over the rows of each group."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse

from analysis.errors import CountsError
from analysis.periods import FREQUENCIES, add_period

# What is known of each group besides its labels.
TOTALS = ("articles", "tokens", "tokens_sq")


def columns_of(by: str | Sequence[str]) -> tuple[str, ...]:
    """The columns that make the groups: none may be named twice, or as a total is."""
    by = (by,) if isinstance(by, str) else tuple(by)
    if len(set(by)) < len(by):
        raise CountsError(f"by={list(by)}: a column is named twice; name each once.")
    if taken := [name for name in by if name in TOTALS]:
        raise CountsError(
            f"by={list(by)}: {taken[0]!r} is the name of one of the groups' totals. Give your "
            "column another name."
        )
    return by


def with_calendar(documents: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Add the calendar spans, such as ``year``, that are asked for and not there."""
    wanted = [name for name in by if name in FREQUENCIES and name not in documents]
    if "date" not in documents:
        return documents
    spans = {name: add_period(documents, name)["period"] for name in wanted}
    return documents.assign(**spans)


def group_codes(frame: pd.DataFrame, by: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """Number the groups of a frame's rows in sorted order: a code for each row, and the groups."""
    if not by:
        return np.zeros(len(frame), np.intp), pd.DataFrame(index=range(1))
    # Objects beside missing values can't be sorted, and would keep the order of their appearance.
    columns = [frame[name] for name in by]
    keys = [column.astype("category") if column.dtype == object else column for column in columns]
    codes = frame.groupby(keys, dropna=False, observed=True, sort=True).ngroup().to_numpy()
    _, first = np.unique(codes, return_index=True)
    return codes, frame[list(by)].iloc[first].reset_index(drop=True)


def total_per_group(codes: np.ndarray, values: ArrayLike, groups: int) -> np.ndarray:
    """The sum of the integer values, or rows of values, with each code."""
    values = np.asarray(values, np.int64)
    total = np.zeros((groups, *values.shape[1:]), np.int64)
    np.add.at(total, codes, values)
    return total


def sum_rows(
    values: Iterable[np.ndarray], matrix: sparse.csr_array, codes: np.ndarray, groups: int
) -> list[sparse.csr_array]:
    """Sum several values of the entries of a matrix over the rows with each code.

    The places of the sums are found, and held, once for all values.
    """
    numbers = np.arange(matrix.nnz, dtype=matrix.indices.dtype)
    entries = sparse.csr_array((numbers, matrix.indices, matrix.indptr), shape=matrix.shape)
    order = np.argsort(codes, kind="stable")
    entries = entries[order]
    bounds = entries.indptr[np.searchsorted(codes[order], np.arange(groups + 1))]
    shape = groups, matrix.shape[1]
    # To CSC and back sorts the entries of each row by column, in time linear in their number.
    entries = sparse.csr_array((entries.data, entries.indices, bounds), shape=shape)
    entries = entries.tocsc().tocsr()
    begins = np.ones(matrix.nnz, bool)
    begins[1:] = entries.indices[1:] != entries.indices[:-1]
    begins[entries.indptr[:-1][np.diff(entries.indptr) > 0]] = True
    starts = np.flatnonzero(begins)
    places = entries.indices[starts], np.searchsorted(starts, entries.indptr).astype(bounds.dtype)

    def summed(data: np.ndarray) -> sparse.csr_array:
        cells = np.add.reduceat(data[entries.data], starts) if len(starts) else data
        return sparse.csr_array((cells, *places), shape=shape)

    return [summed(data) for data in values]
