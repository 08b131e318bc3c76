"""The only loop over parts: here or on workers, in order, with what is finished kept on disk.

A work folder holds one file a finished part, named after a hash of all that the result depends
on, with the SHA-256 of its content: what is missing or damaged is worked on again.
"""

import hashlib
import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import (
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import closing
from contextvars import ContextVar
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event
from typing import Any, TypeVar, cast

import pyarrow as pa

from analysis.errors import ExecutorError, OutputError
from analysis.executors import Cluster, Where, open_executor, wait_for, workers_of
from analysis.files import writing
from analysis.fingerprints import code_hash, fingerprint

Part = TypeVar("Part")
Result = TypeVar("Result")
Tables = dict[str, pa.Table]
PathOf = Callable[[Any], Path]

# Parts under way at once, for each worker: one that it works on, and one that waits.
UNDER_WAY = 2
# The checksum, and room to the next address that Arrow likes to begin at.
_HEAD = 64
_stop: ContextVar[Event | None] = ContextVar("_stop", default=None)


def map_parts(
    function: Callable[[Part], Result],
    parts: Iterable[Part],
    executor: Where = None,
    *,
    work: str | Path | None = None,
    question: object = None,
    key: Callable[[Part], object] | None = None,
    progress: Callable[[], object] | None = None,
    plain_tcp: bool = False,
) -> Iterator[Result]:
    """Apply a function to parts, and yield the results in the order of the parts.

    Only two parts a worker are under way, so that memory does not grow with the number of parts.
    Closing the iterator, or an error, cancels them.

    Parameters
    ----------
    function, parts
        With another executor than this thread, picklable.
    executor, plain_tcp
        See :func:`analysis.executors.open_executor`.
    work : path, optional
        A folder where results are kept, which all workers must reach; results must then be
        dictionaries of Arrow tables. Workers write them, and one at a time is read here.
    question : anything that `fingerprint` takes, optional
        What else than the part and the code of this package a kept result depends on; if not
        said, the function.
    key : function of a part, optional
        What of a part its kept result depends on; if not said, the part.
    progress : function without arguments, optional
        Called when a part is finished, before its result is yielded.

    Raises
    ------
    ExecutorError
        If workers can't be started or reached, or end before they are done.
    OutputError
        If `work` can't be written.

    Examples
    --------
    >>> list(map_parts(abs, [3, -2, 1]))
    [3, 2, 1]
    """
    path_of: PathOf | None = None
    if work is not None:
        asked = fingerprint(function if question is None else question)
        folder = Path(work).absolute()
        _check_writable(folder)
        known = fingerprint(code_hash(), asked)

        def path_of(part: Part) -> Path:
            # Anything else that the result depends on gives another name.
            depends = part if key is None else key(part)
            return folder / f"part-{fingerprint(known, depends)[:32]}.arrow"

    with open_executor(executor, plain_tcp) as pool:
        if pool is None:
            results = _here(function, parts, path_of)
        else:
            results = _map(function, parts, pool, path_of)
        with closing(results):
            for result in results:
                if progress is not None:
                    progress()
                yield result


def check_stopped() -> None:
    """End a part that nobody waits for any more: long work on a thread asks now and then."""
    stop = _stop.get()
    if stop is not None and stop.is_set():
        raise CancelledError


def _check_writable(folder: Path) -> None:
    """That results can't be kept is better known before the work than after."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as fault:
        raise OutputError(
            f"work={str(folder)!r}: can't be written ({fault.strerror}). Name a folder that you "
            "may write to."
        ) from fault


def _write(path: Path, tables: Tables) -> None:
    """Keep a result, with a checksum in front."""
    content = _encode(tables)
    with writing(path) as unfinished, unfinished.open("wb") as file:
        file.write(_checksum(path, content).ljust(_HEAD, b"\0"))
        file.write(content)


def _read(path: Path) -> Tables | None:
    """A result, if it is there as it was written."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body = memoryview(content)[_HEAD:]
    if content[:32] != _checksum(path, body):
        return None
    return _decode(body)


def _checksum(path: Path, content: "pa.Buffer | memoryview") -> bytes:
    # With the name: a file that was moved to another's place is not that other.
    return hashlib.sha256(path.name.encode() + hashlib.sha256(content).digest()).digest()


def _encode(tables: Tables) -> pa.Buffer:
    """Tables as Arrow streams, one after the other, each with its name in the metadata."""
    sink = pa.BufferOutputStream()
    for name, table in tables.items():
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), "part": name})
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    return sink.getvalue()


