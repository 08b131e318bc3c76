import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis.articles import check_articles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.joining import add_up
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon


def test_sums_per_group_are_those_of_a_plain_loop(articles: pd.DataFrame):
    counts = document_terms(articles)
    grouped = group_counts(counts, "outlet")
    dense, lengths = counts.counts.toarray(), counts.documents["n_tokens"].to_numpy()
    for row, outlet in enumerate(grouped.groups["outlet"]):
        mine = (counts.documents["outlet"] == outlet).to_numpy()
        assert grouped.groups.loc[row, "articles"] == mine.sum()
        assert grouped.groups.loc[row, "tokens_sq"] == (lengths[mine] ** 2).sum()
        np.testing.assert_array_equal(grouped.n.toarray()[row], dense[mine].sum(axis=0))
        np.testing.assert_array_equal(grouped.n_docs.toarray()[row], (dense[mine] > 0).sum(axis=0))
        np.testing.assert_array_equal(grouped.n_sq.toarray()[row], (dense[mine] ** 2).sum(axis=0))
        products = (dense[mine] * lengths[mine, None]).sum(axis=0)
        np.testing.assert_array_equal(grouped.n_tokens.toarray()[row], products)


def test_merged_groups_equal_groups_made_at_once(articles: pd.DataFrame):
    counts = document_terms(articles.assign(half=["H1", "H1", "H2"] * 2))
    merged = group_counts(group_counts(counts, ["outlet", "half"]), "half")
    direct = group_counts(counts, "half")
    pd.testing.assert_frame_equal(merged.groups, direct.groups)
    for name in ("n", "n_docs", "n_sq", "n_tokens"):
        assert (getattr(merged, name) != getattr(direct, name)).nnz == 0


def test_parts_of_an_article_are_one_unit_of_evidence(articles: pd.DataFrame):
    halves = pd.concat([articles, articles.assign(text="talks")], ignore_index=True)
    grouped = group_counts(document_terms(halves), "outlet")
    assert grouped.groups["articles"].tolist() == [3, 3]
    talks = grouped.n_docs.toarray()[:, grouped.terms.get_loc("talks")]
    assert talks.tolist() == [3, 3]
    by_article = group_counts(document_terms(halves), "doc_id")
    assert by_article.groups["articles"].tolist() == [1] * 6


def test_calendar_spans_are_made_from_the_date(articles: pd.DataFrame):
    grouped = group_counts(document_terms(articles), ["outlet", "quarter"])
    assert grouped.groups["quarter"].tolist() == ["2021-Q1", "2021-Q2", "2021-Q3"] * 2
    assert grouped.groups["quarter"].dtype.ordered
    merged = group_counts(grouped, "quarter")
    direct = group_counts(document_terms(articles), "quarter")
    pd.testing.assert_frame_equal(merged.groups, direct.groups)


def test_an_unknown_column_is_named(articles: pd.DataFrame):
    with pytest.raises(CountsError, match="no column 'periode'"):
        group_counts(document_terms(articles), ["periode"])


SUMS = ("n", "n_docs", "n_sq", "n_tokens")
rows = st.lists(
    st.tuples(
        st.lists(st.integers(0, 4), min_size=3, max_size=3),
        st.sampled_from(["Gazette", "Herald", None]),
        st.sampled_from(["2020", "2021"]),
    ),
    min_size=1,
    max_size=10,
)


def counts_of(found) -> DocumentTerms:
    """Counts of three terms, with a word more in each article; hits of one frame in two kinds."""
    hits = np.array([row[0] for row in found])
    documents = pd.DataFrame(
        {
            "doc_id": [f"d{i:02}" for i in range(len(found))],
            "outlet": [row[1] for row in found],
            "year": [row[2] for row in found],
            "n_tokens": hits.sum(axis=1) + 1,
        }
    )
    types = pd.DataFrame(
        [("f", "a*", "a", False), ("f", "b*", "b", False), ("f", "a*", "a", True)],
        columns=["frame", "pattern", "match", "negated"],
    )
    matrix = sparse.csr_array(hits)
    return DocumentTerms(documents, pd.Index(list("abc")), matrix, types, matrix)


def assert_same(one: GroupCounts, other: GroupCounts) -> None:
    pd.testing.assert_frame_equal(one.groups, other.groups)
    for name in SUMS:
        np.testing.assert_array_equal(getattr(one, name).toarray(), getattr(other, name).toarray())
    by_article = ["doc_id", "group"]
    pd.testing.assert_frame_equal(
        one.hits.sort_values(by_article, ignore_index=True),
        other.hits.sort_values(by_article, ignore_index=True),
    )


