"""What a study hands over: tables, figures, the report, and where all of it came from."""

import shutil
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import pandas as pd
from matplotlib.figure import Figure

from analysis.errors import CountsError
from analysis.escape import spreadsheet_safe
from analysis.executors import Where
from analysis.files import file_hash, replace_file
from analysis.formatting import csv_text, json_text, rounded
from analysis.parts import map_parts
from analysis.showing.charts import save_figure
from analysis.showing.report import Chart, render
from analysis.study.contrasts import contrasts_of
from analysis.study.corpus import NO_PERIOD, REPRINT, texts_of, with_group_names
from analysis.study.dataset import columns_of, parts_of, read_all, read_table
from analysis.study.evidence import Lines
from analysis.study.reporting.explorer import explorer
from analysis.study.reporting.figures import study_figures
from analysis.study.reporting.measured import Measured, StudyFigure
from analysis.study.reporting.sections import report
from analysis.study.reporting.validity import validity
from analysis.study.stages import PROVENANCE, remove_stale, versions
from analysis.study.study_file import Done, StudyFile

README = """\
tables/   every table, as CSV for people and as Parquet for programs
figures/  every figure as SVG and PNG, with its caption (.txt) and the table it shows (.csv)
report.html      opens in any browser, without a network
explorer.html    so does this: choose outlets, periods, frames and voices
provenance.json  hashes of corpus, lexicon and study; versions; rows; every file here
"""


def write(
    study: StudyFile, done: Done, key: str, corpus: list[dict[str, object]], executor: Where
) -> dict[str, Any]:
    """Write every result of a study, the provenance last: it says that all is there."""
    folder = study.folder
    measured = _measured(study, done)
    rows = row_accounting(done)
    rejected = _rejected(done)
    written = [replace_file(folder / "README.txt", README)]
    if "learn" in done:
        learnt = (done["learn"] / "scale.yml").read_bytes()
        written.append(replace_file(folder / "scale.yml", learnt))
    for name, table in {**measured.tables, "rejected": rejected}.items():
        written += _write_table(folder / "tables" / name, table, study.settings.spreadsheet_safe)
    drawing = done["measure"].parent / "figures.partial"
    # Matplotlib draws in one thread, other machines may have other fonts, and workers that have
    # not been needed yet take longer to start than to draw.
    started = isinstance(executor, ProcessPoolExecutor) and len(parts_of(texts_of(done))) > 1
    where = executor if started else None
    charts, left_out, files = _figures(measured, drawing, folder, where)
    written += files
    pages = {"explorer.html": explorer(measured, done)}
    shown = report(measured, charts, left_out, rows, rejected)
    pages["report.html"] = render(replace(shown, explorer=bool(pages["explorer.html"])))
    written += [replace_file(folder / name, page) for name, page in pages.items() if page]
    listed = {path.relative_to(folder).as_posix(): file_hash(path) for path in sorted(written)}
    provenance = {
        "title": study.settings.title,
        "key": key,
        "study": {"file": study.path.name, "sha256": study.sha256},
        "corpus": corpus,
        "lexicon": {"label": measured.lexicon.label, "sha256": measured.lexicon.fingerprint},
        "made_with": versions(),
        "rows": {name: n for name, n in rows.items() if name != "empty"},
        "files": listed,
    }
    remove_stale(folder, listed)
    replace_file(folder / PROVENANCE, json_text(provenance))
    return provenance


def row_accounting(done: Done) -> dict[str, int]:
    """Every row of the input: analysed, rejected, or left out by a choice of the study.

    ``empty`` is how many of those analysed have no words.
    """
    reasons = read_all(done["choose"] / "choice", ["reason"])["reason"]
    texts = [read_table(part, ["text"])["text"] for part in parts_of(done["prepare"] / "articles")]
    rows = {
        "rejected": len(read_all(done["read"] / "rejected", ["source"])),
        "left_out": int((reasons != "").sum()),
        "analysed": sum(map(len, texts)),
    }
    read = len(reasons) + rows["rejected"]
    if read != sum(rows.values()):
        raise AssertionError(f"rows were lost: {read} read, {rows}")
    return {"read": read, **rows, "empty": sum(int((t.str.strip() == "").sum()) for t in texts)}


