"""The people and organisations that an article names, and which of them a mention means."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile

from analysis.preparing.voices import words as w

_PARTICLES = "al|el|de|del|da|di|du|la|le|van|von|der|den|bin|ibn|ben|abu|ul|y"
_ABBREVIATED = "Cmdr|Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Maj|Capt|Adm|St|Prof|Rev"
_UPPER = "[A-ZÀ-ÖØ-ÞА-ЯЁ]"
_WORD = rf"(?:(?:{_ABBREVIATED}|{_UPPER})\.|{_UPPER}[\w’'-]*)"
_NAME = re.compile(rf"\b(?={_UPPER}){_WORD}(?: (?:{_WORD}|(?:{_PARTICLES})(?= [A-Z])))*")
# The same beside a role: within bounds, and never tried again letter by letter.
_SHORT_WORD = _WORD.replace("*)", "{0,60}+)")
_SHORT_NAME = rf"(?>{_SHORT_WORD}(?: (?:{_SHORT_WORD}|(?:{_PARTICLES})(?= [A-Z]))){{0,11}})"
_LONGEST = 6  # words of a name
_BEARERS = 64  # of one last name; more are passed over, for a list of names takes no square of time
_MENTIONS = 500  # how far back somebody is looked for
_CLITIC = re.compile(r"['’](?:s|d|ll|ve|re)?$")
_NOT_NAMES = w.word_list("not_names")
# To tell whom `he`, `she`, `Mr` and `Mrs` can mean.
_MALE, _FEMALE = w.word_list("first_names_male"), w.word_list("first_names_female")
ORGANISATIONS = w.word_list("organisations")
_BODIES = ORGANISATIONS - w.word_set(
    "news times post journal press tribune herald guardian observatory"
)
_ADDRESSES = w.word_set("mr mrs ms miss dr sir")
# Words of a title that an organisation's name may begin with: "National Harbour Board".
_FIELDS = w.word_set(
    "national foreign defence defense state first special security treasury press interior finance"
    " white house senate democratic republican conservative liberal independent private"
)
_INITIAL = re.compile(r"[A-Z]\.$")
# Groups: "Republicans said".
PEOPLES = re.compile(r"(?:ans|ats|elis|ives|ists|ites|udis|rds|rabs|ews|ons|ish|this)$")
_GENDER_OF_TITLE = {
    title: gender
    for gender, name in (("m", "titles_male"), ("f", "titles_female"))
    for title in w.word_list(name)
}
# What else a person with this role is called.
_ROLE_NAMES = {role: names for role, *names in map(str.split, w.lines("role_names"))}
ROLES = w.TITLES | set(_ROLE_NAMES) | {"billionaire", "candidate", "nominee", "lawyer", "activist"}


@dataclass
class Person:
    """The fullest form of a name in the article, and what the article tells of its bearer."""

    name: str
    gender: str = ""
    organisation: bool = False
    roles: dict[str, int] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)

    @property
    def is_human(self) -> bool:
        """Whether anything tells that it is a person: a given name, a title or a second name."""
        if self.organisation or self.name.isupper():
            return False
        return bool(self.gender or self.roles or " " in self.name)


def plain(name: str) -> str:
    """A name without the possessive or the full stop at its end."""
    return _CLITIC.sub("", name).rstrip(".,'’-")


class People:
    """Everybody named in an article, in the order in which they are named."""

    def __init__(self, text: str) -> None:
        self.by_name: dict[str, Person] = {}
        self.by_last: dict[str, list[Person]] = {}
        self.by_first: dict[str, list[Person]] = {}
        self.mentions: list[tuple[int, Person]] = []
        text = _HEADING.sub(_without_heading, text)
        runs = [
            (match.start() + offset, titles, words, name, gender)
            for match in _NAME.finditer(text)
            for offset, titles, words, name, gender in _names_in(match.group())
        ]
        lower = sorted(set(text.split(" ")[1:]))
        for _, titles, words, _, _ in runs:
            if len(words) > 1:
                self.enter(titles, words)
        for place, titles, words, name, gender in runs:
            if len(words) > 1 or self.find(name, place, gender) is not None:
                continue
            # Every sentence begins with a capital: not every such word is a name.
            if titles or not _begins_sentence(text, place) or _only_name(lower, words[0]):
                self.enter(titles, words)
        for place, titles, _, name, gender in runs:
            if person := self.find(name, place, gender):
                person.places.append(place)
                self.mentions.append((place, person))
                for title in titles:
                    person.roles.setdefault(title, place)
        self.read_appositions(text)

    def enter(self, titles: Sequence[str], words: Sequence[str]) -> None:
        """Add a name to the list of people."""
        name, first, last = " ".join(words), words[0].lower(), words[-1].lower()
        person = self.by_name.get(name)
        if person is None:
            alone = len(words) == 1 and not titles
            group = name.isupper() or PEOPLES.search(name)
            organisation = last in ORGANISATIONS or bool(alone and group)
            gender = _gender(titles) or ("m" if first in _MALE else "f" if first in _FEMALE else "")
            person = self.by_name[name] = Person(name, gender, organisation)
            self.by_last.setdefault(last, []).append(person)
            if len(words) > 1:
                self.by_first.setdefault(first, []).append(person)
        person.gender = person.gender or _gender(titles)

    def read_appositions(self, text: str) -> None:
        """Roles beside names: `Andrei Kelin, the Russian ambassador`, or the other way round."""
        for pattern, name, role in ((_NAME_ROLE, 1, 2), (_ROLE_NAME, 2, 1)):
            for match in pattern.finditer(text):
                run = split_titles(match.group(name))[1]
                person = self.find(" ".join(run), match.start()) if run else None
                if person is not None and " " in person.name:
                    for word in re.findall(r"[a-z]+", match.group(role).lower()):
                        if word in ROLES:
                            person.roles.setdefault(word, match.start())

    def find(self, name: str, place: int, gender: str = "") -> Person | None:
        """The bearer of a name, or of a last or first name; the nearest before `place`."""
        words = name.lower().split(" ")
        if words[-1] not in self.by_last and words[-1] not in self.by_first:
            return None
        # Neither is "UN" Kim Jong Un, nor "the House" the White House.
        fixed = name.isupper() or words[0] in _BODIES
        if name in self.by_name and (" " in name or fixed):
            return self.by_name[name]
        if fixed and len(words) == 1:
            return None
        candidates = self.by_last.get(words[-1], [])[-_BEARERS:]
        if len(words) > 1:
            # "Donald Trump" for "Donald J. Trump"
            candidates = [p for p in candidates if p.name.lower().split()[0] == words[0]]
        else:
            candidates = candidates or self.by_first.get(words[0], [])[-_BEARERS:]
            if PEOPLES.search(name) and not gender:  # not "Senate Democrats", but "Ada Parsons"
                candidates = [p for p in candidates if p.gender or p.roles or p.name == name]
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


_HEADING = re.compile(r"^[^\n]{1,150}[^\n.!?…:”\"’'q,)](?=$)", re.MULTILINE)


def _without_heading(match: re.Match[str]) -> str:
    """Blank out a heading in capitals, or a line of the site's own: no names are read from it."""
    words = match.group().split()
    capitals = sum(word[0].isupper() for word in words)
    heading = len(words) > 2 and capitals > 0.6 * len(words)
    return " " * len(match.group()) if heading else match.group()


