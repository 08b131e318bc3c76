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
from typing import Any

from analysis.errors import ReadError
from analysis.reading.compressed import InputFile, check_package
from analysis.reading.dates import leading_date
from analysis.reading.encodings import decode, with_newlines
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
_AFTER = frozenset(
    """
    LOAD-DATE LANGUAGE SPRACHE LANGUE PUBLICATION-TYPE PUBLIKATIONSTYP JOURNAL-CODE DOCUMENT-TYPE
    ACC-NO CORRECTION-DATE GEOGRAPHIC
    """.split()  # noqa: SIM905
)
_ABOVE_AFTER = frozenset(
    """
    GRAPHIC GRAFIK NOTES SUBJECT ORGANIZATION COMPANY PERSON INDUSTRY TICKER COUNTRY CITY STATE
    CORRECTION UPDATE URL ISSN PHOTO
    """.split()  # noqa: SIM905
)
_REACH = 3
_LABEL = re.compile(r"([A-ZÄÖÜÉ][A-ZÄÖÜÉ-]+(?: CODE)?):(?:\s|$)")
_RIGHTS = re.compile(r"copyright\b|©|\(c\)|all rights reserved|alle rechte vorbehalten", re.I)
# In a .docx, the headings that end the body.
_SECTIONS = frozenset(("Classification", "Graphic", "Notes", "Correction", "Correction-Date"))
_DOCX_AFTER = re.compile(r"(?:Load-Date|Language|Publication-Type|Journal Code|Subject):\xa0")
_DOCX_LABEL = re.compile(r"([A-Z][\w -]{2,24}):\xa0\s*(.*)", re.DOTALL)
_DOCX_END = re.compile(r"End of Document|Ende des Dokuments|Fin du document", re.IGNORECASE)


