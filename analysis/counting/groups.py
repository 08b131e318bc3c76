"""Sums over groups of articles: all that the statistics need, and all that is ever merged.

Every number here is an integer total, so that parts add up exactly, in any order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.saving import SUMS, group_fields, group_tables, load_groups, save_groups
from analysis.errors import CountsError
from analysis.formatting import counted
from analysis.periods import FREQUENCIES, add_period
from analysis.reading.rejected import rejected_table

# What is known of each group beside its labels.
TOTALS = ("articles", "tokens", "tokens_sq")


@dataclass(frozen=True, eq=False)
class GroupCounts:
    """Integer sums for each group of articles and term.

    With n_d the count of a term in article d, and L_d the tokens of article d:

    Attributes
    ----------
    by : tuple of str
        The columns that make the groups.
    groups : DataFrame, one row a group
        The `by` columns, ``articles`` (m), ``tokens`` (sum L_d), ``tokens_sq`` (sum L_d^2).
    terms : Index of str, sorted
    n, n_docs, n_sq, n_tokens : csr_array of int64, groups by terms
        sum n_d; the number of articles with n_d > 0; sum n_d^2; sum n_d L_d.
    hits : DataFrame, one row an article with at least one hit, or empty
        ``group`` (row of `groups`), ``doc_id``, ``n_tokens``, and for each frame its hits
        ``n_<frame>`` and ``n_<frame>_negated``.
    lexicon : str
        Name, version and fingerprint of the lexicon whose hits these are, or empty.
    rejected : DataFrame, one row a record that was read and not counted
        ``source, locator, reason, detail``; only count_corpus reads, and rejects.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import check_articles, document_terms, group_counts
    >>> frame = pd.DataFrame({"doc_id": [1, 2], "outlet": "Gazette", "text": ["Talks!", "No war."]})
    >>> counts = document_terms(check_articles(frame.assign(date=["2020-12-30", "2021-03-14"])))
    >>> grouped = group_counts(counts, ["outlet", "year"])
    >>> grouped
    GroupCounts by outlet, year: 2 groups, 2 articles, 3 terms
    >>> group_counts(grouped, "outlet").groups
        outlet  articles  tokens  tokens_sq
    0  Gazette         2       3          5
    """

    by: tuple[str, ...]
    groups: pd.DataFrame
    terms: pd.Index
    n: sparse.csr_array
    n_docs: sparse.csr_array
    n_sq: sparse.csr_array
    n_tokens: sparse.csr_array
    hits: pd.DataFrame
    lexicon: str = ""
    rejected: pd.DataFrame = field(default_factory=lambda: rejected_table([]))

    def save(self, folder: str | Path) -> Path:
        """Write the counts into a folder: see :mod:`analysis.counting.saving`.

        Raises
        ------
        OutputError
            If it can't be written.
        """
        return save_groups(folder, self.to_tables())

    @classmethod
    def load(cls, folder: str | Path) -> "GroupCounts":
        """Read back what `save` wrote.

        Raises
        ------
        CountsError
            If the folder lacks one of the files, was written in a newer form, or is damaged.
        """
        return cls(**load_groups(folder))

    def to_tables(self) -> dict[str, pa.Table]:
        """The counts as Arrow tables, for a file or another process."""
        sums = {name: getattr(self, name) for name in SUMS}
        return group_tables(
            self.by, self.groups, self.terms, sums, self.hits, self.lexicon, self.rejected
        )

    @classmethod
    def from_tables(cls, tables: Mapping[str, pa.Table]) -> "GroupCounts":
        """Counts from what `to_tables` gives."""
        return cls(**group_fields(tables))

    def __repr__(self) -> str:
        return (
            f"GroupCounts by {', '.join(self.by) or 'nothing'}: "
            f"{counted(len(self.groups), 'group')}, "
            f"{counted(int(self.groups['articles'].sum()), 'article')}, "
            f"{counted(len(self.terms), 'term')}"
        )


def group_counts(counts: "DocumentTerms | GroupCounts", by: str | Sequence[str]) -> GroupCounts:
    """Sum counts over the groups that the `by` columns make.

    Parameters
    ----------
    counts : DocumentTerms or GroupCounts
        Counts per document, or streamed counts whose own `by` columns include these.
    by : str or sequence of str
        Column names; an empty sequence makes one group of everything. A missing value (an
        article whose period is not determined) makes a group of its own: nothing is dropped.
        ``"year"``, ``"quarter"``, ``"month"`` and the other calendar spans of `add_period` are
        made from ``date`` where the documents have no such column.

    Returns
    -------
    GroupCounts
        An article that stands in several groups, as its voices do, counts once in each. Merging
        such groups would count it several times over, since sums don't know single articles:
        group counts per document instead.

    Raises
    ------
    CountsError
        If a column is not there, named twice, or called "articles", "tokens" or "tokens_sq".

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import check_articles, document_terms, group_counts
    >>> texts = ["Talks, talks.", "No talks.", "Rain."]
    >>> frame = pd.DataFrame({"doc_id": [1, 2, 3], "outlet": ["Gazette", "Gazette", "Herald"],
    ...                       "date": "2021-03-14", "text": texts})
    >>> grouped = group_counts(document_terms(check_articles(frame)), "outlet")
    >>> grouped.groups
        outlet  articles  tokens  tokens_sq
    0  Gazette         2       4          8
    1   Herald         1       1          1
    >>> grouped.terms.tolist(), grouped.n.toarray().tolist()
    (['no', 'rain', 'talks'], [[1, 0, 3], [0, 1, 0]])
    """
    check_counts(counts)
    by = columns_of(by)
    if isinstance(counts, DocumentTerms):
        counts = replace(counts, documents=with_calendar(counts.documents, by))
    have = counts.groups if isinstance(counts, GroupCounts) else counts.documents
    missing = [name for name in by if name not in have.columns]
    if missing:
        raise CountsError(
            f"by={list(by)}: the counts have no column {missing[0]!r}; they have "
            f"{', '.join(map(str, have.columns))}."
        )
    if isinstance(counts, GroupCounts):
        return _merge(counts, by)
    documents, matrix, frames = _units(counts, by)
    codes, groups = group_codes(documents, by)
    lengths = documents["n_tokens"].to_numpy(np.int64)
    for name, values in zip(TOTALS, (np.ones_like(lengths), lengths, lengths**2), strict=True):
        groups[name] = per_group(codes, values, len(groups))
    hit = frames.drop(columns=["doc_id", "n_tokens"]).any(axis=1).to_numpy()
    hits = frames.assign(group=codes)[hit].reset_index(drop=True)
    sums = _sums(matrix, lengths, codes, len(groups))
    return GroupCounts(by, groups, counts.terms, **sums, hits=hits, lexicon=counts.lexicon)


def per_group(codes: np.ndarray, values: np.ndarray, groups: int) -> np.ndarray:
    """The sum of the values of each group."""
    total = np.zeros(groups, np.int64)
    np.add.at(total, codes, values)
    return total


def _sums(
    matrix: sparse.csr_array, lengths: np.ndarray, codes: np.ndarray, groups: int
) -> dict[str, sparse.csr_array]:
    """The four sums over the articles of each group, whose places are found once for all."""
    order = np.argsort(codes, kind="stable")
    matrix = matrix[order]
    lengths = np.repeat(lengths[order], np.diff(matrix.indptr))
    bounds = matrix.indptr[np.searchsorted(codes[order], np.arange(groups + 1))]
    shape = groups, matrix.shape[1]
    # There and back, entries get into the order of their terms, in time linear in their number.
    numbers = np.arange(matrix.nnz, dtype=matrix.indices.dtype)
    entries = sparse.csr_array((numbers, matrix.indices, bounds), shape=shape).tocsc().tocsr()
    begins = np.ones(matrix.nnz + 1, bool)
    begins[1:-1] = entries.indices[1:] != entries.indices[:-1]
    begins[entries.indptr] = True
    starts = np.flatnonzero(begins)
    bounds = np.searchsorted(starts, entries.indptr).astype(entries.indptr.dtype)
    data, lengths = matrix.data[entries.data], lengths[entries.data]

    def per_cell(values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, starts[:-1]) if len(values) else values

    # Each entry is of another article.
    sums = per_cell(data), np.diff(starts), per_cell(data * data), per_cell(data * lengths)
    places = entries.indices[starts[:-1]], bounds
    return {
        name: sparse.csr_array((total, *places), shape=shape)
        for name, total in zip(SUMS, sums, strict=True)
    }


def check_counts(counts: object) -> None:
    """Refuse what is no counts, such as the articles themselves."""
    if not isinstance(counts, DocumentTerms | GroupCounts):
        raise CountsError(
            f"counts is a {type(counts).__name__}: count the articles first, with "
            "document_terms(articles) or count_corpus(paths, by)."
        )


def check_documents(counts: object, what: str) -> None:
    """Refuse counts that know no single articles, for a statistic that needs them."""
    check_counts(counts)
    if isinstance(counts, GroupCounts):
        raise CountsError(
            f"{what} needs counts per document (document_terms), not sums over groups: it asks how "
            "each article compares with the others."
        )


def columns_of(by: str | Sequence[str]) -> tuple[str, ...]:
    """The columns that make the groups: none may be named twice, or as a total is."""
    by = (by,) if isinstance(by, str) else tuple(by)
    if len(set(by)) < len(by):
        raise CountsError(f"by={list(by)}: a column stands there twice; name each once.")
    if taken := [name for name in by if name in TOTALS]:
        raise CountsError(
            f"by={list(by)}: {taken[0]!r} is what the groups call a total of theirs. Give your "
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
    keys = [
        frame[name].astype("category") if frame[name].dtype == object else frame[name]
        for name in by
    ]
    grouped = frame.groupby(keys, dropna=False, observed=True, sort=True)
    codes = grouped.ngroup().to_numpy()
    first = frame.loc[~pd.Series(codes, index=frame.index).duplicated(), list(by)]
    order = np.argsort(codes[~pd.Series(codes).duplicated()])
    return codes, first.iloc[order].reset_index(drop=True)


def _units(
    counts: DocumentTerms, by: tuple[str, ...]
) -> tuple[pd.DataFrame, sparse.csr_array, pd.DataFrame]:
    """One row an article and group, with its counts and its hits per frame."""
    frames = _frame_hits(counts)
    documents, matrix = counts.documents, counts.counts.astype(np.int64, copy=False)
    keys = list(dict.fromkeys(("doc_id", *by)))
    if documents["doc_id"].is_unique:
        return documents, matrix, frames
    codes, units = _in_order(*group_codes(documents, keys))
    member = _indicator(codes, len(units))
    units["n_tokens"] = member @ documents["n_tokens"].to_numpy(np.int64)
    names = frames.columns.drop(["doc_id", "n_tokens"])
    summed = pd.DataFrame(member @ frames[names].to_numpy(np.int64), columns=names)
    return (
        units,
        _sorted(member @ matrix),
        pd.concat([units[["doc_id", "n_tokens"]], summed], axis=1),
    )


def _in_order(codes: np.ndarray, units: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Units in the order in which they come, as articles are, and not sorted."""
    order = np.argsort(np.unique(codes, return_index=True)[1])
    return np.argsort(order)[codes], units.iloc[order].reset_index(drop=True)


