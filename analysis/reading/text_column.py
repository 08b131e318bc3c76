"""Texts of a column at the speed of Arrow: which of them need a closer look in Python."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.reading.encodings import SUSPECT
from analysis.reading.records import LONGEST_MISSING

Rows = NDArray[np.int64]

# White space at the ends, and the "]" of a text that was cut.
_ENDS = r"\A[\s\pZ]|[\s\pZ\]]\z"


def as_texts(values: Sequence[str]) -> pa.LargeStringArray:
    """Strings as an Arrow array."""
    return pa.array(values, pa.large_string())


def column_texts(values: pd.Series) -> pa.LargeStringArray:
    """A column of strings as one Arrow array, without gaps."""
    array = pa.array(values.array)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.large_string()).fill_null("")


def rows_with_markup(texts: pa.LargeStringArray) -> Rows:
    """The rows with a ``<`` or ``&``."""
    return _rows(pc.or_(pc.match_substring(texts, "<"), pc.match_substring(texts, "&")))


def rows_to_check(texts: pa.LargeStringArray, longest: int, markup: bool) -> Rows:
    """The rows whose text may be no text, or has to be changed.

    All others have no space at their ends, no mojibake, no control character and no mark of a text
    that was cut, are no word for a missing value and not longer than `longest`; and if `markup`
    counts, they hold neither tags nor entities.
    """
    bytes_ = pc.binary_length(texts)
    found = pc.match_substring_regex(texts, f"{SUSPECT.pattern}|{_ENDS}")
    found = pc.or_(found, pc.less_equal(bytes_, 4 * LONGEST_MISSING))
    rows = _rows(pc.or_(found, pc.greater(bytes_, longest)))
    return np.union1d(rows, rows_with_markup(texts)) if markup else rows


def replace_rows(texts: pa.LargeStringArray, rows: Rows, new: Sequence[str]) -> pa.LargeStringArray:
    """The texts with those of some rows exchanged."""
    mask = np.zeros(len(texts), bool)
    mask[rows] = True
    return pc.replace_with_mask(texts, mask, as_texts(new)) if len(rows) else texts


def _rows(found: pa.BooleanArray) -> Rows:
    return np.flatnonzero(found.to_numpy(zero_copy_only=False))
