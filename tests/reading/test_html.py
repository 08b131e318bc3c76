import gzip
import io

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from analysis import read_articles

PARAGRAPHS = [
    "Envoys of both sides met at the lake on Tuesday, for the first time since the spring.",
    "They spoke for nine hours, and left by different doors without a word to anybody outside.",
    "Nothing was agreed, said a person who had stood in the corridor with the coats all day.",
]


def page(head: str = "", body: str = "") -> str:
    article = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>Talks at the lake</title>{head}</head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Talks at the lake</h1>{body}{article}</article>
<footer>Copyright 2011 Skarrow Wire. All rights reserved.</footer></body></html>"""


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
    articles, rejected = read_articles(write("a.html", page(SITE + head)), today="2020-01-01")
    assert len(rejected) == 0
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Skarrow Wire", "2018-06-12")
    assert row["title"] == "Talks at the lake"
    assert row["text"].split("\n\n")[-3:] == PARAGRAPHS
    assert "Copyright" not in row["text"]
    assert row["furniture_chars"] > 0


def test_no_date_is_taken_from_a_copyright_line(write):
    articles, rejected = read_articles(write("a.html", page(SITE)))
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["no date"]


def test_a_page_takes_from_its_path_what_it_does_not_say(write, tmp_path):
    write("press/Skarrow Wire/2018/06/12/talks.html", page())
    articles, rejected = read_articles(tmp_path / "press", today="2020-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Skarrow Wire"]
    assert str(articles.loc[0, "date"].date()) == "2018-06-12"
    assert articles.attrs["reading"][0]["guessed"] == "outlet and date from the path"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_encodings_of_pages(write, encoding):
    head = SITE + '<meta itemprop="datePublished" content="2018-06-12">'
    content = page(head).replace("Nothing", "“Nothing” – né café").replace("utf-8", encoding)
    articles, _ = read_articles(write("a.html", content.encode(encoding)), today="2020-01-01")
    assert "“Nothing” – né café" in articles.loc[0, "text"]


def archive(*pages: tuple[str, str, bytes], compress: bool = True) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=compress)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "tests"}))
    for url, status, payload in pages:
        headers = StatusAndHeaders(
            status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
        )
        record = writer.create_warc_record(
            url, "response", payload=io.BytesIO(payload), http_headers=headers
        )
        writer.write_record(record)
    return buffer.getvalue()


GOOD = ("https://www.example.org/2018/06/12/talks", "200 OK", page().encode())


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_web_archives(write, name):
    gone = ("https://example.org/gone", "404 Not Found", b"<html>gone</html>")
    content = archive(GOOD, gone, compress=name.endswith(".gz"))
    articles, rejected = read_articles(write(name, content), today="2020-01-01")
    assert articles["outlet"].tolist() == ["example.org"]
    assert str(articles.loc[0, "date"].date()) == "2018-06-12"
    assert articles.loc[0, "text"].split("\n\n")[-3:] == PARAGRAPHS
    assert rejected[["locator", "reason"]].values.tolist() == [["record 2", "no text"]]
    assert "404" in rejected.loc[0, "detail"]


def test_an_archive_that_breaks_off(write):
    content = gzip.decompress(archive(GOOD, GOOD, compress=True))
    articles, rejected = read_articles(write("a.warc", content[:-400]), today="2020-01-01")
    assert len(articles) + len(rejected) == 2
    assert len(articles) == 1
    assert rejected["reason"].tolist() == ["text cut by the provider"]
