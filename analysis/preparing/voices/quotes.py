"""Quotations told apart: speech, scare quotes and titles of works; and the text without them."""

import re
from collections.abc import Sequence

from analysis.preparing.voices.marks import Quotation, find_spans
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


def find_quotations(text: str, lines: list[tuple[int, int]]) -> tuple[list[Quotation], list[int]]:
    """The quotations of a text, each with its kind, and the places of unopened closing marks."""
    found, unopened = find_spans(text, lines)
    starts = {start for start, _ in lines}
    return [q._replace(kind=_kind(text, q, q.start in starts)) for q in found], unopened


def _kind(text: str, quotation: Quotation, begins_paragraph: bool) -> str:
    words = _WORD.findall(text, quotation.inner_start, quotation.inner_end)
    if not words:
        return SCARE
    short = len(words) <= _SCARE_WORDS
    title = len(words) > 1 and all(w[0].isupper() or w[0].isdigit() or w in _SMALL for w in words)
    if not short and not title:
        return SPEECH
    last = text[quotation.inner_end - 1]
    follow = text[quotation.end : quotation.end + 80].lstrip()
    before = text[max(0, quotation.start - 80) : quotation.start].rstrip()
    said_after = _said_among(_WORD.findall(follow.lower())[:4])
    if said_after and (last in ",?!" or follow[:1] == ","):
        return SPEECH
    said_before = before[-1:] == ":" or _said_among(_WORD.findall(before.lower())[-5:])
    if said_before and before[-1:] in (",", ":") and (last in ".?!" or words[0][0].isupper()):
        return SPEECH
    if len(words) == _SCARE_WORDS and not title:
        clause = re.split(r"[.?!;:\n\"“”]", before)[-1]
        if not _CALLING.isdisjoint(_WORD.findall(clause.lower())[-_NEAR:]):
            return SPEECH
    sentence_starts = begins_paragraph or before[-1:] in ("", ".", "?", "!", "”", '"')
    if sentence_starts and last in ".?!" and not title:
        return SPEECH
    return SCARE if short else TITLE


def _said_among(words: list[str]) -> bool:
    return not _SAID.isdisjoint(words)


def _said_next(text: str, place: int) -> bool:
    """Whether `he asked` or the like follows, so that the sentence goes on."""
    found = _NEXT_WORDS.match(text, place)
    return found is not None and _said_among(_WORD.findall(found.group().lower())[:5])


def mask(text: str, quotations: Sequence[Quotation], unopened: Sequence[int]) -> str:
    """The text with each spoken quotation as one word ``Qqq…`` of the same length.

    The last comma or full stop of the quotation comes after that word, so that sentences can be
    found, and read, without looking into quotations. Every other quotation mark becomes a space.
    """
    parts: list[str] = []
    place = 0
    for q in quotations:
        parts.append(text[place : q.start])
        place = q.end
        if q.kind != SPEECH:
            before, after = " " * (q.inner_start - q.start), " " * (q.end - q.inner_end)
            parts += [before, text[q.inner_start : q.inner_end], after]
            continue
        length = q.end - q.start
        ending = _ENDING.search(text, max(q.start + 1, q.end - 6), q.end)
        mark = ending.group()[0] if ending and length > 2 else ""
        if mark in ("?", "!") and _said_next(text, q.end):
            mark = ","
        parts.append("Q" + "q" * (length - 1 - len(mark)) + mark)
    masked = list("".join([*parts, text[place:]]))
    for stray in unopened:
        masked[stray] = " "
    return "".join(masked).replace("\xa0", " ")  # a no-break space parts words like any other
