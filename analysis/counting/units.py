"""The unit of evidence: an article, or the story that its copies tell, whatever rows it has."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import group_codes, refuse_lists, with_calendar
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.saving import SUMS
from analysis.errors import CountsError


def of_articles(documents: pd.DataFrame, column: str, argument: str) -> pd.Series:
    """The value of a column for each article, by ``doc_id``; missing where no row of it has one.

    CountsError if there is no such column, or the rows of an article have several values.
    """
    if not isinstance(column, str) or column not in documents:
        raise CountsError(
            f"{argument}={column!r}: the counts have no such column; they have "
            f"{', '.join(map(str, documents.columns))}."
        )
    refuse_lists(documents, [column], argument)
    known = documents[["doc_id", column]].dropna(subset=[column]).drop_duplicates()
    if (several := known["doc_id"].duplicated()).any():
        raise CountsError(
            f"{argument}={column!r}: the parts of the article {known['doc_id'][several].iloc[0]!r} "
            "differ in it; all parts of an article must have one value."
        )
    return known.set_index("doc_id")[column].reindex(documents["doc_id"].unique())


def unit_of_articles(documents: pd.DataFrame, unit: str) -> pd.Series:
    """The unit of each article, by ``doc_id``; an article without one is its own.

    Units and articles are told apart, so that none falls in with a story called like its id.
    """
    if isinstance(unit, str) and unit == "doc_id":
        ids = documents["doc_id"].unique()
        return pd.Series(ids, index=ids)
    values = of_articles(documents, unit, "unit")
    ids = pd.Series(values.index.astype("str"), index=values.index)
    names = values.astype("object").astype("str")
    # A blank cell of a table is an empty text.
    named = values.notna() & names.str.strip().ne("")
    return ("unit " + names).where(named, "article " + ids)


def at_first_time(
    counts: DocumentTerms | GroupCounts, by: Sequence[str], time: str, unit: str
) -> DocumentTerms | GroupCounts:
    """Put all articles of a unit, within each group, at the time of the first of them."""
    if isinstance(counts, GroupCounts):
        return counts  # who scores them says what is wrong
    documents = with_calendar(counts.documents, (*by, time))
    if not {*by, time} <= {*documents}:
        return counts
    codes, _ = group_codes(documents, by)
    units = unit_of_articles(documents, unit).reindex(documents["doc_id"]).to_numpy()
    first = documents[time].groupby([codes, units]).transform("min")
    return counts.derived(documents=documents.assign(**{time: first}))


def in_several_groups(
    counts: DocumentTerms, by: Sequence[str], within: Sequence[str], unit: str
) -> NDArray[np.bool_]:
    """Whether the unit of each document is in several of the groups with the same `within`."""
    codes, groups = _groups_of(counts, (*within, *by))
    cells, _ = group_codes(groups, within)
    ids = counts.documents["doc_id"]
    units = unit_of_articles(counts.documents, unit).reindex(ids).to_numpy()
    found = pd.DataFrame({"cell": cells[codes], "unit": units, "group": codes})
    several = found.groupby(["cell", "unit"])["group"].transform("nunique")
    return np.asarray(several, np.int64) > 1


def other_groups(
    counts: DocumentTerms | GroupCounts,
    by: Sequence[str],
    within: Sequence[str] = (),
    among: NDArray[np.bool_] | bool = True,
) -> DocumentTerms | GroupCounts:
    """For each group the rows of all others with the same `within`, under that group's labels.

    Grouped by the same columns, an article or story that is in several of the others is one unit.
    Only rows `among` those marked are taken.
    """
    columns = (*within, *by)
    if isinstance(counts, GroupCounts):
        counts = group_counts(counts, columns)
    codes, groups = _groups_of(counts, columns)
    cells, _ = group_codes(groups, within)
    chosen = [
        np.flatnonzero((cells[codes] == cells[group]) & (codes != group) & among)
        for group in range(len(groups))
    ]
    rows = np.concatenate(chosen)
    labels = groups.iloc[np.repeat(np.arange(len(groups)), [len(some) for some in chosen])]
    labels = {name: labels[name].array for name in columns}
    if isinstance(counts, GroupCounts):
        # Their own labels stay beside the new ones, so that merging sees whose sums it merges.
        own = {name: f"other {name}" for name in columns}
        counts = replace(
            counts,
            by=tuple(own.values()),
            groups=counts.groups.rename(columns=own),
            parted=tuple(own[name] for name in counts.parted),
        )
    return take_rows(counts, rows, **labels)


def group_members(counts: DocumentTerms | GroupCounts, by: Sequence[str]) -> NDArray[np.intp]:
    """For each document, or group of streamed counts, the group that it is in."""
    return _groups_of(counts, by)[0]


def _groups_of(
    counts: DocumentTerms | GroupCounts, by: Sequence[str]
) -> tuple[NDArray[np.intp], pd.DataFrame]:
    if isinstance(counts, DocumentTerms):
        return group_codes(with_calendar(counts.documents, by), by)
    return group_codes(counts.groups, by)


def take_rows(
    counts: DocumentTerms | GroupCounts, rows: NDArray[np.intp], /, **columns: object
) -> DocumentTerms | GroupCounts:
    """The documents or groups at these rows, in this order, with further columns to group by."""
    if isinstance(counts, DocumentTerms):
        documents = counts.documents.iloc[rows].reset_index(drop=True).assign(**columns)
        return counts.derived(
            documents=documents, counts=counts.counts[rows], hits=counts.hits[rows]
        )
    owner = counts.hits["group"].to_numpy(np.intp)
    order = np.argsort(owner, kind="stable")
    first, last = (np.searchsorted(owner[order], rows, side) for side in ("left", "right"))
    hits = [order[a:b] for a, b in zip(first, last, strict=True)]
    group = np.repeat(np.arange(len(rows)), [len(some) for some in hits])
    table = counts.hits.iloc[np.concatenate(hits)] if hits else counts.hits.iloc[:0]
    return replace(
        counts,
        by=tuple(dict.fromkeys((*counts.by, *columns))),
        groups=counts.groups.iloc[rows].reset_index(drop=True).assign(**columns),
        hits=table.reset_index(drop=True).assign(group=group),
        **{name: getattr(counts, name)[rows] for name in SUMS},
    )
