from pathlib import Path

import pytest

from analysis.counting.lexicon import Lexicon, shipped_lexicons
from analysis.errors import LexiconError


def test_shipped_lexicons_load_and_unknown_names_list_them():
    for name in shipped_lexicons():
        assert Lexicon.load(name).name == name
    with pytest.raises(LexiconError, match="deterrence-dialogue"):
        Lexicon.load("deterence-dialog")


def test_the_first_contrast_has_25_to_40_matching_patterns_per_frame_or_more():
    lexicon = Lexicon.load("deterrence-dialogue")
    assert lexicon.contrasts == (("deterrence", "dialogue"),)
    assert set(lexicon.definitions) == set(lexicon.rules) == set(lexicon.frames)


def test_frame_names_fold_and_must_differ():
    lexicon = Lexicon.from_dict({"A CATEGORY": ["more"], "Another_category": ["had"]})
    assert list(lexicon.frames) == ["a_category", "another_category"]
    assert lexicon.frame("Another Category") == "another_category"
    with pytest.raises(LexiconError, match="named twice"):
        Lexicon.from_dict({"A b": ["more"], "a_B": ["had"]})


@pytest.mark.parametrize(
    ("frames", "fault"),
    [
        ({}, "no frames"),
        ({"talk": []}, "no pattern to count"),
        ({"talk": ["-chat show"]}, "no pattern to count"),
        ({"talk": "talks"}, "is a string"),
        ({"talk": ["*"]}, "no letter or digit"),
        ({"talk": [False]}, "bool, not a string"),
        ({"talk": ["a" * 201]}, "201 characters"),
        ({" ": ["talks"]}, "non-empty string"),
    ],
)
def test_malformed_dicts_are_refused(frames: dict, fault: str):
    with pytest.raises(LexiconError, match=fault):
        Lexicon.from_dict(frames)


def test_patterns_are_composed_and_trimmed():
    lexicon = Lexicon.from_dict({"f": [" cafe\u0301  noir ", "café noir"]})
    assert lexicon.frames["f"] == ("café noir",)


def test_the_fingerprint_follows_what_changes_counts_and_nothing_else():
    one = Lexicon.from_dict({"a": ["x", "y"], "b": ["z"]}, name="one")
    same = Lexicon.from_dict({"b": ["z"], "a": ["y", "x"]}, name="two", version="2")
    assert one.fingerprint == same.fingerprint
    for other in (
        one.without("x"),
        one.subset(["a"]),
        Lexicon.from_dict({"a": ["x", "y"], "b": ["z"]}, negators=["no"]),
    ):
        assert other.fingerprint != one.fingerprint


def test_a_negation_window_is_above_0():
    with pytest.raises(LexiconError, match="negation_window=0"):
        Lexicon.from_dict({"f": ["x"]}, negators=["no"], negation_window=0)


def test_without_and_subset_name_what_is_missing():
    lexicon = Lexicon.from_dict({"a": ["x", "y"], "b": ["x"]}, contrasts=[("a", "b")])
    assert lexicon.without("x", "a").frames == {"a": ("y",), "b": ("x",)}
    assert lexicon.subset(["b"]).contrasts == ()
    with pytest.raises(LexiconError, match="no pattern 'q'"):
        lexicon.without("q")
    with pytest.raises(LexiconError, match="no frame 'c'"):
        lexicon.subset(["c"])


def read(tmp_path: Path, text: str) -> Lexicon:
    path = tmp_path / "lexicon.yml"
    path.write_text(text, encoding="utf-8")
    return Lexicon.load(path)


def test_every_scalar_of_a_yaml_lexicon_is_text(tmp_path: Path):
    lexicon = read(tmp_path, "words: [no, off, yes, null, 12:30, 1e3, 0x1F, 2020-01-01, on, n]")
    assert lexicon.frames["words"] == (
        "no", "off", "yes", "null", "12:30", "1e3", "0x1F", "2020-01-01", "on", "n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("a: [x]\nb: [y]\na: [z]", 3, "used twice, first in line 1"),
        ("a: [x]\nA: [z]", 2, "named twice, first in line 1"),
        ("a: [x]\nb: []", 2, "is empty"),
        ("a: [x]\nb:", 2, "must be a list"),
        ("a: &one [x]\nb: *one", 1, "anchors and aliases"),
        ("a: [x]\nb: {c: []}", 2, "is empty"),
        ("a: [x]\nb: {}", 2, "is empty"),
        ("a: !!set [x]", 1, "the tag tag:yaml.org,2002:set is not allowed"),
        ('a: [x, "\x07"]', 1, "not YAML"),
        ("a: [x]\nb: word", 2, "must be a list"),
        ("a: [x, [y]]", 1, "must be a word"),
        ("a: [x]\nb: [y,\n", 3, "not YAML"),
        ("a: ['*']", 1, "no letter or digit"),
        ("_about: {nmae: x}\na: [x]", 1, "'nmae' is unknown"),
        ("_about:\n  contrasts: [a vs c]\na: [x]", 2, "no frame 'c'"),
        ("_about: {negation_window: few}\na: [x]", 1, "a number above 0"),
        ("a: [x]\n---\nb: [y]", 2, "another document"),
        ("- a\n- b", 1, "must be a mapping"),
    ],
)
def test_faults_are_named_with_file_and_line(tmp_path: Path, text: str, line: int, fault: str):
    with pytest.raises(LexiconError, match=f"lexicon.yml, line {line}: .*{fault}"):
        read(tmp_path, text)


def test_an_empty_file_is_refused(tmp_path: Path):
    with pytest.raises(LexiconError, match="no frames"):
        read(tmp_path, "# nothing\n")
