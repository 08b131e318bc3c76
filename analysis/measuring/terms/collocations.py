"""Collocations: the terms that occur near a word, within its sentences."""

import warnings
from collections.abc import Callable, Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.articles import REQUIRED, check_table
from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import group_codes, labelled, with_calendar
from analysis.counting.groups import GroupCounts, group_counts
from analysis.errors import CountsError
from analysis.formatting import counted
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import find_hits
from analysis.lexicons.patterns import listed, text_rules
from analysis.measuring.intervals import Floats, Ints, first_note
from analysis.measuring.rates import cells_at
from analysis.tokens import GAP_SENTENCE, TermRules, TokenStream, tokenize

# NLTK's measures, which are called on each contingency table, and those that it names otherwise.
Association = Literal["chi2", "phi2", "pmi", "mi_like", "t", "dice", "jaccard", "poisson_stirling"]
NLTK_NAMES = {"chi2": "chi_sq", "phi2": "phi_sq", "t": "student_t"}


def collocations(
    articles: pd.DataFrame,
    node: str | Sequence[str],
    by: str | Sequence[str] = (),
    *,
    window: int = 5,
    measures: Sequence[Association] = (),
    min_near: int = 3,
    stop_words: Sequence[str] = (),
) -> pd.DataFrame:
    r"""Find the terms that occur near a node word more often than elsewhere.

    A token is near if it is in the same sentence as a hit of the node and at most `window` tokens
    away; the node's own tokens do not count. The cells of the log-likelihood ratio (Evert 2008) are
    near or not, and the term or another; and (Rychly 2008)

    .. math:: logDice = 14 + \log_2 \frac{2 n_{near}}{n_{node} + n_{term}}

    Parameters
    ----------
    articles : DataFrame
        The articles table, with its texts.
    node : str or sequence of str
        Patterns as in a lexicon: ``"dialogue"``, ``"dialog*"``, ``["peace talks", "summit*"]``.
    by : str or sequence of str
        Columns that make the groups; by default one group of everything.
    window : int
        Tokens on either side.
    measures : sequence of str
        Further columns, NLTK's for the same cells: ``chi2, phi2, pmi, mi_like, t, dice, jaccard,
        poisson_stirling``. Their margin of the node is all tokens near it (``dice`` is
        2 n_near / (tokens near + n_term)), while ``log_dice`` takes n_node.
    min_near : int
        Terms that occur near the node less often are left out.
    stop_words : sequence of str
        Terms to leave out, such as ``tokens.STOP_WORDS["english"]``.

    Returns
    -------
    DataFrame
        One row per group and term, groups in order and the closest term of each first (by
        ``log_likelihood``): the `by` columns, ``term, n_near, n_term`` (near or not), ``n_node``
        (hits of the node), ``docs_near`` (articles where the term occurs near it), ``expected``
        (n_near under independence), ``log_likelihood`` (negative below what is expected),
        ``log_dice``, a ``note`` where few articles are behind it, and the further measures.

    Raises
    ------
    ArticlesError
        If a column is missing.
    CountsError
        If the node never occurs, or a measure or number is not allowed.

    Examples
    --------
    >>> from analysis import check_articles, collocations
    >>> text = "Calls for open dialogue grew. Open dialogue is near. They open the gate. It shut."
    >>> frame = pd.DataFrame([{"doc_id": 1, "outlet": "Gazette", "date": "2021-03-14"}])
    >>> table = collocations(check_articles(frame.assign(text=text)), "dialogue", min_near=2)
    >>> table[["term", "n_near", "n_term", "n_node"]]
       term  n_near  n_term  n_node
    0  open       2       3       2
    """
    unknown = [measure for measure in measures if measure not in get_args(Association)]
    if unknown or isinstance(measures, str):
        allowed = ", ".join(get_args(Association))
        raise CountsError(f"measures={measures!r}: give a list of some of {allowed}.")
    near, every = _counts(articles, node, window)
    grouped, total = group_counts(near, by), group_counts(every, by)
    code, _ = group_codes(with_calendar(near.documents, grouped.by), grouped.by)
    node_hits = np.bincount(code, near.documents["n_node"]).astype(np.int64)
    labels, table = _table(grouped, total, node_hits, max(min_near, 1), set(stop_words))
    margins = zip(table.pop("near"), table["n_term"], strict=True)
    tables = list(zip(table["n_near"], margins, table.pop("tokens"), strict=True))
    likelihood = np.array([_nltk("likelihood_ratio")(*values) for values in tables], np.float64)
    sign = np.where(table["n_near"] < table["expected"], -1.0, 1.0)
    table.insert(table.columns.get_loc("log_dice"), "log_likelihood", sign * likelihood)
    for measure in measures:
        function = _nltk(NLTK_NAMES.get(measure, measure))
        table[measure] = np.array([function(*values) for values in tables], np.float64)
    order = np.lexsort((-table["log_likelihood"].to_numpy(), table.pop("group").to_numpy()))
    return labelled(labels, table).iloc[order].reset_index(drop=True)


