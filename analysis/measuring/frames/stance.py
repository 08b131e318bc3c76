"""Stance scores: how a contrast's two frames are set against each other in each group."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.counting.grouping import TOTALS, labelled
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.article_hits import ArticleHits, Negated, article_hits, hit_counts
from analysis.measuring.frames.language_notes import with_language_note
from analysis.measuring.frames.unit_rows import Counts
from analysis.measuring.intervals import (
    ROUNDING,
    Estimate,
    Floats,
    Ints,
    Rows,
    bounds,
    jackknife_log_odds,
    jackknife_log_rate,
    jackknife_mean,
    log_odds_of_articles,
    positive,
    rate_bounds,
)

PER = 1000  # rates are hits per this many tokens


def stance(
    counts: Counts,
    lexicon: Lexicon | str | Path,
    contrast: Sequence[str] | None = None,
    by: str | Sequence[str] = (),
    *,
    negated: Negated = "apart",
    unit: str = "doc_id",
    weights: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Score how the two frames of a contrast are balanced in each group.

    With A and B the hits of the two frames in a group with L tokens::

        share    = A / (A + B)
        log_odds = ln((A + 1/2) / (B + 1/2))
        rate     = 1000 * A / L

    (Lowe et al. 2011). Intervals are those of the delete-one-article jackknife (docs/method.md,
    Intervals); the share's is that of the log odds, transformed back.

    Parameters
    ----------
    counts : DocumentTerms or GroupCounts
    lexicon : Lexicon, or the path or name of one
        The lexicon that the counts were made with. Another Lexicon is allowed if it has only single
        words (no phrases, exclusions or negators): its hits are then counted from the terms.
    contrast : (a, b), optional
        Two of its frames; the share is that of `a`. By default the lexicon's first contrast, or its
        two frames.
    by : str or sequence of str
        Columns that make the groups, such as ``["outlet", "period"]``; empty for one group.
    negated : {"apart", "flip", "keep"}
        Leave hits after a negator ("no dialogue") out of the score, count them for the other frame,
        or count them like all others. Their number is always reported.
    unit : str
        The column whose values are the units of evidence. With ``"cluster"`` the reprints of a
        story count once, as the average of its copies in the group.
    weights : str, optional
        A column with a weight for each article, in place of that average.
    level : float
        Confidence level of every interval.

    Returns
    -------
    DataFrame
        One row per group, in the order of `by`: ``*by, articles, articles_hit, tokens, n_<a>,
        n_<b>, rate_<a>, rate_<b>, share, share_low, share_high, log_odds, log_odds_low,
        log_odds_high, note``, then ``rate_<a>_low, rate_<a>_high, rate_<b>_low, rate_<b>_high,
        n_<a>_negated, n_<b>_negated``. ``articles`` counts units of evidence, ``articles_hit``
        those with a scored hit. ``note`` says why a score or bound is missing: no hits (of one
        frame), one article, all hits in one article, or no variation between articles; and where
        articles are in several languages.

    Raises
    ------
    CountsError
        If the counts were not made with this lexicon, or a column is missing.
    LexiconError
        If `contrast` is not two frames of the lexicon.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, document_terms
    >>> lexicon = Lexicon.from_dict({"pressure": ["sanction*"], "parley": ["talks"]})
    >>> texts = ["Sanctions now, talks later.", "Sanctions after sanctions.", "Talks, talks!"]
    >>> frame = pd.DataFrame({"doc_id": [1, 2, 3], "outlet": "Gazette", "text": texts})
    >>> counts = document_terms(check_articles(frame.assign(date="2021-03-14")), lexicon=lexicon)
    >>> table = stance(counts, lexicon, ("pressure", "parley"), by="outlet")
    >>> table[["outlet", "n_pressure", "n_parley", "share", "share_low", "share_high"]].round(2)
        outlet  n_pressure  n_parley  share  share_low  share_high
    0  Gazette           3         3    0.5       0.01        0.99
    """
    counted, pair = hit_counts(counts, lexicon, contrast)
    hits = article_hits(counted, pair, by, negated=negated, unit=unit, weights=weights)
    groups, sides = hits.groups, dict(zip(pair, (hits.a, hits.b), strict=True))
    table = groups[["articles"]].copy()
    table["articles_hit"] = hits.total((hits.a + hits.b > 0).astype(np.int64))
    table["tokens"] = groups["tokens"]
    for frame, values in sides.items():
        table[f"n_{frame}"] = hits.total(values)
    for frame in sides:
        table[f"rate_{frame}"] = PER * table[f"n_{frame}"] / positive(groups["tokens"].to_numpy())
    estimate, note = estimate_of(hits, pair)
    low, high = bounds(estimate, level)
    table["share"] = share = hits.share
    table["share_low"] = np.minimum(special.expit(low), share)
    table["share_high"] = np.maximum(special.expit(high), share)
    table["log_odds"] = estimate.value
    table["log_odds_low"], table["log_odds_high"] = low, high
    table["note"] = with_language_note(note, counts, lexicon)
    for frame, values in sides.items():
        rate = table[f"rate_{frame}"].to_numpy() / PER
        low, high = rate_bounds(_log_rate(hits, values), rate, level)
        table[f"rate_{frame}_low"], table[f"rate_{frame}_high"] = PER * low, PER * high
    for frame, values in zip(pair, (hits.a_negated, hits.b_negated), strict=True):
        table[f"n_{frame}_negated"] = hits.total(values)
    return labelled(groups[list(hits.by)], table)


