import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis.articles import check_articles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.errors import ArticlesError, CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.tokens import TermRules


@pytest.fixture
def counts(articles: pd.DataFrame) -> DocumentTerms:
    lexicon = Lexicon.from_dict({"parley": ["talks", "dialogue"]}, negators=["no"])
    return document_terms(articles.assign(section="world", title="A title"), lexicon=lexicon)


def test_documents_keep_their_columns_but_not_their_texts(counts: DocumentTerms):
    columns = counts.documents.columns.tolist()
    assert columns == ["doc_id", "outlet", "date", "section", "n_tokens"]
    # Counted by hand.
    assert counts.documents["n_tokens"].tolist() == [9, 8, 8, 7, 8, 7]
    assert counts.counts.sum(axis=1).tolist() == counts.documents["n_tokens"].tolist()
    assert repr(counts) == f"DocumentTerms: 6 documents, {len(counts.terms)} terms, 47 tokens"


def test_the_length_of_an_article_is_its_words_whatever_is_counted_beside(articles: pd.DataFrame):
    pairs = document_terms(articles, rules=TermRules(ngrams=2))
    assert pairs.documents["n_tokens"].tolist() == [9, 8, 8, 7, 8, 7]
    assert "peace talks" in pairs.terms
    three = document_terms(articles, rules=TermRules(ngrams=3))
    assert three.documents["n_tokens"].tolist() == [9, 8, 8, 7, 8, 7]


def test_hits_stand_beside_the_words(counts: DocumentTerms):
    # One "no dialogue" in a1, "talks" in a3, "dialogue" in b1, three "talks" in b2.
    types = counts.hit_types[["match", "negated"]].itertuples(index=False, name=None)
    columns = {kind: counts.hits.toarray()[:, place].tolist() for place, kind in enumerate(types)}
    assert columns == {
        ("dialogue", False): [0, 0, 0, 1, 0, 0],
        ("dialogue", True): [1, 0, 0, 0, 0, 0],
        ("talks", False): [0, 0, 1, 0, 3, 0],
    }
    assert counts.lexicon.startswith("unnamed")
    plain = document_terms(check_articles(counts.documents.assign(text="talks")))
    assert (plain.hits.shape, plain.lexicon) == ((6, 0), "")


def test_a_subset_keeps_terms_and_hits_in_their_rows(counts: DocumentTerms):
    keep = np.array([False, True, False, False, True, True])
    part = counts.subset(keep)
    assert part.documents["doc_id"].tolist() == ["a2", "b2", "b3"]
    assert part.documents.index.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(part.counts.toarray(), counts.counts.toarray()[keep])
    np.testing.assert_array_equal(part.hits.toarray(), counts.hits.toarray()[keep])
    both = counts.where(outlet="Herald", doc_id=("b1", "a1"))
    assert both.documents["doc_id"].tolist() == ["b1"]
    with pytest.raises(CountsError, match=r"no article has doc_id='a1'; there are b1, b2"):
        counts.where(outlet="Herald", doc_id="a1")


def test_what_does_not_fit_is_refused(articles: pd.DataFrame, counts: DocumentTerms):
    with pytest.raises(ArticlesError, match=r"lacks the column\(s\) outlet, text; it has "):
        document_terms(articles.drop(columns=["outlet", "text"]))
    wrong = sparse.csr_array((6, 3), dtype=np.int64)
    with pytest.raises(CountsError, match=r"shape \(6, 3\); with 6 documents and 2 terms it must"):
        DocumentTerms(counts.documents, pd.Index(["a", "b"]), wrong)


def test_articles_of_one_id_are_refused_and_segments_of_an_article_are_not(articles: pd.DataFrame):
    others = articles.assign(outlet="Post")
    with pytest.raises(ArticlesError, match=r"doc_id='a1' is the id .* and so are 5 more"):
        document_terms(pd.concat([articles, others]))
    assert len(document_terms(pd.concat([articles, articles])).documents) == 12
