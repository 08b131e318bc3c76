"""Does every pip install requirements.lock, also when newer versions are out than it pins?

Without waiting for a release, and without a network: the distributions that have extras, and those
that ask for them, are built anew as empty wheels with the metadata of the installed ones, in the
pinned version and in a far newer one.
"""

import ensurepip
import hashlib
import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
NEWER = "9999"
OLDEST = "22.3.1"  # comes with Python 3.11.0


def pins() -> list[Requirement]:
    """What the lock pins for this Python."""
    lines = re.findall(r"^[\w.-]+.*?(?= \\$)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    found = [Requirement(line) for line in lines]
    return [pin for pin in found if not pin.marker or pin.marker.evaluate()]


@pytest.fixture(scope="module")
def installed() -> dict[str, Distribution]:
    """The installed distribution of each pin."""
    found = {}
    for pin in pins():
        try:
            found[canonicalize_name(pin.name)] = here = distribution(pin.name)
        except PackageNotFoundError:
            pytest.skip(f"the environment is not that of the lock: {pin.name} is not installed")
        if not pin.specifier.contains(here.version, prereleases=True):
            pytest.skip(f"the environment is not that of the lock: {here.version} for {pin}")
    assert len(found) > 100
    return found


@pytest.fixture(scope="module")
def asked(installed: dict[str, Distribution]) -> list[tuple[str, Requirement]]:
    """Who asks for what on this machine, extras that the lock pins included."""
    extras = {name: {""} for name in installed}
    for pin in pins():
        extras[canonicalize_name(pin.name)] |= pin.extras
    return [
        (name, asks)
        for name, here in installed.items()
        for asks in map(Requirement, here.requires or ())
        if not asks.marker or any(asks.marker.evaluate({"extra": extra}) for extra in extras[name])
    ]


def test_the_lock_pins_every_extra_that_is_asked_for(asked):
    """Spelled as it is asked for: pip before 23.3 takes html-clean and html_clean for two."""
    pinned = {(canonicalize_name(pin.name), frozenset(pin.extras)) for pin in pins()}
    wanted = {(canonicalize_name(asks.name), frozenset(asks.extras)): asks for _, asks in asked}
    assert any(extras for _, extras in wanted)
    assert not [str(asks) for key, asks in wanted.items() if key not in pinned]
    # Who pins extras alone leaves older pips free to look for newer versions of the rest.
    assert not [name for name, extras in pinned if extras and (name, frozenset()) not in pinned]


def empty_wheel(folder: Path, name: str, version: str, metadata: str) -> str:
    """Write a wheel with nothing but metadata; gives its SHA-256."""
    stem = f"{name.replace('-', '_')}-{version}"
    path = folder / f"{stem}-py3-none-any.whl"
    tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", head + metadata)
        wheel.writestr(f"{stem}.dist-info/WHEEL", tags)
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def offered(installed, asked, tmp_path_factory) -> tuple[Path, list[str]]:
    """A folder of empty wheels, and the lines of the lock with the hashes of these."""
    folder = tmp_path_factory.mktemp("wheels")
    with_extras = {canonicalize_name(asks.name) for _, asks in asked if asks.extras}
    with_extras |= {canonicalize_name(pin.name) for pin in pins() if pin.extras}
    few = with_extras | {who for who, asks in asked if canonicalize_name(asks.name) in with_extras}
    hashes = {}
    for name in few:
        here = installed[name]
        extras = here.metadata.get_all("Provides-Extra") or ()
        texts = [
            text for text in here.requires or () if canonicalize_name(Requirement(text).name) in few
        ]
        metadata = "".join(f"Provides-Extra: {extra}\n" for extra in extras)
        metadata += "".join(f"Requires-Dist: {text}\n" for text in texts)
        hashes[name] = empty_wheel(folder, name, here.version, metadata)
        empty_wheel(folder, name, NEWER, metadata)
    lines = []
    for pin in pins():
        if (name := canonicalize_name(pin.name)) in few:
            pin.marker = None
            lines.append(f"{pin} --hash=sha256:{hashes[name]}")
    return folder, lines


def bundled_pip() -> Path:
    """The pip that came with this Python, as a wheel that can be run."""
    wheels = [*Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")]
    if not wheels:
        pytest.skip("this Python comes without a bundled pip")
    return wheels[0]


@pytest.fixture(scope="module", params=["bundled", OLDEST, "newest"])
def pip(request, tmp_path_factory) -> Path:
    """A wheel of pip: that of this Python, the oldest that a supported Python has, the newest."""
    if request.param == "bundled":
        return bundled_pip()
    if request.param == OLDEST and sys.version_info >= (3, 12):
        pytest.skip(
            f"pip {OLDEST} does not run on Python 3.12 and later, nor did it come with them"
        )
    what = "pip" if request.param == "newest" else f"pip=={request.param}"
    folder = tmp_path_factory.mktemp("pip")
    command = [sys.executable, bundled_pip() / "pip", "download", "--quiet", "--no-deps"]
    fetched = subprocess.run([*command, "--dest", folder, what], capture_output=True, text=True)
    if fetched.returncode:
        pytest.skip(f"no {what} to be had from a package index: {fetched.stderr[-200:].strip()}")
    return next(folder.glob("pip-*.whl"))


def install(pip: Path, folder: Path, lines: list[str]) -> subprocess.CompletedProcess[str]:
    """Dry-run the installation of a lock from a folder of wheels alone."""
    lock = folder / "requirements.lock"
    lock.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, pip / "pip", "--isolated", "install", "--disable-pip-version-check"]
    command += ["--dry-run", "--ignore-installed", "--no-index", "--find-links", folder]
    return subprocess.run(
        [*command, "--require-hashes", "-r", lock], capture_output=True, text=True
    )


def test_every_pip_installs_the_lock_when_newer_versions_are_out(pip, offered):
    folder, lines = offered
    done = install(pip, folder, lines)
    assert done.returncode == 0, done.stderr[-2000:]
    chosen = done.stdout.rpartition("Would install ")[2].split()
    assert len(chosen) == len({re.match(r"[\w-]+", line)[0] for line in lines})
    assert not [name for name in chosen if name.endswith(f"-{NEWER}")]


def test_without_its_extras_older_pips_refuse_the_lock(pip, offered):
    """The fault that the test above is there for is one that it would find."""
    folder, lines = offered
    if tuple(map(int, pip.name.split("-")[1].split("."))) >= (23, 3):
        pytest.skip("this pip reads the pins of a name without its extras too")
    bare = install(pip, folder, [re.sub(r"\[.*?\]", "", line) for line in lines])
    assert bare.returncode and "must have their versions pinned with ==" in bare.stderr
