"""Invented articles in the form of Factiva's exports."""

import pytest

from analysis import read_articles

BODY = ["Envoys of both sides met at the lake.", "Nothing was agreed."]


def page(words: str, date: str, extra: str = "", end: str = "Document WIRE0001") -> str:
    paragraphs = "".join(
        f'<p class="articleParagraph enarticleParagraph">{text}  </p>' for text in BODY
    ).replace("met", "<b>met</b>")
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<title>Factiva</title></head><body><h1>Dow Jones Factiva</h1>
<div id="article-WIRE0001" class="article"><div class="article enArticle"><p></p>
<div>Foreign Desk; 1</div><div id="hd"><span class="enHeadline">Talks at the lake  </span></div>
<div class="author">By Ada Quill</div><div>Special to Skarrow Wire</div>
<div>{words}</div><div>{date}</div>{extra}<div>Skarrow Wire</div><div>SKWR</div>
<div>English</div><div>(c) 2018 Skarrow Wire</div><p></p>{paragraphs}
<p>Skarrow Wire Limited</p><p>{end}</p></div></div></body></html>"""


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
        write("f.html", page(words, date, extra)), today="2020-01-01"
    )
    assert len(rejected) == 0
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Skarrow Wire", "2018-06-12")
    assert (row["title"], row["doc_id"]) == ("Talks at the lake", "WIRE0001")
    assert row["text"] == "\n\n".join(BODY)


def test_a_page_without_a_date_is_rejected(write):
    path = write("f.html", page("9 words", "lately"))
    articles, rejected = read_articles(path)
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["no outlet"]


def test_a_page_with_field_codes(write):
    fields = {
        "SE": "Foreign", "HD": "Talks at the lake", "BY": "Ada Quill", "WC": "9 words",
        "PD": "12 June 2018", "SN": "Skarrow Wire", "SC": "SKWR", "LA": "English",
        "LP": f"<p>{BODY[0]}</p>", "TD": f"<p>{BODY[1]}</p>", "AN": "Document WIRE0001",
    }  # fmt: skip
    rows = "".join(f"<tr><td><b>{k}</b></td><td>{v}</td></tr>" for k, v in fields.items())
    content = f"<html><title>Factiva</title><div class='article'><table>{rows}</table></div></html>"
    articles, _ = read_articles(write("f.htm", content), today="2020-01-01")
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Skarrow Wire", "2018-06-12")
    assert (row["doc_id"], row["author"]) == ("WIRE0001", "Ada Quill")
    assert row["text"] == "\n\n".join(BODY)


ARTICLE = """<ppsarticle><article><accessionNo>WIRE{n}</accessionNo>
<headline><paragraph><hlt>Talks</hlt> at the lake</paragraph></headline>
<leadParagraph><paragraph>Envoys of both sides <hlt>met</hlt> at the
lake.</paragraph></leadParagraph>
<publicationDate><dateTime>2018-06-12T01:35:58Z</dateTime></publicationDate>
<sourceName>Skarrow Wire</sourceName>
<tailParagraphs><paragraph>Nothing was agreed.</paragraph></tailParagraphs></article>
</ppsarticle>"""


def xml(count: int) -> str:
    articles = "".join(ARTICLE.format(n=n) for n in range(count))
    return (
        '<?xml version="1.0" encoding="utf-8"?><PPSResponse><ppsArticleResponse '
        f'xmlns="http://example.org/2.0"><ppsarticleResultSet count="{count}">{articles}'
        "</ppsarticleResultSet></ppsArticleResponse></PPSResponse>"
    )


def test_xml(write):
    articles, rejected = read_articles(write("f.xml", xml(2)), today="2020-01-01")
    assert articles["doc_id"].tolist() == ["WIRE0", "WIRE1"]
    assert articles["title"].tolist() == ["Talks at the lake"] * 2
    assert articles["text"].tolist() == ["\n\n".join(BODY)] * 2
    assert str(articles.loc[0, "date"].date()) == "2018-06-12"
    assert len(rejected) == 0


def test_xml_that_breaks_off_gives_what_is_whole_and_rejects_the_rest(write):
    whole = xml(3)
    path = write("f.xml", whole[: whole.index("WIRE2") + 200])
    articles, rejected = read_articles(path, today="2020-01-01")
    assert articles["doc_id"].tolist() == ["WIRE0", "WIRE1"]
    assert rejected[["locator", "reason"]].values.tolist() == [["article 3", "malformed row"]]


def test_entities_of_a_hostile_xml_are_not_expanded(write):
    secret = write("secret.txt", "classified")
    hostile = xml(1).replace(
        "<PPSResponse>", f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><PPSResponse>'
    )
    hostile = hostile.replace("Nothing was agreed.", "Nothing was &e; agreed.")
    articles, _ = read_articles(write("f.xml", hostile), today="2020-01-01")
    assert "classified" not in articles.loc[0, "text"]
