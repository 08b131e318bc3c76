"""Lexicons as a table (.csv, .tsv, .txt), one pattern a row.

The columns are ``frame`` and ``pattern``, and ``weight`` where patterns have one; or a pattern and
its weight alone, with or without a head, as LSX's coefficients and VADER's words are saved. These
make one frame, named after the file. Every cell is text: ``null``, ``NA`` and ``n/a`` are words.
Further columns are left aside, with a warning.
"""

import csv
import logging
import re
from collections.abc import Sequence

from analysis.lexicons.formats.lexicon_file import Category, LexiconData, LexiconFile
from analysis.lexicons.frames import weight_of
from analysis.lexicons.patterns import frame_name

_PATTERNS = ("pattern", "term", "word", "token", "feature", "")
_WEIGHTS = ("weight", "weights", "score", "scores", "value", "valence", "polarity", "loading",
            "coef", "beta", "x")  # fmt: skip
# What no token has: "$:" and ":-)" of word lists from social media.
_SIGNS = re.compile(r"[^\w\s'’.*?&/-]|^[\W_]*$")
_log = logging.getLogger("analysis")


def read(file: LexiconFile) -> LexiconData:
    """Read a table of frames and patterns, parted by commas, semicolons or tabs."""
    lines = file.text.split("\n")
    head = lines[0]
    delimiter = "\t" if "\t" in head else max(",;", key=head.count)
    # Excel writes, and reads, a first line "sep=;".
    if told := re.fullmatch('"?sep=(.)"?', head, re.IGNORECASE):
        delimiter, head, lines[0] = told[1], "", ""
    bare = file.path.suffix.lower() == ".txt" and not head.startswith('"')
    reader = csv.reader(
        lines, delimiter=delimiter, strict=True,
        quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL,
    )  # fmt: skip
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        file.refuse(reader.line_num, f"not a table: {error}")
    rows = [(line, row) for line, row in rows if any(row)]
    first = rows[0][1] if rows else []
    if len(first) > 1 and weight_of(first[1]) is not None:
        return _weighed(file, [(line, row[:2]) for line, row in rows])
    names = [name.casefold() for name in first]
    weights = [name for name in names if name in _WEIGHTS]
    if "frame" not in names and len(weights) == 1:
        words = [name for name in _PATTERNS if name in names]
        if words:
            wanted = names.index(words[0]), names.index(weights[0])
            whole = _whole(file, rows, len(names))
            return _weighed(file, [(line, [row[k] for k in wanted]) for line, row in whole])
    if not {"frame", "pattern"} <= set(names):
        file.refuse(
            1, f"the columns are {', '.join(names) or 'none'}; needed are frame and pattern, or a "
            "word and its weight (framing import reads a table of articles)"
        )  # fmt: skip
    if twice := [name for name in ("frame", "pattern") if names.count(name) > 1]:
        file.refuse(1, f"the column {twice[0]!r} is there twice; leave one of them")
    if others := sorted({*names} - {"frame", "pattern", "", *weights}):
        _log.warning(
            "%s: left aside the column(s) %s. Numbers that are weights belong into a column "
            "'weight'; patterns in several languages into a file of ours (.yml).",
            file.path.name, ", ".join(others),
        )  # fmt: skip
    if len(weights) > 1:
        file.refuse(1, f"{' and '.join(map(repr, weights))} are both weights; leave one of them")
    categories: dict[str, Category] = {}
    for line, row in _whole(file, rows, len(names)):
        frame, pattern = row[names.index("frame")], row[names.index("pattern")]
        if not frame or not pattern:
            file.refuse(line, "a row needs both a frame and a pattern")
        category = categories.setdefault(frame_name(frame), Category(frame, line))
        category.patterns.append((pattern, line))
        category.values += [row[names.index(name)] for name in weights]
    return file.data(list(categories.values()))


def _whole(
    file: LexiconFile, rows: Sequence[tuple[int, list[str]]], cells: int
) -> Sequence[tuple[int, list[str]]]:
    """The rows after the head, each with as many cells."""
    for line, row in rows[1:]:
        if len(row) != cells:
            file.refuse(line, f"{len(row)} cells, where the head has {cells}")
    return rows[1:]


def _weighed(file: LexiconFile, rows: Sequence[tuple[int, Sequence[str]]]) -> LexiconData:
    """One frame of words and weights; what no token can be is left out, and named in a warning."""
    category = Category(file.path.stem, 1)
    signs = []
    for line, row in rows:
        if len(row) < 2:
            file.refuse(line, "a row needs a word and its weight")
        if _SIGNS.search(row[0]):
            signs.append(row[0])
            continue
        category.patterns.append((row[0], line))
        category.values.append(row[1])
    if signs:
        _log.warning(
            "%s: left out %d entries with signs that are no part of a word, such as %s.",
            file.path.name, len(signs), ", ".join(signs[:5]),
        )  # fmt: skip
    return file.data([category])
