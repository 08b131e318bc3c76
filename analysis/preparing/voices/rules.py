"""The rules of reported speech, compiled: tokens of sentences to who says what, by which cue.

A rule asks of what kind a word is; word_lists/kinds.txt says which words those are. Tokens are
counted from the beginning of their sentence, a quotation is one token, and -1 is none. The module
is longer than others: Numba looks only at a function's own file to see whether its kept code is
still current.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.tokens.compiled import compiled, inlined, inner

# fmt: off
(
    NEVER, STOP, BREAK, BREAK_NO_COLON, PAUSE, END, COMMA, COLON, SEMICOLON, DASH,
    COMMA_DASH, COMMA_LONG_DASH, COMMA_COLON, AND_OR_COMMA, COMMA_SEMICOLON_DASH, END_SEMICOLON,
    END_SEMICOLON_COMMA, OPENING, CLOSING, CUE, ACCORDING, VERB, CLAUSE_VERB, THAT_VERB,
    INFINITIVE_VERB, OBJECT_VERB, PREPOSITION_VERB, PAST, PARTICIPLE, ING_FORM, S_FORM,
    TRAILING, NOUN, PROMISE, ADJECTIVE, AFTER_ADJECTIVE, THAT, TO, IS_WAS, RELATIVE, WHO, ABOUT,
    AUXILIARY, LY, ING, ED, CONJUNCTION, AND_OR, AND_BUT, AND_BUT_OR, AND_BUT_THAT, LINK,
    PRONOUN, SUBORDINATOR, DETERMINER, DETERMINER_BUT_SOME, POSSESSIVE, THIS_THAT, SOME,
    BEFORE_NOUN, OF, THAT_TO, PLURAL_NOUN, ALSO_NOUN, AFTER_VERB, AS, AS_BE, BE, APPEARS, BACK,
    BEFORE_BASE, NT_S_LY, SKIPPED, COMPLEMENTIZER, CALL, CALLED, CALLED_ON, RESPOND, NOTHING,
    ASKED, PASSIVE_VERB, AFTER_PASSIVE, TELL, TALE, NO_NOUN, LISTENER_VERB, WHOM, BEFORE_WHO,
    ASK, WHETHER, CLAUSE_WORD, NO_CLAUSE, PREPOSITION, FINITE, EVIDENCE, ENSURE, NO_OBJECT,
    ADDRESSED, IN_AT, ON_IN, TIME, NOT_INVERTED, PUT, POINTED, WENT, PUT_IT, POINTED_OUT,
    WENT_ON, TAIL, LISTENER, QUANTIFIER, SAID, ADVERBIAL, CLAUSE_OPENS, IT, ITS, ALSO_LATER,
    COMMENT, DECLINE, NO_ONE, NO, ONE, REJECT,
    CUE_RU, SPEAKING_RU, PO_RU, WORDS_OF_RU, HOW_RU, THAT_RU, ABOUT_RU, SOMEBODY_RU, ALSO_RU,
    BREAK_RU,
) = range(133)
# fmt: on
# What a verb is followed by, and the patterns of one whose source is not told, and of a source
# that says nothing.
CLAUSE, INFINITIVE, OBJECT, WITH_PREPOSITION, PASSIVE, SILENT = range(1, 7)
LONGEST_SUBJECT, LONGEST_APPOSITION, LONGEST_NAME = 14, 30, 6
LONGEST_NOUN, LONGEST_CLAUSE, LONG_ADVERBIAL = 9, 40, 9
NEAR_RU = 4  # words behind the verb
# Columns of a report: the tokens that a source says or thinks, those of the verb or noun that
# reports, and those of the source. NONE is the source of the cue before; NOBODY is told in "is
# expected to" and "the claim that".
FIRST, LAST, CUE_FIRST, CUE_LAST, SUBJECT_FIRST, SUBJECT_LAST = range(6)
NONE, NOBODY = (-1, -1), (-2, -2)
FOUND, FREE, SINCE = range(3)  # of `state`

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]
Span = tuple[Any, Any]  # first token, and the one behind the last
Int = Any  # an integer, or a bool; to the type checker several things


class Phrases(NamedTuple):
    """A sentence of n tokens."""

    n: Int
    row: Ints  # of `table`, for each token
    table: Flags  # row 0 is that of a full stop
    capitals: Flags  # whether a token has a capital
    quote: Flags  # ... is a quotation
    next_break: Ints  # the first break or quotation from each token on
    next_end: Ints  # the first end of a clause
    next_quote: Ints
    after_pause: Ints  # behind the last pause before each token
    reports: Ints
    state: NDArray[np.int64]  # reports found; tokens before FREE are in them; the sentence's first


@inlined
def at(p: Phrases, i: Int, kind: Int) -> Int:
    """Whether token i is of a kind; beyond either end there are full stops.

    The row of a word that no list has is the last one, -1.
    """
    return p.table[p.row[i] if 0 <= i < p.n else 0, kind]


@inlined
def quote_at(p: Phrases, i: Int) -> Int:
    """Whether token i is a quotation."""
    return 0 <= i < p.n and p.quote[i]


@inlined
def quote_before(p: Phrases, i: Int) -> Int:
    """Whether token i follows a quotation, with or without a comma."""
    return quote_at(p, i - 1) or (at(p, i - 1, COMMA) and quote_at(p, i - 2))


@inlined
def capital(p: Phrases, i: Int) -> Int:
    """Whether token i is a word with a capital."""
    return 0 <= i < p.n and p.capitals[i] and not p.quote[i]


@inner
def find(p: Phrases, i: Int, wanted: Int, limit: Int, stop: Int) -> Int:
    """The first wanted token from i on, unless a stop or a quotation comes before it."""
    for j in range(i, min(p.n, i + limit)):
        if at(p, j, wanted):
            return j
        if at(p, j, stop) or p.quote[j]:
            return -1
    return -1


@inner
def break_after(p: Phrases, i: Int) -> Int:
    """The first break from i on, or the end, if a quotation comes before it."""
    found = p.next_break[i] if i < p.n else p.n
    return p.n if quote_at(p, found) else found


@inner
def clause_start(p: Phrases, i: Int) -> Int:
    """Where that begins which a cue behind it, at i, can report."""
    return p.after_pause[i - 1] if i > 0 else 0


@inner
def clause_end(p: Phrases, i: Int) -> Int:
    """The comma or other break that ends a clause; commas in a list do not."""
    return p.next_end[i] if i < p.n else p.n


@inner
def sentence_end(p: Phrases, i: Int) -> Int:
    """The full stop that ends the sentence, or its end."""
    j = p.n
    while j and at(p, j - 1, END):
        j -= 1
    return max(i, j)


@inner
def subject_of(p: Phrases, verb: Int) -> Span:
    """The noun phrase that is the subject of a verb."""
    j, least = verb - 1, max(0, verb - LONGEST_SUBJECT)
    while j >= least and (at(p, j, AUXILIARY) or at(p, j, LY)):
        j -= 1
    if j >= 0 and (at(p, j, COMMA) or at(p, j, CLOSING)):
        j = before_apposition(p, j)
    if j < 0 or p.quote[j]:
        return NONE
    if at(p, j, BREAK) or at(p, j, CONJUNCTION):
        return (j, j + 1) if at(p, j, RELATIVE) else NONE
    k = j
    while k > 0 and j - k < LONGEST_SUBJECT and not phrase_starts(p, k):
        k -= 1
    return k, j + 1


@inner
def phrase_starts(p: Phrases, k: Int) -> Int:
    """Whether a noun phrase that goes on behind token k begins with it."""
    if at(p, k - 1, BREAK) or p.quote[k - 1]:
        return True
    if at(p, k - 1, AND_OR):  # "Quill and Marsh agreed": one subject
        return not (capital(p, k) and capital(p, k - 2))
    return at(p, k - 1, CONJUNCTION) or at(p, k - 1, WHO) or at(p, k, PRONOUN)


@inner
def before_apposition(p: Phrases, closing: Int) -> Int:
    """From the mark that closes an apposition back to the noun that it explains."""
    comma = at(p, closing, COMMA)
    for k in range(closing - 1, max(-1, closing - LONGEST_APPOSITION), -1):
        if k > 0 and at(p, k, COMMA if comma else OPENING):
            return k - 1
        if p.quote[k] or (comma and at(p, k, STOP)):
            return -1
    return -1


# Verbs: what each is followed by, or what stands before it.


@inner
def is_verb(p: Phrases, i: Int) -> Int:
    """Whether token i, which can be such a verb, is one here and not a noun."""
    b = i - 1
    past, ing, s = at(p, i, PAST), at(p, i, ING_FORM), at(p, i, S_FORM)
    if at(p, b, DETERMINER_BUT_SOME) or (at(p, b, POSSESSIVE) and not (past or ing)):
        return at(p, b, THIS_THAT) and past
    if past or at(p, i, PARTICIPLE):  # "Some said …", "One official said …"
        return at(p, b, SOME) or not at(p, b, BEFORE_NOUN)
    if ing:
        return not at(p, b, OF) or at(p, i + 1, THAT_TO)
    if at(p, b, BEFORE_NOUN):
        return False
    told = at(p, i + 1, AFTER_VERB) or capital(p, i + 1) or quote_at(p, i + 1)
    if s and at(p, i, PLURAL_NOUN) and not told:  # "shop counters", "press reports"
        return False
    if s or not at(p, i, ALSO_NOUN):
        if i == 0 or not at(p, b, BREAK):
            return i > 0
        return quote_before(p, i) or (at(p, b, COMMA) and subject_of(p, i)[0] >= 0)
    if at(p, b, AS_BE):
        return False  # "as long as 20 years", "was back"
    if at(p, i, BACK) and not (capital(p, b) or at(p, i - 2, BEFORE_NOUN)):
        return at(p, b, BEFORE_BASE)  # not "gives back", but "most voters back", "to back"
    return at(p, b, BEFORE_BASE) or at(p, b, AUXILIARY) or at(p, b, NT_S_LY)


@inner
def complement(p: Phrases, v: Int, i: Int) -> tuple[Int, Int]:
    """Where that begins which a verb (its particle at i) reports, and by which of its patterns."""
    j = i + 1
    while (at(p, j, LY) and j < i + LONGEST_NOUN) or (
        at(p, j, SKIPPED) and (at(p, j + 1, COMPLEMENTIZER) or at(p, j + 1, TO))
    ):
        j += 1
    if at(p, i, CALL):
        if at(p, j, CALLED):
            return -1, 0
        if at(p, j, CALLED_ON):
            return clause(p, v, i, j)
    if at(p, i, RESPOND):
        for k in range(i - 4, i):
            if at(p, k, NOTHING):  # "did not respond to a letter"
                told = at(p, j, THAT) or quote_at(p, j)
                return (j, CLAUSE) if told else (j, SILENT) if at(p, i, COMMENT) else (-1, 0)
    if at(p, i, DECLINE):  # "declined for now to comment"
        to = find(p, j, TO, 8, BREAK)
        if to >= 0 and at(p, to + 1, COMMENT):
            return to + 2, SILENT
    if at(p, i - 1, COMMA) and at(p, i, ASKED) and subject_of(p, i)[0] < 0:
        return j, PASSIVE  # "Smith, asked whether …"
    if quote_at(p, j):
        return j, CLAUSE
    if (at(p, j, COLON) or at(p, j, COMMA)) and quote_at(p, j + 1):
        return j + 1, CLAUSE
    if at(p, v, PARTICIPLE) and (at(p, i - 1, BE) or at(p, i - 2, BE)):
        told = at(p, i, PASSIVE_VERB) and at(p, j, AFTER_PASSIVE)
        return (j, PASSIVE) if told else (-1, 0)
    if at(p, i, TELL) and find(p, j, TALE, 5, NO_NOUN) >= 0:
        return -1, 0
    that = find(p, j, THAT, 6, BREAK)
    if at(p, i, REJECT) and that > j and at(p, that - 1, NOUN):
        return -1, 0  # "rejected a claim that …": somebody else's, by the rule of the noun
    first, pattern = clause(p, v, i, j)
    if first >= 0:
        return first, pattern
    if at(p, v, PREPOSITION_VERB) and at(p, j, PREPOSITION):  # "spoke of war"
        return j + 1, WITH_PREPOSITION
    none = at(p, j, BREAK) or at(p, j, PREPOSITION) or at(p, j, NO_OBJECT)
    return (j, OBJECT) if at(p, v, OBJECT_VERB) and not none else (-1, 0)  # "condemned the strike"


@inner
def clause(p: Phrases, v: Int, i: Int, j: Int) -> tuple[Int, Int]:
    """`said [that] it rains`, `wondered whether`, `vowed to stay`, `urged him to stay`."""
    plain, that_verb = at(p, v, CLAUSE_VERB), at(p, v, THAT_VERB)
    if at(p, i, LISTENER_VERB):
        who = find(p, j + 1, WHOM, 7, BEFORE_WHO)
        if who >= 0:
            return behind_listener(p, i, who)
    if plain or that_verb:
        that = find(p, j, COMPLEMENTIZER, 9 if plain else 1, CLAUSE_WORD)
        if that >= 0 and (that == j or at(p, that, THAT)):
            return that, CLAUSE
    if at(p, v, INFINITIVE_VERB):
        to = find(p, j, TO, 8, BREAK)
        # Not "agreed to the terms".
        if to >= 0 and not at(p, to + 1, DETERMINER) and (to == j or not plain):
            return j, INFINITIVE
    if plain and at(p, j, COLON):
        return j + 1, CLAUSE
    if at(p, j, BREAK) or at(p, j, NO_CLAUSE):
        return -1, 0
    if plain:
        first = after_addressee(p, i, j)
        # Not "told friends at the pier".
        told = first == j or not at(p, first, PREPOSITION)
        told = told or find(p, first, FINITE, LONGEST_CLAUSE, STOP) >= 0
        return (first, CLAUSE) if told else (-1, 0)
    shown = that_verb and not at(p, j, NO_NOUN) and shows(p, i, j)
    return (j, CLAUSE) if shown else (-1, 0)


@inner
def behind_listener(p: Phrases, i: Int, who: Int) -> tuple[Int, Int]:
    """`told the man who had asked that …`: neither he nor the clause about him is said."""
    stop, far = who, min(p.n, who + LONGEST_CLAUSE)
    while stop < far and not at(p, stop, STOP):
        stop += 1
    for k in range(who, stop):
        if p.quote[k] or at(p, k, WHETHER if at(p, i, ASK) else THAT):
            return k, CLAUSE
    for k in range(who, stop):
        if at(p, k, TO) and not capital(p, k + 1):
            return k, INFINITIVE
    return -1, 0


@inner
def shows(p: Phrases, i: Int, j: Int) -> Int:
    """`the study shows [that] the pier sinks`, `he knew [that] it would rain`."""
    if at(p, i, ENSURE):
        return False
    if find(p, j + 1, FINITE, LONGEST_NOUN, NO_NOUN) >= 0:
        return True
    first, last = subject_of(p, i)
    while first < last and not at(p, first, EVIDENCE):
        first += 1
    return first < last


@inner
def after_addressee(p: Phrases, i: Int, j: Int) -> Int:
    """Skip whom the words were told, and when: `told reporters on Monday the talks …`."""
    if at(p, i, ADDRESSED):
        j += 2 if at(p, j, DETERMINER) else 1
        far = j + LONGEST_NOUN
        while j < far and (capital(p, j) or (at(p, j, IN_AT) and capital(p, j + 1))):
            j += 1
    while j + 1 < p.n and (at(p, j, TIME) or (at(p, j, ON_IN) and at(p, j + 1, TIME))):
        j += 1
    return j


# Cues behind, or in the middle of, what they report: `…, officials said`.


@inner
def trailing(p: Phrases, i: Int, subject: Span) -> Int:
    """What the verb at i reports of the words before it."""
    inverted = inverted_end(p, i)
    start, after = i, inverted
    if inverted >= 0:
        subject = i + 1, inverted
    else:
        start, after = subject_first(p, i, subject[0])
    if after < 0:
        return -1
    left = clause_start(p, start)
    quoted = quote_at(p, start - 1) or quote_at(p, start - 2)
    aside = at(p, after + 1, ING) or (quoted and not at(p, after + 1, AND_BUT_THAT))
    goes_on = quote_at(p, after + 1) or (at(p, after, COMMA) and not aside and inverted < 0)
    if not quoted and not can_be_reported(p, left, start, after, inverted >= 0):
        # "In spring, she said, the council should …": what follows is said.
        if not goes_on or quote_at(p, after + 1) or at(p, after + 1, CONJUNCTION):
            return -1
        left = left if at(p, left, CLAUSE_OPENS) else start
    cut(p, left)
    add(p, left, start - at(p, start - 1, COMMA_DASH), i, 1, subject)
    if goes_on:  # "…, he said, and …"
        add(p, after + 1, sentence_end(p, after), i, 1, subject)
    return after + goes_on


@inner
def after_particle(p: Phrases, i: Int) -> Int:
    """Behind the particle of the verb at i ("put it", "pointed out"); -1 if it is missing."""
    for verb, particle in ((PUT, PUT_IT), (POINTED, POINTED_OUT), (WENT, WENT_ON)):
        if at(p, i, verb):
            return i + 2 if at(p, i + 1, particle) else -1
    return i + 1


@inner
def subject_first(p: Phrases, i: Int, a: Int) -> tuple[Int, Int]:
    """`…, officials said Monday`: where the subject begins, and the token behind the cue."""
    start, after = a, after_particle(p, i)  # "as Smith put it"
    if a < 1 or at(p, a, RELATIVE) or after < 0:
        return -1, -1
    if at(p, start - 1, AS) and at(p, start - 2, COMMA):
        start -= 1
    quoted = quote_at(p, start - 1) or quote_at(p, start - 2)
    if not at(p, start - 1, COMMA_DASH) and not quote_at(p, start - 1):
        return -1, -1
    while at(p, after, LY) and after < i + LONGEST_NOUN:
        after += 1
    if at(p, i, ADDRESSED):  # "…, Smith told the Gazette."
        behind = after_addressee(p, i, after)
        if quoted or at(p, behind, END_SEMICOLON_COMMA):
            after = behind
    ends = at(p, after, BREAK) or at(p, after, TAIL) or at(p, after, LISTENER)
    if not ends and not quote_at(p, after):
        return -1, -1
    if not quote_at(p, start - 2) and find(p, after, THAT, 10, COMMA) >= 0:
        return -1, -1  # "…, Smith said on Monday that …": what it reports follows
    return start, after


@inner
def inverted_end(p: Phrases, i: Int) -> Int:
    """`…, said Smith`: where the subject behind its verb ends."""
    quoted, f = quote_before(p, i), i + 1
    if at(p, i, NOT_INVERTED) or at(p, i, ING) or quote_at(p, f):
        return -1
    if not quoted and not at(p, i - 1, COMMA_LONG_DASH):
        return -1
    some = at(p, f, DETERMINER) or at(p, f, QUANTIFIER)
    if not (quoted or some or capital(p, f)):
        return -1
    if at(p, f, BREAK) or at(p, f, TAIL) or at(p, f, COMPLEMENTIZER):
        return -1
    stop = f  # the first break or quotation
    while stop < p.n and not at(p, stop, BREAK) and not p.quote[stop]:
        stop += 1
    if quoted:
        return stop
    # Without a quotation only at the end of a sentence, or before an apposition: "…, wrote Smith",
    # "…, said the envoys", "…, said Ada Smith, the envoy".
    said = at(p, i, SAID)
    apposed = said and at(p, stop, COMMA) and (capital(p, f) or at(p, stop + 1, RELATIVE))
    if stop - i >= 9 or not (at(p, stop, END_SEMICOLON) or apposed):
        return -1
    officials = said and some and find(p, i + 2, AUXILIARY, stop - i - 2, NEVER) < 0
    return stop if officials or capital(p, stop - 1) else -1


@inner
def can_be_reported(p: Phrases, left: Int, start: Int, after: Int, inverted: Int) -> Int:
    """Whether the words before the cue are a clause, and not an adverbial of what follows."""
    if at(p, left, AND_BUT) and start - left > 2:
        left += 1
    if start - left < 3:  # "Missiles, he says, should answer missiles"
        return at(p, after, COMMA) and not (at(p, left, CONJUNCTION) or at(p, left, TAIL))
    if not at(p, left, ADVERBIAL):
        return True
    told_after = quote_at(p, after + 1) or find(p, after, COLON, 10, COMMA) >= 0
    return start - left > LONG_ADVERBIAL and (inverted or not told_after)


# A rule gets the token at which it may begin, adds what it finds to the reports, and returns the
# token from which to read on.


@inner
def record(p: Phrases, first: Int, last: Int, cue: Int, size: Int, subject: Span) -> None:
    """Add a report, even an empty one."""
    k = p.state[FOUND]
    p.state[FOUND] = k + 1
    p.reports[k, FIRST], p.reports[k, LAST] = first, last
    p.reports[k, CUE_FIRST], p.reports[k, CUE_LAST] = cue, cue + size
    p.reports[k, SUBJECT_FIRST], p.reports[k, SUBJECT_LAST] = subject


@inner
def add(p: Phrases, first: Int, last: Int, cue: Int, size: Int, subject: Span) -> None:
    """Add the report of a cue of one or two tokens."""
    if last > first:
        record(p, first, last, cue, size, subject)
        p.state[FREE] = max(p.state[FREE], last)


@inner
def cut(p: Phrases, i: Int) -> None:
    """A new cue begins at i: what was reported before it ends there."""
    since, found = p.state[SINCE], p.state[FOUND]
    while found > since and p.reports[found - 1, FIRST] >= i:
        found -= 1
    p.state[FOUND] = found
    while found > since and p.reports[found - 1, LAST] > i:
        found -= 1
        p.reports[found, LAST] = i
    p.state[FREE] = min(p.state[FREE], i)


@inner
def english_cue(p: Phrases, i: Int) -> Int:
    """Whatever the word at i can be a cue of."""
    if at(p, i, ACCORDING) and at(p, i + 1, TO):
        return according(p, i)
    nobody = at(p, i - 1, TO) and nobody_to(p, i - 2)
    if at(p, i, VERB) and not p.quote[i] and is_verb(p, i) and not nobody:
        return verb(p, i)
    if at(p, i, NOUN) and at(p, i + 1, IS_WAS) and at(p, i + 2, THAT):
        return noun(p, i, i + 2)
    if at(p, i, NOUN) and at(p, i + 1, THAT) and not at(p, i - 1, TO):
        return noun(p, i, i + 1)
    place = at(p, i + 2, DETERMINER) or capital(p, i + 2)
    if at(p, i, PROMISE) and at(p, i + 1, TO) and not place:
        return noun(p, i, i + 1)
    if at(p, i, ADJECTIVE) and at(p, i + 1, AFTER_ADJECTIVE):  # "is confident that …"
        predicate = at(p, i - 1, BE) or at(p, i - 1, AUXILIARY) or at(p, i - 1, LY)
        if i >= p.state[FREE] and predicate:
            add(p, i + 1, clause_end(p, i + 1), i, 1, subject_of(p, i))
    return i + 1


@inner
def nobody_to(p: Phrases, i: Int) -> Int:
    """`It is too early [to know whether]`: nobody knows."""
    it, least = i, max(i - 7, -1)
    while it > least and not at(p, it, IT):
        it -= 1
    if it <= least or i - it < 1 or at(p, i, ADJECTIVE):
        return False
    return at(p, it, ITS) or find(p, it + 1, APPEARS, 3, BREAK) >= 0


@inner
def according(p: Phrases, i: Int) -> Int:
    """`According to officials, …` and `…, according to officials`."""
    if i < p.state[FREE] and not at(p, i - 1, COMMA):
        return i + 2
    a, stop = i + 2, break_after(p, i + 2)
    if i == 0:
        named = find(p, stop + 1, COMMA, LONGEST_NAME - 1, STOP)
        if named >= 0 and all_capitals(p, stop + 1, named):
            a, stop = stop + 1, named  # "Moscow's envoy, Andrei Kelin, …"
        after = after_apposition(p, stop)
        add(p, after + 1, sentence_end(p, after), 0, 2, (a, stop))
        return p.n
    left, last, own = clause_start(p, i), i - at(p, i - 1, COMMA), False
    # "A spokesman said the pier was safe, according to the Gazette": that is the spokesman's.
    for k in range(p.state[SINCE], p.state[FOUND]):
        own = own or left <= p.reports[k, FIRST] < left + LONGEST_NAME
    cut(p, last if own else left)
    if not own:
        add(p, left, last, i, 2, (a, stop))
    after = after_apposition(p, stop)
    if at(p, after, COMMA) and find(p, after, FINITE, p.n, NEVER) >= 0:
        add(p, after + 1, sentence_end(p, after), i, 2, (a, stop))
    return p.n


@inner
def all_capitals(p: Phrases, first: Int, last: Int) -> Int:
    """Whether the tokens from first up to last are a name."""
    while first < last and capital(p, first):
        first += 1
    return first >= last


@inner
def after_apposition(p: Phrases, comma: Int) -> Int:
    """The comma behind what is told about a source: `…, who mended it,`."""
    apposed = at(p, comma, COMMA) and at(p, comma + 1, ABOUT)
    return break_after(p, comma + 1) if apposed else comma


@inner
def verb(p: Phrases, i: Int) -> Int:
    """`…, said Smith`, or else `Smith said …`."""
    subject = subject_of(p, i)
    a, within = subject[0], i < p.state[FREE]
    again = restart(p, i, a) if within else -1
    if at(p, i, TRAILING):
        after = trailing(p, i, subject)
        if after >= 0:
            return after
    if within and again < 0:
        return i + 1
    v, i = i, max(i, after_particle(p, i) - 1)
    first, pattern = complement(p, v, i)
    if first < 0:
        return i + 1
    if again >= 0:
        cut(p, again)
    last = clause_end(p, first) if ends_early(p, i, first, pattern, a) else sentence_end(p, first)
    if at(p, a, NO_ONE) or (at(p, a - 1, NO) and at(p, a, ONE)):
        return first  # "Nobody knows whether …"
    if pattern == SILENT:  # "Smith declined to comment, saying …": he is the source of what follows
        record(p, i, i, i, 1, subject)
        return first
    add(p, first, last, v, i - v + 1, subject if pattern != PASSIVE else NOBODY)
    return first


@inner
def ends_early(p: Phrases, i: Int, first: Int, pattern: Int, a: Int) -> Int:
    """Whether what is reported ends with its clause, and not with the sentence."""
    if pattern in (OBJECT, WITH_PREPOSITION) or i == 0:
        return True
    start = a if a >= 0 else i
    if (a >= 0 and at(p, a, RELATIVE) and i > 1) or (start and at(p, start - 1, SUBORDINATOR)):
        return True
    if pattern == PASSIVE:
        return not at(p, first, THAT_TO)
    sure = at(p, first, COMPLEMENTIZER) or at(p, first, PRONOUN) or quote_at(p, first)
    return pattern == CLAUSE and not at(p, i, TRAILING) and not sure


@inner
def restart(p: Phrases, i: Int, a: Int) -> Int:
    """Where a second cue of the sentence cuts off what the first one reports."""
    j = i - 1
    while j > max(0, i - LONGEST_NAME) and (at(p, j, ALSO_LATER) or at(p, j, LY)):
        j -= 1
    trails = at(p, i, TRAILING)
    if at(p, i, ING) and at(p, j, COMMA_SEMICOLON_DASH):
        return j
    if at(p, j, AND_BUT) and trails:
        return j
    if a < 0:
        return -1
    if at(p, i - 1, COMMA) and trails:
        return i - 1  # "Smith, asked whether …, said …"
    k = a - 1
    if k > 0 and at(p, k, LINK):
        return k - 1 if at(p, k - 1, COMMA) and trails else -1
    # An item of a list, which a semicolon ends, begins like what follows one.
    return max(k, 0) if at(p, k if a else p.n - 1, SEMICOLON) else -1


@inner
def noun(p: Phrases, i: Int, first: Int) -> Int:
    """`the claim that …`, `her argument was that …`, `a promise to …`."""
    relative = at(p, first, THAT) and at(p, first + 1, CLAUSE_WORD)
    if i >= p.state[FREE] and not relative:  # not "the claims that were made"
        last = main_verb(p, i, first, clause_end(p, first))
        add(p, first, last, i, 1, NOBODY)
    return i + 1


@inner
def main_verb(p: Phrases, i: Int, first: Int, last: Int) -> Int:
    """Where the clause of a subject ends: `The report that the pier had sunk | was false`."""
    before = i - 1
    while before > i - 2 - LONGEST_NAME and not (
        at(p, before, BREAK) or at(p, before, CLAUSE_WORD)
    ):
        before -= 1
    opens = before > i - 2 - LONGEST_NAME and at(p, before, BREAK)
    if not at(p, first, THAT) or not opens:
        return last
    verbs, k = 1, first + 1  # verbs of this clause, and of those that hang on it, yet to come
    while k < last:
        if at(p, k, COMPLEMENTIZER) or at(p, k, SUBORDINATOR):
            verbs += 1
        elif at(p, k, FINITE) or at(p, k, ED):
            if not verbs and not at(p, k - 1, AND_BUT_OR):
                return k
            verbs = max(verbs - 1, 0)
            while at(p, k + 1, AUXILIARY) or at(p, k + 1, LY):
                k += 1
            k += at(p, k, AUXILIARY)  # "had sunk", "was false"
        k += 1
    return last


@inner
def heading(p: Phrases) -> None:
    """`Smith: we will not`, and `Talks are dead – Russian ambassador`."""
    colon = find(p, 1, COLON, LONGEST_NAME, BREAK_NO_COLON)
    if colon >= 0 and all_capitals(p, 0, colon):
        last = sentence_end(p, colon)
        record(p, colon + 1, last, colon, 1, (0, colon))
    elif p.n and not at(p, p.n - 1, STOP):
        for k in range(p.n - 2, max(2, p.n - 2 - LONGEST_NAME), -1):
            if at(p, k, DASH) and capital(p, k + 1):
                record(p, 0, k, k, 1, (k + 1, p.n))
                break


# Russian: fewer rules than for English, of the same kinds.


@inner
def russian_cue(p: Phrases, i: Int) -> Int:
    """Whatever the word at i can be a cue of."""
    if at(p, i, PO_RU):
        return by_words_of(p, i) if at(p, i + 1, WORDS_OF_RU) else i + 1
    speaking = at(p, i, SPEAKING_RU)
    if i < p.state[FREE] and not (speaking and at(p, i - 1, COMMA)):
        also = before_also(p, i)
        if also < 0:
            return i + 1
        cut(p, also)
    if not speaking and at(p, i - 1, HOW_RU):
        return as_said(p, i)
    if not speaking and trails_russian(p, i):
        return trailing_russian(p, i)
    # `Посол заявил, что …`
    comma, quote = find(p, i + 1, COMMA_COLON, 12, END_SEMICOLON), p.next_quote[i]
    if comma >= 0 and at(p, comma + 1, THAT_RU):
        if i < p.state[FREE]:
            cut(p, i - 1)
        who = NONE if speaking else who_russian(p, i)
        add(p, comma + 1, sentence_end(p, comma), i, 1, who)
    elif quote < p.n:
        add(p, quote, quote + 1, i, 1, who_russian(p, i))
    return i + 1


@inner
def by_words_of(p: Phrases, i: Int) -> Int:
    """`По словам посла, …` and `…, по словам посла`."""
    stop = break_after(p, i + 2)
    if i:
        add(p, 0, i - at(p, i - 1, COMMA), i, 2, (i + 2, stop))
    if at(p, stop, COMMA) and p.state[FOUND] == p.state[SINCE]:
        add(p, stop + 1, p.n, i, 2, (i + 2, stop))
    return p.n


@inner
def who_russian(p: Phrases, i: Int) -> Span:
    """The subject of a verb; none of `…, и добавил`, which has that of the verb before."""
    a, b = subject_of(p, i)
    a += a >= 0 and at(p, a, ALSO_RU)
    return (a, b) if a < b else NONE


@inner
def before_also(p: Phrases, i: Int) -> Int:
    """The comma of `…, а министр ответил, …`, which ends what was reported before."""
    a, _ = subject_of(p, i)
    first = a if a >= 0 else i - 1
    return first - 1 if at(p, first, ALSO_RU) and at(p, first - 1, COMMA) else -1


@inner
def as_said(p: Phrases, i: Int) -> Int:
    """`Как сообщил посол, …` and `…, как сообщил посол, …`."""
    stop = break_after(p, i + 1)
    if at(p, i - 2, COMMA):
        add(p, p.state[FREE], i - 2, i, 1, (i + 1, stop))
    if at(p, stop, COMMA):
        add(p, stop + 1, sentence_end(p, stop), i, 1, (i + 1, stop))
    return p.n


@inner
def trails_russian(p: Phrases, i: Int) -> Int:
    """Whether the verb follows what it reports, and precedes who said it."""
    if i < 2 or at(p, i + 1, BREAK_RU) or at(p, i + 1, ABOUT_RU):
        return False
    if not at(p, i - 1, COMMA):
        return at(p, i - 1, DASH)
    # "Он приехал, сказал речь и уехал": without a dash, it must be somebody.
    k, stop = i + 1, min(i + 1 + NEAR_RU, break_after(p, i + 1))
    while k < stop and not (capital(p, k) or at(p, k, SOMEBODY_RU)):
        k += 1
    return k < stop


@inner
def trailing_russian(p: Phrases, i: Int) -> Int:
    """`…, — заявил посол`, and `…, — заявил посол, — …`, where he goes on."""
    stop, last = break_after(p, i + 1), i - 1
    while last > 0 and (at(p, last - 1, COMMA) or at(p, last - 1, DASH)):
        last -= 1
    add(p, 0, last, i, 1, (i + 1, stop))
    if at(p, stop, COMMA) and at(p, stop + 1, DASH):
        add(p, stop + 2, sentence_end(p, stop), i, 1, (i + 1, stop))
        return p.n
    return stop


# The driver.


@inner
def look_ahead(p: Phrases, break_kind: Int) -> None:
    """For each token: the next break, end of a clause and quotation, and the pause before."""
    next_break = next_end = next_quote = p.n
    for k in range(p.n - 1, -1, -1):
        next_break = k if at(p, k, break_kind) or p.quote[k] else next_break
        ends = at(p, k, STOP)
        if at(p, k, COMMA):  # not one within a list
            link = find(p, k + 1, AND_OR_COMMA, 5, STOP)
            ends = link <= k + 1 or at(p, link, COMMA)
        next_end = k if ends else next_end
        next_quote = k if p.quote[k] else next_quote
        p.next_break[k], p.next_end[k], p.next_quote[k] = next_break, next_end, next_quote
    after_pause = 0
    for k in range(p.n):
        p.after_pause[k] = after_pause
        if at(p, k, PAUSE):
            after_pause = k + 1


@compiled
def find_reports(
    row: Ints,
    table: Flags,
    capitals: Flags,
    quote: Flags,
    bounds: Ints,
    opens: Flags,
    russian: bool,
) -> tuple[Ints, Ints]:
    """The reports of sentences.

    `bounds` are where the tokens of each sentence begin, and `opens` whether it opens a paragraph.
    The first columns of what is returned are named above; then, for each sentence, the numbers of
    reports before it, with its heading, and with all that it reports.
    """
    n = len(row)
    reports, state = np.empty((2 * n + 2, 6), np.int32), np.zeros(3, np.int64)
    numbers, ahead = np.empty((len(opens), 3), np.int32), np.empty((4, n), np.int32)
    cue, break_kind = (CUE_RU, BREAK_RU) if russian else (CUE, BREAK)
    for s in range(len(opens)):
        a, b = bounds[s], bounds[s + 1]
        p = Phrases(
            b - a, row[a:b], table, capitals[a:b], quote[a:b], ahead[0, a:b], ahead[1, a:b],
            ahead[2, a:b], ahead[3, a:b], reports, state,
        )  # fmt: skip
        numbers[s, 0] = state[FOUND]
        if opens[s]:
            heading(p)
        numbers[s, 1] = state[SINCE] = state[FOUND]
        state[FREE], after = 0, -1
        for i in range(p.n):
            if i >= after and at(p, i, cue):
                if after < 0:
                    look_ahead(p, break_kind)
                after = russian_cue(p, i) if russian else english_cue(p, i)
        numbers[s, 2] = state[FOUND]
    return reports[: state[FOUND]], numbers
