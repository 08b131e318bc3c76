"""What a study shows and says of frames that it scores one by one."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from analysis.formatting import counted
from analysis.showing.charts import frame_differences, frame_multiples, pair_matrix
from analysis.showing.readable import interval
from analysis.showing.report.page import Evidence
from analysis.study.evidence import evidence_of
from analysis.study.reporting.measured import FDR, Measured, StudyFigure, clear, listed

# So many values of a group column have panels over time, and are compared with all others.
ACROSS = 4
_FDR = f"{FDR:g}".removeprefix("0")
SAID = {
    "prevalence": "the share of articles with a hit",
    "rate": "hits per 1,000 tokens",
    "share": "the share of the hits of all these frames",
}


def frame_figures(measured: Measured) -> Iterator[StudyFigure]:
    """The figures of frames: by group, over time, and of pairs."""
    if measured.table("frames_overall").empty:
        return
    for group in measured.settings.groups:
        table = measured.table(f"frames_by_{group}")
        shown = measured.shown(table, group)
        yield _multiples(measured, shown, group, f"by {group}")
        few = measured.shown(measured.table(f"frames_by_{group}_period"), group, ACROSS)
        yield _multiples(measured, few, "period", f"over time, by {group}", group)
        apart = measured.table(f"frames_differences_by_{group}")
        if len(apart):
            yield _differences(measured, measured.shown(apart, group, ACROSS), group)
    if len(by_target := measured.table("frames_by_target")):
        yield _multiples(measured, by_target, "target", "by target")
    yield _multiples(measured, measured.table("frames_by_period"), "period", "over time")
    pairs = measured.table("frames_pairs")
    if len(pairs):
        yield StudyFigure(
            "frames_pairs", "stance", "Frames that occur together",
            f"A number counts the articles with both frames; it is bold where q is below {_FDR}. "
            "Blue: more often together than chance would have it; brown: less often.",
            f"A triangle of {counted(len(pairs), 'cell')}, one a pair of frames.",
            partial(pair_matrix, pairs, alpha=FDR), pairs,
        )  # fmt: skip


def _differences(measured: Measured, apart: pd.DataFrame, group: str) -> StudyFigure:
    """The frames of the value that differs most clearly from all others."""
    most = apart.loc[apart["p"].idxmin() if apart["p"].notna().any() else apart.index[0], group]
    table = apart[apart[group] == most]
    return StudyFigure(
        f"frames_differences_by_{group}", "stance", f"Frames of {most} and of all others",
        f"Left {SAID[measured.measure]}, right the ratio of the two with its 95% interval, filled "
        f"where q is below {_FDR}, over the comparisons of every {group} with all others. Of the "
        f"{apart[group].nunique()} largest, {most} differs most clearly.",
        f"Two panels, a row each of {counted(len(table), 'frame')}.",
        partial(frame_differences, table, label=group, alpha=FDR), table,
    )  # fmt: skip


def _multiples(
    measured: Measured, table: pd.DataFrame, by: str, title: str, across: str | None = None
) -> StudyFigure:
    measure, key = measured.measure, f"frames_by_{across}_{by}" if across else f"frames_by_{by}"
    table = table.reset_index(drop=True)
    evidence, links = _evidence(measured, table, [across, by] if across else [by], key)
    panels = "one a frame and value of " + across if across else "one a frame"
    return StudyFigure(
        key, "stance", f"Frames {title}",
        f"Panels, {panels} (lexicon {measured.lexicon.caption}): {SAID[measure]}. Bars and bands "
        "are 95% intervals with the article as the unit of evidence; n counts the articles with "
        "the frame, of all.",
        f"{counted(table['frame'].nunique(), 'frame')} in panels, {title}.",
        partial(
            frame_multiples, table.assign(link=links), by=by, measure=measure, across=across,
            thin=measured.settings.report.thin,
        ), table, evidence,
    )  # fmt: skip


def _evidence(
    measured: Measured, table: pd.DataFrame, by: list[str], key: str
) -> tuple[list[Evidence], pd.Series]:
    """The sentences of each point, frame by frame."""
    evidence, links = [], pd.Series("", index=table.index)
    for place, (frame, points) in enumerate(table.groupby("frame", sort=False)):
        found, opened = evidence_of(
            points, measured.lines, by, (str(frame),), chart=f"{key}-{place}",
            most=measured.settings.report.sentences, measure=measured.measure,
        )  # fmt: skip
        evidence += found
        links[points.index] = opened
    return evidence, links


def frame_findings(measured: Measured) -> Iterator[str]:
    """What the tables of frames say, one sentence a finding."""
    overall, measure = measured.table("frames_overall"), measured.measure
    if overall.empty:
        return
    ends = [measure, f"{measure}_low", f"{measure}_high"]
    said = "; ".join(
        f"{row['frame']} {interval(*(row[end] for end in ends))}"
        for row in overall.sort_values(measure, ascending=False).to_dict("records")
    )
    yield f"In {counted(round(overall['articles'].iloc[0]), 'article')}, {SAID[measure]}: {said}."
    for group in measured.settings.groups:
        apart = measured.table(f"frames_differences_by_{group}")
        if apart.empty:
            yield f"All articles have one {group}: there is none to compare."
            continue
        found = clear(apart)
        differ = "differs" if len(found) == 1 else "differ"
        names = (
            f"{row[group]} ({'more' if row['difference'] > 0 else 'less'} {row['frame']})"
            for row in found.head(8).to_dict("records")
        )
        yield (
            f"By {group}, {len(found)} of {counted(int(apart['tests'].iloc[0]), 'comparison')} of "
            f"a frame with all others {differ} at a false discovery rate of {FDR:.0%} over all of "
            f"them{listed(names)}"
        )
    turns = measured.table("frames_trend")
    found = clear(turns, "turn_p", "turn_q")
    names = (f"{row['frame']} on {row['turn']:%Y-%m-%d}" for row in found.to_dict("records"))
    yield f"{len(found)} of {counted(len(turns), 'frame')} turned{listed(names)}"


def frame_methods(measured: Measured) -> str:
    """How single frames were scored, in the words of a paper."""
    frames = ", ".join(dict.fromkeys(measured.table("frames_overall")["frame"]))
    return (
        f"Frames ({frames}) were found with the lexicon {measured.lexicon.label} and scored one by "
        "one: their prevalence is the share of articles with a hit, with Wilson's (1927) "
        "interval; their rate is hits per 1,000 tokens, and their share that of the hits of all "
        "these frames, both with intervals from the delete-one-article jackknife. Groups were "
        f"compared by {SAID[measured.measure]}, and all comparisons of a table were corrected "
        "together (Benjamini and Hochberg 1995)."
    )
