"""JSON as The Guardian, NewsAPI, Webz.io and Event Registry answer, or any list of objects."""

from typing import Any

from analysis.errors import ReadError
from analysis.reading.columns import has_text, map_columns, unique_names
from analysis.reading.encodings import decode
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.documents import documents_table
from analysis.reading.formats.json_lines import (
    RepeatedKeyObject,
    object_fault,
    objects_frame,
    parse,
)
from analysis.reading.formats.links import host_of
from analysis.reading.formats.markup import paragraphs_of, parse_html
from analysis.reading.records import Layout, RawTable, ReadOptions
from analysis.reading.rejected import Rejection

# Where the items of each service have our columns; the first place that holds a string counts.
_PLACES = {
    "The Guardian": {
        "doc_id": "id", "outlet": "fields.publication", "date": "webPublicationDate",
        "title": "fields.headline webTitle", "text": "fields.bodyText", "author": "fields.byline",
        "section": "sectionName", "url": "webUrl",
    },
    "NewsAPI": {
        "outlet": "source.name", "date": "publishedAt", "title": "title", "text": "content",
        "author": "author", "url": "url",
    },
    "Webz.io": {
        "doc_id": "uuid", "outlet": "thread.site", "date": "published",
        "title": "title thread.title", "text": "text", "author": "author", "language": "language",
        "url": "url",
    },
    "Event Registry": {
        "doc_id": "uri", "outlet": "source.title source.uri", "date": "dateTimePub dateTime date",
        "title": "title", "text": "body", "language": "lang", "url": "url",
    },
}  # fmt: skip
# Where answers have their items.
_ANSWERS = {
    "response.results": "The Guardian", "response.content": "The Guardian", "posts": "Webz.io",
    "articles.results": "Event Registry",
}  # fmt: skip


def read_json(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a .json: an answer of a known service, or a list of objects with columns as a table."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    try:
        content = parse(text)
    except (ValueError, RecursionError) as fault:
        advice = "If it has one object a line, name it .jsonl."
        raise ReadError(f"{file.name}: is not JSON ({fault}). {advice}") from fault
    service, items = _items(content, file)
    for holder in (content, *(content.values() if isinstance(content, dict) else ())):
        if isinstance(holder, RepeatedKeyObject) and holder.is_outer and holder not in items:
            raise ReadError(
                f"{file.name}: has the key {holder.key!r} more than once beside its articles, of "
                "which only the last are left. Make a list of each."
            )
    notes: dict[str, Any] = {"encoding": str(encoding), "unit": "article", "format": service}
    rejections: list[Rejection] = []
    objects: dict[int, dict[str, Any]] = {}
    for n, item in enumerate(items, 1):
        if problem := object_fault(item, text):
            rejections.append(Rejection(file.name, f"article {n}", *problem))
        else:
            objects[n] = item
    if service == "JSON list":
        keys = list(dict.fromkeys(key for item in objects.values() for key in item))
        mapping = map_columns(unique_names(keys), options, file.name, notes) if objects else {}
        frame = objects_frame(objects, Layout(keys, mapping, notes, {}))
        return RawTable(file.name, "article", frame, rejections, notes)
    rows = {n: _row(service, item, file) for n, item in objects.items()}
    return documents_table(file, rows, notes, rejections)


def _row(service: str, item: dict[str, Any], file: InputFile) -> dict[str, str]:
    row = {name: _string(item, places) for name, places in _PLACES[service].items()}
    if service != "The Guardian":
        row["outlet"] = row["outlet"] or host_of(row["url"])
        return row
    row["outlet"] = row["outlet"] or service
    if not row["text"] and (markup := _string(item, "fields.body")):
        row["text"] = "\n\n".join(paragraphs_of(parse_html(markup, file.name, file.limits)))
    return row


def _at(item: object, place: str) -> object:
    """What stands at a place (``thread.title``), or nothing."""
    for key in place.split("."):
        item = item.get(key) if isinstance(item, dict) else None
    return item


def _string(item: dict[str, Any], places: str) -> str:
    """The first string at one of these places, or nothing."""
    found = (_at(item, place) for place in places.split())
    return next((value for value in found if isinstance(value, str) and value), "")


def _items(content: Any, file: InputFile) -> tuple[str, list[Any]]:
    if isinstance(content, dict):
        for place, service in _ANSWERS.items():
            found = _at(content, place)
            if isinstance(found, list):
                return service, found
            if isinstance(found, dict) and place == "response.content":
                return service, [found]
        if isinstance(content.get("thread"), dict) and "text" in content:
            return "Webz.io", [content]
        if isinstance(content.get("articles"), list):
            return _answer_or_list(content["articles"]), content["articles"]
        if content.get("status") == "error" or isinstance(content.get("message"), str):
            said = f"an error message of the service, {str(content)[:120]!r}"
            raise ReadError(f"{file.name}: is {said}. Fetch the articles again.")
        if (items := _own_items(content)) is not None:
            return "JSON list", items
    if isinstance(content, list):
        answer = any(isinstance(_at(item, "source"), dict) for item in content)
        return _answer_or_list(content) if answer else "JSON list", content
    raise ReadError(
        f"{file.name}: no list of articles is found in it. Known are answers of The Guardian, "
        "NewsAPI, Webz.io and Event Registry, a list of objects, also as the one list of an "
        "object, and a single article."
    )


def _answer_or_list(items: list[Any]) -> str:
    """Whether items have the keys of a service, or columns of their own."""
    objects = [item for item in items if isinstance(item, dict)]
    if any("body" in item and isinstance(item.get("source"), dict) for item in objects):
        return "Event Registry"
    newsapi = any("publishedAt" in item or isinstance(item.get("source"), dict) for item in objects)
    return "NewsAPI" if newsapi or not objects else "JSON list"


def _own_items(content: dict[str, Any]) -> list[Any] | None:
    """The one list of objects in an object, or the object itself where it has an article's text."""
    lists = [value for value in content.values() if isinstance(value, list)]
    found = [items for items in lists if any(isinstance(item, dict) for item in items)]
    if has_text(content):
        return [content]
    return found[0] if len(found) == 1 else None
