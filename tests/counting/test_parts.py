"""A corpus counted part by part: what is kept is taken over, and the sum is that of one go."""

import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import pandas as pd
import pytest

from analysis.counting import parts as module
from analysis.counting.file_parts import FilePart, split_files
from analysis.counting.partitions import CountSpec, PartitionCounts
from analysis.counting.parts import (
    Job,
    Kept,
    add_up,
    count_here,
    count_part,
    finished,
    keep,
    levels,
)
from analysis.counting.work_folder import MANIFEST, WorkFolder
from analysis.errors import CountsError, ReadError

JOB = Job(CountSpec(("outlet", "desk")), ("desk",), {"outlet": "paper"}, 2)
# Outlet, desk and text of each article; the third has no text.
ROWS = [
    ("Gazette", "news", "Talks, talks"), ("Herald", "city", "No talks"), ("Herald", "city", None),
    ("Herald", "news", "A summit"), ("Gazette", "news", "A summit"), ("Gazette", "city", "Talks"),
]  # fmt: skip
# By hand: articles, tokens and squared tokens of each group; occurrences of each term.
GROUPS = {
    ("Gazette", "news"): (2, 4, 8), ("Herald", "city"): (1, 2, 4), ("Herald", "news"): (1, 2, 4),
    ("Gazette", "city"): (1, 1, 1),
}  # fmt: skip
TERMS = {"talks": 4, "no": 1, "a": 2, "summit": 2}


@pytest.fixture
def parts(tmp_path: Path) -> list[FilePart]:
    """Six articles in parts of two."""
    frame = pd.DataFrame(ROWS, columns=["paper", "desk", "text"]).assign(date="2021")
    path = tmp_path / "corpus.parquet"
    frame.to_parquet(path, row_group_size=2)
    return split_files([path], 2)


def terms_of(counts: PartitionCounts) -> dict[str, int]:
    found = dict.fromkeys(counts.terms.to_pylist(), 0)
    names = list(found)
    for term, n in zip(counts.cells.terms.tolist(), counts.cells.totals.n.tolist(), strict=True):
        found[names[term]] += n
    return found


def check_whole(counts: PartitionCounts) -> None:
    assert dict(counts.groups) == GROUPS
    assert terms_of(counts) == TERMS
    assert [row for table in counts.rejected for row in table["row"]] == [3]


def work_of(folder: Path) -> Job:
    return replace(JOB, work=str(folder / "work"))


def test_a_part_is_counted_in_batches(parts: Sequence[FilePart]):
    counts = count_part(parts[0], JOB)
    assert isinstance(counts, PartitionCounts)
    assert counts.groups == {("Gazette", "news"): (1, 2, 4), ("Herald", "city"): (1, 2, 4)}
    assert terms_of(counts) == {"talks": 3, "no": 1}
    assert count_part(parts[0], replace(JOB, batch_size=1)).groups == counts.groups
    # A part that nobody stops is counted to its end.
    assert count_part(parts[0], JOB, Event()).groups == counts.groups


def test_a_part_that_is_not_wanted_any_more_is_left(parts: Sequence[FilePart]):
    stop = Event()
    stop.set()
    with pytest.raises(CancelledError):
        count_part(parts[0], JOB, stop)


def test_a_finished_part_is_a_file_and_listed_when_it_is_kept(
    parts: Sequence[FilePart], tmp_path: Path
):
    job = work_of(tmp_path)
    assert finished(parts, job) == {}
    kept = count_part(parts[1], job)
    assert isinstance(kept, Kept)
    content = (tmp_path / "work" / kept.name).read_bytes()
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert finished(parts, job) == {}
    assert keep(kept, job) is kept
    assert WorkFolder(tmp_path / "work").listed() == {kept.name: kept.sha256}
    assert finished(parts, job) == {parts[1]: kept}
    # Without a work folder nothing is found; in another count, or damaged, it is not taken.
    assert finished(parts, JOB) == {}
    assert finished(parts, replace(job, columns={**job.columns, "date": "date"})) == {}
    assert finished(parts, replace(job, spec=CountSpec(("outlet",)))) == {}
    (tmp_path / "work" / kept.name).write_bytes(content[:-1])
    assert finished(parts, job) == {}


