"""A row for each unit of evidence in each group: what is counted in its articles, averaged."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import group_codes
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.units import of_articles, unit_of_articles
from analysis.errors import CountsError

Counts = DocumentTerms | GroupCounts
Columns = dict[str, NDArray[Any]]


def unit_rows(
    counts: Counts, by: tuple[str, ...], columns: Callable[[pd.DataFrame], Columns],
    unit: str = "doc_id", weights: str | None = None, *, every: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Groups, and a row for each unit of evidence in them: its articles, averaged or weighted.

    The rows have ``group, doc_id, n_tokens`` and what `columns` makes of the hits of each article.
    Articles without a hit are among them if they are weighted, or if `every` is asked for and they
    are known; then the groups have their ``_weight`` and its squares, ``_weight_sq``.
    """
    plain = unit == "doc_id" and weights is None
    if isinstance(counts, GroupCounts) and not plain:
        raise CountsError(
            f"unit={unit!r}, weights={weights!r}: streamed counts cannot be clustered or weighted; "
            "count with document_terms."
        )
    if isinstance(counts, GroupCounts) or (plain and not every):
        grouped = group_counts(_without_terms(counts), by)
        table = grouped.hits[["group", "doc_id", "n_tokens"]]
        found = pd.DataFrame(columns(grouped.hits), index=table.index)
        return grouped.groups, pd.concat([table, found], axis=1)
    units = unit_of_articles(counts.documents, unit)
    groups, group, ids, hits = article_rows(counts, by)
    keys = pd.DataFrame({"group": group, "doc_id": units.reindex(ids).to_numpy()})
    values = pd.DataFrame({"n_tokens": hits["n_tokens"], **columns(hits), "weight": 1})
    if weights is not None:
        values = values.mul(weight_of(counts, ids, weights), axis=0)
    elif not plain:
        weight = 1 / keys.groupby(["group", "doc_id"])["group"].transform("size")
        values = values.mul(weight, axis=0)
    table = pd.concat([keys, values], axis=1).groupby(["group", "doc_id"]).sum().reset_index()
    codes, lengths = table["group"].to_numpy(np.intp), table["n_tokens"].to_numpy()
    weight = table.pop("weight").to_numpy()
    sums = {"articles": np.ones_like(codes), "tokens": lengths, "tokens_sq": lengths**2,
            "_weight": weight, "_weight_sq": weight**2}  # fmt: skip
    for name, of_unit in sums.items():
        total = np.bincount(codes, of_unit, len(groups))
        groups[name] = total if of_unit.dtype.kind == "f" else total.astype(np.int64)
    return groups, table


def article_rows(
    counts: DocumentTerms, by: tuple[str, ...]
) -> tuple[pd.DataFrame, NDArray[np.intp], pd.Series, pd.DataFrame]:
    """Groups, and a row for each article in each of them: its group, id, and hits of all parts."""
    grouped = group_counts(_without_terms(counts), tuple(dict.fromkeys((*by, "doc_id"))))
    hits = grouped.hits.set_index("group").drop(columns=["doc_id", "n_tokens"])
    hits = hits.reindex(range(len(grouped.groups)), fill_value=0)
    hits["n_tokens"] = grouped.groups["tokens"]
    group, groups = group_codes(grouped.groups, by)
    return groups, group, grouped.groups["doc_id"], hits


def frame_hits(
    table: pd.DataFrame, frames: Iterable[str], suffix: str = "", kind: str = "n_"
) -> NDArray[Any]:
    """Hits of frames in each article: of one that was not counted itself, those of its parts.

    With the `kind` ``w_`` the sums of their weights.
    """
    known = {name: name.removeprefix(kind).removesuffix(suffix) for name in table
             if name.startswith(kind) and name.endswith("_negated") == bool(suffix)}  # fmt: skip
    parts = {part for frame in frames for part in parts_of(frame, known.values())}
    # A frame without any hit has no column.
    columns = table[[name for name, frame in known.items() if frame in parts]]
    of = np.int64 if kind == "n_" else np.float64
    hits: NDArray[Any] = columns.to_numpy().sum(axis=1, dtype=of)
    return hits


def parts_of(frame: str, known: Iterable[str]) -> list[str]:
    """The frame itself if it is known, or the highest of those under it."""
    known = list(known)
    if frame in known:
        return [frame]
    below = [name for name in known if name.startswith(frame + "/")]
    above = tuple(name + "/" for name in below)
    return [name for name in below if not name.startswith(above)]


def weight_of(counts: DocumentTerms, ids: pd.Series, name: str) -> pd.Series:
    """The weight of each article; CountsError if one is not a number of at least 0."""
    weight = of_articles(counts.documents, name, "weights").reindex(ids).set_axis(ids.index)
    bad = ~(pd.to_numeric(weight, errors="coerce") >= 0).to_numpy()
    if bad.any():
        raise CountsError(
            f"weights={name!r}: a weight must be a number of at least 0; found "
            f"{weight[bad].iloc[0]} for doc_id {ids[bad].iloc[0]!r}."
        )
    return weight.astype(np.float64)


def _without_terms(counts: Counts) -> Counts:
    """The same counts without their matrix of terms: sums over it are not needed for hits."""
    if isinstance(counts, GroupCounts):
        empty = sparse.csr_array((len(counts.groups), 0), dtype=np.int64)
        return replace(
            counts, terms=counts.terms[:0], n=empty, n_docs=empty, n_sq=empty, n_tokens=empty
        )
    empty = sparse.csr_array((len(counts.documents), 0), dtype=np.int64)
    return counts.derived(terms=counts.terms[:0], counts=empty)
