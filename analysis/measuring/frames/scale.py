"""Scales: the mean weight of a group's words, by a lexicon in which each pattern has one."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.counting.grouping import columns_of, labelled
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.article_hits import Negated, article_hits, counts_with_hits
from analysis.measuring.frames.one_frame import Frames
from analysis.measuring.frames.stance import estimate_of
from analysis.measuring.frames.unit_rows import Counts
from analysis.measuring.frames.weighted import means
from analysis.measuring.intervals import bounds, positive


def scale(
    counts: Counts,
    lexicon: Lexicon | str | Path,
    by: str | Sequence[str] = (),
    frames: Frames = None,
    *,
    negated: Negated = "apart",
    unit: str = "doc_id",
    weights: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Score each group by the mean weight of its hits.

    With n_dp the hits of pattern p, of weight w_p, in article d, and the sums over the articles::

        mean   = sum_d sum_p w_p n_dp / sum_d sum_p n_dp
        scored = sum_d sum_p n_dp / tokens

    with the interval of the delete-one-article jackknife (`intervals.jackknife_mean`).

    Parameters
    ----------
    counts, by, unit, weights, level
        As for `stance`; ``by="doc_id"`` scores single articles.
    lexicon : Lexicon, or the path or name of one
        With weights: from ``Lexicon.from_dict({frame: {pattern: weight}})``, a file of weights, or
        `learn_scale`. Otherwise as for `stance`.
    frames : str, sequence of str, or int, optional
        As for `prevalence`; by default all that have weights.
    negated : {"apart", "flip", "keep"}
        Leave out hits after a negator, reverse the sign of their weights, or count them like all
        others.

    Returns
    -------
    DataFrame
        One row per group and frame: ``*by, frame, articles, articles_hit, tokens, n, scored, mean,
        mean_low, mean_high, note``. ``n`` counts the hits; a mean says little where ``scored`` is
        small. ``note`` says why there is no interval, as in `stance`.

    Raises
    ------
    LexiconError
        If a frame has no weights, or is not in the lexicon.
    CountsError
        As for `stance`.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, document_terms, scale
    >>> lexicon = Lexicon.from_dict({"tone": {"threat*": -2, "talks": 1, "peace": 2.5}})
    >>> texts = ["Threats, talks.", "Peace talks, no threat.", "Rain."]
    >>> frame = pd.DataFrame({"text": texts, "doc_id": range(3), "outlet": "Gazette"})
    >>> counts = document_terms(check_articles(frame.assign(date="2021-03-14")), lexicon=lexicon)
    >>> scale(counts, lexicon, "outlet")[["outlet", "n", "scored", "mean"]].round(2)
        outlet  n  scored  mean
    0  Gazette  5    0.71   0.1
    """
    by = columns_of(by)
    counted, known, _ = counts_with_hits(counts, lexicon)
    tables = []
    for one in means(counted, lexicon, known, frames):
        hits = article_hits(counted, one, by, negated=negated, unit=unit, weights=weights)
        estimate, note = estimate_of(hits)
        low, high = bounds(estimate, level)
        tokens, n = hits.groups["tokens"].to_numpy(), hits.total(hits.b)
        table = pd.DataFrame({
            "frame": one.frame, "articles": hits.groups["articles"].to_numpy(),
            "articles_hit": hits.total((hits.b > 0).astype(np.int64)), "tokens": tokens, "n": n,
            "scored": n / positive(tokens), "mean": estimate.value, "mean_low": low,
            "mean_high": high, "note": note,
        })  # fmt: skip
        tables.append(labelled(hits.groups[list(by)], table))
    return pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)
