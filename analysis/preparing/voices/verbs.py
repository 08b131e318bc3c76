"""Verbs of speech and thought: what each is followed by, or what stands before it."""

from typing import NamedTuple

from analysis.preparing.voices import words as w
from analysis.preparing.voices.sentences import BREAKS, RELATIVES, STOPS, Phrases, Span

# Patterns of a verb (the letters of words.VERBS), and one whose source is not told.
CLAUSE, INFINITIVE, OBJECT, PREPOSITION, PASSIVE = "S", "I", "O", "P", "passive"
PHRASES = OBJECT, PREPOSITION

BE = w.word_set("is are was were be been being 's 're seems seemed remains remained feels felt")
ADDRESSED = w.word_set("told tell tells telling asked reminded assured")
_NOTHING = w.word_set("not no nobody none n't never nor without yet failed refused")
# "called in", "called off": no speech; only "called on the envoys to leave" is.
_CALLED = w.word_set("in into up off back at by down away round around over")
_CALLED_ON = w.word_set("on upon to with from out")
_WHO = w.word_set("who whose whom which")
_WITH_LISTENER = ADDRESSED | w.word_set(
    "warned warns informed informs advised notified promised reassured convinced persuaded"
    " cautioned"
)
_BEFORE_WHO = STOPS | w.word_set("that whether if how to")
_TALES = w.word_set("joke jokes story stories tale tales lie lies truth secret secrets anecdotes")
_NO_OBJECT = {"and", "or", "but", "by", "to", "up", "off", "back", "down", "away"}
_LONGEST_NOUN, _LONGEST_CLAUSE = 9, 40
_NO_NOUN = BREAKS | w.COMPLEMENTIZERS | w.word_set("and or but as than")
_SKIPPED = w.word_set("not also out again only so on")
_BEFORE_BASE = w.word_list("before_base")
# Not "protest for weeks", but "said on Monday the talks were off".
_NO_CLAUSE = w.PREPOSITIONS - {"at", "on", "that"} | {"by", "up"}
_AFTER_VERB = w.COMPLEMENTIZERS | w.PRONOUNS | w.DETERMINERS | {"to", ":", ",", "."}
_AFTER_PASSIVE = w.word_set("to that as of by for about")


def is_verb(p: Phrases, i: int, forms: frozenset[str]) -> bool:
    """Whether token i, which can be such a verb in these forms, is one here and not a noun."""
    before = p.at(i - 1) if i else ""
    if (before in w.DETERMINERS and before != "some") or (
        before.endswith(("'s", "s'")) and not forms & {"past", "ing"}
    ):
        return before in ("this", "that") and "past" in forms
    if "past" in forms or "pp" in forms:
        if before in ("some", "any", "official", "many", "several", "few", "two", "three"):
            return True  # "Some said …", "One official said …"
        return before not in w.BEFORE_NOUN
    if "ing" in forms:
        return before != "of" or p.at(i + 1) in ("that", "to")
    if before in w.BEFORE_NOUN:
        return False
    plural = "s" in forms and not w.ALSO_NOUNS.isdisjoint({p.lower[i][:-1], p.lower[i][:-2]})
    if plural and not (p.at(i + 1) in _AFTER_VERB or p.capital(i + 1) or p.quote_at(i + 1)):
        return False  # "shop counters", "press reports"
    if "s" in forms or p.lower[i] not in w.ALSO_NOUNS:
        after_comma = p.quote_before(i) or (before == "," and p.subject(i) is not None)
        return i > 0 and (before not in BREAKS or after_comma)
    if before in ("as", *BE):
        return False  # "as long as 20 years", "was back"
    if p.lower[i] == "back" and not (p.capital(i - 1) or p.at(i - 2) in w.BEFORE_NOUN):
        return before in _BEFORE_BASE  # not "gives back", but "most voters back", "to back"
    return before in _BEFORE_BASE or before in w.AUXILIARIES or before.endswith(("n't", "s", "ly"))


