"""Findings in words, with their numbers."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.formatting import counted
from analysis.showing.readable import interval, number, p_value
from analysis.study.contrasts import Pair, contrast_key
from analysis.study.reporting.alike import alike_findings
from analysis.study.reporting.frames import frame_findings
from analysis.study.reporting.measured import FDR, Measured, clear, listed
from analysis.study.reporting.targets import target_findings
from analysis.study.tables import comparable


def findings(measured: Measured) -> list[str]:
    """What the tables say, one sentence a finding."""
    said: list[str] = []
    for frames in measured.contrasts:
        said += _overall(measured, frames)
        for group in measured.settings.groups:
            said += _by_group(measured, frames, group)
        prefix = f"stance_{contrast_key(measured.contrasts, frames)}"
        said += alike_findings(measured, prefix, f"the share of {frames[0]}")
        said += _turns(measured, frames)
        said += _events(measured.stance(frames, "events"), frames[0])
        said += target_findings(measured, frames)
    said += frame_findings(measured)
    if not measured.contrasts:
        said += alike_findings(measured, "frames_", "the frames")
        dated = measured.table("frames_events")
        for frame, of_frame in dated.groupby("frame", sort=False) if len(dated) else ():
            said += _events(of_frame, str(frame))
    said += _carried(measured)
    return said


def _overall(measured: Measured, frames: Pair) -> Iterator[str]:
    a, b = frames
    row = measured.stance(frames, "overall").iloc[0]
    first, last = measured.articles["date"].min(), measured.articles["date"].max()
    n = len(measured.articles)
    where = f"In {counted(n, 'article')} from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    if pd.isna(row["share"]):
        yield (
            f"{where} no hit of {a} or {b} was counted: there is no share. Does the lexicon "
            f"{measured.lexicon.label} fit the articles and their language?"
        )
    else:
        copies = round(n - row["articles"])
        once = f"; {counted(copies, 'reprint')} and what was reprinted count as one story each"
        yield (
            f"{where} the share of {a} against {b} is {_share(row)}: {_hits(row[f'n_{a}'], 'hit')} "
            f"against {_hits(row[f'n_{b}'])}{once if n > row['articles'] else ''}."
        )
    yield _negation(measured, row[f"n_{a}_negated"] + row[f"n_{b}_negated"], b)


def _negation(measured: Measured, negated: float, frame: str) -> str:
    """What became of negated hits: none are told apart where the lexicon names no negators."""
    negators = measured.lexicon.negators
    if not negators:
        return (
            f"The lexicon names no negators: hits such as that in \u201cno {frame}\u201d count "
            "like all others."
        )
    done = {
        "apart": "are left out of the score",
        "flip": "count for the other frame",
        "keep": "count as if there were no negator",
    }[measured.settings.lexicon.negated]
    word = next((word for word in negators if word.isalpha()), None)
    such = f" (as in \u201c{word} {frame}\u201d)" if word else ""
    return f"Hits after a negator{such}, {_hits(negated)} in all, {done}."


def _by_group(measured: Measured, frames: Pair, group: str) -> Iterator[str]:
    table = measured.stance(frames, f"by_{group}")
    least = measured.settings.report.least
    if len(table) == 1:
        yield f"All articles have one {group}, {table[group].iloc[0]}: there is none to compare."
        return
    enough = comparable(table, least)
    if len(enough) < 2:
        yield f"No two values of {group} have {least} articles and an interval to be compared."
        return
    low, high = enough.iloc[0], enough.iloc[-1]
    yield (
        f"By {group}, among the {len(enough)} with at least {least} articles, the share of "
        f"{frames[0]} is largest in {high[group]} ({_share(high)}, n = {high['articles']:,.0f}) "
        f"and smallest in {low[group]} ({_share(low)}, n = {low['articles']:,.0f})."
    )
    apart = measured.stance(frames, f"differences_by_{group}")
    apart = apart[apart[group].isin(enough[group])]
    found = clear(apart)
    names = (
        f"{row[group]} ({'more' if row['difference'] > 0 else 'less'}, {_p(row['q'], 'q')})"
        for row in found.head(8).to_dict("records")
    )
    yield (
        f"{len(found)} of these {len(apart)} differ{'s' * (len(found) == 1)} from all others "
        f"together at a false discovery rate of {FDR:.0%}{listed(names)}"
    )


def _turns(measured: Measured, frames: Pair) -> Iterator[str]:
    for name in ("trend", *(f"trend_by_{group}" for group in measured.settings.groups)):
        table = measured.stance(frames, name)
        group = name.removeprefix("trend_by_") if "_by_" in name else None
        found = clear(table, "turn_p", "turn_q") if len(table) else table
        for row in found.head(5).to_dict("records"):
            who = _named(group, row[group]) if group else "All articles together"
            if row["course"] == "drift":
                slope, low, high = _signed(row, "slope")
                yield (
                    f"{who} moved, but a straight line fits as well as a turn: it may have been a "
                    f"drift ({slope} log odds a year, {low} to {high})."
                )
            else:
                yield _turn(who, row, frames[0])
        if len(table) and found.empty:
            where = "all articles together"
            if group:
                some = len(table) < measured.articles[group].nunique()
                where = f"any of the {len(table)} largest values of {group}" if some \
                    else f"any {group}"  # fmt: skip
            tested = int(table["turn_p"].notna().sum())
            some = f"; one could be tested in {tested} of {len(table)}"
            yield (
                f"No turning point stands out from chance in {where}"
                f"{some if tested < len(table) else ''}."
                if tested
                else f"No turning point could be tested in {where}: too few articles have hits."
            )


def _events(table: pd.DataFrame, frame: str) -> Iterator[str]:
    """What changed at each date that the study names, and how often as much did at others."""
    if table.empty:
        return
    others = int(table["placebo"].sum())
    for row in table[~table["placebo"].astype(bool)].to_dict("records"):
        at = f"At {row['event']} ({row['date']:%Y-%m-%d})"
        if row["note"]:
            yield f"{at} no change of {frame} can be measured: {row['note']}."
            continue
        # placebo_p counts the date itself among them.
        as_large = (
            f" At dates when nothing was named, it changed as clearly in "
            f"{row['placebo_p'] * (others + 1) - 1:.0f} of {others}."
        ) if others else ""  # fmt: skip
        change, low, high = _signed(row, "level_change")
        yield (
            f"{at} the level of {frame} changed by {change} log odds ({low} to {high}, "
            f"{_p(row['level_change_p'])}).{as_large}"
        )


def _named(group: str, value: object) -> str:
    """A value at the beginning of a sentence: an outlet needs no more than its name."""
    return f"{value}" if group == "outlet" else f"{group[:1].upper()}{group[1:]} {value}"


def _turn(who: str, row: dict[str, Any], frame: str) -> str:
    known = not pd.isna(row["turn_low"])
    between = (
        f"95% interval {row['turn_low']:%Y-%m-%d} to {row['turn_high']:%Y-%m-%d}" if known
        else "too few articles for an interval of the date"
    )  # fmt: skip
    moved = (
        f"the share of {frame} is {row['share_before']:.2f} before and {row['share_after']:.2f} "
        f"after ({_p(row['turn_q'], 'q')})"
    )
    if row["turns"] > 1:
        moved += f"; the clearest of {row['turns']} turns"
    if known and row["turn_high"] - row["turn_low"] > pd.Timedelta(days=365):
        return f"{who} changed, but when can't be told closely ({between}): {moved}."
    return f"{who} turned on {row['turn']:%Y-%m-%d} ({between}): {moved}."


def robustness(measured: Measured) -> list[str]:
    """What would turn each finding round, one sentence a finding."""
    said: list[str] = []
    for frames in measured.contrasts:
        found = measured.sensitivities(frames)
        said += [" ".join(_robust(frames, table, group)) for group, table in found]
    return said


def _robust(frames: Pair, table: pd.DataFrame, group: str | None) -> Iterator[str]:
    a, b = frames
    base, changes = table.iloc[0], table.iloc[1:]
    if group:
        yield (
            f"{_named(group, base[group])} has more {a} than {base[f'{group}_other']} (shares "
            f"{base['share']:.2f} "
            f"and {base['share_other']:.2f})."
        )
    else:
        more, less = (a, b) if base["score"] > 0 else (b, a)
        yield f"In all articles {more} outweighs {less} (share of {a} {base['share']:.2f})."
    if base["score_low"] < 0 < base["score_high"]:
        yield "That could be chance: the interval holds both sides."
    alone = changes[changes["turned"].astype(bool) & (changes["change"] != "patterns together")]
    n = len(changes) - (changes["change"] == "patterns together").sum()
    which = "; ".join(f"{row['change']}: {row['left_out']}" for row in alone.to_dict("records"))
    yield (
        f"{len(alone)} of {n} single changes turn{'s' * (len(alone) == 1)} it round ({which})."
        if which
        else f"None of {n} single changes turns it round."
    )
    for row in changes[changes["change"] == "patterns together"].to_dict("records"):
        names = str(row["left_out"]).split(", ")
        if not row["left_out"]:
            yield f"{row['note'].capitalize()}."
        elif len(names) > 1:
            yield f"Leaving out {len(names)} patterns together does ({row['left_out']})."


def _carried(measured: Measured) -> Iterator[str]:
    """How much of each frame that is scored its commonest pattern carries."""
    hits = measured.tables["patterns"]
    frames = {frame for pair in measured.contrasts for frame in pair}
    if not frames:
        frames = {*measured.table("frames_overall")["frame"]}
    keep = measured.settings.lexicon.negated == "keep"
    hits = hits[hits["frame"].isin(frames) & (keep | ~hits["negated"].astype(bool))]
    by_pattern = hits[hits["n"] > 0].groupby(["frame", "pattern"])["n"].sum()
    flip = measured.settings.lexicon.negated == "flip"
    for frame, of_frame in by_pattern.groupby("frame"):
        top = of_frame.idxmax()[1]
        yield (
            f"The pattern \u201c{top}\u201d gives {of_frame.max() / of_frame.sum():.0%} of the "
            f"{_hits(of_frame.sum(), 'hit')} of {frame}{' that are not negated' if flip else ''}."
        )


def _hits(n: float, noun: str = "") -> str:
    """Hits are whole, or parts where the copies of a story share its weight."""
    said = f"{n:,.1f}".removesuffix(".0")
    return f"{said} {noun}{'s' * (said != '1')}" if noun else said


def _signed(row: dict[str, Any], name: str) -> list[str]:
    """A change and the ends of its interval, each with its sign."""
    values = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    return [("+" if value > 0 else "") + number(value) for value in values]


def _share(row: pd.Series) -> str:
    return interval(row["share"], row["share_low"], row["share_high"])


def _p(value: float, name: str = "p") -> str:
    said = p_value(value)
    return f"{name} {said[0]} {said[1:]}" if said.startswith("<") else f"{name} = {said}"
