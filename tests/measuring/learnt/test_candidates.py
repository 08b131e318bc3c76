"""Candidates of invented articles, of which is known what goes with what."""

import numpy as np
import pandas as pd
import pytest
from nltk.collocations import BigramCollocationFinder, TrigramCollocationFinder
from nltk.metrics.association import BigramAssocMeasures, TrigramAssocMeasures

from analysis.articles import check_articles
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.learnt.candidates import candidates
from analysis.measuring.learnt.learn_scale import learn_scale
from analysis.measuring.learnt.phrases import find_phrases
from analysis.measuring.learnt.unlike_patterns import unlike_patterns
from analysis.tokens import tokenize

TALKS = ["treaty", "accords", "talks"]
LEXICON = Lexicon.from_dict({"war": ["bomb*", "raid"], "talk": TALKS})
WAR = ["bombs", "raid", "shells", "show of force", "Gotham"]
TALK = ["treaty", "accords", "talks", "envoys", "parley"]


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    """Two hundred articles; "shells" and "show of force" go with war, and so does a name."""
    rng = np.random.default_rng(4)
    filler = [f"word{n}" for n in range(30)]
    texts = []
    for n in range(200):
        lines = []
        for _ in range(3):
            side = TALK if n % 2 else WAR
            words = [*rng.choice(side, 3, replace=False), *rng.choice(filler, 4)]
            lines.append("So " + " ".join(rng.permutation(words)) + ".")
        texts.append(" ".join(lines))
    frame = pd.DataFrame({"text": texts, "doc_id": range(200), "outlet": "Gazette"})
    return check_articles(frame.assign(date="2021-03-14"))


def test_what_goes_with_a_frame_is_found(articles: pd.DataFrame):
    table = candidates(articles, LEXICON, "war").set_index("term")
    assert set(table.index) == {"shells", "force", "show", "show of force"}
    assert "gotham" in set(candidates(articles, LEXICON, "war", names=True)["term"])
    one = table.loc["show of force"]
    assert (one["words"], one["hits"]) == (3, articles["text"].str.count("show of force").sum())
    assert one["articles"] == articles["text"].str.contains("show of force").sum()
    assert one["adds"] == one["hits"]
    hits = articles["text"].str.count("bombs|raid").sum()
    assert one["adds_share"] == pytest.approx(one["hits"] / hits)
    new = articles["text"].str.contains("show of force") & ~articles["text"].str.contains(
        "bombs|raid"
    )
    assert one["adds_articles"] == new.sum()
    assert one["nearest"] in ("bomb*", "raid")
    assert all("show of force" in line for line in one["lines"])
    assert len(set(one["lines"])) == 3
    assert set(candidates(articles, LEXICON, "talk")["term"]) == {"envoys", "parley"}


def test_likelihood_is_that_of_nltk(articles: pd.DataFrame):
    sentences = [line for text in articles["text"] for line in text.split(".") if line]
    both = sum("parley" in s and ("treaty" in s or "accords" in s or "talks" in s)
               for s in sentences)  # fmt: skip
    has = sum("parley" in s for s in sentences)
    hit = sum(any(w in s for w in ("treaty", "accords", "talks")) for s in sentences)
    ratio = BigramAssocMeasures.likelihood_ratio(both, (has, hit), len(sentences))
    row = candidates(articles, LEXICON, "talk").set_index("term").loc["parley"]
    assert row["likelihood"] == pytest.approx(np.sqrt(ratio), rel=1e-6)


def test_patterns_unlike_their_frame_come_first(articles: pd.DataFrame):
    mixed = Lexicon.from_dict({"war": ["bomb*", "raid", "shells", "envoy*"], "talk": TALKS})
    table = unlike_patterns(articles, mixed)
    first = table.iloc[0]
    assert (first["pattern"], first["frame"], first["other_frame"]) == ("envoy*", "war", "talk")
    assert first["other"] > first["own"]
    rest = table.iloc[1:]
    assert (rest["own"] > rest["other"]).all()


def test_a_learnt_space_is_taken(articles: pd.DataFrame):
    learnt = learn_scale(articles, {"war": ["raid"], "talk": ["treaty"]}, weighting="equal")
    again = candidates(articles, LEXICON, "war", space=learnt.space)
    pd.testing.assert_frame_equal(again, candidates(articles, LEXICON, "war"))
    # A term's own direction again, from its sentences.
    place = learnt.space.terms.tolist().index("shells")
    stream = tokenize(articles["text"])
    assert "shells" in stream.terms
    assert np.linalg.norm(learnt.space.directions[place]) == pytest.approx(1)


def test_phrases_have_the_pmi_of_nltk():
    texts = ["red line drawn now", "a red line now", "use of force now", "the use of force", "of a"]
    stream = tokenize(texts * 4)
    words = [list(stream.terms[stream.ids[a:b]]) for a, b in
             zip(stream.bounds[:-1], stream.bounds[1:], strict=True)]  # fmt: skip
    found = find_phrases(stream, ~np.isin(stream.terms.astype(str), ["of", "a", "the"]), 5, -99)
    pmi = dict(zip(found.names, found.pmi, strict=True))
    two = dict(BigramCollocationFinder.from_documents(words).score_ngrams(BigramAssocMeasures.pmi))
    assert pmi["red line"] == pytest.approx(two["red", "line"])
    three = TrigramCollocationFinder.from_documents(words).score_ngrams(TrigramAssocMeasures.pmi)
    assert pmi["use of force"] == pytest.approx(dict(three)["use", "of", "force"])
    assert not {"of force", "a red", "use of"} & set(pmi)
    number = found.names.tolist().index("red line")
    at = found.first[found.number == number]
    assert len(at) == 8
    assert set(stream.terms[stream.ids[at]]) == {"red"}


@pytest.mark.parametrize(
    ("frame", "n", "error", "message"),
    [
        ("peace", 5, LexiconError, "has no frame 'peace'"),
        ("war", 0, CountsError, "n=0: it must be a whole number"),
        ("none", 5, LexiconError, "frame='none' has no hits in these articles"),
    ],
)
def test_what_has_no_candidates_is_refused(articles, frame: str, n: int, error, message: str):
    lexicon = Lexicon.from_dict({**LEXICON.frames, "none": ["zeppelin"]})
    with pytest.raises(error, match=message):
        candidates(articles, lexicon, frame, n)