def complement(p: Phrases, i: int, classes: str, forms: frozenset[str]) -> tuple[int, str] | None:
    """Where that begins which the verb at i reports, and by which of its patterns."""
    j = i + 1
    while (p.at(j).endswith("ly") and j < i + _LONGEST_NOUN) or (
        p.at(j) in _SKIPPED and (p.at(j + 1) in w.COMPLEMENTIZERS or p.at(j + 1) == "to")
    ):
        j += 1
    if p.lower[i] in ("call", "calls", "called", "calling"):
        if p.at(j) in _CALLED:
            return None
        if p.at(j) in _CALLED_ON:
            return _clause(p, i, j, classes)
    if p.lower[i].startswith(("respond", "repl")) and any(
        p.at(k) in _NOTHING or p.at(k).endswith("n't") for k in range(i - 4, i)
    ):  # "did not respond to a letter"
        return (j, CLAUSE) if p.at(j) in w.COMPLEMENTIZERS or p.quote_at(j) else None
    asked = p.at(i - 1) == "," and p.lower[i] in ("asked", "told", "urged")
    if asked and p.subject(i) is None:
        return j, PASSIVE  # "Smith, asked whether …"
    if p.quote_at(j):
        return j, CLAUSE
    if p.at(j) in (":", ",") and p.quote_at(j + 1):
        return j + 1, CLAUSE
    if "pp" in forms and (p.at(i - 1) in BE or p.at(i - 2) in BE):
        told = p.lower[i] in w.PASSIVES and p.at(j) in _AFTER_PASSIVE
        return (j, PASSIVE) if told else None
    if p.lower[i] in ("told", "tell", "tells", "telling") and p.find(j, _TALES, 5, _NO_NOUN):
        return None
    return _clause(p, i, j, classes) or _phrase(p, j, classes)


def _clause(p: Phrases, i: int, j: int, classes: str) -> tuple[int, str] | None:
    """`said [that] it rains`, `wondered whether`, `vowed to stay`, `urged him to stay`."""
    plain = CLAUSE in classes
    if p.lower[i] in _WITH_LISTENER and (who := p.find(j + 1, _WHO, 7, _BEFORE_WHO)) is not None:
        return _behind_listener(p, i, who)
    if plain or "T" in classes:
        that = p.find(j, w.COMPLEMENTIZERS, 9 if plain else 1, w.clause_words())
        if that is not None and (that == j or p.lower[that] == "that"):
            return that, CLAUSE
    if INFINITIVE in classes:
        to = p.find(j, ("to",), 8, BREAKS)
        if to is not None and p.at(to + 1) in w.DETERMINERS:
            to = None  # "agreed to the terms"
        if to is not None and (to == j or not plain):
            return j, INFINITIVE
    if plain and p.at(j) == ":":
        return j + 1, CLAUSE
    if p.at(j) in BREAKS or p.at(j) in _NO_CLAUSE:
        return None
    if plain:
        first = after_addressee(p, i, j)
        return (first, CLAUSE) if first == j or _tells(p, first) else None
    if "T" in classes and p.at(j) not in _NO_NOUN and _shows(p, i, j):
        return j, CLAUSE
    return None


def _behind_listener(p: Phrases, i: int, who: int) -> tuple[int, str] | None:
    """`told the man who had asked that …`: neither he nor the clause about him is said."""
    asked = p.lower[i].startswith("ask")
    far = min(p.n, who + _LONGEST_CLAUSE)
    behind = range(who, next((k for k in range(who, far) if p.lower[k] in STOPS), far))
    for wanted in (("whether", "if") if asked else ("that",), ("to",)):
        for k in behind:
            to = "to" in wanted
            if p.quote_at(k) or (p.lower[k] in wanted and not (to and p.capital(k + 1))):
                return k, INFINITIVE if to else CLAUSE
    return None


def _tells(p: Phrases, first: int) -> bool:
    """Whether a clause follows a listener: not in `told friends at the pier`."""
    return (
        p.at(first) not in w.PREPOSITIONS
        or p.find(first, w.FINITE, _LONGEST_CLAUSE, STOPS) is not None
    )


def _shows(p: Phrases, i: int, j: int) -> bool:
    """`the study shows [that] the pier sinks`, `he knew [that] it would rain`."""
    finite = p.find(j + 1, w.FINITE, _LONGEST_NOUN, _NO_NOUN)
    subject = p.subject(i)
    evidence = subject is not None and not w.EVIDENCE.isdisjoint(p.lower[slice(*subject)])
    if p.lower[i].startswith(("ensur", "convinc", "persuad")):
        return False
    return finite is not None or evidence


