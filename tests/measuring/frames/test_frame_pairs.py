import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.counting.groups import group_counts
from analysis.errors import ArticlesError, CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.frame_pairs import frame_pairs
from analysis.measuring.intervals import t_quantile
from tests.measuring.hand_made import counts_ab

LEXICON = Lexicon.from_dict({"war": ["troops"], "law": ["court*"], "money": ["budget"]})
COLUMNS = ["frame_a", "frame_b", "n_both", "expected", "log_odds", "low", "high", "p", "q"]
PAIRS = [("war", "law"), ("war", "money"), ("law", "money")]


def articles(texts: list[str], **columns) -> pd.DataFrame:
    frame = pd.DataFrame({"text": texts, "doc_id": range(len(texts)), "outlet": "Gazette"})
    return check_articles(frame.assign(date="2021-03-14", **columns))


def random_texts(n: int) -> list[str]:
    rng = np.random.default_rng(1)
    words = ["troops", "court", "budget", "rain", "sun", "Rain. Sun"]
    return [" ".join(rng.choice(words, rng.integers(5, 60))) for _ in range(n)]


def test_a_table_of_articles_by_hand():
    # 12 have both, 8 the first alone, 5 the second alone, 25 neither: Gart's log odds ratio is
    # ln(12.5 * 25.5 / (8.5 * 5.5)) with variance 1/12.5 + 1/8.5 + 1/5.5 + 1/25.5.
    counts = counts_ab([1] * 20 + [0] * 30, [2] * 12 + [0] * 8 + [1] * 5 + [0] * 25)
    table = frame_pairs(counts, "by-hand", frames=["pressure", "parley"])
    assert table.columns.tolist() == COLUMNS
    row = table.iloc[0]
    assert (row["n_both"], row["expected"]) == (12, 20 * 17 / 50)
    log_odds = np.log(12.5 * 25.5 / (8.5 * 5.5))
    se = np.sqrt(1 / 12.5 + 1 / 8.5 + 1 / 5.5 + 1 / 25.5)
    assert row["log_odds"] == pytest.approx(log_odds)
    np.testing.assert_allclose(
        [row["low"], row["high"]], log_odds + np.array([-1, 1]) * 1.959964 * se
    )
    assert row["p"] == pytest.approx(2 * stats.norm.sf(log_odds / se))
    pd.testing.assert_frame_equal(
        table, frame_pairs(group_counts(counts, []), "by-hand", frames=["pressure", "parley"])
    )


def test_all_pairs_and_their_false_discoveries():
    counts = document_terms(articles(random_texts(80), half=["a", "b"] * 40), lexicon=LEXICON)
    table = frame_pairs(counts, LEXICON, "half")
    assert list(zip(table["half"], table["frame_a"], table["frame_b"], strict=True)) == [
        (half, *pair) for half in "ab" for pair in PAIRS
    ]  # fmt: skip
    np.testing.assert_allclose(table["q"], stats.false_discovery_control(table["p"]))
    alone = frame_pairs(counts.where(half="b"), LEXICON)
    pd.testing.assert_frame_equal(
        table[table["half"] == "b"].reset_index(drop=True)[COLUMNS[:-1]], alone[COLUMNS[:-1]]
    )


def test_sentences_are_places_and_articles_the_unit():
    texts = ["Troops in court. Rain. Troops.", "A court. A budget. Rain.", "Budget of troops. Sun.",
             "Court, troops. Sun."]  # fmt: skip
    table = frame_pairs(articles(texts), LEXICON)
    assert table["n_both"].tolist() == [2, 1, 0]
    # War is in 4, law in 3, money in 2 of 10 sentences.
    np.testing.assert_allclose(table["expected"], [1.2, 0.8, 0.6])

    def log_odds(keep):
        cells = np.array([[1, 2, 1, 3], [0, 0, 1, 3], [0, 1, 0, 2], [1, 1, 1, 2]])[keep].sum(axis=0)
        both, war, law, n = cells
        return np.log(
            (both + 0.5) * (n - war - law + both + 0.5) / ((war - both + 0.5) * (law - both + 0.5))
        )

    left = np.array([log_odds([e for e in range(4) if e != d]) for d in range(4)])
    e = left - left.mean()
    se = np.sqrt(3 / 4 * (e**2).sum())
    df = np.clip(2 / ((e**4).sum() / (e**2).sum() ** 2 - 1 / 4), 1, 3)
    assert table.loc[0, "log_odds"] == pytest.approx(log_odds([0, 1, 2, 3]))
    assert table.loc[0, "high"] == pytest.approx(log_odds([0, 1, 2, 3]) + t_quantile(df) * se)


def test_bad_input_is_refused():
    counts = counts_ab([1, 0], [0, 1])
    for options, error, message in (
        ({"frames": "pressure"}, LexiconError, "a pair needs two frames"),
        ({"at_least": 0}, CountsError, "at_least=0"),
        ({"level": 95}, CountsError, "level=95"),
        ({"by": "year"}, CountsError, "no column 'year'"),
    ):
        with pytest.raises(error, match=message):
            frame_pairs(counts, "by-hand", **options)
    with pytest.raises(ArticlesError, match="year"):
        frame_pairs(articles(["Troops."]).drop(columns="date"), LEXICON, "year")
