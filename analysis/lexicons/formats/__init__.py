"""Lexicon files: one reader per format, each giving a tree of categories with their lines."""

from pathlib import Path

from analysis.errors import LexiconError
from analysis.lexicons.formats import framing_yaml, lexicoder, liwc, table, wordstat, yoshikoder
from analysis.lexicons.formats.lexicon_file import LexiconData, LexiconFile

_READERS = {
    ".yml": framing_yaml.read,
    ".yaml": framing_yaml.read,
    ".dic": liwc.read,
    ".lc3": lexicoder.read,
    ".lcd": yoshikoder.read,
    ".ykd": yoshikoder.read,
    ".cat": wordstat.read,
    ".csv": table.read,
    ".tsv": table.read,
    ".txt": table.read,
}


def read_lexicon_file(path: Path, encoding: str | None = None) -> LexiconData:
    """Read a lexicon file by the ending of its name; XML is known by its content too."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise LexiconError(
            f"{path}: lexicons of this kind are not read; known endings are {', '.join(_READERS)}."
        )
    file = LexiconFile.open(path, encoding)
    if file.text.lstrip().startswith(("<?xml", "<dictionary")):
        reader = yoshikoder.read
    try:
        return reader(file)
    except RecursionError:
        raise LexiconError(f"{path}: its categories are nested too deeply.") from None
