import asyncio
import hashlib
import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from analysis.counting.batches import list_files
from analysis.counting.cluster import (
    _quiet,
    awaited,
    check_address,
    connect,
    count_on_cluster,
    named_faults,
    results,
)
from analysis.counting.engine import count_corpus
from analysis.counting.file_parts import split_files
from analysis.counting.finishing import finish
from analysis.counting.groups import GroupCounts
from analysis.counting.partitions import CountSpec
from analysis.counting.parts import Job, levels
from analysis.counting.work_folder import MANIFEST, WorkFolder, decode, encode
from analysis.errors import CountsError, OutputError, ReadError
from analysis.lexicons.lexicon import Lexicon
from analysis.tokens import TermRules

BY = ["outlet", "quarter"]
LEXICON = "deterrence-dialogue"


def digest(counts: GroupCounts, folder: Path) -> str:
    """SHA-256 over all that the counts are when they are saved."""
    files = sorted(counts.save(folder).iterdir())
    content = b"".join(file.name.encode() + file.read_bytes() for file in files)
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def corpus(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in three files of three forms, dirt included."""
    folder = tmp_path_factory.mktemp("corpus")
    frame = pd.read_csv(root / "data" / "sample" / "articles.csv", dtype="str")
    frame.loc[[3, 17, 41], "text"] = None
    frame.loc[30, "date"] = "on a Tuesday"
    frame["score"] = range(len(frame))
    frame.iloc[:25].to_parquet(folder / "a.parquet", row_group_size=4)
    frame.iloc[25:40].to_json(folder / "b.jsonl", orient="records", lines=True)
    frame.iloc[40:].to_csv(folder / "c.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def serial(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    counts = count_corpus(corpus, BY, lexicon=LEXICON)
    assert len(counts.rejected) == 6
    assert len(counts.hits)
    return digest(counts, tmp_path_factory.mktemp("serial"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    ) as cluster:
        yield cluster


@pytest.mark.slow
def test_workers_and_parts_change_no_byte(cluster: Any, corpus: Path, serial: str, tmp_path: Path):
    from distributed import Client

    with Client(cluster) as client:
        client.wait_for_workers(2, timeout=120)
        for rows in (1, 9, 1000):
            work = tmp_path / f"work-{rows}" if rows < 1000 else None
            counts = count_corpus(
                corpus, BY, lexicon=LEXICON, client=client, part_rows=rows, work=work
            )
            assert digest(counts, tmp_path / f"saved-{rows}") == serial
        assert len(list((tmp_path / "work-1").glob("part-*.arrow"))) == 7 + 2


@pytest.mark.slow
def test_faults_of_the_input_come_back_from_the_workers(cluster: Any, tmp_path: Path):
    (tmp_path / "bad.jsonl").write_text('{"outlet": "A", "date": "2021", "body": 1}')
    with pytest.raises(ReadError, match="column"):
        count_corpus(tmp_path, ["desk"], client=cluster.scheduler_address)


@pytest.mark.parametrize(("rows", "threads"), [(1, 1), (1, 3), (9, 2), (1000, 1)])
def test_parts_kept_on_disk_give_the_same(
    rows: int, threads: int, corpus: Path, serial: str, tmp_path: Path
):
    work = tmp_path / "work"
    for _ in ("counted", "taken from the folder"):
        counts = count_corpus(
            corpus, BY, lexicon=LEXICON, part_rows=rows, threads=threads, work=work, batch_size=3
        )
        assert digest(counts, tmp_path / "saved") == serial


def test_a_second_run_counts_only_what_is_missing(
    corpus: Path, serial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from analysis.counting import parts as module

    work = tmp_path / "work"
    count_corpus(corpus, BY, lexicon=LEXICON, part_rows=1, work=work)
    done = sorted(work.glob("part-*.arrow"))
    assert len(done) == len((work / MANIFEST).read_text().split()) / 4 == 9
    gone, damaged, unlisted = done[0].name, done[4], done[8].name
    done[0].unlink()
    damaged.write_bytes(damaged.read_bytes()[:-40])
    lines = (work / MANIFEST).read_text().splitlines(keepends=True)
    kept = [line for line in lines if unlisted not in line]
    # A crash may cut off the last line.
    (work / MANIFEST).write_text("".join([*kept, '{"part": "part-0000']))
    counted = []
    honest = module.count_part
    monkeypatch.setattr(
        module, "count_part", lambda part, *rest: counted.append(part) or honest(part, *rest)
    )
    counts = count_corpus(corpus, BY, lexicon=LEXICON, part_rows=1, work=work)
    assert digest(counts, tmp_path / "saved") == serial
    names = {f"part-{part.file:06d}-{part.first:012d}" for part in counted}
    assert names == {name[:24] for name in (gone, damaged.name, unlisted)}
    counted.clear()
    count_corpus(corpus, BY, lexicon=LEXICON, part_rows=1, work=work)
    assert counted == []
    # Another question is another count; a file that changed is counted again.
    count_corpus(corpus, BY, part_rows=1, work=work)
    assert len(counted) == 9
    counted.clear()
    copy = tmp_path / "c.csv"
    copy.write_bytes((corpus / "c.csv").read_bytes())
    first = count_corpus(copy, BY, work=work)
    copy.write_text(copy.read_text() + "z9,Gazette,2021-03-14,,Talks\n")
    count_corpus(copy, BY, work=work)
    assert len(counted) == 2
    assert len(first.groups)


@pytest.mark.parametrize("by", ["score", "when", "flag", []])
@pytest.mark.parametrize("rules", [TermRules(), TermRules(ngrams=2)], ids=["words", "pairs"])
def test_labels_of_every_type_are_kept(by: str | list[str], rules: TermRules, tmp_path: Path):
    frame = pd.DataFrame(
        {"outlet": ["A", "B", "A", "B"], "date": ["2021", "2022", "2021", "2023"],
         "text": ["Talks about talks", "No talks", "Talks", "A summit"],
         "score": [1, 2, 1, 3],
         "flag": [True, None, False, True],
         "when": pd.to_datetime(["2021-01-01", "2021-01-02", None, "2021-01-02"])}
    )  # fmt: skip
    frame.to_parquet(tmp_path / "a.parquet", row_group_size=1)
    plain = count_corpus(tmp_path / "a.parquet", by, rules=rules)
    kept = count_corpus(
        tmp_path / "a.parquet", by, rules=rules, work=tmp_path / "work", part_rows=1
    )
    assert digest(kept, tmp_path / "kept") == digest(plain, tmp_path / "plain")


def test_a_partition_without_anything_comes_back(tmp_path: Path):
    frame = pd.DataFrame({"outlet": ["A"], "date": ["2021"], "text": ["x"]})
    frame.iloc[:0].to_parquet(tmp_path / "none.parquet")
    counts = count_corpus(tmp_path / "none.parquet", BY, work=tmp_path / "work")
    assert (len(counts.groups), len(counts.terms)) == (0, 0)
    part = next((tmp_path / "work").glob("part-*"))
    again = decode(part.read_bytes())
    assert encode(again) == part.read_bytes()
    assert isinstance(again.terms, pa.LargeStringArray)


def test_the_tree_adds_up_every_part_once():
    for count in (1, 7, 8, 9, 64, 65, 1000):
        level = [{number} for number in range(count)]
        for slices in levels(count):
            level = [set().union(*level[some]) for some in slices]
        assert level == [set(range(count))]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("tcp://127.0.0.1:8786", True), ("tcp://[::1]:8786", True), ("tcp://localhost:1", True),
        ("inproc://10.0.0.1/1/1", True), ("tls://10.0.0.1:8786", True),
        ("tcp://10.0.0.1:8786", False), ("tcp://scheduler:8786", False),
        ("ws://10.0.0.1:8786", False), ("ucx://10.0.0.1:1", False), ("10.0.0.1:8786", False),
        ("tcp://127.0.0.1.example.org:8786", False), ("tcp://localhost.example.org:1", False),
    ],
)  # fmt: skip
def test_only_this_machine_or_tls_unless_allowed(address: str, allowed: bool):
    if allowed:
        check_address(address, plain_tcp=False)
        return
    with pytest.raises(CountsError, match="neither on this machine nor reached by tls"):
        check_address(address, plain_tcp=False)
    if address.startswith("tcp"):
        check_address(address, plain_tcp=True)


def test_no_scheduler_and_no_dask_are_said_in_a_line(corpus: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(CountsError, match="neither on this machine"):
        count_corpus(corpus, BY, client="tcp://192.0.2.1:8786")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CountsError, match="Dask is not installed"):
        count_corpus(corpus, BY, client="local")


@pytest.fixture(scope="module")
def near() -> Iterator[Any]:
    """A cluster whose workers are threads of this process: it is there at once."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        yield client


def counted_near(near: Any, corpus: Path, work: Path | None) -> tuple[GroupCounts, int, list[int]]:
    """Counts, how often a part was said to be done, and how many parts were sent out each time."""
    spec = CountSpec(tuple(BY), Lexicon.load(LEXICON))
    parts = split_files(list_files(corpus), 1)
    job = Job(spec, (), {}, 3, None if work is None else str(work))
    done: list[int] = []
    sent: list[int] = []
    honest = near.map

    def map_(task: object, parts: list, **options: object) -> object:
        sent.append(len(parts))
        return honest(task, parts, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "map", map_)
        counts = count_on_cluster(near, parts, job, lambda: done.append(1))
    # Without a work folder it is a thread of the client's that says what is done.
    waited = time.monotonic() + 10
    while len(done) < len(parts) and time.monotonic() < waited:
        time.sleep(0.01)
    return finish([counts], spec), len(done), sent


def test_workers_count_what_one_process_counts(
    near: Any, corpus: Path, serial: str, tmp_path: Path
):
    counts, done, sent = counted_near(near, corpus, None)
    assert digest(counts, tmp_path / "saved") == serial
    assert (done, sent) == (9, [9])


def test_workers_count_only_what_is_missing(near: Any, corpus: Path, serial: str, tmp_path: Path):
    work = tmp_path / "work"
    for gone, missing in ((0, 9), (2, 2), (9, 9), (0, 0)):
        for path in sorted(work.glob("part-*"))[:gone]:
            path.unlink()
        counts, done, sent = counted_near(near, corpus, work)
        assert digest(counts, tmp_path / "saved") == serial
        assert (done, sent) == (9, [missing])
        assert set(WorkFolder(work).listed()) == {path.name for path in work.glob("part-*")}


def test_faults_of_the_input_are_those_of_a_worker(near: Any, tmp_path: Path):
    (tmp_path / "bad.jsonl").write_text('{"outlet": "A", "date": "2021", "text": "Talks"}')
    with pytest.raises(ReadError, match="by names the column 'desk'"):
        count_corpus(tmp_path, ["desk"], client=near)
    # The client was given: it is for others to close it.
    assert near.status == "running"


def test_a_client_is_given_or_made_and_closed(near: Any, monkeypatch: pytest.MonkeyPatch):
    import distributed

    with connect(near, plain_tcp=False) as client:
        assert client is near
    with connect(near.scheduler.address, plain_tcp=False) as client:
        assert client is not near
        assert client.status == "running"
        assert logging.getLogger("distributed.client").disabled
    assert client.status == "closed"
    assert not logging.getLogger("distributed.client").disabled
    local = partial(distributed.LocalCluster, n_workers=1, processes=False)
    monkeypatch.setattr(distributed, "LocalCluster", local)
    with connect("local", plain_tcp=False) as client:
        # One thread a process, as many processes as there are cores.
        assert list(client.nthreads().values()) == [1]
        assert client.cluster.scheduler.address == client.scheduler.address
    assert client.status == "closed"
    assert client.cluster.status == distributed.Status.closed


def test_a_client_of_another_machine_is_refused_like_its_address():
    pytest.importorskip("distributed")
    away = SimpleNamespace(scheduler=SimpleNamespace(address="tcp://192.0.2.1:8786"))
    with pytest.raises(CountsError, match="neither on this machine"), connect(away, False):
        pass
    with connect(away, plain_tcp=True) as client:
        assert client is away


@pytest.mark.parametrize(
    "fault", [OSError("refused"), TimeoutError("refused"), ValueError("refused")]
)
def test_a_scheduler_that_does_not_answer_is_said(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
):
    distributed = pytest.importorskip("distributed")
    asked = []

    def client(address: str, timeout: float) -> None:
        asked.append((address, timeout))
        raise fault

    monkeypatch.setattr(distributed, "Client", client)
    with (
        pytest.raises(CountsError, match=r"no scheduler answers at tls://a:1 \(refused\)"),
        connect("tls://a:1", plain_tcp=False),
    ):
        pass
    assert asked == [("tls://a:1", 15)]


def test_only_what_a_lost_client_says_is_kept_quiet():
    names = "distributed.client", "distributed.comm", "tornado.application", "distributed.worker"
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.disabled for logger in loggers]
    loggers[1].disabled = True
    try:
        with pytest.raises(ReadError, match="gone"), _quiet():
            assert [logger.disabled for logger in loggers] == [True, True, True, False]
            raise ReadError("gone")
        assert [logger.disabled for logger in loggers] == [False, True, False, False]
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


