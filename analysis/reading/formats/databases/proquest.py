"""Exports of ProQuest as .txt: documents between lines of underscores, fields with labels."""

import re
from typing import Any

from analysis.reading.encodings import decode, with_newlines
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.documents import documents_table, join_paragraphs, unwrap
from analysis.reading.records import RawTable, ReadOptions

SEPARATOR = re.compile(r"^[ \t]*_{20,}[ \t]*$", re.MULTILINE)
# The labels that ProQuest writes. Others, such as "Analysis:", may begin a paragraph of an article.
_LABELS = (
    "Abstract|Alternate title|Author|Business indexing term|Caption|Classification|Column|"
    "Column name|Comments|Company / organization|Copyright|Correction|Country of publication|"
    "Credit|Database|Dateline|Document feature|Document type|Document URL|Edition|First page|"
    "Full text|FULL TEXT|Identifier / keyword|Illustration|Image alternative text|ISSN|Issue|"
    "Language of publication|Last updated|Links|Location|Number of pages|Pages|People|"
    "Place of publication|ProQuest document ID|Publication date|Publication info|"
    "Publication subject|Publication title|Publication year|Publisher|Section|Source type|Subject|"
    "Subtitle|Supplement|Title|Volume|Word count|Year"
)
_LABEL = re.compile(rf"^({_LABELS}):[ \t]*", re.MULTILINE)
_KEPT = {
    "Title": "title", "Publication title": "outlet", "Publication date": "date", "Author": "author",
    "ProQuest document ID": "doc_id", "Document URL": "url", "Section": "section",
    "Language of publication": "language", "Document type": "genre",
}  # fmt: skip
_NONE = re.compile(r"(?:none|not) available\.?|full text not available.*", re.IGNORECASE)


def read_proquest(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a ProQuest .txt."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    text = with_newlines(text)
    rows = [row for part in SEPARATOR.split(text) if (row := _document(part))]
    return documents_table(file, rows, {"format": "ProQuest text", "encoding": str(encoding)})


def is_proquest(head: str) -> bool:
    """Whether a text begins as an export of ProQuest does."""
    return bool(SEPARATOR.search(head)) and "ProQuest" in head


def _document(part: str) -> dict[str, Any] | None:
    """One document, or None for the pages around them: contents, terms, contact."""
    labels = list(_LABEL.finditer(part))
    ends = [*(label.start() for label in labels), len(part)][1:]
    fields: dict[str, str] = {}
    for label, end in zip(labels, ends, strict=True):
        # The first of its name counts: a body may hold a line that looks like a label.
        fields.setdefault(label[1].capitalize(), part[label.end() : end].strip())
    if not {"Full text", "Publication title"} & fields.keys():
        return None
    row: dict[str, Any] = {
        name: " ".join(fields.get(label.capitalize(), "").split()) for label, name in _KEPT.items()
    }
    if not row["title"]:
        row["title"] = next(iter(unwrap(part[: labels[0].start()])), "")
    row["outlet"] = row["outlet"].partition(";")[0].strip()
    body = fields.get("Full text", "")
    row["text"] = "" if _NONE.fullmatch(body) else join_paragraphs(unwrap(body))
    row["furniture_chars"] = max(0, len(part.strip()) - len(row["title"]) - len(body))
    return row
