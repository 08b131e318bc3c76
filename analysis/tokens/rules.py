"""From the string of a token to the term that it is counted under."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from analysis.errors import CountsError
from analysis.tokens.characters import APOSTROPHES, HYPHENS, INVISIBLES, TOP_INVISIBLES
from analysis.tokens.languages import lemmatizer, stemmer


@dataclass(frozen=True)
class TermRules:
    """How token strings become terms.

    The steps, in this order: spelling (NFC, invisible characters removed, one apostrophe and one
    hyphen for all their forms), case, possessives, clitics, numbers, stop
    words, lemma or stem, length.

    Parameters
    ----------
    fold_case : bool
        Case folding (``str.casefold``).
    possessives : bool
        Cut a possessive ``'s`` from the end. (A bare apostrophe after s never is part of a token.)
        English contractions such as "it's" end alike and become "it".
    stem : str, optional
        A Snowball language, such as "english", "russian" or "pl"; NLTK's stemmer where it has one.
    stop_words : tuple of str, optional
        Terms to leave out; ``tokens.STOP_WORDS["english"]`` is a list that fits this tokenizer.
    min_length : int
        Terms with fewer characters are left out.
    numbers : bool
        Keep tokens without a letter.
    ngrams : int
        Up to how many neighbouring terms are counted together, as further terms joined by a
        space. They stay within a sentence, and a term that is left out separates its neighbours.
    lemma : str, optional
        A language of simplemma's dictionaries, such as "de": each term becomes its lemma, folded.
    clitics : bool
        Cut what Arabic and Hebrew write onto the beginning of a word: the article with what is
        before it (ال بال كال لل), where two letters are left; و ب ل alone, and ו ה ב ל, where
        three are; again where that leaves one more. Vowel points and the tatweel go, too. A
        lexicon's patterns are folded alike, so that حوار matches والحوار. Letters decide, not a
        dictionary: a word may lose a letter of its root (הסכם becomes סכם), in texts and
        patterns alike.

    Raises
    ------
    CountsError
        If a number is below 1, `stop_words` is one string, or there is no such stemmer or lemma,
        or both are given.

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
    lemma: str | None = None
    clitics: bool = False

    def __post_init__(self) -> None:
        for name in ("min_length", "ngrams"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise CountsError(f"TermRules: {name}={value!r} must be an integer of at least 1.")
        if isinstance(self.stop_words, str) or not isinstance(self.stop_words, Iterable | None):
            raise CountsError(
                f"TermRules: stop_words={self.stop_words!r} must be a sequence of terms; for a "
                'list of ours write tokens.STOP_WORDS["english"].'
            )
        if self.stop_words is not None:
            object.__setattr__(self, "stop_words", tuple(self.stop_words))
        if self.stem is not None and self.lemma is not None:
            raise CountsError(
                f"TermRules: stem={self.stem!r} and lemma={self.lemma!r} exclude each other."
            )
        if self.stem is not None:
            stemmer(self.stem)
        if self.lemma is not None:
            lemmatizer(self.lemma)

    @property
    def only_spelling(self) -> bool:
        """Whether every token is kept, whole."""
        folded = self.stem is None and self.lemma is None and not self.stop_words
        return folded and self.min_length == 1 and self.numbers


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
        term = stemmer(rules.stem)(term)
    elif rules.lemma is not None:
        term = normalize(lemmatizer(rules.lemma)(term), rules)
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
    return without_clitics(term) if rules.clitics and not term.isascii() else term


# Points of both scripts, and the tatweel.
_POINTS = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670]")
_ARABIC, _HEBREW = "[\u0621-\u064a]", "[\u05d0-\u05ea]"
_CLITICS = re.compile(
    # wa- or fa-, then al-, bi-l-, ka-l- or li-l-; wa-, bi-, li- without the article
    f"(?:[\u0648\u0641](?={_ARABIC}{{4}}))?(?:[\u0628\u0643]?\u0627\u0644|\u0644\u0644)(?={_ARABIC}{{2}})"
    f"|(?:\u0648?[\u0628\u0644]|\u0648)(?={_ARABIC}{{3}})"
    # ve-, ha-, be-, le-
    f"|[\u05d5\u05d4\u05d1\u05dc](?={_HEBREW}{{3}})"
)


def without_clitics(term: str) -> str:
    """A term without the conjunctions, prepositions and article before it.

    Examples
    --------
    >>> without_clitics("والحوار"), without_clitics("השיחות")
    ('حوار', 'שיחות')
    """
    term = _POINTS.sub("", term)
    # As often as it can be done: a word comes to the same with clitics and without.
    while found := _CLITICS.match(term):
        term = term[found.end() :]
    return term


@cache
def _folded_stop_words(rules: TermRules) -> frozenset[str]:
    return frozenset(normalize(word, rules) for word in rules.stop_words or ())
