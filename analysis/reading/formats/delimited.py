"""CSV and TSV, each row whole or rejected: the standard library's parser, guarded."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pandas as pd

from analysis.errors import ReadError
from analysis.formatting import counted
from analysis.reading.columns import map_columns, standard_names, unique_names
from analysis.reading.encodings import Encoding, decode_lines, find_encoding, is_undecodable
from analysis.reading.files.compressed import InputFile
from analysis.reading.records import Layout, RawTable, ReadOptions, RowReader
from analysis.reading.rejected import Reason, Rejection

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE = 200_000


@dataclass(frozen=True)
class Dialect:
    """How a file separates and quotes: found from its header and its first rows."""

    delimiter: str
    escape: str | None
    skip: int = 0
    spaced: bool = False

    @property
    def remark(self) -> str:
        """What differs from a plain CSV, for the notes."""
        name = {"\t": "tab", ";": "semicolon", "|": "bar"}.get(self.delimiter)
        remarks = (name and f"delimiter {name}", self.escape and "quotes escaped by a backslash")
        return ", ".join(filter(None, remarks))


def look(file: InputFile, options: ReadOptions) -> Layout:
    """Encoding, dialect and columns of a .csv or .tsv with a header."""
    encoding = find_encoding(file, options.encoding)
    dialect = find_dialect(file, encoding)
    header = next(read_rows(file, encoding, dialect), None)
    if header is None or isinstance(header, Rejection):
        found = f"has no header that can be read ({header.detail})" if header else "is empty"
        advice = "The first row must name the columns, such as outlet,date,title,text."
        raise ReadError(f"{file.name}: {found}. {advice}")
    names = unique_names(header[1])
    notes: dict[str, Any] = {"format": "delimited", "encoding": str(encoding), "unit": "line"}
    if dialect.remark:
        notes["dialect"] = dialect.remark
    mapping = map_columns(names, options, file.name, notes)
    settings = {"encoding": encoding, "dialect": dialect}
    return Layout(names, mapping, notes, settings, options.further)


def read_chunks(
    file: InputFile, layout: Layout, size: int, span: object = None
) -> Iterator[RawTable]:
    """The rows below the header, `size` records at a time."""
    names = standard_names(layout.names, layout.mapping)
    records = read_rows(file, layout.settings["encoding"], layout.settings["dialect"])
    next(records, None)
    while part := list(islice(records, size)):
        rejections = [record for record in part if isinstance(record, Rejection)]
        rows = [record for record in part if not isinstance(record, Rejection)]
        columns = zip(*(cells for _, cells in rows), strict=True) if rows else [()] * len(names)
        table = {
            name: pd.array(list(cells), dtype="str")
            for name, cells in zip(names, columns, strict=True)
            if layout.keeps(name)
        }
        frame = pd.DataFrame(table, index=pd.Index([place for place, _ in rows], dtype=int))
        yield RawTable(file.name, "line", frame, rejections)


ROWS = RowReader(look, read_chunks)


def find_dialect(file: InputFile, encoding: Encoding) -> Dialect:
    """The delimiter that the header uses most, and how quotes inside fields are written."""
    sample = ""
    for line in decode_lines(file, encoding):
        sample += line
        if len(sample) > _SAMPLE:
            break
    escape = "\\" if '\\"' in sample and '""' not in sample else None
    # Excel writes, and reads, a first line "sep=;".
    if told := re.match(r'\s*"?sep=(.)"?[ \t]*[\r\n]', sample, re.IGNORECASE):
        return Dialect(told[1], escape, skip=sample[: told.end()].count("\n") or 1)
    header = re.split(r"[\r\n]", re.sub('"[^"]*"', "", sample.lstrip("\r\n")))[0]
    likely = ("\t",) if file.suffix in (".tsv", ".tab") and "\t" in header else _DELIMITERS
    found = max(likely, key=header.count)
    spaced = found != "\t" and 0 < header.count(found) == header.count(f"{found} ")
    return Dialect(found, escape, spaced=spaced)


def read_rows(
    file: InputFile, encoding: Encoding, dialect: Dialect
) -> Iterator[tuple[int, list[str]] | Rejection]:
    """Each row with the line it starts on, or its rejection; the first row is the header."""
    limit = file.limits.row_chars
    feed = _Feed(numbered_lines(file, encoding), limit)
    reader = csv.reader(
        feed,
        delimiter=dialect.delimiter,
        escapechar=dialect.escape,
        doublequote=dialect.escape is None,
        skipinitialspace=dialect.spaced,
        strict=True,
    )
    for _ in range(dialect.skip):
        next(feed, None)
    width = 0
    while True:
        feed.first = feed.size = 0
        try:
            with _field_size(limit):
                row = next(reader)
        except StopIteration:
            return
        except _RowTooLongError:
            detail = f"longer than {limit:,} characters (ReadLimits.row_chars)"
            fault: tuple[Reason, str] | None = (Reason.TOO_LARGE, detail)
        except csv.Error as error:
            fault = Reason.MALFORMED, _explained(error, feed)
        else:
            fault = _row_fault(row, width, encoding) if row and width else None
            width = width or len(row)
        if fault:
            yield Rejection(file.name, f"line {feed.first}", *fault)
        elif row:
            yield feed.first, row


def _row_fault(row: list[str], width: int, encoding: Encoding) -> tuple[Reason, str] | None:
    if len(row) != width:
        return Reason.MALFORMED, f"{counted(len(row), 'field')} where the header has {width}"
    if not encoding.is_valid and any(map(is_undecodable, row)):
        return Reason.UNDECODABLE, f"has bytes that are not {encoding.name}"
    return None


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


@dataclass
class _Feed:
    """Hands lines to the parser; knows the first and last line of the row, and its size."""

    lines: Iterator[tuple[int, str, bool]]
    limit: int
    first: int = 0
    last: int = 0
    size: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.last, line, too_long = next(self.lines)
        self.first = self.first or self.last
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
