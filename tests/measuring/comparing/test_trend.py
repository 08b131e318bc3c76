from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special, stats

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.counting.groups import group_counts
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.series.turning_point import find_turns
from analysis.measuring.comparing.trend import trend
from tests.measuring.hand_made import counts_ab

PAIR = ("pressure", "parley")
START = pd.Timestamp("2018-01-01")
DAYS = pd.date_range("2018-01-01", periods=80, freq="3D")


def series(seed: int, before: float, after: float, turn: int = 40, n: int = 80):
    """Over-dispersed hits of n articles whose share changes at one of them."""
    rng = np.random.default_rng(seed)
    share = np.where(np.arange(n) < turn, before, after)
    total = rng.poisson(rng.gamma(1, 8, n)) + 1
    a = rng.binomial(total, rng.beta(4 * share, 4 * (1 - share)))
    return a, total - a


def followed(counts, **options) -> pd.DataFrame:
    return trend(counts, "by-hand", PAIR, **options)


def test_a_planted_turn_is_found_with_its_date():
    a, b = series(1, 0.8, 0.3)
    row = followed(counts_ab(list(a), list(b), date=DAYS)).iloc[0]
    assert row["turn_p"] < 0.01
    assert abs(row["turn"] - DAYS[40]) <= pd.Timedelta(days=9)
    split = (row["turn"] > DAYS).sum()
    assert row["share_before"] == pytest.approx(a[:split].sum() / (a + b)[:split].sum())
    assert row["share_after"] == pytest.approx(a[split:].sum() / (a + b)[split:].sum())
    assert row["slope_high"] < 0


def test_the_interval_of_the_date_holds_it():
    held = 0
    for seed in range(30):
        a, b = series(seed, 0.8, 0.3)
        row = followed(counts_ab(list(a), list(b), date=DAYS), resamples=199).iloc[0]
        held += row["turn_low"] <= DAYS[40] <= row["turn_high"]
    # Of 30 intervals that hold in 95 of 100, fewer than 26 do so in 2 of 100 such tests.
    assert held >= 26


def test_the_turn_is_where_a_plain_loop_puts_it():
    a, b = series(2, 0.6, 0.4, 25, 60)
    p, n = a.sum() / (a + b).sum(), 60
    e = (1 - p) * a - p * b
    z = [
        abs(e[:k].sum()) / np.sqrt(k * (n - k) / (n * (n - 1)) * (e**2).sum()) for k in range(4, 57)
    ]
    (turn, *_) = find_turns(np.arange(60.0), a, a + b, np.arange(60) // 10, min_articles=4,
                            resamples=19, seed=0)  # fmt: skip
    assert turn.split == 4 + int(np.argmax(z))


def test_the_p_value_is_that_of_all_orders():
    a, b = np.array([5.0, 4, 6, 2, 1, 0, 2]), np.array([1.0, 2, 1, 2, 4, 3, 5])
    e = a - a.sum() / (a + b).sum() * (a + b)

    def largest(order) -> float:
        sums = np.abs(np.cumsum(e[list(order)]))
        return max(sums[k - 1] / np.sqrt(k * (7 - k)) for k in range(2, 6))

    orders = [largest(order) for order in permutations(range(7))]
    exact = np.mean(np.array(orders) >= largest(range(7)) * (1 - 1e-12))
    # Without effects of periods.
    (turn, *_) = find_turns(np.arange(7.0), a, a + b, np.arange(7), min_articles=2,
                            resamples=20_000, seed=0, shocks=((0.0, 0.0),))  # fmt: skip
    # What is left of 5% once .15 of it is kept for two turns at once, which are no surer here.
    spread = 4 * np.sqrt(exact * (1 - exact) / 20_000)
    assert turn.p == pytest.approx(exact / 0.85, abs=spread / 0.85)


def test_there_is_seldom_a_turn_in_shuffled_dates():
    a, b = series(3, 0.8, 0.3)
    rng = np.random.default_rng(4)
    alarms = 0
    for _ in range(100):
        order = rng.permutation(80)
        (turn, *_) = find_turns(
            np.arange(80.0), a[order], (a + b)[order], np.arange(80) // 10, min_articles=5,
            resamples=99, seed=0,
        )  # fmt: skip
        alarms += turn.p <= 0.05
    # At a true rate of 5%, 12 or more in 100 come up less than once in 200 times.
    assert alarms < 12


