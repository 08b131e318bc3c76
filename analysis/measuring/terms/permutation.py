"""A permutation test over articles: what chance alone would make of the same articles."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.measuring.intervals import Floats, Ints, check_whole

# Permutations drawn at once: bounds the memory, and must not change, or the draws would.
_BATCH = 128


def permutation_p(
    matrix: sparse.csr_array, tokens: Ints, target: NDArray[np.bool_], *, permutations: int = 999,
    seed: int = 0,
) -> Floats:  # fmt: skip
    """How often a random split of the articles separates the rates as far as the real one.

    .. math:: p = (1 + b) / (1 + B)

    of B splits, b of them as far apart by the log ratio with one hit added (Phipson and Smyth
    2010): an entry per term. `matrix` has the hits of articles (rows) by terms; `tokens` and
    `target` have an entry per article: its tokens, and whether it is one of the target.
    """
    check_whole("permutations", permutations, 1, "999 is usual")
    check_whole("seed", seed, 0, "0 is usual")
    by_term = sparse.csr_array(matrix.T)
    real = _split(by_term, tokens, target[:, np.newaxis].astype(np.int64))
    rng = np.random.default_rng(seed)
    reached = np.zeros(by_term.shape[0], np.int64)
    for start in range(0, permutations, _BATCH):
        sides = np.tile(target[:, np.newaxis], min(_BATCH, permutations - start))
        splits = rng.permuted(sides, axis=0).astype(np.int64)
        # Rounding must not make equal splits differ.
        reached += (_split(by_term, tokens, splits) >= real - 1e-9).sum(axis=1)
    return (1 + reached) / (1 + permutations)


def _split(by_term: sparse.csr_array, tokens: Ints, splits: NDArray[np.int64]) -> Floats:
    """How far each split (a column) separates the rates of each term (a row)."""
    hits, size, total = by_term @ splits, tokens @ splits, tokens.sum()
    rest = np.asarray(by_term.sum(axis=1))[:, np.newaxis] - hits
    ratio: Floats = np.log(hits / size + 1 / total) - np.log(rest / (total - size) + 1 / total)
    return np.abs(ratio)
