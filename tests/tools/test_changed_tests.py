"""Which tests belong to a change, in a small checkout made here."""

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    path = ROOT / "tools" / "changed_tests.py"
    spec = importlib.util.spec_from_file_location("changed_tests", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FILES = {
    "analysis/measuring/stance.py": "",
    "analysis/showing/charts/share.py": "",
    "analysis/periods.py": "",
    "tests/conftest.py": "",
    "tests/test_periods.py": "",
    "tests/test_figures.py": "",
    "tests/measuring/conftest.py": "",
    "tests/measuring/frames/test_stance.py": "from analysis.measuring.rates import rates",
    "tests/measuring/test_rates.py": "from analysis.measuring.stance import stance",
    "tests/measuring/test_tfidf.py": "from analysis.measuring.tfidf import tfidf",
    "tests/showing/test_charts_share.py": "from analysis.showing.charts.share import draw",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        # A module: its doctests, its own tests, and those of its room that import it.
        ("analysis/measuring/stance.py",
         ["analysis/measuring/stance.py", "tests/measuring/frames/test_stance.py",
          "tests/measuring/test_rates.py"]),
        ("analysis/showing/charts/share.py",
         ["analysis/showing/charts/share.py", "tests/showing/test_charts_share.py"]),
        # One that is gone: the tests that still name it.
        ("analysis/measuring/tfidf.py", ["tests/measuring/test_tfidf.py"]),
        ("tests/measuring/test_tfidf.py", ["tests/measuring/test_tfidf.py"]),
        ("tests/measuring/conftest.py",
         ["tests/measuring/test_rates.py", "tests/measuring/test_tfidf.py"]),
        # Above all rooms: what tests the ground, and no room.
        ("analysis/periods.py", ["analysis/periods.py", "tests/test_periods.py"]),
        ("figures/fig01_x.py", ["tests/test_figures.py"]),
        ("tests/measuring/test_gone.py", []),
        ("tests/benchmarks/common.py", []),
        ("CHANGELOG.md", []),
    ],
)  # fmt: skip
def test_a_change_has_its_tests(file: str, expected: list[str], checkout: Path, tool: ModuleType):
    assert sorted(tool.tests_of([file], checkout)) == sorted(expected)


def test_each_test_is_named_once(checkout: Path, tool: ModuleType):
    found = tool.tests_of(FILES, checkout)
    assert len(found) == len(set(found))


def test_what_is_committed_edited_and_new_differs_from_main(checkout: Path, tool: ModuleType):
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=checkout, check=True, capture_output=True)

    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "a")
    assert tool.changed("main", checkout) == []
    git("checkout", "-b", "branch")
    (checkout / "analysis/measuring/stance.py").write_text("x = 1")
    git("commit", "-am", "b")
    (checkout / "tests/test_figures.py").write_text("x = 1")
    (checkout / "new.py").touch()
    expected = ["analysis/measuring/stance.py", "new.py", "tests/test_figures.py"]
    assert tool.changed("main", checkout) == expected
    # What others did on main since is no change of this branch.
    git("add", ".")
    git("commit", "-m", "c")
    git("checkout", "main")
    (checkout / "tests/conftest.py").write_text("x = 1")
    git("commit", "-am", "d")
    git("checkout", "branch")
    assert tool.changed("main", checkout) == expected