def read_lexisnexis_text(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a LexisNexis .txt: documents parted by lines such as ``3 of 74 DOCUMENTS``."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    text = with_newlines(text)
    counters = list(COUNTER.finditer(text))
    ends = [*(match.start() for match in counters[1:]), len(text)][: len(counters)]
    rows = [
        _document(unwrap(text[match.end() : end]))
        for match, end in zip(counters, ends, strict=True)
    ]
    notes = {"format": "LexisNexis text", "encoding": str(encoding)}
    return documents_table(file, rows, notes, announced=_announced(counters))


def read_nexis_html(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a Nexis UK .html: documents behind anchors ``DOC_ID_1_0``."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    counters, rows = [], []
    # Each document stands between two anchors, whole: parts parse by themselves, however many.
    for part in re.split(r"<a\s+name=[\"']?DOC_ID_\d+_\d+[\"']?\s*>\s*</a>", text, flags=re.I)[1:]:
        paragraphs = paragraphs_of(parse_html(part, file.name, file.limits))
        counter = next((m for p in paragraphs[:2] if (m := COUNTER.match(p))), None)
        if counter:
            counters.append(counter)
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
    try:
        document = docx.Document(io.BytesIO(data))
        lines: list[tuple[str, bool, list[str]]] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    lines.append(("\t".join(cell.text for cell in row.cells), False, []))
                continue
            runs = [run for run in block.runs if run.text.strip()]
            marks = block._p.xpath(".//w:bookmarkStart/@w:name")
            lines.append((block.text, bool(runs) and all(run.bold for run in runs), marks))
    except Exception as fault:  # python-docx passes on whatever zip and XML parsing raise
        raise ReadError(
            f"{file.name}: can't be read as a Word document ({fault}). Open it and save it again."
        ) from fault
    return lines


def _announced(counters: list[re.Match[str]]) -> int | None:
    """The number of documents that the first counter announces."""
    if not counters:
        return None
    return int(next(group for group in counters[0].groups()[1::2] if group))


def _document(paragraphs: list[str]) -> dict[str, Any]:
    """One article from its paragraphs: outlet, date, title, labels, body, labels."""
    while paragraphs and _RIGHTS.match(paragraphs[0]):
        paragraphs = paragraphs[1:]
    size = sum(map(len, paragraphs))
    labels = [n for n, p in enumerate(paragraphs) if _label(p) in _BEFORE]
    head = labels[0] if labels else min(3, len(paragraphs))
    dated, date, edition = _find_date(paragraphs[:head])
    row: dict[str, Any] = {"outlet": "", "date": date, "edition": edition, "title": ""}
    if dated is None:
        row["outlet"], row["title"] = " ".join(paragraphs[:1]), " ".join(paragraphs[1:head])
    else:
        row["outlet"] = " ".join(paragraphs[:dated]).removesuffix(".")
        row["title"] = " ".join(p for p in paragraphs[dated + 1 : head] if not _is_remark(p))
    start = head
    while start < len(paragraphs) and (label := _label(paragraphs[start])) in _BEFORE:
        name = _BEFORE[label]
        if name:
            row[name] = paragraphs[start].partition(":")[2].strip()
        start += 1
    end = _body_end(paragraphs, start)
    if not date:
        loaded = next((p for p in paragraphs[end:] if _label(p) == "LOAD-DATE"), "")
        row["undated"] = _loaded(loaded.partition(":")[2])
    row["whole"] = end < len(paragraphs) or any(map(_RIGHTS.match, paragraphs[start:]))
    body = paragraphs[start:end]
    while body and _RIGHTS.match(body[-1]):
        body.pop()
    row["text"] = join_paragraphs(body)
    row["furniture_chars"] = size - len(row["title"]) - sum(map(len, body))
    return row


def _body_end(paragraphs: list[str], start: int) -> int:
    """Where the body ends: at the labels below it, and what stands among them."""
    after = (n for n in range(start, len(paragraphs)) if _label(paragraphs[n]) in _AFTER)
    end = next(after, len(paragraphs))
    place = end
    while place > max(start, end - _REACH):
        place -= 1
        if _label(paragraphs[place]) in _ABOVE_AFTER:
            end = place
    return end


def _find_date(lines: list[str]) -> tuple[int | None, str, str]:
    """Which line begins with a date, the date, and what follows it: the weekday, the edition."""
    for n, line in enumerate(lines):
        if found := leading_date(line):
            return n, *found
    return None, "", ""


def _loaded(date: str) -> str:
    """What to say of an article without a date: its Load-Date may be days later, or years."""
    return f"Load-Date: {date.strip()}, when the database took it in" if date else ""


def _label(paragraph: str) -> str:
    match = _LABEL.match(paragraph)
    return match[1] if match else ""


def _is_remark(line: str) -> bool:
    return line.strip().casefold() in ("correction appended", "see correction appended")


def _docx_documents(
    lines: list[tuple[str, bool, list[str]]],
) -> Iterator[list[tuple[str, bool]]]:
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
    size = sum(map(len, texts))
    headings = {text: n for n, (text, bold) in reversed(list(enumerate(lines))) if bold}
    start = next((n for name, n in headings.items() if name.strip() == "Body"), len(lines))
    head = [text for text in texts[:start] if not _is_remark(text)]
    # The heading may itself begin with a date.
    dated, date, edition = _find_date(head[1:5])
    row: dict[str, Any] = {"outlet": "", "date": date, "edition": edition}
    outlet_at = dated if dated is not None else 1
    row["title"] = " ".join(head[:outlet_at]) or " ".join(head[:1])
    row["outlet"] = "".join(head[outlet_at : outlet_at + 1]).removesuffix(".")
    for text in head:
        if (match := _DOCX_LABEL.match(text)) and (name := _BEFORE.get(match[1].upper())):
            row[name] = " ".join(match[2].split())
    if not date:
        loaded = next((text for text in texts if text.startswith("Load-Date:")), "")
        row["undated"] = _loaded(loaded.partition(":")[2])
    body = []
    for text, bold in lines[start + 1 :]:
        plain = text.strip()
        if (bold and plain in _SECTIONS) or _DOCX_AFTER.match(plain):
            break
        if not (bold and plain in ("ABSTRACT", "FULL TEXT")):
            body += plain.split("\n")
    row["text"] = join_paragraphs(body)
    row["furniture_chars"] = size - len(row["title"]) - sum(map(len, body))
    return row
