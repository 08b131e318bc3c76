"""Trends: how a stance score moves over time, and when it turned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.counting.grouping import columns_of, group_codes, labelled, with_calendar
from analysis.counting.groups import GroupCounts, check_documents
from analysis.counting.units import unit_of_articles
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.turning_point import find_turn
from analysis.measuring.frames.article_hits import (
    ArticleHits,
    Negated,
    article_hits,
    scored_counts,
)
from analysis.measuring.frames.one_frame import Frames, Measure, OneFrame
from analysis.measuring.frames.unit_rows import Counts
from analysis.measuring.intervals import Floats, log_odds, t_quantile, two_sided_p
from analysis.measuring.multiple_tests import adjust_bh

COLUMNS = (
    "articles", "articles_hit", "first", "last", "slope", "slope_low", "slope_high", "slope_p",
    "turn", "turn_low", "turn_high", "share_before", "share_after", "change", "turn_p", "turn_q",
    "note",
)  # fmt: skip
TIMES = ("first", "last", "turn", "turn_low", "turn_high")


def trend(
    counts: Counts,
    lexicon: Lexicon | str | Path,
    contrast: Sequence[str] | None = None,
    by: str | Sequence[str] = (),
    *,
    time: str = "date",
    frames: Frames = None,
    measure: Measure | None = None,
    at_least: int = 1,
    negated: Negated = "apart",
    unit: str = "doc_id",
    weights: str | None = None,
    min_articles: int = 5,
    resamples: int = 999,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure how a score of frames moves over time in each group, and find its turning point.

    The slope is that of a logistic regression of the hits (a_d of a_d + b_d) on time, in log odds
    per year; its standard error is the jackknife over articles (one step, HC3), with Student's t
    of n - 2 degrees of freedom for n articles with hits.

    The turning point is the time that separates the articles best; `find_turn` has the formula. Its
    p-value is the share of random orders of the same articles that can be separated as well, which
    is valid however the hits are distributed. Its interval holds the middle 95% of the turning
    points of resampled articles. The shares before and after it are somewhat too far apart, as
    the time was chosen to separate them.

    Parameters
    ----------
    counts, lexicon, contrast, by, negated, unit, weights, level
        As for `stance`; `by` without the time. Articles that share a `unit` (the reprints of a
        cluster) count once, at the time of the earliest of them in the group.
    time : str
        The column with the times: dates, or an ordered category such as ``period``. For a
        category the slope is per period, and the turning point is a period.
    frames, measure, at_least
        As for `compare_groups`: frames one by one, in place of a contrast. For a prevalence or rate
        every article is one of the series; streamed counts know no lengths for the rate.
    min_articles : int
        The least number of articles with hits on either side of a turning point.
    resamples, seed : int
        Random orders for the p-value, and as many resamples for the interval. Each group starts
        from the seed, so that its result does not depend on which other groups there are.

    Returns
    -------
    DataFrame
        One row per group: ``*by, articles, articles_hit, first, last`` (times of the articles with
        hits), ``slope, slope_low, slope_high, slope_p, turn`` (the first time after the turn),
        ``turn_low, turn_high, share_before, share_after, change`` (of log odds), ``turn_p,
        turn_q`` (Benjamini and Hochberg, over the table's groups) and ``note``. Articles without
        a time are left out, and ``note`` says how many. With frames a row is one of each group and
        frame, ``frame, measure`` before ``articles``, and ``tests`` before ``note`` counts the
        tests, over all frames, that ``turn_q`` is adjusted for.

    Raises
    ------
    CountsError
        If `time` is not a column of times, or too few resamples or articles are asked for.
    LexiconError
        If a frame is not there, or a contrast is asked for beside frames.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, document_terms, trend
    >>> lexicon = Lexicon.from_dict({"pressure": ["sanction*"], "parley": ["talks"]})
    >>> texts = ["Sanctions, sanctions, talks."] * 10 + ["Talks, talks, sanctions."] * 10
    >>> dates = pd.date_range("2021-01-01", periods=20, freq="7D")
    >>> frame = pd.DataFrame({"text": texts, "date": dates, "doc_id": range(20)})
    >>> counts = document_terms(check_articles(frame.assign(outlet="Gazette")), lexicon=lexicon)
    >>> trend(counts, lexicon)[["turn", "share_before", "share_after", "turn_p"]]
            turn  share_before  share_after  turn_p
    0 2021-03-12      0.666667     0.333333   0.002
    """
    by = columns_of(by)
    if min_articles < 2:
        raise CountsError(f"min_articles={min_articles}: there must be at least 2 on either side.")
    if resamples < 19:
        raise CountsError(f"resamples={resamples}: 5% needs at least 19; 999 is usual.")
    counted, scored = scored_counts(counts, lexicon, contrast, frames, measure, at_least)
    if unit != "doc_id":
        counted = _at_first_time(counted, by, time, unit)
    tables = []
    for one in scored:
        hits = article_hits(
            counted, one, (*by, time), negated=negated, unit=unit, weights=weights
        )  # fmt: skip
        if hits.of_tokens:
            check_documents(counted, "trend of a rate")
        tables.append(_trends(hits, by, time, min_articles, resamples, seed, level))
    table = pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)
    p = table["turn_p"].to_numpy(np.float64)
    table["turn_q"] = adjust_bh(p)
    if "tests" in table:
        table["tests"] = np.count_nonzero(~np.isnan(p))
    return table


