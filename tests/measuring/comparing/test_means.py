"""Trends, sensitivity and charts of means; what they find is planted, or worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.articles import check_articles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.comparing.sensitivity import sensitivity
from analysis.measuring.comparing.trend import trend
from analysis.measuring.frames.scale import scale
from analysis.measuring.learnt.learn_scale import learn_scale
from analysis.showing.charts import frame_differences, frame_multiples, share_by_group

TONE = Lexicon.from_dict({"tone": {"grim": -3, "poor": -1, "fine": 1, "glad": 2, "fine day": 4}})


@pytest.fixture(scope="module")
def counts() -> DocumentTerms:
    """Eighty articles, a week apart; after the fortieth they are glad where they were grim."""
    rng = np.random.default_rng(3)
    words = [["grim", "poor", "fine"], ["poor", "fine", "glad"]]
    texts = [" ".join(rng.choice(words[n >= 40], 12)) for n in range(80)]
    frame = pd.DataFrame({"text": texts, "outlet": ["Gazette", "Herald"] * 40})
    frame["date"] = pd.date_range("2020-01-06", periods=80, freq="7D")
    return document_terms(check_articles(frame.assign(doc_id=range(80))), lexicon=TONE)


def test_a_turn_of_the_mean_is_found_in_units_of_weights(counts: DocumentTerms):
    row = trend(counts, TONE, resamples=99).iloc[0]
    assert (row["frame"], row["measure"], row["course"]) == ("tone", "mean", "one turn")
    assert row["turn"] == pd.Timestamp("2020-01-06") + pd.Timedelta(days=7 * 40)
    early = counts.documents["date"] < row["turn"]
    before, after = (scale(counts.subset(side.to_numpy()), TONE)["mean"][0]
                     for side in (early, ~early))  # fmt: skip
    assert row["share_before"] == pytest.approx(before)
    assert row["share_after"] == pytest.approx(after)
    assert row["change"] == pytest.approx(after - before)
    assert row["share_before_low"] < before < row["share_before_high"]
    assert row["articles_hit"] == 80


def test_a_slope_is_one_of_the_mean(counts: DocumentTerms):
    # Least squares of the articles' means on time: all have 12 words, and so the same weight.
    means = scale(counts, TONE, "doc_id")["mean"]
    order = counts.documents["doc_id"].argsort().to_numpy()
    years = (counts.documents["date"] - counts.documents["date"][0]).dt.days / 365.25
    slope = np.polyfit(years.to_numpy()[order], means, 1)[0]
    assert trend(counts, TONE, resamples=19)["slope"][0] == pytest.approx(slope)
    dated = trend(counts, TONE, dates={"turn": "2020-10-12"}).query("event == 'turn'").iloc[0]
    assert dated["level_change"] > 1


def test_the_sign_of_the_weights_does_not_matter(counts: DocumentTerms):
    other = Lexicon.from_dict({"tone": {p: -w for p, w in TONE.weights["tone"].items()}})
    types = counts.hit_types.assign(weight=-counts.hit_types["weight"])
    turned = counts.derived(hit_types=types, lexicon=other.label)
    one, two = (trend(c, lex, resamples=99).iloc[0] for c, lex in
                ((counts, TONE), (turned, other)))  # fmt: skip
    assert one["turn"] == two["turn"]
    assert one["change"] == pytest.approx(-two["change"])
    assert one["slope"] == pytest.approx(-two["slope"])


def test_sensitivity_of_a_mean_leaves_out_each_pattern(counts: DocumentTerms):
    table = sensitivity(counts, TONE, reference=-0.25).set_index("left_out")
    mean = scale(counts, TONE)["mean"][0]
    assert table.loc["", "score"] == pytest.approx(mean + 0.25)
    patterns = table[table["change"] == "pattern"]
    assert sorted(patterns.index) == ["fine", "glad", "grim", "poor"]
    n = counts.hits.sum(axis=0)
    types = counts.hit_types
    for left_out in patterns.index:
        stays = (types["pattern"] != left_out).to_numpy()
        expected = (n * types["weight"])[stays].sum() / n[stays].sum()
        assert patterns.loc[left_out, "share"] == pytest.approx(expected)
    assert not (table["change"] == "patterns together").any()


def test_what_a_dropped_phrase_leaves_has_the_weight_of_its_words():
    frame = pd.DataFrame({"text": ["A fine day, grim. Grim.", "Glad, a fine day.", "Glad. Fine."]})
    frame = check_articles(frame.assign(doc_id=range(3), outlet="Gazette", date="2021-03-14"))
    counted = document_terms(frame, lexicon=TONE)
    for articles in (None, frame):
        table = sensitivity(counted, TONE, articles=articles).set_index("left_out")
        # Without "fine day" its "fine" counts 1: grim twice, glad twice, fine three times.
        assert table.loc["fine day", "share"] == pytest.approx((-6 + 4 + 3) / 7)


def test_sensitivity_of_a_learnt_scale_leaves_out_each_seed():
    rng = np.random.default_rng(8)
    sides = [["bombs", "raids", "troops", "siege"], ["talks", "treaty", "accord", "envoys"]]
    texts = [" ".join(rng.choice(sides[n % 2], 6)) + "." for n in range(120)]
    frame = pd.DataFrame({"text": texts, "outlet": ["Gazette", "Herald"] * 60})
    articles = check_articles(frame.assign(doc_id=range(120), date="2021-03-14"))
    seeds = {"war": ["bombs", "raids"], "peace": ["talks"]}
    learnt = learn_scale(articles, seeds, dimensions=4)
    counts = document_terms(articles, lexicon=learnt)
    between = ({"outlet": "Gazette"}, {"outlet": "Herald"})
    table = sensitivity(counts, learnt, between=between)
    dropped = table[table["change"] == "seed"].set_index("left_out")
    assert dropped.index.tolist() == ["bombs", "raids"]  # the only one of a side stays
    again = learn_scale(articles, {"war": ["raids"], "peace": ["talks"]}, dimensions=4)
    means = scale(document_terms(articles, lexicon=again), again, "outlet")["mean"]
    assert dropped.loc["bombs", "share"] == pytest.approx(means[0])
    assert dropped.loc["bombs", "score"] == pytest.approx(means[0] - means[1])


@pytest.mark.parametrize("asked", [{"adjust": "date"}, {"within": "event"}])
def test_means_are_neither_adjusted_nor_paired(counts: DocumentTerms, asked: dict):
    counts = counts.assign(event="e1")
    with pytest.raises(CountsError, match="means of weights can be neither adjusted"):
        compare_groups(counts, TONE, **asked)


def test_charts_of_means(counts: DocumentTerms):
    table = scale(counts, TONE, "outlet")
    ax = share_by_group(table)
    assert ax.get_xlabel() == "mean weight of words:\ntone"
    points = [x for line in ax.lines if len(line.get_xdata()) == 1 for x in line.get_xdata()]
    assert sorted(points) == pytest.approx(sorted(table["mean"]))
    assert frame_multiples(table, measure="mean").axes[0].get_title("left").startswith("tone")
    compared = compare_groups(counts, TONE)
    assert "difference of means" in frame_differences(compared).axes[1].get_xlabel()
