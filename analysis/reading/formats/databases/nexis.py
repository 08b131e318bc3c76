"""Exports of Nexis Uni (.docx), Nexis UK (.html) and LexisNexis (.txt).

All three give an article as a heading, the outlet, the date, labelled lines (``LENGTH: 355
words``), the body, and labelled lines again. Only the body is the article's text; the labelled
lines are the database's own.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import filterfalse
from typing import Any

from analysis.errors import ReadError
from analysis.reading.dates import leading_date
from analysis.reading.encodings import decode, with_newlines
from analysis.reading.files.compressed import InputFile, check_package
from analysis.reading.formats.documents import documents_table, join_paragraphs, unwrap
from analysis.reading.formats.markup import paragraphs_of, parse_html
from analysis.reading.records import RawTable, ReadOptions

# "3 of 74 DOCUMENTS", and what the German and the French interface write.
COUNTER = re.compile(
    r"^[ \t\xa0]*(?:(\d+) of (\d+) DOCUMENTS?|Dokument (\d+) von (\d+)|Document (\d+) de (\d+))"
    r"[ \t\xa0]*$",
    re.MULTILINE,
)
_BEFORE = {
    "BYLINE": "author", "AUTOR": "author", "AUTEUR": "author", "SECTION": "section",
    "RUBRIK": "section", "RUBRIQUE": "section", "LENGTH": "length", "LÄNGE": "length",
    "LONGUEUR": "length", "DATELINE": "dateline", "HIGHLIGHT": "highlight", "SERIES": "series",
    "COLUMN": "section", "DISTRIBUTION": None, "SOURCE": None, "TYPE": None, "BLOG": None,
}  # fmt: skip
# Labels below a body. Those of the second kind may also begin a paragraph of an article; they count
# only right above others.
_AFTER = {
    "LOAD-DATE", "LANGUAGE", "SPRACHE", "LANGUE", "PUBLICATION-TYPE", "PUBLIKATIONSTYP",
    "JOURNAL-CODE", "DOCUMENT-TYPE", "ACC-NO", "CORRECTION-DATE", "GEOGRAPHIC",
}  # fmt: skip
_ABOVE_AFTER = {
    "GRAPHIC", "GRAFIK", "NOTES", "SUBJECT", "ORGANIZATION", "COMPANY", "PERSON", "INDUSTRY",
    "TICKER", "COUNTRY", "CITY", "STATE", "CORRECTION", "UPDATE", "URL", "ISSN", "PHOTO",
}  # fmt: skip
_REACH = 3
_LABEL = re.compile(r"([A-ZÄÖÜÉ][A-ZÄÖÜÉ-]+(?: CODE)?):(?:\s|$)")
_RIGHTS = re.compile(r"copyright\b|©|\(c\)|all rights reserved|alle rechte vorbehalten", re.I)
# In a .docx, the headings that end the body.
_SECTIONS = {"Classification", "Graphic", "Notes", "Correction", "Correction-Date"}
_DOCX_AFTER = re.compile(r"(?:Load-Date|Language|Publication-Type|Journal Code|Subject):\xa0")
_DOCX_LABEL = re.compile(r"([A-Z][\w -]{2,24}):\xa0\s*(.*)", re.DOTALL)
_DOCX_END = re.compile(r"End of Document|Ende des Dokuments|Fin du document", re.IGNORECASE)


def read_lexisnexis_text(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a LexisNexis .txt: documents parted by lines such as ``3 of 74 DOCUMENTS``."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    text = with_newlines(text)
    counters = list(COUNTER.finditer(text))
    bounds = [*(match.start() for match in counters), len(text)]
    parts = [text[match.end() : end] for match, end in zip(counters, bounds[1:], strict=True)]
    rows = [_document(unwrap(part)) for part in parts]
    notes = {"format": "LexisNexis text", "encoding": str(encoding)}
    return documents_table(file, rows, notes, announced=_announced(counters))


def read_nexis_html(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a Nexis UK .html: documents behind anchors ``DOC_ID_1_0``."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    counters: list[re.Match[str]] = []
    rows = []
    # Each document lies whole between two anchors, so that the parts can be parsed one by one.
    for part in re.split(r"<a\s+name=[\"']?DOC_ID_\d+_\d+[\"']?\s*>\s*</a>", text, flags=re.I)[1:]:
        paragraphs = paragraphs_of(parse_html(part, file.name, file.limits))
        if found := [m for p in paragraphs[:2] if (m := COUNTER.match(p))]:
            counters += found[:1]
            paragraphs = [p for p in paragraphs if not COUNTER.match(p)]
        rows.append(_document(paragraphs))
    notes = {"format": "Nexis HTML", "encoding": str(encoding)}
    return documents_table(file, rows, notes, announced=_announced(counters))


def read_nexis_docx(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a Nexis Uni .docx: documents that end with the line ``End of Document``."""
    rows = [_docx_document(lines) for lines in _docx_documents(docx_lines(file))]
    return documents_table(file, rows, {"format": "Nexis Uni"})


def is_nexis_docx(file: InputFile) -> bool:
    """Whether a .docx is an export of Nexis Uni: a look at its text, quicker than to parse it."""
    data = check_package(file, "a Word document (.docx)")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            markup = package.read("word/document.xml")
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError):
        return False
    text = re.sub(rb"<[^>]+>", b"", markup).decode("utf-8", errors="replace")
    return b'w:name="Bookmark_' in markup and _DOCX_END.search(text) is not None


