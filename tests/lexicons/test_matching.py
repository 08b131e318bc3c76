import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import _kinds, count_hits, find_hits, match_once
from analysis.tokens import tokenize
from tests.tokens import reference


def hits(text: str, frames: dict, **options: object) -> list[tuple[str, str, str, bool]]:
    """Frame, pattern, words and negation of each hit, in the order of the text."""
    stream = tokenize([text])
    table = find_hits(stream, Lexicon.from_dict(frames, **options)).to_frame()
    words = [
        " ".join(stream.terms[stream.ids[first : last + 1]])
        for first, last in zip(table["first"], table["last"], strict=True)
    ]
    return list(zip(table["frame"], table["pattern"], words, table["negated"], strict=True))


def matched(text: str, *patterns: str) -> list[str]:
    return [words for _, _, words, _ in hits(text, {"f": patterns})]


def test_wildcards_stand_within_a_token():
    assert matched("Deter, deterred, determined", "deter*") == ["deter", "deterred", "determined"]
    assert matched("defense, defence, defens", "defen?e") == ["defense", "defence"]
    assert matched("peace-making and pacemaking", "*making") == ["peace-making", "pacemaking"]


def test_hits_are_those_of_another_implementation():
    # quanteda.sentiment, textstat_polarity: (positive - negative) / (positive + negative)
    # is .2, and the logit ln(3.5 / 2.5), for this text and these patterns: 3 hits and 2.
    frames = {"pos": ["good", "great*"], "neg": ["bad", "poor"]}
    found = hits("good great greatest bad poor x y z w v", frames)
    assert [hit[0] for hit in found] == ["pos", "pos", "pos", "neg", "neg"]


@pytest.mark.parametrize("pattern", ["nuclear armed", "nuclear-armed", "nuclear‑armed"])
def test_hyphen_and_space_are_the_same_between_words(pattern: str):
    text = "A nuclear-armed state, nuclear armed; nuclear, armed."
    assert matched(text, pattern) == ["nuclear-armed", "nuclear armed"]


def test_a_wildcard_beside_a_hyphen_needs_the_hyphen():
    assert matched("US-led forces; he led them", "*-led") == ["us-led"]


def test_apostrophes_are_alike():
    assert matched("They don’t; we don't.", "don’t") == ["don't", "don't"]


def test_phrases_stay_within_their_sentence_and_cross_no_punctuation():
    assert matched("Peace talks. Peace, talks. For peace. Talks began.", "peace talks") == [
        "peace talks"
    ]
    assert matched("At 12:30, n/a; at 12 30", "12:30", "n/a") == ["12 30", "n a", "12 30"]


def test_phrases_do_not_run_from_one_article_into_the_next():
    stream = tokenize(["for peace", "", "talks began"])
    assert len(find_hits(stream, Lexicon.from_dict({"f": ["peace talks"]}))) == 0


def test_the_longest_phrase_wins_and_a_token_counts_once_per_frame():
    frames = {"f": ["peace", "talks", "peace talks", "talks on arms"]}
    assert [h[1] for h in hits("peace talks on arms", frames)] == ["peace", "talks on arms"]
    assert [h[1] for h in hits("peace talks", frames)] == ["peace talks"]


def test_a_token_may_count_for_two_frames():
    found = hits("sanctions relief", {"a": ["sanction*"], "b": ["sanctions relief"]})
    assert [h[:3] for h in found] == [
        ("a", "sanction*", "sanctions"),
        ("b", "sanctions relief", "sanctions relief"),
    ]