def test_slope_is_the_regression_and_its_interval_the_jackknife():
    a, b = series(5, 0.7, 0.4)
    row = followed(counts_ab(list(a), list(b), date=DAYS)).iloc[0]
    years = np.arange(80) * 3 / 365.25

    def fitted(keep: np.ndarray) -> float:
        def loss(beta):
            z = beta[0] + beta[1] * (years[keep] - 0.3)
            return (np.logaddexp(0, z) * (a + b)[keep] - z * a[keep]).sum()

        return optimize.minimize(loss, [0, 0], method="BFGS", tol=1e-10).x[1]

    full = fitted(np.arange(80))
    assert row["slope"] == pytest.approx(full, rel=1e-4)
    # The series is shorter than a year: weeks from the first day are the clusters.
    week = np.arange(80) * 3 // 7
    weeks = week.max() + 1
    left = np.array([fitted(np.flatnonzero(week != out)) for out in range(weeks)])
    se = np.sqrt((weeks - 1) / weeks * ((left - full) ** 2).sum())
    # One step of the regression for each week left out, in place of as many regressions.
    half = (row["slope_high"] - row["slope_low"]) / 2
    assert half == pytest.approx(stats.t.ppf(0.975, weeks - 2) * se, rel=0.03)
    t = row["slope"] / (half / stats.t.ppf(0.975, weeks - 2))
    assert row["slope_p"] == pytest.approx(2 * special.stdtr(weeks - 2, -abs(t)))


def test_reprints_count_once_at_the_time_of_the_first():
    a, b = series(7, 0.8, 0.3)
    once = counts_ab(list(a), list(b), date=DAYS, outlet=["Gazette", "Herald"] * 40)
    # Every fifth article is printed again, by its own outlet, one to three months later.
    again = np.arange(0, 80, 5)
    later = [*DAYS, *(DAYS[again] + pd.to_timedelta(30 + again, unit="D"))]
    copies = counts_ab(
        [*a, *a[again]], [*b, *b[again]], date=later,
        outlet=[["Gazette", "Herald"][row % 2] for row in [*range(80), *again]],
    )  # fmt: skip
    stories = [f"story{row}" for row in [*range(80), *again]]
    copies.documents["cluster"] = [s if row % 5 == 0 else None for row, s in zip(
        [*range(80), *again], stories, strict=True)]  # fmt: skip
    for by in ((), "outlet"):
        expected = followed(once, by=by)
        pd.testing.assert_frame_equal(
            followed(copies, by=by, unit="cluster"), expected, check_dtype=False
        )
        assert (followed(copies, by=by)["articles_hit"] > expected["articles_hit"]).any()


def test_weights_of_one_change_nothing_and_of_nought_leave_out():
    a, b = series(8, 0.7, 0.4)
    counts = counts_ab(list(a), list(b), date=DAYS, even=1.0, late=(np.arange(80) >= 20) * 1.0)
    plain = followed(counts)
    pd.testing.assert_frame_equal(followed(counts, weights="even"), plain, check_dtype=False)
    cut = followed(counts.subset(np.arange(80) >= 20))
    late = followed(counts, weights="late")
    compared = ["articles_hit", "first", "slope", "slope_p", "turn", "turn_p", "share_after"]
    pd.testing.assert_frame_equal(late[compared], cut[compared])


def test_a_unit_needs_its_column_and_the_articles():
    counts = counts_ab([1, 2], [2, 1], date=DAYS[:2])
    with pytest.raises(CountsError, match="unit='story': the counts have no such column"):
        followed(counts, unit="story")
    with pytest.raises(CountsError, match="streamed counts cannot be clustered or weighted"):
        followed(group_counts(counts, ["date"]), unit="cluster")


def test_periods_serve_as_times_and_streams_give_the_same():
    a, b = series(6, 0.8, 0.3)
    counts = counts_ab(list(a), list(b), date=DAYS, outlet=["Gazette", "Herald"] * 40)
    table = followed(counts, by="outlet", time="month")
    assert table["turn"].cat.ordered
    assert set(table["turn"]) <= {"2018-04", "2018-05", "2018-06"}
    streamed = group_counts(counts, ["outlet", "month"])
    pd.testing.assert_frame_equal(table, followed(streamed, by="outlet", time="month"))


