"""The way through the house: a folder imports only from the folders above it."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest

# A module may import from its own room and from rooms of a lower number.
ORDER = {
    "errors": 0, "escape": 0, "formatting": 0, "articles": 1, "commands": 1, "tokens": 1,
    "reading": 2, "lexicons": 3, "preparing": 3, "counting": 4, "measuring": 5, "showing": 6,
    "study": 7, "cli": 8,
}  # fmt: skip
ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "analysis").rglob("*.py"))


def room(dotted: str) -> str:
    return dotted.split(".")[1] if "." in dotted else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_imports_run_one_way(path: Path):
    here = room(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if here == "__init__":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            assert node.level == 0, f"{path.name}:{node.lineno}: relative import"
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if name.startswith("analysis."):
                there = room(name)
                assert there == here or ORDER[there] < ORDER[here], (
                    f"{path.name}:{node.lineno}: {here} may not import from {there}"
                )


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
