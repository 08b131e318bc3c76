"""Tables of articles: CSV, TSV, JSON lines, Parquet and Excel files."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.errors import ReadError
from analysis.reading.checking import STANDARD, RawTable, ReadOptions
from analysis.reading.columns import map_columns, rename_columns, unique_names
from analysis.reading.compressed import InputFile, check_package
from analysis.reading.encodings import Encoding, find_encoding, is_undecodable
from analysis.reading.formats.delimited import find_dialect, numbered_lines, read_rows
from analysis.reading.rejected import Reason, Rejection

# The most characters that a cell of an Excel sheet holds: a text of this length lost its end.
EXCEL_CELL = 32_767
_CHUNK = 20_000
# How JSON writes either half of a character beyond 16 bits.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_delimited(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a .csv or .tsv with a header."""
    encoding = find_encoding(file, options.encoding)
    dialect = find_dialect(file, encoding)
    records = read_rows(file, encoding, dialect)
    header = next(records, None)
    if header is None or isinstance(header, Rejection):
        found = (
            "is empty" if header is None else f"has no header that can be read ({header.detail})"
        )
        raise ReadError(
            f"{file.name}: {found}. The first row must name the columns, such as "
            "outlet,date,title,text."
        )
    names = unique_names(header[1])
    notes: dict[str, Any] = {"format": "delimited", "encoding": str(encoding), "unit": "line"}
    if dialect.remark:
        notes["dialect"] = dialect.remark
    mapping = map_columns(names, options, file.name, notes)
    frames, rejections = [], []
    chunk = _Chunk(names)
    for record in records:
        if isinstance(record, Rejection):
            rejections.append(record)
        elif fault := row_fault(record[1], len(names), encoding.name):
            rejections.append(Rejection(file.name, f"line {record[0]}", *fault))
        else:
            chunk.add(*record)
            if len(chunk.rows) == _CHUNK:
                frames.append(chunk.frame())
                chunk = _Chunk(names)
    frame = pd.concat([*frames, chunk.frame()])
    return RawTable(file.name, "line", rename_columns(frame, mapping), rejections, notes)


