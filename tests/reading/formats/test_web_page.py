import gzip

import pytest

from analysis import read_articles
from tests.reading.samples import PARAGRAPHS, web_archive, web_page

SITE = '<meta property="og:site_name" content="Skarrow Wire">'


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2018-06-12T10:15:00Z">',
        '<meta itemprop="datePublished" content="2018-06-12">',
        '<meta name="DC.date.issued" content="2018-06-12">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": '
        '"2018-06-12T10:15:00+02:00", "dateModified": "2019-01-01"}</script>',
        '<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type": "Article",'
        '"datePublished": "2018-06-12"}]}</script>',
        '<link rel="canonical" href="https://example.org/2018/06/12/talks">',
        '<script type="application/ld+json">{broken</script>'
        '<meta property="article:published_time" content="2018-06-12">',
    ],
)
def test_a_page_gives_what_it_declares(write, head):
    articles, rejected = read_articles(write("a.html", web_page(SITE + head)), today="2020-01-01")
    assert len(rejected) == 0
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Skarrow Wire", "2018-06-12")
    assert row["title"] == "Talks at the lake"
    assert row["text"].split("\n\n")[-3:] == PARAGRAPHS
    assert "Copyright" not in row["text"]
    assert row["furniture_chars"] > 0


def test_no_date_is_taken_from_a_copyright_line(write):
    articles, rejected = read_articles(write("a.html", web_page(SITE)))
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["no date"]


def test_a_page_takes_from_its_path_what_it_does_not_say(write, tmp_path):
    write("press/Skarrow Wire/2018/06/12/talks.html", web_page())
    articles, rejected = read_articles(tmp_path / "press", today="2020-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Skarrow Wire"]
    assert str(articles.loc[0, "date"].date()) == "2018-06-12"
    assert articles.attrs["reading"][0]["guessed"] == "outlet and date from the path"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_encodings_of_pages(write, encoding):
    head = SITE + '<meta itemprop="datePublished" content="2018-06-12">'
    content = web_page(head).replace("Nothing", "“Nothing” – né café").replace("utf-8", encoding)
    articles, _ = read_articles(write("a.html", content.encode(encoding)), today="2020-01-01")
    assert "“Nothing” – né café" in articles.loc[0, "text"]


GOOD = ("https://www.example.org/2018/06/12/talks", "200 OK", web_page().encode())


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_web_archives(write, name):
    gone = ("https://example.org/gone", "404 Not Found", b"<html>gone</html>")
    content = web_archive(GOOD, gone, compress=name.endswith(".gz"))
    articles, rejected = read_articles(write(name, content), today="2020-01-01")
    assert articles["outlet"].tolist() == ["example.org"]
    assert str(articles.loc[0, "date"].date()) == "2018-06-12"
    assert articles.loc[0, "text"].split("\n\n")[-3:] == PARAGRAPHS
    assert rejected[["locator", "reason"]].values.tolist() == [["record 2", "no text"]]
    assert "404" in rejected.loc[0, "detail"]


def test_an_archive_that_breaks_off(write):
    content = gzip.decompress(web_archive(GOOD, GOOD, compress=True))
    articles, rejected = read_articles(write("a.warc", content[:-400]), today="2020-01-01")
    assert len(articles) + len(rejected) == 2
    assert len(articles) == 1
    assert rejected["reason"].tolist() == ["damaged file"]
