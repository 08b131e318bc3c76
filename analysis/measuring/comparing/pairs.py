"""Which groups are compared with which: pairs of them, or each with all others."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.counting.grouping import group_codes, labelled
from analysis.counting.selection import rows_with
from analysis.errors import CountsError
from analysis.measuring.intervals import Rows


class Comparisons(NamedTuple):
    """Rows of groups, each to be compared with `others` together, and the names of both."""

    first: Rows
    others: list[Rows]
    names: pd.DataFrame
    of_rests: bool


def comparisons(
    groups: pd.DataFrame, by: Sequence[str], within: Sequence[str],
    against: str | Mapping[str, object],
) -> Comparisons:  # fmt: skip
    """The comparisons that `compare_groups` is asked for, of groups alike in `within`.

    CountsError if there are none, or `against` is unknown.
    """
    cells, _ = group_codes(groups, within)
    of_rests = isinstance(against, str) and against == "rest"
    if of_rests:
        first = np.flatnonzero(np.bincount(cells)[cells] > 1)
        rows = np.arange(len(groups))
        others = [np.flatnonzero((cells == cells[row]) & (rows != row)) for row in first]
    else:
        first, second = np.array(_pairs(groups, cells, by, against), np.intp).reshape(-1, 2).T
        others = list(second[:, np.newaxis])
    if not len(first):
        raise CountsError(
            f"by={list(by)}, within={list(within)}: there are no two groups to compare."
        )
    names = pd.DataFrame({name: groups[name].iloc[first].array for name in (*within, *by)})
    if not of_rests:
        names = labelled(names, {f"{name}_other": groups[name].iloc[second].array for name in by})
    return Comparisons(first, others, names, of_rests)


def _pairs(
    groups: pd.DataFrame, cells: Rows, by: Sequence[str], against: str | Mapping[str, object]
) -> list[tuple[int, int]]:
    if isinstance(against, Mapping):
        if set(against) != set(by):
            raise CountsError(f"against={dict(against)}: it must give a value for {list(by)}.")
        chosen = rows_with(groups, against, "against", CountsError, every=True)
        other = {cells[row]: int(row) for row in np.flatnonzero(chosen)}
        rows = [r for r in range(len(groups)) if not chosen[r] and cells[r] in other]
        return [(row, other[cells[row]]) for row in rows]
    if against != "pairs":
        raise CountsError(
            f"against={against!r} is unknown; allowed are 'pairs', 'rest' or a mapping of columns "
            "to values."
        )
    members = pd.Series(range(len(groups))).groupby(cells)
    return [two for _, rows in members for two in combinations(rows, 2)]
