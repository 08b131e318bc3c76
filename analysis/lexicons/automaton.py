"""The compiled search: patterns, as an automaton (see `search`), in a stream of tokens."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.tokens import GAP_AMPERSAND, GAP_HYPHEN, GAP_SENTENCE, GAP_SLASH, GAP_STOP
from analysis.tokens.compiled import compiled, inlined, inner

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Ids = NDArray[np.int32]
Int = Any  # an int64, or a bool; to the type checker several things
_ANY, _ONE = ord("*"), ord("?")
_BIT, _SIX, _63 = np.uint64(1), np.uint64(6), np.uint64(63)
_MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
# Terms that may follow another, of which no list is kept.
_MANY = 1000


@inlined
def _crosses(gap: Int, allowed: Int) -> Int:
    """Whether a gap has nothing but what a pattern's has, and the slashes and & of it.

    Within a sentence; where the pattern itself is of two ("No. 10"), it crosses a full stop, too. A
    hyphen is as good as a space.
    """
    needed = allowed & (GAP_SLASH | GAP_AMPERSAND)
    return (allowed == GAP_SENTENCE and gap & ~(GAP_SENTENCE | GAP_STOP) == 0) or (
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


@inlined
def _fits(glob: Bytes, g: Int, end: Int, data: Bytes, i: Int, stop: Int) -> Int:
    """Whether a word with wildcards, from `g` on, matches the bytes from i to stop.

    No more than one * is gone back over, so that no word is slow.
    """
    star, tried = -1, i
    while i < stop or g < end:
        if g < end and glob[g] == _ANY:
            star, tried, g = g, i, g + 1
            if g == end:
                return True
        elif g < end and i < stop and (glob[g] == _ONE or glob[g] == data[i]):
            i += 1
            if glob[g] == _ONE:
                while i < stop and data[i] & 0xC0 == 0x80:
                    i += 1
            g += 1
        elif star < 0 or tried >= stop:
            return False
        else:
            tried, g = tried + 1, star + 1
            while tried < stop and data[tried] != glob[g] and glob[g] != _ONE:
                tried += 1
            i = tried
    return True


@inlined
def _compared(glob: Bytes, g: Int, end: Int, data: Bytes, i: Int, stop: Int) -> Int:
    """Below 0, 0 or above 0, as a term comes before, begins with, or comes after some letters."""
    while g < end:
        if i == stop or data[i] != glob[g]:
            return -1 if i == stop or data[i] < glob[g] else 1
        g, i = g + 1, i + 1
    return 0


@inner
def _letters(data: Bytes, start: Int, end: Int) -> np.uint64:
    """A bit for each letter that is there, wildcards aside; a few letters share one."""
    letters = np.uint64(0)
    for i in range(start, end):
        if data[i] != _ANY and data[i] != _ONE:
            letters |= _BIT << (np.uint64(data[i]) & _63)
    return letters


@inner
def _put_matching(
    data: Bytes, offsets: Places, letters: Any, glob: Bytes, start: Int, end: Int, found: Places,
    used: Int,
) -> Int:  # fmt: skip
    """Put the places of the terms that a word matches into `found`; gives how many are there."""
    head = start
    while head < end and glob[head] != _ANY and glob[head] != _ONE:
        head += 1
    n, needed = len(offsets) - 1, _letters(glob, head, end)
    first, beyond = 0, n
    while first < beyond:
        middle = (first + beyond) >> 1
        if _compared(glob, start, head, data, offsets[middle], offsets[middle + 1]) < 0:
            first = middle + 1
        else:
            beyond = middle
    for term in range(first, n):
        at, stop = offsets[term], offsets[term + 1]
        if _compared(glob, start, head, data, at, stop) > 0:
            break
        if len(letters) and needed & ~letters[term]:
            continue
        if _fits(glob, head, end, data, at + head - start, stop):
            found[used] = term
            used += 1
        elif head == end:
            break  # without a wildcard, only the first can be it
    return used


@compiled
def terms_matching(
    data: Bytes, offsets: Places, globs: Bytes, bounds: Places
) -> tuple[Places, Places]:
    """The places of the sorted terms that each word with wildcards matches, and their bounds.

    The letters before the first wildcard give a range of the terms; only within it are they looked
    at one by one. Both come as UTF-8 and the offsets in it.
    """
    found, found_of = np.empty(1024, np.int64), np.zeros(len(bounds), np.int64)
    # Words that begin with a wildcard look at every term: its letters tell most of them apart.
    used, open_begun = np.int64(0), False
    for k in range(len(bounds) - 1):
        if bounds[k] < bounds[k + 1]:
            open_begun |= globs[bounds[k]] == _ANY or globs[bounds[k]] == _ONE
    letters = np.empty(len(offsets) - 1 if open_begun else 0, np.uint64)
    for term in range(len(letters)):
        letters[term] = _letters(data, offsets[term], offsets[term + 1])
    for k in range(len(bounds) - 1):
        if len(found) - used < len(offsets):  # room for all terms
            found = np.concatenate((found, np.empty(len(found) + len(offsets), np.int64)))
        used = _put_matching(data, offsets, letters, globs, bounds[k], bounds[k + 1], found, used)
        found_of[k + 1] = used
    return found[:used], found_of


@inlined
def _pair(term: Int, following: Int, bits: Int) -> np.uint64:
    """The bit of two terms in a row."""
    key = (np.uint64(term) * _MIX_1 + np.uint64(following)) * _MIX_2
    return key >> np.uint64(64 - bits)


@inlined
def _has(pairs: Any, bit: np.uint64) -> Int:
    return pairs[bit >> _SIX] >> (bit & _63) & _BIT == _BIT


@compiled
def _beginnings(n: int, options: Any, states: Places, terms: Places, terms_of: Places) -> Any:
    """An index of matches by their first two terms, so that most tokens are passed over at once.

    The options that begin with term t are ``begin[begin_of[t]:begin_of[t + 1]]``. ``kind[t]`` is 0
    if there are none; 1 if the term after t must make a pair with it that has a bit in `pairs`, a
    table of 2 ** `bits` bits; and 2 if one of the options is `free`: any term may follow, or none.
    """
    begin_of, kind = np.zeros(n + 2, np.int64), np.zeros(n, np.uint8)
    free, n_pairs = np.zeros(states[1], np.bool_), 0
    for option in range(states[1]):
        glob, state, following = options[option, 0], options[option, 2], 0
        for place in range(states[state], states[state + 1]) if state >= 0 else range(0):
            following += terms_of[options[place, 0] + 1] - terms_of[options[place, 0]]
        free[option] = state < 0 or following > _MANY
        n_pairs += (terms_of[glob + 1] - terms_of[glob]) * following * (not free[option])
        for term in terms[terms_of[glob] : terms_of[glob + 1]]:
            begin_of[term + 2] += 1
            kind[term] = max(kind[term], 1 + free[option])
    begin_of, bits = np.cumsum(begin_of), 12
    while bits < 24 and 1 << bits < 16 * n_pairs:
        bits += 1
    begin, pairs = np.empty(begin_of[-1], np.int64), np.zeros(1 << (bits - 6), np.uint64)
    for option in range(states[1]):
        glob, state = options[option, 0], options[option, 2]
        for term in terms[terms_of[glob] : terms_of[glob + 1]]:
            begin[begin_of[term + 1]] = option
            begin_of[term + 1] += 1
            for place in range(0) if free[option] else range(states[state], states[state + 1]):
                then = options[place, 0]
                for following in terms[terms_of[then] : terms_of[then + 1]]:
                    bit = _pair(term, following, bits)
                    pairs[bit >> _SIX] |= _BIT << (bit & _63)
    return kind, begin, begin_of, free, pairs, bits


@inner
def _candidates(
    ids: Ids, start: Int, end: Int, kind: Bytes, pairs: Any, bits: Int, places: Places
) -> Int:
    """Put the places where a match may begin into `places`; gives how many there are."""
    n = np.int64(0)
    for first in range(start, end - 1):  # each has a place to be put into, kept or not
        term = ids[first]
        fits = _has(pairs, _pair(term, ids[first + 1], bits))
        places[n] = first
        # Whether one may begin is as good as random: arithmetic is faster than a branch here.
        n += np.int64((kind[term] == 2) | ((kind[term] == 1) & fits))
    if start < end and kind[ids[end - 1]] == 2:
        places[n] = end - 1
        n += 1
    return n


@compiled
def matches(
    ids: Ids,
    gaps: Bytes,
    bounds: Places,
    n: int,
    options: Any,
    states: Places,
    state_gaps: Bytes,
    terms: Places,
    terms_of: Places,
) -> Any:
    """Every match of an automaton (see `search`): its number, first and last token.

    Parameters
    ----------
    ids, gaps, bounds, n : as in TokenStream; how many terms there are
    options : int64 array of three columns
        Word with wildcards, whether a hyphen must precede the token, the state after it (or ~n).
    states, state_gaps : arrays
        State k has ``options[states[k]:states[k + 1]]``, the first those that a match begins with;
        the gap that may precede its token.
    terms, terms_of : int64 arrays
        The sorted terms of each word with wildcards, in the same form.
    """
    kind, begin, begin_of, free, pairs, bits = _beginnings(n, options, states, terms, terms_of)
    found, used = np.empty((1024, 3), np.int64), 0
    waiting = np.empty((len(options) + 1, 2), np.int64)
    sizes = np.diff(bounds)
    places = np.empty(sizes.max() if len(sizes) else 0, np.int64)
    for text in range(len(bounds) - 1):
        end = bounds[text + 1]
        for first in places[: _candidates(ids, bounds[text], end, kind, pairs, bits, places)]:
            term = ids[first]
            fits = first + 1 < end and _has(pairs, _pair(term, ids[first + 1], bits))
            for option in begin[begin_of[term] : begin_of[term + 1]]:
                hyphen = options[option, 1] and not gaps[first] & GAP_HYPHEN
                if hyphen or not (fits or free[option]):
                    continue
                waiting[0, 0], waiting[0, 1], left = options[option, 2], first, 1
                while left:
                    left -= 1
                    state, last = waiting[left, 0], waiting[left, 1]
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
                            waiting[left, 0], waiting[left, 1] = options[place, 2], last
                            left += 1
    return found[:used]


@compiled
def standing(owner: Places, first: Places, last: Places) -> NDArray[np.bool_]:
    """Which matches share no token with an earlier one of the same owner.

    Those of an owner follow each other.
    """
    n = last.max() + 1 if len(last) else 0
    taken, stands = np.zeros(n, np.int32), np.empty(len(owner), np.bool_)
    for k in range(len(owner)):
        stands[k] = True
        for token in range(first[k], last[k] + 1):
            stands[k] &= taken[token] != owner[k] + 1
        if stands[k]:
            taken[first[k] : last[k] + 1] = owner[k] + 1
    return stands
