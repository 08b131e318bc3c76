"""Files as streams of bytes: plain, compressed, or members of a .zip, each inside the limits."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import pyarrow as pa

from analysis.errors import ReadError
from analysis.reading.limits import MEGABYTE, ReadLimits
from analysis.reading.rejected import Reason, Rejection, TooLargeError

# Arrow's reader tells a .zst that breaks off from a whole one, and python-zstandard's does not.
_OPENERS: dict[str, Callable[[Any], Any]] = {
    ".gz": lambda raw: gzip.GzipFile(fileobj=raw), ".bz2": bz2.BZ2File, ".xz": lzma.LZMAFile,
    ".zst": lambda raw: pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd"),
}  # fmt: skip
COMPRESSED = tuple(_OPENERS)
_RATIO_FROM = 16 * MEGABYTE
# An unknown compression and a missing password are kinds of RuntimeError.
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError)


@dataclass(frozen=True)
class InputFile:
    """A file to read: its name in messages, and how to open it from its beginning.

    ``name`` carries no machine's folders: it is the file's name, or its path inside the folder or
    archive that is being read.
    """

    name: str
    open: Callable[[], BinaryIO]
    limits: ReadLimits = ReadLimits()

    @property
    def suffix(self) -> str:
        """The ending that says the format, without that of a compression."""
        return format_ending(self.name)

    def read_bytes(self) -> bytes:
        """The whole content, refused where it is longer than ``document_bytes``."""
        limit = self.limits.document_bytes
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise TooLargeError(
                f"{self.name}: larger than {limit:,} bytes. Split it, or raise document_bytes "
                "with read_articles(path, limits=ReadLimits(document_bytes=...))."
            )
        return data

    def head(self, size: int) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(size)


@lru_cache
def format_ending(name: str) -> str:
    """The ending of a file's name that says the format, without that of a compression."""
    path = PurePosixPath(name)
    while path.suffix.lower() in COMPRESSED:
        path = path.with_suffix("")
    return path.suffix.lower()


def input_file(path: Path, name: str, limits: ReadLimits) -> InputFile:
    """A file on disk, decompressed as it is read if its name says so."""

    def open_plain() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as fault:
            raise ReadError(
                f"{name}: can't be opened ({fault.strerror}). Check the path and that you may "
                "read it."
            ) from fault

    return _opened(name, open_plain, lambda: path.stat().st_size, limits)


def _opened(
    name: str, open_plain: Callable[[], BinaryIO], size: Callable[[], int], limits: ReadLimits
) -> InputFile:
    if not name.lower().endswith(COMPRESSED):
        return InputFile(name, open_plain, limits)

    def open_compressed() -> BinaryIO:
        raw = open_plain()
        stream = _OPENERS[PurePosixPath(name).suffix.lower()](raw)
        return _guarded(stream, raw, name, size(), limits)

    return InputFile(name, open_compressed, limits)


def zip_members(archive: InputFile) -> Iterator[InputFile | Rejection]:
    """The files in a .zip; those whose names climb out, links and encrypted ones are rejected.

    A member can be read until the next one is asked for.
    """
    limits = archive.limits
    with archive.open() as stream:
        try:
            source = stream if stream.seekable() else io.BytesIO(archive.read_bytes())
            opened = zipfile.ZipFile(source)
        except _ZIP_FAULTS as fault:
            raise ReadError(
                f"{archive.name}: not a readable .zip ({fault}). Unpack it, and read the folder."
            ) from fault
        members = [member for member in opened.infolist() if not member.is_dir()]
        if not members:
            raise ReadError(f"{archive.name}: holds no file. Check how it was made.")
        if len(members) > limits.members:
            raise TooLargeError(
                f"{archive.name}: {len(members):,} files, more than {limits.members:,}. Unpack "
                "what you need, or raise ReadLimits(members=...)."
            )
        budget = limits.expanded_bytes
        for member in members:
            budget -= member.file_size
            if danger := _unsafe(member):
                yield Rejection(archive.name, member.filename, Reason.UNSAFE_PATH, danger)
            elif budget < 0:
                detail = f"the archive expands to more than {limits.expanded_bytes:,} bytes"
                yield Rejection(archive.name, member.filename, Reason.TOO_LARGE, detail)
            else:
                yield _member(opened, member, archive)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: InputFile) -> InputFile:
    name = f"{file.name}/{member.filename}"

    def open_member() -> BinaryIO:
        try:
            stream = archive.open(member)
        except _ZIP_FAULTS as fault:
            raise ReadError(f"{name}: can't be unpacked ({fault}). Fetch it again.") from fault
        return _guarded(stream, stream, name, member.compress_size, file.limits)

    return _opened(name, open_member, lambda: member.compress_size, file.limits)


def _unsafe(member: zipfile.ZipInfo) -> str:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or name[1:3] == ":/":
        return "an absolute path"
    if ".." in name.split("/"):
        return "a path that climbs out of the archive"
    if (member.external_attr >> 28) == 0o12:
        return "a link, not a file"
    if member.flag_bits & 1:
        return "encrypted: unpack it with its password"
    return ""


def _guarded(stream: Any, raw: Any, name: str, packed: int, limits: ReadLimits) -> BinaryIO:
    guard = _Guard(stream, raw, name, packed, limits)
    return io.BufferedReader(guard, 256 * 1024)  # type: ignore[type-var]


class _Guard(io.RawIOBase):
    """Passes bytes through, and stops at a bomb or a damaged stream with a ReadError."""

    def __init__(self, stream: Any, raw: Any, name: str, packed: int, limits: ReadLimits) -> None:
        self.stream, self.raw, self.name = stream, raw, name
        self.most = min(limits.expanded_bytes, max(int(packed * limits.ratio), _RATIO_FROM))
        self.seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            data = self.stream.read(len(buffer))
        except ReadError:
            raise
        except Exception as fault:  # gzip, zlib, Arrow and zipfile each have their own errors
            raise ReadError(
                f"{self.name}: the compressed data is damaged ({fault}). Fetch the file again."
            ) from fault
        self.seen += len(data)
        if self.seen > self.most:
            raise TooLargeError(
                f"{self.name}: expands to more than {self.most:,} bytes, as a compression bomb "
                "does. If the file is sound, unpack it yourself, or raise ReadLimits(ratio=..., "
                "expanded_bytes=...)."
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.stream.close()
            self.raw.close()
        super().close()


def check_package(file: InputFile, kind: str) -> bytes:
    """The bytes of a .docx or .xlsx, which is a .zip inside: whole, and no bomb."""
    data = file.read_bytes()
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except _ZIP_FAULTS as fault:
        found = "is empty" if not data else f"is not {kind} ({fault})"
        raise ReadError(
            f"{file.name}: {found}. Fetch it again, or open it and save it as {kind}."
        ) from fault
    most = max(_RATIO_FROM, int(len(data) * file.limits.ratio))
    if sum(member.file_size for member in members) > min(most, file.limits.expanded_bytes):
        raise TooLargeError(
            f"{file.name}: expands to more than {most:,} bytes, as a compression bomb does. If it "
            "is sound, raise ReadLimits(ratio=..., expanded_bytes=...)."
        )
    return data
