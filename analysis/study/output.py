"""What a study hands over: tables, figures, the report, and where all of it came from."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.escape import spreadsheet_safe
from analysis.files import file_hash, replace_file
from analysis.formatting import csv_text, json_text, rounded
from analysis.showing.charts import save_figure
from analysis.showing.report import Chart, render
from analysis.study.contents import report
from analysis.study.drawings import drawings
from analysis.study.material import Material
from analysis.study.measures import contrasts_of
from analysis.study.naming import named
from analysis.study.stages import (
    PROVENANCE,
    corpus_files,
    made_with,
    remove_stale,
)
from analysis.study.steps import lexicon_of, load

if TYPE_CHECKING:
    from analysis.study import Study

README = """\
tables/   every table, as CSV for people and as Parquet for programs
figures/  every figure as SVG and PNG, with its caption (.txt) and the table it shows (.csv)
report.html      opens in any browser, without a network
provenance.json  hashes of corpus, lexicon and study; versions; rows; every file here
"""


def write(study: "Study", done: Mapping[str, Path], key: str) -> dict[str, Any]:
    """Write every result of a study, the provenance last: it says that all is there."""
    folder = study.folder
    material = _material(study, done)
    rows = row_accounting(done)
    rejected = _rejected(done)
    written = [replace_file(folder / "README.txt", README)]
    for name, table in {**material.tables, "rejected": rejected}.items():
        written += _write_table(folder / "tables" / name, table, study.settings.spreadsheet_safe)
    charts, files = _figures(material, done["measure"].parent / "figures.partial", folder)
    written += files
    page = render(report(material, charts, rows, rejected))
    written.append(replace_file(folder / "report.html", page))
    listed = {path.relative_to(folder).as_posix(): file_hash(path) for path in sorted(written)}
    provenance = {
        "title": study.settings.title,
        "key": key,
        "study": {"file": study.path.name, "sha256": file_hash(study.path)},
        "corpus": _corpus(study),
        "lexicon": {"label": material.lexicon.label, "sha256": material.lexicon.fingerprint},
        "made_with": made_with(),
        "rows": rows,
        "files": listed,
    }
    remove_stale(folder, listed)
    replace_file(folder / PROVENANCE, json_text(provenance))
    return provenance


def row_accounting(done: Mapping[str, Path]) -> dict[str, int]:
    """Every row of the input: analysed, rejected, or left out by a choice of the study."""
    rows = {
        "rejected": len(load(done["read"] / "rejected")),
        "left_out": len(load(done["prepare"] / "left_out")),
        "analysed": len(load(done["prepare"] / "articles")),
    }
    read = len(load(done["read"] / "articles")) + rows["rejected"]
    if read != sum(rows.values()):
        raise AssertionError(f"rows were lost: {read} read, {rows}")
    return {"read": read, **rows}


def _material(study: "Study", done: Mapping[str, Path]) -> Material:
    lines = done.get("evidence")
    return Material(
        study.settings,
        named(load(done["prepare"] / "articles"), study.settings.groups),
        # Rounded once: files, figures and report show the same numbers, on every machine.
        {
            path.stem: rounded(pd.read_feather(path))
            for path in sorted(done["measure"].glob("*.arrow"))
        },
        load(lines / "lines") if lines else pd.DataFrame(columns=["frame", "negated"]),
        contrasts_of(study),
        lexicon_of(study),
    )


def _rejected(done: Mapping[str, Path]) -> pd.DataFrame:
    left_out = load(done["prepare"] / "left_out").rename(columns={"doc_id": "locator"})
    left_out = left_out.assign(source="left out by the study", detail="")
    return pd.concat([load(done["read"] / "rejected"), left_out], ignore_index=True)


def _write_table(path: Path, table: pd.DataFrame, safe: bool) -> list[Path]:
    shown = spreadsheet_safe(table) if safe else table
    plain = table.astype(
        {n: "str" for n in table if isinstance(table[n].dtype, pd.CategoricalDtype)}
    )
    return [
        replace_file(path.with_suffix(".csv"), csv_text(shown)),
        replace_file(path.with_suffix(".parquet"), plain.to_parquet(index=False)),
    ]


def _figures(
    material: Material, partial: Path, folder: Path
) -> tuple[dict[str, list[Chart]], list[Path]]:
    """Draw and save every figure; the charts for the report, by section."""
    charts: dict[str, list[Chart]] = {}
    written = []
    safe = material.settings.spreadsheet_safe
    for drawn in drawings(material):
        caption = " ".join(drawn.caption.split())
        files = save_figure(
            drawn.figure, partial / drawn.key, title=drawn.title, caption=caption,
            alt=drawn.alt, table=spreadsheet_safe(drawn.table) if safe else drawn.table,
        )  # fmt: skip
        svg = files[0].read_text(encoding="utf-8")
        (folder / "figures").mkdir(parents=True, exist_ok=True)
        written += [file.replace(folder / "figures" / file.name) for file in files]
        chart = Chart(drawn.key, drawn.title, caption, drawn.alt, svg, drawn.evidence)
        charts.setdefault(drawn.section, []).append(chart)
    shutil.rmtree(partial, ignore_errors=True)
    return charts, written


def _corpus(study: "Study") -> list[dict[str, object]]:
    path = study.path.parent / study.settings.corpus.path
    return [
        {"file": file.name, "sha256": file_hash(file), "bytes": file.stat().st_size}
        for file in corpus_files([path], study.not_corpus)
    ]
