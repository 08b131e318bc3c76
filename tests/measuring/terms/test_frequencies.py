import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import group_counts
from analysis.errors import CountsError
from analysis.measuring.frames.stance import stance
from analysis.measuring.terms.frequencies import article_frequencies, term_frequencies
from analysis.periods import add_period
from tests.measuring.hand_made import (
    corpora,
    counts_ab,
    counts_of_terms,
    in_two_voices,
    plain_jackknife,
    reordered,
    with_empty_article,
)

COLUMNS = [
    "term", "n", "per_million", "low", "high", "n_docs", "doc_share", "rank",
    "change", "change_low", "change_high", "note",
]  # fmt: skip


def counts_of(hits: list[int], lengths: list[int], **columns: object) -> DocumentTerms:
    """Counts of "talks" among other words in articles of given lengths."""
    documents = pd.DataFrame(
        {"doc_id": [f"a{i}" for i in range(len(hits))], "n_tokens": lengths, **columns}
    )
    matrix = np.array([hits, np.subtract(lengths, hits)]).T
    terms = pd.Index(["talks", "words"], name="term")
    return DocumentTerms(documents, terms, sparse.csr_array(matrix))


def test_interval_takes_the_article_as_its_unit():
    hits, lengths = np.array([4, 0, 1, 7]), np.array([100, 50, 80, 120])
    row = term_frequencies(counts_of(hits, lengths, outlet="Gazette"), "outlet").iloc[-1]

    def log_rate(d: list[int]) -> float:
        # Deleting tokens is taken to first order: ln(L - L_d) as ln(L) - L_d / L.
        return np.log((hits[d].sum() + 0.5) / 350) + (350 - lengths[d].sum()) / 350

    rate = 12 / 350
    low, high = plain_jackknife(log_rate, 4, 0.95)
    assert row["term"] == "talks"
    assert row["per_million"] == pytest.approx(1e6 * rate, rel=1e-12)
    expected = [1e6 * np.exp(low), 1e6 * np.exp(high)]
    assert row[["low", "high"]].tolist() == pytest.approx(expected, rel=1e-12)
    assert (row["n_docs"], row["doc_share"]) == (3, 0.75)


def test_columns_are_fixed_and_the_most_frequent_term_comes_first(articles: pd.DataFrame):
    counts = document_terms(add_period(articles))
    for by in ("outlet", ["outlet", "period"], []):
        for terms in (None, ["talks", "dialogue"]):
            table = term_frequencies(counts, by, terms=terms)
            names = [by] if isinstance(by, str) else by
            assert list(table) == [*names, *COLUMNS]
            assert table["rank"].dtype == "Int64"
    herald = term_frequencies(counts, "outlet").query("outlet == 'Herald'")
    # Counted by hand: "talks" stands three times, "a" and "dialogue" once each.
    assert herald["term"].iloc[0] == "talks"
    assert herald["n"].iloc[0] == 3
    assert herald["rank"].tolist() == list(range(1, len(herald) + 1))
    assert herald.query("n == 1")["term"].is_monotonic_increasing


def test_chosen_terms_stand_in_every_group_and_keep_their_rank(articles: pd.DataFrame):
    counts = document_terms(articles)
    every = term_frequencies(counts, "outlet").set_index(["outlet", "term"])
    chosen = term_frequencies(counts, "outlet", terms=["talks", "sanctions"])
    chosen = chosen.set_index(["outlet", "term"])
    assert len(chosen) == 4
    nothing = chosen.loc[("Herald", "sanctions")]
    assert nothing["n"] == nothing["per_million"] == nothing["n_docs"] == 0
    assert nothing[["low", "high", "rank"]].isna().all()
    there = chosen.index.drop(("Herald", "sanctions"))
    pd.testing.assert_frame_equal(chosen.loc[there], every.loc[there])
    one = term_frequencies(counts, "outlet", terms="talks")
    pd.testing.assert_frame_equal(one, term_frequencies(counts, "outlet", terms=["talks"]))


