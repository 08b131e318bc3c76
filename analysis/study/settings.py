"""The study file: its keys and tables, each with its default."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import StudyError
from analysis.periods import FREQUENCIES
from analysis.study.values import (
    Place,
    columns,
    count,
    day,
    flag,
    key_lines,
    one_of,
    option,
    pairs,
    section,
    spans,
    table_of,
    text,
    text_or_table,
    texts,
    texts_or_none,
)


@dataclass(frozen=True)
class Corpus:
    """Where the articles are, and which of them belong to the study."""

    path: str = option(text)
    columns: Mapping[str, str] = option(columns, {})
    manifest: str | None = option(text, None)
    outlet: str | None = option(text, None)
    day_first: bool | None = option(flag, None)
    strip_markup: bool = option(flag, True)
    where: Mapping[str, tuple[str, ...]] = option(table_of(texts), {})


@dataclass(frozen=True)
class Outlets:
    """Names that belong together, and the outlets to keep."""

    aliases: str | Mapping[str, str] = option(text_or_table, {})
    keep: tuple[str, ...] = option(texts, ())


@dataclass(frozen=True)
class Periods:
    """Calendar spans, or spans with names of their own."""

    every: str = option(one_of(*FREQUENCIES), "quarter")
    spans: Mapping[str, tuple[str, str]] = option(spans, {})


@dataclass(frozen=True)
class Prepare:
    """What is done to the articles before they are counted."""

    clean: bool = option(flag, True)
    titles: bool = option(flag, False)
    reprints: str = option(one_of("keep", "once", "drop"), "once")
    voices: bool = option(flag, True)


@dataclass(frozen=True)
class LexiconChoice:
    """The word list, its contrasts, and what becomes of negated hits."""

    use: str = option(text)
    contrasts: tuple[tuple[str, str], ...] = option(pairs, ())
    negated: str = option(one_of("apart", "flip", "keep"), "apart")


@dataclass(frozen=True)
class ReportChoice:
    """How much the report shows."""

    outlets: int = option(count(1), 12)
    sentences: int = option(count(1), 6)
    terms: int = option(count(1), 15)
    leave_out: tuple[str, ...] = option(texts, ())
    thin: int = option(count(2), 10)


@dataclass(frozen=True)
class Settings:
    """A study file, checked: its top-level keys and its tables."""

    corpus: Corpus = option(section(Corpus))
    lexicon: LexiconChoice = option(section(LexiconChoice))
    title: str = option(text, "A study of media framing")
    output: str = option(text, "results")
    spreadsheet_safe: bool = option(flag, False)
    seed: int = option(count(0), 1)
    groups: tuple[str, ...] = option(texts_or_none, ("outlet",))
    outlets: Outlets = option(section(Outlets), Outlets())
    periods: Periods = option(section(Periods), Periods())
    prepare: Prepare = option(section(Prepare), Prepare())
    sources: Mapping[str, tuple[str, ...]] = option(table_of(texts), {})
    events: Mapping[str, str] = option(table_of(day), {})
    report: ReportChoice = option(section(ReportChoice), ReportChoice())


def read_settings(path: Path) -> Settings:
    """Read a study file.

    Raises
    ------
    StudyError
        If there is no such file, it is no TOML, or a key or value in it is not one of those
        allowed. The message names the line, and the nearest right spelling.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise StudyError(
            f"{path}: there is no such file. Make one with: framing new {path}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise StudyError(f"{path} can't be read as a study file ({why}).") from None
    try:
        given = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{path} is no TOML: {error}.") from None
    return section(Settings)(given, Place(path.name, key_lines(content)))
