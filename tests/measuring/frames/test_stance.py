from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles import check_articles
from analysis.counting.corpus import count_corpus
from analysis.counting.document_terms import document_terms
from analysis.counting.groups import group_counts
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.stance import stance
from tests.measuring.hand_made import counts_ab, counts_of, plain_jackknife

PAIR = ("pressure", "parley")
COLUMNS = [
    "articles", "articles_hit", "tokens", "n_pressure", "n_parley", "rate_pressure", "rate_parley",
    "share", "share_low", "share_high", "log_odds", "log_odds_low", "log_odds_high", "note",
    "rate_pressure_low", "rate_pressure_high", "rate_parley_low", "rate_parley_high",
    "n_pressure_negated", "n_parley_negated",
]  # fmt: skip


def scored(counts, by=(), **options) -> pd.DataFrame:
    return stance(counts, "by-hand", PAIR, by, **options)


def test_columns_stand_as_documented():
    table = scored(counts_ab([1, 2], [2, 1], outlet=["Gazette", "Herald"]), "outlet")
    assert table.columns.tolist() == ["outlet", *COLUMNS]
    assert table["n_pressure"].dtype == np.int64


def test_known_answers_of_dictionary_scores():
    # quanteda.sentiment, textstat_polarity with its logit (smoothing 1/2): ln(3.5 / 2.5) for three
    # hits against two, ln(1.5 / 2.5) for one against two. A text without hits has logit 0 there;
    # here it has no score.
    counts = counts_ab([3, 0, 1], [2, 0, 2], [10, 3, 3], text_no=[1, 2, 3])
    table = scored(counts, "text_no")
    np.testing.assert_allclose(table["log_odds"], [0.3364722366, np.nan, -0.5108256238], atol=1e-9)
    np.testing.assert_allclose(table["share"], [3 / 5, np.nan, 1 / 3])
    np.testing.assert_allclose(table["rate_pressure"], [300, 0, 1000 / 3])
    assert table["note"].tolist() == ["one article", "no hits", "one article"]


def test_intervals_are_those_of_a_plain_jackknife():
    rng = np.random.default_rng(1)
    a, b = rng.negative_binomial(0.4, 0.2, 30), rng.negative_binomial(0.4, 0.3, 30)
    assert (a + b == 0).sum() > 3
    low, high = plain_jackknife(
        lambda d: np.log((a[d].sum() + 0.5) / (b[d].sum() + 0.5)), 30, 0.9
    )  # fmt: skip
    row = scored(counts_ab(list(a), list(b)), level=0.9).iloc[0]
    np.testing.assert_allclose(row[["log_odds_low", "log_odds_high"]].astype(float), [low, high])
    expected = [1 / (1 + np.exp(-low)), 1 / (1 + np.exp(-high))]
    np.testing.assert_allclose(row[["share_low", "share_high"]].astype(float), expected)


def test_rate_interval_is_that_of_a_plain_jackknife():
    rng = np.random.default_rng(2)
    a = rng.negative_binomial(0.5, 0.1, 40)
    lengths = np.where(a == 0, 700, rng.integers(100, 2000, 40))
    assert (a == 0).sum() > 3

    def log_rate(d: list[int]) -> float:
        # Deleting tokens is taken to first order: ln(L - L_d) as ln(L) - L_d / L.
        total = lengths.sum()
        out = total - lengths[d].sum()
        return np.log((a[d].sum() + 0.5) / total) + out / total

    low, high = plain_jackknife(log_rate, 40, 0.95)
    row = scored(counts_ab(list(a), [1] * 40, list(lengths))).iloc[0]
    assert row["rate_pressure_low"] == pytest.approx(1000 * np.exp(low))
    assert row["rate_pressure_high"] == pytest.approx(1000 * np.exp(high))


@pytest.mark.parametrize(
    ("a", "b", "note"),
    [
        ([0, 0], [0, 0], "no hits"),
        ([0, 0], [2, 1], "no hits of pressure"),
        ([3, 1], [0, 0], "no hits of parley"),
        ([3], [1], "one article"),
        ([3, 0, 0], [1, 0, 0], "all hits in one article"),
        ([2, 2], [1, 1], "no variation between articles"),
        ([2, 1], [1, 1], ""),
    ],
)
def test_a_score_without_enough_evidence_says_why(a, b, note):
    row = scored(counts_ab(a, b)).iloc[0]
    assert row["note"] == note
    bounds = row[["share_low", "share_high", "log_odds_low", "log_odds_high"]].astype(float)
    assert bounds.isna().all() == bool(note)
    assert np.isnan(row["share"]) == (note == "no hits")


