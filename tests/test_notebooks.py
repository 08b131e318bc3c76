"""Each notebook runs from top to bottom and says again what it says as shipped."""

import base64
import importlib.util
import json
import re
import shutil
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "run_notebooks", ROOT / "tools" / "run_notebooks.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(notebook: nbformat.NotebookNode) -> list[str]:
    """The text of each cell's outputs."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            texts.append(output.get("text", "") or data.get("text/plain", ""))
    return texts


def pictures(notebook: nbformat.NotebookNode) -> int:
    """How many charts there are, each of them with something on it."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output.get("data", {}) for output in outputs]
    drawn = [data["image/png"] for data in shown if "image/png" in data]
    # A chart's PNG has its width in bytes 16 to 19.
    assert all(int.from_bytes(base64.b64decode(png)[16:20], "big") > 100 for png in drawn)
    return len(drawn)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asks_for_nothing_from_elsewhere(path: Path):
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            page = output.get("data", {}).get("text/html", "")
            assert not re.search(r"(src|srcset|poster)=|<link|@import|url\(", page)


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_again_what_it_says(
    path: Path, tmp_path: Path, runner: ModuleType, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("MPLBACKEND")  # the kernel draws into the notebook
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data").symlink_to(ROOT / "data")
    copy = Path(shutil.copy(path, tmp_path / "notebooks"))
    runner.run(copy)
    shipped, again = nbformat.read(path, as_version=4), nbformat.read(copy, as_version=4)
    for number, (old, new) in enumerate(zip(said(shipped), said(again), strict=True)):
        assert new == old, f"output {number} differs: run `make notebooks`"
    assert pictures(again) == pictures(shipped)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_only_from_the_public_package(path: Path):
    source = "\n".join(
        cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
    )
    assert not re.search(r"^\s*(def|class) ", source, flags=re.M), "functions belong in analysis"
    assert "sys.path" not in source
    for module in re.findall(r"^(?:from|import) ([\w.]+)", source, flags=re.M):
        assert module.split(".")[0] in {"analysis", "pandas", "numpy", "pathlib", "IPython"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_its_outputs_and_no_errors(path: Path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    outputs = [o for c in notebook["cells"] for o in c.get("outputs", [])]
    assert outputs, "run `make notebooks`"
    assert not [o for o in outputs if o["output_type"] == "error"]


def test_what_is_the_reader_s_to_change_stands_in_one_cell():
    cells = nbformat.read(ROOT / "notebooks" / "00_your_corpus.ipynb", as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert len(code) == 10  # as it says of itself
    named = {"deterrence", "dialogue", "Lantern", "Chronicle", "summit", "articles.csv"}
    assert named & set(re.findall(r"[\w.]+", code[0]))
    for source in code[1:]:
        assert not named & set(re.findall(r"[\w.]+", source))
