"""Where the steps are run that take one article after the other: here, or on a cluster in parts.

On a cluster the rows go to the workers, and come back as tables, through the client: workers need
this package, and no file of the study. What has come back is kept in a folder beside that of the
stage, until the stage is done; a run that was stopped asks only for what is missing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.counting.cluster import awaited, connect, named_faults, results
from analysis.counting.work_folder import WorkFolder
from analysis.errors import StudyError
from analysis.study.stages import made_with

if TYPE_CHECKING:
    from distributed import Client

Tables = list[pd.DataFrame]
# What is done to a part of the articles; each article's result must depend on that article alone.
Work = Callable[[pd.DataFrame], Tables]
# Runs such work over all rows; gives what it made of each part, in order.
Each = Callable[[Work, pd.DataFrame, Path], list[Tables]]

# Characters of text in a part: some seconds of telling voices apart.
CHARACTERS = 2_000_000
# So many parts are with the cluster at once, or two for every thread of the workers.
UNDER_WAY = 8


def here(work: Work, rows: pd.DataFrame, folder: Path) -> list[Tables]:
    """Do all in one part, in this process."""
    return [work(rows)]


@contextmanager
def workers(cluster: "Client | str | None", plain_tcp: bool) -> Iterator[Each]:
    """Where to run: here if `cluster` is None, on the workers of a client or address otherwise."""
    if cluster is None:
        yield here
        return
    with connect(cluster, plain_tcp) as client, named_faults():
        yield OnCluster(client)


@dataclass(frozen=True)
class OnCluster:
    """Runs work on the workers of a cluster, and keeps what is finished."""

    client: "Client"

    def __call__(self, work: Work, rows: pd.DataFrame, folder: Path) -> list[Tables]:
        """Do the work in parts; `folder` is the stage's, and says by its name what is done."""
        parts = cut(rows, CHARACTERS)
        names = {f"part-{part.start:09d}-{part.stop:09d}.arrow": part for part in parts}
        kept = WorkFolder(folder.with_suffix(".parts"))
        listed = kept.listed()
        missing = [name for name in names if not kept.holds(name, listed.get(name))]
        todo = ((name, rows.iloc[names[name]].reset_index(drop=True)) for name in missing)
        for name, content in self._finished(work, todo):
            kept.list(name, kept.write(name, content))
        return [from_bytes(kept.read(name)) for name in names]

    def _finished(
        self, work: Work, todo: Iterator[tuple[str, pd.DataFrame]]
    ) -> Iterator[tuple[str, bytes]]:
        """What the workers make of each part, as it is finished; only some parts are under way."""
        code = made_with()["code"]
        most = max(UNDER_WAY, 2 * sum(self.client.nthreads().values()))
        names: dict[Any, str] = {}
        waiting = awaited()
        finished = results(self.client, waiting)
        while True:
            for name, part in islice(todo, most - len(names)):
                # Work is pure, and the scheduler keeps its rows: it can be done again elsewhere.
                future = self.client.submit(do_part, work, part, code, pure=False)
                names[future] = name
                waiting.add(future)
            if not names:
                return
            future, content = next(finished)
            yield names.pop(future), content


def do_part(work: Work, part: pd.DataFrame, code: str) -> bytes:
    """Do a part on a worker, if that has the same code as the client."""
    if made_with()["code"] != code:
        raise StudyError(
            "--cluster: a worker has another version of media-framing-analysis than this process; "
            "install the same on all."
        )
    return to_bytes(work(part))


def cut(rows: pd.DataFrame, characters: int) -> list[slice]:
    """Runs of rows with about so many characters of text; an article's rows stay together.

    Examples
    --------
    >>> rows = pd.DataFrame({"doc_id": ["a", "a", "b", "c"], "text": ["One,", "two,", "3", "4"]})
    >>> cut(rows, 6)
    [slice(0, 2, None), slice(2, 4, None)]
    """
    first = (rows["doc_id"] != rows["doc_id"].shift()).to_numpy()
    sizes = rows["text"].str.len().fillna(0).to_numpy(np.int64)
    # A part begins with the first article that begins after so many characters.
    number = ((np.cumsum(sizes) - sizes) // characters)[first]
    starts = np.flatnonzero(first)[np.flatnonzero(np.diff(number, prepend=-1))].tolist()
    return [slice(a, b) for a, b in pairwise([*starts, len(rows)])]


def to_bytes(tables: Tables) -> bytes:
    """Tables as Arrow streams, one after the other."""
    sink = pa.BufferOutputStream()
    for frame in tables:
        # As one batch, which is written without rows too, and with it the categories.
        batch = pa.RecordBatch.from_pandas(frame, preserve_index=False)
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def from_bytes(content: bytes) -> Tables:
    """Read what `to_bytes` wrote."""
    source = pa.BufferReader(content)
    tables = []
    while source.tell() < len(content):
        tables.append(pa.ipc.open_stream(source).read_pandas())
    return tables
