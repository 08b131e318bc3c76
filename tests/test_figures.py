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


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_figure_is_drawn_as_it_is_shipped(script: Path, tmp_path: Path):
    """Here on an old processor; `make figures` and a clean `git status` show it on this one."""
    old = OLD_PROCESSOR if platform.machine() in ("x86_64", "AMD64") else {}
    (tmp_path / "figures").mkdir()
    (tmp_path / "data").symlink_to(ROOT / "data")
    copy = shutil.copy(script, tmp_path / "figures")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = subprocess.run(
        [sys.executable, str(copy)], cwd=elsewhere,
        env=os.environ | old | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    written = {Path(line).suffix: Path(line) for line in run.stdout.split("\n") if line}
    assert {".svg", ".png", ".txt", ".csv"} <= set(written)
    for file in written.values():
        shipped = ROOT / "figures" / "out" / file.name
        assert file.read_bytes() == shipped.read_bytes(), f"{file.name}: run `make figures`"


def test_the_readme_shows_every_figure():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for script in SCRIPTS:
        assert f"figures/{script.name}" in readme
        assert f"figures/out/{script.stem}.png" in readme
