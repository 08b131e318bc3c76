"""CSV and TSV, each row whole or rejected: the standard library's parser, guarded."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.errors import ReadError
from analysis.reading.columns import map_columns, standard_names, unique_names
from analysis.reading.compressed import InputFile
from analysis.reading.encodings import Encoding, decode_lines, find_encoding, is_undecodable
from analysis.reading.records import Layout, RawTable, ReadOptions, RowReader, strings
from analysis.reading.rejected import Reason, Rejection

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE = 200_000


@dataclass(frozen=True)
class Dialect:
    """How a file separates and quotes: found from its header and its first rows."""

    delimiter: str
    escape: str | None
    skip: int = 0

    @property
    def remark(self) -> str:
        """What differs from a plain CSV, for the notes."""
        names = {"\t": "tab", ";": "semicolon", "|": "bar"}
        parts = [f"delimiter {names[self.delimiter]}"] if self.delimiter in names else []
        return ", ".join(parts + (["quotes escaped by a backslash"] if self.escape else []))


def look(file: InputFile, options: ReadOptions) -> Layout:
    """Encoding, dialect and columns of a .csv or .tsv with a header."""
    encoding = find_encoding(file, options.encoding)
    dialect = find_dialect(file, encoding)
    header = next(read_rows(file, encoding, dialect), None)
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
    return Layout(names, mapping, notes, {"encoding": encoding, "dialect": dialect})


def read_chunks(
    file: InputFile, layout: Layout, size: int, span: object = None
) -> Iterator[RawTable]:
    """The rows below the header, `size` records at a time."""
    encoding = layout.settings["encoding"]
    width = len(layout.names)
    names = standard_names(layout.names, layout.mapping)
    records = read_rows(file, encoding, layout.settings["dialect"])
    next(records, None)
    places: list[int] = []
    rows: list[list[str]] = []
    rejections: list[Rejection] = []

    def chunk() -> RawTable:
        columns = zip(*rows, strict=True) if rows else [()] * width
        frame = pd.DataFrame(
            dict(zip(names, (strings(list(cells)) for cells in columns), strict=True))
        )
        frame.index = pd.Index(places, dtype=int)
        return RawTable(file.name, "line", frame, rejections)

    for record in records:
        if isinstance(record, Rejection):
            rejections.append(record)
        elif fault := _row_fault(record[1], width, encoding):
            rejections.append(Rejection(file.name, f"line {record[0]}", *fault))
        else:
            places.append(record[0])
            rows.append(record[1])
        if len(rows) + len(rejections) == size:
            yield chunk()
            places, rows, rejections = [], [], []
    if rows or rejections:
        yield chunk()


ROWS = RowReader(look, read_chunks)


def _row_fault(row: list[str], width: int, encoding: Encoding) -> tuple[Reason, str] | None:
    """Why cells are no row of a table with so many columns, or None."""
    if len(row) != width:
        return Reason.MALFORMED, f"{len(row)} fields where the header has {width}"
    if not encoding.is_valid and any(is_undecodable(cell) for cell in row):
        return Reason.UNDECODABLE, f"has bytes that are not {encoding.name}"
    return None


def find_dialect(file: InputFile, encoding: Encoding) -> Dialect:
    """The delimiter that the header uses most, and how quotes inside fields are written."""
    lines: list[str] = []
    size = 0
    for line in decode_lines(file, encoding):
        lines.append(line)
        size += len(line)
        if size > _SAMPLE:
            break
    header = next((line for line in lines if line.strip()), "")
    # Excel writes, and reads, a first line "sep=;".
    told = header.strip().casefold()
    skip = 1 if told.startswith("sep=") and len(told) == 5 else 0
    if skip:
        delimiter = told[4]
    elif file.suffix in (".tsv", ".tab"):
        delimiter = "\t"
    else:
        delimiter = max(_DELIMITERS, key=header.count)
    sample = "".join(lines)
    escape = "\\" if '\\"' in sample and '""' not in sample else None
    return Dialect(delimiter, escape, skip)


def read_rows(
    file: InputFile, encoding: Encoding, dialect: Dialect
) -> Iterator[tuple[int, list[str]] | Rejection]:
    """Each row with the line it starts on; a malformed or overlong one as its rejection."""
    limit = file.limits.row_chars
    feed = _Feed(numbered_lines(file, encoding), limit)
    reader = csv.reader(
        feed,
        delimiter=dialect.delimiter,
        escapechar=dialect.escape,
        doublequote=dialect.escape is None,
        strict=True,
    )
    for _ in range(dialect.skip):
        next(feed, None)
    while True:
        feed.begin()
        fault: tuple[Reason, str]
        try:
            with _field_size(limit):
                row = next(reader)
        except StopIteration:
            return
        except _RowTooLongError:
            fault = Reason.TOO_LARGE, f"longer than {limit:,} characters (ReadLimits.row_chars)"
        except csv.Error as error:
            fault = Reason.MALFORMED, _explained(error, feed)
        else:
            if row:
                yield feed.first, row
            continue
        yield Rejection(file.name, f"line {feed.first}", *fault)


def numbered_lines(file: InputFile, encoding: Encoding) -> Iterator[tuple[int, str, bool]]:
    """Lines with their number and whether they are over the limit (then only their beginning)."""
    limit = file.limits.row_chars
    number = 1
    pieces = decode_lines(file, encoding)
    for piece in pieces:
        too_long = len(piece) > limit
        yield number, piece, too_long
        while too_long and not piece.endswith(("\n", "\r")):
            piece = next(pieces, "\n")
        number += 1


class _RowTooLongError(Exception):
    """A row passes the limit; the reader goes on with the next line."""


class _Feed:
    """Hands lines to the parser, and remembers where the present row began and how long it is."""

    def __init__(self, lines: Iterator[tuple[int, str, bool]], limit: int) -> None:
        self.lines = lines
        self.limit = limit
        self.first = self.last = 0
        self.size = 0

    def begin(self) -> None:
        """A new row begins with the next line."""
        self.first = 0
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, line, too_long = next(self.lines)
        self.first = self.first or number
        self.last = number
        self.size += len(line)
        if too_long or self.size > self.limit:
            raise _RowTooLongError
        return line


def _explained(error: csv.Error, feed: _Feed) -> str:
    if "unexpected end" in str(error):
        return f"a quote opened here is never closed, so lines {feed.first} to {feed.last} are lost"
    reach = f" (to line {feed.last})" if feed.last != feed.first else ""
    return f"{error}{reach}; a quote inside a quoted field must be doubled"


@contextmanager
def _field_size(limit: int) -> Iterator[None]:
    """The parser's own limit is one for the whole process: lifted for one row, then put back."""
    before = csv.field_size_limit(limit + 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)
