import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from analysis.counting.cluster import check_address
from analysis.counting.engine import count_corpus
from analysis.counting.groups import GroupCounts
from analysis.counting.parts import levels
from analysis.counting.work_folder import MANIFEST, decode, encode
from analysis.errors import CountsError, OutputError, ReadError
from analysis.tokens import TermRules

BY = ["outlet", "quarter"]
LEXICON = "deterrence-dialogue"


def digest(counts: GroupCounts, folder: Path) -> str:
    """SHA-256 over all that the counts are when they are saved."""
    files = sorted(counts.save(folder).iterdir())
    content = b"".join(file.name.encode() + file.read_bytes() for file in files)
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def corpus(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in three files of three forms, dirt included."""
    folder = tmp_path_factory.mktemp("corpus")
    frame = pd.read_csv(root / "data" / "sample" / "articles.csv", dtype="str")
    frame.loc[[3, 17, 41], "text"] = None
    frame.loc[30, "date"] = "on a Tuesday"
    frame["score"] = range(len(frame))
    frame.iloc[:25].to_parquet(folder / "a.parquet", row_group_size=4)
    frame.iloc[25:40].to_json(folder / "b.jsonl", orient="records", lines=True)
    frame.iloc[40:].to_csv(folder / "c.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def serial(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    counts = count_corpus(corpus, BY, lexicon=LEXICON)
    assert len(counts.rejected) == 6
    assert len(counts.hits)
    return digest(counts, tmp_path_factory.mktemp("serial"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 3])
def test_workers_and_parts_change_no_byte(
    cluster: Any, workers: int, corpus: Path, serial: str, tmp_path: Path
):
    from distributed import Client

    cluster.scale(workers)
    with Client(cluster) as client:
        client.wait_for_workers(workers, timeout=120)
        for rows in (1, 9, 1000):
            work = tmp_path / f"work-{rows}" if rows < 1000 else None
            counts = count_corpus(
                corpus, BY, lexicon=LEXICON, client=client, part_rows=rows, work=work
            )
            assert digest(counts, tmp_path / f"saved-{rows}") == serial
        assert len(list((tmp_path / "work-1").glob("part-*.arrow"))) == 7 + 2


@pytest.mark.slow
def test_faults_of_the_input_come_back_from_the_workers(cluster: Any, tmp_path: Path):
    (tmp_path / "bad.jsonl").write_text('{"outlet": "A", "date": "2021", "body": 1}')
    with pytest.raises(ReadError, match="column"):
        count_corpus(tmp_path, ["desk"], client=cluster.scheduler_address)


@pytest.mark.parametrize(("rows", "threads"), [(1, 1), (1, 3), (9, 2), (1000, 1)])
def test_parts_kept_on_disk_give_the_same(
    rows: int, threads: int, corpus: Path, serial: str, tmp_path: Path
):
    work = tmp_path / "work"
    for _ in ("counted", "taken from the folder"):
        counts = count_corpus(
            corpus, BY, lexicon=LEXICON, part_rows=rows, threads=threads, work=work, batch_size=3
        )
        assert digest(counts, tmp_path / "saved") == serial


def test_a_second_run_counts_only_what_is_missing(
    corpus: Path, serial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from analysis.counting import parts as module

    work = tmp_path / "work"
    count_corpus(corpus, BY, lexicon=LEXICON, part_rows=1, work=work)
    done = sorted(work.glob("part-*.arrow"))
    assert len(done) == len((work / MANIFEST).read_text().split()) / 4 == 9
    gone, damaged, unlisted = done[0].name, done[4], done[8].name
    done[0].unlink()
    damaged.write_bytes(damaged.read_bytes()[:-40])
    lines = (work / MANIFEST).read_text().splitlines(keepends=True)
    kept = [line for line in lines if unlisted not in line]
    # A crash may cut off the last line.
    (work / MANIFEST).write_text("".join([*kept, '{"part": "part-0000']))
    counted = []
    honest = module.count_part
    monkeypatch.setattr(
        module, "count_part", lambda part, *rest: counted.append(part) or honest(part, *rest)
    )
    counts = count_corpus(corpus, BY, lexicon=LEXICON, part_rows=1, work=work)
    assert digest(counts, tmp_path / "saved") == serial
    names = {f"part-{part.file:06d}-{part.first:012d}" for part in counted}
    assert names == {name[:24] for name in (gone, damaged.name, unlisted)}
    counted.clear()
    count_corpus(corpus, BY, lexicon=LEXICON, part_rows=1, work=work)
    assert counted == []
    # Another question is another count; a file that changed is counted again.
    count_corpus(corpus, BY, part_rows=1, work=work)
    assert len(counted) == 9
    counted.clear()
    copy = tmp_path / "c.csv"
    copy.write_bytes((corpus / "c.csv").read_bytes())
    first = count_corpus(copy, BY, work=work)
    copy.write_text(copy.read_text() + "z9,Gazette,2021-03-14,,Talks\n")
    count_corpus(copy, BY, work=work)
    assert len(counted) == 2
    assert len(first.groups)


@pytest.mark.parametrize("by", ["score", "when", "flag", []])
@pytest.mark.parametrize("rules", [TermRules(), TermRules(ngrams=2)], ids=["words", "pairs"])
def test_labels_of_every_type_are_kept(by: str | list[str], rules: TermRules, tmp_path: Path):
    frame = pd.DataFrame(
        {"outlet": ["A", "B", "A", "B"], "date": ["2021", "2022", "2021", "2023"],
         "text": ["Talks about talks", "No talks", "Talks", "A summit"],
         "score": [1, 2, 1, 3],
         "flag": [True, None, False, True],
         "when": pd.to_datetime(["2021-01-01", "2021-01-02", None, "2021-01-02"])}
    )  # fmt: skip
    frame.to_parquet(tmp_path / "a.parquet", row_group_size=1)
    plain = count_corpus(tmp_path, by, rules=rules)
    kept = count_corpus(tmp_path, by, rules=rules, work=tmp_path / "work", part_rows=1)
    assert digest(kept, tmp_path / "kept") == digest(plain, tmp_path / "plain")


def test_a_partition_without_anything_comes_back(tmp_path: Path):
    frame = pd.DataFrame({"outlet": ["A"], "date": ["2021"], "text": ["x"]})
    frame.iloc[:0].to_parquet(tmp_path / "none.parquet")
    counts = count_corpus(tmp_path / "none.parquet", BY, work=tmp_path / "work")
    assert (len(counts.groups), len(counts.terms)) == (0, 0)
    part = next((tmp_path / "work").glob("part-*"))
    again = decode(part.read_bytes())
    assert encode(again) == part.read_bytes()
    assert isinstance(again.terms, pa.LargeStringArray)


def test_the_tree_adds_up_every_part_once():
    for count in (1, 7, 8, 9, 64, 65, 1000):
        level = [{number} for number in range(count)]
        for slices in levels(count):
            level = [set().union(*level[some]) for some in slices]
        assert level == [set(range(count))]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("tcp://127.0.0.1:8786", True), ("tcp://[::1]:8786", True), ("tcp://localhost:1", True),
        ("inproc://10.0.0.1/1/1", True), ("tls://10.0.0.1:8786", True),
        ("tcp://10.0.0.1:8786", False), ("tcp://scheduler:8786", False),
        ("ws://10.0.0.1:8786", False), ("ucx://10.0.0.1:1", False), ("10.0.0.1:8786", False),
        ("tcp://127.0.0.1.example.org:8786", False), ("tcp://localhost.example.org:1", False),
    ],
)  # fmt: skip
def test_only_this_machine_or_tls_unless_allowed(address: str, allowed: bool):
    if allowed:
        check_address(address, plain_tcp=False)
        return
    with pytest.raises(CountsError, match="neither on this machine nor reached by tls"):
        check_address(address, plain_tcp=False)
    if address.startswith("tcp"):
        check_address(address, plain_tcp=True)


def test_no_scheduler_and_no_dask_are_said_in_a_line(corpus: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(CountsError, match="neither on this machine"):
        count_corpus(corpus, BY, client="tcp://192.0.2.1:8786")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CountsError, match="Dask is not installed"):
        count_corpus(corpus, BY, client="local")


def test_a_cluster_without_workers_is_said(corpus: Path, monkeypatch: pytest.MonkeyPatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("analysis.counting.cluster.NO_WORKER", 0.5)
    with (
        distributed.LocalCluster(
            n_workers=0, processes=False, dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        distributed.Client(cluster) as client,
        pytest.raises(CountsError, match="no worker for"),
    ):  # fmt: skip
        count_corpus(corpus, BY, client=client)


def test_a_work_folder_that_cannot_be_made_is_named(corpus: Path, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"can't be written \(Not a directory"):
        count_corpus(corpus, BY, work=tmp_path / "file" / "work")


def test_the_manifest_can_be_read_by_anyone(corpus: Path, tmp_path: Path):
    count_corpus(corpus, BY, part_rows=1, work=tmp_path)
    lines = [line for line in (tmp_path / MANIFEST).read_text().splitlines() if line]
    for entry in map(json.loads, lines):
        content = (tmp_path / entry["part"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
