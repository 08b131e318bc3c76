"""Sums over groups of articles: all that the statistics need, and all that is ever merged.

Every number here is an integer total, so that parts add up exactly, in any order; but for the
weights of an article's hits, which are added up once, within the article.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse

from analysis.counting.checking import WEIGHT, hits_of_kinds
from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import (
    TOTALS,
    columns_of,
    group_codes,
    parted_columns,
    sum_rows,
    total_per_group,
    with_calendar,
)
from analysis.counting.saving import SUMS, group_fields, group_tables, load_groups, save_groups
from analysis.counting.targets import once
from analysis.errors import CountsError
from analysis.formatting import counted
from analysis.reading.rejected import rejected_table


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
        ``n_<frame>`` and ``n_<frame>_negated``; of a frame with weights their sums, too,
        ``w_<frame>`` and ``w_<frame>_negated``.
    lexicon : str
        Name, version and fingerprint of the lexicon whose hits these are, or empty.
    targets : str
        The same of the targets that hits are near, and the window; or empty.
    all_articles : bool
        Whether articles without a hit have their rows in `hits`, too.
    rejected : DataFrame, one row a record that was read and not counted
        ``source, locator, reason, detail``; only count_corpus reads, and rejects.
    other_languages : mapping of str to int
        How many articles are in each language, by its code, that the lexicon is not made for.
    all_languages : int
        How many articles there are in all; 0 if the lexicon names no language.
    parted : tuple of str
        Those of the `by` columns, such as ``voice``, in which the parts of an article differ: an
        article counts once in each of their groups.

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
    parted: tuple[str, ...] = ()
    targets: str = ""
    all_articles: bool = False
    other_languages: Mapping[str, int] = field(default_factory=dict)
    all_languages: int = 0

    def save(self, folder: str | Path) -> Path:
        """Write the counts into a folder: see :mod:`analysis.counting.saving`."""
        return save_groups(folder, self.to_tables())

    @classmethod
    def load(cls, folder: str | Path) -> "GroupCounts":
        """Read back what `save` wrote; CountsError names a file that is missing, or was changed."""
        return load_groups(folder, cls)

    def to_tables(self) -> dict[str, pa.Table]:
        """The counts as Arrow tables, for a file or another process."""
        return group_tables(vars(self))

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


def group_counts(
    counts: "DocumentTerms | GroupCounts", by: str | Sequence[str], *, all_articles: bool = False
) -> GroupCounts:
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
    all_articles : bool
        Give articles without a hit their rows in ``hits``, too: comparisons of single frames by
        voice or target, and trends of rates, need them.

    Returns
    -------
    GroupCounts
        An article with segments in several groups, as its voices are, counts once in each.

    Raises
    ------
    CountsError
        If a column is not there, named twice, or called "articles", "tokens" or "tokens_sq"; or
        if streamed groups are to be merged that have articles in common, which sums don't tell.

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
        counts = counts.derived(documents=with_calendar(counts.documents, by))
    check_columns(counts.groups if isinstance(counts, GroupCounts) else counts.documents, by)
    if isinstance(counts, GroupCounts):
        return counts if by == counts.by else _merge(counts, by)
    counts = each_once(counts, by)
    documents, matrix = counts.documents, counts.counts.astype(np.int64, copy=False)
    parted = parted_columns(documents, by)
    hits = hits_by_frame(counts)
    if not documents["doc_id"].is_unique:
        # The parts of an article in a group are one unit, in the place of the first of them.
        codes, units = group_codes(documents, list(dict.fromkeys(("doc_id", *by))))
        codes, seen = pd.factorize(codes)
        lengths = total_per_group(codes, documents["n_tokens"], len(seen))
        (matrix,) = sum_rows([matrix.data], matrix, codes, len(seen))
        hits = hits.groupby(codes).sum()
        documents = units.iloc[seen].reset_index(drop=True).assign(n_tokens=lengths)
    codes, groups = group_codes(documents, by)
    lengths = documents["n_tokens"].to_numpy(np.int64)
    for name, values in zip(TOTALS, (np.ones_like(lengths), lengths, lengths**2), strict=True):
        groups[name] = total_per_group(codes, values, len(groups))
    n, length = matrix.data, np.repeat(lengths, np.diff(matrix.indptr))
    values = n, np.ones_like(n), n * n, n * length
    sums = dict(zip(SUMS, sum_rows(values, matrix, codes, len(groups)), strict=True))
    table = pd.concat([documents[["doc_id", "n_tokens"]], hits], axis=1).assign(group=codes)
    table = table[hits.any(axis=1).to_numpy() | all_articles].reset_index(drop=True)
    return GroupCounts(by, groups, counts.terms, **sums, hits=table, lexicon=counts.lexicon,
                       parted=parted, targets=counts.targets,
                       all_articles=all_articles)  # fmt: skip


def check_columns(rows: pd.DataFrame, by: Sequence[str], argument: str = "by") -> None:
    """CountsError if a column to group by is missing."""
    missing = [name for name in by if not isinstance(name, str) or name not in rows.columns]
    if missing:
        raise CountsError(
            f"{argument}={list(by)}: the counts have no column {missing[0]!r}; they have "
            f"{', '.join(map(str, rows.columns))}."
        )


def each_once(counts: DocumentTerms, by: Iterable[str]) -> DocumentTerms:
    """The counts without rows of what a group has in another row: what is near several targets."""
    rows = once(counts.documents, by) if counts.targets else None
    return counts if rows is None else counts.subset(rows)


def hits_by_frame(counts: DocumentTerms) -> pd.DataFrame:
    """Hits of each document per frame, and their weights, negated ones in columns of their own."""
    types = counts.hit_types
    codes, frames = pd.factorize(types["frame"])
    place = 2 * codes + types["negated"].to_numpy(bool)
    hits = hits_of_kinds(counts.hits, place, 2 * len(frames))
    names = [f"n_{frame}{suffix}" for frame in frames for suffix in ("", "_negated")]
    table = pd.DataFrame(hits, columns=names, index=counts.documents.index)
    if WEIGHT not in types:
        return table
    weights = types[WEIGHT].to_numpy()
    for frame in frames[types[WEIGHT].notna().groupby(types["frame"], sort=False).any()]:
        for suffix, negated in (("", False), ("_negated", True)):
            mine = (types["frame"] == frame) & (types["negated"] == negated)
            # Added in the order of the types, so that all counts of an article give one sum.
            table[f"w_{frame}{suffix}"] = counts.hits @ np.where(mine, weights, 0.0)
    return table


def _merge(counts: GroupCounts, by: tuple[str, ...]) -> GroupCounts:
    codes, groups = group_codes(counts.groups, by)
    dropped = [name for name in counts.parted if name not in by]
    if any(
        counts.groups[name].groupby(codes).nunique(dropna=False).gt(1).any() for name in dropped
    ):
        raise CountsError(
            f"by={list(by)}: these sums are by {', '.join(counts.by)}, and an article has parts in "
            f"several groups of {dropped[0]!r}: merged, it would count once for each. Count again: "
            f"count_corpus(paths, {list(by)}), or document_terms(articles)."
        )
    for name in TOTALS:
        groups[name] = total_per_group(codes, counts.groups[name], len(groups))
    hits = counts.hits.assign(group=codes[counts.hits["group"].to_numpy(np.intp)])
    # All four matrices have the same places.
    values = (getattr(counts, name).data for name in SUMS)
    sums = dict(zip(SUMS, sum_rows(values, counts.n, codes, len(groups)), strict=True))
    parted = tuple(name for name in counts.parted if name in by)
    return replace(counts, by=by, groups=groups, hits=hits, parted=parted, **sums)


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
