"""Invented articles in the form of ProQuest's text export."""

from analysis import read_articles
from tests.reading.samples import PROQUEST_DOCUMENT, proquest


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
