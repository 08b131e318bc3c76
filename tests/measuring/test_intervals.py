import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import CountsError
from analysis.measuring.intervals import (
    Estimate,
    bounds,
    check_whole,
    jackknife_log_odds,
    jackknife_log_rate,
    log_odds,
    t_quantile,
    two_sided_p,
    wilson,
)

levels = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


@given(st.integers(0, 60), st.integers(1, 60), levels)
def test_wilsons_interval_is_that_of_scipy(successes: int, failures: int, level: float):
    trials = successes + failures
    expected = stats.binomtest(successes, trials).proportion_ci(level, method="wilson")
    low, high = wilson(np.array([successes]), np.array([trials]), level)
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-12)
    other = wilson(np.array([failures]), np.array([trials]), level)
    assert (1 - other[1][0], 1 - other[0][0]) == pytest.approx((low[0], high[0]), abs=1e-12)


def test_no_trial_gives_no_interval():
    assert np.isnan(wilson(np.array([0.0]), np.array([0.0]))).all()


@given(st.floats(1, 1e6), levels)
def test_quantiles_and_p_values_are_students(df: float, level: float):
    t = t_quantile(np.array([df]), level)[0]
    assert t == pytest.approx(stats.t.ppf((1 + level) / 2, df), rel=1e-7)
    # The interval ends just where p is what the level leaves.
    for sign in (-1, 1):
        assert two_sided_p(np.array([sign * t]), np.array([df]))[0] == pytest.approx(1 - level)


def test_below_one_degree_of_freedom_and_outside_of_levels():
    assert np.isnan(t_quantile(np.array([0.0, -1.0]))).all()
    for level in (0, 1, 95, -0.5):
        with pytest.raises(CountsError, match=f"level={level}: it must lie between 0 and 1"):
            t_quantile(np.array([3.0]), level)
        with pytest.raises(CountsError, match=f"level={level}: it must lie between 0 and 1"):
            wilson(np.array([8]), np.array([10]), level)


def test_bounds_lie_evenly_around_the_value():
    estimate = Estimate(np.array([0.4]), np.array([0.1]), np.array([7.0]))
    low, high = bounds(estimate, 0.9)
    half = stats.t.ppf(0.95, 7) * 0.1
    assert (low[0], high[0]) == pytest.approx((0.4 - half, 0.4 + half))


@given(st.integers(0, 99), st.integers(0, 99))
def test_log_odds_of_the_other_frame_are_the_opposite(a: int, b: int):
    there, back = log_odds(np.array([a, b]), np.array([b, a]))
    assert there == pytest.approx(-back) or a + b == 0
    assert np.isnan(there) == (a + b == 0)
    assert np.sign(there) == np.sign(a - b) or a + b == 0


hits = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(20, 400), st.integers(0, 1)),
    min_size=2,
    max_size=14,
)


def fitting_df(left: np.ndarray) -> float:
    """Satterthwaite's degrees of freedom of a jackknife, at least 1, at most m - 1."""
    e = left - left.mean()
    fitting = 2 / max((e**4).sum() / max((e**2).sum() ** 2, 1e-99) - 1 / len(e), 1e-12)
    return min(max(fitting, 1), len(e) - 1)


@given(hits)
def test_both_jackknives_are_those_of_a_plain_loop_group_by_group(rows):
    a, b, lengths, group = (np.array(column) for column in zip(*rows, strict=True))
    m = np.bincount(group, minlength=2)
    tokens = np.bincount(group, lengths, minlength=2)
    squares = np.bincount(group, lengths**2, minlength=2)
    odds = jackknife_log_odds(a, b, group, m)
    rate = jackknife_log_rate(a, lengths, group, m, tokens, squares)
    for g in range(2):
        x, y, size = a[group == g], b[group == g], lengths[group == g]
        if len(x) < 2:
            assert np.isnan(odds.se[g]) and np.isnan(rate.se[g])
            continue
        left = np.array(
            [np.log((x.sum() - i + 0.5) / (y.sum() - j + 0.5)) for i, j in zip(x, y, strict=True)]
        )
        se = np.sqrt((len(x) - 1) / len(x) * ((left - left.mean()) ** 2).sum())
        if x.sum() + y.sum():
            assert odds.se[g] == pytest.approx(se, abs=1e-6)
        assert odds.df[g] == pytest.approx(fitting_df(left), rel=1e-4) or se <= 1e-3
        if not x.sum():
            assert np.isnan(rate.value[g]) and np.isnan(rate.se[g])
            continue
        left = np.log(x.sum() - x + 0.5) + size / size.sum()
        se = np.sqrt((len(x) - 1) / len(x) * ((left - left.mean()) ** 2).sum())
        assert rate.value[g] == pytest.approx(np.log((x.sum() + 0.5) / size.sum()))
        assert rate.se[g] == pytest.approx(se, abs=1e-6)
        assert rate.df[g] <= len(x) - 1
        assert rate.df[g] == pytest.approx(fitting_df(left), rel=1e-4) or se <= 1e-3


@pytest.mark.parametrize("value", [None, -1, 1.5, "5", [5], True, float("nan"), np.float64(2)])
def test_what_is_no_whole_number_is_refused_by_name(value: object) -> None:
    with pytest.raises(CountsError, match=r"^seed=.*whole number of at least 0; 0 is usual\.$"):
        check_whole("seed", value, 0, "0 is usual")
    check_whole("seed", np.int64(0), 0, "0 is usual")
