"""Counts of parts become tables: groups and terms sorted, labels in the types of a table."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analysis.counting.batch_groups import travelling
from analysis.counting.finishing import _bounds, finish
from analysis.counting.partitions import CountSpec, PartitionCounts, merge
from analysis.counting.sum_loops import Totals
from analysis.counting.sums import ArticleRows, Cells
from analysis.lexicons.lexicon import Lexicon

Label = tuple[object, ...]


def part_of(groups: dict[Label, dict[str, int]], **more: object) -> PartitionCounts:
    """A part of one article a group, of so many times each term."""
    terms = list(dict.fromkeys(term for counts in groups.values() for term in counts))
    lengths = [sum(counts.values()) for counts in groups.values()]
    cells = [
        (n, 1, n * n, n * length)
        for counts, length in zip(groups.values(), lengths, strict=True)
        for _, n in sorted(counts.items(), key=lambda item: terms.index(item[0]))
    ]
    ids = [sorted(map(terms.index, counts)) for counts in groups.values()]
    return PartitionCounts(
        groups={
            label: (1, length, length**2) for label, length in zip(groups, lengths, strict=True)
        },
        terms=pa.array(terms, pa.large_string()),
        cells=Cells(
            np.cumsum([0, *map(len, ids)]),
            np.array([term for some in ids for term in some], np.int32),
            Totals(*np.array(cells, np.int64).reshape(-1, 4).T.copy()),
        ),
        **more,
    )


SPEC = CountSpec(("outlet",))


@pytest.mark.parametrize("threads", [1, 2])
def test_groups_and_terms_are_sorted_and_summed(threads: int):
    parts = [
        part_of({("Herald",): {"zinc": 1, "talks": 3}, ("Gazette",): {"talks": 2}}),
        part_of({("Gazette",): {"éclair": 1, "a": 1}, ("Herald",): {"talks": 1}}),
    ]
    counts = finish(parts, SPEC, threads)
    assert counts.by == ("outlet",)
    assert counts.groups.to_dict("list") == {
        "outlet": ["Gazette", "Herald"],
        "articles": [2, 2], "tokens": [4, 5], "tokens_sq": [8, 17],
    }  # fmt: skip
    assert counts.groups["outlet"].cat.categories.tolist() == ["Gazette", "Herald"]
    # By code points, accented letters come after all others.
    assert counts.terms.tolist() == ["a", "talks", "zinc", "éclair"]
    assert (counts.terms.name, counts.terms.dtype) == ("term", "str")
    assert counts.n.toarray().tolist() == [[1, 2, 0, 1], [0, 4, 1, 0]]
    assert counts.n_docs.toarray().tolist() == [[1, 1, 0, 1], [0, 2, 1, 0]]
    assert counts.n_sq.toarray().tolist() == [[1, 4, 0, 1], [0, 10, 1, 0]]
    assert counts.n_tokens.toarray().tolist() == [[2, 4, 0, 2], [0, 13, 4, 0]]
    assert (counts.lexicon, len(counts.hits), len(counts.rejected)) == ("", 0, 0)
    assert list(counts.hits.columns) == ["doc_id", "n_tokens", "group"]
    assert list(counts.rejected.columns) == ["source", "locator", "reason", "detail"]


def test_the_matrices_share_their_terms_in_memory():
    counts = finish([part_of({("Gazette",): {"a": 1}})], SPEC)
    matrices = counts.n, counts.n_docs, counts.n_sq, counts.n_tokens
    assert {matrix.indices.dtype for matrix in matrices} == {np.dtype(np.int32)}
    assert {matrix.data.dtype for matrix in matrices} == {np.dtype(np.int64)}
    assert all(np.shares_memory(matrix.indices, counts.n.indices) for matrix in matrices)


@pytest.mark.parametrize(
    ("size", "kind"), [(2**31 - 2, "int32"), (2**31 - 1, "int32"), (2**31, "int64")]
)
def test_bounds_are_as_small_as_they_may_be(size: int, kind: str):
    # So many cells take no room where all of them are the same number in memory.
    terms = np.broadcast_to(np.int32(0), size)
    totals = Totals(*(np.broadcast_to(np.int64(1), size) for _ in Totals._fields))
    bounds = _bounds(Cells(np.array([0, size]), terms, totals))
    assert (bounds.tolist(), bounds.dtype) == ([0, size], kind)


def test_articles_that_wait_are_added_up():
    rows = [ArticleRows(*map(np.array, ([1, 0], [9, 5], [0, 1, 3])),
                        np.array([0, 1, 0], np.int32), np.array([2, 1, 1], np.int32))]  # fmt: skip
    part = part_of({("Herald",): {"talks": 1, "no": 1}, ("Gazette",): {}}, rows=rows)
    counts = finish([part], SPEC)
    assert counts.terms.tolist() == ["no", "talks"]
    assert counts.n.toarray().tolist() == [[0, 2], [2, 2]]
    assert counts.n_tokens.toarray().tolist() == [[0, 18], [7, 7]]


def test_sums_hold_ten_billion_tokens():
    # A million articles of ten thousand tokens, half of which are one term.
    sums = 5 * 10**9, 10**6, 25 * 10**12, 5 * 10**13
    part = PartitionCounts(
        groups={("A",): (10**6, 10**10, 10**14)},
        terms=pa.array(["talks"], pa.large_string()),
        cells=Cells(np.array([0, 1]), np.zeros(1, np.int32), Totals(*map(np.atleast_1d, sums))),
    )
    counts = finish([merge([part, part])], SPEC)
    assert counts.groups.loc[0, ["articles", "tokens", "tokens_sq"]].tolist() == [
        2 * 10**6, 2 * 10**10, 2 * 10**14,
    ]  # fmt: skip
    found = [
        matrix.toarray()[0, 0] for matrix in (counts.n, counts.n_docs, counts.n_sq, counts.n_tokens)
    ]
    assert found == [10**10, 2 * 10**6, 5 * 10**13, 10**14]


@pytest.mark.parametrize(
    ("labels", "expected", "kind"),
    [
        ([2, 10, 1], [1, 2, 10], "int64"),
        (["b", "a"], ["a", "b"], "str"),
        (["b", None], ["b", None], "str"),
        ([True, False], [False, True], "bool"),
        ([10, "b", 2], ["10", "2", "b"], "str"),
        # JSON tells numbers from strings; a file is one column all the same.
        ([travelling(value) for value in (10, 2)], [2, 10], "int64"),
        ([travelling(value) for value in (10, "2")], ["10", "2"], "str"),
    ],
)
def test_labels_have_the_type_of_their_column(labels: list, expected: list, kind: str):
    part = part_of({(label,): {"talks": 1} for label in labels})
    groups = finish([part], CountSpec(("desk",))).groups
    assert [None if pd.isna(desk) else desk for desk in groups["desk"]] == expected
    assert groups["desk"].dtype == kind


def test_labels_that_are_one_value_are_one_group():
    part = part_of({(travelling(1), "A"): {"no": 1}, (travelling(1.0), "A"): {"no": 2, "talks": 1}})
    counts = finish([part], CountSpec(("desk", "outlet")))
    assert counts.groups.to_numpy().tolist() == [[1, "A", 2, 4, 10]]
    assert counts.n.toarray().tolist() == [[3, 1]]


def test_calendar_spans_know_those_between_them():
    days = {"quarter": (pd.Timestamp("2020-11-30"), pd.Timestamp("2021-08-01"))}
    labels = {("2021-Q3",): {"no": 1}, (None,): {"no": 2}, ("2020-Q4",): {"no": 3}}
    part = part_of(labels, days=days)
    counts = finish([part], CountSpec(("quarter",)))
    quarters = counts.groups["quarter"]
    assert quarters.cat.categories.tolist() == ["2020-Q4", "2021-Q1", "2021-Q2", "2021-Q3"]
    assert quarters.cat.ordered
    assert [*quarters[:2], pd.isna(quarters[2])] == ["2020-Q4", "2021-Q3", True]
    assert counts.n.toarray().tolist() == [[3], [1], [2]]


@pytest.mark.parametrize(
    ("by", "kinds"),
    [((), []), (("outlet", "desk", "year"), ["category", "str", "str"])],
)
def test_no_article_is_no_group(by: tuple[str, ...], kinds: list[str]):
    for parts in ([part_of({})], [part_of({}), part_of({})]):
        counts = finish(parts, CountSpec(by))
        assert list(counts.groups.columns) == [*by, "articles", "tokens", "tokens_sq"]
        assert [str(counts.groups[name].dtype) for name in by] == kinds
        assert (len(counts.groups), len(counts.terms), counts.n.shape) == (0, 0, (0, 0))


def test_without_columns_there_is_one_group():
    counts = finish([part_of({(): {"talks": 2}}), part_of({(): {"talks": 3}})], CountSpec(()))
    assert counts.groups.to_numpy().tolist() == [[2, 5, 13]]
    assert counts.n.toarray().tolist() == [[5]]


def hits_of(rows: list[list], frames: list[str]) -> pd.DataFrame:
    names = [f"n_{frame}{kind}" for frame in frames for kind in ("", "_negated")]
    return pd.DataFrame(rows, columns=["file", "row", "doc_id", "group", "n_tokens", *names])


def test_hits_stand_in_the_order_of_the_corpus():
    frames = ["threat", "calm", "unused", "b_negated"]
    zeros = [0] * 4
    first = hits_of([[1, 7, "b7", 1, 5, 1, 0, 0, 2, *zeros]], frames)
    second = hits_of(
        [[1, 2, "b2", 0, 6, 0, 0, 3, 0, *zeros], [0, 9, "a9", 1, 4, 0, 0, 0, 0, 0, 0, 0, 1]], frames
    )
    labels = {("Herald",): {"no": 1}, ("Gazette",): {"no": 1}}
    lexicon = Lexicon.from_dict({"calm": ["talk"]})
    parts = [part_of(labels, hits=[first]), part_of(dict(reversed(labels.items())), hits=[second])]
    counts = finish(parts, CountSpec(("outlet",), lexicon))
    # Gazette is group 0, Herald 1; frames are sorted, and one without any hit has no column.
    names = ["n_b_negated", "n_b_negated_negated", "n_calm", "n_calm_negated", "n_threat"]
    names.append("n_threat_negated")
    assert list(counts.hits.columns) == ["doc_id", "n_tokens", *names, "group"]
    assert counts.hits.to_numpy().tolist() == [
        ["a9", 4, 0, 1, 0, 0, 0, 0, 1],
        ["b2", 6, 0, 0, 3, 0, 0, 0, 0],
        ["b7", 5, 0, 0, 0, 2, 1, 0, 0],
    ]
    assert {str(counts.hits[name].dtype) for name in names} == {"int64"}
    assert counts.lexicon == lexicon.label


def test_rejected_rows_stand_in_the_order_of_the_corpus():
    def rejected(*rows: tuple[int, int, str]) -> pd.DataFrame:
        table = pd.DataFrame(rows, columns=["file", "row", "locator"])
        return table.assign(source="a.csv", reason="no text", detail="")

    parts = [
        part_of({}, rejected=[rejected((1, 3, "c")), rejected((0, 10, "b"))]),
        part_of({}, rejected=[rejected((1, 12, "d"), (0, 9, "a"))]),
    ]
    found = finish(parts, SPEC).rejected
    assert found["locator"].tolist() == ["a", "b", "c", "d"]
    assert found.index.tolist() == [0, 1, 2, 3]
    assert sorted(found.columns) == ["detail", "locator", "reason", "source"]
