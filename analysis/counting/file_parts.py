"""Parts of a corpus on disk that are counted apart: files, and row groups of Parquet files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.counting.remote import File, RemoteFile
from analysis.errors import ReadError


@dataclass(frozen=True)
class FilePart:
    """A file, or some row groups of a Parquet file, as it was when it was looked at.

    Attributes
    ----------
    path : Path or RemoteFile
    file : int
        Number of the file in the corpus.
    size : int
        Bytes.
    modified : int or str
        The time of the last change in nanoseconds, or what another file system says of it.
    row_groups : tuple of int, optional
        All of them, if not said.
    first : int
        Rows of the file before these.
    """

    path: File
    file: int
    size: int
    modified: int | str
    row_groups: tuple[int, ...] | None = None
    first: int = 0


def stamp(path: File) -> tuple[int, int | str]:
    """Size and time of the last change: by these a file is known to be as it was.

    Raises
    ------
    ReadError
        If the file is not there any more.
    """
    if isinstance(path, RemoteFile):
        return path.stamp()
    try:
        status = path.stat()
    except OSError as fault:
        raise ReadError(
            f"{path.name}: can't be read ({fault.strerror}). If it was moved while it was being "
            "counted, put it back and run again."
        ) from fault
    return status.st_size, status.st_mtime_ns


def assert_same(part: FilePart) -> None:
    """Refuse a file that is not what it was when it was looked at."""
    if stamp(part.path) != (part.size, part.modified):
        raise ReadError(
            f"{part.path.name}: changed while it was being counted. Wait until it is written, "
            "then run again."
        )


def split_files(files: Sequence[File], rows: int) -> list[FilePart]:
    """Cut Parquet files between row groups into parts of about so many rows.

    Any other file is one part: where its rows begin is known only after reading it.

    Raises
    ------
    ReadError
        If a file is gone, or is no Parquet file in spite of its name.
    """
    parts: list[FilePart] = []
    for number, path in enumerate(files):
        whole = (path, number, *stamp(path))
        if path.suffix.lower() != ".parquet":
            parts.append(FilePart(*whole))
            continue
        parts += [FilePart(*whole, groups, first) for groups, first in _row_groups(path, rows)]
    return parts


def read_footer(path: File) -> pq.FileMetaData:
    """What a Parquet file says of itself."""
    if isinstance(path, RemoteFile):
        with path.open() as stream:
            return pq.read_metadata(stream)
    return pq.read_metadata(path)


def _row_groups(path: File, rows: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Runs of row groups, each with at least so many rows, and the rows before each."""
    try:
        footer = read_footer(path)
    except (pa.ArrowException, OSError) as fault:
        raise ReadError(
            f"{path.name}: can't be read as Parquet ({str(fault)[:200]}). Fetch or write it again."
        ) from fault
    groups: list[int] = []
    first = held = 0
    for group in range(footer.num_row_groups):
        groups.append(group)
        held += footer.row_group(group).num_rows
        if held >= rows:
            yield tuple(groups), first
            groups, first, held = [], first + held, 0
    if groups or not footer.num_row_groups:
        yield tuple(groups), first
