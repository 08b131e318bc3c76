"""Single documents (.txt, .docx): one file, one article; its path tells outlet and date."""

import re
from pathlib import PurePosixPath

import pandas as pd

from analysis.reading.dates import first_possible
from analysis.reading.encodings import decode, with_newlines
from analysis.reading.files.compressed import InputFile
from analysis.reading.formats.databases.labels import refuse_export
from analysis.reading.formats.databases.nexis_uni import docx_lines
from analysis.reading.formats.documents import documents_table
from analysis.reading.records import RawTable, ReadOptions

# A day in a name stands alone or between separators, and is of the time of such files.
_PATH_DATE = re.compile(r"(?<![^\W_])(\d{4})([-_./]?)(\d\d)\2(\d\d)(?![^\W_])")
_PATHS_SINCE = 1900
# Folders that are a year, month or day, and the archive that holds the folders.
_NO_OUTLET = re.compile(r"[\d._-]+|.*\.zip", re.IGNORECASE)


def read_text(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a .txt as one article."""
    text, encoding = decode(file, file.read_bytes(), options.encoding)
    text = with_newlines(text)
    refuse_export(text.split("\n"), file.name)
    return documents_table(
        file, [{"text": text}], {"format": "text file", "encoding": str(encoding)}
    )


def read_docx(file: InputFile, options: ReadOptions) -> RawTable:
    """Read a .docx as one article."""
    lines = [line.strip() for line, _, _ in docx_lines(file) if line.strip()]
    refuse_export(lines, file.name)
    return documents_table(file, [{"text": "\n\n".join(lines)}], {"format": "Word document"})


def fill_from_path(raw: RawTable, options: ReadOptions) -> RawTable:
    """Give the one article of a file the outlet and the date that its path has, where it has none.

    ``Gazette/2018/06/12/talks.txt`` and ``Gazette/2018-06-12 talks.txt`` say both: the outlet is
    the first folder that is not a number.
    """
    if raw.frame.empty:
        return raw
    path = PurePosixPath(raw.source)
    folders = [part for part in path.parts[:-1] if not _NO_OUTLET.fullmatch(part)]
    found = {"outlet": folders[0] if folders else ""}
    days = (f"{m[1]}-{m[3]}-{m[4]}" for m in _PATH_DATE.finditer(raw.source))
    found["date"] = first_possible(days, options.today, _PATHS_SINCE) or ""
    row = raw.frame.iloc[0].to_dict()
    used = [name for name, value in found.items() if value and not str(row.get(name) or "").strip()]
    row |= {name: found[name] for name in used}
    row.setdefault("doc_id", raw.source)
    raw.frame = pd.DataFrame([row], index=raw.frame.index, dtype=object)
    if used:
        raw.notes["guessed"] = f"{' and '.join(used)} from the path"
    return raw
