"""Two sides of a comparison: target and reference, told apart by their columns' values."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import with_calendar
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.units import take_rows
from analysis.errors import CountsError
from analysis.formatting import counted

TARGET, REFERENCE, NEITHER = 0, 1, -1
Values = Mapping[str, object]


def two_sides(
    counts: DocumentTerms | GroupCounts, target: Values, reference: Values | None
) -> tuple[DocumentTerms | GroupCounts, GroupCounts]:
    """Counts of the two sides alone with a column ``side``, and their sums: target, reference.

    CountsError if a column is not there, a side is empty, or some articles are on both sides.
    """
    documents = isinstance(counts, DocumentTerms)
    frame = counts.documents if isinstance(counts, DocumentTerms) else counts.groups
    if documents:
        frame = with_calendar(frame, [*target, *(reference or ())])
    ours = _matching(frame, target, "target")
    theirs = ~ours if reference is None else _matching(frame, reference, "reference")
    if (ours & theirs).any():
        raise CountsError(
            f"target={dict(target)} and reference={dict(reference or {})} overlap in "
            f"{counted(int((ours & theirs).sum()), 'row')}; the two must have no article in common."
        )
    if not theirs.any():
        raise CountsError(
            f"target={dict(target)} takes in every article: none is left for the reference."
        )
    side = np.select([ours, theirs], [TARGET, REFERENCE], NEITHER)
    rows = np.flatnonzero(side != NEITHER)
    chosen = take_rows(counts, rows, side=side[rows])
    return chosen, group_counts(chosen, "side")


def _matching(frame: pd.DataFrame, wanted: Values, argument: str) -> NDArray[np.bool_]:
    """Rows whose columns have the wanted values: text and numbers alike, so 2018 finds '2018'."""
    if not wanted:
        raise CountsError(f"{argument}={{}}: name at least one column and its value(s).")
    keep = np.ones(len(frame), bool)
    for name, value in wanted.items():
        if name not in frame:
            raise CountsError(
                f"{argument}: the counts have no column {name!r}; they have "
                f"{', '.join(map(str, frame.columns))}."
            )
        values = value if isinstance(value, list | tuple | set) else [value]
        column = frame[name].astype("str")
        missing = sorted({str(value) for value in values} - set(column[keep]))
        if missing:
            have = ", ".join(sorted(map(str, column[keep].dropna().unique()))[:12])
            raise CountsError(
                f"{argument}={dict(wanted)}: no article has {name} {', '.join(missing)}; "
                f"there are {have or 'none'}."
            )
        keep &= column.isin([str(value) for value in values]).to_numpy()
    return keep
