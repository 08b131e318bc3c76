"""Agreement: do the hits mean what their frame says? Precision, alpha, corrected scores."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import CountsError
from analysis.measuring.coding.codes import check_columns, label, right
from analysis.measuring.intervals import wilson


def precision(codes: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Share of hits that mean what their frame says, per frame and per pattern.

    With w_i the lines that coded line i represents, and x_i its code (the coders' mean)::

        precision = sum w_i x_i / sum w_i
        n_eff     = (sum w_i)^2 / sum w_i^2

    The interval is Wilson's for n_eff trials; without strata of unequal sizes n_eff is simply the
    number of lines.

    Parameters
    ----------
    codes : DataFrame
        As `read_coding_sheet` gives it.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    DataFrame
        ``frame, pattern`` (empty in the row of the whole frame), ``lines, right, precision, low,
        high``.

    Raises
    ------
    CountsError
        If a column is missing, a code is unknown, or no line is coded.

    Examples
    --------
    >>> codes = pd.DataFrame({"coder": "ada", "line_id": list("abcd"), "frame": "dialogue",
    ...                       "pattern": ["talks", "talks", "summit", "summit"],
    ...                       "lines_per_row": 1.0, "code": [True, True, True, False]})
    >>> precision(codes).round(2)
          frame pattern  lines  right  precision   low  high
    0  dialogue              4    3.0       0.75  0.30  0.95
    1  dialogue  summit      2    1.0       0.50  0.09  0.91
    2  dialogue   talks      2    2.0       1.00  0.34  1.00
    """
    check_columns(codes, ["line_id", "frame", "pattern", "lines_per_row", "code"])
    codes = codes.assign(code=right(codes)).dropna(subset=["code"])
    if not len(codes):
        raise CountsError("codes: no line is coded yet; fill the column 'code' with 1 and 0.")
    lines = codes.groupby("line_id", sort=True).agg(
        frame=("frame", "first"), pattern=("pattern", "first"),
        weight=("lines_per_row", "first"), code=("code", "mean"),
    )  # fmt: skip
    both = pd.concat([lines.assign(pattern=""), lines])
    both["weighted"], both["squared"] = both["weight"] * both["code"], both["weight"] ** 2
    grouped = both.groupby(["frame", "pattern"], sort=True)
    sums = grouped[["weight", "weighted", "squared"]].sum()
    table = grouped["code"].agg(lines="size", right="sum")
    table["precision"] = sums["weighted"] / sums["weight"]
    effective = (sums["weight"] ** 2 / sums["squared"]).to_numpy()
    hits = (table["precision"] * effective).to_numpy()
    table["low"], table["high"] = wilson(hits, effective, level)
    return table.reset_index()


def agreement(codes: pd.DataFrame) -> pd.DataFrame:
    """Krippendorff's (2004) alpha between coders, per frame and over all (``frame`` empty).

    1 is perfect agreement, 0 is what chance would give. Lines that only one coder has coded do not
    count. Where all codes are the same there is no alpha, and ``note`` says so.

    Parameters
    ----------
    codes : DataFrame
        As `read_coding_sheet` gives it, of two or more coders.

    Returns
    -------
    DataFrame
        ``frame, coders, lines, alpha, note``.

    Raises
    ------
    CountsError
        If a column is missing, or no line was coded by two coders.

    Examples
    --------
    >>> codes = pd.DataFrame({"coder": ["ada"] * 4 + ["ben"] * 4, "line_id": list("abcd") * 2,
    ...                       "frame": "dialogue", "code": [1, 1, 0, 0] + [1, 1, 1, 0]})
    >>> agreement(codes).round(3)
          frame  coders  lines  alpha note
    0                 2      4  0.533
    1  dialogue       2      4  0.533
    """
    from nltk.metrics.agreement import AnnotationTask

    check_columns(codes, ["coder", "line_id", "frame", "code"])
    codes = codes.assign(code=codes["code"].astype(object).map(label))
    codes = codes[codes["code"] != ""]
    shared = codes[codes.groupby("line_id")["coder"].transform("nunique") > 1]
    if not len(shared):
        raise CountsError("codes: no line was coded by two coders, so there is no agreement.")
    rows = []
    for frame in ["", *sorted(shared["frame"].unique())]:
        part = shared if not frame else shared[shared["frame"] == frame]
        alpha, note = np.nan, "all codes are the same"
        if part["code"].nunique() > 1:
            data = part[["coder", "line_id", "code"]].astype(str).itertuples(index=False, name=None)
            alpha, note = AnnotationTask(data=list(data)).alpha(), ""
        counts = {"coders": part["coder"].nunique(), "lines": part["line_id"].nunique()}
        rows.append({"frame": frame, **counts, "alpha": alpha, "note": note})
    return pd.DataFrame(rows)


def corrected_stance(
    scores: pd.DataFrame, precisions: pd.DataFrame, contrast: Sequence[str]
) -> pd.DataFrame:
    """Correct stance scores for hits that do not mean what their frame says.

    With p_a and p_b the precision of the two frames::

        log_odds_corrected = log_odds + ln(p_a / p_b)

    The interval sums the squared errors of the three, separately below and above (Zou and Donner
    2008, Statistics in Medicine 27, 1693-1702)::

        (to the low end)^2 = (log_odds - log_odds_low)^2
                             + ln(p_a / p_a_low)^2 + ln(p_b_high / p_b)^2

    and likewise to the high end. It assumes the same precision in every group, and says nothing
    about what the lexicon misses.

    Parameters
    ----------
    scores, precisions : DataFrame
        As `stance` and `precision` give them, at the same `level`.
    contrast : (a, b)

    Returns
    -------
    DataFrame
        `scores` with ``share_corrected, share_corrected_low, share_corrected_high,
        log_odds_corrected, log_odds_corrected_low, log_odds_corrected_high``. Both are smoothed by
        half a hit, as ``log_odds`` is.

    Raises
    ------
    CountsError
        If a frame has no precision, or a precision of 0.

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
    whole = precisions[precisions["pattern"] == ""].set_index("frame")
    for frame in contrast:
        if frame not in whole.index or not whole.loc[frame, "precision"] > 0:
            raise CountsError(f"precisions: there is none above 0 for the frame {frame!r}.")
    (p_a, a_low, a_high), (p_b, b_low, b_high) = whole.loc[
        list(contrast), ["precision", "low", "high"]
    ].to_numpy(np.float64)
    value = scores["log_odds"] + np.log(p_a / p_b)
    below = np.log(p_a / a_low) ** 2 + np.log(b_high / p_b) ** 2
    above = np.log(a_high / p_a) ** 2 + np.log(p_b / b_low) ** 2
    ends = {
        "": value,
        "_low": value - np.sqrt((scores["log_odds"] - scores["log_odds_low"]) ** 2 + below),
        "_high": value + np.sqrt((scores["log_odds_high"] - scores["log_odds"]) ** 2 + above),
    }
    shares = {f"share_corrected{end}": 1 / (1 + np.exp(-odds)) for end, odds in ends.items()}
    return scores.assign(**shares, **{f"log_odds_corrected{end}": v for end, v in ends.items()})
