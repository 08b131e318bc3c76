"""Trends: how a stance score moves over time, and when it turned."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.grouping import columns_of, group_codes
from analysis.counting.units import at_first_time
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.series.clock import Clock
from analysis.measuring.comparing.series.course import cross_validated, sides_of
from analysis.measuring.comparing.series.known_dates import known_dates
from analysis.measuring.comparing.series.means import Between
from analysis.measuring.comparing.series.regression import clustered, missing
from analysis.measuring.comparing.series.turning_point import CALLED, INTERVAL_FROM, find_turns
from analysis.measuring.frames.article_hits import ArticleHits, Negated, article_hits, scored_counts
from analysis.measuring.frames.one_frame import Frames, Measure, OneFrame, with_frame
from analysis.measuring.frames.unit_rows import Counts
from analysis.measuring.intervals import Floats, check_whole
from analysis.measuring.multiple_tests import adjust_bh

COLUMNS = (
    "articles", "articles_hit", "first", "last", "slope", "slope_low", "slope_high", "slope_p",
    "turn", "turn_low", "turn_high", "share_before", "share_after", "change", "turn_p", "turn_q",
    "share_before_low", "share_before_high", "share_after_low", "share_after_high", "turns",
    "course", "drift_deviance", "turn_deviance", "note",
)  # fmt: skip
DATED = (
    "event", "date", "placebo", "articles_before", "articles_after", "level_change",
    "level_change_low", "level_change_high", "level_change_p", "slope_change", "slope_change_low",
    "slope_change_high", "slope_change_p", "placebo_p", "note",
)  # fmt: skip


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
    dates: Mapping[str, object] | None = None,
    each_turn: bool = False,
    negated: Negated = "apart",
    unit: str = "doc_id",
    weights: str | None = None,
    min_articles: int = 5,
    resamples: int = 999,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure how a score moves over time in each group, and find its turning point.

    The slope is that of a logistic regression of the hits on time, in log odds per year, with
    errors clustered by period: calendar months, or weeks in a series shorter than a year. The
    turning point is the time that separates the articles best, tested against simulated series in
    which articles of a period, and of neighbouring periods, are alike. It counts as a turn only if
    steps predict left-out periods better than a line (docs/method.md, Comparing).

    Parameters
    ----------
    counts, lexicon, contrast, by, negated, unit, weights, level
        As for `stance`; `by` without the time. Articles that share a `unit` (the reprints of a
        cluster) count once, at the time of the earliest of them in the group.
    time : str
        The column with the times: dates, or an ordered category such as ``period``. For a
        category the slope is per period, and the turning point is a period.
    frames, measure, at_least
        As for `compare_groups`. A prevalence or rate takes in articles without a hit: streamed
        counts need ``all_articles=True`` for a rate. Of means of weights, ``share_before`` and
        ``share_after`` are means, and ``slope`` and ``change`` differences of means.
    dates : mapping of name to date, optional
        Dates that were named before looking: the table is then that of the changes at these.
    each_turn : bool
        One row per turn, in the order of time, in place of one per group with its clearest.
    min_articles : int
        The fewest articles with hits on either side of a turning point.
    resamples, seed : int
        How many series to simulate for the p-value, and for the interval; and the seed, with which
        every group starts anew.

    Returns
    -------
    DataFrame
        One row per group: ``*by, articles, articles_hit, first, last`` (times of the articles with
        hits), ``slope, slope_low, slope_high, slope_p, turn`` (the first time after the clearest
        turn), ``turn_low, turn_high`` (missing below 50 articles), ``share_before, share_after,
        change`` (of log odds), ``turn_p, turn_q`` (Benjamini and Hochberg, over the table), the
        bounds of both shares, ``turns`` (their number), ``course, drift_deviance, turn_deviance``
        (cross-validated, less that of no change: the lower, the better) and ``note``, which also
        says how many articles without a time were left out. With frames there is a row for each
        group and frame, ``frame, measure`` come before ``articles``, and ``tests``, how many tests
        the table has, before ``note``.

        With `dates`, one row per group and date: ``*by, event, date, placebo, articles_before,
        articles_after, level_change, slope_change`` (log odds, and log odds per year) with
        ``_low, _high, _p``, ``placebo_p`` and ``note``; `placebo` rows are dates of no event.

    Raises
    ------
    CountsError
        If `time` is not a column of times, a date is invalid, or `resamples` or `min_articles` is
        too small.
    LexiconError
        If a frame is not in the lexicon, or both a contrast and frames are given.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, document_terms, trend
    >>> lexicon = Lexicon.from_dict({"pressure": ["sanction*"], "parley": ["talks"]})
    >>> texts = ["Sanctions, sanctions, talks."] * 10 + ["Talks, talks, sanctions."] * 10
    >>> dates = pd.date_range("2021-01-01", periods=20, freq="7D")
    >>> frame = pd.DataFrame({"text": texts, "date": dates, "doc_id": range(20)})
    >>> counts = document_terms(check_articles(frame.assign(outlet="Gazette")), lexicon=lexicon)
    >>> found = trend(counts, lexicon).round({"turn_p": 3})
    >>> found[["turn", "share_before", "share_after", "turn_p"]]
            turn  share_before  share_after  turn_p
    0 2021-03-12      0.666667     0.333333   0.002
    """
    by = columns_of(by)
    if not isinstance(time, str):
        raise CountsError(f"time={time!r}: give the name of one column, such as 'date'.")
    if dates is not None and not isinstance(dates, Mapping):
        raise CountsError(f"dates={dates!r}: map names to dates, {{'the strike': '2021-03-14'}}.")
    check_whole("min_articles", min_articles, 2, "it counts those on either side")
    check_whole("resamples", resamples, 19, "a test at 5% needs as many, and 999 is usual")
    check_whole("seed", seed, 0, "0 is usual")
    counted, scored = scored_counts(counts, lexicon, contrast, frames, measure, at_least)
    if unit != "doc_id":
        counted = at_first_time(counted, by, time, unit)
    options = {"min_articles": min_articles, "resamples": resamples, "seed": seed, "level": level}
    tables = []
    for one in scored:
        hits = article_hits(
            counted, one, (*by, time), negated=negated, unit=unit, weights=weights
        )  # fmt: skip
        if hits.measure == "rate" and not getattr(counted, "all_articles", True):
            raise CountsError(
                "trend of a rate needs counts per document (document_terms), or streamed ones that "
                "know the lengths of articles without a hit (all_articles=True)."
            )
        tables.append(_trends(hits, by, time, dates, each_turn, options))
    table = pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)
    if dates is None:
        p = table["turn_p"].to_numpy(np.float64)
        table["turn_q"] = adjust_bh(p)
        if "tests" in table:
            table["tests"] = np.count_nonzero(~np.isnan(p))
    return table


