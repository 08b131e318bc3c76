"""The lexicons that come with the package, and where a lexicon's path or name leads to."""

from pathlib import Path

from analysis.errors import LexiconError

SHIPPED = Path(__file__).parent
# Names for parts of a file in several languages: the file, and which language, if not all.
_PARTS = {
    "deterrence-dialogue": ("deterrence-dialogue", "en"),
    "deterrence-dialogue-ru": ("deterrence-dialogue", "ru"),
    "deterrence-dialogue-multilingual": ("deterrence-dialogue", ""),
}


def shipped_lexicons() -> list[str]:
    """Names of the lexicons that come with the package."""
    return sorted({*_PARTS, *(path.stem for path in SHIPPED.glob("*.yml"))})


def find_lexicon(path: str | Path) -> Path:
    """The file of a lexicon, or of a shipped one by its name."""
    file = Path(path)
    stem, _ = _PARTS.get(str(path), (path, ""))
    if not file.exists() and (SHIPPED / f"{stem}.yml").exists():
        file = SHIPPED / f"{stem}.yml"
    if not file.is_file():
        raise LexiconError(
            f"there is no lexicon {str(path)!r}: neither a file, nor one of those shipped "
            f"({', '.join(shipped_lexicons())})."
        )
    return file


def shipped_part(path: str | Path) -> str | None:
    """Which language of its file a shipped name stands for, "" for all; None for a file."""
    return None if Path(path).exists() else _PARTS.get(str(path), (path, None))[1]
