"""The largest outlets, or other groups: which come first, and which are left out."""

import pandas as pd


def by_size(sizes: pd.Series) -> pd.Series:
    """Sizes of named things, the largest first; equal ones in order of the alphabet.

    Examples
    --------
    >>> by_size(pd.Series({"Herald": 2, "Gazette": 2, "Courier": 3})).index.tolist()
    ['Courier', 'Gazette', 'Herald']
    """
    return sizes.sort_index().sort_values(ascending=False, kind="stable")
