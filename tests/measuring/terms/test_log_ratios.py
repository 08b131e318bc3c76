import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import group_counts
from analysis.measuring.rates import cells_at
from analysis.measuring.terms.log_ratios import LogRatio, log_ratio


def compare(
    ours: np.ndarray,
    theirs: np.ndarray,
    lengths: tuple[np.ndarray, np.ndarray],
    level: float = 0.95,
) -> LogRatio:
    """Compare articles by terms of one side with those of the other."""
    hits = np.concatenate([ours, theirs])
    tokens = np.concatenate(lengths)
    others = tokens - hits.sum(axis=1)
    documents = pd.DataFrame(
        {
            "doc_id": [f"a{i}" for i in range(len(hits))],
            "side": ["a"] * len(ours) + ["b"] * len(theirs),
            "n_tokens": tokens,
        }
    )
    terms = pd.Index([f"t{i:03d}" for i in range(hits.shape[1])] + ["~others"], name="term")
    matrix = sparse.csr_array(np.column_stack([hits, others]))
    grouped = group_counts(DocumentTerms(documents, terms, matrix), "side")
    every = np.arange(hits.shape[1])
    return log_ratio(*(cells_at(grouped, np.full(len(every), row), every) for row in (0, 1)), level)


def singles(totals: list[int], articles: int) -> np.ndarray:
    """Hits that stand one by one in articles of their own: as independent as hits can be."""
    hits = np.zeros((articles, len(totals)), int)
    for column, total in enumerate(totals):
        hits[:total, column] = 1
    return hits


def test_independent_hits_are_judged_as_by_the_mid_p_test():
    # 1,000 articles a side, those of the target three times as long; each hit in an article of
    # its own. SciPy's binomial distribution gives the exact and the mid-P test of each table.
    n = [(9, 0), (3, 0), (6, 4), (0, 3), (0, 5), (2, 5), (40, 4), (30, 30), (1, 2), (15, 1)]
    first, second = (np.array(side) for side in zip(*n, strict=True))
    lengths = (np.full(1000, 900), np.full(1000, 300))
    found = compare(singles(list(first), 1000), singles(list(second), 1000), lengths)
    higher = first > 0.75 * (first + second)
    extreme = np.where(higher, first, second)
    share = np.where(higher, 0.75, 0.25)
    beyond = stats.binom.sf(extreme, first + second, share)
    table = stats.binom.pmf(extreme, first + second, share)
    exact, mid = 2 * (beyond + table), 2 * (beyond + table / 2)
    assert (found.p < exact).all()
    np.testing.assert_allclose(found.p, mid, rtol=0.25, atol=0.06)
    assert (np.sign(found.t) == np.where(higher, 1, -1)).all()


def test_many_hits_make_it_welchs_t_on_the_log_rates():
    rng = np.random.default_rng(0)
    sizes, terms = (150, 90), 60
    lengths = tuple(rng.integers(400, 900, size) for size in sizes)
    rates = np.geomspace(0.004, 0.015, terms)
    ours, theirs = (
        rng.poisson(length[:, None] * rates * factor * rng.gamma(2, 0.5, (len(length), terms)))
        for length, factor in zip(lengths, (1.0, 1.15), strict=True)
    )
    found = compare(ours, theirs, lengths)
    # Written out article by article: the ratio estimator's variance of each log rate.
    values, variances, freedoms = [], [], []
    for hits, length in ((ours, lengths[0]), (theirs, lengths[1])):
        rate = hits.sum(axis=0) / length.sum()
        residuals = hits - length[:, None] * rate
        m = len(length)
        values.append(np.log(rate))
        variances.append(m / (m - 1) * (residuals**2).sum(axis=0) / hits.sum(axis=0) ** 2)
        freedoms.append(m - 1)
    t = (values[0] - values[1]) / np.sqrt(variances[0] + variances[1])
    p = 2 * stats.t.sf(np.abs(t), sum(freedoms))
    np.testing.assert_allclose(found.log_ratio, (values[0] - values[1]) / np.log(2), rtol=1e-12)
    np.testing.assert_allclose(found.t, t, rtol=0.03, atol=0.03)
    np.testing.assert_allclose(found.p, p, rtol=0.25, atol=0.01)
    half = 1.98 * np.sqrt(variances[0] + variances[1]) / np.log(2)
    np.testing.assert_allclose((found.high - found.low) / 2, half, rtol=0.06)


def test_an_interval_holds_no_difference_just_where_p_is_above_the_level():
    rng = np.random.default_rng(1)
    lengths = (rng.integers(100, 900, 40), rng.integers(100, 900, 25))
    ours, theirs = (
        rng.negative_binomial(0.3, 0.3 / (0.3 + 3 * rng.gamma(0.5, 1, (len(length), 300))))
        for length in lengths
    )
    lengths = (lengths[0] + ours.sum(axis=1), lengths[1] + theirs.sum(axis=1))
    found = compare(ours, theirs, lengths, level=0.9)
    known = ~np.isnan(found.p)
    assert known.sum() > 250
    excludes = (found.low > 0) | (found.high < 0)
    assert 20 < excludes.sum() < 280
    np.testing.assert_array_equal(excludes[known], found.p[known] < 0.1)
    assert (found.low[known] <= found.log_ratio[known]).all()
    assert (found.log_ratio[known] <= found.high[known]).all()


