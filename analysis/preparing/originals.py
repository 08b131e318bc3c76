"""Which version of a story is the original: the credited one, or else the first."""

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from analysis.preparing.shingles import Ints

# How agencies sign a story, beside their names in full.
ABBREVIATIONS = {
    "associated press": "AP",
    "agence france-presse": "AFP",
    "united press international": "UPI",
    "deutsche presse-agentur": "dpa",
    "press association": "PA",
}
# Characters at the beginning and the end of a text.
CREDIT_HEAD, CREDIT_TAIL = 200, 400


class Version(NamedTuple):
    """An article that may be one of several versions of a story."""

    doc_id: str
    outlet: str
    last_day: int
    text: int
    edges: str


def originals(versions: dict[int, Version], copies: Ints) -> dict[int, int]:
    """For each article that is a reprint, the row of its original.

    `versions` are by their rows; those of the same words have the same `text`. `copies` are pairs
    of texts: the first may be a reprint of the second.
    """
    holders = defaultdict[int, list[int]](list)
    for row, version in versions.items():
        holders[version.text].append(row)
    sources = {text: {text} for text, rows in holders.items() if len(rows) > 1}
    for copy, source in copies.tolist():
        sources.setdefault(copy, {copy}).add(source)
        sources.setdefault(source, {source})
    credited = _credited(versions, holders, sources)

    def rank(row: int) -> tuple[bool, int, str]:
        return row not in credited, versions[row].last_day, versions[row].doc_id

    original: dict[int, int] = {}
    first_of_text: dict[int, int] = {}
    for row in sorted((row for text in sources for row in holders[text]), key=rank):
        text = versions[row].text
        found = [first_of_text[source] for source in sources[text] if source in first_of_text]
        if found:
            original[row] = min(found, key=rank)
        else:
            first_of_text[text] = row
    return original


def _credited(
    versions: dict[int, Version], holders: dict[int, list[int]], sources: dict[int, set[int]]
) -> set[int]:
    """Rows whose outlet another outlet's copy names near its beginning or end."""
    credited: set[int] = set()
    for text, found in sources.items():
        copies = [versions[row] for row in holders[text]]
        for source in found:
            for name in {versions[row].outlet for row in holders[source]}:
                pattern = _credit_pattern(name)
                if any(copy.outlet != name and pattern.search(copy.edges) for copy in copies):
                    credited.update(row for row in holders[source] if versions[row].outlet == name)
    return credited


def edges(text: str) -> str:
    """The parts of a text that may hold credits: its beginning and its end."""
    text = text.strip()
    return text[:CREDIT_HEAD] + "\n" + text[CREDIT_HEAD:][-CREDIT_TAIL:]


@cache
def _credit_pattern(outlet: str) -> re.Pattern[str]:
    """The outlet's name, or the abbreviation that it signs with."""
    name = re.sub(r"^the\s+", "", outlet.strip(), flags=re.IGNORECASE)
    forms = [f"(?i:{re.escape(name)})"]
    if name.casefold() in ABBREVIATIONS:
        forms.append(ABBREVIATIONS[name.casefold()])
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")
