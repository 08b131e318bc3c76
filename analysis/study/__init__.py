"""A whole study from one file: every stage from raw articles to tables, figures and a report.

CONTRIBUTING.md says which module does what.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.formatting import counted
from analysis.study.stages import (
    check_inputs,
    inputs_of,
    run_alone,
    stage_keys,
    unchanged_provenance,
)
from analysis.study.study_file import StudyFile

if TYPE_CHECKING:
    import pandas as pd

    from analysis.executors import Where


@dataclass(frozen=True)
class Results:
    """What a run has written to its `folder`.

    The `provenance` has hashes of corpus, lexicon and study, versions, the row accounting, and
    every file written.
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
        read = counted(rows["read"], "row")
        return (
            f"Results in {self.folder.name}: {rows['analysed']:,} of {read} analysed, "
            f"{len(self.provenance['files'])} files; open {self.report.name}"
        )


class Study(StudyFile):
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

    def run(
        self,
        say: Callable[[str], object] = lambda _: None,
        *,
        executor: "Where" = None,
        plain_tcp: bool = False,
        cluster: "Where" = None,
    ) -> Results:
        """Do every stage that has not been done, and write what is to be shown.

        AnalysisError if the corpus, the lexicon or a choice does not fit, the corpus changes
        meanwhile, another run of the study is going on, or workers fail.

        Parameters
        ----------
        say : function of str
            Called with a line for each stage that has work to do.
        executor : None, int, Executor, distributed.Client or str, optional
            Where the parts of the corpus are worked on, as for
            :func:`analysis.executors.open_executor`. Workers of a cluster must reach the folder of
            the results, which are the same to the last byte.
        plain_tcp : bool
            Allow a scheduler on another machine without TLS.
        cluster
            The name of `executor` until 0.2; will be removed.
        """
        if cluster is not None:
            warnings.warn("cluster= is now executor=", DeprecationWarning, stacklevel=2)
        where = cluster if executor is None else executor
        study = replace(self)  # which reads its lexicon once, and anew
        inputs = inputs_of(study)
        key = stage_keys(study, inputs)["show"]
        if (before := unchanged_provenance(study.folder, key)) is not None:
            return Results(study.folder, before)
        with run_alone(study):
            from analysis.executors import open_executor
            from analysis.study import pipeline
            from analysis.study.reporting import output

            with open_executor(where, plain_tcp) as pool:
                done = pipeline.do(study, say, inputs=inputs, executor=pool)
                say("show")
                check_inputs(study, inputs)
                written = output.write(study, done, key, inputs.corpus, pool)
            return Results(study.folder, written)
