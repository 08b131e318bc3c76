"""Files written atomically; files at addresses: listed, fetched once, known to be unchanged."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis import files
from analysis.errors import OutputError, ReadError
from analysis.files import (
    RemoteFile,
    check_unchanged,
    fetch,
    file_hash,
    is_url,
    list_files_at,
    remove_unfinished,
    replace_file,
    stamp,
    writing,
)

fsspec = pytest.importorskip("fsspec")


def is_csv(file: Path | RemoteFile) -> bool:
    return file.suffix == ".csv"


@pytest.fixture
def tree() -> Iterator[str]:
    """Files in memory, in folders; one folder has the name of a file."""
    store = fsspec.filesystem("memory")
    for name in ("b.csv", "a.csv", "note.txt", "in.csv/c.csv", "in.csv/d.txt"):
        store.pipe(f"/tree/{name}", b"text\nTalks\n")
    yield "memory://tree"
    store.rm("/tree", recursive=True)


def test_a_file_is_there_whole_or_as_it_was(tmp_path: Path):
    path = tmp_path / "new" / "a.txt"
    assert replace_file(path, "née") == path
    assert replace_file(path, b"second").read_bytes() == b"second"
    with pytest.raises(ZeroDivisionError), writing(path) as partial:
        partial.write_text("half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(OutputError, match=r"b: can't be written \(File exists\)"):
        replace_file(path / "b", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk, as Linux has it")
def test_what_a_killed_process_was_writing_is_removed(tmp_path: Path):
    killed = tmp_path / ".stages" / "prepare.partial"
    killed.mkdir(parents=True)
    program = """
import os, signal, sys
from pathlib import Path
from analysis.files import writing
with writing(Path(sys.argv[1]) / "part.parquet") as partial:
    partial.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGTERM)
