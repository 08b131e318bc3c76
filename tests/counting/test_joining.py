"""Counts of parts, added up, are the counts of the whole: to the byte, whatever the parts."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.articles import check_articles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.joining import add_up, join_counts
from analysis.counting.saving import SUMS
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.periods import FREQUENCIES, add_period
from analysis.tokens import TermRules

LEXICON = Lexicon.from_dict(
    {"dialogue": ["talk*", "peace talks"], "deterrence": ["threat*"], "weather": ["rain"]},
    negators=["no"],
)
WORDS = ["talks", "talk", "peace", "no", "threat", "zinc", "éclair", "a", "Talks"]


def corpus(rows: int = 60) -> pd.DataFrame:
    """Invented articles: some without a word or a hit, with labels of every type, and gaps."""
    rng = np.random.default_rng(20210314)
    days = pd.to_datetime("2019-11-20") + pd.to_timedelta(rng.integers(0, 900, rows), "D")
    frame = pd.DataFrame(
        {
            "doc_id": [f"d{number}" for number in rng.permutation(rows)],
            "outlet": rng.choice(["Herald", "Gazette", "Écho", "Post"], rows),
            "date": days,
            "text": [" ".join(rng.choice(WORDS, rng.integers(0, 9))) for _ in range(rows)],
        }
    )
    frame["text"] = frame["text"].replace("", "...")
    articles = check_articles(frame)
    unknown = rng.random(rows) < 0.2
    long = pd.to_timedelta(rng.choice([0, 40], rows), "D")
    return add_period(
        articles.assign(
            date_end=articles["date"] + long,
            page=rng.integers(1, 4, rows),
            gap=pd.array(rng.integers(1, 4, rows), "Int64"),
            score=rng.choice([0.5, 2.0, np.nan], rows),
            flag=rng.random(rows) < 0.5,
            desk=pd.Series(rng.choice(["home", "world"], rows), dtype="str").mask(unknown),
            when=days.where(~unknown),
            kind=pd.Categorical(rng.choice(["news", "comment"], rows)),
        ),
        "month",
    )


def assert_same(one: GroupCounts, other: GroupCounts) -> None:
    pd.testing.assert_frame_equal(one.groups, other.groups)
    pd.testing.assert_index_equal(one.terms, other.terms)
    pd.testing.assert_frame_equal(one.hits, other.hits)
    pd.testing.assert_frame_equal(one.rejected, other.rejected)
    assert (one.by, one.lexicon) == (other.by, other.lexicon)
    for name in SUMS:
        a, b = getattr(one, name), getattr(other, name)
        assert (a.shape, a.dtype, a.indices.dtype) == (b.shape, b.dtype, b.indices.dtype)
        for field in ("indptr", "indices", "data"):
            np.testing.assert_array_equal(getattr(a, field), getattr(b, field))


def counted(articles: pd.DataFrame, by: Sequence[str], lexicon: Lexicon | None) -> GroupCounts:
    return group_counts(document_terms(articles, lexicon=lexicon), by)


def parts_of(articles: pd.DataFrame, cuts: Sequence[int]) -> list[pd.DataFrame]:
    """Runs of rows, as if each were all there is: its own outlets, its own months."""
    parts = []
    for start, stop in pairwise([0, *sorted(cuts), len(articles)]):
        part = articles.iloc[start:stop].reset_index(drop=True)
        outlets = part["outlet"].cat.remove_unused_categories()
        part = part.assign(outlet=outlets, kind=part["kind"].cat.remove_unused_categories())
        parts.append(add_period(part, "month"))
    return parts


BY = [
    [], ["outlet"], ["outlet", "quarter"], ["period"], ["page"], ["gap"], ["score", "outlet"],
    ["flag"], ["desk"], ["when"], ["kind", "year"], ["doc_id"], *([freq] for freq in FREQUENCIES),
]  # fmt: skip


@pytest.fixture(scope="module")
def cut() -> dict[tuple[int, ...], list[DocumentTerms]]:
    """The corpus cut at some rows, and counted."""
    cuts = [(), (30,), (1, 2, 3, 59), (0, 20, 20, 60), tuple(range(1, 9))]
    return {at: [document_terms(part, lexicon=LEXICON) for part in parts_of(corpus(), at)]
            for at in cuts}  # fmt: skip


@pytest.mark.parametrize("by", BY, ids="-".join)
def test_parts_add_up_to_the_whole(by: list[str], cut: dict[Any, list[DocumentTerms]]):
    whole = group_counts(cut[()][0], by)
    for parts in cut.values():
        assert_same(add_up(group_counts(part, by) for part in parts), whole)


@settings(max_examples=8, deadline=None)
@given(pairs=st.lists(st.integers(0, 58), min_size=4, max_size=4))
def test_sums_of_sums_are_the_same_sums(pairs: list[int], cut: dict[Any, list[DocumentTerms]]):
    by = ["outlet", "month"]
    sums = [group_counts(part, by) for part in cut[(1, 2, 3, 59)]]
    for first in pairs:
        if len(sums) > 1:
            first %= len(sums) - 1
            sums[first : first + 2] = [add_up(sums[first : first + 2])]
    assert_same(sums[0], group_counts(cut[()][0], by))


def test_segments_of_articles_add_up(articles: pd.DataFrame):
    # Voices: articles of several rows, those of the second outlet before those of the first.
    order = [3, 4, 5, 0, 1, 2]
    whole = pd.concat(
        [articles.iloc[[row]].assign(voice=voice) for row in order for voice in ("told", "said")],
        ignore_index=True,
    )
    for by in (["outlet"], ["voice", "outlet"]):
        parts = [counted(whole[a:b].reset_index(drop=True), by, LEXICON)
                 for a, b in pairwise([0, 4, 10, 12])]  # fmt: skip
        assert_same(add_up(parts), counted(whole, by, LEXICON))


def test_periods_of_ones_own_stay_in_order():
    spans = {"late": ("2020-01-01", "2020-12-31"), "early": ("2021-01-01", "2021-12-31")}
    whole = add_period(corpus(), edges=spans)
    parts = [counted(whole[:20].reset_index(drop=True), ["period"], None),
             counted(whole[20:].reset_index(drop=True), ["period"], None)]  # fmt: skip
    total = add_up(parts)
    assert_same(total, counted(whole, ["period"], None))
    assert total.groups["period"].cat.categories.tolist() == ["late", "early"]
    other = add_period(corpus(), edges={"war": ("2020-01-01", "2022-12-31")})
    with pytest.raises(CountsError, match=r"different periods in 'period'.*late, early, war"):
        add_up([*parts, counted(other, ["period"], None)])


def test_only_what_was_counted_alike_is_added_up():
    articles = corpus()
    with pytest.raises(CountsError, match=r"different columns or lexicons: .*desk.*outlet"):
        add_up([counted(articles, ["outlet"], None), counted(articles, ["desk"], None)])
    with pytest.raises(CountsError, match="different columns or lexicons"):
        add_up([counted(articles, ["outlet"], None), counted(articles, ["outlet"], LEXICON)])
    with pytest.raises(CountsError, match="there is no part"):
        add_up([])


def test_only_a_few_parts_are_held():
    part = counted(corpus(), ["outlet"], None)
    alive = 0

    class Part(GroupCounts):
        def __init__(self) -> None:
            nonlocal alive
            alive += 1
            super().__init__(**vars(part))

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    most = []

    def parts() -> Any:
        for _ in range(32):
            yield Part()
            most.append(alive)

    assert add_up(parts()).groups["articles"].sum() == 32 * 60
    assert max(most) <= 3


def test_tables_hold_all_that_counts_are():
    for by in ([], ["outlet", "period"], ["gap", "flag"], ["when", "desk"]):
        for rows in (60, 1):
            counts = counted(corpus()[:rows], by, LEXICON)
            assert_same(GroupCounts.from_tables(counts.to_tables()), counts)


def test_documents_of_parts_are_those_of_the_whole(cut: dict[Any, list[DocumentTerms]]):
    (whole,) = cut[()]
    assert whole.hit_types["negated"].nunique() == 2
    for parts in cut.values():
        joined = join_counts(parts)
        pd.testing.assert_frame_equal(joined.documents, whole.documents)
        pd.testing.assert_frame_equal(joined.hit_types, whole.hit_types)
        pd.testing.assert_index_equal(joined.terms, whole.terms)
        for a, b in ((joined.counts, whole.counts), (joined.hits, whole.hits)):
            for name in ("indptr", "indices", "data"):
                np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
        assert (joined.rules, joined.lexicon) == (whole.rules, whole.lexicon)


def test_only_what_was_counted_alike_is_joined():
    articles = corpus()
    counts = [document_terms(articles), document_terms(articles, rules=TermRules(stem="english"))]
    with pytest.raises(CountsError, match="2 parts with 2 different rules"):
        join_counts(counts)
    with pytest.raises(CountsError, match="0 parts"):
        join_counts([])
