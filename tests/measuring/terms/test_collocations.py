from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.association import BigramAssocMeasures
from scipy import stats

from analysis.articles import check_articles
from analysis.errors import ArticlesError, CountsError
from analysis.measuring.terms.collocations import Association, collocations, near_terms
from analysis.measuring.terms.keyness import keyness


def table_of(*texts: str, outlets: str = "") -> pd.DataFrame:
    frame = pd.DataFrame({"text": texts, "outlet": list(outlets or "G" * len(texts))})
    return check_articles(frame.assign(doc_id=range(len(texts)), date="2021-03-14"))


def near(articles: pd.DataFrame, node: str | list[str], **options: object) -> dict[str, int]:
    table = collocations(articles, node, min_near=1, **options)
    return dict(zip(table["term"], table["n_near"], strict=True))


def test_windows_end_with_the_sentence():
    articles = table_of("Tanks rolled. Open dialogue helps all sides here. Troops stayed.")
    assert near(articles, "dialogue", window=2) == {"open": 1, "helps": 1, "all": 1}
    assert near(articles, "dialogue", window=9) == {
        "open": 1, "helps": 1, "all": 1, "sides": 1, "here": 1,
    }  # fmt: skip


def test_windows_end_with_the_article():
    assert near(table_of("open dialogue", "tanks rolled"), "dialogue") == {"open": 1}


def test_a_token_between_two_nodes_counts_once_and_the_nodes_do_not():
    articles = table_of("dialogue needs dialogue and dialogues need time")
    found = near(articles, "dialog*", window=2)
    assert found == {"needs": 1, "and": 1, "need": 1, "time": 1}


def test_a_phrase_is_one_node_and_its_words_are_not_near_it():
    articles = table_of("they began peace talks at once, and peace held")
    found = near(articles, ["peace talks"], window=2)
    assert found == {"they": 1, "began": 1, "at": 1, "once": 1}
    whole = collocations(articles, ["peace talks"], window=6, min_near=1).set_index("term")
    assert whole.loc["peace", ["n_near", "n_term", "n_node"]].tolist() == [1, 1, 1]


TEXTS = [
    "Open dialogue helps. Open talks help. The gates open at nine.",
    "An open dialogue, they said. The dialogue went on; an open question stayed.",
    "Troops went north. The open field lay still. No dialogue was open to them.",
]


NLTK_MEASURES = {
    "chi2": "chi_sq", "phi2": "phi_sq", "pmi": "pmi", "mi_like": "mi_like", "t": "student_t",
    "dice": "dice", "jaccard": "jaccard", "poisson_stirling": "poisson_stirling",
}  # fmt: skip


def test_measures_are_nltks_on_the_contingency_of_near_and_elsewhere():
    measures = list(NLTK_MEASURES)
    table = collocations(table_of(*TEXTS), "dialogue", window=2, min_near=1, measures=measures)
    row = table.set_index("term").loc["open"]
    # By hand: of 38 tokens 4 are nodes; 12 of the others are near (open helps; an open they said;
    # the went on; no was open), 3 of them "open", which stands 7 times in all.
    near_tokens, tokens, term = 12, 38 - 4, 7
    assert row[["n_near", "n_term", "n_node", "docs_near"]].tolist() == [3, term, 4, 3]
    assert row["expected"] == pytest.approx(near_tokens * term / tokens)
    for ours, theirs in NLTK_MEASURES.items():
        expected = getattr(BigramAssocMeasures, theirs)(3, (near_tokens, term), tokens)
        assert row[ours] == pytest.approx(expected, rel=1e-12)
    # The log-likelihood from SciPy, another implementation.
    cells = [[3, term - 3], [near_tokens - 3, tokens - near_tokens - term + 3]]
    g2 = stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood")[0]
    assert row["log_likelihood"] == pytest.approx(g2, rel=1e-6)
    assert row["log_dice"] == pytest.approx(14 + np.log2(2 * 3 / (4 + term)))


def test_terms_that_keep_away_have_a_negative_log_likelihood():
    table = collocations(table_of(*TEXTS), "dialogue", window=2, min_near=1).set_index("term")
    assert table.loc["the", "n_near"] < table.loc["the", "expected"]
    assert table.loc["the", "log_likelihood"] < 0