def test_counts_without_a_work_folder_are_kept_nowhere(
    parts: Sequence[FilePart], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    counts = count_part(parts[0], JOB)
    assert keep(counts, JOB) is counts
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_counted_and_what_is_kept_are_added_up(parts: Sequence[FilePart], tmp_path: Path):
    job = work_of(tmp_path)
    WorkFolder(str(job.work)).listed()
    mixed = [count_part(part, job if n % 2 else JOB) for n, part in enumerate(parts)]
    assert [type(counts) for counts in mixed] == [PartitionCounts, Kept, PartitionCounts]
    check_whole(add_up(mixed, job.work))
    assert add_up(mixed[:1], None) is mixed[0]
    with pytest.raises(CountsError, match="no-such-part can't be read"):
        add_up([Kept("no-such-part", "")], job.work)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, [[0]]),
        (8, [[0]]),
        (9, [[0, 8], [0]]),
        (64, [[0, 8, 16, 24, 32, 40, 48, 56], [0]]),
        (65, [[0, 8, 16, 24, 32, 40, 48, 56, 64], [0, 8], [0]]),
    ],
)
def test_eight_sums_make_one_of_the_next_level(count: int, expected: list[list[int]]):
    slices = [[slice(first, first + 8) for first in level] for level in expected]
    assert list(islice(levels(count), 5)) == slices


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("work", [False, True])
def test_the_sum_of_all_parts_is_that_of_the_corpus(
    work: bool, threads: int, parts: Sequence[FilePart], tmp_path: Path
):
    job = work_of(tmp_path) if work else JOB
    done: list[None] = []
    check_whole(count_here(parts, job, threads, lambda: done.append(None)))
    assert len(done) == 3
    if work:
        listed = (tmp_path / "work" / MANIFEST).read_text().split("\n")
        assert len([line for line in listed if line]) == 3


def test_more_parts_than_are_added_up_at_once(parts: Sequence[FilePart]):
    counts = count_here(list(parts) * 6, JOB, 2, lambda: None)
    assert counts.groups == {
        label: tuple(6 * total for total in totals) for label, totals in GROUPS.items()
    }
    assert terms_of(counts) == {term: 6 * n for term, n in TERMS.items()}


def test_a_second_run_counts_only_what_is_missing(
    parts: Sequence[FilePart], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    job = work_of(tmp_path)
    keep(count_part(parts[1], job), job)
    counted: list[FilePart] = []

    def counts_of(part: FilePart, *rest: Any) -> Any:
        counted.append(part)
        return count_part(part, *rest)

    monkeypatch.setattr(module, "count_part", counts_of)
    done: list[None] = []
    for _ in range(2):
        check_whole(count_here(parts, job, 1, lambda: done.append(None)))
        assert counted == [parts[0], parts[2]]
    # What is taken over counts as done, too.
    assert len(done) == 6


def test_a_fault_stops_the_other_parts(
    parts: Sequence[FilePart], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked: list[bool] = []

    def counts_of(part: FilePart, job: Job, stop: Event) -> PartitionCounts:
        if not part.first:
            raise ReadError("corpus.parquet: gone")
        asked.append(stop.wait(5 if all(asked) else 0))
        time.sleep(0.05)
        raise CancelledError

    monkeypatch.setattr(module, "count_part", counts_of)
    many = [replace(parts[0], first=first) for first in range(50)]
    done: list[None] = []
    with pytest.raises(ReadError, match="gone"):
        count_here(many, JOB, 2, lambda: done.append(None))
    # Those under way are told, and those that have not begun never do.
    assert all(asked) and len(asked) < 10
    assert done == []
