"""Scores corrected for hits that do not mean what their frame says, and for what is missed."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.counting.selection import rows_with
from analysis.errors import CountsError
from analysis.measuring.coding.codes import check_columns
from analysis.measuring.intervals import Floats

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

    A group's precision is shrunk towards that of all, and the interval sums the squared errors of
    the score, of hits that are wrong, and of what is missed (Zou and Donner 2008; docs/method.md).

    Parameters
    ----------
    scores, precisions : DataFrame
        As `stance` and `precision` give them, at the same `level`. If groups may differ in
        precision, code lines of each, and give ``precision(codes, by="outlet")``.
    contrast : (a, b)
    recalls : DataFrame, optional
        As `recall` gives it, of the same codes; without it, what the lexicon misses is ignored.

    Returns
    -------
    DataFrame
        `scores` with ``share_corrected, share_corrected_low, share_corrected_high,
        log_odds_corrected, log_odds_corrected_low, log_odds_corrected_high``, smoothed by half a
        hit as ``log_odds`` is. ``note`` says where nothing of a group was coded, so that it is not
        corrected, and where groups were corrected by the precision of all together.

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
    for sign, frame in zip((1, -1), contrast, strict=True):
        by = _factor(scores, precisions, recalls, frame)
        notes += by.notes
        down, up = _squared(by.value, by.low), _squared(by.high, by.value)
        value = value + sign * np.log(by.value)
        below, above = below + (down if sign > 0 else up), above + (up if sign > 0 else down)
    ends = dict(zip(ENDS, (value, value - np.sqrt(below), value + np.sqrt(above)), strict=True))
    with np.errstate(over="ignore"):
        shares = {f"share_corrected{end}": 1 / (1 + np.exp(-odds)) for end, odds in ends.items()}
    odds = {f"log_odds_corrected{end}": values for end, values in ends.items()}
    return scores.assign(note=_joined(notes), **shares, **odds)


def corrected_prevalence(
    scores: pd.DataFrame, precisions: pd.DataFrame, recalls: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Correct prevalence and rate for hits that do not mean their frame, and for what is missed.

    With p the precision of the frame and r its recall (or 1)::

        prevalence_corrected = prevalence * p / r        (at most 1)
        rate_corrected       = rate * p / r

    (Rogan and Gladen 1978, American Journal of Epidemiology 107, 71-76, by predictive value.) The
    prevalence is right if the hits of an article are right or wrong together; the rate if lines
    were drawn from all hits. Groups are shrunk, and errors summed, on the log scale, as in
    `corrected_stance`.

    Parameters
    ----------
    scores : DataFrame
        As `prevalence` gives it.
    precisions, recalls : DataFrame
        As for `corrected_stance`; they need the frames of `scores`.

    Returns
    -------
    DataFrame
        `scores` with ``prevalence_corrected, rate_corrected`` and ``_low`` and ``_high`` of each;
        ``note`` as in `corrected_stance`.

    Raises
    ------
    CountsError
        As for `corrected_stance`.

    Examples
    --------
    >>> scores = pd.DataFrame({"frame": ["threat"], "prevalence": 0.5, "prevalence_low": 0.4,
    ...                        "prevalence_high": 0.6, "rate": 3.0, "rate_low": 2.0,
    ...                        "rate_high": 4.5})
    >>> found = pd.DataFrame({"frame": ["threat"], "pattern": "", "precision": 0.8, "low": 0.7,
    ...                       "high": 0.9})
    >>> table = corrected_prevalence(scores, found)
    >>> table[["prevalence_corrected", "prevalence_corrected_low", "rate_corrected"]].round(2)
       prevalence_corrected  prevalence_corrected_low  rate_corrected
    0                   0.4                      0.31             2.4
    """
    needed = ["frame", *(f"{name}{end}" for name in ("prevalence", "rate") for end in ENDS)]
    check_columns(scores, needed, "scores", "prevalence")
    parts = [
        _times_factor(rows, _factor(rows, precisions, recalls, str(frame)))
        for frame, rows in scores.reset_index(drop=True).groupby("frame", observed=True)
    ]
    return pd.concat(parts).sort_index().set_axis(scores.index) if parts else scores


