"""Paired differences: two groups on the same events, and the events that only one of them has."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import columns_of, group_codes
from analysis.errors import CountsError
from analysis.measuring.frames.article_hits import ArticleHits
from analysis.measuring.intervals import ROUNDING, Floats, satterthwaite, t_quantile, two_sided_p

EVENT = "event"
Rows = NDArray[np.intp]
Pairs = Callable[[pd.DataFrame, Rows], tuple[Rows, Rows]]
SHARES = ("share_difference", "share_difference_low", "share_difference_high")


def paired(
    hits: ArticleHits, by: Sequence[str], within: Sequence[str], pairs: Pairs | None, level: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare groups event by event: the labels and the rest of the table of `compare_groups`.

    `hits` are those of each group and event; without `pairs`, each group is compared with all
    others together. In event e of n that both sides cover, with hits a_e and b_e of the two frames
    on the one side, c_e and d_e on the other, and N_e of all (Mantel and Haenszel 1959)::

        difference = ln(sum_e r_e / sum_e s_e),   r_e = a_e d_e / N_e,   s_e = b_e c_e / N_e

    (for rates, r_e and s_e are hits times the other side's tokens). Its error is the jackknife over
    the events, each left out in turn, without the factor (n - 1) / n. ``share`` and ``share_other``
    are means over the events, ``share_difference`` that of their differences, with Student's t.
    """
    known = hits.groups[EVENT].notna().to_numpy()
    groups, columns = hits.groups[known], [*within, *by]
    owner, labels = group_codes(groups, columns)
    event, _ = pd.factorize(groups[EVENT])
    shape = len(labels), int(event.max(initial=-1)) + 1
    a, b = (np.zeros(shape) for _ in "ab")
    a[owner, event] = hits.total(hits.a)[known]
    whole = groups["tokens"] if hits.of_tokens else hits.total(hits.a + hits.b)[known]
    b[owner, event] = whole - a[owner, event]
    cells, _ = group_codes(labels, within)
    if pairs is None:
        first = np.flatnonzero(np.bincount(cells)[cells] > 1)
        second = first
        rest = [np.flatnonzero((cells == cells[row]) & (first != row)) for row in first]
    else:
        first, second = pairs(labels, cells)
        rest = [np.array([row]) for row in second]
    if not len(first):
        raise CountsError(f"by={list(by)}, within={[*within, EVENT]}: there are no two groups.")
    rows = [
        _of_pair(
            a[one], b[one], a[others].sum(axis=0), b[others].sum(axis=0), hits.of_tokens, level
        )
        for one, others in zip(first, rest, strict=True)
    ]
    names = labels.iloc[first].reset_index(drop=True)
    for name in by if pairs is not None else ():
        names[f"{name}_other"] = labels[name].iloc[second].array
    return names, pd.DataFrame(rows)


def _of_pair(
    a: Floats, b: Floats, c: Floats, d: Floats, rate: bool, level: float
) -> dict[str, Any]:
    """A row of the table, from what two groups have in each event."""
    one, other = a + b > 0, c + d > 0
    both = one & other
    n = int(both.sum())
    row: dict[str, Any] = {"events": n, "events_alone": int((one & ~other).sum()),
                           "events_other_alone": int((other & ~one).sum())}  # fmt: skip
    row |= dict.fromkeys(("share", "share_other", "difference", "difference_low", "difference_high",
                          "t", "df", "p", "p_holm", "q", *SHARES), np.nan)  # fmt: skip
    if not n:
        return row | {"note": "no event with hits on both sides"}
    a, b, c, d = (side[both] for side in (a, b, c, d))
    share, share_other = a / (a + b), c / (c + d)
    apart = share - share_other
    row |= {"share": share.mean(), "share_other": share_other.mean(), SHARES[0]: apart.mean()}
    if n > 1 and apart.std() > ROUNDING:
        half = t_quantile(np.array([n - 1.0]), level)[0] * apart.std(ddof=1) / np.sqrt(n)
        row |= {SHARES[1]: apart.mean() - half, SHARES[2]: apart.mean() + half}
    size = a + b + c + d
    r, s = (a * (c + d) / size, c * (a + b) / size) if rate else (a * d / size, b * c / size)
    if not (r.sum() > 0 and s.sum() > 0):
        return row | {"note": "all events differ in one direction, or in none: no log odds"}
    row["difference"] = np.log(r.sum() / s.sum())
    if n < 2 or (r.sum() - r).min() <= 0 or (s.sum() - s).min() <= 0:
        return row | {"note": "it hangs on one event: no interval"}
    left = np.log((r.sum() - r) / (s.sum() - s))
    e = left - left.mean()
    squares = np.array([(e**2).sum()])
    if squares[0] < ROUNDING**2:
        return row | {"note": "no variation between events"}
    df = satterthwaite(np.zeros(1), squares, np.array([(e**4).sum()]), np.array([float(n)]))
    t = row["difference"] / np.sqrt(squares)
    half = t_quantile(df, level) * np.sqrt(squares)
    ends = row["difference"] + np.array([-1, 1]) * half[0]
    row |= {"difference_low": ends[0], "difference_high": ends[1], "t": t[0], "df": df[0]}
    return row | {"p": two_sided_p(t, df)[0], "note": ""}


