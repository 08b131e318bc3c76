"""One way of reading: a corpus in batches, and cut into files, is what it is as a whole."""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import read_articles, scan_articles
from analysis.errors import ReadError
from analysis.reading.formats import json_lines
from analysis.reading.scan import read_options
from analysis.reading.survey import corpus, pieces, summaries
from analysis.reading.survey.corpus import survey
from analysis.reading.survey.pieces import read_piece
from tests.reading.test_hostile import make_samples

TODAY = "2024-01-31"
SIZES = (1, 7, 10_000)


@pytest.fixture(params=[3, 2_000])
def rows_at_once(request, monkeypatch) -> int:
    """How many rows the readers take at once; few in a corpus that is read twice."""
    monkeypatch.setattr(corpus, "KEPT", corpus.KEPT if request.param == 2_000 else 0)
    monkeypatch.setattr(pieces, "ROWS", request.param)
    monkeypatch.setattr(summaries, "ROWS", request.param)
    return request.param


def scanned(path, size: int, **options) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All batches, of which each has the types of the whole."""
    batches = list(scan_articles(path, batch_size=size, today=TODAY, **options))
    for articles, rejected in batches:
        assert 0 < len(articles) + len(rejected) <= size
        assert articles.dtypes.equals(batches[0][0].dtypes)
        assert list(articles["outlet"].cat.categories) == list(
            batches[0][0]["outlet"].cat.categories
        )
    articles, rejected = (
        pd.concat(tables, ignore_index=True) for tables in zip(*batches, strict=True)
    )
    return articles, rejected


def check_scan(path, **options) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reading in batches of any size gives the whole."""
    articles, rejected = read_articles(path, today=TODAY, **options)
    for size in SIZES:
        some, refused = scanned(path, size, **options)
        pd.testing.assert_frame_equal(some, articles, check_flags=False)
        pd.testing.assert_frame_equal(refused, rejected)
    notes = articles.attrs["reading"]
    assert sum(note["articles"] for note in notes) == len(articles)
    assert sum(note["rejected"] for note in notes) == len(rejected)
    assert sum(note["rows"] for note in notes) == len(articles) + len(rejected)
    return articles, rejected


def test_every_format_in_batches(tmp_path: Path, rows_at_once):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in make_samples(tmp_path).items():
        (folder / name).write_bytes(content)
    articles, rejected = check_scan(folder)
    # The three articles of the tables are in eight of them under the same ids.
    assert (rejected["reason"] == "duplicate id").sum() >= 21
    assert {"date_end", "furniture_chars"} - set(articles) == {"date_end"}


def test_a_folder_with_a_manifest_in_batches(write):
    folder = write("in/a.txt", "Envoys met.").parent
    write("in/b.txt", "They left.")
    write("in/c.txt", "Not listed.")
    write("in/manifest.csv", "file,outlet,date\na.txt,Gazette,2018-06\nb.txt,Herald,\n")
    articles, rejected = check_scan(folder)
    assert articles["date_end"].tolist() == [pd.Timestamp("2018-06-30")]
    assert rejected["reason"].tolist() == ["file not in the manifest", "no date"]


# Values that decide for their whole file or corpus, beside those that don't.
DATES = st.sampled_from(
    ["2018-06-12", "04/05/2018", "25/05/2018", "05/25/2018", "June 2018", "", "soon", "2031-01-01"]
)
TEXTS = st.sampled_from(
    ["They met.", "They left.", "a<b>c", "x &amp; y", "<p>They met.</p>", "&lt;p&gt;They&lt;/p&gt;",
     "", "itâ€™s", "<p>&nbsp;</p>", "They met [+12 chars]", "  spaced\u2003", "é" * 40]
)  # fmt: skip
ROW = st.fixed_dictionaries(
    {
        "doc_id": st.sampled_from(["", "1", "2", "3", "b.csv:1", "a.csv:2"]),
        "outlet": st.sampled_from(["Gazette", "Gazette Online", "Herald", "", "nan"]),
        "date": DATES,
        "title": st.sampled_from(["", "T &amp; U", "<b>T</b>", "<p>T</p>"]),
        "text": TEXTS,
    },
    optional={
        "n": st.one_of(st.none(), st.integers(-2, 2**63 - 1), st.booleans()),
        "score": st.one_of(st.none(), st.floats(-1, 1), st.integers(0, 3)),
        "mixed": st.one_of(st.none(), st.integers(0, 2), st.text(max_size=2), st.just([1])),
        "date_end": st.sampled_from(["", "2018-07-01"]),
    },
)
ROWS = st.lists(ROW, max_size=9)
SETTINGS = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
ALIASES = {"Gazette Online": "Gazette"}


