"""Lexicon patterns: their grammar (docs/lexicons.md), and the terms that they match.

A pattern is read by the tokenizer that reads the text, so both fold alike.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from analysis.errors import LexiconError
from analysis.tokens import GAP_HYPHEN, GAP_SPACE, TermRules, tokenize
from analysis.tokens.characters import STAND_INS

# A pattern that begins with this names a phrase whose tokens do not count.
EXCLUSION = "-"
MAX_LENGTH = 200
# What follows a frame's name in the columns of results.
_OF_RESULTS = ("_negated", "_low", "_high")
# Joining more words than this into one hyphenated token is not tried.
MAX_JOINED = 4

_STAND_IN = str.maketrans("*?_", STAND_INS + " ")
_WILDCARD = str.maketrans(STAND_INS, "*?")
# What other programs know and patterns don't, where it would be passed over like a comma or taken
# for a word, and what to write for it.
_FOREIGN = [
    (
        re.compile(r"[|\\\[\](){}<>^]|\.[*+]|\*\*|^/.*/\w*$"),
        "as a regular expression would: here * stands for any letters and ? for one; list each "
        "alternative as a pattern of its own",
    ),
    (
        re.compile(r"(?<=[^\W\d_])(?:[$%!](?!\S)|#(?=[^\W\d_]))|(?<!\S)[+!](?=[^\W\d_])"),
        "as a wildcard of other programs: here * stands for any letters and ? for one; leave the "
        "sign out where it belongs to a name",
    ),
    (
        re.compile("[\"“”„«»]|^['‘’`].*['‘’`]$"),
        "as if a phrase were quoted: write its words alone",
    ),
    (
        re.compile(
            r"~|(?<!\S)(?:(?:[ox]?near|next|adj|within|prox|dist|fby)[/.:_-]?\d+|pre/?\d+"
            r"|(?:[wnp]|before|after)?/\d+|w?/(?:in|para|sent|seg|doc|[sp])"
            r"|(?<=\S )[nw=+#@%]\d(?= \S))(?!\S)",
            re.I,
        ),
        "as a search for neighbours would: write out the phrases that are meant, with * for a word "
        "in between, such as 'peace * talks'",
    ),
    (
        # Not in "LAW AND ORDER", where all is in capitals.
        re.compile(
            r"(?<!\S)(?:(?:AND|BUT)?NOT|AND|X?OR|[OX]?NEAR|ADJ|SAME|BEFORE|AFTER|FBY|PROX|WITHIN"
            r"|SENTENCE|PARAGRAPH|UND|ODER|NICHT|ET|OU|SAUF|&&)(?!\S)|(?<=\S\s)-(?=[^\W\d_])"
            r"|^(?:title|headline|hlead|body|text|lemma|pos|regexp?|re):(?=\S)"
        ),
        "an operator of other programs: list each alternative as a pattern of its own, and what "
        "shall not count with a hyphen before it ('-talks show'); a word is written in small "
        "letters",
    ),
]


def frame_name(name: str) -> str:
    """Fold a frame's name: ``A CATEGORY``, ``A_CATEGORY`` and ``A category`` are the same frame."""
    if not isinstance(name, str) or not name.strip():
        raise LexiconError(f"a frame is named {name!r}; a frame's name is a non-empty string.")
    return re.sub(r"[\s_]+", "_", unicodedata.normalize("NFC", name.strip()).casefold())


def check_frame_names(frames: Collection[str], lexicon: str) -> None:
    """LexiconError if results of two frames, or of one and something else, would share a column."""
    for frame in frames:
        stem = next((frame.removesuffix(end) for end in _OF_RESULTS if frame.endswith(end)), "")
        if f"_{frame}".endswith("_negated"):
            raise LexiconError(
                f"lexicon {lexicon!r}: {frame!r} ends in 'negated', a name that results have for "
                "hits after a negator; give the frame another name."
            )
        if frame == "tokens" or stem in frames:
            other = f"the {stem} results" if stem in frames else "the number of tokens"
            raise LexiconError(
                f"lexicon {lexicon!r}: results of the frame {frame!r} would share a column "
                f"with {other} (n_{frame}); give the frame another name."
            )


def clean_pattern(pattern: str) -> str:
    """Compose letters with their marks, and make every run of white space one space."""
    return " ".join(unicodedata.normalize("NFC", pattern).split())


def pattern_fault(pattern: object) -> str:
    """What is wrong with a pattern, or nothing."""
    if not isinstance(pattern, str):
        return f"is {type(pattern).__name__}, not a string; put it in quotation marks"
    if len(pattern) > MAX_LENGTH:
        return f"has {len(pattern)} characters; {MAX_LENGTH} are allowed"
    if not any(char.isalnum() for char in pattern):
        return "has no letter or digit, so that it would match every word or none"
    for expression, remedy in _FOREIGN[:-1] if pattern == pattern.upper() else _FOREIGN:
        if found := expression.search(pattern):
            return f"has {found.group()!r}, {remedy}"
    return ""


