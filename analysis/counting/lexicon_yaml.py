"""Our own lexicon format: YAML, frame -> patterns, with a head under the key ``_about``.

quanteda's ``dictionary(file = )`` reads the same file; to it the head is one more key,
``_about``, which ``dict[names(dict) != "_about"]`` takes off. Every scalar is text: ``no``,
``off``, ``null`` and ``12:30`` stay words.
"""

from pathlib import Path
from typing import NoReturn

import yaml

from analysis.counting.lexicon import EXCLUSION, Lexicon, frame_name, pattern_fault
from analysis.errors import LexiconError

HEAD = "_about"
_TEXTS = ("name", "version", "language")
_HEAD_KEYS = (*_TEXTS, "authors", "frames", "contrasts", "negators", "negation_window")
_FRAME_KEYS = ("definition", "rules")


def read_yaml(path: Path) -> Lexicon:
    """Read a YAML lexicon; every fault is named with its file and line."""
    return _Reader(path).read()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Lexicon:
        top = self.mapping(self._compose(), "the lexicon")
        about = self.mapping(top.pop(HEAD), HEAD) if HEAD in top else {}
        frames: dict[str, tuple[str, ...]] = {}
        lines: dict[str, int] = {}
        for key, node in top.items():
            frame = frame_name(key)
            if frame in frames:
                self.refuse(node, f"frame {key!r} is named twice, first in line {lines[frame]}")
            frames[frame] = self.patterns(node, f"frame {key!r}")
            lines[frame] = _line(node)
        if not frames:
            raise LexiconError(f"{self.path}: the lexicon has no frames.")
        return self._lexicon(frames, about)

    def _compose(self) -> yaml.Node | None:
        try:
            text = self.path.read_text(encoding="utf-8-sig")
            for event in yaml.parse(text, yaml.BaseLoader):
                if getattr(event, "anchor", None):
                    self.refuse(event, "anchors and aliases are not allowed; write the list out")
            return yaml.compose(text, yaml.BaseLoader)
        except UnicodeDecodeError as error:
            raise LexiconError(
                f"{self.path}: not UTF-8 ({error.reason}); save it as UTF-8."
            ) from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = mark.line + 1 if mark else 1
            raise LexiconError(f"{self.path}, line {line}: not YAML: {error.problem}.") from None
        except yaml.YAMLError as error:
            raise LexiconError(f"{self.path}: not YAML: {error}.") from None

    def _lexicon(self, frames: dict[str, tuple[str, ...]], about: dict[str, yaml.Node]) -> Lexicon:
        self.known(about, _HEAD_KEYS)
        texts = {key: self.text(about[key], key) for key in _TEXTS if key in about}
        prose: dict[str, dict[str, str]] = {key: {} for key in _FRAME_KEYS}
        for key, node in self.mapping(about.get("frames"), "frames").items():
            entries = self.mapping(node, key)
            self.known(entries, _FRAME_KEYS)
            for kind, text in entries.items():
                prose[kind][self.frame(node, key, frames)] = self.text(text, kind)
        contrasts = []
        for node in self.sequence(about.get("contrasts"), "contrasts"):
            pair = [part.strip() for part in self.text(node, "a contrast").split(" vs ")]
            if len(pair) != 2:
                self.refuse(node, "a contrast is two frames: 'one vs other'")
            contrasts.append((self.frame(node, pair[0], frames), self.frame(node, pair[1], frames)))
        negators = about.get("negators")
        window = self.text(about["negation_window"], "") if "negation_window" in about else "4"
        if not window.isdecimal():
            self.refuse(about["negation_window"], f"negation_window is {window!r}, not a number")
        return Lexicon(
            name=texts.pop("name", self.path.stem),
            frames=frames,
            **texts,
            authors=tuple(
                self.text(n, "authors") for n in self.sequence(about.get("authors"), "authors")
            ),
            definitions=prose["definition"],
            rules=prose["rules"],
            contrasts=tuple(contrasts),
            negators=self.patterns(negators, "negators") if negators is not None else (),
            negation_window=int(window),
        )

    def refuse(self, node: yaml.Node | yaml.Event, fault: str) -> NoReturn:
        raise LexiconError(f"{self.path}, line {_line(node)}: {fault}.")

    def known(self, entries: dict[str, yaml.Node], allowed: tuple[str, ...]) -> None:
        for key, node in entries.items():
            if key not in allowed:
                self.refuse(node, f"the key {key!r} is unknown; known are {', '.join(allowed)}")

    def frame(self, node: yaml.Node, name: str, frames: dict[str, tuple[str, ...]]) -> str:
        if frame_name(name) not in frames:
            self.refuse(node, f"there is no frame {name!r}; the frames are {', '.join(frames)}")
        return frame_name(name)

    def mapping(self, node: yaml.Node | None, what: str) -> dict[str, yaml.Node]:
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.refuse(node, f"{what} must be a mapping, key: value")
        entries: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.text(key, "a key")
            if name in entries:
                first = _line(entries[name])
                self.refuse(key, f"the key {name!r} is used twice, first in line {first}")
            entries[name] = value
        return entries

    def sequence(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.refuse(node, f"{what} must be a list, [one, two]")
        return list(node.value)

    def text(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.refuse(node, f"{what} must be a word or a text")
        return " ".join(str(node.value).split())

    def patterns(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        found: list[str] = []
        for part in self.sequence(node, what):
            pattern = self.text(part, f"{what}: a pattern")
            if fault := pattern_fault(pattern):
                self.refuse(part, f"{what}: pattern {pattern!r} {fault}")
            found.append(pattern)
        if all(pattern.startswith(EXCLUSION) for pattern in found):
            self.refuse(node, f"{what} is empty; list at least one pattern")
        return tuple(dict.fromkeys(found))


def _line(node: yaml.Node | yaml.Event) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1
