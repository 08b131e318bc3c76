"""The compiled search: patterns, as an automaton (see `search`), in a stream of tokens."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.tokens import GAP_AMPERSAND, GAP_HYPHEN, GAP_SENTENCE, GAP_SLASH
from analysis.tokens.compiled import compiled, inlined

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Ids = NDArray[np.int32]
Bits = NDArray[np.uint64]
Int = Any  # an int64, or a bool; to the type checker several things

# Of a match that may be over with its first token.
ALONE = np.uint64(1 << 63)


@inlined
def _crosses(gap: Int, allowed: Int) -> Int:
    """Whether a gap has nothing but what a pattern's has, and the slashes and & of it.

    Within a sentence; where the pattern itself is of two, it crosses anything. A hyphen is as good
    as a space.
    """
    needed = allowed & (GAP_SLASH | GAP_AMPERSAND)
    return allowed == GAP_SENTENCE or (
        gap | allowed | GAP_HYPHEN == allowed | GAP_HYPHEN and gap & needed == needed
    )


@inlined
def _holds(terms: Places, first: Int, end: Int, term: Int) -> Int:
    """Whether a term is among these, which are sorted: most often a range."""
    if first == end or term < terms[first] or term > terms[end - 1]:
        return False
    if terms[end - 1] - terms[first] == end - 1 - first:
        return True
    while first < end:
        middle = (first + end) >> 1
        if terms[middle] < term:
            first = middle + 1
        else:
            end = middle
    return terms[first] == term


@compiled
def matches(
    ids: Ids,
    gaps: Bytes,
    bounds: Places,
    begins: Places,
    begins_of: Places,
    needs: Bits,
    follows: Bits,
    options: Any,
    states: Places,
    state_gaps: Bytes,
    terms: Places,
    terms_of: Places,
) -> Any:
    """Every match of an automaton (see `search`): its number, first and last token.

    Parameters
    ----------
    ids, gaps, bounds : as in TokenStream
    begins, begins_of : int64 arrays
        The options that a match can begin with, term after term; those of term t are
        ``begins[begins_of[t]:begins_of[t + 1]]``.
    needs, follows : uint64 arrays
        Bits of which the next token's term must have one, for each of `begins` (ALONE: none need
        follow); and the bits that each term has.
    options : int64 array of three columns
        Word with wildcards, whether a hyphen must precede the token, the state after it (or ~n).
    states, state_gaps : arrays
        State k has ``options[states[k]:states[k + 1]]``; the gap that may precede its token.
    terms, terms_of : int64 arrays
        The sorted terms of each word with wildcards, in the same form.
    """
    found, used = np.empty((1024, 3), np.int64), 0
    waiting = np.empty((len(options) + 1, 2), np.int64)
    any_of = np.zeros(len(follows), np.uint64)
    for term in range(len(follows)):
        for k in range(begins_of[term], begins_of[term + 1]):
            any_of[term] |= needs[k]
    begins_any = any_of != 0  # a byte each, which the processor's nearest cache holds
    for text in range(len(bounds) - 1):
        end = bounds[text + 1]
        for first in range(bounds[text], end):
            term = ids[first]
            if not begins_any[term]:  # as most often
                continue
            bits = ALONE | follows[ids[first + 1]] if first + 1 < end else ALONE
            if not any_of[term] & bits:
                continue
            for k in range(begins_of[term], begins_of[term + 1]):
                begin = begins[k]
                if not needs[k] & bits or (options[begin, 1] and not gaps[first] & GAP_HYPHEN):
                    continue
                waiting[0, 0], waiting[0, 1], n = options[begin, 2], first, 1
                while n:
                    n -= 1
                    state, last = waiting[n, 0], waiting[n, 1]
                    if state < 0:
                        if used == len(found):
                            found = np.concatenate((found, np.empty_like(found)))
                        found[used, 0], found[used, 1], found[used, 2] = ~state, first, last
                        used += 1
                        continue
                    last += 1
                    gap = np.int64(gaps[last]) if last < end else np.int64(0)
                    if last == end or not _crosses(gap, np.int64(state_gaps[state])):
                        continue
                    for place in range(states[state], states[state + 1]):
                        glob = options[place, 0]
                        if options[place, 1] and not gap & GAP_HYPHEN:
                            continue
                        if _holds(terms, terms_of[glob], terms_of[glob + 1], ids[last]):
                            waiting[n, 0], waiting[n, 1] = options[place, 2], last
                            n += 1
    return found[:used]


@compiled
def standing(owner: Places, first: Places, last: Places, n: int) -> NDArray[np.bool_]:
    """Which matches share no token with an earlier one of the same owner; of `n` tokens in all.

    Those of an owner follow each other.
    """
    taken, stands = np.zeros(n, np.int32), np.empty(len(owner), np.bool_)
    for k in range(len(owner)):
        stands[k] = True
        for token in range(first[k], last[k] + 1):
            stands[k] &= taken[token] != owner[k] + 1
        if stands[k]:
            taken[first[k] : last[k] + 1] = owner[k] + 1
    return stands
