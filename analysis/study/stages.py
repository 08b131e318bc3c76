"""Stages that are done once: each keeps what it made under the hash of all that it depends on.

A folder is renamed when all is there, and its parts are whole files, with which a run goes on.
"""

import errno
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from analysis import __version__
from analysis.errors import OutputError, ReadError, StudyError
from analysis.files import file_hash, list_files_at, remove_unfinished, replace_file, stamp
from analysis.fingerprints import code_hash, fingerprint
from analysis.study.study_file import StudyFile

PROVENANCE = "provenance.json"
_LIST = "files.json"
PACKAGES = ("numpy", "pandas", "scipy", "pyarrow", "matplotlib", "sentencex")


@cache
def versions() -> dict[str, str]:
    """The versions that a result depends on, and a hash over this package's own files."""
    own_version = {"media-framing-analysis": __version__, "python": platform.python_version()}
    return own_version | {n: metadata.version(n) for n in PACKAGES} | {"code": code_hash()}


class Inputs(NamedTuple):
    """What a run is of: its files as they were when it began, which it must stay."""

    corpus: list[dict[str, object]]
    beside: list[str]
    states: list[object]


def inputs_of(study: StudyFile) -> Inputs:
    """The hashes of all files that a study reads besides its own and its lexicon."""
    states = _states(study)
    return Inputs(corpus_files(study), [file_hash(path) for path in _beside(study)], states)


def check_inputs(study: StudyFile, inputs: Inputs, *, whole: bool = False) -> None:
    """StudyError if a file is another than when the run began; `whole`: compare hashes, too."""
    try:
        same = inputs_of(study) == inputs if whole else _states(study) == inputs.states
    except ReadError:
        same = False
    if not same:
        raise StudyError(
            f"{study.path.name}: {study.settings.corpus.path} or a file beside it changed while "
            "the study ran; nothing is written. Wait until all files are there, then run again."
        )


def _states(study: StudyFile) -> list[object]:
    """Names, sizes and times of the files; a change that is taken back changes `st_ctime`."""
    if isinstance(study.corpus, str):
        found: list[object] = [*corpus_files(study)]
        paths = _beside(study)
    else:
        found, paths = [], [*_files_in(study.corpus, study.not_corpus), *_beside(study)]
    try:
        about = [(str(path), path.stat()) for path in paths]
    except OSError as fault:
        raise ReadError(f"{fault.filename}: can't be read ({fault.strerror}).") from fault
    return found + [(n, s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino) for n, s in about]


def _beside(study: StudyFile) -> list[Path]:
    """The manifest and the list of outlets, where they are files."""
    named = (study.settings.corpus.manifest, study.settings.outlets.aliases)
    return [study.path.parent / name for name in named if isinstance(name, str)]


def stage_keys(study: StudyFile, inputs: Inputs) -> dict[str, str]:
    """A hash for each stage, over all that its result depends on: files, settings, code.

    A setting that changes a stage's result must be named here with that stage; those of earlier
    stages count for it, too.
    """
    s = study.settings
    files = [*inputs.corpus, *inputs.beside]
    targets = study.targets and study.targets.question
    words = (study.lexicon, list(study.lexicon.frames))
    corpus = s.corpus.model_dump(exclude={"where"})
    adjust, same = s.compare.adjust, (s.compare.within, s.compare.window)
    questions: dict[str, object] = {
        "read": (files, corpus, s.outlets.aliases, versions(), list(study.lexicon.parts)),
        "choose": (
            s.corpus.where,
            s.outlets.keep,
            s.periods.model_dump(),
            s.prepare.reprints,
            same,
        ),
        "prepare": (s.prepare.clean, s.prepare.titles),
        "voices": (s.prepare.voices, s.sources, targets),
        "count": (words, s.groups, targets),
        "learn": s.lexicon.seeds,
        "measure": (s.lexicon.model_dump(), s.seed, s.events, s.report.model_dump(), adjust),
        "evidence": (),
        "show": (s.title, s.spreadsheet_safe, [file_hash(path) for path in study.sheets]),
    }
    keys, key = {}, ""
    for name, question in questions.items():
        keys[name] = key = fingerprint(key, question)
    return keys


