"""Outlet names: aliases of one publisher brought together, look-alikes left over reported."""

import difflib
import re
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

from analysis.errors import ReadError
from analysis.reading.columns import stands_for
from analysis.reading.formats.sheets import read_sheet

Aliases = Mapping[str, str]
# One mark at a time: " (" taken together would leave what stands in the brackets.
_NOISE = re.compile(
    r"\(.*?\)|\b(?:the|online|news|website|web|com|co|uk|org|net|www|opinion|editorial|final|edition|print)\b|[\W_]"
)
# Beyond this many names, comparing each with each takes too long; equal keys still show.
_PAIRWISE_UP_TO = 400
_ALIKE = 0.87
# The names of an alias table are in such a column, else the first; the publishers in one that is
# called as exports call an outlet, else the next.
_NAMES = ("name", "alias")


def load_aliases(outlets: Aliases | str | Path | None) -> dict[str, str]:
    """The alias table by folded name, from a mapping or a table (.csv or .xlsx).

    The table has two columns, the name as the articles have it and the name to use, below a header
    such as ``name, publisher`` or ``name, outlet``. ReadError if it can't be read, or one name
    stands for two publishers.
    """
    if outlets is None:
        return {}
    pairs = outlets.items() if isinstance(outlets, Mapping) else _alias_rows(Path(outlets))
    table: dict[str, str] = {}
    for name, publisher in pairs:
        key = fold_name(name)
        if table.setdefault(key, publisher) != publisher:
            raise ReadError(
                f"outlets: {name!r} stands for {table[key]!r} and for {publisher!r}. Keep one."
            )
    return table


def fold_name(name: str) -> str:
    """Fold a name for comparing: case and spaces don't count."""
    return " ".join(name.casefold().split())


def similar_outlets(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of names that may be one publisher's: near-identical once words like "Online" go."""
    groups: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        groups.setdefault(_NOISE.sub("", name.casefold()) or name.casefold(), []).append(name)
    keys = sorted(groups)
    if len(keys) <= _PAIRWISE_UP_TO:
        for a, b in combinations(keys, 2):
            # No two texts are more alike than their lengths are.
            if (least := min(len(a), len(b))) < 5 or 2 * least < _ALIKE * len(a + b):
                continue
            alike = difflib.SequenceMatcher(None, a, b, autojunk=False)
            if alike.quick_ratio() < _ALIKE or alike.ratio() < _ALIKE:
                continue
            # "Channel 4" and "Channel 5" are two.
            if a in groups and b in groups and re.findall(r"\d", a) == re.findall(r"\d", b):
                groups[a] += groups.pop(b)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def joined(names: Iterable[str]) -> str:
    """Names that may be one outlet's, and how they are joined.

    Examples
    --------
    >>> joined(["Gazette", "The Gazette (Online)"])
    "Gazette, The Gazette (Online); to join them, outlets={'The Gazette (Online)': 'Gazette'}"
    """
    first, *others = names
    return f"{', '.join((first, *others))}; to join them, outlets={dict.fromkeys(others, first)}"


def _alias_rows(path: Path) -> list[tuple[str, str]]:
    try:
        sheet = read_sheet(path)
    except ReadError as fault:
        raise ReadError(f"outlets: {fault} Needed are two columns: name, publisher.") from fault
    header = list(sheet)
    name = next((column for column in header if column.casefold() in _NAMES), header[0])
    others = [column for column in header if column != name]
    chosen = [name, *sorted(others, key=lambda column: not stands_for(column, "outlet"))][:2]
    if len(chosen) < 2 or not any(
        stands_for(column, "outlet") or column.casefold() in _NAMES for column in chosen
    ):
        raise ReadError(
            f"outlets: {path.name} has no header: it begins with "
            f"{', '.join(map(repr, header[:2]))}. Begin it with a row that names the two columns: "
            "name, publisher."
        )
    pairs = sheet[chosen].apply(lambda column: column.str.strip())
    for line, *cells in pairs[(pairs == "").any(axis=1)].itertuples():
        raise ReadError(
            f"outlets: {path.name}, row {line}: {cells!r} has no name and publisher. Give both, or "
            "remove the row."
        )
    return list(pairs.itertuples(index=False, name=None))
