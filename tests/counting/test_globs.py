import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counting.globs import encode, match_terms

# Letters of one, two, three and four bytes in UTF-8.
letters = st.text("aбह𝕏-", max_size=6)


def matched(terms: list[str], glob: str) -> list[bool]:
    return match_terms(encode(np.array(terms, object)), glob).tolist()


@settings(max_examples=200, deadline=None)
@given(st.lists(letters, min_size=1, max_size=8), st.text("aбह𝕏-*?", max_size=6))
def test_wildcards_match_what_a_regular_expression_matches(terms: list[str], glob: str):
    pattern = re.escape(glob).replace(r"\*", ".*").replace(r"\?", ".")
    assert matched(terms, glob) == [bool(re.fullmatch(pattern, term)) for term in terms]


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("talk*", ["talk", "talks"]),
        ("?alks", ["talks", "walks"]),
        ("*a*k*", ["talk", "talks", "walks", "dark"]),
        ("*", ["talk", "talks", "walks", "dark", "", "été"]),
        ("", [""]),
        ("?t?", ["été"]),
        ("??*", ["talk", "talks", "walks", "dark", "été"]),
        ("talks*s", []),
    ],
)
def test_known_answers(glob: str, expected: list[str]):
    terms = ["talk", "talks", "walks", "dark", "", "été"]
    assert [term for term, found in zip(terms, matched(terms, glob), strict=True) if found] == (
        expected
    )


def test_no_terms_are_no_matches():
    assert matched([], "a*") == []