def test_negated_hits_are_left_out_flipped_or_kept():
    counts = counts_of([[4, 1, 2, 3, 2], [1, 0, 0, 2, 0]])
    # pressure 4 + 2 + 1 = 7 with 1 negated; parley 3 + 2 = 5 with 2 negated.
    for negated, expected in {"apart": (7, 5), "flip": (9, 6), "keep": (8, 7)}.items():
        row = scored(counts, negated=negated).iloc[0]
        assert (row["n_pressure"], row["n_parley"]) == expected
        assert (row["n_pressure_negated"], row["n_parley_negated"]) == (1, 2)


def test_parts_of_an_article_are_one_unit_of_evidence():
    counts = counts_ab([1, 2, 3, 1], [1, 1, 0, 2])
    halves = counts_ab([1, 1, 1, 3, 0, 1], [1, 0, 1, 0, 1, 1], [100, 60, 40, 100, 50, 50])
    halves.documents["doc_id"] = ["d0", "d1", "d1", "d2", "d3", "d3"]
    pd.testing.assert_frame_equal(scored(counts), scored(halves))


def test_reprints_of_a_cluster_count_once():
    original = counts_ab([4, 1, 2], [1, 1, 3], [100, 300, 200])
    copies = counts_ab([4, 1, 2, 4, 4], [1, 1, 3, 1, 1], [100, 300, 200, 100, 100])
    copies.documents["cluster"] = ["x", "y", None, "x", "x"]
    once = scored(copies, unit="cluster")
    pd.testing.assert_frame_equal(once, scored(original), check_dtype=False)
    assert scored(copies)["n_pressure"].item() == 15


def test_weights_replace_the_average():
    counts = counts_ab([4, 1, 2], [1, 1, 3], cluster=["x", "x", "y"], weight=[1.0, 0.5, 2.0])
    row = scored(counts, unit="cluster", weights="weight").iloc[0]
    assert (row["n_pressure"], row["n_parley"], row["tokens"]) == (8.5, 7.5, 350)
    assert row["articles"] == 2


def test_streamed_counts_give_the_same_table():
    counts = counts_ab(
        [1, 2, 0, 3, 1, 0], [0, 1, 1, 1, 2, 0], outlet=list("AABBAB"), year=[1, 2] * 3
    )
    streamed = group_counts(counts, ["outlet", "year"])
    for by in (["outlet", "year"], ["year"], []):
        pd.testing.assert_frame_equal(scored(streamed, by), scored(counts, by))


def test_a_corpus_counted_from_disk_gives_the_same_table(articles: pd.DataFrame, tmp_path: Path):
    articles.to_parquet(tmp_path / "articles.parquet")
    lexicon = Lexicon.load("deterrence-dialogue")
    streamed = count_corpus(tmp_path, ["outlet", "quarter"], lexicon=lexicon, progress=False)
    counts = document_terms(articles, lexicon=lexicon)
    for by in (["outlet", "quarter"], ["outlet"], []):
        pd.testing.assert_frame_equal(
            stance(streamed, lexicon, by=by),
            stance(counts, lexicon, by=by),
            check_categorical=False,
        )
    # The shipped lexicon's name stands for it, its contrast included.
    table = stance(counts, "deterrence-dialogue", by="outlet")
    pd.testing.assert_frame_equal(table, stance(counts, lexicon, by="outlet"))
    assert {"n_deterrence", "n_dialogue"} <= set(table)


cells = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(20, 900), st.sampled_from("AB")),
    min_size=2,
    max_size=25,
)


def from_cells(rows):
    a, b, lengths, outlet = map(list, zip(*rows, strict=True))
    return counts_ab(a, b, lengths, outlet=outlet)


@given(cells, st.randoms())
def test_the_order_of_articles_does_not_matter(rows, random):
    shuffled = rows.copy()
    random.shuffle(shuffled)
    first, second = (scored(from_cells(r), "outlet") for r in (rows, shuffled))
    assert first.to_csv(index=False) == second.to_csv(index=False)


