"""Saved web pages: the article found in the page by trafilatura, with what the page declares."""

import datetime as dt
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from html import unescape
from itertools import chain, islice
from typing import Any

from analysis.errors import ReadError
from analysis.reading.dates import first_possible
from analysis.reading.dates_in_lines import date_within
from analysis.reading.encodings import decode
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.databases.labels import refuse_export
from analysis.reading.formats.documents import documents_table, without_headline
from analysis.reading.formats.links import host_of
from analysis.reading.formats.markup import paragraphs_of, parse_html
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import UnknownFormatError

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
_TITLE_PATHS = (
    '//meta[@property="og:title" or @name="twitter:title" or @itemprop="headline"]/@content',
    "//head/title/text()",
)


# What stands beside an article, and what holds its paragraphs, by the names of classes and ids.
_BESIDE_IT = ("aside", "figcaption", "button")
_BOX = re.compile(
    "fact-?box|infobox|related|read-?more|newsletter|caption|copyright|disclaimer|privacy|consent"
    "|breadcrumb|modal|promo|recommend|banner|sign-?up|post-card"
)
_FIGURE = re.compile("image|media|photo|picture")
# Not the dots of a text that was cut.
_SENTENCE_END = re.compile(r"[^.][.!?。！？؟।][\"'”’»)]*$")
_BODY = re.compile("article(?:-|_|__)?body")
# Blocks of readers' comments in several languages: not "commentary", nor "has-comments" of a page.
_COMMENTS = re.compile(
    r"(?<!has-)(?<!no-)(?:\b|_)[ck]om+ent(?!ary|s?-(?:count|open|closed|enabled))|disqus|\breply\b"
)
# The most of a page that a box holds, the least of an article that a text must be, and the least
# characters of a paragraph that tells an article.
_BESIDE, _HALF, _MOST, _LONG = 0.3, 0.5, 0.6, 80
# The most characters of a caption, and of what stands before the links of a paragraph that
# is nothing else ("Read more: ...").
_CAPTION, _BEFORE_LINKS = 400, 20
# Lines of an article among which its date may stand.
_HEAD = 12
# The web is of 1991.
_URLS_SINCE = 1991
_URL_DATE = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:/|[^\d]|$)")


