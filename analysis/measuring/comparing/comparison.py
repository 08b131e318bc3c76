"""Comparisons of groups: how far apart two stance scores are, and whether that could be chance."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.grouping import columns_of, group_codes, labelled
from analysis.counting.selection import rows_with
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.adjusting.adjusted import (
    adjusted_columns,
    articles_of,
)
from analysis.measuring.comparing.adjusting.paired import EVENT, paired
from analysis.measuring.comparing.rests import with_rests
from analysis.measuring.frames.article_hits import (
    ArticleHits,
    Negated,
    Scored,
    article_hits,
    scored_counts,
    sides_of_articles,
)
from analysis.measuring.frames.language_notes import warn_across_languages
from analysis.measuring.frames.one_frame import Frames, Measure, OneFrame
from analysis.measuring.frames.unit_rows import Counts
from analysis.measuring.multiple_tests import adjust_bh, adjust_holm
from analysis.measuring.welch import compared

Rows = NDArray[np.intp]


def compare_groups(
    counts: Counts,
    lexicon: Lexicon | str | Path,
    contrast: Sequence[str] | None = None,
    by: str | Sequence[str] = "outlet",
    *,
    against: str | Mapping[str, object] = "pairs",
    within: str | Sequence[str] = (),
    adjust: str | Sequence[str] = (),
    standardise: str | None = None,
    frames: Frames = None,
    measure: Measure | None = None,
    at_least: int = 1,
    negated: Negated = "apart",
    unit: str = "doc_id",
    weights: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare the log odds of groups with each other, of a contrast or of frames one by one.

    The difference over its standard error is Welch's t, with articles as the unit and what few of
    them hide made up for (HC3); articles in both groups, such as two voices of one, enter as a
    covariance (docs/method.md, Comparing).

    Parameters
    ----------
    counts, lexicon, contrast, negated, unit, weights, level
        As for `stance`.
    by : str or sequence of str
        Columns that make the groups to be compared.
    against : "pairs", "rest" or mapping of columns to values
        Compare every pair of groups; each group with all others together; or every other group with
        one, such as ``{"outlet": "Reuters"}``.
    within : str or sequence of str
        Columns such as ``period``: only groups with the same values of these are compared. A
        warning says where groups are in several languages: ``"language"`` keeps these apart. With
        ``"event"`` (see `match_events`) among them the comparison is a paired one, event by event,
        with the events as units (`adjusting.paired.paired` has the formula).
    adjust : str or sequence of str
        Columns in which the groups should be alike, such as ``["topic", "quarter", "n_tokens"]``: a
        value is a level, a number or date a straight line, and ``"spline(date)"`` or
        ``"spline(date, 6)"`` a natural cubic spline (of 4 degrees of freedom, unless said). Both
        sides of each comparison go into one model of their articles (statsmodels), logistic for a
        contrast, a share or a prevalence, log-linear for a rate, which then says what both would
        have with the same mix: that of the articles of both together (`standardised`).
    standardise : str, optional
        A column such as "language": in place of theta stands how far it is from that of all
        articles with the same value of the column (and of `within`), so that levels need not
        compare. The variances are sums of the squared changes of that distance when an article is
        left out. The column becomes the first of `by`.
    frames, at_least
        As for `prevalence`: frames to be compared one by one, in place of a contrast.
    measure : {"prevalence", "rate", "share", "mean"}, optional
        What of each frame (by default its prevalence, or mean if it has weights): theta is the log
        odds of an article to have it, with v = se^2 (Gart's: `intervals.log_odds_of_articles`), the
        log of its hits per token, the log odds of its hits against those of the other frames (of
        one frame alone, of all others of the lexicon), or the mean of its weights, as `scale` has
        it; then ``share`` and ``share_other`` are the means, and ``difference`` is theirs.

    Returns
    -------
    DataFrame
        One row per comparison: ``*within, *by, <by>_other`` (not against the rest), ``share,
        share_other, difference, difference_low, difference_high, t, df, p, p_holm, q, note``.
        ``difference`` is one of log odds: e to its power is an odds ratio. ``p_holm`` controls the
        chance of any false finding in the table (Holm 1979), ``q`` the expected share of false ones
        among the findings (Benjamini and Hochberg 1995). A comparison with a group whose own score
        has no interval has none either; one of fewer than 10 articles with ten times as many or
        more has no p, and its interval is too narrow. ``note`` says so. With frames there is a row
        for each comparison and frame, with ``frame, measure`` before ``share``, which is one of
        articles, tokens or hits, and ``tests`` before ``note``: for so many, over all frames,
        ``p_holm`` and ``q`` are adjusted.

        With `adjust`, before ``note``: ``share_low, share_high, share_other_low, share_other_high,
        share_difference, share_difference_low, share_difference_high``, then, each with
        ``adjusted_`` in front, the standardised ``share, share_other``, all of these again, and the
        ``difference`` (of the log odds or logs of the standardised shares or rates) to ``q``. Their
        errors are robust: ``errors`` is HC3 where each article is a unit of its own, CR2 where
        articles share one, both with Satterthwaite's degrees of freedom. ``left_out`` names the
        values that one side never covers, with their articles, which are left out; ``overlap`` is
        the share of the others in strata (all levels together) of both sides, and ``uncovered``
        names those of one side, of which the model says what other strata say; then
        ``articles_adjusted`` and, where there is no model, ``adjusting`` says why. Articles without
        a hit are no part of the mix of a contrast or share, to which they say nothing.

        With ``within="event"``, before ``share``: ``events`` that both sides cover, and those of
        one alone, ``events_alone, events_other_alone`` (`one_sided_events` lists them); after
        ``q``, ``share_difference, share_difference_low, share_difference_high``.

    Raises
    ------
    CountsError
        If there are fewer than two groups, or an argument is not one of the allowed values; if a
        covariate has one value, or if no pair can be adjusted: the hits are separated, covariates
        are collinear, or there are more parameters than a tenth of the articles.
    LexiconError
        If a frame is not there, or a contrast is asked for beside frames.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, compare_groups, document_terms
    >>> lexicon = Lexicon.from_dict({"pressure": ["sanction*"], "parley": ["talks"]})
    >>> texts = ["Sanctions, sanctions.", "Sanctions, talks.", "Talks, sanctions.", "Talks, talks."]
    >>> frame = pd.DataFrame({"text": texts * 5, "outlet": (["Gazette"] * 2 + ["Herald"] * 2) * 5})
    >>> frame = check_articles(frame.assign(doc_id=range(20), date="2021-03-14"))
    >>> table = compare_groups(document_terms(frame, lexicon=lexicon), lexicon)
    >>> table[["outlet", "outlet_other", "share", "share_other", "difference"]].round(2)
        outlet outlet_other  share  share_other  difference
    0  Gazette       Herald   0.75         0.25        2.07
    """
    by, within = columns_of(by), columns_of(within)
    if standardise is not None:
        if against == "rest" or adjust or EVENT in within:
            raise CountsError(
                f"standardise={standardise!r}: it sets each group against all articles like it "
                "already; leave out adjust, within='event' and against='rest'."
            )
        by = tuple(dict.fromkeys((standardise, *by)))
    columns = (*within, *by)
    counted, scored = scored_counts(counts, lexicon, contrast, frames, measure, at_least)
    if standardise is None:
        warn_across_languages(counted, by, within)
    options: dict[str, Any] = {"negated": negated, "unit": unit, "weights": weights}
    if adjust and EVENT in within:
        raise CountsError(
            f"adjust={adjust!r}, within={EVENT!r}: articles on the same event are alike already. "
            "Ask for one of the two."
        )
    if (adjust or EVENT in within) and any(one.measure == "mean" for one in scored
                                           if isinstance(one, OneFrame)):  # fmt: skip
        raise CountsError(
            f"adjust={adjust!r}, within={list(within)}: means of weights are compared as they are; "
            "leave out adjust= and 'event'."
        )
    articles = articles_of(counted, columns, adjust, unit, weights) if adjust else None
    tables = []
    for one in scored:
        score: Callable[[Counts], ArticleHits] = partial(
            article_hits, contrast=one, by=columns, **options
        )
        if EVENT in within:
            rest = isinstance(against, str) and against == "rest"
            others = [name for name in within if name != EVENT]
            pairs = None if rest else partial(_pairs, by=by, against=against)
            names, table = paired(score(counted), by, others, pairs, level)
            tables.append(labelled(names, _with_frame(table, one)))
            continue
        sides = partial(sides_of_articles, one, negated)
        beside = partial(adjusted_columns, articles, sides) if articles else None
        pool = None
        if standardise is not None:
            pool = partial(article_hits, contrast=one, by=(*within, standardise), **options)
        tables.append(_compared_by(score, counted, by, within, against, unit, level, beside, pool))
    table = pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)
    for prefix in ("", "adjusted_") if adjust else ("",):
        p = table[f"{prefix}p"].to_numpy()
        table[f"{prefix}p_holm"], table[f"{prefix}q"] = adjust_holm(p), adjust_bh(p)
    if "tests" in table:
        table["tests"] = np.count_nonzero(table["p"].notna())
    return table


