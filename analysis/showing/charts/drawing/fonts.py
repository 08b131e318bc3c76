"""Letters that the fonts of charts have, and what is drawn for those that they lack."""

import re
import unicodedata
import warnings
from functools import cache

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
    _warn(text)
    run = f"[{re.escape(''.join(sorted(lacking)))}]+"
    return re.sub(run, lambda found: " " + _codes(found[0]) + " ", text).strip()


def _codes(letters: str) -> str:
    return "U+" + " ".join(f"{ord(letter):04X}" for letter in letters)


_warned: list[str] = []


def _warn(text: str) -> None:
    """Say once what is missing, not for every letter and chart."""
    if not _warned:
        _warned.append(text)
        warnings.warn(
            f"no font that charts use has all letters of {text!r}: their numbers in Unicode are "
            "drawn instead. Install one that has them, such as Noto Sans CJK for Chinese, Japanese "
            "and Korean.",
            stacklevel=2,
        )


def steady(text: str) -> str:
    """Text that runs from right to left, kept from reversing the text next to it."""
    if text.isascii() or not any(unicodedata.bidirectional(x) in ("R", "AL") for x in text):
        return text
    return "\n".join(f"{LEFT_TO_RIGHT}{line}{LEFT_TO_RIGHT}" for line in text.split("\n"))
