import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.counting.groups import group_counts
from analysis.errors import CountsError, LexiconError
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.frames.stance import stance
from analysis.measuring.intervals import t_quantile
from tests.measuring.hand_made import counts_ab

PAIR = ("pressure", "parley")


def jackknife(counts) -> tuple[float, float]:
    """Standard error of the log odds by leaving each article out; degrees of freedom + 1."""
    types = counts.hit_types
    a, b = (
        counts.hits[:, np.flatnonzero((types["frame"] == frame) & ~types["negated"])].sum(axis=1)
        for frame in PAIR
    )
    left = np.log((a.sum() - a + 0.5) / (b.sum() - b + 0.5))
    e, m = left - left.mean(), len(left)
    df = max(1, min(m - 1, 2 / ((e**4).sum() / (e**2).sum() ** 2 - 1 / m)))
    return float(np.sqrt((m - 1) / m * (e**2).sum())), df + 1


@pytest.fixture
def counts():
    rng = np.random.default_rng(3)
    n = 90
    outlet = np.repeat(["Gazette", "Herald", "Tribune"], [20, 30, 40])
    a = rng.negative_binomial(1, 0.3, n) + (outlet == "Herald") * 2
    return counts_ab(list(a), list(rng.negative_binomial(1, 0.3, n)),
                     outlet=outlet, year=np.tile([2020, 2021], n // 2))  # fmt: skip


def compared(counts, **options) -> pd.DataFrame:
    return compare_groups(counts, "by-hand", PAIR, **options)


def test_pairs_are_welch_tests_of_the_log_odds(counts):
    scores = stance(counts, "by-hand", PAIR, "outlet").set_index("outlet")
    table = compared(counts)
    assert table["outlet"].tolist() == ["Gazette", "Gazette", "Herald"]
    assert table["outlet_other"].tolist() == ["Herald", "Tribune", "Tribune"]
    for row in table.itertuples():
        one, two = scores.loc[row.outlet], scores.loc[row.outlet_other]
        # SciPy's Welch test, told the standard errors as those of means of df + 1 articles.
        moments = []
        for score in (one, two):
            mine = counts.documents["outlet"] == score.name
            se, m = jackknife(counts.subset(mine.to_numpy()))
            # HC3 leaves out the jackknife's (m - 1) / m.
            se *= np.sqrt(score["articles"] / (score["articles"] - 1))
            moments += [score["log_odds"], se * np.sqrt(m), m]
        t, p = stats.ttest_ind_from_stats(*moments, equal_var=False)
        assert row.t == pytest.approx(t)
        assert row.p == pytest.approx(p)
        assert (row.share, row.share_other) == (one["share"], two["share"])
        half = stats.t.ppf(0.975, row.df) * row.difference / row.t
        assert row.difference_high - row.difference == pytest.approx(half)
        assert row.difference - row.difference_low == pytest.approx(half)


def test_the_rest_is_all_other_groups_together(counts):
    table = compared(counts, against="rest")
    assert table["outlet"].tolist() == ["Gazette", "Herald", "Tribune"]
    for row in table.itertuples():
        mine = counts.documents["outlet"] == row.outlet
        two = compared(counts.assign(outlet=np.where(mine, "0", "1")))
        for name in ("difference", "difference_low", "difference_high", "t", "df", "p"):
            assert getattr(row, name) == pytest.approx(two[name].item())


def test_one_group_can_be_the_measure_of_all(counts):
    table = compared(counts, against={"outlet": "Herald"})
    pairs = compared(counts)
    assert table["outlet"].tolist() == ["Gazette", "Tribune"]
    assert table["difference"].tolist() == [pairs["difference"][0], -pairs["difference"][2]]


def test_groups_are_compared_within_the_same_period(counts):
    table = compared(counts, within="year")
    assert table["year"].tolist() == [2020] * 3 + [2021] * 3
    alone = compared(counts.subset(counts.documents["year"].to_numpy() == 2021))
    pd.testing.assert_series_equal(
        table["difference_low"].iloc[3:], alone["difference_low"], check_index=False
    )


def test_two_parts_of_the_same_articles_are_compared_as_pairs():
    """Articles with very different levels, whose two voices differ by almost nothing else."""
    rng = np.random.default_rng(4)
    level = rng.gamma(0.5, 8, 60)
    a, b = rng.poisson(level * 2), rng.poisson(np.flip(level) * 2)
    voices = counts_ab([*a, *(a + 1)], [*b, *b], voice=["narration"] * 60 + ["quoted"] * 60)
    paired = voices.assign(doc_id=[f"d{i}" for i in range(60)] * 2)
    apart, together = compared(voices, by="voice"), compared(paired, by="voice")
    assert apart["difference"].item() == together["difference"].item()

    # The jackknife of the difference itself, one article with both its voices at a time.
    def difference(keep):
        odds = lambda x, y: np.log((x[keep].sum() + 0.5) / (y[keep].sum() + 0.5))  # noqa: E731
        return odds(a, b) - odds(a + 1, b)

    left = np.array([difference(np.delete(np.arange(60), d)) for d in range(60)])
    se = np.sqrt(59 / 60 * ((left - left.mean()) ** 2).sum())
    row = together.iloc[0]
    half = row["difference_high"] - row["difference"]
    assert half / t_quantile(row["df"]) == pytest.approx(se, rel=0.03)
    assert apart["p"].item() > 10 * row["p"]


def test_a_group_without_evidence_is_compared_with_a_note():
    counts = counts_ab([1, 2, 3, 1, 2], [1, 0, 1, 2, 1], outlet=list("AABBC"))
    table = compared(counts).set_index(["outlet", "outlet_other"])
    assert table.loc[("A", "B"), "note"] == ""
    assert table.loc[("A", "C"), "note"] == "too little evidence on the other side"
    assert np.isnan(table.loc[("A", "C"), "p"])
    assert table.loc[("A", "C"), "share_other"] == 2 / 3


def test_mistakes_are_named(counts):
    for against in ("all", "singles"):
        with pytest.raises(
            CountsError, match=f"'{against}' is unknown; allowed are 'pairs', 'rest'"
        ):
            compared(counts, against=against)
    with pytest.raises(CountsError, match="against: no article has outlet='Times'; there are"):
        compared(counts, against={"outlet": "Times"})
    with pytest.raises(
        CountsError, match=r"against={'year': 2020}: it must give a value for \['ou"
    ):
        compared(counts, against={"year": 2020})
    with pytest.raises(CountsError, match="no two groups to compare"):
        compared(counts, by=())


hits = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from("ABC")), min_size=6, max_size=24
).filter(lambda rows: {row[2] for row in rows} == {*"ABC"})


