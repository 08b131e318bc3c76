"""Comparisons of groups: how far apart two stance scores are, and whether that could be chance."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.counting.grouping import columns_of
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.adjusting.adjusted import adjusted_columns, articles_of
from analysis.measuring.comparing.adjusting.paired import EVENT, paired
from analysis.measuring.comparing.pairs import comparisons
from analysis.measuring.comparing.rests import with_rests
from analysis.measuring.comparing.welch import compared
from analysis.measuring.frames.article_hits import (
    ArticleHits,
    Negated,
    article_hits,
    scored_counts,
    sides_of_articles,
)
from analysis.measuring.frames.language_notes import warn_across_languages
from analysis.measuring.frames.one_frame import Frames, Measure, Scored, measure_of, with_frame
from analysis.measuring.frames.unit_rows import Counts
from analysis.measuring.multiple_tests import adjust_bh, adjust_holm


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
    """Compare the scores of groups with each other: of a contrast, or of frames one by one.

    The difference of two log odds over its standard error is Welch's t, with articles as the unit
    and a small-sample correction (HC3); articles in both groups, such as two voices of one, enter
    as a covariance (docs/method.md, Comparing).

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
        Columns such as ``period``: only groups with the same values of these are compared. With
        ``"event"`` (see `match_events`) among them the comparison is paired, with the events as
        units (`adjusting.paired.paired` has the formula). ``"language"`` keeps languages apart.
    adjust : str or sequence of str
        Columns in which the groups should be alike, such as ``["topic", "quarter", "n_tokens"]``:
        names are levels, a number or date is a straight line, and ``"spline(date, 6)"`` a natural
        cubic spline of 6 degrees of freedom (``"spline(date)"``: of 4). One model of the articles
        of both sides (statsmodels; logistic, or log-linear for a rate) says what each side would
        have with the mix of both together.
    standardise : str, optional
        A column such as "language": compare how far each group is from all articles with the same
        value of it (and of `within`). It becomes the first column of `by`.
    frames, at_least
        As for `prevalence`: frames to be compared one by one, in place of a contrast.
    measure : {"prevalence", "rate", "share", "mean"}, optional
        The score of a frame: log odds of an article to have it (Gart's: `log_odds_of_articles`),
        the default; log of its hits per token; log odds of its hits against those of the other
        frames (of a single frame, of all others of the lexicon); or the mean of its weights as in
        `scale`, the default of a lexicon with weights, where ``difference`` is one of means.

    Returns
    -------
    DataFrame
        One row per comparison: ``*within, *by, <by>_other`` (not against the rest), ``share,
        share_other, difference, difference_low, difference_high, t, df, p, p_holm, q, note``.
        ``exp(difference)`` is an odds ratio. ``p_holm`` (Holm 1979) and ``q`` (Benjamini and
        Hochberg 1995) are adjusted for all tests of the table. ``note`` says why there is no
        interval, or no p: one group has fewer than 10 articles, and the other at least ten times as
        many. With frames there is a row for each comparison and frame, ``frame, measure`` come
        before ``share``, and ``tests``, how many tests the table has, before ``note``.

        `adjust` adds, before ``note``: ``share_low, share_high, share_other_low, share_other_high,
        share_difference, share_difference_low, share_difference_high``; the same, ``share,
        share_other`` and ``difference`` to ``q`` with ``adjusted_`` in front; then
        ``articles_adjusted, overlap`` (the share of them in strata that both sides have),
        ``left_out`` (values that only one side has, and how many articles were left out for it),
        ``uncovered`` (strata of one side, for which the model extrapolates), ``errors`` (HC3, or
        CR2 where articles share a unit; both with Satterthwaite's degrees of freedom) and
        ``adjusting``: why there is no model. Articles without a hit are no part of the mix of a
        contrast or share.

        ``within="event"`` adds ``events`` that both sides cover and, of one side alone,
        ``events_alone, events_other_alone`` (`one_sided_events` lists them) before ``share``, and
        ``share_difference, share_difference_low, share_difference_high`` after ``q``.

    Raises
    ------
    CountsError
        If there are fewer than two groups or an argument is invalid; if a covariate has one value,
        or no comparison can be adjusted: hits are separated, covariates collinear, or parameters
        more than a tenth of the articles.
    LexiconError
        If a frame is not in the lexicon, or both a contrast and frames are given.

    Warns
    -----
    UserWarning
        If the groups are in several languages.

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
    by, within = columns_of(by), columns_of(within, "within")
    if standardise is not None:
        if not isinstance(standardise, str):
            raise CountsError(f"standardise={standardise!r}: give the name of one column.")
        by = tuple(dict.fromkeys((standardise, *by)))
    columns = (*within, *by)
    counted, scored = scored_counts(counts, lexicon, contrast, frames, measure, at_least)
    _check(scored, against, within, adjust, standardise)
    if standardise is None:
        warn_across_languages(counted, by, within)
    options: dict[str, Any] = {"negated": negated, "unit": unit, "weights": weights}
    articles = articles_of(counted, columns, adjust, unit, weights) if adjust else None
    tables = []
    for one in scored:
        score: Callable[[Counts], ArticleHits] = partial(
            article_hits, contrast=one, by=columns, **options
        )
        if EVENT in within:
            others = [name for name in within if name != EVENT]
            choose = partial(comparisons, by=by, within=others, against=against)
            names, table = paired(score(counted), [*others, *by], choose, level)
            tables.append(with_frame(names, table, one))
            continue
        hits = score(counted)
        chosen = comparisons(hits.groups, by, within, against)
        second = np.concatenate(chosen.others)
        if chosen.of_rests:
            second = chosen.first + len(hits.groups)  # each group's rest, appended in their order
            hits = with_rests(hits, counted, by, within, unit, score)
        pools = None
        if standardise is not None:
            pools = article_hits(counted, one, (*within, standardise), **options)
        table = compared(hits, chosen.first, second, level, pools)
        if articles is not None:
            sides = partial(sides_of_articles, one, negated)
            labels = hits.groups[[*by]].astype("str").agg(", ".join, axis=1).to_numpy()
            table = table.join(
                adjusted_columns(articles, sides, chosen, labels, hits.measure == "rate", level)
            )
        tables.append(with_frame(chosen.names, table, one))
    table = pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)
    for prefix in ("", "adjusted_") if adjust else ("",):
        p = table[f"{prefix}p"].to_numpy()
        table[f"{prefix}p_holm"], table[f"{prefix}q"] = adjust_holm(p), adjust_bh(p)
    if "tests" in table:
        table["tests"] = np.count_nonzero(table["p"].notna())
    return table


def _check(
    scored: Sequence[Scored], against: object, within: Sequence[str], adjust: str | Sequence[str],
    standardise: str | None,
) -> None:  # fmt: skip
    """Refuse options that exclude each other."""
    on_events = EVENT in within
    if standardise is not None and (against == "rest" or adjust or on_events):
        raise CountsError(
            f"standardise={standardise!r}: it sets each group against all articles like it "
            "already; leave out adjust, within='event' and against='rest'."
        )
    if adjust and on_events:
        raise CountsError(
            f"adjust={adjust!r}, within={EVENT!r}: articles on the same event are alike already. "
            "Ask for one of the two."
        )
    if (adjust or on_events) and any(measure_of(one) == "mean" for one in scored):
        raise CountsError(
            f"adjust={adjust!r}, within={list(within)}: means of weights can be neither adjusted "
            "nor paired; leave out adjust= and 'event'."
        )
