"""The tables of a study: every statistic for every group and contrast that it asks for."""

from collections.abc import Iterator
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
from analysis.lexicons.lexicon import Lexicon
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
from analysis.study.alike import Table, alone, covered_by_several, largest_values, tables_alike
from analysis.study.contrasts import Pair, contrast_key, contrasts_of, frames_of
from analysis.study.counts import document_counts, term_counts
from analysis.study.dataset import file_name, write_table
from analysis.study.learnt import learnt_tables
from analysis.study.settings import ReportChoice
from analysis.study.study_file import Done, StudyFile

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


def tables(study: StudyFile, done: Done) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every table with its name: of scores from the hits, of terms from their sums by group."""
    settings, lexicon = study.settings, study.lexicon
    counts = document_counts(done, terms=False)
    pairs, events = contrasts_of(study), settings.events
    unit = "cluster" if settings.prepare.reprints == "once" else "doc_id"
    if frames := frames_of(study):
        yield from frame_tables(counts, study, frames, unit)
    negated = settings.lexicon.negated

    @cache
    def scored(pair: Pair, by: str | tuple[str, ...]) -> pd.DataFrame:
        return stance(counts, lexicon, pair, by, negated=negated, unit=unit)

    near = None
    if study.targets is not None:
        near = document_counts(done, terms=False, by="targets")
        if frames := frames_of(study):
            yield from frame_target_tables(near, study, frames, unit)
    for pair in pairs:
        prefix = f"stance_{contrast_key(pairs, pair)}".rstrip("_")
        score = partial(scored, pair)
        hangs = partial(hangs_on, counts, lexicon, pair, negated=negated, unit=unit)
        scoring: dict[str, Any] = {"negated": negated, "unit": unit}
        compare: Table = partial(compare_groups, lexicon=lexicon, contrast=pair, **scoring)
        move = partial(
            trend, lexicon=lexicon, contrast=pair, negated=negated, unit=unit, seed=settings.seed
        )
        yield f"{prefix}_overall", score(())
        yield f"{prefix}_by_period", score("period")
        moved = move(counts)
        yield f"{prefix}_trend", moved
        yield f"{prefix}_turns", move(counts, each_turn=True) if several(moved) else NOTHING
        yield f"{prefix}_events", move(counts, dates=events) if events else NOTHING
        yield f"{prefix}_sensitivity", hangs()
        for group in settings.groups:
            shares = score(group)
            yield f"{prefix}_by_{group}", shares
            yield f"{prefix}_by_{group}_period", score((group, "period"))
            apart = NOTHING if alone(counts, group) else compare(counts, by=group, against="rest")
            yield f"{prefix}_differences_by_{group}", apart
            ends = farthest(shares, group, settings.report.least)
            yield f"{prefix}_sensitivity_by_{group}", hangs(group, ends) if ends else NOTHING
            names = counts.documents[group].astype("str")
            # Only the largest: what is resampled for each takes its time.
            large = names.isin(largest_values(counts, group, settings.report)).to_numpy()
            shares_of = partial(stance, lexicon=lexicon, contrast=pair, **scoring)
            yield from tables_alike(compare, counts, group, prefix, settings, shares_of)
            yield f"{prefix}_trend_by_{group}", move(counts.subset(large), by=group)
        if "voice" in counts.documents:
            yield f"{prefix}_by_voice", score("voice")
            yield f"{prefix}_by_outlet_voice", score(("outlet", "voice"))
            by_source = score("source").dropna(subset=["source"])
            yield f"{prefix}_by_source", by_source[by_source["articles"] >= SPEAKS]
        if near is not None:
            yield from target_tables(near, study, pair, prefix, unit)
    yield from learnt_tables(study, done, scored)
    yield "patterns", pattern_hits(counts, unit)
    for group in settings.groups:
        if settings.compare.within:
            yield (
                f"one_sided_by_{group}",
                one_sided_events(covered_by_several(counts, group, settings), group),
            )
        summed = term_counts(done, group)
        # Under log10 a term that every article has weighs nothing, and house style little.
        weighed = tfidf(summed, group, formula="log10")
        weighed = weighed[(weighed["rank"] <= TERMS) & (weighed["tfidf"] > 0)]
        yield f"tfidf_by_{group}", weighed
        yield f"keyness_by_{group}", keywords(counts, summed, group, settings.report)
        rates = term_frequencies(summed, group)
        yield f"frequencies_by_{group}", rates[rates["rank"] <= TERMS]


def frame_tables(
    counts: DocumentTerms, study: StudyFile, frames: list[str], unit: str
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables of frames that are scored one by one."""
    lexicon, groups = study.lexicon, study.settings.groups
    measure = study.settings.lexicon.measure or "prevalence"
    score = partial(prevalence, counts, lexicon, frames=frames, unit=unit)
    yield "frames_overall", score(by=[])
    yield "frames_by_period", score(by="period")
    options: dict[str, Any] = {"frames": frames, "measure": measure, "unit": unit}
    move = partial(trend, counts, lexicon, seed=study.settings.seed, **options)
    yield "frames_trend", (moved := move())
    yield "frames_turns", move(each_turn=True) if several(moved) else NOTHING
    events = study.settings.events
    yield "frames_events", move(dates=events) if events else NOTHING
    pairs = frame_pairs(counts, lexicon, frames=frames, unit=unit) if len(frames) > 1 else NOTHING
    yield "frames_pairs", pairs
    for group in groups:
        yield f"frames_by_{group}", score(by=group)
        yield f"frames_by_{group}_period", score(by=[group, "period"])
        apart = compare_groups(counts, lexicon, by=group, against="rest", **options) \
            if not alone(counts, group) else NOTHING  # fmt: skip
        yield f"frames_differences_by_{group}", apart
        compare = partial(compare_groups, lexicon=lexicon, **options)
        yield from tables_alike(compare, counts, group, "frames", study.settings)


