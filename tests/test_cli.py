import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from analysis.cli import main
from analysis.lexicons.lexicon import Lexicon


def framing(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def study(root: Path, tmp_path: Path) -> Path:
    for name in ("study.toml", "articles.csv"):
        shutil.copy(root / "data" / "sample" / name, tmp_path)
    return tmp_path / "study.toml"


@pytest.fixture
def done(finished: Path, tmp_path: Path) -> Path:
    """The same study, with the results of an earlier run beside it."""
    return shutil.copytree(finished, tmp_path / "done") / "study.toml"


def test_help_names_every_command_and_the_exit_codes():
    result = framing("--help")
    assert result.exit_code == 0
    for word in ("run", "new", "check", "import", "kwic", "bundle", "Exit codes: 0 done"):
        assert word in result.stdout


def test_help_loads_nothing_heavy(root: Path):
    code = (
        "import sys, analysis.cli; analysis.cli.main(['--help'], standalone_mode=False); "
        "print(sorted({'pandas', 'numpy', 'matplotlib', 'pyarrow', 'numba'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert run.stdout.endswith("[]\n")


def test_run_says_what_became_of_the_rows(done: Path):
    result = framing("run", done)
    assert result.exit_code == 0, result.output
    assert "48 rows: 46 analysed, 2 rejected, 0 left out by the study." in result.stdout
    assert framing("run", "--quiet", done).stdout == ""


def test_a_user_s_mistake_is_one_line_and_exit_code_2(study: Path):
    study.write_text(study.read_text("utf-8").replace("[lexicon]", "[lexikon]"), "utf-8")
    result = framing("run", study)
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("framing: study.toml, line ")
    assert "did you mean 'lexicon'?" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import"], "framing: Missing argument 'PATHS...'. See: framing import --help"),
        (["nope"], "framing: No such command 'nope'. See: framing --help"),
        (["--nope"], "framing: No such option"),
        (["run", "a.toml", "--quite"], "framing: No such option"),
        (["kwic", "a.toml", "talks", "--window", "a"], "framing: Invalid value for '--window'"),
        (["kwic", "a.csv", "b", "--window", "9" * 20], "framing: Invalid value for '--window'"),
        (["count", "a.csv"], "framing: Missing option '-o'"),
        (["kwic", "", "talks"], "framing: Invalid value for 'SOURCE': the path is empty"),
        (["count", "a.csv", "-o", ""], "framing: Invalid value for '-o' / '--output'"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_code_2(arguments: list[str], said: str):
    result = CliRunner().invoke(main, arguments, prog_name="framing")
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(said)
    assert line.endswith("--help")


def test_advice_where_nothing_is_found_and_files_that_are_no_studies(tmp_path: Path):
    corpus = tmp_path / "a.csv"
    corpus.write_text("outlet,date,text\nGazette,2021-03-14,The talks went on.\n", "utf-8")
    for what, said in (("zebra", "'zebra*'"), ("zebra*", "'zebr*'"), ("zebras*", "'zebra*'")):
        assert framing("kwic", corpus, what).stderr.endswith(f"other forms of it, such as {said}\n")
    result = framing("kwic", corpus, "zebra", "--csv", tmp_path / "lines.csv")
    assert result.stdout.endswith("lines.csv: try other forms of it, such as 'zebra*'\n")
    assert "is not a study file, but perhaps the corpus" in framing("run", corpus).stderr
    assert "ends in .toml" in framing("new", tmp_path / "study.txt").stderr
    assert "Did you mean 'kwic'? See: " in framing("kwci").stderr
    assert framing("new", tmp_path / "S.TOML").exit_code == 0
    assert "there is no such file" in framing("check", tmp_path / "S.TOML").stderr


def test_a_warning_is_a_line(monkeypatch: pytest.MonkeyPatch):
    def warn(*_: object) -> str:
        warnings.warn("first\nsecond", stacklevel=1)
        return ""

    monkeypatch.setattr(Lexicon, "__repr__", warn)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert framing("check", "countries").stderr == "first second\n"


def test_lines_of_no_words_and_a_file_that_is_a_folder(tmp_path: Path):
    corpus = tmp_path / "a.csv"
    corpus.write_text("outlet,date,text\nGazette,2021-03-14,The talks went on.\n", "utf-8")
    result = framing("kwic", corpus, "talks", "--window", 0)
    assert result.stdout == "Gazette, 2021-03-14:  [talks] \n"
    result = framing("kwic", corpus, "talks", "--csv", "..")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert result.stderr.startswith("framing: ..: can't be written")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["check", "countries"]])
def test_no_room_for_what_is_printed_is_one_line(arguments: list[str], root: Path):
    command = [sys.executable, "-m", "analysis.cli", *arguments]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=root)
    assert (run.returncode, run.stderr) == (2, "framing: No space left on device\n")


