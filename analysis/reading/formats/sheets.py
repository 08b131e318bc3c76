"""Sheets that people fill in by hand: CSV of any encoding and separator, or Excel, as text."""

from pathlib import Path

import pandas as pd

from analysis.errors import ReadError
from analysis.reading.columns import unique_names
from analysis.reading.compressed import input_file
from analysis.reading.encodings import find_encoding, is_undecodable
from analysis.reading.formats.delimited import find_dialect, read_rows
from analysis.reading.formats.excel import read_sheets
from analysis.reading.limits import ReadLimits
from analysis.reading.rejected import Rejection


def read_sheet(path: Path, encoding: str | None = None) -> pd.DataFrame:
    """Every cell of a sheet as text, empty where it has none.

    Parameters
    ----------
    path : Path
        A ``.xlsx``, of which the first sheet is read, or delimited text.
    encoding : str, optional
        Of delimited text; without it, as for articles: found.

    Returns
    -------
    DataFrame
        The header's columns; the index is the line of a CSV, the row of an Excel sheet.

    Raises
    ------
    ReadError
        If there is no such file, it is empty, or a row does not fit the header.
    """
    rows = _excel_rows(path) if path.suffix.lower() == ".xlsx" else _delimited_rows(path, encoding)
    if not rows:
        raise ReadError(f"{path.name}: is empty; a sheet begins with a header.")
    (_, header), *body = rows
    names = unique_names(header)
    for place, cells in body:
        if len(cells) != len(names):
            raise ReadError(
                f"{path.name}, line {place}: {len(cells)} cells where the header has "
                f"{len(names)}. Mend the row, or save the sheet again as .csv or .xlsx."
            )
    index = [place for place, _ in body]
    return pd.DataFrame([cells for _, cells in body], index=index, columns=names, dtype="str")


def _delimited_rows(path: Path, given: str | None) -> list[tuple[int, list[str]]]:
    file = input_file(path, path.name, ReadLimits())
    encoding = find_encoding(file, given)
    rows = []
    for row in read_rows(file, encoding, find_dialect(file, encoding)):
        if isinstance(row, Rejection):
            raise ReadError(f"{path.name}, {row.locator}: {row.detail}. Mend the row.")
        if not encoding.is_valid and is_undecodable("".join(row[1])):
            raise ReadError(
                f"{path.name}, line {row[0]}: has bytes that are not {encoding}. Save the file as "
                "UTF-8."
            )
        rows.append(row)
    return rows


def _excel_rows(path: Path) -> list[tuple[int, list[str]]]:
    sheets = read_sheets(input_file(path, path.name, ReadLimits()))
    rows = next(iter(sheets.values()), [])
    return [(place, ["" if cell is None else str(cell) for cell in cells]) for place, cells in rows]
