import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import CountsError
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
