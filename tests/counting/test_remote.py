"""Corpora at addresses: a web server, a store in memory, S3; the same bytes as from the disk."""

import os
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.counting import partitions
from analysis.counting.engine import count_corpus
from analysis.counting.groups import GroupCounts
from analysis.counting.remote import RemoteFile, is_url, list_url
from analysis.errors import CountsError, ReadError

fsspec = pytest.importorskip("fsspec")

BY = ["outlet", "quarter"]
LEXICON = "deterrence-dialogue"


def content(counts: GroupCounts, folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted(counts.save(folder).iterdir())]


@pytest.fixture(scope="module")
def corpus(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in four files of four forms, with a file that is none of them."""
    folder = tmp_path_factory.mktemp("corpus")
    frame = pd.read_csv(root / "data" / "sample" / "articles.csv", dtype="str")
    frame.iloc[:20].to_parquet(folder / "a.parquet", row_group_size=4)
    frame.iloc[20:30].to_json(folder / "b.jsonl", orient="records", lines=True)
    frame.iloc[30:40].to_json(folder / "c.jsonl.gz", orient="records", lines=True)
    frame.iloc[40:].to_csv(folder / "d.csv", index=False)
    (folder / "README.md").write_text("Not an article.")
    return folder


@pytest.fixture(scope="module")
def local(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    counts = count_corpus(corpus, BY, lexicon=LEXICON)
    assert counts.groups["articles"].sum() == 46
    return content(counts, tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="module")
def web(corpus: Path) -> Iterator[str]:
    """A web server with an index page, byte ranges and times of the last change."""
    pytest.importorskip("aiohttp")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = corpus / self.path.strip("/").partition("?")[0]
            if path == corpus:
                names = sorted(file.name for file in corpus.iterdir())
                page = "".join(f'<a href="{name}">{name}</a>' for name in names)
                self.answer(200, page.encode(), {})
            elif not path.is_file():
                self.answer(404, b"", {})
            else:
                data, asked = path.read_bytes(), self.headers.get("Range")
                headers = {"Accept-Ranges": "bytes", "ETag": str(path.stat().st_mtime_ns)}
                if span := re.fullmatch(r"bytes=(\d+)-(\d*)", asked or ""):
                    first, last = int(span[1]), min(int(span[2] or len(data)), len(data) - 1)
                    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
                    self.answer(206, data[first : last + 1], headers)
                else:
                    self.answer(200, data, headers)

        do_HEAD = do_GET  # noqa: N815

        def answer(self, status: int, data: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def memory(corpus: Path) -> Iterator[str]:
    files = fsspec.filesystem("memory")
    files.put(str(corpus), "/corpus", recursive=True)
    yield "memory://corpus"
    files.rm("/corpus", recursive=True)


@pytest.fixture
def bucket(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket on a server that speaks S3, found by the environment alone."""
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    moto = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "invented")
    endpoint = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": endpoint})
    files = fsspec.filesystem("s3")
    files.makedirs("bucket", exist_ok=True)
    files.put(f"{corpus}/", "bucket/corpus/", recursive=True)
    yield "s3://bucket/corpus"
    server.stop()


@pytest.mark.parametrize("store", ["web", "memory", "bucket"])
@pytest.mark.parametrize(
    "options", [{}, {"threads": 2, "batch_size": 3}, {"work": "work", "part_rows": 5}]
)
def test_an_address_gives_the_same_bytes(
    store: str, options: dict[str, Any], local: list[bytes], tmp_path: Path,
    request: pytest.FixtureRequest,
):  # fmt: skip
    url = request.getfixturevalue(store)
    if "work" in options:
        options = options | {"work": tmp_path / "work"}
    names = ["a.parquet", "b.jsonl", "c.jsonl.gz", "d.csv"]
    asked: list[Any] = [f"{url}/", [f"{url}/{name}" for name in names]]
    asked.append([f"{url}/*.parquet", f"{url}/*.jsonl*", f"{url}/d.csv"])
    for number, paths in enumerate(asked):
        counts = count_corpus(paths, BY, lexicon=LEXICON, **options)
        assert content(counts, tmp_path / str(number)) == local
    if "work" in options:
        # The same files under the same addresses are counted once.
        assert len(list((tmp_path / "work").glob("part-*.arrow"))) == 3 + 3


