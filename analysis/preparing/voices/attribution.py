"""Who says it: from the words of a mention to a name in the article."""

from itertools import islice, takewhile
from typing import NamedTuple

from analysis.preparing.voices import words as w
from analysis.preparing.voices.names import ROLES, People, Person
from analysis.preparing.voices.sentences import RELATIVES, Sentence
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
_PARTICLES = w.word_set("al el de del da di du la le van von der den bin ibn ben abu ul y")


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

    def resolve(self, text: str, sentence: Sentence, span: tuple[int, int] | None) -> Mention:
        """The source in the tokens of `span`; without one, that which the sentence begins with."""
        if span is None:
            return self.opening(text, sentence)
        words = sentence.words[slice(*span)]
        if not words:
            return Mention(None, None)
        place = sentence.start(span[0])
        mention = text[place : sentence.end(span[0] + len(words) - 1)]
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
        person = self.person(sentence, (0, len(run)), run, sentence.start(0))
        if person is None or not person.is_human:
            return Mention(None, None)
        self.topic = person
        return Mention(text[sentence.start(0) : sentence.end(len(run) - 1)], person.name)

    def person(
        self, sentence: Sentence, span: tuple[int, int], words: list[str], place: int
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
        named = _body(words) or self.named(words, place) or self.posted(words, place)
        named = named or self.apposed(sentence, span[1])
        told = head in ("the", "his", "her", "its", "their") or words[0][0].isupper()
        return self.with_role(words, place) if told and not named else named

    def with_role(self, words: list[str], place: int) -> Person | None:
        """`Russia's ambassador`: who has that role here, or else who was named last."""
        phrase = [plain(word).lower() for word in _head_phrase(words)]
        if phrase[-1] not in ROLES:
            return None
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

    def named(self, words: list[str], place: int) -> Person | None:
        """`a spokesman for Smith` names nobody; `campaign manager Ivo Marsh` does."""
        run: list[str] = []
        for word in reversed(_head_phrase(words)):
            possessive = word.endswith(("'s", "’s", "s'", "s’"))
            if not (word[0].isupper() or (run and word in _PARTICLES)) or (run and possessive):
                break
            run.insert(0, word)
        if not run:
            return None
        titles, name = split_titles(" ".join(run))
        while name and name[0] in _PARTICLES:
            name = name[1:]
        gender = "m" if "mr" in titles else "f" if {"mrs", "ms"} & set(titles) else ""
        person = self.people.find(name_of(name), place, gender) if name else None
        if person and person.organisation and PEOPLES.search(person.name):
            # "some Republicans", "Republican voters in Texas" are not the Republicans.
            whole = len(words) == len(run) == len(name) or words[0].lower() == "the"
            return person if whole else None
        return person

    def posted(self, words: list[str], place: int) -> Person | None:
        """`Teskaria's envoy in Ostervane Mirela Dostane`; but not `a spokesman for Smith`."""
        phrase = _head_phrase(words)
        role = plain(phrase[-1]).lower()
        if role not in _POSTS or len(phrase) == len(words):
            return None
        person = self.named(words[len(phrase) + 1 :], place)
        if person is None or not person.is_human:
            return None
        person.roles.setdefault(role, place)
        return person

    def apposed(self, sentence: Sentence, after: int) -> Person | None:
        """`the envoy, Ada Quill, said`."""
        if sentence.words[after : after + 1] != [","]:
            return None
        words = islice(sentence.words, after + 1, after + 1 + _LONGEST_RUN)
        run = list(takewhile(lambda word: word[0].isupper() or word in _PARTICLES, words))
        name = split_titles(" ".join(run))[1]
        if not name or after + 1 + len(run) == len(sentence.words):
            return None
        return self.people.find(name_of(name), sentence.start(after))

    def antecedent(self, sentence: Sentence, relative: int) -> Person | None:
        """Whom `who` means: the noun phrase before it."""
        stop = relative - 1 if relative and sentence.words[relative - 1] == "," else relative
        start = stop
        while start > 0 and sentence.lower[start - 1] not in ",.;:" and stop - start < 8:
            start -= 1
        return self.named(sentence.words[start:stop], sentence.start(relative)) if stop else None

    def pronoun(self, gender: str, sentence: Sentence, before: int, place: int) -> Person | None:
        """The nearest person who fits: who spoke last, or who is named first in the sentence."""
        opening = self.named(_opening(sentence, before), place) if before > 1 else None
        for person in (opening, self.topic, self.last):
            if person and person.is_human and person.gender in ("", gender):
                return person
        return self.people.nearest(
            place, lambda p: p.gender == gender or (not p.gender and bool(p.roles))
        )


def _body(words: list[str]) -> Person | None:
    """`the Department of Defense`, `Britain's House of Commons`."""
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
    words = islice(sentence.words, _LONGEST_RUN if before is None else min(before, _LONGEST_RUN))
    return list(takewhile(lambda word: word[0].isupper() and not word.startswith("Qq"), words))
