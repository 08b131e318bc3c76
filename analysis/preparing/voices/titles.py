"""A run of capitalised words: the titles in it, the names, and what their words tell."""

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from analysis.preparing.voices import words as w

_LONGEST = 6  # words of a name
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
_SMALL = "On|For|At|The|Of|In|To|With|From|By|As|Is|Are|Says|Say|Said|And|Or|But|Over|After|Why|How"
_CUT = re.compile(rf"((?<=['’]s)|(?<=s['’])|(?: (?:{_SMALL}))+) ")


class Name(NamedTuple):
    """A name as somebody is called by it, and what its words tell."""

    words: tuple[str, ...]
    titles: tuple[str, ...]
    text: str
    first: str  # the first and the last word in lower case
    last: str
    gender: str  # that of its titles
    own_gender: str  # that of its titles or its first word
    capitals: bool  # nothing but capitals
    fixed: bool  # means nobody whose last name it is
    peoples: bool


@lru_cache(maxsize=100_000)
def name_of(words: tuple[str, ...], titles: tuple[str, ...] = ()) -> Name:
    """The name that these words are (at least one)."""
    text, first = " ".join(words), words[0].lower()
    gender = next((_GENDER_OF_TITLE[title] for title in titles if title in _GENDER_OF_TITLE), "")
    own = gender or ("m" if first in _MALE else "f" if first in _FEMALE else "")
    capitals, peoples = text.isupper(), PEOPLES.search(text) is not None
    fixed = capitals or first in _BODIES
    return Name(
        words, titles, text, first, words[-1].lower(), gender, own, capitals, fixed, peoples
    )


def plain(name: str) -> str:
    """A name without the possessive or the full stop at its end."""
    return _CLITIC.sub("", name).rstrip(".,'’-")


@lru_cache(maxsize=100_000)
def names_in(run: str) -> list[tuple[int, Name]]:
    """Cut a run of capitalised words where one name ends and another begins.

    After a possessive ("Sky News' Yalda Hakim"), and at the small words of a heading in capitals
    ("Quill On Winter Talks"). With the place of each name.
    """
    cuts = list(_CUT.finditer(run))
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start(1) for cut in cuts), len(run)]
    parts = ((a, *split_titles(run[a:b])) for a, b in zip(starts, ends, strict=True))
    return [
        (place, name_of(words, titles))
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
