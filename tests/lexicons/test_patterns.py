import pytest

from analysis.lexicons.patterns import parse_patterns, text_rules
from analysis.tokens import TermRules


@pytest.mark.parametrize(
    ("source", "words", "gaps"),
    [
        ("Deter*", ("deter*",), (0,)),
        ("NATO's  allies", ("nato", "allies"), (0, 0)),
        ("don’t", ("don't",), (0,)),
        ("nuclear-armed state?", ("nuclear", "armed", "state?"), (0, 0, 0)),
        ("*-led troops", ("*-led", "troops"), (0, 0)),
        ("12:30", ("12", "30"), (0, 64)),
        ("n/a", ("n", "a"), (0, 8)),
        ("R&D", ("r", "d"), (0, 16)),
        ("workers' rights", ("workers", "rights"), (0, 0)),
        ("security * guarantee", ("security", "*", "guarantee"), (0, 0, 0)),
        ("nuclear\u2011armed", ("nuclear", "armed"), (0, 0)),
    ],
)
def test_patterns_are_cut_and_folded_like_text(source: str, words: tuple, gaps: tuple):
    [pattern] = parse_patterns([source])
    assert (pattern.words, pattern.gaps) == (words, gaps)


def test_patterns_follow_the_rules_of_the_text_but_stems_and_stop_words():
    [pattern] = parse_patterns(["The US"], TermRules(fold_case=False))
    assert pattern.words == ("The", "US")
    rules = TermRules(stem="english", stop_words=("the",), min_length=3, numbers=False, ngrams=2)
    assert text_rules(rules) == TermRules()


def test_the_more_specific_has_more_words_then_fewer_wildcards_then_more_letters():
    parsed = parse_patterns(["t*", "talks", "t?lk*", "peace talks*", "ta*", "talk?"])
    places = {pattern.source: pattern.specificity for pattern in parsed}
    # "t*" has one wildcard, as "ta*" and "talk?" have, and fewer letters than both.
    expected = ["peace talks*", "talks", "talk?", "ta*", "t*", "t?lk*"]
    assert sorted(places, key=places.__getitem__) == expected
