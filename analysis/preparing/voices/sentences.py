"""Sentences and their tokens, found in a text whose quotations are masked."""

import re
from typing import NamedTuple

from analysis.preparing.sentences import sentence_pieces

_ABBREVIATED = (
    "Mr|Mrs|Ms|Dr|Gen|Sen|Sens|Rep|Reps|Gov|Lt|Col|Sgt|Cpl|Maj|Capt|Adm|Jr|Sr|St|Prof|Rev|No"
    "|Cmdr|Jan|Feb|Aug|Sept|Sep|Oct|Nov|Dec"
)
_TOKEN = re.compile(
    rf"(?:{_ABBREVIATED})\.(?=\s)|(?:[A-Z]\.){{2,}}|[A-Z]\.(?=\s)"
    r"|[RDI]-[A-Z][a-z]*\.(?:[A-Z]\.)*|\d+(?:[.,]\d+)+(?:[-'’][^\W_]+)*"
    r"|[^\W_]+(?:['’.&-][^\W_]+)*['’]?|[.,;:?!()\[\]—–…-]"
)
_LOWER_START = re.compile(r"\s*[a-zà-öø-ÿа-яё]")


class Sentence(NamedTuple):
    """Tokens of a sentence: as written, in lower case, and their places in the text."""

    words: list[str]
    lower: list[str]
    starts: list[int]
    ends: list[int]


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Start and end of the sentences of one paragraph; together they make up the whole of it.

    A piece that begins in lower case is joined to the one before it ("Why?" he asked).
    """
    bounds: list[tuple[int, int]] = []
    place = 0
    for piece in sentence_pieces(text, language):
        if bounds and _LOWER_START.match(piece):
            bounds[-1] = (bounds[-1][0], place + len(piece))
        else:
            bounds.append((place, place + len(piece)))
        place += len(piece)
    return bounds


def read_sentence(text: str, start: int, end: int) -> Sentence:
    """The tokens of a sentence. Clitics ('ve, ’s) stay on their word."""
    matches = list(_TOKEN.finditer(text, start, end))
    words = [match.group() for match in matches]
    lower = " ".join(words).replace("’", "'").lower().split(" ") if words else []
    return Sentence(words, lower, [m.start() for m in matches], [m.end() for m in matches])


def sentence_at(text: str, place: int, language: str = "en") -> tuple[int, int]:
    """Start and end of the sentence that a place is in; a line shares none with another.

    Examples
    --------
    >>> text = "They met Mr. Quill. He left."
    >>> text[slice(*sentence_at(text, 20))]
    'He left.'
    """
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    bounds = split_sentences(text[start:end], language) or [(0, end - start)]
    first, last = next((b for b in bounds if start + b[1] > place), bounds[-1])
    return start + first, start + last
