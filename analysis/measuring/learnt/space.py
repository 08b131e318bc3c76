"""A space of words: those that stand in sentences of the same kind have like directions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.errors import CountsError, LexiconError
from analysis.lexicons.patterns import parse_patterns, text_rules
from analysis.lexicons.search import SortedTerms
from analysis.measuring.intervals import Floats
from analysis.measuring.learnt.sentences import Batches, Ints, Sentences, Unit, read_sentences
from analysis.measuring.learnt.vectors import leading_vectors
from analysis.tokens import TermRules

Weighting = Literal["count", "equal"]


@dataclass(frozen=True, eq=False)
class WordSpace:
    """Terms as directions.

    Attributes
    ----------
    terms : ndarray of str, sorted
    n, n_docs : int64 arrays
        Occurrences of each term, and articles that have it.
    directions : float array, terms by dimensions
        Of length 1; all 0 of a term that no dimension holds.
    lengths, values, weights : float arrays
        What `folded` needs: the lengths that the directions had, the squared singular values, and
        the weight of each term's counts.
    variance : float
        The share of the matrix's sum of squares that the dimensions hold.
    rules : TermRules
    articles, sentences : int
    note : str
        Said where fewer dimensions were used than asked for.
    """

    terms: NDArray[np.object_]
    n: Ints
    n_docs: Ints
    directions: Floats
    lengths: Floats
    values: Floats
    weights: Floats
    variance: float
    rules: TermRules
    articles: int
    sentences: int
    note: str = ""

    def folded(self, sums: sparse.csr_array) -> Floats:
        """The directions of anything, from the sums of the terms of the sentences that have it.

        A term of the space has its own again: with the eigenvectors V of X'X and their values,
        V = X'X V / values, and a row of X'X is the sum of the sentences that have the term.
        """
        scale = (self.weights * self.lengths)[:, np.newaxis] / self.values
        found: Floats = sums @ (self.directions * scale)
        return unit_rows_of(found)

    def places(self, patterns: Iterable[str]) -> dict[str, Ints]:
        """The terms that each pattern of one word matches, by the rules of the terms."""
        known = SortedTerms(self.terms)
        parsed = parse_patterns(list(patterns), text_rules(self.rules))
        found = {}
        for pattern in parsed:
            if " " in pattern.source:
                raise LexiconError(
                    f"{pattern.source!r} is a phrase; only single words have a place here."
                )
            whole = [glob for end, glob, _ in pattern.tokens[0] if end == len(pattern.words)]
            found[pattern.source] = known.match(whole[0]) if whole else np.zeros(0, np.int64)
        return found


def unit_rows_of(vectors: Floats) -> Floats:
    """The rows with a length of 1; of 0, where they are as good as 0."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Floats = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 1e-12)
    return found


def word_space(
    articles: Batches, unit: Unit, dimensions: int, weighting: Weighting, rules: TermRules,
    min_count: int, seed: int,
) -> tuple[WordSpace, Sentences]:  # fmt: skip
    """Learn a space from articles: the right singular vectors of the sentences by terms.

    With X the counts of terms in sentences, the matrix is X ("count"), or each column of X by the
    root of its squares' sum ("equal").
    """
    if weighting not in get_args(Weighting):
        allowed = ", ".join(get_args(Weighting))
        raise CountsError(f"weighting={weighting!r} is unknown; allowed are {allowed}.")
    if not isinstance(dimensions, int) or dimensions < 1:
        raise CountsError(f"dimensions={dimensions!r}: it must be a whole number of at least 1.")
    found = read_sentences(articles, unit, rules, min_count)
    if not len(found.terms):
        raise CountsError(
            f"min_count={min_count}: no term occurs so often in {found.articles} articles; a scale "
            "is learnt from thousands of sentences."
        )
    squares = found.squares()
    sentences = int(np.count_nonzero(np.diff(found.bounds)))
    weights = np.ones(len(squares)) if weighting == "count" else 1 / np.sqrt(squares)
    product = found.product(None if weighting == "count" else weights)
    # With as many dimensions as there are terms no two of them would be alike.
    most = max(len(found.terms) // 4, 2)
    values, vectors = leading_vectors(product, len(found.terms), min(dimensions, most), seed)
    note = f"dimensions={dimensions}: {most} are used, a quarter of the {len(found.terms)} terms"
    lengths = np.linalg.norm(vectors, axis=1)
    directions = unit_rows_of(vectors)
    whole = squares.sum() if weighting == "count" else len(squares)
    variance = float(values.sum() / whole)
    space = WordSpace(
        found.terms, found.n, found.n_docs, directions, lengths, values, weights, variance, rules,
        found.articles, sentences, note if most < dimensions else "",
    )  # fmt: skip
    return space, found