def test_faults_of_a_cluster_have_names():
    distributed = pytest.importorskip("distributed")
    from distributed.comm import CommClosedError

    killed = distributed.KilledWorker("count_part-1", None, 3)
    faults = [
        (killed, "the same part ended several workers"),
        (distributed.CancelledError("part"), r"scheduler is gone \(.*CancelledError\)"),
        (CommClosedError("lost"), r"scheduler is gone \(CommClosedError\)"),
        (TimeoutError(), r"scheduler is gone \(TimeoutError\)"),
    ]
    for fault, message in faults:
        with pytest.raises(CountsError, match=message) as said, named_faults():
            raise fault
        assert said.value.__cause__ is fault
    # What a part itself finds wrong comes through as it is.
    with pytest.raises(ReadError, match="no column"), named_faults():
        raise ReadError("no column")


class Cluster:
    """A client, its futures and a clock: what is finished or staffed at which second."""

    def __init__(
        self, finished: Sequence[float], staffed: Sequence[tuple[float, float]], lost: float = 1e9
    ) -> None:
        # The clock of a machine that has just been started.
        self.now, self.asked, self.looks = 10.0, [], 0
        self.finished, self.staffed, self.lost = list(finished), staffed, lost

    @property
    def second(self) -> float:
        return self.now - 10

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        # Who asks without a pause keeps a cluster from its work.
        assert 0.001 <= seconds <= 0.1
        self.now += 1

    @property
    def status(self) -> str:
        return "running" if self.second < self.lost else "connecting"

    def nthreads(self) -> dict[str, int]:
        self.asked.append(self.second)
        return {"w": 1} if any(a <= self.second < b for a, b in self.staffed) else {}

    def is_empty(self) -> bool:
        self.looks += 1
        assert self.looks < 50_000, "it looks without a pause"
        return not self.finished

    def has_ready(self) -> bool:
        return self.finished[0] <= self.second

    def __next__(self) -> tuple[Any, float]:
        return SimpleNamespace(status="finished"), self.finished.pop(0)


