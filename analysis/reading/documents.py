"""Records that are found one by one, in exports of documents, as a table of raw rows."""

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.reading.containers import InputFile
from analysis.reading.records import RawTable
from analysis.reading.rejected import Rejection


def documents_table(
    file: InputFile,
    rows: Iterable[dict[str, Any]],
    notes: dict[str, Any],
    rejections: Iterable[Rejection] = (),
    announced: int | None = None,
) -> RawTable:
    """The documents of one export, numbered from 1; notes where it announces another number."""
    listed, refused = list(rows), list(rejections)
    frame = pd.DataFrame(listed, index=range(1, len(listed) + 1), dtype=object)
    found = len(listed) + len(refused)
    if announced is not None and announced != found:
        notes["incomplete"] = f"announces {announced} documents and holds {found}"
    return RawTable(file.name, "article", frame, refused, {"unit": "article", **notes})


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Paragraphs under each other, a blank line between them, each on one line."""
    folded = (" ".join(paragraph.split()) for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in folded if paragraph)


def unwrap(text: str) -> list[str]:
    """The paragraphs of a text whose lines were broken at a width; blank lines part them."""
    return [" ".join(part.split()) for part in re.split(r"\n[ \t\xa0]*\n", text) if part.strip()]
