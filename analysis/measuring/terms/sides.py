"""Two sides of a comparison: target and reference, told apart by their columns' values."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.selection import Values, rows_with
from analysis.counting.units import take_rows
from analysis.errors import CountsError
from analysis.formatting import counted

TARGET, REFERENCE, NEITHER = 0, 1, -1


def two_sides(
    counts: DocumentTerms | GroupCounts, target: Values, reference: Values | None
) -> tuple[DocumentTerms | GroupCounts, GroupCounts]:
    """Counts of the two sides alone with a column ``side``, and their sums: target, reference.

    CountsError if a column is not there, a side is empty, or some articles are on both sides.
    """
    frame = counts.documents if isinstance(counts, DocumentTerms) else counts.groups
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
    if not wanted:
        raise CountsError(f"{argument}={{}}: name at least one column and its value(s).")
    return rows_with(frame, wanted, argument, CountsError, every=True)
