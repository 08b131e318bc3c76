from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.pattern_drops import Drops, TextDrops, smallest_set

LEXICON = Lexicon.from_dict({"pressure": ["threat*", "sanction*"], "parley": ["talks", "summit"]})
weights = st.lists(st.integers(1, 9), min_size=1, max_size=6)


def search(values: list[int], level: float, trials: int = 20_000) -> tuple[list[int], bool]:
    """Which of some patterns of these values bring a score below 0 that begins at a level."""
    candidates = [("f", str(place)) for place in range(len(values))]

    def score(chosen) -> float:
        return level - sum(values[int(pattern)] for _, pattern in chosen)

    found, exact = smallest_set(candidates, score, trials=trials)
    return [values[int(pattern)] for _, pattern in found], exact


@given(weights, st.integers(1, 40))
def test_no_smaller_set_would_do(values: list[int], level: int):
    found, exact = search(values, level)
    enough = [
        size
        for size in range(1, len(values) + 1)
        if any(sum(chosen) >= level for chosen in combinations(values, size))
    ]
    assert exact
    assert len(found) == (enough[0] if enough else 0)
    assert sum(found) >= level or not enough


@given(weights, st.integers(1, 40), st.integers(0, 25))
def test_beyond_the_trials_it_says_that_smaller_sets_were_not_ruled_out(values, level, trials):
    found, exact = search(values, level, trials)
    tried = len(found) or len(values)
    assert exact == all(comb(len(values), size) <= trials for size in range(1, tried + 1))
    # For a plain sum the greedy search is as good.
    assert sum(found) >= level or sum(values) < level


def test_a_score_that_is_never_known_is_never_turned():
    candidates = [("f", "a"), ("f", "b")]
    assert smallest_set(candidates, lambda _: np.nan) == ((), True)
    assert smallest_set(candidates, lambda _: np.nan, trials=1) == ((), False)
    assert smallest_set([], lambda _: -1.0) == ((), True)


@pytest.fixture
def articles() -> pd.DataFrame:
    texts = ["A threat, threats and sanctions.", "Talks at the summit.", "Sanctions; talks."]
    frame = pd.DataFrame({"doc_id": ["d2", "d3", "d4"], "outlet": "Gazette", "text": texts})
    return check_articles(frame.assign(date="2021-03-14"))


def test_dropping_nothing_leaves_all_and_dropping_all_leaves_nothing(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    drops, texts = Drops(counts, LEXICON), TextDrops.of(counts, LEXICON, articles)
    every = [(frame, pattern) for frame, names in LEXICON.frames.items() for pattern in names]
    for ways in (drops, texts):
        left = ways.without([])
        assert left.hits.sum() == counts.hits.sum() == 7
        assert ways.without(every).hits.sum() == 0
        assert ways.without([("parley", "talks")]).hits.sum() == 5
    assert set(drops.matches) == set(every)


def test_other_articles_than_those_counted_are_refused(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    again = articles.iloc[[2, 0, 1]]
    assert TextDrops.of(counts, LEXICON, again).without([]).hits.sum() == 7
    longer = pd.concat([articles.iloc[:1].assign(doc_id="d9"), articles], ignore_index=True)
    assert TextDrops.of(counts, LEXICON, longer).without([]).hits.sum() == 7
    for other in ("d1", "d9"):
        wrong = articles.assign(doc_id=[other, "d3", "d4"])
        with pytest.raises(CountsError, match="not the 3 documents that were counted"):
            TextDrops.of(counts, LEXICON, wrong)
