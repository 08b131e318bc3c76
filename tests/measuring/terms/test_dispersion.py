import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from analysis.articles import check_articles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import group_counts
from analysis.errors import CountsError
from analysis.measuring.terms.dispersion import dispersion
from tests.measuring.hand_made import (
    corpora,
    counts_of_terms,
    in_two_voices,
    reordered,
    with_empty_article,
)

PARTS = [
    "b a m n i b e u p",
    "b a s a t b e w q n",
    "b c a g a b e s t a",
    "b a g h a b e a a t",
    "b a h a a b e a x a t",
]
# Gries, S. Th. (2008), Dispersions and adjusted frequencies in corpora, the worked example:
# DP, DPnorm, and Juilland's D on the rates of each part.
GRIES = {
    "a": (0.18, 0.220, 0.785),
    "b": (0.02, 0.024, 0.968),
    "i": (0.82, 1.0, 0.0),
    "q": (0.80, 0.976, 0.0),
    "x": (0.78, 0.951, 0.0),
}


@pytest.fixture
def gries() -> DocumentTerms:
    frame = pd.DataFrame({"doc_id": list("12345"), "text": PARTS, "date": "2008-01-01"})
    return document_terms(check_articles(frame.assign(outlet="Gries")))


def test_the_worked_example_of_gries(gries: DocumentTerms):
    table = dispersion(gries, "outlet", terms=list(GRIES)).set_index("term")
    for term, (dp, dp_norm, juilland) in GRIES.items():
        row = table.loc[term]
        assert row["dp"] == pytest.approx(dp, abs=5e-3)
        assert row["dp_norm"] == pytest.approx(dp_norm, abs=5e-4)
        assert row["juilland_d"] == pytest.approx(juilland, abs=5e-4)
    assert table["range"].tolist() == [5, 5, 1, 1, 1]
    assert table.loc["a", "n"] == 15
    assert (table["articles"] == 5).all()


def test_equals_the_formulas_written_out_part_by_part():
    rng = np.random.default_rng(0)
    hits = rng.poisson(rng.gamma(0.5, 2, 30), (40, 30))
    outlet = np.repeat(["Gazette", "Herald"], [15, 25])
    documents = pd.DataFrame(
        {"doc_id": [f"{i:02d}" for i in range(40)], "outlet": outlet, "n_tokens": hits.sum(axis=1)}
    )
    terms = pd.Index([f"t{i:02d}" for i in range(30)])
    table = dispersion(DocumentTerms(documents, terms, sparse.csr_array(hits)), "outlet")
    assert len(table) > 40
    for row in table.itertuples():
        mine = outlet == row.outlet
        part, lengths = hits[mine][:, terms.get_loc(row.term)], hits[mine].sum(axis=1)
        share = lengths / lengths.sum()
        dp = np.abs(part / part.sum() - share).sum() / 2
        rates = part / lengths
        assert row.dp == pytest.approx(dp, abs=1e-12)
        assert row.dp_norm == pytest.approx(dp / (1 - share.min()), abs=1e-12)
        expected = 1 - rates.std() / rates.mean() / np.sqrt(len(part) - 1)
        assert row.juilland_d == pytest.approx(expected, abs=1e-9)


def test_columns_are_fixed_and_rows_in_order(articles: pd.DataFrame):
    counts = document_terms(articles)
    expected = ["term", "n", "range", "articles", "juilland_d", "dp", "dp_norm"]
    table = dispersion(counts, "outlet")
    assert list(table) == ["outlet", *expected]
    assert table.sort_values(["outlet", "term"], ignore_index=True).equals(table)
    everything = dispersion(counts, [], terms=["talks"])
    assert list(everything) == expected
    assert everything.loc[0, ["n", "range", "articles"]].tolist() == [4, 2, 6]


def test_one_article_has_no_dispersion(articles: pd.DataFrame):
    table = dispersion(document_terms(articles.iloc[:1]), "outlet")
    assert table[["juilland_d", "dp_norm"]].isna().all(axis=None)
    assert (table["dp"] == 0).all()


def test_streamed_counts_are_refused_with_the_reason(articles: pd.DataFrame):
    with pytest.raises(CountsError, match="counts per document"):
        dispersion(group_counts(document_terms(articles), "outlet"), "outlet")


@given(corpora(), st.randoms())
def test_neither_order_nor_voices_nor_empty_articles_nor_length_matter(counts, random):
    order = list(range(len(counts.documents)))
    random.shuffle(order)
    longer = counts_of_terms(3 * counts.counts.toarray(), outlet=counts.documents["outlet"])
    expected = dispersion(counts, "outlet")
    same = (reordered(counts, order), in_two_voices(counts, 1), with_empty_article(counts))
    for other in same:
        pd.testing.assert_frame_equal(dispersion(other, "outlet"), expected, rtol=1e-9, atol=1e-9)
    pd.testing.assert_frame_equal(
        dispersion(longer, "outlet").drop(columns="n"),
        expected.drop(columns="n"),
        rtol=1e-9, atol=1e-9,
    )  # fmt: skip


@given(corpora())
def test_measures_stay_within_their_bounds(counts: DocumentTerms):
    table = dispersion(counts, "outlet")
    assert table["range"].between(1, table["articles"]).all()
    assert table["dp"].between(-1e-9, 1).all()
    known = table.dropna()
    assert (table["juilland_d"].isna() == (table["articles"] == 1)).all()
    assert known["dp_norm"].between(known["dp"] - 1e-9, 1 + 1e-9).all()
    assert known["juilland_d"].between(-1e-9, 1 + 1e-9).all()
    # A term of one article alone is dispersed as badly as can be.
    alone = known[known["range"] == 1]
    np.testing.assert_allclose(alone["juilland_d"], 0, atol=1e-7)


def test_an_even_term_has_no_deviation_and_one_of_the_smallest_article_all():
    # Sizes 12, 6 and 6: "t0" stands as the words do, "t1" in one of the smallest articles.
    counts = counts_of_terms([[4, 0, 8], [2, 0, 4], [2, 4, 0]], outlet="Gazette")
    table = dispersion(counts, "outlet").set_index("term")
    assert table.loc["t0", ["dp", "dp_norm", "juilland_d"]].tolist() == pytest.approx([0, 0, 1])
    assert table.loc["t1", ["dp", "dp_norm"]].tolist() == pytest.approx([0.75, 1])
