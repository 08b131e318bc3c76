"""Tables of other libraries as articles, and tables that no program refuses."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from analysis import (
    Lexicon,
    OutputError,
    add_period,
    check_articles,
    clean_articles,
    count_corpus,
    cut_furniture,
    document_terms,
    find_reprints,
    frame_pairs,
    kwic,
    read_articles,
    save_table,
    scan_articles,
    split_voices,
    with_titles,
)
from analysis.tables import as_pandas, is_table

ROWS = {
    "doc_id": ["a", "b", "c"],
    "outlet": ["Gazette", "Herald", "Gazette"],
    "date": [dt.date(2021, 3, 14), dt.date(2021, 3, 15), dt.date(2021, 7, 1)],
    "title": ["Talks", "", "Élan"],
    "text": ["The talks failed.", "No talks, said Ada Quill.", "Troops met for talks."],
}
LEXICON = Lexicon.from_dict({"talks": ["talk*"], "force": ["troops"]})


def from_polars():
    return pytest.importorskip("polars").DataFrame(ROWS)


def from_duckdb():
    duckdb = pytest.importorskip("duckdb")
    return duckdb.from_arrow(pa.table(ROWS))


MAKERS = {
    "pandas": lambda: pd.DataFrame(ROWS),
    "Arrow": lambda: pa.table(ROWS),
    "Arrow batches": lambda: pa.table(ROWS).to_reader(),
    "Arrow types in pandas": lambda: pa.table(ROWS).to_pandas(types_mapper=pd.ArrowDtype),
    "Polars": from_polars,
    "Polars, lazy": lambda: from_polars().lazy(),
    "DuckDB": from_duckdb,
}
EACH = pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))


@EACH
def test_a_table_of_any_library_gives_the_same_articles(make):
    expected = check_articles(pd.DataFrame(ROWS))
    pd.testing.assert_frame_equal(check_articles(make()), expected)
    assert expected["date"].tolist() == [pd.Timestamp(day) for day in ROWS["date"]]


@EACH
def test_a_table_is_read_like_a_file_of_its_rows(make, tmp_path: Path):
    pd.DataFrame(ROWS).to_parquet(tmp_path / "table 1.parquet")
    expected, _ = read_articles(tmp_path / "table 1.parquet")
    (batch, rejected), *more = scan_articles(make())
    assert not more and rejected.empty
    pd.testing.assert_frame_equal(batch, expected)
    groups = count_corpus(make(), ["outlet", "quarter"], lexicon=LEXICON).groups
    assert groups[["outlet", "quarter", "articles"]].values.tolist() == [
        ["Gazette", "2021-Q1", 1], ["Gazette", "2021-Q3", 1], ["Herald", "2021-Q1", 1],
    ]  # fmt: skip


def test_rows_of_a_table_that_are_no_articles_are_rejected():
    articles, rejected = read_articles(pd.DataFrame(ROWS | {"text": ["Talks.", None, ""]}))
    assert len(articles) == 1
    assert rejected[["source", "locator", "reason"]].values.tolist() == [
        ["table 1.parquet", "row 2", "no text"], ["table 1.parquet", "row 3", "no text"],
    ]  # fmt: skip


@pytest.mark.parametrize("make", [MAKERS["Arrow"], MAKERS["Polars, lazy"]], ids=["Arrow", "Polars"])
@pytest.mark.parametrize("function", [
    add_period, clean_articles, cut_furniture, document_terms, find_reprints, split_voices,
    with_titles, lambda a: kwic(a, "talks"), lambda a: frame_pairs(a, LEXICON),
], ids=lambda function: function.__name__)  # fmt: skip
def test_every_function_of_articles_takes_it(make, function):
    result, expected = function(make()), function(pd.DataFrame(ROWS))
    if isinstance(result, tuple):
        result, expected = result[1], expected[1]
    if hasattr(result, "counts"):
        assert result.counts.toarray().tolist() == expected.counts.toarray().tolist()
        result, expected = result.documents, expected.documents
    # Days are days, whichever type has them.
    pd.testing.assert_frame_equal(result.astype("str"), expected.astype("str"))


def test_strings_of_arrow_are_not_copied():
    text = pa.chunked_array([pa.array(ROWS["text"], pa.large_string())])
    shared = as_pandas(pa.table({"text": text}))["text"].array
    assert pa.array(shared).buffers()[2].address == text.chunk(0).buffers()[2].address


@pytest.mark.parametrize("value", ["articles.csv", [1], {"a": [1]}, None, pa.chunked_array([[1]])])
def test_what_is_no_table_is_told_apart(value: object):
    assert not is_table(value)
    assert as_pandas(value) is value


ODD = pd.DataFrame({
    "a name with blanks that is longer than thirty-two": ["ß", None],
    "end": [1, 2],
    "t": [float("inf"), 1.5],
    "mixed": ["a", 1],
    "lists": [["a"], ["b"]],
    "sure": pd.array([True, None], "boolean"),
    "large": [1, 2**62],
    "price": [Decimal("1.5"), None],
    "seen": pd.to_datetime(["2021-03-14 12:00+02:00", None]),
    "day": [dt.date(2021, 3, 14), None],
    "outlet": pd.Categorical(["Gazette", 7]),
    "tag": pd.array([["x"], None], pd.ArrowDtype(pa.list_(pa.string()))),
    "long": ["é" * 3000, ""],
})  # fmt: skip


@pytest.mark.parametrize("name", ["odd.csv", "odd.parquet", "odd.dta"])
def test_no_column_is_refused(tmp_path: Path, name: str):
    path = save_table(ODD, tmp_path / name)
    read = {".csv": pd.read_csv, ".parquet": pd.read_parquet, ".dta": pd.read_stata}
    table = read[path.suffix](path)
    table.columns = ODD.columns
    assert table.shape == ODD.shape
    assert list(map(str, table["mixed"])) == ["a", "1"]
    assert [int(value) for value in table["large"]] == [1, 2**62]
    assert len(table["long"].iloc[0]) == 3000


def test_stata_has_no_infinite_numbers_and_no_zones(tmp_path: Path):
    table = pd.read_stata(save_table(ODD, tmp_path / "odd.dta"))
    assert table["t"].isna().tolist() == [True, False]
    assert str(table["seen"].iloc[0]) == "2021-03-14 12:00:00"
    assert table["sure"].tolist()[0] == 1
    assert table.columns[1] == "_end"


def test_another_ending_is_refused(tmp_path: Path):
    with pytest.raises(
        OutputError, match=r"ends in \.csv, \.parquet or \.dta \(Stata\), not '.sav'"
    ):
        save_table(ODD, tmp_path / "odd.sav")