def counted(rows):
    a, b, outlet = map(list, zip(*rows, strict=True))
    return counts_ab(a, b, outlet=outlet)


@given(hits, st.randoms())
def test_neither_order_nor_names_of_groups_change_a_comparison(rows, random):
    table = compared(counted(rows))
    shuffled = rows.copy()
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(compared(counted(shuffled)), table, check_exact=True)
    # C, B, A in place of A, B, C: the pairs stand the other way round.
    names = dict(zip("ABC", "ZYX", strict=True))
    turned = compared(counted([(a, b, names[outlet]) for a, b, outlet in rows])).iloc[::-1]
    assert turned["outlet_other"].tolist() == table["outlet"].map(names).tolist()
    np.testing.assert_allclose(turned["difference"], -table["difference"])
    np.testing.assert_allclose(turned["difference_low"], -table["difference_high"])
    np.testing.assert_allclose(
        turned[["df", "p", "p_holm", "q"]], table[["df", "p", "p_holm", "q"]]
    )


@given(hits)
def test_differences_add_up_and_swapping_the_frames_flips_them(rows):
    table = compared(counted(rows))
    ab, ac, bc = table["difference"]
    assert np.isnan(ab + bc) or ab + bc == pytest.approx(ac)
    back = compare_groups(counted(rows), "by-hand", PAIR[::-1])
    np.testing.assert_allclose(back["difference"], -table["difference"])
    np.testing.assert_allclose(back["p"], table["p"])


