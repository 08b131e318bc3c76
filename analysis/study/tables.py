"""The tables of a study: every statistic for every group and contrast that it asks for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.units import unit_of_articles
from analysis.errors import NoFindingError, StudyError
from analysis.executors import Where
from analysis.measuring.comparing.adjusting.paired import one_sided_events
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.comparing.sensitivity import sensitivity
from analysis.measuring.comparing.trend import trend
from analysis.measuring.frames.frame_pairs import frame_pairs
from analysis.measuring.frames.prevalence import prevalence
from analysis.measuring.frames.stance import stance
from analysis.measuring.terms.frequencies import term_frequencies
from analysis.measuring.terms.keyness import keyness
from analysis.measuring.terms.tfidf import tfidf
from analysis.study.alike import alone, covered_by_several, largest_values, tables_alike
from analysis.study.contrasts import Pair, contrast_key, contrasts_of, frames_of
from analysis.study.counts import document_counts, term_counts
from analysis.study.dataset import file_name, write_table
from analysis.study.learnt import learnt_tables
from analysis.study.settings import ReportChoice
from analysis.study.study_file import Done, StudyFile

Named = tuple[str, pd.DataFrame]
Score = Callable[..., pd.DataFrame]
# A source is listed if it speaks in so many articles.
SPEAKS = 30
# How many terms of each group the tables of terms list.
TERMS = 500
# What a study has no rows for.
NOTHING = pd.DataFrame({"note": pd.Series(dtype="str")})


def measure(study: StudyFile, done: Done, folder: Path, executor: Where) -> None:
    """Write every table."""
    for name, table in tables(study, done):
        file = folder / f"{file_name(name)}.parquet"
        if file.exists():
            raise StudyError(
                f"{study.path.name}: two tables would be called {file.stem!r}; give one of the "
                f"columns under groups another name: {', '.join(study.settings.groups)}."
            )
        write_table(table, file)


def tables(study: StudyFile, done: Done) -> Iterator[Named]:
    """Every table with its name: of scores from the hits, of terms from their sums by group."""
    settings, lexicon, pairs = study.settings, study.lexicon, contrasts_of(study)
    counts, near = document_counts(done), None
    if study.targets is not None:
        near = document_counts(done, "targets")
    unit = "cluster" if settings.prepare.reprints == "once" else "doc_id"
    scoring: dict[str, Any] = {"lexicon": lexicon, "unit": unit}
    if frames := frames_of(study):
        score: Score = partial(prevalence, frames=frames, **scoring)
        measure = settings.lexicon.measure or "prevalence"
        options = {"frames": frames, "measure": measure, **scoring}
        yield from scored_tables(study, "frames", counts, near, score, options)
        together = frame_pairs(counts, frames=frames, **scoring) if len(frames) > 1 else NOTHING
        yield "frames_pairs", together

    @cache
    def scored(pair: Pair, counts: DocumentTerms, by: str | tuple[str, ...]) -> pd.DataFrame:
        return stance(counts, contrast=pair, by=by, negated=settings.lexicon.negated, **scoring)

    for pair in pairs:
        prefix = f"stance_{contrast_key(pairs, pair)}".rstrip("_")
        options = {"contrast": pair, "negated": settings.lexicon.negated, **scoring}
        score = partial(scored, pair)
        yield from scored_tables(study, prefix, counts, near, score, options)
        yield from contrast_tables(study, prefix, counts, score, options)
        if near is not None:
            yield from target_tables(prefix, near, score, options)
    yield from learnt_tables(study, done, lambda pair, by: scored(pair, counts, by=by))
    yield "patterns", pattern_hits(counts, unit)
    for group in settings.groups:
        if settings.compare.within:
            several = covered_by_several(counts, group, settings)
            yield f"one_sided_by_{group}", one_sided_events(several, group)
        summed = term_counts(done, group)
        # Under log10 a term that every article has weighs nothing, and house style little.
        weighed = tfidf(summed, group, formula="log10")
        weighed = weighed[(weighed["rank"] <= TERMS) & (weighed["tfidf"] > 0)]
        yield f"tfidf_by_{group}", weighed
        yield f"keyness_by_{group}", keywords(counts, summed, group, settings.report)
        rates = term_frequencies(summed, group)
        yield f"frequencies_by_{group}", rates[rates["rank"] <= TERMS]


def scored_tables(
    study: StudyFile, prefix: str, counts: DocumentTerms, near: DocumentTerms | None, score: Score,
    options: dict[str, Any],
) -> Iterator[Named]:  # fmt: skip
    """The tables that a contrast and frames scored one by one have alike."""
    settings = study.settings
    compare: Score = partial(compare_groups, **options)
    move = partial(trend, counts, seed=settings.seed, **options)
    moved = move()
    yield f"{prefix}_overall", score(counts, by=())
    yield f"{prefix}_by_period", score(counts, by="period")
    yield f"{prefix}_trend", moved
    # Turns need rows of their own where a series has several.
    yield f"{prefix}_turns", move(each_turn=True) if (moved["turns"] > 1).any() else NOTHING
    yield f"{prefix}_events", move(dates=settings.events) if settings.events else NOTHING
    for group in settings.groups:
        yield f"{prefix}_by_{group}", score(counts, by=group)
        yield f"{prefix}_by_{group}_period", score(counts, by=(group, "period"))
        apart = NOTHING if alone(counts, group) else compare(counts, by=group, against="rest")
        yield f"{prefix}_differences_by_{group}", apart
        of_events = score if "contrast" in options else None
        yield from tables_alike(compare, counts, group, prefix, settings, of_events)
        if near is not None:
            yield f"{prefix}_by_target_{group}", about_some(score(near, by=("target", group)))
    if near is not None:
        yield f"{prefix}_by_target", about_some(score(near, by="target"))


def contrast_tables(
    study: StudyFile, prefix: str, counts: DocumentTerms, score: Score, options: dict[str, Any]
) -> Iterator[Named]:
    """The tables that only a contrast has: what it hangs on, each group's course, and voices."""
    choice = study.settings.report
    yield f"{prefix}_sensitivity", hangs_on(counts, options)
    for group in study.settings.groups:
        ends = farthest(score(counts, by=group), group, choice.least)
        hangs = hangs_on(counts, options, group, ends) if ends else NOTHING
        yield f"{prefix}_sensitivity_by_{group}", hangs
        # Only the largest: what is resampled for each takes its time.
        large = counts.documents[group].astype("str").isin(largest_values(counts, group, choice))
        moved = trend(
            counts.subset(large.to_numpy()), by=group, seed=study.settings.seed, **options
        )
        yield f"{prefix}_trend_by_{group}", moved
    if "voice" in counts.documents:
        yield f"{prefix}_by_voice", score(counts, by="voice")
        yield f"{prefix}_by_outlet_voice", score(counts, by=("outlet", "voice"))
        yield f"{prefix}_by_source", speaking(score(counts, by="source"))


