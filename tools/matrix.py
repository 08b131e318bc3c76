"""The sample corpus on every Python at hand, with locked and with the lowest allowed versions.

    make matrix                                all of python3.11, python3.12, python3.13 on the path
    make matrix PYTHONS="python3.12 /opt/py"   those alone

Environments are made with uv in .matrix/. Fails where a table differs.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = "python3.11 python3.12 python3.13"


def install(python: str, kind: str) -> Path:
    """An environment with locked or with the lowest versions; gives its Python."""
    folder = ROOT / ".matrix" / f"{Path(python).name}-{kind}"
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("make matrix needs uv: https://docs.astral.sh/uv/")
    own = folder / "bin" / "python"
    if not own.exists():
        subprocess.run([uv, "venv", "--quiet", "--python", python, str(folder)], check=True)
    what = ["--requirements", "requirements.lock"]
    if kind == "lowest":
        what = ["--resolution", "lowest-direct", "--only-binary", ":all:", "-r", "pyproject.toml"]
        what += ["--extra", "cluster"]
    command = [uv, "pip", "install", "--quiet", "--python", str(own), *what]
    subprocess.run(command, check=True, cwd=ROOT)
    return own


def hashes(python: Path) -> dict[str, str]:
    """The tables' hashes as this Python finds them."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "random"}
    run = subprocess.run(
        [str(python), str(ROOT / "tools" / "table_hashes.py")],
        stdout=subprocess.PIPE, text=True, check=True, env=environment,
    )  # fmt: skip
    found: dict[str, str] = json.loads(run.stdout.splitlines()[-1])
    return found


def main(pythons: list[str]) -> None:
    """Compare all with the first."""
    there = [python for python in pythons if shutil.which(python)]
    print("Not here:", ", ".join(set(pythons) - set(there)) or "none", flush=True)
    if not there:
        sys.exit(f"none of {', '.join(pythons)} is on the path")
    first: dict[str, str] = {}
    faults = []
    for python in there:
        for kind in ("locked", "lowest"):
            print(f"{python}, {kind} versions", flush=True)
            found = hashes(install(python, kind))
            first = first or found
            faults += [f"{python}, {kind}: {name}" for name in first if first[name] != found[name]]
    if faults:
        sys.exit("These tables differ from those of the first:\n" + "\n".join(faults))
    print(f"{len(first)} tables are the same everywhere.")


if __name__ == "__main__":
    main(sys.argv[1:] or os.environ.get("PYTHONS", DEFAULT).split())
