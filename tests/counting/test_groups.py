import numpy as np
import pandas as pd
import pytest

from analysis.counting.document_terms import document_terms
from analysis.counting.groups import group_counts
from analysis.errors import CountsError


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
