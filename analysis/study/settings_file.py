"""A study file, read: what is wrong in it is said with its line, and with what is allowed."""

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from analysis.errors import StudyError
from analysis.study.settings import Settings, nearest, shown, unknown

Key = tuple[str, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(rf"\s*({_DOTTED})\s*=")


def key_lines(text: str) -> dict[Key, int]:
    """The line on which each key of a TOML file first stands."""
    lines: dict[Key, int] = {}
    table: Key = ()
    begun = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not begun and (header := _HEADER.match(line)):
            table = _parts(header[1])
            lines.setdefault(table, number)
        elif not begun and (pair := _PAIR.match(line)):
            lines.setdefault((*table, *_parts(pair[1])), number)
        # A list or text of several lines may hold what looks like a key.
        begun += f"{line}\n"
        with suppress(tomllib.TOMLDecodeError):
            tomllib.loads(begun)
            begun = ""
    return lines


def _parts(dotted: str) -> Key:
    names: list[str] = []
    inside: Any = tomllib.loads(f"{dotted} = 0")
    while isinstance(inside, dict):
        ((name, inside),) = inside.items()
        names.append(name)
    return tuple(names)


def read_settings(path: Path, content: bytes | None = None) -> Settings:
    """Read a study file, or its `content`.

    StudyError, if there is no such file, it is not TOML, or a key or value in it is not one of
    those allowed, names the line and the nearest right spelling.
    """
    try:
        text = (read_study(path) if content is None else content).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(f"{path} is not UTF-8 ({error}); save it as UTF-8.") from None
    # As in a file that is opened as text.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise StudyError(_no_toml(path, text, str(error))) from None
    except ValidationError as error:
        lines = key_lines(text)
        faults = [(_key(fault), fault) for fault in error.errors()]
        # A misspelt key first: it is often why another seems to be missing.
        faults.sort(key=lambda found: (_RANK.get(found[1]["type"], 2), _line(found[0], lines)))
        key, fault = faults[0]
        at = f", line {line}" if (line := _line(key, lines)) else ""
        raise StudyError(f"{path.name}{at}: {'.'.join(key)}{_explained(key, fault)}") from None


def _no_toml(path: Path, text: str, why: str) -> str:
    """What is wrong with a file that can't be parsed: its line, or that it is something else."""
    if path.suffix.lower() != ".toml":
        return (
            f"{path} is not a study file, but perhaps the corpus or lexicon of one. Make a study "
            "with: framing new study.toml"
        )
    at = re.search(r"line (\d+)", why)
    line = f": {text.split(chr(10))[int(at[1]) - 1].strip()[:80]}" if at else ""
    return (
        f"{path} is not valid TOML: {why}{line}. Each line is key = value or [table], without "
        "saying the same twice; text stands in straight quotation marks, in 'single' ones if it "
        "has a backslash."
    )


def read_study(path: Path) -> bytes:
    """The content of a study file; StudyError if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise StudyError(
            f"{path}: there is no such file. Make one with: framing new {path}"
        ) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise StudyError(f"{path} can't be read as a study file ({why}).") from None


_RANK = {"extra_forbidden": 0, "missing": 1}


def _key(fault: Mapping[str, Any]) -> Key:
    """The key at fault, without the numbers of entries that pydantic adds."""
    names = (part for part in fault["loc"] if isinstance(part, str))
    return (*names, *getattr(fault.get("ctx", {}).get("error"), "below", ()))


def _line(key: Key, lines: Mapping[Key, int]) -> int:
    return next((lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in lines), 0)


def _explained(key: Key, fault: Mapping[str, Any]) -> str:
    """What is wrong with a value or key, and what is allowed."""
    value, context = fault["input"], fault.get("ctx", {})
    match fault["type"]:
        case "value_error":
            return str(context["error"])
        case "missing":
            return " is missing; a study needs it."
        case "extra_forbidden":
            return unknown(key[-1], list(_section(key[:-1]).model_fields), "key") + _place(key)
        case "literal_error":
            allowed = _allowed(context["expected"])
            near = nearest(str(value), allowed)
            guess = f" Did you mean {near!r}?" if near else ""
            return f" = {value!r}: allowed are {', '.join(allowed)}.{guess}"
    must = {
        "bool_type": "it must be true or false",
        "int_type": "it must be a whole number",
        "greater_than_equal": f"it must be a whole number of at least {context.get('ge')}",
        "dict_type": "it must be a table, such as { name = value }",
        "mapping_type": "it must be a table, such as { name = value }",
        "model_type": f"it must be a table, [{'.'.join(key)}]",
    }
    return f" = {shown(value)}: {must.get(fault['type'], fault['msg'])}."


def _place(key: Key) -> str:
    """Where a key belongs that stands in the wrong table."""
    if len(key) > 1 and key[-1] in Settings.model_fields:
        return f" {key[-1]} is a key of the file itself: put it above the first [table]."
    homes = [
        name for name in Settings.model_fields
        if key[-1] in getattr(Settings.model_fields[name].annotation, "model_fields", ())
    ]  # fmt: skip
    return f" {key[-1]} belongs under [{'] or ['.join(homes)}]." if homes else ""


def _section(key: Key) -> type[BaseModel]:
    """The table of the study file that a key names; the whole file where it is empty."""
    found: Any = Settings
    for name in key:
        found = found.model_fields[name].annotation
    section: type[BaseModel] = found
    return section


def _allowed(expected: str) -> list[str]:
    """The values of pydantic's "'a', 'b' or 'c'"."""
    return [word.strip("' ") for word in expected.replace(" or ", ", ").split(",")]