ALWAYS = [(0, 1e9)]


@pytest.mark.parametrize(
    ("finished", "staffed"),
    [
        ([], []),
        ([0, 0, 5, 5, 200], []),
        # A part may take as long as it takes, while there is a worker.
        ([2, 10_000], ALWAYS),
        ([650], [(0, 200), (400, 450)]),
        # A result shows that there was a worker.
        ([290, 580], []),
    ],
)
def test_results_come_as_long_as_there_are_workers(
    finished: list[float], staffed: list, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("distributed")
    cluster: Any = Cluster(finished, staffed)
    monkeypatch.setattr("analysis.counting.cluster.time", cluster)
    assert [second for _, second in results(cluster, cluster)] == finished
    # The scheduler is asked for its workers now and then, and not all the time.
    gaps = [after - before for before, after in pairwise([0, *cluster.asked])]
    assert all(30 <= gap <= 32 for gap in gaps)
    assert len(gaps) == cluster.second // 31


@pytest.mark.parametrize(
    ("finished", "staffed", "seconds"),
    [([1e6], [], 300), ([290, 1e6], [], 590), ([1e6], [(0, 400)], 700), ([9, 1e6], [], 309)],
)
def test_without_a_worker_nobody_waits_for_ever(
    finished: list[float], staffed: list, seconds: float, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("distributed")
    cluster: Any = Cluster(finished, staffed)
    monkeypatch.setattr("analysis.counting.cluster.time", cluster)
    with pytest.raises(CountsError, match="the cluster has had no worker for 300 seconds"):
        list(results(cluster, cluster))
    # It is noticed when workers are looked for, every thirty seconds.
    assert seconds - 31 <= cluster.second <= seconds + 31


def test_without_a_scheduler_nobody_waits(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("distributed")
    from distributed.comm import CommClosedError

    cluster: Any = Cluster([5, 1e6], ALWAYS, lost=40)
    monkeypatch.setattr("analysis.counting.cluster.time", cluster)
    found = results(cluster, cluster)
    assert next(found)[1] == 5
    with pytest.raises(CommClosedError, match="the connection is lost"):
        next(found)
    assert cluster.second == 40


def test_an_error_is_raised_after_what_was_finished_before_it(monkeypatch: pytest.MonkeyPatch):
    distributed = pytest.importorskip("distributed")
    with distributed.Client(
        processes=False, n_workers=1, threads_per_worker=1, dashboard_address=":0"
    ) as client:
        gather = type(client)._gather

        async def slowly(*args: Any, **kwargs: Any) -> Any:
            await asyncio.sleep(0.2)
            return await gather(*args, **kwargs)

        monkeypatch.setattr(type(client), "_gather", slowly)
        # One thread does them in order.
        futures = client.map(partial(divmod, 60), [4, 7, 0], pure=False)
        found = results(client, awaited(futures))
        assert sorted([next(found)[1], next(found)[1]]) == [(8, 4), (15, 0)]
        with pytest.raises(ZeroDivisionError):
            next(found)


def test_what_was_cancelled_is_no_result():
    distributed = pytest.importorskip("distributed")
    with distributed.Client(
        processes=False, n_workers=1, threads_per_worker=1, dashboard_address=":0"
    ) as client:
        futures = client.map(time.sleep, [0.5, 60], pure=False)
        found = results(client, awaited(futures))
        assert next(found)[0] == futures[0]
        futures[1].cancel()
        with pytest.raises(distributed.CancelledError):
            next(found)


def test_a_cluster_without_workers_is_said(corpus: Path, monkeypatch: pytest.MonkeyPatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("analysis.counting.cluster.NO_WORKER", 0.5)
    with (
        distributed.LocalCluster(
            n_workers=0, processes=False, dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        distributed.Client(cluster) as client,
        pytest.raises(CountsError, match="no worker for"),
    ):  # fmt: skip
        count_corpus(corpus, BY, client=client)


def test_a_work_folder_that_cannot_be_made_is_named(corpus: Path, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"can't be written \(Not a directory"):
        count_corpus(corpus, BY, work=tmp_path / "file" / "work")


def test_the_manifest_can_be_read_by_anyone(corpus: Path, tmp_path: Path):
    count_corpus(corpus, BY, part_rows=1, work=tmp_path)
    lines = [line for line in (tmp_path / MANIFEST).read_text().splitlines() if line]
    for entry in map(json.loads, lines):
        content = (tmp_path / entry["part"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
