"""Rows of CSV, TSV and JSON-lines files, under the names of the articles table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis.errors import ReadError
from analysis.reading.checking import ReadOptions
from analysis.reading.columns import map_columns, unique_names
from analysis.reading.compressed import InputFile
from analysis.reading.encodings import find_encoding
from analysis.reading.formats.delimited import find_dialect, numbered_lines, read_rows
from analysis.reading.formats.tables import RowError, json_line, row_fault, scalar
from analysis.reading.rejected import Rejection

# A line, and what stands there: values by name, or why it is no row.
Record = tuple[int, dict[str, Any] | Rejection]

# Rows of JSON often lack what is empty. By this row each column that counting needs must have
# been seen: who names a column wrongly should not learn of it at the end of the file.
_SURE = 1000


def choose_columns(
    names: Sequence[str],
    extra: Sequence[str],
    options: ReadOptions,
    source: str,
    *,
    more: bool = False,
) -> dict[str, str]:
    """Column of the articles table, or further one, to column of the file.

    Parameters
    ----------
    names : sequence of str
        The columns of the file.
    extra : sequence of str
        Columns to keep beside those of the articles table.
    options : ReadOptions
    source : str
        The file's name, for messages.
    more : bool
        Whether there may be more names to come: then `extra` columns may be missing.

    Raises
    ------
    ReadError
        If a column is missing.
    """
    mapping = map_columns(list(names), options, source, {})
    if absent := [name for name in options.needed if name not in mapping]:
        raise ReadError(
            f"{source}: no column can be taken for {', '.join(absent)}; the file has "
            f"{', '.join(names)}. Lists of links are for read_articles(path, texts=...), which "
            "takes texts from another file and outlets from addresses; count what it gives with "
            "document_terms."
        )
    wanted = [name for name in ("text", "outlet", "date", "date_end", "doc_id") if name in mapping]
    chosen: dict[str, str] = {name: mapping[name] for name in wanted}
    for name in extra:
        if name in names or name in mapping:
            chosen.setdefault(name, mapping.get(name, name))
        elif not more:
            raise ReadError(
                f"{source}: by names the column {name!r}; the file has {', '.join(names)}."
            )
    return chosen


def table_rows(file: InputFile, extra: Sequence[str], options: ReadOptions) -> Iterator[Record]:
    """The rows of a CSV or TSV file."""
    encoding = find_encoding(file)
    records = read_rows(file, encoding, find_dialect(file, encoding))
    header = next(records, None)
    if header is None or isinstance(header, Rejection):
        raise ReadError(f"{file.name}: has no header. The first row must name the columns.")
    names = unique_names(header[1])
    chosen = choose_columns(names, extra, options, file.name)
    at = {name: names.index(column) for name, column in chosen.items()}
    for record in records:
        if isinstance(record, Rejection):
            yield int(record.locator.removeprefix("line ")), record
        elif fault := row_fault(record[1], len(names), encoding.name):
            yield record[0], Rejection(file.name, f"line {record[0]}", *fault)
        else:
            yield record[0], {name: record[1][place] for name, place in at.items()}


def json_rows(file: InputFile, extra: Sequence[str], options: ReadOptions) -> Iterator[Record]:
    """The objects of a JSON-lines file; each may have keys that those before it lack."""
    chosen: dict[str, str] = {}
    names: dict[str, None] = {}
    # What the first rows may lack: columns that are needed, and those that the caller told.
    so_far, told = replace(options, needed=()), dict.fromkeys(options.columns.values())
    rows, encoding = 0, find_encoding(file)
    for line, text, too_long in numbered_lines(file, encoding):
        if not text.strip():
            continue
        try:
            value = json_line(text, too_long, file, encoding)
        except RowError as fault:
            yield line, Rejection(file.name, f"line {line}", *fault.args)
            continue
        rows += 1
        if rows == _SURE:
            so_far, told = options, {}
        if rows == _SURE or not value.keys() <= names.keys():
            names |= dict.fromkeys(value)
            found = choose_columns([*(names | told)], extra, so_far, file.name, more=True)
            _refuse_change(chosen, found, f"{file.name}, line {line}")
            chosen = found
        yield line, {name: scalar(value.get(column)) for name, column in chosen.items()}
    if names:
        choose_columns(list(names), extra, options, file.name)


def _refuse_change(before: Mapping[str, str], now: Mapping[str, str], where: str) -> None:
    """Refuse a new key that would be a better guess: rows would not be read alike."""
    for name, column in before.items():
        if now[name] != column:
            raise ReadError(
                f"{where}: {name} was read from {column!r} so far, but here is {now[name]!r} too. "
                f"Say which one it is: columns={{{name!r}: {column!r}}}."
            )
