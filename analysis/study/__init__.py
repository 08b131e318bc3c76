"""A whole study from one file: every stage from raw articles to tables, figures and a report.

======== ======================================================================
settings what a study file may hold, and its defaults
values   readers for its values, whose errors name the line
stages   what was done once under the same hash is not done again
pipeline the stages in order; steps, measures: what each of them does
workers  where they do it: in this process, or on a cluster in parts
material, drawings, words: what is shown; contents: in which order
output   tables, figures, report and provenance
======== ======================================================================
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import StudyError
from analysis.files import file_hash
from analysis.study.settings import Settings, read_settings
from analysis.study.stages import (
    corpus_files,
    fingerprint,
    made_with,
    read_provenance,
)

if TYPE_CHECKING:
    import pandas as pd
    from distributed import Client


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True)
class Results:
    """What a run has written.

    Attributes
    ----------
    folder : Path
    provenance : dict
        Hashes of corpus, lexicon and study, versions, the row accounting, and every file written.
    """

    folder: Path
    provenance: dict[str, Any]

    @property
    def report(self) -> Path:
        """The report, one file to be opened in a browser."""
        return self.folder / "report.html"

    @cached_property
    def tables(self) -> "dict[str, pd.DataFrame]":
        """Every table of this run by its name."""
        import pandas as pd

        names = [name for name in self.provenance["files"] if name.endswith(".parquet")]
        return {Path(name).stem: pd.read_parquet(self.folder / name) for name in sorted(names)}

    def __repr__(self) -> str:
        rows = self.provenance["rows"]
        return (
            f"Results in {self.folder.name}: {rows['analysed']:,} of {rows['read']:,} rows "
            f"analysed, {len(self.provenance['files'])} files; open {self.report.name}"
        )


@dataclass(frozen=True)
class Study:
    r"""A study file, and the stages that it asks for.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> articles = "outlet,date,text\nGazette,2021-03-14,Talks and threats.\n"
    >>> _ = (folder / "articles.csv").write_text(articles)
    >>> toml = '[corpus]\npath = "articles.csv"\n[lexicon]\nuse = "deterrence-dialogue"\n'
    >>> _ = (folder / "study.toml").write_text(toml)
    >>> study = Study.load(folder / "study.toml")
    >>> study.settings.groups, study.settings.periods.every
    (('outlet',), 'quarter')

    ``study.run().tables["stance_by_outlet"]`` does all its stages and gives a table of its results.
    """

    path: Path
    settings: Settings

    @classmethod
    def load(cls, path: str | Path) -> "Study":
        """Read and check a study file.

        Parameters
        ----------
        path : path
            A TOML file; ``framing new`` writes a commented one.

        Returns
        -------
        Study

        Raises
        ------
        StudyError
            If a key or value is not one of those allowed, or a file that it names is missing.
        """
        study = cls(Path(path), read_settings(Path(path)))
        study.file("corpus.path", study.settings.corpus.path)
        for key, name in (
            ("corpus.manifest", study.settings.corpus.manifest),
            ("outlets.aliases", study.settings.outlets.aliases),
        ):
            if isinstance(name, str):
                study.file(key, name)
        study.check_output()
        return study

    def file(self, key: str, name: str) -> Path:
        """The path of a file that the study names, from the study file's own folder."""
        path = self.path.parent / name
        if not path.exists():
            raise StudyError(
                f"{self.path.name}: {key} = {name!r}: there is no such file or folder. Paths are "
                "taken from the folder of the study file."
            )
        return path

    def check_output(self) -> None:
        """Refuse to write among files that are no results: README.txt may be there already."""
        folder, home = self.folder.resolve(), self.path.parent.resolve()
        corpus = (self.path.parent / self.settings.corpus.path).resolve()
        if folder in (home, *home.parents, corpus, *corpus.parents):
            raise StudyError(
                f"{self.path.name}: output = {self.settings.output!r}: the results need a folder "
                "of their own, not that of the study or the corpus, or one above it; such as "
                "'results'."
            )

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return self.path.parent / self.settings.output

    @property
    def not_corpus(self) -> list[Path]:
        """What is no article though it may lie in the corpus folder: results, and study files."""
        names = (self.settings.lexicon.use, self.settings.outlets.aliases)
        beside = [self.path.parent / name for name in names if isinstance(name, str)]
        return [self.folder, self.path, *(path for path in beside if path.is_file())]

    def run(
        self,
        say: Callable[[str], None] = _silent,
        *,
        cluster: "Client | str | None" = None,
        plain_tcp: bool = False,
    ) -> Results:
        """Do every stage that has not been done, and write what is to be shown.

        Parameters
        ----------
        say : function of str
            Called with a line for each stage that has work to do.
        cluster : distributed.Client, or a scheduler's address, or "local", optional
            Clean, tell voices apart, count and find sentences on the workers of a Dask cluster,
            in parts that are kept when a run is stopped; what needs the whole corpus is done
            here. "local" starts one process a core. The results are the same to the last byte.
        plain_tcp : bool
            Allow a scheduler on another machine without TLS.

        Returns
        -------
        Results
            The folder of the results, their tables and where they came from.

        Raises
        ------
        AnalysisError
            If the corpus, the lexicon or a choice does not fit, or the cluster fails.
        """
        keys = self.keys()
        before = self._unchanged(keys["show"])
        if before is not None:
            return Results(self.folder, before)
        from analysis.study import output, pipeline
        from analysis.study.workers import workers

        with workers(cluster, plain_tcp) as each:
            done = pipeline.do(self, say, each=each)
        say("show")
        return Results(self.folder, output.write(self, done, keys["show"]))

    def keys(self) -> dict[str, str]:
        """A hash for each stage over all that its result depends on: files, settings, code."""
        s = self.settings
        sources = [self.path.parent / s.corpus.path]
        sources += [
            self.path.parent / name
            for name in (s.corpus.manifest, s.outlets.aliases)
            if isinstance(name, str)
        ]
        files = [(path.name, file_hash(path)) for path in corpus_files(sources, self.not_corpus)]
        lexicon = self.path.parent / s.lexicon.use
        words = file_hash(lexicon) if lexicon.is_file() else s.lexicon.use
        parts = {
            "read": (files, replace(s.corpus, where={}), s.outlets.aliases, made_with()),
            "prepare": (s.corpus.where, s.outlets.keep, s.periods, s.prepare),
            "voices": (s.sources,),
            "count": (words,),
            "measure": (s.lexicon, s.groups, s.seed, s.report),
            "evidence": (),
            "show": (s.title, s.events, s.spreadsheet_safe),
        }
        keys, key = {}, ""
        for name, part in parts.items():
            keys[name] = key = fingerprint(key, part)
        return keys

    def _unchanged(self, key: str) -> dict[str, Any] | None:
        """The provenance of the last run, if all it wrote is still there and still right."""
        before = read_provenance(self.folder)
        if before is None or before.get("key") != key:
            return None
        try:
            same = all(
                file_hash(self.folder / name) == digest for name, digest in before["files"].items()
            )
        except OSError:
            return None
        return before if same else None
