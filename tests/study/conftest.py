"""A study that takes a second: short articles of three outlets, without voices."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.study import Study

TEXTS = {
    "Gazette": ("Sanctions and a threat of more sanctions.", "Missiles, then talks."),
    "Herald": ("Envoys hope for dialogue and talks.", "A threat, and still dialogue."),
    "Courier": ("A summit brought peace talks.", "Troops moved; missiles were shown; talks ended."),
}
STUDY = """\
groups = ["outlet"]

[corpus]
path = "articles.csv"

[prepare]
voices = false
reprints = "keep"

[lexicon]
use = "deterrence-dialogue"
"""


def small_corpus() -> pd.DataFrame:
    """Eight articles of each outlet, two a quarter."""
    rows = []
    for outlet, texts in TEXTS.items():
        for n in range(8):
            day = pd.Timestamp("2021-01-10") + pd.DateOffset(months=3 * (n // 2), days=n)
            text = f"{texts[n % 2]} {' '.join(texts * (n % 3))} Number {n} of the {outlet}."
            section = "world" if n % 4 else "opinion"
            rows.append((f"{outlet}-{n}", outlet, day.date(), section, text))
    return pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "section", "text"])


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Study]:
    """Make the small study, with parts of its file replaced, and other articles if given."""

    def make(*changes: tuple[str, str], articles: pd.DataFrame | None = None) -> Study:
        content = STUDY
        for old, new in changes:
            assert content.count(old) == 1
            content = content.replace(old, new)
        (tmp_path / "study.toml").write_text(content, encoding="utf-8")
        rows = small_corpus() if articles is None else articles
        rows.to_csv(tmp_path / "articles.csv", index=False)
        return Study.load(tmp_path / "study.toml")

    return make
