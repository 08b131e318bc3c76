import gzip
import html
import json
import re
from collections import Counter

import pytest

from analysis import read_articles
from tests.reading.samples import PARAGRAPHS, web_archive, web_page

SITE = '<meta property="og:site_name" content="Skarrow Wire">'


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2018-06-12T10:15:00Z">',
        '<meta itemprop="datePublished" content="2018-06-12">',
        '<meta name="DC.date.issued" content="2018-06-12">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": '
        '"2018-06-12T10:15:00+02:00", "dateModified": "2019-01-01"}</script>',
        '<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type": "Article",'
        '"datePublished": "2018-06-12"}]}</script>',
        '<link rel="canonical" href="https://example.org/2018/06/12/talks">',
        '<script type="application/ld+json">{broken</script>'
        '<meta property="article:published_time" content="2018-06-12">',
    ],
)
def test_a_page_gives_what_it_declares(write, head):
    articles, rejected = read_articles(write("a.html", web_page(SITE + head)), today="2020-01-01")
    assert len(rejected) == 0
    row = articles.iloc[0]
    assert (row["outlet"], str(row["date"].date())) == ("Skarrow Wire", "2018-06-12")
    assert row["title"] == "Talks at the lake"
    assert row["text"].split("\n\n")[-3:] == PARAGRAPHS
    assert "Copyright" not in row["text"]
    assert row["furniture_chars"] > 0


def test_no_date_is_taken_from_a_copyright_line(write):
    articles, rejected = read_articles(write("a.html", web_page(SITE)))
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["no date"]


def test_a_page_takes_from_its_path_what_it_does_not_say(write, tmp_path):
    write("press/Skarrow Wire/2018/06/12/talks.html", web_page())
    articles, rejected = read_articles(tmp_path / "press", today="2020-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Skarrow Wire"]
    assert str(articles.loc[0, "date"].date()) == "2018-06-12"
    assert articles.attrs["reading"][0]["guessed"] == "outlet and date from the path"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_encodings_of_pages(write, encoding):
    head = SITE + '<meta itemprop="datePublished" content="2018-06-12">'
    content = web_page(head).replace("Nothing", "“Nothing” – né café").replace("utf-8", encoding)
    articles, _ = read_articles(write("a.html", content.encode(encoding)), today="2020-01-01")
    assert "“Nothing” – né café" in articles.loc[0, "text"]


GOOD = ("https://www.example.org/2018/06/12/talks", "200 OK", web_page().encode())


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_web_archives(write, name):
    gone = ("https://example.org/gone", "404 Not Found", b"<html>gone</html>")
    content = web_archive(GOOD, gone, compress=name.endswith(".gz"))
    articles, rejected = read_articles(write(name, content), today="2020-01-01")
    assert articles["outlet"].tolist() == ["example.org"]
    assert str(articles.loc[0, "date"].date()) == "2018-06-12"
    assert articles.loc[0, "text"].split("\n\n")[-3:] == PARAGRAPHS
    assert rejected[["locator", "reason"]].values.tolist() == [["record 2", "no text"]]
    assert "404" in rejected.loc[0, "detail"]


def test_an_archive_that_breaks_off(write):
    content = gzip.decompress(web_archive(GOOD, GOOD, compress=True))
    articles, rejected = read_articles(write("a.warc", content[:-400]), today="2020-01-01")
    assert len(articles) + len(rejected) == 2
    assert len(articles) == 1
    assert rejected["reason"].tolist() == ["damaged file"]


