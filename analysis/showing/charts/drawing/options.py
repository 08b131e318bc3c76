"""What the options of charts must be: one rule for each kind of option, told by its annotation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, get_args

import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import CountsError


def _number(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and isfinite(value)


def _two(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2


# By annotation: what makes a value valid, and how the error says what to give.
_RULES: dict[Any, tuple[Callable[[Any], bool], str]] = {
    int: (lambda n: isinstance(n, Integral) and _number(n), "a whole number"),
    float: (_number, "a number"),
    Sequence[str]: (
        lambda names: isinstance(names, Iterable) and not isinstance(names, str),
        "a list of names, such as ['Gazette']",
    ),
    tuple[str, str]: (
        lambda names: (
            _two(names) and all(isinstance(name, str) for name in names) and names[0] != names[1]
        ),
        "two different names, such as ('Gazette', 'Herald')",
    ),
    tuple[float, str]: (
        lambda pair: _two(pair) and _number(pair[0]),
        "a number and its name: (0.5, 'half')",
    ),
    tuple[float, float]: (
        lambda size: _two(size) and all(_number(side) and side > 0 for side in size),
        "a width and a height in inches, such as (7, 3)",
    ),
    Mapping[str, str]: (
        lambda words: isinstance(words, Mapping),
        "a mapping such as {'Gazette': ...}",
    ),
    pd.DataFrame: (lambda table: isinstance(table, pd.DataFrame), "a DataFrame"),
    Axes: (lambda ax: isinstance(ax, Axes), "axes of matplotlib"),
}
# The least of whole numbers; of others it is 1.
_LEAST = {"named": 0}


def check_option(name: str, value: object, kind: Any) -> None:
    """Refuse a value that an option with the annotation `kind` can't have."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else [kind]
    known = [one for one in kinds if one in _RULES]
    if len(known) != 1 or str in kinds or (value is None and NoneType in kinds):
        return
    fits, advice = _RULES[known[0]]
    least = _LEAST.get(name, 1) if known == [int] else None
    if not fits(value) or (least is not None and value < least):  # type: ignore[operator]
        at_least = "" if least is None else f" of at least {least}"
        raise CountsError(f"{name}={value!r}: give {advice}{at_least}.")


def check_one_of(name: str, value: object, allowed: Sequence[str]) -> None:
    """Refuse a value that is not among those allowed."""
    if value not in allowed:
        raise CountsError(f"{name}={value!r}: it must be {' or '.join(map(repr, allowed))}.")
