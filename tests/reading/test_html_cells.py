"""HTML in the cells of tables. What a text should read like is written by hand from the markup."""

import json
import logging

import pandas as pd
import pytest

from analysis import read_articles
from analysis.reading.html_cells import find_markup, strip_markup, treatment
from analysis.reading.import_report import import_folder
from analysis.reading.limits import ReadLimits

HTML = (
    '<p>The <a href="https://www.gazette.example/sanction-talks">minister</a> said '
    "&ldquo;no&rdquo; to talks.&nbsp;He left.</p><script>track('x')</script><p>AT&T &amp; R&#38;D, "
    "5 < 6.<br>The&#8217;end</p>"
)
SHOWN = "The minister said “no” to talks. He left.\n\nAT&T & R&D, 5 < 6.\n\nThe’end"
PLAIN = "if a<b>c and x < y; vector<int>, AT&T, <reuters@wire.example>"


def stripped(*cells: str) -> list[str]:
    treated = treatment(**find_markup(cells))
    return [strip_markup(cell, treated, "n.csv", ReadLimits()) for cell in cells]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (HTML, SHOWN),
        (PLAIN, PLAIN),
        ("<b>Talks</b>\nended.\n\nThey <i>left</i>.", "Talks\nended.\n\nThey left."),
        ("One.\n\nTwo.\n<h2>Head</h2>\nThree", "One.\n\nTwo.\n\nHead\n\nThree"),
        ("<DIV CLASS='x'>One<BR/>Two</DIV>", "One\n\nTwo"),
        ("<ul><li>one</li><li>two</li></ul>three", "one\n\ntwo\n\nthree"),
        ("&lt;p&gt;One &amp;amp; two.&lt;/p&gt;&lt;p&gt;Three&lt;/p&gt;", "One & two.\n\nThree"),
        ("<p>Caf&amp;eacute;</p>", "Café"),
        ("<p>They set &lt;br&gt; twice.</p>", "They set <br> twice."),
        ("see x.example/?a=1&copy=2&lang=en <br>", "see x.example/?a=1&copy=2&lang=en"),
        ("Tom &amp; Ada", "Tom & Ada"),
        ("a &quot;<b>c", 'a "<b>c'),
        ("<!-- nothing -->", "<!-- nothing -->"),
        ("<p><!-- nothing --></p>", ""),
        ("<style>p {color: red}</style><p>One\x00two</p>", "Onetwo"),
    ],
)
def test_a_cell_reads_as_its_page_does(cell: str, shown: str):
    assert stripped(cell) == [shown]


def test_tags_are_decided_on_by_column():
    # Alone, "<b>" may be two comparisons; beside a text that has real tags it is one of them.
    assert stripped("a<b>c", "x &amp; y") == ["a<b>c", "x & y"]
    assert stripped("a<b>c", "<p>x</p>") == ["ac", "x"]
    assert stripped("One.\n\nTwo < 3.", "<p>x</p>") == ["One.\n\nTwo < 3.", "x"]


def test_one_text_about_html_does_not_make_a_column_of_it():
    cells = ["Write &lt;p&gt; and &lt;/p&gt;.", "Tom &amp; Ada", "Ada &amp; Tom"]
    assert stripped(*cells) == ["Write <p> and </p>.", "Tom & Ada", "Ada & Tom"]


ROWS = [
    {"outlet": "Gazette", "date": "2018-06-12", "title": "Tom &amp; Ada", "text": HTML},
    {"outlet": "Gazette", "date": "2018-06-13", "title": "a < b", "text": "5 < 6."},
    {"outlet": "Gazette", "date": "2018-06-14", "title": "&nbsp;", "text": "<p>&nbsp;</p>"},
]


@pytest.mark.parametrize("name", ["n.csv", "n.jsonl", "n.json", "n.parquet", "n.xlsx"])
def test_tables_lose_their_markup_and_say_so(tmp_path, caplog, name):
    path, frame = tmp_path / name, pd.DataFrame(ROWS)
    match path.suffix:
        case ".csv":
            frame.to_csv(path, index=False)
        case ".jsonl":
            frame.to_json(path, orient="records", lines=True)
        case ".json":
            frame.to_json(path, orient="records")
        case ".parquet":
            frame.to_parquet(path)
        case _:
            frame.to_excel(path, index=False)
    with caplog.at_level(logging.WARNING):
        articles, rejected, report = import_folder(path)
    assert articles["text"].tolist() == [SHOWN, "5 < 6."]
    assert articles["title"].tolist() == ["Tom & Ada", "a < b"]
    assert rejected["reason"].tolist() == ["no text"]
    assert articles.attrs["reading"][0]["markup"] == 2
    assert report.files["markup"].tolist() == [2]
    assert f"HTML removed from 2 rows (--keep-markup leaves it):\n  {name}" in str(report)
    assert f"{name}: HTML removed from 2 rows" in caplog.text


def test_markup_is_kept_on_request(write):
    path = write("n.jsonl", "\n".join(map(json.dumps, ROWS)))
    articles, _ = read_articles(path, strip_markup=False)
    assert articles["text"].tolist() == [HTML, "5 < 6.", "<p>&nbsp;</p>"]
    assert "markup" not in articles.attrs["reading"][0]


def test_texts_that_are_joined_to_links_lose_their_markup(write):
    path = write("m.csv", "publish_date,title,url\n2018-06-12,T,https://gazette.example/a\n")
    texts = pd.DataFrame({"url": ["https://gazette.example/a"], "text": [HTML]})
    assert read_articles(path, texts=texts)[0]["text"].tolist() == [SHOWN]


def test_answers_of_services_lose_their_markup(write):
    item = {
        "source": {"name": "Skarrow Wire"}, "title": "T", "publishedAt": "2018-06-12T22:15:00Z",
        "content": "<ul><li>Envoys met.</li></ul>They parted.",
    }  # fmt: skip
    path = write("a.json", json.dumps({"status": "ok", "articles": [item]}))
    assert read_articles(path)[0]["text"].tolist() == ["Envoys met.\n\nThey parted."]


def test_pages_and_plain_files_are_no_cells(write):
    path = write("Gazette/2018-06-12.txt", "They set &amp; and <p> and </p>.").parent
    articles, _ = read_articles(path.parent)
    assert articles["text"].tolist() == ["They set &amp; and <p> and </p>."]


def test_a_text_that_nests_too_deep_is_rejected_alone(write):
    deep = "<div>" * 300 + "x" + "</div>" * 300
    rows = [{**ROWS[0], "text": deep}, ROWS[1]]
    path = write("n.jsonl", "\n".join(map(json.dumps, rows)))
    articles, rejected = read_articles(path, limits=ReadLimits(depth=200))
    assert articles["text"].tolist() == ["5 < 6."]
    assert rejected[["locator", "reason"]].values.tolist() == [["line 1", "over the size limit"]]