def as_csv(rows: list[dict]) -> bytes:
    buffer = io.StringIO()
    names = ["doc_id", "outlet", "date", "title", "text"]
    writer = csv.DictWriter(buffer, names, extrasaction="ignore", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    # A row that is none.
    return (buffer.getvalue() + '"x","y"\n').encode()


def as_json_lines(rows: list[dict]) -> bytes:
    lines = [json.dumps(row) for row in rows]
    return "\n".join([*lines[:2], "{broken", *lines[2:], '{"id": 1, "id": 2}']).encode()


def as_zip(rows: list[dict]) -> bytes:
    """Members of one name, as some programs write them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.csv", as_csv(rows[::2]))
        archive.writestr("a.csv", as_csv(rows[1::2]))
    return buffer.getvalue()


KINDS: dict[str, Callable[[list[dict]], bytes]] = {
    "csv": as_csv, "jsonl": as_json_lines, "zip": as_zip,
}  # fmt: skip


@SETTINGS
@given(files=st.lists(st.tuples(st.sampled_from(sorted(KINDS)), ROWS), min_size=1, max_size=3))
def test_any_corpus_in_batches(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("in")
    for n, (kind, rows) in enumerate(files):
        (folder / f"{'abc'[n]}.{kind}").write_bytes(KINDS[kind](rows))
    for rows_at_once in (1, 2_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(corpus, "KEPT", 0)
            patch.setattr(pieces, "ROWS", rows_at_once)
            patch.setattr(summaries, "ROWS", rows_at_once)
            found = check_scan(folder, outlets=ALIASES)
            if rows_at_once == 1:
                first = found
    for one, other in zip(first, found, strict=True):
        pd.testing.assert_frame_equal(one, other, check_flags=False)
    assert first[0].attrs == found[0].attrs


@SETTINGS
@given(rows=st.lists(ROW, min_size=1, max_size=12), groups=st.sampled_from([1, 3, 100]))
def test_parquet_by_runs_of_row_groups(tmp_path_factory, rows, groups):
    folder = tmp_path_factory.mktemp("in")
    frame = pd.DataFrame([{**row, "mixed": str(row.get("mixed"))} for row in rows])
    if "n" in frame:
        numbers = [row.get("n") for row in rows]
        frame["n"] = pd.array([n if n is None else int(n) for n in numbers], "Int64")
    frame.to_parquet(folder / "a.parquet", row_group_size=groups)
    articles, rejected = check_scan(folder / "a.parquet", outlets=ALIASES)
    options = read_options(today=TODAY, outlets=ALIASES)
    found = survey([folder / "a.parquet"], options, part_rows=2)
    assert len(found.pieces) == (1 if groups == 100 else -(-len(rows) // max(groups, 2)))
    batches = [batch for piece in found.pieces for batch in read_piece(piece)]
    some, refused = (pd.concat(tables, ignore_index=True) for tables in zip(*batches, strict=True))
    pd.testing.assert_frame_equal(some, articles, check_flags=False)
    pd.testing.assert_frame_equal(refused, rejected)
    assert found.notes == articles.attrs["reading"]


def test_the_types_of_further_columns_are_those_of_the_whole_corpus(tmp_path: Path):
    base = {"outlet": "Gazette", "date": "2018-06-12", "text": "They met."}
    lines = [
        {**base, "n": 1, "score": 1, "yes": True, "mixed": 1, "tags": ["a", "é"]},
        {**base, "n": None, "score": 0.5, "mixed": "a", "late": 2**60 + 1},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    articles, _ = check_scan(tmp_path)
    # A whole number stays one beside a gap, also beyond what a float holds.
    assert articles["n"].tolist() == [1, pd.NA]
    assert articles["late"].tolist() == [pd.NA, 2**60 + 1]
    assert articles["score"].tolist() == [1.0, 0.5]
    assert articles["mixed"].tolist() == ["1", "a"]
    assert articles["yes"].tolist() == [True, pd.NA]
    assert articles["tags"].iloc[0] == '["a", "é"]'
    assert articles.drop(columns=["date", "outlet"]).dtypes.astype(str).to_dict() == {
        "doc_id": "str", "title": "str", "text": "str", "n": "Int64", "score": "float64",
        "yes": "boolean", "mixed": "str", "tags": "str", "late": "Int64",
    }  # fmt: skip


def test_typed_columns_of_parquet_keep_their_types(tmp_path: Path):
    frame = pd.DataFrame({"outlet": "Gazette", "date": "2018-06-12", "text": ["x", "y", "z"]})
    frame["n"] = np.array([1, 2, 3], "int16")
    frame["when"] = pd.to_datetime(["2018-06-12 10:00", None, "2018-06-13 09:00"])
    frame["grade"] = pd.Categorical(["low", "high", "low"], ["low", "high"], ordered=True)
    frame["day"] = [dt.date(2018, 6, 12)] * 3
    frame["words"] = [["a"], None, ["b", "c"]]
    frame.to_parquet(tmp_path / "a.parquet", row_group_size=2)
    articles, _ = check_scan(tmp_path / "a.parquet")
    assert articles["n"].dtype == "int16"
    assert articles["when"].equals(frame["when"])
    assert articles["grade"].dtype == frame["grade"].dtype
    assert articles["day"].tolist() == [pd.Timestamp("2018-06-12")] * 3
    assert articles["words"].fillna("-").tolist() == ['["a"]', "-", '["b", "c"]']


def test_outlets_without_an_article_are_no_categories(write):
    path = write("a.csv", "outlet,date,text\nGazette,2018-06-12,x\nHerald,,y\n")
    articles, _ = check_scan(path)
    assert list(articles["outlet"].cat.categories) == ["Gazette"]


def test_keys_of_json_lines_that_come_late_choose_the_columns(write, monkeypatch):
    monkeypatch.setattr(json_lines, "_LOOKED_AT", 10)
    lines = [{"outlet": "Gazette", "date": "2018-06-12", "content": "short"} for _ in range(15)]
    lines.append({"outlet": "Gazette", "date": "2018-06-12", "text": "They met.", "content": "s"})
    articles, rejected = check_scan(write("a.jsonl", "\n".join(map(json.dumps, lines))))
    assert articles["text"].tolist() == ["They met."]
    assert rejected["reason"].unique().tolist() == ["no text"]


def test_the_survey_on_workers_is_that_of_one_thread(tmp_path: Path):
    for name, content in make_samples(tmp_path).items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_bytes(content)
    here = survey([tmp_path / "in"], read_options(today=TODAY))
    with ProcessPoolExecutor(2) as pool:
        there = survey([tmp_path / "in"], read_options(today=TODAY), pool, tmp_path / "work")
        tables = list(pool.map(read_all, there.pieces))
    assert (there.notes, there.corpus) == (here.notes, here.corpus)
    for one, other in zip(tables, map(read_all, here.pieces), strict=True):
        for table, same in zip(one, other, strict=True):
            pd.testing.assert_frame_equal(table, same)


def read_all(piece) -> tuple[pd.DataFrame, pd.DataFrame]:
    ((articles, rejected),) = read_piece(piece)
    return articles, rejected


def test_files_at_addresses_are_read_as_files_in_a_folder(tmp_path: Path):
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    samples = make_samples(tmp_path)
    for name, content in samples.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_bytes(content)
        memory.pipe(f"/reading/{name}", content)
    articles, rejected = read_articles(tmp_path / "in", today=TODAY)
    some, refused = read_articles("memory://reading", today=TODAY)
    pd.testing.assert_frame_equal(some, articles, check_flags=False)
    pd.testing.assert_frame_equal(refused, rejected)
    one, _ = read_articles("memory://reading/table.csv", today=TODAY)
    assert one["doc_id"].tolist() == ["d1", "d2", "d3"]
    with pytest.raises(ReadError, match=r"reading/none\.csv: there is no such file"):
        read_articles("memory://reading/none.csv")


def test_a_file_that_changes_between_the_two_readings_is_an_error(write):
    path = write("a.csv", "outlet,date,text\nGazette,2018-06-12,x\n")
    batches = scan_articles(path)
    path.write_text("outlet,date,text\nGazette,2018-06-12,xyz\n")
    with pytest.raises(ReadError, match=r"a\.csv: changed while it was being read"):
        next(batches)


def test_a_damaged_file_among_others_is_a_rejected_row(write):
    folder = write("in/a.csv", "outlet,date,text\nGazette,2018-06-12,x\n").parent
    for name in ("b.csv", "c.jsonl", "d.parquet"):
        write(f"in/{name}", "")
    articles, rejected = check_scan(folder)
    assert len(articles) == 1
    assert rejected["source"].tolist() == ["b.csv", "c.jsonl", "d.parquet"]
    assert set(rejected["reason"]) == {"damaged file"}


def test_a_batch_has_at_least_one_row(write):
    with pytest.raises(ReadError, match="batch_size=0"):
        scan_articles(write("a.csv", "outlet,date,text\n"), batch_size=0)


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_dates_beyond_the_calendar_are_rejected(tmp_path: Path, unit: str):
    far = np.array(["2018-06-12", "30000-01-01", "-0300-01-01"], f"datetime64[{unit}]")
    frame = pd.DataFrame({"outlet": "Gazette", "date": far, "text": ["x", "y", "z"]})
    frame.to_parquet(tmp_path / "a.parquet")
    articles, rejected = check_scan(tmp_path / "a.parquet")
    assert articles["text"].tolist() == ["x"]
    assert rejected["reason"].tolist() == ["impossible date"] * 2
    assert "30000-01-01" in rejected.loc[0, "detail"]


def test_equal_dates_of_different_types_are_told_apart(write):
    lines = [
        f'{{"outlet": "Gull", "text": "tide", "date": {date}}}' for date in ("true", "1", "[1]")
    ]
    _, rejected = check_scan(write("a.jsonl", "\n".join(lines)))
    assert [detail.split(" is ")[0] for detail in rejected["detail"]] == ["'True'", "'1'", "'[1]'"]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize(
    "extra",
    ['"outlet": "Tern"', '"more": {"a": 1, "a": 2}', '"more": [{"a": 1, "a": 2}]',
     '"more": [[{"a": 1, "a": 2}]]'],
)  # fmt: skip
def test_a_json_key_given_twice_is_rejected(write, name: str, extra: str):
    row = '{"outlet": "Gull", "date": "2018-06-12", "text": "tide"'
    content = f"{row}}}\n{row}, {extra}}}"
    content = content if name == "a.jsonl" else f"[{content.replace(chr(10), ',')}]"
    articles, rejected = check_scan(write(name, content))
    assert len(articles) == 1
    assert rejected["reason"].tolist() == ["malformed row"]
    key = "outlet" if "Tern" in extra else "a"
    assert rejected.loc[0, "detail"] == f"has the key {key!r} more than once"


def test_steps_do_not_copy_what_is_known_of_each_file(tmp_path: Path):
    """Pandas would, and a folder of thousands of pages would take seconds a step."""
    (tmp_path / "a.csv").write_text("outlet,date,text\nGazette,2021-03-14,Talks.\n")
    articles, _ = read_articles(tmp_path / "a.csv")
    later = articles.assign(section="world").query("outlet == 'Gazette'").copy()
    assert later.attrs["reading"] is articles.attrs["reading"]
    kept = tmp_path / "articles.parquet"
    later.to_parquet(kept)
    assert pd.read_parquet(kept).attrs["reading"] == articles.attrs["reading"]


def test_a_list_given_twice_is_not_lost(write):
    row = '[{"outlet": "Gull", "date": "2018-06-12", "text": "tide"}]'
    path = write("a.json", f'{{"articles": {row}, "articles": {row}}}')
    with pytest.raises(ReadError, match=r"a\.json: has the key 'articles' more than once"):
        read_articles(path)


def test_moments_and_days_in_a_column_of_times(write):
    dates = ("1528761600", '"1528761600000"', '"2018-06-12"')
    rows = [f'{{"outlet": "Gull", "timestamp": {date}, "text": "tide"}}' for date in dates]
    for name, content in (("a.jsonl", "\n".join(rows)), ("a.json", f"[{', '.join(rows)}]")):
        articles, rejected = check_scan(write(name, content))
        assert len(rejected) == 0
        assert articles["date"].astype("str").tolist() == ["2018-06-12"] * 3