def _frame_hits(counts: DocumentTerms) -> pd.DataFrame:
    """Hits of each document per frame, those after a negator apart."""
    table = counts.documents[["doc_id", "n_tokens"]].copy()
    types = counts.hit_types
    for frame in types["frame"].unique():
        for suffix, negated in (("", False), ("_negated", True)):
            wanted = (types["frame"] == frame) & (types["negated"] == negated)
            table[f"n_{frame}{suffix}"] = np.asarray(
                counts.hits[:, wanted.to_numpy().nonzero()[0]].sum(axis=1)
            ).astype(np.int64)
    return table


def _merge(counts: GroupCounts, by: tuple[str, ...]) -> GroupCounts:
    if by == counts.by:
        return counts
    codes, groups = group_codes(counts.groups, by)
    member = _indicator(codes, len(groups))
    for name in TOTALS:
        groups[name] = member @ counts.groups[name].to_numpy(np.int64)
    hits = counts.hits.assign(group=codes[counts.hits["group"].to_numpy(np.intp)])
    parts = (counts.n, counts.n_docs, counts.n_sq, counts.n_tokens)
    n, n_docs, n_sq, n_tokens = (_sorted(member @ part) for part in parts)
    return replace(
        counts, by=by, groups=groups, n=n, n_docs=n_docs, n_sq=n_sq, n_tokens=n_tokens, hits=hits
    )


def _indicator(codes: np.ndarray, n: int) -> sparse.csr_array:
    ones, members = np.ones(len(codes), np.int64), np.arange(len(codes), dtype=np.int32)
    # Small integers, as those of the counts: SciPy would widen these otherwise.
    return sparse.csr_array((ones, (codes.astype(np.int32), members)), shape=(n, len(codes)))


def _sorted(matrix: sparse.csr_array) -> sparse.csr_array:
    matrix = sparse.csr_array(matrix)
    matrix.sort_indices()
    return matrix
