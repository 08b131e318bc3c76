"""The page that an explorer is saved as: what is in it, and what is not."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis import Lexicon, check_articles, document_terms, explore
from analysis.errors import ArticlesError, LexiconError

LEXICON = Lexicon.from_dict({"threat": ["threat*"], "talk": ["talks"]}, name="two")


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    rows = [
        (
            "a1",
            "Gazette</script><b>",
            "2021-01-10",
            "A threat was made. The tern flew, talks fail.",
        ),
        ("a2", "Herald", "2021-08-12", "Talks began <!-- <script> again."),
    ]
    frame = pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"])
    return check_articles(frame.assign(link=["https://example.org/1", "javascript:alert(1)"]))


def data_of(path: Path) -> dict:
    page = path.read_text(encoding="utf-8")
    # Nothing ends an element or begins one but the template.
    assert page.count("<script") == page.count("</script>") == 2
    assert "<b>" not in page
    assert not re.search(r"(?:src|href)=.?(?:https?:)?//", page)
    return json.loads(re.search(r'id="data" type="application/json">(.*?)</script>', page, re.S)[1])


def test_points_have_their_sentences(articles: pd.DataFrame, tmp_path: Path):
    data = data_of(explore(articles, LEXICON).save(tmp_path / "e.html", title="A tern"))
    whole = [line["left"] + line["hit"] + line["right"] for line in data["lines"]]
    assert sorted(whole) == [
        "A threat was made.", "Talks began <!-- <script> again.", "The tern flew, talks fail.",
    ]  # fmt: skip
    assert data["periods"] == ["2021-Q1", "2021-Q2", "2021-Q3"]
    assert [measure["name"] for measure in data["measures"]] == [
        "share of threat against talk", "share of talk against threat",
        "share of articles with threat", "share of articles with talk",
    ]  # fmt: skip


@pytest.mark.parametrize("of", ["articles", "counts"])
def test_no_text_is_in_it_that_was_not_asked_for(articles: pd.DataFrame, tmp_path: Path, of: str):
    counts = document_terms(articles, lexicon=LEXICON)
    panel = explore(articles if of == "articles" else counts, LEXICON)
    path = panel.save(tmp_path / "e.html", text="none" if of == "articles" else None)
    data = data_of(path)
    assert data["lines"] is None
    # Single terms are counts; no two words of a text stand together.
    assert "tern flew" not in path.read_text(encoding="utf-8")
    assert data["terms"]["names"].count("tern") == 1
    if of == "counts":
        with pytest.raises(ArticlesError, match="counts hold no texts; explore the articles"):
            panel.save(path, text="sentences")
    with pytest.raises(ArticlesError, match="text='all': allowed are 'sentences' and 'none'"):
        panel.save(path, text="all")


@pytest.mark.parametrize("text", ["sentences", "none"])
def test_lines_of_candidates_are_in_it_where_sentences_are(articles, tmp_path: Path, text: str):
    row = {"frame": "talk", "term": "tern", "hits": 1, "articles": 1, "adds": 1, "nearest": "talks",
           "similarity": 0.5, "lines": ("The tern flew.",)}  # fmt: skip
    panel = explore(articles, LEXICON, candidates=pd.DataFrame([row]))
    [found] = data_of(panel.save(tmp_path / "e.html", text=text))["candidates"]["rows"]
    assert found.get("lines") == ([["The ", "tern", " flew."]] if text == "sentences" else None)
    with pytest.raises(LexiconError, match="has no frame 'peace'"):
        explore(articles, LEXICON, candidates=pd.DataFrame([row | {"frame": "peace"}]))
