"""Articles that attack whoever looks at them: every field, through every output, stays text."""

import csv
import io
import logging
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis import explore, kwic, read_articles, readable, show_kwic, spreadsheet_safe
from analysis.cli import main
from analysis.escape import inert
from analysis.study import Study

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "[a](javascript:alert(1))",
    "$\\frac{1}{0}$ and $",
    "$\\unknown",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|x",
    "+1-1",
    "\u202egnp.exe",
    "\x1b[2J\x1b]0;title\x07\x1b[31mred",
    "</td></table><h1>x</h1>",
    "{{ 7*7 }}{% include '/etc/passwd' %}",
    "../../etc/passwd",
    "%s%n%d",
]
FRAMES = "talks on peace, a threat of sanctions and a dialogue of missiles"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every payload as an outlet, a title, a text, an id, a link and a section."""
    rows = [
        {"doc_id": f"{payload} {number}", "outlet": payload, "date": f"2021-0{1 + number % 9}-14",
         "title": payload, "text": f"{payload} {FRAMES}. \"Talks,\" said {payload}. {payload}",
         "url": payload, "section": payload}
        for payload in PAYLOADS for number in range(3)
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("hostile") / "=cmd <b>&$x$.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def results(corpus: Path) -> Path:
    study = corpus.parent / "study.toml"
    study.write_text(
        f"""title = "<script>alert(0)</script>"