def _trends(
    hits: ArticleHits, by: Sequence[str], time: str, min_articles: int, resamples: int, seed: int,
    level: float,
) -> pd.DataFrame:  # fmt: skip
    """The trend of one score in each group."""
    clock = _clock(hits.groups[time])
    codes, groups = group_codes(hits.groups, by)
    articles = hits.groups["articles"].to_numpy()
    groups["articles"] = np.bincount(codes, articles, len(groups)).astype(np.int64)
    untimed = np.bincount(codes, articles * np.isnan(clock.values), len(groups)).astype(np.int64)

    rows, one_frame = [], isinstance(hits.contrast, OneFrame)
    for series, without in zip(_series(hits, clock, codes, len(groups)), untimed, strict=True):
        hit = np.count_nonzero(series[1]) if one_frame else len(series[0])
        row = {"articles_hit": hit, **_slope(*series, clock.unit, level)}
        row |= _turn(*series, min_articles, resamples, seed, level)
        reasons = [row["note"], f"{without} article(s) without {time}" if without else ""]
        rows.append(row | {"note": "; ".join(filter(None, map(str, reasons)))})
    results = pd.DataFrame(rows)
    for name in TIMES:
        results[name] = clock.labels(results[name])
    results = pd.concat([groups[["articles"]], results.assign(turn_q=np.nan)], axis=1)
    results = results[list(COLUMNS)]
    if isinstance(hits.contrast, OneFrame):
        about = {"frame": hits.contrast.frame, "measure": hits.contrast.measure}
        note = results.pop("note")
        results = pd.DataFrame(about, results.index).assign(**results, tests=0, note=note)
    return labelled(groups[list(by)], results)


def _at_first_time(counts: Counts, by: Sequence[str], time: str, unit: str) -> Counts:
    """Put all articles of a unit, within each group, at the time of the first of them."""
    if isinstance(counts, GroupCounts):
        return counts  # article_hits says what is wrong
    documents = with_calendar(counts.documents, (*by, time))
    if not {*by, time} <= {*documents}:
        return counts
    codes, _ = group_codes(documents, by)
    units = unit_of_articles(documents, unit).reindex(documents["doc_id"]).to_numpy()
    first = documents[time].groupby([codes, units]).transform("min")
    return counts.derived(documents=documents.assign(**{time: first}))


@dataclass(frozen=True, eq=False)
class Clock:
    """Times as numbers: days, or positions of periods; how many make a unit; and the way back."""

    values: Floats
    unit: float
    periods: pd.Index | None = None

    def labels(self, numbers: pd.Series) -> pd.Series | pd.Categorical:
        """Dates, or periods, of such numbers."""
        if self.periods is None:
            return pd.to_datetime(numbers, unit="D").astype("datetime64[s]")
        codes = numbers.fillna(-1).to_numpy(np.int64)
        return pd.Categorical.from_codes(codes, categories=self.periods, ordered=True)


