"""Exports of Europresse (.html), older and newer: elements with the classes that its pages have."""

import re
from typing import Any

from analysis.reading.dates_in_lines import date_within
from analysis.reading.encodings import decode
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.databases.publications import named
from analysis.reading.formats.documents import documents_table, join_paragraphs
from analysis.reading.formats.markup import paragraphs_of, parse_html
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import UnknownFormatError

# What ends a body: the line of rights, or the number of the document.
_END = re.compile(r"©|\(c\) |[^:]{4,40} : \S+·\d{8}·|\S+·\d{8}·\S+$", re.IGNORECASE)
_NUMBER = re.compile(r"\w+·\d{8}·\w+(?:·\w+)?")
_LONGEST_AUTHOR = 100
_ASIDE = ("aside", "footer", "figure", "header", "script")


def read_europresse(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a page saved from Europresse: an ``article`` each, or, until 2015 or so, a table."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    root = parse_html(text, file.name, file.limits)
    newer = [article for article in root.xpath("//article") if _all(article, "DocPublication")]
    names = [] if newer else _all(root, "DocPublicationName")
    cells = [next(name.iterancestors("td", "body")) for name in names]
    if len(set(cells)) < len(cells):
        raise UnknownFormatError(
            f"{file.name}: is an export of Europresse in a form that is not read: nothing parts "
            f"its {len(names)} articles. Export it again as HTML."
        )
    rows = list(map(_newer, newer) if newer else map(_older, cells))
    notes = {"format": "Europresse HTML", "encoding": str(encoding)}
    return documents_table(file, named(rows), notes)


def _newer(article: Any) -> dict[str, Any]:
    titles = _all(article, "titreArticleVisu") or _all(article, "titreArticle")
    row = _head(article, titles)
    row["author"] = _text(_all(article, "docAuthors")[:1])
    size = len(_text([article]))
    number = _NUMBER.search(_text([article]))
    bodies = _all(article, "DocText") or _all(article, "docOcurrContainer")
    for element in list(article.iter(*_ASIDE)):
        element.drop_tree()
    body = paragraphs_of((bodies or article.xpath("./section") or [article])[0])
    return _finished(row, body, size, number)


def _older(cell: Any) -> dict[str, Any]:
    """An article in the cell of a table: its lines stand between line breaks and empty ``p``."""
    titles = _all(cell, "TitreArticleVisu")
    row = _head(cell, titles)
    number = _NUMBER.search(_text([cell]))
    size = len(_text([cell]))
    lines = paragraphs_of(cell)
    # A title may have several lines, each of them in the text.
    start = next((n for n, line in enumerate(lines, 1) if titles and line == row["title"]), None)
    start = start or next((n for n, line in enumerate(lines, 1) if row["date"] in line), 0)
    if author := _author(titles[-1]) if titles else "":
        row["author"] = author
        start += 1
    return _finished(row, lines[start:], size, number)


def _author(title: Any) -> str:
    """The line of its own below the title, which a line break and an empty ``p`` end."""
    words, ended = [title.tail or ""], False
    for element in title.itersiblings():
        if element.tag == "p":
            break
        words += ["".join(element.itertext()), element.tail or ""]
        ended = element.tag == "br" and not (element.tail or "").strip()
    else:
        return ""
    text = " ".join("".join(words).split())
    return text if ended and len(text) <= _LONGEST_AUTHOR else ""


def _head(article: Any, titles: list[Any]) -> dict[str, Any]:
    header = _text(_all(article, "DocHeader"))
    date = date_within(header) or ""
    return {
        "outlet": _text(_all(article, "DocPublicationName")[:1]),
        "date": date,
        "title": _text(titles[:1]),
        "section": (header.partition(date)[0] if date else header).partition(",")[0].strip(),
    }


def _finished(row: dict[str, Any], body: list[str], size: int, number: Any) -> dict[str, Any]:
    end = next((n for n, line in enumerate(body) if _END.match(line)), len(body))
    row["text"] = join_paragraphs(body[:end])
    if number:
        row["doc_id"] = number[0]
    row["furniture_chars"] = max(0, size - len(row["text"]) - len(row["title"]))
    return row


def _all(root: Any, name: str) -> list[Any]:
    """The elements one of whose classes begins with a name."""
    found: list[Any] = root.xpath(
        f'.//*[contains(concat(" ", normalize-space(@class)), " {name}")]'
    )
    return found


def _text(elements: list[Any]) -> str:
    return " ".join(" ".join("".join(element.itertext()).split()) for element in elements).strip()
