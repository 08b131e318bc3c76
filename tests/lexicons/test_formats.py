from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import LexiconError
from analysis.lexicons.formats.lexicon_file import LexiconFile
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import find_hits
from analysis.tokens import tokenize

WEATHER = {"wet_days": ("rain*", "heavy snow"), "dry": ("sun",)}


def load(folder: Path, name: str, content: str | bytes, encoding: str | None = None) -> Lexicon:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Lexicon.load(path, encoding)


SAME = {
    "w.yml": "wet days: [rain*, heavy snow]\ndry:\n  - sun\n",
    "w.dic": "%\n1\tWET_DAYS\n2\tDry\n%\nrain*\t1\nheavy snow\t\t1\nsun\t2\n",
    "cr.dic": "%\r1 wet days\r2 dry\r%\r\rrain*  1\rheavy snow  1\rsun 2\r",
    "w.lc3": "+WET DAYS\n rain* \n heavy snow\n\n+DRY\n sun\n",
    "w.cat": "WET DAYS\n\tRAIN* (1)\n\tHEAVY_SNOW (1)\nDRY\n\tSUN (1)\n",
    "w.csv": "frame,pattern\nWet days,rain*\nWet days,heavy snow\nDry,sun\n",
    "w.tsv": "note\tFrame\tPattern\na\twet days\train*\n\twet days\theavy snow\n\tdry\tsun\n",
    "semicolon.csv": "\ufeffpattern;frame\r\nrain*;wet days\r\nheavy snow;wet days\r\nsun;dry\r\n",
    "w.ykd": '<?xml version="1.0" encoding="UTF-8"?>\n<dictionary><cnode name="Weather">'
    '<cnode name="Wet days"><pnode name="rain*"/><pnode name="heavy snow"/></cnode>'
    '<cnode name="Dry"><pnode name="sun"/></cnode></cnode></dictionary>',
    "w.lcd": '<dictionary><cnode name="Wet days"><pnode name="rain*"/><pnode name="heavy snow"/>'
    '</cnode><cnode name="Dry"><pnode name="sun"/></cnode></dictionary>',
}


@pytest.mark.parametrize("name", SAME)
def test_every_format_gives_the_same_lexicon(tmp_path: Path, name: str):
    assert load(tmp_path, name, SAME[name]).frames == WEATHER


def test_categories_under_others_become_frames_and_parents_count_what_is_under_them(tmp_path: Path):
    expected = {
        "sky": ("cloud*", "rain*", "hail"),
        "sky/wet": ("rain*", "hail"),
        "sky/wet/hard": ("hail",),
    }
    files = {
        "n.yml": None,
        "n.dic": "%\n1\tSky\n\t2\tWet\n\t\t3\tHard\n%\ncloud*\t1\nrain*\t2\nhail\t3\n",
        "n.cat": "SKY\n\tCLOUD* (1)\n\tWET\n\t\tRAIN* (1)\n\t\tHARD\n\t\t\tHAIL (1)\n",
        "n.ykd": '<dictionary><cnode name="Sky"><pnode name="cloud*"/><cnode name="Wet">'
        '<pnode name="rain*"/><cnode name="Hard"><pnode name="hail"/></cnode></cnode></cnode>'
        "</dictionary>",
    }
    for name, content in files.items():
        if content is not None:
            assert load(tmp_path, name, content).frames == expected
    nested = load(tmp_path, "n.yml", "sky: {wet: [rain*], dry: {very: [sun]}}")
    assert nested.frames == {
        "sky": ("rain*", "sun"),
        "sky/wet": ("rain*",),
        "sky/dry": ("sun",),
        "sky/dry/very": ("sun",),
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        # LIWC indents by any white space, and returns to any level.
        ("w.dic", "%\n1 Weather in the sky\n  2 Wet\n      3 Hard rain\n      4 A\n  5 Dry days\n"
         "6 B\n%\nhail 3\nsnow 4\nsun 5\nsea 6\n"),
        ("w.cat", "WEATHER IN THE SKY\n\tWET\n\t\tHARD RAIN\n\t\t\tHAIL (1)\n\t\tA\n"
         "\t\t\tSNOW (1.0)\n\tDRY DAYS\n\t\tSUN (1)\nB\n\tSEA (1)\n"),
        ("w.ykd", "<dictionary><about/><cnode name='Weather  in the sky'><cnode name='Wet'><cnode "
         "name='Hard rain'><pnode name='hail'/></cnode><cnode name='A'><pnode name='snow'/></cnode>"
         "</cnode><cnode name='Dry days'><pnode name='sun'/></cnode></cnode>"
         "<cnode name='B'><pnode name='sea'/></cnode></dictionary>"),
    ],
)  # fmt: skip
def test_categories_end_where_others_begin(tmp_path: Path, name: str, content: str):
    assert load(tmp_path, name, content).frames == {
        "weather_in_the_sky": ("hail", "snow", "sun"),
        "weather_in_the_sky/wet": ("hail", "snow"),
        "weather_in_the_sky/wet/hard_rain": ("hail",),
        "weather_in_the_sky/wet/a": ("snow",),
        "weather_in_the_sky/dry_days": ("sun",),
        "b": ("sea",),
    }


