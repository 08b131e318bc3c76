"""The lines behind a number that is by target are those of the hits near that target."""

import pandas as pd
import pytest

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.stance import stance
from analysis.measuring.terms.frequencies import article_frequencies, term_frequencies
from analysis.showing.evidence import evidence
from analysis.showing.kwic import kwic
from analysis.showing.kwic_view import show_kwic

FRAMES = Lexicon.from_dict({"hard": ["threat*"], "soft": ["talks"]})
TARGETS = {"Anytown": ["anytown"], "Bigcity": ["bigcity"]}
TEXT = (
    "A threat to Anytown. Talks with Bigcity.\nAnytown and Bigcity see a threat. Rain fell.\nTalks."
)


@pytest.mark.parametrize("window", [3, "sentence", "paragraph"])
def test_lines_of_a_target(window: int | str):
    frame = pd.DataFrame({"doc_id": [1, 2], "outlet": list("GH"), "date": "2021-03-14"})
    articles = check_articles(frame.assign(text=TEXT))
    counts = document_terms(articles, lexicon=FRAMES, targets=TARGETS, window=window)
    table = stance(counts, FRAMES, by=["outlet", "target"])
    assert len(table) == 6
    for _, row in table.iterrows():
        lines = evidence(row, articles, FRAMES, targets=TARGETS, near=window)
        assert lines["outlet"].eq(row["outlet"]).all()
        assert len(lines) == row["n_hard"] + row["n_soft"]
        named = lines["targets"].str.contains(str(row["target"])).fillna(False)
        assert named.all() if row["target"] == row["target"] else lines["targets"].isna().all()
    with pytest.raises(CountsError, match="the row is by target"):
        evidence(table.iloc[0], articles, FRAMES)


def test_both_words_are_marked():
    text = (
        "Rain fell. City Hall met a threat, and Anytown's mayor, <b>calm</b>, went to Anytowners."
    )
    frame = pd.DataFrame({"doc_id": ["a"], "outlet": "G", "date": "2021-03-14", "text": text})
    targets = {"Anytown": ["anytown", "city hall"], "Elsewhere": ["elsewhere"]}
    lines = kwic(check_articles(frame), Lexicon.from_dict({"hard": ["threat"]}), targets=targets)
    assert lines["mentions"].tolist() == ["City Hall | Anytown's"]
    page = show_kwic(lines, width=90).html
    assert "<mark>threat</mark>" in page and "<b>" not in page
    assert page.count('<mark class="target">') == 2
    assert '<mark class="target">City Hall</mark> met a' in page
    assert "Anytowners" in page and '<mark class="target">Anytown</mark>ers' not in page


def test_lines_behind_what_a_source_says_of_a_target():
    texts = ["A threat to Anytown.", "A threat to Anytown."]
    frame = pd.DataFrame({"doc_id": ["a", "b"], "outlet": "G", "date": "2021-03-14", "text": texts})
    segments = check_articles(frame).assign(voice="quoted", source=["Anytowners", "Ann Smith"])
    lexicon = Lexicon.from_dict({"hard": ["threat"], "soft": ["talks"]})
    targets = {"Anytown": ["anytown*"]}
    counts = document_terms(segments, lexicon=lexicon, targets=targets)
    table = stance(counts, lexicon, ("hard", "soft"), by=["source", "target"])
    row = table[table["source"] == "Anytown"].iloc[0]
    lines = evidence(row, segments, lexicon, targets=targets)
    assert lines["doc_id"].tolist() == ["a"]


def test_what_is_near_two_targets_counts_once_in_its_article():
    frame = pd.DataFrame({"doc_id": ["a"], "outlet": "Auk", "date": "2021-03-14",
                          "text": "Risk: Gull, Tern."})  # fmt: skip
    targets = {"gull": ["gull"], "tern": ["tern"]}
    counts = document_terms(check_articles(frame), targets=targets)
    table = article_frequencies(counts, "risk")
    assert table[["n", "n_tokens"]].to_numpy().tolist() == [[1, 3]]
    with pytest.warns(UserWarning, match="counts hold no texts"):
        behind = evidence(term_frequencies(counts, [], terms=["risk"]).iloc[0], counts)
    assert behind["n"].tolist() == [1]
