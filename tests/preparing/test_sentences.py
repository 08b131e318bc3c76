import pytest
import sentencex
from hypothesis import given
from hypothesis import strategies as st

from analysis.preparing.sentences import _MAY_END, sentence_pieces
from analysis.tokens import GAP_SENTENCE, tokenize

PIECES = st.sampled_from(
    ["One", "two", "Mr", ".", "!", "?", "...", " ", "\u00a0", "\u2028", "\u3000", "\n\n", "\x85",
     '"', "”", "(", ")", "2)", "•", "–", ";", "U.S.", "né", "Ω", "дом"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_the_pieces_are_always_the_whole_text(text: str):
    assert "".join(sentence_pieces(text)) == text


@given(st.lists(PIECES, max_size=30).map("".join))
def test_what_holds_no_mark_is_one_sentence_to_sentencex_too(text: str):
    if text.isprintable() and not _MAY_END.search(text):
        assert len(list(sentencex.segment("en", text))) <= 1


def test_a_no_break_space_after_a_full_stop_parts_sentences_too():
    assert sentence_pieces("They met.\u00a0Then they left.") == [
        "They met.\u00a0",
        "Then they left.",
    ]


@pytest.mark.parametrize(
    "first, second, sentences",
    [
        ("He flew to the U.S.", "They met later.", 2),
        ("He flew to the U.S.", "Senate.", 1),
        ("They met Ms.", "Quill’s envoy.", 1),
        ("The talks began at 5 p.m.", "ET on Monday.", 1),
        ("The talks began at 5 p.m.", "He came late.", 2),
        ("The U.S.", "and Ravenna met.", 1),
        ("The E.U. and the U.S.", "The U.N. too.", 2),
        ("Он жил в г.", "Москва.", 1),
        # Neither is a word that ends in a letter, nor a word that is like an abbreviation.
        ("He said they didn't.", "Envoys left.", 2),
        ("They lived in sin.", "Envoys left.", 2),
    ],
)
def test_an_abbreviation_ends_a_sentence_only_before_a_word_that_begins_one(
    first, second, sentences
):
    text = f"{first} {second}"
    assert len(sentence_pieces(text)) == sentences
    # Collocations and negations ask the tokens, which go by the same lists.
    assert (tokenize([text]).gaps == GAP_SENTENCE).sum() + 1 == sentences