def test_columns_groups_and_order():
    articles = table_of(*TEXTS, outlets="GGH")
    table = collocations(articles, "dialogue", "outlet", min_near=1, measures=["pmi"])
    assert list(table) == [
        "outlet", "term", "n_near", "n_term", "n_node", "docs_near", "expected",
        "log_likelihood", "log_dice", "note", "pmi",
    ]  # fmt: skip
    for _, part in table.groupby("outlet", observed=True):
        assert part["log_likelihood"].is_monotonic_decreasing
    alone = collocations(articles[articles["outlet"] == "G"], "dialogue", min_near=1)
    grouped = table[table["outlet"] == "G"].drop(columns=["outlet", "pmi"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(grouped, alone)
    assert set(table.loc[table["docs_near"] == 1, "note"]) == {"one article has all of it"}


def test_stop_words_are_left_out_of_the_table_but_not_of_the_windows():
    articles = table_of(*TEXTS)
    every = collocations(articles, "dialogue", min_near=1)
    fewer = collocations(articles, "dialogue", min_near=1, stop_words=["the", "an"])
    expected = every[~every["term"].isin(["the", "an"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(fewer, expected)


def test_near_terms_feed_keyness():
    rng = np.random.default_rng(0)
    fillers = ["gate", "field", "road", "hill", "stone"]

    def text(outlet: str) -> str:
        company = "open" if outlet == "G" or rng.random() < 0.1 else "empty"
        far = " ".join(rng.choice(fillers, 8))
        return f"The {company} dialogue of the {rng.choice(fillers)}. Then {far} open open."

    outlets = "G" * 40 + "H" * 40
    articles = table_of(*(text(outlet) for outlet in outlets), outlets=outlets)
    with pytest.warns(FutureWarning, match=r"document_terms\(articles, lexicon=\.\.\., targets="):
        near = near_terms(articles, "dialogue", window=3)
    table = keyness(near, {"outlet": "G"}).set_index("term")
    assert table.loc["open", "q"] < 0.001
    assert table.loc["open", "n_target"] == 40  # those of the sentence after do not count
    assert table.loc["empty", "t"] < -3
    assert (table.drop(["open", "empty"])["q"] > 0.05).all()


def test_bad_questions_are_answered(articles: pd.DataFrame):
    with pytest.raises(CountsError, match="node='dialogs' does not occur in 6 articles"):
        collocations(articles, "dialogs")
    with pytest.raises(CountsError, match="window=0"):
        collocations(articles, "dialogue", window=0)
    with pytest.raises(CountsError, match="measures="):
        collocations(articles, "dialogue", measures=["mutual"])
    with pytest.raises(ArticlesError, match=r"lacks the column\(s\) text"):
        collocations(articles.drop(columns="text"), "dialogue")


words = st.sampled_from(["dialogue", "open", "peace", "troops", "talks"])
texts_of_sentences = st.lists(
    st.tuples(
        st.lists(st.lists(words, min_size=1, max_size=7), min_size=1, max_size=4),
        st.sampled_from("GH"),
    ),
    min_size=1,
    max_size=5,
)


def written(corpus) -> pd.DataFrame:
    texts = [
        " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)
        for sentences, _ in corpus
    ]
    return table_of(*texts, outlets="".join(outlet for _, outlet in corpus))


def plainly(corpus, window: int) -> dict[str, dict[str, int]]:
    """Tokens near "dialogue" per outlet, sentence by sentence and word by word."""
    found: dict[str, dict[str, int]] = {}
    for sentences, outlet in corpus:
        for sentence in sentences:
            nodes = [place for place, word in enumerate(sentence) if word == "dialogue"]
            for place, word in enumerate(sentence):
                if word != "dialogue" and any(abs(place - node) <= window for node in nodes):
                    part = found.setdefault(outlet, {})
                    part[word] = part.get(word, 0) + 1
    return found


@given(texts_of_sentences, st.integers(1, 6), st.randoms())
def test_what_is_near_is_what_a_plain_loop_finds(corpus, window, random):
    expected = plainly(corpus, window)
    if not expected:
        return
    articles = written(corpus)
    options = {"min_near": 1, "window": window}
    table = collocations(articles, "dialogue", "outlet", **options)
    for outlet, near_it in expected.items():
        part = table[table["outlet"] == outlet]
        assert dict(zip(part["term"], part["n_near"], strict=True)) == near_it
    # Neither the order of articles nor what one of the groups is called matters.
    order = list(range(len(articles)))
    random.shuffle(order)
    shuffled = collocations(articles.iloc[order], "dialogue", "outlet", **options)
    assert shuffled.to_csv(index=False) == table.to_csv(index=False)
    # Groups add up, and a wider window takes nothing away.
    whole = collocations(articles, "dialogue", **options).set_index("term").sort_index()
    sums = table.groupby("term")[["n_near", "docs_near"]].sum()
    pd.testing.assert_frame_equal(whole[["n_near", "docs_near"]], sums)
    wider = collocations(articles, "dialogue", window=window + 1, min_near=1).set_index("term")
    assert (wider["n_near"].reindex(whole.index) >= whole["n_near"]).all()
    assert (whole["n_near"] <= whole["n_term"]).all()
    assert (whole["log_dice"] <= 15).all()  # 2 n / (n + n), were the two words always together


def test_a_number_or_a_list_that_can_not_be_is_refused(articles: pd.DataFrame):
    for window in (0, -1, 2.5):
        with pytest.raises(CountsError, match=f"window={window}: it must be a whole number"):
            collocations(articles, "dialogue", window=window)
    with pytest.raises(CountsError, match="measures='pmi': give a list"):
        collocations(articles, "dialogue", measures="pmi")


def test_notes_say_how_many_articles_are_behind_it():
    texts = ["open dialogue"] * 5 + ["peace dialogue"] * 4 + ["dialogue troops"]
    table = collocations(table_of(*texts), "dialogue", min_near=1).set_index("term")
    assert table["note"].to_dict() == {
        "open": "", "peace": "fewer than 5 articles have it", "troops": "one article has all of it"
    }  # fmt: skip
    assert collocations(table_of(*texts), "dialogue")["term"].tolist() == ["open", "peace"]
    assert collocations(table_of(*texts), "dialogue", min_near=5)["term"].tolist() == ["open"]


@pytest.mark.parametrize("measure", get_args(Association))
def test_a_measure_that_would_divide_by_nought_is_missing(measure: str):
    # Case C29: every token of the group is near the node.
    frame = pd.DataFrame({"doc_id": [1, 2], "outlet": "Gull", "date": "2021-03-14",
                          "text": ["Peace talks fail", "Peace talks resume"]})  # fmt: skip
    table = collocations(check_articles(frame), "talks", min_near=1, measures=[measure])
    assert sorted(table["term"]) == ["fail", "peace", "resume"]
    if measure in ("chi2", "phi2"):
        assert table[measure].isna().all()


def test_a_node_with_nothing_near_it_gives_an_empty_table():
    frame = table_of("talks", "talks talks")
    assert collocations(frame, "talks", min_near=1).empty
    assert collocations(table_of("peace talks"), "talks", min_near=9).empty