def one_sided_events(
    counts: DocumentTerms | pd.DataFrame, by: str | Sequence[str] = "outlet"
) -> pd.DataFrame:
    """List the events that one group covers and another does not: selection is a finding, too.

    Parameters
    ----------
    counts : DocumentTerms or DataFrame
        Counts, or the articles, with the column ``event`` that `match_events` adds.
    by : str or sequence of str
        Columns that make the groups.

    Returns
    -------
    DataFrame
        One row for each event, each group that has articles on it and each that has none: ``*by,
        <by>_other`` (who has none), ``event, articles, first, last`` (day) and, where the articles
        have titles, ``title``, that of the first of them.

    Raises
    ------
    CountsError
        If there is no column ``event``, or one of `by`.

    Examples
    --------
    >>> articles = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"], "outlet": ["Gazette", "Herald", "Herald"],
    ...     "date": pd.to_datetime(["2021-03-01", "2021-03-02", "2021-03-02"]),
    ...     "event": ["a", "a", "c"],
    ... })
    >>> one_sided_events(articles)[["outlet", "outlet_other", "event", "articles"]]
       outlet outlet_other event  articles
    0  Herald      Gazette     c         1
    """
    by = columns_of(by)
    documents = counts.documents if isinstance(counts, DocumentTerms) else counts
    if lacking := [name for name in (*by, EVENT) if name not in documents]:
        raise CountsError(
            f"the articles have no column {lacking[0]!r}"
            + (": articles = match_events(articles) adds it, before you count."
               if lacking[0] == EVENT else f"; they have {', '.join(map(str, documents))}.")
        )  # fmt: skip
    articles = documents[documents[EVENT].notna()].drop_duplicates(["doc_id", *by])
    if "date" in articles:
        articles = articles.sort_values(["date", "doc_id"], kind="stable")
    group, labels = group_codes(articles, by)
    event, events = pd.factorize(articles[EVENT])
    has = np.zeros((len(labels), len(events)), bool)
    has[group, event] = True
    cell = group * len(events) + event
    articles_in = np.bincount(cell, minlength=has.size)
    first = (
        pd.Series(range(len(cell))).groupby(cell).agg(["first", "last"]).reindex(range(has.size))
    )
    found = []
    for one in range(len(labels)):
        for other in range(len(labels)):
            alone = np.flatnonzero(has[one] & ~has[other])
            at = one * len(events) + alone
            row: dict[str, Any] = {name: [labels[name].iloc[one]] * len(at) for name in by}
            row |= {f"{name}_other": [labels[name].iloc[other]] * len(at) for name in by}
            row |= {EVENT: list(events[alone]), "articles": articles_in[at].astype(np.int64)}
            places = first.iloc[at].astype("Int64")
            for name, column, place in (("first", "date", "first"), ("last", "date", "last"),
                                        ("title", "title", "first")):  # fmt: skip
                if column in articles:
                    row[name] = articles[column].iloc[places[place].to_numpy(np.intp)].to_numpy()
            found.append(pd.DataFrame(row))
    return pd.concat(found, ignore_index=True)
