"""A folder of documents with a manifest that says what each is and where its body stands."""

import hashlib
from pathlib import Path, PurePosixPath
from typing import Any

from analysis.errors import ReadError
from analysis.reading.encodings import decode
from analysis.reading.files.compressed import InputFile, input_file
from analysis.reading.files.listing import files_in, shown_path
from analysis.reading.files.recognition import open_tables
from analysis.reading.formats.sheets import read_sheet
from analysis.reading.formats.texts import is_rich_text
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import NoArticleError, Reason, Rejection, reason_of

NEEDED = ("file", "outlet", "date")
_DOCUMENTS = (".txt", ".html", ".htm", ".docx")
_CUTS = ("title_start", "title_end", "body_start", "body_end", "furniture")


def read_listed(folder: Path, manifest: Path, options: ReadOptions) -> RawTable:
    """The files that a manifest lists; a text file that it doesn't list is rejected.

    ReadError if the manifest can't be read or has a row that doesn't fit: it is written by hand,
    and short.
    """
    sheet = read_sheet(manifest)
    if missing := [name for name in NEEDED if name not in sheet]:
        raise ReadError(
            f"{manifest.name}: the manifest lacks the column(s) {', '.join(missing)}; it has "
            f"{', '.join(map(repr, sheet))}. Needed are file, outlet, date; known are also "
            "sha256, date_end, title, title_start, title_end, body_start, body_end, furniture, "
            "doc_id."
        )
    rows: dict[int, dict[str, Any]] = {}
    rejections = []
    for place, entry in zip(sheet.index.tolist(), sheet.to_dict("records"), strict=True):
        try:
            rows[place] = _listed_row(folder, entry, options)
        except NoArticleError as fault:
            reason, detail = fault.args
            detail = f"{entry['file']!r}: {detail}"
            rejections.append(Rejection(manifest.name, f"line {place}", reason, detail))
    listed = set(sheet["file"].str.strip())
    for found in files_in(folder, options):
        name = found.source if isinstance(found, Rejection) else shown_path(found, folder)
        if name not in listed and PurePosixPath(name).suffix.lower() in _DOCUMENTS:
            rejections.append(Rejection(name, "file", Reason.NOT_LISTED, f"not in {manifest.name}"))
    notes = {"format": "text files with a manifest", "unit": "line"}
    return RawTable(manifest.name, "line", rows, rejections, notes)


def _listed_row(folder: Path, entry: dict[str, str], options: ReadOptions) -> dict[str, Any]:
    name = entry["file"].strip()
    path = folder / name
    try:
        inside = bool(name) and path.resolve().is_relative_to(folder.resolve())
        there = inside and path.is_file()
    except (OSError, ValueError, RuntimeError) as fault:
        raise NoArticleError(Reason.UNSAFE_PATH, f"no name of a file ({fault})") from fault
    if not inside:
        raise NoArticleError(Reason.UNSAFE_PATH, "is not inside the folder")
    if not there:
        raise NoArticleError(Reason.NOT_FOUND, "there is no such file in the folder")
    source = input_file(path, name, options.limits)
    text, found = _contents(source, entry, options)
    start, end = _bound(text, entry, "body_start", 0), _bound(text, entry, "body_end", len(text))
    body = _without(text, start, end, entry.get("furniture", ""))
    if not body.strip() and text.strip():
        raise NoArticleError(Reason.MALFORMED, "body_start and body_end leave nothing between them")
    said = {name: value for name, value in entry.items() if name not in _CUTS}
    row = found | {
        name: value for name, value in said.items() if value.strip() or name not in found
    }
    row.setdefault("doc_id", name)
    title = slice(_bound(text, entry, "title_start", 0), _bound(text, entry, "title_end", 0))
    if title.stop:
        row["title"] = text[title]
    # What is neither title nor body: the page's own text.
    cut = len(text) - len(body) - len(text[title])
    return {**row, "text": body, "furniture_chars": cut + row.get("furniture_chars", 0)}


def _contents(
    source: InputFile, entry: dict[str, str], options: ReadOptions
) -> tuple[str, dict[str, Any]]:
    try:
        data = source.read_bytes()
        expected = entry.get("sha256", "").strip().lower()
        found = hashlib.sha256(data).hexdigest()
        if expected and expected != found:
            detail = f"sha256 {found[:12]}... where the manifest has {expected[:12]}..."
            raise NoArticleError(Reason.DIFFERS, detail)
        if source.suffix == ".txt" and not is_rich_text(data):
            return decode(source, data, options.encoding)[0], {}
        row = _one_article(source, options)
        return row.pop("text"), row
    except ReadError as fault:
        reason = reason_of(fault)
        if reason is Reason.DAMAGED and source.suffix == ".txt":
            reason = Reason.UNDECODABLE
        detail = str(fault).removeprefix(f"{source.name}: ")
        raise NoArticleError(reason, detail) from fault


def _one_article(source: InputFile, options: ReadOptions) -> dict[str, Any]:
    tables = open_tables(source, options)
    raws = [raw for table in tables for raw in table.chunks(1)]
    found = [row for raw in raws for row in raw.frame.to_dict("records")]
    if len(found) != 1 or not isinstance(found[0].get("text"), str):
        raise NoArticleError(Reason.MALFORMED, f"holds {len(found)} articles, not 1")
    return {str(name): value for name, value in found[0].items()}


def _without(text: str, start: int, end: int, ranges: str) -> str:
    kept = []
    for span in filter(None, (part.strip() for part in ranges.split(";"))):
        first, dash, last = (part.strip() for part in span.partition("-"))
        sound = dash and first.isdecimal() and last.isdecimal()
        if not sound or not start <= int(first) <= int(last) <= end:
            detail = f"furniture {span[:40]!r} is no range inside the body, in order: 1043-1408"
            raise NoArticleError(Reason.MALFORMED, detail)
        kept.append(text[start : int(first)])
        start = int(last)
    return "".join([*kept, text[start:end]])


def _bound(text: str, entry: dict[str, str], name: str, default: int) -> int:
    """Where the body starts or ends: a character offset, or a line of the file.

    A line given as a start is the first of the body or title; one given as an end is the last.
    """
    mark = entry.get(name, "").strip()
    if not mark:
        return default
    if mark.isdecimal():
        if int(mark) > len(text):
            raise NoArticleError(
                Reason.MALFORMED, f"{name} is {mark}, beyond the {len(text):,} characters"
            )
        return int(mark)
    found = []
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip() == mark:
            found.append(start if name.endswith("start") else start + len(line.rstrip("\r\n")))
        start += len(line)
    if len(found) != 1:
        raise NoArticleError(
            Reason.MALFORMED,
            f"{name} is {mark[:60]!r}, which stands on {len(found)} lines, not on 1",
        )
    return found[0]
