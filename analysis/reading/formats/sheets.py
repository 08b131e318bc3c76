"""Sheets that people fill in by hand: CSV of any encoding and separator, or Excel, as text."""

import io
from pathlib import Path

import pandas as pd

from analysis.errors import ReadError
from analysis.reading.columns import unique_names
from analysis.reading.compressed import check_package, input_file
from analysis.reading.encodings import find_encoding
from analysis.reading.formats.delimited import find_dialect, read_rows
from analysis.reading.formats.tables import sheet_rows
from analysis.reading.limits import ReadLimits
from analysis.reading.rejected import Rejection


def read_sheet(path: Path) -> pd.DataFrame:
    """Every cell of a sheet as text, empty where it has none.

    Returns
    -------
    DataFrame
        The header's columns; the index is the line of a CSV, the row of an Excel sheet.

    Raises
    ------
    ReadError
        If there is no such file, it is empty, or a row does not fit the header.
    """
    rows = _excel_rows(path) if path.suffix.lower() == ".xlsx" else _delimited_rows(path)
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


def _delimited_rows(path: Path) -> list[tuple[int, list[str]]]:
    file = input_file(path, path.name, ReadLimits())
    encoding = find_encoding(file)
    rows = []
    for row in read_rows(file, encoding, find_dialect(file, encoding)):
        if isinstance(row, Rejection):
            raise ReadError(f"{path.name}, {row.locator}: {row.detail}. Mend the row.")
        rows.append(row)
    return rows


def _excel_rows(path: Path) -> list[tuple[int, list[str]]]:
    import openpyxl

    file = input_file(path, path.name, ReadLimits())
    data = check_package(file, "an Excel file (.xlsx)")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = list(sheet_rows(book.worksheets[0]))
    except Exception as fault:  # openpyxl passes on whatever zip, XML and number parsing raise
        raise ReadError(
            f"{path.name}: can't be read as an Excel file ({fault}). Save it again as .xlsx or "
            ".csv."
        ) from fault
    return [(place, ["" if cell is None else str(cell) for cell in cells]) for place, cells in rows]
