"""The contents of a study's report, section by section."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.formatting import counted
from analysis.showing.report import Chart, Report, Section, Table
from analysis.study.contrasts import contrast_key
from analysis.study.reporting.findings import findings, robustness
from analysis.study.reporting.learnt import learnt_findings
from analysis.study.reporting.measured import Measured
from analysis.study.reporting.methods import methods
from analysis.study.reporting.terms import hidden_terms
from analysis.study.stages import versions

OF_VOICES = ("voice", "source")


def report(
    measured: Measured,
    charts: Mapping[str, list[Chart]],
    left_out: Mapping[str, list[str]],
    rows: dict[str, int],
    rejected: pd.DataFrame,
) -> Report:
    """The sections of a study's report."""
    outlets = measured.articles["outlet"].nunique()
    made_with = versions()
    reasons = (
        rejected.groupby(["source", "reason"], observed=True).size().rename("rows").reset_index()
    )
    accounting = (
        f"{counted(rows['read'], 'row')} read: {rows['analysed']:,} analysed, "
        f"{rows['rejected']:,} rejected, {rows['left_out']:,} left out by a choice of the study."
    )
    if rows["empty"]:
        accounting += (
            f" {counted(rows['empty'], 'article')} had no words left when furniture was cut."
        )

    def why(section: str) -> list[str]:
        return left_out.get(section, [])

    drawn = [chart for section in charts.values() for chart in section]
    not_analysed = [
        Table("reasons", "Rows that were not analysed, by reason", reasons),
        Table("rejected", "The rows", rejected),
    ]
    sections = [
        Section("validity", "Validity", points=measured.validity, tables=[
            Table(name, name.replace("_", " ").capitalize(), table)
            for name, table in measured.tables.items() if name.startswith("validity")
        ]),
        Section("findings", "Findings", points=findings(measured)),
        Section("corpus", "The corpus", [accounting, *why("corpus")],
                charts=charts.get("corpus", [])),
        Section("stance", "Stance", why("stance"), charts=charts.get("stance", []),
                tables=_stance_tables(measured, drawn)),
        Section("voices", "Voices", why("voices"), charts=charts.get("voices", [])),
        Section("robustness", "What would turn the findings round",
                [*robustness(measured), *learnt_findings(measured), *why("robustness")],
                charts=charts.get("robustness", []), tables=[
                    Table(name, name.replace("_", " ").capitalize(), table)
                    for name, table in measured.tables.items()
                    if name in ("learnt_scale", "learnt_scale_seeds")
                ]),
        Section("terms", "Terms", why("terms"), charts=charts.get("terms", []),
                tables=_term_tables(measured)),
        Section("patterns", "What the scores are made of", tables=[
            Table("patterns", "Hits of every pattern and what it matched",
                  measured.tables["patterns"])
        ]),
        Section("methods", "Methods", methods(measured, rows, made_with)),
        Section("rejected", "What was not analysed", [accounting],
                tables=not_analysed if len(rejected) else []),
    ]  # fmt: skip
    return Report(
        measured.settings.title,
        f"{counted(rows['analysed'], 'article')} of {counted(outlets, 'outlet')}; lexicon "
        f"{measured.lexicon.caption}.",
        [s for s in sections if any((s.paragraphs, s.points, s.charts, s.tables))],
        f"Made with Media Framing Analysis {made_with['media-framing-analysis']}; provenance.json "
        "beside this page has the hashes of all that went in.",
        language=code if len(code := measured.lexicon.language) == 2 else "",
    )


def _stance_tables(measured: Measured, drawn: Sequence[Chart]) -> list[Table]:
    return [
        Table(
            name, name.replace("_", " ").capitalize() + _pair(name, table), _brief(table, name),
            links=_links(measured, name, table, drawn),
        )
        for name, table in measured.tables.items()
        if name.startswith(("stance", "frames")) and len(table)
        and not name.endswith("overall") and "event_shares" not in name
    ]  # fmt: skip


def _term_tables(measured: Measured) -> list[Table]:
    """The heaviest terms of each group."""
    hidden, most = list(hidden_terms(measured)), measured.settings.report.terms
    found = []
    for name, table in measured.tables.items():
        if name.startswith("tfidf") and len(table):
            table = table[~table["term"].isin(hidden)]
            by = list(table.columns[: table.columns.get_loc("term")])
            table = table[table.groupby(by, observed=True).cumcount() < most]
            found.append(Table(name, name.replace("_", " ").replace("tfidf", "TF-IDF"), table))
    return found


def _links(
    measured: Measured, name: str, table: pd.DataFrame, charts: Sequence[Chart]
) -> dict[int, str]:
    """The sentences of a table's rows: those of the point of a chart that is the same group."""
    columns = [*measured.settings.groups, "period", *OF_VOICES, "target"]
    by = [column for column in dict.fromkeys(columns) if column in table]
    if not by or "sensitivity" in name:
        return {}
    if name.startswith("frames"):
        by, prefix = [*by, "frame"], "frames_by_"
    else:
        prefix = f"{_contrast_of(measured, name)}share_"
    known: dict[tuple[str, ...], str] = {}
    of_scores = (chart for chart in charts if chart.key.startswith(prefix))
    for evidence in (evidence for chart in of_scores for evidence in chart.evidence):
        if set(evidence.of) == set(by):
            known.setdefault(tuple(evidence.of[column] for column in by), evidence.key)
    groups = table[by].astype("str").itertuples(index=False, name=None)
    return {row: known[group] for row, group in enumerate(groups) if group in known}


def _contrast_of(measured: Measured, name: str) -> str:
    """The key of the contrast that a table of stance is of."""
    # The longest, since the name of one contrast may begin that of another.
    keys = (contrast_key(measured.contrasts, frames) for frames in measured.contrasts)
    return max((key for key in keys if name.startswith(f"stance_{key}")), key=len)


def _pair(name: str, table: pd.DataFrame) -> str:
    """The two groups whose difference a table of sensitivity is of."""
    group = name.rpartition("sensitivity_by_")[2]
    if f"{group}_other" not in table or group == name:
        return ""
    return f": {table[group].iloc[0]} against {table[f'{group}_other'].iloc[0]}"


def _brief(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table of scores without what only few readers need; its file has every column."""
    if "prevalence" in table:
        return table
    unused = [name for name in table if name.startswith("rate_") or name.endswith("_negated")]
    unused += ["tokens", "articles_hit", "df", "first", "last", "drift_deviance", "turn_deviance"]
    if _pair(name, table):
        group = name.rpartition("sensitivity_by_")[2]
        unused += [group, f"{group}_other"]
    if "note" in table and not table["note"].fillna("").any():
        unused.append("note")
    return table.drop(columns=unused, errors="ignore")
