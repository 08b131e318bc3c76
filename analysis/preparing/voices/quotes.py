"""Quotations told apart: speech, scare quotes and titles of works; and the text without them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.preparing.voices.marks import Span, find_spans
from analysis.preparing.voices.words import SAID_RUSSIAN, TRAILING, word_set

SPEECH, SCARE, TITLE = "speech", "scare", "title"

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ENDING = re.compile(r"[.,?!…:;]\W*\Z")
_NEXT_WORDS = re.compile(r"[^.,;:?!\n\"“]{0,60}")
_SMALL = word_set("a an and as at by de for from in into is it of on or the to vs with")
_SCARE_WORDS = 3
_NEAR = 6
# Words of both languages: none of one is a word of the other.
_SAID = TRAILING | SAID_RUSSIAN
_CALLING = _SAID | word_set("calls called calling describes described dubbed")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation with its marks, what kind it is, and whether its marks were out of balance."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    kind: str
    unbalanced: bool
    continues: bool


def find_quotations(text: str, lines: list[tuple[int, int]]) -> tuple[list[Quotation], list[int]]:
    """The quotations of a text in order, and the places of closing marks that close nothing."""
    spans, unopened = find_spans(text, lines)
    starts = {start for start, _ in lines}
    quotations = [
        Quotation(
            span.start,
            span.end,
            span.inner_start,
            span.inner_end,
            _kind(text, span, span.start in starts),
            span.unclosed,
            span.continues,
        )
        for span in spans
    ]
    return quotations, unopened


def _kind(text: str, span: Span, begins_paragraph: bool) -> str:
    words = _WORD.findall(text, span.inner_start, span.inner_end)
    if not words:
        return SCARE
    short = len(words) <= _SCARE_WORDS
    title = len(words) > 1 and all(w[0].isupper() or w[0].isdigit() or w in _SMALL for w in words)
    if not short and not title:
        return SPEECH
    last = text[span.inner_end - 1]
    follow = text[span.end : span.end + 80].lstrip()
    before = text[max(0, span.start - 80) : span.start].rstrip()
    if last in ",?!" or follow[:1] == ",":
        near = _WORD.findall(follow.lower())[:4]
        if not set(near).isdisjoint(_SAID):
            return SPEECH
    if before[-1:] in (",", ":") and (last in ".?!" or words[0][0].isupper()):
        near = _WORD.findall(before.lower())[-5:]
        if not set(near).isdisjoint(_SAID) or before[-1:] == ":":
            return SPEECH
    if len(words) == _SCARE_WORDS and not title:
        clause = re.split(r"[.?!;:\n\"“”]", before)[-1]
        if not set(_WORD.findall(clause.lower())[-_NEAR:]).isdisjoint(_CALLING):
            return SPEECH
    sentence_starts = begins_paragraph or before[-1:] in ("", ".", "?", "!", "”", '"')
    if sentence_starts and last in ".?!" and not title:
        return SPEECH
    return SCARE if short else TITLE


def _said_next(text: str, place: int) -> bool:
    """Whether `he asked` or the like follows, so that the sentence goes on."""
    found = _NEXT_WORDS.match(text, place)
    near = _WORD.findall(found.group().lower())[:5] if found else []
    return not set(near).isdisjoint(_SAID)


def mask(text: str, quotations: Sequence[Quotation], unopened: Sequence[int]) -> str:
    """The text with each spoken quotation as one word ``Qqq…`` of the same length.

    What ends the quotation (its last comma or full stop) stands behind that word, so that
    sentences can be found, and read, without looking into quotations. Every other quotation
    mark becomes a space.
    """
    parts: list[str] = []
    place = 0
    for quotation in quotations:
        parts.append(text[place : quotation.start])
        place = quotation.end
        if quotation.kind != SPEECH:
            inner_start, inner_end = quotation.inner_start, quotation.inner_end
            parts.append(" " * (inner_start - quotation.start))
            parts.append(text[inner_start:inner_end])
            parts.append(" " * (place - inner_end))
            continue
        length = place - quotation.start
        ending = _ENDING.search(text, max(quotation.start + 1, place - 6), place)
        mark = ending.group()[0] if ending and length > 2 else ""
        if mark in ("?", "!") and _said_next(text, place):
            mark = ","
        parts.append("Q" + "q" * (length - 1 - len(mark)) + mark)
    parts.append(text[place:])
    masked = list("".join(parts))
    for stray in unopened:
        masked[stray] = " "
    return "".join(masked).replace("\xa0", " ")  # a no-break space parts words like any other
