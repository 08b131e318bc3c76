"""Names of outlets as databases write them: city and edition taken off, into columns."""

import re
from collections import defaultdict
from typing import Any

from analysis.reading.formats.databases.labels import labels_of

_PLACE = re.compile(r"\s*[(\[]([^()\[\]]{2,40})[)\]]$|\s*;\s*(.+)$")
_NUMBER = re.compile(r",?\s+(?:no\.?|n[°º]|nr\.?|núm\.?|vol\.?|v\.)\s*\d.*$", re.IGNORECASE)


def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of an export whose outlets have their bare names; ``place`` and ``edition`` the rest.

    Where two places share a name (The Times of London and of Shreveport), the place stays in it.

    Examples
    --------
    >>> named([{"outlet": "The Gull (London) - Final Edition"}])
    [{'outlet': 'The Gull', 'edition': 'Final Edition', 'place': 'London'}]
    """
    places = defaultdict(set)
    parts = [_parts(row.get("outlet") or "") for row in rows]
    for name, place, _ in parts:
        places[name].add(place)
    for row, (name, place, edition) in zip(rows, parts, strict=True):
        if edition:
            row["edition"] = row.get("edition") or edition
        if place and len(places[name] - {""}) > 1:
            name = f"{name} ({place})"
        elif place:
            row["place"] = place
        row["outlet"] = name
    return rows


def _parts(outlet: str) -> tuple[str, str, str]:
    words = labels_of("nexis")["edition"]
    edition = re.search(rf"\s*[-–;,]\s+([^-–;,]*\b(?:{words})\b.*)$", outlet, re.IGNORECASE)
    name = _NUMBER.sub("", outlet[: edition.start()] if edition else outlet).strip()
    place = _PLACE.search(name)
    # A name that is nothing but brackets stays.
    if place and not place.start():
        place = None
    found = (place[1] or place[2]).strip() if place else ""
    return name[: place.start()] if place else name, found, edition[1].strip() if edition else ""