spreadsheet_safe = true
[corpus]
path = "{corpus.name}"
[prepare]
clean = false
reprints = "keep"
[lexicon]
use = "deterrence-dialogue"
""",
        encoding="utf-8",
    )
    return Study.load(study).run().folder


class Page(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def assert_inert(page: Page, scripts: int) -> None:
    kinds = [tag for tag, _ in page.tags]
    assert kinds.count("script") == scripts
    assert not {"img", "iframe", "object", "embed", "form", "base", "link"} & set(kinds)
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("href", "src", "xlink:href"):
            # The explorer is beside the report; tables and figures in it are downloads.
            known = ("#", "http://", "https://", "explorer.html")
            known += ("data:text/csv;", "data:image/svg+xml;") if "download" in attributes else ()
            assert str(attributes.get(name, "#")).startswith(known)


@pytest.mark.slow
def test_the_report_runs_only_its_own_script(results: Path):
    page = (results / "report.html").read_text("utf-8")
    assert_inert(Page(page), scripts=1)
    assert "&lt;script&gt;alert(1)" in page
    assert "root:" not in page
    # A name that turns the direction would turn the numbers after it, too.
    assert not CONTROL.search(page)
    assert "\\u202egnp.exe" in page
    assert '<q dir="auto">' in page


@pytest.mark.slow
def test_figures_hold_no_script_and_no_link_elsewhere(results: Path):
    files = sorted(results.glob("figures/*.svg"))
    assert files
    for file in files:
        for element in ElementTree.parse(file).iter():  # noqa: S314
            assert element.tag.split("}")[-1] not in ("script", "foreignObject", "image")
            for name, value in element.attrib.items():
                assert not name.split("}")[-1].startswith("on")
                if name.endswith("href"):
                    assert value.startswith("#")


@pytest.mark.slow
def test_no_cell_of_a_spreadsheet_is_a_formula_when_asked(results: Path):
    files = [*results.glob("tables/*.csv"), *results.glob("figures/*.csv")]
    assert files
    seen = 0
    for file in files:
        for row in csv.reader(io.StringIO(file.read_text("utf-8"))):
            for cell in row:
                try:
                    float(cell)
                except ValueError:
                    assert not re.match(r"\s*[=+@|%]|\s*-\D|[\t\r]", cell), (file.name, cell)
                    seen += cell.startswith("'=cmd")
    assert seen
    # Programs read the Parquet files: there the names are as they were.
    table = pd.read_parquet(results / "tables" / "stance_by_outlet.parquet")
    assert {payload for payload in PAYLOADS if "cmd" in payload} <= set(table["outlet"])


def test_only_texts_get_an_apostrophe():
    table = pd.DataFrame(
        {"=a": ["=1", " +1", "-1", "@x", "\tx", "|x", "\uff1d1", "a=1", None], "n": [-1.5] * 9,
         "kind": pd.Categorical(["-x"] * 9), "day": pd.to_datetime(["2021-03-14"] * 9)}
    )  # fmt: skip
    safe = spreadsheet_safe(table)
    assert list(safe.columns) == ["'=a", "n", "kind", "day"]
    assert safe["'=a"].tolist()[:8] == [
        "'=1", "' +1", "'-1", "'@x", "'\tx", "'|x", "'\uff1d1", "a=1",
    ]  # fmt: skip
    assert pd.isna(safe["'=a"].iloc[8])
    assert set(safe["kind"]) == {"'-x"}
    assert safe[["n", "day"]].equals(table[["n", "day"]])
    assert table.columns[0] == "=a"


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [["kwic", "STUDY", "dialogue"], ["run", "STUDY"], ["check", "STUDY"],
     ["import", "CORPUS", "-o", "OUT"], ["count", "CORPUS", "--by", "\x1b[31mno", "-o", "OUT"],
     ["run", "\x1b[31m\u202e.toml"]],
    ids=["kwic", "run", "check", "import", "wrong column", "wrong file"],
)  # fmt: skip
def test_the_terminal_gets_no_codes(
    arguments: list[str], corpus: Path, results: Path, tmp_path: Path
):
    names = {"STUDY": results.parent / "study.toml", "CORPUS": corpus, "OUT": tmp_path / "out"}
    given = [str(names.get(argument, argument)) for argument in arguments]
    result = CliRunner().invoke(main, given, color=True)
    assert result.output
    assert "Traceback" not in result.output
    assert not CONTROL.search(result.output)


@pytest.mark.slow
def test_notebook_displays_are_inert(corpus: Path):
    articles, rejected = read_articles(corpus)
    assert len(rejected) == 0
    lines = kwic(articles, ("deterrence-dialogue", "dialogue"))
    assert len(lines) >= len(PAYLOADS)
    shown = show_kwic(lines.assign(link=lines["outlet"]), limit=None)
    assert_inert(Page(shown.html), scripts=0)
    assert "mathjax_ignore" in shown.html
    assert not CONTROL.search(repr(shown))
    for table in (articles, lines, readable(lines)):
        assert_inert(Page(table._repr_html_()), scripts=0)


@pytest.mark.slow
def test_the_explorer_is_inert(corpus: Path):
    articles, _ = read_articles(corpus)
    panel = explore(articles, "deterrence-dialogue")
    panel.outlets.value = tuple(name for _, name in panel.outlets.options)
    assert set(panel.outlets.value) == set(articles["outlet"])
    assert any("\u202e" in name for name in panel.outlets.value)
    seen = 0
    for view in ("outlet", "period"):
        panel.view.value = view
        # Labels of lists are set as text by the widget, the rest as HTML.
        for shown in (panel.outlets, panel.rows):
            assert not CONTROL.search("".join(label for label, _ in shown.options))
        for number in range(len(panel.rows.options)):
            panel.chart.chosen = f"s{number}"
            seen += len(panel.lines)
            page = panel.chart.svg + panel.said.value + panel.sentences.value
            assert_inert(Page(page), scripts=0)
            assert not CONTROL.search(page.replace("\n", ""))
            assert panel.sentences.value.count("<h4>") == 1
            assert "mathjax_ignore" in panel.sentences.value
    assert seen > len(PAYLOADS)
    assert not CONTROL.search(repr(panel))


@pytest.mark.slow
def test_a_whole_study_logs_and_warns_without_codes(
    corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    recwarn: pytest.WarningsRecorder, capfd: pytest.CaptureFixture[str],
):  # fmt: skip
    copy = tmp_path / "\x1b[31mred\u202e"
    copy.mkdir()
    frame = pd.read_csv(corpus, dtype="str").rename(columns={"outlet": "paper"})
    frame.loc[0, "date"] = "\x1b[2J\u202e$x$"
    frame.loc[3, "text"] = None
    frame.to_csv(copy / corpus.name, index=False)
    study = (corpus.parent / "study.toml").read_text("utf-8")
    (copy / "study.toml").write_text(study, "utf-8")
    with caplog.at_level(logging.DEBUG):
        results = Study.load(copy / "study.toml").run(print)
    assert results.provenance["rows"]["rejected"] == 2
    ours = [record for record in caplog.records if record.name.startswith("analysis")]
    said = [record.getMessage() for record in ours] + [str(w.message) for w in recwarn]
    assert said
    for text in [*said, *capfd.readouterr(), repr(results)]:
        assert not CONTROL.search(text), text


def test_a_log_gets_no_codes(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    path = tmp_path / "\x1b[31mred\u202e.csv"
    path.write_text("paper,date,text,\x1b[2Jid\nGazette,04/05/2021,Talks,1\n", encoding="utf-8")
    with caplog.at_level(logging.DEBUG, logger="analysis"):
        read_articles(path)
    for record in caplog.records:
        assert not CONTROL.search(record.getMessage())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_inert_text_says_what_it_was(payload: str):
    assert not CONTROL.search(inert(payload))
    assert inert(inert(payload)) == inert(payload)
    if not CONTROL.search(payload):
        assert inert(payload) == payload


def test_ruff_refuses_what_runs_foreign_code(root: Path, tmp_path: Path):
    """Unpickling, eval, YAML objects, shells and unsafe XML are lint errors, and lint passes."""
    bad = tmp_path / "bad.py"
    bad.write_text(
        "import pickle, subprocess, yaml\n"
        "pickle.loads(b'')\neval('1')\nyaml.load('')\nexec('1')\n"
        "subprocess.run('ls', shell=True)\n"
    )
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]
    config = ["--config", str(root / "pyproject.toml")]
    found = subprocess.run([*ruff, *config, str(bad)], capture_output=True, text=True)
    codes = set(re.findall(r" (S\d+) ", found.stdout))
    assert {"S301", "S307", "S506", "S102"} <= codes, found.stdout
    assert codes & {"S602", "S604"}
    ours = subprocess.run(
        [*ruff, "--select", "S301,S302,S307,S102,S506,S602,S604,S605,S314,S202",
         "--config", str(root / "pyproject.toml"), str(root / "analysis")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert ours.returncode == 0, ours.stdout
