"""Counting a corpus of any size: scan, prepare, count, group, add up, one batch at a time."""

import datetime as dt
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse

from analysis.counting.document_terms import count_documents
from analysis.counting.grouping import TOTALS, columns_of
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.joining import add_up
from analysis.counting.languages import warn_of_languages
from analysis.counting.saving import SUMS
from analysis.counting.targets import Shared, TargetLexicon, Targets, Window
from analysis.errors import CountsError
from analysis.executors import Where, open_executor
from analysis.files import is_url
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.parts import check_stopped, map_parts
from analysis.periods import FREQUENCIES
from analysis.reading.limits import ReadLimits
from analysis.reading.outlets import Aliases
from analysis.reading.records import STANDARD
from analysis.reading.rejected import Reason
from analysis.reading.scan import Paths, path_list, read_options, tell
from analysis.reading.survey.corpus import survey
from analysis.reading.survey.pieces import Piece, empty_articles, read_piece
from analysis.tables import is_table
from analysis.tokens import TermRules

if TYPE_CHECKING:
    from distributed import Client

Prepare = Callable[[pd.DataFrame], pd.DataFrame]


def count_corpus(
    paths: Paths,
    by: str | Sequence[str],
    *,
    lexicon: Lexicon | str | Path | None = None,
    targets: TargetLexicon | None = None,
    window: Window = 10,
    shared: Shared = "all",
    all_articles: bool = False,
    prepare: Prepare | None = None,
    rules: TermRules = TermRules(),
    columns: Mapping[str, str] | None = None,
    manifest: str | Path | None = None,
    outlet: str | None = None,
    outlets: Aliases | str | Path | None = None,
    day_first: bool | None = None,
    today: dt.date | str | None = None,
    encoding: str | None = None,
    limits: ReadLimits | None = None,
    strip_markup: bool = True,
    leave_out: Sequence[str | Path] = (),
    batch_size: int = 10_000,
    threads: int = 1,
    progress: bool | None = None,
    work: str | Path | None = None,
    executor: Where = None,
    plain_tcp: bool = False,
    part_rows: int = 50_000,
    client: "Client | str | None" = None,
) -> GroupCounts:
    """Count the terms, and the hits of a lexicon, of a corpus on disk per group of articles.

    What ``group_counts(document_terms(prepare(articles)), by)`` gives of the articles of
    ``read_articles(paths)``, to the last byte, but never with all texts in memory.

    Parameters
    ----------
    paths : path, table, or several of them
        Files, folders, tables in memory, or addresses that fsspec knows, such as ``"s3://bucket/corpus/*.parquet"``,
        in any format that `read_articles` reads. They are read twice: a survey finds what all of
        a corpus decides (the order of day and month, ids that are given twice, ...).
    by : str or sequence of str
        Columns of the articles, and calendar spans of the date: "day", "week", "month", "quarter",
        "half", "year". An empty sequence makes one group of everything.
    lexicon : Lexicon, or the path or shipped name of one, optional
    targets, window, shared
        As for `document_terms`; then `by` may name "target", and "targets".
    all_articles : bool
        As for `group_counts`.
    prepare : function of a batch of articles, optional
        Gives the articles, or segments of them, that are counted in place of these: with other
        texts, fewer rows, more columns. It must not depend on how articles are cut into batches.
        With processes or a cluster it must be picklable, such as a function of a module.
    rules : TermRules
    columns, manifest, outlet, outlets, day_first, today, encoding, limits
        As for `read_articles`, as are `strip_markup` and `leave_out`.
    batch_size : int
        Rows that are read at a time: memory is a few times their texts.
    threads : int
        How many parts are counted at once in this process.
    progress : bool, optional
        Show a progress bar; if not said, in a terminal or notebook.
    work : path, optional
        A folder where finished parts of the corpus are kept: after a crash, the same call counts
        only what was under way. On a cluster all workers must reach it. Delete it when done, or
        when functions that `prepare` calls have changed.
    executor : int, Executor, distributed.Client, or str, optional
        Where to count: on that many processes, on an executor of ``concurrent.futures``, or on the
        workers of a Dask cluster, by its client or the address of its scheduler ("local" starts
        one process a core). Workers must see the files under the same paths.
    plain_tcp : bool
        Allow a scheduler on another machine without TLS.
    part_rows : int
        About how many rows of Parquet make a part. Other large files are a part each.
    client : deprecated
        The former name of `executor`.

    Returns
    -------
    GroupCounts
        With ``rejected``: rows in = articles + rows rejected, always.

    Raises
    ------
    ReadError
        If a file can't be read, lacks a column, or changes or vanishes while it is counted.
    CountsError
        If an argument is invalid, or workers fail.
    OutputError
        If `work` can't be written.

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
    if client is not None:
        warnings.warn(
            "count_corpus(client=...) is deprecated: say executor=...", FutureWarning, stacklevel=2
        )
        executor = client
    by = columns_of(by)
    sizes = (("batch_size", batch_size), ("threads", threads), ("part_rows", part_rows))
    for name, value in sizes:
        if not isinstance(value, int) or value < 1:
            raise CountsError(f"count_corpus: {name}={value!r} must be an integer of at least 1.")
    if threads > 1 and executor is not None:
        raise CountsError(
            f"count_corpus: threads={threads} and executor={executor!r} exclude each other: give "
            "one of them."
        )
    names = path_list(paths)
    if work is not None:
        _check_work(work, [name for name in names if not is_table(name)])
    options = read_options(
        columns=columns, outlet=outlet, outlets=outlets, day_first=day_first, today=today,
        encoding=encoding, limits=limits, strip_markup=strip_markup, leave_out=leave_out,
    )  # fmt: skip
    if prepare is None:
        options = replace(options, further=frozenset((*by, "language")))
    known = None if lexicon is None else as_lexicon(lexicon)
    near = Targets.of(targets, window, shared)
    count = Count(by, known, prepare, rules, batch_size, options.today, near, all_articles)
    made = {*STANDARD, *FREQUENCIES} | ({"target", "targets"} if near else set())
    opened: AbstractContextManager[Executor | None] = (
        ThreadPoolExecutor(threads) if threads > 1 else open_executor(executor, plain_tcp)
    )
    with opened as pool:
        look = partial(survey, names, executor=pool, work=work, manifest=manifest,
                       part_rows=part_rows)  # fmt: skip
        found = look(options)
        if set(by) - {*made, *(name for name, _ in found.corpus.columns)}:
            # The error names all the columns that there are.
            found = look(replace(options, further=None))
        tell(found)
        with _bar(len(found.pieces), progress) as bar:
            if work is None:
                total = add_up(map_parts(count, found.pieces, pool, progress=bar.update))
            else:
                asked = (by, known and known.fingerprint, near and near.question, all_articles,
                         prepare, rules, today)  # fmt: skip
                kept = map_parts(
                    count.tables, found.pieces, pool, work=work, question=asked, key=_key,
                    progress=bar.update,
                )  # fmt: skip
                total = add_up(map(count.read, found.pieces, kept))
    if total.groups["articles"].any():
        warn_of_languages(known, total.all_languages, total.other_languages)
        return total
    # Without articles there is nothing to be typed after but the empty table.
    nothing = count.counted(empty_articles(found.corpus))
    return replace(nothing, rejected=total.rejected)


@dataclass(frozen=True)
class Count:
    """Counts a piece of a corpus: a function of the piece alone, which can be sent anywhere."""

    by: tuple[str, ...]
    lexicon: Lexicon | None
    prepare: Prepare | None
    rules: TermRules
    batch_size: int
    today: dt.date
    targets: Targets | None = None
    all_articles: bool = False

    def __call__(self, piece: Piece) -> GroupCounts:
        """The counts of a piece."""
        return add_up(self._batches(piece))

    def _batches(self, piece: Piece) -> Iterator[GroupCounts]:
        yield self._nothing()
        for articles, rejected in read_piece(piece, self.batch_size):
            check_stopped()
            counts = self.counted(articles) if len(articles) else self._nothing()
            yield replace(counts, rejected=rejected)

    def counted(self, articles: pd.DataFrame) -> GroupCounts:
        """The counts of a batch of articles."""
        prepared = articles if self.prepare is None else self.prepare(articles)
        counts, (n, others) = count_documents(
            prepared, self.lexicon, self.rules, self.targets, ordered=False
        )
        grouped = group_counts(counts, self.by, all_articles=self.all_articles)
        return replace(grouped, all_languages=n, other_languages=others)

    def tables(self, piece: Piece) -> dict[str, pa.Table]:
        """The counts of a piece, to be kept; and the last day on which an article can be dated."""
        return self(piece).to_tables() | {"today": pa.table({"today": [self.today]})}

    def read(self, piece: Piece, tables: Mapping[str, pa.Table]) -> GroupCounts:
        """The counts that were kept, unless they rejected what is in the future no more."""
        counts = GroupCounts.from_tables(tables)
        as_of = tables["today"]["today"][0].as_py()
        if as_of != self.today and (counts.rejected["reason"] == Reason.IMPOSSIBLE_DATE).any():
            return self(piece)
        return counts

    def _nothing(self) -> GroupCounts:
        empty = pd.DataFrame(columns=[*self.by, *TOTALS])
        sums = {name: sparse.csr_array((0, 0), dtype=np.int64) for name in SUMS}
        terms = pd.Index([], name="term", dtype="str")
        label = "" if self.lexicon is None else self.lexicon.label
        hits = pd.DataFrame(columns=["doc_id", "n_tokens", "group"])
        near = "" if self.targets is None else self.targets.label
        return GroupCounts(self.by, empty, terms, **sums, hits=hits, lexicon=label, targets=near,
                           all_articles=self.all_articles)  # fmt: skip


def _key(piece: Piece) -> object:
    """What the counts of a piece depend on: not the day, unless the user has named one."""
    return replace(piece, options=replace(piece.options, today=dt.date.max))


def _check_work(work: str | Path, paths: Iterable[str | Path]) -> None:
    if is_url(work):
        raise CountsError(f"count_corpus: work={work!r} must be a folder of a (shared) disk.")
    for path in paths:
        if not is_url(path) and Path(work).resolve().is_relative_to(Path(path).resolve()):
            raise CountsError(
                f"count_corpus: work={str(work)!r} lies inside {str(path)!r}, and would be read as "
                "a part of the corpus the next time. Name a folder outside it."
            )


def _bar(total: int, progress: bool | None) -> Any:
    from tqdm.auto import tqdm

    if progress is None:
        progress = sys.stderr.isatty() or _in_notebook()
    return tqdm(total=total, unit=" parts", disable=not progress, desc="Counting")


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return "IPKernelApp" in getattr(shell, "config", {})
