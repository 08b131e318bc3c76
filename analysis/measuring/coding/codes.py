"""Codes: what coders said of lines, in one form whatever type they come in."""

import re
import unicodedata
from collections.abc import Sequence

import pandas as pd

from analysis.errors import CountsError

_WORDS = dict.fromkeys(("1", "yes", "y", "true"), "1")
_WORDS |= dict.fromkeys(("0", "no", "n", "false"), "0")
# What a coder writes who cannot tell, and a missing cell as text; neither is a code.
CANNOT_TELL = ("?", "can't tell", "cannot tell", "can not tell", "nan", "na", "n/a", "<na>", "-")

# Characters that no cell of Excel takes.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def check_columns(
    table: object, needed: Sequence[str], name: str = "codes", maker: str = "read_coding_sheet"
) -> None:
    """CountsError if what should be a table is none, or lacks a column."""
    if not isinstance(table, pd.DataFrame):
        raise CountsError(
            f"{name}: {type(table).__name__} is not a table; give what {maker} returns."
        )
    if missing := [column for column in needed if column not in table]:
        raise CountsError(
            f"{name} lack the column(s) {', '.join(missing)}; they need {', '.join(needed)}, as "
            f"{maker} returns them."
        )


def label(code: object) -> str:
    """A code as text: True, 1, 1.0, "1" and "yes" are one; empty where there is none.

    Examples
    --------
    >>> [label(code) for code in (True, "No", 2.0, " partly ", "can't tell", None)]
    ['1', '0', '2', 'partly', '', '']
    """
    if pd.isna(code):
        return ""
    text = unicodedata.normalize("NFC", str(code).strip())
    folded = text.casefold().replace("\u2019", "'")
    if folded in CANNOT_TELL:
        return ""
    try:
        number = float(text)
    except ValueError:
        return _WORDS.get(folded, text)
    return str(int(number)) if number.is_integer() else str(number)


def right(codes: pd.DataFrame) -> pd.Series:
    """1 where a code says that the line has its frame, 0 where it says no, else missing.

    A code is 1 or 0, yes or no; or one of several classes, of which the line's own frame is right.
    The classes are the categories of the column ``code``, or the frames of the table.
    """
    labels = codes["code"].astype(object).map(label)
    frames = codes["frame"].astype("str")
    yes = (labels == "1") | (labels.str.casefold() == frames.str.casefold())
    known = {"", "1", "0", *frames}
    if isinstance(codes["code"].dtype, pd.CategoricalDtype):
        known |= {label(name) for name in codes["code"].cat.categories}
    if (odd := ~yes & ~labels.isin(known)).any():
        row = int(odd.to_numpy().argmax())
        raise CountsError(
            f"codes, row {codes.index[row]}: code {codes['code'].iloc[row]!r} is not 1, 0, yes, no "
            "or a frame; name the classes in read_coding_sheet(classes=...)."
        )
    return yes.astype("float64").where(labels != "")
