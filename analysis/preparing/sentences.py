"""Sentence boundaries, by sentencex, such that the pieces are always the whole text."""

import re

from analysis.tokens.sentence_ends import leaves_open

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
    plain = text if text.isascii() else _SPACE.sub(" ", text)
    lengths = [len(piece) for piece in sentencex.segment(language, plain)]
    if sum(lengths) != len(text):  # it may drop white space of exotic kinds
        return [text]
    pieces: list[str] = []
    place = 0
    for length in lengths:
        piece = text[place : place + length]
        if pieces and _goes_on(pieces[-1], piece):
            pieces[-1] += piece
        else:
            pieces.append(piece)
        place += length
    return pieces


def _goes_on(piece: str, following: str) -> bool:
    """Whether an abbreviation ends the piece, and the sentence goes on."""
    if not piece.rstrip().endswith("."):
        return False
    last, first = _LAST_WORD.search(piece[-40:]), _FIRST_WORD.match(following)
    return last is not None and first is not None and leaves_open(last[1], first[1])
