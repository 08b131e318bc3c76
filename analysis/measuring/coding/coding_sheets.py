"""Coding sheets: hits drawn for coders, and their codes read back."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import CountsError
from analysis.reading.formats.sheets import read_sheet

LINE = ("line_id", "frame", "pattern", "left", "keyword", "right", "lines_per_row", "code")
YES, NO = ("1", "1.0", "yes", "y", "true"), ("0", "0.0", "no", "n", "false")


def coding_sheet(
    lines: pd.DataFrame, *, n: int = 200, by: str | Sequence[str] = "frame", seed: int = 0
) -> pd.DataFrame:
    """Draw hits whose meaning is to be coded by hand.

    The question for each line is: does the hit mean what its frame says, by the frame's definition?
    Every stratum contributes the same number of lines, as far as it has enough; within a stratum
    each line is as likely as any other. Coders fill ``code`` with 1 or 0 and leave it empty where
    they cannot tell.

    Parameters
    ----------
    lines : DataFrame
        Keywords in context, one row per hit, as `kwic` gives them: ``doc_id, start, frame, pattern,
        left, keyword, right``. Leave negated hits out (``lines[~lines["negated"]]``) if they are
        not scored.
    n : int
        Lines to draw.
    by : str or sequence of str
        Columns that make the strata, such as ``["frame", "pattern"]``.
    seed : int
        The seed of the draw. The same lines in another order give the same sheet.

    Returns
    -------
    DataFrame
        ``line_id`` (a hash of article, place and frame), ``frame, pattern, left, keyword, right,
        lines_per_row`` (how many lines of the corpus each drawn one represents) and an empty
        ``code``, in random order, so that no coder sees a stratum as a block. Write it with
        ``sheet.to_csv(path, index=False)``.

    Raises
    ------
    CountsError
        If a column is missing, there is no line, or `n` is below 1.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, coding_sheet, kwic
    >>> row = {"doc_id": 1, "outlet": "Gazette", "date": "2021-03-14",
    ...        "text": "Talks begin. More talks follow, then a summit. No talks are held in May."}
    >>> lexicon = Lexicon.from_dict({"dialogue": ["talks", "summit"]})
    >>> lines = kwic(check_articles(pd.DataFrame([row])), lexicon, window=2)
    >>> sheet = coding_sheet(lines, n=2, by="pattern")
    >>> sheet[["pattern", "keyword", "lines_per_row"]].sort_values("pattern", ignore_index=True)
      pattern keyword  lines_per_row
    0  summit  summit            1.0
    1   talks   talks            3.0
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
    r"""Read coded sheets back, one file per coder.

    Parameters
    ----------
    paths : path or sequence of paths
        Files as `coding_sheet` makes them, CSV or Excel, as any spreadsheet saves them: commas or
        semicolons, decimal points or commas, any encoding. ``code`` may be 1 or 0, yes or no, or
        empty; the columns of the text are not needed.

    Returns
    -------
    DataFrame
        One row per coded line and coder: ``coder`` (the file's name, with its folders' where two
        files have the same name), ``line_id, frame, pattern, lines_per_row, code`` (True or False).

    Raises
    ------
    CountsError
        If a file is given twice or lacks a column, has a line twice, or has an invalid code or
        number of lines.
    ReadError
        If a file can't be read.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from analysis import read_coding_sheet
    >>> folder = Path(tempfile.mkdtemp())
    >>> coded = "line_id,frame,pattern,code\n1f,talk,summit,yes\n2e,talk,summit,0\n3d,threat,war,\n"
    >>> _ = (folder / "ada.csv").write_text(coded)
    >>> read_coding_sheet(folder / "ada.csv")
      coder line_id frame pattern  lines_per_row   code
    0   ada      1f  talk  summit              1   True
    1   ada      2e  talk  summit              1  False
    """
    files = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    if not files:
        raise CountsError("paths: there are none; give the file of each coder.")
    sheets = [_coded(file) for file in files]
    for coder, sheet in zip(_coders(files), sheets, strict=True):
        sheet.insert(0, "coder", coder)
    return pd.concat(sheets, ignore_index=True)


def _coded(path: Path) -> pd.DataFrame:
    """The lines of a sheet that have a code."""
    sheet = read_sheet(path)
    if missing := [c for c in ("line_id", "frame", "pattern", "code") if c not in sheet]:
        raise CountsError(f"{path}: no column {', '.join(missing)}; see coding_sheet.")
    code = sheet["code"].str.strip().str.casefold()
    given = sheet.get("lines_per_row", pd.Series("1", index=sheet.index, dtype="str"))
    lines = pd.to_numeric(given.str.replace(",", "."), errors="coerce")
    for column, values, fault, rows in (
        ("code", sheet["code"], "is not 1, 0 or empty", ~code.isin([*YES, *NO, ""])),
        ("code", sheet["code"], "is a second code of its line", sheet["line_id"].duplicated()),
        ("lines_per_row", given, "is not a number of lines", ~(lines > 0)),
    ):
        if rows.any():
            row = rows.idxmax()
            raise CountsError(f"{path}, row {row}: {column} {values[row]!r} {fault}.")
    coded = sheet[["line_id", "frame", "pattern"]].assign(lines_per_row=lines, code=code.isin(YES))
    return coded[code != ""]


def _coders(paths: Sequence[Path]) -> list[str]:
    """The files' names, with as many folders as are needed to tell them apart."""
    parts = [path.resolve().with_suffix("").parts for path in paths]
    for depth in range(1, max(map(len, parts)) + 1):
        names = ["/".join(part[-depth:]) for part in parts]
        if len(set(names)) == len(names):
            return names
    raise CountsError(
        f"paths: {', '.join(map(str, paths))}: two of them are one file, or differ in their ending "
        "alone."
    )


def _quota(sizes: np.ndarray, n: int) -> np.ndarray:
    """The same number of lines of each stratum, as far as it has enough; n in all."""
    quota = np.zeros(len(sizes), np.int64)
    while (left := n - quota.sum()) > 0 and (open_ := quota < sizes).any():
        share = max(left // open_.sum(), 1)
        chosen = np.flatnonzero(open_)[:left]
        quota[chosen] += np.minimum(share, sizes[chosen] - quota[chosen])
    return quota
