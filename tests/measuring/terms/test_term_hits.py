import pandas as pd
import pytest

from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.stance import stance
from analysis.measuring.terms.term_hits import hits_from_terms
from analysis.tokens import TermRules

PLAIN = Lexicon.from_dict(
    {"pressure": ["sanction*", "sanctions", "threat?", "troops"], "parley": ["talks", "dialog*"]}
)


def test_single_words_are_counted_from_terms_as_they_are_in_the_text(articles: pd.DataFrame):
    direct = document_terms(articles, lexicon=PLAIN)
    later = hits_from_terms(document_terms(articles), PLAIN)
    pd.testing.assert_frame_equal(
        stance(later, PLAIN, ("pressure", "parley"), "outlet"),
        stance(direct, PLAIN, ("pressure", "parley"), "outlet"),
    )
    # "sanctions" is the more specific of two patterns that match it.
    types = later.hit_types.set_index("match")["pattern"]
    assert types["sanctions"] == "sanctions"
    pairs = [set(map(tuple, c.hit_types.to_numpy().tolist())) for c in (direct, later)]
    assert pairs[0] == pairs[1]


def test_stance_takes_counts_made_without_the_lexicon(articles: pd.DataFrame):
    table = stance(document_terms(articles), PLAIN, ("pressure", "parley"))
    # Two sanctions, troops; one "threat" has no letter for the "?"; dialogue twice, talks 1 + 3.
    assert table[["n_pressure", "n_parley"]].iloc[0].tolist() == [3, 6]


@pytest.mark.parametrize(
    ("lexicon", "rules", "why"),
    [
        (Lexicon.from_dict({"a": ["peace talks"]}), TermRules(), "phrase 'peace talks' of 'a'"),
        (Lexicon.from_dict({"a": ["talks", "-x talks"]}), TermRules(), "exclusion '-x talks'"),
        (Lexicon.from_dict({"a": ["b"]}, negators=["no"]), TermRules(), "has negators"),
        (PLAIN, TermRules(stem="english"), "stemmed, joined or partly left out"),
        (PLAIN, TermRules(min_length=3), "stemmed, joined or partly left out"),
    ],
)
def test_what_needs_the_texts_is_refused(articles: pd.DataFrame, lexicon, rules, why):
    with pytest.raises(CountsError, match=f"{why}.* Count the articles again"):
        hits_from_terms(document_terms(articles, rules=rules), lexicon)


@pytest.mark.parametrize("term", ["Risk", "risk talks", "risk’s", "na\u0308ive", "ri\u00adsk"])
def test_terms_that_others_made_are_not_passed_over(term: str):
    documents = pd.DataFrame({"doc_id": ["a"], "n_tokens": [2]})
    counts = DocumentTerms(documents, pd.Index([term]), [[2]])
    with pytest.raises(CountsError, match=r"their term '.*' is not one word in small letters"):
        hits_from_terms(counts, Lexicon.from_dict({"risk": ["risk*"]}))
