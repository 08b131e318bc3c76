"""Events: articles of several outlets on the same news."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.articles import REQUIRED, check_table
from analysis.errors import ArticlesError
from analysis.executors import Where
from analysis.preparing.batches import Load, map_batches
from analysis.preparing.reprints import ReprintPlan, mark_reprints, plan_reprints
from analysis.preparing.shingles import Ints, hash_strings
from analysis.tokens import TermRules, count_tokens

# Terms are told apart by so many buckets of their hashes: a few share one, which does no harm.
BUCKETS = 1 << 20
# Terms of an article that are compared: those that weigh most.
MOST = 150
FEW = 20  # of fewer, the terms that an article alone has count for its length
# What a term weighs that every article has: nothing, but for corpora of a few articles.
LEAST = 0.1
NEAR = 0.4  # similarities below this part of the threshold count as none
AT_ONCE, CHUNK = 2000, 500  # articles that are counted, or compared, at a time

# The event of every article that has another's name.
EventPlan = dict[str, str]


def match_events(
    articles: pd.DataFrame, *, window: str = "3d", threshold: float = 0.15
) -> pd.DataFrame:
    """Find the articles of several outlets that are about the same news.

    An article is a vector with, for each term with tf occurrences in title and text, in df of N
    stories::

        (1 + ln tf) * (ln((1 + N) / (1 + df)) + 0.1)

    (the 150 largest entries, without terms that only one story has, scaled to length 1; of fewer
    than 20 entries such terms count for the length), and the similarity of two is their cosine.
    From the most similar pair of two outlets on, two events become one if the mean similarity of
    their articles is at least `threshold` and all were published within `window`.

    Parameters
    ----------
    articles : DataFrame
        The articles table, in any order. Articles with the same ``cluster`` are one story, matched
        once, by its earliest copy; without that column, `find_reprints` makes it.
    window : str
        The days within which all articles of an event were published, such as ``"3d"``.
    threshold : float
        Above 0 and at most 1. Look at the pairs near it with `similar_articles`.

    Returns
    -------
    DataFrame
        A copy with ``event``: the ``doc_id`` of the earliest article on it, which may be the
        article's own. Articles whose day is not known are matched with none.

    Raises
    ------
    ArticlesError
        If a column is missing, or an argument out of range.

    Examples
    --------
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"], "outlet": ["Gazette", "Herald", "Herald"],
    ...     "date": pd.to_datetime(["2021-03-01", "2021-03-02", "2021-03-02"]),
    ...     "text": ["Ministers signed the fishing treaty.", "Fishing treaty signed at last.",
    ...              "Snow closed the northern roads."],
    ... })
    >>> match_events(articles)["event"].tolist()
    ['a', 'a', 'c']
    """
    plan = plan_events(_slices(articles), window=window, threshold=threshold)
    return mark_events(articles, plan)


def _slices(articles: pd.DataFrame) -> list[pd.DataFrame]:
    """A table in parts, whose counts take less memory than those of all at once."""
    articles = check_table(articles, *REQUIRED, "date")
    return [articles[at : at + AT_ONCE] for at in range(0, max(len(articles), 1), AT_ONCE)]


def mark_events(articles: pd.DataFrame, plan: EventPlan) -> pd.DataFrame:
    """Add ``event`` to a batch of the corpus that `plan_events` read."""
    articles = check_table(articles, "doc_id")
    doc_ids = articles["doc_id"].astype("str")
    return articles.assign(event=doc_ids.map(plan).astype("str").fillna(doc_ids))


def plan_events(
    parts: Iterable[Any], load: Load = None, executor: Where = None, *, window: str = "3d",
    threshold: float = 0.15,
) -> EventPlan:  # fmt: skip
    """Find the events of a corpus that comes in parts; `mark_events` then marks a batch.

    The parameters are those of `plan_reprints`, and the result is the same for any cut of the
    corpus into parts, and any order of them. What stays in memory is 150 numbers a story.
    """
    days = _days(window)
    if not 0 < threshold <= 1:
        raise ArticlesError(f"threshold={threshold!r} must be above 0 and at most 1.")
    corpus, stories, vectors = _vectors(list(parts), load, executor)
    if stories.empty:
        return {}
    day, outlet = stories["day"].to_numpy(), stories["outlet"].to_numpy()
    pairs, similar = _within(vectors, day, days, NEAR * threshold)
    event = _joined(pairs, similar, day, outlet, days, threshold)
    # The stories are in order of time.
    names = stories["doc_id"].to_numpy()[event]
    known = dict(zip(stories["cluster"], names, strict=True))
    event_of = corpus["cluster"].map(lambda story: known.get(story, story))
    other = event_of != corpus["doc_id"]
    return dict(zip(corpus["doc_id"][other], event_of[other], strict=True))


def similar_articles(articles: pd.DataFrame, *, window: str = "3d", most: int = 5) -> pd.DataFrame:
    """List the articles of other outlets that are most like each article, as `match_events` does.

    Returns
    -------
    DataFrame
        ``doc_id, other, rank, similarity, outlet, other_outlet, days`` (from the article to the
        other), the `most` similar first. Of the copies of a story only the earliest is there.

    Examples
    --------
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b"], "outlet": ["Gazette", "Herald"],
    ...     "date": pd.to_datetime(["2021-03-01", "2021-03-02"]),
    ...     "text": ["Ministers signed the fishing treaty.", "Fishing treaty signed at last."],
    ... })
    >>> similar_articles(articles)[["doc_id", "other", "rank", "days"]]
      doc_id other  rank  days
    0      a     b     1     1
    1      b     a     1    -1
    """
    if most < 1:
        raise ArticlesError(f"most={most!r} must be at least 1.")
    days = _days(window)
    _, stories, vectors = _vectors(_slices(articles), None, None)
    day, outlet = stories["day"].to_numpy(), stories["outlet"].to_numpy()
    pairs, similar = _within(vectors, day, days, 0.0)
    one, other = np.concatenate([pairs, pairs[:, ::-1]]).T
    table = pd.DataFrame({"one": one, "other": other, "similarity": np.tile(similar, 2)})
    table = table[outlet[one] != outlet[other]]
    table = table.sort_values(["one", "similarity", "other"], ascending=[True, False, True])
    table["rank"] = table.groupby("one").cumcount() + 1
    table = table[table["rank"] <= most].reset_index(drop=True)
    one, other = table["one"].to_numpy(), table["other"].to_numpy()
    ids, names = stories["doc_id"].to_numpy(), stories["name"].to_numpy()
    return pd.DataFrame({
        "doc_id": ids[one], "other": ids[other], "rank": table["rank"],
        "similarity": table["similarity"], "outlet": names[one], "other_outlet": names[other],
        "days": day[other] - day[one],
    })  # fmt: skip


def _days(window: str) -> int:
    found = re.fullmatch(r"(\d+)\s*(d|days?)?", str(window).strip(), re.IGNORECASE)
    if not found:
        raise ArticlesError(f'window={window!r}: it must be a number of days, such as "3d".')
    return int(found[1])


def _vectors(
    parts: list[Any], load: Load, executor: Where, first: Mapping[str, str] = {}
) -> tuple[pd.DataFrame, pd.DataFrame, sparse.csr_array]:
    """All articles; the stories that have a day, in order of time; and the vectors of these."""
    if not parts:
        return pd.DataFrame(), pd.DataFrame(), sparse.csr_array((0, BUCKETS), dtype=np.float32)
    if "cluster" not in (parts[0] if load is None else load(parts[0])):
        load = partial(_marked, load, plan_reprints(parts, load, executor))
    having, batches = np.zeros(BUCKETS, np.int64), []
    for part, (batch, found) in enumerate(
        map_batches(partial(_summary, first), [(part,) for part in parts], load, executor)
    ):
        having += found
        batches.append(batch.assign(part=part, row=np.arange(len(batch))))
    corpus = pd.concat(batches, ignore_index=True)
    stories = corpus.sort_values(["day", "doc_id"], kind="stable")
    # A cluster that none of its articles names gets the name of its first.
    named = stories.loc[stories["cluster"] == stories["doc_id"], "cluster"]
    others = stories[~stories["cluster"].isin(named)].drop_duplicates("cluster")
    if len(others):
        first = dict(zip(others["cluster"], others["doc_id"], strict=True))
        return _vectors(parts, load, executor, first)
    stories = stories[stories["day"].notna()].drop_duplicates("cluster")
    stories = stories.astype({"day": np.int64})
    n = int((corpus["doc_id"] == corpus["cluster"]).sum())
    # What one story alone has makes it like no other, and only as unlike as it is long.
    weights = np.where(having > 1, np.log((1 + n) / (1 + having)) + LEAST, 0.0).astype(np.float32)
    own = float(np.log((1 + n) / 2) + LEAST)
    wanted = [(parts[part], rows["row"].to_numpy(), weights, own)
              for part, rows in stories.groupby("part")]  # fmt: skip
    rows = map_batches(_weighed, wanted, load, executor)
    place = np.argsort(stories["part"].to_numpy(), kind="stable")
    vectors = sparse.vstack([sparse.csr_array((0, BUCKETS), dtype=np.float32), *rows], "csr")
    return corpus, stories.reset_index(drop=True), vectors[np.argsort(place, kind="stable")]


def _marked(load: Load, plan: ReprintPlan, part: Any) -> pd.DataFrame:
    return mark_reprints(part if load is None else load(part), plan)


def _summary(first: Mapping[str, str], articles: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """A row an article, and in how many stories each term is; `first` names clusters anew."""
    articles = check_table(articles, *REQUIRED, "date", "cluster")
    days = pd.to_datetime(articles["date"])
    last = pd.to_datetime(articles.get("date_end", days)).fillna(days)
    day = (days - pd.Timestamp(0)).dt.days.where(last == days)
    ids, cluster = articles["doc_id"].astype("str"), articles["cluster"].astype("object")
    blank = cluster.isna() | cluster.astype("str").str.strip().eq("")
    story = cluster.astype("str").where(~blank, ids).map(lambda name: first.get(name, name))
    table = pd.DataFrame({
        "doc_id": ids, "cluster": story, "outlet": hash_strings(articles["outlet"]),
        "name": articles["outlet"].astype("str"), "day": day,
    }).reset_index(drop=True)  # fmt: skip
    original = (table["doc_id"] == table["cluster"]).to_numpy()
    buckets = _bucketed(articles[original])
    return table, np.bincount(buckets.indices, minlength=BUCKETS).astype(np.int64)


def _bucketed(articles: pd.DataFrame) -> sparse.csr_array:
    """The occurrences of terms, by bucket, in titles and texts."""
    texts = articles["text"].astype("str")
    if "title" in articles:
        texts = articles["title"].fillna("").astype("str") + "\n" + texts
    terms, counts = count_tokens(texts.tolist(), TermRules())
    bucket = (hash_strings(terms) % np.uint64(BUCKETS)).astype(np.int64)
    found = sparse.csr_array((counts.data, bucket[counts.indices], counts.indptr),
                             (counts.shape[0], BUCKETS))  # fmt: skip
    found.sum_duplicates()
    return found


def _weighed(
    articles: pd.DataFrame, rows: Ints, weights: NDArray[np.float32], own: float
) -> sparse.csr_array:
    """The vectors of some articles of a batch; `own` is the weight of a term that one story has."""
    counts = _bucketed(articles.iloc[rows])
    often = (1 + np.log(counts.data)).astype(np.float32)
    values = often * weights[counts.indices]
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    order = np.lexsort((counts.indices, -values, row))
    kept = np.sort(order[(np.arange(len(order)) - counts.indptr[row] < MOST) & (values[order] > 0)])
    squared = np.bincount(row[kept], values[kept].astype(np.float64) ** 2, len(rows))
    # Of a few words, "the" may be all that another story has: then its own count for its length.
    alone = np.bincount(row, (often * own * (values == 0)).astype(np.float64) ** 2, len(rows))
    length = np.sqrt(squared + alone * (np.bincount(row[kept], minlength=len(rows)) < FEW))
    found = (values[kept] / length[row[kept]]).astype(np.float32)
    return sparse.csr_array((found, (row[kept], counts.indices[kept])), counts.shape)


def _within(
    vectors: sparse.csr_array, day: Ints, window: int, least: float
) -> tuple[Ints, NDArray[np.float64]]:
    """Pairs of stories, in order of time, published within the window, and how similar they are."""
    pairs, similar = [np.zeros((0, 2), np.int64)], [np.zeros(0)]
    ends = np.searchsorted(day, day + window, "right")
    for start in range(0, len(day), CHUNK):
        stop = min(start + CHUNK, len(day))
        near = (vectors[start:stop] @ vectors[start : ends[stop - 1]].T).tocoo()
        one, other = near.row + start, near.col + start
        keep = (one < other) & (other < ends[one]) & (near.data > least)
        pairs.append(np.column_stack([one[keep], other[keep]]).astype(np.int64))
        similar.append(near.data[keep].astype(np.float64))
    return np.concatenate(pairs), np.concatenate(similar)


def _joined(
    pairs: Ints, similar: NDArray[np.float64], day: Ints, outlet: NDArray[np.uint64], window: int,
    threshold: float,
) -> Ints:  # fmt: skip
    """The first story of the event of each: average linkage, from the most similar pair on."""
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -similar))
    # Two of one outlet come together by a third alone.
    first, second = outlet[pairs[order]].T
    links = pairs[order][(similar[order] >= threshold) & (first != second)]
    known = dict(zip(map(tuple, pairs.tolist()), similar.tolist(), strict=True))
    event, members = np.arange(len(day)), {n: [n] for n in range(len(day))}
    for one, other in links.tolist():
        first, second = sorted((int(event[one]), int(event[other])))
        if first == second:
            continue
        mine, theirs = members[first], members[second]
        span = day[[*mine, *theirs]]
        each = [known.get((min(a, b), max(a, b)), 0.0) for a in mine for b in theirs]
        if span.max() - span.min() <= window and sum(each) >= threshold * len(each):
            members[first] = mine + members.pop(second)
            event[theirs] = first
    return event
