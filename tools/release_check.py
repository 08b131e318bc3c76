"""Build the sdist and the wheel, look at what is in them, and use the wheel (make release-check).

Metadata are checked by twine. The wheel may hold the package alone, the sdist also what building
needs; either must say the version that the CHANGELOG and CITATION.cff have. The wheel is installed
into an empty environment, where the README's five lines and the sample study run.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path, PurePosixPath

import analysis

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
MOST = 2_000_000  # bytes of a wheel; it has no data but lexicons
BESIDE = {"README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "PKG-INFO", ".gitignore"}


def tracked() -> set[str]:
    """The files of the package under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "analysis"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(listed.stdout.splitlines())


def faults_of(name: str, held: set[str], beside: set[str]) -> list[str]:
    """What a distribution lacks, and what it should not hold."""
    package = {file for file in held if file.startswith("analysis/")}
    found = [f"{name} lacks {file}" for file in sorted(tracked() - package)]
    found += [f"{name} holds {file}" for file in sorted(package - tracked())]
    return found + [f"{name} holds {file}" for file in sorted(held - package - beside)]


def contents(version: str) -> list[str]:
    """Faults in the contents of both."""
    stem = f"media_framing_analysis-{version}"
    sdist, wheel = DIST / f"{stem}.tar.gz", DIST / f"{stem}-py3-none-any.whl"
    info = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    with zipfile.ZipFile(wheel) as archive:
        found = faults_of(
            wheel.name, set(archive.namelist()), {f"{stem}.dist-info/{file}" for file in info}
        )
    with tarfile.open(sdist) as archive:
        held = {
            str(PurePosixPath(member.name).relative_to(stem))
            for member in archive
            if member.isfile()
        }
        found += faults_of(sdist.name, held, BESIDE)
    if wheel.stat().st_size > MOST:
        found.append(f"{wheel.name} has {wheel.stat().st_size:,} bytes; {MOST:,} are allowed")
    return found


def versions(version: str) -> list[str]:
    """The files that do not have the version of the package."""
    places = {
        "CITATION.cff": rf"^version: {re.escape(version)}$",
        "CHANGELOG.md": rf"^## \[{re.escape(version)}\]",
    }
    return [
        f"{name} does not have version {version}"
        for name, pattern in places.items()
        if not re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    ]


def main() -> None:
    """Build, check, install and use."""
    version = analysis.__version__
    shutil.rmtree(DIST, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "hatchling", "build"], check=True, cwd=ROOT)
    built = sorted(DIST.iterdir())
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *built], check=True)
    if faults := versions(version) + contents(version):
        sys.exit("\n".join(faults))
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        own = Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, next(DIST.glob("*.whl"))], check=True)
        # Isolated: the checkout must not be found by way of PYTHONPATH.
        subprocess.run([own, "-I", ROOT / "tools" / "quick_start.py"], check=True, cwd=folder)
    print(f"{' and '.join(path.name for path in built)} can be released.")


if __name__ == "__main__":
    main()
