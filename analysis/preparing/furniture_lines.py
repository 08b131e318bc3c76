"""Lines and sentences of articles, and what the wording of each says of it.

The wordings that are furniture everywhere are the patterns of ``furniture_lines.txt``.
"""

import re
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.preparing.sentences import sentence_pieces
from analysis.preparing.shingles import Bools, hash_strings
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

_SENTENCE = r"""[.!?…:;]["'”’»)\]]*\z"""
_QUOTE_ENDS = r"""["”’»]\z"""
_QUOTED = r"""\A(?:["“„«‘]|'[\pL\pN_])"""
# Beyond ASCII and the block of punctuation; nothing else changes with its case.
_FOLDS = r"[^\x00-\x7f\x{2000}-\x{206f}]"


def units_of(articles: pd.DataFrame) -> pd.DataFrame:
    """One row a line or sentence: its place, and what its wording says of it.

    ``key`` is a hash of the outlet and of the letters of the string, case aside.
    """
    found = [_pieces(text) for text in articles["text"].tolist()]
    counts = [len(pieces) for pieces, _ in found]
    row = np.repeat(np.arange(len(found), dtype=np.int32), counts)
    pieces = list(chain.from_iterable(pieces for pieces, _ in found))
    strings = list(map(str.strip, pieces))
    sizes, stripped = (np.fromiter(map(len, some), np.int64) for some in (pieces, strings))
    steps = sizes + np.repeat(np.array([gap for _, gap in found], np.int64), counts)
    start = np.cumsum(steps) - steps
    start -= start[np.searchsorted(row, row)]
    for k in np.flatnonzero(sizes > stripped):
        start[k] += sizes[k] - len(pieces[k].lstrip())
    places = pd.DataFrame({"row": row, "start": start, "end": start + stripped})
    places = places[places["start"] < places["end"]].reset_index(drop=True)
    wordings = _wordings(pa.array(filter(None, strings), pa.large_string()))
    # Times an odd number: two outlets' hashes do not cancel out.
    outlets = hash_strings(articles["outlet"]) * np.uint64(0x9E3779B97F4A7C15)
    wordings["key"] ^= outlets[places["row"]]
    return pd.concat([places, wordings], axis=1)


def _pieces(text: str) -> tuple[list[str], int]:
    """The lines, or else the sentences; and how many characters lie between two of them."""
    lines = text.replace("\r", "\n").split("\n")
    if len(list(islice(filter(str.strip, lines), 3))) > 2:
        return lines, 1
    lines = re.split("([\n\r])", text)
    parts = (sentence_pieces(line) if len(line) > LONG_LINE else [line] for line in lines)
    return list(chain.from_iterable(parts)), 0


def _wordings(strings: pa.Array) -> pd.DataFrame:
    """Each string, what it is by its wording alone, and a hash of its letters, case aside."""
    from analysis.preparing.hashing import letters

    def match(pattern: str, ignore_case: bool = False) -> Bools:
        found = pc.match_substring_regex(strings, pattern, ignore_case=ignore_case)
        return np.array(found, bool)

    is_age, opens_links = np.zeros((2, len(strings)), bool)
    at_edge, in_body = np.zeros((2, len(strings)), np.int8)
    for k in np.flatnonzero(match(_COARSE, ignore_case=True)):
        string = strings[k].as_py()
        is_age[k] = AGE.fullmatch(string) is not None
        if kind := kind_of(string, at_edge=True):
            at_edge[k], in_body[k] = NUMBER[kind], NUMBER[kind_of(string, at_edge=False)]
            opens_links[k] = OPENS_LINKS.fullmatch(string) is not None
    folds = match(_FOLDS)
    folded = [string.casefold() for string in strings.filter(folds).to_pylist()]
    folded = pc.replace_with_mask(strings, folds, pa.array(folded, pa.large_string()))
    hashed = [letters(*block) for block in text_blocks(folded)]
    key, spaces = map(np.concatenate, zip(*hashed, strict=True))
    return pd.DataFrame(
        {
            "string": pd.array(strings, dtype="str"),
            "is_age": is_age,
            "is_short": spaces < SHORT,
            "opens_links": opens_links,
            "is_sentence": match(_SENTENCE),
            "is_speech": match(_QUOTED) | (spaces >= MAX_WORDS),
            "ends_speech": match(_QUOTE_ENDS),
            "in_body": in_body,
            "at_edge": at_edge,
            "key": key,
        }
    )
