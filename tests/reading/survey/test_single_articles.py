"""Files of one article each are surveyed together, and read as each by itself."""

import pytest

from analysis.reading.survey import summaries
from tests.reading.test_scan import check_scan


def page(outlet: str, date: str, text: str) -> str:
    declared = f'<meta property="article:published_time" content="{date}">' if date else ""
    site = f'<meta property="og:site_name" content="{outlet}">'
    paragraphs = f"<p>{text}</p>" * (text != "")
    return f"<html><head>{site}{declared}</head><body><article>{paragraphs}</article></body></html>"


# Each has its own order of day and month, encoding and id; the table is read before the folder.
ONE_ARTICLE_EACH = {
    "a/01.html": page("Gazette", "13/05/2018", "The ministers met in the old harbour. " * 9),
    "a/02.html": page("Gazette", "04/05/2018", "The ministers parted at the old harbour. " * 9),
    "a/03.html": page("Herald", "June 2018", "The envoys met at the new station. " * 9),
    "a/04.html": page("Herald", "", "The envoys parted at the new station. " * 9),
    "a/05.html": "",
    "a/2018-06-12 notes.txt": "They spoke of a “détente”.".encode("cp1252"),
    "a/2018-06-13 notes.txt": "They spoke of itâ€™s end.",
    "a/none.txt": "",
    "ids.csv": "doc_id,outlet,date,text\na/03.html,Post,2018-01-02,They wrote.\n",
    "last.txt": "A note of no outlet.",
}


@pytest.mark.parametrize(
    ("rows", "characters"), [(1, 10**6), (3, 10**6), (2_000, 1), (2_000, 10**6)]
)
def test_files_of_one_article_are_read_alike_alone_and_together(
    write, monkeypatch, rows, characters
):
    for name, content in ONE_ARTICLE_EACH.items():
        folder = write(f"in/{name}", content).parents[name.count("/")]
    monkeypatch.setattr(summaries, "ROWS", rows)
    monkeypatch.setattr(summaries, "TOGETHER", characters)
    articles, rejected = check_scan(folder, outlets={"Gazette": "The Gazette"})
    dates = articles["date"].dt.strftime("%Y-%m-%d")
    assert list(zip(articles["doc_id"], articles["outlet"], dates, strict=True)) == [
        ("a/03.html", "Post", "2018-01-02"),
        ("a/01.html", "The Gazette", "2018-05-13"),
        ("a/03.html:a/03.html", "Herald", "2018-06-01"),
        ("a/2018-06-12 notes.txt", "a", "2018-06-12"),
        ("a/2018-06-13 notes.txt", "a", "2018-06-13"),
    ]
    assert articles["outlet_as_given"].fillna("").tolist() == ["", "Gazette", "", "", ""]
    assert articles["text"].tolist()[3:] == [
        "They spoke of a “détente”.",
        "They spoke of it’s end.",
    ]
    assert rejected[["source", "locator", "reason"]].values.tolist() == [
        ["last.txt", "article 1", "no outlet"],
        ["a/02.html", "article 1", "ambiguous date"],
        ["a/04.html", "article 1", "no date"],
        ["a/05.html", "file", "damaged file"],
        ["a/none.txt", "article 1", "no text"],
    ]
    notes = {found["source"]: found for found in articles.attrs["reading"]}
    assert [name for name in notes if notes[name]["mended"]] == ["a/2018-06-13 notes.txt"]
    assert notes["a/01.html"]["day_order"] == "day first"
    assert "day_order" not in notes["a/02.html"]
