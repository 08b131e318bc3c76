"""The README's five lines and the sample study, with the package as it is installed.

    python tools/quick_start.py     in an environment that holds the package

Works in an empty folder that holds data/sample alone, and fails where `analysis` is the checkout's.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import analysis

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ("report.html", "provenance.json", "tables", "figures")


def main() -> None:
    """Run both; a traceback or an exit code says what failed."""
    if Path(analysis.__file__).resolve().parent == ROOT / "analysis":
        sys.exit(f"{analysis.__file__} is the checkout: install the wheel into this environment")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"^## Five lines.*?```python\n(.*?)```", readme, re.DOTALL | re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        shutil.copytree(
            ROOT / "data" / "sample", "data/sample", ignore=shutil.ignore_patterns("results")
        )
        names: dict[str, object] = {}
        exec(lines, names)  # noqa: S102
        table = names["table"]
        print(table.to_string(max_rows=4, max_cols=8))  # type: ignore[attr-defined]
        if not Path("shares.png").exists():
            sys.exit("the five lines drew no shares.png")
        framing = shutil.which("framing", path=sysconfig.get_path("scripts"))
        if framing is None:
            sys.exit("the command framing was not installed")
        subprocess.run([framing, "run", "data/sample/study.toml"], check=True)
        lacking = [name for name in WRITTEN if not Path("data/sample/results", name).exists()]
        if lacking:
            sys.exit(f"framing run wrote no {', '.join(lacking)}")
        os.chdir(ROOT)
    print("The README's five lines and the sample study run.")


if __name__ == "__main__":
    main()
