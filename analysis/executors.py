"""Where parts are worked on: this thread, processes, any executor, or the workers of a cluster."""

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from ipaddress import ip_address
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

from analysis.errors import ExecutorError

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from distributed import Client

Result = TypeVar("Result")
# Where to work: None is this thread, a number starts as many processes, a string is "local" or the
# address of a Dask scheduler.
Where: TypeAlias = "Executor | Client | int | str | None"

# Seconds to wait for a worker where there is none: Dask's nannies give up on one that dies as it
# starts, and a scheduler without workers would wait for ever.
NO_WORKER = 300.0
_AGAIN = "With work= finished parts are kept, and in a study always; run again."
# Seconds between two looks at a cluster.
LOOK = 1.0
# Every process is one worker: its libraries start no threads beside it.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Cluster(Executor):
    """The workers of a Dask client, as an executor."""

    def __init__(self, client: "Client") -> None:
        self.client = client
        self._workers, self._looked = 1, -LOOK
        # Tasks are pure, but files may change between runs: no result of another is taken over.
        self._executor = client.get_executor(pure=False)

    @property
    def workers(self) -> int:
        """How many parts the workers take at once: asked now and then, since they come and go."""
        if time.monotonic() - self._looked >= LOOK and self.client.status == "running":
            self._workers = max(1, sum(self.client.nthreads().values()))
            self._looked = time.monotonic()
        return self._workers

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Give a task to the cluster."""
        future: Future[Any] = self._executor.submit(function, *args, **kwargs)
        return future


@contextmanager
def open_executor(executor: Where, plain_tcp: bool = False) -> Iterator[Executor | None]:
    """Open an executor, and close it again if it was opened here.

    None, or 1, is this thread; a larger number starts as many processes; "local" starts a Dask
    cluster on this machine, and any other string is the address of a scheduler: on another machine
    without TLS only if `plain_tcp` allows it. ExecutorError if it is none of these, or the address
    is open to others, or nobody answers.
    """
    if isinstance(executor, bool) or (isinstance(executor, int) and executor < 1):
        raise ExecutorError(f"executor={executor!r}: a number of processes must be 1 or more.")
    if executor is None or isinstance(executor, Executor):
        yield executor
    elif isinstance(executor, int):
        if executor == 1:
            yield None
        else:
            with _processes(executor) as pool:
                yield pool
    elif isinstance(executor, str) or hasattr(executor, "get_executor"):
        with _connected(executor, plain_tcp) as client:
            yield Cluster(client)
    else:
        raise ExecutorError(
            f"executor={executor!r} must be None, a number of processes, an executor of "
            "concurrent.futures, a Dask client, the address of a scheduler, or 'local'."
        )


def workers_of(pool: Executor) -> int:
    """How many parts an executor works on at once."""
    if isinstance(pool, Cluster):
        return pool.workers
    return int(getattr(pool, "_max_workers", None) or os.cpu_count() or 1)


def wait_for(future: "Future[Result]", pool: Executor) -> Result:
    """The result of a future; what can go wrong with the workers is named.

    A Dask client that has lost its scheduler tries to reach it again, and may wait for ever for
    what that one, if it comes back, knows nothing of. A scheduler without workers waits for ever,
    too. So a cluster is looked at now and then.
    """
    staffed = time.monotonic()
    while True:
        try:
            return future.result(LOOK if isinstance(pool, Cluster) else None)
        except TimeoutError:
            if future.done():
                raise
        except CancelledError as fault:
            raise ExecutorError(f"the scheduler is gone. Start it. {_AGAIN}") from fault
        except BrokenProcessPool as fault:
            raise ExecutorError(
                "a worker process ended unexpectedly, most often for want of memory: use fewer "
                "processes or smaller parts. In a script, put the call under "
                f"if __name__ == '__main__'. {_AGAIN}"
            ) from fault
        except Exception as fault:
            if type(fault).__name__ != "KilledWorker":  # Dask's; distributed may not be there
                raise
            raise ExecutorError(
                "the same part ended several workers one after another, most often for want of "
                f"memory: give workers more, or write smaller row groups or files. {_AGAIN}"
            ) from fault
        assert isinstance(pool, Cluster)  # noqa: S101
        staffed = _look_at(pool.client, staffed)


def _look_at(client: "Client", staffed: float) -> float:
    """Refuse a cluster without a scheduler, or long without workers; when it last had some."""
    now = time.monotonic()
    if client.status != "running":
        raise ExecutorError(f"the scheduler is gone: no connection. Start it. {_AGAIN}")
    try:
        staffed = now if client.nthreads() else staffed
    except (OSError, TimeoutError):  # The scheduler is on its way out: the next look says so.
        return staffed
    if now - staffed > NO_WORKER:
        raise ExecutorError(
            f"the cluster has had no worker for {NO_WORKER:.0f} seconds. Start some. {_AGAIN}"
        )
    return staffed


@contextmanager
def _processes(number: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that end with this one, at once if it is interrupted.

    They are spawned: compiled code and threads do not survive a fork.
    """
    pool = ProcessPoolExecutor(number, get_context("spawn"), initializer=_start_worker)
    # Inherited by what is started, unless the user has chosen otherwise.
    limits = {name: "1" for name in _THREADS if name not in os.environ}
    os.environ.update(limits)
    try:
        yield pool
    finally:
        for name in limits:
            os.environ.pop(name, None)
        # Whoever leaves has all results, or wants none.
        running = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            process.terminate()


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, and end when that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=[parent], daemon=True).start()


