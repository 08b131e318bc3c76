"""Readers for the values of a TOML file: each takes a value to a setting, or says what is wrong.

Every fault names the file, the line, the key and what is allowed there.
"""

import datetime
import difflib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from itertools import pairwise
from typing import Any, TypeVar

from analysis.errors import StudyError

T = TypeVar("T")
Reader = Callable[[object, "Place"], Any]

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(rf"\s*({_DOTTED})\s*=")


@dataclass(frozen=True)
class Place:
    """Where in a study file a value stands, so that a message can point to it."""

    file: str
    lines: Mapping[tuple[str, ...], int]
    key: tuple[str, ...] = ()

    def at(self, key: str) -> "Place":
        """The place of a key in this table."""
        return Place(self.file, self.lines, (*self.key, key))

    def fault(self, problem: str) -> StudyError:
        """An error that begins with this place."""
        known = [self.key[:n] for n in range(len(self.key), 0, -1) if self.key[:n] in self.lines]
        line = f", line {self.lines[known[0]]}" if known else ""
        return StudyError(f"{self.file}{line}: {'.'.join(self.key)}{problem}")

    def unknown(self, allowed: Collection[str], what: str = "key") -> StudyError:
        """The key, or a value named as the last part of the key, is none of those allowed."""
        name = self.key[-1]
        near = difflib.get_close_matches(name.casefold(), [a.casefold() for a in allowed], 1, 0.6)
        right = next((a for a in allowed if near and a.casefold() == near[0]), None)
        guess = f"did you mean {right!r}? Allowed" if right else "allowed"
        return self.fault(f" is no {what}; {guess} are {', '.join(allowed)}.")


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The line on which each key of a TOML file first stands."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _parts(header[1])
            lines.setdefault(table, number)
        elif pair := _PAIR.match(line):
            lines.setdefault((*table, *_parts(pair[1])), number)
    return lines


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))


def text(value: object, place: Place) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise place.fault(f" = {value!r}: it must be text in quotation marks.")
    return value


def flag(value: object, place: Place) -> bool:
    """Either ``true`` or ``false``."""
    if not isinstance(value, bool):
        raise place.fault(f" = {value!r}: it must be true or false.")
    return value


def texts(value: object, place: Place) -> tuple[str, ...]:
    """One text, or a list of them."""
    values = value if isinstance(value, list) else [value]
    if not values:
        raise place.fault(" = []: it must have at least one entry, or be left out.")
    return tuple(text(entry, place) for entry in values)


def texts_or_none(value: object, place: Place) -> tuple[str, ...]:
    """One text, or a list of them that may be empty."""
    return () if value == [] else texts(value, place)


def count(low: int) -> Reader:
    """A reader for whole numbers from `low` up."""

    def read(value: object, place: Place) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < low:
            raise place.fault(f" = {value!r}: it must be a whole number of at least {low}.")
        return value

    return read


def one_of(*allowed: str) -> Reader:
    """A reader for one of these words."""

    def read(value: object, place: Place) -> str:
        if value not in allowed:
            near = difflib.get_close_matches(str(value).casefold(), allowed, 1, 0.6)
            guess = f" Did you mean {near[0]!r}?" if near else ""
            raise place.fault(f" = {value!r}: allowed are {', '.join(allowed)}.{guess}")
        return str(value)

    return read


def table_of(read: Reader) -> Reader:
    """A reader for a table with any keys, whose values another reader takes."""

    def read_table(value: object, place: Place) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise place.fault(f" = {value!r}: it must be a table, such as {{ name = value }}.")
        return {name: read(entry, place.at(name)) for name, entry in value.items()}

    return read_table


def day(value: object, place: Place) -> str:
    """A date, as TOML's own or as text; kept as text, ``2022-01-19``."""
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise place.fault(f" = {str(value)!r}: it must be a day such as 2022-01-19.") from None


def span(value: object, place: Place) -> tuple[str, str]:
    """A first and a last day."""
    if not isinstance(value, list) or len(value) != 2:
        raise place.fault(f" = {value!r}: it must be the first and the last day, in brackets.")
    first, last = (day(entry, place) for entry in value)
    if first > last:
        raise place.fault(f" ends on {last}, before it begins on {first}.")
    return first, last


def pairs(value: object, place: Place) -> tuple[tuple[str, str], ...]:
    """Pairs of different names: one pair, or a list of pairs."""
    given = value if isinstance(value, list) else []
    listed = [given] if given and all(isinstance(entry, str) for entry in given) else given
    if not listed or any(not _is_pair(p) for p in listed):
        raise place.fault(f' = {value!r}: it must be pairs of frames, such as [["a", "b"]].')
    return tuple((text(pair[0], place), text(pair[1], place)) for pair in listed)


def spans(value: object, place: Place) -> dict[str, tuple[str, str]]:
    """Named spans in order of time, which do not overlap."""
    table: dict[str, tuple[str, str]] = table_of(span)(value, place)
    for before, after in pairwise(table):
        if table[after][0] <= table[before][1]:
            raise place.at(after).fault(
                f" begins on {table[after][0]}, and {before!r}, which stands before it, ends on "
                f"{table[before][1]}: spans must be in order of time and must not overlap."
            )
    return table


def columns(value: object, place: Place) -> dict[str, str]:
    """The names in the file of columns of the articles table."""
    from analysis.reading.records import STANDARD

    table: dict[str, str] = table_of(text)(value, place)
    for name in table:
        if name not in STANDARD:
            raise place.at(name).unknown(STANDARD, "column of the articles table")
    return table


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and str(value[0]) != str(value[1])


def text_or_table(value: object, place: Place) -> str | dict[str, str]:
    """The name of a file, or a table of texts."""
    if isinstance(value, dict):
        table: dict[str, str] = table_of(text)(value, place)
        return table
    return text(value, place)


def section(cls: type[T]) -> Callable[[object, Place], T]:
    """A reader for a table of the file whose keys are the fields of a dataclass."""

    def read(value: object, place: Place) -> T:
        if not isinstance(value, dict):
            raise place.fault(f" = {value!r}: it must be a table, [{'.'.join(place.key)}].")
        known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
        for name in value:
            if name not in known:
                raise place.at(name).unknown(list(known))
        missing = [n for n, f in known.items() if n not in value and _required(f)]
        if missing:
            raise place.at(missing[0]).fault(" is missing, and a study can't do without it.")
        return cls(**{n: known[n].metadata["read"](v, place.at(n)) for n, v in value.items()})

    return read


def _required(given: Field[Any]) -> bool:
    return given.default is MISSING and given.default_factory is MISSING


def option(read: Reader, default: Any = MISSING) -> Any:
    """A field of a settings dataclass, with its reader and its default."""
    if default is MISSING:
        return field(metadata={"read": read})
    if isinstance(default, dict):
        return field(default_factory=dict, metadata={"read": read})
    return field(default=default, metadata={"read": read})
