"""The rows of a CSV or TSV file, each whole or rejected: the standard library's parser, guarded."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from analysis.reading.compressed import InputFile
from analysis.reading.encodings import Encoding, decode_lines
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
