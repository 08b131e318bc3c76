import pytest

from analysis.errors import CountsError, LexiconError
from analysis.measuring.frames.one_frame import check_measure, chosen_frames

KNOWN = ["economy", "economy/growth", "economy/growth/jobs", "economy/crisis", "war"]


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        (None, ["economy/growth/jobs", "economy/crisis", "war"]),
        (1, ["economy", "war"]),
        (2, ["economy/growth", "economy/crisis", "war"]),
        (3, ["economy/growth/jobs", "economy/crisis", "war"]),
        ("War", ["war"]),
        (["war", "economy/crisis"], ["war", "economy/crisis"]),
    ],
)
def test_frames_and_levels(frames, expected):
    assert chosen_frames(frames, KNOWN) == expected


def test_a_parent_that_was_not_counted_is_one_of_the_frames():
    known = ["economy/growth", "economy/crisis", "war"]
    assert chosen_frames("economy", known) == ["economy"]
    assert chosen_frames(1, known) == ["economy", "war"]


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        ("peace", "there is no frame 'peace'; the lexicon has economy, "),
        (["war", "WAR"], "'war' is named twice"),
        (["economy/growth", "economy"], "'economy/growth' is a part of 'economy'"),
        ([], "names no frame"),
        (0, "the levels 1 to 3"),
        (4, "the levels 1 to 3"),
        (True, "the levels 1 to 3"),
        ([3], "a frame is named 3"),
    ],
)
def test_other_frames_are_refused(frames, message):
    with pytest.raises(LexiconError, match=message):
        chosen_frames(frames, KNOWN)


@pytest.mark.parametrize(
    ("measure", "at_least", "message"),
    [
        ("salience", 1, "measure='salience' is unknown; allowed are prevalence, rate, share"),
        ("rate", 0, "at_least=0: .* whole number of at least 1"),
        ("rate", 1.5, "at_least=1.5"),
        ("rate", True, "at_least=True"),
    ],
)
def test_a_measure_is_checked(measure, at_least, message):
    with pytest.raises(CountsError, match=message):
        check_measure(measure, at_least)
