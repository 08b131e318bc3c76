"""Records that are found one by one, in exports of documents, as a table of raw rows."""

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.errors import ReadError
from analysis.reading.files.compressed import InputFile
from analysis.reading.records import RawTable
from analysis.reading.rejected import Reason, Rejection


def documents_table(
    file: InputFile,
    rows: Iterable[dict[str, Any]],
    notes: dict[str, Any],
    rejections: Iterable[Rejection] = (),
    announced: int | None = None,
    always_closed: bool = False,
) -> RawTable:
    """The documents of one export, numbered from 1; notes where it announces another number.

    A row's ``whole`` says whether the document has the lines that close each document of its
    format. If the last lacks them, and others have them (or each must, `always_closed`), the file
    breaks off inside it. A row's ``undated`` says what is known of a missing date; its ``message``
    is what the database says in place of an article.
    """
    listed, refused = list(rows), list(rejections)
    found = len(listed) + len(refused)
    if not found:
        raise ReadError(
            f"{file.name}: no article can be found in it, though it looks like {notes['format']}. "
            "Export it again, or make a CSV with the columns outlet, date, title, text."
        )
    if announced is not None and announced != found:
        notes["incomplete"] = f"announces {announced} documents and holds {found}"
    for n, row in enumerate(listed, 1):
        if message := row.get("message"):
            detail = f"in place of the article, the database says {message[:80]!r}"
            refused.append(Rejection(file.name, f"article {n}", Reason.NO_TEXT, detail))
    kept = {n: row for n, row in enumerate(listed, 1) if not row.pop("message", "")}
    whole = {n: row.pop("whole", True) for n, row in kept.items()}
    undated = {n: text for n, row in kept.items() if (text := row.pop("undated", ""))}
    breaks_off = not whole.get(len(listed), True)
    if breaks_off and (always_closed or any(whole.values()) or "incomplete" in notes):
        del kept[len(listed)]
        detail = "the file breaks off inside this article"
        refused.append(Rejection(file.name, f"article {len(listed)}", Reason.DAMAGED, detail))
    frame = pd.DataFrame(list(kept.values()), index=pd.Index(list(kept), dtype=int), dtype=object)
    return RawTable(file.name, "article", frame, refused, {"unit": "article", **notes}, undated)


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Paragraphs with a blank line between them, each on one line."""
    folded = (" ".join(paragraph.split()) for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in folded if paragraph)


def unwrap(text: str) -> list[str]:
    """The paragraphs of a text whose lines were broken at a width; blank lines part them."""
    return [" ".join(part.split()) for part in re.split(r"\n[ \t\xa0]*\n", text) if part.strip()]
