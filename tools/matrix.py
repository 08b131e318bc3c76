"""The package in an empty environment, on every Python at hand and with all versions it allows.

    make matrix                                all of python3.11, python3.12, python3.13 on the path
    make matrix PYTHONS="python3.12 /opt/py"   those alone

The built wheel is installed with locked and with the lowest versions, and `pip install .` takes the
newest. Each then runs the README's five lines and the sample study. Environments are made with uv
in .matrix/. Fails where anything fails, or a table differs.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MATRIX = ROOT / ".matrix"
DEFAULT = "python3.11 python3.12 python3.13"
KINDS = ("locked", "lowest", "newest")


def call(*command: str | Path) -> str:
    """What a command writes; where it fails, it has said why."""
    # The machine's hash seed, and not the checkout's modules.
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHASHSEED")}
    run = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT, env=environment
    )
    return run.stdout


def uv_path() -> str:
    """Where uv is."""
    uv = shutil.which("uv")
    return uv or sys.exit("make matrix needs uv: https://docs.astral.sh/uv/")


def install(python: str, kind: str, wheel: Path) -> Path:
    """An empty environment that gets the package with versions of one kind; gives its Python."""
    tag = call(python, "-c", "import sys; print(*sys.version_info[:2], sep='.')").strip()
    folder = MATRIX / f"{tag}-{kind}"
    call(uv_path(), "venv", "--quiet", "--clear", "--seed", "--python", python, folder)
    own = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    uv = (uv_path(), "pip", "install", "--quiet", "--python", own)
    if kind == "newest":
        call(own, "-m", "pip", "install", "--quiet", ".[cluster]")
    elif kind == "locked":
        call(*uv, "--constraint", "requirements.lock", f"{wheel}[cluster]")
    else:
        lowest = ("--resolution", "lowest-direct", "--only-binary", ":all:")
        call(*uv, *lowest, "-r", "pyproject.toml", "--extra", "cluster")
        call(*uv, "--no-deps", wheel)
    call(uv_path(), "pip", "check", "--quiet", "--python", own)
    return own


def main(pythons: list[str]) -> None:
    """Compare all with the first."""
    there = [python for python in pythons if shutil.which(python)]
    print("Not here:", ", ".join(set(pythons) - set(there)) or "none", flush=True)
    if not there:
        sys.exit(f"none of {', '.join(pythons)} is on the path")
    kinds = os.environ.get("KINDS", " ".join(KINDS)).split()
    shutil.rmtree(MATRIX / "dist", ignore_errors=True)
    call(uv_path(), "build", "--quiet", "--wheel", "--out-dir", MATRIX / "dist")
    (wheel,) = (MATRIX / "dist").glob("*.whl")
    first: dict[str, str] = {}
    faults = []
    for python in there:
        for kind in kinds:
            print(f"{python}, {kind} versions", flush=True)
            try:
                own = install(python, kind, wheel)
                found = json.loads(call(own, ROOT / "tools" / "table_hashes.py").splitlines()[-1])
                print(call(own, ROOT / "tools" / "quick_start.py").splitlines()[-1], flush=True)
            except subprocess.CalledProcessError as error:
                faults.append(f"{python}, {kind}: {' '.join(map(str, error.cmd))} failed")
                continue
            first = first or found
            faults += [
                f"{python}, {kind}: the table {name} differs from that of the first"
                for name in first
                if first[name] != found[name]
            ]
    if faults:
        sys.exit("\n".join(faults))
    print(f"{len(first)} tables are the same everywhere.")


if __name__ == "__main__":
    main(sys.argv[1:] or os.environ.get("PYTHONS", DEFAULT).split())
