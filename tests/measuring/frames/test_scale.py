"""Means of weights: expected values are worked out by hand, or by a jackknife spelt out here."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.articles import check_articles
from analysis.counting.corpus import count_corpus
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.joining import join_counts
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.frames.frame_pairs import frame_pairs
from analysis.measuring.frames.prevalence import prevalence
from analysis.measuring.frames.scale import scale
from analysis.measuring.frames.stance import stance

TONE = Lexicon.from_dict(
    {"tone": {"threat*": -2, "talks": 1, "peace talks": 2.5, "-talks show": 0}}, negators=["no"]
)
TEXTS = [
    "Threats, threats and peace talks.",  # -2 - 2 + 2.5
    "Talks. A talks show.",  # 1
    "No threat! Talks, threatened.",  # apart 1 - 2, negated -2
    "Rain.",
    "Talks, talks.",
    "Threats.",
]


def articles_of(texts: list[str], **columns) -> pd.DataFrame:
    frame = pd.DataFrame({"text": texts, "date": "2021-03-14", "outlet": "Gazette"} | columns)
    return check_articles(frame.assign(doc_id=[f"d{n}" for n in range(len(texts))]))


@pytest.fixture(scope="module")
def counts() -> DocumentTerms:
    outlets = ["Gazette"] * 4 + ["Herald"] * 2
    return document_terms(articles_of(TEXTS, outlet=outlets), lexicon=TONE)


def test_means_by_hand(counts: DocumentTerms):
    table = scale(counts, TONE, "outlet")
    assert table.columns.tolist() == [
        "outlet", "frame", "articles", "articles_hit", "tokens", "n", "scored", "mean", "mean_low",
        "mean_high", "note",
    ]  # fmt: skip
    assert table["outlet"].tolist() == ["Gazette", "Herald"]
    assert table["n"].tolist() == [6, 3]
    assert table["articles_hit"].tolist() == [3, 2]
    assert table["tokens"].tolist() == [5 + 4 + 4 + 1, 3]
    np.testing.assert_allclose(table["scored"], [6 / 14, 1])
    np.testing.assert_allclose(table["mean"], [(-1.5 + 1 - 1) / 6, 0 / 3], atol=1e-15)
    single = scale(counts, TONE, "doc_id").set_index("doc_id")["mean"]
    np.testing.assert_allclose(single, [-0.5, 1, -0.5, np.nan, 1, -2])


@pytest.mark.parametrize(("negated", "total", "n"), [("apart", -1.5, 6), ("flip", 0.5, 7),
                                                     ("keep", -3.5, 7)])  # fmt: skip
def test_negated_hits(counts: DocumentTerms, negated, total: float, n: int):
    row = scale(counts.where(outlet="Gazette"), TONE, negated=negated).iloc[0]
    assert (row["n"], row["mean"]) == (n, pytest.approx(total / n))


def test_the_interval_is_that_of_a_plain_jackknife(counts: DocumentTerms):
    # Sums and hits of the articles of the Gazette, from the comments above.
    sums, n = np.array([-1.5, 1, -1, 0]), np.array([3, 1, 2, 0])
    m = len(sums)
    theta = np.array([(sums.sum() - s) / (n.sum() - k) for s, k in zip(sums, n, strict=True)])
    e = theta - theta.mean()
    se = np.sqrt((m - 1) / m * (e**2).sum())
    df = np.clip(2 / ((e**4).sum() / (e**2).sum() ** 2 - 1 / m), 1, m - 1)
    half = stats.t.ppf(0.975, df) * se
    row = scale(counts, TONE, "outlet").iloc[0]
    centre = sums.sum() / n.sum()
    assert row["mean_low"] == pytest.approx(centre - half)
    assert row["mean_high"] == pytest.approx(centre + half)


@pytest.mark.parametrize(
    ("texts", "note"),
    [
        (["Rain.", "Sun."], "no hits"),
        (["Talks."], "one article"),
        (["Talks.", "Rain."], "all hits in one article"),
        (["Talks.", "Talks, talks."], "no variation between articles"),
    ],
)
def test_a_mean_without_enough_evidence_says_why(texts: list[str], note: str):
    row = scale(document_terms(articles_of(texts), lexicon=TONE), TONE).iloc[0]
    assert row["note"] == note
    assert np.isnan(row["mean_low"])
    assert np.isnan(row["mean"]) == (note == "no hits")


def test_streamed_and_saved_counts_give_the_same_bytes(counts: DocumentTerms, tmp_path: Path):
    expected = scale(counts, TONE, "outlet")
    counts.save(tmp_path / "bundle")
    loaded = DocumentTerms.load(tmp_path / "bundle")
    for given in (TONE, "unnamed"):
        pd.testing.assert_frame_equal(scale(loaded, given, "outlet"), expected, check_exact=True)
    halves = [counts.subset(np.arange(6) % 2 == k) for k in (0, 1)]
    pd.testing.assert_frame_equal(scale(join_counts(halves), TONE, "outlet"), expected)
    group_counts(counts, "outlet").save(tmp_path / "groups")
    streamed = scale(GroupCounts.load(tmp_path / "groups"), TONE, "outlet")
    pd.testing.assert_frame_equal(streamed, expected, check_exact=True)
    outlets = counts.documents["outlet"].tolist()
    articles_of(TEXTS, outlet=outlets).to_parquet(tmp_path / "corpus.parquet")
    for size in (1, 4):
        read = count_corpus(tmp_path / "corpus.parquet", "outlet", lexicon=TONE, batch_size=size)
        found = scale(read, TONE, "outlet").astype({"outlet": "str"})
        pd.testing.assert_frame_equal(found, expected.astype({"outlet": "str"}), check_exact=True)


def test_parts_of_an_article_and_copies_of_a_story_are_one_unit():
    parts = articles_of(TEXTS[:3], voice=["a", "b", "a"], cluster=["s", "s", "t"])
    whole = document_terms(parts.assign(doc_id=["d0", "d0", "d1"]), lexicon=TONE)
    row = scale(whole, TONE).iloc[0]
    assert (row["articles"], row["n"]) == (2, 6)
    row = scale(document_terms(parts, lexicon=TONE), TONE, unit="cluster").iloc[0]
    # The story is the average of its copies: (-1.5 + 1) / 2 of (3 + 1) / 2 hits.
    assert row["mean"] == pytest.approx((-0.25 - 1) / (2 + 2))


def test_weights_are_counted_from_terms_where_they_are_of_single_words(counts: DocumentTerms):
    words = Lexicon.from_dict({"tone": {"threat*": -2, "talks": 1}})
    expected = document_terms(articles_of(TEXTS), lexicon=words)
    found = scale(counts, words)
    pd.testing.assert_frame_equal(found, scale(expected, words))


def test_what_counts_hits_alike_refuses_weights(counts: DocumentTerms):
    two = Lexicon.from_dict({"tone": {"threat*": -2, "talks": 1}, "heat": {"war": 1}})
    counted = document_terms(articles_of(TEXTS), lexicon=two)
    for given in (counted, group_counts(counted, ())):
        for statistic in (
            lambda given: stance(given, two),
            lambda given: prevalence(given, two),
            lambda given: prevalence(given, "unnamed"),
            lambda given: frame_pairs(given, two),
            lambda given: compare_groups(given, two, by="outlet", measure="share"),
        ):
            with pytest.raises(
                (LexiconError, CountsError), match="has weights, but this statistic"
            ):
                statistic(given)
    alike = two.without_weights()
    # Threat* 2 + 2 + 1, talks 1 + 2 + 1 + 2.
    assert prevalence(document_terms(articles_of(TEXTS), lexicon=alike), alike)["n"][0] == 11


def test_a_mean_of_frames_without_weights_is_refused(counts: DocumentTerms):
    plain = Lexicon.from_dict({"tone": ["talks"], "heat": ["war"]})
    with pytest.raises(LexiconError, match="no frame has weights, so there is no mean"):
        scale(counts, plain)
    with pytest.raises(LexiconError, match="the frame 'heat' has no weights"):
        compare_groups(counts, plain, by="outlet", frames="heat", measure="mean")
    mixed = Lexicon.from_dict({"tone": {"talks": 1}, "heat": ["war"]})
    assert scale(counts, mixed)["frame"].tolist() == ["tone"]


def test_comparisons_of_means(counts: DocumentTerms):
    row = compare_groups(counts, TONE, by="outlet").iloc[0]
    assert (row["frame"], row["measure"]) == ("tone", "mean")
    assert row["difference"] == pytest.approx(-0.25)
    assert (row["share"], row["share_other"]) == (pytest.approx(-0.25), pytest.approx(0))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tone.yml", "tone:\n  threat*: -2\n  peace talks: 2.5\n  no: 1e-3\n"),
        ("w.yml", "tone: {threat*: -2, peace talks: 2.5, 'no': .001}\n"),
        ("w.csv", "frame,pattern,weight\ntone,threat*,-2\ntone,peace talks,2.5\ntone,no,0.001\n"),
        ("tone.csv", '"","x"\n"threat*",-2\n"peace talks",2.5\n"no",0.001\n'),
        ("tone.tsv", "rank\tterm\tpolarity\n1\tthreat*\t-2\n2\tpeace talks\t2.5\n3\tno\t.001\n"),
        ("tone.txt", "$:\t-1.5\t0.8\t[-1, -1]\nthreat*\t-2\t0.5\t[2, 1, 1]\npeace talks\t2.5\t1\t[]"
                     "\nno\t0.001\t1\t[1]\n:-)\t2\t1\t[2]\n"),
    ],
)  # fmt: skip
def test_files_of_weights(tmp_path: Path, name: str, content: str, caplog):
    (tmp_path / name).write_text(content)
    lexicon = Lexicon.load(tmp_path / name)
    assert lexicon.frames == {"tone": ("threat*", "peace talks", "no")}
    assert lexicon.weights == {"tone": {"threat*": -2.0, "peace talks": 2.5, "no": 0.001}}
    assert ("left out 2 entries" in caplog.text) == (name == "tone.txt")
    lexicon.save(tmp_path / "saved.yml")
    saved = Lexicon.load(tmp_path / "saved.yml")
    assert (saved.weights, saved.fingerprint) == (lexicon.weights, lexicon.fingerprint)


def test_weights_change_the_fingerprint_and_follow_the_patterns(tmp_path: Path):
    other = Lexicon.from_dict({"tone": dict(TONE.weights["tone"]) | {"talks": 1.5}})
    assert len({TONE.fingerprint, other.fingerprint, other.without_weights().fingerprint}) == 3
    assert "talks" not in TONE.without("talks").weights["tone"]
    TONE.save(tmp_path / "tone.yml")
    assert Lexicon.load(tmp_path / "tone.yml").fingerprint == TONE.fingerprint
    nested = Lexicon.from_dict({"mood": {"good": {"joy": 1}, "bad": {"grief": -1}}})
    assert nested.weights["mood"] == {"joy": 1, "grief": -1}
