"""What would fail on another system: its code page, its file names, calls that only POSIX has."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path, PureWindowsPath

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from analysis.cli import main
from analysis.tokens import tokenize

# No font with Chinese letters need be installed here.
pytestmark = pytest.mark.filterwarnings("ignore:no font that charts use")

ROOT = Path(__file__).parent.parent
OUTLETS = ("Новости", "新聞", "Αυγή", "Gazette\u2019s")
PAGES = ("cp1252", "cp437", "cp850", "cp932", "ascii")
SOURCES = [
    path
    for room in ("analysis", "figures", "tools")
    for path in sorted((ROOT / room).rglob("*.py"))
]
# Modules and names that CPython documents as "Availability: Unix"; and os.rename, which on Windows
# refuses a name that is taken.
POSIX_MODULES = {
    "crypt", "curses", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "spwd",
    "syslog", "termios", "tty",
}  # fmt: skip
POSIX_NAMES = {
    "os": {
        "WEXITSTATUS", "chown", "chroot", "fchown", "fork", "forkpty", "getegid", "geteuid",
        "getgid", "getpgid", "getpriority", "getuid", "killpg", "lchown", "mkfifo", "mknod", "nice",
        "pread", "pwrite", "rename", "renames", "sched_getaffinity", "sched_setaffinity",
        "setsid", "setuid", "statvfs", "sysconf", "uname", "wait", "waitpid",
    },
    "signal": {
        "SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGUSR1",
        "SIGUSR2", "alarm", "pause", "pthread_sigmask", "setitimer", "sigwait",
    },
}  # fmt: skip
# It needs fork by its nature, says so, and is a maintainer's.
POSIX_TOOLS = {"tools/mutants.py"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of outlets that no single code page can name, with a lexicon in their languages."""
    folder = tmp_path_factory.mktemp("corpus") / "Проба"
    folder.mkdir()
    words = ("harbour", "bread", "sanctions", "summit")
    rows = [
        (f"{outlet}-{month}", outlet, f"2021-0{month}-03",
         f"{outlet}: sanctions, then talks. " + f"Of {words[place]} again. " * (month % 3))
        for place, outlet in enumerate(OUTLETS)
        for month in range(1, 9)
    ]  # fmt: skip
    rows.append(("bad", OUTLETS[0], "kein Datum, нет даты", "No day."))
    table = pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"])
    table.to_csv(folder / "статьи.csv", index=False, encoding="utf-8")
    study = (
        '[corpus]\npath = "статьи.csv"\n\n[prepare]\nclean = false\nvoices = false\n'
        'reprints = "keep"\n\n[lexicon]\nuse = "словарь.yml"\n'
    )
    (folder / "s.toml").write_text(study, encoding="utf-8")
    # In the locale C, Python can't open a file whose name is not in ASCII.
    table.to_csv(folder / "a.csv", index=False, encoding="utf-8")
    plain = study.replace("статьи.csv", "a.csv").replace("словарь.yml", "deterrence-dialogue")
    (folder / "a.toml").write_text(plain, encoding="utf-8")
    lexicon = (
        "_about:\n  name: словарь\n  contrasts: [угроза vs диалог]\n"
        "угроза: [sanction*, санкци*]\nдиалог: [talk*]\n"
    )
    (folder / "словарь.yml").write_text(lexicon, encoding="utf-8")
    return folder


COMMANDS = {
    "kwic": ["kwic", "s.toml", "talks"],
    "kwic of a frame": ["kwic", "s.toml", "угроза"],
    "kwic to a file": ["kwic", "s.toml", "talks", "--csv", "строки.csv"],
    "import": ["import", "статьи.csv", "-o", "итог.parquet"],
    "check a study": ["check", "s.toml"],
    "check a lexicon": ["check", "словарь.yml"],
    "check on a corpus": ["check", "словарь.yml", "статьи.csv"],
    "count": ["count", "статьи.csv", "--by", "outlet", "-o", "счёт"],
    "bundle": ["bundle", "s.toml", "-o", "пакет"],
    "new": ["new", "новый.toml"],
    "run": ["run", "s.toml"],
    "help": ["kwic", "--help"],
}


