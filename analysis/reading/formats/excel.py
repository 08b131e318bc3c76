"""Excel files (.xlsx): the first sheet that has rows below a header with the columns."""

import io
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.errors import ReadError
from analysis.reading.columns import map_columns, standard_names, unique_names
from analysis.reading.files.compressed import InputFile, check_package
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import Reason, Rejection

# The most characters that a cell of an Excel sheet holds: a text of this length lost its end.
EXCEL_CELL = 32_767

# The rows of a sheet that hold anything, each with its number.
Rows = list[tuple[int, list[object]]]


def read_excel(file: InputFile, options: ReadOptions) -> RawTable:
    """Read the first sheet of an .xlsx that has rows below a header with the columns."""
    sheets = read_sheets(file)
    full = [name for name, rows in sheets.items() if len(rows) > 1]
    if not full:
        raise ReadError(f"{file.name}: no sheet has a header and rows below it.")
    for title in full:
        (_, header), *body = sheets[title]
        notes: dict[str, Any] = {"format": "Excel", "unit": "row"}
        names = unique_names(["" if cell is None else str(cell) for cell in header])
        try:
            mapping = map_columns(names, options, f"{file.name}, sheet {title!r}", notes)
            break
        except ReadError:
            if title == full[-1]:
                raise
    if others := [name for name, found in sheets.items() if found and name != title]:
        guesses = [f"sheet {title!r}, not {', '.join(map(repr, others))}", notes.get("guessed")]
        notes["guessed"] = "; ".join(filter(None, guesses))
    places, rows = zip(*body, strict=True)
    columns = standard_names(names, mapping)
    frame = pd.DataFrame(list(rows), index=list(places), columns=columns, dtype=object)
    rejections: list[Rejection] = []
    if "text" in frame:
        full = frame["text"].map(lambda text: isinstance(text, str) and len(text) >= EXCEL_CELL)
        detail = f"an Excel cell holds {EXCEL_CELL:,} characters, and this one is full"
        cut = frame.index[full.astype(bool)]
        rejections = [Rejection(file.name, f"row {n}", Reason.CUT_TEXT, detail) for n in cut]
        frame = frame.drop(index=cut)
    return RawTable(file.name, "row", frame, rejections, notes)


def read_sheets(file: InputFile) -> dict[str, Rows]:
    """The rows of each sheet by its title."""
    import openpyxl

    data = check_package(file, "an Excel file (.xlsx)")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return {sheet.title: list(_sheet_rows(sheet)) for sheet in book.worksheets}
    except Exception as fault:  # openpyxl passes on whatever zip, XML and number parsing raise
        advice = "Save it again as .xlsx or .csv."
        raise ReadError(
            f"{file.name}: can't be read as an Excel file ({fault}). {advice}"
        ) from fault


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[object]]]:
    """Rows that hold anything, as wide as the first of them."""
    from openpyxl.utils.escape import unescape

    width = 0
    for place, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell is not None for cell in row):
            width = width or max(n for n, cell in enumerate(row, 1) if cell is not None)
            cells = [*row[:width], *[None] * (width - len(row))]
            # Excel has a carriage return as _x000D_.
            yield place, [unescape(x) if isinstance(x, str) and "_x" in x else x for x in cells]
