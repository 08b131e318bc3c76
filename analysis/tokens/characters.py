"""The kind of every character, as the tokenizer sees it."""

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

# Kinds of characters. WORD (letters L* and numbers N*) begins and continues a token; MARK (M*)
# only continues one; APOSTROPHE and HYPHEN join two runs; INVISIBLE is as if it were not there.
# The others stand between tokens and differ only in what they say about the end of a sentence.
OTHER, SPACE, BREAK, STOP, TERMINATOR, CLOSER, APOSTROPHE, HYPHEN, MARK, INVISIBLE, WORD = range(11)

# What comes between a token and the one before it in the same text: spaces only, other characters,
# the end of a sentence, or (in the kernel alone) a full stop that may be one, and such a full stop
# before A to Z.
GAP_SPACE, GAP_PUNCTUATION, GAP_SENTENCE, GAP_STOP, GAP_STOP_CAPITAL = 0, 1, 2, 3, 4

# Apostrophes: typewriter, typographic, and the letter that Ukrainian and others use for it.
APOSTROPHES = "'\u2019\u02bc"
# Hyphens: hyphen-minus, hyphen, non-breaking hyphen. Dashes separate.
HYPHENS = "-\u2010\u2011"
LINE_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
# Other marks than the full stop that end a sentence: Latin, Greek, Armenian, Arabic, Devanagari,
# Ethiopic, and the wide forms.
TERMINATORS = (
    "!?\u2026\u037e\u0589\u061f\u06d4\u0964\u0965\u1362\u203c\u203d\u2047\u2048\u2049"
    "\u3002\uff01\uff0e\uff1f\uff61"
)
# What may stand between the mark that ends a sentence and the space: closing quotes, brackets.
CLOSERS = '"\u201c\u2018'

# Default_Ignorable_Code_Point of the Unicode Character Database (DerivedCoreProperties.txt):
# soft hyphens, zero-width spaces and joiners, direction marks, variation selectors, fillers.
INVISIBLES = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
)  # fmt: skip

# Planes 0 to 3 have a kind each. Above them only these are assigned, and private use.
KIND_LIMIT = 0x40000
TOP_INVISIBLES = (0xE0000, 0xE0FFF)

_BY_CATEGORY = {"L": WORD, "N": WORD, "M": MARK}


@cache
def kinds() -> NDArray[np.uint8]:
    """The kind of each code point below KIND_LIMIT."""
    table = np.fromiter(map(_kind_by_category, range(KIND_LIMIT)), np.uint8, KIND_LIMIT)
    for characters, kind in (
        (LINE_BREAKS, BREAK), (".", STOP), (TERMINATORS, TERMINATOR), (CLOSERS, CLOSER),
        (APOSTROPHES, APOSTROPHE), (HYPHENS, HYPHEN),
    ):  # fmt: skip
        table[[ord(character) for character in characters]] = kind
    for first, last in INVISIBLES:
        table[first : last + 1] = INVISIBLE
    table.setflags(write=False)
    return table


def _kind_by_category(point: int) -> int:
    category = unicodedata.category(chr(point))
    if category in ("Pe", "Pf"):
        return CLOSER
    if chr(point).isspace():
        return SPACE
    return _BY_CATEGORY.get(category[0], OTHER)