def _series(
    hits: ArticleHits, clock: Clock, codes: NDArray[np.intp], groups: int
) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Times and hits of each group's articles with hits, in order of time."""
    use = ~np.isnan(clock.values)[hits.group] & (hits.a + hits.b > 0)
    a, b = hits.a[use].astype(np.float64), hits.b[use].astype(np.float64)
    when, owner = clock.values[hits.group][use], codes[hits.group][use]
    order = np.lexsort((b, a, when, owner))
    ends = np.searchsorted(owner[order], np.arange(1, groups))
    for mine in np.split(order, ends):
        yield when[mine], a[mine], b[mine]


def _clock(column: pd.Series) -> Clock:
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered:
        codes = column.cat.codes.to_numpy(np.float64)
        return Clock(np.where(codes < 0, np.nan, codes), 1.0, column.cat.categories)
    if pd.api.types.is_datetime64_any_dtype(column):
        days = (column - pd.Timestamp(0)) / pd.Timedelta(days=1)
        return Clock(days.to_numpy(np.float64), 365.25)
    raise CountsError(
        f"time={str(column.name)!r}: it holds {column.dtype}; it must hold dates, or an ordered "
        "category such as the period that add_period makes."
    )


def _slope(time: Floats, a: Floats, b: Floats, unit: float, level: float) -> dict[str, object]:
    """Logistic regression of the hits on time, with the jackknife's standard error."""
    names = ("slope", "slope_low", "slope_high", "slope_p")
    n = len(time)
    if n < 4 or time[0] == time[-1] or not (a.any() and b.any()):
        return dict.fromkeys(names, np.nan)
    scale = time[-1] - time[0]
    x = np.column_stack([np.ones(n), (time - time.mean()) / scale])
    total = a + b
    beta = np.array([np.log((a.sum() + 0.5) / (b.sum() + 0.5)), 0.0])
    for _ in range(50):
        p = special.expit(x @ beta)
        weight = total * p * (1 - p)
        information = x.T @ (x * weight[:, None])
        if np.linalg.cond(information) > 1e12:  # time separates the two frames completely
            return dict.fromkeys(names, np.nan)
        inverse = np.linalg.inv(information)
        step = inverse @ (x.T @ (a - total * p))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    leverage = weight * np.einsum("ni,ij,nj->n", x, inverse, x)
    left_out = (x @ inverse[1]) * (a - total * p) / np.maximum(1 - leverage, 1e-9)
    se = np.sqrt((n - 1) / n * (left_out**2).sum())
    if se < 1e-9:  # every article has the same share
        return dict.fromkeys(names, np.nan)
    df = np.array([n - 2.0])
    half = t_quantile(df, level)[0] * se
    bounds = np.array([beta[1], beta[1] - half, beta[1] + half]) * unit / scale
    return dict(zip(names, [*bounds, two_sided_p(beta[1] / se, df)[0]], strict=True))


def _turn(
    time: Floats, a: Floats, b: Floats, min_articles: int, resamples: int, seed: int, level: float
) -> dict[str, object]:
    n = len(time)
    row: dict[str, object] = dict.fromkeys(COLUMNS[2:4] + COLUMNS[8:15], np.nan)
    if n:
        row |= {"first": time[0], "last": time[-1]}
    if n < 2 * min_articles:
        return row | {"note": f"fewer than {2 * min_articles} articles with hits"}
    found = find_turn(
        time, a, b, min_articles=min_articles, resamples=resamples, seed=seed, level=level
    )
    if found is None:
        return row | {"note": "no time separates the articles"}
    sides = [0, found.split]
    x, y = np.add.reduceat(a, sides), np.add.reduceat(b, sides)
    return row | {
        "turn": time[found.split],
        "turn_low": found.low,
        "turn_high": found.high,
        "share_before": x[0] / (x + y)[0],
        "share_after": x[1] / (x + y)[1],
        "change": np.diff(log_odds(x, y))[0],
        "turn_p": found.p,
        "note": "",
    }
