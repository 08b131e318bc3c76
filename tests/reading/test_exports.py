"""Real exports against what is known of them. No sentence of theirs stands here."""

import re
from pathlib import Path

import pandas as pd
import pytest

from analysis import check_articles, read_articles

TODAY = "2026-01-01"


@pytest.fixture
def exports(shared: Path) -> Path:
    return shared / "formats" / "exports"


# Articles per file, as the tests of the R packages that the files come from assert them. For the
# two .xml files: elements `ppsarticle`, counted with grep. One of the Nexis Uni files has three
# articles without any date of publication.
@pytest.mark.parametrize(
    ("name", "count", "undated", "outlets"),
    [
        ("factiva-irish-independent.html", 44, 0, {"Irish Independent"}),
        ("factiva-nyt.html", 27, 0, {"The New York Times"}),
        ("factiva-reuters.xml", 19, 0, {"Reuters-21578"}),
        ("factiva-test.xml", 3, 0, {"My Newspaper"}),
        ("nexis-uk-irish-times.html", 166, 0, {"The Irish Times"}),
        ("nexis-uk-afp.html", 74, 0, {"Agence France Presse -- English"}),
        ("nexis-uni-usa-today.docx", 7, 0, {"USA TODAY"}),
        ("nexis-uni-guardian1.docx", 2, 0, {"Guardian.com"}),
        ("nexis-uni-guardian2.docx", 1, 0, {"The Guardian"}),
        (
            "nexis-uni-guardian3.docx", 62, 3,
            {"The Guardian", "Guardian.com"},
        ),
        ("nexis-uni-lorem-ipsum.docx", 10, 0, {"The Guardian"}),
        (
            "lexisnexis-lorem-ipsum.txt", 10, 0,
            {"Guardian.com", "Guardian", "The Sun", "The Times", "MAIL ON SUNDAY", "Sunday Mirror",
             "DAILY MAIL"},
        ),
    ],
)  # fmt: skip
def test_known_counts_come_out_exactly(exports, name, count, undated, outlets):
    articles, rejected = read_articles(exports / name, today=TODAY)
    assert len(articles) + len(rejected) == articles.attrs["reading"][0]["rows"] == count
    assert rejected["reason"].tolist() == ["no date"] * undated
    assert set(articles["outlet"].cat.categories) == outlets
    assert (articles["title"] != "").all()
    pd.testing.assert_frame_equal(check_articles(articles), articles)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("nexis-uk-irish-times.html", 0.85, 1.15),
        ("nexis-uk-afp.html", 0.75, 1.15),
        ("nexis-uni-usa-today.docx", 0.9, 1.05),
        ("nexis-uni-guardian1.docx", 0.9, 1.05),
        ("nexis-uni-guardian2.docx", 0.9, 1.05),
        ("nexis-uni-guardian3.docx", 0.85, 1.15),
        ("lexisnexis-lorem-ipsum.txt", 0.95, 1.05),
    ],
)
def test_bodies_are_as_long_as_the_database_says(exports, name, low, high):
    # The database's own number of words is the independent witness: it counts the body, and the
    # ways of counting words differ by some per cent.
    articles, _ = read_articles(exports / name, today=TODAY)
    stated = articles["length"].str.replace(",", "").str.extract(r"(\d+)")[0].astype(int)
    ratio = articles["text"].str.split().str.len() / stated
    assert ratio.between(low, high).all(), ratio[~ratio.between(low, high)]
    assert 0.95 < ratio.median() < 1.05


@pytest.mark.parametrize("name", ["factiva-irish-independent.html", "factiva-nyt.html"])
def test_factiva_bodies_are_as_long_as_the_database_says(exports, name):
    raw = (exports / name).read_text(encoding="latin-1")
    stated = [int(n.replace(".", "")) for n in re.findall(r"<div>([\d.]+) [Ww]\w*r?\w*</div>", raw)]
    articles, _ = read_articles(exports / name, today=TODAY)
    assert len(stated) == len(articles)
    ratio = articles["text"].str.split().str.len() / pd.Series(stated)
    assert ratio.between(0.7, 1.2).all(), ratio[~ratio.between(0.7, 1.2)]
    assert 0.93 < ratio.median() < 1.05


