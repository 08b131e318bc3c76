from pathlib import Path
from typing import get_args

import pytest

from analysis import periods
from analysis.errors import StudyError
from analysis.reading.checking import STANDARD
from analysis.study import settings
from analysis.study.settings_file import key_lines, read_settings

GOOD = """\
title = "A study"
groups = ["outlet", "lean"]

[corpus]
path = "articles.csv"
columns = { doc_id = "id" }
where.topic = ["north_korea"]

[lexicon]
use = "deterrence-dialogue"
contrasts = [["deterrence", "dialogue"]]

[periods.spans]
before = [2018-01-01, 2018-06-11]
"after the summit" = ["2018-06-12", "2018-12-31"]

[events]
"Singapore summit" = 2018-06-12
"""


def settings_of(tmp_path: Path, content: str):
    file = tmp_path / "study.toml"
    file.write_text(content, encoding="utf-8")
    return read_settings(file)


def test_a_study_file_becomes_settings_with_defaults(tmp_path: Path):
    s = settings_of(tmp_path, GOOD)
    assert (s.title, s.groups, s.output, s.seed) == ("A study", ("outlet", "lean"), "results", 1)
    assert s.corpus.columns == {"doc_id": "id"}
    assert s.corpus.where == {"topic": ("north_korea",)}
    assert s.lexicon.contrasts == (("deterrence", "dialogue"),)
    assert s.periods.spans == {
        "before": ("2018-01-01", "2018-06-11"),
        "after the summit": ("2018-06-12", "2018-12-31"),
    }
    assert s.events == {"Singapore summit": "2018-06-12"}
    assert (s.prepare.reprints, s.report.sentences) == ("once", 6)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[corpus]", "[corpas]",
         "study.toml, line 4: corpas is not a key; did you mean 'corpus'? Allowed are corpus"),
        ("[corpus]", "[xyz]", "study.toml, line 4: xyz is not a key; allowed are corpus"),
        ('path = "art', 'pahts = "art',
         "study.toml, line 5: corpus.pahts is not a key; did you mean 'path'?"),
        ('path = "articles.csv"\n', "",
         "study.toml, line 4: corpus.path is missing; a study needs it."),
        ('title = "A study"', "title = 7",
         "study.toml, line 1: title = 7: it must be text in quotation marks."),
        ('title = "A study"', "seed = true",
         "study.toml, line 1: seed = True: it must be a whole number."),
        ("2018-06-11]", "2017-06-11]",
         "line 14: periods.spans.before ends on 2017-06-11, before it begins on 2018-01-01."),
        ('"2018-06-12", "2018-12-31"', '"June", "2018-12-31"',
         "line 15: periods.spans.after the summit = 'June': it must be a day such as 2022-01-19."),
        ('"Singapore summit" = 2018-06-12', '"Singapore summit" = "12.6.2018"',
         "line 18: events.Singapore summit = '12.6.2018': it must be a day"),
        ('[["deterrence", "dialogue"]]', '[["deterrence"]]',
         'line 11: lexicon.contrasts = [[\'deterrence\']]: it must be pairs of frames, such as '),
        ('[["deterrence", "dialogue"]]', '[["deterrence", "dialogue", "deterrence"]]',
         "line 11: lexicon.contrasts = [['deterrence', 'dialogue', 'deterrence']]: it must be pa"),
        ("[2018-01-01, 2018-06-11]", "[2018-01-01, 2018-06-12]",
         "line 15: periods.spans.after the summit begins on 2018-06-12, and 'before' before it e"),
        ('{ doc_id = "id" }', '{ outlte = "id" }',
         "line 6: corpus.columns.outlte is not a column of the articles table; did you mean 'outl"),
        ('["north_korea"]', "[]",
         "line 7: corpus.where.topic = []: it must have at least one entry"),
        ("[periods.spans]", "[prepare]\nreprints = 'onec'\n[periods.spans]",
         "line 14: prepare.reprints = 'onec': allowed are keep, once, drop. Did you mean 'once'?"),
        ('title = "A study"', 'xyz = 1', "line 1: xyz is not a key; allowed are corpus, lexicon"),
        ("[events]", "[events", "study.toml is not valid TOML: "),
        ('path = "articles.csv"', "path = articles.csv", "): path = articles.csv. Each line"),
        ("[events]", "[prepare]\nevents = 1\n[events]",
         "allowed are clean, titles, reprints, voices. events is a key "
         "of the file itself: put it above the first [table]."),
        ("[events]", "[report]\nclean = true\n[events]", "clean belongs under [prepare]."),
        ("[events]", "[prepare]\nclean = 1 # \u2028\n[events]", "18: prepare.clean = 1: it must"),
        ("[events]",
         '[outlets]\nkeep = ["""\n[prepare]\nclean = 1\n"""]\n[prepare]\nclean = 1\n[events]',
         "line 23: prepare.clean = 1: it must be true or false."),
        ("[events]", '[events]\n"a\\"b" = 3', 'line 18: events.a"b = 3: it must be a day such as'),
        ("[events]", "[outlets]\naliases = { A = 3 }\n[events]", "18: outlets.aliases.A = 3: it"),
        ("[events]", '[outlets]\naliases = { A = "" }\n[events]', "18: outlets.aliases.A = '': "),
        ('{ doc_id = "id" }', '"id"', "6: corpus.columns = 'id': it must be a table, such as {"),
        ("[2018-01-01, 2018-06-11]", "[2018-01-01]", "before = [2018-01-01]: it must be the first"),
        ('["2018-06-12", "2018-12-31"]', "[2018, 2019]", "summit = 2018: it must be a day"),
        ('[["deterrence", "dialogue"]]', "[[1, 2]]", "contrasts = [[1, 2]]: it must be pairs of"),
    ],
)  # fmt: skip
def test_a_fault_names_the_line_the_key_and_the_nearest_spelling(
    tmp_path: Path, old: str, new: str, message: str
):
    assert GOOD.count(old) == 1
    with pytest.raises(StudyError) as error:
        settings_of(tmp_path, GOOD.replace(old, new))
    assert message in str(error.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"title = \x00"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes):
    file = tmp_path / "study.toml"
    file.write_bytes(content)
    with pytest.raises(StudyError, match=r"study\.toml"):
        read_settings(file)


def test_what_is_not_a_study_is_said_to_be_none(tmp_path: Path):
    file = tmp_path / "news.csv"
    file.write_text("outlet,date,text\n", encoding="utf-8")
    with pytest.raises(StudyError, match="is not a study file, but perhaps the corpus"):
        read_settings(file)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(StudyError, match="framing new"):
        read_settings(tmp_path / "none.toml")


def test_the_lines_of_keys():
    content = 'a = 1\n[b] # table\n"c d" = 2\n[b.e]\n  f.g = 3\n'
    assert key_lines(content) == {
        ("a",): 1, ("b",): 2, ("b", "c d"): 3, ("b", "e"): 4, ("b", "e", "f", "g"): 5,
    }  # fmt: skip


def test_what_is_written_twice_to_import_less_is_the_same():
    assert get_args(settings.Frequency) == periods.FREQUENCIES
    assert settings.COLUMNS == STANDARD
