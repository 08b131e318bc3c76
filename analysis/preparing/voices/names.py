"""The people and organisations that an article names, and which of them a mention means."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from analysis.preparing.voices import words as w
from analysis.preparing.voices.titles import ORGANISATIONS, Name, name_of, names_in, split_titles

PARTICLES = w.word_set(
    "al el de del da di dos du la le van von der den ter zu bin ibn ben abu ul y"
)
_ABBREVIATED = "Cmdr|Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Maj|Capt|Adm|St|Prof|Rev"
_TITLES = tuple(_ABBREVIATED.split("|"))
_REST_OF_ABBREVIATED = "|".join(f"(?<={word[0]}){word[1:]}" for word in _TITLES)
_UPPER = "[A-ZÀ-ÖØ-ÞА-ЯЁ]"
_PARTICLE = f"(?:{'|'.join(sorted(PARTICLES))})"
_PARTICLES = f"{_PARTICLE}(?=(?: {_PARTICLE}){{0,2}} {_UPPER})"  # "van der Berg"
_WORD = rf"(?:(?:{_ABBREVIATED}|{_UPPER})\.|{_UPPER}[\w’'-]*)"
# The set of capitals comes first, so that the search passes over all other characters at once.
_NAME = re.compile(
    rf"{_UPPER}(?<!\w{_UPPER})(?:(?:{_REST_OF_ABBREVIATED}|)\.|[\w’'-]*)"
    rf"(?: (?:{_WORD}|{_PARTICLES}))*"
)
# The same beside a role: within bounds, and never tried again letter by letter.
_SHORT_WORD = _WORD.replace("*)", "{0,60}+)")
_SHORT_NAME = rf"(?>{_SHORT_WORD}(?: (?:{_SHORT_WORD}|{_PARTICLES})){{0,11}})"
_LONGEST_HEADING = 151  # characters
_NO_HEADING = frozenset(".!?…:”\"’'q,)")  # what a heading does not end with
_BEARERS = 64  # of one last name; more are passed over, for a list of names takes no square of time
_MENTIONS = 500  # how far back somebody is looked for
# What else a person with this role is called.
_ROLE_NAMES = {role: names for role, *names in map(str.split, w.lines("role_names"))}
ROLES = w.TITLES | set(_ROLE_NAMES) | {"billionaire", "candidate", "nominee", "lawyer", "activist"}


@dataclass(slots=True)
class Person:
    """The fullest form of a name in the article, and what the article tells of its bearer."""

    name: str
    gender: str = ""
    organisation: bool = False
    first: str = ""  # word, in lower case
    roles: dict[str, int] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)

    @property
    def is_human(self) -> bool:
        """Whether anything tells that it is a person: a given name, a title or a second name."""
        if self.organisation or self.name.isupper():
            return False
        return bool(self.gender or self.roles or " " in self.name)


class People:
    """Everybody named in an article, in the order in which they are named."""

    def __init__(self, text: str, lines: list[tuple[int, int]]) -> None:
        self.by_name: dict[str, Person] = {}
        self.by_last: dict[str, list[Person]] = {}
        self.by_first: dict[str, list[Person]] = {}
        self.mentions: list[tuple[int, Person]] = []
        text = _without_headings(text, lines)
        runs = [match.span() for match in _NAME.finditer(text)]
        names = [
            (start + offset, name)
            for start, end in runs
            for offset, name in names_in(text[start:end])
        ]
        for _, name in names:
            if len(name.words) > 1:
                self.enter(name)
        for place, name in names:
            if len(name.words) > 1 or self.find(name, place, name.gender) is not None:
                continue
            # Every sentence begins with a capital: not every such word is a name.
            if name.titles or not _begins_sentence(text, place) or _only_name(text, name.text):
                self.enter(name)
        for place, name in names:
            if (name.last in self.by_last or name.last in self.by_first) and (
                person := self.find(name, place, name.gender)
            ):
                person.places.append(place)
                self.mentions.append((place, person))
                for title in name.titles:
                    person.roles.setdefault(title, place)
        self.read_appositions(text, runs)

    def enter(self, name: Name) -> None:
        """Add a name to the list of people."""
        person = self.by_name.get(name.text)
        if person is None:
            alone = len(name.words) == 1 and not name.titles
            organisation = name.last in ORGANISATIONS or (alone and (name.capitals or name.peoples))
            person = Person(name.text, name.own_gender, organisation, name.first)
            self.by_name[name.text] = person
            self.by_last.setdefault(name.last, []).append(person)
            if len(name.words) > 1:
                self.by_first.setdefault(name.first, []).append(person)
        person.gender = person.gender or name.gender

    def read_appositions(self, text: str, runs: list[tuple[int, int]]) -> None:
        """Roles beside names: `Andrei Kelin, the Russian ambassador`, or the other way round."""
        ended = [run for run in runs if text.startswith((",", "."), run[1])]
        for find, name, role in ((_roles_behind, 1, 2), (_roles_before, 2, 1)):
            for match in find(text, ended):
                found = split_titles(match.group(name))[1]
                person = self.find(name_of(found), match.start()) if found else None
                if person is not None and " " in person.name:
                    for word in _SMALL_LETTERS.findall(match.group(role).lower()):
                        if word in ROLES:
                            person.roles.setdefault(word, match.start())

    def find(self, name: Name, place: int, gender: str = "") -> Person | None:
        """The bearer of a name, or of a last or first name; the nearest before `place`."""
        candidates = self.by_last.get(name.last, [])
        if not candidates and name.last not in self.by_first:
            return None
        several = len(name.words) > 1
        # Neither is "UN" Kim Jong Un, nor "the House" the White House.
        if (several or name.fixed) and name.text in self.by_name:
            return self.by_name[name.text]
        if name.fixed and not several:
            return None
        candidates = candidates[-_BEARERS:]
        if several:
            # "Donald Trump" for "Donald J. Trump"
            candidates = [p for p in candidates if p.first == name.first]
        else:
            candidates = candidates or self.by_first[name.last][-_BEARERS:]
            if name.peoples and not gender:  # not "Senate Democrats", but "Ada Parsons"
                candidates = [p for p in candidates if p.gender or p.roles or p.name == name.text]
        if gender:
            candidates = [p for p in candidates if p.gender in ("", gender)] or candidates
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        full = [p for p in candidates if " " in p.name] or candidates
        return _nearest(full, place)

    def with_roles(self, roles: set[str], head: str, place: int) -> Person | None:
        """The bearer of all these roles who was named last before `place`."""
        heads = {head, *_ROLE_NAMES.get(head, ())}
        others = roles - {head, "former"}
        return self.nearest(
            place, lambda p: not heads.isdisjoint(p.roles) and others <= p.roles.keys()
        )

    def nearest(self, place: int, fits: Callable[[Person], bool]) -> Person | None:
        """The person named last before `place` among those who fit."""
        last = bisect_right(self.mentions, place, key=lambda mention: mention[0])
        for _, person in reversed(self.mentions[max(0, last - _MENTIONS) : last]):
            if person.places[0] < place and not person.organisation and fits(person):
                return person
        return None


def _nearest(people: Sequence[Person], place: int) -> Person | None:
    return min(people, key=lambda p: (_distance(p, place), p.name), default=None)


def _without_headings(text: str, lines: list[tuple[int, int]]) -> str:
    """Blank out headings in capitals, and lines of the site's own: no names are read from them."""
    parts: list[str] = []
    place = 0
    for start, end in lines:
        whole = end - 1 - text.rfind("\n", 0, start)  # with the space that it begins with
        if whole > _LONGEST_HEADING or text[end - 1] in _NO_HEADING:
            continue
        words = text[start:end].split()
        capitals = sum(word[0].isupper() for word in words)
        if len(words) > 2 and capitals > 0.6 * len(words):
            parts += [text[place:start], " " * (end - start)]
            place = end
    return "".join([*parts, text[place:]]) if parts else text


