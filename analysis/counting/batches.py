"""Corpora on disk, read a batch of rows at a time."""

import io
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.counting.batch_groups import travelling
from analysis.counting.file_parts import FilePart, assert_same, read_footer, stamp
from analysis.counting.file_rows import Record, choose_columns, json_rows, table_rows
from analysis.counting.remote import File, RemoteFile, is_url, list_url
from analysis.errors import ReadError
from analysis.escape import inert
from analysis.reading.checking import ReadOptions
from analysis.reading.compressed import InputFile, input_file, opened_file
from analysis.reading.dispatch import is_litter
from analysis.reading.html_cells import SURE_TAG
from analysis.reading.limits import ReadLimits
from analysis.reading.rejected import Rejection

log = logging.getLogger(__name__)

SUFFIXES = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson")
# Bytes of a column that are read ahead: a file may hold everything in a single row group.
_READ_AHEAD = 4_000_000
# Rows at the beginning of a file that are searched for HTML.
_LOOKED_AT = 200


@dataclass(frozen=True, eq=False)
class Batch:
    """Some rows of one file, under the names of the articles table; nothing is checked yet.

    Attributes
    ----------
    source : str
        The file's name.
    file : int
        Number of the file; with `places` it orders the whole corpus.
    unit : str
        What `places` count: ``row`` or ``line``.
    places : sequence of int, one entry a row
        Where each row stands in its file.
    table : Table
        ``text``, ``outlet``, ``date`` and what else was asked for.
    rejections : list of (place, Rejection)
        Records that could not be read at all.
    """

    source: str
    file: int
    unit: str
    places: Sequence[int]
    table: pa.Table
    rejections: list[tuple[int, Rejection]] = field(default_factory=list)


def list_files(paths: str | Path | Iterable[str | Path]) -> list[File]:
    """The files of a corpus, in order; a folder, or an address with ``*``, stands for several.

    What is hidden in a folder, or an operating system's own, is passed over.

    Raises
    ------
    ReadError
        If a path is not there, a file is of no known form or given twice, or there is no file.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    files: list[File] = []
    for name in given:
        found: list[File] = list_url(str(name), _is_read) if is_url(name) else [Path(name)]
        for path in found:
            if isinstance(path, Path) and path.is_dir():
                inside = (file for file in sorted(path.rglob("*")) if file.is_file())
                files += (file for file in inside if _is_read(file) and not _unseen(file, path))
            elif isinstance(path, Path) and not path.exists():
                raise ReadError(f"{path}: there is no such file or folder.")
            elif not _is_read(path):
                raise ReadError(
                    f"{path.name}: count_corpus streams {', '.join(SUFFIXES)} (also .gz and .zst). "
                    "Read other forms with read_articles(path), and count them with "
                    "document_terms."
                )
            else:
                files.append(path)
    if not files:
        raise ReadError(f"no file to count in {', '.join(map(str, given)) or 'an empty list'}.")
    _check_files(files)
    return files


def _unseen(file: Path, folder: Path) -> bool:
    """Whether a file below a folder is hidden, or an operating system's own."""
    parts = file.relative_to(folder).parts
    return any(part.startswith(".") for part in parts) or is_litter("/".join(parts))


def _check_files(files: Sequence[File]) -> None:
    seen: set[File] = set()
    for file in files:
        if file.absolute() in seen:
            raise ReadError(
                f"{file.name}: is given twice, and its articles would count twice. Give each file "
                "once, by itself or with its folder."
            )
        seen.add(file.absolute())
        if _suffix(file) == ".parquet" != file.suffix.lower():
            raise ReadError(
                f"{file.name}: Parquet can't be read through another compression, nor needs one. "
                "Unpack it."
            )


def _is_read(file: File) -> bool:
    return _suffix(file) in SUFFIXES


def count_rows(files: Sequence[File]) -> int | None:
    """How many rows the files have, if they say so."""
    if any(_suffix(file) != ".parquet" for file in files):
        return None
    try:
        return sum(int(read_footer(file).num_rows) for file in files)
    except (pa.ArrowException, OSError):
        return None


def read_batches(
    files: Sequence[File],
    extra: Sequence[str],
    columns: Mapping[str, str],
    batch_size: int,
) -> Iterator[Batch]:
    """Read the columns that counting needs, `batch_size` rows at a time.

    Parameters
    ----------
    files : sequence of Path or RemoteFile
    extra : sequence of str
        Columns to keep beside those of the articles table.
    columns : mapping
        Column of the articles table to column of the files, where the guess is to be overruled.
    batch_size : int
    """
    for number, path in enumerate(files):
        yield from read_part(FilePart(path, number, *stamp(path)), extra, columns, batch_size)


