"""The words that stand for a missing value."""

WORDS = frozenset(("", "nan", "none", "null", "n/a", "na", "nat", "<na>", "-", "unknown"))
LONGEST = max(map(len, WORDS))


def is_missing(text: str) -> bool:
    """Whether a cell without spaces around it is empty, or says that it is.

    Examples
    --------
    >>> [is_missing(cell) for cell in ("", "N/A", "Unknown", "Unknown Times")]
    [True, True, True, False]
    """
    return len(text) <= LONGEST and text.casefold() in WORDS
