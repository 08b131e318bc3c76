"""A corpus here and on 1, 2 and 4 processes of a cluster: seconds, CPU seconds, articles an hour.

    python -m tests.benchmarks.bench_cluster [corpus.parquet] [times]

Counting, over the corpus written `times` over into files; and telling voices apart, the costly
step of a study, over some of its articles. The last column is a hash of what came out. CPU seconds
hardly depend on what else the machine does; wall-clock seconds do.
"""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from analysis.counting.corpus import count_corpus
from analysis.counting.groups import GroupCounts
from analysis.executors import Where
from analysis.parts import map_parts
from analysis.preparing.voices import split_voices
from tests.benchmarks.common import ROOT

BY = ["outlet", "quarter"]
LEXICON = "deterrence-dialogue"


def write_corpus(source: Path, folder: Path, times: int) -> tuple[int, int]:
    """Articles and bytes of text that were written."""
    names = ["id", "outlet", "date", "text"]
    table = pq.read_table(source, columns=names).rename_columns(["doc_id", *names[1:]])
    for number in range(times):
        pq.write_table(table, folder / f"{number:04d}.parquet", row_group_size=500)
    size = sum(len(text.as_py().encode()) for text in table.column("text") if text.is_valid)
    return times * len(table), times * size


def digest(counts: GroupCounts) -> str:
    """SHA-256 over the saved counts."""
    with tempfile.TemporaryDirectory() as folder:
        files = sorted(counts.save(folder).iterdir())
        content = b"".join(file.name.encode() + file.read_bytes() for file in files)
    return hashlib.sha256(content).hexdigest()[:12]


def used(client: Any) -> float:
    """CPU seconds of all workers so far."""
    return sum(client.run(time.process_time).values())


class Table:
    """Prints a row for each run."""

    def __init__(self) -> None:
        print(f"{'':34}{'articles':>10}{'s':>8}{'CPU s':>8}{'articles/h':>14}  result")

    def row(self, what: str, articles: int, seconds: float, cpu: float, result: str) -> None:
        rate = articles / seconds * 3600
        print(f"{what:34}{articles:10,}{seconds:8.1f}{cpu:8.1f}{rate:14,.0f}  {result}", flush=True)


def here(table: Table, what: str, articles: int, work: Callable[[], str]) -> None:
    """Time work in this process."""
    begun, cpu = time.perf_counter(), time.process_time()
    result = work()
    table.row(what, articles, time.perf_counter() - begun, time.process_time() - cpu, result)


def there(table: Table, what: str, articles: int, client: Any, work: Callable[[], str]) -> None:
    """Time work on a cluster, and the CPU seconds of its workers."""
    begun, cpu = time.perf_counter(), used(client)
    result = work()
    table.row(what, articles, time.perf_counter() - begun, used(client) - cpu, result)


def voices(articles: pd.DataFrame, executor: Where) -> str:
    """Tell voices apart, as a study does, part by part; a hash of the segments."""
    parts = [articles[at : at + 250] for at in range(0, len(articles), 250)]
    segments = pd.concat(map_parts(split_voices, parts, executor), ignore_index=True)
    hashes = pd.util.hash_pandas_object(segments[["doc_id", "voice", "source", "text"]])
    return hashlib.sha256(hashes.to_numpy().tobytes()).hexdigest()[:12]


def main(source: str = "", times: int = 8, some: int = 2000) -> None:
    """Print one table."""
    from distributed import Client, LocalCluster

    source = source or str(ROOT.parent / "shared" / "corpora" / "allsides_security.parquet")
    if not Path(source).exists():
        print("skipped: name a Parquet file of articles")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        articles, size = write_corpus(Path(source), folder, times)
        files = sorted(folder.glob("*.parquet"))
        frame = pd.read_parquet(files[0]).dropna(subset=["text"])[:some]
        print(f"{articles:,} articles, {size / 1e6:,.0f} MB of text, {os.cpu_count()} cores")
        table = Table()

        def count(**options: Any) -> str:
            return digest(count_corpus(files, BY, lexicon=LEXICON, part_rows=2000, **options))

        count_corpus(files[0], BY, lexicon=LEXICON)  # compiles the kernel
        split_voices(frame[:20])
        here(table, "counting: one thread", articles, count)
        here(table, "counting: with a work folder", articles, lambda: count(work=folder / "work"))
        here(table, "voices: here", len(frame), lambda: voices(frame, None))
        for workers in (1, 2, 4):
            with (
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=None
                ) as cluster,
                Client(cluster) as client,
            ):
                client.wait_for_workers(workers)
                # Each worker loads the kernel and the word lists once.
                client.run(count_corpus, files[0], BY, lexicon=LEXICON)
                client.run(split_voices, frame[:20])
                run = partial(voices, frame, client)
                name = f"{workers} process{'es' * (workers > 1)}"
                there(table, f"counting: {name}", articles, client, partial(count, executor=client))
                there(table, f"voices: {name}", len(frame), client, run)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
