"""Exports of Nexis Uni: .docx, and the same article by article as lines of an .rtf or .pdf."""

import io
import re
from collections.abc import Iterator
from itertools import filterfalse
from typing import Any

from analysis.errors import ReadError
from analysis.reading.files.compressed import InputFile, check_package
from analysis.reading.formats.databases.labels import columns_of, labels_of
from analysis.reading.formats.databases.nexis import BEFORE, find_date, is_remark, loaded
from analysis.reading.formats.documents import join_paragraphs

_LABELS = labels_of("nexis")
# In a .docx, the headings that end the body.
_BODY, _SECTIONS = set(_LABELS["body"]), set(_LABELS["sections"])
# Labels have a hard space after the colon, which an .rtf and a .pdf may have lost.
_DOCX_LABEL = re.compile(r"([^\W\d_][\w -]{2,24}):\xa0\s*(.*)", re.DOTALL)
_SPACED = re.compile(r"^([^\W\d_][\w -]{2,24}):\s+")
_AFTER = {*columns_of(_LABELS["after"]), *_LABELS["above_after"]["subject"]}
END = re.compile(labels_of("export")["Nexis Uni"].partition("|Load-Date")[0])
# Lines of the cover, the last of which is above the first article.
_COVER = re.compile(
    r"privacy policy|terms (?:&|and) conditions|client/matter|search (?:terms|type)|narrowed by"
    r"|-none-|^documents? \(\d+\)|^\d+\. ",
    re.IGNORECASE,
)
# Text, whether all of it is bold, bookmarks.
DocxLines = list[tuple[str, bool, list[str]]]


def docx_lines(file: InputFile) -> DocxLines:
    """The paragraphs of a .docx: text, whether all of it is bold, bookmarks that it holds."""
    import docx
    from docx.table import Table

    data = check_package(file, "a Word document (.docx)")
    lines: DocxLines = []
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


def documents_of_lines(lines: list[str]) -> list[dict[str, Any]]:
    """The articles in lines without bold letters and bookmarks, as an .rtf or .pdf has them."""
    articles, article = list[list[tuple[str, bool]]](), list[tuple[str, bool]]()
    for line in filter(None, lines):
        if END.fullmatch(line):
            articles.append(article)
            article = []
        else:
            label = _SPACED.match(line)
            if label and label[1].upper() in {*BEFORE, *_AFTER}:
                line = f"{label[1]}:\xa0{line[label.end() :]}"
            article.append((line, line in _BODY | _SECTIONS))
    breaks_off = any(line in _BODY for line, _ in article)
    articles += [article] * breaks_off
    cover = [n for n, (line, _) in enumerate(articles[0]) if _COVER.search(line)]
    body = next((n for n, (line, _) in enumerate(articles[0]) if line in _BODY), 0)
    articles[0] = articles[0][max((n + 1 for n in cover if n < body), default=0) :]
    rows = [_docx_document(lines) for lines in articles]
    rows[-1]["whole"] = not breaks_off
    return rows


def is_export(lines: DocxLines) -> bool:
    """Whether the lines of a .docx are an export: documents that end with ``End of Document``."""
    marked = any(mark.startswith("Bookmark_") for _, _, marks in lines for mark in marks)
    return marked and any(END.fullmatch(text.strip()) for text, _, _ in lines)


def documents_of_docx(lines: DocxLines) -> Iterator[dict[str, Any]]:
    """The articles of a .docx, each from the last bookmark before its body to its end."""
    article: list[tuple[str, bool]] = []
    in_body = begun = False
    for text, bold, marks in lines:
        if END.fullmatch(text.strip()):
            if article:
                yield _docx_document(article)
            article, in_body, begun = [], False, False
            continue
        if not in_body and any(re.fullmatch(r"Bookmark_\d+", mark) for mark in marks):
            article, begun = [], True
        in_body = in_body or (bold and text.strip() in _BODY)
        if text.strip():
            article.append((text, bold))
    if begun and in_body:
        yield _docx_document(article)


def _docx_document(lines: list[tuple[str, bool]]) -> dict[str, Any]:
    texts = [text.strip() for text, _ in lines]
    body_at = (n for n, (text, bold) in enumerate(lines) if bold and text.strip() in _BODY)
    start = next(body_at, len(lines))
    head = list(filterfalse(is_remark, texts[:start]))
    # The heading may itself begin with a date.
    dated, date, edition = find_date(head[1:5])
    at = 1 if dated is None else dated
    title = " ".join(head[:at]) or " ".join(head[:1])
    outlet = "".join(head[at : at + 1]).removesuffix(".")
    row: dict[str, Any] = {"outlet": outlet, "date": date, "edition": edition, "title": title}
    for text in head:
        if (match := _DOCX_LABEL.match(text)) and (name := BEFORE.get(match[1].upper())):
            row[name] = " ".join(match[2].split())
    if not date:
        row["undated"] = loaded(texts)
    body = []
    for text, (_, bold) in zip(texts[start + 1 :], lines[start + 1 :], strict=True):
        label = _DOCX_LABEL.match(text)
        if (bold and text in _SECTIONS) or (label and label[1].upper() in _AFTER):
            break
        if not (bold and text in ("ABSTRACT", "FULL TEXT")):
            body += text.split("\n")
    row["text"] = join_paragraphs(body)
    row["furniture_chars"] = sum(map(len, texts)) - len(title) - sum(map(len, body))
    return row
