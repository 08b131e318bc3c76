import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles import check_articles
from analysis.counting.corpus import count_corpus
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import group_counts
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.prevalence import prevalence
from analysis.measuring.frames.stance import stance
from tests.measuring.hand_made import counts_ab, counts_of

COLUMNS = [
    "frame", "articles", "articles_hit", "prevalence", "prevalence_low", "prevalence_high", "n",
    "rate", "rate_low", "rate_high", "share", "share_low", "share_high", "note",
]  # fmt: skip
NESTED = Lexicon.from_dict(
    {
        "economy": ["growth", "job*", "crisis", "job crisis"],
        "economy/growth": ["growth", "job*"],
        "economy/crisis": ["crisis", "job crisis"],
        "war": ["troops"],
    }
)


def counted(texts: list[str], lexicon: Lexicon = NESTED, **columns) -> DocumentTerms:
    frame = pd.DataFrame({"text": texts, "outlet": "Gazette", "date": "2021-03-14", **columns})
    return document_terms(check_articles(frame.assign(doc_id=range(len(texts)))), lexicon=lexicon)


def test_columns_and_order_are_those_documented():
    counts = counts_ab([1, 2], [2, 1], outlet=["Herald", "Gazette"])
    table = prevalence(counts, "by-hand", "outlet")
    assert table.columns.tolist() == ["outlet", *COLUMNS]
    rows = [("Gazette", "parley"), ("Gazette", "pressure"), ("Herald", "parley"),
            ("Herald", "pressure")]  # fmt: skip
    assert list(zip(table["outlet"], table["frame"], strict=True)) == rows
    assert table["n"].dtype == table["articles_hit"].dtype == np.int64


def test_scores_by_hand():
    # Hits after a negator (the second and fifth) are left out.
    counts = counts_of([[4, 9, 0, 3, 0], [1, 0, 0, 0, 1], [0, 0, 0, 1, 0], [0] * 5], [90, 5, 3, 2])
    one = prevalence(counts, "by-hand", frames=["pressure", "parley"])
    assert one["articles_hit"].tolist() == [2, 2]
    assert one["n"].tolist() == [5, 4]
    np.testing.assert_allclose(one["prevalence"], [0.5, 0.5])
    np.testing.assert_allclose(one["rate"], [50, 40])
    np.testing.assert_allclose(one["share"], [5 / 9, 4 / 9])
    several = prevalence(counts, "by-hand", frames=["pressure", "parley"], at_least=3)
    assert several["articles_hit"].tolist() == [1, 1]
    assert several["n"].tolist() == [5, 4]


def test_the_prevalence_interval_is_wilsons():
    # Newcombe 1998 (Statistics in Medicine 17), Table I, method 3: 81 of 263 is .2553 to .3662, 15
    # of 148 is .0624 to .1605, and 0 of 20 is 0 to .1611.
    for hits, articles, expected in (
        (81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0, 0.1611)),
    ):  # fmt: skip
        counts = counts_ab([1] * hits + [0] * (articles - hits), [2] * articles)
        row = prevalence(counts, "by-hand", frames="pressure").iloc[0]
        bounds = row[["prevalence_low", "prevalence_high"]].astype(float)
        np.testing.assert_allclose(bounds, expected, atol=5e-5)


def test_rate_and_share_of_two_frames_are_those_of_stance():
    rng = np.random.default_rng(3)
    a, b = rng.negative_binomial(0.4, 0.2, 60), rng.negative_binomial(0.4, 0.3, 60)
    counts = counts_ab(a, b, rng.integers(50, 900, 60), outlet=["G", "H"] * 30)
    pair = stance(counts, "by-hand", ("pressure", "parley"), "outlet")
    for frame in ("pressure", "parley"):
        one = prevalence(counts, "by-hand", "outlet").query("frame == @frame")
        for end in ("", "_low", "_high"):
            np.testing.assert_allclose(one[f"rate{end}"], pair[f"rate_{frame}{end}"])
            if frame == "pressure":
                np.testing.assert_allclose(one[f"share{end}"], pair[f"share{end}"])