def test_a_group_does_not_depend_on_the_others():
    a, b = series(7, 0.6, 0.4)
    counts = counts_ab(list(a), list(b), date=DAYS, outlet=["Gazette", "Herald"] * 40)
    both = followed(counts, by="outlet")
    alone = followed(counts.where(outlet="Herald"), by="outlet")
    columns = both.columns.drop("turn_q")
    pd.testing.assert_frame_equal(both[columns].iloc[[1]].reset_index(drop=True), alone[columns])


def test_what_can_not_be_followed_says_why():
    counts = counts_ab([1, 2, 1, 1, 2, 0], [1, 1, 2, 0, 1, 1], date=DAYS[:6])
    assert followed(counts)["note"].item() == "fewer than 10 articles with hits"
    alike = counts_ab([1] * 12, [1] * 12, date=DAYS[:12])
    assert followed(alike)["note"].item() == "no time separates the articles"
    dates = pd.Series(DAYS[:12]).where(np.arange(12) > 0)
    row = followed(counts_ab([3] * 6 + [1] * 6, [1, 2] * 6, date=dates)).iloc[0]
    assert row["note"].startswith("fewer than 50 articles with hits: no interval of the turn")
    assert row["note"].endswith("; 1 article(s) without date")
    assert (row["articles"], row["articles_hit"]) == (12, 11)
    with pytest.raises(CountsError, match="time='n_tokens': it holds int64"):
        followed(counts, time="n_tokens")
    with pytest.raises(CountsError, match="min_articles=1"):
        followed(counts, min_articles=1)
    with pytest.raises(CountsError, match="resamples=5"):
        followed(counts, resamples=5)


@pytest.mark.shared
def test_news_on_north_korea_turned_with_the_talks_of_2018(shared: Path):
    # The shares per quarter in the corpus' notes fall from .82 (2017 Q4) over .58 to .37 (2018
    # Q2); the talks were announced on 2018-03-08 and the summit was on 2018-06-12.
    raw = pd.read_parquet(shared / "corpora" / "allsides_security.parquet")
    raw["date"] = pd.to_datetime(raw["date"], errors="coerce")
    raw = raw[(raw["topic"] == "north_korea") & raw["date"].notna()]
    articles = check_articles(raw.rename(columns={"id": "doc_id"}))
    lexicon = Lexicon.load("deterrence-dialogue")
    counts = document_terms(articles, lexicon=lexicon)
    row = trend(counts, lexicon, ("deterrence", "dialogue")).iloc[0]
    assert pd.Timestamp("2018-01-01") <= row["turn"] <= pd.Timestamp("2018-06-30")
    assert row["turn_p"] <= 1 / 1000 / 0.85 + 1e-9  # the least that 999 resamples can give
    assert row["turn_high"] - row["turn_low"] < pd.Timedelta(days=120)
    assert row["change"] < -1


def test_two_turns_have_a_row_each_in_the_order_of_time():
    n = 36 * 20  # T6: 20 articles a month, share .8, .2 from month 12, .8 from month 24
    month = np.repeat(np.arange(36), 20)
    rng = np.random.default_rng(6)
    share = np.where((month < 12) | (month >= 24), 0.8, 0.2)
    total = rng.poisson(6, n)
    a = rng.binomial(total, share)
    dates = [START + pd.DateOffset(months=int(m), days=int(d)) for m, d in
             zip(month, np.tile(np.arange(20), 36), strict=True)]  # fmt: skip
    counts = counts_ab(list(a), list(total - a), date=dates)
    table = followed(counts, each_turn=True)
    assert (table["turns"] == 2).all() and (table["course"] == "several turns").all()
    for row, month, before, after in zip(
        table.to_dict("records"), ("2019-01", "2020-01"), (0.8, 0.2), (0.2, 0.8), strict=True
    ):
        assert row["turn_p"] <= 0.05
        assert abs(row["turn"] - pd.Timestamp(month)) < pd.Timedelta(days=10)
        assert row["turn_low"] <= pd.Timestamp(month) <= row["turn_high"]
        assert row["share_before_low"] < before < row["share_before_high"]
        assert row["share_after_low"] < after < row["share_after_high"]
    assert followed(counts)["turn"].item() in set(table["turn"])


