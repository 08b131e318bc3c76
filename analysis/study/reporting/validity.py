"""What is known of the lexicon's validity in a study's corpus: contexts, and coded lines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.errors import CountsError
from analysis.formatting import counted
from analysis.measuring.coding.agreement import agreement
from analysis.measuring.coding.contexts import USUAL, told, warnings_of
from analysis.measuring.coding.correction import ENDS, corrected_prevalence, corrected_stance
from analysis.measuring.coding.precision import precision, recall
from analysis.measuring.coding.sheet_files import read_coding_sheet
from analysis.study.contrasts import Pair, contrast_key
from analysis.study.dataset import file_name

# As many warnings of patterns and outlets are said; the table has all.
SAID = 6


def validity(
    lines: pd.DataFrame,
    sheets: Sequence[Path],
    tables: Mapping[str, pd.DataFrame],
    contrasts: list[Pair],
    groups: Sequence[str],
) -> tuple[list[str], dict[str, pd.DataFrame]]:
    """What the report says first, in sentences, and the tables behind it."""
    said, made = _contexts(lines)
    if not sheets:
        said.append(
            "Not validated on this corpus: no line of it was coded, so how many hits mean what "
            "their frame says, here and in every outlet, is not known. Draw lines with "
            "coding_sheet, and name the coded sheets under coding in the study file."
        )
        return said, made
    codes = read_coding_sheet(sheets)
    unsure = int(codes["code"].isna().sum())
    said.append(
        f"{counted(codes['line_id'].nunique(), 'line')} of this corpus coded by "
        f"{counted(codes['coder'].nunique(), 'coder')}; {counted(unsure, 'code')} \u201ccan't "
        "tell\u201d."
    )
    hits = codes["hit"].ne(0) if "hit" in codes else pd.Series(True, index=codes.index)
    by_frame = precision(codes)
    said += [
        f"Precision of {row.frame}: {row.precision:.2f} [{row.low:.2f}, {row.high:.2f}] of "
        f"{counted(row.lines, 'line')}."
        for row in by_frame[by_frame["pattern"] == ""].itertuples()
    ]
    made["validity_precision"] = by_frame
    if "hit" in codes and (~hits).any():
        made["validity_recall"] = recall(codes)
    else:
        said.append("Recall is not known: no article or sentence without a hit was coded.")
    try:
        made["validity_agreement"] = agreement(codes)
    except CountsError:
        said.append("Agreement is not known: no line was coded by two coders.")
    for group in groups:
        known = group in codes
        found = precision(codes, by=group) if known else by_frame
        if known:
            made[f"validity_precision_by_{file_name(group)}"] = found
        for key, values, correct in _corrections(tables, contrasts, group):
            try:
                table = correct(precisions=found)
            except CountsError as fault:
                said.append(f"{key} is not corrected: {fault}")
                continue
            ends = [f"{kind}{end}" for kind in ("", "_corrected") for end in ENDS]
            first = [group, *table.columns.intersection(["frame"]), "articles"]
            shown = [*first, *(f"{value}{end}" for value in values for end in ends), "note"]
            made[f"validity_corrected_{key.removeprefix('stance_')}"] = table[shown]
    return said, made


def _corrections(
    tables: Mapping[str, pd.DataFrame], contrasts: list[Pair], group: str
) -> Iterator[tuple[str, list[str], Callable[..., pd.DataFrame]]]:
    """The tables of scores by a group that precision corrects: name, values, and the correction."""
    for frames in contrasts:
        key = file_name(f"stance_{contrast_key(contrasts, frames)}by_{group}")
        yield key, ["share"], partial(corrected_stance, tables[key], contrast=frames)
    if (key := file_name(f"frames_by_{group}")) in tables:
        yield key, ["prevalence", "rate"], partial(corrected_prevalence, tables[key])


def _contexts(lines: pd.DataFrame) -> tuple[list[str], dict[str, pd.DataFrame]]:
    """Whether the hits stand in the contexts that the lexicon was coded in."""
    if "unlike" not in lines:
        why = "with this lexicon come no weights of contexts in which it was coded"
        return [
            f"Whether the hits stand in contexts that the lexicon fits is not known: {why}."
        ], {}
    scored = lines[~lines["negated"].astype(bool)].astype({"unlike": bool})
    said, warned = [], []
    parts = [("all hits", warnings_of(scored, ["frame"]))]
    parts += [(name, warnings_of(scored, ["frame", name])) for name in ("pattern", "outlet")]
    for column, table in parts:
        for row in table[table["many"]].to_dict("records") if column != "all hits" else ():
            warned.append(f"{row['frame']}, {row[column]}: {told(row['n'], row['lines'])}")
    for row in parts[0][1].to_dict("records"):
        much = "; the corpus may be outside the domain that the lexicon was coded in"
        said.append(
            f"{row['frame']}: {told(row['n'], row['lines'])} (of the coded lines, {USUAL:.0%} "
            f"do){much if row['many'] else ''}."
        )
    if warned:
        more = f"; and {len(warned) - SAID} more" if len(warned) > SAID else ""
        said.append(f"Code lines of these first: {'; '.join(warned[:SAID])}{more}.")
    named = [table.rename(columns={name: "value"}).assign(column=name) for name, table in parts]
    whole = pd.concat(named)[["frame", "column", "value", "lines", "n", "share", "many"]]
    return said, {"validity_contexts": whole.rename(columns={"n": "unlike"})}