def test_change_compares_with_the_period_just_before():
    quarters = ["2020-Q1", "2020-Q2", "2020-Q3", "2020-Q4"]
    period = pd.Categorical(
        ["2020-Q1"] * 3 + ["2020-Q2"] * 3 + ["2020-Q4"] * 3, categories=quarters, ordered=True
    )
    hits, lengths = [1, 2, 3, 4, 2, 6, 5, 1, 1], [100] * 9
    table = term_frequencies(counts_of(hits, lengths, period=period), "period", terms=["talks"])
    table = table.set_index("period")
    assert table["change"].isna()[["2020-Q1", "2020-Q4"]].all()  # Q3 has no articles
    # 12 hits against 6 in as many tokens, no more spread than independent hits have: the quantiles
    # of the share 12 / 18 between the exact and the mid-P interval (see log_ratios), from SciPy's
    # beta distribution, at the confidence that Student's t asks for.
    assert table.loc["2020-Q2", "change"] == pytest.approx(1)
    now, before = 1 / 13, 1 / 7
    freedom = (now + before) ** 2 / (now**2 / 2 + before**2 / 2)
    tail = stats.norm.sf(stats.t.ppf(0.975, freedom))
    shares = stats.beta.ppf(tail, 12.25, 6.75), stats.beta.isf(tail, 12.75, 6.25)
    expected = [np.log2(share / (1 - share)) for share in shares]
    found = table.loc["2020-Q2", ["change_low", "change_high"]].tolist()
    assert found == pytest.approx(expected, rel=1e-6)


def test_change_stays_within_its_outlet_and_does_not_hang_on_row_order():
    rng = np.random.default_rng(1)
    hits, lengths = rng.poisson(3, 24), rng.integers(50, 90, 24)
    outlet, year = np.tile(["Gazette", "Herald"], 12), np.repeat(["2019", "2020", "2021"], 8)
    counts = counts_of(hits, lengths, outlet=outlet, period=year)
    table = term_frequencies(counts, ["outlet", "period"], terms=["talks"])
    shuffled = rng.permutation(24)
    again = counts_of(
        hits[shuffled], lengths[shuffled], outlet=outlet[shuffled], period=year[shuffled]
    )
    other = term_frequencies(again, ["period", "outlet"], terms=["talks"])
    other = other.sort_values(["outlet", "period"], ignore_index=True)[list(table)]
    pd.testing.assert_frame_equal(table, other, check_exact=True)
    for name in ("Gazette", "Herald"):
        alone = counts_of(
            hits[outlet == name], lengths[outlet == name], period=year[outlet == name]
        )
        expected = term_frequencies(alone, "period", terms=["talks"])["change"]
        assert table.loc[table["outlet"] == name, "change"].tolist()[1:] == expected.tolist()[1:]


def test_change_stays_within_its_topic_whatever_the_columns_are_called():
    documents = {"topic": list("xxyy"), "period": ["2020", "2021"] * 2, "a": "only"}
    counts = counts_of([2, 4, 9, 3], [100] * 4, **documents)
    table = term_frequencies(counts, ["topic", "period", "a"], terms=["talks"])
    assert table["change"].iloc[[1, 3]].tolist() == pytest.approx([1, np.log2(3 / 9)])
    assert table["change"].isna().tolist() == [True, False] * 2


def test_change_follows_calendar_spans_too():
    dates = pd.to_datetime(["2017-03-01", "2017-09-01", "2018-03-01", "2018-09-01"])
    counts = counts_of([1, 2, 4, 2], [100] * 4, date=dates)
    table = term_frequencies(counts, "year", terms=["talks"])
    assert table["change"].isna().tolist() == [True, False]
    assert table["change"].iloc[1] == pytest.approx(1)  # 6 hits after 3, in as many tokens


def test_notes_say_what_there_is_little_of():
    one = counts_of([9, 1, 1, 1], [100] * 4, outlet=["G", "G", "G", "H"])
    table = term_frequencies(one, "outlet", terms=["talks"])
    assert table["note"].tolist() == [
        "one article has most of the hits", "a group of one article: no interval",
    ]  # fmt: skip
    more = counts_of([2] * 6 + [0] * 2, [100] * 8, outlet=["G"] * 6 + ["H"] * 2)
    assert term_frequencies(more, "outlet", terms=["talks"])["note"].tolist() == ["", "no hits"]


def test_without_spread_or_with_one_article_there_is_no_interval():
    alone = term_frequencies(counts_of([3], [100], outlet="Gazette"), "outlet")
    same = term_frequencies(counts_of([3, 3], [100, 100], outlet="Gazette"), "outlet")
    assert alone[["low", "high"]].isna().all(axis=None)
    assert same[["low", "high"]].isna().all(axis=None)


def test_streamed_counts_give_the_same_table(articles: pd.DataFrame):
    counts = document_terms(add_period(articles))
    streamed = group_counts(counts, ["outlet", "period"])
    pd.testing.assert_frame_equal(
        term_frequencies(streamed, "period"), term_frequencies(counts, "period"), check_exact=True
    )


def test_a_term_that_was_not_counted_is_named(articles: pd.DataFrame):
    counts = document_terms(articles)
    with pytest.raises(CountsError, match=r"folded: ask for \['talks'\]"):
        term_frequencies(counts, "outlet", terms=["Talks"])
    with pytest.raises(CountsError, match="level=95"):
        term_frequencies(counts, "outlet", level=95)