def test_a_lexicon_is_named_after_its_file_or_its_outermost_category(tmp_path: Path):
    for name in SAME:
        expected = "Weather" if name == "w.ykd" else name.partition(".")[0]
        assert load(tmp_path, name, SAME[name]).name == expected
    # An outermost category that has patterns of its own is a frame, as is one of several.
    node = '<cnode name="a"><pnode name="b"/>%s</cnode>'
    for inside, frames in (
        (node % "", ["a"]),
        (node % '<cnode name="c"><pnode name="d"/></cnode>', ["a", "a/c"]),
        (f'<cnode name="e">{node % ""}</cnode>{node % ""}', ["e", "e/a", "a"]),
    ):
        lexicon = load(tmp_path, "y.ykd", f"<dictionary>{inside}</dictionary>")
        assert (lexicon.name, list(lexicon.frames)) == ("y", frames)


def test_categories_and_words_may_be_a_letter_long(tmp_path: Path):
    for name, content in {
        "w.lc3": "+A\nx\n",
        "w.dic": "%\n1 A\n%\nx 1\n",
        "w.cat": "A\n\tX (1)\n",
        "w.csv": "frame,pattern\nA,x\n",
        "w.ykd": "<dictionary><cnode name='A'><pnode name='x'/></cnode></dictionary>",
    }.items():
        assert load(tmp_path, name, content).frames == {"a": ("x",)}


def test_a_liwc_word_may_stand_on_several_lines_and_in_several_categories(tmp_path: Path):
    lexicon = load(tmp_path, "w.dic", "%\n1 a\n2 b\n%\nsun\t1\nsun\t\t1\t2\nworld war  2\n")
    assert lexicon.frames == {"a": ("sun",), "b": ("sun", "world war")}


@pytest.mark.parametrize("head", ["intensity", "w", "language", "note"])
def test_a_further_column_of_a_table_is_named(tmp_path: Path, caplog, head: str):
    assert load(tmp_path, "w.csv", f"frame,pattern,{head}\ndry,sun,5\n").frames == {"dry": ("sun",)}
    assert f"w.csv: left aside the column(s) {head}." in caplog.text


@pytest.mark.parametrize("encoding", ["iso-8859-1", "cp1252", "utf-16", "utf-8"])
def test_the_letters_of_an_old_declaration_are_kept(tmp_path: Path, encoding: str):
    text = f"<?xml version='1.0' encoding='{encoding}'?><dictionary><cnode name='a'>"
    content = (text + "<pnode name='über'/></cnode></dictionary>").encode(encoding)
    (tmp_path / "w.ykd").write_bytes(content)
    assert Lexicon.load(tmp_path / "w.ykd", encoding=encoding).frames == {"a": ("über",)}


def test_numbers_that_are_words_are_no_weights(tmp_path: Path):
    assert load(tmp_path, "w.lc3", "+A\ncovid 19\narticle 5\n").frames["a"] == (
        "covid 19", "article 5",
    )  # fmt: skip


