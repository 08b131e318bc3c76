from hypothesis import given
from hypothesis import strategies as st

from analysis.preparing.sentences import sentence_pieces

PIECES = st.sampled_from(
    ["One", "two", "Mr", ".", "!", "?", "...", " ", "\u00a0", "\u2028", "\u3000", "\n\n", "\x85",
     '"', "”", "(", "U.S.", "né", "Ω"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_the_pieces_are_always_the_whole_text(text: str):
    assert "".join(sentence_pieces(text)) == text


def test_a_no_break_space_after_a_full_stop_parts_sentences_too():
    assert sentence_pieces("They met.\u00a0Then they left.") == [
        "They met.\u00a0",
        "Then they left.",
    ]
