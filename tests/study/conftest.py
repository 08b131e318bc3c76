"""A study that takes a second: short articles of three outlets, without voices."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.showing.charts import save_figure
from analysis.study import Study
from analysis.study.reporting import output
from analysis.study.reporting.measured import StudyFigure

TEXTS = {
    "Gazette": ("Sanctions and a threat of more sanctions.", "Missiles, then talks."),
    "Herald": ("Envoys hope for dialogue and talks.", "A threat, and still dialogue."),
    "Courier": ("A summit brought peace and dialogue.", "Sanctions held; the dialogue ended."),
}
STUDY = """\
groups = ["outlet"]

[corpus]
path = "articles.csv"

[prepare]
clean = false
voices = false
reprints = "keep"

[lexicon]
use = "deterrence-dialogue"
"""


BLANK = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt" viewBox="0 0 9 9"/>'


def small_corpus() -> pd.DataFrame:
    """Eight articles of each outlet, two a quarter."""
    rows = []
    for outlet, texts in TEXTS.items():
        for n in range(8):
            day = pd.Timestamp("2021-01-10") + pd.DateOffset(months=3 * (n // 2), days=n)
            text = f"{texts[n % 2]} {' '.join(texts * (n % 2))} Number {n} of the {outlet}."
            section = "world" if n % 4 else "opinion"
            rows.append((f"{outlet}-{n}", outlet, day.date(), section, text))
    return pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "section", "text"])


def make_small(folder: Path) -> Callable[..., Study]:
    """How to make the small study, with parts of its file replaced, and with other articles."""

    def make(*changes: tuple[str, str], articles: pd.DataFrame | None = None) -> Study:
        content = STUDY
        for old, new in changes:
            assert content.count(old) == 1
            content = content.replace(old, new)
        (folder / "study.toml").write_text(content, encoding="utf-8")
        rows = small_corpus() if articles is None else articles
        rows.to_csv(folder / "articles.csv", index=False)
        return Study.load(folder / "study.toml")

    return make


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Study]:
    # Each figure is drawn once, for the report: its PNG takes as long as its SVG, and so does
    # measuring how much room its labels need.
    monkeypatch.setitem(save_figure.__kwdefaults__, "formats", ("svg",))
    monkeypatch.setattr(Figure, "get_layout_engine", lambda _: None)
    return make_small(tmp_path)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blank figures, for studies of which other things are asked: to draw takes most of a run."""

    def blank(folder: Path, _: bool, figure: StudyFigure) -> tuple[list[Path], str, list[str]]:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{figure.key}.svg"
        file.write_text(BLANK, encoding="utf-8")
        return [file], "", []

    monkeypatch.setattr(output, "_draw", blank)
