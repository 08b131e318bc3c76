"""The loop over parts."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")
Where = Executor | None


def map_parts(
    function: Callable[[Part], Result], parts: Iterable[Part], executor: Where = None
) -> Iterator[Result]:
    """Apply a function to parts, and yield the results in the order of the parts."""
    return (map if executor is None else executor.map)(function, parts)
