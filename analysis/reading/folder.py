"""A folder of files in any formats, or a list of files, read one after the other."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.errors import ReadError
from analysis.reading.checking import RawTable, ReadOptions
from analysis.reading.compressed import input_file
from analysis.reading.dispatch import is_litter, read_file, refused
from analysis.reading.rejected import Reason, Rejection


def list_files(folder: Path, options: ReadOptions) -> Iterator[Path | Rejection]:
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


def read_folder(folder: Path, options: ReadOptions) -> Iterator[RawTable]:
    """Every file below a folder; one that can't be read is a rejected row."""
    yield from _read_each(list(list_files(folder, options)), folder, options)


def read_several(paths: Sequence[Path], options: ReadOptions) -> Iterator[RawTable]:
    """Files and folders as one folder that holds them and nothing else.

    Raises
    ------
    ReadError
        If there is none, or a file is given twice.
    """
    if not paths:
        raise ReadError("no file to read: the list of paths is empty.")
    paths = [path.absolute() for path in paths]
    home = Path(os.path.commonpath([path.parent for path in paths]))
    found: list[Path | Rejection] = []
    for path in paths:
        found += list_files(path, options) if path.is_dir() else [path]
    seen: set[Path] = set()
    for file in found:
        if isinstance(file, Path) and (real := file.resolve()) not in seen:
            seen.add(real)
        elif isinstance(file, Path):
            raise ReadError(
                f"{shown_path(file, home)}: is given twice. Give each file once, by itself or with "
                "its folder."
            )
    yield from _read_each(found, home, options)


def _read_each(
    found: Sequence[Path | Rejection], home: Path, options: ReadOptions
) -> Iterator[RawTable]:
    from tqdm import tqdm

    sizes = [0 if isinstance(file, Rejection) else file.stat().st_size for file in found]
    # None: tqdm shows no bar where there is no terminal.
    hidden = None if options.progress else True
    with tqdm(total=sum(sizes), unit="B", unit_scale=True, disable=hidden) as bar:
        for file, size in zip(found, sizes, strict=True):
            if isinstance(file, Rejection):
                yield refused(file)
            else:
                name = shown_path(file, home)
                bar.set_description(name[-40:], refresh=False)
                yield from read_file(input_file(file, name, options.limits), options, strict=False)
            bar.update(size)


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
