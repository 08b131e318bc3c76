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


def from_nought(html: str) -> str:
    """The anchors as LexisNexis Academic counts them: the number tells nothing."""
    return re.sub(r"DOC_ID_(\d+)_0", lambda m: f"DOC_ID_0_{int(m[1]) - 1}", html)


def labelled(html: str, before: str, *after: str) -> str:
    label = '<BR><DIV CLASS="c4"><P CLASS="c5"><SPAN CLASS="c7">{}: </SPAN>'
    label += "<SPAN>x (9%)</SPAN></P></DIV>"
    html = html.replace("LENGTH", before)
    language = re.compile(r'<BR><DIV CLASS="c4"><P CLASS="c5"><SPAN CLASS="c7">LANGUAGE.*\n')
    return language.sub("\n".join(map(label.format, after)) + "\n", html)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("LONGUEUR", ("SUJET", "LOCALISATION-GEO", "DATE-CHARGEMENT")),
        ("LÄNGE", ("THEMA", "GEOGRAPHIE", "UPDATE")),
        ("LENGTE", ("ONDERWERP", "LAND")),
        ("LONGITUD", ("TEMA", "FECHA-CARGA", "IDIOMA", "TIPO-PUBLICACION")),
        ("LENGTH", ("SUBJECT", "NEVER-SEEN")),
        ("DŁUGOŚĆ", ("TEMAT", "JĘZYK")),
        ("ДЛИНА", ("ТЕМА", "ЯЗЫК")),
        ("LONGUEUR", ("NOTE DE LA RÉDACTION", "L'ENTREPRISE")),
        ("LENGTH", ("NAICS CODES & MORE", "PERSON (90%)")),
    ],
)
def test_labels_of_any_language_are_no_text(write, tmp_path, before, after):
    page = labelled(from_nought(nexis_html()), before, *after)
    write("press/Guardian/2021-05-06.html", page)
    articles, rejected = read_articles(tmp_path / "press", today="2022-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Skarrow Wire"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-01", "2018-06-02"]
    assert articles["title"].tolist() == ["Talks at the lake"] * 2
    assert articles["text"].tolist() == ["\n\n".join(NEXIS_BODY)] * 2


@pytest.mark.parametrize(
    "edition",
    ["City Final Edition", "Late Edition - Final", "Frühausgabe Edition", "Morgenausgabe",
     "Gesamtausgabe", "Avondeditie", "All Editions", "Édition nationale", "Edizione della sera"],
)  # fmt: skip
def test_the_line_of_the_edition_is_no_title(write, edition):
    line = f'<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">{edition}</SPAN></P></DIV>\n'
    line += '<BR><DIV CLASS="c4">'
    page = re.sub(r'<BR><DIV CLASS="c4">(?=<P CLASS="c5"><SPAN CLASS="c6">)', line, nexis_html())
    articles, _ = read_articles(write("a.html", page), today="2020-01-01")
    assert articles["title"].tolist() == ["Talks at the lake"] * 2
    assert articles["edition"].str.endswith(edition).all()


def test_the_sample_of_the_public_parser(shared):
    # Labels and paragraphs as they stand in the page.
    path = shared / "formats" / "exports" / "lexisnexis-academic-fr.html"
    articles, rejected = read_articles(path, today="2026-01-01")
    assert len(rejected) == 0
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == [
        "2013-04-12", "2013-10-14", "2013-03-10",
    ]  # fmt: skip
    assert articles["text"].tolist()[1:] == [
        "Some text.\n\nMore text. And even more.",
        "Last article.",
    ]
    assert articles["highlight"].tolist()[1] == "Introduction to article"
    assert articles["subject"].str.contains("NUCLÉAIRE").all()


@pytest.mark.parametrize("name", ["Guardian/2021-05-06.html", "Guardian/2021-05-06.txt"])
@pytest.mark.parametrize(
    ("line", "database"),
    [
        ("Load-Date: March {n}, 2011", "Nexis Uni"),
        ("Full text: Talks went on.", "ProQuest"),
        ("Document GULL00002011030{n}e7340000a", "Factiva"),
        ("Accession Number: 1234{n}", "EBSCO"),
    ],
)
def test_an_export_of_several_articles_is_never_one(write, tmp_path, name, line, database):
    texts = [f"<p>Talks went on.</p><p>{line.format(n=n)}</p>" for n in (1, 2)]
    content = f"<html><body><article>{''.join(texts)}</article></body></html>"
    if name.endswith(".txt"):
        content = re.sub(r"<[^>]+>", "\n", content)
    write(f"press/{name}", content)
    articles, rejected = read_articles(tmp_path / "press", today="2022-01-01")
    assert len(articles) == 0
    assert f"an export of {database}" in rejected["detail"].tolist()[0]


# What saving, cleaning and other versions of the database make of an anchor.
@pytest.mark.parametrize(
    "anchor",
    ['<a name="DOC_ID_0_{n}"/>', '<a name="DOC_ID_0_{n}">&nbsp;</a>', "<a name='DOC_ID_3_{n}'></a>",
     '<a id="x" name="DOC_ID_0_{n}"></a>', '<a name = "DOC_ID_0_{n}" class="y"></a>',
     '<span id="DOC_ID_0_{n}"></span>'],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_anchors_of_any_shape(write, tmp_path, anchor, encoding):
    page = re.sub(
        r'<A NAME="DOC_ID_(\d)_0"></A>', lambda m: anchor.format(n=int(m[1]) - 1), nexis_html()
    )
    write("press/Guardian/2021-05-06.html", page.encode(encoding))
    articles, rejected = read_articles(tmp_path / "press", today="2022-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Skarrow Wire"] * 2
    assert articles["text"].tolist() == ["\n\n".join(NEXIS_BODY)] * 2


@pytest.mark.parametrize(
    "counter",
    ["Dokument {n} von 2", "Documento {n} de 2", "{n} von 2 DOKUMENTEN", "DOCUMENT {n} OF 2"],
)
def test_counters_of_any_language_are_no_outlet(write, counter):
    page = re.sub(r"(\d) of 2 DOCUMENTS", lambda m: counter.format(n=m[1]), nexis_html())
    articles, _ = read_articles(write("a.html", page), today="2022-01-01")
    assert articles["outlet"].tolist() == ["Skarrow Wire"] * 2


@pytest.mark.parametrize("rights", ["Wszelkie prawa zastrzeżone", "Все права защищены"])
def test_labels_above_rights_in_another_language_end_the_body(write, rights):
    page = labelled(nexis_html(), "LENGTH", "NEVER-SEEN")
    page = page.replace("Copyright 2018 Skarrow Wire", f"Copyright 2018 Skarrow Wire<BR>{rights}")
    articles, _ = read_articles(write("a.html", page), today="2022-01-01")
    assert articles["title"].tolist() == ["Talks at the lake"] * 2
    assert articles["text"].tolist() == ["\n\n".join(NEXIS_BODY)] * 2
