"""Stages that are done once: each keeps what it made under the hash of all that it depends on.

A stage writes into a folder with ``.partial`` in its name, which is renamed when all is there. So
an interrupted run resumes after the last stage that was finished, and nothing half-written is ever
taken for a result.
"""

import hashlib
import json
import platform
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis import __version__
from analysis.files import file_hash

PROVENANCE = "provenance.json"
PACKAGE = Path(__file__).parent.parent
PACKAGES = (
    "numpy", "pandas", "scipy", "pyarrow", "matplotlib", "sentencex",
)  # fmt: skip


def fingerprint(*parts: object) -> str:
    """SHA-256 of anything that JSON can write, in hexadecimal."""
    content = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(content.encode()).hexdigest()


def _plain(value: object) -> object:
    return vars(value) if hasattr(value, "__dict__") else str(value)


@cache
def made_with() -> dict[str, str]:
    """The versions that a result depends on, and a hash over this package's own files."""
    kinds = {".py", ".yml", ".toml", ".txt", ".html", ".css", ".js", ".mplstyle", ".csv"}
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix in kinds)
    own = fingerprint([(path.relative_to(PACKAGE).as_posix(), file_hash(path)) for path in files])
    versions = {name: metadata.version(name) for name in PACKAGES}
    own_version = {"media-framing-analysis": __version__}
    return own_version | {"python": platform.python_version()} | versions | {"code": own}


def corpus_files(paths: Iterable[Path], leave_out: Iterable[Path] = ()) -> Iterator[Path]:
    """Every file that a corpus is made of, in a fixed order; in folders nothing that is hidden."""
    unread = {path.resolve() for path in leave_out}
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(file for file in path.rglob("*") if file.is_file()):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            place = file.resolve()
            if not hidden and unread.isdisjoint((place, *place.parents)):
                yield file


def stage(folder: Path, name: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder of a stage's results: as it stands if its key is the same, else made anew."""
    done = folder / f"{name}-{key[:16]}"
    if done.is_dir():
        return done
    partial = done.with_name(done.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    make(partial)
    partial.rename(done)
    # Only now: a run that is killed in between has lost nothing.
    for old in folder.glob(f"{name}-*"):
        if old != done:
            shutil.rmtree(old)
    return done


def read_provenance(folder: Path) -> dict[str, Any] | None:
    """The provenance of the last run in a folder, if it can be read."""
    try:
        before: dict[str, Any] = json.loads((folder / PROVENANCE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return before if isinstance(before, dict) and isinstance(before.get("files"), dict) else None


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
