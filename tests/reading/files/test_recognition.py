"""What is not read is refused by what it is: never is a page of several articles one article."""

import pytest

from analysis import read_articles
from analysis.errors import ReadError
from tests.reading.samples import web_page

# The first lines of such files as their specifications show them: NewsML-G2 and NITF of the IPTC,
# RSS 2.0, Atom (RFC 4287), RIS, EndNote's tags, BibTeX, MHTML (RFC 2557), OLE2.
FOREIGN = {
    "NewsML": '<?xml version="1.0"?>\n<!-- x -->\n<newsItem xmlns="http://iptc.org/std/nar/2006/">',
    "NITF": '<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">\n<nitf><head/></nitf>',
    "a feed": '<?xml version="1.0"?><rss version="2.0"><channel><item/></channel></rss>',
    "a feed (RSS or Atom)": '<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>',
    "RIS": "TY  - NEWS\nTI  - Talks\nER  - \n\nTY  - NEWS\n",
    "EndNote's": "%0 Newspaper Article\n%T Talks\n",
    "BibTeX": "@article{quill2018,\n  title = {Talks}\n}\n",
    "a page saved with its pictures": "From: <Saved by Blink>\nMIME-Version: 1.0\n",
    "an old file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}


@pytest.mark.parametrize("ending", ["txt", "html", "xml", "odd"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_forms_that_are_not_read(write, tmp_path, kind, ending):
    path = write(f"Gull/2021-05-06.{ending}", FOREIGN[kind])
    with pytest.raises(ReadError, match=f"is {kind.split(' (')[0]}.*which is not read.*CSV"):
        read_articles(path)
    articles, rejected = read_articles(tmp_path)
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["unknown format"]


def test_utf16_and_marks_hide_no_form(write):
    with pytest.raises(ReadError, match="is RIS"):
        read_articles(write("a.txt", FOREIGN["RIS"].encode("utf-16")))


@pytest.mark.parametrize(
    "body",
    [
        '<div id="article-BODY1" class="article">',
        '<nav>Factiva</nav><div id="article-A20260129">',
        '<p class="DocText">DocPublicationName',
    ],
)
def test_an_ordinary_page_is_no_export(write, body):
    head = '<meta property="article:published_time" content="2021-03-04">'
    page = web_page(head + '<meta property="og:site_name" content="Gull">', body)
    articles, _ = read_articles(write("a.html", page))
    assert articles["outlet"].tolist() == ["Gull"]
