"""Invented articles in the form of ProQuest's exports."""

import re

import pytest

from analysis import read_articles
from tests.reading.samples import PROQUEST_DOCUMENT, proquest, proquest_html


def test_proquest(write):
    path = write("p.txt", proquest(PROQUEST_DOCUMENT.format(n=1), PROQUEST_DOCUMENT.format(n=2)))
    articles, rejected = read_articles(path, today="2020-01-01")
    assert len(rejected) == 0
    assert articles["doc_id"].tolist() == ["1", "2"]
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Skarrow Wire", "2018-06-12")
    assert (row["title"], row["author"]) == ("Talks at the lake", "Quill, Ada")
    assert row["text"] == ("Envoys of both sides met at the lake.\n\nAnalysis: nothing was agreed.")


def test_a_title_without_a_label(write):
    document = PROQUEST_DOCUMENT.format(n=1).replace("Title: Talks at the lake", "")
    articles, _ = read_articles(write("p.txt", proquest(document)), today="2020-01-01")
    assert articles["title"].tolist() == ["Talks at the lake"]


def test_documents_without_their_text_are_rejected(write):
    bare = (
        PROQUEST_DOCUMENT.format(n=1).partition("Full text:")[0] + "Full text: Not available.\n\n"
    )
    bare += "Publication title: Skarrow Wire\n\nPublication date: Jun 12, 2018\n"
    path = write("p.txt", proquest(PROQUEST_DOCUMENT.format(n=2), bare))
    articles, rejected = read_articles(path, today="2020-01-01")
    assert len(articles) == 1
    assert rejected[["locator", "reason"]].values.tolist() == [["article 2", "no text"]]


@pytest.mark.parametrize(
    "labels",
    [
        ("Publication info", "Full text", "Subject"),
        ("Informations sur la publication", "Texte intégral", "Sujet"),
        ("Información de publicación", "Texto completo", "Materia"),
        ("Publikationsinfo", "Volltext", "Thema"),
    ],
)
def test_pages(write, tmp_path, labels):
    write("press/ProQuest/2021-05-06.html", proquest_html(*labels))
    articles, rejected = read_articles(tmp_path / "press", today="2022-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Skarrow Wire"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2010-05-08", "2010-05-09"]
    assert articles["title"].tolist() == ["Talks at the lake"] * 2
    body = "Envoys of both sides met at the lake.\n\nAnalysis: nothing was agreed."
    assert articles["text"].tolist() == [body] * 2
    assert articles["subject"].tolist() == ["Deterrence; Dialogue"] * 2


def test_the_sample_of_a_public_parser(shared):
    # What stands under its labels; the page says that its text has 239 words.
    path = shared / "formats" / "exports" / "proquest-1.html"
    articles, _ = read_articles(path, today="2026-01-01")
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Los Angeles Times", "2010-05-08")
    assert row["doc_id"] == "251439970"
    assert 225 < len(row["text"].split()) < 250


def test_a_label_that_is_not_known_for_where_it_appeared(write):
    page = proquest_html("Angaben zum Heft", "Volltext", "Fachgebiet")
    articles, rejected = read_articles(write("a.html", page), today="2020-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Skarrow Wire"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2010-05-08", "2010-05-09"]
    assert articles["subject"].tolist() == ["Deterrence; Dialogue"] * 2


@pytest.mark.parametrize("anchor", ['<a id="x" name="DocID_{n}">', "<a id='DocID_{n}'/>"])
def test_anchors_of_any_shape(write, anchor):
    page = proquest_html("Publication info", "Full text", "Subject")
    page, count = re.subn(r"<a\s+name=[^>]*>", lambda m: anchor.format(n=len(m[0])), page)
    articles, rejected = read_articles(write("a.html", page), today="2020-01-01")
    assert (len(articles), len(rejected), count) == (2, 0, 2)
