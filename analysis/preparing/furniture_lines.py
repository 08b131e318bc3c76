"""Lines and sentences of articles, and what the wording of each says of it.

The wordings that are furniture everywhere are the patterns of ``furniture_lines.txt``.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.preparing.sentences import sentence_pieces
from analysis.preparing.shingles import Bools, Ints, hash_strings
from analysis.tokens.texts import text_blocks

# A repeated sentence with more words is rather a passage that the outlet used again.
MAX_WORDS = 60
# The most words of a headline.
SHORT = 25
# Where a line is longer and the text has no more than two, the units are sentences.
LONG_LINE = 600
_BEYOND_ASCII = r"\x{80}-\x{10FFFF}"
# What `_coarse` writes in another way: a class of characters, or an i, among others.
_TOKEN = re.compile(r"\\b|\(\?!.*?\)|\{\d+,\d*\}|\[\^[^]]*\]|\[([^]]*\])|\\[wds]|\\.|i")


def _coarse(pattern: str) -> str:
    """A pattern for Arrow's RE2 that matches, case ignored, all that one of Python's does.

    RE2 knows no letters and spaces beyond ASCII, no look-ahead, and repeats nothing 4,000 times;
    and to it, ı and İ are no i.
    """

    def written(token: re.Match[str]) -> str:
        if token[1]:
            return f"[{_BEYOND_ASCII}{token[1]}"
        if token[0].startswith(("{", r"\b", "(?!")):
            return "*" if token[0][0] == "{" else ""
        wider = {"i": "[iıİ]", r"\s": rf"[\x01-\x20{_BEYOND_ASCII}]"}
        wider |= {kind: f"[{kind}{_BEYOND_ASCII}]" for kind in (r"\w", r"\d")}
        return wider.get(token[0], token[0])

    return _TOKEN.sub(written, pattern)


# Labels above headlines of other articles, and the ages below them, where they come in columns.
OPENS_LINKS = re.compile(
    r"\W*(read|see|watch|view|also|related|recommended|popular|trending|latest|top|most|more|next|"
    r"previous)\b(,? \w+){0,3}\W*",
    re.IGNORECASE,
)
AGE = re.compile(
    r"\W*(\d+|an?|one) (second|minute|min|hour|day|week|month|year)s?( ago)?\W*", re.IGNORECASE
)


def _patterns() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Kind and pattern of those that hold anywhere, and of those at the edges."""
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    anywhere, at_edges = list[tuple[str, str]](), list[tuple[str, str]]()
    for line in lines:
        if line.startswith("== "):
            kind, _, place = line.removeprefix("== ").partition(" ")
        elif line and not line.startswith("#"):
            (at_edges if place else anywhere).append((kind, line))
    return anywhere, at_edges


_ANYWHERE, _EDGES = _patterns()
# The kinds, in the order in which they are tried.
WORDINGS = tuple(dict.fromkeys(kind for kind, _ in _ANYWHERE + _EDGES))


def _any_of(patterns: list[tuple[str, str]]) -> re.Pattern[str]:
    """One pattern with a group for each kind, in the order in which they are tried."""
    kinds = {kind: [pattern for k, pattern in patterns if k == kind] for kind in WORDINGS}
    groups = (f"(?P<{kind}>{'|'.join(some)})" for kind, some in kinds.items() if some)
    return re.compile("|".join(groups), re.IGNORECASE)


_IN_BODY, _AT_EDGE = _any_of(_ANYWHERE), _any_of(_ANYWHERE + _EDGES)
_PATTERNS = [AGE.pattern, *(pattern for _, pattern in _ANYWHERE + _EDGES)]
_COARSE = rf"\A(?:{'|'.join(map(_coarse, _PATTERNS))})\z"


def kind_of(line: str, *, at_edge: bool) -> str | None:
    """The kind of furniture that a line is, by its wording alone."""
    match = (_AT_EDGE if at_edge else _IN_BODY).fullmatch(line)
    return match and match.lastgroup


# The kinds of furniture, each by its number; 0 is none.
KINDS = ("", *WORDINGS, "headline", "label", "edge", "body")
NUMBER = {kind or None: number for number, kind in enumerate(KINDS)}

_QUOTED = r"""\A(?:["“„«‘]|'[\pL\pN_])"""


