"""A study is of one input: cases X1 to X4 and X9."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.study import Study
from analysis.study.stages import run_alone

pytestmark = pytest.mark.usefixtures("undrawn")

LEXICON = """\
_about: {name: plain, language: english, contrasts: [force vs talk]}
force: [war]
talk: [peace]
"""
STUDY = """\
[corpus]
path = "news.csv"
[prepare]
clean = false
voices = false
reprints = "keep"
[lexicon]
use = "l.yml"
"""
# Hits of war and peace in what is written below.
FORCE, TALK = 33, 7


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    words = ["war"] * FORCE + ["peace"] * TALK
    rows = [
        (f"{n}", ("Gull", "Tern")[n % 2], f"2021-0{1 + n % 6}-10", f"They spoke of {word} today.")
        for n, word in enumerate(words)
    ]
    table = pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"])
    table.to_csv(tmp_path / "news.csv", index=False)
    (tmp_path / "l.yml").write_text(LEXICON)
    (tmp_path / "s.toml").write_text(STUDY)
    return tmp_path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(folder: Path, at: str = "", change: Callable[[], object] = lambda: None):
    """The hits and the provenance of a run in which something is changed as a stage begins."""
    results = Study.load(folder / "s.toml").run(lambda stage: change() if stage == at else None)
    row = results.tables["stance_overall"].iloc[0]
    assert results.provenance == json.loads((results.folder / "provenance.json").read_text())
    return (row["n_force"], row["n_talk"]), results.provenance


@pytest.mark.parametrize("at", ["read", "choose", "prepare", "count", "measure", "show"])
def test_a_corpus_that_changes_stops_the_study(folder: Path, at: str):
    corpus = folder / "news.csv"
    before = corpus.read_bytes()
    edited = before.replace(b"war", b"peace")
    with pytest.raises(StudyError, match=r"s\.toml: news\.csv .* changed while the study ran"):
        run(folder, at, lambda: corpus.write_bytes(edited))
    assert not (folder / "results" / "provenance.json").exists()
    corpus.write_bytes(before)
    hits, provenance = run(folder)
    assert hits == (FORCE, TALK)
    assert provenance["corpus"][0]["sha256"] == digest(corpus)


def test_a_change_that_is_taken_back_while_it_is_read_is_seen(folder: Path, monkeypatch):
    corpus = folder / "news.csv"
    before, status = corpus.read_bytes(), corpus.stat()
    from analysis.study.pipeline import STEPS

    read = STEPS["read"]

    def edited(*given):
        corpus.write_bytes(before.replace(b"war", b"foe"))
        read(*given)
        corpus.write_bytes(before)
        os.utime(corpus, ns=(status.st_atime_ns, status.st_mtime_ns))

    with monkeypatch.context() as patched:
        patched.setitem(STEPS, "read", edited)
        with pytest.raises(StudyError, match="changed while the study ran"):
            run(folder)
    assert run(folder)[0] == (FORCE, TALK)


def test_a_file_that_comes_or_goes_stops_the_study(folder: Path):
    (folder / "news").mkdir()
    (folder / "news.csv").rename(folder / "news" / "news.csv")
    (folder / "s.toml").write_text(STUDY.replace('"news.csv"', '"news"'))
    more = folder / "news" / "more.csv"
    content = "doc_id,outlet,date,text\nx,Gull,2021-01-01,War and war.\n"
    with pytest.raises(StudyError, match="changed while the study ran"):
        run(folder, "count", lambda: more.write_text(content))
    assert run(folder)[0] == (FORCE + 2, TALK)
    with pytest.raises(StudyError, match="changed while the study ran"):
        (folder / "l.yml").write_text(LEXICON.replace("[war]", "[war, wars]"))
        run(folder, "count", more.unlink)


@pytest.mark.parametrize("at", ["read", "count", "evidence", "show"])
def test_the_lexicon_and_the_study_are_those_that_were_read(folder: Path, at: str):
    study, lexicon = folder / "s.toml", folder / "l.yml"
    read = digest(study)

    def edit() -> None:
        lexicon.write_text(LEXICON.replace("plain", "other").replace("[war]", "[today]"))
        study.write_text("# other\n" + STUDY)

    hits, provenance = run(folder, at, edit)
    assert hits == (FORCE, TALK)
    assert provenance["lexicon"]["label"].startswith("plain")
    assert provenance["study"]["sha256"] == read
    hits, provenance = run(folder)
    assert hits == (FORCE + TALK, TALK)
    assert provenance["lexicon"]["label"].startswith("other")
    assert provenance["study"]["sha256"] == digest(study)
    lexicon.write_text(LEXICON)
    assert run(folder)[0] == (FORCE, TALK)


def test_one_run_at_a_time(folder: Path):
    study = Study.load(folder / "s.toml")
    command = [sys.executable, "-m", "analysis.cli", "run", str(folder / "s.toml"), "--jobs=1"]
    with run_alone(study), pytest.raises(StudyError, match=rf"process {os.getpid()}\)\. Wait"):
        run(folder)
    with run_alone(study):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, f"process {os.getpid()}" in done.stderr) == (2, True)
    # A process that was killed has left its file: it holds nothing.
    lock = folder / "results" / ".stages" / "lock"
    lock.write_text("999999")
    assert run(folder)[0] == (FORCE, TALK)


@pytest.mark.parametrize(
    "output", ["a\\u0000b", "news.csv/x", "n" * 300, "a/" + "n" * 300 + "/b", "a/" * 2500, "l.yml"]
)
def test_an_output_that_can_be_no_folder_is_refused_by_name(folder: Path, output: str):
    # Case X8: known before anything is counted.
    (folder / "s.toml").write_text(f'output = "{output}"\n' + STUDY)
    with pytest.raises(StudyError, match=r"s\.toml.*output"):
        Study.load(folder / "s.toml")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (f'[corpus]\npath = "{"n" * 300}"\n[lexicon]\nuse = "l.yml"', "corpus.path = 'nnn"),
        (f'[corpus]\npath = "news.csv"\n[lexicon]\nuse = "{"é" * 130}"', "lexicon.use = 'ééé"),
        (f'coding = ["a/{"n" * 300}"]\n{STUDY}', "coding = 'a/nnn"),
        (f'{STUDY}\n[outlets]\naliases = "{"n" * 300}"', "outlets.aliases = 'nnn"),
        (f"{STUDY}\n[report]\nthin = 1", "report.thin = 1: it must be auto or a whole number"),
    ],
)
def test_a_value_that_can_be_none_is_refused_by_its_key(folder: Path, settings: str, said: str):
    (folder / "s.toml").write_text(settings, "utf-8")
    with pytest.raises(StudyError, match=f"s\\.toml, line .*{said}"):
        Study.load(folder / "s.toml")
