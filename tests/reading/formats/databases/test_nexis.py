"""Invented articles in the form of Nexis' and LexisNexis' exports."""

import re

import docx
import pytest

from analysis import read_articles
from tests.reading.samples import NEXIS_BODY, lexisnexis, nexis_docx, nexis_html


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lexisnexis_text(write, newline, encoding):
    path = write("export.txt", lexisnexis().replace("\n", newline).encode(encoding))
    articles, rejected = read_articles(path, today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(NEXIS_BODY)] * 2
    assert articles["outlet"].tolist() == ["The Ostervane Chronicle"] * 2
    assert articles["title"].tolist() == ["Talks at the lake"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-01", "2018-06-02"]
    assert articles["edition"].tolist() == ["Tuesday Late Edition"] * 2
    assert articles["author"].tolist() == ["Ada Quill"] * 2
    assert articles["doc_id"].tolist() == ["export.txt:1", "export.txt:2"]
    assert len(rejected) == 0


def test_a_lexisnexis_text_that_was_cut_off_says_so(write):
    whole = lexisnexis(3)
    path = write("export.txt", whole[: whole.index("3 of 3")])
    articles, _ = read_articles(path, today="2020-01-01")
    assert len(articles) == 2
    assert articles.attrs["reading"][0]["incomplete"] == "announces 3 documents and holds 2"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_message_in_place_of_an_article_is_no_article(write, place):
    first, *bodies = re.split(r"(?m)^(?=.*\d of 3 DOCUMENTS)", lexisnexis(3))
    counter = bodies[place].splitlines()[0]
    bodies[place] = f"{counter}\n\nThis document is not available.\n\n"
    path = write("export.txt", first + "".join(bodies))
    articles, rejected = read_articles(path, today="2020-01-01")
    kept = [n for n in (1, 2, 3) if n != place + 1]
    assert articles["doc_id"].tolist() == [f"export.txt:{n}" for n in kept]
    assert rejected[["locator", "reason"]].values.tolist() == [[f"article {place + 1}", "no text"]]
    assert "'This document is not available.'" in rejected["detail"][0]


def test_a_counter_of_another_total_is_a_document_too(write):
    path = write("export.txt", lexisnexis(3).replace("2 of 3", "2 of 383"))
    articles, _ = read_articles(path, today="2020-01-01")
    assert len(articles) == 3


def test_nexis_html(write):
    articles, rejected = read_articles(write("export.HTML", nexis_html()), today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(NEXIS_BODY)] * 2
    assert articles["outlet"].tolist() == ["Skarrow Wire"] * 2
    assert articles["title"].tolist() == ["Talks at the lake"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-01", "2018-06-02"]
    assert len(rejected) == 0


def test_nexis_uni(tmp_path):
    heads = [
        ("Talks at the lake", "Skarrow Wire.", "June 1, 2018 Friday", "Copyright 2018 Skarrow Wire",
         "Length:\xa09 words", "Byline:\xa0Ada Quill"),
        ("On June 4, 2018", "it began", "Marlund Lantern", "June 5, 2018", "Length:\xa09 words"),
        ("No day", "Skarrow Wire", "Correction Appended", "Copyright 2018 Skarrow Wire"),
    ]  # fmt: skip
    path = nexis_docx(tmp_path / "export.docx", heads)
    articles, rejected = read_articles(path, today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(NEXIS_BODY)] * 2
    assert articles["title"].tolist() == ["Talks at the lake", "On June 4, 2018 it began"]
    assert articles["outlet"].tolist() == ["Skarrow Wire", "Marlund Lantern"]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-01", "2018-06-05"]
    assert articles["author"].tolist()[0] == "Ada Quill"
    assert rejected["reason"].tolist() == ["no date"]
    assert rejected["detail"].tolist() == ["Load-Date: June 9, 2018, when the database took it in"]


def test_a_nexis_article_without_a_body_is_rejected(tmp_path):
    head = ("Talks at the lake", "Skarrow Wire", "June 1, 2018 Friday")
    path = nexis_docx(tmp_path / "export.docx", [head], body=())
    articles, rejected = read_articles(path, today="2020-01-01")
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["no text"]


def test_a_word_document_that_is_no_export_is_one_article(tmp_path):
    folder = tmp_path / "press" / "Skarrow Wire"
    folder.mkdir(parents=True)
    document = docx.Document()
    document.add_paragraph("Envoys met.")
    document.add_paragraph("They parted.")
    document.save(folder / "2018-06-01 talks.docx")
    articles, _ = read_articles(tmp_path / "press", today="2020-01-01")
    assert articles["text"].tolist() == ["Envoys met.\n\nThey parted."]
    assert articles["outlet"].tolist() == ["Skarrow Wire"]


def test_a_body_with_lines_that_look_like_labels_is_whole(write):
    body = "CITY: it was a place.\n\nSecond.\n\nNOTES: a list.\n\nThird.\n\nFourth.\n\nLast.\n"
    export = lexisnexis(2).replace("WARNING: nothing was agreed.\n", body)
    articles, _ = read_articles(write("export.txt", export), today="2020-01-01")
    assert articles.loc[0, "text"].split("\n\n")[1:] == [
        "CITY: it was a place.", "Second.", "NOTES: a list.", "Third.", "Fourth.", "Last.",
    ]  # fmt: skip


def test_the_lines_below_a_body_are_cut_in_any_number(write):
    below = "GRAPHIC: A boat\n\nand a lake\n\nSUBJECT: Lakes\n\nLOAD-DATE: June 1, 2018"
    export = lexisnexis(1).replace("LOAD-DATE: June 1, 2018", below)
    articles, _ = read_articles(write("export.txt", export), today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(NEXIS_BODY)]