def target_tables(
    prefix: str, near: DocumentTerms, score: Score, options: dict[str, Any]
) -> Iterator[Named]:
    """The tables of a contrast by target, over time and by voice."""
    yield f"{prefix}_by_target_period", about_some(score(near, by=("target", "period")))
    if "voice" in near.documents:
        yield f"{prefix}_by_target_voice", about_some(score(near, by=("target", "voice")))
        by_source = about_some(score(near, by=("source", "target")))
        yield f"{prefix}_by_source_target", speaking(by_source)
    named = near.subset(near.documents["target"].notna().to_numpy())
    if not named.documents.empty and not alone(named, "target"):
        apart = compare_groups(named, by="target", against="rest", **options)
        yield f"{prefix}_differences_by_target", apart


def speaking(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of sources that speak in enough articles."""
    return table[table["source"].notna() & (table["articles"] >= SPEAKS)]


def about_some(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of targets; what is near none is about nobody."""
    return table.dropna(subset=["target"]).reset_index(drop=True)


def keywords(
    counts: DocumentTerms, summed: GroupCounts, group: str, choice: ReportChoice
) -> pd.DataFrame:
    """The terms that each of the largest values of a group column uses most and least.

    Each is compared with all other articles, those of the smaller values among them.
    """
    if alone(counts, group):
        return NOTHING
    names = summed.groups[group].astype("str")
    rest = f"{names.max()} and others"  # longer than the last of the names, so none of them
    large = names.isin(largest_values(counts, group, choice))
    groups = summed.groups.rename(columns={group: "value"})
    groups = groups.assign(**{group: names.where(large, rest)})
    merged = group_counts(replace(summed, by=(group, "value"), groups=groups), group)
    table = keyness(merged, each=group)
    table = table[table[group] != rest]
    place = table.groupby(group, observed=True)["t"].rank("first", ascending=False)
    ends = place.groupby(table[group], observed=True).transform("size") - TERMS // 2
    return table[(place <= TERMS // 2) | (place > ends)]


def comparable(table: pd.DataFrame, thin: int) -> pd.DataFrame:
    """The rows of a table of scores that findings are made of, the smallest share first."""
    enough = table[(table["articles"] >= thin) & table["share_low"].notna()]
    return enough.sort_values("share", kind="stable")


def farthest(table: pd.DataFrame, group: str, thin: int) -> tuple[object, object] | None:
    """The two values of a group column that findings name: the largest and the smallest share."""
    enough = comparable(table, thin)
    return (enough[group].iloc[-1], enough[group].iloc[0]) if len(enough) > 1 else None


def hangs_on(
    counts: DocumentTerms, options: dict[str, Any], group: str | None = None,
    ends: tuple[object, object] = (None, None),
) -> pd.DataFrame:  # fmt: skip
    """What a finding hangs on: that of all articles, or of two values of a group column."""
    between = ({group: ends[0]}, {group: ends[1]}) if group else None
    named = {group: ends[0], f"{group}_other": ends[1]} if group else {}
    try:
        return sensitivity(counts, between=between, **options).assign(**named)
    except NoFindingError:
        return NOTHING


def pattern_hits(counts: DocumentTerms, unit: str) -> pd.DataFrame:
    """Hits and articles of every pattern and what it matched: what the scores are made of.

    As in the scores, the copies of a story count once, as their average, and a story that has a
    hit in any copy is one of `n_docs`.
    """
    documents = counts.documents
    units = unit_of_articles(documents, unit).reindex(documents["doc_id"])
    codes, _ = pd.factorize(units)
    copies = documents["doc_id"].groupby(codes).transform("nunique").to_numpy()
    member = sparse.csr_array((1 / copies, (codes, np.arange(len(codes)))))
    hits = sparse.csr_array(member @ counts.hits)
    # Halves and thirds add up to whole numbers again, but for the last bits.
    n = hits.sum(axis=0).round(6)
    table = counts.hit_types.assign(n=n, n_docs=(hits > 0).sum(axis=0))
    if (copies == 1).all():
        table["n"] = table["n"].astype("int64")
    order = {"frame": True, "n": False, "match": True, "pattern": True, "negated": True}
    return table.sort_values(list(order), ascending=list(order.values()))