def units_of(articles: pd.DataFrame) -> pd.DataFrame:
    """One row a line or sentence: its place, and what its wording says of it.

    ``key`` is a hash of the outlet and of the letters of the string, case aside.
    """
    from analysis.preparing.hashing import spans

    tables, rows = list[pd.DataFrame](), 0
    for data, bounds in text_blocks(articles["text"]):
        row, in_bytes, (start, end) = _units(data, bounds)
        copied, offsets = spans(data, in_bytes)
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(copied)]
        strings = pa.Array.from_buffers(pa.large_string(), len(row), buffers)
        places = {"row": (row + rows).astype(np.int32), "start": start, "end": end}
        tables.append(pd.DataFrame(places | _wordings(strings, copied, offsets)))
        rows += len(bounds) - 1
    units = pd.concat(tables, ignore_index=True)
    # Times an odd number: two outlets' hashes do not cancel out.
    outlets = hash_strings(articles["outlet"]) * np.uint64(0x9E3779B97F4A7C15)
    units["key"] ^= outlets[units["row"]]
    return units


def _units(data: NDArray[np.uint8], bounds: Ints) -> tuple[Ints, Ints, Ints]:
    """The text of each unit, its bytes and its characters.

    These are the lines; of texts with no more than two, the sentences of the long ones.
    """
    from analysis.preparing.hashing import stripped_lines

    row, in_bytes, characters = stripped_lines(data, bounds, np.empty(0, np.int64))
    n_lines = np.bincount(row, minlength=len(bounds))[:-1]
    few = np.flatnonzero((n_lines < 3) & (np.diff(bounds) > LONG_LINE))
    of_many = ~np.isin(row, few)
    lines = [(row[of_many], in_bytes[:, of_many], characters[:, of_many])]
    for k in few:
        cuts, place = list[int](), bounds[k]
        for line in re.split("([\n\r])", data[place : bounds[k + 1]].tobytes().decode()):
            for piece in sentence_pieces(line) if len(line) > LONG_LINE else [line]:
                place += len(piece.encode())
                cuts.append(place)
        own = stripped_lines(data, bounds[k : k + 2], np.array(cuts, np.int64))
        lines.append((own[0] + k, own[1], own[2]))
    row, in_bytes, characters = (np.concatenate(each, -1) for each in zip(*lines, strict=True))
    order = np.argsort(row, kind="stable")
    return row[order], in_bytes[:, order], characters[:, order]


@lru_cache(maxsize=20_000)
def _wording(string: str) -> tuple[bool, int, int, bool]:
    """Whether it is an age; its kind at the edge of a text and inside; whether it opens links."""
    kind = kind_of(string, at_edge=True)
    inside = NUMBER[kind_of(string, at_edge=False)] if kind else 0
    opens_links = kind is not None and OPENS_LINKS.fullmatch(string) is not None
    return AGE.fullmatch(string) is not None, NUMBER[kind], inside, opens_links


def _wordings(
    strings: pa.Array, data: NDArray[np.uint8], offsets: Ints
) -> dict[str, NDArray[Any] | pd.api.extensions.ExtensionArray]:
    """Each string, what it is by its wording alone, and a hash of its letters, case aside.

    `data` and `offsets` are the bytes of the strings.
    """
    from analysis.preparing.hashing import ENDS_SPEECH, FOLDS, IS_SENTENCE, letters

    def match(pattern: str, ignore_case: bool = False) -> Bools:
        found = pc.match_substring_regex(strings, pattern, ignore_case=ignore_case)
        return np.array(found, bool)

    told = np.zeros((4, len(strings)), np.int8)
    coarse = np.flatnonzero(match(_COARSE, ignore_case=True))
    for k, string in zip(coarse, strings.take(coarse).to_pylist(), strict=True):
        told[:, k] = _wording(string)
    key, spaces, flags = letters(data, offsets)
    folds = np.flatnonzero(flags & FOLDS)
    folded = [string.casefold() for string in strings.take(folds).to_pylist()]
    for block in text_blocks(pa.array(folded, pa.large_string())):
        n = len(block[1]) - 1
        key[folds[:n]], folds = letters(*block)[0], folds[n:]
    return {
        "string": pd.array(strings, dtype="str"),
        "is_age": told[0] > 0,
        "is_short": spaces < SHORT,
        "opens_links": told[3] > 0,
        "is_sentence": flags & IS_SENTENCE > 0,
        "is_speech": match(_QUOTED) | (spaces >= MAX_WORDS),
        "ends_speech": flags & ENDS_SPEECH > 0,
        "in_body": told[2],
        "at_edge": told[1],
        "key": key,
    }
