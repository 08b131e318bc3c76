"""A whole study over the sample corpus: what is written, found again, resumed and accounted for."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import AnalysisError, StudyError
from analysis.files import file_hash
from analysis.study import Results, Study
from analysis.study.dataset import read_all
from analysis.study.stages import stage


@pytest.fixture(scope="module")
def sample(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shutil.copytree(finished, tmp_path_factory.mktemp("study") / "sample")
    return folder / "study.toml"


@pytest.fixture(scope="module")
def results(sample: Path) -> Results:
    return Study.load(sample).run()


class EnoughError(Exception):
    """Ends a run whose first stage is all that is asked for."""


def first_stage(study: Path) -> str:
    begun: list[str] = []

    def end(stage: str) -> None:
        begun.append(stage)
        raise EnoughError

    with pytest.raises(EnoughError):
        Study.load(study).run(end)
    return begun[0]


@pytest.fixture(scope="module")
def truth(root: Path) -> dict:
    return json.loads((root / "data" / "sample" / "truth.json").read_text(encoding="utf-8"))


def test_every_row_is_accounted_for(results: Results, truth: dict):
    # data/sample/README.md: 48 rows, of which two without a date.
    rows = results.provenance["rows"]
    assert rows == {"read": 48, "rejected": 2, "left_out": 0, "analysed": 46}
    assert len(results.tables["rejected"]) == len(truth["undated"]) == 2


def test_the_planted_turn_is_found_and_no_other(results: Results, truth: dict):
    table = results.tables["stance_trend_by_outlet"].set_index("outlet")
    turned = table[table["turn_q"] < 0.05]
    assert sorted(turned.index) == sorted(truth["turn"]["outlets"])
    quarters = set(turned["turn"].dt.to_period("Q").astype(str).str.replace("Q", "-Q"))
    assert quarters == {truth["turn"]["quarter"]}


def test_everything_written_is_listed_with_its_hash(results: Results):
    files = {
        path.relative_to(results.folder).as_posix(): file_hash(path)
        for path in results.folder.rglob("*")
        if path.is_file() and ".stages" not in path.parts
    }
    listed = json.loads((results.folder / "provenance.json").read_text(encoding="utf-8"))
    assert listed["files"] == {name: files[name] for name in files if name != "provenance.json"}
    assert {"report.html", "tables/stance_by_outlet.csv", "figures/coverage.svg"} <= set(files)
    assert not list(results.folder.rglob("*.partial"))


def test_no_path_of_the_machine_is_written(results: Results):
    for name in ("provenance.json", "report.html"):
        assert str(results.folder.parent) not in (results.folder / name).read_text(encoding="utf-8")


def test_adding_up_a_speaker_s_segments_changes_no_score(results: Results):
    """The hits by voice and in all are those that keyword in context finds, one by one."""
    (folder,) = (results.folder / ".stages").glob("evidence-*")
    lines = read_all(folder / "lines")
    (prepared,) = (results.folder / ".stages").glob("prepare-*")
    clusters = read_all(prepared / "articles").set_index("doc_id")["cluster"]
    # The copies of a story count once, as their average.
    copies = clusters.map(clusters.value_counts())
    assert copies.max() > 1
    of_lines = (1 / lines["doc_id"].map(copies)).groupby(lines["frame"]).sum()
    hits = results.tables["patterns"].groupby("frame")["n"].sum()
    assert hits.to_dict() == pytest.approx(of_lines.to_dict(), abs=1e-4)
    assert not lines["doc_id"].isna().any()


def test_the_rows_of_tables_open_the_sentences_of_their_group(results: Results):
    page = (results.folder / "report.html").read_text(encoding="utf-8")
    names = dict(
        re.findall(r'class="evidence" id="([^"]+)" aria-label="Sentences: ([^"]+): share', page)
    )
    columns_of = {
        "stance_by_outlet": 1, "stance_by_period": 1, "stance_by_outlet_period": 2,
        "stance_by_outlet_voice": 2, "stance_trend_by_outlet": 1,
    }  # fmt: skip
    for key, columns in columns_of.items():
        table = page.partition(f'id="table-{key}"')[2].partition("</table>")[0]
        rows = re.findall(r"<tr>(.*?)</tr>", table, flags=re.S)[1:]
        linked = 0
        for row in rows:
            cells = re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.S)
            target = re.search(r'<td class="link"><a href="#([^"]+)"', row)
            if target:
                assert names[target[1]] == ", ".join(cells[:columns])
                linked += 1
        assert linked >= len(rows) / 2, key


def test_a_second_run_does_nothing(results: Results, sample: Path):
    before = {path: path.stat().st_mtime_ns for path in results.folder.rglob("*")}
    stages: list[str] = []
    again = Study.load(sample).run(stages.append)
    assert stages == []
    assert again.provenance == results.provenance
    assert {path: path.stat().st_mtime_ns for path in results.folder.rglob("*")} == before


def test_only_the_stages_that_a_change_reaches_are_done_again(
    results: Results, sample: Path, tmp_path: Path
):
    shutil.copytree(sample.parent, tmp_path / "copy")
    study = tmp_path / "copy" / "study.toml"
    content = study.read_text(encoding="utf-8")
    # "show" is the last, and nothing of what comes before it is done again.
    title = re.search(r"^title = .*$", content, re.M)[0]
    study.write_text(content.replace(title, 'title = "Another"'), encoding="utf-8")
    assert first_stage(study) == "show"
    # What changed at an event is measured.
    study.write_text(content.replace("2021-11-04", "2021-11-05"), encoding="utf-8")
    assert first_stage(study) == "measure"
    study.write_text(content.replace('negated = "apart"', 'negated = "keep"'), encoding="utf-8")
    assert first_stage(study) == "measure"


@pytest.mark.usefixtures("undrawn")
def test_a_choice_of_articles_is_accounted_for(sample: Path, tmp_path: Path):
    shutil.copy(sample.parent / "articles.csv", tmp_path)
    content = sample.read_text(encoding="utf-8")
    chosen = '[outlets]\nkeep = ["Skarrow Wire", "Marlund Lantern"]\n[periods]\n'
    (tmp_path / "study.toml").write_text(content.replace("[periods]\n", chosen), encoding="utf-8")
    rows = Study.load(tmp_path / "study.toml").run().provenance["rows"]
    raw = pd.read_csv(tmp_path / "articles.csv")
    kept = raw["outlet"].isin(["Skarrow Wire", "Marlund Lantern"]) & raw["date"].notna()
    assert rows["analysed"] == kept.sum()
    assert rows["left_out"] == 46 - kept.sum()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('path = "articles.csv"', 'path = "none.csv"', r"corpus\.path = 'none.csv': there is no"),
        ('use = "deterrence-dialogue"', 'use = "deterence"', r"no lexicon 'deterence'"),
        ('["deterrence", "dialogue"]', '["deterrence", "peace"]', r"no frame 'peace'"),
        ('groups = ["outlet"]', 'groups = ["lean"]', r"groups names the column 'lean'; the art"),
        ("[periods]", '[outlets]\nkeep = ["X"]\n[periods]', r"no article is left of 46"),
        ("[periods]", "[corpus.where]\nx = 'y'\n[periods]", r"names the column 'x'; the art"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_one_error(
    sample: Path, tmp_path: Path, old: str, new: str, message: str
):
    shutil.copy(sample.parent / "articles.csv", tmp_path)
    content = sample.read_text(encoding="utf-8")
    assert content.count(old) == 1
    (tmp_path / "study.toml").write_text(content.replace(old, new), encoding="utf-8")
    with pytest.raises(AnalysisError, match=message):
        Study.load(tmp_path / "study.toml").run()


def test_an_interrupted_stage_leaves_nothing_that_looks_done(tmp_path: Path):
    def fails(folder: Path) -> None:
        (folder / "half").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage(tmp_path, "count", "a" * 64, fails)
    assert [path.name for path in tmp_path.iterdir()] == [f"count-{'a' * 16}.partial"]

    def works(folder: Path) -> None:
        # Parts that were finished are still there; those that were not have other names.
        assert [path.name for path in folder.iterdir()] == ["half"]
        (folder / "whole").write_text("whole", encoding="utf-8")

    done = stage(tmp_path, "count", "a" * 64, works)
    assert (done / "whole").read_text(encoding="utf-8") == "whole"
    assert stage(tmp_path, "count", "a" * 64, fails) == done


@pytest.mark.parametrize("lose", [Path.unlink, lambda path: path.write_bytes(b"hal")])
def test_a_stage_that_has_lost_a_file_is_done_again(tmp_path: Path, lose: Callable[[Path], object]):
    def make(folder: Path) -> None:
        (folder / "part").write_bytes(b"half")

    done = stage(tmp_path, "prepare", "a" * 64, make)
    lose(done / "part")
    assert (stage(tmp_path, "prepare", "a" * 64, make) / "part").read_bytes() == b"half"


def test_a_stage_keeps_only_its_last_result(tmp_path: Path):
    for key in ("a" * 64, "b" * 64):
        stage(tmp_path, "read", key, lambda folder: None)
    assert [path.name for path in tmp_path.iterdir()] == [f"read-{'b' * 16}"]


def test_the_starter_study_is_allowed_as_it_stands(root: Path, tmp_path: Path):
    starter = root / "analysis" / "study" / "starter.toml"
    shutil.copy(starter, tmp_path / "study.toml")
    with pytest.raises(StudyError, match=r"corpus\.path = 'articles\.csv': there is no such file"):
        Study.load(tmp_path / "study.toml")
    (tmp_path / "articles.csv").touch()
    assert Study.load(tmp_path / "study.toml").settings.report.sentences == 6