def test_exchanging_the_sides_turns_every_number_round():
    rng = np.random.default_rng(2)
    ours, theirs = rng.poisson(0.3, (30, 50)), rng.poisson(0.5, (20, 50))
    lengths = (np.full(30, 500), np.full(20, 700))
    one = compare(ours, theirs, lengths)
    other = compare(theirs, ours, lengths[::-1])
    np.testing.assert_allclose(one.log_ratio, -other.log_ratio, rtol=1e-12)
    np.testing.assert_allclose(one.t, -other.t, rtol=1e-9)
    np.testing.assert_allclose(one.low, -other.high, rtol=1e-9)
    np.testing.assert_allclose(one.p, other.p, rtol=1e-9)


def test_a_term_of_one_side_only_has_a_hit_more_and_an_open_interval():
    found = compare(singles([9], 50), singles([0], 50), (np.full(50, 100), np.full(50, 100)))
    # The one hit falls to sides of equal length half and half.
    assert found.log_ratio[0] == pytest.approx(np.log2(9.5 / 0.5))
    assert found.high[0] == np.inf
    assert 0 < found.low[0] < found.log_ratio[0]


def test_a_side_that_alone_uses_a_term_has_the_higher_rate_however_short_the_other_is():
    found = compare(singles([1, 0], 2), singles([0, 1], 100), (np.full(2, 50), np.full(100, 99)))
    # Rates of 1 in 100 and 1 in 9,900 words, and of one hit more in all 10,000.
    expected = [np.log2((1 / 100 + 1e-4) / 1e-4), np.log2(1e-4 / (1 / 9900 + 1e-4))]
    np.testing.assert_allclose(found.log_ratio, expected)
    assert (found.log_ratio * found.t >= 0).all()


def test_hits_of_one_article_are_worth_one():
    together = np.zeros((50, 1), int)
    together[0] = 40
    lengths = (np.full(50, 100), np.full(50, 100))
    burst = compare(together, singles([0], 50), lengths)
    spread = compare(singles([40], 50), singles([0], 50), lengths)
    assert burst.p[0] > 0.2
    assert spread.p[0] < 1e-6


def test_evidence_beyond_floating_point_keeps_its_order():
    lengths = (np.full(2000, 1000), np.full(2000, 1000))
    ours = np.column_stack([np.full(2000, 9), np.full(2000, 5), np.full(2000, 3)])
    theirs = np.column_stack([np.full(2000, 1)] * 3)
    ours[::2] += 1
    found = compare(ours, theirs, lengths)
    assert np.isfinite(found.t).all()
    assert found.t[0] > found.t[1] > found.t[2] > 30


def test_one_article_or_no_hit_at_all_gives_no_test():
    alone = compare(
        np.array([[3, 0]]), np.array([[1, 0], [2, 0]]), (np.array([90]), np.full(2, 90))
    )
    assert np.isnan(alone.t).all() and np.isnan(alone.p).all() and np.isnan(alone.low).all()
    assert alone.log_ratio[0] == pytest.approx(np.log2(3 / 90 / (3 / 180)))
    assert np.isnan(alone.log_ratio[1])


def test_equal_rates_are_no_evidence_for_either_side():
    burst = np.zeros((20, 1), int)
    burst[0] = 12  # all hits in one article, against twelve articles with one each
    spread, lengths = singles([12], 20), (np.full(20, 100), np.full(20, 100))
    for one, other in ((burst, spread), (spread, burst)):
        found = compare(one, other, lengths)
        assert (found.log_ratio[0], found.t[0], found.p[0]) == (0, 0, 1)


def test_evidence_grows_evenly_where_the_tail_of_the_exact_test_underflows():
    # With as many tokens on both sides the tail is about .5 ** n: it underflows near n = 963, and
    # the signed root of the likelihood ratio takes over, about sqrt(2 n ln 2) here.
    n = np.arange(900, 1060, 20)
    lengths = (np.full(1100, 9000), np.full(1100, 9000))
    found = compare(singles(list(n), 1100), singles([0] * len(n), 1100), lengths)
    np.testing.assert_allclose(found.t, np.sqrt(2 * n * np.log(2)), rtol=0.01)
    steps = np.diff(found.t)
    assert (steps > 0).all()
    assert (steps < 0.7).all()


def test_one_hit_on_each_side_has_a_finite_interval_around_no_difference():
    found = compare(singles([1], 50), singles([1], 50), (np.full(50, 100), np.full(50, 100)))
    assert found.log_ratio[0] == 0
    assert -12 < found.low[0] < -2
    assert found.high[0] == pytest.approx(-found.low[0])


def test_a_side_of_one_article_has_no_test_whatever_the_other_is():
    one, many = np.array([[3]]), singles([4], 30)
    lengths = np.array([90]), np.full(30, 90)
    for found in (compare(one, many, lengths), compare(many, one, lengths[::-1])):
        values = [found.t[0], found.p[0], found.low[0], found.high[0]]
        assert np.isnan(values).all()
