"""Which column of a table stands for which one of the articles table: as told, or guessed aloud."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from itertools import chain, count
from typing import Any

from analysis.errors import ReadError
from analysis.reading.records import STANDARD, ReadOptions

# Letters that have no accent to be taken off, but are often written without.
_UNLIKE = str.maketrans("łøđı", "lodi")

_NO_HEADER = (
    "The first row must name the columns, such as outlet,date,title,text, with commas, tabs, "
    "semicolons or bars between them. Remove what stands above it."
)


@cache
def _known() -> dict[str, tuple[str, ...]]:
    names = tomllib.loads(
        files("analysis.reading").joinpath("column_names.toml").read_text("utf-8")
    )
    return {standard: tuple(map(_plain, words.split())) for standard, words in names.items()}


def map_columns(
    names: list[str], options: ReadOptions, source: str, notes: dict[str, Any]
) -> dict[str, str]:
    """Which column of the file stands for which standard one; guesses are noted.

    ReadError if `columns` names what is not there, or none can be taken for outlet, date or text.
    """
    mapping = _told(names, options, source)
    guessed = []
    for standard in STANDARD:
        if standard in mapping:
            continue
        if standard in names and standard not in mapping.values():
            mapping[standard] = standard
            if first := _first_of(standard, names):
                guessed.append(f"{standard} from {first}")
            continue
        taken = set(mapping.values()) | set(STANDARD)
        free = {_plain(name): name for name in reversed(names) if name not in taken}
        if found := next((free[name] for name in _known()[standard] if name in free), None):
            mapping[standard] = found
            guessed.append(f"{standard} from {_first_of(found, names) or repr(found)}")
    absent = [name for name in options.needed if name not in mapping]
    if options.outlet is not None and "outlet" in absent:
        absent.remove("outlet")
    # A list of links: texts may be joined to it, and the address has the outlet's host.
    if absent and (url := next((name for name in names if stands_for(name, "url")), None)):
        mapping["url"] = url
        absent = [name for name in absent if name not in ("outlet", "text")]
    if absent:
        others = [name for name in names if name not in mapping.values()]
        raise ReadError(
            f"{source}: no column can be taken for {', '.join(absent)}; it has {_listed(names)}. "
            + (_advice(absent, others) if len(names) > 1 else _NO_HEADER)
        )
    notes["columns"] = mapping
    if guessed:
        notes["guessed"] = ", ".join(guessed)
    return mapping


def stands_for(name: str, standard: str) -> bool:
    """Whether `name` is one that exports give to a `standard` column, or to one of ``times``."""
    return _plain(name) in _known()[standard]


def has_text(record: Mapping[str, object]) -> bool:
    """Whether a record has a text under one of the names that exports use."""
    return any(
        isinstance(value, str) and value.strip() and stands_for(name, "text")
        for name, value in record.items()
    )


def standard_names(names: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """Columns under their standard names; one that had such a name already steps aside."""
    back = {name: standard for standard, name in mapping.items()}
    taken = {*names, *mapping}
    renamed = []
    for name in names:
        new = back.get(name, name)
        if name in STANDARD and name not in back:
            while new in taken:
                new += "_in_file"
            taken.add(new)
        renamed.append(new)
    return renamed


def unique_names(header: list[str]) -> list[str]:
    """Column names without blanks around them, each once: empty and repeated ones get a number."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for place, cell in enumerate(header, start=1):
        name = cell.strip() or f"column_{place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return names


def _first_of(name: str, names: list[str]) -> str:
    """Which of several columns a repeated name stands for, as `unique_names` numbers them."""
    same = next(n for n in count(2) if f"{name}.{n}" not in names) - 1
    return f"the first of {same} columns {name!r}" if same > 1 else ""


def _told(names: list[str], options: ReadOptions, source: str) -> dict[str, str]:
    for standard, name in options.columns.items():
        if standard not in STANDARD:
            raise ReadError(
                f"columns: {standard!r} is no column of the articles table; allowed are "
                f"{', '.join(STANDARD)}."
            )
        if name not in names:
            raise ReadError(
                f"{source}: has no column {name!r} (for {standard}); it has {_listed(names)}."
                f"{_meant(name, names)}"
            )
    return dict(options.columns)


def likeliest(standard: str, names: Iterable[object]) -> str | None:
    """The column that most likely stands for a standard one, by a word of its name or its spelling.

    Examples
    --------
    >>> columns = ["news_source", "PublishedOn", "Txt", "id"]
    >>> [likeliest(standard, columns) for standard in ("outlet", "date", "text", "title")]
    ['news_source', 'PublishedOn', 'Txt', None]
    """
    words: dict[str, str] = {}
    for name in map(str, names):
        parts = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
        for word in (name, *parts):
            words.setdefault(_plain(word), name)
    known = _known().get(standard, ())
    close = (get_close_matches(name, words, 1, 0.8) for name in known if len(name) > 3)
    found = next((name for name in known if name in words), None) or next(chain(*close), None)
    return None if found is None else words[found]


def _meant(name: str, names: list[str]) -> str:
    plain = {_plain(one): one for one in names}
    close = get_close_matches(_plain(name), plain, 1)
    return f" Do you mean {plain[close[0]]!r}?" if close else ""


def _advice(absent: list[str], free: list[str]) -> str:
    """How columns are told: in Python, on the command line, in a study."""
    likely = {name: likeliest(name, free) for name in absent}
    given = {name: found or "your column" for name, found in likely.items()}
    python = ", ".join(f"{name!r}: {found!r}" for name, found in given.items())
    options = " ".join(f"--columns {name}={found!r}" for name, found in given.items())
    says = "The likeliest" if all(likely.values()) else "Say which it is"
    outlet = ", or name the one outlet with outlet='...' (--outlet)" if "outlet" in absent else ""
    return (
        f"{says}: columns={{{python}}} in read_articles, {options} for framing import "
        f"and framing count, [corpus.columns] in a study{outlet}."
    )


def _listed(names: list[str]) -> str:
    return (", ".join(map(repr, names[:40])) or "none") + (" and more" if len(names) > 40 else "")


def _plain(name: str) -> str:
    """A name without case, accents, spaces and punctuation."""
    apart = unicodedata.normalize("NFKD", name.casefold()).translate(_UNLIKE)
    return re.sub(r"[\W_]+", "", apart)
