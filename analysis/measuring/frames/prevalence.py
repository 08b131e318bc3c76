"""Prevalence: how many articles use each of any number of frames, and how much of the coverage."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.counting.grouping import TOTALS, columns_of, labelled
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.article_hits import counts_with_hits
from analysis.measuring.frames.language_notes import with_language_note
from analysis.measuring.frames.one_frame import Frames, check_measure, chosen_frames
from analysis.measuring.frames.stance import PER, supported_log_odds
from analysis.measuring.frames.unit_rows import Columns, Counts, frame_hits, unit_rows
from analysis.measuring.frames.weighted import refuse_weights
from analysis.measuring.intervals import (
    Floats,
    bounds,
    jackknife_log_rate,
    positive,
    rate_bounds,
    wilson,
)


def prevalence(
    counts: Counts,
    lexicon: Lexicon | str | Path,
    by: str | Sequence[str] = (),
    frames: Frames = None,
    *,
    at_least: int = 1,
    unit: str = "doc_id",
    weights: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure any number of frames: in how many articles, how often, and in what share of hits.

    With N the hits of a frame in a group of m articles with L tokens, and H those of all frames
    that are asked for::

        prevalence = articles with at least `at_least` hits / m
        rate       = 1000 * N / L
        share      = N / H

    with intervals of Wilson (1927) and of the jackknife, as in `stance` (docs/method.md,
    Intervals). Hits after a negator do not count.

    Parameters
    ----------
    counts, lexicon, by, unit, weights, level
        As for `stance`. The prevalence of a story is the mean of its copies'.
    frames : str, sequence of str, or int, optional
        The frames, or a level of nested ones, from 1; by default all frames that hold no others. A
        parent's hits are those of its own patterns, which include its parts', or, if it was not
        counted, the sum of its parts' hits. An article counts for it once.
    at_least : int
        How many hits make an article one with the frame.

    Returns
    -------
    DataFrame
        One row per group and frame: ``*by, frame, articles, articles_hit, prevalence,
        prevalence_low, prevalence_high, n, rate, rate_low, rate_high, share, share_low, share_high,
        note``. ``note`` says why rate or share have no interval, as in `stance`.

    Raises
    ------
    LexiconError
        If a frame is not in the lexicon, or one is a part of another.
    CountsError
        If `at_least` is not a whole number above 0, or as for `stance`.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, document_terms, prevalence
    >>> lexicon = Lexicon.from_dict({"war": ["troops"], "law": ["court*"], "money": ["budget"]})
    >>> texts = ["Troops, troops in court.", "Courts meet.", "No budget for troops.", "Rain."]
    >>> frame = pd.DataFrame({"text": texts, "doc_id": range(4), "outlet": "Gazette"})
    >>> counts = document_terms(check_articles(frame.assign(date="2021-03-14")), lexicon=lexicon)
    >>> prevalence(counts, lexicon)[["frame", "articles_hit", "prevalence", "n", "share"]].round(2)
       frame  articles_hit  prevalence  n  share
    0    war             2        0.50  3   0.50
    1    law             2        0.50  2   0.33
    2  money             1        0.25  1   0.17
    """
    by = columns_of(by)
    check_measure("prevalence", at_least)
    counted, known, _ = counts_with_hits(counts, lexicon)
    names = chosen_frames(frames, known)
    refuse_weights(names, counted, lexicon)

    def columns(table: pd.DataFrame) -> Columns:
        found: Columns = {}
        for place, name in enumerate(names):
            found[f"n{place}"] = frame_hits(table, [name])
            found[f"with{place}"] = (found[f"n{place}"] >= at_least).astype(np.int64)
        return found

    groups, units = unit_rows(counted, by, columns, unit, weights)
    # An order of the numbers alone, so that sums of floats do not depend on that of the articles.
    units = units.sort_values([name for name in units if name != "doc_id"], ignore_index=True)
    n, has = (
        units[[f"{kind}{place}" for place in range(len(names))]].to_numpy()
        for kind in ("n", "with")
    )
    table = _scored(groups, units, n, has, level)
    table["note"] = with_language_note(table["note"], counts, lexicon)
    labels = groups.loc[np.repeat(groups.index, len(names)), list(by)].reset_index(drop=True)
    return labelled(labels, pd.DataFrame({"frame": names * len(groups), **table}))


def _scored(
    groups: pd.DataFrame, units: pd.DataFrame, n: NDArray[Any], has: NDArray[Any], level: float
) -> dict[str, NDArray[Any]]:
    """Score the frames, which are the columns of `n` and `has`, in each group, all at once."""
    frames = n.shape[1]
    cells = len(groups) * frames
    totals = {name: np.repeat(groups[name].to_numpy(), frames) for name in groups}
    articles, tokens, tokens_sq = (totals[name] for name in TOTALS)
    weight, weight_sq = (
        positive(totals.get(f"_{name}", articles).astype(np.float64))
        for name in ("weight", "weight_sq")
    )
    # A cell is a frame in a group, and an entry a frame in a unit.
    cell = (units["group"].to_numpy(np.intp)[:, np.newaxis] * frames + np.arange(frames)).ravel()
    hits = n.astype(np.float64)
    rest = (hits.sum(axis=1, keepdims=True) - hits).ravel()
    hits, used = hits.ravel(), has.ravel()
    lengths = np.repeat(units["n_tokens"].to_numpy(np.float64), frames)

    def total(values: NDArray[Any]) -> Floats:
        sums: NDArray[Any] = np.bincount(cell, values, cells)
        return sums

    prevalent, found = total(used) / weight, total(hits)
    even = weight**2 / weight_sq  # articles that would weigh the same
    low, high = wilson(prevalent * even, even, level)
    rate = found / positive(tokens)
    estimate = jackknife_log_rate(hits, lengths, cell, articles, tokens, tokens_sq)
    rate_low, rate_high = rate_bounds(estimate, rate, level)
    sides = ("the frame", "other frames")
    estimate, note = supported_log_odds(hits, rest, cell, articles, sides)
    share = found / positive(found + total(rest))
    odds_low, odds_high = bounds(estimate, level)
    return {
        "articles": articles, "articles_hit": total(used > 0).astype(np.int64),
        "prevalence": prevalent,
        "prevalence_low": np.where(articles > 1, low, np.nan),
        "prevalence_high": np.where(articles > 1, high, np.nan),
        "n": found.astype(n.dtype),
        "rate": PER * rate, "rate_low": PER * rate_low, "rate_high": PER * rate_high,
        "share": share, "share_low": np.minimum(special.expit(odds_low), share),
        "share_high": np.maximum(special.expit(odds_high), share), "note": note,
    }  # fmt: skip
