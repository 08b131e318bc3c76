"""Names of outlets and other text as charts draw it."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import zip_longest

import pandas as pd

from analysis.escape import inert
from analysis.formatting import NO_NAME
from analysis.showing.charts.drawing.fonts import legible, steady


def plain(text: object) -> str:
    """Text that matplotlib draws literally: a ``$`` in an outlet's name starts no formula."""
    return steady(re.sub(r"(?<!\\)\$", r"\\$", legible(inert(text))))


def name_of(value: object) -> str:
    """What a group is called: ``(none)`` where its value is missing or blank."""
    missing = value is None or (pd.api.types.is_scalar(value) and pd.isna(value))
    return NO_NAME if missing or not str(value).strip() else str(value)


def n_label(n: int) -> str:
    """A number of articles, or of hits, as charts write it."""
    return f"n = {spaced(n)}"


def spaced(n: int) -> str:
    """A whole number with a thin space between its thousands."""
    return f"{n:,}".replace(",", "\u2009")


def row_labels(names: Iterable[object], width: int = 30) -> list[str]:
    """What rows are called at the side of a chart: names in one line, or wrapped into two."""
    return [plain(label) for label in wrapped([legible(name_of(name)) for name in names], width)]


def wrapped(names: Sequence[str], width: int, lines: int = 2) -> list[str]:
    r"""Names in lines of at most `width` characters; of those too long, the beginning and the end.

    A name that would then read like another is cut where they differ, or keeps all its lines. One
    that has line breaks of its own stays as it is.

    Examples
    --------
    >>> wrapped(["Herald", "Northern Provincial Gazette"], 20)
    ['Herald', 'Northern Provincial\nGazette']
    >>> wrapped(["The Morning Intelligencer and Weekly Advertiser (Online Edition)"], 20)
    ['The Morning\nIntellige…e Edition)']
    >>> wrapped([f"The Morning Intelligencer of {x}ern Fennhaven" for x in ("East", "West")], 17)
    ['The … Eastern\nFennhaven', 'The … Western\nFennhaven']
    """
    labels = [_fitted(name, width, lines) for name in names]
    for again in (_where_they_differ, lambda name, _, width, lines: "\n".join(_lines(name, width))):
        meant: dict[str, set[str]] = {}
        for name, label in zip(names, labels, strict=True):
            meant.setdefault(label, set()).add(name)
        labels = [
            label if len(meant[label]) == 1 else again(name, meant[label], width, lines)
            for name, label in zip(names, labels, strict=True)
        ]
    return labels


def _where_they_differ(name: str, alike: set[str], width: int, lines: int) -> str:
    """A name with its beginning, and with the word where it differs from those that begin alike."""
    at = next(n for n, letters in enumerate(zip_longest(*alike)) if len(set(letters)) > 1)
    word = name.rfind(" ", 0, at) + 1
    most = width * lines // 3
    head = name[:word].rstrip() if word <= most else name[:most].rpartition(" ")[0]
    return _fitted(f"{head} … {name[word:]}" if head else name, width, lines)


def _fitted(name: str, width: int, lines: int) -> str:
    if "\n" in name:
        return name
    fitted = _lines(name, width)
    for most in range(min(width * lines, len(name)) - 1, 3, -1):
        if len(fitted) <= lines:
            break
        fitted = _lines(shortened(name, most), width)
    return "\n".join(fitted)


def _lines(name: str, width: int) -> list[str]:
    wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in name)
    return textwrap.wrap(name, width // (2 if wide else 1), break_on_hyphens=False) or [name]


def shortened(text: str, most: int) -> str:
    """The beginning and the end of a text that is longer than `most` characters."""
    if len(text) <= most:
        return text
    end = (most - 1) // 3
    return f"{text[: most - 1 - end].rstrip()}…{text[len(text) - end :].lstrip()}"
