"""Reprints: the same story in another article, of the same outlet or of another."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.articles import REQUIRED, check_table
from analysis.errors import ArticlesError
from analysis.executors import Where
from analysis.preparing.batches import Load, map_batches
from analysis.preparing.shingles import Ints, Postings, Shingles, groups_of, hash_strings, shingles
from analysis.preparing.similar_texts import Version, candidates, containments, edges, originals

# Shorter texts have too few shingles to tell a reprint from a stock phrase.
MIN_WORDS = 25
# Candidates may fall this far short of the threshold in the sample of shingles.
SLACK = 0.25

# The doc_id of every reprint, and that of its original.
ReprintPlan = dict[str, str]


def find_reprints(articles: pd.DataFrame, *, threshold: float = 0.5) -> pd.DataFrame:
    """Find articles that are mostly the same text as another one.

    With ``S_i`` the shingles (runs of five words) of article i, and the containments ``c_ij = w(S_i
    & S_j) / w(S_i)``, article i is a reprint of j if j is the credited or the earlier one and::

        c_ij >= threshold  and  (c_ij + c_ji) / 2 >= threshold

    docs/rules.md says which one is the original, and what does not count.

    Parameters
    ----------
    articles : DataFrame
        The articles table; its order does not matter. Find reprints before `clean_articles`, which
        cuts the credit lines that say whose story it is.
    threshold : float, optional
        Above 0 and at most 1, or else ArticlesError, as for a missing column. At .5 what two
        articles share outweighs what is their own; below about .45 follow-ups and articles that
        draw on the same agency come in as well.

    Returns
    -------
    DataFrame
        A copy with ``reprint_of``, the ``doc_id`` of the original (missing if it is none), and
        ``cluster``, that of the original or else the article's own: one value a story.

    Examples
    --------
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
    articles = check_table(articles, *REQUIRED, "date")
    return mark_reprints(articles, plan_reprints([articles], threshold=threshold))


def mark_reprints(articles: pd.DataFrame, plan: ReprintPlan) -> pd.DataFrame:
    """Add ``reprint_of`` and ``cluster`` to a batch of the corpus that `plan_reprints` read."""
    articles = check_table(articles, *REQUIRED)
    doc_ids = articles["doc_id"].astype("str")
    reprint_of = doc_ids.map(plan).astype("str")
    return articles.assign(reprint_of=reprint_of, cluster=reprint_of.fillna(doc_ids))


def plan_reprints(
    parts: Iterable[Any], load: Load = None, executor: Where = None, *, threshold: float = 0.5
) -> ReprintPlan:
    """Find the reprints of a corpus that comes in parts; `mark_reprints` then marks a batch.

    The result is the same for any cut of the corpus into parts, in any order. `load` gives the
    batch of a part (without it, the parts are batches), on an `executor` as `map_parts` takes it.
    """
    if not 0 < threshold <= 1:
        raise ArticlesError(f"threshold={threshold!r} must be above 0 and at most 1.")
    parts = list(parts)
    if not parts:
        return {}
    sample, batches, n = Postings(), list[pd.DataFrame](), 0
    summaries = map_batches(_summary, [(part,) for part in parts], load, executor)
    for part, (articles, shingled) in enumerate(summaries):
        sample.add(shingled.hashes, shingled.rows + np.int32(n), shingled.weights)
        batches.append(articles.assign(part=part, row=np.arange(len(articles), dtype=np.int32)))
        n += len(articles)
    corpus = pd.concat(batches, ignore_index=True)
    texts = _same_text(corpus)
    comparable = (corpus["words"] >= MIN_WORDS).to_numpy() & (texts == np.arange(n))
    totals, digests = corpus["total"].to_numpy(), corpus["digest"].to_numpy()
    least = max(threshold - SLACK, threshold / 2)
    pairs = candidates(sample, comparable, totals, digests, least)
    del sample
    full, versions = _second_pass(parts, load, executor, corpus, texts, pairs)
    outlets, weeks = corpus["outlet"].to_numpy(), corpus["week"].to_numpy()

    def copies_among(pairs: Ints) -> Ints:
        """Pairs of texts, in both directions, of which the first may be a reprint of the second."""
        contained = containments(full, pairs, outlets, weeks)
        alike = contained.mean(axis=1) >= threshold
        there, back = ((contained[:, side] >= threshold) & alike for side in (0, 1))
        return np.concatenate([pairs[there], pairs[back][:, ::-1]])

    copies = copies_among(pairs)
    original = originals(versions, copies)
    further = _one_hop_further(copies, original, texts)
    if len(further):
        copies = np.concatenate([copies, copies_among(further)])
        original = originals(versions, copies)
    return {versions[row].doc_id: versions[first].doc_id for row, first in original.items()}


