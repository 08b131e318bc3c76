"""Which group each row falls into, and integer sums over the rows of each group."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse

from analysis.errors import AnalysisError, CountsError
from analysis.periods import FREQUENCIES, add_period

# What is known of each group besides its labels.
TOTALS = ("articles", "tokens", "tokens_sq")


def columns_of(by: str | Sequence[str] | None, argument: str = "by") -> tuple[str, ...]:
    """The columns that make the groups: none may be named twice, or as a total is."""
    by = (by,) if isinstance(by, str) else () if by is None else by
    if not isinstance(by, Iterable) or not all(isinstance(name, str) for name in by):
        raise CountsError(f"{argument}={by!r}: give the name of a column, or a list of names.")
    by = tuple(by)
    if len(set(by)) < len(by):
        raise CountsError(f"{argument}={list(by)}: a column is named twice; name each once.")
    _refuse_names(by, TOTALS)
    return by


def labelled(labels: pd.DataFrame, results: Mapping[str, object] | pd.DataFrame) -> pd.DataFrame:
    """The labels of groups beside the columns of a result; CountsError if they share a name."""
    _refuse_names(labels.columns, results)
    return labels.assign(**dict(results))


def _refuse_names(by: Iterable[str], results: Iterable[str]) -> None:
    by, results = list(by), set(results)
    if taken := [name for name in by if name in results]:
        name = taken[0]
        raise CountsError(
            f"by={by}: the result has a column {name!r} of its own. Give yours another name, such "
            f"as articles.rename(columns={{{name!r}: 'my_{name}'}}), before you count."
        )


def with_calendar(documents: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Add the calendar spans, such as ``year``, that are asked for and not there."""
    wanted = [name for name in by if name in FREQUENCIES and name not in documents]
    if "date" not in documents:
        return documents
    spans = {name: add_period(documents, name)["period"] for name in wanted}
    return documents.assign(**spans)


def refuse_lists(
    frame: pd.DataFrame, names: Iterable[str], argument: str,
    error: type[AnalysisError] = CountsError,
) -> None:  # fmt: skip
    """Raise the error if a column holds lists in place of single values."""
    for name in names:
        if frame[name].dtype == object and frame[name].map(pd.api.types.is_list_like).any():
            raise error(
                f"{argument}: {name!r} holds lists. A group is one value: make a row for each, "
                f"with articles.explode({name!r}), or join them into one text."
            )


def group_codes(frame: pd.DataFrame, by: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """Number the groups of a frame's rows in sorted order: a code for each row, and the groups."""
    if not by:
        return np.zeros(len(frame), np.intp), pd.DataFrame(index=range(1))
    # Objects beside missing values can't be sorted, and would keep the order of their appearance.
    columns = [frame[name] for name in by]
    try:
        keys = [c.astype("category") if c.dtype == object else c for c in columns]
        codes = frame.groupby(keys, dropna=False, observed=True, sort=True).ngroup().to_numpy()
    except TypeError:
        refuse_lists(frame, by, f"by={list(by)}")
        raise
    _, first = np.unique(codes, return_index=True)
    return codes, frame[list(by)].iloc[first].reset_index(drop=True)


def parted_columns(documents: pd.DataFrame, by: Sequence[str]) -> tuple[str, ...]:
    """The columns in which the parts of some article differ, as its voices do."""
    if documents["doc_id"].is_unique:
        return ()
    ids, _ = pd.factorize(documents["doc_id"])
    first = np.unique(ids, return_index=True)[1][ids]
    codes = {name: pd.factorize(documents[name])[0] for name in by}
    return tuple(name for name, code in codes.items() if (code != code[first]).any())


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

    The cells of the sums are found, and held, once for all values. The entries of a row need not
    be sorted; those of the sums are.
    """
    from analysis.tokens import tally

    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(groups + 1))
    indptr, indices = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32, copy=False)
    cells, columns, starts = tally.cells(indptr, indices, order, bounds, matrix.shape[1])
    places = columns, starts.astype(matrix.indptr.dtype)
    found = sparse.csr_array((np.arange(len(columns)), *places), (groups, matrix.shape[1]))
    # To CSC and back sorts the cells of each group by column, in time linear in their number.
    found = found.tocsc().tocsr()

    def summed(data: np.ndarray) -> sparse.csr_array:
        sums = tally.sums(cells, data, len(columns))[found.data]
        return sparse.csr_array((sums, found.indices, found.indptr), shape=found.shape)

    return [summed(data) for data in values]
