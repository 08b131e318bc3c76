"""Our own lexicon format (docs/lexicons.md): YAML, frame -> patterns, a head under ``_about``."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import yaml

from analysis.files import replace_file
from analysis.lexicons.formats.lexicon_file import Category, LexiconData, LexiconFile
from analysis.lexicons.languages import languages_in
from analysis.lexicons.patterns import clean_pattern, frame_name
from analysis.tokens.languages import language_name, names

HEAD = "_about"
_TEXTS = ("name", "version", "language", "domain", "coding")
_HEAD_KEYS = (*_TEXTS, "authors", "frames", "contrasts", "negators", "negation_window")
_FRAME_KEYS = ("definition", "rules")
# YAML 1.2, and R's reader, take a ? in a list for a part of its word; PyYAML takes it for a key.
_QUESTION_MARK = "\U0001b171"
_DEEPEST = 100  # libyaml composes by recursion and would overflow the stack

Entries = dict[str, yaml.Node]
Frames = dict[str, tuple[str, ...]]


def read(file: LexiconFile) -> LexiconData:
    """Read a YAML lexicon."""
    return _Reader(file).read()


class _Reader:
    def __init__(self, file: LexiconFile) -> None:
        self.file = file

    def read(self) -> LexiconData:
        top = self.mapping(self.compose(), "the lexicon")
        about = self.mapping(top.pop(HEAD, None), HEAD)
        self.known(about, _HEAD_KEYS)
        codes = languages_in({name: self.shape(node) for name, node in top.items()})
        if not codes:
            return self.data(top, about)
        parts = {code: self.data(top, about, code) for code in codes}
        joint: LexiconData = {"language": "", "parts": parts}
        for key, mark, given in (("version", " ", str), ("coding", ": ", language_name)):
            told = {code: of[key] for code, of in parts.items() if of.get(key)}
            texts = [f"{given(code)}{mark}{text}" for code, text in told.items()]
            joint[key] = ("; " if key == "coding" else ", ").join(texts)
            if isinstance(about.get(key), yaml.ScalarNode):
                joint[key] = next(iter(told.values()))
        if not isinstance(about.get("name"), yaml.ScalarNode):
            joint["name"] = self.file.path.stem
        return parts[codes[0]] | joint

    def data(self, top: Entries, about: Entries, code: str = "") -> LexiconData:
        """What the file says, of one of its languages where it has several."""
        found = self.file.frames([self.category(name, node, code) for name, node in top.items()])
        frames = found["frames"]
        said = {key: self.said(about[key], code) for key in _TEXTS if key in about}
        texts = {key: self.text(node, key) for key, node in said.items() if node is not None}
        texts |= {"language": names()[code]} if code else {}
        authors = self.sequence(about.get("authors"), "authors")
        data: LexiconData = {
            "name": self.file.path.stem,
            **texts,
            **found,
            "authors": tuple(self.text(author, "an author") for author in authors),
            "definitions": self.prose(about, "definition", frames),
            "rules": self.prose(about, "rules", frames),
            "contrasts": self.contrasts(about, frames),
            "negators": self.negators(about, code),
        }
        if "negation_window" in about:
            data["negation_window"] = self.window(about["negation_window"])
        return data

    def compose(self) -> yaml.Node | None:
        """Parse the file, by libyaml where it is there: it is ten times as fast."""
        text = self.file.text.replace("?", _QUESTION_MARK)
        if fast := getattr(yaml, "CBaseLoader", None):
            # What is not YAML is read again for the message, which has other words in libyaml.
            with suppress(yaml.YAMLError):
                return self.parsed(text, fast)
        try:
            return self.parsed(text, yaml.BaseLoader)
        except yaml.MarkedYAMLError as error:
            self.file.refuse(_line(error.problem_mark), f"not YAML: {error.problem}")
        except yaml.reader.ReaderError as error:
            line = self.file.text.count("\n", 0, error.position) + 1
            self.file.refuse(line, f"not YAML: {error.reason}")

    def parsed(self, text: str, loader: Any) -> yaml.Node | None:
        """The document; anchors are refused before they can be expanded."""
        depth = 0
        for event in yaml.parse(text, loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise RecursionError
            if getattr(event, "anchor", None):
                self.refuse(event, "anchors and aliases are not allowed; write the list out")
            if tag := getattr(event, "tag", None):
                self.refuse(event, f"the tag {tag} is not allowed; all is text")
        return yaml.compose(text, loader)

    def shape(self, node: yaml.Node) -> Any:
        """Mappings as such; of lists nothing, and of weights 0."""
        if not isinstance(node, yaml.MappingNode):
            return 0 if isinstance(node, yaml.ScalarNode) else []
        return {key.value: self.shape(held) for key, held in node.value}

    def said(self, node: yaml.Node, code: str) -> yaml.Node | None:
        """What a mapping of languages says of one, or the whole if it is none."""
        entries = self.mapping(node, code) if isinstance(node, yaml.MappingNode) else {}
        if not code or not entries or not all(key in names() for key in entries):
            return node
        return entries.get(code)

    def category(self, name: str, node: yaml.Node, code: str = "") -> Category:
        line = _line(node.start_mark)
        spoken = self.said(node, code)
        if spoken is None:
            self.refuse(
                node,
                f"frame {name!r} has no patterns in {code!r}, which other frames have: its hits "
                "would be 0 there; list some, or leave the language out",
            )
        node = spoken
        if isinstance(node, yaml.MappingNode):
            children = self.mapping(node, name).items()
            single = [isinstance(child, yaml.ScalarNode) for _, child in children]
            if any(single) and all(single):
                lines = [(pattern, _line(child.start_mark)) for pattern, child in children]
                values = [self.text(child, f"the weight of {p!r}") for p, child in children]
                return Category(name, line, lines, values=values)
            return Category(name, line, [], [self.category(*child, code) for child in children])
        what = f"frame {name!r}"
        patterns = [
            (self.text(part, f"{what}: a pattern"), _line(part.start_mark))
            for part in self.sequence(node, what)
        ]
        return Category(name, line, patterns)

    def prose(self, about: Entries, kind: str, frames: Frames) -> dict[str, str]:
        found = {}
        for name, node in self.mapping(about.get("frames"), "frames").items():
            entries = self.mapping(node, name)
            self.known(entries, _FRAME_KEYS)
            if kind in entries:
                found[self.frame(node, name, frames)] = self.text(entries[kind], kind)
        return found

    def contrasts(self, about: Entries, frames: Frames) -> tuple[tuple[str, str], ...]:
        pairs = []
        for node in self.sequence(about.get("contrasts"), "contrasts"):
            pair = [part.strip() for part in self.text(node, "a contrast").split(" vs ")]
            if len(pair) != 2:
                self.refuse(node, "a contrast is two frames: 'one vs other'")
            pairs.append((self.frame(node, pair[0], frames), self.frame(node, pair[1], frames)))
        return tuple(pairs)

    def negators(self, about: Entries, code: str) -> tuple[str, ...]:
        node = self.said(about["negators"], code) if "negators" in about else None
        if node is None:
            return ()
        category = self.category("negators", node)
        self.file.check(category.patterns, category.line, "negators")
        return tuple(dict.fromkeys(clean_pattern(pattern) for pattern, _ in category.patterns))

    def window(self, node: yaml.Node) -> int:
        window = self.text(node, "negation_window")
        if not window.isdecimal() or int(window) == 0:
            self.refuse(node, f"negation_window is {window!r}; it is a number above 0")
        return int(window)

    def frame(self, node: yaml.Node, name: str, frames: Frames) -> str:
        if frame_name(name) not in frames:
            self.refuse(node, f"there is no frame {name!r}; the frames are {', '.join(frames)}")
        return frame_name(name)

    def known(self, entries: Entries, allowed: tuple[str, ...]) -> None:
        for key, node in entries.items():
            if key not in allowed:
                self.refuse(node, f"the key {key!r} is unknown; known are {', '.join(allowed)}")

    def mapping(self, node: yaml.Node | None, what: str) -> Entries:
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.refuse(node, f"{what} must be a mapping, key: value")
        entries: Entries = {}
        for key, value in node.value:
            name = self.text(key, "a key")
            if name in entries:
                first = _line(entries[name].start_mark)
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
        return " ".join(str(node.value).replace(_QUESTION_MARK, "?").split())

    def refuse(self, node: yaml.Node | yaml.Event, fault: str) -> NoReturn:
        self.file.refuse(_line(node.start_mark), fault)


def _line(mark: Any) -> int:
    """The line of a mark, which yaml counts from 0; all that it parses, and all errors have one."""
    return int(mark.line) + 1


# Words that some YAML reader or other takes for a truth value, nothing, or a number.
_TAKEN = re.compile(r"y|n|yes|no|on|off|true|false|null|~|[-+.\d].*", re.IGNORECASE)


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _quoted(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "'" if _TAKEN.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _quoted)


def write(data: LexiconData, path: Path) -> None:
    """Write a lexicon so that `read`, and other readers of YAML, give the same words back."""
    held = content(data)
    text = yaml.dump(held, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=96)
    replace_file(path, text.encode())


def content(data: LexiconData) -> dict[str, Any]:
    """What the file of a lexicon holds: its head, and its frames."""
    about: dict[str, Any] = {key: data[key] for key in _TEXTS}
    about["authors"] = list(data["authors"])
    said = {"definition": data["definitions"], "rules": data["rules"]}
    about["frames"] = {
        frame: {key: texts[frame] for key, texts in said.items() if frame in texts}
        for frame in data["frames"]
        if any(frame in texts for texts in said.values())
    }
    parts: dict[str, Any] = data["parts"]
    if parts:
        about["language"] = ""
        about["coding"] = {code: part.coding for code, part in parts.items() if part.coding}
    about["contrasts"] = [" vs ".join(pair) for pair in data["contrasts"]]
    spoken = {code: list(part.negators) for code, part in parts.items() if part.negators}
    about["negators"] = spoken or list(data["negators"])
    about["negation_window"] = str(data["negation_window"])
    found: dict[str, Any] = {HEAD: {key: value for key, value in about.items() if value}}
    for frame, patterns in data["frames"].items():
        given = data["weights"].get(frame)
        weighed = {p: given.get(p, 0) for p in patterns} if given else None
        spoken_in = {code: list(part.frames[frame]) for code, part in parts.items()}
        found[frame] = weighed or spoken_in or list(patterns)
    return found
