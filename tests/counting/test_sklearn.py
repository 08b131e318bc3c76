import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import check_estimator

from analysis.counting.document_terms import document_terms
from analysis.counting.sklearn import TermCounter
from analysis.tokens import TermRules

TEXTS = [
    "Sanctions and more sanctions.",
    "The envoy’s talks began; talks may follow.",
    "Troops moved, and missiles were shown.",
    "Peace talks, a summit and a treaty.",
]
LABELS = [0, 1, 0, 1]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_scikit_learns_own_checks():
    results = check_estimator(TermCounter(), on_skip=None, on_fail=None)
    assert [result["check_name"] for result in results if result["status"] == "failed"] == []


# check_estimator leaves off, for estimators of strings, after its first checks; these are those
# of its further ones that feed no arrays of numbers.
@pytest.mark.parametrize(
    "check",
    [
        "check_estimator_cloneable",
        "check_estimator_repr",
        "check_estimator_tags_renamed",
        "check_valid_tag_types",
        "check_mixin_order",
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible",
        "check_do_not_raise_errors_in_init_or_set_params",
        "check_get_params_invariance",
        "check_set_params",
        "check_get_feature_names_out_error",
    ],
)
def test_scikit_learns_checks_without_arrays(check: str):
    getattr(estimator_checks, check)("TermCounter", TermCounter())


def test_counts_are_those_of_document_terms(articles: pd.DataFrame):
    rules = TermRules(ngrams=2, possessives=False)
    counts = document_terms(articles, rules=rules)
    counter = TermCounter(ngrams=2, possessives=False)
    found = counter.fit_transform(articles["text"])
    assert counter.get_feature_names_out().tolist() == counts.terms.tolist()
    np.testing.assert_array_equal(found.toarray(), counts.counts.toarray())


def test_counts_are_those_of_count_vectorizer_where_tokens_agree():
    texts = ["peace talks in geneva", "talks on peace talks", "troops in motion"]
    peer = CountVectorizer(token_pattern=r"\w+")  # noqa: S106
    expected = peer.fit_transform(texts).toarray()
    counter = TermCounter().fit(texts)
    assert counter.get_feature_names_out().tolist() == peer.get_feature_names_out().tolist()
    np.testing.assert_array_equal(counter.transform(texts).toarray(), expected)
    other = ["geneva talks on disarmament", ""]
    np.testing.assert_array_equal(
        counter.transform(other).toarray(), peer.transform(other).toarray()
    )


def test_fit_transform_is_fit_then_transform():
    counter = TermCounter(min_articles=2)
    at_once = counter.fit_transform(TEXTS)
    assert (at_once != TermCounter(min_articles=2).fit(TEXTS).transform(TEXTS)).nnz == 0
    assert counter.get_feature_names_out().tolist() == ["and", "talks"]
    assert at_once.dtype == np.int64


def test_it_feeds_models_in_pipelines_and_searches():
    model = make_pipeline(TermCounter(), TfidfTransformer(), LogisticRegression())
    assert model.fit(TEXTS, LABELS).predict(TEXTS).tolist() == LABELS
    assert model[:-1].get_feature_names_out().tolist() == model[0].terms_.tolist()
    search = GridSearchCV(model, {"termcounter__ngrams": [1, 2]}, cv=2)
    assert search.fit(TEXTS, LABELS).best_params_["termcounter__ngrams"] in (1, 2)
    both = FeatureUnion([("words", TermCounter()), ("pairs", TermCounter(ngrams=2))])
    assert both.fit_transform(TEXTS).shape[1] == len(both.get_feature_names_out())


def test_clones_are_unfitted_and_pickles_fitted():
    counter = TermCounter(stop_words=["and"]).fit(TEXTS)
    copy = clone(counter)
    assert copy.get_params() == counter.get_params()
    with pytest.raises(NotFittedError):
        copy.transform(TEXTS)
    kept = pickle.loads(pickle.dumps(counter))  # noqa: S301
    assert (kept.transform(TEXTS) != counter.transform(TEXTS)).nnz == 0
    assert "and" not in kept.get_feature_names_out()


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one string", "list of texts"),
        (["talks", None], "text 1 is NoneType None"),
        ([b"talks"], "text 0 is bytes"),
        (["", " "], "no term is left"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(texts: object, message: str):
    with pytest.raises(ValueError, match=message):
        TermCounter().fit(texts)


def test_scikit_learn_is_told_that_it_takes_texts_and_no_arrays():
    tags = TermCounter().__sklearn_tags__().input_tags
    assert (tags.string, tags.two_d_array) == (True, False)
