from dataclasses import replace

import pandas as pd
import pytest

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.counting.groups import group_counts
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.lexicon_check import check_lexicon

TEXTS = [
    "They deter and deterred; deterrence, a deterrent. He determined to buy detergent.",
    "Conditions deteriorate. No dialogue, only dialogues of the deaf.",
    "A threat, threatened and threatening. Retaliatory steps and escalators escalate.",
    "Peace talks follow peace talks. Fresh peace talks.",
]


def articles_of(*texts: str) -> pd.DataFrame:
    ids = [str(i) for i in range(len(texts))]
    frame = pd.DataFrame({"doc_id": ids, "outlet": "Gazette", "date": "2021-03-14", "text": texts})
    return check_articles(frame)


def corpus() -> pd.DataFrame:
    return articles_of(*TEXTS)


def findings(lexicon: Lexicon, finding: str, articles: pd.DataFrame | None = None) -> list[tuple]:
    table = check_lexicon(lexicon, document_terms(corpus(), lexicon=lexicon), articles)
    rows = table[table["finding"] == finding]
    return list(rows[["frame", "pattern", "term", "n"]].itertuples(index=False, name=None))


def test_a_wildcard_that_swallows_strangers_is_caught():
    # Sorted by hand: "dialogue", "threaten", "retaliatory" and "escalate" are kin of their cores,
    # although Snowball stems them apart.
    patterns = ["deter*", "dialog*", "threat*", "retaliat*", "escalat*"]
    lexicon = Lexicon.from_dict({"f": patterns}, language="english")
    assert findings(lexicon, "stranger") == [
        ("f", "deter*", "detergent", 1),
        ("f", "deter*", "deteriorate", 1),
        ("f", "deter*", "determined", 1),
    ]


def test_without_a_stemmer_strangers_are_not_looked_for_and_that_is_said():
    for language, said in [
        ("", "not looked for: add the language to _about, such as language: english"),
        ("klingon", "not looked for: Snowball has no stems of 'klingon'; it has arabic, danish,"),
    ]:
        lexicon = Lexicon.from_dict({"f": ["deter*"]}, language=language)
        table = check_lexicon(lexicon, document_terms(corpus(), lexicon=lexicon))
        [note] = table.loc[table["finding"] == "stranger", "note"]
        assert note.startswith(said)


def test_patterns_without_a_match_and_dominant_patterns():
    lexicon = Lexicon.from_dict({"f": ["talks", "dialogue", "parley", "-peace corps"], "g": ["a"]})
    assert findings(lexicon, "no match") == [("f", "parley", "", 0)]
    assert findings(lexicon, "dominant") == [("f", "talks", "", 3)]


def test_patterns_whose_matches_are_credited_to_others_are_no_dead_wood():
    lexicon = Lexicon.from_dict({"f": ["talk*", "talks", "peace talks", "parley"], "g": ["talk?"]})
    counts = document_terms(articles_of("Talks? No talks.", "Peace talks."), lexicon=lexicon)
    table = check_lexicon(lexicon, counts).set_index("pattern")
    assert table.loc["talk*", ["finding", "note"]].tolist() == [
        "overlapped", "credited to peace talks, talks",
    ]  # fmt: skip
    assert table.loc["parley", "finding"] == "no match"
    assert "overlapped" not in table.loc[["talk?"], "finding"].tolist()


def test_terms_of_two_frames_are_named_for_both_but_not_for_frames_under_others():
    frames = {"f": ["peace", "deter*"], "g": ["peac*"], "h": ["dialogue"], "h/i": ["dialogue"]}
    assert findings(Lexicon.from_dict(frames), "two frames") == [
        ("f", "peace", "peace", 3),
        ("g", "peac*", "peace", 3),
    ]


def test_negated_hits_are_counted():
    frames = {"f": ["dialogue*"], "g": ["parley"]}
    lexicon = Lexicon.from_dict(frames, negators=["no"], negation_window=1)
    assert findings(lexicon, "negated") == [("f", "", "", 1), ("g", "", "", 0)]


def test_neighbours_need_the_articles(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("analysis.measuring.frames.lexicon_check.COMMON", 0)
    lexicon = Lexicon.from_dict({"f": ["peace talks"]})
    assert findings(lexicon, "neighbour") == []
    # Four words in a row: "talks follow peace"; "Fresh peace talks"; sentence ends part the rest.
    assert findings(lexicon, "neighbour", corpus()) == [
        ("f", "peace talks", "follow", 2),
        ("f", "peace talks", "fresh", 1),
    ]


def test_counts_made_with_another_lexicon_are_refused():
    lexicon = Lexicon.from_dict({"f": ["talks"]})
    with pytest.raises(CountsError, match="without a lexicon"):
        check_lexicon(lexicon, document_terms(corpus()))
    with pytest.raises(CountsError, match="not GroupCounts"):
        check_lexicon(lexicon, group_counts(document_terms(corpus(), lexicon=lexicon), "outlet"))
    with pytest.raises(CountsError, match="unnamed"):
        check_lexicon(
            Lexicon.from_dict({"f": ["peace"]}), document_terms(corpus(), lexicon=lexicon)
        )


def test_strangers_stand_in_order_of_frames():
    lexicon = Lexicon.from_dict({"g": ["deter*"], "a": ["deter*"]}, language="english")
    assert [row[0] for row in findings(lexicon, "stranger")] == ["a"] * 3 + ["g"] * 3


def test_words_behind_an_elided_article_are_shown():
    articles = articles_of(
        "L\u2019accord tient. Pas d'accord, plus d'accords.", "Un accord; l'accord d'hier."
    )

    def elided(*patterns: str) -> list[tuple]:
        lexicon = Lexicon.from_dict({"paix": patterns, "autre": ["rien"]})
        table = check_lexicon(lexicon, document_terms(articles, lexicon=lexicon))
        rows = table[table["finding"] == "elided"]
        return list(rows[["frame", "pattern", "term", "n"]].itertuples(index=False, name=None))

    missed = [("paix", "accord*", "l'accord", 2), ("paix", "accord*", "d'accord", 1),
              ("paix", "accord*", "d'accords", 1)]  # fmt: skip
    assert elided("accord*") == missed
    assert elided("accord*", "-accord avec") == missed
    assert elided("accord*", "*'accord*") == []
    assert elided("accord*", "d'accord") == [missed[0], missed[2]]
    assert elided("accord de paix") == []


def test_the_method_is_deprecated_and_gives_the_same():
    lexicon = Lexicon.from_dict({"f": ["peace", "parley"]})
    counts = document_terms(corpus(), lexicon=lexicon)
    with pytest.warns(FutureWarning, match="check_lexicon"):
        table = lexicon.check(counts, corpus())
    pd.testing.assert_frame_equal(table, check_lexicon(lexicon, counts, corpus()))


def test_the_scope_is_repeated():
    lexicon = replace(Lexicon.from_dict({"risk": ["danger*"]}), domain="floods")
    row = check_lexicon(lexicon, document_terms(corpus(), lexicon=lexicon)).iloc[0]
    assert (row["finding"], row["note"]) == ("scope", "Domain: floods.")
