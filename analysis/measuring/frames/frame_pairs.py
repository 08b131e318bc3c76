"""Pairs of frames: which occur together in articles, or in sentences."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.articles import check_table
from analysis.counting.grouping import columns_of, group_codes, labelled, with_calendar
from analysis.counting.languages import languages_of
from analysis.counting.units import unit_of_articles
from analysis.errors import LexiconError
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.lexicons.matching import find_hits
from analysis.lexicons.patterns import text_rules
from analysis.measuring.frames.article_hits import counts_with_hits
from analysis.measuring.frames.one_frame import Frames, check_measure, chosen_frames
from analysis.measuring.frames.unit_rows import Columns, Counts, frame_hits, parts_of, unit_rows
from analysis.measuring.frames.weighted import refuse_weights
from analysis.measuring.intervals import (
    ROUNDING,
    Estimate,
    Floats,
    bounds,
    check_level,
    jackknife_spread,
    positive,
    two_sided_p,
)
from analysis.measuring.multiple_tests import adjust_bh
from analysis.tables import is_table
from analysis.tokens import TermRules, tokenize

COLUMNS = ("frame_a", "frame_b", "n_both", "expected", "log_odds", "low", "high", "p", "q")


class Cells(NamedTuple):
    """Articles or sentences with both frames, with the one, with the other, and all, per row."""

    both: Floats
    one: Floats
    other: Floats
    all: Floats

    @property
    def table(self) -> list[Floats]:
        """The four cells of the two-by-two table, each with a half added."""
        neither = self.all - self.one - self.other + self.both
        cells = (self.both, self.one - self.both, self.other - self.both, neither)
        return [np.maximum(cell, 0) + 0.5 for cell in cells]

    @property
    def log_odds(self) -> Floats:
        """The log of their odds ratio."""
        both, one, other, neither = self.table
        return np.log(both * neither / (one * other))


def frame_pairs(
    counts: Counts | pd.DataFrame,
    lexicon: Lexicon | str | Path,
    by: str | Sequence[str] = (),
    frames: Frames = None,
    *,
    at_least: int = 1,
    unit: str = "doc_id",
    level: float = 0.95,
    rules: TermRules = TermRules(),
) -> pd.DataFrame:
    """Measure how often two frames occur together, in articles or, given texts, in sentences.

    With n_11 articles that have both frames, n_10 and n_01 one of them, n_00 none, and m in all::

        expected = (n_11 + n_10) * (n_11 + n_01) / m
        log_odds = ln((n_11 + 1/2) * (n_00 + 1/2) / ((n_10 + 1/2) * (n_01 + 1/2)))

    (Gart 1966; of sentences with the jackknife over articles: docs/method.md, Intervals).

    Parameters
    ----------
    counts : DocumentTerms, GroupCounts or DataFrame
        Counts; or the articles table, to measure in sentences.
    lexicon, by, frames, at_least, unit, level
        As for `prevalence`.
    rules : TermRules
        How the words of sentences are folded.

    Returns
    -------
    DataFrame
        One row per group and pair: ``*by, frame_a, frame_b, n_both, expected, log_odds, low, high,
        p, q``; ``q`` is adjusted for all rows (Benjamini and Hochberg 1995). A group of one article
        has no interval. Frames that share words occur together for that reason alone.

    Raises
    ------
    LexiconError
        If there are fewer than two frames, or one is not in the lexicon.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, frame_pairs
    >>> lexicon = Lexicon.from_dict({"war": ["troops"], "law": ["court*"]})
    >>> texts = ["Troops. A court.", "Troops in court.", "Rain."]
    >>> frame = pd.DataFrame({"text": texts, "doc_id": range(3), "outlet": "Gazette"})
    >>> articles = check_articles(frame.assign(date="2021-03-14"))
    >>> frame_pairs(articles, lexicon)[["frame_a", "frame_b", "n_both", "expected"]]
      frame_a frame_b  n_both  expected
    0     war     law       1       1.0
    """
    by = columns_of(by)
    check_measure("prevalence", at_least)
    check_level(level)
    if is_table(counts):
        lexicon = as_lexicon(lexicon)
        names = _two_or_more(chosen_frames(frames, list(lexicon.frames)), frames)
        groups, rows = _sentences(counts, lexicon, by, names, at_least, unit, rules)
        articles = np.bincount(rows["group"], minlength=len(groups))
    else:
        counted, known, _ = counts_with_hits(counts, lexicon)
        names = _two_or_more(chosen_frames(frames, known), frames)
        refuse_weights(names, counted, lexicon)

        def columns(table: pd.DataFrame) -> Columns:
            return _together([frame_hits(table, [name]) >= at_least for name in names])

        groups, rows = unit_rows(counted, by, columns, unit)
        articles = groups["articles"].to_numpy()
    tables = [
        _scored(rows, articles, (a, b), level).assign(frame_a=names[a], frame_b=names[b])
        for a, b in combinations(range(len(names)), 2)
    ]
    table = pd.concat(tables).sort_index(kind="stable")
    table["q"] = adjust_bh(table["p"].to_numpy())
    labels = groups.loc[table.index, list(by)].reset_index(drop=True)
    return labelled(labels, table[list(COLUMNS)].reset_index(drop=True))


def _scored(
    rows: pd.DataFrame, articles: NDArray[np.int64], place: tuple[int, int], level: float
) -> pd.DataFrame:
    """The cells of two frames in each group, and how far they are from independence."""
    a, b = place
    group, n = rows["group"].to_numpy(np.intp), len(articles)
    names = [f"both{a},{b}", f"with{a}", f"with{b}"]
    own = [rows[name].to_numpy(np.float64) for name in names]
    of_sentences = "all" in rows
    own.append(rows["all"].to_numpy(np.float64) if of_sentences else np.ones(len(rows)))
    both, one, other, places = (np.bincount(group, values, n).astype(np.float64) for values in own)
    # Counts have no row for an article without a hit.
    total = Cells(both, one, other, places if of_sentences else articles.astype(np.float64))
    if of_sentences:
        left = Cells(*(whole[group] - mine for whole, mine in zip(total, own, strict=True)))
        se, df = jackknife_spread(left.log_odds - total.log_odds[group], group, articles)
    else:
        se, df = np.sqrt(sum(1 / cell for cell in total.table)), np.full(n, np.inf)
    se = np.where((articles > 1) & (se > ROUNDING), se, np.nan)
    low, high = bounds(Estimate(total.log_odds, se, df), level)
    expected = total.one * total.other / positive(total.all)
    table = pd.DataFrame({"n_both": total.both.astype(rows[names[0]].dtype), "expected": expected})
    table["log_odds"], table["low"], table["high"] = total.log_odds, low, high
    table["p"] = two_sided_p(total.log_odds / se, df)
    return table


def _two_or_more(names: list[str], frames: Frames) -> list[str]:
    if len(names) < 2:
        raise LexiconError(f"frames={frames!r}: a pair needs two frames; there is {names[0]!r}.")
    return names


def _together(has: Sequence[NDArray[np.bool_]]) -> Columns:
    """For each row whether it has each frame, and each two of them."""
    found: Columns = {f"with{a}": one.astype(np.int64) for a, one in enumerate(has)}
    for (a, one), (b, other) in combinations(enumerate(has), 2):
        found[f"both{a},{b}"] = (one & other).astype(np.int64)
    return found


def _sentences(
    articles: pd.DataFrame, lexicon: Lexicon, by: tuple[str, ...], names: Sequence[str],
    at_least: int, unit: str, rules: TermRules,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Groups, and a row for each unit in them: its sentences with each frame and each two."""
    articles = check_table(articles, "doc_id", "text")
    stream = tokenize(articles["text"], text_rules(rules))
    starts = stream.begins()
    sentence = np.cumsum(starts) - 1
    row = np.searchsorted(stream.bounds, np.flatnonzero(starts), side="right") - 1
    hits = find_hits(stream, lexicon, rules, languages_of(articles, lexicon))
    has = []
    for name in names:
        parts = [hits.frames.index(part) for part in parts_of(name, hits.frames)]
        mine = np.isin(hits.frame, parts) & ~hits.negated
        has.append(np.bincount(sentence[hits.first[mine]], minlength=len(row)) >= at_least)
    documents = with_calendar(articles, by)
    documents = check_table(documents, *by)
    codes, groups = group_codes(documents, by)
    units = unit_of_articles(documents, unit).reindex(documents["doc_id"]).to_numpy()
    # The copies of a story are one unit, as all that they say; a text without words has no place.
    table = pd.DataFrame({**_together(has), "all": 1})
    keys = [codes[row], units[row]]
    summed = table.groupby(keys, sort=True).sum()
    summed.index.names = ["group", "doc_id"]
    return groups, summed.reset_index()
