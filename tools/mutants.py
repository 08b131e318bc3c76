"""Do the tests notice a changed line? Mutation testing with the operators of cosmic-ray.

    make mutants                                     25 mutants of every module, taken at random
    make mutants MODULES="measuring/stance" MOST=0   all mutants of one module
    make mutants MOST=60 SEED=2                      another sample, and a larger one
    make mutants QUICK=1                             with each module's own tests alone

A mutant is a module with one operator, number, condition or decorator changed. It is killed if a
test fails, or takes far too long: first the module's own, which are its doctests and the test file
of its name or of its folder's, then those of its whole room. What nothing could notice, such as a
changed annotation, is no mutant.

Starting Python and importing pandas and the like takes longer than most tests do. So this process
imports them once, and each mutant runs in a fork of it, over a copy of the checkout.
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

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
        node.defaults += [default for default in node.kw_defaults if default]
        node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(node.arg)

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
        typing = getattr(node.test, "id", "") == "TYPE_CHECKING"
        return None if typing else self.generic_visit(node)


def meaning(source: str) -> str | None:
    """What of a module runs; None where it isn't Python."""
    with contextlib.suppress(SyntaxError):
        return ast.dump(Meaning().visit(ast.parse(source)))
    return None


def mutants_of(source: str) -> Iterator[tuple[str, str]]:
    """Every mutant of a module with a meaning of its own: the operator's name and the code."""
    nodes, original = list(ast_nodes(get_ast(source))), meaning(source)
    for name in operator_names():
        kind = get_operator(name)
        if LEFT_OUT.search(name) or kind.arguments():
            continue
        for occurrence in range(sum(len(list(kind().mutation_positions(n))) for n in nodes)):
            try:
                code = mutate_code(source, kind(), occurrence)
            except AttributeError:
                continue  # It can't replace a dotted name in a tuple: except (pa.X, Y).
            if meaning(code) not in (original, None):
                yield name.removeprefix("core/"), code


class FirstFailure:
    """A pytest plugin that keeps the name of the first test that fails."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.failed:
            self.name = self.name or report.nodeid

    pytest_collectreport = pytest_runtest_logreport


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
    # Not by the clock or by chance: the same mutant meets the same examples. One is enough.
    phases = hypothesis.Phase.explicit, hypothesis.Phase.generate
    still = hypothesis.settings(deadline=None, derandomize=True, database=None, phases=phases)
    hypothesis.settings.register_profile("mutants", still)
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
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


def judge(
    module: str, copy: Path, mutants: Sequence[tuple[str, str]], quick: bool
) -> Iterator[str]:
    """Which tests kill each mutant of a module: "own", "room" (not tried if quick), or none."""
    room, *inner = module.split("/")
    path = copy / "analysis" / f"{module}.py"
    source = path.read_text(encoding="utf-8")
    every = [f"tests/{room}/{path.name}" for path in (copy / "tests" / room).glob("test_*.py")]
    # The modules of a folder may share one test file, which has the folder's name.
    named = (f"tests/{room}/test_{name}.py" for name in reversed(inner))
    found = [test for test in named if test in every][:1]
    own = (*found, f"analysis/{module}.py") if found else ()
    all_of_room = (*sorted(every), f"analysis/{room}")
    rest = [test for test in all_of_room if test not in own]
    kills: Counter[str] = Counter()

    def failed(code: str, tests: Sequence[str]) -> str:
        seconds = patience(own if tests is own else all_of_room, copy)
        path.write_text(code, encoding="utf-8")
        fault = failure(tests, copy, seconds)
        path.write_text(source, encoding="utf-8")
        return fault

    for _, code in mutants:
        if own and failed(code, own):
            yield "own"
        elif own and quick:
            yield ""
        else:
            # The files that have killed most go first.
            killer = failed(code, sorted(rest, key=lambda test: -kills[test]))
            kills[killer.split("::")[0]] += 1
            yield "room" if killer else ""


def report(module: str, copy: Path, most: int, seed: int, quick: bool) -> Counter[str]:
    """Try mutants of a module; print how many were killed, and the others."""
    source = (copy / "analysis" / f"{module}.py").read_text(encoding="utf-8")
    every = sorted(set(mutants_of(source)))
    tried = random.Random(f"{seed} {module}").sample(every, min(most or len(every), len(every)))
    killers = list(judge(module, copy, tried, quick))
    found = Counter(killers) + Counter(tried=len(tried), there=len(every))
    print(summary(module, found), flush=True)
    for (operator, code), killer in zip(tried, killers, strict=True):
        if not killer:
            lines = difflib.unified_diff(source.splitlines(), code.splitlines(), n=0, lineterm="")
            print(f"  {operator}", *list(lines)[2:], sep="\n    ", flush=True)
    return found


def summary(name: str, found: Counter[str]) -> str:
    """The figures of a module, or of all."""
    return (
        f"{name}: {found['own'] + found['room']} of {found['tried']} killed ({found['own']} by its "
        f"own tests, {found['room']} by others of the room), of {found['there']} that there are"
    )


def main() -> None:
    """Try mutants of the modules named, or of all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="*", help="such as measuring/stance; without any, all")
    parser.add_argument("--most", type=int, default=25, help="so many mutants a module; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--quick", action="store_true", help="a module's own tests alone")
    given = parser.parse_args()
    paths = [path for room in ROOMS for path in (ROOT / "analysis" / room).rglob("[!_]*.py")]
    names = [str(path.relative_to(ROOT / "analysis").with_suffix("")) for path in paths]
    modules = given.modules or sorted(names)
    for name in WARM:
        importlib.import_module(name)
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "notebooks", "__pycache__"))
        # Bytecode that is checked against its source: a module as old and as long is not the same.
        mode = PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(copy / "analysis", quiet=1, invalidation_mode=mode)
        options = (copy, given.most, given.seed, given.quick)
        found = [report(module, *options) for module in modules]
    print(summary("in all", sum(found, Counter())))


if __name__ == "__main__":
    main()
