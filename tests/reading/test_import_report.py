from pathlib import Path

import pandas as pd
import pytest

from analysis import read_articles
from analysis.errors import ReadError
from analysis.reading.import_report import import_folder, report_import

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
        "  Gazette, The Gazette; to join them, outlets={'The Gazette': 'Gazette'}",
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


def test_several_paths_are_read_as_a_folder_of_just_them(folder, write):
    one, other = folder / "tables" / "a.csv", folder / "Herald" / "2018-06-12.txt"
    table = "id,outlet,date,text\n1,Herald,2018-06-01,They left.\n"
    more = write("more/a.csv", table)
    for paths in ([one, str(other), more], (path for path in (one, other, more))):
        articles, rejected = read_articles(paths, today="2020-01-01")
        assert [notes["source"] for notes in articles.attrs["reading"]] == [
            "in/tables/a.csv",
            "in/Herald/2018-06-12.txt",
            "more/a.csv",
        ]
        assert len(articles) == 7
        assert len(rejected) == 2
    # The same files by their folders, and what can't be read beside them.
    articles, rejected, report = import_folder([folder, more], today="2020-01-01")
    assert len(articles) == 7
    assert len(rejected) == 4
    assert len(report.files) == 5
    # A name that two files have keeps their rows apart.
    twins = [write(f"{name}/b.csv", table.replace("id,", "no,", 1)) for name in ("x", "y")]
    assert read_articles(twins)[0]["doc_id"].tolist() == ["x/b.csv:2", "y/b.csv:2"]
    alone, _ = read_articles([folder], today="2020-01-01")
    assert alone.attrs["reading"] == read_articles(folder, today="2020-01-01")[0].attrs["reading"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "the list of paths is empty"),
        (["nothere.csv"], "there is no such file or folder"),
        (None, "path is of type NoneType: it must be the path"),
        ([1], "path is of type list: it must be the path"),
        (pd.DataFrame({"text": ["x"]}), "no column can be taken for outlet, date"),
    ],
)
def test_what_is_no_path_is_an_error_that_says_what_to_do(given, said):
    with pytest.raises(ReadError, match=said):
        read_articles(given)


def test_a_list_holds_each_file_once_and_no_folder_with_a_manifest(folder, write):
    with pytest.raises(ReadError, match=r"tables/a\.csv: is given twice"):
        read_articles([folder, folder / "tables" / "a.csv"])
    with pytest.raises(ReadError, match="a manifest describes one folder"):
        read_articles([folder / "tables" / "a.csv", folder], manifest="m.csv")
    listed = write("listed/manifest.csv", "file,outlet,date\n").parent
    with pytest.raises(ReadError, match="a manifest describes one folder"):
        read_articles([listed, folder])


def test_a_report_needs_articles_that_say_how_they_were_read(tmp_path):
    (tmp_path / "a.csv").write_text("outlet,date,text\nGazette,2021-03-14,They met.\n")
    articles, rejected = read_articles(tmp_path / "a.csv")
    articles.attrs.clear()
    with pytest.raises(ReadError, match="don't say how they were read"):
        report_import(articles, rejected)
