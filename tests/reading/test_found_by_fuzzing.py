"""What tools/fuzz_readers.py found in the home-made parsers, kept so that it stays found."""

import signal
from collections.abc import Iterator

import pytest

from analysis import read_articles
from analysis.errors import ReadError
from analysis.reading.dates import DateError, parse_date
from tests.reading.samples import proquest_html, web_archive, web_page


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise AssertionError("took longer than 20 s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_many_commas_before_a_time_take_no_exponential_time():
    with pytest.raises(DateError):
        parse_date("2018� 6月122018-06-12T" + "," * 60 + "10:15:00Z日")


def test_a_separator_without_documents_is_no_export_of_proquest(write):
    path = write("x.txt", "_" * 60 + "\n\nReport Information from ProQuest\n" + "_" * 60)
    with pytest.raises(ReadError, match="no article can be found"):
        read_articles(path)


def test_bytes_that_only_look_like_utf_16(write):
    path = write("a.csv", b"file,outlet,date,x\n\xff\xfe\x01\x08=" + bytes(7) + b",")
    with pytest.raises(ReadError, match=r"a\.csv"):
        read_articles(path)


@pytest.mark.parametrize("name", ["hex", "rot13", "idna", "punycode", "utf-16", "unicode_escape"])
def test_a_page_that_declares_what_is_no_encoding_of_it(write, name):
    path = write("a.html", f"<meta charset='{name}'><p>They met.</p>")
    articles, rejected = read_articles(path)
    assert len(articles) + len(rejected) == 1


def test_a_record_of_a_web_archive_without_its_address(write):
    page = ("https://example.org/a", "200 OK", web_page().encode())
    archive = web_archive(page, page, compress=False)
    broken = archive[::-1].replace(b"WARC-Target-URI: https://example.org/a\r\n"[::-1], b"", 1)
    articles, rejected = read_articles(write("a.warc", broken[::-1]))
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["no date", "damaged file"]


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x7f", "&#1;", "\ufffe"])
def test_a_label_with_a_character_that_xml_does_not_have(write, character):
    page = proquest_html(f"{character}Publication info", "Full text", "Subject")
    articles, rejected = read_articles(write("a.html", page), today="2020-01-01")
    assert len(articles) + len(rejected) == 2
