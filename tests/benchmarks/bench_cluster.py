"""Counting a corpus here and on 1, 2 and 4 processes of a cluster: seconds, CPU seconds, bytes.

    python -m tests.benchmarks.bench_cluster [corpus.parquet] [times]

The corpus is written `times` over into files. CPU seconds hardly depend on
what else the machine does; wall-clock seconds do.
"""

import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from analysis.counting.engine import count_corpus
from analysis.counting.groups import GroupCounts
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


def main(source: str = "", times: int = 8) -> None:
    """Print one table."""
    from distributed import Client, LocalCluster

    source = source or str(ROOT.parent / "shared" / "corpora" / "allsides_security.parquet")
    if not Path(source).exists():
        print("skipped: name a Parquet file of articles")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        articles, size = write_corpus(Path(source), folder, times)
        print(f"{articles:,} articles, {size / 1e6:,.0f} MB of text, {os.cpu_count()} cores")
        print(f"{'':28}{'s':>8}{'CPU s':>8}{'articles/h':>14}  tables")

        def row(what: str, seconds: float, cpu: float, counts: GroupCounts) -> None:
            rate = articles / seconds * 3600
            print(f"{what:28}{seconds:8.1f}{cpu:8.1f}{rate:14,.0f}  {digest(counts)}", flush=True)

        count_corpus(next(folder.iterdir()), BY, lexicon=LEXICON)  # compiles the kernel
        for what, work in (("here", None), ("here, with a work folder", folder / "work")):
            begun, cpu = time.perf_counter(), time.process_time()
            files = sorted(folder.glob("*.parquet"))
            counts = count_corpus(files, BY, lexicon=LEXICON, work=work, part_rows=2000)
            row(what, time.perf_counter() - begun, time.process_time() - cpu, counts)
        for workers in (1, 2, 4):
            with (
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=None
                ) as cluster,
                Client(cluster) as client,
            ):
                client.wait_for_workers(workers)
                # Each worker loads the kernel once.
                client.run(count_corpus, files[0], BY, lexicon=LEXICON)
                begun, cpu = time.perf_counter(), used(client)
                counts = count_corpus(files, BY, lexicon=LEXICON, client=client, part_rows=2000)
                seconds = time.perf_counter() - begun
                row(f"processes: {workers}", seconds, used(client) - cpu, counts)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
