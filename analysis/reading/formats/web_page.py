"""Saved web pages: the article found in the page by trafilatura, with what the page declares."""

import json
import re
from itertools import chain
from typing import Any

from analysis.errors import ReadError
from analysis.reading.encodings import decode
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.addresses import host_of, path_of
from analysis.reading.formats.documents import documents_table
from analysis.reading.formats.markup import paragraphs_of, parse_html
from analysis.reading.records import RawTable, ReadOptions

# Where pages declare the day of publication, the surest first. Nothing is inferred from the text
# of a page, its copyright line or the day it was saved.
_DATE_PATHS = (
    '//meta[@property="article:published_time"]/@content',
    '//meta[@property="og:article:published_time"]/@content',
    '//meta[@itemprop="datePublished"]/@content',
    '//meta[@name="article:published_time" or @name="parsely-pub-date" or @name="sailthru.date"'
    ' or @name="pubdate" or @name="publish-date" or @name="publication_date"]/@content',
    '//meta[@name="DC.date.issued" or @name="DC.date" or @name="dc.date"'
    ' or @name="dcterms.created" or @name="date"]/@content',
    '//*[@itemprop="datePublished"]/@datetime',
    "//article//time[@pubdate]/@datetime",
)
_URL_DATE = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:/|[^\d]|$)")


def read_html(file: InputFile, options: ReadOptions) -> RawTable:
    """Read one saved page: one article."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    row = extract_page(text, file)
    return documents_table(file, [row], {"format": "web page", "encoding": str(encoding)})


def extract_page(page: str, file: InputFile, url: str | None = None) -> dict[str, Any]:
    """Title, outlet, date, text and address of the article in a page.

    The outlet is the site's name as the page declares it, else the host of its address.
    """
    import trafilatura

    root = parse_html(page, file.name, file.limits)
    address = url or _first(root, '//link[@rel="canonical"]/@href')
    address = address or _first(root, '//meta[@property="og:url"]/@content')
    outlet = _first(root, '//meta[@property="og:site_name"]/@content') or host_of(address)
    date = declared_date(root, address)
    total = sum(map(len, paragraphs_of(root)))
    try:
        # Last, because it takes the tree apart.
        found = trafilatura.bare_extraction(
            root, url=address or None, include_comments=False, with_metadata=True
        )
    except Exception as fault:  # an extractor of rules upon rules; no list of its errors is kept
        raise ReadError(
            f"{file.name}: no article can be taken from the page ({type(fault).__name__}: "
            f"{fault}). Save its text as .txt instead."
        ) from fault
    says = found.as_dict() if found is not None and not isinstance(found, dict) else found or {}
    row: dict[str, Any] = {"outlet": outlet, "date": date, "title": says.get("title") or ""}
    row["text"] = "\n\n".join(filter(None, (says.get("text") or "").split("\n")))
    row["url"] = address
    if says:
        row["author"] = says.get("author") or ""
    row["furniture_chars"] = max(0, total - len(row["title"]) - len(row["text"]))
    return row


def declared_date(root: Any, url: str) -> str:
    """The day of publication as a page declares it, or as its address has it; else empty."""
    scripts = map(_from_json, root.xpath('//script[@type="application/ld+json"]/text()'))
    declared = chain(scripts, (_first(root, path) for path in _DATE_PATHS))
    if date := next(filter(None, declared), ""):
        return date
    match = _URL_DATE.search(path_of(url))
    return "-".join((match[1], match[2].zfill(2), match[3].zfill(2))) if match else ""


def _first(root: Any, path: str) -> str:
    return next((str(value).strip() for value in root.xpath(path) if str(value).strip()), "")


def _from_json(block: str) -> str:
    """``datePublished`` of the article that a JSON-LD block describes."""
    try:
        waiting = [json.loads(block)]
    except (ValueError, RecursionError):
        return ""
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            date = item.get("datePublished")
            if isinstance(date, str) and "rticle" in str(item.get("@type", "")) + "Article":
                return date.strip()
            waiting += [item[key] for key in ("@graph", "mainEntity") if key in item]
    return ""
