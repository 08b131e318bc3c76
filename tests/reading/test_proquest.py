"""Invented articles in the form of ProQuest's text export."""

from analysis import read_articles

LINE = "_" * 60
DOCUMENT = """
Talks at the lake

Author: Quill, Ada

Publication info: Skarrow Wire ; Cape Dovrel [Cape Dovrel]12 June 2018: 5.

http://example.org/docview/{n}

Abstract: Envoys met.

Links: None

Full text: Envoys of both sides
met at the lake.

Analysis: nothing was agreed.

Subject: Diplomacy

Title: Talks at the lake

Publication title: Skarrow Wire; Cape Dovrel

Publication date: Jun 12, 2018

ProQuest document ID: {n}

Document URL: http://example.org/docview/{n}

Copyright: Skarrow Wire 2018

"""


def export(*documents: str) -> str:
    head = f"{LINE}\n\nReport Information from ProQuest\n12 June 2019\n\n"
    tail = f"{LINE}\n\nContact ProQuest\nCopyright 2019 ProQuest LLC. All rights reserved.\n"
    return head + "".join(f"{LINE}\n{document}" for document in documents) + tail


def test_proquest(write):
    path = write("p.txt", export(DOCUMENT.format(n=1), DOCUMENT.format(n=2)))
    articles, rejected = read_articles(path, today="2020-01-01")
    assert len(rejected) == 0
    assert articles["doc_id"].tolist() == ["1", "2"]
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Skarrow Wire", "2018-06-12")
    assert (row["title"], row["author"]) == ("Talks at the lake", "Quill, Ada")
    assert row["text"] == ("Envoys of both sides met at the lake.\n\nAnalysis: nothing was agreed.")


def test_a_title_without_a_label(write):
    document = DOCUMENT.format(n=1).replace("Title: Talks at the lake", "")
    articles, _ = read_articles(write("p.txt", export(document)), today="2020-01-01")
    assert articles["title"].tolist() == ["Talks at the lake"]


def test_documents_without_their_text_are_rejected(write):
    bare = DOCUMENT.format(n=1).partition("Full text:")[0] + "Full text: Not available.\n\n"
    bare += "Publication title: Skarrow Wire\n\nPublication date: Jun 12, 2018\n"
    path = write("p.txt", export(DOCUMENT.format(n=2), bare))
    articles, rejected = read_articles(path, today="2020-01-01")
    assert len(articles) == 1
    assert rejected[["locator", "reason"]].values.tolist() == [["article 2", "no text"]]
