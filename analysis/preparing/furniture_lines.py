"""Lines and sentences of articles, and what the wording of each says of it.

The wordings that are furniture everywhere are the patterns of ``furniture_lines.txt``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.preparing.sentences import sentence_pieces
from analysis.preparing.shingles import hash_strings

# A repeated sentence with more words is rather a passage that the outlet used again.
MAX_WORDS = 60
# The most words of a headline.
SHORT = 25
# Where a line is longer and the text has no more than two, the units are sentences.
LONG_LINE = 600
_INSIDE = re.compile(r"\.(?:\*|\{0,\d+\})(?:\\b)?([a-z ]{5,})[^?*{]")
_GROUP = re.compile(r"\([^()]*\)")


class _Kinds:
    """Patterns by kind. Those that begin with any text are tried where their words are found."""

    def __init__(self, patterns: list[tuple[str, str]]) -> None:
        anchored: dict[str, list[str]] = {kind: [] for kind, _ in patterns}
        self.inside: list[tuple[str, str, re.Pattern[str]]] = []
        for kind, pattern in patterns:
            words = _INSIDE.match(pattern)
            if words and not _has_alternatives(pattern):
                self.inside.append((kind, words[1], re.compile(pattern, re.IGNORECASE)))
            else:
                anchored[kind].append(pattern)
        groups = (f"(?P<{kind}>{'|'.join(some)})" for kind, some in anchored.items() if some)
        self.anchored = re.compile("|".join(groups), re.IGNORECASE)

    def of(self, line: str) -> str | None:
        match = self.anchored.fullmatch(line)
        kinds = [match.lastgroup or ""] if match else []
        # As the patterns do, which ignore case: ſ is an s, the sign of Kelvin a k.
        plain = line.casefold().replace("i\u0307", "i").replace("ı", "i")
        for kind, words, pattern in self.inside:
            if words in plain and pattern.fullmatch(line):
                kinds.append(kind)
        return min(kinds, key=WORDINGS.index, default=None)


def _has_alternatives(pattern: str) -> bool:
    """Whether there is a ``|`` outside all groups."""
    pattern = re.sub(r"\\.", "", pattern)
    while (shorter := _GROUP.sub("", pattern)) != pattern:
        pattern = shorter
    return "|" in pattern


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
_IN_BODY = _Kinds(_ANYWHERE)
_AT_EDGE = _Kinds(sorted(_ANYWHERE + _EDGES, key=lambda entry: WORDINGS.index(entry[0])))


def kind_of(line: str, *, at_edge: bool) -> str | None:
    """The kind of furniture that a line is, by its wording alone."""
    return (_AT_EDGE if at_edge else _IN_BODY).of(line)


# The kinds of furniture, each by its number; 0 is none.
KINDS = ("", *WORDINGS, "headline", "label", "edge", "body")
NUMBER = {kind or None: number for number, kind in enumerate(KINDS)}

_LINE = re.compile(r"[^\n\r]*\S[^\n\r]*")
_NO_LETTERS = bytes(byte for byte in range(128) if not chr(byte).isalpha())
_SENTENCE = re.compile(r".*[.!?…:;][\"'”’»)\]]*", re.DOTALL)
_QUOTE_ENDS = '"”’»'
_QUOTED = re.compile(r"[\"“„«‘]|'(?=\w)")


def units_of(articles: pd.DataFrame) -> pd.DataFrame:
    """One row a line or sentence: its place, and what its wording says of it.

    ``key`` is a hash of the outlet and of the letters of the string, case aside.
    """
    found = [(row, *unit) for row, text in enumerate(articles["text"]) for unit in _spans(text)]
    units = pd.DataFrame(found, columns=["row", "start", "end", "string"])
    units = units.astype({"row": np.int32, "start": np.int64, "end": np.int64})
    codes, strings = pd.factorize(units["string"])
    wordings = pd.DataFrame([_wording(string) for string in strings], columns=list(_WORDING))
    wordings = wordings.astype(_WORDING)
    wordings["key"] = pd.util.hash_array(wordings["key"].to_numpy(dtype=object))
    outlets = hash_strings(articles["outlet"])
    units = pd.concat([units, wordings.iloc[codes].reset_index(drop=True)], axis=1)
    # Times an odd number: two outlets' hashes do not cancel out.
    units["key"] ^= outlets[units["row"]] * np.uint64(0x9E3779B97F4A7C15)
    return units


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and string of each line that is not blank, or of each sentence."""
    lines = [(match.start(), match.group()) for match in _LINE.finditer(text)]
    if len(lines) <= 2:
        lines = [unit for start, line in lines for unit in _sentences(start, line)]
    for start, line in lines:
        string = line.strip()
        first = start + len(line) - len(line.lstrip())
        yield first, first + len(string), string


def _sentences(start: int, line: str) -> Iterator[tuple[int, str]]:
    if len(line) <= LONG_LINE:
        yield start, line
        return
    for sentence in sentence_pieces(line):
        if sentence.strip():
            yield start, sentence
        start += len(sentence)


_WORDING = {
    "is_age": bool,
    "is_short": bool,
    "opens_links": bool,
    "is_sentence": bool,
    "is_speech": bool,
    "ends_speech": bool,
    "in_body": np.int8,
    "at_edge": np.int8,
    "key": object,
}


def _wording(string: str) -> tuple[bool, bool, bool, bool, bool, bool, int, int, bytes]:
    """What `_WORDING` names: the kinds by the wording alone, and the string's folded form last."""
    key = string.casefold().encode(errors="replace").translate(None, _NO_LETTERS)
    at_edge = kind_of(string, at_edge=True)
    in_body = kind_of(string, at_edge=False) if at_edge else None
    return (
        AGE.fullmatch(string) is not None,
        string.count(" ") < SHORT,
        at_edge is not None and OPENS_LINKS.fullmatch(string) is not None,
        _SENTENCE.fullmatch(string) is not None,
        _QUOTED.match(string) is not None or string.count(" ") >= MAX_WORDS,
        string[-1] in _QUOTE_ENDS,
        NUMBER[in_body],
        NUMBER[at_edge],
        key or b"0",
    )
