"""Quotation marks to quotations: which mark opens, which closes, and what to do where one lacks.

The rules, in the order in which they are tried:

1. A mark opens where space (or a bracket or a dash) stands before it and a word after it, closes
   where it is the other way round. Between the two, a straight mark does what is due, and a
   printed one what its shape says; so German ``„…“`` and ``»…«`` need no rule of their own.
2. Inside a quotation only marks of its own family count: what is nested belongs to it.
3. A quotation still open where its paragraph ends runs on if the next paragraph begins with an
   opening mark; so newspapers print quotations of several paragraphs.
4. Otherwise the closing mark is missing (``unclosed``). The quotation ends with its paragraph if
   it began the paragraph, else with its sentence, and at the latest before the next opening mark.
5. A closing mark without a quotation to close is passed over, and counted (``unopened``).
6. A single mark opens only if one that closes follows in its paragraph (or rule 3 holds). A mark
   after s may be a possessive: it closes before punctuation or a function word, or if it is
   the last that could.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPENS, CLOSES, EITHER = 1, -1, 0
CURLY, STRAIGHT, ANGLE, SINGLE = "curly", "straight", "angle", "single"

_FAMILY = {
    "“": (CURLY, OPENS), "”": (CURLY, CLOSES), "„": (CURLY, OPENS), "‟": (CURLY, OPENS),
    '"': (STRAIGHT, EITHER), "''": (STRAIGHT, EITHER), "``": (STRAIGHT, OPENS),
    "＂": (STRAIGHT, EITHER), "«": (ANGLE, OPENS), "»": (ANGLE, CLOSES),
    "‘": (SINGLE, OPENS), "‚": (SINGLE, OPENS), "‛": (SINGLE, OPENS), "’": (SINGLE, CLOSES),
    "'": (SINGLE, EITHER), "‹": (SINGLE, OPENS), "›": (SINGLE, CLOSES),
}  # fmt: skip
# A single mark between two letters or digits is an apostrophe and never gets here.
_MARK = re.compile(r"''|``|[\"“”„‟＂«»‘‚‛‹›]|(?<![^\W_])['’]|['’](?![^\W_])")
_BEFORE_OPENING = frozenset("([{—–-/|>*")
_AFTER_CLOSING = frozenset(".,;:?!)]}—–-/|…*<")
_ELIDED = re.compile(r"(?:\d0s|em|til|tis|twas|n|cause|bout|round|cuz|til|cos)\b", re.IGNORECASE)
_FUNCTION_WORD = re.compile(
    r"\s+(?:and|or|but|of|in|to|is|was|are|were|as|for|on|at|by|with|from|that|than|if|while|when"
    r"|he|she|it|they|has|had|have|said|says|after|before|over|into|against|because|who)\b"
)
_SENTENCE_END = re.compile(r"[.?!…][\"”’')\]]*(?=\s|$)")
_PARAGRAPH = re.compile(r"\S[^\n]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A quotation mark: its place, its family and what it can do there."""

    start: int
    end: int
    family: str
    side: int


@dataclass(frozen=True, slots=True)
class Span:
    """A quotation in one paragraph, its marks included."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    unclosed: bool = False
    continues: bool = False


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Start and end of every line that is not blank, from its first visible character."""
    return [match.span() for match in _PARAGRAPH.finditer(text)]


def find_spans(text: str, lines: list[tuple[int, int]]) -> tuple[list[Span], list[int]]:
    """The quotations of a text in order, and the places of closing marks that close nothing."""
    spans: list[Span] = []
    unopened: list[int] = []
    runs_on = ""
    for number, (start, end) in enumerate(lines):
        marks = list(_marks(text, start, end))
        if not marks:
            runs_on = ""
            continue
        following = lines[number + 1] if number + 1 < len(lines) else None
        upcoming = _first_mark(text, following) if following else None
        found = _pair(text, marks, (start, end), upcoming, runs_on, unopened)
        spans += found
        last = found[-1] if found else None
        open_at_end = last is not None and last.inner_end == last.end == end and not last.unclosed
        runs_on = _family_at(text, last.start) if last and open_at_end else ""
    return spans, unopened


