"""Web archives: .warc, and each record of it compressed (.warc.gz)."""

import contextlib
import datetime as dt
import io
import re
from typing import Any

from analysis.errors import ReadError
from analysis.reading.encodings import decode, text_codec
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.documents import documents_table
from analysis.reading.formats.web_page import extract_page
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import NoArticleError, Reason, Rejection, reason_of

# Records that hold no capture: what the crawler asked, and what it says of itself.
_NO_CAPTURE = ("warcinfo", "request", "metadata", "continuation", "conversion")
_HTML = ("text/html", "application/xhtml+xml")


def read_warc(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a web archive: each captured page is an article, or rejected.

    Rows are the records that hold a capture (``response``, ``resource``, ``revisit``), numbered
    in their order. The day of capture is kept as ``captured``; it is not the day of publication.
    """
    from warcio.archiveiterator import ArchiveIterator

    rows: dict[int, dict[str, Any]] = {}
    rejections: list[Rejection] = []
    place = 0
    # warcio prints its warnings to the console; the damage that they report is rejected below.
    with file.open() as stream, contextlib.redirect_stderr(io.StringIO()):
        try:
            for record in ArchiveIterator(stream):
                if record.rec_type in _NO_CAPTURE:
                    continue
                place += 1
                try:
                    rows[place] = _page(record, file, options.today)
                except NoArticleError as fault:
                    rejections.append(Rejection(file.name, f"record {place}", *fault.args))
        except Exception as fault:  # warcio passes on whatever a broken record raises
            detail = f"the archive can't be read further: {fault}"
            rejections.append(Rejection(file.name, f"record {place + 1}", Reason.DAMAGED, detail))
    if not place and not rejections:
        raise ReadError(f"{file.name}: holds no captured page. Fetch the archive again.")
    return documents_table(file, rows, {"format": "web archive"}, rejections, unit="record")


def _page(record: Any, file: InputFile, today: dt.date) -> dict[str, Any]:
    headers, http = record.rec_headers, record.http_headers
    url = headers.get_header("WARC-Target-URI") or ""
    kind = (http or headers).get_header("Content-Type") or ""
    status = http.get_statuscode() if http else "200"
    if record.rec_type == "revisit":
        raise NoArticleError(Reason.NO_TEXT, f"{url}: the same as an earlier capture")
    if not status.startswith("2"):
        raise NoArticleError(Reason.NO_TEXT, f"{url}: the server answered {status}")
    if not kind.lower().startswith(_HTML):
        raise NoArticleError(Reason.UNKNOWN_FORMAT, f"{url}: {kind or 'no content type'}")
    limit = file.limits.document_bytes
    data = record.content_stream().read(limit + 1)
    if len(data) > limit:
        raise NoArticleError(Reason.TOO_LARGE, f"{url}: more than {limit:,} bytes")
    # A record whose length can't be read has no limit.
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise NoArticleError(Reason.DAMAGED, f"{url}: the record ends before its announced length")
    page = InputFile(f"{file.name}, {url}", lambda: io.BytesIO(data), file.limits)
    charset = re.search(r"charset=[\"']?([\w-]+)", kind, re.IGNORECASE)
    try:
        text, _ = decode(page, data, charset[1] if charset and text_codec(charset[1]) else None)
        row = extract_page(text, page, today, url)
    except ReadError as fault:
        raise NoArticleError(reason_of(fault), str(fault).removeprefix(f"{file.name}, ")) from fault
    if part := row.pop("part", ""):
        raise NoArticleError(Reason.PART_OF_TEXT, f"{url}: {part}")
    row["captured"] = headers.get_header("WARC-Date") or ""
    return row
