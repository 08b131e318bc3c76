"""Finished partitions on disk: what they are called, what is listed, and what comes back."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analysis.counting import work_folder
from analysis.counting.file_parts import FilePart
from analysis.counting.partitions import CountSpec, PartitionCounts
from analysis.counting.sum_loops import Totals
from analysis.counting.sums import Cells
from analysis.counting.work_folder import (
    MANIFEST,
    WorkFolder,
    code_hash,
    decode,
    encode,
    part_name,
    read_counts,
)
from analysis.errors import CountsError, OutputError
from analysis.lexicons.lexicon import Lexicon
from analysis.tokens import TermRules

PART = FilePart(Path("/corpus/a.parquet"), 12, 1000, 1_600_000_000, (3, 4), 25_000)
LEXICON = Lexicon.from_dict({"calm": ["talk*"]})
SPEC = CountSpec(("outlet", "month"), LEXICON)
COLUMNS = {"outlet": "paper", "text": "body"}


def test_a_name_tells_where_the_part_begins():
    name = part_name(PART, SPEC, COLUMNS)
    assert name.startswith("part-000012-000000025000-")
    assert name.endswith(".arrow")
    digest = name.removeprefix("part-000012-000000025000-").removesuffix(".arrow")
    assert len(digest) == 16 and set(digest) <= set("0123456789abcdef")
    # Neither the order of the columns' names nor another object of the same content is another.
    again = replace(SPEC, lexicon=Lexicon.from_dict({"calm": ["talk*"]}))
    assert part_name(replace(PART), again, dict(reversed(COLUMNS.items()))) == name


def test_another_file_question_or_code_is_another_name(monkeypatch: pytest.MonkeyPatch):
    files = [
        replace(PART, path=Path("/corpus/b.parquet")), replace(PART, size=1001),
        replace(PART, modified=1_600_000_001), replace(PART, modified="etag"),
        replace(PART, row_groups=(3,)), replace(PART, row_groups=None),
        replace(PART, file=13), replace(PART, first=0),
    ]  # fmt: skip
    questions = [
        replace(SPEC, by=("outlet",)), replace(SPEC, by=("month", "outlet")),
        replace(SPEC, lexicon=None), replace(SPEC, rules=TermRules(ngrams=2)),
        replace(SPEC, lexicon=Lexicon.from_dict({"calm": ["talk"]})),
    ]  # fmt: skip
    names = [part_name(PART, SPEC, COLUMNS)]
    names += [part_name(part, SPEC, COLUMNS) for part in files]
    names += [part_name(PART, spec, COLUMNS) for spec in questions]
    names += [part_name(PART, SPEC, columns) for columns in ({}, COLUMNS | {"text": "full"})]
    monkeypatch.setattr(work_folder, "code_hash", lambda: "of another version")
    names.append(part_name(PART, SPEC, COLUMNS))
    assert len(set(names)) == len(names) == 17


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that is laid out like this one, with a hash of its own."""
    package = tmp_path / "analysis"
    for name in ("articles.py", "tokens/kernel.py", "counting/work_folder.py", "showing/charts.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("1")
    monkeypatch.setattr(work_folder, "__file__", str(package / "counting" / "work_folder.py"))
    return package


def test_the_hash_of_the_code_is_of_all_that_counts(package: Path):
    def hash_now() -> str:
        code_hash.cache_clear()
        return code_hash()

    begin = hash_now()
    try:
        # SHA-256 over name and hash of each file, in order; independent of work_folder's own loop.
        one = hashlib.sha256(b"1").digest()
        names = (b"articles.py", b"tokens/kernel.py", b"counting/work_folder.py")
        content = b"".join(name + b"\0" + one for name in names)
        assert begin == hashlib.sha256(content).hexdigest()
        for name in ("showing/charts.py", "tokens/__pycache__/kernel.nbi", "tools.py"):
            (package / name).parent.mkdir(exist_ok=True)
            (package / name).write_text("2")
            assert hash_now() == begin
        found = {begin}
        for name in ("articles.py", "tokens/kernel.py", "tokens/deep/er.py", "reading/csv.py"):
            (package / name).parent.mkdir(exist_ok=True)
            (package / name).write_text("2")
            found.add(hash_now())
        (package / "tokens" / "kernel.py").rename(package / "tokens" / "core.py")
        found.add(hash_now())
        assert len(found) == 6
    finally:
        code_hash.cache_clear()


def test_parts_are_listed_when_they_are_finished(tmp_path: Path):
    folder = WorkFolder(tmp_path / "new" / "work")
    assert folder.listed() == {}
    manifest = tmp_path / "new" / "work" / MANIFEST
    # Even an empty manifest shows that the folder can be written.
    assert manifest.read_bytes() == b""
    sha256 = folder.write("part-1.arrow", b"content")
    assert sha256 == hashlib.sha256(b"content").hexdigest()
    assert folder.read("part-1.arrow") == b"content"
    assert folder.listed() == {}
    folder.list("part-1.arrow", sha256)
    folder.list("part-2.arrow", "0" * 64)
    assert folder.listed() == {"part-1.arrow": sha256, "part-2.arrow": "0" * 64}
    assert sorted(path.name for path in manifest.parent.iterdir()) == [MANIFEST, "part-1.arrow"]
    lines = [json.loads(line) for line in manifest.read_text().splitlines() if line]
    assert [line["part"] for line in lines] == ["part-1.arrow", "part-2.arrow"]


def test_a_part_is_there_if_its_content_is_what_was_listed(tmp_path: Path):
    folder = WorkFolder(tmp_path)
    sha256 = folder.write("part-1.arrow", b"content")
    assert folder.holds("part-1.arrow", sha256)
    assert not folder.holds("part-1.arrow", "0" * 64)
    assert not folder.holds("part-1.arrow", None)
    assert not folder.holds("part-2.arrow", sha256)
    (tmp_path / "part-1.arrow").write_bytes(b"contend")
    assert not folder.holds("part-1.arrow", sha256)


def test_lines_that_say_nothing_are_passed_over(tmp_path: Path):
    whole = '{"part": "a", "sha256": "1"}'
    lines = ["[]", "7", '"text"', '{"part": "b"}', '{"sha256": "2"}', "", "{", whole]
    (tmp_path / MANIFEST).write_bytes("\n".join(lines).encode() + b'\n{"part": "\xff\xfe')
    folder = WorkFolder(tmp_path)
    assert folder.listed() == {"a": "1"}
    # What is listed after a crash has cut off a line stands on a line of its own.
    folder.list("c", "3")
    assert folder.listed() == {"a": "1", "c": "3"}


def test_two_processes_write_the_same_part_under_names_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    partials = []
    honest = work_folder.replace_file

    def noted(path: Path, content: bytes, *, partial: Path) -> Path:
        partials.append(partial)
        return honest(path, content, partial=partial)

    monkeypatch.setattr(work_folder, "replace_file", noted)
    for _ in range(2):
        WorkFolder(tmp_path).write("part-1.arrow", b"content")
    one, other = partials
    assert one != other
    assert one.parent == tmp_path and one.name.startswith("part-1.arrow.")
    # Nothing takes what is half written for a part.
    assert one.suffix == ".partial"


def test_a_folder_keeps_its_place_when_the_process_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    folder = WorkFolder("work")
    monkeypatch.chdir("/")
    assert folder.folder == tmp_path / "work"


def test_faults_of_the_disk_are_named(tmp_path: Path):
    folder = WorkFolder(tmp_path)
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(OutputError, match=rf"{MANIFEST}: can't be written \(Is a directory\)"):
        folder.list("part-1.arrow", "0" * 64)
    with pytest.raises(CountsError, match=r"work='.*': part-1\.arrow can't be read \(.*No such"):
        read_counts(folder, "part-1.arrow")


def test_a_part_that_is_cut_off_anywhere_is_named(tmp_path: Path):
    folder = WorkFolder(tmp_path)
    hits = pd.DataFrame({"doc_id": ["a"], "n_calm": [1]})
    whole = encode(counts_of({("Gazette",): (1, 2, 4)}, hits=[hits]))
    # Arrow ends each table with a mark of eight bytes, and reads the last one without it, too.
    for content in (b"ARROW", *(whole[:size] for size in range(0, len(whole) - 8, 40))):
        folder.write("part-1.arrow", content)
        with pytest.raises(CountsError, match=r"part-1\.arrow can't be read .*Run again"):
            read_counts(folder, "part-1.arrow")


def counts_of(groups: dict, **more: object) -> PartitionCounts:
    """One term a group, so many times as the group's number."""
    n = np.arange(1, len(groups) + 1)
    cells = Cells(np.arange(len(groups) + 1), np.arange(len(groups), dtype=np.int32)[::-1].copy(),
                  Totals(n, n * 10, n * 2**40, n + 2**62))  # fmt: skip
    terms = pa.array([f"té{k}" for k in range(len(groups))], pa.large_string())
    return PartitionCounts(groups, terms, cells, **more)


def assert_same(one: PartitionCounts, other: PartitionCounts) -> None:
    assert (list(one.groups.items()), one.days) == (list(other.groups.items()), other.days)
    assert one.terms.equals(other.terms)
    arrays = [(*part.cells[:2], *part.cells.totals) for part in (one, other)]
    for mine, its in zip(*arrays, strict=True):
        np.testing.assert_array_equal(mine, its)
        assert mine.dtype == its.dtype


@pytest.mark.parametrize(
    "groups",
    [
        {},
        {(): (3, 5, 25)},
        {("Gazette", None, "2021-03"): (1, 2, 4), ("Herald", 7, None): (2**40, 1, 2**62)},
        {(pd.Timestamp("2021-03-14").date(),): (1, 1, 1), (None,): (2, 2, 2)},
        {(True,): (1, 1, 1), (False,): (1, 2, 3), (None,): (3, 2, 1)},
        {(1.5,): (1, 1, 1)},
    ],
)
def test_counts_come_back_as_they_were(groups: dict, tmp_path: Path):
    days = {"month": (pd.Timestamp("2021-03-14"), pd.Timestamp("2021-05-02"))}
    counts = counts_of(groups, days=days if groups else {})
    content = encode(counts)
    again = decode(content)
    assert_same(again, counts)
    assert isinstance(again.terms, pa.LargeStringArray)
    assert (again.hits, again.rejected, list(again.rows)) == ([], [], [])
    # The same counts are the same bytes.
    assert encode(again) == content
    folder = WorkFolder(tmp_path)
    folder.write("part", content)
    assert_same(read_counts(folder, "part"), counts)


def test_a_group_without_terms_keeps_its_place():
    cells = Cells(np.array([0, 0, 2, 2]), np.array([1, 0], np.int32),
                  Totals(*(np.array([k, 2 * k]) for k in range(1, 5))))  # fmt: skip
    groups = {("A",): (1, 0, 0), ("B",): (1, 3, 9), ("C",): (1, 0, 0)}
    counts = PartitionCounts(groups, pa.array(["a", "b"], pa.large_string()), cells)
    assert_same(decode(encode(counts)), counts)


@pytest.mark.parametrize("hits", [0, 1, 2])
@pytest.mark.parametrize("rejected", [0, 1, 2])
def test_lists_come_back_as_one_table_each(hits: int, rejected: int):
    def tables(number: int, **columns: object) -> list[pd.DataFrame]:
        return [pd.DataFrame({"file": [0, k], "row": [7, 8]} | columns) for k in range(number)]

    counts = counts_of(
        {("Gazette",): (1, 2, 4)},
        hits=tables(hits, doc_id=["a", "b"], n_calm=np.array([1, 2], np.int32)),
        rejected=tables(rejected, reason=["no text", "no date"]),
    )
    again = decode(encode(counts))
    for before, after in ((counts.hits, again.hits), (counts.rejected, again.rejected)):
        assert len(after) == bool(before)
        if before:
            pd.testing.assert_frame_equal(after[0], pd.concat(before, ignore_index=True))
