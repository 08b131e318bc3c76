"""What a run leaves in its folder: its own results, and what is not its own untouched."""

import shutil
import warnings
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.files import file_hash
from analysis.parts import map_parts
from analysis.study import tables
from analysis.study.reporting.measured import StudyFigure
from analysis.study.reporting.output import _draw
from analysis.study.stages import remove_stale
from tests.study.conftest import small_corpus

BY_SECTION = ('["outlet"]', '["section"]')


def files_of(folder: Path) -> set[str]:
    paths = [path for path in folder.rglob("*") if path.is_file() and ".stages" not in path.parts]
    return {path.relative_to(folder).as_posix() for path in paths}


@pytest.mark.usefixtures("undrawn")
def test_what_a_run_no_longer_writes_is_removed_and_files_of_one_s_own_stay(small):
    before = small().run()
    assert "stance_by_outlet" in before.tables
    own = {"notes.txt": "mine", "tables/my_own.csv": "a,b\n", "tables/stance_by_outlet.csv": "mine"}
    for name, content in own.items():
        (before.folder / name).write_text(content, encoding="utf-8")
    after = small(BY_SECTION).run()
    listed = set(after.provenance["files"]) | {"provenance.json"}
    assert files_of(after.folder) == listed | own.keys()
    names = {Path(name).stem for name in listed if name.endswith(".parquet")}
    assert set(after.tables) == names
    assert "stance_by_section" in names
    assert not [name for name in listed if "by_outlet" in name]
    for name, content in own.items():
        assert (after.folder / name).read_text(encoding="utf-8") == content


@pytest.mark.usefixtures("undrawn")
def test_what_is_missing_or_was_changed_is_written_again(small):
    before = small().run()
    content = before.report.read_bytes()
    for spoil in (Path.unlink, lambda path: path.write_text("mine", encoding="utf-8")):
        spoil(before.report)
        stages: list[str] = []
        assert small().run(stages.append).report.read_bytes() == content
        assert stages == ["show"]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [("The council spoke of talks and sanctions.", True), ("It rained all day.", True)],
)
def test_a_study_with_nothing_to_draw_ends_with_its_report(small, text: str, left_out: bool):
    results = small(articles=small_corpus().assign(text=text)).run()
    page = results.report.read_text(encoding="utf-8")
    assert ("no term of the table has a test" in page) is left_out
    assert "figures/coverage.svg" in results.provenance["files"]


def test_a_provenance_can_point_to_nothing_outside(small, tmp_path: Path):
    folder = tmp_path / "results"
    folder.mkdir()
    outside = tmp_path / "keep.txt"
    outside.write_text("keep", encoding="utf-8")
    (folder / "provenance.json").write_text(
        f'{{"files": {{"../keep.txt": "{file_hash(outside)}"}}}}', encoding="utf-8"
    )
    remove_stale(folder, set())
    assert outside.exists()


@pytest.mark.parametrize("output", [".", "results/..", ".."])
def test_results_need_a_folder_of_their_own(small, output: str):
    with pytest.raises(StudyError, match=r"output = .* a folder of their own"):
        small(("groups", f"output = '{output}'\ngroups"))


@pytest.mark.usefixtures("undrawn")
def test_a_corpus_folder_may_hold_the_study_and_its_results(small, tmp_path: Path):
    study = small(('path = "articles.csv"', 'path = "."'), ('"deterrence-dialogue"', '"own.yml"'))
    (tmp_path / "own.yml").write_text("force: [threat]\ntalk: [dialogue]\n", encoding="utf-8")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "old.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    rows = study.run().provenance["rows"]
    assert rows == {"read": 24, "rejected": 0, "left_out": 0, "analysed": 24}
    stages: list[str] = []
    again = study.run(stages.append)
    assert stages == []
    assert [file["file"] for file in again.provenance["corpus"]] == ["articles.csv"]


def test_results_are_the_same_to_the_byte_where_last_digits_differ(
    small, moved_by_an_ulp, monkeypatch: pytest.MonkeyPatch
):
    def run() -> dict[str, bytes]:
        folder = small().run().folder
        contents = {name: (folder / name).read_bytes() for name in files_of(folder)}
        shutil.rmtree(folder)
        return contents

    here, honest, differ = run(), tables.tables, []

    def elsewhere(*args):
        for name, table in honest(*args):
            moved = moved_by_an_ulp(table, 5)
            differ.append(not moved.equals(table))
            yield name, moved

    monkeypatch.setattr(tables, "tables", elsewhere)
    there = run()
    assert sum(differ) > 5
    assert here.keys() == there.keys()
    assert [name for name in here if here[name] != there[name]] == []


def warns(_: str) -> object:
    warnings.warn("a letter is missing", stacklevel=1)
    return plt.figure()


@pytest.mark.parametrize("where", [None, 2])
def test_what_drawing_warns_of_is_heard_wherever_it_is_drawn(where, tmp_path: Path):
    table = pd.DataFrame({"n": [1]})
    figures = [
        StudyFigure(key, "stance", "T", "C.", "A.", partial(warns, key), table)
        for key in ("one", "two")
    ]
    for files, why, warned in map_parts(partial(_draw, tmp_path, False), figures, where):
        assert [file.suffix for file in files] == [".svg", ".png", ".txt", ".csv"]
        assert (why, [str(one) for one in warned]) == ("", ["a letter is missing"])
