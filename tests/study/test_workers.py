"""Studies on a cluster: the same bytes as here, and what is finished is never done twice."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.errors import CountsError
from analysis.executors import Cluster
from analysis.files import file_hash
from analysis.study import Study, pipeline, workers
from analysis.study.workers import cut, on_workers


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
    pipeline.do(there, stages.append, each=partial(on_workers, Cluster(client)))
    assert len(stages) == 12
    assert files(here.folder) == files(there.folder)
    assert not list(there.folder.rglob("*.parts"))


@pytest.mark.slow
def test_a_study_on_a_cluster_writes_the_same_results(client: Any, root: Path, tmp_path: Path):
    here, there = (sample(root, tmp_path / name, {}) for name in ("here", "there"))
    provenance = there.run(cluster=client).provenance
    assert provenance == here.run().provenance
    assert len(provenance["files"]) > 50
    # Where it was run is no part of the question: nothing is done again.
    stages: list[str] = []
    there.run(stages.append)
    assert stages == []


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


def test_an_open_address_is_refused_before_anything_is_done(root: Path, tmp_path: Path):
    study = sample(root, tmp_path / "study", {})
    with pytest.raises(CountsError, match="neither on this machine nor reached by tls"):
        study.run(cluster="tcp://192.0.2.1:8786")
    assert not study.folder.exists()
