"""How the gap before a token grows, character by character: the steps of the kernel's scan."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from analysis.tokens import characters as c

# What has been seen last since the token: nothing, a space or a dash, another mark, a full stop
# right after the token, any other end of a sentence, a hyphen right after a mark. Closing quotes
# and brackets leave a sentence's end as it is.
AFTER_TOKEN, AFTER_SPACE, AFTER_MARK, AFTER_STOP, AFTER_TERMINATOR, AFTER_HYPHEN = range(6)
POSSESSIVE = c.WORD + 1  # an apostrophe that may be one; right after a token it is no mark
_MARKS = {
    c.STOP: c.GAP_STOP,
    c.SLASH: c.GAP_SLASH,
    c.AMPERSAND: c.GAP_AMPERSAND,
    c.SIGN: c.GAP_SIGN,
}


@cache
def steps() -> NDArray[np.uint8]:
    """For each state and kind of character: what is kept of the gap, what is added, and the state.

    The end of a sentence stays one, whatever follows it.
    """
    table = np.zeros((6, POSSESSIVE + 1, 3), np.uint8)
    for state in range(len(table)):
        for kind in range(POSSESSIVE + 1):
            table[state, kind] = _step(state, kind)
    table.setflags(write=False)
    return table


def _step(state: int, kind: int) -> tuple[int, int, int]:
    if kind in (c.INVISIBLE, c.MARK):
        return 255, 0, state
    kept, mark, after = 255, _MARKS.get(kind, c.GAP_PUNCTUATION), AFTER_MARK
    if state == AFTER_HYPHEN:  # no token follows it: it was a dash
        kept, mark = 255 - c.GAP_HYPHEN, mark | c.GAP_PUNCTUATION
    if kind == c.BREAK or (kind == c.SPACE and state == AFTER_TERMINATOR):
        return 0, c.GAP_SENTENCE, AFTER_SPACE
    if kind == c.SPACE:
        added = {AFTER_STOP: c.GAP_SENTENCE, AFTER_HYPHEN: c.GAP_PUNCTUATION}.get(state, 0)
        return kept, added, AFTER_SPACE
    if kind == c.STOP:
        after = AFTER_STOP if state == AFTER_TOKEN else AFTER_TERMINATOR
    elif kind == c.TERMINATOR:
        after = AFTER_TERMINATOR
    elif kind == POSSESSIVE and state == AFTER_TOKEN:
        mark = 0
    elif kind in (c.CLOSER, c.APOSTROPHE, POSSESSIVE) and state in (AFTER_STOP, AFTER_TERMINATOR):
        after = state
    elif kind == c.HYPHEN and AFTER_MARK <= state <= AFTER_TERMINATOR:
        mark, after = c.GAP_HYPHEN, AFTER_HYPHEN
    elif kind == c.HYPHEN:
        after = AFTER_SPACE
    return kept, mark, after
