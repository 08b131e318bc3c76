"""The figures of a study: which charts are drawn, with what caption and what words for them."""

from collections.abc import Iterator
from typing import cast

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.formatting import counted
from analysis.showing.charts import (
    coverage,
    event_letters,
    share_by_group,
    share_by_voice,
    share_multiples,
    share_over_time,
    specification_curve,
)
from analysis.showing.charts.periods import event_place
from analysis.showing.report.page import Evidence
from analysis.study.material import Drawing, Material
from analysis.study.naming import Frames
from analysis.study.quotes import evidence_of
from analysis.study.term_drawings import terms_of

BARS = (
    "Bars are 95% intervals with the article as the unit of evidence; hollow dots have too few "
    "articles for one."
)
BANDS = (
    "Bands are 95% intervals with the article as the unit of evidence; periods with fewer than {} "
    "articles are hollow and have none."
)


def drawings(material: Material) -> Iterator[Drawing]:
    """Every figure of the study."""
    yield _coverage(material)
    for frames in material.contrasts:
        for group in material.settings.groups:
            yield _by_group(material, frames, group)
            yield _by_group_and_period(material, frames, group)
        yield _over_time(material, frames)
        if len(material.stance(frames, "by_outlet_voice")):
            yield _by_voice(material, frames)
        if len(material.stance(frames, "by_source")):
            yield _by_source(material, frames)
        yield from _hangs_on(material, frames)
    for group in material.settings.groups:
        yield from terms_of(material, group)


def _coverage(material: Material) -> Drawing:
    articles = material.articles
    table = articles.groupby(["outlet", "period"], observed=True).size().rename("articles")
    outlets = counted(articles["outlet"].nunique(), "outlet")
    return Drawing(
        "coverage",
        "corpus",
        "Articles per outlet and period",
        f"{counted(len(articles), 'article')} of {outlets}{_with_reprints(material)}. A white cell "
        "has none; shades follow the square root of the number.",
        f"Table of shaded cells, one row an outlet and one column a period; {outlets}.",
        _page(coverage(articles, most=material.settings.report.outlets)),
        table.reset_index(),
    )


def _by_group(material: Material, frames: Frames, group: str) -> Drawing:
    table = material.stance(frames, f"by_{group}")
    shown = table[table[group].astype("str").isin(material.largest(group))]
    key = material.key(frames, f"share_by_{group}")
    evidence, links = _evidence(material, shown, [group], frames, key)
    ax = share_by_group(shown.assign(link=links), label=group, frames=frames)
    known = shown[shown["share"].notna()].sort_values("share")
    return Drawing(
        key,
        "stance",
        f"Share of {frames[0]} by {group}",
        f"Hits of {frames[0]} among the hits of {frames[0]} and {frames[1]} (lexicon "
        f"{material.lexicon.label}). {_marks(known, BARS)} {_shown_of(shown, table, group)}"
        f"{_stories(material, group)}",
        f"Dots with intervals, one row a value of {group}. {_extremes(known, group)}",
        _page(ax),
        shown,
        evidence,
    )


def _by_group_and_period(material: Material, frames: Frames, group: str) -> Drawing:
    table = material.stance(frames, f"by_{group}_period")
    names = material.largest(group)
    shown = table[table[group].astype("str").isin(names)].reset_index(drop=True)
    shown[group] = shown[group].astype("str")
    key = material.key(frames, f"share_by_{group}_period")
    evidence, links = _evidence(material, shown, [group, "period"], frames, key)
    thin, events = material.settings.report.thin, material.settings.events
    fig = share_multiples(
        shown.assign(link=links), series=group, order=names, thin=thin, frames=frames, events=events
    )
    return Drawing(
        key,
        "stance",
        f"Share of {frames[0]} over time, by {group}",
        f"One panel a value of {group}, those with the most articles first; grey: all panels "
        f"together. {_marks(shown[shown['share'].notna()], BANDS.format(thin))} "
        f"{_shown_of(shown, table, group)}{_stories(material, 'panel and period')}"
        f"{_dated(material, lettered=True)}",
        f"{len(names)} small line charts of the share of {frames[0]} per period.",
        fig,
        shown,
        evidence,
    )


def _over_time(material: Material, frames: Frames) -> Drawing:
    table = material.stance(frames, "by_period").assign(all="all articles")
    key = material.key(frames, "share_over_time")
    evidence, links = _evidence(material, table, ["period"], frames, key)
    thin, events = material.settings.report.thin, material.settings.events
    ax = share_over_time(
        table.assign(link=links), series="all", thin=thin, frames=frames, events=events
    )
    known = table[table["share"].notna()].sort_values("share")
    return Drawing(
        key,
        "stance",
        f"Share of {frames[0]} over time",
        f"All articles. {_marks(known, BANDS.format(thin))} {_stories(material, 'period')}"
        f"{_dated(material)}",
        f"Line chart by period. {_extremes(known, 'period')}",
        _page(ax),
        table.drop(columns="all"),
        evidence,
    )