@given(hits)
def test_adjusted_p_values_are_no_smaller(rows):
    table = compared(counted(rows)).dropna(subset="p")
    assert table["p"].between(0, 1).all()
    assert (table["p"] <= table["q"] + 1e-12).all()
    assert (table["q"] <= table["p_holm"] + 1e-12).all()
    assert (table["p_holm"] <= 1).all()
    assert (table["difference_low"] <= table["difference"]).all()
    assert (table["difference"] <= table["difference_high"]).all()


@given(hits)
def test_of_two_groups_each_is_the_rest_of_the_other(rows):
    counts = counted([row for row in rows if row[2] != "C"])
    pair, rest = compared(counts), compared(counts, against="rest")
    np.testing.assert_allclose(rest["difference"], [pair["difference"][0], -pair["difference"][0]])
    np.testing.assert_allclose(rest["p"], [pair["p"][0]] * 2)


def test_groups_alone_in_their_period_are_compared_with_none():
    counts = counts_ab([1, 2, 3, 1, 2, 4], [1, 0, 1, 2, 1, 1], outlet=list("AABBAA"),
                       year=[1, 1, 1, 1, 2, 2])  # fmt: skip
    for against in ("pairs", "rest", {"outlet": "B"}):
        assert set(compared(counts, within="year", against=against)["year"]) == {1}


def test_prevalence_of_one_frame_is_compared_by_gart():
    # 30 of 100 articles against 15 of 90: ln(30.5 / 70.5 * 75.5 / 15.5) = .74537, with the
    # variance 1/30.5 + 1/70.5 + 1/75.5 + 1/15.5 = .12473 (Gart 1966), worked out by hand.
    a = [2] * 30 + [0] * 70 + [1] * 15 + [0] * 75
    counts = counts_ab(a, [1] * 190, outlet=["G"] * 100 + ["H"] * 90)
    row = compare_groups(counts, "by-hand", frames="pressure").iloc[0]
    assert (row["frame"], row["measure"], row["tests"]) == ("pressure", "prevalence", 1)
    assert (row["share"], row["share_other"]) == (0.3, 15 / 90)
    difference = np.log(30.5 / 70.5 * 75.5 / 15.5)
    se = np.sqrt(1 / 30.5 + 1 / 70.5 + 1 / 75.5 + 1 / 15.5)
    assert row["difference"] == pytest.approx(difference)
    assert row["difference_high"] == pytest.approx(difference + 1.959964 * se)
    assert row["p"] == pytest.approx(2 * stats.norm.sf(difference / se))
    several = compare_groups(counts, "by-hand", frames="pressure", at_least=2).iloc[0]
    assert (several["share"], several["share_other"]) == (0.3, 0)
    # ln(30.5 / 70.5 * 90.5 / .5) = 4.3607, variance 1/30.5 + 1/70.5 + 1/90.5 + 1/.5 = 2.0580.
    assert several["p"] == pytest.approx(2 * stats.norm.sf(4.3607 / np.sqrt(2.0580)), rel=1e-3)


def test_the_share_of_a_frame_is_a_contrast_with_all_others(counts):
    pair = compared(counts)
    one = compare_groups(counts, "by-hand", frames="pressure", measure="share")
    for name in pair.columns:
        pd.testing.assert_series_equal(one[name], pair[name])


def test_the_rate_is_that_of_stance(counts):
    table = compare_groups(counts, "by-hand", frames="pressure", measure="rate")
    scores = stance(counts, "by-hand", PAIR, "outlet").set_index("outlet")
    for row in table.itertuples():
        one, two = scores.loc[row.outlet], scores.loc[row.outlet_other]
        assert row.share == pytest.approx(one["rate_pressure"] / 1000)
        ratio = np.log((one["n_pressure"] + 0.5) / one["tokens"])
        ratio -= np.log((two["n_pressure"] + 0.5) / two["tokens"])
        assert row.difference == pytest.approx(ratio)


