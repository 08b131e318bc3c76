"""The script of a text."""

import re

_CYRILLIC, _LATIN = "а-яё", "a-z"
_OTHER = "\u0370-\u03ff\u0530-\u1cff\u1f00-\u1fff\u2e80-\ud7ff\U00020000-\U0003ffff"
_NOT_LATIN = re.compile(f"[{_CYRILLIC}{_OTHER}]")
_LETTERS = [re.compile(f"[{letters}]") for letters in (_LATIN, _CYRILLIC, _OTHER)]


def language_by_script(text: str) -> str:
    """Russian or English, as most letters of the text's beginning are; empty in other scripts."""
    beginning = text[:2000].lower()
    if text.isascii() or not _NOT_LATIN.search(beginning):
        return "en"
    latin, cyrillic, other = (len(letters.findall(beginning)) for letters in _LETTERS)
    if other > latin + cyrillic:
        return ""
    return "ru" if cyrillic > 0 and cyrillic > latin else "en"
