"""The loops of sums by themselves, as they run and as plain Python.

Plain Python refuses to reach beyond an array, where a compiled loop would go on with whatever
stands there. What sums.py makes of the loops is compared in test_sums.py.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counting import sum_loops
from analysis.counting.sum_loops import Runs, Totals, add_entries, find_terms, recode

Loop = Callable[..., Any]


def longs(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int32)


@pytest.fixture(params=["compiled", "plain"])
def way(request: pytest.FixtureRequest) -> Callable[[Any], Loop]:
    return (lambda loop: loop) if request.param == "compiled" else (lambda loop: loop.py_func)


def runs_of(order: list[int], bounds: list[int], articles: list[list[int]], **more: Any) -> Runs:
    """Runs of these terms, each of them once unless said otherwise."""
    terms = [term for article in articles for term in article]
    given = {
        "order": longs(*order),
        "bounds": longs(*bounds),
        "starts": np.cumsum([0, *map(len, articles)]),
        "terms": ints(*terms),
        "counts": ints(*[1] * len(terms)),
        "lengths": longs(*map(len, articles)),
        "totals": Totals(longs(), longs(), longs(), longs()),
    }
    return Runs(**given | more)


def test_codes_are_put_where_their_terms_are(way: Callable[[Any], Loop]):
    out = ints(-1, -1, -1, -1)
    way(recode)(ints(7, 0, 9), ints(2, 0, 0, 1), out)
    assert out.tolist() == [9, 7, 7, 0]


def find(loop: Loop, runs: Runs, first: int, last: int, size: int) -> tuple[list[int], list[int]]:
    """Terms found, and how many of each group; the bitmaps are as small as they may be."""
    words, tops = (np.zeros(-(-size // width), np.uint64) for width in (64, 4096))
    found = np.full(len(runs.bounds) - 1, -1)
    distinct = ints(*[-1] * len(runs.terms))
    used = loop(runs, first, last, words, tops, found, distinct)
    # The bitmaps are there for the next group, and for that they must be empty.
    assert not words.any() and not tops.any()
    assert (distinct[used:] == -1).all()
    return distinct[:used].tolist(), found.tolist()


def test_terms_of_each_group_are_found_once_and_sorted(way: Callable[[Any], Loop]):
    # Group 0 has the articles 2 and 0, group 1 none, group 2 the articles 1 and 3.
    runs = runs_of([2, 0, 1, 3], [0, 2, 2, 4], [[5, 1], [4], [3, 1, 0], [4, 2]])
    assert find(way(find_terms), runs, 0, 3, 6) == ([0, 1, 3, 5, 2, 4], [4, 0, 2])
    assert find(way(find_terms), runs, 0, 1, 6) == ([0, 1, 3, 5], [4, -1, -1])
    assert find(way(find_terms), runs, 1, 3, 6) == ([2, 4], [-1, 0, 2])
    assert find(way(find_terms), runs, 1, 2, 6) == ([], [-1, 0, -1])
    assert find(way(find_terms), runs, 1, 1, 6) == ([], [-1, -1, -1])


def test_every_bit_of_a_word_and_every_word_of_the_words_above(way: Callable[[Any], Loop]):
    low, high = list(range(64)), [64 * word + 63 - word % 64 for word in range(130)]
    runs = runs_of([0, 1], [0, 1, 2], [low[::-1], high[::-1]])
    assert find(way(find_terms), runs, 0, 2, 64 * 130) == (low + high, [64, 130])
    for term in (*low, *high):
        alone = runs_of([0], [0, 1], [[term]])
        assert find(way(find_terms), alone, 0, 1, term + 1) == ([term], [1])


terms = st.lists(st.integers(0, 8300) | st.integers(0, 70), max_size=8, unique=True)


@settings(max_examples=50)
@given(st.lists(st.lists(terms, max_size=3), min_size=1, max_size=4))
def test_terms_are_those_of_a_set(groups: list[list[list[int]]]):
    bounds = np.cumsum([0, *map(len, groups)]).tolist()
    runs = runs_of(list(range(bounds[-1])), bounds, [article for g in groups for article in g])
    sets = [sorted({term for article in group for term in article}) for group in groups]
    everything = [term for some in sets for term in some]
    assert find(find_terms, runs, 0, len(groups), 8301) == (everything, [*map(len, sets)])


def add(loop: Loop, runs: Runs, first: int, last: int, cells: list[int], terms: list[int]) -> list:
    """The totals of each cell: n, n_docs, n_sq, n_tokens; -1 where nothing was written."""
    totals = Totals(*(np.full(len(terms), -1) for _ in Totals._fields))
    slots = np.full(max(terms) + 1, -1, np.int32)
    sums = np.zeros((np.diff(cells)[first:last].max(initial=0), 4), np.int64)
    loop(runs, first, last, longs(*cells), ints(*terms), slots, sums, totals)
    assert not sums.any()
    return np.transpose(totals).tolist()


def test_entries_of_articles_are_added_up(way: Callable[[Any], Loop]):
    # Article 0 has term 4 twice and term 1 thrice, among nine tokens; and so on.
    runs = runs_of(
        [1, 0, 2], [0, 2, 2, 3], [[4, 1], [1], [4, 0]],
        counts=ints(2, 3, 5, 1, 7), lengths=longs(9, 10, 20),
    )  # fmt: skip
    cells, terms = [0, 2, 2, 4], [1, 4, 0, 4]
    first = [[3 + 5, 2, 9 + 25, 3 * 9 + 5 * 10], [2, 1, 4, 2 * 9]]
    last = [[7, 1, 49, 7 * 20], [1, 1, 1, 20]]
    nothing = [[-1] * 4] * 2
    assert add(way(add_entries), runs, 0, 3, cells, terms) == [*first, *last]
    assert add(way(add_entries), runs, 0, 1, cells, terms) == [*first, *nothing]
    assert add(way(add_entries), runs, 1, 3, cells, terms) == [*nothing, *last]
    assert add(way(add_entries), runs, 1, 2, cells, terms) == [*nothing, *nothing]


def test_entries_that_are_cells_are_added_to_those_of_articles(way: Callable[[Any], Loop]):
    # One article in group 1; then the cells of two groups, of which the first goes to group 1.
    runs = runs_of(
        [2, 0, 1], [0, 1, 3], [[2, 0], [0, 3], [1]],
        counts=ints(4, 5), lengths=longs(100),
        totals=Totals(longs(11, 12, 13), longs(2, 3, 4), longs(61, 62, 63), longs(900, 800, 700)),
    )  # fmt: skip
    assert add(way(add_entries), runs, 0, 2, [0, 1, 4], [1, 0, 2, 3]) == [
        [13, 4, 63, 700],
        [5 + 11, 1 + 2, 25 + 61, 500 + 900],
        [4, 1, 16, 400],
        [12, 3, 62, 800],
    ]


def test_counts_are_squared_beyond_32_bits(way: Callable[[Any], Loop]):
    n = 2**31 - 1
    runs = runs_of([0], [0, 1], [[0]], counts=ints(n), lengths=longs(n))
    assert add(way(add_entries), runs, 0, 1, [0, 1], [0]) == [[n, 1, n * n, n * n]]


def test_the_lowest_bit_is_found_whatever_stands_above_it():
    for bit in range(64):
        for above in (0, 1, 2**64 - 1):
            bits = np.uint64((above << bit | 1 << bit) % 2**64)
            assert sum_loops._lowest(bits) == bit
