"""All other groups together: what each group of a comparison is set against."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import TOTALS, group_codes
from analysis.counting.units import in_several_groups, other_groups, take_rows
from analysis.measuring.frames.article_hits import ArticleHits
from analysis.measuring.frames.unit_rows import Counts
from analysis.measuring.intervals import Rows

# What is known of each article with hits.
ENTRIES = ("doc_id", "tokens", "a", "b", "a_negated", "b_negated")


def with_rests(
    hits: ArticleHits, counts: Counts, by: Sequence[str], within: Sequence[str], unit: str,
    score: Callable[[Counts], ArticleHits],
) -> ArticleHits:  # fmt: skip
    """Append, for each group in turn, all other groups of its cell together.

    A unit that is in one group alone is to the rests what it is to its group. Only those that are
    in several, as copies of a story and the voices of an article are, are scored anew for each.
    """
    n, columns = len(hits.groups), (*within, *by)
    cells, _ = group_codes(hits.groups, within)
    sums = np.zeros((n, len(TOTALS)), np.result_type(*hits.groups[list(TOTALS)].dtypes))
    parts = [(hits.group, hits)]
    shared: NDArray[np.bool_] | bool = True
    if isinstance(counts, DocumentTerms):
        shared = in_several_groups(counts, by, within, unit)
        alone = score(take_rows(counts, np.flatnonzero(~shared)))
        place = rows_of(alone.groups, hits.groups, columns)
        sums[place] = alone.groups[list(TOTALS)]
        sums = pd.DataFrame(sums).groupby(cells).transform("sum").to_numpy() - sums
        owner = place[alone.group]
        others = [np.flatnonzero((cells[owner] == cells[row]) & (owner != row)) for row in range(n)]
        group = np.repeat(np.arange(n), [len(rows) for rows in others])
        parts.append((n + group, _taken(alone, np.concatenate(others))))
    if np.any(shared):
        again = score(other_groups(counts, by, within, among=shared))
        place = rows_of(again.groups, hits.groups, columns)
        sums[place] += again.groups[list(TOTALS)].to_numpy()
        parts.append((n + place[again.group], again))
    rests = hits.groups.assign(**dict(zip(TOTALS, sums.T, strict=True)))
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for _, part in parts]) for name in ENTRIES
    }
    return replace(
        hits,
        groups=pd.concat([hits.groups, rests], ignore_index=True),
        group=np.concatenate([group for group, _ in parts]),
        **arrays,
    )


def _taken(hits: ArticleHits, rows: Rows) -> ArticleHits:
    arrays: dict[str, Any] = {name: getattr(hits, name)[rows] for name in ENTRIES}
    return replace(hits, group=hits.group[rows], **arrays)


def rows_of(some: pd.DataFrame, groups: pd.DataFrame, columns: Sequence[str]) -> Rows:
    """The row of each of some groups among all of them."""
    labels = pd.concat([groups[list(columns)], some[list(columns)]], ignore_index=True)
    codes, _ = group_codes(labels, columns)
    # Each group is there once, and the codes are those of sorted groups.
    place = np.argsort(codes[: len(groups)])
    return np.asarray(place[codes[len(groups) :]], np.intp)
