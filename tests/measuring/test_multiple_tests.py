"""P-values of many tests at once."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.measuring.multiple_tests import adjust_bh, adjust_holm


def test_by_hand():
    # Holm: .01 * 5, .02 * 4, .03 * 3; then .04 * 2 and .05 * 1, which may not fall below .09.
    p = np.array([0.01, 0.02, 0.03, 0.04, 0.05])
    assert_allclose(adjust_holm(p), [0.05, 0.08, 0.09, 0.09, 0.09])
    # Benjamini and Hochberg: .01 * 5/1; then .04 * 5/3 may not exceed .05 * 5/4, and .9 is last.
    p = np.array([0.01, 0.9, 0.05, 0.04, 0.045])
    assert_allclose(adjust_bh(p), [0.05, 0.9, 0.0625, 0.0625, 0.0625])


@pytest.mark.parametrize("adjust", [adjust_bh, adjust_holm])
@pytest.mark.parametrize("seed", range(20))
def test_missing_ones_do_not_count_and_none_falls_below_its_p(adjust, seed):
    rng = np.random.default_rng(seed)
    p = np.append(rng.uniform(size=rng.integers(0, 60)) ** 5, [0.0, 1.0])
    adjusted = adjust(p)
    assert (p <= adjusted).all() and (adjusted <= 1).all()
    gaps = np.insert(p, [0, len(p) // 2, len(p)], np.nan)
    np.testing.assert_array_equal(adjust(gaps)[~np.isnan(gaps)], adjusted)
    assert np.isnan(adjust(gaps)[np.isnan(gaps)]).all()


@pytest.mark.parametrize("adjust", [adjust_bh, adjust_holm])
@pytest.mark.parametrize("p", [[], [np.nan], [np.nan, np.nan]])
def test_without_a_test_there_is_nothing_to_adjust(adjust, p):
    np.testing.assert_array_equal(adjust(np.array(p, float)), p)
