"""The workers of a Dask cluster: reached safely, and what befalls them named."""

import logging
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from functools import partial
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from analysis import executors, parts
from analysis.errors import ExecutorError, ReadError
from analysis.executors import Cluster, check_address, open_executor, wait_for
from analysis.parts import map_parts
from tests.kept import written

distributed = pytest.importorskip("distributed")


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
    with pytest.raises(ExecutorError, match="neither on this machine nor reached by tls"):
        check_address(address, plain_tcp=False)
    if address.startswith("tcp"):
        check_address(address, plain_tcp=True)


@pytest.fixture(scope="module")
def near() -> Iterator[Any]:
    """A cluster whose workers are threads of this process: it is there at once."""
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        yield client


def tables(number: int) -> dict[str, pa.Table]:
    return {"n": pa.table({"n": [10 // number]})}


def test_a_client_is_an_executor(near: Any, tmp_path: Any):
    expected = [{"n": pa.table({"n": [n]})} for n in (10, 5, 3)]
    assert list(map_parts(tables, [1, 2, 3], near)) == expected
    # What the workers keep serves this thread, too.
    assert list(map_parts(tables, [1, 2, 3], near, work=tmp_path)) == expected
    kept = written(tmp_path.iterdir())
    assert list(map_parts(tables, [1, 2, 3], work=tmp_path)) == expected
    assert written(tmp_path.iterdir()) == kept
    with open_executor(near) as pool:
        assert executors.workers_of(pool) == 2
        with pytest.raises(ZeroDivisionError):
            list(map_parts(tables, [1, 0], pool))
    assert near.status == "running"


def test_workers_with_other_code_are_refused(near: Any, monkeypatch: pytest.MonkeyPatch):
    versions = iter(["of the client", *["of the worker"] * 9])
    monkeypatch.setattr(parts, "code_hash", lambda: next(versions))
    with pytest.raises(ExecutorError, match="a worker has another version of media-framing"):
        list(map_parts(tables, [1], near))


def test_a_client_is_given_or_made_and_closed(near: Any, monkeypatch: pytest.MonkeyPatch):
    with open_executor(near.scheduler.address) as pool:
        assert isinstance(pool, Cluster)
        assert pool.client is not near
        assert pool.client.status == "running"
        assert logging.getLogger("distributed.client").disabled
    assert pool.client.status == "closed"
    assert not logging.getLogger("distributed.client").disabled
    local = partial(distributed.LocalCluster, n_workers=1, processes=False)
    monkeypatch.setattr(distributed, "LocalCluster", local)
    with open_executor("local") as pool:
        # One thread a process, as many processes as there are cores.
        assert list(pool.client.nthreads().values()) == [1]
    assert pool.client.status == "closed"
    assert pool.client.cluster.status == distributed.Status.closed


def test_a_client_of_another_machine_is_refused_like_its_address():
    away = SimpleNamespace(
        scheduler=SimpleNamespace(address="tcp://192.0.2.1:8786"),
        get_executor=lambda pure: "its executor",
    )
    with pytest.raises(ExecutorError, match="neither on this machine"), open_executor(away):
        pass
    with open_executor(away, plain_tcp=True) as pool:
        assert pool.client is away


@pytest.mark.parametrize(
    "fault", [OSError("refused"), TimeoutError("refused"), TypeError("refused")]
)
def test_a_scheduler_that_does_not_answer_is_said(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
):
    def client(address: str, timeout: float) -> None:
        assert (address, timeout) == ("tls://a:1", 15)
        raise fault

    monkeypatch.setattr(distributed, "Client", client)
    with (
        pytest.raises(ExecutorError, match=r"no scheduler answers at tls://a:1 \(refused\)"),
        open_executor("tls://a:1"),
    ):
        pass


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExecutorError, match="Dask is not installed"), open_executor("local"):
        pass


class Waiting:
    """A future and its cluster under a clock: what is finished or staffed at which second."""

    def __init__(self, finished: float, staffed: list[tuple[float, float]], lost: float) -> None:
        self.now, self.finished, self.staffed, self.lost = 0.0, finished, staffed, lost

    def monotonic(self) -> float:
        return self.now

    def result(self, timeout: float | None) -> str:
        # Who asks without a pause keeps a cluster from its work.
        assert timeout is not None
        assert 0.5 <= timeout <= 30
        self.now += timeout
        if self.now < self.finished:
            raise TimeoutError
        return "done"

    def done(self) -> bool:
        return False

    @property
    def status(self) -> str:
        return "running" if self.now < self.lost else "connecting"

    def nthreads(self) -> dict[str, int]:
        return {"w": 1} if any(a <= self.now < b for a, b in self.staffed) else {}

    def get_executor(self, pure: bool) -> None:
        assert not pure


@pytest.mark.parametrize(
    ("finished", "staffed", "lost", "said", "after"),
    [
        (200, [], 1e9, "", 200),
        # A part may take as long as it takes, while there is a worker.
        (10_000, [(0, 1e9)], 1e9, "", 10_000),
        (650, [(0, 200), (400, 450)], 1e9, "", 650),
        (1e6, [], 1e9, "the cluster has had no worker for 300 seconds", 300),
        (1e6, [(0, 400)], 1e9, "the cluster has had no worker for 300 seconds", 700),
        (1e6, [(0, 1e9)], 40, "the scheduler is gone", 40),
    ],
)
def test_nobody_waits_for_ever(
    finished: float,
    staffed: list[tuple[float, float]],
    lost: float,
    said: str,
    after: float,
    monkeypatch: pytest.MonkeyPatch,
):
    waiting: Any = Waiting(finished, staffed, lost)
    monkeypatch.setattr(executors, "time", waiting)
    if not said:
        assert wait_for(waiting, Cluster(waiting)) == "done"
    else:
        with pytest.raises(ExecutorError, match=said):
            wait_for(waiting, Cluster(waiting))
    assert after <= waiting.now <= after + 2


@pytest.mark.parametrize(
    ("fault", "raised", "message"),
    [
        (distributed.KilledWorker("part-1", None, 3), ExecutorError, "ended several workers"),
        (CancelledError(), ExecutorError, "the scheduler is gone"),
        # What a part itself finds wrong comes through as it is.
        (ReadError("no column"), ReadError, "^no column$"),
        (TimeoutError("of the part"), TimeoutError, "of the part"),
    ],
)
def test_faults_of_a_cluster_have_names(fault: Exception, raised: type, message: str, near: Any):
    future: Future[None] = Future()
    future.set_exception(fault)
    with pytest.raises(raised, match=message):
        wait_for(future, Cluster(near))


def test_a_cluster_without_workers_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(executors, "NO_WORKER", 0.5)
    monkeypatch.setattr(executors, "LOOK", 0.2)
    with (
        distributed.LocalCluster(
            n_workers=0, processes=False, dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        distributed.Client(cluster) as client,
        pytest.raises(ExecutorError, match="no worker for"),
    ):  # fmt: skip
        list(map_parts(tables, [1], client))


def test_what_was_cancelled_is_no_result(near: Any):
    with open_executor(near) as pool, pytest.raises(ExecutorError, match="the scheduler is gone"):
        future: Future[None] = Future()
        future.cancel()
        wait_for(future, pool)
