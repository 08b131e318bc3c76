"""Exports of Factiva: saved pages (.html), plain or with field codes, and .xml.

In a plain page an article's first lines have no labels and are in the language of the interface:
``877 words`` (or Wörter, 字), then the date, the outlet, its code.
"""

import re
from typing import Any

from analysis.reading.dates_in_lines import leading_date
from analysis.reading.encodings import decode
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.databases.publications import named
from analysis.reading.formats.documents import documents_table, join_paragraphs
from analysis.reading.formats.markup import parse_html
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import Reason, Rejection

# "877 words" in any language: a number and a word.
_WORDS = re.compile(r"[\d.,'’\s\xa0]*\d\s?[^\W\d_]{1,14}\.?")
_TIME = re.compile(r"\D{0,12}\d{1,2}[:.時时]\d\d.{0,20}")
# The number of a document, in any language, ends it: "Document NYTF000020050408dp1900j9s".
END = re.compile(r"(?:AN[\s|]+)?(?:\S{2,12}\s)?([A-Z][A-Z\d]{3,11}20\d{6}[a-z\d]{6,12})")
_PAGE = re.compile(
    r"(?:Page|Seite|Página|Pagina|第) ?\d+ .{0,40}(?:Factiva|Dow Jones)", re.IGNORECASE
)
_BY = re.compile(r"(?:by|von|par|por|di|door|من)\s", re.IGNORECASE)
_RIGHTS = re.compile(r"\(c\)|©|copyright\b|版权所有|版權所有|著作権", re.IGNORECASE)
_CODE = re.compile(
    r"[\s|]*(HD|CR|BY|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|VOL|SE|CLM"
    r"|ART)(?=[\s|]|$)"
)
# What is kept of a page that was saved with field codes, and of a feed.
_CODES = {"HD": "title", "BY": "author", "PD": "date", "SN": "outlet", "AN": "doc_id"}
_FIELDS = {
    "accessionNo": "doc_id", "headline": "title", "byline": "author", "publicationDate": "date",
    "sourceName": "outlet", "baseLanguage": "language",
}  # fmt: skip


