"""Tables, terms and matrices of parts joined, as if all had been counted at once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from analysis.counting.saving import HIT_COLUMNS
from analysis.errors import CountsError
from analysis.periods import freq_of, span_between


def union(parts: Sequence[pd.Index]) -> tuple[pd.Index, list[np.ndarray]]:
    """All terms, sorted; and the place of each part's among them."""
    strings = [pa.array(part, pa.large_string()) for part in parts]
    terms = pc.unique(pa.chunked_array(strings, pa.large_string()))
    terms = terms.take(pc.array_sort_indices(terms))
    places = [pc.index_in(part, terms).to_numpy(zero_copy_only=False) for part in strings]
    return (
        pd.Index(pd.array(terms, dtype="str"), name="term"),
        [place.astype(np.int32) for place in places],
    )


def joined_rows(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Concatenate tables; categories are those that all rows together would have."""
    joined = pd.concat(frames, ignore_index=True)
    for name in joined.columns:
        columns = [frame[name] for frame in frames if name in frame]
        if all(isinstance(column.dtype, pd.CategoricalDtype) for column in columns):
            joined[name] = _joined_categories(columns, joined[name])
    return joined


def _joined_categories(columns: Sequence[pd.Series], joined: pd.Series) -> pd.Series:
    first = columns[0].dtype
    if all(column.dtype == first for column in columns):
        return joined
    values = joined.astype(object)
    found = dict.fromkeys(name for column in columns for name in column.cat.categories)
    ordered = [column.cat.ordered for column in columns]
    if not any(ordered):
        categories = sorted(found)
    elif all(ordered) and freq_of(found) is not None:
        # A gap between two parts, too, shows as a gap.
        categories = span_between(found)
    else:
        raise CountsError(
            f"the parts have different periods in {joined.name!r}, and nothing says their order: "
            f"{', '.join(map(str, list(found)[:6]))}. Give all parts the same categories."
        )
    return pd.Series(
        pd.Categorical(values, categories=categories, ordered=any(ordered)), joined.index
    )


def joined_types(parts: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """All hit types, sorted; and the place of each part's among them."""
    columns = list(HIT_COLUMNS)
    types = pd.concat(parts, ignore_index=True)[columns]
    grouped = types.groupby(columns, sort=True)
    ends = np.cumsum([len(part) for part in parts])[:-1]
    number = grouped.ngroup().to_numpy(np.int64)
    first = types[~pd.Series(number).duplicated()]
    return first.sort_values(columns).reset_index(drop=True), np.split(number, ends)


def stacked(
    matrices: Sequence[sparse.csr_array], places: Sequence[np.ndarray], width: int
) -> sparse.csr_array:
    """Matrices stacked by row, their columns moved to new places."""
    moved = [
        sparse.csr_array((matrix.data, place[matrix.indices], matrix.indptr),
                         shape=(matrix.shape[0], width))
        for matrix, place in zip(matrices, places, strict=True)
    ]  # fmt: skip
    joined = sparse.csr_array(sparse.vstack(moved, format="csr"))
    joined.sort_indices()
    return joined


def joined_hits(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Articles with hits in order; each frame's hits, 0 where a part had none of it."""
    fixed = ["doc_id", "n_tokens", "group"]
    names = dict.fromkeys(name for table in tables for name in table if name not in fixed)
    frames = sorted(name for name in names if f"{name}_negated" in names)
    counted = [column for name in frames for column in (name, f"{name}_negated")]
    whole = [table.reindex(columns=[*fixed[:2], *counted, "group"], fill_value=0)
             for table in tables]  # fmt: skip
    return pd.concat(whole, ignore_index=True)