def test_table_cells_are_words(tmp_path: Path):
    rows = "frame,pattern\nf,null\nf,NA\nf,n/a\nf,1e5\nf,no\n"
    assert load(tmp_path, "w.csv", rows).frames["f"] == ("null", "NA", "n/a", "1e5", "no")
    # The head alone says what parts cells; rows without anything are passed over.
    rows = 'frame,pattern\n,\nf,a;b;c;d;e;f;g\n\n , \nf,"d,e"\n'
    assert load(tmp_path, "w.csv", rows).frames["f"] == ("a;b;c;d;e;f;g", "d,e")
    for told in ("sep=;", '"sep=;"'):
        assert load(tmp_path, "w.csv", f"{told}\nframe;pattern\nf;a,b\n").frames["f"] == ("a,b",)


REFUSED = [
    ("w.dic", "1 a\n%\nsun 1\n", 1, "begins with its categories"),
    ("w.dic", "%\n1 a\n%\nsun\t1\nfog\t7\n", 5, "category 7, which the head does not name"),
    ("w.dic", "%\n1 a\nrest\n%\nsun\t1\n", 3, "has no number"),
    ("w.dic", "%\n1 a\n1 b\n%\nsun\t1\n", 3, "number 1 is used twice"),
    ("w.dic", "%\n1 a\n2 b\n%\nsun\t1\n", 3, "frame 'b' is empty"),
    ("w.dic", "%\n1 a\n%\nkind\t<of>1/1\n", 4, "Conditions on neighbouring words"),
    ("w.dic", "%\n1 a\n%\nsun\n", 4, "no category number"),
    ("w.dic", "Weather\n%\n1 a\n%\nsun\t1\n", 1, "begins with its categories"),
    ("w.dic", "%\n1 a\n# note\n2 b\n%\nsun\t1\n", 3, "'# note' has no number"),
    ("w.dic", "%\n1 a\n%\nsun\t1\n%\nsea\t1\n", 5, "'%' has no category number"),
    ("w.dic", "%\n1 a\n%\nsun\t1\n*\t1\n", 5, "frame 'a': pattern '.' has no letter or digit"),
    ("w.lc3", "sun\n+DRY\n", 1, "before the first category"),
    ("w.lc3", "+DRY\nsun\n+ \n", 3, "no name"),
    ("w.cat", "DRY\n\tSUN (2)\n", 2, "weight"),
    ("w.cat", "DRY\n\tSUN (0.5)\n", 2, "weight"),
    ("w.cat", "DRY\n\t@SUN_RULE [SUN NEAR SEA] (1)\n", 2, "proximity rule"),
    ("w.cat", "DRY\n\t\tSUN (1)\n", 2, "2 tabs"),
    ("w.cat", "SUN (1)\n", 1, "not under a category"),
    ("w.csv", "word,code\nsun,1\n", 1, "the columns are word, code; needed are frame and pattern"),
    ("w.csv", "frame,pattern,Weight\ndry,sun,5\ndry,sea,\n", 3, "the weight ''; a weight is a num"),
    ("w.tsv", "frame\tpattern\tvalence\ndry\tsun\thot\n", 2, "'sun' has the weight 'hot'"),
    ("w.csv", "frame,pattern,weight,score\ndry,sun,5,1\n", 1, "'weight' and 'score' are both"),
    ("w.csv", "frame,pattern,Pattern\ndry,sun,sea\n", 1, "the column 'pattern' is there twice"),
    (
        "w.csv",
        "frame,pattern,weight\ndry,sun,5\ndry,sun,4\n",
        3,
        "the weights 5 and 4; give it one",
    ),
    ("w.csv", "frame,pattern,weight\na,b,1\na,-b c,5\n", 3, "an exclusion counts for nothing"),
    ("w.csv", "sun,1\nsea,nan\n", 2, "'sea' has the weight 'nan'"),
    ("w.txt", "sun\t1\nsea\n", 2, "a row needs a word and its weight"),
    ("w.yml", "dry:\n  sun: 1\n  sea: wet\n", 3, "'sea' has the weight 'wet'"),
    ("w.yml", "dry:\n  sun: 1\n  sea: [wet]\n", 2, "frame 'sun' must be a list"),
    ("w.yml", "dry:\n  a: {sun: 1}\n  b: [sea]\n", 2, "some of its patterns have weights"),
    ("w.yml", "dry:\n  a: {sun: 1}\n  b: {sun: 2}\n", 3, "the weights 1 and 2; give it one"),
    ("w.ykd", "<dictionary><cnode name='a'>\n<pnode name='b' score='2'/>", 2, "'b' has a score"),
    ("w.ykd", "<dictionary><cnode name='a'>\n<pnode name='b' weight='2'/>", 2, "'b' has a score"),
    ("w.ykd", "<dictionary patternengine='regexp'/>", 1, "the kind 'regexp', which is not read"),
    ("w.lc3", "+DRY\nsun\nsea* 5.0\n", 3, "'sea. 5.0' has a weight"),
    ("w.lc3", "+DRY\nsun\t5\n", 2, "has a weight"),
    ("w.csv", "frame,pattern,Frame\ndry,sun,wet\n", 1, "the column 'frame' is there twice"),
    ("w.csv", "", 1, "the columns are none; needed are frame and pattern"),
    ("w.csv", "frame,pattern,note\ndry,sun,\ndry,sea\n", 3, "2 cells, where the head has 3"),
    ("w.csv", "frame,pattern\ndry,sun\ndry,\n", 3, "both a frame and a pattern"),
    ("w.csv", "frame,pattern\ndry,sun,sea\n", 2, "3 cells"),
    ("w.csv", 'frame,pattern\ndry,"sun"x\n', 2, "not a table"),
    ("w.ykd", "<dictionary><cnode name='a'>\n<pnode name='b'></cnode></dictionary>", 2, "not XML"),
    ("w.ykd", "<dictionary>\n<pnode name='b'/></dictionary>", 2, "not under a category"),
    ("w.ykd", "<dictionary><cnode/></dictionary>", 1, "has no name"),
    ("w.ykd", "<dictionary>\n<cnode name='a'><dictionary/></cnode></dictionary>", 2, "not allowed"),
    ("w.ykd", "<dictionary><cnode name='a'><pnode name='b'/></cnode>\n", 2, "not XML"),
    ("w.ykd", "<html><p/></html>", 1, "is it a dictionary"),
    ("w.ykd", "<!DOCTYPE d [<!ENTITY a 'b'>]>\n<dictionary/>", 1, "document types"),
    ("w.lc3", b"+DRY\nsun\nf\xf6hn\n", 3, "not utf-8 .byte 0xf6"),
    ("w.lc3", b"\n+DRY\nsun\nf\xf6hn\n", 4, "not utf-8 .byte 0xf6"),
    ("w.lc3", "+DRY\nsun\n\n+Dry\nsea\n", 4, "frame 'dry' is named twice, first in line 1"),
]