@pytest.mark.slow
def test_workers_read_addresses_themselves(web: str, local: list[bytes], tmp_path: Path):
    distributed = pytest.importorskip("distributed")
    with distributed.Client(
        processes=False, n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as client:
        counts = count_corpus(f"{web}/", BY, lexicon=LEXICON, client=client, part_rows=5)
    assert content(counts, tmp_path) == local


def test_a_file_of_this_machine_has_an_address_too(
    corpus: Path, local: list[bytes], tmp_path: Path
):
    counts = count_corpus(f"file://{corpus}", BY, lexicon=LEXICON)
    assert content(counts, tmp_path) == local


@pytest.mark.parametrize("options", [{}, {"work": "work"}])
def test_a_file_that_changes_under_way_is_an_error(
    options: dict[str, Any], memory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    options = {name: tmp_path / name for name in options}
    honest = partitions.PartitionCounter.add

    def add(self: partitions.PartitionCounter, batch: Any) -> None:
        if batch.source == "d.csv":
            files = fsspec.filesystem("memory")
            files.pipe("/corpus/d.csv", files.cat("/corpus/d.csv") + b"\n")
        honest(self, batch)

    monkeypatch.setattr(partitions.PartitionCounter, "add", add)
    with pytest.raises(ReadError, match=r"d\.csv: changed while it was being counted"):
        count_corpus(memory, BY, **options)


def test_another_version_of_the_same_size_is_known(web: str, corpus: Path):
    file = RemoteFile(f"{web}/d.csv?token=1")
    assert file.name == "d.csv"
    before = file.stamp()
    assert before == file.stamp() != (0, "")
    os.utime(corpus / "d.csv", ns=(1, 1))
    assert file.stamp() == (before[0], "ETag=1")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("memory://nothing/a.csv", r"memory://nothing/a\.csv: there is no such file"),
        ("nosuch://a/b.csv", r"nosuch://a/b\.csv: can't be read .*Protocol not known: nosuch"),
        ("zip://a.csv::memory://b.zip", r"one file system in another can't be read"),
        ("memory://corpus/README.md", r"README\.md: count_corpus streams \.parquet"),
        ("memory://corpus/*.txt", r"no file to count in memory://corpus/\*\.txt"),
        ("http://127.0.0.1:9/a.csv", r"http://127\.0\.0\.1:9/a\.csv: (can't be read|there is no)"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(url: str, message: str, memory: str):
    with pytest.raises(ReadError, match=message):
        count_corpus(url, BY)


@pytest.mark.parametrize(("scheme", "package"), [("s3", "s3fs"), ("gs", "gcsfs"), ("az", "adlfs")])
def test_a_missing_package_is_named(scheme: str, package: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, scheme, raising=False)
    with pytest.raises(ReadError, match=f"{scheme}:// is missing. pip install {package}"):
        count_corpus(f"{scheme}://bucket/a.csv", BY)


def test_without_fsspec_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ReadError, match=r"pip install 'media-framing-analysis\[cluster\]'"):
        count_corpus("s3://bucket/a.csv", BY)


def test_a_fault_in_the_midst_of_reading_names_the_address(
    memory: str, monkeypatch: pytest.MonkeyPatch
):
    from fsspec.implementations.memory import MemoryFile

    def fails(*_: object) -> bytes:
        raise ConnectionResetError("gone")

    monkeypatch.setattr(MemoryFile, "read", fails, raising=False)
    for name in ("a.parquet", "b.jsonl", "c.jsonl.gz", "d.csv"):
        with pytest.raises(ReadError, match=rf"{name}: .*gone"):
            count_corpus(f"{memory}/{name}", BY)


def test_a_work_folder_is_one_of_a_disk():
    with pytest.raises(CountsError, match="must be a folder of a"):
        count_corpus("corpus", BY, work="s3://bucket/work")


@pytest.mark.parametrize(
    ("path", "remote"),
    [("s3://a/b", True), ("a/b", False), ("C:\\a", False), (Path("s3://a"), False), (None, False)],
)
def test_what_an_address_is(path: object, remote: bool):
    assert is_url(path) is remote


def is_csv(file: Path | RemoteFile) -> bool:
    return file.suffix == ".csv"


@pytest.fixture
def tree() -> Iterator[str]:
    """Files in memory, in folders; one folder has the name of a file."""
    files = fsspec.filesystem("memory")
    for name in ("b.csv", "a.csv", "note.txt", "in.csv/c.csv", "in.csv/d.txt"):
        files.pipe(f"/tree/{name}", b"text\nTalks\n")
    yield "memory://tree"
    files.rm("/tree", recursive=True)


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
    found = list_url(f"{tree}{path}", is_csv)
    assert found == [RemoteFile(f"memory:///tree/{name}") for name in expected]
    if "*" in path:
        # The same pattern on a disk; there, too, files come in order.
        for name in ("b.csv", "a.csv", "note.txt", "in.csv/d.txt"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()
        local = [file for file in list_url(f"file://{tmp_path}{path}", is_csv) if file.is_file()]
        assert local == [tmp_path / name for name in expected]


def test_a_file_at_an_address_has_what_counting_uses_of_a_path():
    file = RemoteFile("https://example.org/corpus/a%20b.jsonl.GZ?token=x.csv#top")
    assert (file.name, file.suffix) == ("a%20b.jsonl.GZ", ".GZ")
    assert file.absolute() == file
    assert RemoteFile("s3://bucket").suffix == ""
    # It is known again, as a Path is.
    assert len({file, RemoteFile(file.url), RemoteFile("s3://bucket")}) == 2


def test_a_stream_reads_seeks_and_closes_as_a_file_does(tmp_path: Path):
    content = b"text\nTalks\n"
    (tmp_path / "a.csv").write_bytes(content)
    with RemoteFile(f"file://{tmp_path}/a.csv").open() as stream:
        assert stream.readable() and stream.seekable() and not stream.writable()
        assert (stream.read(4), stream.tell(), stream.read()) == (b"text", 4, content[4:])
        assert (stream.seek(2), stream.read(2)) == (2, b"xt")
        assert (stream.seek(-2, 2), stream.read()) == (len(content) - 2, content[-2:])
        assert stream.seek(0) == 0
        assert list(stream) == [b"text\n", b"Talks\n"]
        raw = stream.raw
        assert (raw.seek(2), raw.read(2), raw.tell()) == (2, b"xt", 4)
    assert stream.closed and raw.closed and raw._stream.closed
    stream.close()


def test_lines_are_read_a_megabyte_at_a_time(tree: str, monkeypatch: pytest.MonkeyPatch):
    from fsspec.implementations.memory import MemoryFile

    # Each read of a file at an address is a question to its server.
    content = b"Talks and talks\n" * 200_000
    fsspec.filesystem("memory").pipe("/tree/long.csv", content)
    honest, asked = MemoryFile.read, []
    monkeypatch.setattr(
        MemoryFile, "read", lambda self, size=-1: asked.append(size) or honest(self, size),
        raising=False,
    )  # fmt: skip
    with RemoteFile(f"{tree}/long.csv").open() as stream:
        assert sum(map(len, stream)) == len(content) == 3_200_000
    assert asked == [2**20] * 5


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"size": 3, "mtime": 5.5, "ETag": '"x"'}, (3, 'ETag="x"')),
        ({"size": 3, "LastModified": "today", "created": "before"}, (3, "LastModified=today")),
        ({"size": 3, "ETag": None, "checksum": "", "updated": "now"}, (3, "updated=now")),
        ({"size": None, "type": "file"}, (0, "")),
        ({}, (0, "")),
    ],
)
def test_what_a_file_system_tells_of_a_version(
    about: dict[str, Any], expected: tuple[int, str], monkeypatch: pytest.MonkeyPatch
):
    asked = []

    class Files:
        def invalidate_cache(self, path: str) -> None:
            asked.append(path)

        def info(self, path: str) -> dict[str, Any]:
            assert asked == [path]
            return about

    monkeypatch.setattr("analysis.counting.remote._file_system", lambda url: (Files(), "a.csv"))
    assert RemoteFile("s3://bucket/a.csv").stamp() == expected


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (ReadError("a.csv: as it is"), r"^a\.csv: as it is$"),
        (FileNotFoundError("no"), r"^s3://b/a\.csv: there is no such file or folder\.$"),
        (
            ImportError("Install x"),
            r"^s3://b/a\.csv: a package for s3:// is missing\. pip .* s3fs$",
        ),
        (PermissionError("Forbidden"), r"^s3://b/a\.csv: can't be read \(PermissionError: Forb"),
        (RuntimeError("x" * 999), r"\(RuntimeError: x{200}\)\. Keys and"),
    ],
)
def test_faults_name_the_address_wherever_they_come(
    fault: Exception, message: str, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: object) -> Any:
        raise fault

    class Files:
        info = open = invalidate_cache = staticmethod(fails)
        protocol = ("s3", "s3a")

    monkeypatch.setattr("analysis.counting.remote._file_system", lambda url: (Files(), "b/a.csv"))
    file = RemoteFile("s3://b/a.csv")
    for ask in (file.stamp, file.open, lambda: list_url(file.url, is_csv)):
        with pytest.raises(ReadError, match=message):
            ask()


def test_a_missing_package_that_we_do_not_know_is_named_as_fsspec_does(
    monkeypatch: pytest.MonkeyPatch,
):
    def fails(url: str) -> Any:
        raise ImportError("Install odd-fs to read odd")

    monkeypatch.setattr("analysis.counting.remote._file_system", fails)
    with pytest.raises(ReadError, match=r"package for odd:// is missing\. Install odd-fs to read"):
        list_url("odd://b/a.csv", is_csv)
