"""A study file: its settings, where what it names is, and what only its corpus can tell of it."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from analysis.errors import LexiconError, StudyError
from analysis.files import is_url
from analysis.study.settings import Settings
from analysis.study.settings_file import read_settings, read_study

if TYPE_CHECKING:
    from analysis.counting.targets import Targets
    from analysis.lexicons.lexicon import Lexicon

# The folder of each stage that is done.
Done = Mapping[str, Path]


@dataclass(frozen=True)
class StudyFile:
    """The settings of a study, and the files that it names and writes."""

    path: Path
    settings: Settings
    sha256: str = ""

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read and check a study file, such as ``framing new`` writes.

        StudyError if a key or value is not one of those allowed, or a file that it names is
        missing.
        """
        path, content = Path(path), read_study(Path(path))
        digest = hashlib.sha256(content).hexdigest()
        study = cls(path, read_settings(path, content), digest)
        corpus, aliases = study.settings.corpus, study.settings.outlets.aliases
        study.check_file("corpus.path", None if is_url(corpus.path) else corpus.path)
        study.check_file("corpus.manifest", corpus.manifest)
        study.check_file("outlets.aliases", aliases)
        for sheet in study.settings.coding:
            study.check_file("coding", sheet)
        study.check_output()
        return study

    def check_file(self, key: str, name: object) -> None:
        """Refuse a file that the study names, and that is not there."""
        if isinstance(name, str) and not (self.path.parent / name).exists():
            raise StudyError(
                f"{self.path.name}: {key} = {name!r}: there is no such file or folder. Paths are "
                "taken from the folder of the study file."
            )

    def check_output(self) -> None:
        """Refuse to write among files that are no results: README.txt may be there already."""
        folder, home = self.folder.resolve(), self.path.parent.resolve()
        taken = {home, *home.parents}
        where = f"{self.path.name}: output = {self.settings.output!r}"
        for path in (folder, *folder.parents):
            if path.exists() and not path.is_dir():
                raise StudyError(f"{where}: {path.name} is a file; the results need a folder.")
        if isinstance(self.corpus, Path):
            taken |= {self.corpus.resolve(), *self.corpus.resolve().parents}
        if folder in taken:
            raise StudyError(
                f"{where}: the results need a folder of their own, not that of the study or the "
                "corpus, or one above it; such as 'results'."
            )

    @property
    def corpus(self) -> Path | str:
        """The file, folder or address of the corpus."""
        name = self.settings.corpus.path
        return name if is_url(name) else self.path.parent / name

    @cached_property
    def lexicon(self) -> "Lexicon":
        """The study's lexicon, a file beside the study or one that is shipped, read once a run."""
        return self._lexicon(self.settings.lexicon.use)

    def _lexicon(self, name: str) -> "Lexicon":
        from analysis.lexicons.lexicon import Lexicon

        file = self.path.parent / name
        return Lexicon.load(file if file.is_file() else name)

    @cached_property
    def targets(self) -> "Targets | None":
        """Whom the study's frames are about, if it names targets."""
        from analysis.counting.targets import Targets

        choice, where = self.settings.targets, f"{self.path.name}: targets"
        if (choice.use is None) == (not choice.names):
            if choice.use is None and not choice.only:
                return None
            raise StudyError(
                f"{where}: give either use, a lexicon of targets, or names, "
                'such as names = { Russia = ["russia*", "kremlin"] }; only chooses among them.'
            )
        given = {name: list(patterns) for name, patterns in choice.names.items()}
        if choice.use is not None:
            known = self._lexicon(choice.use)
            try:
                known = known.subset(choice.only or known.frames)
            except LexiconError as error:
                raise StudyError(f"{where}.only: {error}") from None
            return Targets.of(known, choice.window, choice.shared)
        if unknown := [name for name in choice.only if name not in given]:
            raise StudyError(
                f"{where}.only names {unknown[0]!r}; the names are {', '.join(given)}."
            )
        chosen = {name: given[name] for name in choice.only or given}
        return Targets.of(chosen, choice.window, choice.shared)

    @property
    def sheets(self) -> list[Path]:
        """The coded sheets."""
        return [self.path.parent / name for name in self.settings.coding]

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return self.path.parent / self.settings.output

    @property
    def not_corpus(self) -> list[Path]:
        """What is no article though it may lie in the corpus folder: results, and study files."""
        s = self.settings
        names = (s.lexicon.use, s.targets.use, s.outlets.aliases, *s.coding)
        beside = [self.path.parent / name for name in names if isinstance(name, str)]
        return [self.folder, self.path, *(path for path in beside if path.is_file())]


# Columns that are one's own for each article, or change within it.
OF_ARTICLES = {
    "doc_id", "title", "text", "date", "date_end", "period", "n_tokens", "reprint_of", "cluster",
    "event", "start", "end", "mention", "scare", "unbalanced", "source_as_named", "cue",
}  # fmt: skip
# Names that columns of the results have.
OF_RESULTS = {
    "group", "articles", "articles_hit", "tokens", "tokens_sq", "share", "log_odds", "slope",
    "turn", "change", "note", "term", "n", "n_docs", "tf", "idf", "tfidf", "rank", "t", "p", "q",
    "frame", "pattern", "match", "negated", "left", "keyword", "right", "sentence", "link", "all",
}  # fmt: skip


def check_groups(study: StudyFile, have: Collection[str]) -> None:
    """Check that the columns under groups make groups of articles that have such columns.

    StudyError, if one is not there, is named twice, or can't be, lists those that can.
    """
    never = OF_ARTICLES | OF_RESULTS
    if study.settings.prepare.voices:
        never |= {"voice", "source"}
    names = study.settings.groups
    allowed = [name for name in have if name not in never]
    for name in names:
        where = f"{study.path.name}: groups names the column {name!r}"
        fit = f"Those that make groups are {', '.join(allowed)}."
        if name not in have and name not in ("period", "voice", "source"):
            raise StudyError(f"{where}; the articles have none of that name. {fit}")
        if name not in allowed:
            raise StudyError(f"{where}, {_why_not(name)}. {fit}")
    if len(set(names)) < len(names):
        raise StudyError(f"{study.path.name}: groups = {list(names)} names a column twice.")


def _why_not(name: str) -> str:
    if name == "period":
        return "but every group is compared by period anyway"
    if name in ("voice", "source"):
        return f"but the stance of each {name} is given anyway, with prepare.voices = true"
    if name in OF_ARTICLES:
        return "which is no group's but each article's own"
    return "which the tables of results need for themselves: rename it in the corpus"
