"""What a study shows and says of whom its frames are about."""

from collections.abc import Iterator
from functools import partial

from analysis.formatting import counted
from analysis.showing.charts import share_by_group, target_matrix
from analysis.showing.readable import interval
from analysis.study.contrasts import Pair
from analysis.study.reporting.measured import FDR, Measured, StudyFigure, clear, listed


def target_figures(measured: Measured, frames: Pair) -> Iterator[StudyFigure]:
    """The figures of a contrast by target: each target, and each in each group."""
    table = measured.stance(frames, "by_target")
    if table.empty:
        return
    near = measured.near
    yield measured.shares(
        frames, ["target"], table, partial(share_by_group, label="target"),
        key="share_by_target", title="by target",
        caption=f"Hits of {frames[0]} among those of {frames[0]} and {frames[1]} (lexicon "
        f"{measured.lexicon.caption}) {near} a mention of each target. Bars are 95% intervals with "
        "the article as the unit of evidence; n counts the articles that mention the target.",
        alt=f"Dots with intervals, one row each of {counted(len(table), 'target')}.",
    )  # fmt: skip
    for group in measured.settings.groups:
        cells = measured.stance(frames, f"by_target_{group}")
        shown = measured.shown(cells, group)
        yield measured.shares(
            frames, ["target", group], shown.reset_index(drop=True),
            partial(target_matrix, columns=group),
            key=f"share_by_target_{group}", title=f"by target and {group}",
            caption=f"The share of {frames[0]} {near} a mention of the target, with its 95% "
            "interval and the number of articles that mention it; cells without an interval have "
            "too few.",
            alt=f"A table of shaded cells, a row a target and a column a value of {group}.",
        )  # fmt: skip


def target_findings(measured: Measured, frames: Pair) -> Iterator[str]:
    """What the tables by target say."""
    table = measured.stance(frames, "by_target")
    if table.empty or table["share"].isna().all():
        return
    table = table[table["share"].notna()]
    said = "; ".join(
        f"{row['target']} {interval(row['share'], row['share_low'], row['share_high'])}"
        for row in table.sort_values("share", ascending=False, kind="stable").to_dict("records")
    )
    yield f"{measured.near.capitalize()} a mention, the share of {frames[0]} is: {said}."
    apart = measured.stance(frames, "differences_by_target")
    if len(apart):
        found = clear(apart)
        yield (
            f"{len(found)} of {counted(len(apart), 'target')} differ{'s' * (len(found) == 1)} "
            f"from all others at a false discovery rate of {FDR:.0%}"
            f"{listed(found['target'].astype('str'))}"
        )
