"""Counting on a cluster of Dask: the same partition function, and a tree of sums over it."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from analysis.counting.file_parts import FilePart
from analysis.counting.partitions import PartitionCounts
from analysis.counting.parts import Finished, Job, add_up, count_part, finished, keep, levels
from analysis.errors import CountsError

if TYPE_CHECKING:
    from distributed import Client, Future, as_completed

# Seconds to wait for a worker, where there is none: nannies give up on one that dies as it starts.
NO_WORKER = 300.0


def check_address(address: str, plain_tcp: bool) -> None:
    """Refuse a scheduler that anybody on the way could listen to.

    Raises
    ------
    CountsError
        If the address is neither of this machine nor tls://, and plain TCP was not allowed.
    """
    url = urlsplit(address)
    host = url.hostname or ""
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if url.scheme in ("tls", "inproc") or (url.scheme == "tcp" and (loopback or plain_tcp)):
        return
    raise CountsError(
        f"client: the scheduler at {address} is neither on this machine nor reached by tls://. "
        "Texts and code would travel open to whoever listens, and whoever reaches that port can "
        "run code there. Set up TLS (docs/cluster.md), or, in a closed network, say "
        "plain_tcp=True (--plain-tcp)."
    )


@contextmanager
def connect(client: "Client | str", plain_tcp: bool) -> "Iterator[Client]":
    """A client that was given, or one of an address; "local" starts workers on this machine."""
    try:
        from distributed import Client, LocalCluster
    except ImportError as fault:
        raise CountsError(
            "client: Dask is not installed. pip install 'media-framing-analysis[cluster]'"
        ) from fault
    if not isinstance(client, str):
        check_address(str(client.scheduler.address), plain_tcp)
        yield client
    elif client == "local":
        with (
            LocalCluster(
                threads_per_worker=1,
                dashboard_address=None,
                # Any free port: a second run should not complain of the first.
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            ) as cluster,
            Client(cluster) as own,
        ):
            yield own
    else:
        check_address(client, plain_tcp)
        try:
            own = Client(client, timeout=15)
        except (OSError, ValueError) as fault:
            raise CountsError(
                f"client: no scheduler answers at {client} ({fault}). Start one, or check the "
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


@contextmanager
def named_faults() -> Iterator[None]:
    """Say what the faults of a cluster mean, and what to do.

    Raises
    ------
    CountsError
        If a part ended its worker several times, or the scheduler is gone.
    """
    from distributed import CancelledError, KilledWorker
    from distributed.comm import CommClosedError

    try:
        yield
    except KilledWorker as fault:
        raise CountsError(
            "the same part ended several workers one after another, most often for want of "
            "memory: give workers more, or write smaller row groups or files. With work= finished "
            "parts are kept, and in a study always; run again."
        ) from fault
    except (CancelledError, CommClosedError, TimeoutError) as fault:
        raise CountsError(
            f"the scheduler is gone ({type(fault).__name__}). Start it and run again: with work= "
            "finished parts are kept, and in a study always."
        ) from fault


def awaited(futures: "Sequence[Future]" = ()) -> "as_completed":
    """These futures, and those that are added, with their results or errors as they come."""
    from distributed import as_completed

    return as_completed(futures, with_results=True, raise_errors=False)


def results(client: "Client", waiting: "as_completed") -> "Iterator[tuple[Future, Any]]":
    """Finished futures with what they came to, as long as the scheduler is there.

    An error is raised after what was finished before it.

    A client that has lost its scheduler tries to reach it again, and may wait for ever for what
    that one, if it comes back, knows nothing of. Without workers a scheduler waits for ever, too.
    """
    from distributed import CancelledError
    from distributed.comm import CommClosedError

    staffed = looked = time.monotonic()
    while not waiting.is_empty():
        now = time.monotonic()
        if waiting.has_ready():
            staffed = now
            future, result = next(waiting)
            if future.status == "error":
                yield from _finished_besides(client, waiting)
                _, fault, _ = result
                raise fault
            if isinstance(result, CancelledError):
                raise result
            yield future, result
        elif client.status != "running":
            raise CommClosedError("the connection is lost")
        elif now - looked > NO_WORKER / 10:
            looked = now
            if client.nthreads():
                staffed = now
            elif now - staffed > NO_WORKER:
                raise CountsError(
                    f"the cluster has had no worker for {NO_WORKER:.0f} seconds. Start workers and "
                    "run again: with work= finished parts are kept, and in a study always."
                )
        else:
            time.sleep(0.01)


def _finished_besides(client: "Client", waiting: "as_completed") -> "Iterator[tuple[Future, Any]]":
    """What else was finished when an error came: results are fetched, and errors overtake them."""
    finished = [future for future in list(waiting.futures) if future.status == "finished"]
    ready = {
        future: result
        for future, result in waiting.next_batch(block=False)
        if future.status == "finished"
    }
    yield from ready.items()
    yield from results(client, awaited([future for future in finished if future not in ready]))


def count_on_cluster(
    client: "Client", parts: Sequence[FilePart], job: Job, done: Finished
) -> PartitionCounts:
    """Count all parts on the workers, and add them up there."""
    with named_faults():
        return _count(client, parts, job, done)


def _count(
    client: "Client", parts: Sequence[FilePart], job: Job, done: Finished
) -> PartitionCounts:
    kept = finished(parts, job)
    for _ in kept:
        done()
    open_ = [part for part in parts if part not in kept]
    # Tasks are pure, but files may change between runs: no result of another run is taken over.
    counted = client.map(count_part, open_, job=job, pure=False)
    of_part: dict[FilePart, Any] = kept | dict(zip(open_, counted, strict=True))
    if job.work is not None:
        for _, result in results(client, awaited(counted)):
            keep(result, job)
            done()
    else:
        for future in counted:
            future.add_done_callback(lambda _: done())
    sums = [of_part[part] for part in parts]
    # Workers may forget a part as soon as it is in a sum.
    del counted, of_part
    for level in levels(len(sums)):
        sums = [client.submit(add_up, sums[some], job.work, pure=False) for some in level]
    ((_, total),) = results(client, awaited(sums))
    counts: PartitionCounts = total
    return counts
