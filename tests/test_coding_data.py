"""The coded hits that are shipped: what they hold, and that they are hits."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from analysis import DocumentTerms, Lexicon, kwic, precision, read_articles, read_coding_sheet


@pytest.fixture
def sheet(root: Path) -> Path:
    return root / "data" / "coding" / "allsides_security.csv"


def test_the_lines_are_those_of_the_shipped_lexicon_and_bundle(sheet: Path, root: Path):
    lines = pd.read_csv(sheet)
    lexicon = Lexicon.load("deterrence-dialogue")
    for row in lines.itertuples():
        assert row.pattern in lexicon.frames[row.frame]
        key = f"{row.doc_id}|{row.start}|{row.frame}"
        assert row.line_id == hashlib.sha256(key.encode()).hexdigest()[:16]
    documents = DocumentTerms.load(root / "data" / "allsides_security").documents
    assert set(lines["doc_id"]) <= set(documents["doc_id"])
    assert lines["frame"].value_counts().to_dict() == {"deterrence": 100, "dialogue": 100}
    assert set(lines.loc[lines["code"] == 0, "why"]) == {"another meaning", "ended or refused"}
    assert lines.loc[lines["code"] == 1, "why"].isna().all()


def test_the_precision_is_the_one_that_the_readme_reports(sheet: Path):
    table = precision(read_coding_sheet(sheet)).query("pattern == ''").set_index("frame")
    readme = sheet.with_name("README.md").read_text(encoding="utf-8")
    for frame, row in table.iterrows():
        told = [f"{row[name]:.2f}".removeprefix("0") for name in ("precision", "low", "high")]
        assert (
            f"| {frame} | 100 | {row['right']:.0f} | {told[0]} | {told[1]} to {told[2]} |" in readme
        )


def test_no_text_is_shipped(sheet: Path):
    lines = pd.read_csv(sheet)
    assert not {"left", "keyword", "right", "text"} & set(lines.columns)


@pytest.mark.shared
def test_every_coded_line_is_a_hit_in_the_texts(sheet: Path, root: Path, shared: Path):
    articles, _ = read_articles(
        shared / "corpora" / "allsides_security.parquet",
        columns={"doc_id": "id"},
        outlets=root / "data" / "allsides_security" / "outlets.csv",
        today="2026-01-01",
    )
    lines = pd.read_csv(sheet)
    found = kwic(
        articles[articles["doc_id"].isin(lines["doc_id"])], Lexicon.load("deterrence-dialogue")
    )
    keys = ["doc_id", "start", "frame", "pattern"]
    hits = set(map(tuple, found.loc[~found["negated"], keys].to_numpy()))
    assert set(map(tuple, lines[keys].to_numpy())) <= hits
