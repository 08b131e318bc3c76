"""Do the tests notice a changed line? Mutation testing with cosmic-ray, one module at a time.

    make mutants                                        all of counting and measuring: many hours
    make mutants MODULES="measuring/stance" MOST=50     fifty mutants of one module, taken at random

Works on a copy of the checkout. A module is tested by the test file of the same name.
"""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("counting", "measuring")
CONFIG = """
[cosmic-ray]
module-path = "analysis/{module}.py"
timeout = 120.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:cacheprovider -m 'not slow' {tests}"
[cosmic-ray.distributor]
name = "local"
"""


def tested_modules() -> list[str]:
    """Modules that have a test file of the same name."""
    found = [path for room in ROOMS for path in sorted((ROOT / "analysis" / room).glob("*.py"))]
    names = [f"{path.parent.name}/{path.stem}" for path in found]
    return [name for name in names if tests_of(name).exists()]


def tests_of(module: str) -> Path:
    """The mirrored test file."""
    room, name = module.split("/")
    return ROOT / "tests" / room / f"test_{name}.py"


def mutate(module: str, most: int | None, copy: Path) -> tuple[int, int, str]:
    """Mutants killed, mutants tried, and the survivors as a difference of code."""
    ray = [sys.executable, "-m", "cosmic_ray.cli"]
    tests = tests_of(module).relative_to(ROOT)
    (copy / "ray.toml").write_text(CONFIG.format(module=module, python=sys.executable, tests=tests))
    session = copy / f"{module.replace('/', '-')}.sqlite"
    subprocess.run([*ray, "init", "ray.toml", str(session)], cwd=copy, check=True)
    with sqlite3.connect(session) as database:
        jobs = [row[0] for row in database.execute("SELECT job_id FROM work_items ORDER BY job_id")]
        left_out = random.Random(1).sample(jobs, max(0, len(jobs) - (most or len(jobs))))  # noqa: S311
        for table in ("mutation_specs", "work_items"):
            database.executemany(
                f"DELETE FROM {table} WHERE job_id = ?",  # noqa: S608
                [(job,) for job in left_out],
            )
    subprocess.run([*ray, "exec", "ray.toml", str(session)], cwd=copy, check=True)
    with sqlite3.connect(session) as database:
        rows = database.execute("SELECT test_outcome, diff FROM work_results").fetchall()
    survivors = [diff for outcome, diff in rows if "SURVIVED" in str(outcome).upper()]
    return len(rows) - len(survivors), len(rows), "\n".join(map(str, survivors))


def main() -> None:
    """Mutate the modules named, or all of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--most", type=int, help="so many mutants a module, at random")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        ignored = shutil.ignore_patterns(".*", "mutants", "notebooks")
        shutil.copytree(ROOT, copy, ignore=ignored)
        for module in given.modules or tested_modules():
            killed, tried, survivors = mutate(module, given.most, copy)
            print(f"{module}: {killed} of {tried} mutants killed", flush=True)
            print(survivors, flush=True)


if __name__ == "__main__":
    main()
