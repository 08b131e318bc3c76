"""Studies on a cluster: the same bytes as here, and what is finished is never done twice."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.errors import CountsError, StudyError
from analysis.files import file_hash
from analysis.study import Study, pipeline, workers
from analysis.study.workers import OnCluster, Tables, cut, do_part, from_bytes, to_bytes


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def in_process() -> Iterator[Any]:
    """A cluster of one thread of this process, so that its work can be watched."""
    distributed = pytest.importorskip("distributed")
    with distributed.Client(
        processes=False, n_workers=1, threads_per_worker=1, dashboard_address=":0"
    ) as client:
        yield client


def sample(root: Path, folder: Path, changes: dict[str, str]) -> Study:
    folder.mkdir()
    shutil.copy(root / "data" / "sample" / "articles.csv", folder)
    content = (root / "data" / "sample" / "study.toml").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in content
        content = content.replace(old, new)
    (folder / "study.toml").write_text(content, encoding="utf-8")
    return Study.load(folder / "study.toml")


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in found}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("characters", "changes"),
    [(1, {}), (4000, {"voices = true": "voices = false"}),
     (9000, {"voices = true": "titles = true\nclean = false"})],
    ids=["all steps", "without voices", "with titles, not cleaned"],
)  # fmt: skip
def test_every_stage_writes_the_same_bytes(
    client: Any, changes: dict[str, str], characters: int, root: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setattr(workers, "CHARACTERS", characters)
    here, there = (sample(root, tmp_path / name, changes) for name in ("here", "there"))
    stages: list[str] = []
    pipeline.do(here, stages.append)
    pipeline.do(there, stages.append, each=OnCluster(client))
    assert len(stages) == 12
    assert files(here.folder) == files(there.folder)
    assert not list(there.folder.rglob("*.parts"))


@pytest.mark.slow
def test_a_study_on_a_cluster_writes_the_same_results(
    client: Any, finished: Path, root: Path, tmp_path: Path
):
    there = sample(root, tmp_path / "there", {})
    provenance = there.run(cluster=client).provenance
    here = (finished / "results" / "provenance.json").read_text(encoding="utf-8")
    assert provenance == json.loads(here)
    assert len(provenance["files"]) > 50
    # Where it was run is no part of the question: nothing is done again.
    stages: list[str] = []
    there.run(stages.append)
    assert stages == []


DONE: list[str] = []


def shout(rows: pd.DataFrame) -> Tables:
    """Work that fails for one article."""
    DONE.extend(rows["doc_id"])
    if "fails" in set(rows["text"]):
        raise StudyError("no")
    return [rows[["doc_id"]].assign(text=rows["text"].str.upper())]


def test_what_is_finished_is_kept_and_what_is_damaged_is_done_again(
    in_process: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workers, "CHARACTERS", 1)
    rows = pd.DataFrame({"doc_id": list("aabcd"), "text": ["one", "two", "three", "four", "five"]})
    folder = tmp_path / "shout-0.partial"
    gather = type(in_process)._gather

    async def slowly(*args: Any, **kwargs: Any) -> Any:
        """So that the error comes before results that were finished before it."""
        await asyncio.sleep(0.2)
        return await gather(*args, **kwargs)

    monkeypatch.setattr(type(in_process), "_gather", slowly)
    each = OnCluster(in_process)
    with pytest.raises(StudyError, match="no"):
        each(shout, rows.replace("five", "fails"), folder)
    kept = sorted((tmp_path / "shout-0.parts").glob("part-*.arrow"))
    first = [path.name for path in kept]
    assert first == [f"part-{a:09d}-{b:09d}.arrow" for a, b in ((0, 2), (2, 3), (3, 4))]
    kept[1].write_bytes(kept[1].read_bytes()[:-1])
    DONE.clear()
    parts = each(shout, rows, folder)
    assert sorted(DONE) == ["b", "d"]
    joined = pd.concat([table for (table,) in parts], ignore_index=True)
    pd.testing.assert_frame_equal(joined, shout(rows)[0])
    assert not list(tmp_path.rglob("*.partial"))


def test_rows_are_cut_between_articles_and_none_is_lost():
    rows = pd.DataFrame({"doc_id": list("aaabbcdddd"), "text": ["x" * k for k in range(10)]})
    for characters in (1, 2, 7, 12, 44, 45, 1000):
        parts = cut(rows, characters)
        assert [k for part in parts for k in range(10)[part]] == list(range(10))
        of_parts = [set(rows["doc_id"].iloc[part]) for part in parts]
        assert sum(map(len, of_parts)) == 4
    assert cut(rows, 1000) == [slice(0, 10)]
    assert len(cut(rows, 1)) == 4
    assert cut(rows.iloc[:0], 5) == []


def test_tables_come_back_as_they_were():
    rows = pd.DataFrame(
        {"n": [1, 2], "text": pd.Series(["a", None], dtype="str"), "none": [None, None],
         "day": pd.to_datetime(["2021-03-14", None]), "flag": [True, False],
         "period": pd.Categorical(["b", None], ["b", "a"], ordered=True)}
    )  # fmt: skip
    for tables in ([rows], [rows.iloc[:0], rows[["period"]]], []):
        back = from_bytes(to_bytes(tables))
        assert len(back) == len(tables)
        for one, other in zip(tables, back, strict=True):
            pd.testing.assert_frame_equal(one, other)


def test_a_worker_of_another_version_is_refused():
    with pytest.raises(StudyError, match="another version"):
        do_part(shout, pd.DataFrame({"doc_id": [], "text": []}), "another hash")


def test_an_open_address_is_refused_before_anything_is_done(root: Path, tmp_path: Path):
    study = sample(root, tmp_path / "study", {})
    with pytest.raises(CountsError, match="neither on this machine nor reached by tls"):
        study.run(cluster="tcp://192.0.2.1:8786")
    assert not study.folder.exists()