def _decode(content: memoryview) -> Tables:
    source = pa.BufferReader(content)
    tables = {}
    while source.tell() < len(content):
        table = pa.ipc.open_stream(source).read_all()
        metadata = dict(table.schema.metadata)
        name = metadata.pop(b"part").decode()
        tables[name] = table.replace_schema_metadata(metadata or None)
    return tables


def _here(
    function: Callable[[Part], Result], parts: Iterable[Part], path_of: PathOf | None
) -> Generator[Result, None, None]:
    for part in parts:
        if path_of is None:
            yield function(part)
        else:
            path = path_of(part)
            yield _kept(path, lambda: _work(function, part, path))  # noqa: B023 (called at once)


def _map(
    function: Callable[[Part], Result],
    parts: Iterable[Part],
    pool: Executor,
    path_of: PathOf | None,
) -> Generator[Result, None, None]:
    if isinstance(pool, ProcessPoolExecutor):
        _check_picklable(function)
    stop = Event() if isinstance(pool, ThreadPoolExecutor) else None
    # A worker on another machine may have another version of this package.
    code = code_hash() if isinstance(pool, Cluster) else None

    def submit(part: Part, path: Path | None) -> "Future[Any]":
        return pool.submit(_work, function, part, path, stop, code)

    waiting: deque[tuple[Part, Path | None, Future[Any] | None]] = deque()
    rest = iter(parts)
    try:
        while True:
            for part in islice(rest, max(0, UNDER_WAY * workers_of(pool) - len(waiting))):
                path = None if path_of is None else path_of(part)
                done = path is not None and path.exists()
                waiting.append((part, path, None if done else submit(part, path)))
            if not waiting:
                return
            part, path, future = waiting.popleft()
            result = None if future is None else wait_for(future, pool)
            # The future holds the part and its result.
            del future
            if path is None:
                yield cast(Result, result)
            else:
                again = partial(submit, part, path)
                yield _kept(path, lambda: wait_for(again(), pool))  # noqa: B023 (called at once)
            del result
    finally:
        if stop is not None:
            stop.set()
        for _, _, under_way in waiting:
            if under_way is not None:
                under_way.cancel()


def _check_picklable(function: object) -> None:
    try:
        pickle.dumps(function)
    except Exception as fault:  # pickle, and what is pickled, have faults of many kinds.
        raise ExecutorError(
            f"{function!r:.200} can't be sent to other processes ({fault}). Define the functions "
            "that it is made of in a module, not in another function or as a lambda."
        ) from fault


def _kept(path: Path, work: Callable[[], object]) -> Any:
    """The kept result of a part; worked on first, where it is missing or damaged."""
    tables = _read(path)
    if tables is None:
        work()
        tables = _read(path)
    if tables is None:
        raise OutputError(
            f"{path}: was written, and is missing or damaged when it is read. work= must be a "
            "folder of a sound disk that all workers share."
        )
    return tables


def _work(
    function: Callable[[Part], Result],
    part: Part,
    path: Path | None,
    stop: Event | None = None,
    code: str | None = None,
) -> Result | None:
    """Work on a part, and keep what it comes to in place of giving it back."""
    if code is not None and code != code_hash():
        raise ExecutorError(
            "executor: a worker has another version of media-framing-analysis than this process. "
            "Install the same on all machines."
        )
    _stop.set(stop)
    check_stopped()
    result = function(part)
    if path is None:
        return result
    _write(path, cast(Tables, result))
    return None
