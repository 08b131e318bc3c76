"""Exports of Nexis UK and LexisNexis Academic (.html) and of LexisNexis (.txt).

Labelled lines around the body (``LENGTH: 355 words``) are the database's own.
"""

import re
from typing import Any

from analysis.reading.dates_in_lines import leading_date
from analysis.reading.encodings import decode
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.databases.labels import MARK, columns_of, labels_of, mark
from analysis.reading.formats.databases.publications import named
from analysis.reading.formats.documents import documents_table, join_paragraphs, unwrap
from analysis.reading.formats.markup import paragraphs_of, parse_html
from analysis.reading.records import RawTable, ReadOptions

# "3 of 74 DOCUMENTS", and what interfaces in other languages write.
COUNTER = re.compile(
    r"^[ \t\xa0]*(?:(\d+) (?:of|de|di|van|von|sur) (\d+) DO[CK]UMENT\w*"
    r"|(?:Do[ck]ument|DO[CK]UMENT)\w* (\d+) (?:of|de|di|van|von|sur|OF|DE|DI|VAN|VON) (\d+))"
    r"[ \t\xa0]*$",
    re.MULTILINE,
)
_LABELS = labels_of("nexis")
BEFORE, _AFTER, _ABOVE_AFTER = (
    columns_of(_LABELS[part]) for part in ("before", "after", "above_after")
)
_KEPT = {**_AFTER, **_ABOVE_AFTER}
_EDITION = re.compile(rf"(?:\S+ ){{0,5}}(?:{_LABELS['edition']})\b.{{0,20}}", re.IGNORECASE)
_REACH = 3
# A label, if it is in capitals.
_LABEL = re.compile(rf"{MARK}?([^\W\d_][^:\n]{{1,40}}):(?:\s|$)")
_STYLED = re.compile(r"\s*([^\W\d_][^:\n]{1,40}):\s*")
ANCHOR = re.compile(r"<\w+\s[^<>]*\b(?:name|id)\s*=\s*[\"']?DOC_ID_\d+_\d+\b[^<>]*>", re.IGNORECASE)
_RIGHTS = re.compile(
    r"copyright\b|©|\(c\)|all rights reserved|alle rechten? vorbehalten|tous droits réservés"
    r"|todos los derechos reservados|todos os direitos reservados|tutti i diritti riservati"
    r"|alle rechten voorbehouden",
    re.IGNORECASE,
)


def documents_of_text(text: str, counters: list[re.Match[str]]) -> list[dict[str, Any]]:
    """The articles of a .txt, which lines such as ``3 of 74 DOCUMENTS`` part.

    None of them if nothing behind such lines reads as an article: a text may quote one.
    """
    ends = [*(match.start() for match in counters), len(text)][1:]
    parts = (text[match.end() : end] for match, end in zip(counters, ends, strict=True))
    rows = [document(unwrap(part)) for part in parts]
    known = any(row["date"] or row["whole"] or "message" in row for row in rows)
    return rows if known else []