def _compared_by(
    score: Callable[[Counts], ArticleHits],
    counted: Counts,
    by: Sequence[str],
    within: Sequence[str],
    against: str | Mapping[str, object],
    unit: str,
    level: float,
    beside: Callable[..., pd.DataFrame] | None,
    pool: Callable[[Counts], ArticleHits] | None,
) -> pd.DataFrame:
    """The comparisons of one score of each group, with what adjusting gives `beside` them."""
    hits, columns = score(counted), (*within, *by)
    cells, _ = group_codes(hits.groups, within)
    if isinstance(against, str) and against == "rest":
        first = np.flatnonzero(np.bincount(cells)[cells] > 1)
        second = first + len(hits.groups)
        if len(first):
            hits = with_rests(hits, cells, counted, by, within, unit, score)
    else:
        first, second = _pairs(hits.groups, cells, by, against)
    if not len(first):
        raise CountsError(
            f"by={list(by)}, within={list(within)}: there are no two groups to compare."
        )
    table = compared(hits, first, second, level, None if pool is None else pool(counted))
    if beside is not None:
        labels = hits.groups[[*by]].astype("str").agg(", ".join, axis=1).to_numpy()
        table = table.join(beside(cells, first, second, labels, hits.of_tokens, level))
    names = pd.DataFrame({name: hits.groups[name].iloc[first].array for name in columns})
    if against != "rest":
        for name in by:
            names[f"{name}_other"] = hits.groups[name].iloc[second].array
    return labelled(names, _with_frame(table, hits.contrast))


