"""Lexicoder 3 dictionaries (.lc3): a line ``+CATEGORY``, then one pattern a line."""

from analysis.lexicons.formats.lexicon_file import Category, LexiconData, LexiconFile


def read(file: LexiconFile) -> LexiconData:
    """Read a Lexicoder 3 dictionary."""
    categories: list[Category] = []
    for number, line in file.lines():
        text = line.strip()
        if text.startswith("+"):
            if not text[1:].strip():
                file.refuse(number, "a category has no name")
            categories.append(Category(text[1:].strip(), number))
        elif categories:
            categories[-1].patterns.append((text, number))
        else:
            file.refuse(number, f"{text!r} comes before the first category, such as '+NAME'")
    return file.data(categories)
