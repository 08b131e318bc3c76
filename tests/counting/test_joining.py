"""Counts of parts, joined, are the counts of the whole, whatever the parts."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analysis import DocumentTerms, Lexicon, TermRules, document_terms
from analysis.counting.joining import from_tables, join_counts, to_tables
from analysis.errors import CountsError

LEXICON = Lexicon.from_dict(
    {"dialogue": ["talk*", "peace talks"], "deterrence": ["threat*"]}, negators=["no", "without"]
)


@pytest.fixture(scope="module")
def corpus() -> pd.DataFrame:
    """Sixty invented articles; some without a word, some without a hit."""
    rng = np.random.default_rng(20210314)
    words = ["talks", "talk", "peace", "no", "without", "threat", "threats", "zinc", "éclair", "a"]
    texts = [" ".join(rng.choice(words, rng.integers(0, 9))) for _ in range(60)]
    frame = pd.DataFrame({"doc_id": [f"d{k}" for k in range(60)], "text": texts})
    frame["outlet"] = pd.Categorical(rng.choice(["Gazette", "Herald"], 60))
    return frame.assign(date=pd.Timestamp("2021-03-14"))


def assert_same(one: DocumentTerms, other: DocumentTerms) -> None:
    pd.testing.assert_frame_equal(one.documents, other.documents)
    pd.testing.assert_frame_equal(one.hit_types, other.hit_types)
    pd.testing.assert_index_equal(one.terms, other.terms)
    for a, b in ((one.counts, other.counts), (one.hits, other.hits)):
        for name in ("indptr", "indices", "data"):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    assert (one.rules, one.lexicon) == (other.rules, other.lexicon)


@pytest.mark.parametrize("cuts", [[], [1], [30], [1, 2, 3, 59], list(range(1, 60))])
def test_joined_parts_are_the_whole(corpus: pd.DataFrame, cuts: list[int]):
    whole = document_terms(corpus, lexicon=LEXICON)
    assert whole.hit_types["negated"].nunique() == 2
    parts = [
        document_terms(corpus.iloc[a:b].reset_index(drop=True), lexicon=LEXICON)
        for a, b in pairwise([0, *cuts, 60])
    ]
    assert_same(join_counts(parts), whole)


def test_tables_hold_all_that_counts_are(corpus: pd.DataFrame):
    for frame in (corpus, corpus.iloc[:1], corpus[corpus["text"] == ""].reset_index(drop=True)):
        counts = document_terms(frame, lexicon=LEXICON)
        assert_same(from_tables(to_tables(counts), counts.lexicon), counts)


def test_only_what_was_counted_alike_is_joined(corpus: pd.DataFrame):
    counts = [document_terms(corpus), document_terms(corpus, rules=TermRules(stem="english"))]
    with pytest.raises(CountsError, match="2 parts with 2 different rules"):
        join_counts(counts)
    with pytest.raises(CountsError, match="0 parts"):
        join_counts([])
