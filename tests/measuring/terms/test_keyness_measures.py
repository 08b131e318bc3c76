import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measuring.terms.keyness_measures import (
    chi2,
    chi2_yates,
    g2,
    g2_williams,
    log_odds_z,
    percent_diff,
)


# Target b x 7, a x 3, reference a x 7, b x 2; quanteda.textstats 0.97.3 textstat_keyness (G2: it
# adds 1e-9 inside the logarithm, so the digits are SciPy 1.17's), and the same from
# scipy.stats.chi2_contingency.
@pytest.mark.parametrize(
    ("measure", "expected"), [(chi2, 4.337160494), (chi2_yates, 2.632438272), (g2, 4.534939332)]
)
def test_a_table_of_two_terms(measure, expected: float):
    assert measure(7, 2, 3, 7) == pytest.approx(expected, abs=1e-9)
    assert measure(2, 7, 7, 3) == pytest.approx(-expected, abs=1e-9)  # negative in the reference


def test_williams_correction():
    # The same table and peer; its 4.200833447 carries the 1e-9 inside the logarithm, which moves
    # the eighth digit.
    assert g2_williams(7, 2, 3, 7) == pytest.approx(4.200833447, abs=1e-7)


# Target a a a b b c c c c c c d e f g h h, reference a a b c c d d d d e f h;
# quanteda.textstats 0.97.3, textstat_keyness(measure = "lr" and "chi2", correction = "none").
TARGET = dict(zip("abcdefgh", [3, 2, 6, 1, 1, 1, 1, 2], strict=True))
REFERENCE = dict(zip("abcdefgh", [2, 1, 2, 4, 1, 1, 0, 1], strict=True))
G2 = {
    "c": 1.274238068, "g": 1.093291040, "b": 0.091241952, "h": 0.091241952,
    "a": 0.004751467, "e": -0.064900531, "f": -0.064900531, "d": -3.779440591,
}  # fmt: skip
CHI2 = {
    "c": 1.221872082, "g": 0.731092437, "b": 0.089303670, "h": 0.089303670,
    "a": 0.004738562, "e": -0.065813362, "f": -0.065813362, "d": -3.715032680,
}  # fmt: skip


@pytest.mark.parametrize(("measure", "expected"), [(g2, G2), (chi2, CHI2)])
def test_eight_terms_at_once(measure, expected: dict[str, float]):
    a = np.array([TARGET[term] for term in expected])
    b = np.array([REFERENCE[term] for term in expected])
    found = measure(a, b, 17 - a, 12 - b)
    # The peer's G2 adds 1e-9 to each ratio inside the logarithm: 2 * 29 hits * 1e-9 at most.
    np.testing.assert_allclose(found, list(expected.values()), atol=6e-8)


def test_log_odds_with_a_flat_prior():
    # "the quick brown fox jumps over the lazy pig" against "the lazy purple pig jumps over the
    # lazier donkey", alpha .05 a term, 11 terms: delta and z as Monroe et al. define them, with
    # the two-term variance .689423 and with four terms .685784.
    a = np.array([1, 0, 2, 1])  # brown, donkey, the, pig
    b = np.array([0, 1, 2, 1])
    table = (a, b, 9 - a, 9 - b)
    z = log_odds_z(*table, 0.05, 11 * 0.05)
    np.testing.assert_allclose(z, [0.689423, -0.689423, 0, 0], atol=5e-7)
    four = log_odds_z(*table, 0.05, 11 * 0.05, others_in_variance=True)
    np.testing.assert_allclose(four, [0.685784, -0.685784, 0, 0], atol=5e-7)


def test_log_odds_of_unlike_corpora():
    # alpha .01 a term, four-term variance; two independent implementations agree.
    a, b = np.array([1, 5, 1, 9]), np.array([100, 510, 100, 199])
    z = log_odds_z(a, b, 16 - a, 909 - b, 0.01, 0.04, others_in_variance=True)
    np.testing.assert_allclose(z, [-0.5898449, -1.9056841, -0.5898449, 2.9830643], atol=5e-8)


def test_percent_diff_by_hand():
    # 30 in 1,000 against 10 in 1,000: 200% more; 5 in 1,000 against none: (5.5 - .5) / .5, in
    # percent; none against 5, all of it less; 1 in 100 against none in 9,900: .01 / .0001.
    table = [30, 5, 0, 1], [10, 0, 5, 0], [970, 995, 1000, 99], [990, 1000, 995, 9900]
    assert percent_diff(*table).tolist() == pytest.approx([200, 1000, -100, 10_000])


cells = st.tuples(*[st.integers(1, 400)] * 4)


@given(cells)
def test_exchanging_the_corpora_flips_the_sign(table):
    a, b, c, d = table
    for measure in (g2, g2_williams, chi2, chi2_yates):
        assert measure(a, b, c, d) == pytest.approx(-measure(b, a, d, c), abs=1e-9)
    there, back = log_odds_z(a, b, c, d, 0.05, 3), log_odds_z(b, a, d, c, 0.05, 3)
    assert there == pytest.approx(-back, abs=1e-12)


@given(cells, st.integers(2, 9))
def test_larger_corpora_of_the_same_rates_give_more_evidence(table, times):
    larger = [times * cell for cell in table]
    for measure in (g2, chi2):
        assert measure(*larger) == pytest.approx(times * measure(*table), abs=1e-7)
    assert percent_diff(*larger) == pytest.approx(percent_diff(*table))


@given(cells)
def test_corrections_only_take_evidence_away(table):
    assert abs(chi2_yates(*table)) <= abs(chi2(*table)) + 1e-9
    assert abs(g2_williams(*table)) <= abs(g2(*table)) + 1e-9


@given(cells)
def test_the_sign_is_that_of_the_difference_of_rates(table):
    a, b, c, d = table
    difference = np.sign(a * (b + d) - b * (a + c))
    assert np.sign(percent_diff(a, b, c, d).round(9)) == difference
    for measure in (g2, g2_williams, chi2):
        assert np.sign(measure(a, b, c, d).round(12)) in (difference, 0)


@given(st.integers(1, 50), st.integers(1, 50), st.integers(1, 9), st.integers(1, 9))
def test_equal_rates_are_no_evidence(hits, others, target, reference):
    table = (hits * target, hits * reference, others * target, others * reference)
    for measure in (g2, g2_williams, chi2, chi2_yates, percent_diff):
        assert measure(*table) == pytest.approx(0, abs=1e-7)


MEASURES = [g2, g2_williams, chi2, chi2_yates, percent_diff]


@pytest.mark.parametrize("measure", MEASURES)
def test_a_corpus_without_a_token_can_not_be_compared(measure):
    assert np.isnan(measure(3, 0, 2, 0))
    assert np.isnan(measure(0, 3, 0, 2))


def test_a_term_that_is_all_there_is_sets_nothing_apart():
    for measure in MEASURES:
        assert measure(3, 2, 0, 0) == 0
    # No other word has hits or a prior: there are no odds.
    assert np.isnan(log_odds_z(3, 2, 0, 0, 0.05, 0.05))
