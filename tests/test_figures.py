"""Each figure script runs by itself, from any folder, and draws what is in figures/out."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted((ROOT / "figures").glob("fig*.py"))
# What is shipped was drawn on a processor of today. This makes the C library's logarithms, NumPy's
# loops and the linear algebra take the paths of one of 2008, which end in other last digits.
OLD_PROCESSOR = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-FMA,-AVX2_Usable,-FMA_Usable",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "OPENBLAS_CORETYPE": "Prescott",
}  # fmt: skip


# One after the other in one process: importing takes longer than drawing.
ALL = "import runpy, sys; [runpy.run_path(path, run_name='__main__') for path in sys.argv[1:]]"


def draw(folder: Path, scripts: list[Path], *command: str, **environment: str) -> list[Path]:
    """The files that copies of these scripts write, run from another folder than theirs."""
    (folder / "figures").mkdir()
    (folder / "elsewhere").mkdir()
    (folder / "data").symlink_to(ROOT / "data")
    copies = [str(shutil.copy(script, folder / "figures")) for script in scripts]
    run = subprocess.run(
        [sys.executable, *command, *copies], cwd=folder / "elsewhere", capture_output=True,
        text=True, env=os.environ | {"PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return [Path(line) for line in run.stdout.splitlines()]


def assert_as_shipped(files: list[Path]) -> None:
    assert {".svg", ".png", ".txt", ".csv"} <= {file.suffix for file in files}
    for file in files:
        shipped = ROOT / "figures" / "out" / file.name
        assert file.read_bytes() == shipped.read_bytes(), f"{file.name}: run `make figures`"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    old = OLD_PROCESSOR if platform.machine() in ("x86_64", "AMD64") else {}
    return draw(tmp_path_factory.mktemp("old"), SCRIPTS, "-c", ALL, **old)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_figure_is_drawn_as_it_is_shipped(script: Path, drawn: list[Path]):
    """Here on an old processor; `make figures` and a clean `git status` show it on this one."""
    assert_as_shipped([file for file in drawn if file.stem == script.stem])


def test_a_script_runs_by_itself(tmp_path: Path):
    assert_as_shipped(draw(tmp_path, SCRIPTS[:1]))


def test_the_readme_shows_every_figure():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for script in SCRIPTS:
        assert f"figures/{script.name}" in readme
        assert f"figures/out/{script.stem}.png" in readme
