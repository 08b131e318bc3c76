"""Run every benchmark, or those named: ``python -m tests.benchmarks counting lexicon``."""

import importlib
import sys
from pathlib import Path

from tests.benchmarks.common import Row, machine, show


def main(names: list[str]) -> None:
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    wanted = [f"bench_{name.removeprefix('bench_')}" for name in names] or found
    if unknown := set(wanted) - set(found):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    print(machine(), flush=True)
    rows: list[Row] = []
    for name in wanted:
        print(f"\n{name.removeprefix('bench_')} ...", flush=True)
        rows += importlib.import_module(f"tests.benchmarks.{name}").main() or []
    print()
    print(show(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