def _trends(
    hits: ArticleHits, by: Sequence[str], time: str, dates: Mapping[str, object] | None,
    each_turn: bool, options: dict[str, Any],
) -> pd.DataFrame:  # fmt: skip
    """The trend of one score; the index of each row is the number of its group."""
    clock = Clock.of(hits.groups[time])
    codes, groups = group_codes(hits.groups, by)
    articles = hits.groups["articles"].to_numpy()
    groups["articles"] = np.bincount(codes, articles, len(groups)).astype(np.int64)
    untimed = np.bincount(codes, articles * np.isnan(clock.values), len(groups)).astype(np.int64)

    series = list(_series(hits, clock, codes, len(groups)))
    ends = [Between.of(a, n) for _, a, n in series] if hits.measure == "mean" else []
    if ends:
        series = [(t, *end.sides(a, n)) for end, (t, a, n) in zip(ends, series, strict=True)]
    at = {name: clock.number(name, date) for name, date in (dates or {}).items()}
    owners, rows = list[int](), list[dict[str, Any]]()
    for number, (when, a, b) in enumerate(series):
        if dates is not None:
            found = list(known_dates(when, a, a + b, clock.blocks(when), at, clock.unit,
                                     min_articles=options["min_articles"],
                                     level=options["level"], linear=bool(ends)))  # fmt: skip
        else:
            found = _course(when, a, b, clock, linear=bool(ends), **options)
            found = sorted(found, key=lambda row: row["turn"]) if each_turn else found[:1]
        rows += ends[number].back(found) if ends else found
        owners += [number] * len(found)
    results = pd.DataFrame(rows, columns=COLUMNS if dates is None else DATED)
    results = clock.dated(results)
    if dates is None:
        results["articles"] = groups["articles"].to_numpy()[owners]
        whole = hits.measure == "mean" or not isinstance(hits.contrast, OneFrame)
        hit = [np.count_nonzero(a + b if whole else a) for _, a, b in series]
        results["articles_hit"] = np.array(hit, np.int64)[owners]
        without = np.array([f"{n} article(s) without {time}" if n else "" for n in untimed], object)
        notes = zip(results["note"], without[owners], strict=True)
        results["note"] = ["; ".join(filter(None, pair)) for pair in notes]
    keys = groups[[*by]].iloc[owners].reset_index(drop=True)
    return with_frame(keys, results, hits.contrast, tests=dates is None).set_axis(owners)