_SMALL = "On|For|At|The|Of|In|To|With|From|By|As|Is|Are|Says|Say|Said|And|Or|But|Over|After|Why|How"
_ROLE_NAME = re.compile(
    rf"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[A-Z]\w+['’]s?) ([^,.;:()\n]{{4,50}}+), ({_SHORT_NAME}),"
)
_CUT = re.compile(rf"((?<=['’]s)|(?<=s['’])|(?: (?:{_SMALL}))+) ")
_NAME_ROLE = re.compile(
    rf"\b({_SHORT_NAME}),\s(?:\d\d,\s)?((?:(?:the|a|an|who|his|her|its|their)\b|[A-Z][\w’']+(?=\s[a-z]))"
    r"[^,.;:()\n]{3,60})"
)


# The place of a name in a run of words, its titles, its words, and these joined; its gender.
_Name = tuple[int, tuple[str, ...], tuple[str, ...], str, str]


@lru_cache(maxsize=100_000)
def _names_in(run: str) -> list[_Name]:
    """Cut a run of capitalised words where one name ends and another begins.

    After a possessive ("Sky News' Yalda Hakim"), and at the small words of a heading in capitals
    ("Quill On Winter Talks").
    """
    cuts = list(_CUT.finditer(run))
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start(1) for cut in cuts), len(run)]
    parts = ((a, *split_titles(run[a:b])) for a, b in zip(starts, ends, strict=True))
    return [
        (place, titles, words, " ".join(words), _gender(titles))
        for place, titles, words in parts
        if 0 < len(words) <= _LONGEST
    ]


