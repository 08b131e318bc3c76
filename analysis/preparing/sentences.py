"""Sentence boundaries, by sentencex, such that the pieces are always the whole text."""

import re
from functools import lru_cache
from itertools import pairwise

from analysis.tokens.sentence_ends import leaves_open

_leaves_open = lru_cache(maxsize=100_000)(leaves_open)
_FAR = 40  # characters before a boundary that are looked at
_PAIRS = [("“", "”"), ("‘", "’"), ("«", "»"), ("‹", "›"), ("„", "“"), ("»", "«")]
_MANY = 50
_SPACE = re.compile(r"\s")
_LAST_WORD = re.compile(r"(?:^|[^\w'’ʼ‐-])([^\W\d_]+)\.\s*$")
_FIRST_WORD = re.compile(r"[\W_]*([^\W_]*)")


def sentence_pieces(text: str, language: str = "en") -> list[str]:
    """The sentences of a line or paragraph, white space kept: joined, they are the text.

    As for tokens, a full stop after an abbreviation or a single letter ends a sentence only before
    a word that begins sentences.
    """
    import sentencex

    # sentencex panics where a no-break space follows a full stop: every space becomes a plain one.
    plain = text if text.isascii() else _without_strays(_SPACE.sub(" ", text))
    lengths = [len(piece) for piece in sentencex.segment(language, plain)]
    if sum(lengths) != len(text):  # it may drop white space of exotic kinds
        return [text]
    starts: list[int] = []
    place = 0
    for length in lengths:
        before = text[max(starts[-1], place - _FAR) : place] if starts else ""
        if not starts or not _goes_on(before, text[place : place + length]):
            starts.append(place)
        place += length
    return [text[a:b] for a, b in pairwise([*starts, len(text)])]


def _without_strays(text: str) -> str:
    """Blank out opening marks that nothing closes, if many: each is read to the end."""
    for opening, closing in _PAIRS:
        closed = text.rfind(closing) + 1
        if text.count(opening, closed) > _MANY:
            text = text[:closed] + text[closed:].replace(opening, " ")
    return text


def _goes_on(piece: str, following: str) -> bool:
    """Whether an abbreviation ends the piece (or its end), and the sentence goes on."""
    if not piece.rstrip().endswith("."):
        return False
    last, first = _LAST_WORD.search(piece), _FIRST_WORD.match(following)
    return last is not None and first is not None and _leaves_open(last[1], first[1])
