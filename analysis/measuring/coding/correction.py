"""Scores corrected for hits that do not mean what their frame says, and for what is missed."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.counting.selection import rows_with
from analysis.errors import CountsError
from analysis.measuring.coding.codes import check_columns

# A group's precision counts as if this many more of its lines had been coded, with the precision
# of all groups.
SHRINK = 2
ENDS = ("", "_low", "_high")


def corrected_stance(
    scores: pd.DataFrame,
    precisions: pd.DataFrame,
    contrast: Sequence[str],
    recalls: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Correct stance scores for hits that do not mean what their frame says.

    With p_a and p_b the precision of the two frames, and r_a and r_b their recall (or 1)::

        log_odds_corrected = log_odds + ln(p_a / p_b) - ln(r_a / r_b)

    Of precisions by group, each group's is shrunk towards that of all: of n coded lines with the
    precision p, where all groups together have P (the mean weighted by lines)::

        p_shrunk = (n p + 2 P) / (n + 2)

    and so are the ends of its interval, and recall. The interval of the score sums the squared
    errors of all, separately below and above (Zou and Donner 2008, Statistics in Medicine 27,
    1693-1702)::

        (to the low end)^2 = (log_odds - log_odds_low)^2
                             + ln(p_a / p_a_low)^2 + ln(p_b_high / p_b)^2
                             + ln(r_a_high / r_a)^2 + ln(r_b / r_b_low)^2

    and likewise to the high end.

    Parameters
    ----------
    scores, precisions : DataFrame
        As `stance` and `precision` give them, at the same `level`. Groups may have other precisions
        than all together: code lines of each, and give ``precision(codes, by="outlet")``.
    contrast : (a, b)
    recalls : DataFrame, optional
        As `recall` gives it; without it nothing is said about what the lexicon misses.

    Returns
    -------
    DataFrame
        `scores` with ``share_corrected, share_corrected_low, share_corrected_high,
        log_odds_corrected, log_odds_corrected_low, log_odds_corrected_high``. Both are smoothed by
        half a hit, as ``log_odds`` is. A group of which nothing was coded is missing, and ``note``
        says so; it says, too, where groups were corrected by the precision of all together.

    Raises
    ------
    CountsError
        If a column is missing, or a frame has no precision, or a precision of 0.

    Examples
    --------
    >>> scores = pd.DataFrame({"log_odds": [0.0], "log_odds_low": [-0.5], "log_odds_high": [0.5]})
    >>> found = pd.DataFrame({"frame": ["threat", "talks"], "pattern": "", "precision": [0.8, 0.9],
    ...                       "low": [0.7, 0.8], "high": [0.9, 0.95]})
    >>> table = corrected_stance(scores, found, ("threat", "talks"))
    >>> table[["share_corrected", "share_corrected_low", "share_corrected_high"]].round(3)
       share_corrected  share_corrected_low  share_corrected_high
    0            0.471                0.346                 0.601
    """
    if isinstance(contrast, str) or not isinstance(contrast, Sequence) or len(contrast) != 2:
        raise CountsError(f"contrast={contrast!r}: it must be the two frames of the scores.")
    old = scores["note"] if "note" in scores else pd.Series("", index=scores.index)
    notes = [old.astype("str").to_numpy()]
    value = scores["log_odds"].to_numpy(np.float64)
    below = (value - scores["log_odds_low"].to_numpy(np.float64)) ** 2
    above = (scores["log_odds_high"].to_numpy(np.float64) - value) ** 2
    tables = [(precisions, "precision", 1), (recalls, "recall", -1)]
    for table, column, side in tables[: 1 if recalls is None else 2]:
        for sign, frame in zip((side, -side), contrast, strict=True):
            share, low, high, note = _of_groups(scores, table, column, frame)
            notes.append(note)
            with np.errstate(divide="ignore"):
                down, up = np.log(share / low) ** 2, np.log(high / share) ** 2
            value = value + sign * np.log(share)
            below, above = below + (down if sign > 0 else up), above + (up if sign > 0 else down)
    ends = dict(zip(ENDS, (value, value - np.sqrt(below), value + np.sqrt(above)), strict=True))
    with np.errstate(over="ignore"):
        shares = {f"share_corrected{end}": 1 / (1 + np.exp(-odds)) for end, odds in ends.items()}
    told = ["; ".join(dict.fromkeys(filter(None, row))) for row in zip(*notes, strict=True)]
    odds = {f"log_odds_corrected{end}": values for end, values in ends.items()}
    return scores.assign(note=told, **shares, **odds)


