"""Counting a corpus from disk, in memory that does not grow with it."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from analysis.counting.batches import Batch, count_rows, list_files, read_batches
from analysis.counting.groups import GroupCounts, columns_of
from analysis.counting.remote import is_url
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.periods import FREQUENCIES
from analysis.tokens import TermRules

if TYPE_CHECKING:
    from distributed import Client

    from analysis.counting.partitions import CountSpec, PartitionCounts

# Columns that every batch has anyway.
_GIVEN = ("outlet", "date")


def count_corpus(
    paths: str | Path | Iterable[str | Path],
    by: str | Sequence[str],
    *,
    lexicon: Lexicon | str | Path | None = None,
    rules: TermRules = TermRules(),
    columns: Mapping[str, str] | None = None,
    day_first: bool | None = None,
    batch_size: int = 2048,
    threads: int = 1,
    progress: bool | None = None,
    work: str | Path | None = None,
    client: "Client | str | None" = None,
    plain_tcp: bool = False,
    part_rows: int = 50_000,
) -> GroupCounts:
    """Count the terms, and the hits of a lexicon, of a corpus on disk per group of articles.

    The result is what ``group_counts(document_terms(articles), by)`` gives, and every statistic
    that needs no single articles takes it in the same way; but the texts are read a batch at a
    time and never held together.
    It is the same to the last byte for any batch size and number of threads, parts and workers.

    Parameters
    ----------
    paths : path or iterable of paths
        Parquet, CSV, TSV and JSON-lines files (also .gz and .zst), or folders of them; also at an
        address that fsspec knows, such as ``"s3://bucket/corpus/*.parquet"``. Each row is an
        article. Texts are counted as they stand: clean them, and drop reprints, before. That holds
        for HTML, too, which read_articles takes out of tables: a file whose first rows hold tags
        gets a warning.
        Ids are not checked for being unique, as that would need them all in memory.
    by : str or sequence of str
        Columns of the files that make the groups, and calendar spans of the date: "day", "week",
        "month", "quarter", "half", "year" (of the date, also where the files have a column of such
        a name). An empty sequence makes one group of everything.
    lexicon : Lexicon, or the path or shipped name of one, optional
    rules : TermRules
    columns : mapping, optional
        Column of the articles table to column of the files, such as ``{"outlet": "paper"}``,
        where the guess of read_articles would be another.
    day_first : bool, optional
        Whether 04/05/2018 is in May (True) or April (False). If not said, such rows are rejected,
        as a file that is streamed is not searched for dates that would settle it.
    batch_size : int
        Rows that are read at a time: memory is a few times their texts.
    threads : int
        Each has a vocabulary and sums of its own.
    progress : bool, optional
        Show a progress bar; if not said, in a terminal or notebook.
    work : path, optional
        A folder where finished parts of the corpus are kept: after a crash, the same call counts
        only what was under way. On a cluster all workers must reach it. Delete it when done.
    client : distributed.Client, or a scheduler's address, or "local", optional
        Count on the workers of a Dask cluster, which must see the files under the same paths;
        "local" starts one process a core. Then `threads` has no meaning.
    plain_tcp : bool
        Allow a scheduler on another machine without TLS.
    part_rows : int
        With `work` or `client`: about how many rows of Parquet make a part. Other files are a
        part each.

    Returns
    -------
    GroupCounts
        With ``rejected``: rows in = articles counted + rows rejected, always.

    Raises
    ------
    ReadError
        If a file can't be read, lacks a column, or changes or vanishes while it is counted.
    CountsError
        If an argument has no sense, `work` can't be written, or the cluster fails.

    Examples
    --------
    >>> import pandas as pd, tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> rows = [("Gazette", "2021-03-14", "Talks, talks."), ("Herald", "2021-05-02", "No talks.")]
    >>> frame = pd.DataFrame(rows, columns=["outlet", "date", "text"])
    >>> frame.to_parquet(folder / "articles.parquet")
    >>> counts = count_corpus(folder, ["outlet", "quarter"])
    >>> counts.groups
        outlet  quarter  articles  tokens  tokens_sq
    0  Gazette  2021-Q1         1       2          4
    1   Herald  2021-Q2         1       2          4
    """
    from analysis.counting.cluster import connect, count_on_cluster
    from analysis.counting.file_parts import split_files
    from analysis.counting.finishing import finish
    from analysis.counting.partitions import CountSpec
    from analysis.counting.parts import Job, count_here

    by = columns_of(by)
    sizes = (("batch_size", batch_size), ("threads", threads), ("part_rows", part_rows))
    for name, value in sizes:
        if not isinstance(value, int) or value < 1:
            raise CountsError(f"count_corpus: {name}={value!r} must be a whole number from 1 up.")
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    if work is not None:
        _check_work(work, paths)
    spec = CountSpec(by, None if lexicon is None else as_lexicon(lexicon), rules, day_first)
    files = list_files(paths)
    extra = [name for name in by if name not in (*_GIVEN, *FREQUENCIES)]
    if work is not None or client is not None:
        work = None if work is None else str(Path(work).absolute())
        job = Job(spec, tuple(extra), dict(columns or {}), batch_size, work)
        parts = split_files([file.absolute() for file in files], part_rows)
        with _bar(len(parts), "parts", progress) as bar:
            if client is None:
                return finish([count_here(parts, job, threads, bar.update)], spec)
            with connect(client, plain_tcp) as cluster:
                return finish([count_on_cluster(cluster, parts, job, bar.update)], spec)
    batches = read_batches(files, extra, columns or {}, batch_size)
    batches = _shown(batches, count_rows(files), progress)
    return finish(_count(batches, spec, threads), spec, threads)


def _check_work(work: str | Path, paths: Iterable[str | Path]) -> None:
    if is_url(work):
        raise CountsError(f"count_corpus: work={work!r} must be a folder of a (shared) disk.")
    for path in paths:
        if not is_url(path) and Path(work).resolve().is_relative_to(Path(path).resolve()):
            raise CountsError(
                f"count_corpus: work={str(work)!r} lies inside {str(path)!r}, and would be read as "
                "a part of the corpus the next time. Name a folder outside it."
            )


def _count(batches: Iterator[Batch], spec: "CountSpec", threads: int) -> "list[PartitionCounts]":
    """Count all batches; each thread takes the next one when it is done with the last."""
    from analysis.counting.partitions import PartitionCounter

    lock, stop = Lock(), Event()

    def work() -> "PartitionCounts":
        counter = PartitionCounter(spec)
        while True:
            with lock:
                batch = None if stop.is_set() else next(batches, None)
            if batch is None:
                return counter.result(added_up=False)
            try:
                counter.add(batch)
            except BaseException:
                stop.set()
                raise

    if threads == 1:
        return [work()]
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(work) for _ in range(threads)]
        try:
            return [future.result() for future in futures]
        except BaseException:
            # Ctrl-C, too, should not wait for the rest of the corpus.
            stop.set()
            raise


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return "IPKernelApp" in getattr(shell, "config", {})


def _shown(batches: Iterator[Batch], rows: int | None, progress: bool | None) -> Iterator[Batch]:
    with _bar(rows, "articles", progress) as bar:
        for batch in batches:
            yield batch
            bar.update(len(batch.places) + len(batch.rejections))


def _bar(total: int | None, unit: str, progress: bool | None) -> Any:
    from tqdm.auto import tqdm

    if progress is None:
        progress = sys.stderr.isatty() or _in_notebook()
    return tqdm(total=total, unit=f" {unit}", disable=not progress, desc="Counting")