def test_a_frame_stands_against_all_others_that_are_asked_for():
    rng = np.random.default_rng(4)
    texts = [" ".join(rng.choice(["growth", "crisis", "troops", "x"], 30)) for _ in range(20)]
    counts = counted(texts)
    table = prevalence(counts, NESTED).set_index("frame")
    assert table["share"].sum() == pytest.approx(1)
    rest = Lexicon.from_dict({"war": ["troops"], "rest": ["growth", "crisis"]})
    pair = stance(counted(texts, rest), rest, ("war", "rest")).iloc[0]
    for end in ("", "_low", "_high"):
        assert table.loc["war", f"share{end}"] == pytest.approx(pair[f"share{end}"])
    alone = prevalence(counts, NESTED, frames="war").iloc[0]
    assert (alone["share"], alone["note"]) == (1, "no hits of other frames")


def test_nested_frames_roll_up_and_an_article_counts_once_for_the_parent():
    texts = ["Growth in the job crisis.", "Jobs.", "Troops.", "A crisis.", "Rain."]
    one, two = (prevalence(counted(texts), NESTED, frames=level) for level in (1, 2))
    assert one["frame"].tolist() == ["economy", "war"]
    assert two["frame"].tolist() == ["economy/growth", "economy/crisis", "war"]
    # The first text has two hits of growth ("growth", "job") and one of crisis ("job crisis"),
    # and two of their parent, for which a token counts once.
    assert two["n"].tolist() == [3, 2, 1]
    assert one["n"].tolist() == [4, 1]
    assert two["articles_hit"].tolist() == [2, 2, 1]
    assert one["articles_hit"].tolist() == [3, 1]
    # A parent that was not counted has the sum.
    flat = NESTED.subset(["economy/growth", "economy/crisis", "war"])
    summed = prevalence(counted(texts, flat), flat, frames=1)
    assert summed["n"].tolist() == [5, 1]
    assert summed["articles_hit"].tolist() == [3, 1]


def test_stories_count_once_and_weights_weigh():
    counts = counts_ab([2, 0, 1, 0], [0, 1, 1, 1], [100, 300, 50, 50], story=["x", "x", None, None])
    once = prevalence(counts, "by-hand", frames="pressure", unit="story").iloc[0]
    # The two copies are one story: half of it has the frame, and one hit.
    assert (once["articles"], once["articles_hit"], once["n"]) == (3, 2, 2)
    assert once["prevalence"] == pytest.approx(1.5 / 3)
    assert once["rate"] == pytest.approx(1000 * 2 / 300)
    weighted = counts.assign(w=[3, 1, 1, 0])
    row = prevalence(weighted, "by-hand", frames="pressure", weights="w").iloc[0]
    assert (row["articles"], row["n"]) == (4, 7)
    assert row["prevalence"] == pytest.approx(4 / 5)
    # 25 / 11 articles of the same weight; Wilson's bound where p = 4 / 5, z = 1.959964.
    n, z = 25 / 11, 1.959964
    centre, half = 0.8 + z**2 / (2 * n), z * np.sqrt(0.16 / n + z**2 / (4 * n**2))
    assert row["prevalence_low"] == pytest.approx((centre - half) / (1 + z**2 / n))


def test_too_little_evidence_says_why():
    def row(a, b):
        table = prevalence(counts_ab(a, b), "by-hand", frames=["pressure", "parley"])
        return table.iloc[0]

    none, one, rest = row([0, 0], [0, 0]), row([3], [1]), row([3, 1], [0, 0])
    assert (none["note"], one["note"], rest["note"]) == (
        "no hits", "one article", "no hits of other frames"
    )  # fmt: skip
    assert np.isnan(none["share"])
    assert np.isnan(none["rate_low"])
    assert none["prevalence_high"] < 1
    assert one[["prevalence_low", "rate_low", "share_low"]].isna().all()
    assert not np.isnan(rest["rate_low"])


