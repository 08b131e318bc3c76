"""Invented articles in the form of Factiva's exports."""

import pytest

from analysis import read_articles
from tests.reading.samples import FACTIVA_BODY, factiva_page, factiva_xml, web_page


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("1,203 words", "12 June 2018"),
        ("1.203 Wörter", "12 Juni 2018"),
        ("1203 字", "2018 年 6 月 12 日"),
        ("1 203 mots", "12 juin 2018"),
        ("1203 palabras", "12 junio 2018"),
        ("1203 слова", "12 июня 2018"),
    ],
)
@pytest.mark.parametrize("extra", ["", "<div>10:15 PM</div>"])
def test_pages_in_the_languages_of_the_interface(write, words, date, extra):
    articles, rejected = read_articles(
        write("f.html", factiva_page(words, date, extra)), today="2020-01-01"
    )
    assert len(rejected) == 0
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Skarrow Wire", "2018-06-12")
    assert (row["title"], row["doc_id"]) == ("Talks at the lake", "WIRE0001")
    assert row["text"] == "\n\n".join(FACTIVA_BODY)


def test_a_page_without_a_date_is_rejected(write):
    path = write("f.html", factiva_page("9 words", "lately"))
    articles, rejected = read_articles(path)
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["no outlet"]


def test_a_page_with_field_codes(write):
    fields = {
        "SE": "Foreign", "HD": "Talks at the lake", "BY": "Ada Quill", "WC": "9 words",
        "PD": "12 June 2018", "SN": "Skarrow Wire", "SC": "SKWR", "LA": "English",
        "LP": f"<p>{FACTIVA_BODY[0]}</p>", "TD": f"<p>{FACTIVA_BODY[1]}</p>",
        "AN": "Document WIRE0001",
    }  # fmt: skip
    rows = "".join(f"<tr><td><b>{k}</b></td><td>{v}</td></tr>" for k, v in fields.items())
    content = f"<html><title>Factiva</title><div class='article'><table>{rows}</table></div></html>"
    articles, _ = read_articles(write("f.htm", content), today="2020-01-01")
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Skarrow Wire", "2018-06-12")
    assert (row["doc_id"], row["author"]) == ("WIRE0001", "Ada Quill")
    assert row["text"] == "\n\n".join(FACTIVA_BODY)


def test_xml(write):
    articles, rejected = read_articles(write("f.xml", factiva_xml(2)), today="2020-01-01")
    assert articles["doc_id"].tolist() == ["WIRE0", "WIRE1"]
    assert articles["title"].tolist() == ["Talks at the lake"] * 2
    assert articles["text"].tolist() == ["\n\n".join(FACTIVA_BODY)] * 2
    assert str(articles.loc[0, "date"].date()) == "2018-06-12"
    assert len(rejected) == 0


def test_xml_that_breaks_off_gives_what_is_whole_and_rejects_the_rest(write):
    whole = factiva_xml(3)
    path = write("f.xml", whole[: whole.index("WIRE2") + 200])
    articles, rejected = read_articles(path, today="2020-01-01")
    assert articles["doc_id"].tolist() == ["WIRE0", "WIRE1"]
    assert rejected[["locator", "reason"]].values.tolist() == [["article 3", "malformed row"]]


def test_entities_of_a_hostile_xml_are_not_expanded(write):
    secret = write("secret.txt", "classified")
    hostile = factiva_xml(1).replace(
        "<PPSResponse>", f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><PPSResponse>'
    )
    hostile = hostile.replace("Nothing was agreed.", "Nothing was &e; agreed.")
    articles, _ = read_articles(write("f.xml", hostile), today="2020-01-01")
    assert "classified" not in articles.loc[0, "text"]


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("877 words", "12 June 2018"), ("877 mots", "12 juin 2018"), ("877 Wörter", "12 Juni 2018"),
        ("877 palabras", "12 junio 2018"), ("877 parole", "12 giugno 2018"),
        ("877 woorden", "12 juni 2018"), ("877 palavras", "12 Junho 2018"),
        ("877 字", "2018 年 6 月 12 日"), ("877 слов", "12 июня 2018"), ("877語", "2018年6月12日"),
        ("877 wyrazów", "12 czerwca 2018"), ("1 877 kelime", "12 Haziran 2018"),
    ],
)  # fmt: skip
def test_the_outlet_in_every_language_of_the_interface(write, words, date):
    page = factiva_page(words, date, extra="<div>10:31</div>")
    articles, rejected = read_articles(write("f.html", page), today="2020-01-01")
    assert len(rejected) == 0
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Skarrow Wire", "2018-06-12")


@pytest.mark.parametrize(
    "body", ['<div id="article-body">', '<article id="article-body">', '<div id="article-1">']
)
def test_a_page_that_names_factiva_is_no_export(write, body):
    page = web_page(
        '<meta property="og:site_name" content="The Gull">'
        '<meta property="article:published_time" content="2018-06-12">'
    ).replace("<article>", body)
    page = page.replace("<footer>", "<footer>Barometer, Factiva, Tide Tables. ")
    articles, _ = read_articles(write("f.html", page), today="2020-01-01")
    assert articles["outlet"].tolist() == ["The Gull"]
