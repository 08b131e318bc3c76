"""Agreement: do the hits mean what their frame says? Coding sheets, precision, alpha."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import CountsError
from analysis.measuring.intervals import t_quantile, wilson

LINE = ("line_id", "frame", "pattern", "left", "keyword", "right", "lines_per_row", "code")
YES, NO = ("1", "1.0", "yes", "y", "true"), ("0", "0.0", "no", "n", "false")


def coding_sheet(
    lines: pd.DataFrame, *, n: int = 200, by: str | Sequence[str] = "frame", seed: int = 0
) -> pd.DataFrame:
    """Draw hits whose meaning is to be coded by hand.

    The question for each line is: does the hit mean what its frame says, by the frame's definition?
    Every stratum gives the same number of lines, as far as it has them; within a stratum each line
    is as likely as any other. Coders fill ``code`` with 1 or 0 and leave it empty where they can
    not tell.

    Parameters
    ----------
    lines : DataFrame
        Keywords in context, one row a hit, as `kwic` gives them: ``doc_id, start, frame, pattern,
        left, keyword, right``. Leave negated hits out (``lines[~lines["negated"]]``) if they are
        not scored.
    n : int
        Lines to draw.
    by : str or sequence of str
        Columns that make the strata, such as ``["frame", "pattern"]``.
    seed : int
        Of the draw. The same lines in another order give the same sheet.

    Returns
    -------
    DataFrame
        ``line_id`` (a hash of article, place and frame), ``frame, pattern, left, keyword, right,
        lines_per_row`` (how many lines of the corpus each drawn one stands for) and an empty
        ``code``, in random order, so that no coder sees a stratum as a block. Write it with
        ``sheet.to_csv(path, index=False)``.

    Raises
    ------
    CountsError
        If a column is missing, there is no line, or `n` is below 1.
    """
    by = [by] if isinstance(by, str) else list(by)
    needed = dict.fromkeys(["doc_id", "start", *LINE[1:6], *by])
    missing = [name for name in needed if name not in lines]
    if missing:
        raise CountsError(
            f"lines lack the column(s) {', '.join(missing)}; a sheet needs {', '.join(needed)}, "
            "as kwic gives."
        )
    if not len(lines):
        raise CountsError("lines: there are none, so there is nothing to code.")
    if n < 1:
        raise CountsError(f"n={n}: a sheet has at least one line.")
    keys = lines[["doc_id", "start", "frame"]].astype(str).agg("|".join, axis=1)
    ids = [hashlib.sha256(key.encode()).hexdigest()[:16] for key in keys]
    pool = lines.assign(line_id=ids).sort_values("line_id", kind="stable", ignore_index=True)
    rng = np.random.default_rng(seed)
    pool = pool.iloc[rng.permutation(len(pool))].reset_index(drop=True)
    strata = pool.groupby(by, observed=True, sort=True).ngroup()
    quota = _quota(strata.value_counts().sort_index().to_numpy(), n)
    place = strata.groupby(strata).cumcount()
    drawn = pool[(place < quota[strata]).to_numpy()]
    sizes = strata.value_counts()
    stratum = strata[drawn.index]
    drawn = drawn.assign(
        lines_per_row=stratum.map(sizes).to_numpy() / quota[stratum], code=""
    )  # fmt: skip
    return drawn[list(LINE)].reset_index(drop=True)


def read_coding_sheet(paths: str | Path | Sequence[str | Path]) -> pd.DataFrame:
    """Read coded sheets back, one file a coder.

    Parameters
    ----------
    paths : path or sequence of paths
        CSV files as `coding_sheet` makes them. ``code`` may be 1 or 0, yes or no, or empty; the
        columns of the text are not needed.

    Returns
    -------
    DataFrame
        One row a coded line and coder: ``coder`` (the file's name), ``line_id, frame, pattern,
        lines_per_row, code`` (True or False).

    Raises
    ------
    CountsError
        If a file lacks a column, a line stands twice, or a code is none of those.
    """
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    sheets = []
    for path in map(Path, paths):
        sheet = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        missing = [c for c in ("line_id", "frame", "pattern", "code") if c not in sheet]
        if missing:
            raise CountsError(f"{path}: no column {', '.join(missing)}; see coding_sheet.")
        code = sheet["code"].str.strip().str.casefold()
        bad = ~code.isin([*YES, *NO, ""])
        twice = sheet["line_id"].duplicated()
        for fault, rows in (
            ("is none of 1, 0 and empty", bad),
            ("is of a line coded twice", twice),
        ):
            if rows.any():
                row = int(rows.to_numpy().argmax())
                raise CountsError(f"{path}, row {row + 2}: code {sheet['code'][row]!r} {fault}.")
        weight = sheet.get("lines_per_row", pd.Series("1", index=sheet.index))
        coded = sheet[["line_id", "frame", "pattern"]].assign(
            lines_per_row=pd.to_numeric(weight), code=code.isin(YES)
        )
        coded.insert(0, "coder", path.stem)
        sheets.append(coded[(code != "").to_numpy()])
    return pd.concat(sheets, ignore_index=True)


def precision(codes: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Share of hits that mean what their frame says, per frame and per pattern.

    With w_i the lines that coded line i stands for, and x_i its code (the coders' mean)::

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
    """
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
    """Krippendorff's alpha between coders, per frame and over all (``frame`` empty).

    1 is perfect agreement, 0 is what chance would give. Lines that one coder alone has coded do
    not count. Where all codes are the same there is no alpha, and ``note`` says so.

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
        If no line was coded by two coders.

    References
    ----------
    Krippendorff, K. (2004). Content Analysis: An Introduction to Its Methodology. Sage.
    """
    from nltk.metrics.agreement import AnnotationTask

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
    scores: pd.DataFrame, precisions: pd.DataFrame, contrast: tuple[str, str], level: float = 0.95
) -> pd.DataFrame:
    r"""Correct stance scores for hits that do not mean what their frame says.

    With p_a and p_b the precision of the two frames, n_a and n_b the coded lines::

        log_odds_corrected = log_odds + ln(p_a / p_b)
        half^2             = half_of_log_odds^2 + z^2 * sum over both of (1 - p) / (p n)

    It takes the precision to be the same in every group, and says nothing of what the lexicon
    misses.

    Parameters
    ----------
    scores : DataFrame
        As `stance` gives it, at the same `level`.
    precisions : DataFrame
        As `precision` gives it.
    contrast : (a, b)

    Returns
    -------
    DataFrame
        `scores` with ``share_corrected, share_corrected_low, share_corrected_high,
        log_odds_corrected, log_odds_corrected_low, log_odds_corrected_high``.

    Raises
    ------
    CountsError
        If a frame has no precision, or one of 0.
    """
    whole = precisions[precisions["pattern"] == ""].set_index("frame")
    shift = variance = 0.0
    for sign, frame in zip((1, -1), contrast, strict=True):
        if frame not in whole.index or not whole.loc[frame, "precision"] > 0:
            raise CountsError(f"precisions: there is none above 0 for the frame {frame!r}.")
        p, n = whole.loc[frame, ["precision", "lines"]]
        shift += sign * np.log(p)
        variance += (1 - p) / (p * n)
    z = float(t_quantile(np.array(np.inf), level))
    value = scores["log_odds"] + shift
    half = np.sqrt((scores["log_odds_high"] - scores["log_odds"]) ** 2 + z**2 * variance)
    corrected = {"": value, "_low": value - half, "_high": value + half}
    table = scores.copy()
    for end, values in corrected.items():
        table[f"share_corrected{end}"] = 1 / (1 + np.exp(-values))
    for end, values in corrected.items():
        table[f"log_odds_corrected{end}"] = values
    return table


def _quota(sizes: np.ndarray, n: int) -> np.ndarray:
    """As many lines of each stratum as of every other, as far as it has them; n in all."""
    quota = np.zeros(len(sizes), np.int64)
    while (left := n - quota.sum()) > 0 and (open_ := quota < sizes).any():
        share = max(left // open_.sum(), 1)
        chosen = np.flatnonzero(open_)[:left]
        quota[chosen] += np.minimum(share, sizes[chosen] - quota[chosen])
    return quota
