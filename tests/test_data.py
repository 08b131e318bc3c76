"""The shipped bundles: what they hold, what they must not hold, and that they are current."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis import DocumentTerms, Lexicon, stance

BUNDLES = ["allsides_security", "allsides_voices", "kelin", "kelin_voices"]
HITS_ALONE = {"allsides_frames": "generic-frames", "allsides_targets": "deterrence-dialogue"}


@pytest.mark.parametrize("name", [*BUNDLES, *HITS_ALONE])
def test_a_bundle_was_counted_with_the_lexicon_that_is_shipped(root: Path, name: str):
    counts = DocumentTerms.load(root / "data" / name)
    assert counts.lexicon == Lexicon.load(HITS_ALONE.get(name, "deterrence-dialogue")).label
    assert counts.hits.sum() > 0
    assert (len(counts.terms) == 0) == (name in HITS_ALONE)
    targets = Lexicon.load("countries").subset(["russia", "iran", "north_korea", "china"])
    assert counts.targets == (f"{targets.label}, window 10" if name == "allsides_targets" else "")


@pytest.mark.parametrize("name", [*BUNDLES, *HITS_ALONE])
def test_a_bundle_holds_no_text_and_no_headline(root: Path, name: str):
    documents = pd.read_parquet(root / "data" / name / "documents.parquet")
    assert not {"text", "title", "authors"} & set(documents.columns)
    strings = documents.drop(columns=["link", "inferred_from", "targets"], errors="ignore")
    for column in strings.select_dtypes("str"):
        words = strings[column].astype(str).str.split().str.len()
        assert words.max() <= 6, f"{column} holds something as long as a headline"


def test_the_bundles_are_small(root: Path):
    files = [file for name in BUNDLES for file in (root / "data" / name).iterdir()]
    assert sum(file.stat().st_size for file in files) < 8e6
    files = [file for name in HITS_ALONE for file in (root / "data" / name).iterdir()]
    assert sum(file.stat().st_size for file in files) < 5e5


def test_rows_in_are_rows_analysed_and_rejected(root: Path):
    folder = root / "data" / "allsides_security"
    rejected = pd.read_csv(folder / "rejected.csv")
    # 3,784 rows, of which 576 without a date: counted in the source file with pandas alone.
    assert len(DocumentTerms.load(folder).documents) == 3784 - 576
    assert rejected["reason"].value_counts().to_dict() == {"no date": 576}


@pytest.mark.parametrize("name", ["allsides_security", "kelin"])
def test_the_voices_of_an_article_have_all_of_its_tokens(root: Path, name: str):
    whole = DocumentTerms.load(root / "data" / name).documents.set_index("doc_id")["n_tokens"]
    voices = DocumentTerms.load(root / "data" / f"{name.split('_')[0]}_voices").documents
    parts = voices.groupby("doc_id")["n_tokens"].sum()
    pd.testing.assert_series_equal(parts, whole.sort_index(), check_index_type=False)


def test_the_turn_of_2018_is_there(root: Path):
    korea = DocumentTerms.load(root / "data" / "allsides_security").where(topic="north_korea")
    table = stance(korea, "deterrence-dialogue", ("deterrence", "dialogue"), by="quarter")
    table = table.set_index("quarter")
    # Articles per quarter from the source file with pandas alone.
    quarters = ["2017-Q2", "2017-Q3", "2017-Q4", "2018-Q1", "2018-Q2"]
    assert table.loc[quarters, "articles"].tolist() == [27, 39, 15, 26, 58]
    # A count with two rough word lists, made before this lexicon, gave .88 for 2017-Q2 and .37
    # for 2018-Q2; whatever the lexicon, the intervals must lie far apart.
    assert table.loc["2018-Q2", "share_high"] < 0.5 < table.loc["2017-Q2", "share_low"]


def test_rebuilding_gives_the_same_files(root: Path, shared: Path, tmp_path: Path):
    for name in [*BUNDLES, *HITS_ALONE]:
        (tmp_path / "data" / name).mkdir(parents=True)
        for file in (root / "data" / name).glob("*.csv"):
            (tmp_path / "data" / name / file.name).write_bytes(file.read_bytes())
    (tmp_path / "tools").mkdir()
    script = tmp_path / "tools" / "build_data.py"
    script.write_bytes((root / "tools" / "build_data.py").read_bytes())
    run = [sys.executable, str(script), str(shared)]
    subprocess.run(run, check=True, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True)
    for name in [*BUNDLES, *HITS_ALONE]:
        for file in (root / "data" / name).iterdir():
            again = (tmp_path / "data" / name / file.name).read_bytes()
            assert again == file.read_bytes(), f"{name}/{file.name} differs"
