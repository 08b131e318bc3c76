"""A lexicon file as text, and the tree of categories that a reader makes of it."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from analysis.errors import LexiconError
from analysis.lexicons.frames import weight_fault, weight_of
from analysis.lexicons.patterns import EXCLUSION, clean_pattern, frame_name, pattern_fault
from analysis.reading.encodings import with_newlines

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


# What a lexicon file says, checked: the fields of a Lexicon by their names; some may be missing.
LexiconData = dict[str, Any]


@dataclass
class Category:
    """A category of a lexicon file, with its patterns and those of its subcategories.

    `values` has a weight, as written, for each of its own patterns, or nothing.
    """

    name: str
    line: int
    patterns: list[tuple[str, int]] = field(default_factory=list)
    children: list["Category"] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def all_patterns(self) -> Iterator[tuple[str, int]]:
        """Its own patterns, then those of everything under it."""
        yield from self.patterns
        for child in self.children:
            yield from child.all_patterns()

    def all_values(self) -> Iterator[str]:
        """The weights of `all_patterns`."""
        yield from self.values
        for child in self.children:
            yield from child.all_values()


@dataclass(frozen=True)
class LexiconFile:
    """A lexicon file, decoded, with line feeds for every kind of line end."""

    path: Path
    text: str

    @classmethod
    def open(cls, path: Path, encoding: str | None = None) -> "LexiconFile":
        """Decode a file: by `encoding`, by its byte order mark, or as UTF-8; never by guessing."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise LexiconError(f"{path}: {error.strerror}.") from None
        marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
        try:
            text = data.decode(encoding or marked)
        except LookupError:
            raise LexiconError(f"encoding={encoding!r} is not one that Python knows.") from None
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise LexiconError(
                f"{path}, line {line}: not {encoding or marked} (byte 0x{data[error.start]:02x}). "
                "Save the file as UTF-8, or name its encoding: "
                "Lexicon.load(path, encoding='cp1252'), 'shift_jis', ..."
            ) from None
        return cls(path, with_newlines(text))

    def lines(self) -> Iterator[tuple[int, str]]:
        """Numbered lines, without the empty ones and without spaces at their ends."""
        for number, line in enumerate(self.text.split("\n"), start=1):
            if line.strip():
                yield number, line.rstrip()

    def refuse(self, line: int, fault: str) -> NoReturn:
        """Raise, naming file and line."""
        raise LexiconError(f"{self.path}, line {line}: {fault}.")

    def data(self, categories: list[Category], name: str | None = None) -> LexiconData:
        """What a file without a head says, named after the file."""
        return {"name": name or self.path.stem, **self.frames(categories)}

    def frames(self, categories: list[Category]) -> LexiconData:
        """Flatten categories to frames ``parent/child``; a parent counts all that is under it.

        With the weights of those that have some.
        """
        frames: dict[str, tuple[str, ...]] = {}
        weights: dict[str, dict[str, float]] = {}
        lines: dict[str, int] = {}

        def add(category: Category, above: str) -> None:
            frame = above + frame_name(category.name)
            if frame in frames:
                self.refuse(
                    category.line, f"frame {frame!r} is named twice, first in line {lines[frame]}"
                )
            patterns = list(category.all_patterns())
            self.check(patterns, category.line, f"frame {category.name!r}")
            frames[frame] = tuple(dict.fromkeys(clean_pattern(pattern) for pattern, _ in patterns))
            lines[frame] = category.line
            if values := list(category.all_values()):
                weights[frame] = self.weights(patterns, values, category)
            for child in category.children:
                add(child, f"{frame}/")

        for category in categories:
            add(category, "")
        if not frames:
            raise LexiconError(f"{self.path}: the lexicon has no frames.")
        return {"frames": frames, "weights": weights} if weights else {"frames": frames}

    def weights(
        self, patterns: list[tuple[str, int]], values: list[str], category: Category
    ) -> dict[str, float]:
        """The weight of each pattern, as a number."""
        if len(values) < len(patterns):
            fault = "some of its patterns have weights; give all of them one"
            self.refuse(category.line, f"frame {category.name!r}: {fault}")
        found: dict[str, float] = {}
        for (pattern, line), value in zip(patterns, values, strict=True):
            if fault := weight_fault(pattern, value, found):
                self.refuse(line, f"frame {category.name!r}: pattern {pattern!r} {fault}")
            if not pattern.startswith(EXCLUSION):
                found[clean_pattern(pattern)] = float(weight_of(value) or 0.0)
        return found

    def check(self, patterns: list[tuple[str, int]], line: int, what: str) -> None:
        """Refuse an empty list and what is no pattern."""
        for pattern, at in patterns:
            if fault := pattern_fault(pattern):
                self.refuse(at, f"{what}: pattern {pattern!r} {fault}")
        if all(pattern.startswith(EXCLUSION) for pattern, _ in patterns):
            self.refuse(line, f"{what} is empty; list at least one pattern")
