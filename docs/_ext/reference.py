"""The reference: a list of every public name by its room, from which autosummary makes pages."""

import importlib
import re
from pathlib import Path
from typing import Any

ROOMS = {
    "reading": "Reading",
    "articles": "Articles",
    "periods": "Articles",
    "preparing": "Preparing",
    "lexicons": "Lexicons",
    "counting": "Counting",
    "tokens": "Counting",
    "measuring.terms": "Terms",
    "measuring.frames": "Frames",
    "measuring.comparing": "Comparing",
    "measuring.learnt": "Learnt lexicons",
    "measuring.coding": "Coding and validity",
    "showing": "Sentences and explorer",
    "charts": "Charts",
    "study": "Studies",
    "tables": "Tables",
    "escape": "Tables",
    "errors": "Errors",
}
HEAD = """\
Reference
=========

Every public name. ``from analysis import stance`` imports one, ``from analysis import charts`` the
charts. The page on :doc:`method` has the formulas.

"""


def public_names() -> dict[str, list[str]]:
    """The full names of what is public, by section."""
    import analysis

    stub = (Path(analysis.__file__).parent / "__init__.pyi").read_text(encoding="utf-8")
    charts = importlib.import_module("analysis.showing.charts")
    found = [(where, f"analysis.{name}") for where, name in re.findall(
        r"^from \.([\w.]+) import \w+ as (\w+)$", stub, flags=re.M)]  # fmt: skip
    found += [
        ("charts", f"analysis.showing.charts.{name}")
        for name in charts.__all__
        if callable(getattr(charts, name))
    ]
    sections: dict[str, list[str]] = {title: [] for title in ROOMS.values()}
    for where, name in found:
        room = next((room for room in ROOMS if f"{where}.".startswith(f"{room}.")), where)
        if name != "analysis.charts":
            sections.setdefault(ROOMS.get(room, room), []).append(name)
    return sections


def pages() -> str:
    """The page that lists them."""
    text = HEAD
    for title, names in public_names().items():
        listed = "".join(f"   {name}\n" for name in sorted(names))
        text += f"{title}\n{'-' * len(title)}\n\n.. autosummary::\n   :toctree: api\n\n{listed}\n"
    return text


def setup(app: Any) -> dict[str, bool]:
    """Write the page before the sources are listed."""
    page = Path(app.srcdir) / "reference.rst"
    text = pages()
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")
    return {"parallel_read_safe": True}