def test_exclusions_take_their_tokens():
    frames = {"f": ["strike*", "-lightning strike*", "talks", "peace talks", "-talks show"]}
    text = "A strike, a lightning strike, peace talks show promise, a talks show."
    assert [h[2] for h in hits(text, frames)] == ["strike", "peace talks"]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("There is no dialogue.", True),
        ("They refused to open a dialogue.", True),
        ("No. Dialogue it is.", False),
        ("It was not without dialogue.", False),
        ("not never without dialogue", True),
        ("no one two three dialogue", True),
        ("no one two three four dialogue", False),
        ("dialogue, not war", False),
        ("not only dialogue", False),
    ],
)
def test_negation(text: str, negated: bool):
    negators = ["no", "not", "never", "without", "refus* to", "-not only"]
    [hit] = hits(text, {"f": ["dialogue"]}, negators=negators, negation_window=4)
    assert hit[3] is negated


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        # From the last word of a negator it is counted how far it reaches.
        ("They refused to one two three dialogue", True),
        ("They refused to one two three four dialogue", False),
        # The longest negator takes its tokens: "to no" is none by itself.
        ("refused to no dialogue", False),
        ("refused to and no dialogue", True),
        ("no, no dialogue", False),
        ("No! No dialogue", True),
        ("no no no dialogue", True),
        ("dialogue or no dialogue", True),
    ],
)
def test_negators_of_several_words_and_in_a_row(text: str, negated: bool):
    found = hits(text, {"f": ["dialogue"]}, negators=["no", "refus* to"], negation_window=4)
    assert found[-1][3] is negated


def test_a_negator_does_not_reach_into_the_next_article():
    lexicon = Lexicon.from_dict({"f": ["dialogue"]}, negators=["no"], negation_window=9)
    for texts, expected in (
        (["Of dialogue: no", "dialogue"], [False, False]),
        (["no", "", "dialogue", "no dialogue"], [False, True]),
        (["", "no dialogue", "dialogue"], [True, False]),
    ):
        assert find_hits(tokenize(texts), lexicon).negated.tolist() == expected


def test_words_of_a_pattern_may_be_joined_by_hyphens():
    pattern = "one two three four five"
    for text in (
        "one two three four five", "one-two three four-five", "one-two-three-four five",
        "one two-three-four-five", "one two three-four five",
    ):  # fmt: skip
        assert matched(f"{text}, one two three four", pattern) == [text]
    # More than four words in one token are not tried.
    assert matched("one-two-three-four-five", pattern) == []
    assert matched("one-two-three-four", "one two three four") == ["one-two-three-four"]
    # What takes part of a token takes none of it.
    assert matched("zero-one two, one two-three", "one two") == []


def test_a_word_of_wildcards_takes_no_part_in_a_token():
    assert matched("peace talks, peace-talks, peace and talks", "peace * talks") == [
        "peace and talks"
    ]
    assert matched("a-b c, a-b-c, a b c", "a ? c") == ["a b c"]


def test_a_gap_within_a_pattern_is_as_wide_as_its_own():
    text = "and/or, and or; and. Or and: or, and/ or"
    assert matched(text, "and/or") == ["and or", "and or"]
    assert matched(text, "and: or") == ["and or", "and or"]
    assert matched(text, "and or") == ["and or"]


@pytest.mark.parametrize(
    ("pattern", "hit", "none"),
    [
        ("9/11", ["9/11", "9／11", "9 / 11"], ["9, 11", "9.11", "9 11", "9:11", "9-11", "9 & 11"]),
        ("24/7", ["24/7"], ["24, 7", "24 7", "24.7"]),
        ("either/or", ["Either/or"], ["Either, or", "either or", "either. Or", "either-or"]),
        ("AT&T", ["AT&T", "at&t's", "AT＆T"], ["AT, T", "AT T", "at/t", "A.T. & T."]),
        ("R&D", ["R&D"], ["R, D", "R D", "R. D", "R/D"]),
        ("12:30", ["12:30", "12 30"], ["12, 30", "12.30", "12/30"]),
        ("U.S. troops", ["U.S. troops", "U. S. troops"],
         ["U, S, troops", "U.S., troops", "U/S troops"]),
        ("No. 10", ["No. 10", "no 10"], ["no, 10", "no; 10", "no (10", "no - 10."]),
        ("peace_talks", ["peace_talks", "peace talks", "_peace_ talks"],
         ["peace, talks", "peace/talks"]),
        ("peace talks", ["peace talks", "peace-talks", "peace_talks"],
         ["peace/talks", "peace & talks", "peace: talks"]),
    ],
)  # fmt: skip
def test_a_phrase_crosses_what_is_written_and_no_more(pattern: str, hit: list, none: list):
    assert [len(matched(text, pattern)) for text in hit] == [1] * len(hit)
    assert [matched(text, pattern) for text in none] == [[]] * len(none)