def _phrase(p: Phrases, j: int, classes: str) -> tuple[int, str] | None:
    """`spoke of war`, `condemned the strike`."""
    following = p.at(j)
    if PREPOSITION in classes and following in w.PREPOSITIONS:
        return j + 1, PREPOSITION
    none = following in BREAKS or following in w.PREPOSITIONS
    if OBJECT in classes and not none and following not in _NO_OBJECT:
        return j, OBJECT
    return None


def after_addressee(p: Phrases, i: int, j: int) -> int:
    """Skip whom the words were told, and when: `told reporters on Monday the talks …`."""
    if p.lower[i] in ADDRESSED:
        j += 2 if p.at(j) in w.DETERMINERS else 1
        far = j + _LONGEST_NOUN
        while j < far and (p.capital(j) or (p.at(j) in ("in", "at") and p.capital(j + 1))):
            j += 1
    while j + 1 < p.n and (
        p.at(j) in w.TIME_WORDS or (p.at(j) in ("on", "in") and p.at(j + 1) in w.TIME_WORDS)
    ):
        j += 1
    return j


# Cues behind, or in the middle of, what they report: `…, officials said`.
_NOT_INVERTED = w.word_set("told asked think thought believe believed feels hopes fear urged")
PARTICLES = {"put": "it", "pointed": "out", "points": "out", "went": "on"}
_OBJECTS = w.word_set("him her them us me you it reporters")
_QUANTIFIERS = w.word_set("several many most two three")
_DASHES = frozenset(",—–")
# A sentence that begins so has an adverbial before its cue ("In Kyiv, officials said …").
_ADVERBIAL = w.word_list("adverbial_starters")
_LONG_ADVERBIAL = 9
# What such a sentence begins with is said, too, if it is a clause: "If it rains, she said, …".
_CLAUSE_OPENS = w.CONJUNCTIONS - {"and", "but", "since", "after", "before"}


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
    following = p.at(after + 1)
    aside = following.endswith("ing") or (quoted and following not in ("and", "but", "that"))
    goes_on = p.quote_at(after + 1) or (p.at(after) == "," and not aside and inverted is None)
    if not quoted and not _can_be_reported(p, left, start, after, inverted is not None):
        # "In spring, she said, the council should …": what follows is said.
        if not goes_on or p.quote_at(after + 1) or following in w.CONJUNCTIONS:
            return None
        left = left if p.lower[left] in _CLAUSE_OPENS else start
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
    while p.at(after).endswith("ly") and after < i + _LONGEST_NOUN:
        after += 1
    if p.lower[i] in ADDRESSED:  # "…, Smith told the Gazette."
        behind = after_addressee(p, i, after)
        if p.quote_at(start - 1) or p.quote_at(start - 2) or p.at(behind) in ".;,":
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
    named = p.capital(i + 1) or follower in w.DETERMINERS or follower in _QUANTIFIERS
    if not (quoted or named):
        return None
    if follower in BREAKS or follower in w.TAIL_STARTERS or follower in w.COMPLEMENTIZERS:
        return None
    stop = p.phrase_end(i + 1)
    ends = p.at(stop) in ".;"
    if quoted:
        return stop
    # Without a quotation only at the end of a sentence, or before an apposition: "…, wrote Smith",
    # "…, said the envoys", "…, said Ada Smith, the envoy".
    said = p.lower[i] in ("said", "says", "say")
    ends = ends or (
        said and p.at(stop) == "," and (p.capital(i + 1) or p.at(stop + 1) in RELATIVES)
    )
    officials = said and (follower in w.DETERMINERS or follower in _QUANTIFIERS)
    officials = officials and p.find(i + 2, w.AUXILIARIES, stop - i - 2, ()) is None
    return stop if ends and stop - i < 9 and (officials or p.capital(stop - 1)) else None


def _can_be_reported(p: Phrases, left: int, start: int, after: int, inverted: bool) -> bool:
    """Whether the words before the cue are a clause, and not an adverbial of what follows."""
    if p.lower[left] in ("but", "and") and start - left > 2:
        left += 1
    if start - left < 3:  # "Missiles, he says, should answer missiles"
        opens = p.lower[left] in w.CONJUNCTIONS or p.lower[left] in w.TAIL_STARTERS
        return p.at(after) == "," and not opens
    if p.lower[left] not in _ADVERBIAL:
        return True
    told_after = p.quote_at(after + 1) or p.find(after, (":",), 10, (",",)) is not None
    return start - left > _LONG_ADVERBIAL and (inverted or not told_after)