def _marks(text: str, start: int, end: int) -> Iterator[Mark]:
    for match in _MARK.finditer(text, start, end):
        family, shape = _FAMILY[match.group()]
        left, right = match.span()
        before = text[left - 1] if left > start else " "
        after = text[right] if right < end else " "
        free = before.isspace() or before in _BEFORE_OPENING or before in "\"“„«‘'"
        done = after.isspace() or after in _AFTER_CLOSING or after in "\"”»’'"
        side = shape if free == done else OPENS if free else CLOSES
        if family == SINGLE and side == EITHER:
            continue
        if side == OPENS and match.group() == "’" and not before.isspace() and left > start:
            continue
        yield Mark(left, right, family, side)


def _first_mark(text: str, line: tuple[int, int]) -> Mark | None:
    """The opening mark that a paragraph begins with."""
    start, end = line
    mark = next(_marks(text, start, min(end, start + 3)), None)
    return mark if mark and mark.start == start and mark.side != CLOSES else None


def _family_at(text: str, place: int) -> str:
    return _FAMILY[text[place : place + 2] if text[place : place + 2] in _FAMILY else text[place]][
        0
    ]


def _pair(
    text: str,
    marks: list[Mark],
    line: tuple[int, int],
    upcoming: Mark | None,
    runs_on: str,
    unopened: list[int],
) -> list[Span]:
    """Walk the marks of one paragraph, pairing them into its outermost quotations."""
    spans: list[Span] = []
    start, end = line
    place = 0
    while place < len(marks):
        mark = marks[place]
        closing = None
        if mark.side == CLOSES:
            if mark.family != SINGLE:
                unopened.append(mark.start)
            place += 1
            continue
        first = mark.start == start
        if mark.family == SINGLE:
            closing = _single_end(text, marks, place)
        else:
            closing = _double_end(marks, place)
        continues = first and runs_on == mark.family
        if closing is not None and marks[closing].side != OPENS:
            close = marks[closing]
            if close.start > mark.end:
                spans.append(
                    Span(mark.start, close.end, mark.end, close.start, continues=continues)
                )
            place = closing + 1
            continue
        limit = marks[closing].start if closing is not None else end
        goes_on = closing is None and upcoming is not None and upcoming.family == mark.family
        sure = first or text[mark.start] == "‘"
        if mark.family == SINGLE and not (goes_on and sure):
            place += 1
            continue
        stop = _unclosed_end(text, mark, limit, end, whole=first or goes_on)
        if stop > mark.end:
            spans.append(Span(mark.start, stop, mark.end, stop, not goes_on, continues))
        place = closing if closing is not None else len(marks)
    return spans


def _double_end(marks: list[Mark], place: int) -> int | None:
    """The mark that closes a double quotation, or the next one that opens, or None."""
    family = marks[place].family
    other = {CURLY: STRAIGHT, STRAIGHT: CURLY}.get(family)
    fallback = None
    for later in range(place + 1, len(marks)):
        mark = marks[later]
        if mark.family == family:
            if mark.side == OPENS:
                return fallback if fallback is not None else later
            return later
        # “… closed by a straight mark: only if no mark of its own closes it.
        if mark.family == other and mark.side == CLOSES and fallback is None:
            fallback = later
    return fallback


def _single_end(text: str, marks: list[Mark], place: int) -> int | None:
    mark = marks[place]
    if _ELIDED.match(text, mark.end):
        return None
    last = None
    for later in range(place + 1, len(marks)):
        close = marks[later]
        if close.family != SINGLE:
            continue
        if close.side == OPENS:
            break
        last = later
        after = text[close.end : close.end + 1]
        possessive = text[close.start - 1] in "sS" and not (
            not after or after in ".,;:?!)]—–" or _FUNCTION_WORD.match(text, close.end)
        )
        if not possessive:
            return later
    return last


def _unclosed_end(text: str, mark: Mark, limit: int, end: int, whole: bool) -> int:
    """Where a quotation without a closing mark ends (rules 3 and 4)."""
    if whole and limit == end:
        return end
    stops = [match.end() for match in _SENTENCE_END.finditer(text, mark.end, limit)]
    if stops:
        return stops[-1] if whole else stops[0]
    return len(text[:limit].rstrip()) if limit < end else end