DATED = SITE + '<meta property="article:published_time" content="2018-06-12T10:15:00Z">'
HEADLINES = {
    "in the article": ("<article><h1>Talks at the lake</h1>", ""),
    "above it": ("<h1>Talks at the lake</h1><article>", ""),
    "with a kicker": ("<article><h1><span>World</span> Talks at the lake</h1>", ""),
    "with the site's name in the title": ("<article><h1>Talks at the lake</h1>", " | Skarrow Wire"),
    "in a heading of the second kind": ("<article><h2>Talks at the lake</h2>", ""),
    "with a line break": ("<article><h1>Talks at<br>the lake</h1>", ""),
    "below the way to it": (
        "<article><ul><li>Home news</li><li>World news</li></ul><h1>Talks at the lake</h1>", ""
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", HEADLINES)
def test_the_headline_is_not_the_text(write, place):
    article, end = HEADLINES[place]
    page = web_page(DATED).replace("<article><h1>Talks at the lake</h1>", article)
    page = page.replace("</title>", f"{end}</title>")
    articles, _ = read_articles(write("a.html", page), today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(PARAGRAPHS)]


@pytest.mark.parametrize(
    "bad",
    ["0001-01-01T00:00:00Z", "1970-01-01", "soon", "2999-01-01", "", "1900-01-01",
     "1969-12-31T19:00:00-05:00", "1899-12-30", "0000-00-00"],
)  # fmt: skip
def test_a_stand_in_hides_no_date(write, tmp_path, bad):
    script = f'{{"@type": "NewsArticle", "datePublished": "{bad}"}}'
    head = f'<script type="application/ld+json">{script}</script>{DATED}'
    articles, _ = read_articles(write("a.html", web_page(head)), today="2020-01-01")
    assert articles["date"].astype("str").tolist() == ["2018-06-12"]
    # Nor one of the path, where the page has no other.
    write("press/Gull/2018-06-13 talks.html", web_page(head.removesuffix(DATED)))
    articles, _ = read_articles(tmp_path / "press", today="2020-01-01")
    assert articles["date"].astype("str").tolist() == ["2018-06-13"]


def test_a_body_that_the_page_declares_fills_what_was_not_found(write):
    body = "\\n".join(PARAGRAPHS * 4)
    script = f'{{"@type": "NewsArticle", "articleBody": "{body}"}}'
    page = web_page(f'<script type="application/ld+json">{script}</script>{DATED}')
    for paragraph in PARAGRAPHS[1:]:
        page = page.replace(f"<p>{paragraph}</p>", "")
    articles, _ = read_articles(write("a.html", page), today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(PARAGRAPHS * 4)]


def test_boxes_beside_an_article_are_no_text(write):
    box = f'<div class="c-infobox"><p>{PARAGRAPHS[0][:50]} was said by nobody.</p></div>'
    page = web_page(DATED).replace("</article>", f"{box}</article>")
    articles, _ = read_articles(write("a.html", page), today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(PARAGRAPHS)]


def test_saved_pages_against_what_a_person_read(shared):
    # One word in twenty is the bound of the published pages on precision, one in fifty on recall.
    missed, strange, headlines, pages = 0.0, 0.0, 0, 0
    for path in sorted((shared / "pages").glob("de/*.html.gz")):
        known = json.loads((path.parent / f"{path.name.split('_')[0]}.json").read_text())
        page = _letters(html.unescape(gzip.decompress(path.read_bytes()).decode(errors="replace")))
        told = [each for each in known.values() if _letters(each.get("title") or "?")[:60] in page]
        articles, _ = read_articles(path, today="2027-01-01", outlet="x")
        if not told or articles.empty or not told[-1].get("body"):
            continue
        want, got = Counter(_words(told[-1]["body"])), Counter(_words(articles.loc[0, "text"]))
        both = (want & got).total()
        missed, strange = missed + 1 - both / want.total(), strange + 1 - both / got.total()
        lines = articles.loc[0, "text"].split("\n")[:20]
        headlines += _letters(told[-1]["title"]) in map(_letters, lines)
        pages += 1
    assert pages >= 15
    assert headlines == 0
    assert missed / pages < 0.021
    assert strange / pages < 0.1


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _words(body: object) -> list[str]:
    if isinstance(body, str):
        return re.findall(r"\w+", body)
    parts = body.values() if isinstance(body, dict) else body
    return [word for part in parts for word in _words(part)]


@pytest.mark.parametrize(
    "beside",
    [
        '<p><b>Read more:</b> <a href="/x">Boats leave the lake for good</a></p>',
        '<p><a href="/x">Boats leave the lake for good</a></p>',
        '<div class="Image-widget"><img src="x.png"><p>Boats leave the lake for good</p></div>',
        '<div class="promo"><p>Boats leave the lake for good</p></div>',
        "<button>Boats leave the lake for good</button>",
    ],
)
def test_what_stands_within_an_article_and_is_none_of_it(write, beside):
    head = SITE + '<meta itemprop="datePublished" content="2018-06-12">'
    articles, _ = read_articles(write("a.html", web_page(head, beside)), today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(PARAGRAPHS)]


def test_a_box_that_is_most_of_the_page_is_the_article(write):
    head = SITE + '<meta itemprop="datePublished" content="2018-06-12">'
    scripts = "<script>" + "x = 1;" * 5000 + "</script>"
    page = web_page(head).replace("<article>", f'{scripts}<article><div class="promo">')
    articles, _ = read_articles(write("a.html", page), today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join(PARAGRAPHS)]


@pytest.mark.parametrize("form", ["html", "warc"])
def test_half_an_article_is_told(write, monkeypatch, form):
    import trafilatura

    # What an extractor finds of a page cannot be relied on: here the first of three paragraphs.
    half = {"title": "Talks at the lake", "text": PARAGRAPHS[0]}
    monkeypatch.setattr(trafilatura, "bare_extraction", lambda *_, **__: half)
    page = web_page(SITE + '<meta itemprop="datePublished" content="2018-06-12">')
    archive = web_archive(("https://example.org/a", "200 OK", page.encode()))
    path = write(f"a.{form}", archive if form == "warc" else page)
    articles, rejected = read_articles(path, today="2020-01-01")
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["only a part of the text"]
    assert f"{len(PARAGRAPHS[0])} characters were found" in rejected.loc[0, "detail"]


@pytest.mark.parametrize("date", ["06 May 2021", "Le jeudi 6 mai 2021, p. 3", "2021-05-06"])
@pytest.mark.parametrize("tag", ["article", "div"])
def test_a_page_of_several_articles_is_refused(write, tmp_path, tag, date):
    # No database whose exports are known: articles side by side, each with a date.
    text = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    one = f'<{tag} class="hit"><h2>Talks</h2><span>Gull</span><div>{date}</div>{text}</{tag}>'
    write("press/Gull/2021-05-06.html", f"<html><body>{one * 3}</body></html>")
    articles, rejected = read_articles(tmp_path / "press", today="2022-01-01")
    assert len(articles) == 0
    assert rejected["reason"].tolist() == ["unknown format"]
    assert "holds 3, each with a date" in rejected.loc[0, "detail"]


def test_a_captured_page_of_several_articles_is_refused(write):
    text = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = f"<div class='hit'><i>6 May 2021</i>{text}</div>" * 3
    archive = web_archive(("https://example.org/a", "200 OK", page.encode()))
    _, rejected = read_articles(write("a.warc", archive), today="2022-01-01")
    assert rejected["reason"].tolist() == ["unknown format"]


def test_parts_of_one_article_are_not_several(write, tmp_path):
    text = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    parts = f'<section class="part"><h2>Part</h2>{text}</section>' * 3
    write("press/Gull/2021-05-06.html", f"<html><body>6 May 2021 {parts}</body></html>")
    articles, _ = read_articles(tmp_path / "press", today="2022-01-01")
    assert len(articles) == 1


NOTE = "A reader of thirty years writes that nothing like this was ever seen at the lake before."
PAGES = ["<main>{}</main>{}", "<article>{}</article>{}", "<div>{}</div>{}"]
OTHERS = [
    ("div class='comments'", "div class='comment'"),
    ("section", "article class='comment-body'"),
    ("section id='kommentare'", "div"),
    ("aside", "div"),
    ("div class='related-stories'", "div class='item'"),
]


@pytest.mark.parametrize("count", [3, 20])
@pytest.mark.parametrize(
    ("page", "outer", "block"),
    [
        *((page, *others) for page in PAGES for others in OTHERS),
        *((page, "div", "div class='item'") for page in PAGES[:2]),  # beside the main part
    ],
)
def test_dated_blocks_beside_an_article_are_no_articles(write, tmp_path, page, outer, block, count):
    text = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    one = f"<{block}><i>1 May 2021</i><p>{NOTE}</p></{block.split()[0]}>"
    beside = f"<{outer}>{one * count}</{outer.split()[0]}>"
    content = page.format(f"<h1>Talks</h1>{text}", beside)
    write("press/Gull/2021-05-06.html", f"<html><body>{content}</body></html>")
    articles, _ = read_articles(tmp_path / "press", today="2022-01-01")
    assert len(articles) == 1
    assert PARAGRAPHS[1] in articles.loc[0, "text"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{NOTE}", True),
        (f"{NOTE[:-1]}?”", True),
        (NOTE[:-1], False),
        (f"{NOTE[:-1]}...", False),
        ("Boats leave.", False),
    ],
)
def test_a_sentence_that_is_all_link_is_text(write, text, kept):
    page = web_page(DATED).replace("</article>", f'<p><a href="/x">{text}</a></p></article>')
    articles, _ = read_articles(write("a.html", page), today="2020-01-01")
    assert articles["text"].tolist() == ["\n\n".join([*PARAGRAPHS, *[text] * kept])]
