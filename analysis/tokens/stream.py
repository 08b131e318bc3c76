"""The tokens of many texts as integers, and the counts of their terms."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from analysis.tokens.characters import GAP_SENTENCE
from analysis.tokens.rules import TermRules
from analysis.tokens.texts import Rows, Tokens, one_block

Counted = tuple[pd.Index, sparse.csr_array]


@dataclass(frozen=True, eq=False)
class TokenStream:
    """Tokens of many texts, in order, as integers.

    Attributes
    ----------
    strings : Arrow array of str, sorted
        The folded vocabulary; the empty string where the rules leave a token out.
    terms : ndarray of str
        The same.
    ids : int32 array, one entry a token
        Positions in `terms`.
    bounds : int64 array of length texts + 1
        Tokens of text i are ``ids[bounds[i]:bounds[i + 1]]``.
    gaps : uint8 array, one entry a token
        What precedes the token: 0 space only (or the text's beginning), 2 the end of a sentence
        or paragraph, or a sum of marks (GAP_ in ``characters``): 1 punctuation, 4 full stop, ...
    starts, ends : int64 arrays, one entry a token, or None
        The token's place in its text, in characters; only on request.
    """

    strings: pa.LargeStringArray
    ids: NDArray[np.int32]
    bounds: NDArray[np.int64]
    gaps: NDArray[np.uint8]
    starts: NDArray[np.int64] | None = None
    ends: NDArray[np.int64] | None = None

    @cached_property
    def terms(self) -> NDArray[np.object_]:
        """The vocabulary as Python's strings."""
        found: NDArray[np.object_] = self.strings.to_numpy(zero_copy_only=False)
        return found

    def begins(self, *, of_texts: bool = False) -> NDArray[np.bool_]:
        """Whether each token begins a sentence; or, `of_texts`, a text."""
        begins = (self.gaps & GAP_SENTENCE > 0) & (not of_texts)
        begins[self.bounds[:-1][np.diff(self.bounds) > 0]] = True
        return begins


def tokenize(
    texts: Iterable[str], rules: TermRules = TermRules(), *, offsets: bool = False
) -> TokenStream:
    """Find and fold the tokens of each text, in order.

    Parameters
    ----------
    texts : Series, list, Arrow array or other iterable of str
    rules : TermRules
        `ngrams` is ignored: a stream has single terms.
    offsets : bool
        Also give the place of each token in its text.

    Raises
    ------
    ArticlesError
        If a text is missing or not a string.

    Examples
    --------
    >>> stream = tokenize(["Gen. Smith’s troops moved. NATO met."])
    >>> stream.terms[stream.ids].tolist()
    ['gen', 'smith', 'troops', 'moved', 'nato', 'met']
    >>> stream.gaps.tolist()
    [0, 4, 0, 0, 2, 0]
    """
    from analysis.tokens.vocabulary import Vocabulary

    vocabulary = Vocabulary(rules)
    blocks = list(vocabulary.scan(texts, gaps=True, offsets=offsets))
    targets = vocabulary.target
    if (targets < 0).any():
        targets = np.where(targets < 0, vocabulary.intern([""]), targets)
    return _stream(blocks, targets, *vocabulary.sort(_used(blocks, targets)))


def count_tokens(
    texts: Iterable[str], rules: TermRules = TermRules(), *, ordered: bool = True
) -> tuple[pd.Index, sparse.csr_array]:
    """Count the terms of each text: the sorted terms, and an int64 matrix of texts by terms.

    Parameters and errors are those of `tokenize`; `ngrams` is heeded. Without `ordered`, which
    takes time, the terms of a text are in no order.

    Examples
    --------
    >>> terms, counts = count_tokens(["Talks, talks.", "No talks"])
    >>> terms.tolist(), counts.toarray().tolist()
    (['no', 'talks'], [[0, 2], [1, 1]])
    """
    from analysis.tokens.vocabulary import Vocabulary

    vocabulary = Vocabulary(rules)
    blocks = vocabulary.scan(texts, gaps=rules.ngrams > 1)
    rows = [vocabulary.count(tokens) for tokens in blocks]
    return _matrix(rows, *vocabulary.sort(vocabulary.counted()), ordered)


def count_and_tokenize(
    texts: Iterable[str], rules: TermRules = TermRules(), *, ordered: bool = True
) -> tuple[pd.Index, sparse.csr_array, TokenStream]:
    """What `count_tokens` gives, and the stream of normalized tokens, from one pass over the texts.

    The stream has every token: none is stemmed or left out in it.

    Examples
    --------
    >>> terms, counts, stream = count_and_tokenize(["Talks began"], TermRules(stem="english"))
    >>> terms.tolist(), stream.terms[stream.ids].tolist()
    (['began', 'talk'], ['talks', 'began'])
    """
    from analysis.tokens.vocabulary import Vocabulary

    vocabulary = Vocabulary(rules)
    blocks, rows = list[Tokens](), list[Rows]()
    for tokens in vocabulary.scan(texts, gaps=True):
        blocks.append(tokens)
        rows.append(vocabulary.count(tokens))
    found = vocabulary.sort(vocabulary.counted())
    terms, counts = _matrix(rows, *found, ordered)
    if not rules.only_spelling or rules.ngrams > 1:
        found = vocabulary.sort(_used(blocks, vocabulary.words))
    return terms, counts, _stream(blocks, vocabulary.words, *found)


def tokenize_to_count(
    texts: Iterable[str], rules: TermRules = TermRules()
) -> tuple[TokenStream, Callable[[NDArray[np.int64], NDArray[np.int64]], Counted]]:
    """The stream of `count_and_tokenize`, and a function that counts the terms of its pieces.

    Piece k has the tokens ``places[bounds[k]:bounds[k + 1]]`` of the stream; no n-gram crosses a
    gap between them.
    """
    from analysis.tokens.vocabulary import Vocabulary

    vocabulary = Vocabulary(rules)
    tokens = one_block(list(vocabulary.scan(texts, gaps=True)))
    stream = _stream(
        [tokens], vocabulary.words, *vocabulary.sort(_used([tokens], vocabulary.words))
    )

    def count(places: NDArray[np.int64], bounds: NDArray[np.int64]) -> Counted:
        gaps = stream.gaps[places]
        gaps[1:][np.diff(places) != 1] = GAP_SENTENCE
        rows = vocabulary.count(tokens._replace(ids=tokens.ids[places], bounds=bounds, gaps=gaps))
        return _matrix([rows], *vocabulary.sort(vocabulary.counted()), True)

    return stream, count


def _used(blocks: list[Tokens], targets: NDArray[np.int32]) -> NDArray[np.int32]:
    """The terms that tokens have: folding makes strings that no token has."""
    used = np.zeros(int(targets.max(initial=-1)) + 1, bool)
    for block in blocks:
        used[targets[block.ids]] = True
    return np.flatnonzero(used).astype(np.int32)


def _stream(
    blocks: list[Tokens], targets: NDArray[np.int32], terms: pa.Array, rank: NDArray[np.int32]
) -> TokenStream:
    places = rank[targets]
    tokens = one_block([block._replace(ids=places[block.ids]) for block in blocks])
    return TokenStream(terms, **tokens._asdict())


def _matrix(
    blocks: list[Rows], terms: pa.Array, rank: NDArray[np.int32], ordered: bool
) -> tuple[pd.Index, sparse.csr_array]:
    rows = one_block(blocks)
    shape = (len(rows.indptr) - 1, len(terms))
    # As small as the terms, where they fit: SciPy would widen those otherwise.
    indptr = rows.indptr.astype(np.int32 if len(rows.terms) < 1 << 31 else np.int64)
    counts = sparse.csr_array((rows.counts.astype(np.int64), rank[rows.terms], indptr), shape)
    if ordered:
        # There and back is the fastest way to sort each row by column.
        counts = counts.tocsc().tocsr()
    return pd.Index(pd.array(terms, dtype="str"), name="term"), counts
