"""A corpus on disk, a batch of rows at a time: which files, which rows, under which names."""

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.counting.batches import Batch, count_rows, list_files, read_batches, read_part
from analysis.counting.file_parts import FilePart, stamp
from analysis.errors import ReadError

# Seven articles: so many that batches of one, two and three rows end in different places.
ROWS = [
    {"outlet": "Gazette", "date": f"2021-03-{day:02}", "text": f"Talks, day {day}", "desk": desk}
    for day, desk in enumerate(["news", None, "world", "news", "city", "", "news"], start=1)
]
NAMES = ["text", "outlet", "date", "desk"]


def read(*files: Path, extra: tuple[str, ...] = (), size: int = 100, **columns: str) -> list[Batch]:
    return list(read_batches(files, extra, columns, size))


def rows_of(found: list[Batch]) -> list[dict[str, Any]]:
    return [row for batch in found for row in batch.table.to_pylist()]


def rejections_of(found: list[Batch]) -> list[tuple[int, str, str]]:
    """Place, locator and reason of what could not be read."""
    return [
        (place, rejection.locator, str(rejection.reason))
        for batch in found
        for place, rejection in batch.rejections
    ]


def json_lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write(path: Path) -> Path:
    """The articles above in the form that the file's name says."""
    frame = pd.DataFrame(ROWS)
    if path.suffix == ".parquet":
        frame.to_parquet(path, row_group_size=4)
    elif "json" in path.name:
        path.write_text(frame.to_json(orient="records", lines=True), encoding="utf-8")
    else:
        frame.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")
    return path


def test_a_folder_stands_for_its_files_of_known_forms_in_order(tmp_path: Path):
    (tmp_path / "b.parquet").mkdir()
    names = ["a.CSV", "b.parquet/part-0.parquet", "c.jsonl.gz", "d.tsv.zst", "e.ndjson"]
    for name in [*reversed(names), "README.md", "f.html.gz", "g.xlsx", "noform"]:
        (tmp_path / name).touch()
    inside = [tmp_path / name for name in names]
    assert list_files(tmp_path) == list_files(str(tmp_path)) == inside
    # Several paths stand in the order in which they are given.
    assert list_files([inside[4], inside[1].parent, inside[0]]) == [inside[4], *inside[1::-1]]
    assert list_files(iter([str(inside[2])])) == [inside[2]]


def test_hidden_files_and_an_operating_system_s_own_are_passed_over(tmp_path: Path):
    for name in ("a.csv", ".b.csv", "._a.csv", ".work/c.csv", "__MACOSX/a.csv", "~$d.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text\nA threat.\n")
    assert list_files(tmp_path) == [tmp_path / "a.csv"]
    # Named by itself, a hidden file is meant.
    assert list_files(tmp_path / ".b.csv") == [tmp_path / ".b.csv"]


def test_a_file_that_is_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.csv").touch()
    (tmp_path / "b.csv").touch()
    monkeypatch.chdir(tmp_path)
    for paths in (["a.csv", "b.csv", "a.csv"], [tmp_path, "a.csv"], ["a.csv", "./a.csv"]):
        with pytest.raises(ReadError, match=r"^a\.csv: is given twice"):
            list_files(paths)


def test_no_path_at_all_is_refused():
    with pytest.raises(ReadError, match=r"no file to count in an empty list\."):
        list_files([])


@pytest.mark.parametrize("suffix", [".gz", ".ZST"])
def test_parquet_in_another_compression_is_refused(suffix: str, tmp_path: Path):
    packed = tmp_path / f"a.parquet{suffix}"
    packed.touch()
    for paths in (tmp_path, packed):
        with pytest.raises(ReadError, match=rf"a\.parquet{suffix}: Parquet can't .* Unpack it\."):
            list_files(paths)


def test_rows_are_counted_ahead_where_all_files_say_so(tmp_path: Path):
    first, second = write(tmp_path / "a.parquet"), tmp_path / "b.PARQUET"
    second.write_bytes(first.read_bytes())
    assert count_rows([first, second]) == 14
    assert count_rows([first, write(tmp_path / "c.csv")]) is None
    assert count_rows([first, tmp_path / "missing.parquet"]) is None
    second.write_bytes(b"PAR1 no more")
    assert count_rows([first, second]) is None


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.tsv", "a.jsonl", "a.ndjson"])
def test_batches_hold_all_rows_in_order_whatever_their_size(name: str, size: int, tmp_path: Path):
    found = read(write(tmp_path / name), extra=("desk",), size=size)
    # pandas writes what is missing as an empty cell.
    missing = "" if name in ("a.csv", "a.tsv") else None
    expected = [{key: row[key] for key in NAMES} for row in ROWS]
    expected[1]["desk"] = missing
    assert rows_of(found) == expected
    assert max(len(batch.table) for batch in found) == min(size, 7)
    # Rows of Parquet are numbered from 1; the first line of a table with a head is its head.
    unit, first = ("row", 1) if "parquet" in name else ("line", 2 if "sv" in name else 1)
    assert {(batch.source, batch.file, batch.unit) for batch in found} == {(name, 0, unit)}
    assert [place for batch in found for place in batch.places] == list(range(first, first + 7))
    assert rejections_of(found) == []