_ROLE_NAME = re.compile(
    rf"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[A-Z]\w+['’]s?) ([^,.;:()\n]{{4,50}}+), ({_SHORT_NAME}),"
)
_CAPITAL = re.compile(rf"\b(?={_UPPER})")
_SMALL_LETTERS = re.compile("[a-z]+")
_LONGEST_ROLE = 150  # characters of what stands before a name
_NAME_ROLE = re.compile(
    rf"\b({_SHORT_NAME}),\s(?:\d\d,\s)?((?:(?:the|a|an|who|his|her|its|their)\b|[A-Z][\w’']+(?=\s[a-z]))"
    r"[^,.;:()\n]{3,60})"
)


def _roles_behind(text: str, runs: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """What `_NAME_ROLE` finds; only a run of capitalised words before a comma can begin it."""
    place = 0
    for start, end in runs:
        # "Jean-C. Quill": the run ends before the full stop, the match begins at the C.
        if text[end] == "," or text[end - 1].isupper() or text.endswith(_TITLES, start, end):
            for begins in _CAPITAL.finditer(text, max(start, place), end):
                if match := _NAME_ROLE.match(text, begins.start()):
                    place = match.end()
                    yield match
                    break


def _roles_before(text: str, runs: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """What `_ROLE_NAME` finds; only a run of capitalised words between commas can end it."""
    place = 0
    for start, end in runs:
        if text[end] == "," and text.endswith(", ", 0, start):
            match = _ROLE_NAME.search(text, max(place, start - _LONGEST_ROLE), end + 1)
            if match:
                place = match.end()
                yield match


def _begins_sentence(text: str, place: int) -> bool:
    before = text[max(0, place - 3) : place].rstrip(" \"“‘'(")
    return not before or before[-1] in ".!?:\n"


def _only_name(text: str, word: str) -> bool:
    """Whether no word of the text begins as this one in lower case."""
    return not word.endswith("s") and f" {word.lower()}" not in text


def _distance(person: Person, place: int) -> int:
    """How far back the person was last named; those named only later come last."""
    before = bisect_right(person.places, place)
    if before:
        return place - person.places[before - 1]
    return 10**9 + (person.places[0] - place if person.places else 0)
