"""What tells pages apart in an address; lists of links, and texts that are joined to them."""

import json

import pandas as pd
import pytest

from analysis import read_articles
from analysis.errors import ReadError
from analysis.reading.formats.links import host_of, normal_url

# RFC 3986, 3.2.2: brackets in a host are for IPv6 addresses, so this is none.
BROKEN = "https://[gazette/talks"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.gazette.example/a/talks.html?id=7#top", "gazette.example"),
        ("http://User@WWW.Gazette.Example:8080/", "gazette.example"),
        ("https://wwwgazette.example", "wwwgazette.example"),
        ("https://[2001:db8::1]/talks", "2001:db8::1"),
        ("Talks on Tuesday", ""),
        ("", ""),
        (BROKEN, ""),
    ],
)  # fmt: skip
def test_the_host_of_an_address(url: str, host: str):
    assert host_of(url) == host


@pytest.mark.parametrize(
    "url",
    [
        "https://gazette.example/talks?id=7",
        "http://www.gazette.example/talks/?id=7",
        "https://GAZETTE.example/talks?id=7#comments",
        "  https://gazette.example/talks?utm_source=mail&id=7&fbclid=x ",
    ],
)
def test_the_same_page_has_one_address(url: str):
    assert normal_url(url) == "gazette.example/talks?id=7"


def test_other_pages_have_other_addresses():
    pages = ["talks", "talks?id=7", "talks?id=8", "talks?page=2&id=7", "Talks", "utm_source"]
    assert len({normal_url(f"https://gazette.example/{page}") for page in pages}) == len(pages)


def test_what_is_no_address_stays_as_it_is():
    assert normal_url(BROKEN) == BROKEN
    assert [normal_url(value) for value in (None, float("nan"), 7)] == ["", "", ""]


MEDIA_CLOUD = (
    "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
    "m1,2018-06-14,en,skarrow.example,skarrow.example,2018-06-12,Talks,https://skarrow.example/a/\n"
    "m2,2018-06-14,en,skarrow.example,skarrow.example,2018-06-13,End,http://skarrow.example/b\n"
)
GDELT = {
    "articles": [
        {
            "url": "https://www.lantern.example/talks?utm_source=feed", "title": "Talks",
            "seendate": "20180612T101500Z", "domain": "lantern.example", "language": "English",
        }
    ]
}  # fmt: skip


def test_rows_of_a_list_are_rejected_as_such(write):
    articles, rejected = read_articles(write("m.csv", MEDIA_CLOUD), today="2020-01-01")
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["no text", "no text"]
    assert "texts=" in rejected.loc[0, "detail"]


def test_texts_are_joined_to_a_list_by_address(write):
    texts = write("t.jsonl", '{"url": "http://www.skarrow.example/a", "text": "Envoys met."}\n')
    articles, rejected = read_articles(write("m.csv", MEDIA_CLOUD), texts=texts, today="2020-01-01")
    assert articles["doc_id"].tolist() == ["m1"]
    assert articles["text"].tolist() == ["Envoys met."]
    assert articles["outlet"].tolist() == ["skarrow.example"]
    assert rejected["reason"].tolist() == ["no text"]


@pytest.mark.parametrize("as_csv", [True, False])
def test_gdelt(write, as_csv):
    if as_csv:
        header = "URL,MobileURL,Date,Title\n"
        row = "https://www.lantern.example/talks?utm_source=feed,,2018-06-12 10:15:00,Talks\n"
        path = write("g.csv", header + row)
    else:
        path = write("g.json", json.dumps(GDELT))
    texts = pd.DataFrame({"url": ["https://lantern.example/talks"], "text": ["Envoys met."]})
    articles, _ = read_articles(path, texts=texts, today="2020-01-01")
    assert articles["text"].tolist() == ["Envoys met."]
    assert articles["outlet"].tolist() == ["lantern.example"]
    assert str(articles.loc[0, "date"].date()) == "2018-06-12"


def test_texts_without_addresses_are_an_error(write):
    with pytest.raises(ReadError, match="texts: has no column url"):
        read_articles(write("m.csv", MEDIA_CLOUD), texts=pd.DataFrame({"text": ["x"]}))
