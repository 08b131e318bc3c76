"""Our own lexicons: what is read, what is refused and where, and that what is written is read."""

from pathlib import Path

import pytest
import yaml

from analysis.errors import LexiconError
from analysis.lexicons.lexicon import Lexicon

WHOLE = """
_about:
  name: weather
  version: 1.10
  language: en
  authors: [A. Bee,  C.  Dee]
  frames:
    Wet days: {definition: Water falls.}
    dry: {rules: "No: water.", definition: None falls.}
  contrasts: [Wet days vs dry, dry  vs wet_days]
  negators: [no, "not  a", no]
  negation_window: 12
Wet days: [rain*, " heavy   snow ", -rain check, rain*]
dry:
  - sun
"""


def read(tmp_path: Path, text: str) -> Lexicon:
    path = tmp_path / "lexicon.yml"
    path.write_text(text, encoding="utf-8")
    return Lexicon.load(path)


def test_a_head_says_what_the_lexicon_is(tmp_path: Path):
    assert read(tmp_path, WHOLE) == Lexicon(
        name="weather",
        frames={"wet_days": ("rain*", "heavy snow", "-rain check"), "dry": ("sun",)},
        version="1.10",
        language="en",
        authors=("A. Bee", "C. Dee"),
        definitions={"wet_days": "Water falls.", "dry": "None falls."},
        rules={"dry": "No: water."},
        contrasts=(("wet_days", "dry"), ("dry", "wet_days")),
        negators=("no", "not a"),
        negation_window=12,
    )


def test_without_a_head_the_file_names_the_lexicon(tmp_path: Path):
    plain = Lexicon(name="lexicon", frames={"dry": ("sun",)}, negation_window=3)
    assert read(tmp_path, "dry: [sun]") == plain
    assert read(tmp_path, "_about: {negation_window: 1}\ndry: [sun]").negation_window == 1


def test_every_scalar_of_a_yaml_lexicon_is_text(tmp_path: Path):
    lexicon = read(tmp_path, "words: [no, off, yes, null, 12:30, 1e3, 0x1F, 2020-01-01, on, n]")
    assert lexicon.frames["words"] == (
        "no", "off", "yes", "null", "12:30", "1e3", "0x1F", "2020-01-01", "on", "n",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["a: [defen?e, ?b*, c?, d? e]", "a: [defen?e,?b*,c?,d? e]", "a:\n- defen?e\n- ?b*\n"
             "- c?\n- d? e", "a: ['defen?e', \"?b*\", c?, d?  e]"],
)  # fmt: skip
def test_a_question_mark_is_part_of_its_word_in_any_list(tmp_path: Path, text: str):
    # As YAML 1.2 has it, and R's reader.
    assert read(tmp_path, text).frames["a"] == ("defen?e", "?b*", "c?", "d? e")


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
        # Lines far down, and an empty first line: where the fault stands is counted rightly.
        ("\na:\n- x\n- y\n- z\nb: [y]\nc: {d: []}", 7, "frame 'c' is empty"),
        ("\na:\n- x\n- y\n- z\nb: ]", 6, "not YAML"),
        ('\na:\n- x\n- "\x07"', 4, "not YAML: special characters"),
        ("a: [x]\n'': [y]", 2, "a key must be a word"),
        ("a: [x, ' ']", 1, "frame 'a': a pattern must be a word"),
        ("_about: word\na: [x]", 1, "_about must be a mapping"),
        ("_about: {authors: Bee}\na: [x]", 1, "authors must be a list"),
        ("_about: {name: [x]}\na: [x]", 1, "name must be a word or a text"),
        ("_about:\n  name: x\n  name: y\na: [x]", 3, "'name' is used twice, first in line 2"),
        ("_about:\n  frames: {b: {rules: x}}\na: [x]", 2, "no frame 'b'; the frames are a"),
        ("_about:\n  frames: {a: {rule: x}}\na: [x]", 2, "'rule' is unknown"),
        ("_about: {contrasts: [a]}\na: [x]", 1, "a contrast is two frames"),
        ("_about: {contrasts: [a vs a vs a]}\na: [x]", 1, "a contrast is two frames"),
        ("_about:\n  contrasts: [c vs a]\na: [x]", 2, "no frame 'c'"),
        ("_about: {negation_window: 0}\na: [x]", 1, "is '0'; it is a number above 0"),
        ("_about: {negation_window: -1}\na: [x]", 1, "a number above 0"),
        ("_about:\n  negators: []\na: [x]", 2, "negators is empty"),
        ("_about: {negators: no}\na: [x]", 1, "must be a list"),
        ("_about:\n  negators: ['*']\na: [x]", 2, "negators: pattern '.' has no letter"),
    ],
)
def test_faults_are_named_with_file_and_line(tmp_path: Path, text: str, line: int, fault: str):
    with pytest.raises(LexiconError, match=f"lexicon.yml, line {line}: .*{fault}"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "[" * 200 + "]" * 200, "{b: " * 200 + "[x]" + "}" * 200]
)
def test_deep_nesting_is_refused_and_overflows_nothing(tmp_path: Path, text: str):
    with pytest.raises(LexiconError, match="nested too deeply"):
        read(tmp_path, f"a: {text}")


def test_an_empty_file_is_refused(tmp_path: Path):
    with pytest.raises(LexiconError, match="no frames"):
        read(tmp_path, "# nothing\n")


def test_a_saved_lexicon_is_the_same_when_loaded(tmp_path: Path):
    lexicon = Lexicon.load("deterrence-dialogue")
    lexicon.save(tmp_path / "copy.yml")
    assert Lexicon.load(tmp_path / "copy.yml") == lexicon


def test_a_saved_lexicon_has_the_same_words_for_readers_that_guess_types(tmp_path: Path):
    words = ["no", "off", "yes", "null", "12:30", "1e3", "0x1F", "2020-01-01", "y", "N", "sun*"]
    Lexicon.from_dict({"f": [*words, "-sun down"]}, name="guess").save(tmp_path / "g.yml")
    content = yaml.safe_load((tmp_path / "g.yml").read_text(encoding="utf-8"))
    assert content["f"] == [*words, "-sun down"]


def test_what_is_written_is_plain_yaml(tmp_path: Path):
    read(tmp_path, WHOLE).save(tmp_path / "saved.yml")
    # By hand: order and spelling as given, what some reader takes for no text in quotes.
    assert (
        (tmp_path / "saved.yml").read_text(encoding="utf-8")
        == """\
_about:
  name: weather
  version: '1.10'
  language: en
  authors:
    - A. Bee
    - C. Dee
  frames:
    wet_days:
      definition: Water falls.
    dry:
      definition: None falls.
      rules: 'No: water.'
  contrasts:
    - wet_days vs dry
    - dry vs wet_days
  negators:
    - 'no'
    - not a
  negation_window: '12'
wet_days:
  - rain*
  - heavy snow
  - '-rain check'
dry:
  - sun
"""
    )
    Lexicon.from_dict({"föhn": ["föhn"]}, name="wind").save(tmp_path / "short.yml")
    assert (
        (tmp_path / "short.yml").read_text(encoding="utf-8")
        == """\
_about:
  name: wind
  negation_window: '3'
föhn:
  - föhn
"""
    )
