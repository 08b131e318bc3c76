"""Studies part by part: the same bytes in however many parts, and wherever they are worked on."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.errors import ExecutorError, ReadError
from analysis.files import file_hash
from analysis.study import Study, corpus, pipeline
from analysis.study.dataset import columns_of, each_part, join, parts_of, read_all, write_table
from tests.study.conftest import make_small


def test_results_are_the_same_in_any_number_of_parts(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The sample study in ten parts and another folder, with voices and reprints."""
    expected = json.loads((finished / "results" / "provenance.json").read_text(encoding="utf-8"))
    for name in ("study.toml", "articles.csv"):
        shutil.copy(finished / name, tmp_path)
    monkeypatch.setattr(corpus, "PART", 5)
    with ThreadPoolExecutor(2) as pool:
        parts = Study.load(tmp_path / "study.toml").run(executor=pool).provenance
    assert parts == expected
    assert len(expected["files"]) > 50


def test_processes_and_a_cluster_come_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_process: Any
):
    monkeypatch.setattr(corpus, "PART", 7)
    study = make_small(tmp_path)()
    expected = study.run().provenance["files"]
    for executor in (2, in_process):
        shutil.rmtree(study.folder)
        assert study.run(executor=executor).provenance["files"] == expected
    # Where it was run is no part of the question: nothing is done again.
    stages: list[str] = []
    study.run(stages.append)
    assert stages == []


@pytest.fixture
def in_process() -> Any:
    """A cluster of one thread of this process."""
    distributed = pytest.importorskip("distributed")
    with distributed.Client(
        processes=False, n_workers=1, threads_per_worker=1, dashboard_address=":0"
    ) as client:
        yield client


def test_an_interrupted_stage_goes_on_with_the_part_that_is_missing(
    small: Callable[..., Study], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(corpus, "PART", 5)
    study = small(("clean = false", "clean = true"))
    clean, cleaned = corpus.clean_articles, []

    def fails_at_the_third(articles: pd.DataFrame) -> pd.DataFrame:
        if len(cleaned) == 2:
            raise KeyboardInterrupt
        cleaned.append(len(articles))
        return clean(articles)

    monkeypatch.setattr(corpus, "clean_articles", fails_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        study.run()
    again: list[int] = []
    monkeypatch.setattr(
        corpus, "clean_articles", lambda articles: again.append(len(articles)) or clean(articles)
    )
    results = study.run().provenance["files"]
    assert (cleaned, again) == ([5, 5], [5, 5, 4])
    shutil.rmtree(study.folder)
    assert study.run().provenance["files"] == results


def test_tables_come_back_with_their_types_and_categories(tmp_path: Path):
    table = pd.DataFrame(
        {"n": [1, 2], "text": pd.Series(["a", None], dtype="str"),
         "day": pd.to_datetime(["2021-03-14", None]), "flag": [True, False],
         "period": pd.Categorical(["b", None], ["b", "a"], ordered=True)}
    )  # fmt: skip
    write_table(table, tmp_path / "t" / "0.parquet")
    write_table(table.iloc[:0], tmp_path / "t" / "1.parquet")
    pd.testing.assert_frame_equal(read_all(tmp_path / "t"), table)
    pd.testing.assert_frame_equal(read_all(tmp_path / "t", ["period", "none"]), table[["period"]])
    assert columns_of(tmp_path / "t") == list(table.columns)


def test_a_damaged_part_is_not_read(tmp_path: Path):
    table = pd.DataFrame({"text": [f"word {n}" for n in range(4000)]})
    part = tmp_path / "t" / "0.parquet"
    write_table(table, part)
    content = bytearray(part.read_bytes())
    content[len(content) // 3] ^= 1
    part.write_bytes(content)
    with pytest.raises(ReadError, match=r"0\.parquet.*damaged.*run again"):
        read_all(tmp_path / "t")


def test_a_part_that_is_there_stays(tmp_path: Path):
    part = tmp_path / "in" / "0.parquet"
    write_table(pd.DataFrame({"n": [1]}), part)
    for n in (1, 2):
        each_part(lambda _, n=n: {"out": pd.DataFrame({"n": [n]})}, [part], tmp_path, None)
    assert read_all(tmp_path / "out")["n"].tolist() == [1]
    before = file_hash(parts_of(tmp_path / "out")[0])
    each_part(lambda _: {"out": pd.DataFrame({"n": [1]})}, [part], tmp_path / "again", None)
    assert file_hash(parts_of(tmp_path / "again" / "out")[0]) == before


def test_tables_without_rows_say_nothing_of_types():
    empty = pd.DataFrame({"n": pd.Series(dtype="object")})
    assert join([empty, pd.DataFrame({"n": [1]})])["n"].dtype == "int64"
    assert join([empty]).columns.tolist() == ["n"]
    assert join([]).empty


def test_an_open_address_is_refused_before_anything_is_done(small: Callable[..., Study]):
    study = small()
    with pytest.raises(ExecutorError, match="neither on this machine nor reached by tls"):
        study.run(executor="tcp://192.0.2.1:8786")
    assert not list(study.folder.rglob("*.parquet"))


def test_the_old_name_of_executor_warns(small: Callable[..., Study]):
    with pytest.warns(DeprecationWarning, match="executor="), pytest.raises(ExecutorError):
        small().run(cluster="tcp://192.0.2.1:8786")


def test_checking_a_study_leaves_nothing_behind(small: Callable[..., Study]):
    study = small()
    assert any("24 rows" in line for line in pipeline.check_study(study))
    assert not study.folder.exists()


def test_a_corpus_at_an_address_comes_to_the_same(small: Callable[..., Study]):
    fsspec = pytest.importorskip("fsspec")
    study = small()
    expected = study.run().provenance["files"]
    with fsspec.open("memory://corpus/articles.csv", "wb") as file:
        file.write((study.path.parent / "articles.csv").read_bytes())
    content = study.path.read_text(encoding="utf-8")
    there = study.path.with_name("there.toml")
    there.write_text(content.replace('"articles.csv"', '"memory://corpus/articles.csv"')
                     .replace("groups =", 'output = "there"\ngroups ='))  # fmt: skip
    assert Study.load(there).run().provenance["files"] == expected