@lru_cache(maxsize=100_000)
def split_titles(run: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A run of capitalised words: its titles in lower case, and the name itself."""
    words = [word if _INITIAL.match(word) else plain(word) for word in run.split()]
    lower = [word.lower().rstrip(".") for word in words]
    start = _after_capitals(words)
    while start < len(words) and lower[start] in _NOT_NAMES and lower[start] not in w.TITLES:
        start += 1
    last_title = -1
    for number in range(start, len(words)):
        # "Mr King", "Judge Justice": what follows a form of address is a name.
        if lower[number] in w.TITLES and (number == start or lower[number - 1] not in _ADDRESSES):
            last_title = number
    name = words[last_title + 1 :] if last_title >= 0 else words[start:]
    body = name and lower[-1] in ORGANISATIONS and _FIELDS.issuperset(lower[start : last_title + 1])
    if last_title >= 0 and (not name or body or lower[last_title + 1] in ORGANISATIONS):
        if lower[-1] not in ORGANISATIONS:
            return tuple(lower[start:]), ()
        name, last_title = words[start:], -1
    titles = tuple(word for word in lower[start : last_title + 1] if word in w.TITLES)
    name = [word for word in name if word and not word.startswith("Qq")]
    return titles, tuple(_unglued(name))


def _after_capitals(words: list[str]) -> int:
    """How many words of a headline in capitals come before a name ("WATCH Ada Quill")."""
    shouted = len(list(takewhile(lambda word: word.isupper() and len(word) > 1, words)))
    left = len(words) - shouted
    return shouted if left > 1 or (left and len(words[0]) > 4) else 0


def _unglued(name: list[str]) -> list[str]:
    """`Quill Ada May QuillLive` (a tag glued to the text): Ada May Quill."""
    for number in range(2, len(name)):
        if name[number].startswith(name[0]):
            return [*name[1:number], name[0]]
    return name


def _begins_sentence(text: str, place: int) -> bool:
    before = text[max(0, place - 3) : place].rstrip(" \"“‘'(")
    return not before or before[-1] in ".!?:\n"


def _only_name(lower: list[str], word: str) -> bool:
    """Whether no word of the text, in their order in `lower`, begins as this one in lower case."""
    place = bisect_left(lower, word.lower())
    found = place < len(lower) and lower[place].startswith(word.lower())
    return not word.endswith("s") and not found


def _gender(titles: Sequence[str]) -> str:
    return next((_GENDER_OF_TITLE[title] for title in titles if title in _GENDER_OF_TITLE), "")


def _distance(person: Person, place: int) -> int:
    """How far back the person was last named; those named only later come last."""
    before = bisect_right(person.places, place)
    if before:
        return place - person.places[before - 1]
    return 10**9 + (person.places[0] - place if person.places else 0)