def read_json_lines(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a .jsonl or .ndjson: one JSON object a line."""
    encoding = find_encoding(file, options.encoding)
    notes: dict[str, Any] = {"format": "JSON lines", "encoding": str(encoding), "unit": "line"}
    rejections: list[Rejection] = []
    places, rows = [], []
    for place, line, too_long in numbered_lines(file, encoding):
        if not line.strip():
            continue
        try:
            rows.append(json_line(line, too_long, file, encoding))
            places.append(place)
        except RowError as fault:
            rejections.append(Rejection(file.name, f"line {place}", *fault.args))
    if not rows and not rejections:
        raise ReadError(f"{file.name}: is empty. Expected one JSON object a line.")
    return objects_table(file, rows, places, "line", options, notes, rejections)


def objects_table(
    file: InputFile,
    rows: list[dict[str, Any]],
    places: list[int],
    unit: str,
    options: ReadOptions,
    notes: dict[str, Any],
    rejections: list[Rejection],
) -> RawTable:
    """JSON objects under their guessed or given columns; nested values become JSON text."""
    if not rows:
        nothing = pd.DataFrame(index=pd.Index([], dtype=int))
        return RawTable(file.name, unit, nothing, rejections, notes)
    frame = pd.DataFrame(rows, index=places, dtype=object)
    names = unique_names([str(name) for name in frame.columns])
    frame.columns = pd.Index(names)
    frame = rename_columns(frame, map_columns(names, options, file.name, notes))
    for name in frame:
        if name not in STANDARD:
            frame[name] = one_type(frame[name].map(scalar).infer_objects())
    return RawTable(file.name, unit, frame, rejections, notes)


def read_parquet(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a .parquet file."""
    import pyarrow
    import pyarrow.parquet

    try:
        with file.open() as stream:
            source = stream if stream.seekable() else io.BytesIO(file.read_bytes())
            frame = pyarrow.parquet.read_table(source).to_pandas()
    except (pyarrow.ArrowException, OSError, ValueError) as fault:
        raise ReadError(
            f"{file.name}: can't be read as Parquet ({str(fault)[:200]}). Fetch or write it again."
        ) from fault
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    names = unique_names([str(name) for name in frame.columns])
    frame.columns = pd.Index(names)
    notes: dict[str, Any] = {"format": "Parquet", "unit": "row"}
    frame = rename_columns(frame, map_columns(names, options, file.name, notes))
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return RawTable(file.name, "row", frame, [], notes)


def read_excel(file: InputFile, options: ReadOptions) -> RawTable:
    """Read the first sheet of an .xlsx that has a header and rows."""
    import openpyxl

    data = check_package(file, "an Excel file (.xlsx)")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {sheet.title: list(sheet_rows(sheet)) for sheet in book.worksheets}
    except Exception as fault:  # openpyxl passes on whatever zip, XML and number parsing raise
        raise ReadError(
            f"{file.name}: can't be read as an Excel file ({fault}). Save it again as .xlsx or "
            ".csv."
        ) from fault
    title = next((name for name, rows in sheets.items() if len(rows) > 1), None)
    if title is None:
        raise ReadError(f"{file.name}: no sheet has a header and rows below it.")
    (_, header), *body = sheets[title]
    notes: dict[str, Any] = {"format": "Excel", "unit": "row"}
    if others := [name for name, rows in sheets.items() if rows and name != title]:
        notes["guessed"] = f"sheet {title!r}, not {', '.join(map(repr, others))}"
    names = unique_names(["" if cell is None else str(cell) for cell in header])
    mapping = map_columns(names, options, file.name, notes)
    places = [place for place, _ in body]
    cells = [row for _, row in body]
    frame = rename_columns(pd.DataFrame(cells, columns=names, index=places, dtype=object), mapping)
    full = [isinstance(text, str) and len(text) >= EXCEL_CELL for text in frame["text"]]
    detail = f"an Excel cell holds {EXCEL_CELL:,} characters, and this one is full"
    rejections = [
        Rejection(file.name, f"row {place}", Reason.CUT_TEXT, detail) for place in frame.index[full]
    ]
    return RawTable(file.name, "row", frame[[not cut for cut in full]], rejections, notes)


class _Chunk:
    """Rows on their way into a frame: as Python lists, 20,000 at most, then as compact columns."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.places: list[int] = []
        self.rows: list[list[str]] = []

    def add(self, place: int, row: list[str]) -> None:
        self.places.append(place)
        self.rows.append(row)

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows, columns=self.names, index=self.places, dtype="str")


class RowError(Exception):
    """Why a line is no record: reason, detail."""


def row_fault(row: list[str], width: int, encoding: str) -> tuple[Reason, str] | None:
    """Why cells are no row of a table with so many columns, or None."""
    if len(row) != width:
        return Reason.MALFORMED, f"{len(row)} fields where the header has {width}"
    if any(is_undecodable(cell) for cell in row):
        return Reason.UNDECODABLE, f"has bytes that are not {encoding}"
    return None


def json_line(line: str, too_long: bool, file: InputFile, encoding: Encoding) -> dict[str, Any]:
    """The object of a line; RowError where there is none, or it holds what no text can hold."""
    if too_long:
        limit = f"{file.limits.row_chars:,}"
        raise RowError(Reason.TOO_LARGE, f"longer than {limit} characters (ReadLimits.row_chars)")
    if is_undecodable(line):
        raise RowError(Reason.UNDECODABLE, f"has bytes that are not {encoding.name}")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowError(Reason.MALFORMED, f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise RowError(Reason.MALFORMED, f"a JSON {type(row).__name__}, not an object")
    if has_lone_surrogate(line, row):
        raise RowError(Reason.UNDECODABLE, "has half a character, such as \\ud83d alone")
    return row


def one_type(values: pd.Series) -> pd.Series:
    """Values of several types, which no Parquet column can hold, as strings."""
    if not pd.api.types.infer_dtype(values, skipna=True).startswith("mixed"):
        return values
    return values.map(str, na_action="ignore").astype("str")


def has_lone_surrogate(source: str, value: object) -> bool:
    """Whether JSON holds half of a character beyond 16 bits, which no text can hold.

    Programs that cut strings by length leave such halves behind.
    """
    escaped = _SURROGATE.search(source)
    return escaped is not None and is_undecodable(json.dumps(value, ensure_ascii=False))


def scalar(value: object) -> object:
    """A value of JSON that a column holds: lists and objects as JSON text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def sheet_rows(sheet: Any) -> Iterator[tuple[int, list[object]]]:
    """Rows that hold anything, as wide as the first of them."""
    width = 0
    for place, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell is not None for cell in row):
            width = width or max(n for n, cell in enumerate(row, 1) if cell is not None)
            yield place, [*row[:width], *[None] * (width - len(row))]