def test_files_are_numbered_in_the_order_given(tmp_path: Path):
    files = [write(tmp_path / name) for name in ("b.parquet", "a.csv", "c.jsonl")]
    found = [(batch.file, batch.source) for batch in read(*files, size=4)]
    names = [(0, "b.parquet"), (1, "a.csv"), (2, "c.jsonl")]
    assert found == [name for name in names for _ in range(2)]


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_files_are_read_as_they_are_unpacked(suffix: str, tmp_path: Path):
    pack = gzip.compress
    if suffix == ".zst":
        pack = pytest.importorskip("zstandard").ZstdCompressor().compress
    for name in ("a.csv", "a.jsonl"):
        plain = write(tmp_path / name)
        packed = tmp_path / f"{name}{suffix}"
        packed.write_bytes(pack(plain.read_bytes()))
        assert rows_of(read(packed)) == rows_of(read(plain))


def test_some_row_groups_are_a_part_with_the_places_of_the_whole(tmp_path: Path):
    path = write(tmp_path / "a.parquet")
    part = FilePart(path, 3, *stamp(path), row_groups=(1,), first=4)
    (batch,) = read_part(part, (), {}, 100)
    assert (batch.file, list(batch.places)) == (3, [5, 6, 7])
    assert batch.table["text"].to_pylist() == [row["text"] for row in ROWS[4:]]


def test_columns_have_the_names_of_the_articles_table(tmp_path: Path):
    row = {"id": 7, "paper": "B", "publisher": "A", "body": "Talks", "published": "2021", "rank": 1}
    path = json_lines(tmp_path / "a.jsonl", [row])
    pd.DataFrame([row | {"id": "7"}]).to_parquet(tmp_path / "a.parquet")
    expected = {"text": "Talks", "outlet": "A", "date": "2021", "doc_id": "7"}
    assert rows_of(read(path)) == rows_of(read(tmp_path / "a.parquet")) == [expected]
    told = rows_of(read(path, outlet="paper"))
    assert told == [expected | {"outlet": "B"}]
    # A further column may be one of the table's, under its own name or the table's.
    for extra in (("outlet",), ("publisher",)):
        assert rows_of(read(path, extra=extra)) == [expected | {extra[0]: "A"}]
        assert rows_of(read(tmp_path / "a.parquet", extra=extra)) == [expected | {extra[0]: "A"}]


def test_a_column_that_is_not_there_is_named(tmp_path: Path):
    for name in ("a.parquet", "a.csv", "a.jsonl"):
        with pytest.raises(ReadError, match=rf"{name}: by names the column 'page'; .* date, text,"):
            read(write(tmp_path / name), extra=("page",))


def test_two_columns_of_one_name_are_refused_if_they_are_needed(tmp_path: Path):
    path = tmp_path / "twice.parquet"
    names = ["text", "outlet", "date", "note", "note"]
    pq.write_table(pa.table([["Talks"], ["A"], ["2021"], ["x"], ["y"]], names), path)
    assert len(rows_of(read(path))) == 1
    with pytest.raises(ReadError, match=r"twice\.parquet: has 2 columns named 'note'"):
        read(path, extra=("note",))


def test_what_is_no_row_stands_in_its_batch_with_its_place(tmp_path: Path):
    sound = json.dumps(ROWS[0])
    (tmp_path / "odd.jsonl").write_text("\n".join(["[1]", "{broken", sound, "", "7", sound]))
    for size, batches in ((1, 5), (2, 3), (100, 1)):
        found = read(tmp_path / "odd.jsonl", size=size)
        assert rejections_of(found) == [
            (line, f"line {line}", "malformed row") for line in (1, 2, 5)
        ]
        assert [place for batch in found for place in batch.places] == [3, 6]
        assert [len(batch.places) for batch in found] == [len(batch.table) for batch in found]
        # The columns that counting needs are there, in a batch without any row as well.
        assert all({"text", "outlet", "date"} <= {*batch.table.column_names} for batch in found)
        assert len(found) == batches


