"""A function of every batch of articles, here or on workers."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

import pandas as pd

from analysis.executors import Where
from analysis.parts import map_parts

Result = TypeVar("Result")
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
