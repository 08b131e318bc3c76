"""Resolve requirements.lock and requirements-bench.lock anew (make lock; needs uv).

uv writes one line for `lxml[html-clean]`. Older pips (before 23.3) hold that for another project
than `lxml` and than `lxml[html_clean]`, and refuse the lock as soon as someone asks for those and a
newer version is out. So each pin with extras is written twice: without them, and with them as those
who ask spell them.
"""

import re
import subprocess
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
COMPILE = ["uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--generate-hashes"]
COMPILE += ["--universal", "--python-version", "3.11", "--no-strip-extras"]
LOCKS = {
    "requirements.lock": ["--group", "dev", "--group", "docs", "--all-extras", "pyproject.toml"],
    "requirements-bench.lock": ["--group", "bench", "-c", "requirements.lock"],
}


def spelled() -> dict[tuple[str, str], str]:
    """Each extra that an installed distribution asks for, as it spells it."""
    texts = [text for found in distributions() for text in found.requires or ()]
    return {
        (canonicalize_name(asked.name), canonicalize_name(extra)): extra
        for asked in map(Requirement, (text for text in texts if "[" in text))
        for extra in asked.extras
    }


def pinned_twice(lock: str) -> str:
    """A lock whose pins with extras stand without them too."""
    names = spelled()

    def twice(pin: re.Match[str]) -> str:
        name, extras, rest = pin.groups()
        own = ",".join(names.get((name, extra), extra) for extra in extras.split(","))
        return f"{name}{rest}{name}[{own}]{rest}"

    return re.sub(r"^([\w.-]+)\[([^]]+)\](.*\n(?: .*\n)*)", twice, lock, flags=re.MULTILINE)


def main() -> None:
    """Both locks; what they pin already stays where it still fits."""
    for name, what in LOCKS.items():
        subprocess.run([*COMPILE, *what, "-o", name], check=True, cwd=ROOT)
        path = ROOT / name
        path.write_text(pinned_twice(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
