import pytest

from analysis.counting.lexicon import Lexicon
from analysis.counting.matching import count_hits, find_hits
from analysis.tokens import tokenize


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
