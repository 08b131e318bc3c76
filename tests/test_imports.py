"""The way through the house: a folder imports only from the folders above it."""

import ast
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest

# Rooms from the bottom: a module may import from its own room, and from rooms in earlier lines.
ROOMS = [
    ("errors", "escape"),
    ("files", "fingerprints", "formatting", "executors"),
    ("parts", "tables"),
    ("commands", "tokens"),
    ("reading",),
    ("articles",),
    ("periods",),
    ("lexicons", "preparing"),
    ("counting",),
    ("measuring",),
    ("showing",),
    ("study",),
    ("cli_events",),
    ("cli",),
]
ORDER = {name: number for number, names in enumerate(ROOMS) for name in names}
# By way of the public name: a method that is deprecated, and goes with the next release.
UPWARD = {("analysis.lexicons.lexicon", "analysis.check_lexicon")}
ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "analysis").rglob("*.py"))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {dotted(path): path for path in MODULES}


def imported(path: Path) -> set[str]:
    """The package's modules that a module imports, within functions too; other names whole."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            inside = node.module in NAMES and node.module != "analysis"
            found |= {node.module if inside and name not in NAMES else name for name in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {f"analysis.{node.attr}"} if node.value.id == "analysis" else set()
    ours = {name for name in found if name.startswith("analysis.")}
    return ours - {dotted(path), "analysis.__version__"}


IMPORTS = {name: imported(path) for name, path in NAMES.items()}


def room(name: str) -> str:
    return name.split(".")[1]


@pytest.mark.parametrize("name", sorted(IMPORTS.keys() - {"analysis"}))
def test_imports_run_one_way(name: str):
    here = room(name)
    upward = {
        there
        for there in IMPORTS[name]
        if room(there) != here and not ORDER.get(room(there), 99) < ORDER[here]
    }
    assert not {(name, there) for there in upward} - UPWARD


def test_the_exceptions_are_needed():
    assert all(there in IMPORTS[name] for name, there in UPWARD)


@pytest.mark.parametrize("here", sorted({room(name) for name in NAMES if name != "analysis"}))
def test_no_modules_import_each_other_in_a_circle(here: str):
    # A circle over several rooms would need an import upwards.
    graph = {
        name: {there for there in IMPORTS[name] if there in NAMES and room(there) == here}
        for name in NAMES
        if name != "analysis" and room(name) == here
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_imports_within_functions_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    module = tmp_path / "analysis" / "escape.py"
    module.parent.mkdir()
    module.write_text(
        "from analysis.tokens import kernel, fold\n"
        "def f():\n    import analysis\n    from analysis.errors import ReadError\n"
        "    return analysis.stance\n"
    )
    assert imported(module) == {
        "analysis.tokens.kernel", "analysis.tokens", "analysis.errors", "analysis.stance",
    }  # fmt: skip


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, pandas; before = set(sys.modules); import analysis; analysis.__all__; "
        "print(*sorted(m for m in set(sys.modules) - before if m.split('.')[0] in "
        "{'nltk', 'numba', 'sklearn', 'matplotlib', 'scipy', 'trafilatura', 'IPython'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_every_public_name_can_be_imported():
    import analysis

    for name in analysis.__all__:
        assert getattr(analysis, name).__doc__


def test_every_library_that_is_imported_is_a_dependency_of_our_own():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    declared = {re.match(r"[\w-]+", requirement)[0] for requirement in asked}
    nodes = [node for path in MODULES for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    # _typeshed is the type checker's.
    ours = {*sys.stdlib_module_names, "analysis", "_typeshed"}
    libraries = {name.partition(".")[0] for name in names} - ours
    made_by = packages_distributions()
    for name in libraries & made_by.keys():  # Dask is not always installed
        assert {dist.lower() for dist in made_by[name]} & declared, f"{name} is not declared"