@pytest.mark.parametrize(("name", "content", "line", "fault"), REFUSED)
def test_malformed_files_are_refused_with_file_and_line(
    tmp_path: Path, name: str, content: str, line: int, fault: str
):
    with pytest.raises(LexiconError, match=f"{name}, line {line}: .*{fault}"):
        load(tmp_path, name, content)


def test_a_file_without_any_frame_is_refused(tmp_path: Path):
    for name, content in {
        "w.ykd": "<dictionary/>",
        "w.lc3": "\n",
        "w.csv": "frame,pattern",
    }.items():
        with pytest.raises(LexiconError, match=f"{name}: the lexicon has no frames"):
            load(tmp_path, name, content)


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path):
    for path, fault in ((tmp_path / "gone.dic", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(LexiconError, match=rf"{path}: {fault}"):
            LexiconFile.open(path)


def test_an_unknown_ending_or_encoding_is_refused(tmp_path: Path):
    with pytest.raises(LexiconError, match="known endings are"):
        load(tmp_path, "w.docx", "sun")
    with pytest.raises(LexiconError, match="utf-9"):
        load(tmp_path, "w.lc3", "+DRY\nsun", "utf-9")


def test_a_bottomless_file_is_refused(tmp_path: Path):
    deep = "".join("\n" + "\t" * depth + f"{depth} c" for depth in range(1, 3000))
    files = {
        "deep.yml": "a: " + "{b: " * 3000 + "[c]" + "}" * 3000,
        "deep.dic": f"%{deep}\n%\nsun\t2999\n",
    }
    for name, content in files.items():
        with pytest.raises(LexiconError, match="too deep"):
            load(tmp_path, name, content)


def test_a_legacy_encoding_is_named_not_guessed(tmp_path: Path):
    content = "+DRY\nföhn\n".encode("cp1252")
    assert load(tmp_path, "w.lc3", content, "cp1252").frames == {"dry": ("föhn",)}
    assert load(tmp_path, "u.lc3", "+DRY\nföhn\n".encode("utf-16")).frames == {"dry": ("föhn",)}


@pytest.mark.shared
def test_the_samples_of_six_formats_are_one_lexicon(shared: Path):
    folder = shared / "formats" / "lexicons"
    files = [*sorted(folder.glob("mary.*")), folder / "actually_ykd.cat"]
    lexicons = [Lexicon.load(path) for path in files]
    assert len(files) == 7
    assert len({lexicon.fingerprint for lexicon in lexicons}) == 1
    assert all(list(x.frames) == ["a_category", "another_category"] for x in lexicons)


@pytest.mark.shared
def test_odd_samples_are_read_rightly_or_refused(shared: Path):
    folder = shared / "formats" / "lexicons"
    both = {"a_category": ("more", "lamb", "little"), "another_category": ("little", "had", "mary")}
    assert Lexicon.load(folder / "mary_doubleterm.dic").frames == both
    assert Lexicon.load(folder / "mary_multipletabs.dic").frames == both
    assert Lexicon.load(folder / "shift-jis.cat", "shift_jis").frames["non-latin"][0] == "あ"
    assert Lexicon.load(folder / "windows-1252.cat", "cp1252").frames["non-latin"][0] == "š"
    # Counted in the file itself: 2,103 words, each once, between carriage returns.
    mfd = Lexicon.load(folder / "mfd2.0.dic").frames
    assert sum(len(patterns) for patterns in mfd.values()) == 2103
    assert "level the playing field" in mfd["fairness.virtue"]
    for name, fault in {
        "mary_missingcat.dic": "line 9: 'little' is in category 03",
        "liwc_hierarchical.dic": "line 16: category 'else' has no number",
        "shift-jis.cat": "line 6: not utf-8",
        "windows-1252.cat": "line 6: not utf-8",
    }.items():
        with pytest.raises(LexiconError, match=fault):
            Lexicon.load(folder / name)


PIECES = st.sampled_from(
    ["%", "\n", "\r", "\t", " ", "  ", "1", "2", "+", "a", "sun*", "(1)", ",", ";", '"', "'",
     "frame", "pattern", ":", "- ", "-", "[", "]", "{", "}", "&a", "*a", "!!int", "|", ">", "?",
     "_", "_about", "negators", "negation_window", "contrasts", "frames", "definition", " vs ",
     "<dictionary>", "</dictionary>", "<cnode name='a'>", "</cnode>", "<pnode name='b'/>", "<?xml",
     "<!DOCTYPE a>", "&amp;", "\x00", "\x85", "\u2028", "\ufeff", "é", "\U0001f327", "²", "½", "@",
     "\nA\n\tb (1)\n", "\tc (1.2.3)\n", "%\n1 a\n2 b\n%\n", "sun\t1\n", "\n+A\nsun\n",
     "frame,pattern\n", "a,sun\n", "\na: [sun]\n", "\n_about: {negators: ["]
)  # fmt: skip


@pytest.mark.parametrize("suffix", [".yml", ".dic", ".lc3", ".cat", ".csv", ".ykd"])
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.lists(PIECES, max_size=30).map(lambda pieces: "".join(pieces).encode()),
        st.binary(max_size=60),
    )
)
def test_any_file_is_read_or_refused(tmp_path: Path, suffix: str, content: bytes):
    try:
        lexicon = load(tmp_path, f"fuzz{suffix}", content)
    except LexiconError as error:
        assert f"fuzz{suffix}" in str(error)
    else:
        assert all(lexicon.frames.values())
        lexicon.save(tmp_path / "again.yml")
        assert Lexicon.load(tmp_path / "again.yml").frames == lexicon.frames
        find_hits(tokenize(["a b", "sun"]), lexicon)
