"""Reprints: the same story in another article, of the same outlet or of another."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.articles import REQUIRED, check_table
from analysis.errors import ArticlesError
from analysis.preparing.shingles import Shingles, candidates, containments, shingles, weights_of

# Shorter texts have too few shingles to tell a reprint from a stock phrase.
MIN_WORDS = 25
# A template stands in an outlet's candidates of at least so many weeks. Versions of one story
# are published within days.
TEMPLATE_WEEKS = 3
# Candidates may fall this far short of the threshold in the sample of shingles.
SLACK = 0.25

# How agencies sign a story, beside their names in full.
ABBREVIATIONS = {
    "associated press": "AP",
    "agence france-presse": "AFP",
    "united press international": "UPI",
    "deutsche presse-agentur": "dpa",
    "press association": "PA",
}
CREDIT_HEAD, CREDIT_TAIL = 200, 400

Ints = NDArray[np.int64]


def find_reprints(articles: pd.DataFrame, *, threshold: float = 0.5) -> pd.DataFrame:
    """Find articles that are mostly the same text as another one.

    With ``S_i`` the shingles (runs of five words) of article i, weighted so that no paragraph
    counts as more than 150 words, and the containments ``c_ij = w(S_i & S_j) / w(S_i)``, article
    i is a reprint of j if j is the credited or the earlier one and::

        c_ij >= threshold  and  (c_ij + c_ji) / 2 >= threshold

    The first says that the copy has less of its own than of the original. The second is
    Kulczynski's coefficient. A short copy of a long story and a copy that an editor went over
    pass; a report that quotes half a speech, or a brief that quotes one paragraph, does not.

    Parameters
    ----------
    articles : DataFrame
        The articles table; its order does not matter. Find reprints before `clean_articles`, which
        cuts the credit lines that say whose story it is.
    threshold : float, optional
        Between 0 and 1. At .5, the default, what two articles share outweighs what is their own.
        Below about .45 follow-ups with the same background and articles that draw on the same
        agency come in as well.

    Returns
    -------
    DataFrame
        A copy with ``reprint_of``, the ``doc_id`` of the original (missing in originals and in
        articles without a reprint), and ``cluster``, the ``doc_id`` of the original or else the
        article's own: one value a story.

    Raises
    ------
    ArticlesError
        If a column is missing or the threshold is not above 0 and at most 1.

    Notes
    -----
    The original is the article whose outlet another one of the story names near its beginning or
    end (``(Reuters)``, ``First published by ...``); else the earliest, by ``date_end`` where the
    day is not known; else the first by ``doc_id``. Every reprint is compared with its original
    itself, so that a story that is rewritten from day to day does not become one long chain.

    Page shells and daily briefings are not reprints. A shingle that an outlet's look-alikes hold
    in three weeks or more is a template, and does not count unless it makes up more than three
    quarters of the article. Texts under 25 words are left alone.

    Candidates are articles that share enough of a sample of their shingles, one in four by hash
    [1]_; each is then compared in full. A shingle of more than 100 texts pairs only one of them
    with all others, so the time grows with the corpus and not with its square; a last round then
    compares each copy with the original of the text that it is like.

    References
    ----------
    .. [1] A. Z. Broder et al. (1997), Syntactic clustering of the Web, Computer Networks and ISDN
       Systems 29, 1157-1166.

    Examples
    --------
    >>> import pandas as pd
    >>> story = " ".join(f"word{i}" for i in range(60))
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"], "outlet": ["Gazette", "Herald", "Gazette"],
    ...     "date": pd.to_datetime(["2021-03-02", "2021-03-01", "2021-03-05"]),
    ...     "text": [story, story + " and a plea for money", "Nothing of note happened."],
    ... })
    >>> find_reprints(articles)[["doc_id", "reprint_of", "cluster"]]
      doc_id reprint_of cluster
    0      a          b       b
    1      b        NaN       b
    2      c        NaN       c
    """
    check_table(articles, *REQUIRED)
    if not 0 < threshold <= 1:
        raise ArticlesError(f"threshold={threshold!r} must be above 0 and at most 1.")
    texts = articles["text"].astype("str").tolist()
    sample = shingles(texts, sample=True)
    same_text = _same_text(sample)
    comparable = (sample.words >= MIN_WORDS) & (same_text == np.arange(len(texts)))
    pairs = candidates(sample, comparable, max(threshold - SLACK, threshold / 2))
    copies = _copies(articles, texts, pairs, threshold)
    original = _originals(articles, texts, same_text, copies)
    further = _one_hop_further(copies, original, same_text)
    if len(further):
        copies = np.concatenate([copies, _copies(articles, texts, further, threshold)])
        original = _originals(articles, texts, same_text, copies)

    doc_ids = articles["doc_id"].astype("str").to_numpy(dtype=object)
    reprint = original != np.arange(len(articles))
    return articles.assign(
        reprint_of=pd.Series(
            np.where(reprint, doc_ids[original], None), articles.index, dtype="str"
        ),
        cluster=pd.Series(doc_ids[original], articles.index, dtype="str"),
    )


def _same_text(sample: Shingles) -> Ints:
    """For each article, the first with the same words in the same order: its text's number."""
    _, first, inverse = np.unique(sample.digests, return_index=True, return_inverse=True)
    return np.where(sample.words < MIN_WORDS, np.arange(len(inverse)), first[inverse])


