"""WordStat dictionaries (.cat): categories, and under them, one tab deeper, ``WORD (1)``.

``_`` stands for a space in phrases. WordStat writes words in capitals, which say nothing.
"""

import re

from analysis.lexicons.formats.lexicon_file import Category, LexiconData, LexiconFile

_WORD = re.compile(r"(?P<word>.*\S)\s*\((?P<weight>-?\d+(\.\d+)?)\)")


def read(file: LexiconFile) -> LexiconData:
    """Read a WordStat dictionary."""
    top: list[Category] = []
    open_: list[Category] = []
    for number, line in file.lines():
        text = line.strip()
        depth = len(line) - len(line.lstrip("\t"))
        if depth > len(open_):
            file.refuse(number, f"{text!r} is indented by {depth} tabs, under no category")
        del open_[depth:]
        found = _WORD.fullmatch(text)
        if text.startswith("@"):
            file.refuse(number, f"{text!r} is a proximity rule, which is not read; take it out")
        if not found:
            category = Category(text, number)
            (open_[-1].children if open_ else top).append(category)
            open_.append(category)
        elif not open_:
            file.refuse(number, f"{text!r} is not under a category")
        elif float(found["weight"]) != 1:
            file.refuse(number, f"{text!r} has a weight; only (1) is read, as words are counted")
        else:
            open_[-1].patterns.append((found["word"].replace("_", " ").casefold(), number))
    return file.data(top)
