"""Rows of tables and of JSON lines: their line, their values by name, or why they are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis import read_articles
from analysis.counting import file_rows as module
from analysis.counting.file_rows import Record, choose_columns, json_rows, table_rows
from analysis.errors import ReadError
from analysis.reading.checking import ReadOptions
from analysis.reading.compressed import input_file
from analysis.reading.limits import ReadLimits
from analysis.reading.rejected import Rejection

BARE = {"date": "2021", "text": "Talks"}
ROW = {"outlet": "A", **BARE}


def rows(path: Path, *extra: str, row_chars: int = 1000, **columns: str) -> list[Record]:
    read = json_rows if path.suffix == ".jsonl" else table_rows
    file = input_file(path, path.name, ReadLimits(row_chars=row_chars))
    return list(read(file, extra, ReadOptions(columns=columns)))


def values(found: list[Record], name: str) -> list[Any]:
    return [row.get(name) for _, row in found if isinstance(row, dict)]


def rejected(found: list[Record]) -> list[tuple[int, str, str, str]]:
    """Line, locator, reason and detail of what is no row."""
    return [
        (line, row.locator, str(row.reason), row.detail)
        for line, row in found
        if isinstance(row, Rejection)
    ]


def json_lines(path: Path, found: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    return path


def test_columns_are_guessed_and_only_those_that_are_needed_are_taken():
    names = ["id", "publisher", "published", "headline", "body", "section", "page"]
    chosen = {"text": "body", "outlet": "publisher", "date": "published", "doc_id": "id"}
    assert choose_columns(names, (), ReadOptions(), "a.csv") == chosen
    # A further column may be one of the articles table, under its own name or the file's.
    more = {"title": "headline", "page": "page", "publisher": "publisher"}
    extra = (*more, "outlet", "doc_id")
    assert choose_columns(names, extra, ReadOptions(), "a.csv") == chosen | more
    told = ReadOptions(columns={"outlet": "section"})
    found = choose_columns([*names, "date_end"], ("outlet",), told, "a.csv")
    assert found == chosen | {"outlet": "section", "date_end": "date_end"}


def test_columns_that_are_missing_are_named():
    names = ["outlet", "date", "text"]
    with pytest.raises(ReadError, match=r"a\.csv: by names the column 'desk'; the file has outlet"):
        choose_columns(names, ("date", "desk"), ReadOptions(), "a.csv")
    chosen = choose_columns(names, ("date", "desk"), ReadOptions(), "a.csv", more=True)
    assert chosen == {name: name for name in names}
    for more in (False, True):
        with pytest.raises(ReadError, match=r"a\.csv: no column can be taken for outlet; it has"):
            choose_columns(["date", "text"], (), ReadOptions(), "a.csv", more=more)


def test_a_list_of_links_is_refused():
    for names, absent in (["url", "date", "text"], "outlet"), (["url", "date"], "outlet, text"):
        with pytest.raises(ReadError, match=rf"a\.csv: no column can be taken for {absent}; the"):
            choose_columns(names, (), ReadOptions(), "a.csv")


def test_rows_of_a_table_have_the_line_on_which_they_begin(tmp_path: Path):
    path = tmp_path / "odd.csv"
    lines = [
        "page,outlet,date,text",
        "1,Gazette,2021-03-14,Talks",
        "1,Gazette,2021-03-14",
        '1,Gazette,2021-03-14,"Two',
        'lines"',
        "",
        '1,Gazette,2021-03-14,"Talks" again',
        "1,Gazette,2021-03-14,Talks,talks",
        f"1,Gazette,2021-03-14,{'x' * 1000}",
        "2,Herald,,",
    ]
    path.write_text("\n".join(lines))
    found = rows(path, "page")
    assert [line for line, row in found if isinstance(row, dict)] == [2, 4, 10]
    assert values(found, "text") == ["Talks", "Two\nlines", ""]
    assert values(found, "page") == ["1", "1", "2"]
    assert found[-1][1] == {"text": "", "outlet": "Herald", "date": "", "page": "2"}
    assert [reason[:3] for reason in rejected(found)] == [
        (3, "line 3", "malformed row"),
        (7, "line 7", "malformed row"),
        (8, "line 8", "malformed row"),
        (9, "line 9", "over the size limit"),
    ]
    details = [reason[3] for reason in rejected(found)]
    assert (details[0], details[2]) == (
        "3 fields where the header has 4", "5 fields where the header has 4",
    )  # fmt: skip


@pytest.mark.parametrize("content", ["", "\n\n", 'outlet,"date\n'])
def test_a_table_without_a_header_is_refused(content: str, tmp_path: Path):
    (tmp_path / "none.csv").write_text(content)
    with pytest.raises(ReadError, match=r"none\.csv: has no header"):
        rows(tmp_path / "none.csv")


def test_lines_that_are_no_json_object_are_rejected(tmp_path: Path):
    sound = json.dumps(ROW)
    lines = ["[1]", "", sound, "{broken", "null", " \t ", "[" * 900, "7", f'"{"x" * 1000}"', sound]
    (tmp_path / "odd.jsonl").write_text("\n".join(lines))
    found = rows(tmp_path / "odd.jsonl")
    assert [found[1], found[-1]] == [(3, ROW), (10, ROW)]
    # What read_articles says of them, too.
    expected = [
        (1, "malformed row", "a JSON list, not an object"),
        (4, "malformed row", "not JSON: Expecting property name"),
        (5, "malformed row", "a JSON NoneType, not an object"),
        (7, "malformed row", "not JSON: Expecting value"),
        (8, "malformed row", "a JSON int, not an object"),
        (9, "over the size limit", "longer than 1,000 characters"),
    ]
    for (line, place, reason, detail), (n, why, begins) in zip(
        rejected(found), expected, strict=True
    ):
        assert (line, place, reason) == (n, f"line {n}", why)
        assert detail.startswith(begins)
    # Nested so deeply that Python's parser gives up.
    deep = '{"text":' * 50_000
    (tmp_path / "odd.jsonl").write_text(f"{deep}\n{sound}\n")
    found = rows(tmp_path / "odd.jsonl", row_chars=10**6)
    assert [row[:3] for row in rejected(found)] == [(1, "line 1", "malformed row")]
    assert found[1] == (2, ROW)


def test_what_no_text_can_hold_is_rejected_as_read_articles_rejects_it(tmp_path: Path):
    sound = "outlet,date,text\nGazette,2021,Déjà vu où l’été a été\n".encode()
    (tmp_path / "a.csv").write_bytes(sound + b"Herald,2021,Caf\xe9\n")
    lines = [json.dumps(ROW), json.dumps(ROW | {"text": "half \ud83d"}), json.dumps(ROW)]
    (tmp_path / "b.jsonl").write_text("\n".join(lines))
    for name, line in (("a.csv", 3), ("b.jsonl", 2)):
        (found,) = rejected(rows(tmp_path / name))
        articles, refused = read_articles(tmp_path / name)
        assert found[:3] == (line, f"line {line}", "undecodable")
        assert refused[["locator", "reason", "detail"]].values.tolist() == [list(found[1:])]
        assert len(values(rows(tmp_path / name), "text")) == len(articles) > 0


def test_lists_and_objects_are_their_json(tmp_path: Path):
    desks: list[Any] = ["x", 1, 1.5, True, None, ["é"], {"a": None}]
    path = json_lines(tmp_path / "a.jsonl", [ROW | {"desk": desk} for desk in desks])
    assert values(rows(path, "desk"), "desk") == [*desks[:5], '["é"]', '{"a": null}']


def test_keys_may_come_late(tmp_path: Path):
    late = {"paper": "A", **BARE, "end_date": "2022", "desk": "news"}
    found = [{"text": "Talks"}, {"text": "Talks", "paper": "A"}, late, {"paper": "B"}]
    read = rows(json_lines(tmp_path / "late.jsonl", found), "desk")
    assert read == [
        (1, {"text": "Talks"}),
        (2, {"text": "Talks", "outlet": "A"}),
        (3, {"text": "Talks", "outlet": "A", "date": "2021", "date_end": "2022", "desk": "news"}),
        (4, {"text": None, "outlet": "B", "date": None, "date_end": None, "desk": None}),
    ]


def test_a_column_that_no_row_has_is_named_at_the_end(tmp_path: Path):
    path = json_lines(tmp_path / "a.jsonl", [BARE] * 3)
    with pytest.raises(ReadError, match=r"a\.jsonl: no column can be taken for outlet; it has"):
        rows(path)
    with pytest.raises(ReadError, match=r"a\.jsonl: by names the column 'desk'"):
        rows(json_lines(path, [ROW] * 3), "desk")
    # Where there is no row at all, nothing is said of columns.
    path.write_text("\n[1]\n")
    assert [row[:3] for row in rejected(rows(path, "desk"))] == [(2, "line 2", "malformed row")]


def test_a_column_that_many_rows_lack_is_named_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "_SURE", 5)
    path = json_lines(tmp_path / "a.jsonl", [*[BARE] * 4, ROW, *[BARE] * 4, ROW | {"desk": 1}])
    read = rows(path, "desk")
    assert values(read, "outlet") == [None] * 4 + ["A"] + [None] * 4 + ["A"]
    # Only what `by` names may come later still.
    assert values(read, "desk") == [None] * 9 + [1]
    json_lines(path, [*[BARE] * 5, ROW])
    file = input_file(path, path.name, ReadLimits())
    for columns, message in (({}, "no column can be taken for outlet"),
                             ({"outlet": "paper"}, "has no column 'paper'")):  # fmt: skip
        read = json_rows(file, (), ReadOptions(columns=columns))
        assert [next(read)[0] for _ in range(4)] == [1, 2, 3, 4]
        with pytest.raises(ReadError, match=message):
            next(read)


def test_nothing_else_is_taken_for_a_column_that_is_told(tmp_path: Path):
    path = json_lines(tmp_path / "a.jsonl", [ROW, ROW | {"paper": "B"}])
    assert values(rows(path, outlet="paper"), "outlet") == [None, "B"]
    with pytest.raises(ReadError, match=r"a\.jsonl: has no column 'papers'"):
        rows(path, outlet="papers")


def test_a_guess_that_a_later_row_would_change_is_refused(tmp_path: Path):
    row = {"publisher": "A", **BARE}
    path = json_lines(tmp_path / "a.jsonl", [row, row, row | {"outlet": "B"}])
    with pytest.raises(ReadError, match=r"a\.jsonl, line 3: outlet .*'publisher' .*'outlet'"):
        rows(path)
    json_lines(tmp_path / "b.jsonl", [{"paper": "A", **BARE}, row])
    with pytest.raises(ReadError, match=r"b\.jsonl, line 2: outlet .*'paper' .*'publisher'"):
        rows(tmp_path / "b.jsonl")
    assert values(rows(path, outlet="publisher"), "outlet") == ["A", "A", "A"]
    assert values(rows(path, outlet="outlet"), "outlet") == [None, None, "B"]
