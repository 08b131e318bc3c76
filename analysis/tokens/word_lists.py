"""Word lists that fit the tokenizer: text files of words; lines that begin with # are comments."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from analysis.tokens.languages import more_stop_words

_FOLDER = Path(__file__).parent


@cache
def read_words(path: Path) -> tuple[str, ...]:
    """The words of a file, each once, in the order of the file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    words = (word for line in lines if not line.startswith("#") for word in line.split())
    return tuple(dict.fromkeys(words))


def abbreviations() -> tuple[str, ...]:
    """Words in lower case after which a full stop does not end a sentence, such as "gen"."""
    return read_words(_FOLDER / "abbreviations.txt")


def sentence_starters() -> tuple[str, ...]:
    """Words that begin a sentence even where an abbreviation stands before them."""
    return read_words(_FOLDER / "sentence_starters.txt")


class _StopWords(Mapping[str, tuple[str, ...]]):
    """The stop words of each language; a list is read when it is first needed.

    Beside the own lists, which it iterates over, it has those of stopwordsiso by code or name.
    """

    def __getitem__(self, language: str) -> tuple[str, ...]:
        if language not in list(self):
            return more_stop_words(language)
        return read_words(_FOLDER / "stop_words" / f"{language}.txt")

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.stem for path in (_FOLDER / "stop_words").glob("*.txt")))

    def __len__(self) -> int:
        return len(list(iter(self)))


# Forms of address: an outlet's house style, not what it writes about.
TITLES = (
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "lt", "col", "capt", "sgt", "maj",
    "adm", "rev", "hon",
)  # fmt: skip
STOP_WORDS: Mapping[str, tuple[str, ...]] = _StopWords()
