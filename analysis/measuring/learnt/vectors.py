"""Word vectors: the leading right singular vectors of a matrix of sentences by terms."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from analysis.measuring.intervals import Floats

Product = Callable[[Floats], Floats]
# Of so few terms X'X is made whole, and its eigenvectors are exact.
FEW = 1500
BLOCK = 32  # vectors that are multiplied at once
COLUMNS = 8  # of these in one loop: their part of the vectors stays in the processor's cache
TOLERANCE = 1e-5
ROUNDS = 50


def leading_vectors(
    product: Product, terms: int, dimensions: int, seed: int
) -> tuple[Floats, Floats]:
    """The largest eigenvalues of X'X, in order, and its eigenvectors, which are columns.

    `product` multiplies by X'X. A block Krylov space (Musco and Musco 2015, Advances in Neural
    Information Processing Systems 28) is restarted with its own best vectors until all have
    converged, so that the start, which `seed` draws, does not matter. Fewer are given where the
    matrix has a lower rank. Dense algebra runs on one thread: its sums depend on their number.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        if terms <= max(FEW, 2 * dimensions + 2 * BLOCK):
            values, vectors = np.linalg.eigh(product(np.eye(terms)))
            values, vectors = values[::-1], vectors[:, ::-1]
        else:
            values, vectors = _krylov(product, terms, dimensions, seed)
    rank = np.count_nonzero(values[:dimensions] > 1e-12 * max(values[0], 1e-300))
    return values[:rank], np.ascontiguousarray(vectors[:, :rank])


def _krylov(product: Product, terms: int, wanted: int, seed: int) -> tuple[Floats, Floats]:
    size = 2 * wanted + BLOCK - wanted % BLOCK
    kept = wanted + BLOCK
    basis = np.empty((terms, size + BLOCK))
    projected = np.zeros((size, size))  # X'X in the basis
    used = 0
    block = np.random.default_rng(seed).standard_normal((terms, BLOCK))
    for _ in range(ROUNDS):
        while used + BLOCK <= size:
            basis[:, used : used + BLOCK] = np.linalg.qr(block)[0]
            block = product(np.ascontiguousarray(basis[:, used : used + BLOCK]))
            end = used + BLOCK
            projected[:end, used:end] = _orthogonal(block, basis[:, :end])
            used = end
        above = np.triu(projected[:used, :used])
        values, turned = np.linalg.eigh(above + np.triu(above, 1).T)
        values, turned = values[::-1], turned[:, ::-1]
        # How far X'X moves each vector out of the space.
        left = np.linalg.norm(np.linalg.qr(block)[1] @ turned[used - BLOCK :, :wanted], axis=0)
        if (left <= TOLERANCE * values[0]).all():
            break
        _turn(basis, turned[:, :kept], used)
        projected[:] = 0.0
        projected[:kept, :kept] = np.diag(values[:kept])
        used = kept
    _turn(basis, turned[:, :wanted], used if used > kept else kept)
    # The vectors take the place of the basis, so that memory never holds both.
    for row in range(terms):
        basis.reshape(-1)[row * wanted : (row + 1) * wanted] = basis[row, :wanted]
    basis.resize((terms, wanted), refcheck=False)
    return values[:wanted], basis


def _orthogonal(block: Floats, basis: Floats) -> Floats:
    """Make a block orthogonal to the basis, in place; its coordinates in the basis."""
    coordinates: Floats = basis.T @ block
    block -= basis @ coordinates
    block -= basis @ (basis.T @ block)
    return coordinates


def _turn(basis: Floats, into: Floats, used: int, rows: int = 4096) -> None:
    """Put combinations of the basis in its place, some rows at a time."""
    for first in range(0, len(basis), rows):
        some = basis[first : first + rows]
        some[:, : into.shape[1]] = some[:, :used] @ into


def by_columns(add: Callable[[Floats, Floats], None]) -> Product:
    """A product of which each column is summed by itself, so that threads do not matter."""

    def one(columns: Floats) -> Floats:
        sums = np.zeros_like(columns)
        add(columns, sums)
        return sums

    def product(vectors: Floats) -> Floats:
        parts = [
            np.ascontiguousarray(vectors[:, first : first + COLUMNS])
            for first in range(0, vectors.shape[1], COLUMNS)
        ]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found: Floats = np.hstack(list(pool.map(one, parts)))
        return found

    return product
