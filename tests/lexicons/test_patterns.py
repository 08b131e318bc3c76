import fnmatch
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.lexicons.patterns import SortedTerms, parse_patterns, text_rules
from analysis.tokens import TermRules

# Letters of one to four bytes in UTF-8, and every sign that LIKE, a regular expression or a file
# name pattern would take for more than itself.
LETTERS = "abéह𝕏б-'" + r"%_\[]^$.()|+{}"
FEW = "aб𝕏"


def matched(terms: set[str], glob: str) -> list[str]:
    ordered = np.array(sorted(terms), dtype=object)
    return ordered[SortedTerms(ordered).match(glob)].tolist()


def fits(term: str, glob: str) -> bool:
    """The definition: ``*`` is any characters, none included, ``?`` one, all else itself."""
    if not glob:
        return not term
    if glob[0] == "*":
        return fits(term, glob[1:]) or (term != "" and fits(term[1:], glob))
    return term != "" and glob[0] in ("?", term[0]) and fits(term[1:], glob[1:])


@settings(max_examples=300, deadline=None)
@given(st.sets(st.text(LETTERS, max_size=6)), st.text(LETTERS + "*?", max_size=6))
@example({"a", "ab", "bab", "bb", "é"}, "b*b")  # a range of the terms, and not from the first
def test_wildcards_match_what_their_definition_says(terms: set[str], glob: str):
    assert matched(terms, glob) == [term for term in sorted(terms) if fits(term, glob)]


@settings(max_examples=200, deadline=None)
@given(st.sets(st.text(FEW, max_size=8)), st.text(FEW + "**??", max_size=8))
@example({"aabaab", "aabaabc", "xaaab", "ababab"}, "*aab")
def test_few_letters_and_many_wildcards(terms: set[str], glob: str):
    assert matched(terms, glob) == [term for term in sorted(terms) if fits(term, glob)]


def test_wildcards_match_as_file_name_patterns_do_on_many_terms():
    # fnmatch of the standard library knows the same two wildcards.
    pieces = ["de", "ter", "ré", "ed", "ion", "s", "б", "-"]
    terms = {"".join(some) for n in range(6) for some in product(pieces, repeat=n)}
    for glob in ["deter*", "*ion", "?er*", "*é*б", "de*?s", "**ed", "?", "??-*"]:
        assert matched(terms, glob) == sorted(fnmatch.filter(terms, glob)), glob


def test_no_pattern_is_slow():
    terms = {"a" * 60, "a" * 60 + "b"}
    assert matched(terms, "*a" * 20 + "*b") == ["a" * 60 + "b"]


@pytest.mark.parametrize(
    ("source", "words", "gaps"),
    [
        ("Deter*", ("deter*",), (0,)),
        ("NATO's  allies", ("nato", "allies"), (0, 0)),
        ("don’t", ("don't",), (0,)),
        ("nuclear-armed state?", ("nuclear", "armed", "state?"), (0, 0, 0)),
        ("*-led troops", ("*-led", "troops"), (0, 0)),
        ("12:30", ("12", "30"), (0, 1)),
        ("n/a", ("n", "a"), (0, 1)),
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
