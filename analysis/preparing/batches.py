"""A function of every batch of articles, here or on workers; tables of all batches, on disk."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pandas as pd

from analysis.executors import Where
from analysis.parts import map_parts

Result = TypeVar("Result")
# Rows of a table that are in memory at once.
AT_ONCE = 2_000_000
Load = Callable[[Any], pd.DataFrame] | None


def map_batches(
    function: Callable[..., Result],
    parts: Iterable[tuple[Any, ...]],
    load: Load = None,
    executor: Where = None,
) -> Iterator[Result]:
    """Call ``function(load(part), *more)`` for each ``(part, *more)``, in order.

    Without `load`, a part is itself the batch of articles.
    """
    return map_parts(partial(_call, function, load), parts, executor)


def _call(function: Callable[..., Result], load: Load, part: tuple[Any, ...]) -> Result:
    first, *more = part
    return function(first if load is None else load(first), *more)


class Tables:
    """Tables of many batches, one below the other; what has many rows is in a temporary folder."""

    def __init__(self) -> None:
        self._held: list[pd.DataFrame] = []
        self._n = 0
        self._files: list[Path] = []
        self._folder: TemporaryDirectory[str] | None = None

    def add(self, table: pd.DataFrame) -> None:
        """Add the table of a batch."""
        self._held.append(table)
        self._n += len(table)
        if self._n >= AT_ONCE:
            if self._folder is None:
                self._folder = TemporaryDirectory(prefix="framing-")
            self._files.append(Path(self._folder.name) / f"{len(self._files)}.arrow")
            pd.concat(self._held, ignore_index=True).to_feather(self._files[-1])
            self._held, self._n = [], 0

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """All tables, each of many batches."""
        for file in self._files:
            yield pd.read_feather(file)
        if self._held:
            self._held = [pd.concat(self._held, ignore_index=True)]
            yield self._held[0]
