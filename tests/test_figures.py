"""Each figure script runs by itself, from any folder, and draws what is in figures/out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted((ROOT / "figures").glob("fig*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_figure_is_drawn_as_it_is_shipped(script: Path, tmp_path: Path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "data").symlink_to(ROOT / "data")
    copy = shutil.copy(script, tmp_path / "figures")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = subprocess.run(
        [sys.executable, str(copy)], cwd=elsewhere, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True,
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
