"""Folders of Parquet files with a head in JSON: written with hashes, checked as they are read."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import CountsError
from analysis.files import replace_file
from analysis.formatting import json_text

FORM = 1
# Before a file is read it may claim 100 rows for each byte of its folder, and as many bytes and
# 64 MB; and a million rows, or one for each token.
DENSEST, SMALL, FEW = 100, 1 << 26, 1_000_000
# What a damaged file can raise as it is read.
_DAMAGE = (ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RuntimeError,
           TypeError, ValueError, pa.ArrowException)  # fmt: skip
V = TypeVar("V")


def write_folder(
    folder: Path, tables: Mapping[str, pa.Table], head_name: str, head: dict[str, Any]
) -> Path:
    """Write each table, and then the head with their hashes: each file atomically."""
    hashes = {}
    for name, table in tables.items():
        sink = pa.BufferOutputStream()
        # Places of documents and groups, the only small integers, rise from row to row.
        places = [field.name for field in table.schema if field.type == pa.int32()]
        others = [column for column in table.column_names if column not in places]
        packed = dict.fromkeys(places, "DELTA_BINARY_PACKED")
        # Level 19 takes eight times as long, for files that are 6% smaller.
        how = {"compression": "zstd", "compression_level": 9}
        pq.write_table(table, sink, **how, use_dictionary=others, column_encoding=packed)
        content = sink.getvalue().to_pybytes()
        hashes[f"{name}.parquet"] = hashlib.sha256(content).hexdigest()
        replace_file(folder / f"{name}.parquet", content)
    head = {"form": FORM, **head, "sha256": hashes}
    replace_file(folder / f"{head_name}.json", json_text(head, sort_keys=True))
    return folder


@contextmanager
def reading_folder(
    folder: Path, names: Sequence[str], head_name: str, keys: Sequence[str], what: str, made_by: str
) -> Iterator[tuple[Callable[..., pa.Table], dict[str, Any]]]:
    """What reads a table of a folder that `write_folder` wrote, and the folder's head of `keys`."""
    files = [f"{name}.parquet" for name in names] + [f"{head_name}.json"]
    # `Path.is_file` raises where a name is too long.
    missing = [name for name in files if not os.path.isfile(folder / name)]  # noqa: PTH113
    again = f"Make one with {made_by}.save(folder)."
    if missing:
        raise CountsError(f"{folder} is not a {what}: it lacks {', '.join(missing)}. {again}")
    at = files[-1]
    try:
        size = sum((folder / name).stat().st_size for name in files)
        head = of_type(json.loads((folder / at).read_text(encoding="utf-8")), dict, "it")
        hashes = of_type(head.pop("sha256", {}), dict, "sha256")  # none before 0.2.0
        form = of_type(head["form"], int, "form")

        def read(name: str, needed: Sequence[str] = (), most: int = DENSEST * size) -> pa.Table:
            nonlocal at
            at = f"{name}.parquet"
            content = (folder / at).read_bytes()
            if hashes and hashlib.sha256(content).hexdigest() != hashes[at]:
                raise ValueError(f"it was changed after it was saved: {files[-1]} has another hash")
            rows = min(max(most, FEW), DENSEST * size)
            return _table(content, needed, rows, DENSEST * size + SMALL)

        if form <= FORM:
            if unknown := sorted(head.keys() - {"form", *keys}):
                # Perhaps a damaged name of one that is needed, as that of the hashes.
                raise ValueError(
                    f"key {unknown[0]!r}; there may be form, sha256, {', '.join(keys)}"
                )
            yield read, head
            return
    except CountsError as fault:
        table, _, problem = str(fault).partition(":")
        where = f"{table}.parquet:{problem}" if table in names else f"{at}: {fault}"
        why = f"CountsError: {where}"
    except _DAMAGE as fault:
        why = f"{type(fault).__name__}: {at}: {fault}"
    else:
        raise CountsError(
            f"{folder / at}: form {form} is newer than this version reads ({FORM}); update "
            "media-framing-analysis."
        )
    raise CountsError(
        f"{folder}: this {what} is damaged ({why}). Copy it again from where it came, or make it "
        f"anew. {again}"
    )


def _table(content: bytes, needed: Sequence[str], rows: int, room: int) -> pa.Table:
    """A table, unless it claims more than `rows` rows or `room` bytes; ValueError says which."""
    with pq.ParquetFile(pa.BufferReader(content)) as file:
        footer = file.metadata
        held = sum(footer.row_group(n).total_byte_size for n in range(footer.num_row_groups))
        for claimed, most, unit in ((footer.num_rows, rows, "rows"), (held, room, "bytes")):
            if claimed > most:
                raise ValueError(
                    f"it claims {claimed:,} {unit}; of this size it holds at most {most:,}"
                )
        table = file.read()
    for name in needed:
        if name not in table.column_names:
            raise ValueError(f"column {name!r} is missing; there are {table.column_names}")
        if table[name].null_count:
            raise ValueError(f"column {name!r} has {table[name].null_count} missing value(s)")
    return table


def of_type(value: Any, wanted: type[V], where: str) -> V:
    """A value of the head; TypeError if it is of another type."""
    if type(value) is not wanted:
        raise TypeError(f"{where} is a {type(value).__name__}, it must be a {wanted.__name__}")
    return value
