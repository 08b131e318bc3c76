"""The tables of a study: every statistic for every group and contrast that it asks for."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.lexicon import Lexicon
from analysis.errors import CountsError, StudyError
from analysis.measuring.article_hits import Negated
from analysis.measuring.comparison import compare_groups
from analysis.measuring.frequencies import term_frequencies
from analysis.measuring.keyness import keyness
from analysis.measuring.sensitivity import sensitivity
from analysis.measuring.stance import stance
from analysis.measuring.tfidf import tfidf
from analysis.measuring.trend import trend
from analysis.study.naming import contrast_key, file_name
from analysis.study.settings import ReportChoice
from analysis.study.steps import Done, counts_of, lexicon_of, save
from analysis.study.workers import Each

if TYPE_CHECKING:
    from analysis.study import Study

# A source is listed if it speaks in so many articles.
SPEAKS = 30
# How many terms of each group the tables of terms list.
TERMS = 500
# What a study has no rows for.
NOTHING = pd.DataFrame()


def measure(study: "Study", done: Done, folder: Path, each: Each) -> None:
    """Write every table."""
    for name, table in tables(study, counts_of(done)):
        file = folder / file_name(name)
        if file.with_suffix(".arrow").exists():
            raise StudyError(
                f"{study.path.name}: two tables would be called {file.name!r}; give one of the "
                f"columns under groups another name: {', '.join(study.settings.groups)}."
            )
        save(table, file)


def contrasts_of(study: "Study") -> list[tuple[str, str]]:
    """The study's contrasts, or the lexicon's."""
    lexicon = lexicon_of(study)
    chosen = list(study.settings.lexicon.contrasts or lexicon.contrasts)
    if not chosen:
        frames = list(lexicon.frames)
        if len(frames) != 2:
            raise StudyError(
                f"{study.path.name}: lexicon.contrasts is needed, since {lexicon.name} names none; "
                f"its frames are {', '.join(frames)}."
            )
        chosen = [(frames[0], frames[1])]
    return [(lexicon.frame(a), lexicon.frame(b)) for a, b in chosen]


def tables(study: "Study", counts: DocumentTerms) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every table with its name."""
    settings, lexicon = study.settings, lexicon_of(study)
    pairs = contrasts_of(study)
    negated = cast(Negated, settings.lexicon.negated)
    unit = "cluster" if settings.prepare.reprints == "once" else "doc_id"
    for pair in pairs:
        prefix = f"stance_{contrast_key(pairs, pair)}".rstrip("_")
        score = partial(stance, counts, lexicon, pair, negated=negated, unit=unit)
        yield f"{prefix}_overall", score(by=[])
        yield f"{prefix}_by_period", score(by="period")
        move = partial(
            trend, lexicon=lexicon, contrast=pair, negated=negated, unit=unit, seed=settings.seed
        )
        yield f"{prefix}_trend", move(counts)
        yield f"{prefix}_sensitivity", hangs_on(counts, lexicon, pair, None, negated, unit)
        for group in settings.groups:
            yield f"{prefix}_by_{group}", score(by=group)
            yield f"{prefix}_by_{group}_period", score(by=[group, "period"])
            apart = NOTHING
            if not alone(counts, group):
                apart = compare_groups(
                    counts, lexicon, pair, group, against="rest", negated=negated, unit=unit
                )
            yield f"{prefix}_differences_by_{group}", apart
            large = main_values(counts, group, settings.report)
            hanging = hangs_on(large, lexicon, pair, group, negated, unit)
            yield f"{prefix}_sensitivity_by_{group}", hanging
            yield f"{prefix}_trend_by_{group}", move(large, by=group)
        if "voice" in counts.documents:
            yield f"{prefix}_by_voice", score(by="voice")
            yield f"{prefix}_by_outlet_voice", score(by=["outlet", "voice"])
            by_source = score(by="source").dropna(subset=["source"])
            yield f"{prefix}_by_source", by_source[by_source["articles"] >= SPEAKS]
    yield "patterns", pattern_hits(counts)
    for group in settings.groups:
        weighed = tfidf(counts, group)
        yield f"tfidf_by_{group}", weighed[weighed["rank"] <= TERMS]
        yield f"keyness_by_{group}", keywords(main_values(counts, group, settings.report), group)
        rates = term_frequencies(counts, group)
        yield f"frequencies_by_{group}", rates[rates["rank"] <= TERMS]


def alone(counts: DocumentTerms, group: str) -> bool:
    """Whether all articles have the same value: then there is nothing to compare."""
    return len(counts.documents[group].drop_duplicates()) < 2


def keywords(counts: DocumentTerms, group: str) -> pd.DataFrame:
    """The terms that each value of a group column uses most and least, against all others."""
    if alone(counts, group):
        return NOTHING
    table = keyness(counts, each=group)
    place = table.groupby(group, observed=True)["t"].rank("first", ascending=False)
    ends = place.groupby(table[group], observed=True).transform("size") - TERMS // 2
    return table[(place <= TERMS // 2) | (place > ends)]


def main_values(counts: DocumentTerms, group: str, choice: ReportChoice) -> DocumentTerms:
    """The articles of the largest groups: what is resampled for each takes its time."""
    names = counts.documents[group].astype("str")
    sizes = names.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return counts.subset(names.isin(sizes.index[: choice.outlets]).to_numpy())


def hangs_on(
    counts: DocumentTerms,
    lexicon: Lexicon,
    pair: tuple[str, str],
    group: str | None,
    negated: Negated,
    unit: str,
) -> pd.DataFrame:
    """What a finding hangs on: that of all articles, or of the two groups farthest apart."""
    between, ends = None, {}
    if group:
        table = stance(counts, lexicon, pair, by=group, negated=negated, unit=unit)
        table = table[table["share_low"].notna()].sort_values("share", kind="stable")
        if len(table) < 2:
            return NOTHING
        high, low = table[group].iloc[-1], table[group].iloc[0]
        between, ends = ({group: high}, {group: low}), {group: high, f"{group}_other": low}
    try:
        table = sensitivity(counts, lexicon, pair, between=between, negated=negated, unit=unit)
        return table.assign(**ends)
    except CountsError:
        # The two sides are even: there is no finding that could be turned round.
        return NOTHING


def pattern_hits(counts: DocumentTerms) -> pd.DataFrame:
    """Hits and articles of every pattern and what it matched: what the scores are made of."""
    hits = sparse.csr_array(counts.hits)
    table = counts.hit_types.assign(n=hits.sum(axis=0), n_docs=(hits > 0).sum(axis=0))
    return table.sort_values(
        ["frame", "n", "match", "pattern", "negated"], ascending=[True, False, True, True, True]
    )
