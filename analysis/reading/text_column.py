"""Texts of a column at the speed of Arrow: which of them need a closer look in Python."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.reading.records import LONGEST_MISSING

Rows = NDArray[np.int64]

# Bytes that may have to be mended: control characters; the first bytes of C1 controls, of letters
# that begin mojibake, and of U+FFFD (see encodings.mend).
_CONTROLS = [n for n in range(32) if n not in (9, 10, 13)] + [127]
_MOJIBAKE = "ÂÃÅÎÏÐÑØÙâãåæçèðïî".encode()[1::2]
_MARKUP = (ord("<"), ord("&"))


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
    data, bounds = _bytes(texts)
    return _rows_of(_places(data, _MARKUP), bounds)


def rows_to_check(texts: pa.LargeStringArray, longest: int, markup: bool) -> Rows:
    """The rows whose text may be no text, or not stay as it is.

    All others have no space at their ends, no mojibake, no control character, no mark of a text
    that was cut, are no word for a missing value and not longer than `longest`; and if `markup`
    counts, they hold neither tags nor entities.
    """
    data, bounds = _bytes(texts)
    lengths = np.diff(bounds)
    rough = (lengths <= 4 * LONGEST_MISSING) | (lengths > longest)
    ends = np.flatnonzero(~rough)
    first, last = data[bounds[ends]], data[bounds[ends + 1] - 1]
    # Spaces beyond ASCII begin with one of these; any other byte beyond ASCII may end one.
    spaced = (first <= 32) | np.isin(first, (0xC2, 0xE1, 0xE2, 0xE3)) | (last <= 32) | (last >= 128)
    rough[ends[spaced | (last == ord("]"))]] = True
    rough[_rows_of(_suspects(data), bounds)] = True
    if markup:
        rough[rows_with_markup(texts)] = True
    return np.flatnonzero(rough)


def replace_rows(texts: pa.LargeStringArray, rows: Rows, new: Sequence[str]) -> pa.LargeStringArray:
    """The texts with those of some rows exchanged."""
    if not len(rows):
        return texts
    mask = np.zeros(len(texts), bool)
    mask[rows] = True
    return pc.replace_with_mask(texts, pa.array(mask), as_texts(new))


def _suspects(data: NDArray[np.uint8]) -> Rows:
    """Places of bytes that may have to be mended."""
    found = [_places(data, _CONTROLS)]
    if data.size and data.max() >= 128:
        padded = np.append(data, (0, 0))

        def after(lead: int) -> tuple[Rows, NDArray[np.uint8], NDArray[np.uint8]]:
            places = np.flatnonzero(data == lead)
            return places, padded[places + 1], padded[places + 2]

        places, second, _ = after(0xC2)
        found.append(places[second < 0xA0])
        places, second, third = after(0xC3)
        found.append(places[np.isin(second, list(_MOJIBAKE)) & (third >= 128)])
        places, second, third = after(0xEF)
        found.append(places[(second == 0xBF) & (third == 0xBD)])
    return np.concatenate(found)


def _places(data: NDArray[np.uint8], wanted: Sequence[int]) -> Rows:
    table = np.zeros(256, bool)
    table[list(wanted)] = True
    return np.flatnonzero(table[data])


def _bytes(texts: pa.LargeStringArray) -> tuple[NDArray[np.uint8], Rows]:
    """The UTF-8 of all texts, and where each begins in it."""
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    if data is None or not len(bounds):
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    content = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]]
    return content, bounds - bounds[0]


def _rows_of(places: Rows, bounds: Rows) -> Rows:
    return np.unique(np.searchsorted(bounds, places, side="right") - 1)
