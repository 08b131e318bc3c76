"""Files cut into parts that are counted apart, and how a file is known to be as it was."""

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.counting.file_parts import FilePart, assert_same, read_footer, split_files, stamp
from analysis.counting.remote import RemoteFile
from analysis.errors import ReadError


def parquet(path: Path, rows: int, group: int) -> Path:
    pd.DataFrame({"text": ["Talks"] * rows}).to_parquet(path, row_group_size=group)
    return path


def cuts(parts: list[FilePart]) -> list[tuple[tuple[int, ...] | None, int]]:
    return [(part.row_groups, part.first) for part in parts]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Row groups of 3, 3, 3 and 1 rows: a part ends as soon as it has so many rows.
        (1, [((0,), 0), ((1,), 3), ((2,), 6), ((3,), 9)]),
        (3, [((0,), 0), ((1,), 3), ((2,), 6), ((3,), 9)]),
        (4, [((0, 1), 0), ((2, 3), 6)]),
        (6, [((0, 1), 0), ((2, 3), 6)]),
        (7, [((0, 1, 2), 0), ((3,), 9)]),
        (10, [((0, 1, 2, 3), 0)]),
        (11, [((0, 1, 2, 3), 0)]),
    ],
)
def test_parquet_is_cut_between_row_groups(
    rows: int, expected: list[tuple[tuple[int, ...], int]], tmp_path: Path
):
    for name in ("a.parquet", "a.PARQUET"):
        path = parquet(tmp_path / name, 10, 3)
        parts = split_files([path], rows)
        assert cuts(parts) == expected
        assert {(part.path, part.file, (part.size, part.modified)) for part in parts} == {
            (path, 0, stamp(path))
        }


def test_other_files_are_a_part_each_and_files_are_numbered(tmp_path: Path):
    plain = [tmp_path / name for name in ("a.csv", "b.tsv", "c.jsonl.gz")]
    for path in plain:
        path.write_text("text\nTalks\n" * 9)
    files = [plain[0], parquet(tmp_path / "b.parquet", 4, 2), *plain[1:]]
    parts = split_files(files, 1)
    assert [(part.path, part.file) for part in parts] == [
        (files[0], 0), (files[1], 1), (files[1], 1), (files[2], 2), (files[3], 3),
    ]  # fmt: skip
    assert cuts(parts) == [(None, 0), ((0,), 0), ((1,), 2), (None, 0), (None, 0)]
    assert all(part.size == part.path.stat().st_size for part in parts)
    # Parts are told from each other, and found again.
    assert len(set(parts)) == 5
    assert {replace(part) for part in parts} == set(parts)


def test_parquet_without_rows_is_a_part(tmp_path: Path):
    # Without any row group, and with one that is empty.
    bare = tmp_path / "bare.parquet"
    pq.ParquetWriter(bare, pa.schema({"text": pa.string()})).close()
    assert read_footer(bare).num_row_groups == 0
    assert cuts(split_files([bare], 5)) == [((), 0)]
    empty = parquet(tmp_path / "empty.parquet", 0, 1)
    assert read_footer(empty).num_row_groups == 1
    assert cuts(split_files([empty], 5)) == [((0,), 0)]


def test_files_at_addresses_are_cut_alike(tmp_path: Path):
    fsspec = pytest.importorskip("fsspec")
    path = parquet(tmp_path / "a.parquet", 10, 3)
    files = fsspec.filesystem("memory")
    files.pipe("/file_parts/a.parquet", path.read_bytes())
    remote = RemoteFile("memory://file_parts/a.parquet")
    try:
        assert read_footer(remote).num_rows == 10
        parts = split_files([remote], 4)
        assert cuts(parts) == cuts(split_files([path], 4))
        assert {(part.path, part.size) for part in parts} == {(remote, path.stat().st_size)}
        assert_same(parts[0])
        files.pipe("/file_parts/a.parquet", path.read_bytes() + b" ")
        with pytest.raises(ReadError, match=r"a\.parquet: changed while"):
            assert_same(parts[0])
    finally:
        files.rm("/file_parts", recursive=True)


def test_size_and_time_say_whether_a_file_is_as_it_was(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("text\n")
    os.utime(path, ns=(5, 7_000_000_001))
    assert stamp(path) == (5, 7_000_000_001)
    (part,) = split_files([path], 1)
    assert_same(part)
    os.utime(path, ns=(6, 7_000_000_001))
    assert_same(part)
    os.utime(path, ns=(6, 7_000_000_002))
    with pytest.raises(ReadError, match=r"a\.csv: changed while it was being counted"):
        assert_same(part)
    path.write_text("text\n\n")
    os.utime(path, ns=(5, 7_000_000_001))
    with pytest.raises(ReadError, match=r"a\.csv: changed while it was being counted"):
        assert_same(part)


def test_a_file_that_is_gone_or_no_parquet_is_named(tmp_path: Path):
    with pytest.raises(ReadError, match=r"gone\.csv: can't be read \(No such file or directory\)"):
        split_files([tmp_path / "gone.csv"], 1)
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(b"PAR1 no more")
    with pytest.raises(ReadError, match=r"bad\.parquet: can't be read as Parquet \(Parquet magic"):
        split_files([bad], 1)
    (tmp_path / "folder.parquet").mkdir()
    with pytest.raises(ReadError, match=r"folder\.parquet: can't be read as Parquet \("):
        split_files([tmp_path / "folder.parquet"], 1)
