"""Files on disk and at addresses: written atomically, fetched once, known to be unchanged.

Keys and servers of addresses come from the environment and fsspec's configuration, never from an
argument: so no notebook, study or work folder holds them.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from analysis.errors import OutputError, ReadError

CHUNK = 1 << 20
# By one of these a file system tells the versions of a file apart. fsspec's own `ukey` would do,
# but it is the address alone for web servers, and changes with each access for sftp.
_VERSIONS = (
    "ETag", "etag", "md5Hash", "checksum", "mtime", "LastModified", "last_modified", "modify",
    "modified", "updated", "created",
)  # fmt: skip
# The names that `writing` gives: of the process, and by chance.
_UNFINISHED = re.compile(r"\.\d+\.[0-9a-f]{8}\.partial$")
# Size, and time of the last change or version.
Stamp = tuple[int, int | str]


@dataclass(frozen=True)
class RemoteFile:
    """A file at an address."""

    url: str

    @property
    def name(self) -> str:
        """The file's name, without the query of a web address."""
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def suffix(self) -> str:
        """The ending of the name."""
        return PurePosixPath(self.name).suffix

    def __str__(self) -> str:
        return self.url


File = Path | RemoteFile


def replace_file(path: Path, content: bytes | str) -> Path:
    """Write a file under another name, then rename it: a reader never meets half of it.

    OutputError if there is no room or no permission: then the file holds what it held before.
    """
    with writing(path) as partial:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a name to write to, which becomes `path` at the end of the block."""
    # Two processes may write the same file: each under a name of its own.
    partial = path.parent / f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}.partial"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        partial.replace(path)
    except OSError as fault:
        raise OutputError(
            f"{path}: can't be written ({fault.strerror}). Make room, or choose a folder that you "
            "may write to, and run again: finished parts are kept."
        ) from fault
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove what `writing` was writing in a folder, or below it, when its process was killed."""
    for path in folder.rglob("*.partial"):
        if _UNFINISHED.search(path.name):
            path.unlink(missing_ok=True)


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's content."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise ReadError(f"{path}: can't be read ({fault.strerror}).") from fault


def stamp(file: File) -> Stamp:
    """Size and time of the last change (or version): they tell whether a file has changed."""
    if isinstance(file, RemoteFile):
        with _faults_of(file.url):
            files, path = _file_system(file.url)
            files.invalidate_cache(path)
            about = files.info(path)
        version = next((f"{key}={about[key]}" for key in _VERSIONS if about.get(key)), "")
        return int(about.get("size") or 0), version
    try:
        status = file.stat()
    except OSError as fault:
        raise ReadError(
            f"{file.name}: can't be read ({fault.strerror}). If it was moved while it was being "
            "read, put it back and run again."
        ) from fault
    return status.st_size, status.st_mtime_ns


def check_unchanged(file: File, before: Stamp) -> None:
    """Refuse a file whose `stamp` is not the earlier one."""
    if stamp(file) != before:
        raise ReadError(
            f"{file.name}: changed while it was being read. Wait until it is written, then run "
            "again."
        )


def is_url(path: object) -> bool:
    """Whether a path is an address for fsspec.

    Examples
    --------
    >>> is_url("s3://bucket/corpus"), is_url("corpus/2021.csv")
    (True, False)
    """
    return isinstance(path, str) and "://" in path


def list_files_at(url: str, wanted: Callable[[File], bool]) -> list[File]:
    """List the files at an address (a file, folder, or pattern with ``*``), sorted.

    Of a folder, those that are `wanted`. ReadError if there is nothing, or the package for such
    addresses is missing.
    """
    if "::" in url:
        raise ReadError(
            f"{url}: a file system inside another can't be read. Fetch and unpack the file first."
        )
    with _faults_of(url):
        files, path = _file_system(url)
        if "file" in files.protocol:  # ("file", "local"); no other has a part of that name
            return [Path(name) for name in sorted(files.glob(path) if "*" in path else [path])]
        if "*" in path:
            found = files.glob(path, detail=True)
            names = [name for name, about in found.items() if about["type"] == "file"]
        elif url.endswith("/") or files.info(path)["type"] == "directory":
            names = [name for name in files.find(path)
                     if wanted(RemoteFile(files.unstrip_protocol(name)))]  # fmt: skip
        else:
            names = [path]
    return [RemoteFile(files.unstrip_protocol(name)) for name in sorted(names)]


def fetch(file: RemoteFile, folder: Path) -> Path:
    """Copy the file at an address into a folder, unless this version of it is already there.

    The copy has the file's own name, in a folder that address and version name. ReadError if the
    file can't be read, or changed meanwhile; OutputError if there is no room for it.
    """
    version = stamp(file)
    digest = hashlib.sha256(f"{file.url}\0{version}".encode()).hexdigest()
    copy = folder / digest[:16] / file.name
    if copy.is_file():
        return copy
    with _faults_of(file.url):
        files, path = _file_system(file.url)
        stream = files.open(path, "rb")
    with stream, writing(copy) as partial, partial.open("wb") as output:
        while True:
            with _faults_of(file.url):
                chunk = stream.read(CHUNK)
            if not chunk:
                break
            output.write(chunk)
        check_unchanged(file, version)
    return copy


def _file_system(url: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    try:
        import fsspec
    except ImportError as fault:
        raise ReadError(
            f"{url}: fsspec is not installed. pip install 'media-framing-analysis[cluster]'"
        ) from fault
    files, path = fsspec.url_to_fs(url)
    return files, path


@contextmanager
def _faults_of(url: str) -> Iterator[None]:
    """Say which address can't be read, and why."""
    try:
        yield
    except ReadError:
        raise
    except ImportError as fault:
        scheme = urlsplit(url).scheme
        package = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs",
                   "az": "adlfs", "http": "aiohttp", "https": "aiohttp", "sftp": "paramiko",
                   "ssh": "paramiko", "smb": "smbprotocol"}.get(scheme)  # fmt: skip
        needed = f"pip install {package}" if package else str(fault)
        raise ReadError(f"{url}: a package for {scheme}:// is missing. {needed}") from fault
    except FileNotFoundError as fault:
        raise ReadError(f"{url}: there is no such file or folder.") from fault
    except Exception as fault:  # Every file system has faults of its own kind.
        raise ReadError(
            f"{url}: can't be read ({type(fault).__name__}: {str(fault)[:200]}). Keys and "
            "addresses are taken from the environment and from fsspec's configuration "
            "(docs/cluster.md)."
        ) from fault
