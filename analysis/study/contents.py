"""The contents of a study's report, section by section."""

from collections.abc import Mapping

import pandas as pd

from analysis.showing.report import Chart, Report, Section, Table
from analysis.study.material import Material
from analysis.study.stages import made_with
from analysis.study.words import findings, methods, robustness


def report(
    material: Material,
    charts: Mapping[str, list[Chart]],
    rows: dict[str, int],
    rejected: pd.DataFrame,
) -> Report:
    """The sections of a study's report."""
    outlets = material.articles["outlet"].nunique()
    versions = made_with()
    tables, most = material.tables, material.settings.report.terms
    reasons = (
        rejected.groupby(["source", "reason"], observed=True).size().rename("rows").reset_index()
    )
    accounting = (
        f"{rows['read']:,} rows were read: {rows['analysed']:,} are analysed, "
        f"{rows['rejected']:,} rejected, {rows['left_out']:,} left out by a choice of the study."
    )
    stances = [
        Table(name, name.replace("_", " ").capitalize(), _brief(table))
        for name, table in tables.items()
        if name.startswith("stance") and not name.endswith("overall") and len(table)
    ]
    terms = [
        Table(
            name,
            name.replace("_", " ").replace("tfidf", "TF-IDF"),
            table[table["rank"] <= most],
        )
        for name, table in tables.items()
        if name.startswith("tfidf")
    ]
    sections = [
        Section("findings", "Findings", points=findings(material)),
        Section("corpus", "The corpus", [accounting], charts=charts.get("corpus", [])),
        Section("stance", "Stance", charts=charts.get("stance", []), tables=stances),
        Section("voices", "Voices", charts=charts.get("voices", [])),
        Section("robustness", "What would turn the findings round", robustness(material),
                charts=charts.get("robustness", [])),
        Section("terms", "Terms", charts=charts.get("terms", []), tables=terms),
        Section("patterns", "What the scores are made of", tables=[
            Table("patterns", "Hits of every pattern and what it matched", tables["patterns"])
        ]),
        Section("methods", "Methods", methods(material, rows, versions)),
        Section("rejected", "What was not analysed", [accounting], tables=[
            Table("reasons", "Rows that were not analysed, by reason", reasons),
            Table("rejected", "The rows", rejected),
        ]),
    ]  # fmt: skip
    return Report(
        material.settings.title,
        f"{rows['analysed']:,} articles of {outlets} outlets; lexicon {material.lexicon}.",
        [section for section in sections if _has_content(section)],
        f"Made with Media Framing Analysis {versions['media-framing-analysis']}; provenance.json "
        "beside this page has the hashes of all that went in.",
    )


def _brief(table: pd.DataFrame) -> pd.DataFrame:
    """A table of scores without what only few readers need; its file has every column."""
    rates = [name for name in table if name.startswith("rate_") or name.endswith("_negated")]
    return table.drop(columns=[*rates, "tokens", "articles_hit", "df"], errors="ignore")


def _has_content(section: Section) -> bool:
    return any((section.paragraphs, section.points, section.charts, section.tables))
