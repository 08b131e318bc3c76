from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from analysis.errors import CountsError
from analysis.measuring.terms.permutation import permutation_p

HITS = np.array([[5, 1, 2], [4, 0, 2], [6, 3, 2], [1, 2, 2], [0, 2, 2], [2, 1, 2], [1, 0, 2]])
TOKENS = np.array([90, 60, 110, 80, 70, 100, 50])
TARGET = np.array([True, True, True, False, False, False, False])


def parted(side: np.ndarray) -> np.ndarray:
    """The statistic as the docstring has it, term by term, for one split."""
    ours, theirs = (
        HITS[some].sum(axis=0) / TOKENS[some].sum() + 1 / TOKENS.sum() for some in (side, ~side)
    )
    return np.abs(np.log(ours / theirs))


def test_it_is_the_share_of_all_splits_of_the_articles():
    splits = []
    for chosen in combinations(range(7), 3):
        side = np.zeros(7, bool)
        side[list(chosen)] = True
        splits.append(parted(side))
    exact = np.mean(np.array(splits) >= parted(TARGET) - 1e-9, axis=0)
    found = permutation_p(sparse.csr_array(HITS), TOKENS, TARGET, permutations=20_000, seed=3)
    np.testing.assert_allclose(found, exact, atol=4 * np.sqrt(0.25 / 20_000))
    assert exact.min() < 0.1 < exact.max()


def test_it_is_never_zero_and_counts_the_real_split():
    # Two articles of equal length: every split parts them as far as the real one does.
    matrix, tokens = sparse.csr_array(np.array([[7], [0]])), np.array([50, 50])
    sides = np.array([True, False])
    for permutations in (1, 5, 300):
        found = permutation_p(matrix, tokens, sides, permutations=permutations)
        assert found.tolist() == [1.0]
    # Of 70 splits of eight articles two are as good as the real one: the least p is not 0.
    hits = np.array([[9]] * 4 + [[0]] * 4)
    found = permutation_p(sparse.csr_array(hits), np.full(8, 50), hits[:, 0] > 0, permutations=9)
    assert found[0] in {(1 + b) / 10 for b in range(10)}


def test_exchanging_the_sides_changes_nothing():
    matrix = sparse.csr_array(HITS)
    options = {"permutations": 500, "seed": 1}
    there, back = (permutation_p(matrix, TOKENS, side, **options) for side in (TARGET, ~TARGET))
    np.testing.assert_array_equal(there, back)


def test_more_draws_begin_with_the_fewer():
    # Draws come in batches of a fixed size, one seed after the other: 300 draws are 3 batches.
    matrix = sparse.csr_array(HITS)
    few = permutation_p(matrix, TOKENS, TARGET, permutations=128) * 129 - 1
    more = permutation_p(matrix, TOKENS, TARGET, permutations=300) * 301 - 1
    np.testing.assert_allclose(more, np.round(more), atol=1e-9)
    assert (more >= few - 1e-9).all() and (more <= few + 172 + 1e-9).all()


def test_no_permutation_is_refused():
    with pytest.raises(CountsError, match="permutations=0: give a whole number of at least 1"):
        permutation_p(sparse.csr_array(HITS), TOKENS, TARGET, permutations=0)


def test_as_many_splits_are_drawn_as_were_asked_for():
    # Every split of two like articles reaches the real one, so that p counts the splits.
    matrix, sides = sparse.csr_array(np.array([[7], [0]])), np.array([True, False])
    for permutations in (127, 128, 129, 200, 256, 300):
        found = permutation_p(matrix, np.array([50, 50]), sides, permutations=permutations)
        assert found.tolist() == [1.0]
