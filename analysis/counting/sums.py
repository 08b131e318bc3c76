"""Sums over groups and terms, in compiled code.

A cell is a group and a term that occurs in it. Articles, and cells that are sums already, are
added up group by group without hashing, and come out sorted, in two steps that threads share by
ranges of groups:

1. `find_terms` marks the terms of a group in a bitmap; read from its beginning, that gives them
   in order.
2. Now the place of every cell is known: `add_entries` notes for each term of a group where its cell
   is, and adds to it.

What is added up comes from one or several sources (the vocabularies of threads, or parts of a
corpus), each with its own numbers of groups and terms.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.counting.sum_loops import (
    Ids,
    Integers,
    Runs,
    Totals,
    add_entries,
    find_terms,
    recode,
)

Number = TypeVar("Number", np.int32, np.int64)
Result = TypeVar("Result")

# So many counts of articles are kept before they are added up.
PENDING = 2_000_000


class Cells(NamedTuple):
    """Sums: group g has the cells ``bounds[g]:bounds[g + 1]``, sorted by their terms."""

    bounds: Integers
    terms: Ids
    totals: Totals


class ArticleRows(NamedTuple):
    """Counts of articles: article k has ``terms[indptr[k]:indptr[k + 1]]``, each once."""

    groups: Integers
    lengths: Integers
    indptr: Integers
    terms: Ids
    counts: Ids


class Source(NamedTuple):
    """Cells and articles to be added up, and the numbers that their groups and terms shall have."""

    cells: Cells
    rows: Sequence[ArticleRows]
    group_codes: Integers
    term_codes: Ids


_NONE = np.zeros(0, np.int64)
NO_CELLS = Cells(np.zeros(1, np.int64), np.zeros(0, np.int32), Totals(_NONE, _NONE, _NONE, _NONE))


class CellSums:
    """Totals that grow, article by article."""

    def __init__(self) -> None:
        self.cells = NO_CELLS
        self.pending: list[ArticleRows] = []
        self._waiting = 0

    def add(self, rows: ArticleRows) -> None:
        """Add the counts of articles to the totals of their groups."""
        self.pending.append(rows)
        self._waiting += len(rows.terms)
        # Old cells are copied when new ones come: not before these are as many.
        if self._waiting > max(PENDING, len(self.cells.terms)):
            self.add_up()

    def add_up(self) -> Cells:
        """The totals of all that has been added."""
        if self.pending:
            groups = max(int(rows.groups.max(initial=-1)) + 1 for rows in self.pending)
            groups = max(groups, len(self.cells.bounds) - 1)
            terms = [self.cells.terms, *(rows.terms for rows in self.pending)]
            size = max(int(some.max(initial=-1)) + 1 for some in terms)
            same = np.arange(groups), np.arange(size, dtype=np.int32)
            self.cells = add_up([Source(self.cells, self.pending, *same)], groups, size)
            self.pending, self._waiting = [], 0
        return self.cells


def add_up(sources: Sequence[Source], groups: int, terms: int, threads: int = 1) -> Cells:
    """The totals of all sources.

    Parameters
    ----------
    sources : sequence of Source
    groups, terms : int
        How many there are: the sources' codes are smaller.
    threads : int
    """
    runs = _runs(sources, groups, threads)
    # Where each group's entries begin, once the runs are sorted; threads take equal parts.
    before = _starts(np.diff(runs.starts)[runs.order])[runs.bounds]
    cuts = np.searchsorted(before, np.linspace(0, before[-1], threads + 1)[1:-1])
    cuts = np.concatenate([[0], cuts, [groups]])
    found = np.zeros(groups, np.int64)
    room = np.empty(before[-1], np.int32)

    def find(first: int, last: int) -> Ids:
        distinct = room[before[first] : before[last]]
        words = np.zeros((terms >> 6) + 1, np.uint64)
        tops = np.zeros((terms >> 12) + 1, np.uint64)
        return distinct[: find_terms(runs, first, last, words, tops, found, distinct)]

    cell_terms = np.concatenate(each(find, pairwise(cuts.tolist()), threads))
    bounds = _starts(found)
    totals = Totals(*(np.empty(len(cell_terms), np.int64) for _ in Totals._fields))

    def add(first: int, last: int) -> None:
        slots = np.empty(terms, np.int32)
        sums = np.zeros((found[first:last].max(initial=0), 4), np.int64)
        add_entries(runs, first, last, bounds, cell_terms, slots, sums, totals)

    each(add, pairwise(cuts.tolist()), threads)
    return Cells(bounds, cell_terms, totals)


def each(
    task: Callable[..., Result], jobs: Iterable[tuple[Any, ...]], threads: int
) -> list[Result]:
    """Do a task for each job, in threads."""
    if threads == 1:
        return [task(*job) for job in jobs]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda job: task(*job), jobs))


def _runs(sources: Sequence[Source], groups: int, threads: int) -> Runs:
    rows = [(source, part) for source in sources for part in source.rows]
    group = np.concatenate(
        [source.group_codes[part.groups] for source, part in rows]
        + [source.group_codes[: len(source.cells.bounds) - 1] for source in sources]
    )
    starts = _starts(
        np.concatenate(
            [np.diff(part.indptr) for _, part in rows]
            + [np.diff(source.cells.bounds) for source in sources]
        )
    )
    parts = [(source.term_codes, part.terms) for source, part in rows]
    parts += [(source.term_codes, source.cells.terms) for source in sources]
    ends = np.cumsum([len(part) for _, part in parts])
    terms = np.empty(ends[-1], np.int32)
    jobs = [
        (codes, part, terms[end - len(part) : end])
        for (codes, part), end in zip(parts, ends.tolist(), strict=True)
    ]
    each(recode, jobs, threads)
    totals = [source.cells.totals for source in sources]
    return Runs(
        np.argsort(group, kind="stable"),
        _starts(np.bincount(group, minlength=groups)),
        starts,
        terms,
        _joined([part.counts for _, part in rows], np.int32),
        _joined([part.lengths for _, part in rows], np.int64),
        Totals(*(_joined(parts, np.int64) for parts in zip(*totals, strict=True))),
    )


def _joined(parts: Sequence[NDArray[Number]], kind: type[Number]) -> NDArray[Number]:
    """The parts one behind the other, copied only if there are several."""
    parts = [part for part in parts if len(part)] or [np.zeros(0, kind)]
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def _starts(sizes: Integers) -> Integers:
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def recoded(codes: Ids, terms: Ids) -> Ids:
    """``codes[terms]``, several times faster."""
    out = np.empty(len(terms), np.int32)
    recode(codes, terms, out)
    return out
