"""Lines that are furniture by their wording: the patterns of ``furniture_lines.txt``."""

import re
from pathlib import Path

_INSIDE = re.compile(r"\.(?:\*|\{0,\d+\})(?:\\b)?([a-z ]{5,})[^?*{]")
_GROUP = re.compile(r"\([^()]*\)")


class _Kinds:
    """Patterns by kind. Those that begin with any text are tried where their words are found."""

    def __init__(self, patterns: list[tuple[str, str]]) -> None:
        anchored: dict[str, list[str]] = {kind: [] for kind, _ in patterns}
        self.inside: list[tuple[str, str, re.Pattern[str]]] = []
        for kind, pattern in patterns:
            words = _INSIDE.match(pattern)
            if words and not _has_alternatives(pattern):
                self.inside.append((kind, words[1], re.compile(pattern, re.IGNORECASE)))
            else:
                anchored[kind].append(pattern)
        groups = (f"(?P<{kind}>{'|'.join(some)})" for kind, some in anchored.items() if some)
        self.anchored = re.compile("|".join(groups), re.IGNORECASE)

    def of(self, line: str) -> str | None:
        match = self.anchored.fullmatch(line)
        kinds = [match.lastgroup or ""] if match else []
        # As the patterns do, which ignore case: ſ is an s, the sign of Kelvin a k.
        plain = line.casefold().replace("i\u0307", "i").replace("ı", "i")
        for kind, words, pattern in self.inside:
            if words in plain and pattern.fullmatch(line):
                kinds.append(kind)
        return min(kinds, key=WORDINGS.index, default=None)


def _has_alternatives(pattern: str) -> bool:
    """Whether there is a ``|`` outside all groups."""
    pattern = re.sub(r"\\.", "", pattern)
    while (shorter := _GROUP.sub("", pattern)) != pattern:
        pattern = shorter
    return "|" in pattern


# Labels above headlines of other articles, and the ages below them, where they come in columns.
OPENS_LINKS = re.compile(
    r"\W*(read|see|watch|view|also|related|recommended|popular|trending|latest|top|most|more|next|"
    r"previous)\b(,? \w+){0,3}\W*",
    re.IGNORECASE,
)
AGE = re.compile(
    r"\W*(\d+|an?|one) (second|minute|min|hour|day|week|month|year)s?( ago)?\W*", re.IGNORECASE
)


def _patterns() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Kind and pattern of those that hold anywhere, and of those at the edges."""
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    anywhere, at_edges = list[tuple[str, str]](), list[tuple[str, str]]()
    for line in lines:
        if line.startswith("== "):
            kind, _, place = line.removeprefix("== ").partition(" ")
        elif line and not line.startswith("#"):
            (at_edges if place else anywhere).append((kind, line))
    return anywhere, at_edges


_ANYWHERE, _EDGES = _patterns()
# The kinds, in the order in which they are tried.
WORDINGS = tuple(dict.fromkeys(kind for kind, _ in _ANYWHERE + _EDGES))
_IN_BODY = _Kinds(_ANYWHERE)
_AT_EDGE = _Kinds(sorted(_ANYWHERE + _EDGES, key=lambda entry: WORDINGS.index(entry[0])))


def kind_of(line: str, *, at_edge: bool) -> str | None:
    """The kind of furniture that a line is, by its wording alone.

    Examples
    --------
    >>> kind_of("Story Continued Below", at_edge=False)
    'advertisement'
    >>> kind_of("The story continued below ground.", at_edge=True)
    """
    return (_AT_EDGE if at_edge else _IN_BODY).of(line)