def test_interval_covers_the_true_rate():
    # Articles whose rates vary as a gamma of shape 1.5: 95% intervals from 30 articles a group
    # must cover the rate that made them about as often as they say (400 groups: 2 sd is 2.2%).
    rng = np.random.default_rng(2)
    groups, m = 400, 30
    lengths = rng.integers(300, 900, groups * m)
    hits = rng.poisson(0.004 * lengths * rng.gamma(1.5, 1 / 1.5, groups * m))
    counts = counts_of(hits, lengths, outlet=np.arange(groups).repeat(m).astype(str))
    table = term_frequencies(counts, "outlet", terms=["talks"])
    covered = (table["low"] <= 4000) & (table["high"] >= 4000)
    assert 0.91 <= covered.mean() <= 0.975


def indexed(counts: DocumentTerms, by: str | list[str] = "outlet", **options) -> pd.DataFrame:
    table = term_frequencies(counts, by, **options)
    return table.set_index([*([by] if isinstance(by, str) else by), "term"])


@given(corpora(), st.randoms())
def test_the_order_of_articles_does_not_matter(counts: DocumentTerms, random):
    order = list(range(len(counts.documents)))
    random.shuffle(order)
    tables = [term_frequencies(c, "outlet") for c in (counts, reordered(counts, order))]
    assert tables[0].to_csv(index=False) == tables[1].to_csv(index=False)


@given(corpora())
def test_numbers_stay_within_their_bounds(counts: DocumentTerms):
    table = term_frequencies(counts, "outlet")
    assert (table["n"] >= table["n_docs"]).all() and (table["n_docs"] >= 1).all()
    assert table["doc_share"].between(0, 1).all()
    sure = table.dropna(subset="low")
    assert (sure["low"] >= 0).all()
    assert (sure["low"] <= sure["per_million"]).all()
    assert (sure["per_million"] <= sure["high"]).all()
    for _, part in table.groupby("outlet"):
        # Every token is one of the terms, so the rates of a group fill the million.
        assert part["per_million"].sum() == pytest.approx(1e6)
        assert part["rank"].tolist() == list(range(1, len(part) + 1))
        assert part["n"].is_monotonic_decreasing


@given(corpora())
def test_merging_groups_adds_their_hits_and_articles(counts: DocumentTerms):
    parts = term_frequencies(counts, "outlet").groupby("term")[["n", "n_docs"]].sum()
    whole = term_frequencies(counts, []).set_index("term")
    pd.testing.assert_frame_equal(parts, whole[["n", "n_docs"]].sort_index(), check_exact=True)


@given(corpora())
def test_names_of_groups_change_no_number(counts: DocumentTerms):
    names = {"Gazette": "Z", "Herald": "A"}
    renamed = counts.assign(outlet=counts.documents["outlet"].map(names))
    expected = indexed(counts).rename(index=names, level="outlet").sort_index()
    pd.testing.assert_frame_equal(indexed(renamed).sort_index(), expected, check_exact=True)


@given(corpora())
def test_longer_articles_of_the_same_make_have_the_same_rates(counts: DocumentTerms):
    longer = counts_of_terms(3 * counts.counts.toarray(), outlet=counts.documents["outlet"])
    columns = ["per_million", "n_docs", "doc_share", "rank"]
    pd.testing.assert_frame_equal(indexed(longer)[columns], indexed(counts)[columns], rtol=1e-9)


@given(corpora())
def test_an_article_without_a_token_changes_only_shares_of_articles(counts: DocumentTerms):
    before = indexed(counts, [], terms=["t0", "t1"])
    after = indexed(with_empty_article(counts), [], terms=["t0", "t1"])
    same = ["n", "per_million", "n_docs", "rank"]
    pd.testing.assert_frame_equal(before[same], after[same], check_exact=True)
    m = len(counts.documents)
    np.testing.assert_allclose(after["doc_share"], before["doc_share"] * m / (m + 1))


@given(corpora(), st.integers(0, 3))
def test_an_article_in_voices_is_still_one_article(counts: DocumentTerms, first: int):
    pd.testing.assert_frame_equal(
        term_frequencies(in_two_voices(counts, first), "outlet"),
        term_frequencies(counts, "outlet"),
        check_exact=True,
    )


