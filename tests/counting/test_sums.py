"""Sums over groups and terms, against a plain loop over articles and a dict of cells."""

import threading
from itertools import pairwise
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.counting import sums
from analysis.counting.sum_loops import Totals
from analysis.counting.sums import NO_CELLS, ArticleRows, Cells, CellSums, Source, add_up

Found = dict[tuple[int, int], list[int]]


class Article(NamedTuple):
    group: int
    length: int
    counts: dict[int, int]


def article_rows(articles: list[Article]) -> ArticleRows:
    sizes = [len(article.counts) for article in articles]
    terms = [term for article in articles for term in article.counts]
    counts = [n for article in articles for n in article.counts.values()]
    return ArticleRows(
        np.array([article.group for article in articles], np.int64),
        np.array([article.length for article in articles], np.int64),
        np.cumsum([0, *sizes]),
        np.array(terms, np.int32),
        np.array(counts, np.int32),
    )


def expected(articles: list[Article]) -> Found:
    """Group and term: sum n_d, articles, sum n_d^2 and sum n_d L_d; sorted."""
    cells: Found = {}
    for group, length, counts in articles:
        for term, n in counts.items():
            cell = cells.get((group, term), [0, 0, 0, 0])
            cells[group, term] = [
                old + new for old, new in zip(cell, (n, 1, n * n, n * length), strict=True)
            ]
    return dict(sorted(cells.items()))


def as_dict(cells: Cells) -> Found:
    groups = np.repeat(np.arange(len(cells.bounds) - 1), np.diff(cells.bounds))
    keys = list(zip(groups.tolist(), cells.terms.tolist(), strict=True))
    assert keys == sorted(set(keys))
    assert (cells.bounds[0], cells.bounds[-1]) == (0, len(cells.terms))
    return dict(zip(keys, np.transpose(cells.totals).tolist(), strict=True))


# Bitmaps have words of 64 terms, and words of 64 such words: their edges are the likely traps.
terms = st.one_of(
    st.integers(0, 8), st.sampled_from([62, 63, 64, 65, 4095, 4096, 4159, 8191, 8192])
)
counts = st.dictionaries(terms, st.integers(1, 50), max_size=6)
some_articles = st.lists(st.builds(Article, st.integers(0, 4), st.integers(1, 99), counts))