def docx_lines(file: InputFile) -> list[tuple[str, bool, list[str]]]:
    """The paragraphs of a .docx: text, whether all of it is bold, bookmarks that it holds."""
    import docx
    from docx.table import Table

    data = check_package(file, "a Word document (.docx)")
    lines: list[tuple[str, bool, list[str]]] = []
    try:
        for block in docx.Document(io.BytesIO(data)).iter_inner_content():
            if isinstance(block, Table):
                rows = ("\t".join(cell.text for cell in row.cells) for row in block.rows)
                lines += [(row, False, []) for row in rows]
                continue
            bold = [run.bold for run in block.runs if run.text.strip()]
            marks = block._p.xpath(".//w:bookmarkStart/@w:name")
            lines.append((block.text, bool(bold) and all(bold), marks))
    except Exception as fault:  # python-docx passes on whatever zip and XML parsing raise
        raise ReadError(
            f"{file.name}: can't be read as a Word document ({fault}). Open it and save it again."
        ) from fault
    return lines


def _announced(counters: list[re.Match[str]]) -> int | None:
    """The number of documents that the first counter announces."""
    totals = (group for counter in counters[:1] for group in counter.groups()[1::2] if group)
    return next(map(int, totals), None)


def _document(paragraphs: list[str]) -> dict[str, Any]:
    """One article from its paragraphs: outlet, date, title, labels, body, labels."""
    while paragraphs and _RIGHTS.match(paragraphs[0]):
        paragraphs = paragraphs[1:]
    names = [_label(paragraph) for paragraph in paragraphs]
    start = next((n for n, name in enumerate(names) if name in _BEFORE), min(3, len(names)))
    head = paragraphs[:start]
    dated, date, edition = _find_date(head)
    at = 0 if dated is None else dated  # the outlet is above the date, or the first line
    title = " ".join(head[1:] if dated is None else filterfalse(_is_remark, head[at + 1 :]))
    outlet = "".join(head[:1]) if dated is None else " ".join(head[:at]).removesuffix(".")
    row: dict[str, Any] = {"outlet": outlet, "date": date, "edition": edition, "title": title}
    while start < len(names) and names[start] in _BEFORE:
        if name := _BEFORE[names[start]]:
            row[name] = paragraphs[start].partition(":")[2].strip()
        start += 1
    end = _body_end(names, start)
    if not date:
        row["undated"] = _loaded(paragraphs[end:])
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


def _body_end(names: list[str], start: int) -> int:
    """Where the body ends: at the labels below it, and those that may be right above them."""
    place = end = next((n for n in range(start, len(names)) if names[n] in _AFTER), len(names))
    while place > max(start, end - _REACH):
        place -= 1
        if names[place] in _ABOVE_AFTER:
            end = place
    return end


def _find_date(lines: list[str]) -> tuple[int | None, str, str]:
    """Which line begins with a date, the date, and what follows it: the weekday, the edition."""
    for n, line in enumerate(lines):
        if found := leading_date(line):
            return n, *found
    return None, "", ""


def _loaded(paragraphs: list[str]) -> str:
    """What to say of an article without a date: its Load-Date may be days later, or years."""
    found = (p for p in paragraphs if re.match("load-date:", p, re.IGNORECASE))
    date = next(found, "").partition(":")[2].strip()
    return f"Load-Date: {date}, when the database took it in" if date else ""


def _label(paragraph: str) -> str:
    match = _LABEL.match(paragraph)
    return match[1] if match else ""


def _is_remark(line: str) -> bool:
    return line.strip().casefold() in ("correction appended", "see correction appended")


def _docx_documents(lines: list[tuple[str, bool, list[str]]]) -> Iterator[list[tuple[str, bool]]]:
    """The lines of each article: from the last bookmark before its body to its end."""
    article: list[tuple[str, bool]] = []
    in_body = begun = False
    for text, bold, marks in lines:
        if _DOCX_END.fullmatch(text.strip()):
            if article:
                yield article
            article, in_body, begun = [], False, False
            continue
        if not in_body and any(re.fullmatch(r"Bookmark_\d+", mark) for mark in marks):
            article, begun = [], True
        in_body = in_body or (bold and text.strip() == "Body")
        if text.strip():
            article.append((text, bold))
    if begun and in_body:
        yield article


def _docx_document(lines: list[tuple[str, bool]]) -> dict[str, Any]:
    texts = [text.strip() for text, _ in lines]
    body_at = (n for n, (text, bold) in enumerate(lines) if bold and text.strip() == "Body")
    start = next(body_at, len(lines))
    head = list(filterfalse(_is_remark, texts[:start]))
    # The heading may itself begin with a date.
    dated, date, edition = _find_date(head[1:5])
    at = 1 if dated is None else dated
    title = " ".join(head[:at]) or " ".join(head[:1])
    outlet = "".join(head[at : at + 1]).removesuffix(".")
    row: dict[str, Any] = {"outlet": outlet, "date": date, "edition": edition, "title": title}
    for text in head:
        if (match := _DOCX_LABEL.match(text)) and (name := _BEFORE.get(match[1].upper())):
            row[name] = " ".join(match[2].split())
    if not date:
        row["undated"] = _loaded(texts)
    body = []
    for text, (_, bold) in zip(texts[start + 1 :], lines[start + 1 :], strict=True):
        if (bold and text in _SECTIONS) or _DOCX_AFTER.match(text):
            break
        if not (bold and text in ("ABSTRACT", "FULL TEXT")):
            body += text.split("\n")
    row["text"] = join_paragraphs(body)
    row["furniture_chars"] = sum(map(len, texts)) - len(title) - sum(map(len, body))
    return row