@settings(max_examples=15)
@given(rows, st.randoms())
def test_neither_the_order_of_articles_nor_the_way_to_the_groups_matters(found, random):
    shuffled = found.copy()
    random.shuffle(shuffled)
    counts = counts_of(found)
    there = counts.documents.assign(key=[str(row) for row in found])
    back = counts_of(shuffled).documents.assign(key=[str(row) for row in shuffled])
    # The same articles under the same ids, in another order.
    ids = there.sort_values("key", kind="stable")["doc_id"].tolist()
    order = back.sort_values("key", kind="stable").index
    again = counts_of(shuffled)
    again.documents.loc[order, "doc_id"] = ids
    fine = group_counts(counts, ["outlet", "year"])
    assert_same(group_counts(again, ["outlet", "year"]), fine)
    for by in (["year"], ["outlet"], []):
        direct = group_counts(counts, by)
        assert_same(group_counts(fine, by), direct)
        turned = group_counts(fine, ["year", "outlet"])
        assert_same(group_counts(turned, by), direct)


@settings(max_examples=15)
@given(rows)
def test_groups_add_up_to_the_whole_and_hold_what_can_be(found):
    counts = counts_of(found)
    grouped = group_counts(counts, ["outlet", "year"])
    whole = group_counts(counts, [])
    for name in SUMS:
        parts = getattr(grouped, name).toarray()
        np.testing.assert_array_equal(parts.sum(axis=0), getattr(whole, name).toarray()[0])
    for name in ("articles", "tokens", "tokens_sq"):
        assert grouped.groups[name].sum() == whole.groups[name].item()
    n, n_docs, n_sq, n_tokens = (getattr(grouped, name).toarray() for name in SUMS)
    articles = grouped.groups["articles"].to_numpy()[:, None]
    assert (n_docs <= np.minimum(n, articles)).all()
    assert (n <= n_sq).all() and (n_sq <= n_tokens).all()
    # Cauchy and Schwarz: n^2 <= n_docs * sum n_d^2.
    assert (n**2 <= n_docs * n_sq).all()
    # No article is dropped for a missing outlet.
    assert grouped.groups["articles"].sum() == len(found)
    frames = whole.hits.set_index("doc_id")
    for doc, (hits, _, _) in zip(counts.documents["doc_id"], found, strict=True):
        if any(hits):
            assert frames.loc[doc, ["n_f", "n_f_negated"]].tolist() == [hits[0] + hits[1], hits[2]]
        else:
            assert doc not in frames.index


@settings(max_examples=15)
@given(rows, st.integers(0, 3))
def test_an_article_in_two_rows_is_one_article(found, first):
    counts = counts_of(found)
    hits = counts.counts.toarray()
    quoted = np.minimum(hits, first)
    halves = pd.concat(
        [counts.documents.assign(n_tokens=part.sum(axis=1) + extra)
         for part, extra in ((quoted, 0), (hits - quoted, 1))], ignore_index=True,
    )  # fmt: skip
    matrix = sparse.csr_array(np.vstack([quoted, hits - quoted]))
    parts = DocumentTerms(halves, counts.terms, matrix, counts.hit_types, matrix)
    for by in (["outlet"], []):
        assert_same(group_counts(parts, by), group_counts(counts, by))


def test_streamed_counts_name_a_column_they_lack(articles: pd.DataFrame):
    grouped = group_counts(document_terms(articles), "outlet")
    with pytest.raises(CountsError, match=r"by=\['year'\]: the counts have no column 'year'"):
        group_counts(grouped, "year")
    assert repr(grouped).startswith("GroupCounts by outlet: 2 groups, 6 articles")


def test_a_column_named_twice_is_refused(articles: pd.DataFrame):
    with pytest.raises(CountsError, match=r"'outlet'\]: a column is named twice"):
        group_counts(document_terms(articles), ["outlet", "outlet"])


@pytest.mark.parametrize("name", ["articles", "tokens", "tokens_sq"])
def test_a_column_that_is_called_like_a_total_is_refused(articles: pd.DataFrame, name: str):
    counts = document_terms(articles.assign(**{name: "x"}))
    for either in (counts, group_counts(counts, "outlet")):
        with pytest.raises(CountsError, match=f"the result has a column '{name}' of its own"):
            group_counts(either, ["outlet", name])


def test_all_articles_have_a_row_of_hits_if_asked_for(tmp_path):
    frame = pd.DataFrame({"text": ["Talks.", "Rain."], "outlet": "Gazette", "date": "2021-03-14"})
    lexicon = Lexicon.from_dict({"parley": ["talks"]})
    counts = document_terms(check_articles(frame.assign(doc_id=[1, 2])), lexicon=lexicon)
    some, every = (group_counts(counts, "outlet", all_articles=every) for every in (False, True))
    assert (some.hits["doc_id"].tolist(), every.hits["doc_id"].tolist()) == (["1"], ["1", "2"])
    every.save(tmp_path / "sums")
    assert GroupCounts.load(tmp_path / "sums").all_articles
    with pytest.raises(CountsError, match="all_articles"):
        add_up([some, every])