def corrected_difference(
    corrected: pd.DataFrame, first: Mapping[str, object], second: Mapping[str, object]
) -> dict[str, float]:
    """The difference of two groups' corrected log odds, with its interval.

    From the intervals of both, as in `corrected_stance`, in which the codes' uncertainty is.

    Parameters
    ----------
    corrected : DataFrame
        As `corrected_stance` gives it.
    first, second : mapping
        The two rows: ``{"outlet": "RT"}``.

    Returns
    -------
    dict
        ``difference, low, high``. CountsError if a row is not there, or there are several.

    Examples
    --------
    >>> corrected = pd.DataFrame({"outlet": ["A", "B"], "log_odds_corrected": [1.0, 0.0],
    ...     "log_odds_corrected_low": [0.7, -0.4], "log_odds_corrected_high": [1.4, 0.4]})
    >>> corrected_difference(corrected, {"outlet": "A"}, {"outlet": "B"})["low"]
    0.5
    """
    rows = []
    for argument, where in (("first", first), ("second", second)):
        found = corrected[rows_with(corrected, where, argument, CountsError, what="scores")]
        if len(found) != 1:
            raise CountsError(f"{argument}={dict(where)!r}: {len(found)} rows are that, not one.")
        rows.append([float(found[f"log_odds_corrected{end}"].iloc[0]) for end in ENDS])
    (a, a_low, a_high), (b, b_low, b_high) = rows
    down, up = np.hypot(a - a_low, b_high - b), np.hypot(a_high - a, b - b_low)
    return {"difference": a - b, "low": float(a - b - down), "high": float(a - b + up)}


def _of_groups(
    scores: pd.DataFrame, table: pd.DataFrame, column: str, frame: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """The precision (or recall) of each row of the scores, its bounds, and notes."""
    check_columns(table, ["frame", column, "low", "high"], f"{column}s", column)
    by = list(table.columns[: table.columns.get_loc("frame")])
    if missing := [name for name in by if name not in scores]:
        raise CountsError(
            f"{column}s are by {', '.join(by)}; the scores have no column {', '.join(missing)}. "
            f"Give stance(..., by={by}), or {column}(codes) of all groups."
        )
    rows = table[table["frame"] == frame]
    rows = rows[rows["pattern"] == ""] if "pattern" in rows else rows
    values = rows[[column, "low", "high"]].to_numpy(np.float64)
    if not (values[:, 0] > 0).any():
        raise CountsError(f"{column}s: there is none above 0 for the frame {frame!r}.")
    if not by:
        found = np.tile(values[0], (len(scores), 1))
        note = f"corrected by the {column} of all groups together" if len(scores) > 1 else ""
        return found[:, 0], found[:, 1], found[:, 2], [note] * len(scores)
    known = ~np.isnan(values).any(axis=1)
    n = rows["lines"].to_numpy(np.float64)[known, None]
    together = (n * values[known]).sum(axis=0) / n.sum()
    shrunk = (n * values[known] + SHRINK * together) / (n + SHRINK)
    keys = rows.loc[known, by].astype("str").itertuples(index=False, name=None)
    of_group = dict(zip(keys, shrunk, strict=True))
    none = np.full(3, np.nan)
    groups = list(scores[by].astype("str").itertuples(index=False, name=None))
    found = np.array([of_group.get(group, none) for group in groups])
    why = f"not corrected: no {column} of {frame} is coded in this group"
    return *found.T, ["" if group in of_group else why for group in groups]
