"""Lexicons as a table (.csv, .tsv): columns ``frame`` and ``pattern``, one pattern a row.

Every cell is text: ``null``, ``NA`` and ``n/a`` are words. Further columns are left aside, but for
weights, which are refused.
"""

import csv

from analysis.lexicons.formats.lexicon_file import Category, LexiconData, LexiconFile
from analysis.lexicons.patterns import frame_name

_COLUMNS = ("frame", "pattern")
_WEIGHTS = {"weight", "weights", "score", "scores", "value", "valence", "polarity", "loading"}


def read(file: LexiconFile) -> LexiconData:
    """Read a table of frames and patterns, parted by commas, semicolons or tabs."""
    head = file.text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(file.text.split("\n"), delimiter=delimiter, strict=True)
    categories: dict[str, Category] = {}
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        if not set(_COLUMNS) <= set(names):
            file.refuse(
                1,
                f"the columns are {', '.join(names) or 'none'}; needed are frame and pattern "
                "(framing import reads a table of articles)",
            )
        if weights := _WEIGHTS & set(names):
            file.refuse(
                1,
                f"the column {min(weights)!r} has weights, which are not counted; take it out, or "
                "give each weight a frame",
            )
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(names):
                file.refuse(reader.line_num, f"{len(row)} cells, where the head has {len(names)}")
            frame, pattern = (row[names.index(name)].strip() for name in _COLUMNS)
            if not frame or not pattern:
                file.refuse(reader.line_num, "a row needs both a frame and a pattern")
            line = reader.line_num
            category = categories.setdefault(frame_name(frame), Category(frame, line))
            category.patterns.append((pattern, line))
    except csv.Error as error:
        file.refuse(reader.line_num, f"not a table: {error}")
    return file.data(list(categories.values()))
