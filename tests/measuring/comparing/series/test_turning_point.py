import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measuring.comparing.series.turning_point import SHOCKS, find_turns

rows = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 20)), min_size=6, max_size=30
).map(lambda found: [row for row in found if row[0] + row[1]] or [(1, 1, 1)])


def arrays(found):
    a, b, time = (np.array(column, float) for column in zip(*found, strict=True))
    order = np.lexsort((b, a, time))
    return time[order], a[order], b[order]


def turn_of(time, a, b, *, resamples: int = 99, least: int = 2, level: float = 0.95, seed: int = 0):
    options = {"min_articles": least, "resamples": resamples, "seed": seed, "level": level}
    found = find_turns(time, a, a + b, np.arange(len(time)) // 12, **options)
    return found[0] if found else None


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
    assert turn_of(time, b, a).split == turn.split


def test_the_frames_exchanged_give_the_same_p_but_for_chance():
    rng = np.random.default_rng(5)
    time, a = np.arange(48.0), rng.binomial(6, 0.5, 48).astype(float)
    turn, swapped = (turn_of(time, x, 6 - x, resamples=9999) for x in (a, 6 - a))
    # Each of ten kinds of effects has a thousand series: four standard errors of the difference.
    assert swapped.p == pytest.approx(turn.p, abs=4 * np.sqrt(2 * 0.25 / 1000))


def test_a_clear_turn_has_the_smallest_p_and_a_narrow_interval():
    time = np.arange(240.0)
    a, b = np.where(time < 120, 9.0, 1.0), np.where(time < 120, 1.0, 9.0)
    a[::7] += 1
    turn = turn_of(time, a, b, resamples=199)
    assert (turn.split, turn.p) == (120, pytest.approx(1 / 201 / 0.85))
    assert 116 <= turn.low <= 120 <= turn.high <= 124


def test_a_wider_level_gives_a_wider_interval():
    rng = np.random.default_rng(2)
    time = np.arange(60.0)
    total = rng.integers(1, 9, 60)
    a = rng.binomial(total, np.where(time < 30, 0.6, 0.4)).astype(float)
    half, wide = (turn_of(time, a, total - a, resamples=999, level=level) for level in (0.5, 0.99))
    assert wide.low <= half.low <= half.high <= wide.high
    assert wide.high - wide.low > half.high - half.low
    assert half.p == wide.p


def test_fewer_than_50_articles_have_no_interval():
    for n in (49, 50):
        a = np.where(np.arange(n) < 25, 9.0, 1.0)
        assert np.isnan(turn_of(np.arange(float(n)), a, 10 - a).low) == (n == 49)


def test_two_turns_are_found_the_clearest_first():
    # 40 articles of .8, 25 of .2, and 35 of .8: Z is largest at the end of the middle.
    time = np.arange(100.0) * 7
    a = np.select([time < 280, time < 455], [8.0, 2.0], 8.0) + np.tile([1.0, -1.0], 50)
    turns = find_turns(time, a, np.full(100, 10.0), (time // 30).astype(int), min_articles=5,
                       resamples=599, seed=0)  # fmt: skip
    assert sorted(turn.split for turn in turns) == [40, 65]
    assert all(turn.p <= 0.05 and turn.low <= time[turn.split] <= turn.high for turn in turns)


def test_a_month_of_its_own_is_no_turn_of_the_articles():
    # Every month has a share of its own, without any order: all articles of a month have it.
    rng = np.random.default_rng(3)
    month = np.repeat(np.arange(24), 12)
    called = {"articles": 0, "months": 0}
    for number in range(40):
        a = 10 / (1 + np.exp(-rng.normal(0, 1, 24)))[month]
        for name, shocks in (("articles", ((0.0, 0.0),)), ("months", SHOCKS)):
            turn = find_turns(np.arange(288.0), a, np.full(288, 10.0), month, min_articles=5,
                              resamples=199, seed=number, shocks=shocks)[0]  # fmt: skip
            called[name] += turn.p <= 0.05
    # Articles taken for independent all but always show a turn. At 5%, 6 or more of 40 come up
    # once in a hundred times.
    assert called["articles"] > 30
    assert called["months"] < 6


def test_another_seed_gives_other_draws_and_the_same_turn():
    rng = np.random.default_rng(5)
    a, b = rng.poisson(3, 50).astype(float), rng.poisson(3, 50) + 1.0
    one, again, other = (turn_of(np.arange(50.0), a, b, seed=seed) for seed in (0, 0, 1))
    assert one == again
    assert one.split == other.split
    assert one != other


def test_there_and_back_again_is_two_turns():
    # No one split separates .8, .2, .8 well, and two do; a split between them moves to its place.
    found = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        time, hits = np.sort(rng.integers(0, 730, 300)).astype(float), 1 + rng.poisson(5, 300)
        share = np.where((time < 243) | (time >= 487), 0.8, 0.2)
        a = rng.binomial(hits, rng.beta(4 * share, 4 - 4 * share)).astype(float)
        turns = find_turns(time, a, hits.astype(float), (time // 30).astype(int), min_articles=5,
                           resamples=199, seed=0)  # fmt: skip
        found.append(len(turns))
    # At nine in ten, 14 or fewer of 20 come up once in a hundred.
    assert found.count(2) > 14