def _summary(articles: pd.DataFrame) -> tuple[pd.DataFrame, Shingles]:
    """A row of numbers an article, and a sample of shingles."""
    articles = check_table(articles, *REQUIRED, "date")
    sample = shingles(articles["text"].astype("str"), sample=True)
    first_day = pd.to_datetime(articles["date"])
    last_day = pd.to_datetime(articles.get("date_end", first_day)).fillna(first_day)
    first_day, last_day = ((day - pd.Timestamp(0)).dt.days for day in (first_day, last_day))
    numbers = {
        "id": hash_strings(articles["doc_id"]),
        "digest": sample.digests,
        "words": sample.words.astype(np.int32),
        "total": np.bincount(sample.rows, sample.weights, len(articles)).astype(np.int64),
        "outlet": hash_strings(articles["outlet"]),
        "week": first_day.floordiv(7).fillna(-1).to_numpy(np.int32),
        "last_day": last_day.fillna(np.iinfo(np.int32).max).to_numpy(np.int32),
    }
    return pd.DataFrame(numbers), sample


def _same_text(corpus: pd.DataFrame) -> Ints:
    """For each article, one with the same words in the same order: its text's number.

    The one is the same in any order of the articles.
    """
    order = np.lexsort((corpus["id"], corpus["digest"]))
    starts, text = groups_of(corpus["digest"].to_numpy()[order])
    numbers = np.arange(len(corpus))
    same = numbers.copy()
    same[order] = order[starts][text]
    return np.where(corpus["words"] < MIN_WORDS, numbers, same)


def _second_pass(
    parts: list[Any], load: Load, executor: Where, corpus: pd.DataFrame, texts: Ints, pairs: Ints
) -> tuple[Postings, dict[int, Version]]:
    """All shingles of the texts that are to be compared, and what tells which came first."""
    compared = np.zeros(len(corpus), bool)
    compared[pairs] = True
    known = corpus.assign(text=texts, compared=compared)
    known = known[compared | (np.bincount(texts, minlength=len(texts))[texts] > 1)]
    wanted = [(parts[part], rows) for part, rows in known.groupby("part", sort=True)]
    full, versions = Postings(), dict[int, Version]()
    results = map_batches(_versions, wanted, load, executor)
    for (_, rows), (found, shingled) in zip(wanted, results, strict=True):
        numbers = rows.index.to_numpy(np.int32)
        full.add(shingled.hashes, numbers[rows["compared"]][shingled.rows], shingled.weights)
        versions.update(zip(numbers.tolist(), found, strict=True))
    return full, versions


def _versions(articles: pd.DataFrame, rows: pd.DataFrame) -> tuple[list[Version], Shingles]:
    """What is asked of some articles of a batch, and the shingles of those to be compared."""
    taken = articles.iloc[rows["row"]]
    texts = taken["text"].astype("str").tolist()
    names = taken["doc_id"].astype("str"), taken["outlet"].astype("str")
    numbers = rows["last_day"].tolist(), rows["text"].tolist()
    compared = [text for text, asked in zip(texts, rows["compared"], strict=True) if asked]
    return list(map(Version, *names, *numbers, map(edges, texts))), shingles(compared)


def _one_hop_further(copies: Ints, original: dict[int, int], texts: Ints) -> Ints:
    """Pairs of texts that have not been compared: a text and the original of one like it."""
    first = np.array([original.get(row, row) for row in copies[:, 1].tolist()], np.int64)
    near = np.column_stack([copies[:, 0], texts[first]])
    near = near[near[:, 0] != near[:, 1]]
    known = set(map(tuple, np.sort(copies, axis=1).tolist()))
    new = set(map(tuple, np.sort(near, axis=1).tolist())) - known
    return np.array(sorted(new), np.int64).reshape(-1, 2)