@pytest.fixture(params=["compiled", "plain"])
def loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loops as they run, and as plain Python, which refuses to reach beyond an array."""
    if request.param == "plain":
        for name in ("recode", "find_terms", "add_entries"):
            monkeypatch.setattr(sums, name, plain(getattr(sums, name)))


def plain(loop: Any) -> FunctionType:
    function: FunctionType = loop.py_func
    return function


@pytest.mark.usefixtures("loops")
@pytest.mark.parametrize(
    "articles",
    [
        [],
        [Article(0, 1, {})],
        [Article(0, 3, {0: 3})],
        [Article(2, 9, {5: 2, 1: 7})],
        # Each bit of a word, and each word of the words above.
        [Article(0, 64, dict.fromkeys(reversed(range(64)), 1))],
        [Article(1, 99, {64 * word + word: word + 1 for word in range(65)})],
        [Article(0, 9, {64: 1}), Article(1, 9, {65: 2}), Article(0, 9, {127: 3, 64: 4})],
        [Article(0, 9, {4095: 1}), Article(1, 9, {4096: 1, 4095: 2}), Article(3, 9, {8192: 9})],
    ],
)
def test_known_articles_are_added_up(articles: list[Article]):
    found = CellSums()
    found.add(article_rows(articles))
    cells = found.add_up()
    assert as_dict(cells) == expected(articles)
    assert len(cells.bounds) == 1 + max((article.group + 1 for article in articles), default=0)
    assert [cells.bounds.dtype, cells.terms.dtype] == [np.int64, np.int32]
    assert {total.dtype for total in cells.totals} == {np.dtype(np.int64)}


@settings(max_examples=50)
@given(st.lists(some_articles, max_size=4), st.integers(0, 20))
def test_articles_add_up_whenever_they_come(parts: list[list[Article]], pending: int):
    found = CellSums()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sums, "PENDING", pending)
        for part in parts:
            found.add(article_rows(part))
    articles = [article for part in parts for article in part]
    assert as_dict(found.add_up()) == expected(articles)
    assert len(found.cells.bounds) == 1 + max((one.group + 1 for one in articles), default=0)
    assert found.add_up() is found.cells


def test_articles_wait_until_they_are_more_than_the_cells(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sums, "PENDING", 3)
    found = CellSums()
    assert (found.cells, found.pending) == (NO_CELLS, [])
    waiting = []
    # Two new cells, then two more: more than three wait. Now there are four: three, and as many as
    # four, may wait, but not five.
    for counts in ({1: 1, 2: 1}, {3: 1, 4: 1}, {1: 1, 2: 1, 3: 1}, {9: 1}, {8: 1}, {7: 1}):
        found.add(article_rows([Article(0, 9, counts)]))
        waiting.append((len(found.pending), len(found.cells.terms)))
    assert waiting == [(1, 0), (0, 4), (1, 4), (2, 4), (0, 6), (1, 6)]


def test_the_largest_possible_count():
    n = 2**31 - 1
    found = CellSums()
    found.add(article_rows([Article(3, n, {7: n}), Article(3, n, {7: n})]))
    assert as_dict(found.add_up()) == {(3, 7): [2 * n, 2, 2 * n * n, 2 * n * n]}


class Part(NamedTuple):
    """Articles of a vocabulary of its own: some added up already, others not yet."""

    added_up: list[Article]
    pending: list[Article]
    group_codes: list[int]
    term_codes: list[int]

    def source(self) -> Source:
        own = CellSums()
        own.add(article_rows(self.added_up))
        own.add_up()
        rows = [article_rows(self.pending)] if self.pending else []
        codes = np.array(self.group_codes, np.int64), np.array(self.term_codes, np.int32)
        return Source(own.cells, rows, *codes)

    def articles(self) -> list[Article]:
        return [
            Article(
                self.group_codes[group],
                length,
                {self.term_codes[term]: n for term, n in counts.items()},
            )
            for group, length, counts in (*self.added_up, *self.pending)
        ]


GROUPS, TERMS = 4, 130
few_articles = st.lists(
    st.builds(
        Article,
        st.integers(0, 2),
        st.integers(1, 99),
        st.dictionaries(st.integers(0, 9), st.integers(1, 50), max_size=6),
    ),
    max_size=5,
)
some_parts = st.lists(
    st.builds(
        Part,
        few_articles,
        few_articles,
        st.permutations(range(GROUPS)),
        st.lists(st.integers(0, TERMS - 1), min_size=10, max_size=10, unique=True),
    ),
    min_size=1,
    max_size=4,
)
ONE = Part([], [Article(0, 2, {0: 1, 1: 1})], [3, 2, 1, 0], list(range(TERMS)))


@settings(max_examples=50)
@given(some_parts, st.sampled_from([1, 1, 2, 3, 7]))
@example([ONE], 2)
@example([ONE._replace(pending=[])], 3)
def test_sources_add_up_under_common_numbers(parts: list[Part], threads: int):
    cells = add_up([part.source() for part in parts], GROUPS, TERMS, threads)
    assert as_dict(cells) == expected([article for part in parts for article in part.articles()])
    assert len(cells.bounds) == GROUPS + 1


@pytest.mark.usefixtures("loops")
@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("size", [64, 65, 4096, 4097])
def test_every_term_that_there_can_be(size: int, threads: int):
    ends = {0: 1, size // 2: 2, size - 1: 3}
    articles = [Article(group, 9, ends) for group in (0, 1, 2, 1)]
    part = Part(articles[:2], articles[2:], [1, 0, 2], list(range(size)))
    cells = add_up([part.source(), part.source()], 3, size, threads)
    assert as_dict(cells) == expected(part.articles() * 2)


def test_threads_share_the_entries_evenly(monkeypatch: pytest.MonkeyPatch):
    jobs: dict[str, list[tuple[int, int]]] = {"find_terms": [], "add_entries": []}

    def noted(name: str) -> Any:
        honest = getattr(sums, name)

        def loop(runs: Any, first: int, last: int, *rest: Any) -> Any:
            jobs[name].append((first, last))
            return honest(runs, first, last, *rest)

        return loop

    alike = [Article(group, 9, {0: 1, 1: 1}) for group in range(6)]
    # Of 22 entries the first group has 12, more than a third.
    uneven = [Article(0, 9, dict.fromkeys(range(12), 1)), *alike[1:]]
    shares = [(alike, [(0, 2), (2, 4), (4, 6)]), (uneven, [(0, 1), (1, 3), (3, 6)])]
    for articles, share in shares:
        source = Part([], articles, list(range(6)), list(range(12))).source()
        with monkeypatch.context() as patch:
            for name in jobs:
                patch.setattr(sums, name, noted(name))
            add_up([source], 6, 12, threads=3)
        for found in jobs.values():
            assert sorted(found) == share
            found.clear()


def test_tasks_run_here_or_in_threads_and_give_their_results_in_order():
    def task(first: int, last: int) -> tuple[int, str]:
        return last - first, threading.current_thread().name

    jobs = list(pairwise([0, 1, 3, 6, 10]))
    here = threading.current_thread().name
    assert sums.each(task, jobs, 1) == [(1, here), (2, here), (3, here), (4, here)]
    elsewhere = sums.each(task, jobs, 2)
    assert [size for size, _ in elsewhere] == [1, 2, 3, 4]
    assert here not in {name for _, name in elsewhere}


def test_ids_are_recoded_as_by_an_index():
    codes = np.array([5, 3, 8], np.int32)
    found = sums.recoded(codes, np.array([2, 0, 0, 1], np.int32))
    assert (found.tolist(), found.dtype) == ([8, 5, 5, 3], np.int32)
    assert sums.recoded(codes, np.zeros(0, np.int32)).tolist() == []


def test_a_single_source_is_not_copied():
    part = Part([Article(0, 9, {0: 1})], [], [0], [0])
    source = part.source()
    totals = sums._runs([source], 1, 1).totals
    assert isinstance(totals, Totals)
    assert all(mine is its for mine, its in zip(totals, source.cells.totals, strict=True))
