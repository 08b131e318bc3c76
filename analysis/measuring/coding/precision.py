"""Precision, recall and F1: whether hits mean what their frame says, and what is missed."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.counting.grouping import columns_of, refuse_lists
from analysis.errors import CountsError
from analysis.measuring.coding.codes import check_columns, right
from analysis.measuring.intervals import wilson


def precision(
    codes: pd.DataFrame, level: float = 0.95, *, by: str | Sequence[str] = ()
) -> pd.DataFrame:
    """Share of hits that mean what their frame says, per frame and per pattern.

    With w_i the lines that coded line i represents, and x_i its code (the coders' mean)::

        precision = sum w_i x_i / sum w_i

    with Wilson's interval for as many trials as lines that would weigh the same.

    Parameters
    ----------
    codes : DataFrame
        As `read_coding_sheet` gives it. Lines without a hit, and those where the coders can't tell,
        do not count.
    level : float
        Confidence level of the intervals.
    by : str or sequence of str
        Columns that make groups, such as ``["outlet"]``.

    Returns
    -------
    DataFrame
        ``*by, frame, pattern`` (empty in the row of the whole frame), ``lines, right, precision,
        low, high``.

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
    by = _groups(by)
    lines = coded_lines(codes, by, ["pattern"])
    if "hit" in lines:
        lines = lines[lines["hit"].fillna(1) == 1]
    both = pd.concat([lines.assign(pattern=""), lines[lines["pattern"] != ""]])
    table = _shares(both, [*by, "frame", "pattern"], level).reset_index()
    return table.drop(columns=["trials", "weight"]).rename(columns={"share": "precision"})


def recall(
    codes: pd.DataFrame, level: float = 0.95, *, by: str | Sequence[str] = ()
) -> pd.DataFrame:
    """Share of the articles (or sentences) with a frame that the lexicon finds, and F1.

    Of W_1 articles with a hit and W_0 without one, the weighted shares p_1 and p_0 have the frame::

        recall = W_1 p_1 / (W_1 p_1 + W_0 p_0)

    with an interval from Wilson's of both (docs/method.md, Validity). The same tells the recall of
    a search string (see `search_sheet`).

    Parameters
    ----------
    codes : DataFrame
        As `read_coding_sheet` gives it, of articles or sentences with and without a hit: its column
        ``hit`` is 1 or 0.
    level, by
        As for `precision`.

    Returns
    -------
    DataFrame
        ``*by, frame, lines, found, missed, missed_low, missed_high, recall, low, high, f1, f1_low,
        f1_high, note``. Where no line with a hit is right, or none without a hit is coded, there is
        no recall, and ``note`` says so.

    Raises
    ------
    CountsError
        If a column is missing, a code is unknown, or no line is coded.

    Examples
    --------
    >>> codes = pd.DataFrame({"coder": "ada", "line_id": range(200), "frame": "dialogue",
    ...                       "hit": [1] * 100 + [0] * 100, "lines_per_row": [1] * 100 + [4] * 100,
    ...                       "code": [1] * 80 + [0] * 20 + [1] * 5 + [0] * 95})
    >>> recall(codes)[["found", "missed", "recall", "low", "high"]].round(2)
       found  missed  recall   low  high
    0   80.0    20.0     0.8  0.64   0.9
    """
    by = _groups(by)
    keys = [*by, "frame"]
    lines = coded_lines(codes, by, ["hit"]).dropna(subset=["hit"])
    table = _shares(lines, [*keys, "hit"], level).unstack("hit")
    # A stratum of which nothing is coded has no share.
    wide = {name: table[name].reindex(columns=[1, 0]) for name in table.columns.levels[0]}
    p, low, high, weight = (wide[name] for name in ("share", "low", "high", "weight"))
    times = weight[0] / weight[1]
    ends = ratio_bounds(*(part[k] for k in (0, 1) for part in (p, low, high)))
    found = pd.DataFrame({"lines": wide["lines"].sum(axis=1).astype("int64")})
    found["found"] = weight[1] * p[1]
    for end, part in (("", p), ("_low", low), ("_high", high)):
        found[f"missed{end}"] = weight[0] * part[0]
    found["recall"] = found["found"] / (found["found"] + found["missed"])
    found["low"], found["high"] = (1 / (1 + times * end) for end in reversed(ends))
    parts = [1 + times * part[0] for part in (p, low, high)]
    inverse = ratio_bounds(*parts, *(part[1] for part in (p, low, high)))
    found["f1"] = 2 * p[1] / (parts[0] + p[1])
    found["f1_low"], found["f1_high"] = (2 / (1 + end) for end in reversed(inverse))
    why = np.select(
        [p[1].isna(), p[1] == 0, p[0].isna()],
        ["no line with a hit is coded", "no line with a hit is right",
         "no line without a hit is coded"], "",
    )  # fmt: skip
    found.loc[why != "", ["recall", "low", "high", "f1", "f1_low", "f1_high"]] = np.nan
    return found.assign(note=why).reset_index()


def ratio_bounds(
    a: pd.Series, a_low: pd.Series, a_high: pd.Series,
    b: pd.Series, b_low: pd.Series, b_high: pd.Series,
) -> tuple[pd.Series, pd.Series]:  # fmt: skip
    """Bounds of a / b from those of both (Donner and Zou 2012; docs/method.md, Validity)."""

    def end(sign: int, a_end: pd.Series, b_end: pd.Series) -> pd.Series:
        below = b_end * (2 * b - b_end)
        root = np.sqrt(((a * b) ** 2 - a_end * (2 * a - a_end) * below).clip(lower=0))
        return ((a * b + sign * root) / below.where(below > 0)).clip(lower=0)

    return end(-1, a_low, b_high), end(1, a_high, b_low)


def coded_lines(
    codes: pd.DataFrame, by: Sequence[str] = (), further: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per coded line: its columns, its ``weight``, and the mean of its ``code``s."""
    check_columns(codes, ["line_id", "frame", *further, "lines_per_row", "code", *by])
    refuse_lists(codes, by, "by")
    codes = codes.assign(code=right(codes)).dropna(subset=["code"])
    if not len(codes):
        raise CountsError("codes: no line is coded yet; fill the column 'code' with 1 and 0.")
    keep = [name for name in dict.fromkeys([*by, *further, "hit"]) if name in codes]
    first = {name: (name, "first") for name in keep if name != "frame"}
    lines = codes.groupby(["frame", "line_id"], observed=True, sort=True).agg(
        **first, weight=("lines_per_row", "first"), code=("code", "mean")
    )
    return lines.reset_index()


def _groups(by: str | Sequence[str]) -> list[str]:
    """The columns of groups; frames and patterns are told apart anyway."""
    return [name for name in columns_of(by) if name not in ("frame", "pattern")]


def _shares(lines: pd.DataFrame, keys: Sequence[str], level: float) -> pd.DataFrame:
    """The weighted share of right lines in each group, with Wilson's interval."""
    lines = lines.assign(weighted=lines["weight"] * lines["code"], squared=lines["weight"] ** 2)
    grouped = lines.groupby(list(keys), observed=True, sort=True, dropna=False)
    sums = grouped[["weight", "weighted", "squared"]].sum()
    table = grouped["code"].agg(lines="size", right="sum")
    table["share"] = sums["weighted"] / sums["weight"]
    trials = (sums["weight"] ** 2 / sums["squared"]).to_numpy()
    table["low"], table["high"] = wilson((table["share"] * trials).to_numpy(), trials, level)
    return table.assign(trials=trials, weight=sums["weight"])