def read_html(file: InputFile, options: ReadOptions) -> RawTable:
    """Read one saved page: one article."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    row = extract_page(text, file, options.today)
    return documents_table(file, [row], {"format": "web page", "encoding": str(encoding)})


def extract_page(
    page: str, file: InputFile, today: dt.date, url: str | None = None
) -> dict[str, Any]:
    """Title, outlet, date, text and address of the article in a page.

    The outlet is the site's name as the page declares it, else the host of its address.
    """
    import trafilatura

    root = parse_html(page, file.name, file.limits)
    address = url or _first(root, '//link[@rel="canonical"]/@href')
    address = address or _first(root, '//meta[@property="og:url"]/@content')
    paragraphs = paragraphs_of(root)
    refuse_export(paragraphs, file.name)
    outlet = _first(root, '//meta[@property="og:site_name"]/@content') or host_of(address)
    articles = _described(root)
    date = declared_date(root, _strings(articles, "datePublished"), address, today)
    if not date and (several := _articles_in(root)) > 1:
        raise UnknownFormatError(
            f"{file.name}: is not one article but holds {several}, each with a date of its own. If "
            "it is an export of a database, see the guide for the formats that are read; else save "
            "each article as a page, or make a CSV with the columns outlet, date, title, text."
        )
    total = sum(map(len, paragraphs))
    headlines = [*_headlines(root), *_strings(articles, "headline")]
    bodies = [_plain(body) for body in _strings(articles, "articleBody")]
    blocks = _sift(root, _BESIDE * total)
    held = _paragraphs_held(root)
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
    text = "\n\n".join(filter(None, (says.get("text") or "").split("\n")))
    row["text"] = text
    _complete(row, max(bodies, key=len, default=""), blocks, held)
    row["text"] = without_headline(row["text"], [row["title"], *headlines])
    row["url"] = address
    if says:
        row["author"] = says.get("author") or ""
    row["furniture_chars"] = max(0, total - len(row["title"]) - len(row["text"]))
    return row


def declared_date(root: Any, scripts: list[str], url: str, today: dt.date) -> str:
    """The day of publication as a page declares it, or as its address has it; else empty.

    The first that can be: a stand-in such as 0001-01-01 hides none that follows.
    """
    metas = (str(value).strip() for path in _DATE_PATHS for value in root.xpath(path))
    declared = list(filter(None, chain(scripts, metas)))
    in_url = (f"{m[1]}-{m[2]}-{m[3]}" for m in _URL_DATE.finditer(re.split("[?#]", url)[0]))
    return (
        first_possible(declared, today)
        or first_possible(in_url, today, _URLS_SINCE)
        or next(iter(declared), "")
    )


def _articles_in(root: Any) -> int:
    """The number of articles on a page: blocks of one kind, most of them with a date."""
    alike: dict[Any, set[Any]] = {}
    for paragraph in _main_paragraphs(root):
        for block in paragraph.iterancestors("article", "section", "div", "td", "tr", "table"):
            kind = (block.getparent(), block.tag, block.get("class"))
            alike.setdefault(kind, set()).add(block)
    found = ((sum(map(_has_day, blocks)), len(blocks)) for blocks in alike.values())
    # Parts of one article, such as posts of a live blog, may have a date here and there.
    return max((dated for dated, size in found if 2 * dated > size > 1), default=0)


def _main_paragraphs(root: Any) -> list[Any]:
    """The long paragraphs of a page outside comments and boxes, in its main part if it has one."""
    found = [p for p in root.iter("p") if len(p.text_content()) >= _LONG]
    found = [p for p in found if not any(map(_is_beside, p.iterancestors()))] or found
    for is_main in _MAIN:
        held = [[block for block in p.iterancestors() if is_main(block)][-1:] for p in found]
        if len({block for blocks in held for block in blocks}) == 1:
            found = [p for p, blocks in zip(found, held, strict=True) if blocks]
    return found


def _is_beside(block: Any) -> bool:
    tag, name = block.tag, _name(block)
    if tag in ("html", "body", "main"):
        return False
    boxed = tag != "article" and _BOX.search(name)
    return bool(boxed or _COMMENTS.search(name)) or tag in (*_BESIDE_IT, "nav", "footer")


def _has_day(block: Any) -> bool:
    short = (line for line in paragraphs_of(block)[:_HEAD] if len(line) <= _LONG)
    return any(re.search(r"\d{1,2}\D.*\d{4}|\d{4}\D+\d", date_within(line) or "") for line in short)


def _headlines(root: Any) -> list[str]:
    """What a page gives for its headline: its first headings, and the titles that it declares."""
    titles = [str(value) for path in _TITLE_PATHS for value in root.xpath(path)]
    titles += [re.split(r"\s[|–—·»-]\s", title)[0] for title in titles]
    return [*titles, *(" ".join(h.itertext()) for h in root.iter("h1"))]


def _plain(body: str) -> str:
    """A body in JSON-LD, which may be HTML, by paragraphs."""
    text = re.sub(r"</?(?:p|br|div)\b[^<>]*>", "\n", body)
    return "\n\n".join(filter(str.strip, unescape(re.sub(r"<[^<>]*>", "", text)).split("\n")))


def _first(root: Any, path: str) -> str:
    return next((str(value).strip() for value in root.xpath(path) if str(value).strip()), "")


def _described(root: Any) -> list[dict[str, Any]]:
    waiting: list[Any] = []
    for block in root.xpath('//script[@type="application/ld+json"]/text()'):
        with suppress(ValueError, RecursionError):
            waiting.append(json.loads(block, strict=False))
    found = []
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            if {"datePublished", "articleBody"} & item.keys():
                found.append(item)
            waiting += [item[key] for key in ("@graph", "mainEntity") if key in item]
    return found


def _strings(articles: list[dict[str, Any]], key: str) -> list[str]:
    values = (article.get(key) for article in articles)
    return [value.strip() for value in values if isinstance(value, str)]


def _name(element: Any) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}".lower()


def _is_body(element: Any) -> bool:
    return bool(_BODY.search(_name(element))) or element.get("itemprop") == "articleBody"


# What the main part of a page is, from the widest.
_MAIN = (
    lambda block: block.tag == "main" or block.get("role") == "main",
    lambda block: block.tag == "article",
    _is_body,
)


def _sift(root: Any, most: float) -> list[str]:
    """Drop what stands beside the article, up to so many characters; the body that is left."""
    boxes, figures, bodies = [], [], []
    for element in root.iter():
        tag, name = element.tag, _name(element)
        if name == " ":
            if tag in _BESIDE_IT:
                boxes.append(element)
        elif tag not in ("html", "body", "main", "article"):
            if tag in _BESIDE_IT or _BOX.search(name):
                boxes.append(element)
            elif _FIGURE.search(name) and next(element.iter("img", "picture"), None) is not None:
                figures.append(element)
        if _is_body(element):
            bodies.append(element)
    for found, size in ((boxes, most), (figures, min(most, _CAPTION))):
        for element in found:
            if element.getparent() is not None and len(element.text_content()) < size:
                element.drop_tree()
    for paragraph in root.xpath("//p[a or */a]"):
        linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
        text = paragraph.text_content().strip()
        sentence = len(text) >= _LONG and _SENTENCE_END.search(text)
        if len(text) - linked < _BEFORE_LINKS and not sentence:
            paragraph.drop_tree()
    return _long(dict.fromkeys(p for body in bodies for p in body.iter("p")))


def _long(paragraphs: Iterable[Any]) -> list[str]:
    texts = (" ".join(paragraph.text_content().split()) for paragraph in paragraphs)
    return [text for text in texts if len(text) >= _LONG]


def _paragraphs_held(root: Any) -> list[str]:
    """The long paragraphs of a page in the block that holds most of them, at most two levels up."""
    held: dict[Any, list[str]] = {}
    for paragraph in _main_paragraphs(root):
        for text in _long([paragraph]):
            for block in islice(paragraph.iterancestors(), 2):
                held.setdefault(block, []).append(text)
    return max(held.values(), key=lambda texts: sum(map(len, texts)), default=[])


def _complete(row: dict[str, Any], declared: str, blocks: list[str], held: list[str]) -> None:
    """Where the text that was found is far shorter than the article, take the other, or tell.

    The article may be `declared` in JSON-LD, or stand in `blocks` that are named as its body.
    """
    found, size = row["text"], sum(map(len, held))
    if len(found) < _MOST * len("\n\n".join(blocks)):
        row["text"] = "\n\n".join(blocks)
    elif len(found) < _HALF * len(declared) or found.split() == declared.split():
        row["text"] = declared
    elif len(found) < _HALF * size:
        row["part"] = f"{len(found):,} characters were found of an article of {size:,} or more"
