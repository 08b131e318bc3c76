import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.lexicons import globs
from analysis.lexicons.globs import encode, match_terms

# Letters of one, two, three and four bytes in UTF-8.
LETTERS = "abहक𝕏бé"
FEW = "aб𝕏"


def matched(terms: list[str], glob: str) -> list[bool]:
    return match_terms(encode(np.array(terms, object)), glob).tolist()


def by_regular_expression(terms: list[str], glob: str) -> list[bool]:
    pattern = re.escape(glob).replace(r"\*", ".*").replace(r"\?", ".")
    return [bool(re.fullmatch(pattern, term)) for term in terms]


@pytest.fixture(params=["compiled", "plain"])
def loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop as it runs, and as plain Python, which refuses to reach beyond an array."""
    if request.param == "plain":
        monkeypatch.setattr(globs, "_kernel", lambda: globs._match)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(LETTERS, max_size=6), min_size=1), st.text(LETTERS + "-*?", max_size=6))
def test_wildcards_match_what_a_regular_expression_matches(terms: list[str], glob: str):
    assert matched(terms, glob) == by_regular_expression(terms, glob)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(FEW, max_size=8), min_size=1), st.text(FEW + "**??", max_size=8))
def test_few_letters_and_many_wildcards(terms: list[str], glob: str):
    assert matched(terms, glob) == by_regular_expression(terms, glob)


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("talk*", ["talk", "talks"]),
        ("?alks", ["talks", "walks"]),
        ("*a*k*", ["talk", "talks", "walks", "dark"]),
        ("*", ["talk", "talks", "walks", "dark", "", "été"]),
        ("", [""]),
        ("talk", ["talk"]),
        ("talk?", ["talks"]),
        ("talk**", ["talk", "talks"]),
        ("?t?", ["été"]),
        ("??*", ["talk", "talks", "walks", "dark", "été"]),
        ("*t?", ["été"]),
        ("*?k", ["talk", "dark"]),
        ("???", ["été"]),
        ("?????", ["talks", "walks"]),
        ("talks*s", []),
        ("*é", ["été"]),
        ("*k*s", ["talks", "walks"]),
    ],
)
def test_known_answers(glob: str, expected: list[str]):
    terms = ["talk", "talks", "walks", "dark", "", "été"]
    assert [term for term, found in zip(terms, matched(terms, glob), strict=True) if found] == (
        expected
    )


@pytest.mark.usefixtures("loop")
def test_a_question_mark_is_one_character_of_any_width():
    terms = ["a", "é", "ह", "𝕏", "é𝕏", "𝕏हéa", "aa"]
    assert matched(terms, "?") == [True] * 4 + [False] * 3
    assert matched(terms, "*?") == [True] * 7
    two = [False] * 4 + [True, False, True]
    assert matched(terms, "??") == two
    assert matched(terms, "?*?") == [False] * 4 + [True] * 3


@pytest.mark.usefixtures("loop")
def test_the_last_star_takes_more_until_the_rest_fits():
    # What looks like the end at first, "aab", is not: the star has to go on byte by byte.
    terms = ["aabaab", "aabaabc", "xaaab", "ababab", "бабаб"]
    assert matched(terms, "*aab") == [True, False, True, False, False]
    assert matched(terms, "a*ab") == [True, False, False, True, False]
    assert matched(terms, "*аб") == [False] * 4 + [True]
    assert matched(terms, "*б?б") == [False] * 4 + [True]


def test_no_terms_are_no_matches():
    assert matched([], "a*") == []


def test_terms_are_laid_end_to_end_in_utf_8():
    data, bounds = encode(np.array(["aé", "", "𝕏"], object))
    assert bytes(data) == "aé𝕏".encode()
    assert bounds.tolist() == [0, 3, 3, 7]
