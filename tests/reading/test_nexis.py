"""Invented articles in the form of Nexis' and LexisNexis' exports."""

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from analysis import read_articles

BODY = ["Envoys of both sides met at the lake.", "WARNING: nothing was agreed."]


def text_export(count: int = 2, announced: int | None = None) -> str:
    documents = [
        f"""
                               {n} of {announced or count} DOCUMENTS


                                The Ostervane Chronicle

                              June {n}, 2018 Tuesday
                                  Late Edition

Talks at the
lake

BYLINE: Ada Quill

LENGTH: 1,203 words

DATELINE: FENNHAVEN

Envoys of both sides
met at the lake.

WARNING: nothing was agreed.

LOAD-DATE: June {n}, 2018

LANGUAGE: ENGLISH

GRAPHIC: A boat

                     Copyright 2018 The Ostervane Chronicle
                              All Rights Reserved
"""
        for n in range(1, count + 1)
    ]
    return "Terms: (envoys)\n\n" + "\n".join(documents)


def html_export() -> str:
    document = """<A NAME="DOC_ID_{n}_0"></A><!-- Hide XML section from browser
<DOC NUMBER=1> -->
<BR><DIV CLASS="c0"><P CLASS="c1"><SPAN CLASS="c2">{n} of 2 DOCUMENTS</SPAN></P></DIV>
<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">Skarrow Wire</SPAN></P></DIV>
<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">June {n}, 2018, CITY EDITION</SPAN></P></DIV>
<BR><DIV CLASS="c4"><P CLASS="c5"><SPAN CLASS="c6">Talks at the lake</SPAN></P></DIV>
<BR><DIV CLASS="c4"><P CLASS="c5"><SPAN CLASS="c7">LENGTH: </SPAN><SPAN>9 words</SPAN></P></DIV>
<BR><DIV CLASS="c4"><P CLASS="c8"><SPAN CLASS="c2">Envoys of both sides <B>met</B> at the
lake.</SPAN></P><P CLASS="c8"><SPAN CLASS="c2">WARNING: nothing was agreed.</SPAN></P></DIV>
<BR><DIV CLASS="c4"><P CLASS="c5"><SPAN CLASS="c7">LANGUAGE: </SPAN><SPAN>ENGLISH</SPAN></P></DIV>
<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">Copyright 2018 Skarrow Wire</SPAN></P></DIV>
"""
    pages = "".join(document.format(n=n) for n in (1, 2))
    return f"<HTML><HEAD><TITLE>&nbsp;</TITLE></HEAD><BODY>{pages}</BODY></HTML>"


def docx_export(path, heads, body=BODY):
    """A document as Nexis Uni writes it; `heads` are the lines above each body."""
    document = docx.Document()
    document.add_paragraph("1. Talks at the lake")
    for n, head in enumerate(heads, 1):
        mark = OxmlElement("w:bookmarkStart")
        mark.set(qn("w:id"), str(n))
        mark.set(qn("w:name"), f"Bookmark_{n}")
        document.add_paragraph()._p.append(mark)
        for line in head:
            document.add_paragraph(line)
        document.add_paragraph().add_run("Body").bold = True
        for line in body:
            document.add_paragraph(line)
        document.add_paragraph().add_run("Graphic").bold = True
        document.add_paragraph("A boat")
        document.add_paragraph("Load-Date:\xa0June 9, 2018")
        document.add_paragraph().add_run("End of Document").bold = True
    document.save(path)
    return path


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lexisnexis_text(write, newline, encoding):
    path = write("export.txt", text_export().replace("\n", newline).encode(encoding))
    articles, rejected = read_articles(path, today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(BODY)] * 2
    assert articles["outlet"].tolist() == ["The Ostervane Chronicle"] * 2
    assert articles["title"].tolist() == ["Talks at the lake"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-01", "2018-06-02"]
    assert articles["edition"].tolist() == ["Tuesday Late Edition"] * 2
    assert articles["author"].tolist() == ["Ada Quill"] * 2
    assert articles["doc_id"].tolist() == ["export.txt:1", "export.txt:2"]
    assert len(rejected) == 0


def test_a_lexisnexis_text_that_was_cut_off_says_so(write):
    whole = text_export(3)
    path = write("export.txt", whole[: whole.index("3 of 3")])
    articles, _ = read_articles(path, today="2020-01-01")
    assert len(articles) == 2
    assert articles.attrs["reading"][0]["incomplete"] == "announces 3 documents and holds 2"


def test_a_counter_of_another_total_is_a_document_too(write):
    path = write("export.txt", text_export(3).replace("2 of 3", "2 of 383"))
    articles, _ = read_articles(path, today="2020-01-01")
    assert len(articles) == 3


def test_nexis_html(write):
    articles, rejected = read_articles(write("export.HTML", html_export()), today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(BODY)] * 2
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
    path = docx_export(tmp_path / "export.docx", heads)
    articles, rejected = read_articles(path, today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(BODY)] * 2
    assert articles["title"].tolist() == ["Talks at the lake", "On June 4, 2018 it began"]
    assert articles["outlet"].tolist() == ["Skarrow Wire", "Marlund Lantern"]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-01", "2018-06-05"]
    assert articles["author"].tolist()[0] == "Ada Quill"
    assert rejected["reason"].tolist() == ["no date"]
    assert rejected["detail"].tolist() == ["Load-Date: June 9, 2018, when the database took it in"]


def test_a_nexis_article_without_a_body_is_rejected(tmp_path):
    head = ("Talks at the lake", "Skarrow Wire", "June 1, 2018 Friday")
    path = docx_export(tmp_path / "export.docx", [head], body=())
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
