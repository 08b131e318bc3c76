import pytest

from analysis.errors import LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.contrasts import check_contrast, lexicon_contrasts


@pytest.mark.parametrize("contrast", ["pressure", ("a",), ("a", "a"), ("a", "b", "c")])
def test_a_contrast_is_two_different_frames(contrast):
    with pytest.raises(LexiconError, match="two different frames, such as \\('a', 'b'\\)"):
        check_contrast(contrast, ["a", "b", "c"])


def test_without_a_contrast_the_frames_must_leave_one_choice():
    with pytest.raises(LexiconError, match=r"3 frames and names no contrast; .* a, b, c"):
        check_contrast(None, ["a", "b", "c"])
    with pytest.raises(LexiconError, match="contrast=None: it must be two different frames"):
        check_contrast(None, ["a"])
    two = {"pressure": ["threat"], "parley": ["talks"]}
    assert lexicon_contrasts(Lexicon.from_dict(two)) == (("pressure", "parley"),)
    assert lexicon_contrasts(Lexicon.from_dict(two | {"third": ["x"]})) == ()
    named = Lexicon.from_dict(two, contrasts=[("parley", "pressure")])
    assert lexicon_contrasts(named) == (("parley", "pressure"),)


def test_a_contrast_has_frames_of_the_lexicon():
    assert check_contrast(["c", "a"], ["a", "b", "c"]) == ("c", "a")
    # As written in the lexicon, which folds names.
    assert check_contrast(("Economic Growth", "ÖL"), ["economic_growth", "öl"]) == (
        "economic_growth",
        "öl",
    )
    for contrast in (5, True, {}, [], "ab", object()):
        with pytest.raises(LexiconError, match=r"contrast=.*two different frames"):
            check_contrast(contrast, ["a", "b"])
    with pytest.raises(LexiconError, match="no frame 'd'; the lexicon has a, b, c"):
        check_contrast(("a", "d"), ["a", "b", "c"])