def estimate_of(
    hits: ArticleHits, names: tuple[str, str] = ("", "")
) -> tuple[Estimate, NDArray[np.object_]]:
    """Log odds of each group, its log rate or mean; and why it has no interval, if so."""
    a, b = hits.a.astype(np.float64), hits.b.astype(np.float64)
    articles = hits.groups["articles"].to_numpy()
    if hits.measure == "prevalence":
        estimate = log_odds_of_articles(a, b, hits.group, articles)
        return estimate, np.where(articles < 2, "one article", "").astype(object)
    if hits.measure == "mean":
        estimate = jackknife_mean(a, b, hits.group, articles)
        return supported(estimate, b, None, hits.group, articles, names)
    if hits.measure == "rate":
        # Other tokens there always are.
        return supported(_log_rate(hits, a), a, None, hits.group, articles, names)
    return supported_log_odds(a, b, hits.group, articles, names)


def _log_rate(hits: ArticleHits, values: NDArray[Any]) -> Estimate:
    lengths = hits.tokens.astype(np.float64)
    totals = (hits.groups[name].to_numpy() for name in TOTALS)
    return jackknife_log_rate(values.astype(np.float64), lengths, hits.group, *totals)


def supported_log_odds(
    a: Floats, b: Floats, group: Rows, articles: Ints, names: tuple[str, str]
) -> tuple[Estimate, NDArray[np.object_]]:
    """`jackknife_log_odds` where the articles can support an interval, and why not where not."""
    return supported(jackknife_log_odds(a, b, group, articles), a, b, group, articles, names)


def supported(
    estimate: Estimate, a: Floats, b: Floats | None, group: Rows, articles: Ints,
    names: tuple[str, str],
) -> tuple[Estimate, NDArray[np.object_]]:  # fmt: skip
    """An estimate without the standard errors that the articles cannot support, and why not."""
    n = len(articles)
    first = np.bincount(group, a, n)
    second = first if b is None else np.bincount(group, b, n)
    scored = np.bincount(group, (a if b is None else a + b) > 0, n)
    reasons = [
        ((first == 0) & (second == 0), "no hits"),
        (first == 0, f"no hits of {names[0]}"),
        (second == 0, f"no hits of {names[1]}"),
        (articles < 2, "one article"),
        (scored < 2, "all hits in one article"),
        (~(estimate.se > ROUNDING), "no variation between articles"),
    ]
    note = np.select([when for when, _ in reasons], [why for _, why in reasons], default="")
    return estimate._replace(se=np.where(note == "", estimate.se, np.nan)), note