def _with_frame(table: pd.DataFrame, scored: Scored) -> pd.DataFrame:
    """The table of one frame says which, and of what it is; the note comes last."""
    note = table.pop("note")
    if isinstance(scored, OneFrame):
        about = {"frame": scored.frame, "measure": scored.measure}
        table = pd.DataFrame(about, table.index).assign(**table, tests=0)
    return table.assign(note=note)


def _pairs(
    groups: pd.DataFrame, cells: Rows, by: Sequence[str], against: str | Mapping[str, object]
) -> tuple[Rows, Rows]:
    """Rows of the groups to compare."""
    if isinstance(against, Mapping):
        if set(against) != set(by):
            raise CountsError(f"against={dict(against)}: it must give a value for {list(by)}.")
        chosen = rows_with(groups, against, "against", CountsError, every=True)
        other = {cells[row]: row for row in np.flatnonzero(chosen)}
        rows = [r for r in range(len(groups)) if not chosen[r] and cells[r] in other]
        pairs = [(row, other[cells[row]]) for row in rows]
    elif against == "pairs":
        members = pd.Series(range(len(groups))).groupby(cells)
        pairs = [two for _, rows in members for two in combinations(rows, 2)]
    else:
        raise CountsError(
            f"against={against!r} is unknown; allowed are 'pairs', 'rest' or a mapping of columns "
            "to values."
        )
    found = np.array(pairs, np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]
