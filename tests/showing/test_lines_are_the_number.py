"""Every number opens to as many lines as it counts, whatever the rules, or says why not."""

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.frames.prevalence import prevalence
from analysis.measuring.frames.stance import stance
from analysis.measuring.terms.collocations import collocations
from analysis.measuring.terms.dispersion import dispersion
from analysis.measuring.terms.frequencies import term_frequencies
from analysis.measuring.terms.keyness import keyness
from analysis.measuring.terms.tfidf import tfidf
from analysis.showing.evidence import evidence
from analysis.showing.kwic import kwic
from analysis.tokens import TermRules

TEXTS = [
    "A nuclear-armed state met a nuclear armed neighbour. Nuclear armed guards stood by.",
    "Peace, talks. Peace talks; the U.S.-led talks! bla bla bla.",
    "He talked; we talk: talking of the envoy's talks - Envoy’s and all the 9/11 talks.",
    "No talks\n\ntoday, and TALKS tomorrow. 12 boats, 12 nets",
]
RULES = [
    TermRules(),
    TermRules(ngrams=2),
    TermRules(ngrams=3, stop_words=("the", "a")),
    TermRules(stem="english"),
    TermRules(stem="english", ngrams=2, numbers=False),
    TermRules(fold_case=False),
    TermRules(possessives=False, min_length=3),
]


