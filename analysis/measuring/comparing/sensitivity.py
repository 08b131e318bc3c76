"""Sensitivity: what a finding depends on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.articles import check_table, with_titles
from analysis.counting.checking import WEIGHT
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.grouping import refuse_lists
from analysis.counting.groups import check_columns, check_documents, each_once
from analysis.counting.selection import rows_with
from analysis.errors import CountsError, NoFindingError
from analysis.lexicons.frames import weigh
from analysis.lexicons.lexicon import Lexicon, as_lexicon, counted_with
from analysis.measuring.comparing.finding import SIDE, Finding
from analysis.measuring.comparing.pattern_drops import Drop, Drops, TextDrops, smallest_set
from analysis.measuring.frames.article_hits import (
    Negated,
    scored_counts,
    side_columns,
    side_frames,
)
from analysis.measuring.frames.one_frame import Measure, OneFrame
from analysis.measuring.learnt.learn_scale import LearntScale

Side = Mapping[str, object]


def sensitivity(
    counts: DocumentTerms,
    lexicon: Lexicon | str | Path,
    contrast: Sequence[str] | None = None,
    *,
    frames: str | None = None,
    measure: Measure | None = None,
    at_least: int = 1,
    between: tuple[Side, Side] | None = None,
    reference: float | None = None,
    articles: pd.DataFrame | None = None,
    outlet: str = "outlet",
    negated: Negated = "apart",
    unit: str = "doc_id",
    level: float = 0.95,
) -> pd.DataFrame:
    """Score a finding again without each of the things it might depend on.

    The finding is a side: that the share of all `counts` lies above or below `reference`, or, with
    `between`, that it is higher in one group than in another. A change has *turned* it if the score
    has another sign, or is 0. The last row leaves out the fewest patterns that turn it together.

    Of a lexicon of weights the finding is about the mean. Of one from `learn_scale` each seed is
    left out in turn, and the scale learnt again without it; of others each pattern, or the 200 that
    move the mean most. Patterns are then not sought together.

    Parameters
    ----------
    counts : DocumentTerms
        The articles that the finding is about (``counts.where(...)``).
    lexicon, contrast, negated, unit, level
        As for `stance`; the lexicon is the one that they were counted with.
    frames : str, optional
        One frame, in place of a contrast; `measure` and `at_least` are those of `compare_groups`.
        The finding is then about the share of articles that have it, of tokens, or of hits. A rate
        has no natural reference, and needs `between`.
    between : (mapping, mapping), optional
        Two groups by their values, such as ``({"period": "2017-Q4"}, {"period": "2018-Q2"})``.
    reference : float, optional
        The share that the finding is compared with; by default one half, which asks which frame
        prevails; or the mean weight, by default 0.
    articles : DataFrame, optional
        The articles that were counted, for exact recounts and for the row with titles.
    outlet : str
        The column of outlets.

    Returns
    -------
    DataFrame
        One row per change: ``change`` ("none", "pattern", "seed", "outlet", "negation", "voice",
        "reprints", "titles", "patterns together"), ``frame`` (of a pattern), ``left_out`` (or
        what is done instead), ``n_<a>, n_<b>, share`` (of one frame: its articles or hits and the
        others; and ``share_other`` with `between`),
        ``score, score_low, score_high, shift`` (from the first row), ``turned`` and ``note``.
        Patterns without a hit have no row.

    Raises
    ------
    CountsError
        If the counts were not made with this lexicon, or have no such groups; or (as
        NoFindingError) there is no finding because the score is 0 or missing.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, document_terms, sensitivity
    >>> lexicon = Lexicon.from_dict({"pressure": ["sanction*", "threat*"], "parley": ["talks"]})
    >>> texts = ["Sanctions, sanctions.", "Sanctions, talks.", "Threats, talks.", "Sanction talks."]
    >>> frame = pd.DataFrame({"text": texts, "doc_id": range(4), "outlet": "Gazette"})
    >>> counts = document_terms(check_articles(frame.assign(date="2021-03-14")), lexicon=lexicon)
    >>> table = sensitivity(counts, lexicon)
    >>> table[["change", "left_out", "n_pressure", "n_parley", "share", "turned"]].head(4).round(2)
        change   left_out  n_pressure  n_parley  share  turned
    0     none                      5         3   0.62   False
    1  pattern      talks           5         0   1.00   False
    2  pattern  sanction*           1         3   0.25    True
    3  pattern    threat*           4         3   0.57   False
    """
    check_documents(counts, "sensitivity")
    lexicon = as_lexicon(lexicon)
    if counts.lexicon != lexicon.label:
        raise CountsError(
            f"lexicon={lexicon.label!r}: these counts were {counted_with(counts.lexicon)}. Count "
            "the articles again: document_terms(articles, lexicon=lexicon)."
        )
    scored = scored_counts(counts, lexicon, contrast, frames, measure, at_least)[1]
    if len(scored) > 1:
        raise CountsError(
            f"frames={frames!r}: a finding is about one frame; name it, such as "
            f"frames={lexicon.frame(next(iter(lexicon.frames)))!r}."
        )
    [about] = scored
    if between is None and isinstance(about, OneFrame) and about.measure == "rate":
        raise CountsError("measure='rate' needs between=: two groups whose rates are compared.")
    if between is not None:
        counts = _sides(counts, between)
    counts = each_once(counts, () if between is None else (SIDE,))
    drops = Drops(counts, lexicon)
    articles = None if articles is None else check_table(articles, "doc_id", "text")
    texts = None if articles is None else TextDrops.of(counts, lexicon, articles)
    without = drops.without if texts is None else texts.without
    of_weights = isinstance(about, OneFrame) and about.measure == "mean"
    reference = reference if reference is not None else 0.0 if of_weights else 0.5
    if not of_weights and not 0 < reference < 1:
        raise CountsError(f"reference={reference!r}: a share lies between 0 and 1.")
    offset = reference if of_weights else float(np.log(reference / (1 - reference)))
    offset = 0.0 if between is not None else offset
    finding = Finding(about, between is not None, offset, negated, unit, level)
    base = finding.row(counts, "none")
    if not np.isfinite(base["score"]) or base["score"] == 0:
        raise NoFindingError(f"there is no finding to test: its score is {base['score']}.")
    counting = {frame for side in side_frames(about, lexicon.frames) for frame in side}
    patterns = [drop for drop in drops.matches if drop[0] in counting]
    rows = [base]
    if isinstance(lexicon, LearntScale):
        rows += _without_seeds(counts, finding, lexicon)
    else:
        patterns = _heaviest(counts, patterns) if of_weights else patterns
        rows += [finding.row(without([d]), "pattern", d[1], frame=d[0]) for d in patterns]
    rows += _without_parts(counts, finding, outlet)
    rows += _counted_otherwise(counts, finding, lexicon, articles)
    if not of_weights:
        rows.append(_together(drops, without, finding, patterns, float(np.sign(base["score"]))))
    table = pd.DataFrame(rows)
    table["shift"] = table["score"] - base["score"]
    other_side = np.sign(table["score"]) != np.sign(base["score"])
    table["turned"] = other_side & table["score"].notna()
    share = ["share", "share_other"] if between is not None else ["share"]
    scores = ["score", "score_low", "score_high", "shift", "turned", "note"]
    return table[["change", "frame", "left_out", *side_columns(about), *share, *scores]]


def _sides(counts: DocumentTerms, between: tuple[Side, Side]) -> DocumentTerms:
    """Keep the documents of two groups; a column says of each to which it belongs."""
    if not isinstance(between, list | tuple) or len(between) != 2:
        raise CountsError(
            f"between={between!r}: give two groups, ({{'outlet': 'RT'}}, {{'outlet': 'BBC'}})."
        )
    member = [
        rows_with(counts.documents, values, "between", CountsError, every=True)
        for values in between
    ]
    if (member[0] & member[1]).any():
        raise CountsError(f"between={between}: the two groups share documents.")
    side = np.where(member[0], 1, 2)
    return counts.assign(**{SIDE: side}).subset(member[0] | member[1])


def _without_seeds(
    counts: DocumentTerms, finding: Finding, learnt: LearntScale
) -> Iterator[dict[str, Any]]:
    """Rows of the scale as learnt without each seed that is not the only one of its side."""
    seeds = learnt.seeds[learnt.seeds["terms"] > 0]
    for frame, seed in seeds[["frame", "seed"]].itertuples(index=False):
        if (seeds["frame"] == frame).sum() > 1:
            types = weigh(counts.hit_types, learnt.without_seed(frame, seed).weights)
            yield finding.row(counts.derived(hit_types=types), "seed", seed, frame=frame)


def _heaviest(counts: DocumentTerms, patterns: list[Drop], most: int = 200) -> list[Drop]:
    """Those of the patterns that move the mean most, in their order."""
    types = counts.hit_types
    n = np.asarray(counts.hits.sum(axis=0), np.float64)
    weights = types[WEIGHT].to_numpy()
    moved = pd.Series(n * (weights - np.nansum(n * weights) / max(n.sum(), 1)))
    pull = moved.groupby([types["frame"], types["pattern"]]).sum().abs()
    kept = set(pull.sort_values(ascending=False, kind="stable").index[:most])
    return [drop for drop in patterns if drop in kept]


def _without_parts(
    counts: DocumentTerms, finding: Finding, outlet: str
) -> Iterator[dict[str, Any]]:
    """Rows without each outlet, and without each voice."""
    if outlet != "outlet":
        check_columns(counts.documents, (outlet,), "outlet")
    for change, column in (("outlet", outlet), ("voice", "voice")):
        if column not in counts.documents:
            continue
        refuse_lists(counts.documents, [column], change)
        values = counts.documents[column].astype("str")
        for value in sorted(values.dropna().unique()) if values.nunique() > 1 else ():
            kept = (values != value).to_numpy()
            rest = counts.subset(kept)
            units = finding.units(counts).subset(kept, rest.documents)
            yield finding.row(rest, change, value, units=units)


def _counted_otherwise(
    counts: DocumentTerms, finding: Finding, lexicon: Lexicon, articles: pd.DataFrame | None
) -> Iterator[dict[str, Any]]:
    """Rows with other choices about negated hits, reprints and titles."""
    words: dict[Negated, str] = {
        "apart": "left out",
        "flip": "counted for the other frame",
        "keep": "counted as hits",
    }
    for negated, done in words.items():
        of_one = isinstance(finding.contrast, OneFrame) and finding.contrast.measure != "mean"
        if negated != finding.negated and not (of_one and negated == "flip"):
            other = replace(finding, negated=negated)
            yield other.row(counts, "negation", f"negated hits {done}")
    if finding.unit == "cluster":
        each = replace(finding, unit="doc_id")
        yield each.row(counts, "reprints", "each reprint counted as an article of its own")
    elif "cluster" in counts.documents:
        once = replace(finding, unit="cluster")
        yield once.row(counts, "reprints", "each story counted once")
    if articles is not None and "title" in articles and articles["doc_id"].is_unique:
        rows = articles.set_index(articles["doc_id"].astype("str"))
        titled = with_titles(rows.loc[counts.documents["doc_id"]].reset_index(drop=True))
        again = document_terms(titled, lexicon=lexicon, rules=counts.rules)
        columns = counts.documents.columns.difference(again.documents.columns)
        again = again.assign(**counts.documents[columns])
        yield finding.row(again, "titles", "titles counted with the texts")


def _together(
    drops: Drops,
    without: Callable[[list[Drop]], DocumentTerms],
    finding: Finding,
    patterns: list[Drop],
    sign: float,
) -> dict[str, Any]:
    """The fewest patterns that turn the finding together."""
    score = finding.quick(drops.counts)
    if not finding.compared and finding.negated != "flip":
        # Only patterns that support the finding can turn it when they are dropped.
        chosen = side_frames(finding.contrast, drops.lexicon.frames)[int(sign < 0)]
        patterns = [drop for drop in patterns if drop[0] in chosen]
    found, exact = smallest_set(patterns, lambda chosen: sign * score(drops.multipliers(chosen)))
    change = "patterns together"
    if not found:
        return finding.row(drops.counts, change, note="no set of patterns turns the finding")
    frames = ", ".join(dict.fromkeys(frame for frame, _ in found))
    note = "" if exact else "found by taking the best pattern again and again"
    names = ", ".join(pattern for _, pattern in found)
    return finding.row(without(list(found)), change, names, frame=frames, note=note)
