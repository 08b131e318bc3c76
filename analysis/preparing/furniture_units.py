"""Lines and sentences of articles, and what the wording of each says of it."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.preparing.furniture_lines import AGE, OPENS_LINKS, WORDINGS, kind_of
from analysis.preparing.sentences import sentence_pieces

# A repeated sentence with more words is rather a passage that the outlet used again.
MAX_WORDS = 60
# The most words of a headline.
SHORT = 25
# Where a line is longer and the text has no more than two, the units are sentences.
LONG_LINE = 600
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
    outlets = pd.util.hash_array(articles["outlet"].astype("str").to_numpy(dtype=object))
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
