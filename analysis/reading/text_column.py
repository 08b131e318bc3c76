"""Texts of a column at the speed of Arrow: which of them need a closer look in Python."""

import string
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.reading.encodings import is_undecodable
from analysis.reading.missing import BEGINNINGS, LONGEST
from analysis.reading.rejected import Faults, Reason

Rows = NDArray[np.int64]
Texts: TypeAlias = pa.LargeStringArray

# Second bytes of the letters ÂÃÅÎÏÐÑØÙâãåæçèðïî, with which mojibake begins (see encodings.mend).
_MOJIBAKE = np.frombuffer("ÂÃÅÎÏÐÑØÙâãåæçèðïî".encode()[1::2], np.uint8)
# Control characters, and first bytes of characters that may be mojibake, replaced, or controls.
_ODD = np.isin(np.arange(256), [*set(range(32)) - {*b"\t\n\r"}, 127, 0xC2, 0xC3, 0xEF])
# Bytes that stay in the processor's cache.
_BLOCK = 1 << 17
# What a word for a missing value, or the marks before it, begin with, in either case.
_MISSING = np.array([*{ord(char) | 32 for char in (*BEGINNINGS, *string.punctuation)}], np.uint8)


def as_texts(values: Sequence[str]) -> Texts:
    """Strings as an Arrow array."""
    return pa.array(values, pa.large_string())


def column_texts(values: pd.Series) -> Texts:
    """A column of strings as one Arrow array, without gaps."""
    array = pa.array(values.array)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.large_string()).fill_null("")


def text_array(frame: pd.DataFrame, name: str, faults: Faults) -> Texts:
    """A column of texts, empty where there is none or it is a fault."""
    if name not in frame:
        return as_texts([""] * len(frame))
    if frame[name].dtype == "str":
        return column_texts(frame[name])
    return as_texts(_strings(frame[name].tolist(), name, faults))


def _strings(values: list[Any], name: str, faults: Faults) -> list[str]:
    """A column as strings; a value of another kind, or with undecodable bytes, is a fault."""
    found = []
    for row, value in enumerate(values):
        if isinstance(value, str):
            text = value
            if is_undecodable(text):
                detail = f"{name} has bytes that are not in the file's encoding"
                text = faults.add(row, Reason.UNDECODABLE, detail)
        elif value is None or value is pd.NA or (isinstance(value, float) and value != value):
            text = ""
        elif name != "text" and type(value) in (int, float):
            text = str(value)
        else:
            detail = f"{name} is {type(value).__name__}, not a string"
            text = faults.add(row, Reason.MALFORMED, detail)
        found.append(text)
    return found


def rows_with_markup(texts: Texts) -> Rows:
    """The rows with a ``<`` or ``&``."""
    data, bounds = _bytes(texts)
    content, ends = data.tobytes(), bounds[1:].tolist()
    rows: set[int] = set()
    for mark in (b"<", b"&"):
        place = content.find(mark)
        while place >= 0:
            rows.add(row := bisect_right(ends, place))
            place = content.find(mark, ends[row])
    return np.array(sorted(rows), np.int64)


def rows_to_check(texts: Texts, longest: int, markup: bool, may_say_none: bool) -> Rows:
    """The rows whose text may be no text, or has to be changed.

    All others have no space at their ends, no mojibake, no control character, no mark of a text
    that was cut, and are not longer than `longest`; nor do they say that there is none, if they
    `may_say_none`, or hold tags or entities, if `markup` counts.
    """
    data, bounds = _bytes(texts)
    lengths = np.diff(bounds)
    rough = (lengths == 0) | (lengths > longest)
    rest = np.flatnonzero(~rough)
    first, last = data[bounds[rest]], data[bounds[rest + 1] - 1]
    if may_say_none:
        # Longer ones are in scripts of two bytes a letter at the most.
        short = lengths[rest] <= 2 * LONGEST
        rough[rest[short & (np.isin(first | 32, _MISSING) | (first >= 128))]] = True
    rough |= pc.binary_length(pc.utf8_trim_whitespace(texts)).to_numpy() != lengths
    rough[rest[np.isin(last, np.frombuffer(b"])", np.uint8))]] = True
    rough[np.searchsorted(bounds, _suspects(data), side="right") - 1] = True
    if markup:
        rough[rows_with_markup(texts)] = True
    return np.flatnonzero(rough)


def replace_rows(texts: Texts, rows: Rows, new: Sequence[str]) -> Texts:
    """The texts with those of some rows exchanged."""
    if not len(rows):
        return texts
    mask = np.zeros(len(texts), bool)
    mask[rows] = True
    return pc.replace_with_mask(texts, pa.array(mask), as_texts(new))


def _suspects(data: NDArray[np.uint8]) -> Rows:
    """Places of bytes that may have to be mended: control characters and beginnings of mojibake."""
    found = [np.zeros(0, np.int64)]
    for start in range(0, data.size, _BLOCK):
        block = data[start : start + _BLOCK]
        # In unsigned bytes: what is below 32, or above 126.
        few = np.flatnonzero(block - 32 > 94)
        found.append(few[_ODD[block[few]]] + start)
    places = np.concatenate(found)
    # The bytes after each one; at the end of the data, the last.
    first, second, third = (data[np.minimum(places + n, data.size - 1)] for n in range(3))
    harmless = (first == 0xC2) & (second >= 0xA0)
    harmless |= (first == 0xC3) & ~(np.isin(second, _MOJIBAKE) & (third >= 128))
    harmless |= (first == 0xEF) & ~((second == 0xBF) & (third == 0xBD))
    kept: Rows = places[~harmless]
    return kept


def _bytes(texts: Texts) -> tuple[NDArray[np.uint8], Rows]:
    """The UTF-8 of all texts, and where each begins in it."""
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    if data is None or not len(bounds):
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    content = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]]
    return content, bounds - bounds[0]
