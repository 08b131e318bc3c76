"""Sheets that people fill in by hand: CSV of any encoding and separator, or Excel, as text."""

from pathlib import Path

import pandas as pd

from analysis.errors import ReadError
from analysis.reading.columns import unique_names
from analysis.reading.encodings import find_encoding
from analysis.reading.files.compressed import InputFile, input_file
from analysis.reading.formats.delimited import find_dialect, read_rows
from analysis.reading.formats.excel import read_sheets
from analysis.reading.limits import ReadLimits
from analysis.reading.rejected import Rejection


def read_sheet(path: Path, encoding: str | None = None) -> pd.DataFrame:
    """Read every cell of a sheet as text, empty where it has none.

    The sheet is the first of an Excel file (``.xlsx``), or delimited text, of this encoding or of
    the one that is found. The index is the line, or the row, of each. ReadError if there is no such
    file, it is empty, or a row does not fit the header.
    """
    file = input_file(path, path.name, ReadLimits())
    if file.suffix == ".xlsx":
        sheet = next(iter(read_sheets(file).values()), [])
        rows = [(n, ["" if cell is None else str(cell) for cell in cells]) for n, cells in sheet]
    else:
        rows = _delimited_rows(file, encoding)
    if not rows:
        raise ReadError(f"{path.name}: is empty; a sheet begins with a header.")
    (_, header), *body = [row for row in rows if any(map(str.strip, row[1]))] or rows
    index = [place for place, _ in body]
    names = unique_names(header)
    return pd.DataFrame([cells for _, cells in body], index=index, columns=names, dtype="str")


def _delimited_rows(file: InputFile, given: str | None) -> list[tuple[int, list[str]]]:
    encoding = find_encoding(file, given)
    rows = []
    for row in read_rows(file, encoding, find_dialect(file, encoding)):
        if isinstance(row, Rejection):
            raise ReadError(
                f"{file.name}, {row.locator}: {row.detail}. Correct the row, or save the sheet "
                "again as .xlsx or as .csv in UTF-8."
            )
        rows.append(row)
    return rows
