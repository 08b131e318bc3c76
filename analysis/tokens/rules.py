"""From the string of a token to the term that it is counted under."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from analysis.errors import CountsError
from analysis.tokens.characters import APOSTROPHES, HYPHENS, INVISIBLES, TOP_INVISIBLES


@dataclass(frozen=True)
class TermRules:
    """How token strings become terms.

    The steps, in this order: spelling (NFC, invisible characters removed, one apostrophe and one
    hyphen for all their forms), case, possessives, numbers, stop words, stem, length.

    Parameters
    ----------
    fold_case : bool
        Case folding (``str.casefold``).
    possessives : bool
        Cut a possessive ``'s`` from the end. (A bare apostrophe after s never is part of a token.)
        English contractions such as "it's" end alike and become "it".
    stem : str, optional
        A Snowball language, such as "english" or "russian".
    stop_words : tuple of str, optional
        Terms to leave out; ``tokens.STOP_WORDS["english"]`` is a list that fits this tokenizer.
    min_length : int
        Terms with fewer characters are left out.
    numbers : bool
        Keep tokens without a letter.
    ngrams : int
        Up to how many neighbouring terms are counted together, as further terms joined by a
        space. They stay within a sentence, and a term that is left out separates its neighbours.

    Raises
    ------
    CountsError
        If a number is below 1, `stop_words` is one string, or there is no such stemmer.

    Examples
    --------
    >>> from analysis import TermRules
    >>> from analysis.tokens import count_tokens
    >>> count_tokens(["The minister’s talks"], TermRules(stop_words=("the",)))[0].tolist()
    ['minister', 'talks']
    >>> count_tokens(["Talked of talks"], TermRules(stem="english", ngrams=2))[0].tolist()
    ['of', 'of talk', 'talk', 'talk of']
    """

    fold_case: bool = True
    possessives: bool = True
    stem: str | None = None
    stop_words: tuple[str, ...] | None = None
    min_length: int = 1
    numbers: bool = True
    ngrams: int = 1

    def __post_init__(self) -> None:
        for name in ("min_length", "ngrams"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise CountsError(f"TermRules: {name}={value!r} must be an integer of at least 1.")
        if isinstance(self.stop_words, str):
            raise CountsError(
                f"TermRules: stop_words={self.stop_words!r} must be a sequence of terms; for a "
                'list of ours write tokens.STOP_WORDS["english"].'
            )
        if self.stop_words is not None:
            object.__setattr__(self, "stop_words", tuple(self.stop_words))
        if self.stem is not None:
            _stemmer(self.stem)

    @property
    def only_spelling(self) -> bool:
        """Whether every token is kept, whole."""
        return self.stem is None and not self.stop_words and self.min_length == 1 and self.numbers


_SPELLING = dict.fromkeys(
    point for first, last in (*INVISIBLES, TOP_INVISIBLES) for point in range(first, last + 1)
)
_SPELLING |= dict.fromkeys(map(ord, APOSTROPHES), "'")
_SPELLING |= dict.fromkeys(map(ord, HYPHENS), "-")


def fold(string: str, rules: TermRules = TermRules()) -> str:
    r"""The term that a token string is counted under; empty where the rules leave it out.

    Examples
    --------
    >>> fold("Minister’s"), fold("co\u200boperation"), fold("ΛΌΓΟΣ")
    ('minister', 'cooperation', 'λόγοσ')
    """
    return finish(normalize(string, rules), rules)


def finish(term: str, rules: TermRules) -> str:
    """The second half of `fold`: numbers, stop words, stem and length of a normalized term."""
    if rules.only_spelling:
        return term
    if not rules.numbers and not any(map(str.isalpha, term)):
        return ""
    if rules.stop_words and term in _folded_stop_words(rules):
        return ""
    if rules.stem is not None:
        term = _stemmer(rules.stem)(term)
    return term if len(term) >= rules.min_length else ""


def normalize(string: str, rules: TermRules = TermRules()) -> str:
    """The first half of `fold`: spelling, case and possessives."""
    if string.isascii():
        term = string.replace("`", "'")
        term = term.lower() if rules.fold_case else term
    else:
        term = unicodedata.normalize("NFC", string.translate(_SPELLING))
        if rules.fold_case:
            # İ becomes i and a dot above, which i has already. Case folding can undo NFC (ǰ becomes
            # j and a caron), so NFC comes last, too.
            term = unicodedata.normalize("NFC", term.casefold().replace("i\u0307", "i"))
    if rules.possessives and term.endswith(("'s", "'S")):
        term = term[:-2]
    return term


@cache
def _folded_stop_words(rules: TermRules) -> frozenset[str]:
    return frozenset(normalize(word, rules) for word in rules.stop_words or ())


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    from nltk.stem.snowball import SnowballStemmer

    if language not in SnowballStemmer.languages:
        raise CountsError(
            f"TermRules: stem={language!r} is unknown; allowed are "
            f"{', '.join(SnowballStemmer.languages)}, or None."
        )
    stem: Callable[[str], str] = SnowballStemmer(language).stem
    return stem
