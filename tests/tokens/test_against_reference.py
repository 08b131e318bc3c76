"""The kernel gives what a slow reference in plain Python gives, on any Unicode text."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.tokens import TermRules, count_and_tokenize, count_tokens, tokenize
from tests.tokens import reference

# Characters that meet each other in the rules: ASCII of both cases, digits, letters that fold in
# odd ways, NFD marks, Cyrillic, Greek, Hebrew with points, Arabic, Devanagari, Han, astral
# letters, joiners, invisible characters, sentence marks, white space, NUL, symbols, surrogates.
PIECES = [
    *"aSsz09.!?,;:'\"()[]-_ \n\t\x00\x1c\r", *"éßİıǰﬁΣςΌйЁ", "e\u0301", "I\u0307", "\u0301",
    *"\u2019\u02bc\u2018\u201c\u201d\u2010\u2011\u2013\u2014\u2026",
    *"`\u00b4\uff07\u02bb\ua78c/&:+#\uff0f",
    *"\u00ad\u200b\u200d\ufeff\ufe0f",
    "对话", "あ゙", "ไทย", "ၻ",
    *"½²Ⅷ٣", "ש\u05c1", "ك", "क\u094d", "।", "中", "。", "\u3000", *"𝐀𐐀𝟗", "😀", "\U000e0041",
    "\ud800", "\udfff", "\u2028", "\x85", "Gen", "U", "st", "international", "deterrence's",
    "They", "the", "s' ", ".-", "It’s", ". ", "Kyiv’s", "O’NEILL’S", "WEAPONISATION", "abcdefgh",
    "abcdefghi",
    "12345678",
]  # fmt: skip
TEXT = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(st.characters(codec=None, exclude_categories=()), max_size=60),
)
TEXTS = st.lists(TEXT, max_size=5)


def flat(lists: list[list]) -> list:
    return [item for items in lists for item in items]


@settings(max_examples=150)
@given(TEXTS)
@example(["对话‐a", "a'对话", "对话--a", "對話-x-光"])
def test_stream(texts: list[str]):
    stream = tokenize(texts, offsets=True)
    spans = [reference.spans(text) for text in texts]
    assert stream.terms[stream.ids].tolist() == flat([reference.terms(text) for text in texts])
    assert list(zip(stream.starts, stream.ends, strict=True)) == flat(spans)
    assert stream.gaps.tolist() == flat([reference.gaps(text) for text in texts])
    assert np.diff(stream.bounds).tolist() == [len(found) for found in spans]
    assert stream.terms.tolist() == sorted(set(flat([reference.terms(text) for text in texts])))


@settings(max_examples=150)
@given(TEXTS, st.booleans(), st.booleans())
def test_counts(texts: list[str], case: bool, possessives: bool):
    terms, counts = count_tokens(texts, TermRules(fold_case=case, possessives=possessives))
    expected = [reference.terms(text, case=case, possessives=possessives) for text in texts]
    assert terms.tolist() == sorted(set(flat(expected)))
    assert counts.shape == (len(texts), len(terms))
    assert counts.dtype == np.int64
    for row, found in enumerate(expected):
        assert counts[[row]].toarray()[0].tolist() == [found.count(term) for term in terms]


@settings(max_examples=60)
@given(TEXTS, st.integers(2, 4))
def test_ngrams(texts: list[str], size: int):
    terms, counts = count_tokens(texts, TermRules(ngrams=size))
    expected: list[list[str]] = []
    for text in texts:
        words, gaps = reference.terms(text), reference.gaps(text)
        grams = [
            " ".join(words[start : start + n])
            for n in range(1, size + 1)
            for start in range(len(words) - n + 1)
            if 2 not in gaps[start + 1 : start + n]
        ]
        expected.append(grams)
    assert terms.tolist() == sorted(set(flat(expected)))
    for row, found in enumerate(expected):
        assert counts[[row]].toarray()[0].tolist() == [found.count(term) for term in terms]


@pytest.mark.parametrize("block", [1, 7, 100])
def test_the_size_of_a_block_changes_nothing(block: int, monkeypatch: pytest.MonkeyPatch):
    texts = ["Peace talks began. Talks", "", "it’s Ünïcode", "no", "", "Peace."] * 3
    expected = tokenize(texts, offsets=True), count_tokens(texts, TermRules(ngrams=2))
    monkeypatch.setattr("analysis.tokens.texts.BLOCK_BYTES", block)
    stream, (terms, counts) = (
        tokenize(texts, offsets=True),
        count_tokens(texts, TermRules(ngrams=2)),
    )
    for name in ("terms", "ids", "bounds", "gaps", "starts", "ends"):
        np.testing.assert_array_equal(getattr(stream, name), getattr(expected[0], name))
    assert terms.equals(expected[1][0])
    for name in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(counts, name), getattr(expected[1][1], name))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.text("aBe.s'’ -б\u00ad\n", max_size=30), max_size=4),
    st.sampled_from(
        [
            TermRules(),
            TermRules(fold_case=False, possessives=False),
            TermRules(stem="english", stop_words=("a",), ngrams=2),
            TermRules(min_length=2, numbers=False),
        ]
    ),
)
def test_one_pass_gives_what_counting_and_tokenizing_give(texts: list[str], rules: TermRules):
    terms, counts, stream = count_and_tokenize(texts, rules)
    expected_terms, expected_counts = count_tokens(texts, rules)
    assert terms.equals(expected_terms)
    assert (counts != expected_counts).nnz == 0
    whole = TermRules(fold_case=rules.fold_case, possessives=rules.possessives)
    expected = tokenize(texts, whole)
    assert stream.terms[stream.ids].tolist() == expected.terms[expected.ids].tolist()
    assert stream.bounds.tolist() == expected.bounds.tolist()
    assert stream.gaps.tolist() == expected.gaps.tolist()