def listed(patterns: object, where: str) -> list[Any]:
    """Patterns as a list; LexiconError for what is none, such as a string of its letters."""
    if isinstance(patterns, str | bytes | Mapping) or not isinstance(patterns, Iterable):
        what = "a string" if isinstance(patterns, str) else f"a {type(patterns).__name__}"
        raise LexiconError(f"{where}: patterns={patterns!r} is {what}; give a list of strings.")
    return list(patterns)


def checked_patterns(patterns: Iterable[str], where: str) -> tuple[str, ...]:
    """Patterns as a lexicon keeps them, each once; `where` says in errors whose they are."""
    kept: list[str] = []
    for pattern in listed(patterns, where):
        fault = pattern_fault(pattern)
        if fault:
            raise LexiconError(f"{where}: pattern {pattern!r} {fault}.")
        kept.append(clean_pattern(pattern))
    if all(pattern.startswith(EXCLUSION) for pattern in kept):
        raise LexiconError(f"{where}: there is no pattern to count; list at least one.")
    return tuple(dict.fromkeys(kept))


@dataclass(frozen=True)
class Pattern:
    """A pattern, cut into words.

    Attributes
    ----------
    source : str
        As written in the lexicon.
    words : tuple of str
        Folded words, with their wildcards; hyphenated words are cut at their hyphens.
    gaps : tuple of int, one entry a word
        The gap (as in ``TokenStream.gaps``) that may precede the word: no more may stand there.
    """

    source: str
    words: tuple[str, ...]
    gaps: tuple[int, ...]

    @cached_property
    def tokens(self) -> tuple[list[tuple[int, str, bool]], ...]:
        """For each word, the tokens that may begin with it.

        At which word each ends, its glob, and whether a hyphen must stand before the token: one
        takes one word, or several, joined by hyphens; ``*-led`` also takes the "led" of "U.S.-led".
        """
        return tuple(list(self._joined(start)) for start in range(len(self.words)))

    def _joined(self, start: int) -> Iterator[tuple[int, str, bool]]:
        words = self.words
        for end in range(start + 1, min(start + MAX_JOINED, len(words)) + 1):
            joins = all(word.strip("*?") for word in words[start:end])
            if end > start + 1 and (self.gaps[end - 1] > GAP_SPACE or not joins):
                return
            glob = "-".join(words[start:end])
            # Beside a bare wildcard a hyphen is one: u.s.-* takes "U.S.-led", not "U.S. led".
            yield end, glob, not glob.strip("*?") and bool(self.gaps[start] & GAP_HYPHEN)
            if glob.startswith("*-"):
                yield end, glob[2:], True

    @property
    def specificity(self) -> tuple[int, int, int, str]:
        """Sorts the pattern that says most about a token first."""
        text = "".join(self.words)
        wildcards = text.count("*") + text.count("?")
        return (-len(self.words), wildcards, wildcards - len(text), self.source)


def text_rules(rules: TermRules) -> TermRules:
    """The rules under which a lexicon reads text: every token, folded, none stemmed or left out."""
    return TermRules(
        fold_case=rules.fold_case, possessives=rules.possessives, clitics=rules.clitics
    )


def parse_patterns(sources: Sequence[str], rules: TermRules = TermRules()) -> list[Pattern]:
    """Cut patterns into folded words, by the rules that fold the text."""
    return list(_parsed(tuple(sources), text_rules(rules)))


# A corpus comes in many batches, each matched against the same lexicon.
@lru_cache(maxsize=64)
def _parsed(sources: tuple[str, ...], rules: TermRules) -> tuple[Pattern, ...]:
    stream = tokenize([source.translate(_STAND_IN) for source in sources], rules)
    patterns = []
    for number, source in enumerate(sources):
        words: list[str] = []
        gaps: list[int] = []
        for token in range(stream.bounds[number], stream.bounds[number + 1]):
            parts = _split_hyphens(stream.terms[stream.ids[token]].translate(_WILDCARD))
            words += parts
            gaps += [int(stream.gaps[token])] + [GAP_SPACE] * (len(parts) - 1)
        patterns.append(Pattern(source, tuple(words), tuple(gaps)))
    return tuple(patterns)


def _split_hyphens(word: str) -> list[str]:
    """Cut at hyphens, but leave ``*-led`` whole: ``* led`` would match after any word."""
    parts = word.split("-")
    return [word] if any(not part.strip("*?") for part in parts) else parts
