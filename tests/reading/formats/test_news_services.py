"""Invented answers in the form of the news services."""

import json

import pytest

from analysis import read_articles
from analysis.errors import ReadError
from tests.reading.samples import EVENT_REGISTRY, GUARDIAN, NEWSAPI, WEBZ


def read(write, content):
    return read_articles(write("answer.json", json.dumps(content)), today="2020-01-01")


def test_the_guardian(write):
    articles, rejected = read(write, GUARDIAN)
    assert articles["outlet"].tolist() == ["The Observer", "The Guardian"]
    assert articles["text"].tolist() == ["Envoys met.", "They parted.\n\nNothing was agreed."]
    assert articles["date"].dt.day.tolist() == [12, 13]
    assert rejected[["locator", "reason"]].values.tolist() == [["article 3", "no text"]]


def test_newsapi_cuts_its_texts(write):
    articles, rejected = read(write, NEWSAPI)
    assert articles["text"].tolist() == ["They parted."]
    assert rejected["reason"].tolist() == ["text cut by the provider", "no text"]


def test_webz(write):
    articles, _ = read(write, WEBZ)
    assert articles.loc[0, "outlet"] == "example.org"
    assert articles.loc[0, "doc_id"] == "a1"
    # The day as published, in the zone of the publisher.
    assert str(articles.loc[0, "date"].date()) == "2018-06-12"
    assert read(write, WEBZ["posts"][0])[0]["doc_id"].tolist() == ["a1"]


def test_a_list_of_objects_is_a_table(write):
    rows = [{"outlet": "Gazette", "date": "2018-06-12", "text": "Envoys met."}, "no object", None]
    articles, rejected = read(write, rows)
    assert articles["text"].tolist() == ["Envoys met."]
    assert rejected[["locator", "reason"]].values.tolist() == [
        ["article 2", "malformed row"],
        ["article 3", "malformed row"],
    ]


ROW = {"outlet": "Gazette", "date": "2018-06-12", "text": "Envoys met."}


@pytest.mark.parametrize(
    "content",
    [{"articles": [ROW]}, {"data": [ROW], "pages": [1, 2]}, {"meta": {}, "results": [ROW]}, ROW],
)
def test_objects_in_an_object_are_a_table(write, content):
    articles, rejected = read(write, content)
    assert articles["text"].tolist() == ["Envoys met."]
    assert rejected.empty


def test_an_article_that_a_crawler_saved_alone(write):
    # Keys such as the crawler news-please writes.
    saved = {
        "authors": ["A. Quill"], "date_download": "2018-03-15 10:00:00", "date_publish":
        "2018-03-14 08:00:00", "description": "In brief.", "filename": "a.html", "language": "en",
        "maintext": "Envoys met.", "source_domain": "gazette.example", "title": "They met",
        "url": "https://gazette.example/a",
    }  # fmt: skip
    articles, _ = read(write, saved)
    assert articles[["outlet", "title", "text"]].values.tolist() == [
        ["gazette.example", "They met", "Envoys met."]
    ]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2018-03-14"]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"a": 1},
        {"a": [{}], "b": [{}]},
        1,
        None,
        "x",
        {"status": "error", "message": "no key"},
        {"articles": []},
    ],
)
def test_other_json_is_an_error(write, content):
    with pytest.raises(ReadError, match=r"answer\.json"):
        read(write, content)


def test_odd_values_in_known_places_do_no_harm(write):
    odd = {"response": {"results": [{"id": 3, "fields": [], "webTitle": {"a": 1}}, 7]}}
    articles, rejected = read(write, odd)
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["no text", "malformed row"]
    odd = {"articles": [{"source": "x", "content": 7, "publishedAt": []}]}
    assert read(write, odd)[1]["reason"].tolist() == ["no text"]
    odd = {"posts": [{"thread": [], "text": ["x"]}]}
    assert read(write, odd)[1]["reason"].tolist() == ["no text"]


def test_a_file_without_an_outlet_says_what_to_do(write):
    path = write("x.txt", "They met on a Monday.")
    _, rejected = read_articles(path.parent, today="2020-01-01")
    assert rejected["reason"].tolist() == ["no outlet"]
    assert "the file names none: give outlet='...' (--outlet)" in rejected["detail"][0]


@pytest.mark.parametrize("wrapped", [True, False])
def test_event_registry(write, wrapped):
    content = EVENT_REGISTRY if wrapped else EVENT_REGISTRY["articles"]["results"]
    articles, rejected = read(write, content)
    assert len(rejected) == 0
    row = articles.iloc[0]
    assert (row["doc_id"], row["outlet"], row["title"]) == ("6171", "Skarrow Wire", "Talks")
    assert (str(row["date"].date()), row["text"]) == ("2018-06-12", "Envoys met.")


@pytest.mark.parametrize(
    "end", ["[2345 chars]", "[+2345 chars]", "... [1,234 characters]", "… [+ 2345 chars]",
            "(1,234 more characters)", "[2345 Zeichen]", "... [1234 caractères]", "… [truncated]",
            "[1.2k chars]"],
)  # fmt: skip
def test_a_text_that_the_provider_cut(write, end):
    content = {
        "articles": [
            {
                "title": "Talks", "content": f"Envoys met {end}", "url": "https://example.org/1",
                "publishedAt": "2018-06-12T10:00:00Z", "source": {"name": "Skarrow Wire"},
            }
        ]
    }  # fmt: skip
    assert read(write, content)[1]["reason"].tolist() == ["text cut by the provider"]
