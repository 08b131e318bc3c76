"""Prevalence: how many articles use each of any number of frames, and how much of the coverage."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from analysis.counting.grouping import columns_of, labelled
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.article_hits import counts_with_hits
from analysis.measuring.frames.one_frame import Frames, check_measure, chosen_frames
from analysis.measuring.frames.stance import PER, supported_log_odds
from analysis.measuring.frames.unit_rows import Columns, Counts, frame_hits, unit_rows
from analysis.measuring.intervals import (
    Floats,
    bounds,
    jackknife_log_rate,
    positive,
    rate_bounds,
    wilson,
)

COLUMNS = (
    "frame", "articles", "articles_hit", "prevalence", "prevalence_low", "prevalence_high", "n",
    "rate", "rate_low", "rate_high", "share", "share_low", "share_high", "note",
)  # fmt: skip


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
    """Measure each of any number of frames: in how many articles it is, how often, and how much.

    With N the hits of a frame in a group of m articles with L tokens, and H those of all frames
    that are asked for::

        prevalence = articles with at least `at_least` hits / m
        rate       = 1000 * N / L
        share      = N / H

    The prevalence's interval is Wilson's (1927); with weights, of as many articles as would weigh
    the same (Kish: (sum w)^2 / sum w^2). The rate's is that of `stance`. The share's is the
    delete-one-article jackknife of ln((N + 1/2) / (H - N + 1/2)), mapped back.

    Parameters
    ----------
    counts, lexicon, by, unit, weights, level
        As for `stance`. The prevalence of a story is the mean of its copies'. Hits after a
        negator are left out.
    frames : str, sequence of str, or int, optional
        The frames; or a level of nested ones, from 1. Without it, all frames that hold no others. A
        parent has the hits that its own patterns find, which are those of all that it holds; an
        article counts for it once. A parent that was not counted has the sum of its parts' hits.
    at_least : int
        So many hits make an article one with the frame.

    Returns
    -------
    DataFrame
        One row per group and frame: ``*by, frame, articles, articles_hit, prevalence,
        prevalence_low, prevalence_high, n, rate, rate_low, rate_high, share, share_low, share_high,
        note``. ``note`` says why rate or share have no interval, as in `stance`.

    Raises
    ------
    LexiconError
        If a frame is not there, or one is a part of another.
    CountsError
        If `at_least` is no whole number above 0, or as for `stance`.

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

    def columns(table: pd.DataFrame) -> Columns:
        found: Columns = {}
        for place, name in enumerate(names):
            found[f"n{place}"] = frame_hits(table, [name])
            found[f"with{place}"] = (found[f"n{place}"] >= at_least).astype(np.int64)
        return found

    groups, units = unit_rows(counted, by, columns, unit, weights)
    # An order of the numbers alone, so that sums of floats do not depend on that of the articles.
    units = units.sort_values([name for name in units if name != "doc_id"], ignore_index=True)
    all_hits = units[[f"n{place}" for place in range(len(names))]].to_numpy(np.float64).sum(axis=1)
    tables = [
        _scored(groups, units, units[f"n{i}"].to_numpy(np.float64), units[f"with{i}"].to_numpy(),
                all_hits, level).assign(frame=name)
        for i, name in enumerate(names)
    ]  # fmt: skip
    table = pd.concat(tables).sort_index(kind="stable")[list(COLUMNS)]
    labels = groups.loc[table.index, list(by)].reset_index(drop=True)
    return labelled(labels, table.reset_index(drop=True))


def _scored(
    groups: pd.DataFrame, units: pd.DataFrame, n: Floats, has: Floats, all_hits: Floats,
    level: float,
) -> pd.DataFrame:  # fmt: skip
    """Score one frame in each group, by its hits in each unit and whether that has it."""
    group, lengths = units["group"].to_numpy(np.intp), units["n_tokens"].to_numpy(np.float64)
    articles, tokens = groups["articles"].to_numpy(), groups["tokens"].to_numpy()
    weight, weight_sq = (
        positive(groups.get(name, groups["articles"]).to_numpy(np.float64))
        for name in ("weight", "weight_sq")
    )

    def total(values: Floats) -> Floats:
        return np.bincount(group, values, len(groups))

    table = groups[["articles"]].copy()
    table["articles_hit"] = total(has > 0).astype(np.int64)
    table["prevalence"] = total(has) / weight
    # Articles that would weigh the same.
    even = weight**2 / weight_sq
    low, high = wilson(table["prevalence"].to_numpy() * even, even, level)
    table["prevalence_low"] = np.where(articles > 1, low, np.nan)
    table["prevalence_high"] = np.where(articles > 1, high, np.nan)
    hits = total(n)
    table["n"] = hits.astype(units["n0"].dtype)
    table["rate"] = PER * hits / positive(tokens)
    squares = groups["tokens_sq"].to_numpy()
    rate = jackknife_log_rate(n, lengths, group, articles, tokens, squares)
    low, high = rate_bounds(rate, hits / positive(tokens), level)
    table["rate_low"], table["rate_high"] = PER * low, PER * high
    rest, names = all_hits - n, ("the frame", "other frames")
    estimate, note = supported_log_odds(n, rest, group, articles, names)
    share = hits / positive(total(all_hits))
    low, high = bounds(estimate, level)
    table["share"] = share
    table["share_low"] = np.minimum(special.expit(low), share)
    table["share_high"] = np.maximum(special.expit(high), share)
    table["note"] = note
    return table
