"""The files of a corpus: of a folder, of several paths, or at an address."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from analysis.errors import ReadError
from analysis.files import RemoteFile, fetch, is_url, list_files_at
from analysis.reading.compressed import InputFile
from analysis.reading.recognition import ENDINGS, is_litter
from analysis.reading.records import ReadOptions
from analysis.reading.rejected import Reason, Rejection

# A file and the name under which it is known, or why it can't be read.
Found = tuple[Path, str] | Rejection


def list_inputs(paths: Sequence[str | Path], options: ReadOptions, fetched: Path) -> list[Found]:
    """The files of a corpus, in order; those at addresses are fetched into a folder.

    Raises
    ------
    ReadError
        If there is none, one is given twice, or a path or address is not there.
    """
    local = [existing(Path(path)).absolute() for path in paths if not is_url(path)]
    if not paths:
        raise ReadError("no file to read: the list of paths is empty.")
    home = Path(os.path.commonpath([path.parent for path in local])) if local else Path()
    if len(local) == len(paths) == 1 and local[0].is_dir():
        home = local[0]
    found: list[Found] = []
    for path in paths:
        if is_url(path):
            found += _fetched(str(path), fetched)
            continue
        there = Path(path).absolute()
        inside = files_in(there, options) if there.is_dir() else [there]
        found += [one if isinstance(one, Rejection) else (one, shown_path(one, home))
                  for one in inside]  # fmt: skip
    if len(paths) > 1:
        _refuse_twice(found)
    return found


def existing(path: Path) -> Path:
    """The path, if anything is there."""
    if not path.exists():
        raise ReadError(f"{path}: there is no such file or folder. Check the path.")
    return path


def _fetched(url: str, folder: Path) -> Iterator[Found]:
    """Files at an address, fetched; a folder's are known by their path inside it."""
    home = url.partition("*")[0].rpartition("/")[0] if "*" in url else url.rstrip("/")
    for file in list_files_at(url, _is_known):
        if isinstance(file, RemoteFile):
            inside = file.url.removeprefix(home).lstrip("/")
            yield fetch(file, folder), inside if file.url.startswith(home) and inside else file.name
        else:
            yield file, file.name


def _is_known(file: Path | RemoteFile) -> bool:
    """Whether a file at an address is one to read."""
    return InputFile(file.name, lambda: NotImplemented).suffix in (*ENDINGS, ".zip")


def _refuse_twice(found: Iterable[Found]) -> None:
    seen: set[Path] = set()
    for one in found:
        if isinstance(one, Rejection):
            continue
        path, name = one
        if (real := path.resolve()) in seen:
            raise ReadError(
                f"{name}: is given twice. Give each file once, by itself or with its folder."
            )
        seen.add(real)


def files_in(folder: Path, options: ReadOptions) -> Iterator[Path | Rejection]:
    """Every file below a folder, in the order of their names; links out of it are rejected.

    What is hidden, the litter of operating systems (``.DS_Store``, ``~$open.docx``) and what the
    options leave out are passed over.
    """
    home = folder.resolve()
    count = 0
    for place, folders, names in os.walk(folder, followlinks=False):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not _unread(here / name, options))
        for name in sorted([*names, *(f for f in folders if (here / f).is_symlink())]):
            path = here / name
            shown = shown_path(path, folder)
            if is_litter(shown) or _unread(path, options):
                continue
            count += 1
            if count > options.limits.members:
                limit = f"more than {options.limits.members:,} files (ReadLimits.members)"
                yield Rejection(folder.name, "folder", Reason.TOO_LARGE, limit)
                return
            if path.is_symlink() and (danger := _link_fault(path, home)):
                yield Rejection(shown, "file", Reason.UNSAFE_PATH, danger)
            elif not path.is_file():
                yield Rejection(shown, "file", Reason.NOT_FOUND, "no regular file")
            else:
                yield path


def _unread(path: Path, options: ReadOptions) -> bool:
    """Whether a path is hidden, or left out by the caller."""
    hidden = path.name.startswith(".")
    return hidden or (bool(options.leave_out) and path.resolve() in options.leave_out)


def shown_path(path: Path, folder: Path) -> str:
    """A path inside its folder, as text: bytes in a file's name that are not UTF-8 are escaped."""
    return path.relative_to(folder).as_posix().encode("utf-8", "backslashreplace").decode()


def _link_fault(path: Path, home: Path) -> str:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "a link that leads nowhere, or in a circle"
    if target.is_dir():
        return "a link to a folder, which is not followed"
    return "" if target.is_relative_to(home) else "a link out of the folder"