def articles(texts: list[str] = TEXTS) -> pd.DataFrame:
    rows = {"doc_id": range(len(texts)), "outlet": ["Gull", "Tern"] * (len(texts) // 2)}
    return check_articles(pd.DataFrame(rows | {"date": "2021-03-14", "text": texts}))


@pytest.mark.parametrize("rules", RULES, ids=str)
def test_a_term_has_a_line_for_each_of_its_hits(rules: TermRules):
    counts = document_terms(articles(), rules=rules)
    tables = [
        term_frequencies(counts, "outlet"),
        tfidf(counts, "outlet"),
        dispersion(counts, []),
        keyness(counts, {"outlet": "Gull"}, min_articles=1),
        keyness(counts, each="outlet", min_articles=1),
    ]
    for table in tables:
        n = table["n"] if "n" in table else table["n_target"] + table["n_reference"]
        # Every fifth row will do, and those of more than one word.
        chosen = table["term"].str.contains(" ") | (np.arange(len(table)) % 5 == 0)
        for place in np.flatnonzero(chosen):
            lines = evidence(table.iloc[place], articles(), n=None, rules=rules)
            assert len(lines) == n.iloc[place], table["term"].iloc[place]


def test_the_lines_of_a_term_are_its_own():
    texts = [TEXTS[0], TEXTS[0]]
    table = term_frequencies(document_terms(articles(texts)), [], terms="nuclear-armed")
    assert table["n"].tolist() == [2]
    lines = evidence(table.iloc[0], articles(texts), n=None)
    assert lines["keyword"].tolist() == ["nuclear-armed"] * 2


def test_rules_that_the_counts_were_not_made_with_are_an_error():
    counts = document_terms(articles(), rules=TermRules(stem="english"))
    row = term_frequencies(counts, [], terms="talk").iloc[0]
    with pytest.raises(CountsError, match=r"counts 10 hits, and these articles have 1.*rules="):
        evidence(row, articles())


def test_other_articles_than_those_counted_are_an_error_unless_asked_for():
    row = term_frequencies(document_terms(articles()), [], terms="talks").iloc[0]
    with pytest.raises(CountsError, match="these articles have"):
        evidence(row, articles().iloc[:2])
    assert set(evidence(row, articles(), where={"outlet": "Tern"})["outlet"]) == {"Tern"}


NAMES = ["target", "docs", "reference", "n", "a.b", "economy/growth", "pro-trade", "anti_trade"]


@pytest.mark.parametrize("pair", list(itertools.pairwise([*NAMES, NAMES[0]])))
def test_the_frames_of_a_score_are_opened_whatever_they_are_called(pair: tuple[str, str]):
    frames = {"risk": ["danger"], "chance": ["gain"], pair[0]: ["export*"], pair[1]: ["tariff*"]}
    lexicon = Lexicon.from_dict(frames, contrasts=[("risk", "chance"), pair])
    table = articles(["Exports rose. Danger ahead. A gain.", "Tariff war. Danger."])
    counts = document_terms(table, lexicon=lexicon)
    for by in ([], "outlet"):
        for _, row in stance(counts, lexicon, pair, by=by).iterrows():
            lines = evidence(row, table, lexicon, n=None)
            assert len(lines) == row[f"n_{pair[0]}"] + row[f"n_{pair[1]}"]
            assert set(lines["frame"]) <= set(pair)
    row = compare_groups(counts, lexicon, pair).iloc[0]
    with pytest.raises(CountsError, match="which contrast"):
        evidence(row, table, lexicon)
    assert len(evidence(row, table, lexicon.subset(pair), n=None)) == 2


@pytest.mark.parametrize("negated", ["apart", "flip", "keep"])
def test_hits_after_a_negator_are_among_the_lines_where_the_score_counts_them(negated):
    lexicon = Lexicon.from_dict({"war": ["war"], "peace": ["peace"]}, negators=["no"])
    table = articles(["War. No peace, no war.", "Peace. No war. Peace."])
    counts = document_terms(table, lexicon=lexicon)
    row = stance(counts, lexicon, negated=negated).iloc[0]
    # War and peace 1 and 2 times, and after "no" 2 times and once.
    expected = 3 if negated == "apart" else 6
    assert row["n_war"] + row["n_peace"] == expected
    assert len(evidence(row, table, lexicon, n=None)) == expected


def test_a_collocation_does_not_name_its_node():
    table = collocations(articles(), "peace", min_near=1)
    with pytest.raises(CountsError, match=r"kwic\(articles, node\)"):
        evidence(table.iloc[0], articles())


@pytest.mark.parametrize("space", [" ", "\n", "\t \n", "\u00a0", "\u3000"])
@pytest.mark.parametrize("far", [1, 24, 50, 500])
def test_words_are_whole_and_found_across_any_gap(space: str, far: int):
    long = "Hafenarbeitergewerkschaftsvorsitzendenstellvertreter"
    text = f"first {long}{space * far}talks{space * far}{long} last"
    lines = kwic(articles([text, "-"]), "talks", window=1)
    assert lines[["left", "right"]].to_numpy().tolist() == [[long, long]]
    lines = kwic(articles([text, "-"]), "talks", window=2)
    assert lines[["left", "right"]].to_numpy().tolist() == [[f"first {long}", f"{long} last"]]


@pytest.mark.parametrize("places", [[0, 12.5, 40], [0, 12, 40], ["0:00", "0:12", "0:40"]])
def test_a_start_and_end_of_the_users_own_are_no_places_in_the_text(places: list):
    rows = {"doc_id": ["s1", "s1"], "voice": ["host", "guest"], "outlet": "Gull",
            "date": pd.Timestamp("2021-03-14"), "start": places[:2], "end": places[1:],
            "text": ["Welcome to the talks", "More on the talks tonight"]}  # fmt: skip
    assert kwic(pd.DataFrame(rows), "talks")["keyword"].tolist() == ["talks", "talks"]


def test_a_row_of_one_frame_opens_to_its_lines():
    lexicon = Lexicon.from_dict(
        {"talk": {"peace": ["peace talk*"], "all": ["talk*"]}, "arms": ["nuclear armed"]},
        negators=["no"],
    )
    counts = document_terms(articles(), lexicon=lexicon)
    for frames in (None, 1):
        for _, row in prevalence(counts, lexicon, "outlet", frames).iterrows():
            lines = evidence(row, articles(), lexicon, n=None)
            assert len(lines) == row["n"]
            assert lines["frame"].eq(row["frame"]).all()
            with pytest.warns(UserWarning, match="counts hold no texts"):
                assert evidence(row, counts, lexicon)["n"].sum() == row["n"]
    flat = lexicon.subset(["talk/peace", "talk/all", "arms"])
    summed = prevalence(document_terms(articles(), lexicon=flat), flat, frames=1).iloc[0]
    assert len(evidence(summed, articles(), flat, n=None)) == summed["n"]
    compared = compare_groups(counts, lexicon, frames="talk/all")
    both = prevalence(counts, lexicon, frames="talk/all")
    lines = evidence(compared.iloc[0], articles(), lexicon, n=None)
    assert len(lines) == both["n"].item()


@pytest.mark.parametrize("column", ["left_out", "n_other", "n_near", "n_target", "measure"])
def test_a_group_column_called_like_a_result_changes_no_lines(column: str):
    table = articles().rename(columns={"outlet": column}).assign(outlet="Auk")
    counts = document_terms(table)
    row = term_frequencies(counts, column, terms=["talks"]).iloc[0]
    lines = evidence(row, table, n=None)
    # "Peace, talks. Peace talks; the U.S.-led talks!" is Tern's; the envoy's and 9/11 talks Gull's.
    assert (row[column], row["n"], len(lines)) == ("Gull", 2, 2)


def test_a_comparison_with_the_rest_opens_the_group():
    lexicon = Lexicon.from_dict({"peace": ["peace"], "talks": ["talks"]})
    table = compare_groups(document_terms(articles(), lexicon=lexicon), lexicon, against="rest")
    lines = evidence(table.iloc[1], articles(), lexicon, n=None)
    assert set(lines["outlet"]) == {"Tern"}
    assert len(lines) == 7
