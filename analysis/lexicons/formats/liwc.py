"""LIWC dictionaries (.dic): numbered categories between two ``%``, then words with their numbers.

Categories may be indented under others. A word may have several numbers, be several words, and
appear on several lines.
"""

import re

from analysis.lexicons.formats.lexicon_file import Category, LexiconData, LexiconFile

_CATEGORY = re.compile(r"(?P<code>\d+)\s+(?P<name>\S.*)")
# A word is parted from its numbers by tabs; or else by two spaces; or else by what comes first.
_ENTRIES = [
    re.compile(r"(?P<word>[^\t]*\S)\s*\t(?P<codes>.*)"),
    re.compile(r"(?P<word>.*?\S)\s{2,}(?P<codes>[\d\s]+)"),
    re.compile(r"(?P<word>.*?\S)(?P<codes>(\s+\d+)+)"),
]


def read(file: LexiconFile) -> LexiconData:
    """Read a LIWC dictionary."""
    lines = list(file.lines())
    marks = [index for index, (_, line) in enumerate(lines) if line.strip() == "%"]
    if len(marks) < 2 or marks[0] != 0:
        file.refuse(1, "a LIWC dictionary begins with its categories, between two lines of '%'")
    top, codes = _categories(file, lines[1 : marks[1]])
    for number, line in lines[marks[1] + 1 :]:
        word, numbers = _entry(file, number, line.strip())
        for code in numbers:
            if code not in codes:
                file.refuse(
                    number,
                    f"{word!r} is in category {code}, which the head does not name; "
                    f"it names {', '.join(codes) or 'none'}",
                )
            codes[code].patterns.append((word, number))
    return file.data(top)


def _categories(
    file: LexiconFile, lines: list[tuple[int, str]]
) -> tuple[list[Category], dict[str, Category]]:
    """Return top categories, and all by their number; a deeper indent makes a subcategory."""
    top: list[Category] = []
    codes: dict[str, Category] = {}
    open_: list[tuple[int, Category]] = []
    for number, line in lines:
        indent = len(line) - len(line.lstrip())
        found = _CATEGORY.fullmatch(line.strip())
        if not found:
            file.refuse(number, f"category {line.strip()!r} has no number")
        category = Category(found["name"], number)
        if found["code"] in codes:
            file.refuse(number, f"category number {found['code']} is used twice")
        codes[found["code"]] = category
        while open_ and open_[-1][0] >= indent:
            open_.pop()
        (open_[-1][1].children if open_ else top).append(category)
        open_.append((indent, category))
    return top, codes


def _entry(file: LexiconFile, number: int, line: str) -> tuple[str, list[str]]:
    found = next(filter(None, (form.fullmatch(line) for form in _ENTRIES)), None)
    if found is None:
        file.refuse(number, f"{line!r} has no category number")
    word, codes = found["word"], found["codes"].split()
    for code in codes:
        if not code.isdecimal():
            file.refuse(
                number,
                f"{word!r} has {code!r} for a category number. Conditions on neighbouring words "
                "are not read; write the phrase as an entry of its own",
            )
    return word, codes
