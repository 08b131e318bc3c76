"""The panel, driven by its widgets as JupyterLab drives it."""

import re
from html import unescape

import pandas as pd
import pytest

from analysis import Lexicon, check_articles, explore
from analysis.errors import ArticlesError, LexiconError

LEXICON = Lexicon.from_dict({"threat": ["threat*"], "talk": ["talks"]}, name="two")


@pytest.fixture
def panel():
    rows = [
        ("a1", "Gazette", "2021-01-10", "A threat was made. \u201cTalks failed,\u201d she said."),
        ("a2", "Gazette", "2021-01-20", "Threats and talks and threats."),
        ("a3", "Gazette", "2021-08-12", "Talks began."),
        ("b1", "<i>Herald</i>", "2021-02-13", "Talks. A threat remains."),
        ("b2", "<i>Herald</i>", "2021-08-14", "Talks, talks and once more talks: no threat."),
    ]
    frame = pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"])
    return explore(check_articles(frame), LEXICON)


def shares(panel) -> dict[str, str]:
    return dict(label.split(": ", 1) for label, _ in panel.rows.options)


def test_it_opens_with_the_share_of_every_outlet(panel):
    # Gazette: threat, threats, threats against talks, talks, talks; Herald: 2 against 4.
    assert {name: said[:4] for name, said in shares(panel).items()} == {
        "Gazette": "0.50", "<i>Herald</i>": "0.33",
    }  # fmt: skip
    assert panel.chart.svg.count("<a ") == 2
    assert "Gazette: 0.50" in panel.chart.svg
    assert "<i>Herald" not in panel.chart.svg


def test_choosing_a_point_lists_its_sentences(panel):
    panel.chart.chosen = "s1"
    assert panel.rows.value == 1
    assert set(panel.lines["outlet"]) == {"Gazette"}
    assert len(panel.lines) == 6
    assert "threat" in panel.sentences.value.casefold()
    panel.rows.value = 0
    assert set(panel.lines["outlet"]) == {"<i>Herald</i>"}
    assert "<i>Herald" not in panel.sentences.value


def headings(panel) -> list[str]:
    return re.findall("<h4>(.*?)</h4>", panel.sentences.value)


@pytest.mark.parametrize("view", ["outlet", "period"])
def test_every_point_of_both_views_opens_its_sentences(panel, view):
    panel.view.value = view
    points = re.findall('<a href="#([^"]+)" aria-label="(.*?): show sentences"', panel.chart.svg)
    assert len(points) == len(panel.rows.options) == 2
    assert panel.chart.svg.count("<circle") == 2
    for key, name in points:
        panel.chart.chosen = key
        assert [unescape(head) for head in headings(panel)] == [unescape(name)]
        lines = panel.lines
        quarters = pd.to_datetime(lines["date"]).dt.to_period("Q").astype("str")
        said = lines["outlet"] if view == "outlet" else quarters.str.replace("Q", "-Q")
        assert set(said) == {unescape(name).split(": ")[0]}
    # The first again, after another row was chosen from the list.
    panel.chart.chosen = points[0][0]
    panel.rows.value = 1 - panel.rows.value
    panel.chart.chosen = points[0][0]
    assert headings(panel) == [points[0][1]]


@pytest.mark.parametrize(
    ("control", "value"),
    [
        ("view", "period"),
        ("outlets", ("Gazette",)),
        ("periods", ("2021-Q1", "2021-Q1")),
        ("frames", ("talk", "threat")),
        ("voice", "narration"),
    ],
)
@pytest.mark.parametrize("row", [0, 1])
def test_a_new_chart_shows_no_sentences_that_nobody_asked_for(panel, control, value, row):
    panel.rows.value = row
    assert len(headings(panel)) == 1
    getattr(panel, control).value = value
    assert panel.rows.value is None
    assert panel.rows.index is None
    assert headings(panel) == []
    assert panel.lines.empty
    assert panel.chart.chosen == ""


def test_every_control_changes_the_chart(panel):
    before = panel.chart.svg
    panel.view.value = "period"
    assert list(shares(panel)) == ["2021-Q1", "2021-Q3"]
    assert panel.chart.svg != before
    panel.outlets.value = ("Gazette",)
    assert {name: said[:4] for name, said in shares(panel).items()} == {
        "2021-Q1": "0.60", "2021-Q3": "0.00",
    }  # fmt: skip
    panel.voice.value = "quoted"
    assert {name: said[:4] for name, said in shares(panel).items()} == {"2021-Q1": "0.00"}
    panel.rows.value = 0
    assert panel.lines["keyword"].tolist() == ["Talks"]
    panel.voice.value = "all"
    panel.periods.value = ("2021-Q3", "2021-Q3")
    assert list(shares(panel)) == ["2021-Q3"]
    panel.view.value = "outlet"
    assert list(shares(panel)) == ["Gazette"]


def test_one_frame_is_shown_by_the_articles_that_have_it(panel):
    panel.frames.value = ("threat",)
    # Two of three articles of the Gazette, and both of the Herald.
    assert {name: said[:4] for name, said in shares(panel).items()} == {
        "Gazette": "0.67", "<i>Herald</i>": "1.00",
    }  # fmt: skip
    panel.view.value = "period"
    assert len(panel.rows.options) == 2
    panel.view.value = "outlet"
    panel.rows.value = 1
    assert len(panel.lines) == 3
    assert set(panel.lines["frame"]) == {"threat"}


def test_the_frames_can_be_exchanged(panel):
    panel.frames.value = ("talk", "threat")
    assert shares(panel)["Gazette"][:4] == "0.50"
    assert shares(panel)["<i>Herald</i>"][:4] == "0.67"


def test_a_choice_without_hits_says_so(panel):
    panel.periods.value = ("2021-Q2", "2021-Q2")
    assert panel.rows.options == ()
    assert panel.said.value.startswith("Nothing that is chosen has a hit")


def test_what_cannot_be_explored_is_refused(articles):
    with pytest.raises(LexiconError, match="one frame"):
        explore(articles, Lexicon.from_dict({"talk": ["talks"]}))
    with pytest.raises(ArticlesError, match="no articles"):
        explore(articles.head(0), LEXICON)
