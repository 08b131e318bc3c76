"""A row for each unit of evidence in each group: what is counted in its articles, averaged."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import group_codes, total_per_group, with_calendar
from analysis.counting.groups import (
    GroupCounts,
    check_columns,
    each_once,
    group_counts,
    hits_by_frame,
)
from analysis.counting.units import of_articles, unit_of_articles
from analysis.errors import CountsError

Counts = DocumentTerms | GroupCounts
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Units:
    """The units of evidence in each group: all that does not depend on what is hit in them.

    `groups` has the `by` columns, ``articles``, ``tokens`` and ``tokens_sq`` of units; where
    articles are not units, also the sums of weights, ``_weight``, and of squares, ``_weight_sq``.
    `units` has a row for each unit in a group, `articles` one for each article with all its parts.
    """

    documents: pd.DataFrame
    by: tuple[str, ...]
    groups: pd.DataFrame
    units: pd.DataFrame  # group, doc_id, n_tokens
    articles: pd.DataFrame  # doc_id, n_tokens, unit: its row; weight (and as given), if it counts
    article: NDArray[np.intp]  # the row in `articles`, for each document

    @classmethod
    def of(
        cls, counts: DocumentTerms, by: tuple[str, ...], unit: str = "doc_id",
        weights: str | None = None,
    ) -> "Units":  # fmt: skip
        """The units of the documents.

        CountsError if a column is missing, the rows of an article differ in their unit, or a
        weight is not a number of at least 0.
        """
        each = tuple(dict.fromkeys((*by, "doc_id")))
        documents = with_calendar(counts.documents, by)
        check_columns(documents, by)
        if documents["doc_id"].is_unique:  # no article has parts, and sorting ids takes its time
            article = np.arange(len(documents))
            parts = documents[list(each)].reset_index(drop=True)
        else:
            article, parts = group_codes(documents, each)
        group, groups = group_codes(parts, by)
        articles = parts[["doc_id"]]
        units = articles.assign(group=group)
        of_unit = np.arange(len(units))
        if unit != "doc_id":
            found = unit_of_articles(counts.documents, unit).reindex(parts["doc_id"])
            keys = units.assign(doc_id=found.to_numpy())
            of_unit, units = group_codes(keys, ["group", "doc_id"])
            articles = articles.assign(weight=1.0)
        if weights is not None:
            given = weight_of(counts, parts["doc_id"], weights)
            articles = articles.assign(given=given, weight=1.0)
        articles = articles.assign(unit=of_unit)
        return cls(counts.documents, by, groups, units, articles, article)._summed()

    def subset(self, kept: NDArray[np.bool_], documents: pd.DataFrame) -> "Units":
        """The units of those documents that are kept."""
        rows, article = np.unique(self.article[kept], return_inverse=True)
        articles = self.articles.iloc[rows].reset_index(drop=True)
        rows, articles["unit"] = np.unique(articles["unit"], return_inverse=True)
        units = self.units.iloc[rows].reset_index(drop=True)
        groups = self.groups
        if self.by:  # else there is one group, whatever is in it
            rows, units["group"] = np.unique(units["group"], return_inverse=True)
            groups = groups.iloc[rows].reset_index(drop=True)
        taken = Units(documents, self.by, groups, units, articles, article)
        return taken._summed()

    def _summed(self) -> "Units":
        """The same with the sums of what is there."""
        articles, units, groups = self.articles.copy(), self.units.copy(), self.groups.copy()
        lengths = self.documents["n_tokens"].to_numpy(np.int64)
        articles["n_tokens"] = total_per_group(self.article, lengths, len(articles))
        if "weight" in articles:
            sizes = np.bincount(articles["unit"])
            articles["weight"] = articles.get("given", 1 / sizes[articles["unit"]])
        made = replace(self, articles=articles)
        length = made.averaged(articles[["n_tokens"]])["n_tokens"].to_numpy()
        codes = units["group"].to_numpy(np.intp)
        units["n_tokens"] = length
        sums = {"articles": np.ones_like(codes), "tokens": length, "tokens_sq": length**2}
        if "weight" in articles:
            weight = _sums(articles[["weight"]], articles["unit"].to_numpy())["weight"].to_numpy()
            sums |= {"_weight": weight, "_weight_sq": weight**2}
        for name, values in sums.items():
            total = np.bincount(codes, values, len(groups))
            groups[name] = total if values.dtype.kind == "f" else total.astype(np.int64)
        return replace(made, units=units, groups=groups)

    def averaged(self, values: pd.DataFrame) -> pd.DataFrame:
        """Values of articles, as a row for each unit: averaged over its articles, or weighted."""
        if "weight" in self.articles:
            values = values.mul(self.articles["weight"], axis=0)
        return _sums(values, self.articles["unit"].to_numpy())

    def hits(self, counts: DocumentTerms) -> pd.DataFrame:
        """The hits of each article, of all its parts in a group, from counts of these documents."""
        return _sums(hits_by_frame(counts), self.article)


def _sums(values: pd.DataFrame, codes: NDArray[np.intp]) -> pd.DataFrame:
    """Sums of the rows with each code; of an array pandas would first ask if it is a column."""
    return values.set_axis(codes, axis=0).groupby(level=0).sum()


def unit_rows(
    counts: Counts, by: tuple[str, ...], columns: Callable[[pd.DataFrame], Columns],
    unit: str = "doc_id", weights: str | None = None, *, every: bool = False,
    units: Units | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Groups, and a row for each unit of evidence in them: its articles, averaged or weighted.

    The rows have ``group, doc_id, n_tokens`` and what `columns` makes of the hits of each article.
    Articles without a hit are among them if they are weighted, or if `every` is asked for and they
    are known. Who asks again and again about the same documents gives their `units`.
    """
    if isinstance(counts, GroupCounts):
        if unit != "doc_id" or weights is not None:
            raise CountsError(
                f"unit={unit!r}, weights={weights!r}: streamed counts cannot be clustered or "
                "weighted; count with document_terms."
            )
        grouped = group_counts(_without_terms(counts), by)
        table = grouped.hits[["group", "doc_id", "n_tokens"]]
        found = pd.DataFrame(columns(grouped.hits), index=table.index)
        return grouped.groups, pd.concat([table, found], axis=1)
    counts = each_once(counts, by)
    units = units or Units.of(counts, by, unit, weights)
    hits = units.hits(counts)
    hit = hits.any(axis=1).to_numpy()
    hits["n_tokens"] = units.articles["n_tokens"]
    table = pd.concat([units.units, units.averaged(pd.DataFrame(columns(hits)))], axis=1)
    plain = "weight" not in units.articles
    return units.groups, table[hit].reset_index(drop=True) if plain and not every else table


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
    bad = ~pd.to_numeric(weight, errors="coerce").between(0, np.inf, inclusive="left").to_numpy()
    if bad.any():
        raise CountsError(
            f"weights={name!r}: a weight must be a number of at least 0; found "
            f"{weight[bad].iloc[0]} for doc_id {ids[bad].iloc[0]!r}."
        )
    return weight.astype(np.float64)


def _without_terms(counts: GroupCounts) -> GroupCounts:
    """The same counts without their matrix of terms: sums over it are not needed for hits."""
    empty = sparse.csr_array((len(counts.groups), 0), dtype=np.int64)
    return replace(
        counts, terms=counts.terms[:0], n=empty, n_docs=empty, n_sq=empty, n_tokens=empty
    )
