"""JSON lines (one object a line), and what every reader of JSON objects needs."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pandas as pd

from analysis.errors import ReadError
from analysis.reading.columns import map_columns, standard_names, unique_names
from analysis.reading.encodings import Encoding, find_encoding, is_undecodable
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.delimited import numbered_lines
from analysis.reading.records import Layout, RawTable, ReadOptions, RowReader
from analysis.reading.rejected import Reason, Rejection

# How JSON writes either half of a character beyond 16 bits.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# Rows from whose keys the columns are first taken.
_LOOKED_AT = 1000

_ADVICE = "A line holds one whole object; name a file with a list of objects .json"

Record = dict[str, Any] | Rejection


def look(file: InputFile, options: ReadOptions) -> Layout:
    """Encoding, and the columns as far as the first rows tell; `settle` knows the others."""
    encoding = find_encoding(file, options.encoding)
    keys: dict[str, None] = {}
    for _, record in islice(_records(file, encoding), _LOOKED_AT):
        if isinstance(record, dict):
            keys |= dict.fromkeys(record)
    notes: dict[str, Any] = {"format": "JSON lines", "encoding": str(encoding), "unit": "line"}
    names = unique_names(list(keys))
    told = {name: column for name, column in options.columns.items() if column in names}
    mapping = map_columns(names, replace(options, needed=(), columns=told), file.name, {})
    notes["columns"] = mapping
    settings = {"encoding": encoding, "records": 0}
    return Layout(list(keys), mapping, notes, settings, options.further)


def read_chunks(
    file: InputFile, layout: Layout, size: int, span: object = None
) -> Iterator[RawTable]:
    """The objects, `size` lines at a time; keys that are new are added to the layout."""
    known = dict.fromkeys(layout.names)
    layout.settings["records"] = 0
    records = _records(file, layout.settings["encoding"])
    while part := list(islice(records, size)):
        layout.settings["records"] += len(part)
        rejections = [record for _, record in part if isinstance(record, Rejection)]
        rows = {place: record for place, record in part if isinstance(record, dict)}
        for row in rows.values():
            if not row.keys() <= known.keys():
                known |= dict.fromkeys(row)
        layout.names = list(known)
        frame = objects_frame(rows, layout)
        yield RawTable(file.name, "line", frame, rejections)


def settle(file: InputFile, layout: Layout, options: ReadOptions) -> bool:
    """Choose the columns among the keys of all rows; whether those chosen so far were right."""
    if not layout.settings["records"]:
        raise ReadError(f"{file.name}: is empty. Expected one JSON object a line.")
    before = layout.mapping
    if layout.names:
        names = unique_names(layout.names)
        layout.mapping = map_columns(names, options, file.name, layout.notes)
    return layout.mapping == before


ROWS = RowReader(look, read_chunks, settle)


def objects_frame(rows: dict[int, dict[str, Any]], layout: Layout) -> pd.DataFrame:
    """JSON objects, by their places in the file, as a frame under standard names."""
    names = standard_names(unique_names(layout.names), layout.mapping)
    columns = {}
    for name, key in zip(names, layout.names, strict=True):
        if not layout.keeps(name):
            continue
        values = [_plain(name, row.get(key)) for row in rows.values()]
        # All strings, or some and nothing.
        plain = str in (kinds := set(map(type, values))) and kinds <= {str, type(None)}
        columns[name] = pd.array(values, dtype="str") if plain else pd.array(values, dtype=object)
    return pd.DataFrame(columns, index=pd.Index(list(rows), dtype=int))


def _plain(name: str, value: Any) -> Any:
    """An outlet that is an object, by its name, and a body as Fundus has it, by its paragraphs."""
    if name == "outlet" and isinstance(value, dict):
        return next((value[key] for key in ("title", "name", "uri") if value.get(key)), value)
    if name == "text" and isinstance(value, dict) and isinstance(value.get("sections"), list):
        parts = [part for part in value["sections"] if isinstance(part, dict)]
        lists = [value.get("summary"), *(part.get("paragraphs") for part in parts)]
        texts = (text for texts in lists if isinstance(texts, list) for text in texts)
        return "\n\n".join(text for text in texts if isinstance(text, str))
    return value


def parse(text: str) -> Any:
    """Parse JSON; an object that has a key twice comes out as RepeatedKeyObject."""
    return _DECODER.decode(text)


class RepeatedKeyObject(dict[str, Any]):
    """A JSON object in which a key is given more than once, at any depth, or by itself."""

    key = ""
    is_outer = False


def object_fault(value: Any, source: str) -> tuple[Reason, str] | None:
    """Why a value of JSON is not a record, or None; `source` is the JSON text."""
    if not isinstance(value, dict):
        return Reason.MALFORMED, f"a JSON {type(value).__name__}, not an object"
    if isinstance(value, RepeatedKeyObject):
        return Reason.MALFORMED, f"has the key {value.key!r} more than once"
    # Programs that cut strings by length leave half a character behind.
    if _SURROGATE.search(source) and is_undecodable(json.dumps(value, ensure_ascii=False)):
        return Reason.UNDECODABLE, "has half a character, such as \\ud83d alone"
    return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        key = max(counts, key=lambda key: counts[key] > 1)
    else:
        inner = (item for item in _items(found.values()) if isinstance(item, RepeatedKeyObject))
        if (first := next(inner, None)) is None:
            return found
        key = first.key
    repeated = RepeatedKeyObject(found)
    repeated.key, repeated.is_outer = key, len(found) < len(pairs)
    return repeated


def _items(values: Iterable[Any]) -> Iterator[Any]:
    """Values, and those in lists, lists of lists and so on."""
    for value in values:
        if type(value) is list:
            yield from _items(value)
        else:
            yield value


_DECODER = json.JSONDecoder(object_pairs_hook=_object)


def _records(file: InputFile, encoding: Encoding) -> Iterator[tuple[int, Record]]:
    for place, line, too_long in numbered_lines(file, encoding):
        if line.strip():
            found: Record | tuple[Reason, str] = _line_object(line, too_long, file, encoding)
            if isinstance(found, tuple):
                found = Rejection(file.name, f"line {place}", *found)
            yield place, found


def _line_object(
    line: str, too_long: bool, file: InputFile, encoding: Encoding
) -> dict[str, Any] | tuple[Reason, str]:
    if too_long:
        limit = f"{file.limits.row_chars:,}"
        return Reason.TOO_LARGE, f"longer than {limit} characters (ReadLimits.row_chars)"
    if not encoding.is_valid and is_undecodable(line):
        return Reason.UNDECODABLE, f"has bytes that are not {encoding.name}"
    try:
        row: Any = parse(line)
    except (ValueError, RecursionError) as error:
        return Reason.MALFORMED, f"not JSON: {error}. {_ADVICE}"
    if isinstance(row, list):
        return Reason.MALFORMED, f"a JSON list, not an object. {_ADVICE}"
    return object_fault(row, line) or row