def near_terms(
    articles: pd.DataFrame, node: str | Sequence[str], *, window: int = 5
) -> DocumentTerms:
    """Deprecated: ``document_terms(articles, targets=..., window=...)`` counts windows.

    Those cross the ends of sentences (or are sentences) and hold the node itself, whose hits
    and those of any lexicon are counted; here neither is so. Parameters and errors are those of
    `collocations`.

    Examples
    --------
    >>> import warnings
    >>> frame = pd.DataFrame({"doc_id": [1], "outlet": ["Gazette"], "text": ["Peace talks fail."]})
    >>> with warnings.catch_warnings(action="ignore"):
    ...     near_terms(frame, "talks").counts.toarray()  # fail, peace, talks
    array([[1, 1, 0]])
    """
    text = (
        "near_terms goes: document_terms(articles, lexicon=..., targets={'node': [...]}, "
        "window=...).where(target='node') counts what is near, with the hits of any lexicon."
    )
    warnings.warn(text, FutureWarning, stacklevel=2)
    near, _ = _counts(articles, node, window)
    return near.subset((near.documents["n_tokens"] > 0).to_numpy())


def _counts(
    articles: pd.DataFrame, node: str | Sequence[str], window: int
) -> tuple[DocumentTerms, DocumentTerms]:
    """Counts of the tokens near the node, and of all tokens but the node's own."""
    articles = check_table(articles, *REQUIRED)
    if not isinstance(window, int) or window < 1:
        raise CountsError(f"window={window!r}: it must be a whole number of tokens, at least 1.")
    patterns = [node] if isinstance(node, str) else listed(node, "node")
    rules = TermRules()
    stream = tokenize(articles["text"], text_rules(rules))
    hits = find_hits(stream, Lexicon.from_dict({"node": patterns}), rules)
    if not len(hits):
        raise CountsError(
            f"node={node!r} does not occur in {counted(len(articles), 'article')}. Patterns match "
            "whole terms: 'dialog*' finds dialogue and dialogues."
        )
    own, near = _near(stream, hits.first, hits.last, window)
    article = np.repeat(np.arange(len(articles)), np.diff(stream.bounds))
    documents = articles.drop(columns=["text", "title"], errors="ignore").reset_index(drop=True)
    documents["n_node"] = np.bincount(hits.article, minlength=len(articles))
    terms = pd.Index(pd.array(stream.terms, dtype="str"), name="term")

    def counts_of(chosen: NDArray[np.bool_]) -> DocumentTerms:
        places = (article[chosen], stream.ids[chosen])
        ones = np.ones(len(places[0]), np.int64)
        shape = (len(articles), len(terms))
        counts = sparse.coo_array((ones, places), shape=shape).tocsr()
        return DocumentTerms(documents.assign(n_tokens=counts.sum(axis=1)), terms, counts)

    return counts_of(near & ~own), counts_of(~own)


def _near(
    stream: TokenStream, first: Ints, last: Ints, window: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which tokens are the node's own, and which are within the window of one."""
    n = len(stream.ids)
    begins = stream.gaps == GAP_SENTENCE
    begins[stream.bounds[:-1][stream.bounds[:-1] < n]] = True
    sentence = np.cumsum(begins)
    start = np.searchsorted(sentence, sentence[first], side="left")
    stop = np.searchsorted(sentence, sentence[last], side="right")
    own = _covered(first, last + 1, n)
    return own, _covered(np.maximum(first - window, start), np.minimum(last + window + 1, stop), n)


def _covered(start: Ints, stop: Ints, n: int) -> NDArray[np.bool_]:
    steps = np.bincount(start, minlength=n + 1) - np.bincount(stop, minlength=n + 1)
    return np.cumsum(steps)[:n] > 0


def _table(
    near: GroupCounts, total: GroupCounts, node_hits: Ints, least: int, left_out: set[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contingencies of every group and term that occurs near the node often enough; its labels."""
    cells = near.n.tocoo()
    group, term = (coordinate.astype(np.int64) for coordinate in cells.coords)
    wanted = (cells.data >= least) & ~near.terms.isin(list(left_out))[term]
    group, term, n_near = group[wanted], term[wanted], cells.data[wanted]
    n_term, docs = cells_at(total, group, term).n, cells_at(near, group, term).n_docs
    window = near.groups["tokens"].to_numpy(np.int64)[group]
    tokens = total.groups["tokens"].to_numpy(np.int64)[group]
    notes = {"one article has all of it": docs == 1, "fewer than 5 articles have it": docs < 5}
    dice: Floats = 14 + np.log2(2 * n_near / (node_hits[group] + n_term))
    labels_of = near.groups[list(near.by)].iloc[group].reset_index(drop=True)
    results = {
        "term": near.terms[term], "n_near": n_near, "n_term": n_term, "n_node": node_hits[group],
        "docs_near": docs, "expected": window * n_term / tokens, "log_dice": dice,
        "note": first_note(notes).astype("str"), "near": window, "tokens": tokens,
        "group": group,
    }  # fmt: skip
    return labels_of, pd.DataFrame(results)


def _nltk(name: str) -> Callable[..., float]:
    from nltk.metrics.association import BigramAssocMeasures

    function: Callable[..., float] = getattr(BigramAssocMeasures, name)

    def measure(*margins: object) -> float:
        try:
            return function(*margins)
        except (ZeroDivisionError, ValueError):  # a margin of nought
            return np.nan

    return measure
