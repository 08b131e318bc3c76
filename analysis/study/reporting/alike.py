"""What a study shows and says of groups that are compared like with like."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from analysis.formatting import counted
from analysis.showing.charts import adjusted_differences, event_slopes
from analysis.showing.readable import interval
from analysis.study.contrasts import Pair
from analysis.study.reporting.measured import FDR, Measured, StudyFigure, clear, listed

ENDS = ("share_difference", "share_difference_low", "share_difference_high")


def alike_figures(measured: Measured, frames: Pair) -> Iterator[StudyFigure]:
    """Adjusted beside unadjusted differences, and the same events in two groups."""
    for group in measured.settings.groups:
        table = measured.stance(frames, f"adjusted_by_{group}")
        if ENDS[0] in table:
            shown = measured.shown(table, group)
            yield StudyFigure(
                measured.key(frames, f"adjusted_by_{group}"), "stance",
                f"Share of {frames[0]} by {group}, adjusted",
                f"How far the share of {frames[0]} is from that of all others: hollow as it is, "
                f"filled as if both had the same mix ({_names(measured)}), with 95% intervals.",
                f"Two dots with intervals a row, one row a value of {group}.",
                partial(adjusted_differences, shown, label=group), shown,
            )  # fmt: skip
        table = measured.stance(frames, f"event_shares_by_{group}")
        if len(table):
            yield StudyFigure(
                measured.key(frames, f"events_by_{group}"), "stance",
                f"Share of {frames[0]} on the same events, by {group}",
                "One line an event, of the two with the most events in common.",
                f"Lines between two values of {group}, one an event.",
                partial(event_slopes, table, label=group, frames=frames), table,
            )  # fmt: skip


def alike_findings(measured: Measured, table_of: str, frame: str) -> Iterator[str]:
    """What adjusting changed, and what remains on the same events: a sentence each."""
    for group in measured.settings.groups:
        adjusted = measured.table(f"{table_of}adjusted_by_{group}")
        if len(adjusted):
            yield _adjusting(measured, adjusted, group, frame)
        paired = measured.table(f"{table_of}paired_by_{group}")
        if len(paired):
            yield _pairing(measured, paired, group, frame)


def _adjusting(measured: Measured, table: pd.DataFrame, group: str, frame: str) -> str:
    if ENDS[0] not in table:
        return f"By {group}, {table['adjusting'].iloc[0]}"
    known = table[table["adjusted_p"].notna()]
    before, after = ((known[name] < FDR).sum() for name in ("q", "adjusted_q"))
    change = (known[f"adjusted_{ENDS[0]}"] - known[ENDS[0]]).abs()
    row = known.loc[change.idxmax()]
    which = f", {row['frame']}" if "frame" in row else ""
    without = len(table) - len(known)
    left = f" {counted(without, 'of them')} could not be adjusted." if without else ""
    return (
        f"By {group}, with the same mix ({_names(measured)}) {after} of "
        f"{counted(len(known), 'difference')} of {frame} from all others together "
        f"remain{'s' if after == 1 else ''} at a "
        f"false discovery rate of {FDR:.0%}, where there were {before}; adjusting changed that of "
        f"{row[group]}{which} most, from {interval(*row[list(ENDS)])} to "
        f"{interval(*row[[f'adjusted_{end}' for end in ENDS]])}.{left}"
    )


def _pairing(measured: Measured, table: pd.DataFrame, group: str, frame: str) -> str:
    found = clear(table)
    differ = "differs" if len(found) == 1 else "differ"
    named = (
        f"{row[group]} {'more' if row['difference'] > 0 else 'less'} than {row[f'{group}_other']}"
        + (f" ({row['frame']})" if "frame" in row else "")
        for row in found.head(8).to_dict("records")
    )
    least, most = table["events"].min(), table["events"].max()
    events = ("" if least == most else f"{least:,} to ") + counted(most, "event")
    one_sided = measured.table(f"one_sided_by_{group}")
    alone = f" The table one_sided_by_{group} lists what only one of two covers." * bool(
        len(one_sided)
    )
    return (
        f"On the same events ({events} a pair), {len(found)} of {counted(len(table), 'pair')} by "
        f"{group} {differ} in {frame} at a false discovery rate of {FDR:.0%}{listed(named)}{alone}"
    )


def _names(measured: Measured) -> str:
    return ", ".join(measured.settings.compare.adjust)


def alike_methods(measured: Measured) -> Iterator[str]:
    """How groups were made alike, in the words of a paper."""
    choice = measured.settings.compare
    if choice.adjust:
        yield (
            f"Differences were adjusted for {_names(measured)} by a generalised linear model of "
            "the articles of each group and of all others, whose fitted shares were averaged over "
            "the articles of both (standardisation), with robust errors (HC3; CR2 where articles "
            "share a unit) and Satterthwaite's degrees of freedom; what one side never covers was "
            "left out."
        )
    if choice.within == "event":
        yield (
            "Articles of several outlets on the same news were matched by TF-IDF similarity "
            f"within {choice.window}; groups were compared event by event (Mantel and Haenszel's "
            "log odds ratio, with a jackknife over events)."
        )