def test_values_of_json_are_strings_on_their_way(tmp_path: Path):
    row = {"outlet": 3, "date": 2021, "text": "Talks and \x00", "id": True}
    desks: list[Any] = ["x", 1, 1.5, True, None, ["é"], {"a": None}, "\x00"]
    path = json_lines(tmp_path / "a.jsonl", [row | {"desk": desk} for desk in desks])
    found = rows_of(read(path, extra=("desk",), size=3))
    assert {(row["outlet"], row["date"], row["doc_id"]) for row in found} == {("3", "2021", "True")}
    assert {row["text"] for row in found} == {"Talks and \x00"}
    # A string stands for itself, lists and objects for their JSON; other values have a NUL.
    expected = ["x", "\x001", "\x001.5", "\x00true", None, '["é"]', '{"a": null}', '\x00"\\u0000"']
    assert [row["desk"] for row in found] == expected


def test_rows_of_json_gain_columns_from_batch_to_batch(tmp_path: Path):
    row = {"outlet": "A", "text": "Talks"}
    rows = [row, row | {"date": "2021"}, row | {"desk": "x", "id": "a3"}]
    path = json_lines(tmp_path / "late.jsonl", rows)
    for size in (1, 2, 3, 100):
        found = rows_of(read(path, extra=("desk",), size=size))
        assert [[row["date"], row["desk"]] for row in found] == [
            [None, None], ["2021", None], [None, "x"],
        ]  # fmt: skip
        # What counting can do without has a column from the batch on in which it first stands.
        assert [row["doc_id"] for row in found if "doc_id" in row][-1] == "a3"


@pytest.mark.parametrize("kind", ["string", "large_string", "csv"])
def test_tags_in_the_first_rows_are_warned_of_once_a_file(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    frame = pd.DataFrame(ROWS).assign(text="<p>Talks</p>")
    files = [tmp_path / f"{name}.{'csv' if kind == 'csv' else 'parquet'}" for name in "ab"]
    for path, texts in zip(files, (frame, pd.DataFrame(ROWS)), strict=True):
        if kind == "csv":
            texts.to_csv(path, index=False)
        else:
            table = pa.Table.from_pandas(texts, preserve_index=False)
            at = table.schema.get_field_index("text")
            text = table["text"].cast(getattr(pa, kind)())
            pq.write_table(table.set_column(at, "text", text), path, row_group_size=2)
    assert len(rows_of(read(*files, size=2))) == 14
    (warning,) = caplog.messages
    assert warning.startswith(f"{files[0].name}: its texts hold HTML")
    caplog.clear()
    if kind != "csv":
        # A later part of the file says nothing again.
        part = FilePart(files[0], 0, *stamp(files[0]), row_groups=(1, 2), first=2)
        assert len(rows_of(list(read_part(part, (), {}, 2)))) == 4
    assert not caplog.messages


def test_texts_that_are_no_strings_are_left_to_be_checked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    path = tmp_path / "a.parquet"
    columns = [[b"<p>Talks</p>"], ["Gazette"], ["2021"]]
    pq.write_table(pa.table(columns, ["text", "outlet", "date"]), path)
    assert rows_of(read(path))[0]["text"] == b"<p>Talks</p>"
    assert not caplog.messages


def test_a_file_that_is_not_what_it_was_is_refused(tmp_path: Path):
    for name in ("a.parquet", "a.csv", "a.jsonl"):
        path = write(tmp_path / name)
        size, modified = stamp(path)
        for other in (FilePart(path, 0, size + 1, modified), FilePart(path, 0, size, 1)):
            with pytest.raises(ReadError, match=f"{name}: changed while it was being counted"):
                next(read_part(other, (), {}, 2))
        # It changes after the last batch.
        found = read_part(FilePart(path, 0, size, modified), (), {}, 100)
        batch = next(found)
        with path.open("ab") as stream:
            stream.write(b" ")
        with pytest.raises(ReadError, match="changed while it was being counted"):
            list(found)
        assert len(batch.table)


def test_parquet_that_is_damaged_in_the_midst_is_named_with_the_row(tmp_path: Path):
    path = write(tmp_path / "a.parquet")
    column = pq.read_metadata(path).row_group(1).column(2)
    with path.open("r+b") as stream:
        stream.seek(column.dictionary_page_offset or column.data_page_offset)
        stream.write(b"\xff" * 20)
    found = read_batches([path], (), {}, 4)
    assert len(next(found).table) == 4
    with pytest.raises(ReadError, match=r"a\.parquet: can't be read as Parquet after row 4 \("):
        next(found)