def test_tests_of_several_frames_are_adjusted_together(counts):
    table = compare_groups(counts, "by-hand", frames=list(PAIR))
    assert table["frame"].tolist() == list(PAIR) * 3
    assert table["tests"].unique().tolist() == [6]
    p = np.sort(table["p"])
    assert table["p_holm"].min() == pytest.approx(min(6 * p[0], 1))
    np.testing.assert_allclose(table["q"], stats.false_discovery_control(table["p"]))
    for row in table.to_dict("records"):
        alone = compare_groups(counts, "by-hand", frames=row["frame"])
        assert row["p"] in alone["p"].tolist()


@pytest.mark.parametrize("measure", ["prevalence", "rate", "share"])
@pytest.mark.parametrize("against", ["pairs", "rest"])
def test_streamed_counts_and_rests_are_the_same(counts, measure, against):
    options = {"frames": list(PAIR), "measure": measure, "against": against}
    table = compare_groups(counts, "by-hand", **options)
    streamed = compare_groups(group_counts(counts, ["outlet", "year"]), "by-hand", **options)
    pd.testing.assert_frame_equal(table, streamed)
    if against == "rest":
        mine = counts.documents["outlet"] == "Herald"
        two = counts.assign(outlet=np.where(mine, "0", "1"))
        two = compare_groups(two, "by-hand", frames=list(PAIR), measure=measure)
        rest = table[table["outlet"] == "Herald"]
        for name in ("difference", "difference_low", "p"):
            np.testing.assert_allclose(rest[name], two[name])


def test_the_prevalence_of_two_parts_of_an_article_is_compared_in_pairs():
    rng = np.random.default_rng(6)
    one = rng.random(80) < 0.5
    both = np.where(rng.random(80) < 0.9, one, ~one)
    voices = counts_ab([*one * 1, *both * 1], [0] * 160, voice=["a"] * 80 + ["b"] * 80)
    paired = voices.assign(doc_id=[f"d{i}" for i in range(80)] * 2)
    apart, together = (
        compare_groups(c, "by-hand", by="voice", frames="pressure").iloc[0]
        for c in (voices, paired)
    )
    # The variance of a difference of two logits of the same articles, by the delta method.
    p, q, n = one.mean(), both.mean(), 80
    covariance = (np.mean(one & both) - p * q) / (n * p * (1 - p) * q * (1 - q))
    plain = ((apart["difference_high"] - apart["difference"]) / 1.959964) ** 2
    found = ((together["difference_high"] - together["difference"]) / 1.959964) ** 2
    assert plain - found == pytest.approx(2 * covariance, rel=0.05)
    with pytest.raises(CountsError, match="do not tell which articles without a hit"):
        compare_groups(group_counts(paired, "voice"), "by-hand", by="voice", frames="pressure")
    every = group_counts(paired, "voice", all_articles=True)
    for measure in ("prevalence", "rate", "share"):
        options = {"by": "voice", "frames": "pressure", "measure": measure}
        pd.testing.assert_frame_equal(
            compare_groups(every, "by-hand", **options),
            compare_groups(paired, "by-hand", **options),
        )


def test_a_contrast_and_frames_exclude_each_other(counts):
    for options in ({"frames": "pressure"}, {"measure": "rate"}, {"at_least": 2}):
        with pytest.raises(LexiconError, match="Give either a contrast or some of these"):
            compared(counts, **options)
    with pytest.raises(CountsError, match="negated='flip' is unknown; allowed are apart, keep"):
        compare_groups(counts, "by-hand", frames="pressure", negated="flip")
    with pytest.raises(CountsError, match="a column 'frame' of its own"):
        compare_groups(
            counts.assign(frame=list("GH") * 45), "by-hand", by="frame", frames="pressure"
        )
