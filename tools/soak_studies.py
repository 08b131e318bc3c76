"""Many studies one after the other in one process, to see that memory stays where it was.

    python tools/soak_studies.py [number of studies, 200] [study, data/sample/study.toml]

Each run is of a copy in a folder of its own, so that no stage is taken over from another. Fails
where the memory of the last quarter is more than 5% and 20 MB above that of an early quarter.
"""

import gc
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil

from analysis.study import Study

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1 << 20


def run_once(study: Path) -> None:
    """Run a copy of a study, with the files beside it, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "study"
        shutil.copytree(study.parent, folder, ignore=shutil.ignore_patterns("results", ".stages"))
        results = Study.load(folder / study.name).run()
        assert results.report.is_file()  # noqa: S101


def main(number: int = 200, study: str = "data/sample/study.toml") -> None:
    """Run all, print what memory they leave, and compare early with late runs."""
    process, resident = psutil.Process(), []
    begun = time.monotonic()
    for run in range(1, number + 1):
        run_once(ROOT / study)
        gc.collect()
        resident.append(process.memory_info().rss)
        if run in (1, number) or run % 10 == 0:
            minutes = (time.monotonic() - begun) / 60
            print(
                f"{run:5} studies {minutes:6.1f} min {resident[-1] / MEGABYTE:7.0f} MB", flush=True
            )
    quarter = max(1, number // 4)
    early = median(resident[number // 10 : number // 10 + quarter])
    late = median(resident[-quarter:])
    print(
        f"median of an early quarter {early / MEGABYTE:.0f} MB, of the last {late / MEGABYTE:.0f}"
    )
    if late > 1.05 * early and late - early > 20 * MEGABYTE:
        sys.exit("Memory grows: something of every study is kept.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:3])