def test_a_drift_is_not_called_a_turn():
    rng = np.random.default_rng(8)
    n = 600
    p = special.expit(np.linspace(2, -2, n))
    total = 1 + rng.poisson(6, n)
    a = rng.binomial(total, p)
    row = followed(counts_ab(list(a), list(total - a), date=pd.date_range(START, periods=n))).iloc[
        0
    ]
    assert (row["turns"], row["course"]) == (0, "drift")
    assert row["drift_deviance"] < row["turn_deviance"] < 0
    # Four in log odds over 599 days.
    assert row["slope_low"] < -4 / 599 * 365.25 < row["slope_high"]


def test_a_known_date_has_its_change_of_level_and_slope_and_placebo_dates():
    n = 730
    day = np.arange(n)
    # Logit: 1 before, then 1.5 lower, falling by 1 a year.
    z = np.where(day < 400, 1.0, -0.5 - (day - 400) / 365.25)
    rng = np.random.default_rng(9)
    total = 5 + rng.poisson(30, n)
    a = rng.binomial(total, special.expit(z))
    counts = counts_ab(list(a), list(total - a), date=pd.date_range(START, periods=n))
    table = followed(counts, dates={"talks": START + pd.Timedelta(days=400), "none": "2031-01-01"})
    row = table.iloc[0]
    assert (row["event"], row["articles_before"], row["articles_after"]) == ("talks", 400, 330)
    assert row["level_change_low"] < -1.5 < row["level_change_high"] < -1
    assert row["slope_change_low"] < -1 < row["slope_change_high"] < -0.3
    assert row["level_change_p"] < 0.001
    placebo = table[table["placebo"]]
    assert (abs(placebo["date"] - row["date"]) > pd.Timedelta(days=90)).all()
    assert row["placebo_p"] == 1 / (1 + len(placebo))
    assert table["note"][1] == "fewer than 5 articles with hits on a side"
    with pytest.raises(CountsError, match="'soon'}: it must be a date"):
        followed(counts, dates={"talks": "soon"})
    with pytest.raises(CountsError, match="'May'}: it must be one of the periods"):
        followed(counts, time="month", dates={"talks": "May"})
    assert followed(counts, time="month", dates={"talks": "2019-02"})["event"][0] == "talks"


dated = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 400)), min_size=8, max_size=30
)
SLOPE = ["slope", "slope_low", "slope_high", "slope_p"]


def followed_at(rows, shift: int = 0, sign: int = 1) -> pd.Series:
    a, b, days = map(list, zip(*rows, strict=True))
    dates = [START + pd.Timedelta(days=sign * day + shift) for day in days]
    return followed(counts_ab(a, b, date=dates), min_articles=3, resamples=19).iloc[0]


# Four years later the months begin on the same days of a series: the blocks are the same.
@given(dated, st.randoms(), st.integers(1, 15).map(lambda times: times * 1461))
def test_neither_the_order_of_articles_nor_the_calendar_matters(rows, random, shift):
    row = followed_at(rows)
    shuffled = rows.copy()
    random.shuffle(shuffled)
    pd.testing.assert_series_equal(followed_at(shuffled), row, check_exact=True)
    later = followed_at(rows, shift)
    for name in ("first", "last", "turn"):
        assert pd.isna(row[name]) or later[name] == row[name] + pd.Timedelta(days=shift)
    same = [*SLOPE, "share_before", "share_after", "change", "turn_p"]
    np.testing.assert_allclose(later[same].astype(float), row[same].astype(float), rtol=1e-6)