def test_without_a_command_the_help_is_shown():
    assert "Usage: framing" in CliRunner().invoke(main, [], prog_name="framing").output


def test_count_leaves_no_folder_where_it_fails(tmp_path: Path):
    before = tmp_path / "there"
    before.mkdir()
    for output in (tmp_path / "a" / "counts", before):
        for arguments in (["nothere.csv"], [tmp_path, "--threads", "0"]):
            result = framing("count", *arguments, "-o", output)
            assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert list(tmp_path.iterdir()) == [before]


@pytest.mark.parametrize(
    ("command", "row", "why"),
    [
        *(
            (each, "", "There are no rows besides headers.")
            for each in ("import", "count", "events")
        ),
        # What is not listed in a file is counted in the message.
        ("count", "G,soon,Talks.\n", "unreadable date: 1 row."),
    ],
)
def test_a_table_without_articles_is_said(tmp_path: Path, command: str, row: str, why: str):
    table, output = tmp_path / "a.csv", tmp_path / "out.parquet"
    table.write_text("outlet,date,text\n" + row)
    result = framing(command, table, "-o", output)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "a.csv: holds no article" in result.stderr
    assert result.stderr.endswith(f" {why}\n")
    assert not output.exists()


def test_new_writes_a_study_that_check_allows_and_run_runs(root: Path, tmp_path: Path):
    corpus = pd.read_csv(root / "data" / "sample" / "articles.csv").rename(columns={"id": "doc_id"})
    corpus.to_csv(tmp_path / 'the "raw" texts.csv', index=False)
    study = tmp_path / "new" / "study.toml"
    assert framing("new", study, "--corpus", '../the "raw" texts.csv').exit_code == 0
    checked = framing("check", study)
    assert checked.exit_code == 0, checked.stderr
    assert "deterrence against dialogue" in checked.stdout
    assert framing("run", study).exit_code == 0
    assert (study.parent / "results" / "report.html").is_file()
    again = framing("new", study)
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    nowhere = framing("new", study / "study.toml")
    assert (nowhere.exit_code, "can't be written" in nowhere.stderr) == (2, True)
    for command in ("run", "check"):
        missing = framing(command, tmp_path / "none.toml")
        assert missing.exit_code == 2
        assert "none.toml: there is no such file. Make one with: framing new" in missing.stderr


def test_check_shows_what_a_lexicon_does_to_a_corpus(root: Path, tmp_path: Path):
    lexicon = tmp_path / "lexicon.yml"
    lexicon.write_text("f: [talk*, parleyings]\n_about: {language: english}", encoding="utf-8")
    result = framing("check", lexicon, root / "data" / "sample" / "articles.csv")
    assert result.exit_code == 0, result.stderr
    assert "no match\nframe" in result.stdout
    assert "parleyings" in result.stdout
    assert "neighbour\nframe" in result.stdout
    # A neighbour that stands there once says nothing.
    neighbours = result.stdout.partition("neighbour\n")[2].splitlines()[1:]
    assert neighbours and all(int(re.search(r" (\d+) ", line)[1]) > 1 for line in neighbours)


def test_check_counts_the_hits_of_each_frame(tmp_path: Path):
    lexicon, corpus = tmp_path / "lexicon.yml", tmp_path / "corpus.csv"
    lexicon.write_text("pressure: [threat*]\nparley: [talks, treaty]\nthird: [x]\n")
    corpus.write_text(
        "outlet,date,text\nGazette,2021-03-14,A threat of threats.\n"
        "Herald,2021-03-15,Talks on a threat.\n"
    )
    result = framing("check", lexicon, corpus)
    assert result.stdout.splitlines()[2:5] == [
        "pressure: 3 hits in 2 articles",
        "parley: 1 hit in 1 article",
        "third: 0 hits in 0 articles",
    ]
    lexicon.write_text("_about: {negators: [no]}\npressure: [threat, threats]\nparley: [talks]\n")
    corpus.write_text("outlet,date,text\nGazette,2021-03-14,No threat. Threats and talks.\n")
    result = framing("check", lexicon, corpus)
    assert "pressure: 2 hits in 1 article, 1 of them after a negator" in result.stdout
    about = "_about: {language: english}\n"
    lexicon.write_text(f"{about}pressure: [threat, threats]\nparley: [talks]\n")
    assert framing("check", lexicon, corpus).stdout.endswith("Nothing needs a second look.\n")