def read_part(
    part: FilePart, extra: Sequence[str], columns: Mapping[str, str], batch_size: int
) -> Iterator[Batch]:
    """Read a part of a corpus, and make sure that it stays the same from first to last.

    Raises
    ------
    ReadError
        If the file changes, vanishes, or can't be read.
    """
    path, options = part.path, ReadOptions(columns=columns)
    assert_same(part)
    if _suffix(path) == ".parquet":
        batches = _parquet(part, extra, options, batch_size)
    else:
        file = _input_file(part)
        read = table_rows if _suffix(path) in (".csv", ".tsv") else json_rows
        batches = _grouped(read(file, extra, options), file.name, part.file, extra, batch_size)
    # A look at the first rows of a file is enough, and costs nothing.
    for first in islice(batches, 1):
        if part.first == 0:
            _warn_of_markup(first)
        yield first
    yield from batches
    assert_same(part)


def _warn_of_markup(batch: Batch) -> None:
    """Say that tags will be counted as words, where the first rows of a file hold some."""
    texts = batch.table["text"].slice(0, _LOOKED_AT)
    kind = texts.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return
    if pc.any(pc.match_substring_regex(texts, SURE_TAG, ignore_case=True)).as_py():
        log.warning(
            "%s: its texts hold HTML, whose tags and addresses are counted as words. To leave them "
            "out, read the file with read_articles, or framing import, and count what that writes.",
            inert(batch.source),
        )


def _input_file(part: FilePart) -> InputFile:
    path = part.path
    if isinstance(path, RemoteFile):
        return opened_file(path.name, path.open, lambda: part.size, ReadLimits())
    return input_file(path, path.name, ReadLimits())


def _suffix(path: File) -> str:
    return InputFile(path.name, io.BytesIO).suffix


def _parquet(
    part: FilePart, extra: Sequence[str], options: ReadOptions, batch_size: int
) -> Iterator[Batch]:
    path, first, groups = part.path, part.first, part.row_groups
    try:
        with (
            path.open() if isinstance(path, RemoteFile) else nullcontext(path) as source,
            pq.ParquetFile(source, buffer_size=_READ_AHEAD, pre_buffer=False) as file,
        ):
            there = file.schema_arrow.names
            chosen = choose_columns(there, extra, options, path.name)
            # Columns under two names are read once.
            names = list(dict.fromkeys(chosen.values()))
            for name in names:
                if there.count(name) > 1:
                    raise ReadError(
                        f"{path.name}: has {there.count(name)} columns named {name!r}. Give each "
                        "a name of its own."
                    )
            batches = file.iter_batches(
                batch_size, columns=names, row_groups=groups, use_threads=False
            )
            for batch in batches:
                arrays = [batch.column(name) for name in chosen.values()]
                table = pa.table(dict(zip(chosen, arrays, strict=True)))
                places = range(first + 1, first + len(table) + 1)
                yield Batch(path.name, part.file, "row", places, table)
                first += len(table)
    except (pa.ArrowException, OSError) as fault:
        raise ReadError(
            f"{path.name}: can't be read as Parquet after row {first} ({str(fault)[:200]}). "
            "Fetch or write it again."
        ) from fault


def _grouped(
    records: Iterator[Record], source: str, number: int, extra: Sequence[str], batch_size: int
) -> Iterator[Batch]:
    while part := list(islice(records, batch_size)):
        rejections, rows = [], []
        for place, record in part:
            if isinstance(record, Rejection):
                rejections.append((place, record))
            else:
                rows.append((place, record))
        # Rows of JSON gain columns on the way.
        known = rows[-1][1] if rows else ()
        names = dict.fromkeys(("text", "outlet", "date", *known, *extra))
        arrays = {name: _column(name, [row[1].get(name) for row in rows]) for name in names}
        places = [row[0] for row in rows]
        yield Batch(source, number, "line", places, pa.table(arrays), rejections)


def _column(name: str, values: list[Any]) -> pa.Array:
    """Values as strings; what is no string in a column that `by` names is made one later."""
    as_string = str if name in ("text", "outlet", "date", "date_end", "doc_id") else travelling
    strings = [None if value is None else as_string(value) for value in values]
    return pa.array(strings, pa.large_string())
