import re
from pathlib import Path

import pytest

from analysis.errors import LexiconError
from analysis.lexicons.lexicon import Lexicon


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
        ({"talk": None}, "patterns=None is a NoneType; give a list"),
        ({"talk": 5}, "patterns=5 is a int; give a list"),
        ("talk", "frames='talk' is a str; map the name"),
        ([("talk", ["talks"])], "is a list; map the name"),
        (None, "frames=None is a NoneType; map the name"),
        ({"talk": ["*"]}, "no letter or digit"),
        (
            {"talk": ["talks", "dialog.*"]},
            r"'dialog\.\*' has '\.\*', as a regular expression would",
        ),
        ({"talk": ["talks|dialogue"]}, "each alternative as a pattern of its own"),
        ({"talk": [r"\btalks"]}, "regular expression"),
        ({"talk": ["[tw]alks"]}, "regular expression"),
        ({"talk": [False]}, "bool, not a string"),
        ({"talk": ["a" * 201]}, "201 characters"),
        ({" ": ["talks"]}, "non-empty string"),
        (
            {"risk": {"threat*": 5.0, "storm*": "much"}},
            r"'storm\*' has the weight 'much'; a weight",
        ),
        ({"risk": {"threat*": 5.0, "storm*": float("nan")}}, "has the weight nan"),
        ({"risk": {"threat*": True}}, "has the weight True"),
        ({"risk": {"threat*": 1, "-no threat": 2}}, "so its weight is 0"),
        ({"risk": {"threat ": 1, "threat": 2}}, "has the weights 1 and 2; give it one"),
        ({"risk": {"a": {"threat": 1}, "b": ["sun"]}}, "some patterns have weights"),
    ],
)
def test_malformed_dicts_are_refused(frames: dict, fault: str):
    with pytest.raises(LexiconError, match=fault):
        Lexicon.from_dict(frames)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("sanction* NEAR/5 port", "NEAR/5"), ("port near5 sanction*", "near5"),
        ("port w/3 sanction*", "w/3"), ("port /s sanction*", "/s"), ("port~5", "~"),
        ("port AND sanction*", "AND"), ("war OR peace", "OR"), ("NOT war", "NOT"),
        ("war NEAR port", "NEAR"), ("war && peace", "&&"), ("war ADJ port", "ADJ"),
        ("war NEXT/2 port", "NEXT/2"), ("war /5 port", "/5"), ("war w/s port", "w/s"),
        ("war**", "**"), ("war|peace", "|"), ("^war", "^"), ("war^2", "^"), ("war$", "$"),
        ("(war) zone", "("), ("[war]", "["), ("war{2}", "{"), ("/war zone/", "/war zone/"),
        ('"peace talks"', '"'), ("“peace talks”", "“"), ("«peace»", "«"),
        ("'peace talks'", "'peace talks'"), ("wom#n", "#"), ("negotiat!", "!"), ("negotiat%", "%"),
        ("port W/in 5 war", "W/in"), ("port w/para war", "w/para"), ("a NEAR-5 b", "NEAR-5"),
        ("port prox/3 war", "prox/3"), ("port n3 war", "n3"), ("port #3 war", "#3"),
        ("war BEFORE peace", "BEFORE"), ("war ANDNOT peace", "ANDNOT"), ("war ODER peace", "ODER"),
        ("+war +peace", "+"), ("war -peace", "-"), ("/wars?/i", "/wars?/i"),
        ("title:war", "title:"),
    ],
)  # fmt: skip
def test_operators_of_other_programs_are_refused_with_what_to_write(pattern: str, found: str):
    with pytest.raises(LexiconError, match=re.escape(f"pattern {pattern!r} has {found!r}, ")):
        Lexicon.from_dict({"f": ["talks", pattern]})


