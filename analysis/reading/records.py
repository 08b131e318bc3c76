"""What the readers of all formats share: options, raw rows, and the words for a missing value."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.reading.limits import ReadLimits
from analysis.reading.rejected import Rejection

STANDARD = ("doc_id", "outlet", "date", "date_end", "title", "text")


@dataclass(frozen=True)
class ReadOptions:
    """What the caller of read_articles said about the input; see there."""

    columns: Mapping[str, str] = field(default_factory=dict)
    outlet: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    today: dt.date = dt.date.max
    encoding: str | None = None
    needed: tuple[str, ...] = ("outlet", "date", "text")
    texts: pd.DataFrame | None = None
    strip_markup: bool = True
    progress: bool = False
    limits: ReadLimits = ReadLimits()
    leave_out: frozenset[Path] = frozenset()
    # The columns that are kept beside the standard ones; None is all.
    further: frozenset[str] | None = None


@dataclass
class Origin:
    """Where rows come from: the file (`source`), and what its rows are counted in (`unit`).

    A unit is a ``line`` or an ``article``, for instance. Where each row is a file of its own,
    ``files`` has the name of the file for each row's place.
    """

    source: str
    unit: str
    files: Mapping[int, str] = field(default_factory=dict, kw_only=True)

    def where(self, place: int) -> tuple[str, int]:
        """The file of a row, and the row's place in it."""
        return (self.files[place], 1) if self.files else (self.source, place)


@dataclass
class RawTable(Origin):
    """Rows as found: values under the standard names, nothing checked yet.

    ``rows`` are a table or dicts, by their places; ``rejections`` are those that never became a
    record. ``notes`` says how the file was read: its format, encoding, and what was guessed.
    ``undated`` has what can be said of records without a date. ``fragments`` says that texts and
    titles are cells, which may hold HTML.
    """

    rows: pd.DataFrame | dict[int, dict[str, Any]]
    rejections: list[Rejection] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    undated: dict[int, str] = field(default_factory=dict)
    fragments: bool = False

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows as a table."""
        if isinstance(self.rows, pd.DataFrame):
            return self.rows
        index = pd.Index(list(self.rows), dtype=int)
        return pd.DataFrame(list(self.rows.values()), index=index, dtype=object)

    @property
    def names(self) -> Collection[str]:
        """The names of the columns."""
        if isinstance(self.rows, dict):
            return {name for row in self.rows.values() for name in row}
        return list(self.rows)

    def cells(self, name: str) -> list[Any]:
        """The cells of a column, for which dicts need not become a table."""
        if isinstance(self.rows, dict):
            return [row[name] for row in self.rows.values() if name in row]
        return self.rows[name].tolist() if name in self.rows else []


@dataclass
class Layout:
    """How a file of rows is laid out: found before its rows are read, and kept with its pieces.

    ``mapping`` has the file's column for each standard one; ``settings`` are the format's own.
    """

    names: list[str]
    mapping: dict[str, str]
    notes: dict[str, Any]
    settings: dict[str, Any]
    further: frozenset[str] | None = None

    def keeps(self, name: str) -> bool:
        """Whether a column of this standard or other name is wanted."""
        return self.further is None or name in (*STANDARD, "url") or name in self.further


@dataclass(frozen=True)
class RowReader:
    """How files of a format are read some rows at a time.

    ``look(file, options)`` gives the layout; ``rows(file, layout, size, span)`` reads the rows, at
    most `size` to a table; `span` tells some row groups from others. ``settle(file, layout,
    options)``, called when all rows were read, says whether the layout still holds; if not, it is
    mended, and the rows must be read again.
    """

    look: Callable[..., Layout]
    rows: Callable[..., Iterator[RawTable]]
    settle: Callable[..., bool] = lambda file, layout, options: True
