from pathlib import Path

import pandas as pd
import pytest

from analysis import read_articles
from analysis.reading.importing import import_folder, report_import

TABLE = """id,outlet,date,title,text
1,Gazette,2018-06-01,T,They met.
2,Gazette,2018-06-30,T,They spoke.
3,Gazette,2018-07-01,T,They parted.
4,The Gazette,June 2018,T,They wrote.
5,Gazette,2018,T,They rested.
6,Gazette,,T,Nothing.
7,Gazette,soon,T,Nothing.
"""
PAGE = "MENU\nThey met again.\nRead more: weather\n"


@pytest.fixture
def folder(write) -> Path:
    write("in/tables/a.csv", TABLE)
    write("in/tables/broken.parquet", b"PAR1")
    write("in/notes.odt", b"x")
    write("in/.hidden", b"x")
    return write("in/Herald/2018-06-12.txt", PAGE).parent.parent


def test_the_report_accounts_for_every_row(folder):
    articles, rejected, report = import_folder(folder, today="2020-01-01")
    assert len(articles) == 6
    assert len(rejected) == 4
    files = report.files.set_index("source")
    assert (files["rows"] == files["articles"] + files["rejected"]).all()
    assert files["rows"].to_dict() == {
        "Herald/2018-06-12.txt": 1,
        "notes.odt": 1,
        "tables/a.csv": 7,
        "tables/broken.parquet": 1,
    }
    assert report.reasons[["source", "reason", "rows"]].values.tolist() == [
        ["notes.odt", "unknown format", 1],
        ["tables/a.csv", "no date", 1],
        ["tables/a.csv", "unreadable date", 1],
        ["tables/broken.parquet", "damaged file", 1],
    ]


def test_coverage_is_per_outlet_and_month_with_the_precision_of_dates(folder):
    _, _, report = import_folder(folder, today="2020-01-01")
    coverage = report.coverage.set_index(["outlet", "month"])
    assert coverage[["articles", "day", "partial"]].to_dict("index") == {
        ("Gazette", "2018-01 to 2018-12"): {"articles": 1, "day": 0, "partial": 1},
        ("Gazette", "2018-06"): {"articles": 2, "day": 2, "partial": 0},
        ("Gazette", "2018-07"): {"articles": 1, "day": 1, "partial": 0},
        ("Herald", "2018-06"): {"articles": 1, "day": 1, "partial": 0},
        ("The Gazette", "2018-06"): {"articles": 1, "day": 0, "partial": 1},
    }
    assert coverage.loc[("Gazette", "2018-06"), "text_chars"] == len("They met.They spoke.")
    assert coverage["articles"].sum() == 6


def test_the_page_of_the_report(folder):
    _, _, report = import_folder(folder, today="2020-01-01")
    assert str(report).splitlines() == [
        "10 rows in 4 files: 6 articles, 4 rejected.",
        "",
        "Articles:",
        "         4  Gazette: 2018-01 to 2018-12, 1 with a partial date",
        "         1  Herald: 2018-06 to 2018-06",
        "         1  The Gazette: 2018-06 to 2018-06, 1 with a partial date",
        "",
        "Rejected:",
        "         1  damaged file",
        "         1  no date",
        "         1  unknown format",
        "         1  unreadable date",
        "",
        "Guessed (say otherwise if it is wrong):",
        "  doc_id from 'id': tables/a.csv",
        "  outlet and date from the path: Herald/2018-06-12.txt",
        "",
        "Names that may be one publisher's (bring them together with outlets=):",
        "  Gazette, The Gazette",
    ]


def test_furniture_that_was_cut_is_counted(write):
    folder = write("in/a.txt", PAGE).parent
    write("in/manifest.csv", "file,outlet,date,body_start,body_end\na.txt,Herald,2018-06-12,5,20\n")
    _, _, report = import_folder(folder, today="2020-01-01")
    row = report.coverage.iloc[0]
    assert (row["text_chars"], row["furniture_chars"]) == (15, len(PAGE) - 15)
    assert "62% of the characters cut as furniture" in str(report)


def test_a_report_on_nothing(write):
    path = write("a.csv", "outlet,date,text\n")
    articles, rejected = read_articles(path)
    report = report_import(articles, rejected)
    assert str(report).startswith("0 rows in 1 file: 0 articles, 0 rejected.")
    assert len(report.coverage) == len(report.reasons) == 0


def test_no_bar_without_a_terminal(folder, capsys):
    import_folder(folder, today="2020-01-01")
    assert capsys.readouterr().err.count("it/s") == 0


def test_articles_can_be_written_and_read_again(folder, tmp_path):
    articles, _, _ = import_folder(folder, today="2020-01-01")
    articles.to_parquet(tmp_path / "articles.parquet")
    again, rejected = read_articles(tmp_path / "articles.parquet", today="2020-01-01")
    assert len(rejected) == 0
    pd.testing.assert_frame_equal(again, articles)