@given(st.data())
def test_batches_streams_and_the_order_of_articles_change_nothing(data):
    n = data.draw(st.integers(1, 12))
    texts = data.draw(st.lists(st.text("gtx ", max_size=9), min_size=n, max_size=n))
    texts = [t.replace("g", "growth ").replace("t", "troops ") + " x" for t in texts]
    outlet = data.draw(st.lists(st.sampled_from("GH"), min_size=n, max_size=n))
    counts = counted(texts, outlet=outlet, year=["2020", "2021"] * (n // 2) + ["2020"] * (n % 2))
    table = prevalence(counts, NESTED, "outlet")
    streamed = prevalence(group_counts(counts, ["outlet", "year"]), NESTED, "outlet")
    pd.testing.assert_frame_equal(table, streamed, check_exact=True)
    order = np.array(data.draw(st.permutations(range(n))))
    shuffled = counts.derived(
        documents=counts.documents.iloc[order].reset_index(drop=True),
        counts=counts.counts[order], hits=counts.hits[order],
    )  # fmt: skip
    pd.testing.assert_frame_equal(table, prevalence(shuffled, NESTED, "outlet"), check_exact=True)


def test_of_a_corpus_on_disk_and_of_a_bundle(tmp_path: Path):
    rng = np.random.default_rng(5)
    texts = [" ".join(rng.choice(["growth", "crisis", "troops", "x"], 9)) for _ in range(40)]
    counts = counted(texts, outlet=["G", "H"] * 20)
    table = prevalence(counts, NESTED, "outlet")
    counts.save(tmp_path / "bundle")
    loaded = prevalence(DocumentTerms.load(tmp_path / "bundle"), NESTED, "outlet")
    pd.testing.assert_frame_equal(loaded, table)
    frame = pd.DataFrame({"doc_id": range(40), "outlet": ["G", "H"] * 20, "text": texts})
    frame.assign(date="2021-03-14").to_csv(tmp_path / "articles.csv", index=False)
    streamed = count_corpus(tmp_path / "articles.csv", "outlet", lexicon=NESTED, batch_size=7)
    pd.testing.assert_frame_equal(prevalence(streamed, NESTED, "outlet"), table)


def test_bad_input_is_refused():
    counts = counts_ab([1, 0], [0, 1])
    for options, error, message in (
        ({"frames": "peace"}, LexiconError, "there is no frame 'peace'"),
        ({"at_least": 0}, CountsError, "at_least=0"),
        ({"level": 95}, CountsError, "level=95"),
        ({"by": "outlet"}, CountsError, "no column 'outlet'"),
        ({"unit": "story"}, CountsError, "unit='story'"),
    ):
        with pytest.raises(error, match=message):
            prevalence(counts, "by-hand", **options)
    with pytest.raises(CountsError, match="a column 'frame' of its own"):
        prevalence(counts.assign(frame="x"), "by-hand", "frame")


@pytest.mark.shared
def test_hits_are_those_of_quanteda(shared: Path):
    # shared/oracles/ORIGIN.md, part 1, "simple": quanteda 4.3.1, dfm(tokens_lookup(tokens, dict)).
    folder = shared / "oracles"
    articles = pd.read_parquet(shared / "corpora" / "allsides_security.parquet")
    articles = articles.sort_values("id").head(400)
    texts = [" ".join(re.findall(r"[a-z0-9]+", text.lower())) for text in articles["text"]]
    expected = pd.read_csv(folder / "dfm_lookup_simple.csv").set_index("id")
    frame = pd.DataFrame({"doc_id": articles["id"], "outlet": "x", "text": texts})
    frame = check_articles(frame.assign(date="2021-03-14"))
    for name, levels in (("fifteen_frames.yml", [1]), ("nested_frames.yml", [1, 2])):
        lexicon = Lexicon.load(folder / name)
        counts = document_terms(frame, lexicon=lexicon)
        for level in levels:
            table = prevalence(counts, lexicon, "doc_id", frames=level)
            found = table.pivot(index="doc_id", columns="frame", values="n")
            nested = name.startswith("nested")
            found.columns = [f"L{level}_{f.split('/')[-1]}" if nested else f for f in found]
            wanted = expected.loc[found.index, found.columns]
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.shared
def test_overlapping_patterns_hit_as_in_quanteda(shared: Path):
    # overlaps.csv: invented tokens and patterns, one lookup each.
    cases = pd.read_csv(shared / "oracles" / "overlaps.csv", keep_default_na=False)
    for case in cases.itertuples():
        lexicon = Lexicon.from_dict({"any": case.patterns.split("; ")})
        assert prevalence(counted([case.tokens], lexicon), lexicon)["n"].item() == case.n