@given(cells)
def test_swapping_the_frames_flips_the_sign(rows):
    counts = from_cells(rows)
    there = scored(counts, "outlet")
    back = stance(counts, "by-hand", PAIR[::-1], "outlet")
    np.testing.assert_allclose(there["log_odds"], -back["log_odds"])
    np.testing.assert_allclose(there["log_odds_low"], -back["log_odds_high"], rtol=1e-6)
    np.testing.assert_allclose(there["share"], 1 - back["share"])
    np.testing.assert_allclose(there["share_high"], 1 - back["share_low"], rtol=1e-6)


@given(cells)
def test_merging_groups_adds_the_hits(rows):
    counts = from_cells(rows)
    parts, whole = scored(counts, "outlet"), scored(counts)
    for name in ("articles", "articles_hit", "tokens", "n_pressure", "n_parley"):
        assert parts[name].sum() == whole[name].item()


@given(cells)
def test_an_article_without_hits_changes_rates_and_not_the_share(rows):
    rows = [*rows, (1, 1, 100, "A")]
    before = scored(from_cells(rows)).iloc[0]
    after = scored(from_cells([*rows, (0, 0, 400, "A")])).iloc[0]
    assert before["share"] == after["share"]
    assert before["log_odds"] == after["log_odds"]
    assert before["rate_pressure"] > after["rate_pressure"]
    assert before["rate_parley"] > after["rate_parley"]


@given(cells)
def test_intervals_hold_their_estimate(rows):
    table = scored(from_cells(rows), "outlet").dropna(subset="share_low")
    assert (table["share_low"] <= table["share"]).all()
    assert (table["share"] <= table["share_high"]).all()
    table = table.dropna(subset="rate_parley_low")
    assert (table["rate_parley_low"] <= table["rate_parley"]).all()
    assert (table["rate_parley"] <= table["rate_parley_high"]).all()


def test_no_articles_make_a_score_of_nothing():
    row = scored(counts_ab([], [])).iloc[0]
    assert (row["articles"], row["tokens"], row["note"]) == (0, 0, "no hits")
    assert np.isnan(row["share"]) and np.isnan(row["rate_parley"])


def test_mistakes_are_named():
    counts = counts_ab([1, 2], [2, 1], cluster=["x", "y"], weight=[1.0, -1.0])
    with pytest.raises(LexiconError, match="the counts have hits of parley, pressure"):
        stance(counts, "by-hand", ("pressure", "parlay"))
    with pytest.raises(LexiconError, match="two different frames"):
        stance(counts, "by-hand", ("parley", "parley"))
    with pytest.raises(CountsError, match="made with the lexicon 'by-hand"):
        stance(counts, "another", PAIR)
    with pytest.raises(CountsError, match="negated='drop' is unknown"):
        scored(counts, negated="drop")
    with pytest.raises(CountsError, match="level=95"):
        scored(counts, level=95)
    with pytest.raises(CountsError, match=r"weights='weight': a weight .* -1.0 for doc_id"):
        scored(counts, weights="weight")
    with pytest.raises(CountsError, match="unit='story': the counts have no such column"):
        scored(counts, unit="story")
    with pytest.raises(CountsError, match="streamed counts cannot be clustered or weighted"):
        scored(group_counts(counts, []), unit="cluster")


def row_of(*texts: str) -> pd.Series:
    """The scores of articles with these texts; "weather" is of a frame outside the contrast."""
    lexicon = Lexicon.from_dict({"pressure": ["threat"], "parley": ["talks"], "other": ["weather"]})
    frame = pd.DataFrame({"text": texts, "doc_id": range(len(texts)), "outlet": "Gazette"})
    counts = document_terms(check_articles(frame.assign(date="2021-03-14")), lexicon=lexicon)
    return stance(counts, lexicon, PAIR).iloc[0]


def test_articles_with_hits_of_one_side_count_and_those_of_other_frames_do_not():
    # By hand: one article has pressure alone, one parley alone, one another frame.
    row = row_of("A threat", "Talks", "The weather")
    assert row[["articles", "articles_hit", "n_pressure", "n_parley"]].tolist() == [3, 2, 1, 1]


def test_one_article_with_hits_has_no_interval_whatever_else_is_in_the_others():
    row = row_of("A threat, talks, talks", "The weather", "Weather again")
    assert row["share"] == pytest.approx(1 / 3)
    assert np.isnan(row["share_low"])
    assert np.isnan(row["share_high"])
    assert row["note"]