def read_factiva_html(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a page saved from Factiva: each article in an element of its own."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    root = parse_html(text, file.name, file.limits)
    articles = root.xpath('//div[starts-with(@id, "article-")]')
    if not articles:
        articles = root.xpath('//div[contains(concat(" ", @class, " "), " article ")]')
    rows = [_coded(article) or _plain(article) for article in articles]
    notes = {"format": "Factiva HTML", "encoding": str(encoding)}
    return documents_table(file, named(rows), notes, always_closed=True)


def read_factiva_xml(file: InputFile, options: ReadOptions) -> RawTable:
    """Read the .xml of Factiva's feed: ``ppsarticle`` elements."""
    from lxml import etree

    rows: list[dict[str, Any]] = []
    rejections: list[Rejection] = []
    announced = None
    with file.open() as stream:
        events = ("start", "end")
        steps = etree.iterparse(stream, events=events, resolve_entities=False, no_network=True)
        try:
            for event, element in steps:
                name, count = etree.QName(element).localname, element.get("count") or ""
                if event == "start" and name == "ppsarticleResultSet" and count.isdecimal():
                    announced = int(count)
                elif event == "end" and name == "ppsarticle":
                    rows.append(_from_xml(element))
                    element.clear()
        except etree.XMLSyntaxError as fault:
            place = f"article {len(rows) + 1}"
            rejections.append(Rejection(file.name, place, Reason.MALFORMED, f"XML: {fault}"))
    return documents_table(file, named(rows), {"format": "Factiva XML"}, rejections, announced)


def documents_of_lines(lines: list[tuple[str, bool]]) -> list[dict[str, Any]]:
    """The articles in lines, each with whether it is bold, as an .rtf or .pdf has them."""
    rows, article = [], list[tuple[str, bool]]()
    for line in lines:
        if end := END.fullmatch(line[0]):
            rows.append({**_of_lines(article), "doc_id": end[1]})
            article = []
        elif not _PAGE.match(line[0]):
            article.append(line)
    # A search's summary follows the last article; or the file breaks off inside one.
    if _dated([text for text, _ in article])["date"] or _codes([text for text, _ in article]):
        rows.append({**_of_lines(article), "whole": False})
    return rows


def _of_lines(article: list[tuple[str, bool]]) -> dict[str, Any]:
    texts = [text for text, _ in article if text]
    if fields := _codes(texts):
        row: dict[str, Any] = {
            name: " ".join(fields.get(code, [])) for code, name in _CODES.items()
        }
        row["text"] = join_paragraphs([*fields.get("LP", []), *fields.get("TD", [])])
        return row
    row = dict(_dated(texts))
    words = next((n for n, text in enumerate(texts) if _WORDS.fullmatch(text)), 0)
    head = [line for line in article if line[0]][:words]
    bold = [text for text, is_bold in head if is_bold]
    by = next((n for n, (text, _) in enumerate(head) if _BY.match(text)), None)
    row["title"] = " ".join(bold or [text for text, _ in head[:by]][-3:])
    row["author"] = head[by][0] if by is not None else ""
    rights = next((n for n, text in enumerate(texts) if n > words and _RIGHTS.match(text)), None)
    # Below the rights; without them, below the language, which is a word alone.
    row["text"] = join_paragraphs(texts[rights + 1 if rights is not None else words + 5 :])
    return row


def _codes(texts: list[str]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    code = ""
    for text in texts:
        if match := _CODE.match(text):
            code, text = match[1], text[match.end() :]
        if code and (text := text.strip(" |\t")):
            fields.setdefault(code, []).append(text)
    return fields if {"HD", "PD", "SN"} <= fields.keys() else {}


def _plain(article: Any) -> dict[str, Any]:
    """An article whose first lines have no labels."""
    lines = [_text(div) for div in article.xpath(".//div[not(.//div)]")]
    body = [_text(p) for p in article.xpath('.//p[contains(@class, "rticleParagraph")]')]
    row: dict[str, Any] = {
        "doc_id": (article.get("id") or "").removeprefix("article-"),
        "title": _first_text(article, './/*[@id="hd"]'),
        "author": _first_text(article, './/div[@class="author"]'),
        **_dated(lines),
        "text": join_paragraphs(body),
    }
    everything = _text(article)
    # An article ends with "Document" in the language of the interface, and its number.
    row["whole"] = not row["doc_id"] or everything.endswith(row["doc_id"])
    row["furniture_chars"] = max(0, len(everything) - len(row["title"]) - len(row["text"]))
    return row


def _dated(lines: list[str]) -> dict[str, str]:
    """The date and the outlet, which follow the line with the number of words."""
    counts = [n for n, line in enumerate(lines) if _WORDS.fullmatch(line)]
    # Without a line with the words, only a line that is a date and no more can be trusted.
    places = [n for words in counts for n in (words + 1, words + 2)] or list(range(12))
    for n in places:
        found = leading_date(lines[n]) if n < len(lines) else None
        if found and not found[1]:
            after = [line for line in lines[n + 1 : n + 3] if not _TIME.fullmatch(line)]
            return {"date": found[0], "outlet": after[0] if after else ""}
    return {"date": "", "outlet": ""}


def _coded(article: Any) -> dict[str, Any] | None:
    """An article as a table of field codes: HD, PD, SN, LP, TD and others."""
    fields = {_text(line[0]): line[1] for line in article.xpath(".//tr[count(td) = 2]")}
    if not {"HD", "PD", "SN"} <= fields.keys():
        return None
    row = {name: _text(fields[code]) for code, name in _CODES.items() if code in fields}
    row["doc_id"] = row.get("doc_id", "").removeprefix("Document ").strip()
    parts = [fields[code] for code in ("LP", "TD") if code in fields]
    row["text"] = join_paragraphs(_text(p) for part in parts for p in part.xpath(".//p") or [part])
    size = len(_text(article)) - len(row["title"]) - len(row["text"])
    return {**row, "furniture_chars": max(0, size)}


def _from_xml(element: Any) -> dict[str, Any]:
    def named(name: str) -> str:
        return f'.//*[local-name() = "{name}"]'

    body: list[str] = []
    for part in element.xpath(named("leadParagraph")) + element.xpath(named("tailParagraphs")):
        if paragraphs := part.xpath(named("paragraph")):
            body += ["".join(p.itertext()) for p in paragraphs]
        else:
            # A text of the wire: an indented line begins a paragraph.
            body += re.split(r"\n\s*\n|\n[ \t]{2,}", "".join(part.itertext()))
    row = {name: _first_text(element, named(field)) for field, name in _FIELDS.items()}
    return {**row, "text": join_paragraphs(body)}


def _first_text(element: Any, path: str) -> str:
    return next(map(_text, element.xpath(path)), "")


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
