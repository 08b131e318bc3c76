"""The lexicons that come with the package, and where a lexicon's path or name leads to."""

from pathlib import Path

from analysis.errors import LexiconError

SHIPPED = Path(__file__).parent


def shipped_lexicons() -> list[str]:
    """Names of the lexicons that come with the package."""
    return sorted(path.stem for path in SHIPPED.glob("*.yml"))


def find_lexicon(path: str | Path) -> Path:
    """The file of a lexicon, or of a shipped one by its name."""
    file = Path(path)
    if not file.exists() and (SHIPPED / f"{path}.yml").exists():
        file = SHIPPED / f"{path}.yml"
    if not file.is_file():
        raise LexiconError(
            f"there is no lexicon {str(path)!r}: neither a file, nor one of those shipped "
            f"({', '.join(shipped_lexicons())})."
        )
    return file
