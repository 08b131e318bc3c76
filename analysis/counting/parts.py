"""Counting a corpus part by part: here or on a cluster, with what is finished kept on disk."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Event

from analysis.counting.batches import read_part
from analysis.counting.file_parts import FilePart
from analysis.counting.partitions import CountSpec, PartitionCounter, PartitionCounts, merge
from analysis.counting.work_folder import WorkFolder, encode, part_name, read_counts

# So many counts are added up at once: memory holds these, and one sum a level of the tree.
FAN_IN = 8
Finished = Callable[[], object]


@dataclass(frozen=True)
class Job:
    """What to count in every part, and how to read it."""

    spec: CountSpec
    extra: tuple[str, ...]
    columns: dict[str, str]
    batch_size: int
    work: str | None = None


@dataclass(frozen=True)
class Kept:
    """A partition that is a file of the work folder."""

    name: str
    sha256: str


def count_part(part: FilePart, job: Job, stop: Event | None = None) -> PartitionCounts | Kept:
    """Count one part; the same part always gives the same counts."""
    counter = PartitionCounter(job.spec)
    for batch in read_part(part, job.extra, job.columns, job.batch_size):
        if stop is not None and stop.is_set():
            raise CancelledError
        counter.add(batch)
    counts = counter.result()
    if job.work is None:
        return counts
    name = part_name(part, job.spec, job.columns)
    return Kept(name, WorkFolder(job.work).write(name, encode(counts)))


def add_up(parts: Sequence[PartitionCounts | Kept], work: str | None) -> PartitionCounts:
    """Add up partitions, those on disk too."""
    return merge(
        [read_counts(WorkFolder(work or "."), part.name) if isinstance(part, Kept) else part
         for part in parts]
    )  # fmt: skip


def levels(count: int) -> Iterator[list[slice]]:
    """For each level of the tree of sums, which of the level below are added up together."""
    while True:
        yield [slice(first, first + FAN_IN) for first in range(0, count, FAN_IN)]
        count = -(-count // FAN_IN)
        if count <= 1:
            return


def finished(parts: Sequence[FilePart], job: Job) -> dict[FilePart, Kept]:
    """The parts that an earlier run has left in the work folder."""
    if job.work is None:
        return {}
    folder = WorkFolder(job.work)
    listed = folder.listed()
    kept = {}
    for part in parts:
        name = part_name(part, job.spec, job.columns)
        if name in listed and folder.holds(name, listed[name]):
            kept[part] = Kept(name, listed[name])
    return kept


def count_here(
    parts: Sequence[FilePart], job: Job, threads: int, done: Finished
) -> PartitionCounts:
    """Count all parts in this process, and keep each as soon as it is finished."""
    kept = finished(parts, job)
    open_ = [part for part in parts if part not in kept]
    for _ in kept:
        done()
    counted: dict[FilePart, PartitionCounts | Kept] = dict(kept)
    with ThreadPoolExecutor(threads) as pool:
        stop = Event()
        futures = {pool.submit(count_part, part, job, stop): part for part in open_}
        try:
            for future in as_completed(futures):
                counted[futures[future]] = keep(future.result(), job)
                done()
        except BaseException:
            # Ctrl-C, too, should not wait for the parts under way.
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    sums = [counted[part] for part in parts]
    for level in levels(len(sums)):
        sums = [add_up(sums[some], job.work) for some in level]
    (total,) = sums
    assert isinstance(total, PartitionCounts)  # noqa: S101
    return total


def keep(counts: PartitionCounts | Kept, job: Job) -> PartitionCounts | Kept:
    """List a finished partition in the manifest."""
    if isinstance(counts, Kept) and job.work is not None:
        WorkFolder(job.work).list(counts.name, counts.sha256)
    return counts
