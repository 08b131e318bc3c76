"""The counts of this package as a scikit-learn estimator."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from analysis.tokens import TermRules, count_tokens


class TermCounter(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Count the terms of texts, for any scikit-learn model.

    It counts as `document_terms` does, and follows scikit-learn's contract: it can be part of a
    pipeline, cloned, searched over and pickled.

    Parameters
    ----------
    fold_case, possessives, stem, stop_words, min_length, numbers, ngrams, lemma, clitics
        How token strings become terms: see `TermRules`.
    min_articles : int
        Terms that occur in fewer of the fitted texts are left out.

    Attributes
    ----------
    terms_ : Index of str, sorted
        The terms, in the order of the columns.

    Examples
    --------
    >>> counter = TermCounter()
    >>> counter.fit_transform(["The talks began.", "Talks on talks"]).toarray()
    array([[1, 0, 1, 1],
           [0, 1, 2, 0]])
    >>> counter.get_feature_names_out()
    array(['began', 'on', 'talks', 'the'], dtype=object)
    """

    def __init__(
        self,
        *,
        fold_case: bool = True,
        possessives: bool = True,
        stem: str | None = None,
        stop_words: Iterable[str] | None = None,
        min_length: int = 1,
        numbers: bool = True,
        ngrams: int = 1,
        lemma: str | None = None,
        clitics: bool = False,
        min_articles: int = 1,
    ) -> None:
        self.fold_case = fold_case
        self.possessives = possessives
        self.stem = stem
        self.stop_words = stop_words
        self.min_length = min_length
        self.numbers = numbers
        self.ngrams = ngrams
        self.lemma = lemma
        self.clitics = clitics
        self.min_articles = min_articles

    def fit(self, X: Iterable[str], y: object = None) -> "TermCounter":
        """Learn the terms of texts."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Iterable[str], y: object = None) -> sparse.csr_matrix:
        """Learn the terms of texts and count them: an int64 matrix of texts by terms."""
        terms, counts = self._count(X)
        having = np.bincount(counts.indices, minlength=len(terms))
        kept = np.flatnonzero(having >= self.min_articles)
        if not len(kept):
            raise ValueError(
                f"no term is left of {len(terms)} (min_articles={self.min_articles!r}): the texts "
                "are empty, or hold nothing but stop words."
            )
        self.terms_ = terms[kept]
        return _matrix(counts[:, kept])

    def transform(self, X: Iterable[str]) -> sparse.csr_matrix:
        """Count the terms learnt in other texts; terms that were not learnt are passed over."""
        check_is_fitted(self)
        terms, counts = self._count(X)
        column = self.terms_.get_indexer(terms)
        known = counts[:, np.flatnonzero(column >= 0)].tocoo()
        place = column[column >= 0][known.coords[1]]
        shape = (counts.shape[0], len(self.terms_))
        return _matrix(sparse.coo_array((known.data, (known.coords[0], place)), shape=shape))

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """The terms, in the order of the columns; `input_features` is not used."""
        check_is_fitted(self)
        return np.asarray(self.terms_, dtype=object)

    def _count(self, X: Iterable[str]) -> tuple[pd.Index, sparse.csr_array]:
        if isinstance(X, str):
            raise ValueError("TermCounter takes a list of texts; a single string was given.")
        texts = list(X)
        for place, text in enumerate(texts):
            if not isinstance(text, str):
                raise ValueError(
                    f"text {place} is {type(text).__name__} {text!r:.60}, not a string; drop "
                    "missing texts, or fill them with ''."
                )
        rules = {name: value for name, value in self.get_params().items() if name != "min_articles"}
        return count_tokens(texts, TermRules(**rules))

    def __sklearn_tags__(self) -> Any:
        """Texts in, counts out: no array is asked for, and none that is given is understood."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _matrix(counts: sparse.sparray) -> sparse.csr_matrix:
    """As scikit-learn's models want it: int32 positions, in order."""
    matrix = sparse.csr_matrix(counts)
    matrix.sort_indices()
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return matrix
