"""The kind of every character, as the tokenizer sees it, and what it makes of a gap."""

import re
import unicodedata
from collections import defaultdict
from functools import cache

import numpy as np
from numpy.typing import NDArray

# Kinds of characters. WORD (letters L* and numbers N*) begins and continues a token; MARK (M*)
# only continues one; APOSTROPHE and HYPHEN join two runs; INVISIBLE is as if it were not there.
# The others stand between tokens and differ in what they say about the end of a sentence, and in
# what a phrase may cross. Those from APOSTROPHE on can follow a letter within a token.
OTHER, SPACE, BREAK, STOP, TERMINATOR, CLOSER, SLASH, AMPERSAND, SIGN = range(9)
APOSTROPHE, HYPHEN, MARK, INVISIBLE, WORD = range(9, 14)

# What comes between a token and the one before it in the same text: spaces only, the end of a
# sentence, or the sum of what else stands there: punctuation that has no name of its own here, full
# stops, slashes, ampersands, a hyphen between a mark and the token ("U.S.-led"), colons and signs.
GAP_SPACE, GAP_PUNCTUATION, GAP_SENTENCE, GAP_STOP, GAP_SLASH, GAP_AMPERSAND = 0, 1, 2, 4, 8, 16
GAP_HYPHEN, GAP_SIGN = 32, 64
# In the kernel alone, GAP_SENTENCE + GAP_STOP: a full stop that may end a sentence; before A to Z:
GAP_CAPITAL = 128
# What has been seen last since the token: nothing, a space or a dash, another mark, a full stop
# right after the token, any other end of a sentence, a hyphen right after a mark. Closing quotes
# and brackets leave a sentence's end as it is.
AFTER_TOKEN, AFTER_SPACE, AFTER_MARK, AFTER_STOP, AFTER_TERMINATOR, AFTER_HYPHEN = range(6)
POSSESSIVE = WORD + 1  # an apostrophe that may be one; right after a token it is no mark
_MARKS = {STOP: GAP_STOP, SLASH: GAP_SLASH, AMPERSAND: GAP_AMPERSAND, SIGN: GAP_SIGN}

# Apostrophes: what Unicode lists as confusable with ' (confusables.txt) and texts have in place of
# it: accents, primes, single quotation marks, and letters of Ukrainian, Hawaiian, Uzbek, Armenian,
# Hebrew, Greek and of transliterations.
APOSTROPHES = (
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u0384\u055a\u05f3\u1fbd\u1fbf\u1fef\u1ffd"
    "\u1ffe\u2018\u2019\u201b\u2032\u2035\ua78b\ua78c\uff07\uff40"
)
# Hyphens: hyphen-minus, hyphen, non-breaking hyphen. Dashes separate.
HYPHENS = "-\u2010\u2011"
LINE_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
# Marks that end a sentence without a space after them: Chinese and Japanese, Khmer, Burmese.
UNSPACED_ENDS = "\u3002\uff01\uff1f\uff61\u17d4\u17d5\u104b"
# Other marks than the full stop that end a sentence before a space: Latin, Greek, Armenian, Arabic,
# Devanagari, Ethiopic, and the wide full stop.
TERMINATORS = (
    "!?\u2026\u037e\u0589\u061f\u06d4\u0964\u0965\u1362\u203c\u203d\u2047\u2048\u2049\uff0e"
)
# What may stand between the mark that ends a sentence and the space: closing quotes, brackets.
CLOSERS = '"\u201c'
SLASHES, AMPERSANDS = "/\u2044\u2215\uff0f", "&\ufe60\uff06"
# Beside symbols (S*).
SIGNS = ":%@#\uff1a"

# Default_Ignorable_Code_Point of the Unicode Character Database (DerivedCoreProperties.txt):
# soft hyphens, zero-width spaces and joiners, direction marks, variation selectors, fillers.
INVISIBLES = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
)  # fmt: skip

