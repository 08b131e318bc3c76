"""Which reader a file needs: by its ending, then by what it begins with."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from analysis.errors import ReadError
from analysis.reading.files.compressed import InputFile, format_ending, zip_members
from analysis.reading.formats import (
    delimited,
    excel,
    json_lines,
    news_services,
    parquet,
    texts,
    web_archive,
    web_page,
)
from analysis.reading.formats.databases import europresse, factiva, nexis, proquest
from analysis.reading.formats.databases.labels import labels_of
from analysis.reading.formats.links import fill_from_url
from analysis.reading.records import Layout, RawTable, ReadOptions, RowReader
from analysis.reading.rejected import Reason, Rejection, UnknownFormatError, reason_of

Reader = Callable[[InputFile, ReadOptions], RawTable]
_HEAD = 65_536


@dataclass(frozen=True)
class Format:
    """A format: the endings of its files, its reader, and what its files hold in small letters.

    A reader takes the whole file; a RowReader, some rows at a time. Scripts may fill the beginning
    of a page, so that all of it is looked at.
    """

    endings: tuple[str, ...]
    read: Reader | RowReader
    holds: tuple[bytes, ...] = ()
    # One file is one article, whose path may say what the file does not.
    single: bool = False
    # Texts are cells of a table, which may hold HTML.
    cells: bool = False


_PAGE = (".html", ".htm", ".xhtml")
# In the order in which they are tried. Databases are known by the elements of their pages, since
# their names may stand on any page.
FORMATS = (
    Format((".csv", ".tsv", ".tab"), delimited.ROWS, cells=True),
    Format((".jsonl", ".ndjson"), json_lines.ROWS, cells=True),
    Format((".parquet",), parquet.ROWS, cells=True),
    Format((".xlsx",), excel.read_excel, cells=True),
    Format((".json",), news_services.read_json, cells=True),
    Format((".docx",), texts.read_docx),
    Format(
        _PAGE, nexis.read_nexis_html,
        (rb"\b(?:name|id)\s*=\s*[\"']?doc_id_\d+_\d", rb"<doc number|\d documents?\b|class=.c\d\b"),
    ),
    Format(
        _PAGE, factiva.read_factiva_html,
        (rb"<td[^>]*>\s*<b>\s*hd\s*</b>", rb"<td[^>]*>\s*<b>\s*sn\s*</b>"),
    ),
    Format(
        _PAGE, factiva.read_factiva_html,
        (rb"<div[^>]+id=[\"']article-[a-z]+[a-z\d]*\d", rb"class=[\"']article [a-z]{2,7}article\b"),
    ),
    Format(
        _PAGE, europresse.read_europresse,
        (rb"class\s*=[^>]*\bdocpublicationname", rb"class\s*=[^>]*\bdocheader"),
    ),
    Format(
        _PAGE, proquest.read_proquest_html,
        (rb"<a\s[^>]*\b(?:name|id)\s*=\s*[\"']?docid_\w", rb"<(?:strong|b)>[^<>]{3,60}:\s*</"),
    ),
    Format(_PAGE, web_page.read_html, single=True),
    Format((".xml",), factiva.read_factiva_xml, (rb"<ppsarticle",)),
    Format((".rtf",), texts.read_rtf),
    Format((".pdf",), texts.read_pdf),
    Format((".txt",), texts.read_text),
    Format((".warc",), web_archive.read_warc),
)  # fmt: skip
ENDINGS = tuple(dict.fromkeys(ending for format_ in FORMATS for ending in format_.endings))


@dataclass
class OpenTable:
    """One table of a file that is being read.

    ``chunks(size)`` gives its rows, at most `size` to a table where it is read in pieces, and
    ``settle()`` says whether the layout still holds after the last of them. One that can't be
    read is an error if it was asked for by itself (`strict`), and else a rejected row. A `single`
    one is nothing but one article, or one rejected row.
    """

    source: str
    chunks: Callable[[int], Iterator[RawTable]]
    layout: Layout | None = None
    settle: Callable[[], bool] = lambda: True
    strict: bool = True
    single: RawTable | None = None


def is_read_in_pieces(name: str) -> bool:
    """Whether a file's rows can be read without what stands before them being kept."""
    if format_ending(name) == ".parquet":
        # Parquet is read from its end, and so not through another compression.
        return name.lower().endswith(".parquet")
    return _row_reader(name) is not None


def _row_reader(name: str) -> RowReader | None:
    found = (format_.read for format_ in FORMATS if format_ending(name) in format_.endings)
    return next((reader for reader in found if isinstance(reader, RowReader)), None)


