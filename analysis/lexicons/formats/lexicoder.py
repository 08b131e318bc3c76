"""Lexicoder 3 dictionaries (.lc3): a line ``+CATEGORY``, then one pattern a line."""

import re

from analysis.lexicons.formats.lexicon_file import Category, LexiconData, LexiconFile

_WEIGHT = re.compile(r"\t\s*[-+]?\d+(\.\d+)?$|\s[-+]?\d*\.\d+$")


def read(file: LexiconFile) -> LexiconData:
    """Read a Lexicoder 3 dictionary."""
    categories: list[Category] = []
    for number, line in file.lines():
        text = line.strip()
        if text.startswith("+"):
            if not text[1:].strip():
                file.refuse(number, "a category has no name")
            categories.append(Category(text[1:].strip(), number))
        elif _WEIGHT.search(text):
            file.refuse(
                number,
                f"{text!r} has a weight, which is not read; take it out, or write a table with the "
                "column weight",
            )
        elif categories:
            categories[-1].patterns.append((text, number))
        else:
            file.refuse(number, f"{text!r} comes before the first category, such as '+NAME'")
    return file.data(categories)