@pytest.mark.parametrize("apostrophe", reference.APOSTROPHES)
def test_every_form_of_apostrophe_is_one(apostrophe: str):
    text = (
        f"They didn{apostrophe}t risk it. The workers{apostrophe} rights, VOTERS{apostrophe} rights"
    )
    [hit] = hits(text, {"f": ["risk"]}, negators=["didn't"])
    assert hit[3]
    for pattern in ("workers rights", "workers' rights", f"workers{apostrophe} rights"):
        assert matched(text, pattern) == ["workers rights"]
        assert matched("Workers, rights and pay", pattern) == []
    assert matched(f"Kyiv{apostrophe}s", "kyiv") == ["kyiv"]


def test_a_closing_quotation_mark_after_other_letters_is_no_possessive():
    assert matched("the 'peace' talks, ‘peace’ talks", "peace talks") == []
    assert matched("Marx' words, the workers' “rights”", "marx words", "workers rights") == [
        "marx words"
    ]


def test_a_hyphen_after_a_mark_is_a_hyphen_too():
    text = "U.S.-led and U.N.-backed and “EU”-led and workers'-led and 50%-owned"
    assert matched(text, "*-led", "*-backed", "*-owned") == ["led", "backed", "led", "led", "owned"]
    assert matched("the U.K.-based bank, U.K.-Based", "*-based bank", "u.k. based") == [
        "u k based", "u k based",
    ]  # fmt: skip
    for text in ("U.S. -led", "U.S.- led", "U.S. - led", "war--led", "U.S.--led", "U.S. led"):
        assert matched(text, "*-led") == []
    assert matched("U.S.-led, U.S.-backed, U.S. troops", "u.s.-*") == ["u s led", "u s backed"]


def test_several_words_that_a_wildcard_stands_for():
    # Between "talk" and "talks" stand words that another pattern asks for.
    text = "talk talkative talking talks ta tale"
    assert matched(text, "talk*") == ["talk", "talkative", "talking", "talks"]
    assert matched(text, "t*k", "t*s") == ["talk", "talks"]
    assert matched(text, "*k", "*g", "*e") == ["talk", "talkative", "talking", "tale"]


def test_hits_of_several_articles_and_frames_stand_in_order():
    stream = tokenize(["", "talks on arms", "arms", "", "peace talks"])
    lexicon = Lexicon.from_dict({"b": ["talks", "arms"], "a": ["talks", "peace talks"]})
    found = find_hits(stream, lexicon)
    # Where two begin with the same token, in the order of the lexicon's frames.
    assert (found.frames, found.patterns) == (("b", "a"), ("arms", "peace talks", "talks"))
    rows = found.to_frame().itertuples(index=False, name=None)
    assert list(rows) == [
        (1, "b", "talks", 0, 0, False), (1, "a", "talks", 0, 0, False),
        (1, "b", "arms", 2, 2, False), (2, "b", "arms", 3, 3, False),
        (4, "a", "peace talks", 4, 5, False), (4, "b", "talks", 5, 5, False),
    ]  # fmt: skip
    assert len(found) == 6


def test_matches_that_differ_in_their_end_are_hits_of_two_types():
    texts = ["peace talks", "peace", "peace talk", "talks peace", "peace-talks peace talks"]
    stream = tokenize(texts)
    lexicon = Lexicon.from_dict({"f": ["peace", "peace talk*"], "g": ["talk*"]})
    types, counts = count_hits(stream, find_hits(stream, lexicon))
    kinds = [(f, p, m) for f, p, m, _ in types.itertuples(index=False, name=None)]
    assert kinds == [
        ("f", "peace", "peace"), ("f", "peace talk*", "peace talk"),
        ("f", "peace talk*", "peace talks"), ("f", "peace talk*", "peace-talks"),
        ("g", "talk*", "talk"), ("g", "talk*", "talks"),
    ]  # fmt: skip
    assert counts.toarray().tolist() == [
        [0, 0, 1, 0, 0, 1], [1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 1, 0], [1, 0, 0, 0, 0, 1],
        [0, 0, 1, 1, 0, 1],
    ]  # fmt: skip
    assert counts.has_canonical_format


