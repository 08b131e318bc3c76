import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.articles import check_articles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.errors import CountsError
from analysis.measuring.tfidf import tfidf


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
