"""Do the tests notice a changed line? Mutation testing with the operators of cosmic-ray.

    make mutants                                     25 mutants of every module, taken at random
    make mutants MODULES="measuring/stance" MOST=0   all mutants of one module
    make mutants MOST=60 SEED=2                      another sample, and a larger one

A mutant is the module with one operator, number, condition or decorator changed. It is killed if a
test fails (or takes far too long): first the module's own, which are the test file of its name and
its doctests, then those of its whole room. What nothing would notice, such as a changed annotation,
is no mutant.

Starting Python and importing NumPy, pandas and the like takes longer than most tests. So this
process imports them once, and each mutant runs in a fork of it, over a copy of the checkout.
"""

import argparse
import ast
import compileall
import contextlib
import difflib
import functools
import importlib
import os
import random
import re
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import NoReturn

import hypothesis
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("counting", "measuring")
WARM = (
    "numba", "pandas", "pyarrow.dataset", "pyarrow.parquet", "scipy.sparse", "scipy.special",
    "scipy.stats", "sklearn.feature_extraction.text", "nltk.metrics", "yaml", "tqdm",
    "_hypothesis_pytestplugin", "hypothesis.extra.numpy", "hypothesis.strategies",
)  # fmt: skip
# Whether two equal constants are one object is no behaviour of ours; nor is `== None`.
LEFT_OUT = re.compile(r"NoOp|_(Eq_Is|NotEq_IsNot|Is_Eq|IsNot_NotEq)$")
MEMORY = 8 << 30
PASSED = "passed"


class Meaning(ast.NodeTransformer):
    """Leave what runs: no annotations, no type aliases (they have CapWords), no typing block."""

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        alias = re.match(r"_?[A-Z][a-z]", getattr(node.targets[0], "id", ""))
        return None if alias else self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        typing = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return None if typing else self.generic_visit(node)


def meaning(source: str) -> str | None:
    """What of a module runs; None where it isn't Python."""
    try:
        return ast.dump(Meaning().visit(ast.parse(source)))
    except SyntaxError:
        return None


def mutants_of(source: str) -> Iterator[tuple[str, str]]:
    """Every mutant of a module with a meaning of its own: the operator's name and the code."""
    nodes, original = list(ast_nodes(get_ast(source))), meaning(source)
    for name in operator_names():
        kind = get_operator(name)
        if LEFT_OUT.search(name) or kind.arguments():
            continue
        operator = kind()
        positions = sum(len(list(operator.mutation_positions(node))) for node in nodes)
        for occurrence in range(positions):
            code = mutate_code(source, operator, occurrence)
            if meaning(code) not in (original, None):
                yield name.removeprefix("core/"), code


class FirstFailure:
    """A pytest plugin that keeps the name of the first test that fails."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.name = self.name or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.name = self.name or report.nodeid


def failure(tests: Sequence[str], copy: Path, seconds: float) -> str:
    """What goes wrong with these tests in a fork of this process; empty if nothing does."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _tell(tests, copy, writer)
    os.close(writer)
    ready, _, _ = select.select([reader], [], [], seconds)
    told = os.read(reader, 1000).decode() if ready else "it takes too long"
    os.close(reader)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "" if told == PASSED else told or "Python ended"


def _tell(tests: Sequence[str], copy: Path, writer: int) -> NoReturn:
    """Run tests, write the first failure into a pipe, and end."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.chdir(copy)
    log = os.open("log.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    # Not by the clock or by chance: the same mutant meets the same examples.
    still = hypothesis.settings(deadline=None, derandomize=True, database=None)
    hypothesis.settings.register_profile("mutants", still)
    hypothesis.settings.load_profile("mutants")
    first = FirstFailure()
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"]
    code = pytest.main([*options, "-m", "not slow", *tests], plugins=[first])
    passed = PASSED if code == 0 else f"pytest ends with {code}"
    os.write(writer, (first.name or passed).encode())
    os._exit(0)


@functools.cache
def patience(tests: Sequence[str], copy: Path) -> float:
    """How many seconds these tests may take: some times what they take without a mutant."""
    begin = time.monotonic()
    if tests and (failed := failure(tests, copy, 1800)):
        sys.exit(f"Without any mutant: {failed}\n" + (copy / "log.txt").read_text())
    return 20 + 4 * (time.monotonic() - begin)


class Trial:
    """A copy of the checkout, and the tests of a module in it."""

    def __init__(self, copy: Path, module: str) -> None:
        self.copy, self.path = copy, Path("analysis") / f"{module}.py"
        room, name = module.split("/")
        files = sorted((copy / "tests" / room).glob("test_*.py"))
        self.room = (*(str(path.relative_to(copy)) for path in files), f"analysis/{room}")
        own = f"tests/{room}/test_{name}.py"
        self.own = (own, str(self.path)) if own in self.room else ()
        self.kills: Counter[str] = Counter()
        self.source = (ROOT / self.path).read_text(encoding="utf-8")
        self.seconds = {tests: patience(tests, copy) for tests in (self.own, self.room)}

    def judge(self, code: str) -> str:
        """Which tests kill a mutant: "own", "room", or none."""
        (self.copy / self.path).write_text(code, encoding="utf-8")
        try:
            if self.own and failure(self.own, self.copy, self.seconds[self.own]):
                return "own"
            # The files that kill most go first.
            rest = [name for name in self.room if name not in self.own]
            rest.sort(key=lambda name: -self.kills[name])
            failed = failure(rest, self.copy, self.seconds[self.room])
            self.kills[failed.split("::")[0]] += 1
            return "room" if failed else ""
        finally:
            (self.copy / self.path).write_text(self.source, encoding="utf-8")


def change(before: str, after: str) -> str:
    """The changed lines, below their number."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))
    return "\n".join(f"    {line}" for line in lines[2:])


def main() -> None:
    """Try mutants of the modules named, or of all; print how many were killed, and the others."""
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="*", help="such as measuring/stance; without any, all")
    parser.add_argument("--most", type=int, default=25, help="so many mutants a module; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    given = parser.parse_args()
    paths = [path for room in ROOMS for path in sorted((ROOT / "analysis" / room).glob("[!_]*.py"))]
    modules = given.modules or [f"{path.parent.name}/{path.stem}" for path in paths]
    for name in WARM:
        importlib.import_module(name)
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    totals: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "notebooks", "__pycache__"))
        # Bytecode that is checked against its source: a module as old and as long is not the same.
        mode = PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(copy / "analysis", quiet=1, invalidation_mode=mode)
        for module in modules:
            trial = Trial(copy, module)
            every = sorted(set(mutants_of(trial.source)))
            chance = random.Random(f"{given.seed} {module}")
            chosen = chance.sample(every, min(given.most or len(every), len(every)))
            found: Counter[str] = Counter(mutants=len(every), tried=len(chosen))
            survivors = []
            for operator, code in chosen:
                killer = trial.judge(code)
                found[killer] += 1
                if not killer:
                    survivors.append(f"  {operator}\n{change(trial.source, code)}")
            totals += found
            print(_line(module, found), *survivors, sep="\n", flush=True)
    print(_line("in all", totals))


def _line(name: str, found: Counter[str]) -> str:
    killed = found["own"] + found["room"]
    return (
        f"{name}: {killed} of {found['tried']} killed ({found['own']} by tests of its own, "
        f"{found['room']} by others of the room); {found['mutants']} mutants there are"
    )


if __name__ == "__main__":
    main()
