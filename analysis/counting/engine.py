"""Counting a corpus from disk, in memory that does not grow with it."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from analysis.articles import FREQUENCIES
from analysis.counting.batches import Batch, count_rows, list_files, read_batches
from analysis.counting.groups import GroupCounts
from analysis.counting.lexicon import Lexicon, as_lexicon
from analysis.errors import CountsError
from analysis.tokens import TermRules

if TYPE_CHECKING:
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
    batch_size: int = 2048,
    threads: int = 1,
    progress: bool | None = None,
) -> GroupCounts:
    """Count the terms, and the hits of a lexicon, of a corpus on disk per group of articles.

    The result is what ``group_counts(document_terms(articles), by)`` gives, and every statistic
    takes it in the same way; but the texts are read a batch at a time and never held together.
    It is the same to the last byte for any batch size and number of threads.

    Parameters
    ----------
    paths : path or iterable of paths
        Parquet, CSV, TSV and JSON-lines files (also .gz and .zst), or folders of them. Each row
        is an article. Texts are counted as they stand: clean them, and drop reprints, before.
        Ids are not checked for being unique, as that would need them all in memory.
    by : str or sequence of str
        Columns of the files that make the groups, and calendar spans of the date: "day", "week",
        "month", "quarter", "half", "year". An empty sequence makes one group of everything.
    lexicon : Lexicon, or the path or shipped name of one, optional
    rules : TermRules
    columns : mapping, optional
        Column of the articles table to column of the files, such as ``{"outlet": "paper"}``,
        where the guess of read_articles would be another.
    batch_size : int
        Rows that are read at a time: memory is a few times their texts.
    threads : int
        Each has a vocabulary and sums of its own.
    progress : bool, optional
        Show a progress bar; if not said, in a terminal or notebook.

    Returns
    -------
    GroupCounts
        With ``rejected``: rows in = articles counted + rows rejected, always.

    Raises
    ------
    ReadError
        If a file can't be read, or lacks a column.
    CountsError
        If an argument has no sense.

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
    from analysis.counting.partitions import CountSpec, finish, merge

    by = (by,) if isinstance(by, str) else tuple(by)
    for name, value in (("batch_size", batch_size), ("threads", threads)):
        if not isinstance(value, int) or value < 1:
            raise CountsError(f"count_corpus: {name}={value!r} must be a whole number from 1 up.")
    spec = CountSpec(by, None if lexicon is None else as_lexicon(lexicon), rules)
    files = list_files(paths)
    extra = [name for name in by if name not in (*_GIVEN, *FREQUENCIES)]
    batches = read_batches(files, extra, columns or {}, batch_size)
    batches = _shown(batches, count_rows(files), progress)
    return finish(merge(_count(batches, spec, threads)), spec)


def _count(batches: Iterator[Batch], spec: "CountSpec", threads: int) -> "list[PartitionCounts]":
    """Count all batches; each thread takes the next one when it is done with the last."""
    from analysis.counting.partitions import PartitionCounter

    lock = Lock()

    def work() -> "PartitionCounts":
        counter = PartitionCounter(spec)
        while True:
            with lock:
                batch = next(batches, None)
            if batch is None:
                return counter.result()
            counter.add(batch)

    if threads == 1:
        return [work()]
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(work) for _ in range(threads)]
        return [future.result() for future in futures]


def _shown(batches: Iterator[Batch], rows: int | None, progress: bool | None) -> Iterator[Batch]:
    from tqdm.auto import tqdm

    if progress is None:
        progress = sys.stderr.isatty() or "ipykernel" in sys.modules
    with tqdm(total=rows, unit=" articles", disable=not progress, desc="Counting") as bar:
        for batch in batches:
            yield batch
            bar.update(len(batch.places) + len(batch.rejections))
