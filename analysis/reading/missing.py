"""Cells without a value: empty, or with what stands for nothing (``missing.toml``)."""

import re
import tomllib
import unicodedata
from importlib.resources import files

LONGEST = 80
_LISTS = {
    name: [word.replace("_", " ") for word in words.split()]
    for name, words in tomllib.loads(
        files("analysis.reading").joinpath("missing.toml").read_text("utf-8")
    ).items()
}
WORDS, _TEXT, _UNAVAILABLE, _NO, _AFTER_NO = (
    "|".join(map(re.escape, _LISTS[name]))
    for name in ("words", "text", "unavailable", "no", "after_no")
)
_MISSING = re.compile(
    rf"(?:{WORDS})|(?:(?:{_TEXT}):? )?(?:{_UNAVAILABLE})|(?:{_NO}) (?:{_TEXT})(?: (?:{_AFTER_NO}))?"
    rf"|(?:{_TEXT}) (?:{_UNAVAILABLE}) (?:from|in|for|on|via|online|here|yet)\b.*"
)
# What such a text may begin with, in small letters of ASCII, but for marks.
BEGINNINGS = frozenset(word[0] for words in _LISTS.values() for word in words if word.isascii())


def is_missing(text: str) -> bool:
    """Whether a cell is empty, has nothing but punctuation, or says that it has no value.

    Examples
    --------
    >>> [is_missing(text) for text in ("--", "Full text not available.", "None of them spoke.")]
    [True, True, False]
    """
    if len(text) > LONGEST:
        return False
    whole = " ".join(text.casefold().split())
    marks = "".join({char for char in whole if unicodedata.category(char)[0] in "PZC"})
    bare = whole.strip(marks)
    return not bare or any(map(_MISSING.fullmatch, (bare, whole)))
