"""Records that are found one by one, in exports of documents, as a table of raw rows."""

import re
from collections.abc import Iterable
from typing import Any

from analysis.errors import ReadError
from analysis.reading.files.compressed import InputFile
from analysis.reading.records import RawTable
from analysis.reading.rejected import Reason, Rejection

# Lines at the beginning of a text among which its headline may stand.
_HEADLINE_WITHIN = 24
_SHORT = 60


def documents_table(
    file: InputFile,
    rows: Iterable[dict[str, Any]] | dict[int, dict[str, Any]],
    notes: dict[str, Any],
    rejections: Iterable[Rejection] = (),
    announced: int | None = None,
    always_closed: bool = False,
    unit: str = "article",
) -> RawTable:
    """The documents of one export, by numbers; notes where it announces another number of them.

    A row's ``whole`` says whether the document has the lines that close each document of its
    format. If the last lacks them, and others have them (or each must, `always_closed`), the file
    breaks off inside it. A row's ``undated`` says what is known of a missing date; its ``message``
    is what the database says in place of an article, its ``part`` what of the text is missing.
    """
    listed = rows if isinstance(rows, dict) else dict(enumerate(rows, 1))
    refused = list(rejections)
    found = len(listed) + len(refused)
    if not found:
        raise ReadError(
            f"{file.name}: no article can be found in it, though it looks like {notes['format']}. "
            "Export it again, or make a CSV with the columns outlet, date, title, text."
        )
    if announced is not None and announced != found:
        notes["incomplete"] = f"announces {announced} documents and holds {found}"
    kept = {}
    for n, row in listed.items():
        message, part = row.pop("message", ""), row.pop("part", "")
        if message:
            detail = f"in place of the article, the database says {message[:80]!r}"
            refused.append(Rejection(file.name, f"{unit} {n}", Reason.NO_TEXT, detail))
        elif part:
            refused.append(Rejection(file.name, f"{unit} {n}", Reason.PART_OF_TEXT, part))
        else:
            kept[n] = row
        if row.get("title"):
            row["text"] = without_headline(row.get("text") or "", [row["title"]])
    whole = {n: row.pop("whole", True) for n, row in kept.items()}
    undated = {n: text for n, row in kept.items() if (text := row.pop("undated", ""))}
    last = max(listed, default=0)
    breaks_off = not whole.get(last, True)
    if breaks_off and (always_closed or any(whole.values()) or "incomplete" in notes):
        del kept[last]
        detail = "the file breaks off inside this article"
        refused.append(Rejection(file.name, f"{unit} {last}", Reason.DAMAGED, detail))
    return RawTable(file.name, unit, kept, refused, {"unit": unit, **notes}, undated)


def without_headline(text: str, headlines: Iterable[str]) -> str:
    r"""A text without the headline among its first paragraphs: the article has it as its title."""
    known = tuple({_folded(headline) for headline in headlines} - {""})
    lines = text.split("\n")
    folded = [*map(_folded, lines[:_HEADLINE_WITHIN])]
    above = [n for n, line in enumerate(folded) if _is_end(line, known)]
    if not above:
        # A headline with line breaks.
        ends = (n for n in range(1, len(folded)) if "".join(folded[: n + 1]) in known)
        above = [*range(next(ends, -1) + 1)]
    short = (n for n, line in enumerate(lines) if len(line) > _SHORT)
    # Short lines above it are the way to the page and the section.
    cut = max((n + 1 for n in above if n <= next(short, len(lines))), default=0)
    kept = [line for n, line in enumerate(lines) if n >= cut and n not in above]
    return re.sub("\n{3,}", "\n\n", "\n".join(kept)).strip() if above else text


def _is_end(line: str, headlines: tuple[str, ...]) -> bool:
    """Whether a line is a headline, or most of one: a kicker may stand in its element."""
    return bool(line) and any(
        h == line or (h.endswith(line) and 2 * len(line) > len(h)) for h in headlines
    )


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Paragraphs with a blank line between them, each on one line."""
    folded = (" ".join(paragraph.split()) for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in folded if paragraph)


def unwrap(text: str) -> list[str]:
    """The paragraphs of a text whose lines were broken at a width; blank lines part them."""
    return [" ".join(part.split()) for part in re.split(r"\n[ \t\xa0]*\n", text) if part.strip()]
