"""Parquet files, read by row groups."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.errors import ReadError
from analysis.reading.columns import map_columns, standard_names, unique_names
from analysis.reading.files.compressed import InputFile
from analysis.reading.records import STANDARD, Layout, RawTable, ReadOptions, RowReader

# Bytes of a column that are read ahead: a file may hold everything in a single row group.
_READ_AHEAD = 4_000_000
_EPOCH = dt.date(1970, 1, 1).toordinal()


class Span(NamedTuple):
    """Some row groups of a file, and how many rows precede them."""

    groups: tuple[int, ...]
    before: int


def look(file: InputFile, options: ReadOptions) -> Layout:
    """The columns of a .parquet."""
    with _opened(file) as parquet:
        found = parquet.schema_arrow.names
    names = unique_names(found)
    notes: dict[str, Any] = {"format": "Parquet", "unit": "row"}
    mapping = map_columns(names, options, file.name, notes)
    return Layout(names, mapping, notes, {}, options.further)


def read_chunks(
    file: InputFile, layout: Layout, size: int, span: Span | None = None
) -> Iterator[RawTable]:
    """The rows, `size` at a time, of all row groups or of some."""
    groups, before = span or (None, 0)
    names = standard_names(layout.names, layout.mapping)
    with _opened(file) as parquet:
        given, asked = parquet.schema_arrow.names, None
        # A path with a dot, or a name given twice, can't be asked for alone.
        if len(set(given)) == len(given) and "." not in "".join(given):
            wanted = [layout.keeps(name) for name in names]
            asked, names = (list(compress(each, wanted)) for each in (given, names))
        for batch in parquet.iter_batches(size, groups, asked, use_threads=False):
            columns = {
                name: _standard(name, column) if name in STANDARD else _further(column)
                for name, column in zip(names, batch.columns, strict=True)
            }
            index = pd.RangeIndex(before + 1, before + len(batch) + 1)
            yield RawTable(file.name, "row", pd.DataFrame(columns).set_axis(index), [])
            before += len(batch)


ROWS = RowReader(look, read_chunks)


def spans(file: InputFile, rows: int) -> list[Span]:
    """Runs of row groups, each with at least `rows` rows, but for the last."""
    with _opened(file) as parquet:
        footer = parquet.metadata
    found: list[Span] = []
    first = before = held = 0
    for group in range(footer.num_row_groups):
        held += footer.row_group(group).num_rows
        if held >= rows or group == footer.num_row_groups - 1:
            found.append(Span(tuple(range(first, group + 1)), before))
            first, before, held = group + 1, before + held, 0
    return found


@contextmanager
def _opened(file: InputFile) -> Iterator[pq.ParquetFile]:
    try:
        with file.open() as stream:
            source = stream if stream.seekable() else io.BytesIO(file.read_bytes())
            yield pq.ParquetFile(source, buffer_size=_READ_AHEAD, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise ReadError(
            f"{file.name}: can't be read as Parquet ({str(fault)[:200]}). Fetch or write it again."
        ) from fault


def _standard(name: str, column: pa.Array) -> pd.Series:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column.validate(full=True)
        return pd.Series(pd.array(column.cast(pa.large_string()), dtype="str"))
    is_day = pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)
    return pd.Series(_days(column) if is_day else column.to_pylist(), dtype=object)


def _days(column: pa.Array) -> list[dt.date | np.datetime64 | None]:
    """Typed dates as days, as published; np.datetime64 where Python has no such day."""
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = pc.local_timestamp(column)
    days = column.cast(pa.date32(), safe=False).cast(pa.int32()).to_pylist()
    first, last = dt.date.min.toordinal() - _EPOCH, dt.date.max.toordinal() - _EPOCH

    def as_day(day: int) -> dt.date | np.datetime64:
        in_range = first <= day <= last
        return dt.date.fromordinal(day + _EPOCH) if in_range else np.datetime64(day, "D")

    return [None if day is None else as_day(day) for day in days]


def _further(column: pa.Array) -> pd.Series:
    return pd.Series(pd.array(column, dtype=pd.ArrowDtype(column.type)))