class _Factor(NamedTuple):
    """Precision over recall, row by row, and the part of it (`missed`) of what has no hit."""

    value: Floats
    low: Floats
    high: Floats
    missed: Floats
    notes: list[list[str]]


def _factor(
    scores: pd.DataFrame, precisions: pd.DataFrame, recalls: pd.DataFrame | None, frame: str
) -> _Factor:
    """What corrects the scores of a frame: p / r = p + p missed / found.

    Precision and recall are of the same codes, so that of recall only what is missed adds an error.
    A table without `missed` is of others: then the errors of both count, on the log scale.
    """
    p, p_low, p_high, note = _of_groups(scores, precisions, "precision", frame)
    if recalls is None:
        return _Factor(p, p_low, p_high, np.zeros(len(p)), [note])
    if "missed" not in recalls:
        r, r_low, r_high, other = _of_groups(scores, recalls, "recall", frame)
        below, above = (np.exp(np.sqrt(_squared(p, p_low) + _squared(r_high, r))),
                        np.exp(np.sqrt(_squared(p_high, p) + _squared(r, r_low))))  # fmt: skip
        return _Factor(p / r, p / r / below, p / r * above, np.zeros(len(p)), [note, other])
    ends = zip(("recall", "low", "high"), ENDS, strict=True)
    found = recalls["found"].where(recalls["found"] > 0)  # without any there is no ratio
    missed = recalls.assign(**{to: recalls[f"missed{end}"] / found for to, end in ends})
    q, q_low, q_high, other = _of_groups(scores, missed, "recall", frame, may_be_zero=True)
    q, q_low, q_high = p * q, p * q_low, p * q_high
    low = np.maximum(p + q - np.hypot(p - p_low, q - q_low), p_low)
    return _Factor(p + q, low, p + q + np.hypot(p_high - p, q_high - q), q, [note, other])


def _times_factor(rows: pd.DataFrame, by: _Factor) -> pd.DataFrame:
    """The prevalence and rate of one frame, times its precision over its recall."""
    made = {}
    for name, most in (("prevalence", 1.0), ("rate", np.inf)):
        value, low, high = (rows[f"{name}{end}"].to_numpy(np.float64) for end in ENDS)
        own = np.ones(len(rows))
        with np.errstate(divide="ignore", invalid="ignore"):
            if name == "prevalence":
                # An article more with a hit is one less without: it adds p less what is missed.
                without = np.where(by.missed > 0, by.missed * value / (1 - value), 0.0)
                own = np.clip((by.value - by.missed - without) / by.value, 0, 1)
            below = own**2 * _squared(value, low) + _squared(by.value, by.low)
            above = own**2 * _squared(high, value) + _squared(by.high, by.value)
            # None times anything is none: then only the interval's own ends are corrected.
            low = np.where(value > 0, value * np.exp(-np.sqrt(below)), low)
            high = np.where(value > 0, value * np.exp(np.sqrt(above)), high)
        for end, numbers in zip(ENDS, (value, low, high), strict=True):
            made[f"{name}_corrected{end}"] = np.minimum(numbers * by.value, most)
    old = rows["note"] if "note" in rows else pd.Series("", index=rows.index)
    return rows.assign(note=_joined([old.astype("str"), *by.notes]), **made)


