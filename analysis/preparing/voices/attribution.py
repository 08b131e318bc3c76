"""Who says it: from the words of a mention to a name in the article."""

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from analysis.preparing.voices import words as w
from analysis.preparing.voices.names import PARTICLES, ROLES, People, Person
from analysis.preparing.voices.titles import (
    ORGANISATIONS,
    PEOPLES,
    name_of,
    plain,
    split_titles,
)

_CUT = w.word_list("phrase_cuts")
_OFFICES = w.word_list("offices")
_POSTS = w.word_list("posts")
_LONGEST_BODY = 4  # words behind `Department of`
_LONGEST_RUN = 40  # words with a capital that can be a name with its titles
_GENDERS = {"he": "m", "she": "f", "он": "m", "она": "f"}
RELATIVES = w.word_set("who which that")


class Sentence(NamedTuple):
    """Where each token of a sentence starts and ends in a text."""

    text: str
    starts: list[int]
    ends: list[int]

    def words(self, first: int, last: int) -> list[str]:
        """The tokens from first up to last."""
        text = self.text
        bounds = zip(self.starts[first:last], self.ends[first:last], strict=True)
        return [text[start:end] for start, end in bounds]


class Mention(NamedTuple):
    """A source in the words of the article, and the name that it means (None: not told)."""

    text: str | None
    name: str | None
    person: bool = False  # known to be one: by a title, a role or a given name


