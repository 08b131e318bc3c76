"""Exports of Factiva: saved pages (.html), plain or with field codes, and .xml.

In a plain page an article's first lines have no labels and are in the language of the interface:
``877 words`` (or Wörter, 字), then the date, the outlet, its code.
"""

import re
from typing import Any

from analysis.reading.dates import leading_date
from analysis.reading.encodings import decode
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.documents import documents_table, join_paragraphs
from analysis.reading.formats.markup import parse_html
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import Reason, Rejection

_WORDS = re.compile(
    r"[\d.,'\s\xa0]+(?:words?|wörter|wort|字|字數|個字|个字|mots?|palabras?|parole|palavras|woorden"
    r"|слов\w*)",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}:\d\d.*")
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
    return documents_table(file, rows, notes, always_closed=True)


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
    return documents_table(file, rows, {"format": "Factiva XML"}, rejections, announced)


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
    words = next((n for n, line in enumerate(lines) if _WORDS.fullmatch(line)), None)
    # Without the line with the words, only a line that is a date and no more can be trusted.
    first, last = (0, 12) if words is None else (words + 1, words + 3)
    for n, line in enumerate(lines[first:last], start=first):
        found = leading_date(line)
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
