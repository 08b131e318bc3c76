"""The words that tell who is speaking, from the files of ``word_lists``."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.preparing.voices import rules
from analysis.preparing.voices.tokens import Words, new_words

_FOLDER = Path(__file__).parent / "word_lists"


def word_set(words: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(words.split())


def lines(name: str) -> list[str]:
    """The lines of a file but for comments."""
    content = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in content.splitlines() if not line.startswith("#")]


def word_list(name: str) -> frozenset[str]:
    """The words of a file."""
    return word_set(" ".join(lines(name)))


TRAILING = word_list("trailing_verbs")
PRONOUNS = word_list("pronouns")
TITLES = word_list("titles")
SAID_RUSSIAN = word_list("verbs_russian")

# What may follow a verb: a clause ("said [that] it rains", and "it rains, he said"); only a clause
# with that, whether, how ... ("learned that"); an infinitive ("vowed to stay"); a noun phrase, what
# is spoken about or meant ("condemned the strike"); its preposition first.
_VERBS = {
    "CLAUSE_VERB": "verbs_with_clause",
    "THAT_VERB": "verbs_with_that",
    "INFINITIVE_VERB": "verbs_with_infinitive",
    "OBJECT_VERB": "verbs_with_object",
    "PREPOSITION_VERB": "verbs_with_preposition",
}
_FORMS = ("BASE", "S_FORM", "PAST_FORM", "PARTICIPLE", "ING_FORM")
_IRREGULAR = {verb: forms for verb, *forms in map(str.split, lines("irregular_verbs"))}


def _inflect(verb: str) -> list[str]:
    """The form with s, the past, the participle and the form with ing."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return [verb + "s", verb + "d", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb[:-1] + "ies", verb[:-1] + "ied", verb[:-1] + "ied", verb + "ing"]
    s = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    return [s, verb + "ed", verb + "ed", verb + "ing"]


def _verb_kinds() -> dict[str, set[str]]:
    """The forms of all verbs: by what may follow, and which forms they are."""
    kinds = {name: set[str]() for name in (*_VERBS, *_FORMS, "VERB_FORM")}
    for kind, name in _VERBS.items():
        for verb in word_list(name):
            for form, word in zip(_FORMS, [verb, *_inflect(verb)], strict=True):
                for each in (kind, form, "VERB_FORM"):
                    kinds[each].add(word)
    for words in kinds.values():  # the base and the s of these verbs are other words
        for form, like in {"stated": "declared", "stating": "declaring"}.items():
            (words.add if like in words else words.discard)(form)
    return kinds


def kinds_of_words() -> dict[str, set[str]]:
    """The words of each kind, as ``kinds.txt`` has them."""
    kinds = _verb_kinds()
    for name, *parts in map(str.split, lines("kinds")):
        words = kinds.setdefault(name, set())
        for part in parts:
            less = len(part) > 1 and part[0] == "-"
            part = part[less:]
            found = {part}
            if len(part) > 1 and part[0] in "+<":
                found = set(kinds[part[1:]] if part[0] == "+" else word_list(part[1:]))
            elif part.endswith("*"):
                found = {verb for verb in kinds["VERB_FORM"] if verb.startswith(part[:-1])}
            words = words - found if less else words | found
        kinds[name] = words
    also = kinds["ALSO_NOUN"]
    kinds["PLURAL_NOUN"] = {s for s in kinds["S_FORM"] if also & {s[:-1], s[:-2]}}
    return kinds


@cache
def word_table() -> tuple[Words, NDArray[np.bool_]]:
    """The words of all kinds, and a row for each that says of what kinds it is.

    Row 0 is that of a full stop, and the last that of any other word.
    """
    of_word: dict[str, set[int]] = {".": set()}
    for name, words in kinds_of_words().items():
        for word in words if name in rules.__dict__ else ():
            of_word.setdefault(word, set()).add(rules.__dict__[name])
    endings = [word for word in of_word if word[0] == "*"]
    for word, kinds in of_word.items():
        for ending in endings:
            if word.endswith(ending[1:]):
                kinds |= of_word[ending]
    table = np.zeros((len(of_word) + 1, rules.BREAK_RU + 1), bool)
    for row, kinds in zip(table, of_word.values(), strict=False):
        row[list(kinds)] = True
    return new_words(of_word), table
