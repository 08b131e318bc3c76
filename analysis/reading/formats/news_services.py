"""JSON as the services of The Guardian, NewsAPI and Webz.io answer it, or any list of objects."""

from typing import Any

import pandas as pd

from analysis.errors import ReadError
from analysis.reading.columns import has_text, map_columns, unique_names
from analysis.reading.compressed import InputFile
from analysis.reading.encodings import decode
from analysis.reading.formats.addresses import host_of
from analysis.reading.formats.documents import documents_table
from analysis.reading.formats.json_lines import object_fault, objects_frame, parse
from analysis.reading.formats.markup import paragraphs_of, parse_html
from analysis.reading.records import Layout, RawTable, ReadOptions
from analysis.reading.rejected import Rejection


def read_json(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a .json: an answer of a known service, or a list of objects with columns as a table."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    try:
        content = parse(text)
    except (ValueError, RecursionError) as fault:
        raise ReadError(
            f"{file.name}: is not JSON ({fault}). If it has one object a line, name it .jsonl."
        ) from fault
    notes: dict[str, Any] = {"encoding": str(encoding), "unit": "article"}
    service, items = _items(content, file)
    rejections, places, objects = [], [], []
    for n, item in enumerate(items, 1):
        if problem := object_fault(item, text):
            rejections.append(Rejection(file.name, f"article {n}", *problem))
        else:
            places.append(n)
            objects.append(item)
    notes["format"] = service
    if service == "JSON list":
        return _list_table(file, objects, places, options, notes, rejections)
    convert = {"The Guardian": _guardian, "NewsAPI": _newsapi, "Webz.io": _webz}[service]
    table = documents_table(file, [convert(item, file) for item in objects], notes, rejections)
    table.frame.index = pd.Index(places, dtype=int)
    return table


def _list_table(
    file: InputFile,
    objects: list[dict[str, Any]],
    places: list[int],
    options: ReadOptions,
    notes: dict[str, Any],
    rejections: list[Rejection],
) -> RawTable:
    """A list of objects with columns as a table."""
    keys = list(dict.fromkeys(key for item in objects for key in item))
    mapping = map_columns(unique_names(keys), options, file.name, notes) if objects else {}
    frame = objects_frame(objects, places, Layout(keys, mapping, notes, {}))
    return RawTable(file.name, "article", frame, rejections, notes)


def _items(content: Any, file: InputFile) -> tuple[str, list[Any]]:
    """Which service answered, and its items."""
    if isinstance(content, dict):
        response = content.get("response")
        if isinstance(response, dict):
            if isinstance(response.get("results"), list):
                return "The Guardian", response["results"]
            if isinstance(response.get("content"), dict):
                return "The Guardian", [response["content"]]
        if isinstance(content.get("posts"), list):
            return "Webz.io", content["posts"]
        if isinstance(content.get("thread"), dict) and "text" in content:
            return "Webz.io", [content]
        if isinstance(content.get("articles"), list):
            return _answer_or_list(content["articles"]), content["articles"]
        if content.get("status") == "error" or isinstance(content.get("message"), str):
            raise ReadError(
                f"{file.name}: is an error message of the service, {str(content)[:120]!r}. Fetch "
                "the articles again."
            )
        if (items := _own_items(content)) is not None:
            return "JSON list", items
    if isinstance(content, list):
        return "JSON list", content
    raise ReadError(
        f"{file.name}: no list of articles is found in it. Known are answers of The Guardian, "
        "NewsAPI and Webz.io, a list of objects, also as the one list of an object, and a single "
        "article."
    )


def _answer_or_list(items: list[Any]) -> str:
    """Whether items under "articles" have the keys of NewsAPI, or columns of their own."""
    objects = [item for item in items if isinstance(item, dict)]
    newsapi = any("publishedAt" in item or isinstance(item.get("source"), dict) for item in objects)
    return "NewsAPI" if newsapi or not objects else "JSON list"


def _own_items(content: dict[str, Any]) -> list[Any] | None:
    """The one list of objects in an object, or the object itself where it has an article's text."""
    lists = [value for value in content.values() if isinstance(value, list)]
    found = [items for items in lists if any(isinstance(item, dict) for item in items)]
    if has_text(content):
        return [content]
    return found[0] if len(found) == 1 else None


def _guardian(item: dict[str, Any], file: InputFile) -> dict[str, Any]:
    fields = _dict(item.get("fields"))
    text = _string(fields.get("bodyText"))
    if not text and (markup := _string(fields.get("body"))):
        text = "\n\n".join(paragraphs_of(parse_html(markup, file.name, file.limits)))
    return {
        "doc_id": _string(item.get("id")),
        "outlet": _string(fields.get("publication")) or "The Guardian",
        "date": _string(item.get("webPublicationDate")),
        "title": _string(fields.get("headline")) or _string(item.get("webTitle")),
        "text": text,
        "author": _string(fields.get("byline")),
        "section": _string(item.get("sectionName")),
        "url": _string(item.get("webUrl")),
    }


def _newsapi(item: dict[str, Any], file: InputFile) -> dict[str, Any]:
    source = _dict(item.get("source"))
    return {
        "outlet": _string(source.get("name")) or host_of(_string(item.get("url"))),
        "date": _string(item.get("publishedAt")),
        "title": _string(item.get("title")),
        "text": _string(item.get("content")),
        "author": _string(item.get("author")),
        "url": _string(item.get("url")),
    }


def _webz(item: dict[str, Any], file: InputFile) -> dict[str, Any]:
    thread = _dict(item.get("thread"))
    return {
        "doc_id": _string(item.get("uuid")),
        "outlet": _string(thread.get("site")) or host_of(_string(item.get("url"))),
        "date": _string(item.get("published")),
        "title": _string(item.get("title")) or _string(thread.get("title")),
        "text": _string(item.get("text")),
        "author": _string(item.get("author")),
        "language": _string(item.get("language")),
        "url": _string(item.get("url")),
    }


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