def _by_voice(material: Material, frames: Frames) -> Drawing:
    table = material.stance(frames, "by_outlet_voice")
    shown = table[table["outlet"].astype("str").isin(material.largest("outlet"))]
    key = material.key(frames, "share_by_voice")
    evidence, links = _evidence(material, shown, ["outlet", "voice"], frames, key)
    return Drawing(
        key,
        "voices",
        f"Share of {frames[0]} by outlet and voice",
        "Narration is the outlet's own voice; quoted words stand in quotation marks; reported ones "
        f"are given in the outlet's words as somebody else's. {_shown_of(shown, table, 'outlet')}"
        f"{_stories(material, 'row and voice')}",
        f"Three dots with intervals a row, one row an outlet. "
        f"{_extremes(shown[shown['share'].notna()].sort_values('share'), 'outlet')}",
        _page(share_by_voice(shown.assign(link=links), frames=frames)),
        shown,
        evidence,
    )


def _by_source(material: Material, frames: Frames) -> Drawing:
    table = material.stance(frames, "by_source")
    shown = table.sort_values("articles", ascending=False, kind="stable").head(20)
    key = material.key(frames, "share_by_source")
    evidence, links = _evidence(material, shown, ["source"], frames, key)
    return Drawing(
        key,
        "voices",
        f"Share of {frames[0]} by source",
        "The words of those quoted or reported in the most articles, as all outlets together give "
        f"them. {_shown_of(shown, table, 'source')}",
        f"Dots with intervals, one row a source. "
        f"{_extremes(shown[shown['share'].notna()].sort_values('share'), 'source')}",
        _page(share_by_group(shown.assign(link=links), label="source", frames=frames)),
        shown,
        evidence,
    )


def _hangs_on(material: Material, frames: Frames) -> Iterator[Drawing]:
    """One specification curve a finding."""
    for name in ("sensitivity", *(f"sensitivity_by_{g}" for g in material.settings.groups)):
        table = material.stance(frames, name)
        if table.empty:
            continue
        group = name.removeprefix("sensitivity_by_")
        score = "log odds" if name == "sensitivity" else "difference of log odds"
        about, where = "all articles", "in all articles"
        if name != "sensitivity":
            about = f"the two ends by {group}"
            where = f"between {table[group].iloc[0]} and {table[f'{group}_other'].iloc[0]}"
        yield Drawing(
            material.key(frames, name),
            "robustness",
            f"What the finding hangs on: {about}",
            f"The {score} of {frames[0]} against {frames[1]} {where}, with each pattern, outlet "
            "and voice left out in turn, and under other choices, in order of size with 95% "
            "intervals. A square stands on the other side of 0: that change turns "
            "the finding round.",
            f"A rising curve of {len(table) - 1} scores; {int(table['turned'].sum())} of them have "
            "turned the finding.",
            _page(specification_curve(table, label=score)),
            table,
        )


def _evidence(
    material: Material, table: pd.DataFrame, by: list[str], frames: Frames, key: str
) -> tuple[list[Evidence], list[str]]:
    most = material.settings.report.sentences
    negated = material.settings.lexicon.negated
    return evidence_of(table, material.lines, by, frames, chart=key, most=most, negated=negated)


def _page(ax: Axes) -> Figure:
    return cast(Figure, ax.figure)


def _marks(known: pd.DataFrame, said: str) -> str:
    """What the marks of a chart are, if it has any."""
    return said if len(known) else "No hit counts, so there is no share to draw."


def _shown_of(shown: pd.DataFrame, table: pd.DataFrame, group: str) -> str:
    have, all_of = shown[group].nunique(), table[group].nunique()
    return f"The {have} largest of {all_of} are shown. " if have < all_of else ""


def _with_reprints(material: Material) -> str:
    """How many of the articles are reprints, where those count once elsewhere."""
    n = int(material.articles["reprint_of"].notna().sum())
    once = material.settings.prepare.reprints == "once"
    return f", {counted(n, 'reprint')} among them" if n and once else ""


def _stories(material: Material, cell: str) -> str:
    """What n counts, where it is not articles."""
    if not _with_reprints(material):
        return ""
    return (
        f"n is the number of stories: the copies of one count once in each {cell}, so that the "
        "numbers may add up to more than all stories; the sentences are those of every copy. "
    )


def _dated(material: Material, lettered: bool = False) -> str:
    """The events that have a line in a chart over time, and those that have none."""
    events, periods = material.settings.events, list(material.articles["period"].cat.categories)
    drawn, absent = [], []
    for letter, name in event_letters(events).items():
        if event_place(pd.Timestamp(events[name]), periods) is None:
            absent.append(f"{name} ({events[name]})")
        else:
            drawn.append(f"{letter + ' ' if lettered else ''}{name} ({events[name]})")
    spans = material.settings.periods.spans
    why = "periods with names of their own show no days" if spans else "outside the periods"
    lines = f"Dotted lines: {', '.join(drawn)}. " if drawn else ""
    return lines + (f"Not drawn ({why}): {', '.join(absent)}." if absent else "")


def _extremes(known: pd.DataFrame, name: str) -> str:
    if known.empty:
        return "No share could be computed."
    low, high = known.iloc[0], known.iloc[-1]
    return (
        f"It is smallest in {low[name]} ({low['share']:.2f}) and largest in {high[name]} "
        f"({high['share']:.2f})."
    )