def test_words_and_signs_that_texts_have_are_patterns():
    patterns = (
        "LAW AND ORDER", "law and order", "no", "NOT", "9/11", "and/or", "N/A", "w/o", "AT&T", "C#",
        "workers' rights", "'tis", "U.S.", "5%", "P5 states", "near miss", "war: peace", "50+",
        "pre-9/11", "pre-2014 borders", "N7 motorway", "EU:n", "anti-war", "after 9/11",
        "#metoo", "with or without", "BEFORE",
    )  # fmt: skip
    for pattern in patterns:
        assert Lexicon.from_dict({"f": [pattern]}).frames["f"] == (pattern,)


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


@pytest.mark.parametrize("window", [0, -1, 2.5, "3", True, None])
def test_a_negation_window_is_a_number_above_0(window: object):
    with pytest.raises(LexiconError, match=re.escape(f"negation_window={window!r}; it must be")):
        Lexicon.from_dict({"f": ["x"]}, negators=["no"], negation_window=window)


@pytest.mark.parametrize("negators", ["no", {"en": ["no"]}, {"no": 1}, 5])
def test_negators_that_are_no_list_are_refused(negators: object):
    with pytest.raises(LexiconError, match=r"negators: patterns=.*; give a list of strings"):
        Lexicon.from_dict({"f": ["x"]}, negators=negators)


@pytest.mark.parametrize("contrasts", [("f", "g"), ["f"], [("f", "g", "f")], [("f",)]])
def test_a_contrast_is_of_two_frames(contrasts: object):
    with pytest.raises(LexiconError, match="give two frames"):
        Lexicon.from_dict({"f": ["x"], "g": ["y"]}, contrasts=contrasts)
    lexicon = Lexicon.from_dict({"f": ["x"], "g": ["y"]}, contrasts=["f vs g"])
    assert lexicon.contrasts == (("f", "g"),)
    assert list(lexicon.subset("f").frames) == ["f"]


def test_without_and_subset_name_what_is_missing():
    lexicon = Lexicon.from_dict({"a": ["x", "y"], "b": ["x"]}, contrasts=[("a", "b")])
    assert lexicon.without("x", "a").frames == {"a": ("y",), "b": ("x",)}
    assert lexicon.subset(["b"]).contrasts == ()
    with pytest.raises(LexiconError, match="no pattern 'q'"):
        lexicon.without("q")
    with pytest.raises(LexiconError, match="no frame 'c'"):
        lexicon.subset(["c"])


def test_a_lexicon_says_what_it_is_for_and_whether_it_was_coded(tmp_path: Path):
    path = tmp_path / "risk.yml"
    head = "_about: {domain: floods and fires, coding: 'not coded: it is new.'}\n"
    path.write_text(head + "risk: [danger*]\n", encoding="utf-8")
    lexicon = Lexicon.load(path)
    assert lexicon.scope == "Domain: floods and fires. Coding: not coded: it is new."
    assert lexicon.caption == f"{lexicon.label}, not coded"
    lexicon.save(tmp_path / "again.yml")
    assert Lexicon.load(tmp_path / "again.yml").scope == lexicon.scope
    plain = Lexicon.from_dict({"risk": ["danger*"]})
    assert (plain.scope, plain.caption) == ("", plain.label)
    assert lexicon.fingerprint == plain.fingerprint


def test_nested_frames_of_a_dict_are_those_of_a_file(tmp_path: Path):
    nested = {
        "Economy": {"growth": ["job*"], "crisis": {"bank": ["bank run"], "debt": ["default*"]}},
        "war": ["troops"],
    }
    text = """
Economy:
  growth: [job*]
  crisis:
    bank: [bank run]
    debt: [default*]
war: [troops]
"""
    (tmp_path / "nested.yml").write_text(text)
    lexicon = Lexicon.from_dict(nested)
    assert lexicon.frames == Lexicon.load(tmp_path / "nested.yml").frames
    assert lexicon.frames["economy"] == ("job*", "bank run", "default*")
    lexicon.save(tmp_path / "flat.yml")
    assert Lexicon.load(tmp_path / "flat.yml").frames == lexicon.frames
    with pytest.raises(LexiconError, match="'economy/growth': patterns='job\\*' is a string"):
        Lexicon.from_dict({"economy": {"growth": "job*"}})
