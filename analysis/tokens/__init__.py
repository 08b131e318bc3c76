"""Text to integer-coded tokens, and the folding of their vocabulary.

A token is a maximal run of letters (Unicode category L), numbers (N) and the marks (M) that
follow them; an apostrophe (' ’ ʼ) or a hyphen (- ‐ ‑) between two runs joins them. Soft hyphens,
zero-width spaces, direction marks and whatever else Unicode calls default-ignorable are invisible:
the text is read as if they were not there. So ``Kyiv’s``, ``co-operation`` and ``15th`` are tokens;
a dash, an underscore and a symbol separate tokens. Scripts that write no spaces between words
(Chinese, Japanese, Thai, Lao, Khmer, Burmese) must be segmented first: their sentences would
each come out as one long token.

A sentence ends at a line break, and at ``. ! ? …`` (and their like in other scripts), with or
without closing quotes and brackets, before white space. A full stop after a single letter or
after an abbreviation such as "Gen." (`stop_words.ABBREVIATIONS`) does not end one.

The modules: ``unicode_tables`` (the kind of every character), ``kernel`` (compiled: text to
string ids), ``folding`` (strings to terms), ``vocabulary`` (the two together), ``texts`` (columns
and lists to Arrow), ``stop_words``. Numba is imported when texts are first tokenized.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.tokens.rules import TermRules as TermRules
from analysis.tokens.rules import fold as fold
from analysis.tokens.stop_words import STOP_WORDS as STOP_WORDS

# What stands between a token and the one before it in the same article.
GAP_SPACE, GAP_PUNCTUATION, GAP_SENTENCE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class TokenStream:
    """Tokens of many texts, in order, as integers.

    Attributes
    ----------
    terms : ndarray of str, sorted
        The folded vocabulary; the empty string where the rules leave a token out.
    ids : int32 array, one entry a token
        Positions in `terms`.
    bounds : int64 array of length texts + 1
        Tokens of text i are ``ids[bounds[i]:bounds[i + 1]]``.
    gaps : uint8 array, one entry a token
        What stands before the token: 0 space only (or the text's beginning), 1 punctuation,
        2 the end of a sentence or paragraph.
    starts, ends : int64 arrays, one entry a token, or None
        Where the token stands in its text, in characters; only on request.
    """

    terms: NDArray[np.object_]
    ids: NDArray[np.int32]
    bounds: NDArray[np.int64]
    gaps: NDArray[np.uint8]
    starts: NDArray[np.int64] | None = None
    ends: NDArray[np.int64] | None = None


def tokenize(
    texts: Iterable[str], rules: TermRules = TermRules(), *, offsets: bool = False
) -> TokenStream:
    """Find and fold the tokens of each text, in order.

    Parameters
    ----------
    texts : Series, list, Arrow array or other iterable of str
    rules : TermRules
        `ngrams` is not looked at: a stream has single terms.
    offsets : bool
        Also give where each token stands in its text.

    Raises
    ------
    ArticlesError
        If a text is missing or no string.

    Examples
    --------
    >>> stream = tokenize(["Gen. Smith’s troops moved. NATO met."])
    >>> stream.terms[stream.ids].tolist()
    ['gen', 'smith', 'troops', 'moved', 'nato', 'met']
    >>> stream.gaps.tolist()
    [0, 1, 0, 0, 2, 0]
    """
    from analysis.tokens.vocabulary import Vocabulary, one_block

    vocabulary = Vocabulary(rules)
    tokens = one_block(list(vocabulary.scan(texts, gaps=True, offsets=offsets)))
    targets = vocabulary.target
    if (targets < 0).any():
        targets = np.where(targets < 0, vocabulary.intern([""]), targets)
    terms, rank = vocabulary.sort(np.unique(targets))
    return TokenStream(
        terms=terms.to_numpy(zero_copy_only=False),
        ids=rank[targets][tokens.ids],
        bounds=tokens.bounds,
        gaps=np.asarray(tokens.gaps),
        starts=tokens.starts,
        ends=tokens.ends,
    )


def count_tokens(
    texts: Iterable[str], rules: TermRules = TermRules()
) -> tuple[pd.Index, sparse.csr_array]:
    """Count the terms of each text: the sorted terms, and an int64 matrix of texts by terms.

    Parameters
    ----------
    texts : Series, list, Arrow array or other iterable of str
    rules : TermRules

    Raises
    ------
    ArticlesError
        If a text is missing or no string.

    Examples
    --------
    >>> terms, counts = count_tokens(["Talks, talks.", "No talks"])
    >>> terms.tolist(), counts.toarray().tolist()
    (['no', 'talks'], [[0, 2], [1, 1]])
    """
    from analysis.tokens.vocabulary import Vocabulary, one_block

    vocabulary = Vocabulary(rules)
    blocks = vocabulary.scan(texts, gaps=rules.ngrams > 1)
    rows = one_block([vocabulary.count(tokens) for tokens in blocks])
    terms, rank = vocabulary.sort(vocabulary.counted())
    shape = (len(rows.indptr) - 1, len(terms))
    # As small as the terms, where they fit: SciPy would widen those otherwise.
    indptr = rows.indptr.astype(np.int32 if len(rows.terms) < 1 << 31 else np.int64)
    counts = sparse.csr_array((rows.counts.astype(np.int64), rank[rows.terms], indptr), shape)
    # There and back is the fastest way to sort each row by column.
    return pd.Index(pd.array(terms, dtype="str"), name="term"), counts.tocsc().tocsr()