@given(cells)
def test_names_of_outlets_change_no_number(rows):
    names = {"A": "Z", "B": "Q"}
    renamed = [(a, b, tokens, names[outlet]) for a, b, tokens, outlet in rows]
    expected = scored(from_cells(rows), "outlet").set_index("outlet").rename(index=names)
    found = scored(from_cells(renamed), "outlet").set_index("outlet")
    pd.testing.assert_frame_equal(found, expected.sort_index(), check_exact=True)


@given(cells)
def test_weights_of_one_and_clusters_of_one_are_no_weights(rows):
    counts = from_cells(rows)
    counts = counts.assign(cluster=counts.documents["doc_id"], weight=1.0)
    plain = scored(counts, "outlet")
    for options in ({"unit": "cluster"}, {"weights": "weight"}):
        weighted = scored(counts, "outlet", **options)
        pd.testing.assert_frame_equal(weighted, plain, check_dtype=False, rtol=1e-9)


@given(cells, st.integers(1, 8))
def test_an_article_in_two_voices_is_one_article(rows, quoted):
    parts = []
    for a, b, tokens, outlet in rows:
        x, y = min(a, quoted), min(b, quoted)
        z = max(tokens // 3, x, y)
        parts += [(x, y, z, outlet), (a - x, b - y, tokens - z, outlet)]
    halves = from_cells(parts)
    halves.documents["doc_id"] = [f"d{i // 2:05}" for i in range(len(parts))]
    pd.testing.assert_frame_equal(
        scored(halves, "outlet"), scored(from_cells(rows), "outlet"), check_exact=True
    )


@given(cells)
def test_copies_of_an_article_in_a_cluster_count_as_one(rows):
    counts, copies = from_cells(rows), from_cells([row for row in rows for _ in range(3)])
    clusters = [f"c{i // 3}" for i in range(3 * len(rows))]
    once = scored(copies.assign(cluster=clusters), "outlet", unit="cluster")
    pd.testing.assert_frame_equal(once, scored(counts, "outlet"), check_dtype=False, rtol=1e-9)


@given(cells)
def test_numbers_stay_within_their_bounds(rows):
    table = scored(from_cells(rows), "outlet")
    for name in ("share", "share_low", "share_high"):
        assert table[name].dropna().between(0, 1).all()
    for name in ("rate_pressure", "rate_pressure_low", "rate_pressure_high"):
        assert table[name].dropna().between(0, 1000).all()
    assert (table["articles_hit"] <= table["articles"]).all()
    wider = scored(from_cells(rows), "outlet", level=0.99).dropna(subset="share_low")
    narrow = table.loc[wider.index]
    assert (wider["log_odds_low"] <= narrow["log_odds_low"]).all()
    high = narrow["rate_parley_high"].dropna()
    assert (wider.loc[high.index, "rate_parley_high"] >= high).all()


negations = st.lists(st.tuples(*[st.integers(0, 5)] * 5), min_size=1, max_size=9)


@given(negations)
def test_choices_about_negated_hits_move_hits_and_lose_none(rows):
    apart, flip, keep = (
        scored(counts_of(rows), negated=choice).iloc[0] for choice in ("apart", "flip", "keep")
    )
    total = sum(map(sum, rows))
    for kept in (flip, keep):
        assert kept["n_pressure"] + kept["n_parley"] == total
    for frame, other in (PAIR, PAIR[::-1]):
        assert keep[f"n_{frame}"] == apart[f"n_{frame}"] + apart[f"n_{frame}_negated"]
        assert flip[f"n_{frame}"] == apart[f"n_{frame}"] + apart[f"n_{other}_negated"]


def test_notes_look_at_scored_hits_alone():
    # Negated hits are not scored: the first article alone has hits.
    row = scored(counts_of([[2, 0, 0, 1, 0], [0, 1, 0, 0, 0], [0, 0, 0, 0, 2]])).iloc[0]
    assert (row["note"], row["articles_hit"]) == ("all hits in one article", 1)
    # One hit makes an article count as much as many do.
    row = scored(counts_ab([1, 0, 1], [0, 1, 0])).iloc[0]
    assert (row["note"], row["articles_hit"]) == ("", 3)