class Attributor:
    """Resolves mentions through an article, from its beginning to its end."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.last: Person | None = None  # the person who spoke last
        self.topic: Person | None = None  # the person whom a sentence began with, or who spoke last

    def resolve(self, text: str, sentence: Sentence, span: Sequence[int] | None) -> Mention:
        """The source in the tokens of `span`; without one, that which the sentence begins with."""
        if span is None:
            return self.opening(text, sentence)
        words = sentence.words(*span)
        if not words:
            return Mention(None, None)
        place = sentence.starts[span[0]]
        mention = text[place : sentence.ends[span[0] + len(words) - 1]]
        person = self.person(sentence, span, words, place)
        if person is None:
            return Mention(mention, None)
        if not person.organisation:
            self.last = self.topic = person
        return Mention(mention, person.name, bool(person.gender or person.roles))

    def opening(self, text: str, sentence: Sentence, before: int | None = None) -> Mention:
        """Whom a sentence begins with: `Kelin left, saying …`."""
        run = _opening(sentence, before)
        if not run:
            return Mention(None, None)
        person = self.person(sentence, (0, len(run)), run, sentence.starts[0])
        if person is None or not person.is_human:
            return Mention(None, None)
        self.topic = person
        return Mention(text[sentence.starts[0] : sentence.ends[len(run) - 1]], person.name)

    def person(
        self, sentence: Sentence, span: Sequence[int], words: list[str], place: int
    ) -> Person | None:
        """Whom the words mean, by the first rule that can tell."""
        head = words[0].lower().replace("’", "'").split("'")[0]
        if len(words) == 1:
            if head in _GENDERS:
                return self.pronoun(_GENDERS[head], sentence, span[0], place)
            if head in RELATIVES:
                return self.antecedent(sentence, span[0])
            if head in w.PRONOUNS:
                return None
        if head in _CUT and len(words) < 4:
            return None  # "in Washington"
        phrase = _head_phrase(words)
        named = _body(words) or self.named(words, phrase, place)
        named = named or self.posted(words, phrase, place) or self.apposed(sentence, span[1])
        told = head in ("the", "his", "her", "its", "their") or words[0][0].isupper()
        return self.with_role(phrase, place) if told and not named else named

    def with_role(self, phrase: list[str], place: int) -> Person | None:
        """`Russia's ambassador`: who has that role here, or else who was named last."""
        if plain(phrase[-1]).lower() not in ROLES:
            return None
        phrase = [plain(word).lower() for word in phrase]
        roles = {word for word in phrase if word in ROLES}
        if phrase[0] == "the" and self.last is not None and roles <= self.last.roles.keys():
            return self.last
        person = self.people.with_roles(roles, phrase[-1], place)
        if person is None and phrase[0] == "the":
            # "Kelin left. The ambassador said …": who was just named, unless of another office.
            for near in (self.topic, self.last):
                if near is not None and _OFFICES.isdisjoint(near.roles):
                    return near
        return person

    def named(self, words: list[str], phrase: list[str], place: int) -> Person | None:
        """`a spokesman for Smith` names nobody; `campaign manager Ivo Marsh` does."""
        run: list[str] = []
        for word in reversed(phrase):
            possessive = word.endswith(("'s", "’s", "s'", "s’"))
            if not (word[0].isupper() or (run and word in PARTICLES)) or (run and possessive):
                break
            run.insert(0, word)
        if not run:
            return None
        titles, name = split_titles(" ".join(run))
        while name and name[0] in PARTICLES:
            name = name[1:]
        gender = "m" if "mr" in titles else "f" if {"mrs", "ms"} & set(titles) else ""
        person = self.people.find(name_of(name), place, gender) if name else None
        if person and person.organisation and PEOPLES.search(person.name):
            # "some Republicans", "Republican voters in Texas" are not the Republicans.
            whole = len(words) == len(run) == len(name) or words[0].lower() == "the"
            return person if whole else None
        return person

    def posted(self, words: list[str], phrase: list[str], place: int) -> Person | None:
        """`Teskaria's envoy in Ostervane Mirela Dostane`; but not `a spokesman for Smith`."""
        if len(phrase) == len(words) or (role := plain(phrase[-1]).lower()) not in _POSTS:
            return None
        place_of_post = words[len(phrase) + 1 :]
        person = self.named(place_of_post, _head_phrase(place_of_post), place)
        if person is None or not person.is_human:
            return None
        person.roles.setdefault(role, place)
        return person

    def apposed(self, sentence: Sentence, after: int) -> Person | None:
        """`the envoy, Ada Quill, said`."""
        if sentence.words(after, after + 1) != [","]:
            return None
        words = sentence.words(after + 1, after + 1 + _LONGEST_RUN)
        run = list(takewhile(lambda word: word[0].isupper() or word in PARTICLES, words))
        name = split_titles(" ".join(run))[1]
        if not name or after + 1 + len(run) == len(sentence.starts):
            return None
        return self.people.find(name_of(name), sentence.starts[after])

    def antecedent(self, sentence: Sentence, relative: int) -> Person | None:
        """Whom `who` means: the noun phrase before it."""
        before = sentence.words(max(0, relative - 9), relative)
        if before and before[-1] == ",":
            before.pop()
        phrase = list(takewhile(lambda word: word not in ",.;:", reversed(before[-8:])))[::-1]
        return self.named(phrase, _head_phrase(phrase), sentence.starts[relative])

    def pronoun(self, gender: str, sentence: Sentence, before: int, place: int) -> Person | None:
        """The nearest person who fits: who spoke last, or who is named first in the sentence."""
        run = _opening(sentence, before) if before > 1 else []
        opening = self.named(run, _head_phrase(run), place)
        for person in (opening, self.topic, self.last):
            if person and person.is_human and person.gender in ("", gender):
                return person
        return self.people.nearest(
            place, lambda p: p.gender == gender or (not p.gender and bool(p.roles))
        )


def _body(words: list[str]) -> Person | None:
    """`the Department of Defense`, `Britain's House of Commons`."""
    if "of" not in words:
        return None
    for number in range(max(1, len(words) - 1 - _LONGEST_BODY), len(words) - 1):
        fits = words[number] == "of" and all(after[0].isupper() for after in words[number + 1 :])
        if fits and words[number - 1].lower() in ORGANISATIONS:
            return Person(" ".join(words[number - 1 :]), organisation=True)
    return None


def _head_phrase(words: list[str]) -> list[str]:
    """The words up to the first preposition, comma or relative clause."""
    for number, word in enumerate(words):
        if number and (word in ",()—–" or word.lower() in _CUT):
            return words[:number]
    return words


def _opening(sentence: Sentence, before: int | None) -> list[str]:
    """The capitalised words that the sentence begins with."""
    most = _LONGEST_RUN if before is None else min(before, _LONGEST_RUN)
    run: list[str] = []
    for start, end in zip(sentence.starts[:most], sentence.ends, strict=False):
        word = sentence.text[start:end]
        if not word[0].isupper() or word.startswith("Qq"):
            break
        run.append(word)
    return run