def read_nexis_html(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a Nexis UK .html: documents behind anchors ``DOC_ID_1_0``, whatever their numbers."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    counters: list[re.Match[str]] = []
    rows = []
    # Each document lies whole between two anchors, so that the parts can be parsed one by one.
    for part in ANCHOR.split(text)[1:]:
        root = parse_html(part, file.name, file.limits)
        _mark_labels(root)
        paragraphs = paragraphs_of(root)
        if found := [m for p in paragraphs[:2] if (m := COUNTER.match(p))]:
            counters += found[:1]
            paragraphs = [p for p in paragraphs if not COUNTER.match(p)]
        rows.append(document(paragraphs))
    notes = {"format": "Nexis HTML", "encoding": str(encoding)}
    return documents_table(file, named(rows), notes, announced=announced(counters))


def announced(counters: list[re.Match[str]]) -> int | None:
    """The number of documents that the first counter announces."""
    totals = (group for counter in counters[:1] for group in counter.groups()[1::2] if group)
    return next(map(int, totals), None)


def document(paragraphs: list[str]) -> dict[str, Any]:
    """One article from its paragraphs: outlet, date, title, labels, body, labels."""
    while paragraphs and _RIGHTS.match(paragraphs[0]):
        paragraphs = paragraphs[1:]
    names = [_label(paragraph) for paragraph in paragraphs]
    # A label by its style alone stands above the body if any text is below it.
    last = max((n for n, name in enumerate(names) if name), default=0)
    closing = (n for n, p in enumerate(paragraphs) if n > last and _RIGHTS.match(p))
    texts = [n for n in range(next(closing, len(names))) if not names[n]]
    above = {
        n for n, name in enumerate(names)
        if name in BEFORE
        or (paragraphs[n].startswith(MARK) and name not in _KEPT and n < max(texts, default=0))
    }  # fmt: skip
    start = min(above, default=min(3, len(names)))
    head = paragraphs[:start]
    dated, date, edition = find_date(head)
    at = 0 if dated is None else dated  # the outlet is above the date, or the first line
    lines = head[1:] if dated is None else [p for p in head[at + 1 :] if not is_remark(p)]
    while len(lines) > 1 and len(lines[0]) < 60 and _EDITION.fullmatch(lines[0]):
        edition = f"{edition} {lines.pop(0)}".strip()
    title = " ".join(lines)
    outlet = "".join(head[:1]) if dated is None else " ".join(head[:at]).removesuffix(".")
    row: dict[str, Any] = {"outlet": outlet, "date": date, "edition": edition, "title": title}
    while start in above:
        if name := BEFORE.get(names[start]):
            row[name] = _value(paragraphs[start])
        start += 1
    end = _body_end(paragraphs, names, start)
    for name, paragraph in zip(names[end:], paragraphs[end:], strict=True):
        if column := _KEPT.get(name):
            row[column] = _value(paragraph)
    if not date:
        row["undated"] = loaded(paragraphs[end:])
        # A lone sentence says that the database can't display the article.
        if len(paragraphs) == 1 and paragraphs[0].endswith((".", "!")):
            row["message"] = paragraphs[0]
    row["whole"] = end < len(names) or any(map(_RIGHTS.match, paragraphs[start:]))
    body = paragraphs[start:end]
    while body and _RIGHTS.match(body[-1]):
        body.pop()
    row["text"] = join_paragraphs(body)
    row["furniture_chars"] = sum(map(len, paragraphs)) - len(title) - sum(map(len, body))
    return row


def _mark_labels(root: Any) -> None:
    """Put `MARK` before what a page shows as a label: capitals in an element of their own.

    The paragraph stands alone in its block, and is of the class of a label that is known.
    """
    found = []
    for paragraph in root.iter("p"):
        first = next(iter(paragraph.xpath(".//text()[normalize-space()]")), None)
        if first is None:
            continue
        match = _STYLED.fullmatch(first)
        if (
            match
            and match[1].isupper()
            and first.is_text
            and len(paragraph.getparent().findall("p")) == 1
        ):
            found.append((paragraph.get("class"), match[1], first.getparent()))
    known = {style for style, name, _ in found if name in BEFORE or name in _AFTER}
    for style, _, element in found:
        if style in known or not known:
            mark(element)


def _value(paragraph: str) -> str:
    return paragraph.partition(":")[2].strip()


def _body_end(paragraphs: list[str], names: list[str], start: int) -> int:
    """Where the body ends: at the labels below it, and those that may be right above them."""
    ends = (n for n in range(start, len(names)) if names[n] in _AFTER)
    styled = (n for n in range(start, len(names)) if paragraphs[n].startswith(MARK))
    place = end = min(next(ends, len(names)), next(styled, len(names)))
    while place > max(start, end - _REACH):
        place -= 1
        if names[place] in _ABOVE_AFTER:
            end = place
    return end


def find_date(lines: list[str]) -> tuple[int | None, str, str]:
    """Which line begins with a date, the date, and what follows it: the weekday, the edition."""
    for n, line in enumerate(lines):
        if found := leading_date(line):
            return n, *found
    return None, "", ""


def loaded(paragraphs: list[str]) -> str:
    """What to say of an article without a date: its Load-Date may be days later, or years."""
    found = (p for p in paragraphs if re.match("load-date:", p, re.IGNORECASE))
    date = next(found, "").partition(":")[2].strip()
    return f"Load-Date: {date}, when the database took it in" if date else ""


def _label(paragraph: str) -> str:
    match = _LABEL.match(paragraph)
    return match[1] if match and match[1].isupper() else ""


def is_remark(line: str) -> bool:
    """Whether a line says that the article was corrected."""
    return line.strip().casefold() in ("correction appended", "see correction appended")
