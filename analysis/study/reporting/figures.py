"""The figures of a study: which charts are drawn, with what caption and what words for them."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

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
from analysis.showing.charts.drawing import Spans, event_place
from analysis.study.contrasts import Pair
from analysis.study.reporting.alike import alike_figures
from analysis.study.reporting.frames import frame_figures
from analysis.study.reporting.learnt import learnt_figures
from analysis.study.reporting.measured import Measured, StudyFigure
from analysis.study.reporting.targets import target_figures
from analysis.study.reporting.terms import terms_of

BARS = (
    "Bars are 95% intervals with the article as the unit of evidence; hollow dots have too few "
    "articles for one."
)


def study_figures(measured: Measured) -> Iterator[StudyFigure]:
    """Every figure of the study."""
    yield _coverage(measured)
    for frames in measured.contrasts:
        for group in measured.settings.groups:
            yield _by_group(measured, frames, group)
            yield _by_group_and_period(measured, frames, group)
        yield _over_time(measured, frames)
        if len(measured.stance(frames, "by_outlet_voice")):
            yield _by_voice(measured, frames)
        if len(measured.stance(frames, "by_source")):
            yield _by_source(measured, frames)
        yield from target_figures(measured, frames)
        yield from alike_figures(measured, frames)
        yield from _hangs_on(measured, frames)
    yield from frame_figures(measured)
    yield from learnt_figures(measured)
    for group in measured.settings.groups:
        yield from terms_of(measured, group)


def _coverage(measured: Measured) -> StudyFigure:
    articles = measured.articles
    table = articles.groupby(["outlet", "period"], observed=True).size().rename("articles")
    outlets = counted(articles["outlet"].nunique(), "outlet")
    return StudyFigure(
        "coverage", "corpus", "Articles per outlet and period",
        f"{counted(len(articles), 'article')} of {outlets}{_with_reprints(measured)}. A white cell "
        "has none; shades follow the square root of the number.",
        f"Table of shaded cells, one row an outlet and one column a period; {outlets}.",
        partial(coverage, articles[["outlet", "period"]], most=measured.settings.report.outlets),
        table.reset_index(),
    )  # fmt: skip


def _by_group(measured: Measured, frames: Pair, group: str) -> StudyFigure:
    table = measured.stance(frames, f"by_{group}")
    shown = measured.shown(table, group)
    return measured.shares(
        frames, [group], shown, partial(share_by_group, label=group),
        key=f"share_by_{group}", title=f"by {group}",
        caption=f"Hits of {frames[0]} among the hits of {frames[0]} and {frames[1]} (lexicon "
        f"{measured.lexicon.caption}). {_marks(shown, BARS)} {_shown_of(shown, table, group)}"
        f"{_stories(measured, group)}",
        alt=f"Dots with intervals, one row a value of {group}. {_extremes(shown, group)}",
    )  # fmt: skip


def _by_group_and_period(measured: Measured, frames: Pair, group: str) -> StudyFigure:
    table = measured.stance(frames, f"by_{group}_period")
    names = measured.largest(group)
    shown = table[table[group].astype("str").isin(names)].reset_index(drop=True)
    shown[group] = shown[group].astype("str")
    thin, events = measured.settings.report.thin, measured.settings.events
    return measured.shares(
        frames, [group, "period"], shown,
        partial(share_multiples, series=group, order=names, thin=thin, events=events),
        key=f"share_by_{group}_period", title=f"over time, by {group}",
        caption=f"One panel a value of {group}, those with the most articles first; grey: all "
        f"panels together. {_marks(shown, _bands(measured, shown))} "
        f"{_shown_of(shown, table, group)}{_stories(measured, 'panel and period')}"
        f"{_dated(measured, lettered=True)}",
        alt=f"{counted(len(names), 'small line chart')} of the share of {frames[0]} per period.",
    )  # fmt: skip


def _over_time(measured: Measured, frames: Pair) -> StudyFigure:
    table = measured.stance(frames, "by_period")
    thin, events = measured.settings.report.thin, measured.settings.events

    return measured.shares(
        frames, ["period"], table, partial(share_over_time, thin=thin, events=events),
        key="share_over_time", title="over time",
        caption=f"All articles. {_marks(table, _bands(measured, table))} "
        f"{_stories(measured, 'period')}{_dated(measured)}",
        alt=f"Line chart by period. {_extremes(table, 'period')}",
    )  # fmt: skip


def _by_voice(measured: Measured, frames: Pair) -> StudyFigure:
    table = measured.stance(frames, "by_outlet_voice")
    shown = measured.shown(table, "outlet")
    return measured.shares(
        frames, ["outlet", "voice"], shown, share_by_voice,
        key="share_by_voice", section="voices", title="by outlet and voice",
        caption="Narration is the outlet's own voice; quoted words are in quotation marks; "
        "reported ones are given in the outlet's words as somebody else's. "
        f"{_shown_of(shown, table, 'outlet')}{_stories(measured, 'row and voice')}",
        alt="Three dots with intervals a row, one row an outlet. " + _extremes(shown, "outlet"),
    )  # fmt: skip


def _by_source(measured: Measured, frames: Pair) -> StudyFigure:
    table = measured.stance(frames, "by_source")
    shown = table.sort_values("articles", ascending=False, kind="stable").head(20)
    return measured.shares(
        frames, ["source"], shown, partial(share_by_group, label="source"),
        key="share_by_source", section="voices", title="by source",
        caption="The words of those quoted or reported in the most articles, as all outlets "
        f"together give them. {_shown_of(shown, table, 'source')}",
        alt=f"Dots with intervals, one row a source. {_extremes(shown, 'source')}",
    )  # fmt: skip


def _hangs_on(measured: Measured, frames: Pair) -> Iterator[StudyFigure]:
    """One specification curve a finding."""
    for group, table in measured.sensitivities(frames):
        name, score = "sensitivity", "log odds"
        about, where = "all articles", "in all articles"
        if group:
            name, score = f"sensitivity_by_{group}", "difference of log odds"
            about = f"the two ends by {group}"
            where = f"between {table[group].iloc[0]} and {table[f'{group}_other'].iloc[0]}"
        yield StudyFigure(
            measured.key(frames, name), "robustness",
            f"What the finding hangs on: {about}",
            f"The {score} of {frames[0]} against {frames[1]} {where}, with each pattern, outlet "
            "and voice left out in turn, and under other choices, in order of size with 95% "
            "intervals. A square is on the other side of 0: that change turns "
            "the finding round.",
            f"A rising curve of {counted(len(table) - 1, 'score')}; those that turn the finding "
            f"round: {int(table['turned'].sum())}.",
            partial(specification_curve, table, label=score), table,
        )  # fmt: skip


def _marks(shown: pd.DataFrame, said: str) -> str:
    """What the marks of a chart are, if it has any."""
    return said if shown["share"].notna().any() else "No hits were counted: no share to draw."


def _bands(measured: Measured, shown: pd.DataFrame) -> str:
    """What the bands of a chart over time are, and its hollow points."""
    choice = measured.settings.report
    said = (
        "Bands are 95% intervals with the article as the unit of evidence; periods with fewer than "
        f"{choice.least} articles are hollow"
        + (" and have a line in place of a band." if choice.thin == "auto" else " and have none.")
    )
    if (shown["articles"] < choice.least).mean() > 0.5:
        said += " Most are: report.thin in the study file says how many articles they need."
    return said


def _shown_of(shown: pd.DataFrame, table: pd.DataFrame, group: str) -> str:
    have, all_of = shown[group].nunique(), table[group].nunique()
    shown_are = f"{have} largest of {all_of} are" if have > 1 else f"largest of {all_of} is"
    return f"The {shown_are} shown. " if have < all_of else ""


def _with_reprints(measured: Measured) -> str:
    """How many of the articles are reprints, where those count once elsewhere."""
    n = int(measured.articles["reprint_of"].notna().sum())
    once = measured.settings.prepare.reprints == "once"
    return f", {counted(n, 'reprint')} among them" if n and once else ""


def _stories(measured: Measured, cell: str) -> str:
    """What n counts, where it is not articles."""
    if not _with_reprints(measured):
        return ""
    return (
        f"n is the number of stories: the copies of one count once in each {cell}, so that the "
        "numbers may add up to more than all stories; the sentences are those of every copy. "
    )


def _dated(measured: Measured, lettered: bool = False) -> str:
    """The events that have a line in a chart over time, and those that have none."""
    events = measured.settings.events
    periods = Spans.of(list(measured.articles["period"].cat.categories))
    drawn, absent = [], []
    for letter, name in event_letters(events).items():
        if event_place(pd.Timestamp(events[name]), periods) is None:
            absent.append(f"{name} ({events[name]})")
        else:
            drawn.append(f"{letter + ' ' if lettered else ''}{name} ({events[name]})")
    spans = measured.settings.periods.spans
    why = "periods with names of their own show no days" if spans else "outside the periods"
    lines = f"Dotted lines: {', '.join(drawn)}. " if drawn else ""
    return lines + (f"Not drawn ({why}): {', '.join(absent)}." if absent else "")


def _extremes(shown: pd.DataFrame, name: str) -> str:
    known = shown[shown["share"].notna()].sort_values("share")
    if known.empty:
        return "No share could be computed."
    low, high = known.iloc[0], known.iloc[-1]
    return (
        f"It is smallest in {low[name]} ({low['share']:.2f}) and largest in {high[name]} "
        f"({high['share']:.2f})."
    )
