"""Lexicoder 3 dictionaries (.lc3): a line ``+CATEGORY``, then one pattern a line."""

from analysis.lexicons.formats.source import Category, Source
from analysis.lexicons.lexicon import Lexicon


def read(source: Source) -> Lexicon:
    """Read a Lexicoder 3 dictionary."""
    categories: list[Category] = []
    for number, line in source.lines():
        text = line.strip()
        if text.startswith("+"):
            if not text[1:].strip():
                source.refuse(number, "a category has no name")
            categories.append(Category(text[1:].strip(), number))
        elif categories:
            categories[-1].patterns.append((text, number))
        else:
            source.refuse(number, f"{text!r} stands before the first category, such as '+NAME'")
    return source.lexicon(categories)
