"""Files of other file systems (s3://, https://, sftp:// and the like), through fsspec.

Keys and addresses of servers come from the environment and from fsspec's own configuration, and
never from an argument: so they stand in no notebook, study or work folder.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlsplit

from analysis.errors import ReadError
from analysis.reading.limits import MEGABYTE

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# By which of these a file is known to be as it was; each file system has some of them.
_VERSIONS = (
    "ETag", "etag", "md5Hash", "checksum", "mtime", "LastModified", "last_modified", "modify",
    "modified", "updated", "created",
)  # fmt: skip


@dataclass(frozen=True)
class RemoteFile:
    """A file at an address: as much of Path as counting uses."""

    url: str

    @property
    def name(self) -> str:
        """The file's name, without what asks a web server for it."""
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def suffix(self) -> str:
        """The ending of the name."""
        return PurePosixPath(self.name).suffix

    def absolute(self) -> "RemoteFile":
        """An address is the same everywhere."""
        return self

    def stamp(self) -> tuple[int, str]:
        """Size, and what the file system tells of the version; asked anew each time."""
        with _named(self.url):
            files, path = _file_system(self.url)
            files.invalidate_cache(path)
            about = files.info(path)
        known = [f"{name}={about[name]}" for name in _VERSIONS if about.get(name)]
        return int(about.get("size") or 0), known[0] if known else ""

    def open(self) -> BinaryIO:
        """The file's bytes."""
        with _named(self.url):
            files, path = _file_system(self.url)
            raw = _Stream(self.url, files.open(path, "rb"))
        return cast(BinaryIO, io.BufferedReader(raw, MEGABYTE))


File = Path | RemoteFile


def is_url(path: object) -> bool:
    """Whether a path names a file system of fsspec."""
    return isinstance(path, str) and "://" in path


def list_url(url: str, suffixes: Callable[[File], bool]) -> list[File]:
    """The files at an address, in order; a folder, or a pattern with ``*``, stands for several.

    Parameters
    ----------
    url : str
    suffixes : function of a file
        Whether a file in a folder is one to read.

    Raises
    ------
    ReadError
        If there is nothing at the address, or the package for it is missing.
    """
    if "::" in url:
        raise ReadError(f"{url}: one file system in another can't be read; unpack the file.")
    with _named(url):
        files, path = _file_system(url)
        if "file" in files.protocol:  # ("file", "local"); no other has a part of that name
            return [Path(name) for name in sorted(files.glob(path) if "*" in path else [path])]
        if "*" in path:
            found = [name for name, about in files.glob(path, detail=True).items()
                     if about["type"] == "file"]  # fmt: skip
        elif url.endswith("/") or files.info(path)["type"] == "directory":
            found = [name for name in files.find(path)
                     if suffixes(RemoteFile(files.unstrip_protocol(name)))]  # fmt: skip
        else:
            found = [path]
    return [RemoteFile(files.unstrip_protocol(name)) for name in sorted(found)]


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
def _named(url: str) -> Iterator[None]:
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


class _Stream(io.RawIOBase):
    """A file whose faults, in the midst of reading too, name its address."""

    def __init__(self, url: str, stream: Any) -> None:
        self._url, self._stream = url, stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._stream.seekable())

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        with _named(self._url):
            data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        with _named(self._url):
            return int(self._stream.seek(offset, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