def test_check_says_what_was_rejected(root: Path, tmp_path: Path):
    lexicon = tmp_path / "lexicon.yml"
    lexicon.write_text("f: [talk*]\n_about: {language: english}", encoding="utf-8")
    # Its README: 48 articles, two of them undated.
    result = framing("check", lexicon, root / "data" / "sample" / "articles.csv")
    assert "48 rows: 46 articles, 2 rejected (no date: 2)." in result.stdout.splitlines()
    corpus = tmp_path / "undated.csv"
    corpus.write_text("outlet,date,text\nGazette,soon,They met.\n", encoding="utf-8")
    result = framing("check", lexicon, corpus)
    assert result.exit_code == 2
    assert "1 row: 0 articles, 1 rejected (unreadable date: 1)." in result.stdout
    assert "has no article to check the lexicon on" in result.stderr
    assert "no match" not in result.stdout


def test_check_takes_the_names_of_columns(tmp_path: Path):
    lexicon, corpus = tmp_path / "lexicon.yml", tmp_path / "corpus.csv"
    lexicon.write_text("f: [talk*]\n_about: {language: english}", encoding="utf-8")
    corpus.write_text("blatt,date,inhalt\nGazette,2021-03-14,They met.\n", encoding="utf-8")
    result = framing(
        "check", lexicon, corpus, "--columns", "outlet=blatt", "--columns", "text=inhalt"
    )
    assert result.exit_code == 0, result.stderr
    assert "1 row: 1 article, 0 rejected." in result.stdout.splitlines()
    study = tmp_path / "study.toml"
    study.write_text("", encoding="utf-8")
    result = framing("check", study, "--columns", "outlet=blatt")
    assert result.exit_code == 2
    assert "--columns is for a lexicon and a CORPUS" in result.stderr


@pytest.mark.parametrize("command", ["import", "events"])
def test_without_an_article_nothing_is_written(command: str, tmp_path: Path):
    source, output = tmp_path / "undated.csv", tmp_path / "articles.parquet"
    source.write_text("outlet,date,text\nGazette,soon,They met.\n", encoding="utf-8")
    result = framing(command, source, "-o", output)
    assert result.exit_code == 2
    assert "undated.csv: holds no article, and nothing is written to" in result.stderr
    assert "articles.rejected.csv has the reason for each row.\n" in result.stderr
    assert not output.exists()
    rejected = pd.read_csv(tmp_path / "articles.rejected.csv")
    assert rejected["reason"].tolist() == ["unreadable date"]


def test_import_lists_what_was_rejected(root: Path, tmp_path: Path):
    source = root / "data" / "sample" / "articles.csv"
    result = framing("import", source, "-o", tmp_path / "articles.parquet")
    assert result.exit_code == 0, result.stderr
    assert "48 rows in 1 file: 46 articles, 2 rejected." in result.stdout
    assert "2  no date" in result.stdout
    assert len(pd.read_parquet(tmp_path / "articles.parquet")) == 46
    assert len(pd.read_csv(tmp_path / "articles.rejected.csv")) == 2
    # An import without rejected rows leaves no list of an earlier one's.
    again = tmp_path / "again.parquet"
    shutil.copy(tmp_path / "articles.parquet", again)
    assert framing("import", again, "-o", tmp_path / "articles.parquet").exit_code == 0
    assert not (tmp_path / "articles.rejected.csv").exists()


def test_columns_can_be_told(tmp_path: Path):
    corpus, output = tmp_path / "texte.csv", tmp_path / "articles.parquet"
    corpus.write_text(
        "Zel\u0151,D\u017ern,Trem\u010d\nGazette,2021-03-14,Talks.\n", encoding="utf-8"
    )
    result = framing("import", corpus, "-o", output)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    # The message can be taken at its word.
    for told in (
        "--columns outlet='your column'",
        "--columns date='your column'",
        "[corpus.columns]",
    ):
        assert told in result.stderr
    told = [
        f"--columns={pair}" for pair in ("outlet=Zel\u0151", "date=D\u017ern", "text=Trem\u010d")
    ]
    imported = framing("import", corpus, *told, "-o", output)
    assert "1 row in 1 file: 1 article, 0 rejected." in imported.stdout
    assert pd.read_parquet(output)["text"].tolist() == ["Talks."]
    counted = framing("count", corpus, *told, "--by", "outlet", "-o", tmp_path / "counts")
    assert counted.exit_code == 0, counted.stderr
    wrong = framing("import", corpus, "--columns", "Zeitung", "-o", output)
    assert (wrong.exit_code, "is not NAME=COLUMN" in wrong.stderr) == (2, True)


