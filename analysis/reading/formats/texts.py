"""Texts as .txt, .docx, .rtf and .pdf: exports of databases, or one article, whose path tells more.

Public samples of exports as .rtf and .pdf are few: they are read as their databases describe them,
and as their .docx and .html are written.
"""

import codecs
import io
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from analysis.errors import ReadError
from analysis.reading.columns import stands_for
from analysis.reading.dates import first_possible
from analysis.reading.encodings import decode, text_codec, with_newlines
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.databases import factiva, nexis, nexis_uni, proquest
from analysis.reading.formats.databases.labels import MARK, refuse_export
from analysis.reading.formats.databases.publications import named
from analysis.reading.formats.documents import documents_table
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import UnknownFormatError

# A day in a name stands alone or between separators, and is of the time of such files.
_PATH_DATE = re.compile(r"(?<![^\W_])(\d{4})([-_./ ]?)(\d\d)\2(\d\d)(?=[Tt]\d|[\W_]|$)")
_PATHS_SINCE = 1900
# Folders that are a year, month or day, and the archive that holds the folders.
_NO_OUTLET = re.compile(r"[\d._-]+|.*\.zip", re.IGNORECASE)
# A link's address is no text; a bold run begins with a mark.
_LINK = re.compile(r"\{\\\*\\fldinst[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_BOLD = re.compile(r"\\b(?![a-z0-9-])[ ]?")
_PAGE = re.compile(r"(?:Page|Seite|Página|Pagina) \d+ (?:of|de|von|di|van) \d+", re.IGNORECASE)
_HEADING = re.compile(r".{0,150}[^.:;,…]")
# Where a text shows what it is: what an article quotes further on says nothing.
_HEAD = 65_536
# Part of the widest line that the last line of a paragraph does not reach.
_SHORT = 0.8

Lines = list[tuple[str, bool]]


def read_text(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a .txt, as an export of LexisNexis or ProQuest, as rich text, or as one article."""
    data = file.read_bytes()
    if is_rich_text(data):
        return read_rtf(file, options)
    text, encoding = decode(file, data, options.encoding)
    text = with_newlines(text)
    head = text[:_HEAD]
    counters = list(nexis.COUNTER.finditer(text)) if nexis.COUNTER.search(head) else []
    rows = nexis.documents_of_text(text, counters)
    if rows or proquest.is_export(head):
        kind, announced = ("LexisNexis", nexis.announced(counters)) if rows else ("ProQuest", None)
        notes = {"format": f"{kind} text", "encoding": str(encoding)}
        rows = rows or proquest.documents_of_text(text)
        return documents_table(
            file, named(rows), notes, announced=announced, always_closed=kind == "ProQuest"
        )
    lines = text.split("\n")
    names = re.split("[,;\t|]", lines[0].replace('"', ""))
    if all(
        any(stands_for(name, needed) for name in names) for needed in ("outlet", "date", "text")
    ):
        raise UnknownFormatError(
            f"{file.name}: is a table under the name of a text. Name it .csv, or .tsv if tabs part "
            "its columns."
        )
    refuse_export(lines, file.name)
    notes = {"format": "text file", "encoding": str(encoding)}
    return fill_from_path(documents_table(file, [{"text": text}], notes), options)


def read_docx(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a .docx, as an export or as one article."""
    lines = nexis_uni.docx_lines(file)
    if nexis_uni.is_export(lines):
        rows = named(list(nexis_uni.documents_of_docx(lines)))
        return documents_table(file, rows, {"format": "Nexis Uni"})
    kept = [(text.strip(), bold) for text, bold, _ in lines if text.strip()]
    return _table(file, options, kept, "Word document", lambda body: body, whole=True)


def is_rich_text(data: bytes) -> bool:
    """Whether a file is rich text, whatever its name."""
    return data.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{\\rtf")


def read_rtf(file: InputFile, options: ReadOptions) -> RawTable:
    """Read an .rtf, as an export or as one article."""
    from striprtf.striprtf import rtf_to_text

    source = file.read_bytes().removeprefix(codecs.BOM_UTF8).lstrip().decode("latin-1")
    if not source.startswith("{\\rtf"):
        raise ReadError(
            f"{file.name}: is no rich text: it does not begin with {{\\rtf. Save it again."
        )
    page = re.search(r"\\ansicpg(\d+)", source[:1000])
    codec = options.encoding or (text_codec(f"cp{page[1]}") if page else None) or "cp1252"
    # As a signed number of 16 bits, which is how rich text has characters.
    source = _BOLD.sub(lambda _: rf"\b\u{ord(MARK) - 65536}?", _LINK.sub("", source))
    try:
        text = rtf_to_text(source, encoding=codec, errors="replace")
    except Exception as fault:  # no list of its errors is kept
        raise ReadError(
            f"{file.name}: can't be read as rich text ({fault}). Save it again."
        ) from fault
    lines = [(line.replace(MARK, "").strip(" |\t"), MARK in line) for line in text.split("\n")]
    whole = source.rstrip("\x00\r\n ").endswith("}")
    return _table(file, options, lines, "rich text", lambda body: body, whole)


def read_pdf(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a .pdf with text, as an export or as one article."""
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(file.read_bytes()))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError(f"{file.name}: is encrypted. Save it without a password.")
        pages = [page.extract_text().split("\n") for page in reader.pages]
    except ReadError:
        raise
    except Exception as fault:  # no list of its errors is kept
        raise ReadError(f"{file.name}: can't be read as a PDF ({fault}). Save it again.") from fault
    lines = [line for page in _without_heads(pages) for line in page]
    if not any(lines):
        raise ReadError(
            f"{file.name}: holds no text but pictures of pages. Recognise the text (OCR) first."
        )
    kept = [(line, False) for line in lines]
    width = max(len(line) for line, _ in kept)
    return _table(file, options, kept, "PDF", lambda body: _unwrapped(body, width), whole=True)


def _table(
    file: InputFile,
    options: ReadOptions,
    lines: Lines,
    form: str,
    paragraphs: Callable[[list[str]], list[str]],
    whole: bool,
) -> RawTable:
    texts = [line for line, _ in lines]
    rows: list[dict[str, Any]]
    announced = None
    if counters := [match for line in texts if (match := nexis.COUNTER.fullmatch(line))]:
        places = [n for n, line in enumerate(texts) if nexis.COUNTER.fullmatch(line)]
        parts = [texts[start + 1 : end] for start, end in zip(places, [*places[1:], None])]  # noqa: B905
        rows = [nexis.document(list(filter(None, part))) for part in parts]
        kind, announced = "LexisNexis", nexis.announced(counters)
    elif any(nexis_uni.END.fullmatch(line) for line in texts):
        kind, rows = "Nexis Uni", nexis_uni.documents_of_lines(texts)
    elif any(factiva.END.fullmatch(line) for line in texts):
        kind, rows = "Factiva", factiva.documents_of_lines(lines)
    else:
        refuse_export(texts, file.name)
        alone = {"text": "\n\n".join(filter(None, paragraphs(texts))), "whole": whole}
        return fill_from_path(
            documents_table(file, [alone], {"format": form}, always_closed=True), options
        )
    for row in rows:
        row["text"] = "\n\n".join(paragraphs(row["text"].split("\n\n")))
    notes = {"format": f"{kind} {form}"}
    return documents_table(file, named(rows), notes, announced=announced, always_closed=True)


def _without_heads(pages: list[list[str]]) -> list[list[str]]:
    """Pages without their numbers, and without the title that pages of one article begin with.

    A title is no sentence, has text below it, and is that of the page before, or stands again on a
    page with a number.
    """
    stripped = [[line.strip() for line in page] for page in pages]
    kept = [[line for line in page if not _PAGE.fullmatch(line)] for page in stripped]
    tops = [page[0] if any(page[1:]) and _HEADING.fullmatch(page[0]) else "" for page in kept]
    return [
        page[1:] if top and (top == before or (top == page[1] and page != numbered)) else page
        for page, numbered, before, top in zip(kept, stripped, ["", *tops], tops, strict=False)
    ]


def _unwrapped(lines: list[str], width: int) -> list[str]:
    """Paragraphs of lines broken at a width: each ends at a shorter line with a full stop."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        paragraphs[-1].append(line)
        if not line or (len(line) < _SHORT * width and re.search(r"[.!?:…][\"'”’»)]*$", line)):
            paragraphs.append([])
    return [text for part in paragraphs if (text := " ".join(part).strip())]


def fill_from_path(raw: RawTable, options: ReadOptions) -> RawTable:
    """Give the one article of a file the outlet and the date that its path has, where it has none.

    ``Gazette/2018/06/12/talks.txt`` and ``Gazette/2018-06-12 talks.txt`` say both: the outlet is
    the first folder that is not a number; the date is that of the name, or of the nearest folder.
    A date that can't be, such as a stand-in in a page, hides none.
    """
    if not isinstance(raw.rows, dict) or not raw.rows:
        return raw
    path = PurePosixPath(raw.source)
    folders = [part for part in path.parts[:-1] if not _NO_OUTLET.fullmatch(part)]
    found = {"outlet": folders[0] if folders else ""}
    # The first of the name, then the last of the folders.
    name_at = raw.source.rfind("/") + 1
    matches = sorted(_PATH_DATE.finditer(raw.source), key=lambda m: -min(m.end(), name_at))
    days = (f"{m[1]}-{m[3]}-{m[4]}" for m in matches)
    found["date"] = first_possible(days, options.today, _PATHS_SINCE) or ""
    (row,) = raw.rows.values()
    given = {name: str(row.get(name) or "").strip() for name in found}
    given["date"] = (
        first_possible([given["date"]], options.today, day_first=options.day_first) or ""
    )
    used = [name for name, value in found.items() if value and not given[name]]
    row |= {name: found[name] for name in used}
    row.setdefault("doc_id", raw.source)
    if used:
        raw.notes["guessed"] = f"{' and '.join(used)} from the path"
    return raw
