"""The tables of a stage on disk, a Parquet file for each part of the corpus; and their names.

Parts keep their names from stage to stage: the segments of ``articles/00000-0003.parquet`` are
``segments/00000-0003.parquet``. Pages have checksums, so that a damaged file is not read.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import ReadError
from analysis.executors import Where
from analysis.files import replace_file, writing
from analysis.parts import map_parts

Frames = Mapping[str, pd.DataFrame]
_CATEGORIES = b"categories"


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table; Parquet promises nothing about categories, so they are kept beside it."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    categories = {
        name: [list(column.cat.categories), bool(column.cat.ordered)]
        for name, column in frame.items()
        if isinstance(column.dtype, pd.CategoricalDtype)
    }
    metadata = {**(table.schema.metadata or {}), _CATEGORIES: json.dumps(categories).encode()}
    with writing(path) as unfinished:
        pq.write_table(
            table.replace_schema_metadata(metadata), unfinished, compression="zstd",
            compression_level=1, write_page_checksum=True,
        )  # fmt: skip


def read_table(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read what `write_table` wrote, or those of some columns that are there.

    ReadError if it is damaged.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            there = file.schema_arrow.names
            names = there if columns is None else [name for name in columns if name in there]
            table = file.read(names, use_threads=False)
    except (OSError, pa.ArrowException) as fault:
        raise ReadError(
            f"{path}: a part of a study is damaged ({fault}). Delete the folder {path.parents[1]} "
            "and run again."
        ) from fault
    frame = table.to_pandas(split_blocks=True)
    categories = json.loads(table.schema.metadata[_CATEGORIES])
    typed = {
        name: pd.CategoricalDtype(values, ordered)
        for name, (values, ordered) in categories.items()
        if name in frame
    }
    return frame.astype(typed)


def parts_of(folder: Path) -> list[Path]:
    """The files of a table, in the order of the corpus."""
    return sorted(folder.glob("*.parquet"))


def columns_of(folder: Path) -> list[str]:
    """The columns that any part of a table has."""
    schemas = (pq.read_schema(part) for part in parts_of(folder))
    return list(dict.fromkeys(name for schema in schemas for name in schema.names))


def read_all(folder: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """All parts of a table as one; of the `columns`, those that a part has."""
    return join([read_table(part, columns) for part in parts_of(folder)])


def join(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Tables one after the other; those without rows say nothing of the types of columns."""
    frames = list(frames)
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def each_part(
    make: Callable[[Path], Frames], parts: Iterable[Path], folder: Path, executor: Where
) -> list[Any]:
    """Make the tables of every part on an executor, each written to ``folder/<its name>``.

    `make` gives the tables of a part's file by their names. What is there already stays.
    """
    listed = list(parts)
    # One part needs no workers, which take seconds to start.
    where = executor if len(listed) > 1 else None
    return list(map_parts(partial(_write_part, make, folder), listed, where))


def _write_part(make: Callable[[Path], Frames], folder: Path, part: Path) -> None:
    # Written last: who finds it finds all tables of the part.
    finished = folder / "finished" / part.stem
    if finished.exists():
        return
    for name, frame in make(part).items():
        write_table(frame, folder / name / part.name)
    replace_file(finished, b"")


def file_name(name: str) -> str:
    """A name that every file system takes, and that is one word in an address."""
    return re.sub(r"[^\w-]+", "-", name)