def framing(page: str, arguments: list[str]) -> Result:
    """The command in a console of this code page."""
    return CliRunner(charset=page).invoke(main, arguments)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_code_page_stops_a_command(command: str, corpus: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(corpus)
    framing("utf-8", COMMANDS[command])  # a study that has run once says less the next time
    shown = {}
    for page in PAGES:
        Path("новый.toml").unlink(missing_ok=True)
        result = framing(page, COMMANDS[command])
        assert result.exit_code == 0, (page, result.output, result.exception)
        shown[page] = result.stdout
    Path("новый.toml").unlink(missing_ok=True)
    whole = framing("utf-8", COMMANDS[command]).stdout
    for page in set(PAGES) - {"ascii"}:  # which click takes for a mistake, and writes as UTF-8
        # All that the page has is shown, and all else is a question mark.
        assert shown[page] == whole.encode(page, "replace").decode(page)


@pytest.mark.parametrize("page", PAGES)
def test_a_fault_is_still_one_line(page: str, corpus: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(corpus)
    for arguments in (["run", "нет.toml"], ["check", "нет.yml"], ["kwic", "s.toml", "--новый"]):
        result = framing(page, arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        (line,) = result.stderr.splitlines()
        assert line.startswith("framing: ")


@pytest.mark.parametrize("page", ["cp1252", "cp437:strict", "ascii", "C"])
def test_the_program_itself_writes_in_an_old_code_page(page: str, corpus: Path):
    own = {"PYTHONUTF8": "0", "PYTHONPATH": str(ROOT)}
    if page == "C":
        own |= {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    else:
        own |= {"PYTHONIOENCODING": page}
    run = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning:analysis",
         "-m", "analysis.cli", "kwic", "a.toml", "talks"],
        cwd=corpus, env=os.environ | own, capture_output=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) == len(OUTLETS) * 8
    assert b"Traceback" not in run.stderr


def test_every_file_of_a_study_has_a_name_that_windows_takes(corpus: Path):
    names = ['a:b/c?d*"e"<f>|g\\h', "con", "aux ", "nul."]
    words = ("sanction*", "talk*", "then", "gazette")
    lines = "".join(f"{name!r}: [{word}]\n" for name, word in zip(names, words, strict=True))
    (corpus / "odd.yml").write_text(lines, encoding="utf-8")
    study = (corpus / "s.toml").read_text(encoding="utf-8").replace("словарь.yml", "odd.yml")
    table = pd.read_csv(corpus / "статьи.csv").assign(**{"co:n?": "x"})
    table.to_csv(corpus / "odd.csv", index=False)
    pairs = [[names[0], names[1]], [names[2], names[3]]]
    study = study.replace("статьи.csv", "odd.csv") + f"contrasts = {pairs!r}\n"
    (corpus / "odd.toml").write_text(
        'output = "odd"\ngroups = ["co:n?", "outlet"]\n' + study, encoding="utf-8"
    )
    result = framing("utf-8", ["run", str(corpus / "odd.toml")])
    assert result.exit_code == 0, result.output
    paths = [path.relative_to(corpus) for path in (corpus / "odd").rglob("*")]
    assert len({path.as_posix().casefold() for path in paths}) == len(paths) > 20
    for path in paths:
        for part in path.parts:
            assert not set(part) & set('<>:"/\\|?*'), path
            assert not part.endswith((" ", ".")), path
            assert all(ord(letter) > 31 for letter in part), path
            assert not PureWindowsPath(part).is_reserved(), path


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The modules that are imported and the attributes that are read of modules, by line."""
    # What stands in the else of `if sys.platform == "win32"` is never reached there.
    elsewhere = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "sys.platform == 'win32'"
        for other in node.orelse
        for inner in ast.walk(other)
    }
    for node in ast.walk(tree):
        if node in elsewhere:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module.partition(".")[0]
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.lineno, f"{node.value.id}.{node.attr}"


def posix_only(code: str) -> list[tuple[int, str]]:
    names = {f"{module}.{name}" for module in POSIX_NAMES for name in POSIX_NAMES[module]}
    return [call for call in calls(ast.parse(code)) if call[1] in POSIX_MODULES | names]


def test_nothing_calls_what_only_posix_has():
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in SOURCES
        if (lines := posix_only(path.read_text(encoding="utf-8")))
    }
    assert set(found) == POSIX_TOOLS, found
    guarded = "if sys.platform == 'win32':\n    import {}\nelse:\n    import {}"
    assert not posix_only(guarded.format("msvcrt", "fcntl"))
    assert posix_only(guarded.format("fcntl", "msvcrt")) == [(2, "fcntl")]
    # What is looked for is found.
    assert sorted(posix_only("import os\nos.fork()\nfrom signal import SIGKILL\nimport fcntl")) == [
        (2, "os.fork"), (3, "signal.SIGKILL"), (4, "fcntl"),
    ]  # fmt: skip


def test_a_spawned_process_can_do_the_work():
    """Windows and macOS start processes anew: nothing may hang on what a fork inherits."""
    texts = ["Sanctions, then talks.", "Нет санкций."]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        (there,) = pool.map(tokenize, [texts])
    here = tokenize(texts)
    assert there.terms.tolist() == here.terms.tolist()
    assert there.ids.tolist() == here.ids.tolist()
