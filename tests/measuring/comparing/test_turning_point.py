import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measuring.comparing.turning_point import find_turn

rows = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 20)), min_size=6, max_size=30
).map(lambda found: [row for row in found if row[0] + row[1]] or [(1, 1, 1)])


def arrays(found):
    a, b, time = (np.array(column, float) for column in zip(*found, strict=True))
    order = np.lexsort((b, a, time))
    return time[order], a[order], b[order]


def turn_of(time, a, b, *, resamples: int = 99, least: int = 2, level: float = 0.95, seed: int = 0):
    options = {"min_articles": least, "resamples": resamples, "seed": seed, "level": level}
    return find_turn(time, a, b, **options)


@given(rows, st.integers(2, 4))
def test_the_turn_is_the_split_with_the_largest_deviation(found, least):
    time, a, b = arrays(found)
    n, share = len(time), a.sum() / (a + b).sum()
    turn = turn_of(time, a, b, least=least)
    error = a - share * (a + b)
    z = {
        k: abs(error[:k].sum()) / np.sqrt(k * (n - k))
        for k in range(least, n - least + 1)
        if time[k] > time[k - 1]
    }
    if not z or np.allclose(error, 0):
        assert turn is None
        return
    assert z[turn.split] == pytest.approx(max(z.values()))
    assert time[least] <= turn.low <= turn.high <= time[n - least]
    assert {turn.low, turn.high} <= {time[k] for k in z}
    assert 0.01 <= turn.p <= 1
    # As many articles on either side as asked for, and never a split within a day.
    assert least <= turn.split <= n - least


@given(rows)
def test_the_clock_and_the_frames_exchanged_change_nothing(found):
    time, a, b = arrays(found)
    turn = turn_of(time, a, b)
    later = turn_of(time * 7 + 1000, a, b)
    assert (later is None) == (turn is None)
    if turn is None:
        return
    assert (later.split, later.p) == (turn.split, turn.p)
    assert (later.low, later.high) == (turn.low * 7 + 1000, turn.high * 7 + 1000)
    swapped = turn_of(time, b, a)
    assert (swapped.low, swapped.high) == (turn.low, turn.high)
    assert swapped.p == pytest.approx(turn.p, abs=0.02)


def test_a_clear_turn_has_the_smallest_p_and_a_narrow_interval():
    time = np.arange(40.0)
    a, b = np.where(time < 20, 9.0, 1.0), np.where(time < 20, 1.0, 9.0)
    turn = turn_of(time, a, b, resamples=199)
    assert (turn.split, turn.p) == (20, 1 / 200)
    assert 16 <= turn.low <= 20 <= turn.high <= 24


def test_a_wider_level_gives_a_wider_interval_and_its_quantiles():
    rng = np.random.default_rng(2)
    time = np.arange(60.0)
    total = rng.integers(1, 9, 60)
    a = rng.binomial(total, np.where(time < 30, 0.6, 0.4)).astype(float)
    half, wide = (turn_of(time, a, total - a, resamples=999, level=level) for level in (0.5, 0.99))
    assert wide.low < half.low <= half.high < wide.high
    assert half.p == wide.p
    # The turns of articles drawn with replacement, by a plain loop with draws of its own.
    turns = []
    for _ in range(400):
        drawn = np.sort(rng.integers(0, 60, 60))
        x, y = a[drawn], (total - a)[drawn]
        error = np.cumsum(x - x.sum() / (x + y).sum() * (x + y))
        k = np.array([k for k in range(2, 59) if (drawn < k).any() and (drawn >= k).any()])
        before = np.array([(drawn < split).sum() for split in k])
        z = np.abs(error[before - 1]) / np.sqrt(before * (60 - before))
        turns.append(time[k[z.argmax()]])
    low, high = np.quantile(turns, [0.25, 0.75])
    assert half.low == pytest.approx(low, abs=4)
    assert half.high == pytest.approx(high, abs=4)


def test_another_seed_gives_other_draws_and_the_same_turn():
    rng = np.random.default_rng(5)
    a, b = rng.poisson(3, 50).astype(float), rng.poisson(3, 50) + 1.0
    one, again, other = (turn_of(np.arange(50.0), a, b, seed=seed) for seed in (0, 0, 1))
    assert one == again
    assert one.split == other.split
    assert one != other
