"""Sentence boundaries, by sentencex, such that the pieces are always the whole text."""

import re

_SPACE = re.compile(r"\s")


def sentence_pieces(text: str, language: str = "en") -> list[str]:
    """The sentences of a line or paragraph, white space kept: joined, they are the text.

    Examples
    --------
    >>> sentence_pieces("They met. Nothing came of it.")
    ['They met. ', 'Nothing came of it.']
    """
    import sentencex

    # sentencex panics where a no-break space follows a full stop: every space becomes a plain one.
    plain = text if text.isascii() else _SPACE.sub(" ", text)
    lengths = [len(piece) for piece in sentencex.segment(language, plain)]
    if sum(lengths) != len(text):  # it may drop white space of exotic kinds
        return [text]
    pieces, place = [], 0
    for length in lengths:
        pieces.append(text[place : place + length])
        place += length
    return pieces
