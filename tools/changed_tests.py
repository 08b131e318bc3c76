"""Run the tests of what differs from main: the module's own, and those of its room that use it.

Tests marked slow are left to `make test`, and so are the tests of other rooms.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# What is no Python module, and what tests it.
BESIDE = {
    "README.md": "tests/test_readme.py",
    "docs": "tests/test_readme.py",
    "data": "tests/test_data.py",
    "figures": "tests/test_figures.py",
    "notebooks": "tests/test_notebooks.py",
}


def git(*arguments: str, root: Path = ROOT) -> list[str]:
    """Lines that git prints."""
    run = subprocess.run(  # noqa: S603
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=True  # noqa: S607
    )  # fmt: skip
    return run.stdout.splitlines()


def changed(base: str = "main", root: Path = ROOT) -> list[str]:
    """Files that differ from where this branch left `base`: committed, edited, or new."""
    (fork,) = git("merge-base", base, "HEAD", root=root)
    edited = git("diff", "--name-only", "--relative", fork, root=root)
    return sorted({*edited, *git("ls-files", "--others", "--exclude-standard", root=root)})


def tests_of(files: Iterable[str], root: Path = ROOT) -> list[str]:
    """What pytest is to be given for these files, each thing once."""
    found: dict[str, None] = {}
    for file in files:
        path = Path(file)
        top = path.parts[0]
        if top in ("analysis", "tools") and path.suffix == ".py":
            wanted = [file, *_of_module(path, root)]
        elif top == "tests" and path.name.startswith("test_") and path.suffix == ".py":
            wanted = [file]
        elif top == "tests" and path.parts[1] != "benchmarks":
            # A fixture or a helper: the test files beside it.
            wanted = _within(path.parent, root)
        else:
            wanted = [BESIDE[top]] if top in BESIDE else []
        found |= dict.fromkeys(name for name in wanted if (root / name).is_file())
    return list(found)


def _within(folder: Path, root: Path, pattern: str = "test_*.py") -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in (root / folder).glob(pattern))


def _of_module(path: Path, root: Path) -> list[str]:
    """The mirrored test of a module, and tests of the same room that import it."""
    inside = path.parts[1:] if path.parts[0] == "analysis" else path.parts
    if len(inside) == 1:
        of_room = _within(Path("tests"), root)
    else:
        of_room = _within(Path("tests", inside[0]), root, "**/test_*.py")
    dotted = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    return [
        name for name in of_room
        if name.endswith(f"/test_{path.name}") or dotted in (root / name).read_text("utf-8")
    ]  # fmt: skip


def main(base: str = "main") -> int:
    """Run them; the exit code is pytest's."""
    tests = tests_of(changed(base))
    if not tests:
        print(f"Nothing that has tests differs from {base}.")
        return 0
    print("\n".join(["Testing", *tests]), flush=True)
    code = pytest.main(
        ["-q", "-m", "not slow and not browser", "-n", "auto", "--dist", "loadfile", *tests]
    )
    # What changed may have slow tests alone.
    return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else int(code)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
