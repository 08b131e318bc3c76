"""The types of columns that are kept beside the standard ones, the same in all rows of a corpus."""

import json
from collections.abc import Iterable, Mapping
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
ABSENT = Kind(pa.null(), gaps=True)


def kind_of(values: pd.Series) -> Kind:
    """The kind of the values of a column."""
    if values.dtype != object:
        array = _arrow(values)
        gaps = array.null_count > 0
        kind = array.type
        if pa.types.is_dictionary(kind):
            if not kind.ordered or not _is_string(kind.value_type):
                return Kind(_STRING if _is_string(kind.value_type) else kind.value_type, gaps)
            dictionaries = [chunk.dictionary.to_pylist() for chunk in array.chunks] or [[]]
            parts = [Kind(_ORDERED, gaps, tuple(names)) for names in dictionaries]
            return merge_kinds(parts)
        if pa.types.is_nested(kind) or _is_string(kind):
            kind = _STRING
        return Kind(kind, gaps)
    kinds, gaps = set(), False
    for value in values.tolist():
        if _is_gap(value):
            gaps = True
        else:
            kinds.add(_kind_of_value(value))
    return merge_kinds([Kind(kind) for kind in kinds] + [Kind(pa.null(), gaps)])


def merge_kinds(kinds: Iterable[Kind]) -> Kind:
    """The kind that holds the values of all."""
    merged = Kind(pa.null())
    for kind in kinds:
        both = merged.type, kind.type
        gaps = merged.gaps or kind.gaps
        if pa.types.is_null(both[1]):
            merged = merged._replace(gaps=gaps)
        elif pa.types.is_null(both[0]):
            merged = kind._replace(gaps=gaps)
        elif both == (_ORDERED, _ORDERED):
            longer, shorter = sorted(
                (merged.categories, kind.categories), key=lambda names: (len(names), names)
            )[::-1]
            same = [name for name in longer if name in set(shorter)] == list(shorter)
            merged = Kind(_ORDERED, gaps, longer) if same else Kind(_STRING, gaps)
        else:
            merged = Kind(_common(*both), gaps)
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
        texts = values if values.dtype == "str" else pd.Series(_texts(values), dtype="str")
        if kind.type == _ORDERED:
            return pd.Series(pd.Categorical(texts, categories=kind.categories, ordered=True))
        return texts
    array = _arrow(values, kind.type)
    nullable: dict[pa.DataType, Any] = {pa.bool_(): pd.BooleanDtype()} | {
        pa.type_for_alias(name.lower()): pd.api.types.pandas_dtype(name)
        for name in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
    }
    if pa.types.is_date(array.type):
        array = array.cast(pa.timestamp("s"), safe=False)
    return array.to_pandas(types_mapper=nullable.get if kind.gaps else None)


def absent(count: int, kind: Kind) -> pd.Series:
    """A column of missing values, for the rows of a file that has no such column."""
    return as_kind(pd.Series([None] * count, dtype=object), kind)


def _arrow(values: pd.Series, kind: pa.DataType | None = None) -> pa.ChunkedArray:
    if values.dtype == object:
        items = [None if _is_gap(value) else value for value in values.tolist()]
        return pa.chunked_array([pa.array(items, kind)])
    array = pa.array(values.array)
    array = array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
    if kind is None or array.type == kind:
        return array
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    return array.cast(kind, safe=False)


def _texts(values: pd.Series) -> list[str | None]:
    if values.dtype != object:
        array = _arrow(values)
        if pa.types.is_dictionary(array.type):
            array = array.cast(array.type.value_type)
        if not pa.types.is_nested(array.type):
            try:
                texts: list[str | None] = pc.cast(array, _STRING).to_pylist()
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                pass
            else:
                return texts
        items = array.to_pylist()
    else:
        items = values.tolist()
    return [None if _is_gap(value) else _text(value) for value in items]


def _text(value: object) -> str:
    """A value as text: lists and objects as JSON."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _is_gap(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value


def _kind_of_value(value: object) -> pa.DataType:
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
