"""Quotation marks to quotations: speech, scare quotes and titles; and the text without them.

Which mark opens, which closes, and what if one is missing: the rules are in docs/rules.md.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis.preparing.voices.words import SAID_RUSSIAN, TRAILING, word_set

OPENS, CLOSES, EITHER = 1, -1, 0
CURLY, STRAIGHT, ANGLE, SINGLE = "curly", "straight", "angle", "single"
CORNER, WHITE_CORNER = "corner", "white corner"  # of Chinese and Japanese

_FAMILY = {
    "“": (CURLY, OPENS), "”": (CURLY, CLOSES), "„": (CURLY, OPENS), "‟": (CURLY, OPENS),
    '"': (STRAIGHT, EITHER), "''": (STRAIGHT, EITHER), "``": (STRAIGHT, OPENS),
    "＂": (STRAIGHT, EITHER), "«": (ANGLE, OPENS), "»": (ANGLE, CLOSES),
    "‘": (SINGLE, OPENS), "‚": (SINGLE, OPENS), "‛": (SINGLE, OPENS), "’": (SINGLE, CLOSES),
    "'": (SINGLE, EITHER), "‹": (SINGLE, OPENS), "›": (SINGLE, CLOSES),
    "「": (CORNER, OPENS), "」": (CORNER, CLOSES), "『": (WHITE_CORNER, OPENS),
    "』": (WHITE_CORNER, CLOSES),
}  # fmt: skip
# A single mark between two letters or digits is an apostrophe and never gets here. The set of first
# characters lets the search pass over all others without trying the rest.
_MARK = re.compile(
    r"[\"“”„‟＂«»‘‚‛‹›「」『』'’`](?:(?<=[^'’`])|(?<=')'|(?<=`)`|(?<=['’])(?:(?<![^\W_]['’])|(?![^\W_])))"
)
_BEFORE_OPENING = frozenset("([{—–-/|>*")
_AFTER_CLOSING = frozenset(".,;:?!)]}—–-/|…*<")
_ELIDED = re.compile(r"(?:\d0s|em|til|tis|twas|n|cause|bout|round|cuz|til|cos)\b", re.IGNORECASE)
_FUNCTION_WORD = re.compile(
    r"\s+(?:and|or|but|of|in|to|is|was|are|were|as|for|on|at|by|with|from|that|than|if|while|when"
    r"|he|she|it|they|has|had|have|said|says|after|before|over|into|against|because|who)\b"
)
_SENTENCE_END = re.compile(r"[.?!…][\"”’')\]]*(?=\s|$)")
_PARAGRAPH = re.compile(r"\S[^\n]*")


class Mark(NamedTuple):
    """A quotation mark: its place, its family and what it can do there."""

    start: int
    end: int
    family: str
    side: int


class Quotation(NamedTuple):
    """A quotation in one paragraph, its marks included; ``quotes`` adds its ``kind``."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    family: str
    unclosed: bool
    continues: bool
    kind: str = ""


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Start and end of every line that is not blank, from its first visible character."""
    return [match.span() for match in _PARAGRAPH.finditer(text)]


def find_spans(text: str, lines: list[tuple[int, int]]) -> tuple[list[Quotation], list[int]]:
    """The quotations of a text in order, and the places of closing marks that close nothing."""
    quotations: list[Quotation] = []
    unopened: list[int] = []
    marks = list(_marks(text))
    starts = [mark.start for mark in marks]
    runs_on, before = "", -1
    place = 0
    while place < len(marks):
        # The paragraph of the next mark, and its other marks.
        number = bisect_right(lines, (starts[place], len(text))) - 1
        line = lines[number]
        following = lines[number + 1][0] if number + 1 < len(lines) else -1
        stop = bisect_left(starts, line[1])
        opens = stop < len(marks) and starts[stop] == following and marks[stop].side != CLOSES
        upcoming = marks[stop].family if opens else ""
        runs_on = runs_on if before == number - 1 else ""
        found = _pair(text, marks[place:stop], line, upcoming, runs_on, unopened)
        quotations += found
        last = found[-1] if found else None
        open_at_end = last and not last.unclosed and last.inner_end == last.end == line[1]
        runs_on = last.family if last and open_at_end else ""
        place, before = stop, number
    return quotations, unopened


def _marks(text: str) -> Iterator[Mark]:
    for match in _MARK.finditer(text):
        family, shape = _FAMILY[match.group()]
        left, right = match.span()
        before = text[left - 1] if left else " "
        after = text[right] if right < len(text) else " "
        free = before.isspace() or before in _BEFORE_OPENING or before in "\"“„«‘'"
        done = after.isspace() or after in _AFTER_CLOSING or after in "\"”»’'"
        side = shape if free == done else OPENS if free else CLOSES
        if family == SINGLE and side == EITHER:
            continue
        if side == OPENS and match.group() == "’" and not before.isspace():
            continue
        yield Mark(left, right, family, side)


def _pair(
    text: str,
    marks: list[Mark],
    line: tuple[int, int],
    upcoming: str,
    runs_on: str,
    unopened: list[int],
) -> list[Quotation]:
    """Pair the marks of one paragraph into its outermost quotations."""
    found: list[Quotation] = []
    (start, end), place = line, 0
    while place < len(marks):
        mark, place = marks[place], place + 1
        single = mark.family == SINGLE
        if mark.side == CLOSES:
            if not single:
                unopened.append(mark.start)
            continue
        closing = (_single_end if single else _double_end)(text, marks, place)
        partner = None if closing is None else marks[closing]
        begins = mark.start == start
        family, continues = mark.family, begins and runs_on == mark.family
        if partner and partner.side != OPENS:
            if partner.start > mark.end:
                bounds = mark.start, partner.end, mark.end, partner.start
                found.append(Quotation(*bounds, family, False, continues))
            place = place if closing is None else closing + 1
            continue
        goes_on = not partner and upcoming == family
        if single and not (goes_on and (begins or text[mark.start] == "‘")):
            continue
        limit = partner.start if partner else end
        stop = _unclosed_end(text, mark, limit, end, whole=begins or goes_on)
        if stop > mark.end:
            bounds = mark.start, stop, mark.end, stop
            found.append(Quotation(*bounds, family, not goes_on, continues))
        place = len(marks) if closing is None else closing
    return found


def _double_end(text: str, marks: list[Mark], after: int) -> int | None:
    """The mark that closes a double quotation, or the next one that opens, or None."""
    family = marks[after - 1].family
    other = {CURLY: STRAIGHT, STRAIGHT: CURLY}.get(family)
    fallback = None
    for place in range(after, len(marks)):
        mark = marks[place]
        if mark.family == family:
            return fallback if fallback is not None and mark.side == OPENS else place
        # “… closed by a straight mark: only if no mark of its own closes it.
        if mark.family == other and mark.side == CLOSES and fallback is None:
            fallback = place
    return fallback


def _single_end(text: str, marks: list[Mark], after: int) -> int | None:
    """The mark that closes a single quotation, rule 6; or None."""
    last = None
    if _ELIDED.match(text, marks[after - 1].end):
        return None
    for place in range(after, len(marks)):
        _, end, family, side = marks[place]
        if family != SINGLE:
            continue
        if side == OPENS:
            break
        last = place
        closes = text[end : end + 1] in ("", *".,;:?!)]—–") or _FUNCTION_WORD.match(text, end)
        if closes or text[marks[place].start - 1] not in "sS":
            break
    return last


def _unclosed_end(text: str, mark: Mark, limit: int, end: int, whole: bool) -> int:
    """Where a quotation without a closing mark ends (rules 3 and 4)."""
    if whole and limit == end:
        return end
    stops = [match.end() for match in _SENTENCE_END.finditer(text, mark.end, limit)]
    if stops:
        return stops[-1] if whole else stops[0]
    return mark.end + len(text[mark.end : limit].rstrip()) if limit < end else end


SPEECH, SCARE, TITLE = "speech", "scare", "title"

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ENDING = re.compile(r"[.,?!…:;]\W*\Z")
_NEXT_WORDS = re.compile(r"[^.,;:?!\n\"“]{0,60}")
# `," the National Harbour Board said`: of a subject, the words up to its verb.
_SUBJECT_SAID = re.compile(
    r"(?:[A-Z]|(?:the|an?|his|her|its|their|one|some) )[\w’' -]*? "
    rf"(?:{'|'.join(sorted(TRAILING))})\b"
)
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
    words: list[str] = []
    title = True
    for match in _WORD.finditer(text, quotation.inner_start, quotation.inner_end):
        words.append(word := match.group())
        title = title and (word[0].isupper() or word[0].isdigit() or word in _SMALL)
        if len(words) > _SCARE_WORDS and not title:
            return SPEECH
    if not words:
        return SCARE
    short, title = len(words) <= _SCARE_WORDS, title and len(words) > 1
    last = text[quotation.inner_end - 1]
    follow = text[quotation.end : quotation.end + 80].lstrip()
    before = text[max(0, quotation.start - 80) : quotation.start].rstrip()
    said_after = _said_among(_WORD.findall(follow.lower())[:4]) or _SUBJECT_SAID.match(follow)
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
    masked = "".join([*parts, text[place:]])
    if unopened:
        letters = list(masked)
        for stray in unopened:
            letters[stray] = " "
        masked = "".join(letters)
    return masked.replace("\xa0", " ")  # a no-break space parts words like any other