def _squared(upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """The squared distance of two on the log scale."""
    with np.errstate(divide="ignore", invalid="ignore"):
        squared: np.ndarray = np.log(upper / lower) ** 2
    return squared


def _joined(notes: Sequence[Sequence[str]]) -> list[str]:
    """The notes of each row in one."""
    return ["; ".join(dict.fromkeys(filter(None, row))) for row in zip(*notes, strict=True)]


def corrected_difference(
    corrected: pd.DataFrame, first: Mapping[str, object], second: Mapping[str, object]
) -> dict[str, float]:
    """The difference of two groups' corrected log odds, or prevalences, with its interval.

    From the intervals of both (Zou and Donner 2008), which include the uncertainty of the codes.

    Parameters
    ----------
    corrected : DataFrame
        As `corrected_stance` or `corrected_prevalence` gives it.
    first, second : mapping
        The two rows: ``{"outlet": "RT"}``; of prevalences with the frame.

    Returns
    -------
    dict
        ``difference, low, high``. CountsError unless each mapping is that of one row.

    Examples
    --------
    >>> corrected = pd.DataFrame({"outlet": ["A", "B"], "log_odds_corrected": [1.0, 0.0],
    ...     "log_odds_corrected_low": [0.7, -0.4], "log_odds_corrected_high": [1.4, 0.4]})
    >>> corrected_difference(corrected, {"outlet": "A"}, {"outlet": "B"})["low"]
    0.5
    """
    what = "log_odds" if "log_odds_corrected" in corrected else "prevalence"
    rows = []
    for argument, where in (("first", first), ("second", second)):
        found = corrected[rows_with(corrected, where, argument, CountsError, what="scores")]
        if len(found) != 1:
            raise CountsError(f"{argument}={dict(where)!r}: {len(found)} rows match, not one.")
        rows.append([float(found[f"{what}_corrected{end}"].iloc[0]) for end in ENDS])
    (a, a_low, a_high), (b, b_low, b_high) = rows
    down, up = np.hypot(a - a_low, b_high - b), np.hypot(a_high - a, b - b_low)
    return {"difference": a - b, "low": float(a - b - down), "high": float(a - b + up)}


def _of_groups(
    scores: pd.DataFrame, table: pd.DataFrame, column: str, frame: str, *, may_be_zero: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """A `column` of precision or recall for each row of the scores, its bounds, and notes.

    A column by which something is divided must be above 0; others `may_be_zero`.
    """
    check_columns(table, ["frame", column, "low", "high"], f"{column}s", column)
    by = list(table.columns[: table.columns.get_loc("frame")])
    if missing := [name for name in by if name not in scores]:
        raise CountsError(
            f"{column}s are by {', '.join(by)}; the scores have no column {', '.join(missing)}. "
            f"Give the scores by={by}, or {column}(codes) of all groups."
        )
    rows = table[table["frame"] == frame]
    rows = rows[rows["pattern"] == ""] if "pattern" in rows else rows
    values = rows[[column, "low", "high"]].to_numpy(np.float64)
    if not (values[:, 0] >= 0 if may_be_zero else values[:, 0] > 0).any():
        raise CountsError(f"{column}s: the frame {frame!r} has no {column} above 0.")
    if not by:
        found = np.tile(values[0], (len(scores), 1))
        note = f"corrected by the {column} of all groups together" if len(scores) > 1 else ""
        return found[:, 0], found[:, 1], found[:, 2], [note] * len(scores)
    known = ~np.isnan(values).any(axis=1)
    n = rows["lines"].to_numpy(np.float64)[known, None]
    together = (n * values[known]).sum(axis=0) / n.sum()
    shrunk = (n * values[known] + SHRINK * together) / (n + SHRINK)
    named, groups = (
        list(t[by].astype(object).map(_cell).itertuples(index=False, name=None))
        for t in (rows[known], scores)
    )
    if twice := [group for group in named if named.count(group) > 1]:
        name = ", ".join(twice[0])
        raise CountsError(f"{column}s: the group {name!r} of {frame!r} is there twice.")
    of_group = dict(zip(named, shrunk, strict=True))
    none = np.full(3, np.nan)
    found = np.array([of_group.get(group, none) for group in groups])
    why = f"not corrected: no {column} of {frame} is coded in this group"
    return *found.T, ["" if group in of_group else why for group in groups]


def _cell(value: object) -> str:
    """A group's value as a sheet that was saved has it: 1 for 1.0, TRUE, a day without hours."""
    text = "" if pd.isna(value) else str(value).strip()
    text = re.sub(r"(?<=\d)\.0$| 00:00:00$", "", text)
    return text.upper() if text.upper() in ("TRUE", "FALSE") else text