def _series(
    hits: ArticleHits, clock: Clock, codes: NDArray[np.intp], groups: int
) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Times and hits of each group's articles with hits, in order of time."""
    use = ~np.isnan(clock.values)[hits.group] & (hits.whole > 0)
    a, b = hits.a[use].astype(np.float64), hits.b[use].astype(np.float64)
    when, owner = clock.values[hits.group][use], codes[hits.group][use]
    order = np.lexsort((b, a, when, owner))
    ends = np.searchsorted(owner[order], np.arange(1, groups))
    for mine in np.split(order, ends)[:groups]:
        yield when[mine], a[mine], b[mine]


def _course(
    time: Floats, a: Floats, b: Floats, clock: Clock, *, linear: bool, **options: Any
) -> list[dict[str, Any]]:
    """The slope, and the turns from the clearest on, of one group: a row of the table each."""
    n, level, least = len(time), options["level"], options["min_articles"]
    row: dict[str, Any] = dict.fromkeys(COLUMNS, np.nan) | {"articles_hit": n, "note": ""}
    if n:
        row |= {"first": time[0], "last": time[-1]}
    blocks = clock.blocks(time)
    if n >= 4 and time[0] < time[-1]:
        x = np.column_stack([np.ones(n), (time - time.mean()) / (time[-1] - time[0])])
        fit = clustered(x, a, a + b, blocks, linear=linear)
        scale = clock.unit / (time[-1] - time[0])
        row |= fit.row("slope", 1, scale, level) if fit else missing("slope")
    row |= {"turns": 0, "course": "drift" if row["slope_p"] <= CALLED else "no change"}
    if n < 2 * least:
        row["course"] = None
        return [row | {"note": f"fewer than {2 * least} articles with hits"}]
    found = find_turns(time, a, a + b, blocks, **options)
    if not found:
        return [row | {"note": "no time separates the articles"}]
    called = sum(turn.p <= CALLED for turn in found)
    drift, steps = cross_validated(time, a, a + b, blocks, max(called, 1), least)
    row |= {"drift_deviance": drift, "turn_deviance": steps}
    notes = []
    if n < INTERVAL_FROM:
        notes.append(f"fewer than {INTERVAL_FROM} articles with hits: no interval of the turn")
    if called and drift <= steps:
        row["course"] = "drift"
        notes.append("a straight line fits as well as a turn")
    elif called:
        row |= {"turns": called, "course": "one turn" if called == 1 else "several turns"}
    row["note"] = "; ".join(notes)
    places = [turn.split for turn in found]
    sides = sides_of(a, b, blocks, sorted(places), level)
    return [
        row | {"turn": time[t.split], "turn_low": t.low, "turn_high": t.high, "turn_p": t.p}
        | sides[t.split]
        for t in found
    ]  # fmt: skip