def corpus_files(study: StudyFile) -> list[dict[str, object]]:
    """Every file of the corpus, with its hash, or its version where it is at an address."""
    if isinstance(study.corpus, str):
        found = list_files_at(study.corpus, lambda _: True)
        return [{"file": str(file), "version": [*stamp(file)]} for file in found]
    return [
        {"file": file.name, "sha256": file_hash(file), "bytes": file.stat().st_size}
        for file in _files_in(study.corpus, study.not_corpus)
    ]


def _files_in(path: Path, leave_out: Iterable[Path]) -> Iterator[Path]:
    """A file, or those in a folder that are not hidden, in a fixed order."""
    if not path.is_dir():
        yield path
        return
    unread = {path.resolve() for path in leave_out}
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        place = file.resolve()
        if not hidden and unread.isdisjoint((place, *place.parents)):
            yield file


@contextmanager
def run_alone(study: StudyFile) -> Iterator[None]:
    """Hold the lock of a study's folder: the system frees it when the process ends, however.

    StudyError if another process holds it.
    """
    path = study.folder / ".stages" / "lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="ascii")
    except OSError as fault:
        raise OutputError(f"{path}: can't be written ({fault.strerror}).") from fault
    with file:
        if not _locked(file):
            file.seek(0)
            raise StudyError(
                f"{study.path.name}: a run of this study is going on (process {file.read()}). Wait "
                "until it has ended, then run again."
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        remove_unfinished(study.folder)
        yield


def _locked(file: TextIO) -> bool:
    """Lock an open file, if no other process has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            # Beyond the text, which others are to read.
            file.seek(1 << 10)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        # Any other says that this file system has no locks.
        return fault.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


def stage(folder: Path, name: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder of a stage's results: what is there if its key is the same, else made anew.

    So is a folder that has lost a file since, which would count as a smaller corpus.
    """
    done = folder / f"{name}-{key[:16]}"
    if done.is_dir():
        if _listed(done) == _sizes(done):
            return done
        shutil.rmtree(done)
    partial = done.with_name(done.name + ".partial")
    partial.mkdir(parents=True, exist_ok=True)
    make(partial)
    replace_file(partial / _LIST, json.dumps(_sizes(partial)))
    partial.rename(done)
    # Only now: a run that is killed in between has lost nothing.
    for old in folder.glob(f"{name}-*"):
        if old != done:
            shutil.rmtree(old)
    return done


def _sizes(folder: Path) -> dict[str, int]:
    """The size of every file in a stage's folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != _LIST)
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def _listed(folder: Path) -> object:
    """The sizes that the files of a stage had when it was done, if they can be read."""
    try:
        return json.loads((folder / _LIST).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def read_provenance(folder: Path) -> dict[str, Any] | None:
    """The provenance of the last run in a folder, if it can be read."""
    try:
        before: dict[str, Any] = json.loads((folder / PROVENANCE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return before if isinstance(before, dict) and isinstance(before.get("files"), dict) else None


def unchanged_provenance(folder: Path, key: str) -> dict[str, Any] | None:
    """The provenance of the last run, if all it wrote is still there and still right."""
    before = read_provenance(folder)
    if before is None or before.get("key") != key:
        return None
    try:
        same = all(file_hash(folder / name) == digest for name, digest in before["files"].items())
    except ReadError:
        return None
    return before if same else None


def remove_stale(folder: Path, files: Collection[str]) -> None:
    """Remove what the last run wrote and this one did not, so that nobody takes it for a result.

    Files that have been changed since, and all that no run wrote, are somebody's own and stay.
    """
    before = read_provenance(folder) or {"files": {}}
    for name, digest in before["files"].items():
        path = folder / name
        inside = path.resolve().is_relative_to(folder.resolve())
        if name not in files and inside and path.is_file() and file_hash(path) == digest:
            path.unlink()
