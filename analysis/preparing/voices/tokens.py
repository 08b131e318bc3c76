"""The tokens of sentences, in compiled code: where each starts and ends, and which word it is.

One module: Numba looks only at a function's own file to see whether its kept code is current.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.tokens.compiled import compiled, inlined, inner

LETTER, SPACE, DIGIT, PUNCTUATION, JOINER, APOSTROPHE, UPPER, LOWER = (1 << k for k in range(8))
_CLASSES = {
    LETTER: r"[^\W_]", SPACE: r"\s", DIGIT: r"\d", PUNCTUATION: "[.,;:?!()\\[\\]—–…-]",
    JOINER: "['’.&-]", APOSTROPHE: "['’]", UPPER: "[A-Z]", LOWER: "[a-z]",
}  # fmt: skip
_ABBREVIATED = (
    "Mr Mrs Ms Dr Gen Sen Sens Rep Reps Gov Lt Col Sgt Cpl Maj Capt Adm Jr Sr St Prof Rev No Cmdr"
    " Jan Feb Aug Sept Sep Oct Nov Dec"
)
_LONGEST = 4  # letters of an abbreviation
ABBREVIATED = np.array(
    [int.from_bytes(word.encode(), "big") for word in _ABBREVIATED.split()], np.int64
)
LONGEST_WORD, LONGEST_ENDING = 40, 3
_CASED = 0x3000  # no character from here on is another's small letter in the words of the rules
STOP, COMMA, HYPHEN, AMPERSAND, ASTERISK, R, D, I = (ord(c) for c in ".,-&*RDI")  # noqa: E741

Points = NDArray[np.uint32]
Ints = NDArray[np.int32]
Int = Any


class Characters(NamedTuple):
    """Of each character: its classes as bits, its small letter, and whether it is a capital."""

    classes: NDArray[np.uint8]
    lower: Points
    capital: NDArray[np.bool_]


class Words(NamedTuple):
    """Words in small letters, and endings ("*ing"), in a hash table: `slots` have number + 1."""

    slots: Ints
    points: Points
    bounds: Ints


@cache
def characters() -> Characters:
    """What is known of all characters."""
    every, classes = "".join(map(chr, range(0x110000))), np.zeros(0x110000, np.uint8)
    for bit, pattern in _CLASSES.items():
        for run in re.finditer(f"{pattern}+", every):
            classes[run.start() : run.end()] |= bit
    small = [each.lower() for each in every[:_CASED].replace("’", "'")]
    lower = np.array([ord(each) if len(each) == 1 else 0 for each in small], np.uint32)
    return Characters(classes, lower, np.fromiter(map(str.isupper, every), np.bool_, 0x110000))


def new_words(words: Iterable[str]) -> Words:
    """The table of these words, which are numbered in their order."""
    points = [np.frombuffer(word.encode("utf-32-le"), np.uint32) for word in words]
    bounds = np.cumsum([0, *map(len, points)], dtype=np.int32)
    slots = np.zeros(4 << len(points).bit_length(), np.int32)
    table = Words(slots, np.concatenate(points), bounds)
    _fill(table)
    return table


@inlined
def _add(hashed: np.uint64, point: Int) -> np.uint64:
    return (hashed ^ np.uint64(point)) * np.uint64(0x9E3779B97F4A7C15)


@inlined
def _slot(words: Words, hashed: np.uint64) -> Int:
    return np.int64(hashed >> np.uint64(32)) & (len(words.slots) - 1)


@compiled
def _fill(words: Words) -> None:
    for number in range(len(words.bounds) - 1):
        hashed = np.uint64(0)
        for k in range(words.bounds[number], words.bounds[number + 1]):
            hashed = _add(hashed, words.points[k])
        slot = _slot(words, hashed)
        while words.slots[slot]:
            slot = (slot + 1) & (len(words.slots) - 1)
        words.slots[slot] = number + 1


@inlined
def _small(characters: Characters, point: Int) -> Int:
    return characters.lower[point] if point < len(characters.lower) else point


@inner
def _number(words: Words, characters: Characters, points: Points, i: Int, j: Int, star: Int) -> Int:
    """The number of the word from i to j, or, with a star, of this ending; else -1."""
    hashed = np.uint64(0)
    if star:
        hashed = _add(hashed, ASTERISK)
    for k in range(i, j):
        hashed = _add(hashed, _small(characters, points[k]))
    slot = _slot(words, hashed)
    while words.slots[slot]:
        number = words.slots[slot] - 1
        a, b = words.bounds[number] + star, words.bounds[number + 1]
        k = 0
        while k < j - i and a + k < b:
            if words.points[a + k] != _small(characters, points[i + k]):
                break
            k += 1
        if k == j - i and a + k == b and (words.points[a - star] == ASTERISK or not star):
            return number
        slot = (slot + 1) & (len(words.slots) - 1)
    return -1


@inner
def _known(words: Words, characters: Characters, points: Points, i: Int, j: Int) -> Int:
    """The number of a word, or else that of its longest ending that is known; else -1."""
    number = _number(words, characters, points, i, j, 0) if j - i <= LONGEST_WORD else -1
    for size in range(min(LONGEST_ENDING, j - i), 0, -1):
        if number >= 0:
            break
        number = _number(words, characters, points, j - size, j, 1)
    return number


@inlined
def _is(points: Points, kinds: NDArray[np.uint8], i: Int, end: Int, kind: Int) -> Int:
    return i < end and kinds[points[i]] & kind != 0


@inlined
def _run(points: Points, kinds: NDArray[np.uint8], i: Int, end: Int, kind: Int) -> Int:
    while i < end and kinds[points[i]] & kind:
        i += 1
    return i


@inner
def _initials(points: Points, kinds: NDArray[np.uint8], i: Int, end: Int) -> Int:
    """Behind capitals that a full stop follows each."""
    while _is(points, kinds, i, end, UPPER) and i + 1 < end and points[i + 1] == STOP:
        i += 2
    return i


@inner
def _joined(points: Points, kinds: NDArray[np.uint8], i: Int, end: Int, full_stop: Int) -> Int:
    """Behind the letters and digits that a hyphen, an apostrophe or the like joins to a word."""
    while (
        _is(points, kinds, i, end, JOINER)
        and (full_stop or (points[i] != STOP and points[i] != AMPERSAND))
        and _is(points, kinds, i + 1, end, LETTER)
    ):
        i = _run(points, kinds, i + 1, end, LETTER)
    return i


@inner
def _word_end(points: Points, kinds: NDArray[np.uint8], i: Int, end: Int) -> Int:
    """Where the token ends that begins with a letter or digit at i."""
    stop = _run(points, kinds, i, end, LETTER)
    full = stop < end and points[stop] == STOP
    if full and _is(points, kinds, stop + 1, end, SPACE) and stop - i <= _LONGEST:
        packed: Int = 0
        for k in range(i, stop):
            packed = packed << 8 | np.int64(min(points[k], np.uint32(255)))
        for known in ABBREVIATED:  # "Mr."
            if packed == known:
                return stop + 1
    if full and stop == i + 1:  # "U.S.", "A."
        last = _initials(points, kinds, i, end)
        if last > i + 2 or (last > i and _is(points, kinds, last, end, SPACE)):
            return last
    party = stop == i + 1 and points[i] in (R, D, I)
    if party and stop < end and points[stop] == HYPHEN:  # "R-Ky.", "D-N.Y."
        last = _run(points, kinds, stop + 2, end, LOWER)
        if _is(points, kinds, stop + 1, end, UPPER) and last < end and points[last] == STOP:
            return _initials(points, kinds, last + 1, end)
    digits = _run(points, kinds, i, end, DIGIT)
    last = digits
    while (
        last > i
        and last < end
        and (points[last] == STOP or points[last] == COMMA)
        and _is(points, kinds, last + 1, end, DIGIT)
    ):
        last = _run(points, kinds, last + 1, end, DIGIT)
    if last > digits:  # "5,000-strong"
        return _joined(points, kinds, last, end, False)
    stop = _joined(points, kinds, stop, end, True)
    return stop + _is(points, kinds, stop, end, APOSTROPHE)


@compiled
def find_tokens(
    points: Points, characters: Characters, words: Words, sentences: Ints, spoken: Ints
) -> tuple[Ints, Ints, Ints, NDArray[np.bool_], NDArray[np.bool_], Ints]:
    """Of each token: start, end, number (`_known`), if it has a capital or is a quotation.

    Last is the first token of each sentence. `sentences` are their bounds, and `spoken` the places
    where quotations start, both in order.
    """
    starts, ends, numbers = np.empty((3, len(points)), np.int32)
    capital, quote = np.zeros((2, len(points)), np.bool_)
    bounds = np.empty(len(sentences) + 1, np.int32)
    n = q = 0
    for s in range(len(sentences)):
        bounds[s] = n
        i, end = sentences[s]
        while i < end:
            kind = characters.classes[points[i]]
            if kind & LETTER:
                stop = _word_end(points, characters.classes, i, end)
            elif kind & PUNCTUATION:
                stop = i + 1
            else:
                i += 1
                continue
            while q < len(spoken) and spoken[q] < i:
                q += 1
            starts[n], ends[n], quote[n] = i, stop, q < len(spoken) and spoken[q] == i
            capital[n] = characters.capital[points[i]]
            numbers[n] = _known(words, characters, points, i, stop)
            n, i = n + 1, stop
    bounds[len(sentences)] = n
    return starts[:n], ends[:n], numbers[:n], capital[:n], quote[:n], bounds
