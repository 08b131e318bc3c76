"""Counts of parts of a corpus, against counting words with a Counter, article by article."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counting import partitions
from analysis.counting.batches import Batch
from analysis.counting.partitions import (
    CountSpec,
    PartitionCounter,
    PartitionCounts,
    join_groups,
    join_terms,
    merge,
    sources,
)
from analysis.counting.sums import add_up
from analysis.lexicons.lexicon import Lexicon
from analysis.reading.rejected import Reason, Rejection
from analysis.tokens import TermRules

LEXICON = Lexicon.from_dict({"calm": ["talk*"], "alarm": ["threat", "-no threat"]}, negators=["no"])


class Article(NamedTuple):
    outlet: str
    date: str
    text: str


def batch_of(articles: Sequence[Article], file: int = 0, first: int = 1, **more: list) -> Batch:
    table = {name: [article[k] for article in articles] for k, name in enumerate(Article._fields)}
    columns = {name: pa.array(values, pa.string()) for name, values in (table | more).items()}
    places = range(first, first + len(articles))
    return Batch(f"{file}.csv", file, "row", places, pa.table(columns))


def counted(batches: Sequence[Batch], spec: CountSpec, *, added_up: bool = True) -> PartitionCounts:
    counter = PartitionCounter(spec)
    for batch in batches:
        counter.add(batch)
    return counter.result(added_up=added_up)


def cells_of(part: PartitionCounts) -> dict[tuple[object, str], list[int]]:
    """The sums of each label and term, whatever the numbers of either."""
    cells = part.cells
    if part.rows:
        groups, terms = np.arange(len(part.groups)), np.arange(len(part.terms), dtype=np.int32)
        cells = add_up(sources([part], [groups], [terms]), len(groups), len(terms))
    labels, words = list(part.groups), part.terms.to_pylist()
    groups = np.repeat(np.arange(len(labels)), np.diff(cells.bounds))
    return {
        (labels[group], words[term]): list(sums)
        for group, term, *sums in np.transpose([groups, cells.terms, *cells.totals]).tolist()
    }


def expected(articles: Sequence[Article]) -> tuple[dict, dict]:
    """Groups by outlet (articles, tokens, squares), and cells (n, articles, n², n times tokens)."""
    groups: dict = {}
    cells: dict = {}
    for outlet, _, text in articles:
        words = text.split()
        mine = groups.setdefault((outlet,), [0, 0, 0])
        mine[:] = mine[0] + 1, mine[1] + len(words), mine[2] + len(words) ** 2
        for word, n in Counter(words).items():
            cell = cells.setdefault(((outlet,), word), [0, 0, 0, 0])
            more = n, 1, n * n, n * len(words)
            cell[:] = [old + new for old, new in zip(cell, more, strict=True)]
    return {label: tuple(sums) for label, sums in groups.items()}, cells


WORDS = ["a", "talks", "zinc", "éclair", "нет", "b"]
article = st.builds(
    Article,
    st.sampled_from(["Gazette", "Herald", "Übersicht"]),
    st.just("2021-03-14"),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
)
some_batches = st.lists(st.lists(article, max_size=3), max_size=3)


@settings(max_examples=50)
@given(st.lists(some_batches, min_size=1, max_size=3), st.lists(st.booleans(), min_size=3))
def test_parts_add_up_to_a_plain_loop(found: list[list[list[Article]]], added_up: list[bool]):
    spec = CountSpec(("outlet",))
    parts = [
        counted([batch_of(articles) for articles in batches], spec, added_up=now)
        for batches, now in zip(found, added_up, strict=False)
    ]
    for part, batches in zip(parts, found, strict=True):
        own = [article for articles in batches for article in articles]
        assert (part.groups, cells_of(part)) == expected(own)
        assert len(part.terms) == len({word for one in own for word in one.text.split()})
    whole = merge(parts)
    everything = [article for batches in found for articles in batches for article in articles]
    assert (whole.groups, cells_of(whole)) == expected(everything)
    assert not whole.rows
    assert len(whole.cells.bounds) == len(whole.groups) + 1
    again = merge([merge(parts[:1]), *parts[1:]])
    assert (again.groups, cells_of(again)) == (whole.groups, cells_of(whole))


def test_articles_may_wait_to_be_added_up_later():
    batch = batch_of([Article("Gazette", "2021-03-14", "Talks, talks")])
    counter = PartitionCounter(CountSpec(("outlet",)))
    counter.add(batch)
    waiting = counter.result(added_up=False)
    assert ([len(rows.terms) for rows in waiting.rows], len(waiting.cells.terms)) == ([1], 0)
    now = counter.result()
    assert (list(now.rows), now.cells.totals.n.tolist()) == ([], [2])
    assert cells_of(waiting) == cells_of(now) == {(("Gazette",), "talks"): [2, 1, 4, 4]}


def test_texts_may_come_in_several_pieces():
    texts = [["talks", "talks talks"], ["no"], [], ["no talks at all", "zinc", "zinc zinc"]]
    flat = [Article("AB"[k % 2], "2021-03-14", t) for k, t in enumerate(chain.from_iterable(texts))]
    batch = batch_of(flat)
    table = batch.table.set_column(
        batch.table.column_names.index("text"), "text", pa.chunked_array(texts, pa.large_string())
    )
    part = counted([replace(batch, table=table)], CountSpec(("outlet",)))
    assert (part.groups, cells_of(part)) == expected(flat)


def test_terms_that_the_rules_leave_out_are_no_terms():
    rules = TermRules(stop_words=("the",), ngrams=2)
    texts = ["The talks began. Talks", "The the"]
    part = counted(
        [batch_of([Article("Gazette", "2021-03-14", text) for text in texts])],
        CountSpec(("outlet",), None, rules),
    )
    assert sorted(part.terms.to_pylist()) == ["began", "talks", "talks began"]
    # An article without any term left is an article all the same.
    assert part.groups == {("Gazette",): (2, 3, 9)}


def test_hits_are_listed_with_their_article():
    texts = ["No talks, talks, a talk", "Nothing", "A threat. No threat", "no threat"]
    articles = [
        Article(outlet, "2021-03-14", text) for outlet, text in zip("ABAB", texts, strict=True)
    ]
    spec = CountSpec(("outlet",), LEXICON)
    batches = [
        batch_of(articles, file=3, first=7),
        batch_of(articles[1:2], first=99),
        batch_of(articles[:1], file=4, first=50, doc_id=["x1"]),
    ]
    hits = counted(batches, spec).hits
    columns = ["file", "row", "doc_id", "group", "n_tokens"]
    frames = ["n_calm", "n_calm_negated", "n_alarm", "n_alarm_negated"]
    # A batch without a hit has no table; "no threat" is excluded, and so is its article.
    assert [table[columns + frames].to_numpy().tolist() for table in hits] == [
        [[3, 7, "3.csv:7", 0, 5, 1, 2, 0, 0], [3, 9, "3.csv:9", 0, 4, 0, 0, 1, 0]],
        [[4, 50, "x1", 0, 5, 1, 2, 0, 0]],
    ]


@pytest.mark.parametrize(("at_a_time", "tables"), [(1, 3), (2, 2), (3, 2), (4, 1), (5, 1)])
def test_rejected_rows_are_put_into_tables(
    monkeypatch: pytest.MonkeyPatch, at_a_time: int, tables: int
):
    monkeypatch.setattr(partitions, "REJECTED", at_a_time)
    good, bad = Article("Gazette", "2021-03-14", "Talks"), Article("Gazette", "2021-03-14", " ")
    unread = [(8, Rejection("b.csv", "line 8", Reason.DAMAGED))]
    broken = Batch("b.csv", 5, "line", [], batch_of([]).table, unread)
    counter = PartitionCounter(CountSpec(()))
    for batch in (batch_of([good, bad], file=2), batch_of([good]), batch_of([bad, bad]), broken):
        counter.add(batch)
    part = counter.result()
    assert part.groups == {(): (2, 2, 2)}
    assert len(part.rejected) == tables
    table = pd.concat(part.rejected)
    assert table[["file", "row", "source", "locator", "reason"]].to_numpy().tolist() == [
        [2, 2, "2.csv", "row 2", "no text"],
        [0, 1, "0.csv", "row 1", "no text"],
        [0, 2, "0.csv", "row 2", "no text"],
        [5, 8, "b.csv", "line 8", "damaged file"],
    ]
    # They are listed once.
    assert len(counter.result().rejected) == tables


def test_parts_agree_on_groups_and_on_the_days_that_they_span():
    spec = CountSpec(("outlet", "month"), LEXICON)
    first = [Article("Gazette", "2021-03-14", "Talks"), Article("Herald", "2021-05-02", "Talks")]
    second = [Article("Herald", "2021-05-31", "Talks on"), Article("Gazette", "2021-04-01", " ")]
    third = [Article("Gazette", "2021-02-28", "Nothing"), Article("Herald", "2021-05-01", "Talks")]
    parts = [counted([batch_of(articles)], spec) for articles in (first, second, third)]
    joined = join_groups(parts)
    assert joined.labels == [("Gazette", "2021-03"), ("Herald", "2021-05"), ("Gazette", "2021-02")]
    assert joined.totals.tolist() == [[1, 1, 1], [3, 4, 6], [1, 1, 1]]
    assert [codes.tolist() for codes in joined.codes] == [[0, 1], [1], [2, 1]]
    assert [table["group"].tolist() for table in joined.hits] == [[0, 1], [1], [1]]
    assert [table["row"].tolist() for table in joined.rejected] == [[2]]
    days = pd.Timestamp("2021-02-28"), pd.Timestamp("2021-05-31")
    assert joined.days == merge(parts).days == merge(parts[::-1]).days == {"month": days}
    assert counted([batch_of(articles) for articles in (first, second)], spec).days == {
        "month": (pd.Timestamp("2021-03-14"), pd.Timestamp("2021-05-31"))
    }


@pytest.mark.parametrize("number", [1, 2, 3])
def test_terms_of_all_parts_stand_once_and_sorted(number: int):
    texts = ["zinc нет a éclair Zinc", "b a 𝕏z", "a"][:number]
    spec = CountSpec(())
    parts = [counted([batch_of([Article("A", "2021", text)])], spec) for text in texts]
    terms, places = join_terms(parts)
    words = {word for text in texts for word in text.lower().split()}
    # Python sorts strings by code points.
    assert terms.to_pylist() == sorted(words)
    for part, place in zip(parts, places, strict=True):
        assert terms.take(pa.array(place)).to_pylist() == part.terms.to_pylist()
        assert place.dtype == np.int32


def test_a_single_part_is_the_sum():
    spec = CountSpec(("outlet",))
    batch = batch_of([Article("Gazette", "2021-03-14", "Talks")])
    part = counted([batch], spec)
    assert merge([part]) is part
    assert not merge([counted([batch], spec, added_up=False)]).rows
    empty = merge([counted([], spec), counted([], spec)])
    assert (empty.groups, len(empty.terms), len(empty.cells.terms)) == ({}, 0, 0)
