"""The largest outlets, or other groups: which come first, and which are left out."""

import pandas as pd

# Of fewer articles a point is hollow, and no finding rests on it, unless a study says otherwise.
THIN = 10


def by_size(sizes: pd.Series) -> pd.Series:
    """Sizes of named things, the largest first; equal ones in order of the alphabet."""
    return sizes.sort_index().sort_values(ascending=False, kind="stable")
