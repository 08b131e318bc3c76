"""Which column of a table stands for which one of the articles table: as told, or guessed aloud."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from analysis.errors import ReadError
from analysis.reading.records import STANDARD, ReadOptions

# Column names that exports use, best first; compared without case, spaces and punctuation.
GUESSES = {
    "doc_id": ("docid", "id", "articleid", "documentid", "guid", "uuid", "storiesid", "an"),
    "outlet": (
        "outlet", "publisher", "publication", "newspaper", "sourcename", "medianame", "medium",
        "source", "paper", "journal", "publicationtitle", "site", "domain", "sourcedomain",
        "zeitung", "quelle", "fuente", "издание", "источник",
    ),
    "date": (
        "date", "published", "publishdate", "publicationdate", "pubdate", "publishedat",
        "datepublished", "publisheddate", "datepublish", "articledate", "webpublicationdate", "day",
        "datetime", "timestamp", "entrydate", "seendate",
        "datum", "erscheinungsdatum", "fecha", "дата", "датапубликации",
    ),
    "date_end": ("dateend", "enddate"),
    "title": (
        "title", "headline", "heading", "articletitle", "webtitle",
        "titel", "überschrift", "schlagzeile", "titre", "título", "titular", "заголовок",
    ),
    "text": (
        "text", "body", "fulltext", "articletext", "bodytext", "maintext", "content", "article",
        "articlebody", "story", "plaintext",
        "volltext", "inhalt", "texte", "texto", "текст",
    ),
}  # fmt: skip
_URL = ("url", "link", "weburl", "articleurl", "permalink")


def map_columns(
    names: list[str], options: ReadOptions, source: str, notes: dict[str, Any]
) -> dict[str, str]:
    """Which column of the file stands for which standard one; guesses are noted.

    ReadError if `columns` names what is not there, or none can be taken for outlet, date or text.
    """
    mapping = _told(names, options, source)
    guessed = []
    for standard, candidates in GUESSES.items():
        if standard in mapping:
            continue
        if standard in names and standard not in mapping.values():
            mapping[standard] = standard
            if first := _first_of(standard, names):
                guessed.append(f"{standard} from {first}")
            continue
        taken = set(mapping.values()) | set(STANDARD)
        free = {_plain(name): name for name in reversed(names) if name not in taken}
        if found := next((free[name] for name in candidates if name in free), None):
            mapping[standard] = found
            guessed.append(f"{standard} from {_first_of(found, names) or repr(found)}")
    absent = [name for name in options.needed if name not in mapping]
    if options.outlet is not None and "outlet" in absent:
        absent.remove("outlet")
    # A list of links: texts may be joined to it, and the address has the outlet's host.
    if absent and (url := next((name for name in names if _plain(name) in _URL), None)):
        mapping["url"] = url
        absent = [name for name in absent if name not in ("outlet", "text")]
    if absent:
        raise ReadError(
            f"{source}: no column can be taken for {', '.join(absent)}; it has {_listed(names)}. "
            f"{_advice(absent)}"
        )
    notes["columns"] = mapping
    if guessed:
        notes["guessed"] = ", ".join(guessed)
    return mapping


def has_text(record: Mapping[str, object]) -> bool:
    """Whether a record has a text under one of the names that exports use."""
    return any(
        isinstance(value, str) and value.strip() and _plain(name) in GUESSES["text"]
        for name, value in record.items()
    )


def standard_names(names: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """Columns under their standard names; one that had such a name already steps aside.

    Examples
    --------
    >>> standard_names(["paper", "body", "text"], {"outlet": "paper", "text": "body"})
    ['outlet', 'text', 'text_in_file']
    """
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
    """Column names without blanks around them, each once: empty and repeated ones get a number.

    Examples
    --------
    >>> unique_names(["id ", "", "id"])
    ['id', 'column_2', 'id.2']
    """
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
    """The caller's own mapping, checked."""
    for standard, name in options.columns.items():
        if standard not in STANDARD:
            raise ReadError(
                f"columns: {standard!r} is no column of the articles table; allowed are "
                f"{', '.join(STANDARD)}."
            )
        if name not in names:
            raise ReadError(
                f"{source}: has no column {name!r} (for {standard}); it has {_listed(names)}."
            )
    return dict(options.columns)


def _advice(absent: list[str]) -> str:
    """How columns are told: in Python, on the command line, in a study."""
    python = ", ".join(f"{name!r}: 'your column'" for name in absent)
    options = " ".join(f"--columns {name}='your column'" for name in absent)
    outlet = ", or name the one outlet with outlet='...' (--outlet)" if "outlet" in absent else ""
    return (
        f"Say which it is: columns={{{python}}} in read_articles, {options} for framing import "
        f"and framing count, [corpus.columns] in a study{outlet}."
    )


def _listed(names: list[str]) -> str:
    return (", ".join(map(repr, names[:40])) or "none") + (" and more" if len(names) > 40 else "")


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