def test_a_second_copy_of_every_article_halves_the_variance():
    rng = np.random.default_rng(5)
    counts = counts_of_terms(rng.poisson(3, (12, 3)))
    twice = counts_of_terms(np.vstack([counts.counts.toarray()] * 2))
    one, two = indexed(counts, []), indexed(twice, [])
    assert (two["n"] == 2 * one["n"]).all()
    np.testing.assert_allclose(two["per_million"], one["per_million"])
    # Each of twice as many articles moves the rate half as far, but for the half that is added.
    width = [np.log(table["high"] / table["low"]) for table in (one, two)]
    expected = np.sqrt((23 / 24) / (11 / 12) / 2) * stats.t.ppf(0.975, 23) / stats.t.ppf(0.975, 11)
    np.testing.assert_allclose(width[1] / width[0], expected, rtol=0.05)


def test_one_rate_has_one_interval():
    rng = np.random.default_rng(6)
    lengths = rng.integers(50, 2000, 60)
    hits = rng.binomial(lengths, 0.02 * rng.beta(0.5, 2, 60))
    outlets = {"outlet": ["Gazette", "Herald", "Post"] * 20}
    rates = term_frequencies(counts_of(hits, lengths, **outlets), "outlet", terms="talks")
    scores = stance(counts_ab(hits, hits[::-1], lengths, **outlets), "by-hand",
                    ("pressure", "parley"), "outlet")  # fmt: skip
    for end in ("low", "high"):
        np.testing.assert_allclose(rates[end], 1000 * scores[f"rate_pressure_{end}"])


def test_sums_alone_give_nearly_the_interval_of_the_articles():
    # One article with most of the hits, the others alike: the sums say all there is to know.
    counts = counts_of([40, 2, 2, 2, 0, 0], [4000, 200, 200, 200, 300, 500], outlet="Gazette")
    exact = term_frequencies(counts, "outlet", terms="talks")
    summed = term_frequencies(group_counts(counts, "outlet"), "outlet", terms="talks")
    pd.testing.assert_frame_equal(summed, exact, rtol=1e-9)
    # In general they are close.
    rng = np.random.default_rng(8)
    matrix = rng.poisson(rng.gamma(0.5, 4, (50, 40)))
    counts = counts_of_terms(matrix, outlet=["Gazette", "Herald"] * 25)
    exact, summed = (indexed(some) for some in (counts, group_counts(counts, "outlet")))
    widths = [np.log(table["high"] / table["low"]) for table in (exact, summed)]
    assert np.abs(np.log(widths[1] / widths[0])).max() < 0.25


def test_a_rate_ends_at_a_million_in_a_million():
    row = term_frequencies(counts_of([1, 0], [1, 3]), [], terms="talks").iloc[0]
    assert (row["high"], row["note"]) == (1e6, "one article has all the hits")


def test_each_article_has_a_row_for_each_term(articles: pd.DataFrame):
    counts = document_terms(articles)
    table = article_frequencies(counts, list(counts.terms[[3, 0]]))
    assert table["term"].tolist() == sorted(counts.terms[[3, 0]].repeat(len(articles)))[::-1]
    assert table["n"].tolist() == counts.counts.toarray()[:, [3, 0]].T.ravel().tolist()
    assert table["doc_id"].tolist() == 2 * articles["doc_id"].tolist()
    assert table["n_tokens"].tolist() == 2 * counts.documents["n_tokens"].tolist()
    np.testing.assert_allclose(table["per_million"], 1e6 * table["n"] / table["n_tokens"])


@given(corpora(), st.integers(0, 3))
def test_the_voices_of_an_article_are_added_up(counts: DocumentTerms, first: int):
    voices = in_two_voices(counts, first)
    assert "voice" in voices.documents
    pd.testing.assert_frame_equal(
        article_frequencies(voices, "t1"), article_frequencies(counts, "t1"), check_exact=True
    )


def test_columns_in_which_the_parts_of_an_article_differ_are_left_out():
    voices = ["quoted", "narration", "quoted"]
    counts = counts_of([1, 2, 3], [4, 4, 4], outlet=list("GHH"), voice=voices)
    counts = counts.assign(doc_id=["a", "b", "b"])
    table = article_frequencies(counts, "talks")
    assert list(table) == ["doc_id", "outlet", "n_tokens", "term", "n", "per_million"]
    assert table["n"].tolist() == [1, 5]


def test_an_article_without_a_token_has_no_rate():
    table = article_frequencies(counts_of([2, 0], [4, 0], outlet="Gazette"), "talks")
    assert table["per_million"].isna().tolist() == [False, True]
    with pytest.raises(CountsError, match="not among the 2 terms"):
        article_frequencies(counts_of([2, 0], [4, 0]), ["talks", "Words"])
    with pytest.raises(CountsError, match="article_frequencies"):
        article_frequencies(group_counts(counts_of([2], [4], outlet="A"), "outlet"), "talks")