DATABASE_LINES = re.compile(
    r"^(?:LOAD-DATE|LANGUAGE|LENGTH|BYLINE|SECTION|PUBLICATION-TYPE|Load-Date|Length|Section|Byline"
    r"|Classification$|Graphic$|Body$|End of Document|\d+ of \d+ DOCUMENTS|Dokument "
    r"|Document [A-Z]{2}"
    r"|Copyright \d{4}|\(c\) \d{4})",
    re.MULTILINE,
)


@pytest.mark.parametrize(
    "pattern", ["factiva-*.html", "nexis-uk-*.html", "nexis-uni-*.docx", "lexisnexis-*.txt"]
)
def test_no_line_of_the_database_is_left_in_a_body(exports, pattern):
    for path in exports.glob(pattern):
        articles, _ = read_articles(path, today=TODAY)
        left = articles["text"].str.contains(DATABASE_LINES)
        assert not left.any(), articles.loc[left, "doc_id"].tolist()


def test_dates_of_nexis_pages_are_those_in_the_page(exports):
    raw = (exports / "nexis-uk-afp.html").read_text(encoding="utf-8")
    dates = re.findall(r">(March \d+, 2013) \w+day", raw)
    articles, _ = read_articles(exports / "nexis-uk-afp.html", today=TODAY)
    assert articles["date"].dt.strftime("March %-d, %Y").tolist() == dates


def test_dates_of_the_german_factiva_interface(exports):
    raw = (exports / "factiva-nyt.html").read_text(encoding="cp1252")
    days = re.findall(r"<div>(\d+) Januar 1993</div>", raw)
    articles, _ = read_articles(exports / "factiva-nyt.html", today=TODAY)
    assert articles["date"].dt.strftime("%-d").tolist() == days
    # The page declares UTF-8 and is cp1252.
    assert articles.attrs["reading"][0]["encoding"].startswith("cp1252 (detected")


def test_what_an_export_announces_and_does_not_hold_is_told(exports, caplog):
    articles, _ = read_articles(exports / "factiva-reuters.xml", today=TODAY)
    assert articles.attrs["reading"][0]["incomplete"] == "announces 20 documents and holds 19"
    assert "announces 20 documents and holds 19" in caplog.text


def test_an_error_of_the_database_in_place_of_an_article(exports):
    # The page holds two documents, the second of which is nothing but an apology.
    name = "lexisnexis-academic-error-page.html"
    articles, rejected = read_articles(exports / name, today=TODAY)
    assert articles["outlet"].tolist() == ["The Daily Planet"]
    assert articles["date"].astype("str").tolist() == ["2018-12-31"]
    assert rejected[["locator", "reason"]].values.tolist() == [["article 2", "no text"]]
    assert "We are sorry" in rejected["detail"][0]


def test_web_archives(exports):
    # Their pages declare no date of publication. The records, counted with warcio's index.
    for name, rows in (
        ("example.warc.gz", ["no date", "no text"]),
        ("example-iana.org-chunked.warc", ["no date"]),
    ):
        articles, rejected = read_articles(exports / name, today=TODAY)
        assert len(articles) == 0
        assert rejected["reason"].tolist() == rows


def test_all_of_them_in_one_folder(exports):
    articles, rejected = read_articles(exports, today=TODAY)
    # The last are the export with an error, and those of Europresse, LexisNexis and ProQuest.
    assert len(articles) == 44 + 27 + 19 + 3 + 166 + 74 + 7 + 2 + 1 + 59 + 10 + 10 + 1 + 3 + 3 + 1
    assert len(articles) + len(rejected) == sum(note["rows"] for note in articles.attrs["reading"])
