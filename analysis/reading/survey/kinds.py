"""The types of columns that are kept beside the standard ones, the same in all rows of a corpus."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


class Kind(NamedTuple):
    """The type of a column, whether values are missing, and the categories of an ordered one."""

    type: pa.DataType
    gaps: bool = False
    categories: tuple[str, ...] = ()


_STRING = pa.large_string()
_ORDERED = pa.dictionary(pa.int32(), _STRING, ordered=True)
_OF_PYTHON = {str: _STRING, bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
_TIMES = [pa.timestamp(unit) for unit in ("us", "ms", "s", "ns")]
_NULLABLE: dict[pa.DataType, Any] = {pa.bool_(): pd.BooleanDtype()} | {
    pa.type_for_alias(name.lower()): pd.api.types.pandas_dtype(name)
    for name in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
}
ABSENT = Kind(pa.null(), gaps=True)


def kind_of(values: pd.Series | list[Any]) -> Kind:
    """The kind of the values of a column."""
    if isinstance(values, list) or values.dtype == object:
        types = {None if _is_gap(value) else _type_of(value) for value in values}
        found = [Kind(kind) for kind in types if kind is not None]
        return merge_kinds([*found, Kind(pa.null(), None in types)])
    array = _arrow(values)
    kind, gaps = array.type, array.null_count > 0
    if pa.types.is_dictionary(kind):
        if kind.ordered and _is_string(kind.value_type):
            names = [tuple(chunk.dictionary.to_pylist()) for chunk in array.chunks] or [()]
            return merge_kinds(Kind(_ORDERED, gaps, each) for each in names)
        kind = kind.value_type
    return Kind(_STRING if pa.types.is_nested(kind) or _is_string(kind) else kind, gaps)


def merge_kinds(kinds: Iterable[Kind]) -> Kind:
    """The kind that holds the values of all."""
    merged = Kind(pa.null())
    for kind in kinds:
        gaps = merged.gaps or kind.gaps
        if pa.types.is_null(kind.type) or pa.types.is_null(merged.type):
            known = merged if pa.types.is_null(kind.type) else kind
            merged = known._replace(gaps=gaps)
        elif merged.type == kind.type == _ORDERED:
            sizes = sorted((merged.categories, kind.categories), key=lambda c: (len(c), c))
            shorter, longer = sizes
            same = [name for name in longer if name in set(shorter)] == list(shorter)
            merged = Kind(_ORDERED, gaps, longer) if same else Kind(_STRING, gaps)
        else:
            merged = Kind(_common(merged.type, kind.type), gaps)
    return merged


def merge_columns(
    kinds: Mapping[str, Kind], more: Mapping[str, Kind], has_rows: bool, more_rows: bool
) -> dict[str, Kind]:
    """The kinds of the columns of two parts; where one has rows but no such column, are gaps."""
    result = {}
    for name in dict.fromkeys((*kinds, *more)):
        parts = [found[name] for found in (kinds, more) if name in found]
        if (name not in kinds and has_rows) or (name not in more and more_rows):
            parts.append(ABSENT)
        result[name] = merge_kinds(parts)
    return result


def as_kind(values: pd.Series, kind: Kind) -> pd.Series:
    """A column's values in the type that they have in the whole corpus."""
    if kind.type in (_STRING, _ORDERED) or pa.types.is_null(kind.type):
        texts = values if values.dtype == "str" else pd.Series(pd.array(_texts(values), "str"))
        if kind.type == _ORDERED:
            return pd.Series(pd.Categorical(texts, categories=kind.categories, ordered=True))
        return texts
    if values.dtype == object:
        items = [None if _is_gap(value) else value for value in values.tolist()]
        array = pa.chunked_array([pa.array(items, kind.type)])
    else:
        array = _decoded(values).cast(kind.type, safe=False)
    if pa.types.is_date(array.type):
        array = array.cast(pa.timestamp("s"), safe=False)
    return array.to_pandas(types_mapper=_NULLABLE.get if kind.gaps else None)


def _arrow(values: pd.Series) -> pa.ChunkedArray:
    array = pa.array(values.array)
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _decoded(values: pd.Series) -> pa.ChunkedArray:
    array = _arrow(values)
    return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array


def _texts(values: pd.Series) -> pa.ChunkedArray | list[str | None]:
    if values.dtype == object:
        items = values.tolist()
    else:
        array = _decoded(values)
        if not pa.types.is_nested(array.type):
            with suppress(pa.ArrowInvalid, pa.ArrowNotImplementedError):
                return pc.cast(array, _STRING)
        items = array.to_pylist()
    return [None if _is_gap(value) else _text(value) for value in items]


def _text(value: object) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _is_gap(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value


def _type_of(value: object) -> pa.DataType:
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        return _STRING
    if type(value) in _OF_PYTHON:
        return _OF_PYTHON[type(value)]
    if isinstance(value, pd.Timestamp) or (hasattr(value, "hour") and hasattr(value, "year")):
        return pa.timestamp("us")
    return _STRING


def _common(a: pa.DataType, b: pa.DataType) -> pa.DataType:
    """The type that holds values of two; text, if no other does."""
    if a == b:
        return a
    kinds = pa.types
    if kinds.is_integer(a) and kinds.is_integer(b):
        return pa.int64()
    if all(kinds.is_integer(kind) or kinds.is_floating(kind) for kind in (a, b)):
        return pa.float64()
    if all(kinds.is_date(kind) or kind in _TIMES for kind in (a, b)):
        return _TIMES[0]
    return _STRING


def _is_string(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
