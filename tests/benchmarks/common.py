"""What the benchmarks share: times that can be compared, peak memory, and one table."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpora" / "allsides_security.parquet"
LEXICON = "deterrence-dialogue"


@dataclass(frozen=True)
class Row:
    """One line of the table: what was done, what came out, and the bar it is held against."""

    work: str
    measured: str
    bar: str = ""
    met: bool | None = None


def show(rows: list[Row]) -> str:
    """The table as Markdown."""
    cells = [("work", "measured", "bar", "met")]
    cells += [
        (r.work, r.measured, r.bar, {True: "yes", False: "NO", None: ""}[r.met]) for r in rows
    ]
    widths = [max(len(line[k]) for line in cells) for k in range(4)]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
             for line in cells]  # fmt: skip
    return "\n".join([lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]])


def medians(runs: Mapping[str, Callable[[], object]], rounds: int = 5) -> dict[str, float]:
    """Median seconds of each run: all once to warm up, then in turns, so that all meet the same
    disturbances of the machine."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(rounds + 1):
        for name, run in runs.items():
            begin = time.perf_counter()
            run()
            if turn:
                times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(found) for name, found in times.items()}


# Linux keeps ru_maxrss across exec, so that it would give the peak of the process that measures;
# VmHWM belongs to the new program alone.
_PEAK = """
import json as _json, pathlib as _pathlib, re as _re, resource as _resource
_status = _pathlib.Path("/proc/self/status")
if _status.exists():
    peak = int(_re.search(r"VmHWM:\\s*(\\d+)", _status.read_text())[1]) / 1024
else:
    peak = _resource.getrusage(_resource.RUSAGE_SELF).ru_maxrss / 1024
print(_json.dumps({**found, "peak_mb": peak}))
"""


def in_new_process(code: str, *arguments: object, **environment: str) -> dict[str, float]:
    """Run code that prints a JSON object as its last line; with its peak memory, in MB."""
    code += _PEAK
    run = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
    )  # fmt: skip
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def machine() -> str:
    """The machine, the load on it, and the versions that matter."""
    from importlib.metadata import version

    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    names = ("numpy", "numba", "pyarrow", "scikit-learn", "polars")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), load {load} before the run; "
        f"Python {platform.python_version()}, {versions}"
    )
