from pathlib import Path

import pytest

from analysis.errors import LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.shipped import SHIPPED, find_lexicon, shipped_lexicons


def test_shipped_lexicons_load_and_unknown_names_list_them():
    both = "deterrence-dialogue"
    own = ["countries", both, f"{both}-multilingual", f"{both}-ru", "generic-frames"]
    assert shipped_lexicons() == own
    for name in shipped_lexicons():
        assert Lexicon.load(name).name == name
    with pytest.raises(LexiconError, match=r"shipped \(countries, deterrence-dialogue, det"):
        Lexicon.load("deterence-dialog")


def test_the_parts_of_the_file_in_two_languages_are_the_lexicons_of_each():
    both = Lexicon.load("deterrence-dialogue-multilingual")
    assert list(both.parts.values()) == [
        Lexicon.load("deterrence-dialogue"),
        Lexicon.load("deterrence-dialogue-ru"),
    ]
    # The labels that bundles and captions before the two were joined have.
    assert [part.label for part in both.parts.values()] == [
        "deterrence-dialogue 1.3 29a29c8f",
        "deterrence-dialogue-ru 1.2 e13d5673",
    ]
    assert both.caption.endswith(", Russian not coded")


def test_a_file_of_ones_own_goes_before_a_shipped_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    name = "deterrence-dialogue"
    assert find_lexicon(name) == SHIPPED / f"{name}.yml"
    Path(name).write_text("risk: [danger*]", encoding="utf-8")
    assert find_lexicon(name) == Path(name)


def test_a_folder_is_no_lexicon(tmp_path: Path):
    with pytest.raises(LexiconError, match="there is no lexicon"):
        find_lexicon(tmp_path)
