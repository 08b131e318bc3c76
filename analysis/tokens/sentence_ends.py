"""Where a full stop ends a sentence.

Not after a single letter, nor after an abbreviation; but always before a word such as "They".
"""

from functools import cache
from string import ascii_lowercase

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.tokens.rules import TermRules, normalize
from analysis.tokens.word_lists import abbreviations, sentence_starters

_ONLY_CASE = TermRules(possessives=False)


def leaves_open(word: str, following: str = "") -> bool:
    """Whether a full stop between these words leaves the sentence open.

    Examples
    --------
    >>> leaves_open("Gen"), leaves_open("S"), leaves_open("peace")
    (True, True, False)
    >>> leaves_open("S", "They"), leaves_open("S", "Senate")
    (False, True)
    """
    if following[:1].isupper() and following.lower() in sentence_starters():
        return False
    folded = normalize(word, _ONLY_CASE)
    return (len(folded) == 1 and folded.isalpha()) or folded in abbreviations()


def all_leave_open(words: pa.LargeStringArray) -> NDArray[np.bool_]:
    """`leaves_open` for each of many words."""
    found = pc.is_in(pc.ascii_lower(words), value_set=_ascii_words()).to_numpy(False)
    found = np.array(found, bool)
    for place in np.flatnonzero(~pc.string_is_ascii(words).to_numpy(False)):
        found[place] = leaves_open(words[place].as_py())
    return found


def all_begin(words: pa.LargeStringArray) -> NDArray[np.bool_]:
    """Whether each word, capitalised, begins a sentence, whatever comes before it."""
    # Of "It's" and "You’re" the first part decides.
    parts = pc.replace_substring_regex(pc.ascii_lower(words), r"[^a-z].*", "")
    starters = pa.array(sentence_starters(), pa.large_string())
    begin: NDArray[np.bool_] = pc.is_in(parts, value_set=starters).to_numpy(False)
    return begin


@cache
def _ascii_words() -> pa.Array:
    return pa.array([*ascii_lowercase, *abbreviations()], pa.large_string())
