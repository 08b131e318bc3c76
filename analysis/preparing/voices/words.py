"""The words that tell who is speaking: verbs and nouns of speech and thought, titles, roles."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "word_lists"


def word_set(words: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(words.split())


def lines(name: str) -> list[str]:
    """The lines of a file but for comments."""
    content = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in content.splitlines() if not line.startswith("#")]


def word_list(name: str) -> frozenset[str]:
    """The words of a file in ``word_lists``."""
    return word_set(" ".join(lines(name)))


# What may follow a verb: S a clause ("said [that] it rains", and "it rains, he said"); T only a
# clause with that, whether, how ... ("learned that"); I an infinitive ("vowed to stay"); O a noun
# phrase, what is spoken about or meant ("condemned the strike"); P its preposition first.
VERBS = {
    "S": "verbs_with_clause",
    "T": "verbs_with_that",
    "I": "verbs_with_infinitive",
    "O": "verbs_with_object",
    "P": "verbs_with_preposition",
}
# Words of a verb's particle or preposition, skipped before what is said begins.
PREPOSITIONS = word_list("prepositions")

_IRREGULAR = {verb: forms for verb, *forms in map(str.split, lines("irregular_verbs"))}
_FORM_NAMES = ("base", "s", "past", "pp", "ing")


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


@cache
def verb_forms() -> dict[str, tuple[str, frozenset[str]]]:
    """Every form of every verb: what may follow it (letters of VERBS), and which forms it is."""
    classes: dict[str, str] = {}
    for letter, name in VERBS.items():
        for verb in dict.fromkeys(" ".join(lines(name)).split()):
            classes[verb] = classes.get(verb, "") + letter
    forms: dict[str, tuple[str, frozenset[str]]] = {}
    for verb, letters in classes.items():
        for name, form in zip(_FORM_NAMES, [verb, *_inflect(verb)], strict=True):
            known, names = forms.get(form, ("", frozenset()))
            forms[form] = ("".join(dict.fromkeys(known + letters)), names | {name})
    # The base and the s of these verbs are other words.
    forms["stated"] = forms["declared"]
    forms["stating"] = forms["declaring"]
    return forms


@cache
def clause_words() -> frozenset[str]:
    """Words that show that a clause has begun: no `that` behind them belongs to the verb before."""
    verbs = {form for form, (_, names) in verb_forms().items() if "past" in names or "s" in names}
    return frozenset(".;:?!()[]—–-") | (AUXILIARIES - {"to"}) | (verbs - ALSO_NOUNS)


# "he said", ", said Smith": verbs that can follow or interrupt what they report.
TRAILING = word_list("trailing_verbs")
NOUNS = word_list("speech_nouns")
PROMISES = word_list("promise_nouns")
# "is confident that", "are eager to".
ADJECTIVES = word_list("adjectives")
# "is expected to", "was accused of": someone says so, and the sentence does not tell who.
PASSIVES = word_list("passive_verbs")
DETERMINERS = word_list("determiners")
# Base forms that are as often nouns.
ALSO_NOUNS = NOUNS | PROMISES | word_list("also_nouns")
BEFORE_NOUN = DETERMINERS | word_list("before_noun")
AUXILIARIES = word_list("auxiliaries")
# What makes a clause finite, whatever its verb.
FINITE = word_set(
    "is are was were has have had does do did will would could should may might must can can't"
    " won't isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't wouldn't"
    " couldn't shouldn't"
) | word_list("past_tenses")
EVIDENCE = word_list("evidence_nouns")
PRONOUNS = word_list("pronouns")
CONJUNCTIONS = word_list("conjunctions")
SUBORDINATORS = word_list("subordinators")
COMPLEMENTIZERS = word_list("complementizers")
TIME_WORDS = word_list("time_words")
TAIL_STARTERS = TIME_WORDS | word_list("tail_starters")
TITLES = word_list("titles")
SAID_RUSSIAN = word_list("verbs_russian")
