"""The article, or the story, is the unit of every statistic, whatever rows it is counted in."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles import check_articles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import group_counts
from analysis.counting.units import unit_of_articles
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.comparing.sensitivity import sensitivity
from analysis.measuring.comparing.trend import trend
from analysis.measuring.frames.stance import stance
from analysis.measuring.terms.dispersion import dispersion
from analysis.measuring.terms.frequencies import article_frequencies, term_frequencies
from analysis.measuring.terms.keyness import keyness
from analysis.measuring.terms.tfidf import tfidf

LEXICON = Lexicon.from_dict({"risk": ["risk"], "gain": ["gain"]})
RISK_GAIN = (LEXICON, ("risk", "gain"))
Table = Callable[[DocumentTerms], pd.DataFrame]

# Every statistic that takes counts, by outlet or in all; a new one belongs here.
STATISTICS: dict[str, Table] = {
    "term_frequencies": lambda c: term_frequencies(c, ["outlet", "quarter"]),
    "article_frequencies": lambda c: article_frequencies(c, ["risk", "gain"])[["doc_id", "n"]],
    "tfidf": lambda c: tfidf(c, "outlet"),
    "dispersion": lambda c: dispersion(c, "outlet"),
    "keyness of a target": lambda c: keyness(c, {"outlet": "Gull"}, min_articles=1),
    "keyness of each": lambda c: keyness(c, each="outlet", min_articles=1),
    "permuted": lambda c: keyness(
        c, {"outlet": "Gull"}, min_articles=1, measures=["p_permutation"], permutations=19
    ),
    "stance": lambda c: stance(c, *RISK_GAIN, by="outlet"),
    "stance of stories": lambda c: stance(c, *RISK_GAIN, by="outlet", unit="cluster"),
    "pairs": lambda c: compare_groups(c, *RISK_GAIN, unit="cluster"),
    "rest": lambda c: compare_groups(c, *RISK_GAIN, against="rest"),
    "rest of stories": lambda c: compare_groups(c, *RISK_GAIN, against="rest", unit="cluster"),
    "trend": lambda c: trend(c, *RISK_GAIN, resamples=19, min_articles=2),
    "trend of stories": lambda c: trend(
        c, *RISK_GAIN, "outlet", time="month", unit="cluster", resamples=19, min_articles=2
    ),
    "sensitivity": lambda c: sensitivity(c, *RISK_GAIN, unit="cluster"),
}


def corpus(seed: int = 0, articles: int = 24) -> pd.DataFrame:
    """Articles of a few sentences, some of them copies of one story."""
    rng = np.random.default_rng(seed)
    texts = [
        " ".join(
            " ".join(rng.choice(["risk", "gain", "tide", "pier"], rng.integers(1, 6))) + "."
            for _ in range(rng.integers(2, 5))
        )
        for _ in range(articles)
    ]
    return check_articles(
        pd.DataFrame(
            {
                "doc_id": [f"d{number}" for number in range(articles)],
                "outlet": rng.choice(["Gull", "Tern", "Auk"], articles),
                "date": pd.Timestamp("2021-01-01")
                + pd.to_timedelta(rng.integers(0, 400, articles), unit="D"),
                "cluster": [f"s{number}" for number in rng.integers(0, articles // 2, articles)],
                "text": texts,
            }
        )
    )


def cut(articles: pd.DataFrame) -> pd.DataFrame:
    """The same articles, a row a sentence."""
    parts = articles.assign(text=articles["text"].str.split(r"(?<=\.) ", regex=True))
    parts = parts.explode("text", ignore_index=True)
    return parts.assign(part=parts.groupby("doc_id").cumcount().astype("str"))


def counted(articles: pd.DataFrame) -> DocumentTerms:
    return document_terms(articles, lexicon=LEXICON)


@pytest.mark.parametrize("statistic", STATISTICS.values(), ids=STATISTICS)
def test_a_corpus_cut_into_parts_gives_the_same_table(statistic: Table):
    whole, parts = corpus(), cut(corpus())
    assert len(parts) > 2 * len(whole)
    expected = statistic(counted(whole))
    found = statistic(counted(parts))
    pd.testing.assert_frame_equal(found[expected.columns], expected)


@pytest.mark.parametrize("statistic", STATISTICS.values(), ids=STATISTICS)
def test_the_order_of_rows_and_the_names_of_stories_change_nothing(statistic: Table):
    articles = corpus(seed=1)
    # Some articles are no copy of any story, and others' stories are called like their ids.
    alone = articles["cluster"].isin(["s0", "s3", "s4"])
    articles["cluster"] = articles["cluster"].mask(alone)
    names = dict(zip(articles["cluster"].dropna().unique(), articles["doc_id"], strict=False))
    renamed = articles.assign(cluster=articles["cluster"].map(names))
    numbered = articles.assign(cluster=pd.factorize(articles["cluster"])[0])
    numbered["cluster"] = numbered["cluster"].astype("Int64").mask(alone)
    expected = statistic(counted(articles))
    for other in (
        renamed,
        numbered,
        articles.assign(cluster=renamed["cluster"].astype("category")),
    ):
        found = statistic(counted(other))
        pd.testing.assert_frame_equal(found, expected)
    rows = np.random.default_rng(5).permutation(len(articles))
    shuffled = statistic(counted(articles.iloc[rows].reset_index(drop=True)))
    if "doc_id" in expected:  # a row an article, in the order of the articles
        keys = ["doc_id", "n"]
        shuffled, expected = (t.sort_values(keys, ignore_index=True) for t in (shuffled, expected))
    pd.testing.assert_frame_equal(shuffled, expected)


def test_where_an_article_is_in_several_groups_each_side_has_it_once():
    counts = counted(cut(corpus(seed=2)))
    documents = counts.documents
    by_part = keyness(counts, each="part", min_articles=1).set_index(["part", "term"])
    rests = compare_groups(counts, *RISK_GAIN, by="part", against="rest").set_index("part")
    for part in documents["part"].unique():
        mine = (documents["part"] == part).to_numpy()
        alone = keyness(counts, {"part": part}, min_articles=1).set_index("term")
        pd.testing.assert_frame_equal(by_part.loc[part].sort_index(), alone.sort_index())
        # A comparison of two groups, the second of which is all that is not of this part.
        sides = counts.assign(side=np.where(mine, "mine", "rest"))
        pair = compare_groups(sides, *RISK_GAIN, by="side").iloc[0]
        names = ["share", "share_other", "difference", "t", "df", "p"]
        np.testing.assert_allclose(
            rests.loc[part, names].to_numpy(float), pair[names].to_numpy(float)
        )
    articles = documents["doc_id"].nunique()
    having = pd.Series(0, index=counts.terms)
    for term, place in zip(counts.terms, range(len(counts.terms)), strict=True):
        rows = counts.counts[:, [place]].toarray().ravel() > 0
        having[term] = documents.loc[rows, "doc_id"].nunique()
    table = tfidf(counts, "part")
    right = np.log((1 + articles) / (1 + having)) + 1
    np.testing.assert_allclose(table["idf"], right[table["term"]])


def test_a_story_in_several_other_groups_counts_once_in_the_rest():
    # The rest of Gull is one story with two copies, of 4 and 2 hits: on average 3, in one unit.
    texts = ["risk gain", "risk risk gain gain", "risk gain"]
    articles = check_articles(
        pd.DataFrame(
            {"doc_id": list("abc"), "outlet": ["Gull", "Tern", "Auk"], "date": "2021-03-14",
             "cluster": ["x", "y", "y"], "text": texts}
        )
    )  # fmt: skip
    table = compare_groups(counted(articles), *RISK_GAIN, against="rest", unit="cluster")
    assert table.set_index("outlet").loc["Gull", "note"] == "too little evidence on either side"


@pytest.mark.parametrize(
    "merge",
    [
        lambda c: group_counts(c, "outlet"),
        lambda c: tfidf(c, "part"),
        lambda c: keyness(c, each="part"),
        lambda c: keyness(c, {"part": "0"}),
        lambda c: compare_groups(c, *RISK_GAIN, by="part", against="rest"),
    ],
)
def test_sums_by_part_are_not_merged(merge: Callable[..., object], tmp_path):
    sums = group_counts(counted(cut(corpus())), ["outlet", "part"])
    assert sums.parted == ("part",)
    for kept in (sums, type(sums).load(sums.save(tmp_path / "sums"))):
        with pytest.raises(CountsError, match="an article has parts in several groups of"):
            merge(kept)


def test_sums_by_part_are_merged_over_what_parts_have_in_common():
    counts = counted(cut(corpus()))
    merged = group_counts(group_counts(counts, ["outlet", "part"]), "part")
    pd.testing.assert_frame_equal(merged.groups, group_counts(counts, "part").groups)
    pair = {"target": {"part": "0"}, "reference": {"part": "1"}}
    pd.testing.assert_frame_equal(keyness(merged, **pair), keyness(counts, **pair))


@given(st.lists(st.sampled_from([None, "", "a", "b", "1", "2"]), min_size=5, max_size=5))
def test_a_missing_story_is_the_article_alone(stories: list[str | None]):
    documents = pd.DataFrame({"doc_id": list("12345"), "cluster": stories})
    units = unit_of_articles(documents, "cluster")
    known = [story for story in stories if story]
    assert units.nunique() == len(set(known)) + 5 - len(known)


def test_an_article_has_one_story():
    documents = pd.DataFrame({"doc_id": ["a", "a"], "cluster": ["x", "y"]})
    with pytest.raises(CountsError, match="the article 'a' differ in it"):
        unit_of_articles(documents, "cluster")