def _copies(articles: pd.DataFrame, texts: Sequence[str], pairs: Ints, threshold: float) -> Ints:
    """Of the pairs, in both directions, those whose first text may be a reprint of the second."""
    rows, local = np.unique(pairs, return_inverse=True)
    weights = _without_templates(weights_of([texts[row] for row in rows]), articles.iloc[rows])
    contained = containments(weights, local.reshape(pairs.shape))
    alike = contained.mean(axis=1) >= threshold
    there, back = ((contained[:, side] >= threshold) & alike for side in (0, 1))
    return np.concatenate([pairs[there], pairs[back][:, ::-1]])


def _one_hop_further(copies: Ints, original: Ints, same_text: Ints) -> Ints:
    """Pairs of texts that have not been compared: a text and the original of one like it."""
    near = np.column_stack([copies[:, 0], same_text[original[copies[:, 1]]]])
    near = near[near[:, 0] != near[:, 1]]
    near = np.unique(np.sort(near, axis=1), axis=0)
    known = {tuple(pair) for pair in np.sort(copies, axis=1).tolist()}
    new = [pair for pair in near.tolist() if tuple(pair) not in known]
    return np.array(new, np.int64).reshape(-1, 2)


def _without_templates(weights: sparse.csr_array, articles: pd.DataFrame) -> sparse.csr_array:
    """Take out what an outlet repeats over weeks, where a quarter of the article remains."""
    outlet = pd.factorize(articles["outlet"])[0]
    days = pd.to_datetime(articles["date"])
    week = (days - pd.Timestamp(0)).dt.days.floordiv(7).fillna(-1).astype(np.int64)
    weeks, week_of_outlet = np.unique(np.column_stack([outlet, week]), axis=0, return_inverse=True)
    present = (weights > 0).astype(np.int64)
    held = _group(week_of_outlet.ravel(), len(weeks)) @ present
    in_weeks = _group(weeks[:, 0], int(outlet.max(initial=-1)) + 1) @ (held > 0).astype(np.int64)
    repeated = _only(weights, outlet, sparse.csr_array(in_weeks >= TEMPLATE_WEEKS))
    totals = weights.sum(axis=1)
    enough = 4 * (totals - repeated.sum(axis=1)) >= totals
    keep = sparse.diags_array(enough.astype(np.int64), dtype=np.int64)
    return sparse.csr_array(weights - keep @ repeated)


