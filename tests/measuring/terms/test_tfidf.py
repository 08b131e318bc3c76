import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.articles import check_articles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.errors import CountsError
from analysis.measuring.terms.tfidf import tfidf
from tests.measuring.hand_made import (
    corpora,
    counts_of_terms,
    in_two_voices,
    reordered,
    with_empty_article,
)


def counts_of(matrix: np.ndarray) -> DocumentTerms:
    """Each row an article and an outlet of its own; outlets sort as the rows stand."""
    names = [f"outlet {row:03d}" for row in range(len(matrix))]
    documents = pd.DataFrame({"doc_id": names, "outlet": names, "n_tokens": matrix.sum(axis=1)})
    terms = pd.Index([f"term{column:03d}" for column in range(matrix.shape[1])], name="term")
    return DocumentTerms(documents, terms, sparse.csr_array(matrix))


def dense(table: pd.DataFrame, shape: tuple[int, int]) -> np.ndarray:
    found = np.zeros(shape)
    rows, columns = table["outlet"].str[-3:].astype(int), table["term"].str[-3:].astype(int)
    found[rows, columns] = table["tfidf"]
    return found


@pytest.mark.parametrize("norm", [None, "l1", "l2"])
@pytest.mark.parametrize(("tf", "sublinear"), [("raw", False), ("log", True)])
@pytest.mark.parametrize(("formula", "smooth"), [("smooth", True), ("plain", False)])
@pytest.mark.parametrize("idf", ["articles", "groups"])  # one article a group: the two agree
def test_equals_scikit_learn(norm, tf, sublinear, formula, smooth, idf):
    rng = np.random.default_rng(0)
    matrix = rng.poisson(rng.gamma(0.3, 3, 200), (40, 200))
    matrix = matrix[:, matrix.any(axis=0)]
    peer = TfidfTransformer(norm=norm, sublinear_tf=sublinear, smooth_idf=smooth)
    table = tfidf(counts_of(matrix), "outlet", tf=tf, idf=idf, formula=formula, norm=norm)
    expected = peer.fit_transform(matrix).toarray()
    np.testing.assert_allclose(dense(table, matrix.shape), expected, rtol=1e-12, atol=1e-12)


def test_groups_of_several_articles_equal_scikit_learn_on_the_summed_matrix():
    rng = np.random.default_rng(1)
    matrix = rng.poisson(0.4, (60, 90))
    counts = counts_of(matrix)
    outlet = np.repeat(["outlet 000", "outlet 001", "outlet 002"], 20)
    counts.documents["outlet"] = outlet
    table = tfidf(counts, "outlet", tf="raw", idf="groups")
    summed = matrix.reshape(3, 20, 90).sum(axis=1)
    expected = TfidfTransformer(norm=None).fit_transform(summed).toarray()
    np.testing.assert_allclose(dense(table, summed.shape), expected, rtol=1e-12)
    # And idf over articles: fitted on the articles, applied to the groups.
    table = tfidf(counts, "outlet", tf="raw", idf="articles")
    expected = TfidfTransformer(norm=None).fit(matrix).transform(summed).toarray()
    np.testing.assert_allclose(dense(table, summed.shape), expected, rtol=1e-12)


