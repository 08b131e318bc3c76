"""The document-term matrix with its documents and terms, in memory and as a feature bundle."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.articles import REQUIRED, check_table
from analysis.counting.checking import (
    HIT_COLUMNS,
    check_ids,
    check_lengths,
    check_weights,
    checked_matrix,
    needed_columns,
    refuse_columns,
    sorted_terms,
    sums_of_tokens,
    whole_numbers,
)
from analysis.counting.languages import Languages, languages_of, other_languages, warn_of_languages
from analysis.counting.saving import load_documents, save_documents
from analysis.counting.selection import rows_with
from analysis.counting.targets import Shared, TargetLexicon, Targets, Window, count_near
from analysis.errors import ArticlesError, CountsError
from analysis.formatting import counted
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.lexicons.matching import count_hits, find_hits
from analysis.tokens import TermRules, count_and_tokenize, count_tokens


def _no_hits() -> pd.DataFrame:
    return pd.DataFrame(
        {"frame": pd.Series(dtype="str"), "pattern": pd.Series(dtype="str"),
         "match": pd.Series(dtype="str"), "negated": pd.Series(dtype="bool")}
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class DocumentTerms:
    """Counts of terms, and of a lexicon's hits, in each document.

    Attributes
    ----------
    documents : DataFrame, one row a document
        The articles' columns without their texts and titles, and ``n_tokens``. A document is an
        article, or a part of one (one of its voices): rows that share a ``doc_id`` are one unit
        of evidence.
    terms : Index of str, sorted
    counts : csr_array of int64, documents by terms
    hit_types : DataFrame, one row a kind of hit: ``frame, pattern, match, negated``
        `match` is the folded term or phrase that the frame's pattern matched. With a lexicon of
        weights there is ``weight``, too: that of the pattern.
    hits : csr_array of int64, documents by hit types
    rules : TermRules
    lexicon : str
        Name, version and fingerprint of the lexicon whose hits these are, or empty.
    targets : str
        The same of the targets that hits are near, and the window; or empty.

    Raises
    ------
    CountsError
        If a term, id or count is missing, a term is there twice, a count is not a whole number of
        at least 0, or counts or hits exceed ``n_tokens``. Terms in another order are sorted.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import check_articles, document_terms
    >>> frame = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["Gazette", "Herald"],
    ...                       "date": "2021-03-14", "text": ["Talks, talks.", "No talks."]})
    >>> counts = document_terms(check_articles(frame))
    >>> counts
    DocumentTerms: 2 documents, 2 terms, 4 tokens
    >>> counts.terms.tolist(), counts.counts.toarray().tolist()
    (['no', 'talks'], [[0, 2], [1, 1]])
    """

    documents: pd.DataFrame
    terms: pd.Index
    counts: sparse.csr_array
    hit_types: pd.DataFrame = field(default_factory=_no_hits)
    hits: sparse.csr_array = None  # none of any type, if not given
    rules: TermRules = TermRules()
    lexicon: str = ""
    targets: str = ""

    def __post_init__(self) -> None:
        documents, types = self.documents, self.hit_types
        needed_columns(documents, "documents", ("doc_id", "n_tokens"))
        check_ids(documents, "documents")
        lengths = whole_numbers(documents["n_tokens"], "documents: column 'n_tokens'")
        counts = checked_matrix(self.counts, "counts", len(documents), len(self.terms), "terms")
        terms, counts = sorted_terms(self.terms, counts)
        hits = self.hits
        if hits is None:
            hits = sparse.csr_array((len(documents), len(types)), dtype=np.int64)
        needed_columns(types, "hits", HIT_COLUMNS)
        if len(types) and types["negated"].dtype != bool:
            raise CountsError(
                f"hits: column 'negated' is {types['negated'].dtype}; True or False is allowed."
            )
        check_weights(types, "hits")
        hits = checked_matrix(hits, "hits", len(documents), len(types), "hit types")
        # A hit near a target may have tokens near another, or none: its article has room for it.
        owner = pd.factorize(documents["doc_id"])[0] if self.targets else None
        check_lengths(lengths, terms, counts, types["frame"], hits, self.rules, owner)
        for name, value in (("terms", terms), ("counts", counts), ("hits", hits)):
            object.__setattr__(self, name, value)

    def save(self, folder: str | Path, *, keep: Sequence[str] = ()) -> Path:
        """Write a feature bundle, without texts: see :mod:`analysis.counting.saving`.

        The columns ``text`` and ``title`` are left out, and so are others that hold running text,
        such as abstracts: strings of more than 8 words on average, or of more than 30 in one row.
        A warning names these.

        Parameters
        ----------
        folder : path
            Made where it is missing. Each file is written atomically.
        keep : sequence of str
            Columns to be saved although they look like running text.

        Raises
        ------
        OutputError
            If it can't be written.
        """
        return save_documents(folder, **vars(self), keep=keep)

    @classmethod
    def load(cls, folder: str | Path) -> "DocumentTerms":
        """Read a feature bundle: see :mod:`analysis.counting.saving`.

        CountsError, if the folder lacks one of the bundle's files, was written in a newer form, is
        damaged, or holds what counts can't be, names the file and the column.
        """
        return load_documents(folder, cls)

    def assign(self, **columns: object) -> "DocumentTerms":
        """Add columns to the documents, as ``DataFrame.assign`` does.

        Examples
        --------
        >>> from analysis import add_period, check_articles, document_terms
        >>> frame = pd.DataFrame({"doc_id": [1], "outlet": "Gazette", "text": "Talks."})
        >>> counts = document_terms(check_articles(frame.assign(date="2021-03-14")))
        >>> counts = counts.assign(period=lambda d: add_period(d, "month")["period"])
        >>> counts.documents["period"].tolist()
        ['2021-03']
        """
        return replace(self, documents=self.documents.assign(**columns))

    def where(self, **columns: object) -> "DocumentTerms":
        """Keep the documents whose columns have these values (or one of a list of them).

        Terms and hit types stay.

        Raises
        ------
        CountsError
            If there is no such column, or no document has such a value.

        Examples
        --------
        >>> from analysis import check_articles, document_terms
        >>> frame = pd.DataFrame({"doc_id": [1, 2], "outlet": ["Gazette", "Herald"], "text": "No."})
        >>> counts = document_terms(check_articles(frame.assign(date="2021-03-14")))
        >>> counts.where(outlet=["Gazette", "Courier"])
        DocumentTerms: 1 document, 1 term, 1 token
        """
        return self.subset(rows_with(self.documents, columns, "where", CountsError))

    def subset(self, keep: np.ndarray) -> "DocumentTerms":
        """Keep the documents that a boolean array marks; terms and hit types stay."""
        rows = np.flatnonzero(keep)
        documents = self.documents.iloc[rows].reset_index(drop=True)
        return self.derived(documents=documents, counts=self.counts[rows], hits=self.hits[rows])

    def derived(self, **fields: object) -> "DocumentTerms":
        """Another with these fields, which come from fields that were checked, and fit."""
        other = copy(self)
        for name, value in fields.items():
            object.__setattr__(other, name, value)
        return other

    def __repr__(self) -> str:
        return (
            f"DocumentTerms: {counted(len(self.documents), 'document')}, "
            f"{counted(len(self.terms), 'term')}, "
            f"{counted(int(self.documents['n_tokens'].sum()), 'token')}"
        )


def document_terms(
    articles: pd.DataFrame,
    *,
    lexicon: Lexicon | str | Path | None = None,
    targets: TargetLexicon | None = None,
    window: Window = 10,
    shared: Shared = "all",
    rules: TermRules = TermRules(),
) -> DocumentTerms:
    """Count the terms of every article, and the hits of a lexicon.

    With `targets`, both are counted by whom they are near, so that ``by`` may name "target" in
    every statistic: an article counts once in the group of each target that it mentions.

    Parameters
    ----------
    articles : DataFrame
        The articles table.
    lexicon : Lexicon, or the path or shipped name of one, optional
        Its hits are counted beside the terms, each under its frame, pattern and match, those
        after a negator apart. They are found in the unchanged text: stemming and stop words
        change the terms, not the hits. One in several languages is matched by the language of each
        article: its column ``language``, which is told where it is missing (`add_language`). A
        warning counts the articles in languages that the lexicon is not made for.
    targets : mapping of name to patterns, Lexicon, or the path or shipped name of one, optional
        ``{"Russia": ["russia*", "kremlin"], "NATO": ["nato"]}``. A hit belongs to each target that
        has a mention near it; its negators may stand anywhere in the text.
    window : int, "sentence" or "paragraph"
        How near: as many tokens to either side, across the ends of sentences, or in the same
        sentence, or the same paragraph (line). The whole hit must be within.
    shared : {"all", "nearest"}
        Whether what is near several targets belongs to all of them, or to the nearest.
    rules : TermRules
        How words become terms.

    Returns
    -------
    DocumentTerms
        With `targets`, documents have a ``target``, and ``n_tokens`` counts the tokens within its
        windows; what is near no target is in rows without one. What is near several is in a row of
        each, whose ``targets`` are all their names; in a group that several of these rows are in
        it counts once.

    Raises
    ------
    ArticlesError
        If the table lacks a column, or articles of several outlets or days have one ``doc_id``.
    LexiconError
        If there is no such lexicon, or it is malformed.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import Lexicon, check_articles
    >>> row = {"doc_id": "a", "outlet": "Gazette", "date": "2021-03-14",
    ...        "text": "Talks, more talks and no dialogue."}
    >>> lexicon = Lexicon.from_dict({"dialogue": ["dialogue*", "talks"]}, negators=["no"])
    >>> counts = document_terms(check_articles(pd.DataFrame([row])), lexicon=lexicon)
    >>> counts.hit_types.assign(n=counts.hits.toarray()[0])
          frame    pattern     match  negated  n
    0  dialogue  dialogue*  dialogue     True  1
    1  dialogue      talks     talks    False  2
    """
    known = None if lexicon is None else as_lexicon(lexicon)
    counts, others = count_documents(articles, known, rules, Targets.of(targets, window, shared))
    warn_of_languages(known, *others)
    return counts


def count_documents(
    articles: pd.DataFrame,
    lexicon: Lexicon | None,
    rules: TermRules,
    targets: Targets | None = None,
    *,
    ordered: bool = True,
) -> tuple[DocumentTerms, Languages]:
    """What `document_terms` gives, the terms `ordered` or not; and `other_languages`."""
    if not isinstance(rules, TermRules):
        raise CountsError(f"rules={rules!r}: give TermRules(...), such as TermRules(ngrams=2).")
    articles = check_table(articles, *REQUIRED)
    check_ids(articles, "the articles table", ArticlesError)
    label = "" if lexicon is None else lexicon.label
    if targets is not None:
        fields, others = count_near(articles, lexicon, rules, targets)
        return DocumentTerms(*fields, rules=rules, lexicon=label, targets=targets.label), others
    if lexicon is None:
        terms, counts = count_tokens(articles["text"], rules, ordered=ordered)
    else:
        terms, counts, stream = count_and_tokenize(articles["text"], rules, ordered=ordered)
        if (languages := languages_of(articles, lexicon)) is not None:
            articles = articles.assign(language=languages)
    documents = articles.drop(columns=["text", "title"], errors="ignore").reset_index(drop=True)
    # Tokens that were counted before are counted anew.
    refuse_columns(documents.select_dtypes(exclude="number"), ["n_tokens"])
    documents = documents.assign(n_tokens=sums_of_tokens(terms, counts, rules))
    needed_columns(documents, "documents", ("doc_id",))
    hit_types, hits = _no_hits(), sparse.csr_array((len(documents), 0), dtype=np.int64)
    if lexicon is not None:
        hit_types, hits = count_hits(stream, find_hits(stream, lexicon, rules, languages))
    # Made here, they fit one another, and need not be checked.
    made = object.__new__(DocumentTerms).derived(
        documents=documents, terms=terms, counts=counts, hit_types=hit_types, hits=hits,
        rules=rules, lexicon=label)  # fmt: skip
    return made, other_languages(articles, lexicon, terms, counts)