"""
    assert subprocess.run([sys.executable, "-c", program, killed]).returncode != 0
    assert len(list(killed.iterdir())) == 1
    own = [killed / "part.parquet", tmp_path / "mine.partial", tmp_path / "2021.partial"]
    for path in own:
        path.write_text("whole", encoding="utf-8")
    remove_unfinished(tmp_path)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(own)


def test_a_full_disk_is_named(tmp_path: Path):
    full = pytest.raises(OutputError, match=r"a\.txt: can't be written \(No space")
    with full, writing(tmp_path / "a.txt") as partial:
        partial.symlink_to("/dev/full")
        partial.write_bytes(b"x")
    assert list(tmp_path.iterdir()) == []


def test_the_hash_of_a_file(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"abc")
    # FIPS 180-2, appendix B.1.
    assert file_hash(tmp_path / "a").startswith("ba7816bf8f01cfea414140de5dae2223")
    with pytest.raises(ReadError, match=r"b: can't be read \(No such file"):
        file_hash(tmp_path / "b")


def test_a_change_of_a_file_is_seen(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("text")
    before = stamp(path)
    check_unchanged(path, before)
    os.utime(path, ns=(1, 1))
    with pytest.raises(ReadError, match=r"^a\.csv: changed while it was being read"):
        check_unchanged(path, before)
    path.unlink()
    with pytest.raises(ReadError, match=r"^a\.csv: can't be read .*put it back"):
        check_unchanged(path, before)


@pytest.mark.parametrize(
    ("path", "remote"),
    [("s3://a/b", True), ("a/b", False), ("C:\\a", False), (Path("s3://a"), False), (None, False)],
)
def test_what_an_address_is(path: object, remote: bool):
    assert is_url(path) is remote


def test_a_file_at_an_address_has_a_name():
    file = RemoteFile("https://example.org/corpus/a%20b.jsonl.GZ?token=x.csv#top")
    assert (file.name, file.suffix) == ("a%20b.jsonl.GZ", ".GZ")
    assert RemoteFile("s3://bucket").suffix == ""
    assert len({file, RemoteFile(file.url), RemoteFile("s3://bucket")}) == 2


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        # A folder stands for the files of known forms in it and below.
        ("", ["a.csv", "b.csv", "in.csv/c.csv"]),
        ("/", ["a.csv", "b.csv", "in.csv/c.csv"]),
        ("/in.csv", ["in.csv/c.csv"]),
        # A pattern stands for all files that it fits, and for no folder.
        ("/*", ["a.csv", "b.csv", "note.txt"]),
        ("/*.csv", ["a.csv", "b.csv"]),
        ("/**/*.txt", ["in.csv/d.txt", "note.txt"]),
        ("/*.html", []),
        # A file stands for itself.
        ("/note.txt", ["note.txt"]),
    ],
)
def test_the_files_at_an_address(path: str, expected: list[str], tree: str, tmp_path: Path):
    found = list_files_at(f"{tree}{path}", is_csv)
    assert found == [RemoteFile(f"memory:///tree/{name}") for name in expected]
    if "*" in path:
        # The same pattern on a disk; there, too, files come in order.
        for name in ("b.csv", "a.csv", "note.txt", "in.csv/d.txt"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()
        local = list_files_at(f"file://{tmp_path}{path}", is_csv)
        assert [file for file in local if file.is_file()] == [tmp_path / name for name in expected]


def test_a_version_of_a_file_is_fetched_once(
    tree: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from fsspec.implementations.memory import MemoryFile

    monkeypatch.setattr(files, "CHUNK", 4)
    file = RemoteFile(f"{tree}/a.csv")
    copy = fetch(file, tmp_path)
    assert (copy.name, copy.read_bytes()) == ("a.csv", b"text\nTalks\n")
    with monkeypatch.context() as patch:
        patch.setattr(MemoryFile, "read", None, raising=False)
        assert fetch(file, tmp_path) == copy
    fsspec.filesystem("memory").pipe("/tree/a.csv", b"text\nTalk!\n")
    again = fetch(file, tmp_path)
    assert again != copy
    assert again.read_bytes() == b"text\nTalk!\n"


def test_a_file_that_changes_while_it_is_fetched_is_no_file(
    tree: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from fsspec.implementations.memory import MemoryFile

    honest = MemoryFile.read

    def read(self: Any, size: int) -> bytes:
        content = honest(self, size)
        if not content:
            fsspec.filesystem("memory").pipe("/tree/a.csv", b"longer than before")
        return content

    monkeypatch.setattr(MemoryFile, "read", read, raising=False)
    with pytest.raises(ReadError, match=r"^a\.csv: changed while"):
        fetch(RemoteFile(f"{tree}/a.csv"), tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"size": 3, "mtime": 5.5, "ETag": '"x"'}, (3, 'ETag="x"')),
        ({"size": 3, "LastModified": "today", "created": "before"}, (3, "LastModified=today")),
        ({"size": 3, "ETag": None, "checksum": "", "updated": "now"}, (3, "updated=now")),
        ({"size": None, "type": "file"}, (0, "")),
    ],
)
def test_what_a_file_system_tells_of_a_version(
    about: dict[str, Any], expected: tuple[int, str], monkeypatch: pytest.MonkeyPatch
):
    asked = []

    class Store:
        def invalidate_cache(self, path: str) -> None:
            asked.append(path)

        def info(self, path: str) -> dict[str, Any]:
            assert asked == [path]
            return about

    monkeypatch.setattr(files, "_file_system", lambda url: (Store(), "a.csv"))
    assert stamp(RemoteFile("s3://bucket/a.csv")) == expected


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (ReadError("a.csv: as it is"), r"^a\.csv: as it is$"),
        (FileNotFoundError("no"), r"^s3://b/a\.csv: there is no such file or folder\.$"),
        (ImportError("Install x"), r"^s3://b/a\.csv: a package for s3:// is missing\. pip .*s3fs$"),
        (PermissionError("Forbidden"), r"^s3://b/a\.csv: can't be read \(PermissionError: Forb"),
        (RuntimeError("x" * 999), r"\(RuntimeError: x{200}\)\. Keys and"),
    ],
)
@pytest.mark.parametrize("when", ["asked", "read"])
def test_faults_name_the_address_wherever_they_come(
    fault: Exception, message: str, when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: object) -> Any:
        raise fault

    class Stream:
        read = staticmethod(fails)

        def __enter__(self) -> "Stream":
            return self

        def __exit__(self, *_: object) -> None:
            pass

    class Store:
        protocol = ("s3", "s3a")
        invalidate_cache = staticmethod(lambda path: None)
        info = staticmethod(fails if when == "asked" else lambda path: {"size": 1})
        open = staticmethod(lambda path, mode: Stream())

    monkeypatch.setattr(files, "_file_system", lambda url: (Store(), "b/a.csv"))
    file = RemoteFile("s3://b/a.csv")
    asks: list[Callable[[], object]] = [lambda: fetch(file, tmp_path)]
    if when == "asked":
        asks += [lambda: stamp(file), lambda: list_files_at(file.url, is_csv)]
    for ask in asks:
        with pytest.raises(ReadError, match=message):
            ask()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("memory://nothing/a.csv", r"memory://nothing/a\.csv: there is no such file"),
        ("nosuch://a/b.csv", r"nosuch://a/b\.csv: can't be read .*Protocol not known: nosuch"),
        ("zip://a.csv::memory://b.zip", r"a file system inside another can't be read"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(url: str, message: str):
    with pytest.raises(ReadError, match=message):
        list_files_at(url, is_csv)


def test_a_server_that_does_not_answer_is_said(tmp_path: Path):
    pytest.importorskip("aiohttp")
    with pytest.raises(ReadError, match=r"^http://127\.0\.0\.1:9/a.csv: "):
        fetch(RemoteFile("http://127.0.0.1:9/a.csv"), tmp_path)


@pytest.mark.parametrize(("scheme", "package"), [("s3", "s3fs"), ("gs", "gcsfs"), ("az", "adlfs")])
def test_a_missing_package_is_named(scheme: str, package: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, scheme, raising=False)
    with pytest.raises(ReadError, match=f"{scheme}:// is missing. pip install {package}"):
        stamp(RemoteFile(f"{scheme}://bucket/a.csv"))
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ReadError, match=r"pip install 'media-framing-analysis\[cluster\]'"):
        stamp(RemoteFile(f"{scheme}://bucket/a.csv"))
