"""P-values of many tests at once, adjusted for their number; missing ones do not count."""

import numpy as np

from analysis.measuring.intervals import Floats


def adjust_holm(p: Floats) -> Floats:
    """Holm's step-down adjustment.

    Examples
    --------
    >>> adjust_holm(np.array([0.01, 0.04, np.nan, 0.03]))
    array([0.03, 0.06,  nan, 0.06])
    """
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def adjust_bh(p: Floats) -> Floats:
    """Benjamini and Hochberg's q-values.

    Examples
    --------
    >>> adjust_bh(np.array([0.01, 0.04, np.nan, 0.03]))
    array([0.03, 0.04,  nan, 0.04])
    """
    from scipy.stats import false_discovery_control

    adjusted, known = np.full(len(p), np.nan), ~np.isnan(p)
    adjusted[known] = false_discovery_control(p[known])
    return adjusted