def read_chunks(
    file: InputFile, layout: Layout, size: int, options: ReadOptions, span: parquet.Span | None
) -> Iterator[RawTable]:
    """The rows of a file that can be read in pieces, under the names of the articles table."""
    reader = _row_reader(file.name)
    assert reader is not None  # noqa: S101
    for raw in reader.rows(file, layout, size, span):
        raw.fragments = True
        raw.notes = dict(layout.notes)
        yield fill_from_url(raw, options)


def open_tables(
    file: InputFile, options: ReadOptions, strict: bool = True, span: parquet.Span | None = None
) -> Iterator[OpenTable]:
    """Every table of a file: one, or for a .zip one for each of its members.

    A table can be read until the next one is asked for.
    """
    try:
        if file.suffix != ".zip":
            yield _open_one(file, options, strict, span)
            return
        for member in zip_members(file):
            if isinstance(member, Rejection):
                yield refused(member)
            elif member.suffix == ".zip":
                detail = "an archive in an archive: unpack it"
                yield refused(Rejection(member.name, "file", Reason.UNKNOWN_FORMAT, detail))
            elif not is_litter(member.name):
                yield from open_tables(member, options, strict=False)
    except ReadError as fault:
        if strict:
            raise
        yield refused_file(file.name, fault)


def _open_one(
    file: InputFile, options: ReadOptions, strict: bool, span: parquet.Span | None
) -> OpenTable:
    if reader := _row_reader(file.name):
        layout = reader.look(file, options)
        return OpenTable(
            file.name,
            lambda size: read_chunks(file, layout, size, options, span),
            layout,
            lambda: reader.settle(file, layout, options),
            strict,
        )
    if file.suffix in (*_PAGE, ".xml", ".txt") or file.suffix not in ENDINGS:
        _refuse_foreign(file)
    formats = [format_ for format_ in FORMATS if file.suffix in format_.endings]
    small = b""
    if any(format_.holds for format_ in formats):
        content = file.read_bytes()
        # Without zeros UTF-16 can be looked at, too.
        small, file = (
            content.replace(b"\0", b"").lower(),
            replace(file, open=lambda: io.BytesIO(content)),
        )
    for format_ in formats:
        if all(re.search(pattern, small) for pattern in format_.holds):
            assert not isinstance(format_.read, RowReader)  # noqa: S101
            raw = format_.read(file, options)
            raw.fragments = format_.cells
            raw = texts.fill_from_path(raw, options) if format_.single else raw
            return open_raw(fill_from_url(raw, options))
    if file.suffix == ".xml":
        raise UnknownFormatError(
            f"{file.name}: no .xml file of a known kind. Factiva's is read, with 'ppsarticle' "
            "elements; for another, make a CSV with the columns outlet, date, title, text."
        )
    raise UnknownFormatError(
        f"{file.name}: {file.suffix or 'a file without an ending'} is no known format; known are "
        f"{', '.join((*ENDINGS, '.zip'))}, and these with .gz, .zst, .bz2 or .xz. "
        "Unpack an archive of another kind; save another file in one of these formats."
    )


def _refuse_foreign(file: InputFile) -> None:
    """Raise UnknownFormatError for a file of articles in a form that is not read."""
    # Without zeros UTF-16 can be looked at, too.
    head = file.head(_HEAD).replace(b"\0", b"").decode("latin-1").lstrip("ÿþï»¿")
    head = re.sub(r"^(?:\s|<\?[^>]*>|<!--.*?-->|<!doctype[^>]*>)+", "", head, flags=re.I | re.S)
    for kind, known in labels_of("foreign").items():
        here = file.suffix in known.get("endings", (file.suffix,))
        if here and re.match(known["begins"], head, re.IGNORECASE):
            raise UnknownFormatError(
                f"{file.name}: is {kind}, which is not read. {known['advice']} a CSV with the "
                "columns outlet, date, title, text."
            )


def open_raw(raw: RawTable) -> OpenTable:
    """A table that was read whole."""
    single = False
    if isinstance(raw.rows, dict) and len(raw.rows) + len(raw.rejections) == 1:
        article = raw.unit == "article" and "text" in raw.rows.get(1, ())
        single = bool(raw.rejections) or (article and not raw.fragments)
    return OpenTable(raw.source, lambda size: iter([raw]), single=raw if single else None)


def refused_file(name: str, fault: ReadError) -> OpenTable:
    """A table of nothing but one rejected row: a file that can't be read."""
    return refused(Rejection(name, "file", reason_of(fault), str(fault)))


def refused(rejection: Rejection) -> OpenTable:
    """A table of nothing but one rejected row."""
    return open_raw(RawTable(rejection.source, "file", {}, [rejection]))


def is_litter(name: str) -> bool:
    """Whether a file is an operating system's own: hidden, or a lock of an open document."""
    parts = name.split("/")
    return parts[-1].startswith((".", "~$")) or "__MACOSX" in parts or parts[-1] == "Thumbs.db"
