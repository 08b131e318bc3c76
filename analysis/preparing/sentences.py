"""Sentence boundaries, by sentencex, such that the pieces are always the whole text."""

import re
from functools import lru_cache
from itertools import pairwise

from analysis.tokens.sentence_ends import leaves_open

_leaves_open = lru_cache(maxsize=100_000)(leaves_open)
_FAR = 40  # characters before a boundary that are looked at
_PAIRS = [("“", "”"), ("‘", "’"), ("«", "»"), ("‹", "›"), ("„", "“"), ("»", "«")]
_MANY = 50
_SPACE = re.compile(r"[^\S ]")
# A mark that ends sentences, inside the text; "2)"; characters that may be marks of other scripts.
# The set comes first, so that the search passes over all other characters at once.
_MAY_END = re.compile(
    r"[^\x00-\x09\x0b-\x20\"-(*-\-/->@-\x7f\xa1-\u02ff\u0400-\u04ff\u2010-\u201f]"
    r"(?:(?<=[.!?])(?![.!?]*\s*\Z)|(?<=\b\w\))|(?<=\b\w\w\))|(?<=\b\w{3}\))|(?<=\b\w{4}\))"
    r"|(?<![.!?)]))"
)
_LAST_WORD = re.compile(r"(?:^|[^\w'’ʼ‐-])([^\W\d_]+)\Z")
_FIRST_WORD = re.compile(r"[\W_]*([^\W_]*)")


def sentence_pieces(text: str, language: str = "en") -> list[str]:
    """The sentences of a line or paragraph, white space kept: joined, they are the text.

    As for tokens, a full stop after an abbreviation or a single letter ends a sentence only before
    a word that begins sentences.
    """
    if not _MAY_END.search(text):
        return [text] if text else []
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
    chunk = (piece.rsplit(None, 1) or [""])[-1]
    last = _before_stop(chunk)
    first = _FIRST_WORD.match(following) if last else None
    return last is not None and first is not None and _leaves_open(last, first[1])


@lru_cache(maxsize=10_000)
def _before_stop(chunk: str) -> str | None:
    """The abbreviation before the full stop at the end of what follows the last space."""
    found = _LAST_WORD.search(chunk[:-1]) if chunk.endswith(".") else None
    return found[1] if found and leaves_open(found[1]) else None
