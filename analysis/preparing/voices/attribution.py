"""Who says it: from the words of a mention to a name in the article."""

from dataclasses import dataclass

from analysis.preparing.voices import words as w
from analysis.preparing.voices.names import (
    ORGANISATIONS,
    ROLES,
    People,
    Person,
    plain,
    split_titles,
)
from analysis.preparing.voices.sentences import Sentence

_CUT = w.word_set(
    """of for in at from with on who which to about by during after before through under near whose
    where when as that into against inside outside via while including"""
)
_OFFICES = w.word_set(
    """president minister premier chancellor senator sen rep governor gov secretary general gen
    ambassador king queen pope judge mayor"""
)
_POSTS = w.word_set(
    "ambassador envoy representative delegate minister secretary commissioner correspondent"
)
_LONGEST_BODY = 4  # words behind `Department of`
_GENDERS = {"he": "m", "she": "f", "он": "m", "она": "f"}
_PARTICLES = w.word_set("al el de del da di du la le van von der den bin ibn ben abu ul y")


@dataclass(frozen=True, slots=True)
class Mention:
    """A source as it stands in the article, and the name that it means (None: not told)."""

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
        """The source that stands in the tokens of `span`."""
        if span is None:
            return self.opening(text, sentence)
        first, last = span
        last = min(last, len(sentence.words))
        if first >= last:
            return Mention(None, None)
        place = sentence.starts[first]
        words = sentence.words[first:last]
        mention = text[place : sentence.ends[last - 1]]
        person = self.person(sentence, span, words, place)
        if person is not None:
            if not person.organisation:
                self.last = self.topic = person
            return Mention(mention, person.name, bool(person.gender or person.roles))
        return Mention(mention, None)

    def opening(self, text: str, sentence: Sentence, before: int | None = None) -> Mention:
        """Whom a sentence begins with: `Kelin left, saying …`."""
        run = _opening(sentence, len(sentence.words) if before is None else before)
        if not run:
            return Mention(None, None)
        span = (0, len(run))
        person = self.person(sentence, span, run, sentence.starts[0])
        if person is None or not person.is_human:
            return Mention(None, None)
        self.topic = person
        return Mention(text[sentence.starts[0] : sentence.ends[len(run) - 1]], person.name)

    def person(
        self, sentence: Sentence, span: tuple[int, int], words: list[str], place: int
    ) -> Person | None:
        """Whom the words mean, by the first rule that can tell."""
        head = words[0].lower().replace("’", "'").split("'")[0]
        if len(words) == 1 and head in _GENDERS:
            return self.pronoun(_GENDERS[head], sentence, span[0], place)
        if len(words) == 1 and head in ("who", "which", "that"):
            return self.antecedent(sentence, span[0])
        if len(words) == 1 and head in w.PRONOUNS:
            return None
        if head in _CUT and len(words) < 4:
            return None  # "in Washington"
        named = _body(words) or self.named(words, place) or self.posted(words, place)
        if named is not None:
            return named
        apposed = self.apposed(sentence, span[1])
        if apposed is not None:
            return apposed
        if head not in ("the", "his", "her", "its", "their") and not words[0][0].isupper():
            return None
        return self.with_role(words, place)

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
        phrase = _head_phrase(words)
        run: list[str] = []
        for word in reversed(phrase):
            possessive = word.endswith(("'s", "’s", "s'", "s’"))
            if not (word[0].isupper() or (run and word in _PARTICLES)) or (run and possessive):
                break
            run.insert(0, word)
        titles, name = split_titles(" ".join(run))
        while name and name[0] in _PARTICLES:
            name = name[1:]
        if not name:
            return None
        gender = "m" if "mr" in titles else "f" if {"mrs", "ms"} & set(titles) else ""
        return self.people.find(" ".join(name), place, gender)

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
        if after + 1 >= len(sentence.words) or sentence.words[after] != ",":
            return None
        run = []
        for word in sentence.words[after + 1 :]:
            if not word[0].isupper() and word not in _PARTICLES:
                break
            run.append(word)
        name = split_titles(" ".join(run))[1]
        if not name or after + 1 + len(run) >= len(sentence.words):
            return None
        return self.people.find(" ".join(name), sentence.starts[after])

    def antecedent(self, sentence: Sentence, relative: int) -> Person | None:
        """Whom `who` means: the noun phrase before it."""
        stop = relative - 1 if relative and sentence.words[relative - 1] == "," else relative
        start = stop
        while start > 0 and sentence.lower[start - 1] not in ",.;:" and stop - start < 8:
            start -= 1
        return self.named(sentence.words[start:stop], sentence.starts[relative]) if stop else None

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
    for number, word in enumerate(words[1:-1], start=1):
        if word == "of" and words[number - 1].lower() in ORGANISATIONS:
            run = words[number + 1 :]
            stop = next((k for k, after in enumerate(run) if not after[0].isupper()), len(run))
            if stop == len(run) <= _LONGEST_BODY:
                return Person(" ".join([words[number - 1], "of", *run]), organisation=True)
    return None


def _head_phrase(words: list[str]) -> list[str]:
    """The words up to the first preposition, comma or relative clause."""
    for number, word in enumerate(words):
        if number and (word in ",()—–" or word.lower() in _CUT):
            return words[:number]
    return words


def _opening(sentence: Sentence, before: int) -> list[str]:
    """The capitalised words that the sentence begins with."""
    run = []
    for word in sentence.words[:before]:
        if not word[0].isupper() or word.startswith("Qq"):
            break
        run.append(word)
    return run
