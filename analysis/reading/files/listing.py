"""The files of a corpus, and the parts in which they are surveyed."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import ReadError
from analysis.files import RemoteFile, Stamp, fetch, is_url, list_files_at, stamp
from analysis.reading.files.compressed import format_ending, input_file
from analysis.reading.files.recognition import ENDINGS, is_litter, is_read_in_pieces
from analysis.reading.formats import parquet
from analysis.reading.limits import MEGABYTE
from analysis.reading.records import ReadOptions
from analysis.reading.rejected import Reason, Rejection
from analysis.reading.survey.file_facts import FileFacts

# Small files that can't be read in pieces are surveyed together, up to this size.
_TOGETHER = 16 * MEGABYTE


@dataclass(frozen=True)
class File:
    """A file of the corpus, as it was when it was listed, and the name under which it is known."""

    path: Path
    name: str
    stamp: Stamp


@dataclass(frozen=True)
class Part:
    """What is surveyed at once: one file, some row groups, several small files, or a manifest.

    ``facts`` are what other parts of its file decide; ``strict``, that a file that can't be read is
    an error and not a rejected row.
    """

    files: tuple[File | Rejection, ...]
    span: parquet.Span | None = None
    manifest: Path | None = None
    facts: FileFacts | None = None
    strict: bool = False

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum(file.stamp[0] for file in self.files if isinstance(file, File))

    @property
    def in_pieces(self) -> bool:
        """Whether its rows can be read again without what is before them."""
        first, *more = self.files
        return isinstance(first, File) and not more and is_read_in_pieces(first.name)


def list_parts(
    paths: Sequence[str | Path],
    options: ReadOptions,
    fetched: Path,
    manifest: str | Path | None = None,
    part_rows: int | None = None,
) -> list[Part]:
    """The parts of a corpus, in order; files at addresses are fetched into a folder.

    Parquet is cut into runs of row groups of at least `part_rows` rows. ReadError if there is no
    file, one is given twice, or a path or address is not there.
    """
    listed = _manifest_of(paths, manifest)
    if listed is not None:
        home = Path(paths[0])
        return [Part((File(home, home.name, (0, 0)),), manifest=listed, strict=True)]
    files = _files(paths, options, fetched)
    if not files:
        raise ReadError(
            f"{', '.join(map(str, paths))}: holds no file to read (hidden files are left out). "
            "Check the path."
        )
    strict = len(paths) == 1 and len(files) == 1 and not Path(paths[0]).is_dir()
    groups: list[list[File | Rejection]] = []
    room = -1
    for file in files:
        size = file.stamp[0] if isinstance(file, File) else 0
        alone = isinstance(file, File) and is_read_in_pieces(file.name)
        if alone or size > room:
            groups.append([])
            room = _TOGETHER
        groups[-1].append(file)
        room = -1 if alone else room - size
    parts = [Part(tuple(group), strict=strict) for group in groups]
    return [each for part in parts for each in _spans(part, options, part_rows)]


def _spans(part: Part, options: ReadOptions, part_rows: int | None) -> list[Part]:
    """A part as it is, or a Parquet file by runs of row groups."""
    file = part.files[0]
    if part_rows and isinstance(file, File) and file.name.lower().endswith(".parquet"):
        # Of one that can't be read, the survey says what is wrong.
        with suppress(ReadError):
            found = parquet.spans(input_file(file.path, file.name, options.limits), part_rows)
            if len(found) > 1:
                return [Part((file,), span, strict=part.strict) for span in found]
    return [part]


def _manifest_of(paths: Sequence[str | Path], manifest: str | Path | None) -> Path | None:
    if len(paths) != 1:
        if manifest is not None or any(Path(path, "manifest.csv").is_file() for path in paths):
            raise ReadError("a manifest describes one folder: read it by itself, not in a list.")
        return None
    folder = Path(paths[0])
    if manifest is None:
        there = folder / "manifest.csv"
        return there if there.is_file() else None
    if not folder.is_dir():
        raise ReadError(f"{folder.name}: a manifest describes a folder, and this is a file.")
    if not Path(manifest).is_file():
        raise ReadError(f"{manifest}: there is no such manifest. Check the path.")
    return Path(manifest)


def _files(
    paths: Sequence[str | Path], options: ReadOptions, fetched: Path
) -> list[File | Rejection]:
    if not paths:
        raise ReadError("no file to read: the list of paths is empty.")
    here = [Path(path) for path in paths if not is_url(path)]
    if missing := [path for path in here if not path.exists()]:
        raise ReadError(f"{missing[0]}: there is no such file or folder. Check the path.")
    local = [path.absolute() for path in here]
    home = Path(os.path.commonpath([path.parent for path in local])) if local else Path()
    if len(local) == len(paths) == 1 and local[0].is_dir():
        home = local[0]
    found: list[File | Rejection] = []
    for path in paths:
        there = Path(path).absolute()
        if is_url(path):
            found += _fetched(str(path), fetched)
            continue
        for one in files_in(there, options) if there.is_dir() else [there]:
            if isinstance(one, Rejection):
                found.append(one)
            else:
                found.append(File(one, shown_path(one, home), stamp(one)))
    seen: set[Path] = set()
    for file in [file for file in found if isinstance(file, File)] if len(paths) > 1 else ():
        if (real := file.path.resolve()) in seen:
            raise ReadError(
                f"{file.name}: is given twice. Give each file once, by itself or with its folder."
            )
        seen.add(real)
    return found


def _fetched(url: str, folder: Path) -> Iterator[File]:
    """Files at an address, fetched; a folder's are known by their path inside it."""
    home = url.partition("*")[0].rpartition("/")[0] if "*" in url else url.rstrip("/")
    for file in list_files_at(url, lambda file: format_ending(file.name) in (*ENDINGS, ".zip")):
        path = fetch(file, folder) if isinstance(file, RemoteFile) else file
        address = str(file)
        inside = address.removeprefix(home).lstrip("/") if address.startswith(home) else ""
        yield File(path, inside or file.name, stamp(path))


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