def _end_after(parent: "BaseProcess") -> None:
    parent.join()
    os._exit(1)


def check_address(address: str, plain_tcp: bool) -> None:
    """Refuse a scheduler on another machine without TLS, unless plain TCP was allowed."""
    url = urlsplit(address)
    host = url.hostname or ""
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if url.scheme in ("tls", "inproc") or (url.scheme == "tcp" and (loopback or plain_tcp)):
        return
    raise ExecutorError(
        f"executor: the scheduler at {address} is neither on this machine nor reached by tls://. "
        "Texts and code would travel open to whoever listens, and whoever reaches that port can "
        "run code there. Set up TLS (docs/cluster.md), or, in a closed network, say "
        "plain_tcp=True (--plain-tcp)."
    )


@contextmanager
def _connected(client: "Client | str", plain_tcp: bool) -> "Iterator[Client]":
    """A client that was given, or one of an address; "local" starts workers on this machine."""
    try:
        from distributed import Client, LocalCluster
    except ImportError as fault:
        raise ExecutorError(
            "executor: Dask is not installed. pip install 'media-framing-analysis[cluster]'"
        ) from fault
    if not isinstance(client, str):
        check_address(str(client.scheduler.address), plain_tcp)
        yield client
    elif client == "local":
        # Any free port: a second run should not complain of the first.
        any_port = {"dashboard_address": "127.0.0.1:0"}
        local = LocalCluster(
            threads_per_worker=1, dashboard_address=None, scheduler_kwargs=any_port
        )
        with local as cluster, Client(cluster) as own:
            yield own
    else:
        check_address(client, plain_tcp)
        try:
            own = Client(client, timeout=15)
        # TypeError: tls:// without certificates.
        except (OSError, TypeError, ValueError) as fault:
            raise ExecutorError(
                f"executor: no scheduler answers at {client} ({fault}). Start one, or check the "
                "address."
            ) from fault
        with _quiet(), own:
            yield own


@contextmanager
def _quiet() -> Iterator[None]:
    """Let a client that has lost its scheduler leave it to us to say so, in one line."""
    names = ("distributed.client", "distributed.comm", "tornado.application")
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.disabled for logger in loggers]
    try:
        for logger in loggers:
            logger.disabled = True
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled
