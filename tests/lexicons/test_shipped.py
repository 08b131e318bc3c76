from pathlib import Path

import pytest

from analysis.errors import LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.shipped import SHIPPED, find_lexicon, shipped_lexicons


def test_shipped_lexicons_load_and_unknown_names_list_them():
    shipped = ["countries", "deterrence-dialogue", "deterrence-dialogue-ru", "generic-frames"]
    assert shipped_lexicons() == shipped
    for name in shipped_lexicons():
        assert Lexicon.load(name).name == name
    with pytest.raises(LexiconError, match=r"shipped \(countries, deterrence-dialogue, det"):
        Lexicon.load("deterence-dialog")


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