@pytest.fixture
def samples() -> DocumentTerms:
    rows = [
        ("d1", "D1", "2021-01-01", "this is a a sample"),
        ("d2", "D2", "2021-01-01", "this is another example another example another example"),
    ]
    return document_terms(
        check_articles(pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"]))
    )


# quanteda 4.3.1, dfm_tfidf(): count x log10(N / df), and with scheme_tf = "prop".
@pytest.mark.parametrize(
    ("tf", "expected"),
    [
        ("raw", {"a": 0.602059991, "sample": 0.301029996, "another": 0.903089987}),
        ("relative", {"a": 0.120411998, "sample": 0.060205999, "another": 0.112886248}),
    ],
)
def test_equals_quanteda(samples: DocumentTerms, tf: str, expected: dict[str, float]):
    table = tfidf(samples, "outlet", tf=tf, formula="log10").set_index(["outlet", "term"])["tfidf"]
    assert table["D1", "a"] == pytest.approx(expected["a"], abs=5e-10)
    assert table["D1", "sample"] == pytest.approx(expected["sample"], abs=5e-10)
    assert table["D2", "another"] == pytest.approx(expected["another"], abs=5e-10)
    assert table["D2", "example"] == pytest.approx(expected["another"], abs=5e-10)
    assert (table.loc[:, ["this", "is"]] == 0).all()


def test_columns_ranks_and_order(samples: DocumentTerms):
    table = tfidf(samples, "outlet")
    assert list(table) == ["outlet", "term", "n", "tf", "idf", "tfidf", "rank"]
    # D1 by hand: a 2/5, sample 1/5, with idf ln(3/2) + 1; is and this 1/5 with idf 1.
    assert table.query("outlet == 'D1'")["term"].tolist() == ["a", "sample", "is", "this"]
    assert table.query("outlet == 'D1'")["rank"].tolist() == [1, 2, 3, 4]
    assert table["tfidf"].iloc[0] == pytest.approx(0.4 * (np.log(1.5) + 1), rel=1e-15)


@pytest.mark.parametrize("option", ["tf", "idf", "formula", "norm"])
def test_an_unknown_option_is_named_with_those_allowed(samples: DocumentTerms, option: str):
    with pytest.raises(CountsError, match=f"{option}='tfx' is unknown; allowed are"):
        tfidf(samples, "outlet", **{option: "tfx"})


options = st.fixed_dictionaries(
    {
        "tf": st.sampled_from(["relative", "raw", "log"]),
        "idf": st.sampled_from(["articles", "groups"]),
        "formula": st.sampled_from(["smooth", "plain", "log10"]),
        "norm": st.sampled_from([None, "l1", "l2"]),
    }
)


@given(corpora(), options, st.randoms())
def test_neither_the_order_of_articles_nor_their_parts_matter(counts, options, random):
    order = list(range(len(counts.documents)))
    random.shuffle(order)
    expected = tfidf(counts, "outlet", **options).to_csv(index=False)
    for same in (reordered(counts, order), in_two_voices(counts, 1)):
        assert tfidf(same, "outlet", **options).to_csv(index=False) == expected


@given(corpora(), options)
def test_weights_stay_within_their_bounds(counts, options):
    table = tfidf(counts, "outlet", **options)
    # A term that is everywhere has the least rarity: 1, or 0 under log10.
    assert (table["idf"] >= (0 if options["formula"] == "log10" else 1)).all()
    assert (table["tf"] > 0).all() and (table["tfidf"] >= 0).all()
    for _, part in table.groupby("outlet"):
        assert part["rank"].tolist() == list(range(1, len(part) + 1))
        assert part["tfidf"].is_monotonic_decreasing
        length = (part["tfidf"] ** (1 if options["norm"] == "l1" else 2)).sum()
        if options["norm"] and length > 0:
            assert length == pytest.approx(1)


@given(corpora(), options)
def test_longer_articles_of_the_same_make_have_the_same_weights(counts, options):
    longer = counts_of_terms(3 * counts.counts.toarray(), outlet=counts.documents["outlet"])
    one, three = (tfidf(c, "outlet", **options).set_index(["outlet", "term"]).sort_index()
                  for c in (counts, longer))  # fmt: skip
    pd.testing.assert_series_equal(three["idf"], one["idf"], check_exact=True)
    if options["tf"] == "log":
        np.testing.assert_allclose(three["tf"], one["tf"] + np.log(3))
        return
    times = 3 if options["tf"] == "raw" and options["norm"] is None else 1
    np.testing.assert_allclose(three["tfidf"], times * one["tfidf"], rtol=1e-12)


@given(corpora(empty=False))
def test_an_empty_article_makes_every_term_rarer_among_articles_and_not_among_groups(counts):
    more = with_empty_article(counts, counts.documents["outlet"][0])
    before, after = (tfidf(c, "outlet", idf="groups") for c in (counts, more))
    pd.testing.assert_frame_equal(before, after, check_exact=True)
    before, after = (tfidf(c, "outlet").set_index(["outlet", "term"]).sort_index()
                     for c in (counts, more))  # fmt: skip
    pd.testing.assert_series_equal(before["tf"], after["tf"], check_exact=True)
    assert (after["idf"] > before["idf"]).all()
