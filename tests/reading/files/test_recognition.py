"""What is not read is refused by what it is: never is a page of several articles one article."""

import bz2
import gzip
import lzma
import zipfile

import pytest
import zstandard

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
        '<div id="article-a1"><h2 class="headline">Talks</h2>',
        "<b>HD</b> pictures <b>SN</b>",
        '<a name="docid_comments"></a>',
        '<a name="doc_id_1_2"></a>',
        '<span class="docpublicationname">Gull</span>',
    ],
)
def test_an_ordinary_page_is_no_export(write, body):
    head = '<meta property="article:published_time" content="2021-03-04">'
    page = web_page(head + '<meta property="og:site_name" content="Gull">', body)
    articles, _ = read_articles(write("a.html", page))
    assert articles["outlet"].tolist() == ["Gull"]


RICH = r"{\rtf1\ansi {\b Harbour}\par Talks went on.}"
PAGE = "<html><body><p>Talks went on.</p></body></html>"


# What stands in a file decides, whatever its name says.
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", PAGE, "is HTML or XML"),
        ("a.txt", f"<!DOCTYPE html>\n{PAGE}", "is HTML or XML"),
        ("a.txt", '<?xml version="1.0"?><article><p>Talks</p></article>', "is HTML or XML"),
        ("a.txt", '{"outlet": "Gull", "text": "Talks"}', "is JSON"),
        ("a.html", '[{"outlet": "Gull", "text": "Talks"}]', "is JSON"),
        ("a.txt", "outlet,date,text\nGull,2018-06-12,Talks\n", "is a table"),
        ("a.txt", "Zeitung\tDatum\tVolltext\nGull\t2018-06-12\tTalks\n", "is a table"),
        ("a.txt", "WARC/1.0\r\nWARC-Type: response\r\n", "is a web archive"),
        ("a.html", RICH, "is rich text"),
        ("a.txt", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is no text but a .pdf"),
        ("a.csv", b"PK\x03\x04 \xff\xfe", "is no text but a .zip, .xlsx or .docx"),
        ("a.jsonl", gzip.compress(b"{}", mtime=0), "is no text but compressed"),
        ("a.html", b"\x89PNG\r\n\x1a\n\xff", "is no text but a picture"),
    ],
)
def test_a_file_under_another_name_is_refused(write, tmp_path, name, content, says):
    path = write(f"Gull/2018-06-12 {name}", content)
    with pytest.raises(ReadError, match=f"{says}.* [Nn]ame"):
        read_articles(path)
    articles, rejected = read_articles(tmp_path)
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["unknown format"]


@pytest.mark.parametrize("before", ["", "\ufeff", "\r\n "])
def test_rich_text_under_the_name_of_a_text_is_read(write, tmp_path, before):
    write("Gull/2018-06-12 a.txt", before + RICH)
    articles, _ = read_articles(tmp_path)
    assert articles["text"].tolist() == ["Harbour\n\nTalks went on."]
    write("Gull/manifest.csv", "file,outlet,date\n2018-06-12 a.txt,Gull,2018-06-12\n")
    articles, _ = read_articles(tmp_path / "Gull")
    assert articles["text"].tolist() == ["Harbour\n\nTalks went on."]


PLAIN = b"outlet,date,text\nGull,2018-06-12,Talks\n"


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz", "zst"])
def test_compressions(write, ending):
    pack = {"gz": gzip, "bz2": bz2, "xz": lzma, "zst": zstandard}[ending].compress
    articles, _ = read_articles(write(f"a.csv.{ending}", pack(PLAIN)))
    assert articles["text"].tolist() == ["Talks"]
    with pytest.raises(ReadError, match="the compressed data is damaged"):
        read_articles(write(f"b.csv.{ending}", pack(PLAIN)[:-9]))


def test_an_archive_without_files_is_told(write, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w"):
        pass
    with pytest.raises(ReadError, match=r"a\.zip: holds no file"):
        read_articles(tmp_path / "a.zip")
