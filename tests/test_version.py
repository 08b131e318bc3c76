"""The version is written in one place, and the files that cannot read it there say the same."""

import re
import tomllib
from pathlib import Path

import analysis

ROOT = Path(__file__).resolve().parent.parent


def test_the_version_is_told_by_the_package_alone() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project
    assert project["dynamic"] == ["version"]


def test_citation_and_changelog_have_the_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {analysis.__version__}\n" in citation
    newest = re.search(r"^## \[([^]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == analysis.__version__