# Letters and marks of scripts that write no spaces between words, which ICU has dictionaries of:
# Thai, Lao, Burmese, Khmer, kana and Han.
UNSPACED = (
    (0x0E01, 0x0E7F), (0x0E80, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007),
    (0x3021, 0x3029), (0x3031, 0x3035), (0x3038, 0x303C), (0x3041, 0x30FF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
UNSPACED_LETTER = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in UNSPACED) + "]")
# Two letters that no text uses stand in for the wildcards * and ? while a pattern is read.
STAND_INS = "\U0001b170\U0001b171"

# Planes 0 to 3 have a kind each. Above them only these are assigned, and private use.
KIND_LIMIT = 0x40000
TOP_INVISIBLES = (0xE0000, 0xE0FFF)

_BY_CATEGORY = defaultdict(lambda: OTHER, Pe=CLOSER, Pf=CLOSER)
_BY_CATEGORY |= dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No"), WORD)
_BY_CATEGORY |= dict.fromkeys(("Mn", "Mc", "Me"), MARK)
_BY_CATEGORY |= dict.fromkeys(("Sm", "Sc", "Sk", "So"), SIGN)
# No space is beyond this: U+3000 is the last.
_SPACES = 0x3001


def has_unspaced(text: str) -> bool:
    """Whether a text has a letter of a script that writes no spaces between words."""
    return not text.isascii() and UNSPACED_LETTER.search(text) is not None


@cache
def kinds() -> NDArray[np.uint8]:
    """The kind of each code point below KIND_LIMIT."""
    categories = map(unicodedata.category, map(chr, range(KIND_LIMIT)))
    table = np.fromiter(map(_BY_CATEGORY.__getitem__, categories), np.uint8, KIND_LIMIT)
    table[[point for point in range(_SPACES) if chr(point).isspace()]] = SPACE
    for characters, kind in (
        ("_", SPACE), (LINE_BREAKS, BREAK), (UNSPACED_ENDS, BREAK), (".", STOP),
        (TERMINATORS, TERMINATOR), (CLOSERS, CLOSER), (SLASHES, SLASH), (AMPERSANDS, AMPERSAND),
        (SIGNS, SIGN), (APOSTROPHES, APOSTROPHE), (HYPHENS, HYPHEN),
    ):  # fmt: skip
        table[[ord(character) for character in characters]] = kind
    for first, last in INVISIBLES:
        table[first : last + 1] = INVISIBLE
    table.setflags(write=False)
    return table


@cache
def gap_steps() -> NDArray[np.uint8]:
    """For each state and kind of character: what is kept of the gap, what is added, and the state.

    The end of a sentence stays one, whatever follows it.
    """
    table = np.zeros((6, POSSESSIVE + 1, 3), np.uint8)
    for state in range(len(table)):
        for kind in range(POSSESSIVE + 1):
            table[state, kind] = _gap_step(state, kind)
    table.setflags(write=False)
    return table


def _gap_step(state: int, kind: int) -> tuple[int, int, int]:
    if kind in (INVISIBLE, MARK):
        return 255, 0, state
    kept, mark, after = 255, _MARKS.get(kind, GAP_PUNCTUATION), AFTER_MARK
    if state == AFTER_HYPHEN:  # no token follows it: it was a dash
        kept, mark = 255 - GAP_HYPHEN, mark | GAP_PUNCTUATION
    if kind == BREAK or (kind == SPACE and state == AFTER_TERMINATOR):
        return 0, GAP_SENTENCE, AFTER_SPACE
    if kind == SPACE:
        added = {AFTER_STOP: GAP_SENTENCE, AFTER_HYPHEN: GAP_PUNCTUATION}.get(state, 0)
        return kept, added, AFTER_SPACE
    if kind == STOP:
        after = AFTER_STOP if state == AFTER_TOKEN else AFTER_TERMINATOR
    elif kind == TERMINATOR:
        after = AFTER_TERMINATOR
    elif kind == POSSESSIVE and state == AFTER_TOKEN:
        mark = 0
    elif kind in (CLOSER, APOSTROPHE, POSSESSIVE) and state in (AFTER_STOP, AFTER_TERMINATOR):
        after = state
    elif kind == HYPHEN and AFTER_MARK <= state <= AFTER_TERMINATOR:
        mark, after = GAP_HYPHEN, AFTER_HYPHEN
    elif kind == HYPHEN:
        after = AFTER_SPACE
    return kept, mark, after
