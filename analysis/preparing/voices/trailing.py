"""Cues behind, or in the middle of, what they report: `…, officials said`."""

from typing import NamedTuple

from analysis.preparing.voices import words as w
from analysis.preparing.voices.complements import ADDRESSED, after_addressee
from analysis.preparing.voices.phrases import BREAKS, RELATIVES, Phrases, Span

_NOT_INVERTED = w.word_set("told asked think thought believe believed feels hopes fear urged")
PARTICLES = {"put": "it", "pointed": "out", "points": "out", "went": "on"}
_OBJECTS = w.word_set("him her them us me you it reporters")
_DASHES = frozenset(",—–")
# A sentence that begins so has an adverbial before its cue ("In Kyiv, officials said …").
_ADVERBIAL = w.word_set(
    """in on at during after before while when as with for from by since speaking asked following
    last despite like earlier meanwhile but and instead still however if though although because
    soon regarding whether given according"""
)
_LONG_ADVERBIAL = 9


class Trailing(NamedTuple):
    """What comes before the cue (`first` up to `last`), and from where on it goes on."""

    first: int
    last: int
    subject: Span
    after: int
    goes_on: bool


def find_trailing(p: Phrases, i: int, subject: Span | None) -> Trailing | None:
    """What the verb at i reports of the words before it."""
    inverted = _inverted(p, i)
    found = _subject_first(p, i, subject) if inverted is None else (i, inverted)
    named = subject if inverted is None else (i + 1, inverted)
    if found is None or named is None:
        return None
    start, after = found
    left = p.clause_start(start)
    quoted = p.quote_at(start - 1) or p.quote_at(start - 2)
    if not quoted and not _can_be_reported(p, left, start, after, inverted is not None):
        return None
    following = p.at(after + 1)
    aside = following.endswith("ing") or (quoted and following not in ("and", "but", "that"))
    goes_on = p.quote_at(after + 1) or (p.at(after) == "," and not aside and inverted is None)
    return Trailing(left, start - (p.at(start - 1) in _DASHES), named, after, goes_on)


def _subject_first(p: Phrases, i: int, subject: Span | None) -> tuple[int, int] | None:
    """`…, officials said Monday`: where the subject begins, and the token behind the cue."""
    if subject is None or subject[0] < 1 or p.lower[subject[0]] in RELATIVES:
        return None
    start, after = subject[0], i + 1
    if p.lower[i] in PARTICLES:  # "as Smith put it"
        if p.at(after) != PARTICLES[p.lower[i]]:
            return None
        after += 1
    if p.at(start - 1) == "as" and p.at(start - 2) == ",":
        start -= 1
    if p.at(start - 1) not in _DASHES and not p.quote_at(start - 1):
        return None
    while p.at(after).endswith("ly"):
        after += 1
    if p.lower[i] in ADDRESSED:  # "…, Smith told the Gazette."
        behind = after_addressee(p, i, after)
        if p.quote_at(start - 1) or p.quote_at(start - 2) or p.at(behind) in ".;":
            after = behind
    ends = p.at(after) in BREAKS or p.at(after) in w.TAIL_STARTERS or p.at(after) in _OBJECTS
    if not ends and not p.quote_at(after):
        return None
    if p.find(after, ("that",), 10, (",",)) is not None and not p.quote_at(start - 2):
        return None  # "…, Smith said on Monday that …": what it reports follows
    return start, after


def _inverted(p: Phrases, i: int) -> int | None:
    """`…, said Smith`: where the subject behind its verb ends."""
    quoted = p.quote_before(i)
    follower = p.at(i + 1)
    if p.lower[i] in _NOT_INVERTED or p.lower[i].endswith("ing") or p.quote_at(i + 1):
        return None
    if not quoted and p.at(i - 1) not in (",", "—"):
        return None
    if not (quoted or p.capital(i + 1) or follower in w.DETERMINERS):
        return None
    if follower in BREAKS or follower in w.TAIL_STARTERS or follower in w.COMPLEMENTIZERS:
        return None
    stop = p.phrase_end(i + 1)
    ends = stop >= p.n or p.lower[stop] in ".;"
    if quoted:
        return stop
    # Without a quotation only at the end of a sentence: "…, wrote Smith", "…, said the envoys".
    officials = p.lower[i] == "said" and follower in w.DETERMINERS
    officials = officials and p.find(i + 2, w.AUXILIARIES, stop - i - 2, ()) is None
    return stop if ends and stop - i < 9 and (officials or p.capital(stop - 1)) else None


def _can_be_reported(p: Phrases, left: int, start: int, after: int, inverted: bool) -> bool:
    """Whether the words before the cue are a clause, and not an adverbial of what follows."""
    if start - left < 3:  # "Missiles, he says, should answer missiles"
        opens = p.lower[left] in w.CONJUNCTIONS or p.lower[left] in w.TAIL_STARTERS
        return p.at(after) == "," and not opens
    if p.lower[left] not in _ADVERBIAL:
        return True
    told_after = p.quote_at(after + 1) or p.find(after, (":",), 10, (",",)) is not None
    return start - left > _LONG_ADVERBIAL and (inverted or not told_after)
