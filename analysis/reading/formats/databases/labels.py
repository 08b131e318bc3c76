"""The labels that databases write (``labels.toml``), and exports that are known by them."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from analysis.reading.rejected import UnknownFormatError

# Put before a label that the style of an export shows to be one: of a plane that no text uses.
MARK = "\ue000"


# What lxml reads in a page, and does not write.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def mark(element: Any) -> None:
    """Put `MARK` before the text of an element that is a label."""
    element.text = MARK + _NO_XML.sub("", element.text.lstrip())


@cache
def labels_of(name: str) -> Any:
    """The table of a database, such as ``nexis``."""
    content = files("analysis.reading.formats.databases").joinpath("labels.toml").read_text("utf-8")
    return tomllib.loads(content)[name]


def columns_of(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The column that each label stands for; empty if it is left out."""
    return {label: name if name != "other" else "" for name in table for label in table[name]}


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def refuse_export(lines: Iterable[str], name: str) -> None:
    """Raise UnknownFormatError if lines are of an export of several articles: it is not one."""
    kinds = labels_of("export")
    lines = [line.strip().strip(MARK) for line in lines if len(line) <= 400]
    if not any(map(_any_of(tuple(kinds.values())).fullmatch, lines)):
        return
    for database, pattern in kinds.items():
        found = [line for line in lines if len(line) <= 200 and re.fullmatch(pattern, line)]
        if len(found) > 1:
            raise UnknownFormatError(
                f"{name}: is not one article but an export of {database} in a form that is not "
                f"read: it has {len(found)} lines such as {found[0][:60]!r}. Export it in another "
                "form (see the guide's list of formats), or make a CSV with the columns outlet, "
                "date, title, text."
            )