def test_a_match_that_goes_on_is_another_type():
    # A wildcard runs over hyphens: "a-b" is both words of the pattern, or the first of them alone.
    stream = tokenize(["a-b, a-b b, a-b ba", "a-b bb, a-b bb, a-b"])
    types, counts = count_hits(stream, find_hits(stream, Lexicon.from_dict({"f": ["a* b*"]})))
    assert types["match"].tolist() == ["a-b", "a-b b", "a-b ba", "a-b bb"]
    assert counts.toarray().tolist() == [[1, 1, 1, 0], [1, 0, 0, 2]]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.integers(-1, 3)] * 3), max_size=12), st.sampled_from([1, 1 << 40]))
def test_kinds_are_numbered_as_rows_are_sorted(rows: list[tuple[int, int, int]], scale: int):
    # Three numbers as large as these have no place in one of 64 bits.
    rows = [tuple(n * scale if n > 0 else n for n in row) for row in rows]
    columns = [np.array([row[k] for row in rows], np.int64) for k in range(3)]
    examples, codes = _kinds(columns)
    kinds = sorted(set(rows))
    assert [rows[example] for example in examples] == kinds
    assert examples.tolist() == [rows.index(kind) for kind in kinds]
    assert [kinds[code] for code in codes] == rows


def test_hit_types_and_counts():
    stream = tokenize(["no talks, talks", "", "peace talks and talks"])
    lexicon = Lexicon.from_dict({"f": ["talks", "peace talks"]}, negators=["no"], negation_window=1)
    types, counts = count_hits(stream, find_hits(stream, lexicon))
    assert types.to_numpy().tolist() == [
        ["f", "peace talks", "peace talks", False],
        ["f", "talks", "talks", False],
        ["f", "talks", "talks", True],
    ]
    assert counts.toarray().tolist() == [[0, 1, 1], [0, 0, 0], [1, 1, 0]]


def test_no_texts_and_empty_texts_have_no_hits():
    lexicon = Lexicon.from_dict({"f": ["talks", "* talks", "*s"]}, negators=["no", "*n't"])
    for texts in ([], ["", ""]):
        stream = tokenize(texts)
        types, counts = count_hits(stream, find_hits(stream, lexicon))
        assert len(types) == 0
        assert counts.shape == (len(texts), 0)


def test_a_lexicon_that_matches_nothing_gives_no_hit_types():
    stream = tokenize(["nothing here", ""])
    types, counts = count_hits(stream, find_hits(stream, Lexicon.from_dict({"f": ["talks"]})))
    assert list(types.columns) == ["frame", "pattern", "match", "negated"]
    assert len(types) == 0
    assert counts.shape == (2, 0)


def test_a_negator_reaches_three_tokens_unless_the_lexicon_says_otherwise():
    frames = {"f": ["dialogue"]}
    for text, negated in (("no one two dialogue", True), ("no one two three dialogue", False)):
        [hit] = hits(text, frames, negators=["no"])
        assert hit[3] is negated


def test_any_of_thousands_of_words_may_follow():
    # A list of the pairs of tokens is not kept where so many terms may come second.
    text = " ".join(f"peace w{k}x. war w{k}y." for k in range(1_500))
    assert matched(text, "peace w*x") == [f"peace w{k}x" for k in range(1_500)]
    expected = ["war w7y" if k == 7 else "war" for k in range(1_500)]
    assert matched(text, "* w7y", "war") == expected


def test_patterns_left_out_leave_the_hits_of_a_lexicon_without_them():
    frames = {"one": ["peace talks", "talks", "talks about", "-peace talks show"], "two": ["peace"]}
    lexicon = Lexicon.from_dict(frames, negators=["no"])
    texts = ["Peace talks about talks.", "No talks about peace.", "The peace talks show.", ""]
    stream = tokenize(texts)
    hits_without = match_once(stream, lexicon)
    for frame, pattern in [("one", "peace talks"), ("one", "talks"), ("one", "-peace talks show")]:
        other = find_hits(stream, lexicon.without(pattern, frame)).to_frame()
        found = hits_without([(frame, pattern)]).to_frame()
        assert found.values.tolist() == other.values.tolist()
    both = hits_without([("one", "talks"), ("one", "talks about")]).to_frame()
    assert both[["article", "pattern"]].values.tolist() == [
        [0, "peace talks"], [0, "peace"], [1, "peace"], [2, "peace"],
    ]  # fmt: skip