def test_import_never_writes_over_what_it_reads(root: Path, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    table = folder / "articles.csv"
    shutil.copy(root / "data" / "sample" / "articles.csv", table)
    frame = pd.read_csv(table)
    frame.to_parquet(folder / "articles.parquet")
    frame.to_csv(tmp_path / "b.rejected.csv", index=False)
    (tmp_path / "link.parquet").symlink_to(folder / "articles.parquet")
    (tmp_path / "hard.parquet").hardlink_to(folder / "articles.parquet")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for source, output, said in [
        (table, table, "does not end in .parquet"),
        (table, tmp_path / "out.xlsx", "does not end in .parquet"),
        (table, ".", "is a folder"),
        (folder / "articles.parquet", folder / "articles.parquet", "would be overwritten"),
        (folder / "articles.parquet", tmp_path / "link.parquet", "would be overwritten"),
        (folder / "articles.parquet", tmp_path / "hard.parquet", "would be overwritten"),
        # Two of the sample's rows are rejected, and listed beside the output.
        (tmp_path / "b.rejected.csv", tmp_path / "b.parquet", "would be overwritten"),
        (folder, folder / "deeper" / "out.parquet", "lies inside"),
    ]:
        result = framing("import", source, "-o", output)
        assert (result.exit_code, said in result.stderr) == (2, True), result.output
        assert len(result.stderr.splitlines()) == 1
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_a_bundle_has_counts_and_no_text(done: Path):
    result = framing("bundle", done, "-o", done.parent / "bundle")
    assert result.exit_code == 0, result.stderr
    documents = pd.read_parquet(done.parent / "bundle" / "documents.parquet")
    assert documents["doc_id"].nunique() == 46
    assert not documents.duplicated(["doc_id", "voice", "source"]).any()
    assert not {"text", "title"} & set(documents)


def test_kwic_prints_a_line_a_hit(done: Path):
    result = framing("kwic", done, "ceasefire*", "--where", "outlet=Skarrow Wire")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines
    assert all(line.startswith("Skarrow Wire, 202") for line in lines)
    assert all("[ceasefire" in line.casefold() for line in lines)
    assert result.stderr == f"{len(lines)} lines\n"
    date = lines[0].removeprefix("Skarrow Wire, ")[:10]
    of_day = framing("kwic", done, "ceasefire*", "--where", f"date={date}")
    assert of_day.stdout.splitlines()
    assert all(f", {date}: " in line for line in of_day.stdout.splitlines())
    written = framing("kwic", done, "dialogue", "--csv", done.parent / "lines.csv")
    assert f"{len(pd.read_csv(done.parent / 'lines.csv'))} lines in" in written.stdout
    quarter = f"{date[:4]}-Q{(int(date[5:7]) + 2) // 3}"
    of_quarter = framing("kwic", done, "ceasefire*", "--where", f"quarter={quarter}")
    assert set(of_day.stdout.splitlines()) <= set(of_quarter.stdout.splitlines())
    none = framing("kwic", done, "zebras")
    assert none.stderr == "0 lines: try other forms of it, such as 'zebra*'\n"
    wrong = framing("kwic", done, "dialogue", "--where", "outlet")
    assert (wrong.exit_code, "is not COLUMN=VALUE" in wrong.stderr) == (2, True)


def test_kwic_reads_a_table(tmp_path: Path):
    table = tmp_path / "news.csv"
    rows = ["A,2023-02-01,Talks failed.", "B,2023-05-01,No talks.", "B,,Rain."]
    table.write_text("\n".join(["Paper,Day,Words", *rows]))
    wrong = framing("kwic", table, "talk*")
    assert wrong.exit_code == 2
    assert "--columns text='Words'" in wrong.stderr or "'text'" in wrong.stderr
    result = framing("kwic", table, "talk*", "--columns", "text=Words")
    assert [line[:13] for line in result.stdout.splitlines()] == ["A, 2023-02-01", "B, 2023-05-01"]
    first = framing("kwic", table, "talk*", "--columns", "text=Words", "--where", "quarter=2023-Q1")
    assert [line[:1] for line in first.stdout.splitlines()] == ["A"]
    nowhere = framing(
        "kwic", table, "talk*", "--columns", "text=Words", "--where", "quarter=2022-Q1"
    )
    assert (nowhere.exit_code, "quarter='2022-Q1'" in nowhere.stderr) == (2, True)


def test_a_lexicon_that_is_not_there_is_exit_code_2(tmp_path: Path):
    missing = framing("check", tmp_path / "none.yml")
    assert (missing.exit_code, "there is no lexicon" in missing.stderr) == (2, True)


def test_a_folder_without_files_is_said_to_be_empty(tmp_path: Path):
    folder = tmp_path / "in"
    (folder / ".hidden").mkdir(parents=True)
    result = framing("import", folder, "-o", tmp_path / "articles.parquet")
    assert (result.exit_code, "holds no file to read" in result.stderr) == (2, True)


def test_import_takes_several_files(root: Path, tmp_path: Path):
    sample = root / "data" / "sample" / "articles.csv"
    more = tmp_path / "more.csv"
    more.write_text("outlet,date,text\nGazette,2021-03-14,Talks.\n", encoding="utf-8")
    result = framing("import", sample, more, "-o", tmp_path / "articles.parquet")
    assert result.exit_code == 0, result.stderr
    # The sample's README: 48 articles, two of them undated.
    assert "49 rows in 2 files: 47 articles, 2 rejected." in result.stdout
    again = framing("import", sample, more, more, "-o", tmp_path / "articles.parquet")
    assert (again.exit_code, "is given twice" in again.stderr) == (2, True)


def test_no_command_writes_over_what_it_reads(study: Path):
    home = study.parent
    corpus = home / "articles.csv"
    before = {path: path.read_bytes() for path in (study, corpus)}
    exports = home / "exports"
    exports.mkdir()
    shutil.copy(corpus, exports)
    for arguments, said in [
        (["kwic", study, "talks", "--csv", corpus], "would be overwritten"),
        (["kwic", study, "talks", "--csv", study], "would be overwritten"),
        (["bundle", study, "-o", corpus], "would be overwritten"),
        (["count", exports, "-o", exports], "would be overwritten"),
        (["count", exports, "-o", exports / "counts"], "lies inside"),
        (["count", exports, "-o", home / "counts", "--work", exports / "work"], "lies inside"),
    ]:
        result = framing(*arguments)
        assert (result.exit_code, said in result.stderr) == (2, True), result.output
    assert before == {path: path.read_bytes() for path in before}
    assert sorted(path.name for path in home.iterdir()) == ["articles.csv", "exports", "study.toml"]
    # Where the corpus is the study's own folder, its results are no part of it.
    study.write_text(study.read_text("utf-8").replace('"articles.csv"', '"."'), "utf-8")
    shutil.rmtree(exports)
    lines = framing("kwic", study, "talks", "--csv", home / "lines.csv")
    assert (lines.exit_code, "lies inside" in lines.stderr) == (2, True)
    inside = framing("kwic", study, "talks", "--csv", home / "results" / "lines.csv")
    assert inside.exit_code == 0, inside.stderr


@pytest.mark.parametrize(("text", "fits"), [("Talks resume.", True), ("Es regnet.", False)])
def test_a_run_says_that_no_hit_counts(tmp_path: Path, text: str, fits: bool):
    rows = pd.DataFrame({"outlet": ["Gull", "Tern"], "date": "2021-03-14", "text": text})
    rows.to_csv(tmp_path / "a.csv", index=False)
    study = tmp_path / "study.toml"
    study.write_text('[corpus]\npath = "a.csv"\n[lexicon]\nuse = "deterrence-dialogue"\n')
    result = framing("run", study, "--jobs", 1)
    assert result.exit_code == 0, result.output
    assert ("No hits were counted. Does the lexicon fit" in result.stdout) == (not fits)


def test_each_stage_is_said():
    from analysis.cli import DOING
    from analysis.study.pipeline import STEPS

    assert {*STEPS, "show"} == {*DOING}


@pytest.mark.parametrize("command", ["import", "events", "count", "kwic"])
def test_an_empty_path_is_not_the_current_folder(command: str, tmp_path: Path):
    words = ["talks"] if command == "kwic" else ["-o", str(tmp_path / "out.parquet")]
    result = framing(command, "", *words)
    assert result.exit_code == 2
    assert "the path is empty" in result.stderr
