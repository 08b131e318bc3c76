"""The stages of a study, in the order in which they are done."""

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.errors import StudyError
from analysis.executors import Where
from analysis.formatting import counted
from analysis.study.alike import check_compare
from analysis.study.contrasts import contrasts_of, frames_of
from analysis.study.corpus import choose, prepare, read, texts_of, voices
from analysis.study.counts import count
from analysis.study.dataset import columns_of, parts_of, read_all
from analysis.study.evidence import evidence
from analysis.study.learnt import check_seeds, learn
from analysis.study.stages import Inputs, check_inputs, inputs_of, run_alone, stage, stage_keys
from analysis.study.study_file import Done, StudyFile, check_groups
from analysis.study.tables import measure

Say = Callable[[str], object]
Step = Callable[[StudyFile, Done, Path, Where], None]

STEPS: dict[str, Step] = {
    "read": read,
    "choose": choose,
    "prepare": prepare,
    "voices": voices,
    "count": count,
    "learn": learn,
    "measure": measure,
    "evidence": evidence,
}


def do(
    study: StudyFile,
    say: Say,
    *,
    last: str = "",
    folder: Path | None = None,
    inputs: Inputs | None = None,
    executor: Where = None,
) -> Done:
    """Do every stage that has not been done, up to and with `last`; the folder of each.

    Stages are kept in `folder`, or beside the study's results. StudyError if a file of the corpus
    is another than in `inputs`, those of now.
    """
    folder = folder or study.folder / ".stages"
    inputs = inputs or inputs_of(study)
    keys = stage_keys(study, inputs)
    check_seeds(study)
    done: dict[str, Path] = {}
    for name, step in STEPS.items():
        if name == "learn" and not study.settings.lexicon.seeds:
            continue

        def make(partial: Path, name: str = name, step: Step = step) -> None:
            say(name)
            step(study, done, partial, executor)
            try:
                check_inputs(study, inputs, whole=name == "read")
            except StudyError:
                # Perhaps of another corpus.
                shutil.rmtree(partial, ignore_errors=True)
                raise

        done[name] = stage(folder, name, keys[name], make)
        if name == "choose":
            have = columns_of(done["read"] / "articles")
            check_groups(study, [*have, "period"])
            check_compare(study, have)
        if name == last:
            break
    return done


def do_alone(study: StudyFile, last: str) -> Done:
    """Do the stages up to `last`, unless a run of the study is going on."""
    with run_alone(study):
        return do(study, lambda _: None, last=last)


def texts_of_study(study: StudyFile) -> list[Path]:
    """The texts of a study as they were counted, part by part, of the last run or made now."""
    return parts_of(texts_of(do_alone(study, last="voices")))


def check_study(study: StudyFile) -> list[str]:
    """Check a study against its lexicon and its corpus, and say what it is about.

    AnalysisError if a run would fail for something in the study file.
    """
    lexicon, contrasts = study.lexicon, contrasts_of(study)
    about = [f"Contrasts: {'; '.join(' against '.join(pair) for pair in contrasts)}"]
    if frames := frames_of(study):
        measure = study.settings.lexicon.measure or "prevalence"
        about = [f"Frames, one by one, by their {measure}: {', '.join(frames)}"]
    with TemporaryDirectory() as folder:
        done = do(study, lambda _: None, last="choose", folder=Path(folder))
        choice = read_all(done["choose"] / "choice")
        rejected = len(read_all(done["read"] / "rejected", ["source"]))
        outlets = read_all(done["read"] / "articles", ["outlet"])["outlet"]
    kept = (choice["reason"] == "").to_numpy()
    return [
        f"{study.path.name} fits its lexicon and its corpus.",
        f"Lexicon: {lexicon!r}",
        *about,
        f"Corpus: {counted(len(choice) + rejected, 'row')}, of which {kept.sum():,} are of the "
        f"study, {(~kept).sum():,} left out by its choices, {rejected:,} rejected.",
        f"Groups by {', '.join(study.settings.groups) or 'nothing'}; "
        f"{counted(outlets[kept].nunique(), 'outlet')}, "
        f"{counted(choice['period'][kept].nunique(), 'period')}.",
        f"Results go to {study.folder}",
    ]
