"""Any cut of a corpus into parts, and any order of them, gives the same as the whole."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import clean_articles, cut_furniture, find_reprints, name_sources, split_voices
from analysis.preparing import shingles
from analysis.preparing.furniture import list_cuts, plan_furniture, remove_furniture
from analysis.preparing.reprints import mark_reprints, plan_reprints
from analysis.preparing.shingles import Postings
from analysis.preparing.voices.sources import plan_names, rename_sources


@pytest.fixture(scope="module")
def corpus(root) -> pd.DataFrame:
    """The sample, with its planted reprints and furniture, and versions of what it has."""
    sample = pd.read_csv(root / "data" / "sample" / "articles.csv").rename(columns={"id": "doc_id"})
    draw = random.Random(5)
    sample = sample.head(20)
    copies = sample.sample(10, random_state=5).copy()
    copies["doc_id"] += "-copy"
    # The same words in other paragraphs, a tenth of other words, and both on one day.
    copies["text"] = [
        text.replace("\n\n", "\n") if k % 2 else _with_changes(text, draw)
        for k, text in enumerate(copies["text"])
    ]
    copies["outlet"] = draw.choices(sample["outlet"].unique().tolist(), k=len(copies))
    return pd.concat([sample, copies], ignore_index=True)


def _with_changes(text: str, draw: random.Random) -> str:
    return " ".join("gull" if draw.random() < 0.05 else word for word in text.split(" "))


@pytest.fixture(params=["in memory", "on disk"])
def room(request, monkeypatch) -> None:
    if request.param == "on disk":
        monkeypatch.setattr(shingles, "AT_ONCE", 3000)


def cuts_of(table: pd.DataFrame) -> Iterator[list[pd.DataFrame]]:
    """The table in parts of 1 and 7 articles and whole, as it is, backwards and shuffled."""
    ids = table["doc_id"].drop_duplicates()
    orders = [ids, ids[::-1], ids.sample(frac=1, random_state=2)]
    for size, order in zip([1, 7, len(ids)], orders, strict=True):
        numbers = pd.Series(np.arange(len(ids)) // size, order)
        part = table["doc_id"].map(numbers)
        place = table["doc_id"].map(pd.Series(np.arange(len(ids)), order))
        ordered = table.iloc[np.argsort(place, kind="stable")]
        yield [batch for _, batch in ordered.groupby(part, sort=True)]


def whole(tables: list[pd.DataFrame], like: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(tables).loc[like.index]


def test_reprints(corpus, room):
    expected = find_reprints(corpus)
    assert expected["reprint_of"].notna().sum() >= 10
    for parts in cuts_of(corpus):
        plan = plan_reprints(parts)
        marked = whole([mark_reprints(part, plan) for part in parts], corpus)
        pd.testing.assert_frame_equal(marked, expected)


def test_furniture(corpus):
    # With the last plea cut the one above comes to the edge, and so on.
    pleas = [f"Plea number {name} for a little money." for name in "abcdefgh"]
    texts = [
        "\n".join(["Skarrow desk", *(f"The {a}{b} gull flew." for b in "rstuvwxyz"), *pleas])
        for a in "abcdefghij"
    ]
    # At an edge its wording tells what it is, elsewhere that it is repeated.
    texts = [
        text.replace("Plea", "Photo\nPlea", 1) if k % 2 else f"Photo\n{text}"
        for k, text in enumerate(texts)
    ]
    begging = pd.DataFrame({"doc_id": [f"p{k}" for k in range(len(texts))], "text": texts})
    begging = begging.assign(outlet="Skarrow Wire", date="2021-03-14", title="")
    articles = pd.concat([clean_articles(corpus), begging], ignore_index=True)
    articles["cluster"] = find_reprints(corpus)["cluster"].reindex(articles.index)
    articles["cluster"] = articles["cluster"].fillna(articles["doc_id"])
    expected, expected_cuts = cut_furniture(articles)
    assert {"label", "edge", "credit"} < set(expected_cuts["kind"])
    assert set(pleas) <= set(expected_cuts["string"])
    for parts in cuts_of(articles):
        plan = plan_furniture(parts)
        texts, cuts = zip(*(remove_furniture(part, plan) for part in parts), strict=True)
        pd.testing.assert_frame_equal(whole(list(texts), articles), expected)
        pd.testing.assert_frame_equal(list_cuts(cuts), expected_cuts)


def test_of_the_same_words_in_other_paragraphs_the_same_one_is_compared():
    # A gallery in one paragraph weighs little. Only in the third article it is most of the text.
    draw = random.Random(1)
    gallery, own, other = ([f"{draw.random():.9f}"[2:] for _ in range(n)] for n in (2000, 400, 400))
    lines = "\n".join(" ".join(gallery[k : k + 50]) for k in range(0, 2000, 50))
    whole, own, other = " ".join(gallery), " ".join(own), " ".join(other)
    texts = [f"{other}\n{whole}", f"{own}\n{whole}", f"{own}\n{lines}"]
    articles = pd.DataFrame({"doc_id": list("abc"), "outlet": "Gazette", "text": texts})
    articles["date"] = pd.date_range("2021-03-14", periods=3)
    found = [plan_reprints([articles.iloc[list(order)]]) for order in permutations(range(3))]
    assert found[0] and all(plan == found[0] for plan in found)


def test_furniture_asks_for_reprints_where_no_column_tells_the_story(corpus):
    expected, expected_cuts = cut_furniture(corpus)
    plan = plan_furniture([corpus.iloc[:9], corpus.iloc[9:]])
    texts, cuts = remove_furniture(corpus, plan)
    pd.testing.assert_frame_equal(texts, expected)
    pd.testing.assert_frame_equal(list_cuts([cuts]), expected_cuts)


def test_names_of_sources(corpus):
    segments = split_voices(corpus)
    expected = name_sources(segments)
    assert (expected["source"] != expected["source_as_named"]).any()
    for parts in cuts_of(segments):
        plan = plan_names(parts)
        named = whole([rename_sources(part, plan) for part in parts], segments)
        pd.testing.assert_frame_equal(named, expected)


def test_parts_may_be_loaded_by_workers(corpus):
    bounds = [(0, 20), (20, 21), (21, 21), (21, len(corpus))]
    load = partial(_rows, corpus)
    with ThreadPoolExecutor(2) as pool:
        assert plan_reprints(bounds, load, pool) == plan_reprints([corpus])
        plan = plan_furniture(bounds, load, pool)
        segments = partial(_segments, corpus.head(25))
        names = plan_names([(0, 10), (10, 25)], segments, pool)
    assert names == plan_names([split_voices(corpus.head(25))])
    texts = remove_furniture(corpus, plan)[0]["text"]
    assert texts.equals(cut_furniture(corpus)[0]["text"])


def _rows(corpus: pd.DataFrame, bounds: tuple[int, int]) -> pd.DataFrame:
    return corpus.iloc[slice(*bounds)]


def _segments(corpus: pd.DataFrame, bounds: tuple[int, int]) -> pd.DataFrame:
    return split_voices(_rows(corpus, bounds))


def test_a_corpus_without_parts_has_nothing_to_find():
    assert plan_reprints([]) == plan_names([]) == {}
    assert plan_furniture([]).rounds == []


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=30), max_size=8),
    st.sampled_from([3, 17, 1000]),
)
@settings(deadline=None, max_examples=15)
def test_postings_come_back_hash_by_hash(batches_of, at_once):
    held = Postings()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shingles, "AT_ONCE", at_once)
        for batch in batches_of:
            hashes = np.array([h << 58 for h, _ in batch], np.uint64)
            rows = np.array([row for _, row in batch], np.int32)
            held.add(hashes, rows, rows.astype(np.uint8) + np.uint8(1))
        for _ in range(2):
            ranges = list(held.ranges())
            found = [
                (int(h) >> 58, int(row))
                for hs, rows, _ in ranges
                for h, row in zip(hs, rows, strict=True)
            ]
            assert sorted(found) == sorted(pair for batch in batches_of for pair in batch)
            assert [h for h, _ in found] == sorted(h for h, _ in found)
            assert all((weights == rows + 1).all() for _, rows, weights in ranges)
            # No hash is in two ranges.
            held_in = [set(hashes.tolist()) for hashes, _, _ in ranges]
            assert sum(map(len, held_in)) == len(set().union(*held_in))