def several(moved: pd.DataFrame) -> bool:
    """Whether a series turned more than once, so that its turns need rows of their own."""
    return bool((moved["turns"] > 1).any())


def target_tables(
    near: DocumentTerms, study: StudyFile, pair: Pair, prefix: str, unit: str
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables of a contrast by target: how it is scored towards each, by group and voice."""
    options: dict[str, Any] = {"negated": study.settings.lexicon.negated, "unit": unit}
    score = partial(stance, near, study.lexicon, pair, **options)
    yield f"{prefix}_by_target", about_some(score(by="target"))
    yield f"{prefix}_by_target_period", about_some(score(by=["target", "period"]))
    for group in study.settings.groups:
        yield f"{prefix}_by_target_{group}", about_some(score(by=["target", group]))
    if "voice" in near.documents:
        yield f"{prefix}_by_target_voice", about_some(score(by=["target", "voice"]))
        by_source = about_some(score(by=["source", "target"])).dropna(subset=["source"])
        yield f"{prefix}_by_source_target", by_source[by_source["articles"] >= SPEAKS]
    named = near.subset(near.documents["target"].notna().to_numpy())
    if not named.documents.empty and not alone(named, "target"):
        compare = partial(compare_groups, named, study.lexicon, pair, by="target", **options)
        yield f"{prefix}_differences_by_target", compare(against="rest")


def frame_target_tables(
    near: DocumentTerms, study: StudyFile, frames: list[str], unit: str
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables of single frames by target."""
    score = partial(prevalence, near, study.lexicon, frames=frames, unit=unit)
    yield "frames_by_target", about_some(score(by="target"))
    for group in study.settings.groups:
        yield f"frames_by_target_{group}", about_some(score(by=["target", group]))


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
    counts: DocumentTerms,
    lexicon: Lexicon,
    pair: Pair,
    group: str | None = None,
    ends: tuple[object, object] = (None, None),
    **options: Any,
) -> pd.DataFrame:
    """What a finding hangs on: that of all articles, or of two values of a group column."""
    between = ({group: ends[0]}, {group: ends[1]}) if group else None
    named = {group: ends[0], f"{group}_other": ends[1]} if group else {}
    try:
        return sensitivity(counts, lexicon, pair, between=between, **options).assign(**named)
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
