"""Both generations of Europresse's pages; the older is written as tm.plugin.europresse reads it."""

import pytest

from analysis import read_articles
from analysis.errors import ReadError
from tests.reading.samples import EUROPRESSE, europresse

OLDER = """\
<html><body><table><tr><td><span class="DocPublicationName">Mouette Magazine, no. 12</span>
<br><span class="DocHeader">Politique, </span>
<span class="DocHeader">jeudi </span>
<span class="DocHeader">5 octobre 2006</span><span class="DocHeader">, p. 03</span><br>Sous-titre
<br><span class="TitreArticleVisu">Le <span style="color:red">port</span> rouvre</span><br>
<br>{author}
Les pourparlers <font style="font-weight:bold;">continuent.</font><p></p>Rien n'est dit.<p></p>
<b><i>© 2006 Mouette. Tous droits réservés.</i></b><p></p>
Numéro de document : news·20061005·MO·{n}<br>
<table><tr><td>Ce certificat est émis à <b>University</b></td></tr></table></td></tr></table>"""


def test_the_newer_pages(write, tmp_path):
    write("press/Europresse/2021-05-06.html", EUROPRESSE)
    articles, rejected = read_articles(tmp_path / "press", today="2022-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["La Mouette", "La Sterne"]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2006-03-14", "2006-03-15"]
    assert articles["title"].tolist() == ["Le port", "La mer"]
    assert articles["text"].tolist() == ["Les pourparlers continuent.\n\nRien n'est dit."] * 2
    assert articles["doc_id"].tolist() == ["news·20060314·MO·1", "news·20060315·ST·2"]
    assert articles["author"].tolist() == ["Ada Quill"] * 2


def test_the_older_pages(write):
    page = OLDER.format(author="", n=1) + OLDER.format(author="Ada Quill<br><p></p>", n=2)
    articles, rejected = read_articles(write("a.html", page), today="2022-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Mouette Magazine"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2006-10-05"] * 2
    assert articles["title"].tolist() == ["Le port rouvre"] * 2
    assert articles["text"].tolist() == ["Les pourparlers continuent.\n\nRien n'est dit."] * 2
    assert articles["author"].tolist()[1] == "Ada Quill"


def test_the_sample_of_the_public_parser(shared):
    # Its comments and tests name three articles, their outlets, days and titles.
    path = shared / "formats" / "exports" / "europresse-1.html"
    articles, rejected = read_articles(path, today="2026-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["l'Humanité", "Mag", "Magazine 1"]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == [
        "2013-10-05", "2012-10-03", "2012-10-04",
    ]  # fmt: skip
    assert not articles["text"].str.contains("©|certificat|Numéro|Author").any()


@pytest.mark.parametrize(
    ("header", "section"),
    [("Tuesday, March 14, 2006 - 882 words", ""), ("News, Tuesday, March 14, 2006, p. 3", "News"),
     ("terça-feira, 14 de março de 2006", ""), ("Dienstag, 14. März 2006", "")],
)  # fmt: skip
def test_a_weekday_is_no_section(write, header, section):
    page = europresse(("La Mouette", header, "Le port", "news·20060314·MO·1"))
    articles, _ = read_articles(write("a.html", page), today="2022-01-01")
    assert articles["date"].astype("str").tolist() == ["2006-03-14"]
    assert articles["section"].tolist() == [section]


def test_an_article_without_a_date_keeps_its_section(write):
    page = europresse(("La Mouette", "Politique, p. 16", "Le port", "news·20060314·MO·1"))
    _, rejected = read_articles(write("a.html", page), today="2022-01-01")
    assert rejected["reason"].tolist() == ["no date"]


def test_articles_that_nothing_parts_are_refused(write):
    page = OLDER.format(author="", n=1).replace("table", "div").replace("<td>", "<p>")
    with pytest.raises(ReadError, match="nothing parts its 2 articles"):
        read_articles(write("a.html", page + page), today="2022-01-01")