def _only(weights: sparse.csr_array, outlet: Ints, template: sparse.csr_array) -> sparse.csr_array:
    """Of each article's weights, those of its outlet's templates.

    One outlet after the other: with a copy of its outlet's templates for every article, memory
    would grow with the product of the two.
    """
    marked, kept = np.zeros(weights.shape[1], bool), np.zeros(weights.nnz, bool)
    order = np.argsort(outlet)
    ends = np.searchsorted(outlet[order], np.arange(template.shape[0]), side="right")
    for code, rows in enumerate(np.split(order, ends[:-1]) if len(ends) else []):
        of_outlet = template.indices[template.indptr[code] : template.indptr[code + 1]]
        marked[of_outlet] = True
        for row in rows.tolist():
            entries = slice(weights.indptr[row], weights.indptr[row + 1])
            kept[entries] = marked[weights.indices[entries]]
        marked[of_outlet] = False
    return sparse.csr_array((weights.data * kept, weights.indices, weights.indptr), weights.shape)


def _group(codes: Ints, n: int) -> sparse.csr_array:
    """Groups by members, one where the member belongs to the group."""
    ones = np.ones(len(codes), np.int64)
    return sparse.csr_array((ones, (codes, np.arange(len(codes)))), shape=(n, len(codes)))


def _originals(articles: pd.DataFrame, texts: Sequence[str], same_text: Ints, copies: Ints) -> Ints:
    """For each article the row of its original, which may be itself.

    `copies` are pairs of texts: the first may be a reprint of the second.
    """
    holders: dict[int, list[int]] = {}
    for row, text in enumerate(same_text.tolist()):
        holders.setdefault(text, []).append(row)
    sources = {text: {text} for text, rows in holders.items() if len(rows) > 1}
    for copy, source in copies.tolist():
        sources.setdefault(copy, {copy}).add(source)
        sources.setdefault(source, {source})

    credited = _credited(articles["outlet"].astype("str").tolist(), texts, holders, sources)
    last_day = pd.to_datetime(articles["date"])
    if "date_end" in articles:
        last_day = pd.to_datetime(articles["date_end"]).fillna(last_day)
    days = last_day.fillna(pd.Timestamp.max.floor("D")).tolist()
    doc_ids = articles["doc_id"].astype("str").tolist()

    def rank(row: int) -> tuple[bool, pd.Timestamp, str]:
        return row not in credited, days[row], doc_ids[row]

    original = np.arange(len(articles))
    first_of_text: dict[int, int] = {}
    for row in sorted((row for text in sources for row in holders[text]), key=rank):
        text = int(same_text[row])
        found = [first_of_text[source] for source in sources[text] if source in first_of_text]
        if found:
            original[row] = min(found, key=rank)
        else:
            first_of_text[text] = row
    return original


def _credited(
    outlets: Sequence[str],
    texts: Sequence[str],
    holders: dict[int, list[int]],
    sources: dict[int, set[int]],
) -> set[int]:
    """Rows whose outlet another outlet's copy names near its beginning or end."""
    credited: set[int] = set()
    for text, found in sources.items():
        edges = {row: _edges(texts[row]) for row in holders[text]}
        for source in found:
            for name in {outlets[row] for row in holders[source]}:
                pattern = _credit_pattern(name)
                if any(outlets[row] != name and pattern.search(edges[row]) for row in edges):
                    credited.update(row for row in holders[source] if outlets[row] == name)
    return credited


def _edges(text: str) -> str:
    """Where credits stand: the beginning and the end."""
    text = text.strip()
    return text[:CREDIT_HEAD] + "\n" + text[CREDIT_HEAD:][-CREDIT_TAIL:]


@cache
def _credit_pattern(outlet: str) -> re.Pattern[str]:
    """The outlet's name, or the abbreviation that it signs with."""
    name = re.sub(r"^the\s+", "", outlet.strip(), flags=re.IGNORECASE)
    forms = [f"(?i:{re.escape(name)})"]
    if name.casefold() in ABBREVIATIONS:
        forms.append(ABBREVIATIONS[name.casefold()])
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")
