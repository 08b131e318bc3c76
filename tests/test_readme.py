"""What the README shows works as it stands, in a fresh clone."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_in_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "data").symlink_to(ROOT / "data")
    # "export.csv" stands for the reader's own file.
    sample = (ROOT / "data" / "sample" / "articles.csv").read_text(encoding="utf-8")
    head, rest = sample.split("\n", 1)
    head = head.replace("outlet", "source").replace("text", "body")
    (tmp_path / "export.csv").write_text(f"{head}\n{rest}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README, flags=re.S)
    assert len(blocks) >= 3
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)  # noqa: S102
    assert (tmp_path / "my-bundle" / "counts.parquet").is_file()


def test_links_lead_to_files():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_every_dependency_is_explained():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = README.lower()
    for requirement in project["dependencies"]:
        name = re.match(r"[\w-]+", requirement)[0]
        assert name.lower() in said, f"{name} has no row in the README's table"
