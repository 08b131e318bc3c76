"""Paired differences: two groups on the same events, and the events that only one of them has."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import columns_of, group_codes, labelled, refuse_lists
from analysis.errors import CountsError
from analysis.measuring.comparing.pairs import Comparisons
from analysis.measuring.frames.article_hits import ArticleHits
from analysis.measuring.intervals import ROUNDING, Floats, satterthwaite, t_quantile, two_sided_p

EVENT = "event"
SHARES = ("share_difference", "share_difference_low", "share_difference_high")


def paired(
    hits: ArticleHits, columns: Sequence[str], choose: Callable[[pd.DataFrame], Comparisons],
    level: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Compare groups event by event: the labels and the rest of the table of `compare_groups`.

    `hits` are those of each group (by `columns`) and event. In event e of n that both sides cover,
    with hits a_e and b_e of the two frames on the one side, c_e and d_e on the other, and N_e in
    all (Mantel and Haenszel 1959)::

        difference = ln(sum_e r_e / sum_e s_e),   r_e = a_e d_e / N_e,   s_e = b_e c_e / N_e

    (for rates, r_e and s_e are hits times the other side's tokens). Its error is the jackknife over
    the events, each left out in turn, without the factor (n - 1) / n. ``share`` and ``share_other``
    are means over the events, ``share_difference`` that of their differences, with Student's t.
    """
    known = hits.groups[EVENT].notna().to_numpy()
    groups = hits.groups[known]
    owner, labels = group_codes(groups, columns)
    event, _ = pd.factorize(groups[EVENT])
    shape = len(labels), int(event.max(initial=-1)) + 1
    a, b = (np.zeros(shape) for _ in "ab")
    a[owner, event] = hits.total(hits.a)[known]
    rate = hits.measure == "rate"
    whole = groups["tokens"] if rate else hits.total(hits.a + hits.b)[known]
    b[owner, event] = whole - a[owner, event]
    chosen = choose(labels)
    rows = [
        _of_pair(a[one], b[one], a[others].sum(axis=0), b[others].sum(axis=0), rate, level)
        for one, others in zip(chosen.first, chosen.others, strict=True)
    ]
    return chosen.names, pd.DataFrame(rows)


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
    """List the events that one group covers and another does not.

    Parameters
    ----------
    counts : DocumentTerms or DataFrame
        Counts, or the articles, with the column ``event`` that `match_events` adds.
    by : str or sequence of str
        Columns that make the groups.

    Returns
    -------
    DataFrame
        One row for each event, each group with articles on it and each group without: ``*by,
        <by>_other`` (the group without), ``event, articles, first, last`` (days) and ``title``,
        that of the first article, if there are titles.

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
    refuse_lists(documents, [EVENT, *by], "by")
    articles = documents[documents[EVENT].notna()].drop_duplicates(["doc_id", *by])
    if "date" in articles:
        articles = articles.sort_values(["date", "doc_id"], kind="stable")
    group, labels = group_codes(articles, by)
    event, _ = pd.factorize(articles[EVENT])
    keys = ["group", "code"]
    rows = pd.DataFrame({"group": group, "code": event, EVENT: articles[EVENT].array})
    rows = rows.assign(**{name: articles[column].array for name, column in
                          (("first", "date"), ("last", "date"), ("title", "title"))
                          if column in articles})  # fmt: skip
    covered = rows.drop_duplicates(keys).set_index(keys)
    covered.insert(1, "articles", rows.groupby(keys).size())
    if "last" in rows:
        covered["last"] = rows.drop_duplicates(keys, keep="last").set_index(keys)["last"]
    covered = covered.reset_index()
    has = pd.MultiIndex.from_frame(covered[keys])
    pairs = covered.merge(pd.DataFrame({"other": range(len(labels))}), how="cross")
    pairs = pairs[~pd.MultiIndex.from_frame(pairs[["other", "code"]]).isin(has)]
    pairs = pairs.sort_values(["group", "other", "code"], ignore_index=True)
    names = {name: labels[name].iloc[pairs["group"]].array for name in by}
    others = {f"{name}_other": labels[name].iloc[pairs["other"]].array for name in by}
    both = labelled(pd.DataFrame(names), others)
    return labelled(both, pairs.drop(columns=["group", "other", "code"]))
