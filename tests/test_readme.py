"""What the README shows works as it stands, in a fresh clone."""

import re
from itertools import chain
from pathlib import Path

import pytest

import analysis
from analysis.showing import charts

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


def test_the_python_for_newcomers_from_other_tools_runs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "coming-from.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, flags=re.S)
    exec(compile(block, "coming-from.md", "exec"), {})  # noqa: S102
    for name in re.findall(r"`([a-z_]+)\(", page.partition("## quanteda")[2]):
        # What the columns of other tools name, ends in no function of ours.
        theirs = re.search(rf"^\| [^|]*`[^|]*{name}\([^|]*\|", page, flags=re.M)
        assert theirs or hasattr(analysis, name) or hasattr(charts, name), name


@pytest.mark.parametrize("page", ["README.md", *sorted(
    str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")
    # What the site copies has the links of where it comes from.
    if not {"_build", "codebooks", "notebooks"} & {*path.parts})])  # fmt: skip
def test_links_lead_to_files(page: str):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if not target.startswith("http"):
            # The reference is made with the site, from the docstrings.
            made = target.endswith("reference.rst")
            assert made or ((ROOT / page).parent / target).exists(), target


def test_every_dependency_is_explained():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = README.lower()
    extras = chain(*project["optional-dependencies"].values())
    for requirement in [*project["dependencies"], *extras]:
        name = re.match(r"[\w-]+", requirement)[0]
        assert name.lower() in said, f"{name} has no row in the README's table"
