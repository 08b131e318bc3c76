from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.counting.document_terms import document_terms
from analysis.counting.groups import group_counts
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.article_hits import article_hits, hit_counts
from tests.measuring.hand_made import counts_ab, counts_of

PAIR = ("pressure", "parley")
# Hits of pressure, negated pressure, pressure again, parley and negated parley.
ROWS = [[1, 0, 1, 3, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 2], [0, 1, 0, 0, 0], [2, 0, 0, 0, 0]]


def test_only_articles_with_a_hit_of_the_contrast_have_an_entry():
    found = article_hits(counts_of(ROWS, [50, 40, 30, 20, 10]), PAIR, ())
    entries = sorted(zip(found.doc_id, found.tokens, found.a, found.b, strict=True))
    assert entries == [
        ("d00000", 50, 2, 3), ("d00002", 30, 0, 0), ("d00003", 20, 0, 0), ("d00004", 10, 2, 0),
    ]  # fmt: skip
    assert found.groups.iloc[0].to_dict() == {
        "articles": 5, "tokens": 150, "tokens_sq": 2500 + 1600 + 900 + 400 + 100
    }  # fmt: skip


def test_entries_stand_in_an_order_of_their_numbers_alone():
    rng = np.random.default_rng(0)
    rows, lengths = rng.integers(0, 3, (60, 5)), rng.integers(9, 12, 60)
    outlet, order = rng.choice(["G", "H"], 60), rng.permutation(60)
    one = article_hits(counts_of(rows, lengths, outlet=outlet), PAIR, "outlet")
    other = counts_of(rows[order], lengths[order], outlet=outlet[order])
    other = article_hits(other, PAIR, "outlet")
    for name in ("group", "tokens", "a", "b", "a_negated", "b_negated"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    keys = pd.DataFrame({n: getattr(one, n) for n in ("group", "a", "b", "tokens", "a_negated")})
    assert keys.apply(tuple, axis=1).is_monotonic_increasing


def test_weights_and_averages_by_hand():
    counts = counts_of(ROWS, [50, 40, 30, 20, 10], story=["x", "x", "y", "y", None])
    found = article_hits(counts, PAIR, (), unit="story")
    # x: (50 + 40) / 2 tokens; y: (30 + 20) / 2; the last article is a story of its own.
    assert found.groups.loc[0, ["articles", "tokens", "tokens_sq"]].tolist() == [
        3, 45 + 25 + 10, 45**2 + 25**2 + 10**2
    ]  # fmt: skip
    table = {unit: (a, b) for unit, a, b in zip(found.doc_id, found.a, found.b, strict=True)}
    assert table == {"unit x": (1, 1.5), "unit y": (0, 0), "article d00004": (2, 0)}
    weighted = counts.assign(weight=[2.0, 0, 1, 0.5, 0])
    found = article_hits(weighted, PAIR, (), weights="weight")
    assert found.groups.loc[0, ["articles", "tokens"]].tolist() == [5, 100 + 30 + 10]
    assert dict(zip(found.doc_id, found.a, strict=True))["d00000"] == 4
    for bad in (np.nan, -0.5):
        with pytest.raises(CountsError, match=f"found {bad} for doc_id 'd00002'"):
            article_hits(counts.assign(weight=[1, 1, bad, 1, 1]), PAIR, (), weights="weight")


def test_a_story_in_two_groups_counts_once_in_each():
    counts = counts_ab([4, 2, 6], [0, 0, 0], outlet=["G", "G", "H"], story=["x", "x", "x"])
    found = article_hits(counts, PAIR, "outlet", unit="story")
    assert found.groups["articles"].tolist() == [1, 1]
    assert found.total(found.a).tolist() == [3, 6]


def test_a_lexicon_of_two_frames_needs_no_contrast():
    lexicon = Lexicon.from_dict({"pressure": ["threat"], "parley": ["talks"]})
    assert hit_counts(counts_of(ROWS), lexicon)[1] == ("pressure", "parley")


def test_the_contrast_is_the_lexicons_first_unless_another_is_asked_for(articles: pd.DataFrame):
    lexicon = Lexicon.from_dict(
        {"pressure": ["threat*"], "parley": ["talks"], "troops": ["troops"]},
        contrasts=[PAIR, ("pressure", "troops")],
    )
    counts = document_terms(articles, lexicon=lexicon)
    assert hit_counts(counts, lexicon)[1] == PAIR
    assert hit_counts(counts, lexicon, ("troops", "parley"))[1] == ("troops", "parley")
    streamed = group_counts(counts, "outlet")
    assert hit_counts(streamed, lexicon) == (streamed, PAIR)
    # By name, streamed counts know their frames from the columns of hits.
    assert hit_counts(streamed, "unnamed", ("troops", "parley"))[1] == ("troops", "parley")
    with pytest.raises(LexiconError, match="the counts have hits of parley, pressure, troops"):
        hit_counts(streamed, "unnamed", ("tokens", "parley"))


def test_a_lexicon_may_be_the_path_that_the_articles_were_counted_with(
    articles: pd.DataFrame, tmp_path: Path
):
    path = tmp_path / "words.yml"
    Lexicon.from_dict({"pressure": ["threat*"], "parley": ["talks"]}, contrasts=[PAIR]).save(path)
    counts = document_terms(articles, lexicon=path)
    for given in (path, str(path)):
        assert hit_counts(counts, given) == (counts, PAIR)
    with pytest.raises(CountsError, match=r"'other\.yml': these counts were made with"):
        hit_counts(counts, "other.yml")


def test_counts_of_another_lexicon_are_refused_with_what_they_are(articles: pd.DataFrame):
    lexicon = Lexicon.from_dict({"pressure": ["peace talks"], "parley": ["talks"]})
    plain = document_terms(articles)
    with pytest.raises(CountsError, match="these counts were made without a lexicon"):
        hit_counts(plain, "deterrence-dialogue")
    with pytest.raises(CountsError, match="these streamed counts were made without a lexicon"):
        hit_counts(group_counts(plain, "outlet"), lexicon, PAIR)
    streamed = group_counts(document_terms(articles, lexicon="deterrence-dialogue"), "outlet")
    with pytest.raises(CountsError, match="streamed counts were made with the lexicon 'det"):
        hit_counts(streamed, lexicon, PAIR)


def test_frames_without_any_hit_are_known_too(articles: pd.DataFrame):
    quiet = articles.assign(text="Rain.")
    shipped = hit_counts(
        document_terms(quiet, lexicon="deterrence-dialogue"),
        "deterrence-dialogue",
        ("dialogue", "deterrence"),
    )
    assert shipped[1] == ("dialogue", "deterrence")
    own = Lexicon.from_dict({"a": ["rain"], "b": ["snow"]}, name="weather")
    counts = document_terms(quiet, lexicon=own)
    assert hit_counts(counts, own, ("a", "b"))[1] == ("a", "b")
    with pytest.raises(LexiconError, match=r"the counts have hits of a\. A frame without hits is"):
        hit_counts(counts, "weather", ("a", "b"))