@given(dated)
def test_time_turned_round_and_frames_exchanged_turn_the_slope(rows):
    row, back = followed_at(rows), followed_at(rows, sign=-1)
    swapped = followed_at([(b, a, day) for a, b, day in rows])
    # Backwards the months and weeks are others, and so are the errors; or there are too few.
    if not np.isnan([back["slope"], row["slope"]]).any():
        np.testing.assert_allclose(back["slope"], -row["slope"], rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(swapped["slope"], -row["slope"], rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(swapped["slope_low"], -row["slope_high"], rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(swapped["slope_p"], row["slope_p"], rtol=1e-5)
    np.testing.assert_allclose(swapped["change"], -row["change"])
    np.testing.assert_allclose(swapped["share_after"], 1 - row["share_after"])
    assert pd.isna(row["turn"]) or swapped["turn"] == row["turn"]


def test_of_turns_that_are_equal_the_first_is_taken_whichever_frame_comes_first():
    # Sums of 1 and of -1 after 3 and after 5 of 8 articles: the same Z.
    rows = [(0, 1, 1), (0, 1, 2), (1, 1, 0), (4, 4, 1), (5, 2, 2), (6, 0, 0), (6, 1, 2), (6, 4, 0)]
    row, swapped = followed_at(rows), followed_at([(b, a, day) for a, b, day in rows])
    assert row["turn"] == swapped["turn"]
    assert row["share_after"] == pytest.approx(1 - swapped["share_after"])


@given(dated)
def test_articles_without_hits_are_counted_and_change_nothing_else(rows):
    row, more = followed_at(rows), followed_at([*rows, (0, 0, 450), (0, 0, 3)])
    assert more["articles"] == row["articles"] + 2
    pd.testing.assert_series_equal(more.drop("articles"), row.drop("articles"), check_exact=True)


@given(dated)
def test_numbers_stay_within_their_bounds(rows):
    row = followed_at(rows)
    assert row["articles_hit"] == sum(a + b > 0 for a, b, _ in rows)
    assert row["turn_low"] is pd.NaT
    if pd.isna(row["turn"]):
        assert row["note"]
        assert row[["change", "turn_p"]].isna().all()
        return
    # The 19 that were asked for are two of each of ten kinds of effects.
    assert 1 / 21 <= row["turn_p"] <= 1
    assert row["first"] < row["turn"] <= row["last"]
    assert min(row["share_before"], row["share_after"]) >= 0
    assert max(row["share_before"], row["share_after"]) <= 1


@pytest.mark.parametrize("measure", ["prevalence", "rate", "share"])
def test_one_frame_is_followed_as_a_contrast_with_what_it_is_set_against(measure):
    a, b = series(1, 0.8, 0.3)
    lengths = np.full(80, 300)
    counts = counts_ab(list(a), list(b), lengths, date=DAYS)
    row = trend(counts, "by-hand", frames="pressure", measure=measure).iloc[0]
    others = {"prevalence": a > 0, "rate": a, "share": a}[measure] * 1
    against = {"prevalence": 1 - others, "rate": lengths - a, "share": b}[measure]
    pair = followed(counts_ab(list(others), list(against), 400, date=DAYS)).iloc[0]
    for name in ("slope", "slope_low", "turn", "turn_low", "share_before", "share_after", "turn_p"):
        assert row[name] == pair[name]
    assert (row["frame"], row["measure"], row["tests"]) == ("pressure", measure, 1)
    assert row["articles_hit"] == np.count_nonzero(a)


def test_turns_of_several_frames_are_adjusted_together():
    a, b = series(1, 0.8, 0.3)
    counts = counts_ab(list(a), list(b), date=DAYS, outlet=["G", "H"] * 40)
    table = trend(counts, "by-hand", by="outlet", frames=list(PAIR))
    assert table["frame"].tolist() == list(PAIR) * 2
    assert table["tests"].tolist() == [4] * 4
    np.testing.assert_allclose(table["turn_q"], stats.false_discovery_control(table["turn_p"]))
    streamed = trend(group_counts(counts, ["outlet", "date"]), "by-hand", by="outlet",
                     frames=list(PAIR))  # fmt: skip
    pd.testing.assert_frame_equal(table, streamed)
    with pytest.raises(CountsError, match="trend of a rate needs counts per document"):
        trend(group_counts(counts, "date"), "by-hand", frames="pressure", measure="rate")
    every = group_counts(counts, ["outlet", "date"], all_articles=True)
    options = {"by": "outlet", "frames": list(PAIR), "measure": "rate", "resamples": 19}
    pd.testing.assert_frame_equal(
        trend(every, "by-hand", **options), trend(counts, "by-hand", **options)
    )


@pytest.mark.parametrize("by", ["outlet", ["outlet"]])
def test_counts_of_no_article_have_no_series(by):
    counts = counts_ab([1, 0], [0, 1], date=DAYS[:2], outlet="Gazette")
    assert followed(counts.subset(np.zeros(2, bool)), by=by).empty
