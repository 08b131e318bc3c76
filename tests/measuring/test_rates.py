import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import group_counts
from analysis.errors import CountsError
from analysis.measuring.rates import Cells, cells, cells_at, ranks, row_of, term_positions
from tests.measuring.hand_made import corpora, counts_of_terms


def same(one: Cells, other: Cells) -> bool:
    return all(np.array_equal(*values) for values in zip(one, other, strict=True))


@given(corpora())
def test_three_ways_to_the_same_sums(counts: DocumentTerms):
    grouped = group_counts(counts, "outlet")
    every = cells(grouped)
    assert same(every, cells_at(grouped, every.group, every.term))
    for row in range(len(grouped.groups)):
        whole = row_of(grouped, row)
        assert same(whole, cells_at(grouped, whole.group, whole.term))
        assert same(whole.take(np.flatnonzero(whole.n)), every.take(every.group == row))
    # No group at all: nothing, and no error.
    nothing = cells_at(grouped, np.array([-1, -1]), np.array([0, 1]))
    assert all(not values.any() for values in nothing[2:])


@given(corpora())
def test_spread_is_that_of_a_plain_loop_over_articles(counts: DocumentTerms):
    found = row_of(group_counts(counts, []), 0)
    hits = counts.counts.toarray().astype(float)
    lengths = hits.sum(axis=1)
    m = len(hits)
    for term, column in enumerate(hits.T):
        if not column.sum():
            assert np.isnan(found.log_rate_variance[term]) and np.isnan(found.dispersion[term])
            continue
        residuals = column - column.sum() / lengths.sum() * lengths
        variance = m / (m - 1) * (residuals**2).sum()
        assert found.rate[term] == pytest.approx(column.sum() / lengths.sum())
        assert found.variance[term] == pytest.approx(variance, abs=1e-6)
        assert found.log_rate_variance[term] == pytest.approx(
            variance / column.sum() ** 2, abs=1e-7
        )
        effective = column.sum() ** 2 / (column**2).sum()
        assert found.effective_articles[term] == pytest.approx(effective)
        assert 1 <= effective <= (column > 0).sum() + 1e-9
        spread = 1 - np.sqrt(variance) / column.sum()
        assert found.dispersion[term] == pytest.approx(max(spread, 0), abs=1e-3)


@given(corpora())
def test_a_part_taken_away_leaves_the_other_part(counts: DocumentTerms):
    two = group_counts(counts, "outlet")
    if len(two.groups) == 2:
        rest = row_of(group_counts(counts, []), 0).minus(row_of(two, 0))
        expected = row_of(two, 1)
        for found, wanted in zip(rest[2:], expected[2:], strict=True):
            np.testing.assert_array_equal(found, wanted)


def test_articles_of_one_rate_have_no_spread():
    counts = counts_of_terms([[3, 6, 0], [1, 2, 0], [7, 14, 0]])
    found = row_of(group_counts(counts, []), 0)
    assert found.variance.tolist() == [0, 0, 0]
    assert found.dispersion[:2].tolist() == [1, 1]
    alone = row_of(group_counts(counts_of_terms([[3, 6]]), []), 0)
    assert np.isnan(alone.variance).all() and np.isnan(alone.dispersion).all()


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), min_size=1, max_size=20))
def test_ranks_are_places_in_a_stable_sort_of_each_group(pairs):
    group, values = (np.array(column) for column in zip(*pairs, strict=True))
    expected = pd.Series(values).groupby(group).rank(method="first")
    assert ranks(group, values).tolist() == expected.tolist()


def test_terms_are_found_or_named_with_the_spelling_that_is_there():
    terms = pd.Index(["don't", "peace", "talks"], dtype="str")
    assert term_positions(terms, ["talks", "don't", "talks"]).tolist() == [2, 0, 2]
    assert term_positions(terms, []).tolist() == []
    with pytest.raises(CountsError, match=r"'Don’t'\]: .*ask for \['talks', \"don't\"\]"):
        term_positions(terms, ["TALKS", "peace", "Don’t"])
    with pytest.raises(CountsError, match=r"\['war'\]: not among the 3 terms .* See counts.terms"):
        term_positions(terms, ["war"])
