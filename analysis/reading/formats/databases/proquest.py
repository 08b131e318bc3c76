"""Exports of ProQuest as .txt and .html: documents between lines of underscores, or at anchors.

Each is a title and fields with labels.
"""

import re
from typing import Any

from analysis.reading.dates_in_lines import date_within
from analysis.reading.encodings import decode
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.databases.labels import MARK, columns_of, labels_of, mark
from analysis.reading.formats.databases.publications import named
from analysis.reading.formats.documents import documents_table, join_paragraphs, unwrap
from analysis.reading.formats.markup import paragraphs_of, parse_html
from analysis.reading.records import RawTable, ReadOptions

SEPARATOR = re.compile(r"^[ \t]*_{20,}[ \t]*$", re.MULTILINE)
_REPORT = re.compile(r"\s*_{20,}\s*[^\n]*ProQuest")
_ANCHOR = re.compile(r"<a\s[^<>]*\b(?:name|id)\s*=\s*[\"']?DocID_\w+\b[^<>]*>", re.IGNORECASE)
_COLUMNS = {label.casefold(): name for label, name in columns_of(labels_of("proquest")).items()}
# In a text only labels that ProQuest writes count: "Analysis:" may begin a paragraph. Pages have
# them in bold.
_LISTED = "|".join(map(re.escape, columns_of(labels_of("proquest"))))
_LABEL = re.compile(rf"^({_LISTED}|FULL TEXT) ?:[ \t]*", re.MULTILINE)
_BOLD = re.compile(rf"^{MARK}([^:\n]+?)\s*:[ \t]*", re.MULTILINE)
_INFO = re.compile(r"\s*[^\n;\[\]]+(?:;[^\n\[\]]*)?\[[^\n\]]+\][^\n:]*\d{4}: ")
_NONE = re.compile(r"(?:none|not) available\.?|full text not available.*", re.IGNORECASE)


def is_export(head: str) -> bool:
    """Whether a .txt begins as a report of ProQuest, or has a document with its labels."""
    documents = documents_of_text(head) if SEPARATOR.search(head) else []
    return bool(_REPORT.match(head) or (documents and "ProQuest" in head))


def documents_of_text(text: str) -> list[dict[str, Any]]:
    """The articles of a .txt, which lines of underscores part."""
    return [row for part in SEPARATOR.split(text) if (row := _document(part, _LABEL))]


def read_proquest_html(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a ProQuest .html: documents behind anchors ``DocID_...``, labels in bold."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    rows = []
    for part in _ANCHOR.split(text)[1:]:
        root = parse_html(part, file.name, file.limits)
        for label in root.iter("strong", "b"):
            if (label.text or "").strip().endswith(":"):
                mark(label)
        paragraphs = "\n\n".join(paragraphs_of(root))
        row = _document(paragraphs, _BOLD) or {"text": "", "title": ""}
        row["whole"] = row.get("whole") or "</text>" in part.lower()
        rows.append(row)
    notes = {"format": "ProQuest HTML", "encoding": str(encoding)}
    return documents_table(file, named(rows), notes, always_closed=True)


def _document(part: str, label: re.Pattern[str]) -> dict[str, Any] | None:
    """One document, or None for the pages around them: contents, terms, contact."""
    labels = list(label.finditer(part))
    ends = [*(found.start() for found in labels), len(part)][1:]
    fields: dict[str, str] = {}
    for found, end in zip(labels, ends, strict=True):
        column = _COLUMNS.get(found[1].casefold())
        # "The Gull ; Anytown [Anytown]08 May 2010: A.2." under a label that is not known.
        if column is None and _INFO.match(part[found.end() : end]):
            column = "info"
        # The first of its name counts: a body may hold a line that looks like a label.
        if column:
            fields.setdefault(column, part[found.end() : end].strip())
    if not {"text", "outlet", "info"} & fields.keys():
        return None
    closed = "text" not in fields or _COLUMNS.get(labels[-1][1].casefold()) != "text"
    body, info = fields.pop("text", ""), fields.pop("info", "")
    row: dict[str, Any] = {name: " ".join(value.split()) for name, value in fields.items()}
    above = unwrap(part[: labels[0].start()])
    row["title"] = row.get("title") or next(iter(above), "")
    row["outlet"] = re.split("[;[]", row.get("outlet") or info)[0].strip()
    row["date"] = row.get("date") or date_within(info.rpartition("]")[2]) or ""
    row["text"] = "" if _NONE.fullmatch(body) else join_paragraphs(unwrap(body))
    row["whole"] = closed
    row["furniture_chars"] = max(0, len(part.strip()) - len(row["title"]) - len(body))
    return row
