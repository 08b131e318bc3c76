"""Names of outlets and other text as charts draw it, in letters that their fonts have."""

import re
import textwrap
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import zip_longest
from typing import Any

import pandas as pd

from analysis.escape import from_right, inert
from analysis.formatting import NO_NAME
from analysis.showing.charts.drawing.look import word

# DejaVu Sans comes with matplotlib. Of the others, those that are installed lend their letters.
FAMILIES = (
    "DejaVu Sans",
    # Chinese, Japanese, Korean: on Linux, Windows and macOS
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Microsoft YaHei", "SimHei", "PingFang SC",
    "Hiragino Sans GB", "Heiti TC", "Yu Gothic", "Hiragino Sans", "Malgun Gothic",
    "Apple SD Gothic Neo", "NanumGothic",
    # India, Thailand, Ethiopia, the Caucasus and whatever else there is
    "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Thai",
    "Noto Sans Lao", "Noto Sans Khmer", "Noto Sans Myanmar",
    "Noto Sans Ethiopic", "Nirmala UI", "Leelawadee UI", "Kohinoor Devanagari", "FreeSans",
    "Segoe UI", "Arial Unicode MS",
)  # fmt: skip
LEFT_TO_RIGHT = "\u200e"


@cache
def families() -> list[str]:
    """The families that are installed, in the order in which letters are looked for in them."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return [name for name in FAMILIES if name in installed]


@cache
def _letters() -> frozenset[int]:
    from matplotlib import font_manager

    files = [font_manager.findfont(name) for name in families()]
    return frozenset(code for file in files for code in font_manager.get_font(file).get_charmap())


def legible(text: str) -> str:
    """The text, with Unicode numbers for letters that no font has, which would be boxes."""
    if text.isascii():
        return text
    lacking = {letter for letter in text if not letter.isspace() and ord(letter) not in _letters()}
    unseen = {letter for letter in lacking if unicodedata.category(letter) in ("Cf", "Mn")}
    text = text.translate({ord(letter): None for letter in unseen})
    if not (lacking := lacking - unseen):
        return text
    _warn(text, min(lacking))
    run = f"[{re.escape(''.join(sorted(lacking)))}]+"

    def codes(found: re.Match[str]) -> str:
        return f" U+{' '.join(f'{ord(letter):04X}' for letter in found[0])} "

    return re.sub(run, codes, text).strip()


_warned: list[str] = []
_CJK = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


def _warn(text: str, letter: str) -> None:
    """Say once what is missing, not for every letter and chart."""
    script = unicodedata.name(letter, "CJK").split()[0]
    emoji = unicodedata.category(letter) == "So"
    other = " or Noto Emoji" if emoji else f" or Noto Sans {script.capitalize()}"
    other = "" if script in _CJK else other
    if not _warned:
        _warned.append(text)
        warnings.warn(
            f"no font that charts use has all letters of {text!r}: their numbers in Unicode are "
            "drawn instead. Install one that has them, such as Noto Sans CJK for Chinese, Japanese "
            f"and Korean{other}.",
            stacklevel=2,
        )


def steady(text: str) -> str:
    """Text that runs from right to left, kept from reversing the text next to it."""
    if not from_right(text):
        return text
    return "\n".join(f"{LEFT_TO_RIGHT}{line}{LEFT_TO_RIGHT}" for line in text.split("\n"))


def literal(text: str) -> str:
    """Text that matplotlib draws literally: a ``$`` in an outlet's name starts no formula."""
    return steady(re.sub(r"(?<!\\)\$", r"\\$", legible(inert(text))))


def plain(text: object) -> str:
    """A name or phrase as ``labels=`` wants it, and drawn literally."""
    return literal(word(str(text)))


def name_of(value: object) -> str:
    """What a group is called: ``(none)`` where its value is missing or blank."""
    missing = value is None or (pd.api.types.is_scalar(value) and pd.isna(value))
    return NO_NAME if missing or not str(value).strip() else str(value)


def whole(n: Any) -> str:
    """A number of articles, or of hits, with its thousands; a dash where it is missing."""
    return "–" if pd.isna(n) or abs(n) == float("inf") else f"{int(n):,}"


def n_label(n: Any) -> str:
    """A number of articles, or of hits, as charts write it beside what it is behind."""
    return f"{word('n')} = {whole(n)}"


def row_labels(names: Iterable[object], width: int = 30) -> list[str]:
    """What rows are called at the side of a chart: names in one line, or wrapped into two."""
    named = [legible(word(name_of(name))) for name in names]
    return [literal(label) for label in wrapped(named, width)]


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