def _measured(study: StudyFile, done: Done) -> Measured:
    groups = study.settings.groups
    names = [name for name in columns_of(done["prepare"] / "articles") if name != "text"]
    lines, contrasts = Lines.load(done["evidence"] / "lines", groups), contrasts_of(study)
    tables = {path.stem: read_table(path) for path in parts_of(done["measure"])}
    said, found = validity(lines.table, study.sheets, tables, contrasts, groups)
    return Measured(
        study.settings,
        with_group_names(read_all(done["prepare"] / "articles", names), groups),
        # Rounded once: files, figures and report show the same numbers, on every machine.
        {name: rounded(table) for name, table in {**tables, **found}.items()},
        lines,
        contrasts,
        study.lexicon,
        said,
    )


def _rejected(done: Done) -> pd.DataFrame:
    """Rows that were not read, then those that the study leaves out: by its choices, by period."""
    choice = read_all(done["choose"] / "choice", ["doc_id", "reason"])
    left_out = choice[choice["reason"] != ""].rename(columns={"doc_id": "locator"})
    last = left_out["reason"].map({NO_PERIOD: 1, REPRINT: 2}).fillna(0)
    left_out = left_out.loc[last.sort_values(kind="stable").index]
    left_out = left_out.assign(source="left out by the study", detail="")
    return pd.concat([read_all(done["read"] / "rejected"), left_out], ignore_index=True)


def _write_table(path: Path, table: pd.DataFrame, safe: bool) -> list[Path]:
    shown = spreadsheet_safe(table) if safe else table
    plain = table.astype(dict.fromkeys(table.select_dtypes("category"), "str"))
    return [
        replace_file(path.with_suffix(".csv"), csv_text(shown)),
        replace_file(path.with_suffix(".parquet"), plain.to_parquet(index=False)),
    ]


def _figures(
    measured: Measured, partial_folder: Path, folder: Path, executor: Where
) -> tuple[dict[str, list[Chart]], dict[str, list[str]], list[Path]]:
    """Draw and save every figure; the charts for the report by section, and why others are not."""
    charts: dict[str, list[Chart]] = {}
    left_out: dict[str, list[str]] = {}
    written = []
    figures = list(study_figures(measured))
    draw = partial(_draw, partial_folder, measured.settings.spreadsheet_safe)
    bare = [replace(figure, evidence=[]) for figure in figures]
    for drawn, (files, why, warned) in zip(figures, map_parts(draw, bare, executor), strict=True):
        for warning in warned:
            warnings.warn(warning, stacklevel=2)
        if why:
            left_out.setdefault(drawn.section, []).append(why)
            continue
        svg = files[0].read_text(encoding="utf-8")
        (folder / "figures").mkdir(parents=True, exist_ok=True)
        written += [file.replace(folder / "figures" / file.name) for file in files]
        shown = Chart(drawn.key, drawn.title, _caption(drawn), drawn.alt, svg, drawn.evidence)
        charts.setdefault(drawn.section, []).append(shown)
    shutil.rmtree(partial_folder, ignore_errors=True)
    return charts, left_out, written


def _draw(
    folder: Path, safe: bool, drawn: StudyFigure
) -> tuple[list[Path], str, list[Warning | str]]:
    """Draw a figure and save it: its files, or why it can't be drawn; and what it warned of.

    A warning of a process is heard only where it is given again.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            chart = drawn.draw()
        except CountsError as fault:
            return [], f"Left out, the figure \u201c{drawn.title}\u201d: {fault}", []
        files = save_figure(
            chart if isinstance(chart, Figure) else cast(Figure, chart.figure), folder / drawn.key,
            title=drawn.title, caption=_caption(drawn), alt=drawn.alt,
            table=spreadsheet_safe(drawn.table) if safe else drawn.table,
        )  # fmt: skip
    return files, "", [one.message for one in caught]


def _caption(drawn: StudyFigure) -> str:
    return " ".join(drawn.caption.split())
