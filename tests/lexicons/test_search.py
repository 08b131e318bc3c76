import fnmatch
from itertools import pairwise, product

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.lexicons.search import SortedTerms

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


@settings(max_examples=100, deadline=None)
@given(st.sets(st.text(LETTERS, max_size=6)), st.text(LETTERS + "*?", max_size=6))
@example({"a", "ab", "bab", "bb", "é"}, "b*b")  # a range of the terms, and not from the first
def test_wildcards_match_what_their_definition_says(terms: set[str], glob: str):
    assert matched(terms, glob) == [term for term in sorted(terms) if fits(term, glob)]


@settings(max_examples=100, deadline=None)
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


@settings(max_examples=100, deadline=None)
@given(st.sets(st.text(FEW + "-", max_size=6)), st.lists(st.text(FEW + "-**?", max_size=5)))
@example({"a", "aa", "ab-a", "b"}, ["a*a", "", "*", "a", "a*", "z", "a*a", "?"])
def test_many_words_at_once_match_as_each_alone(terms: set[str], globs: list[str]):
    ordered = np.array(sorted(terms), dtype=object)
    places, bounds = SortedTerms(ordered).match_all(globs)
    found = [ordered[places[a:b]].tolist() for a, b in pairwise(bounds)]
    assert found == [[term for term in sorted(terms) if fits(term, glob)] for glob in globs]
