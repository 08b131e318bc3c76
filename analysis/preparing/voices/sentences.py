"""The sentences of a paragraph, and the one that a place is in."""

import re

from analysis.preparing.sentences import sentence_pieces

_LOWER_START = re.compile(r"\s*[a-zà-öø-ÿа-яё]")


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Start and end of the sentences of one paragraph; together they make up the whole of it.

    A piece that begins in lower case is joined to the one before it ("Why?" he asked).
    """
    pieces = sentence_pieces(text, language)
    if len(pieces) == 1:
        return [(0, len(text))]
    bounds: list[tuple[int, int]] = []
    place = 0
    for piece in pieces:
        if bounds and _LOWER_START.match(piece):
            bounds[-1] = (bounds[-1][0], place + len(piece))
        else:
            bounds.append((place, place + len(piece)))
        place += len(piece)
    return bounds


def sentence_at(text: str, place: int, language: str = "en") -> tuple[int, int]:
    """Start and end of the sentence that a place is in; a line shares none with another."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    bounds = split_sentences(text[start:end], language) or [(0, end - start)]
    first, last = next((b for b in bounds if start + b[1] > place), bounds[-1])
    return start + first, start + last
