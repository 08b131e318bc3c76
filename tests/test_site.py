"""The site: it names every public name, and its code runs. `make docs` builds it."""

import re
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import analysis
from analysis import charts

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
sys.path.append(str(DOCS / "_ext"))
sys.path.append(str(ROOT / "tools"))


def test_every_public_name_is_in_the_reference_with_an_example():
    from reference import public_names

    sections = public_names()
    names = [name for found in sections.values() for name in found]
    assert len(names) == len(set(names))
    everything = {f"analysis.{name}" for name in analysis.__all__ if name != "charts"}
    everything |= {f"analysis.showing.charts.{name}" for name in charts.__all__}
    assert everything - set(names) <= {
        "analysis.showing.charts.ONE_COLUMN", "analysis.showing.charts.TWO_COLUMNS",
    }  # fmt: skip
    # A room that the reference has no heading for.
    assert all(re.match("[A-Z]", title) for title in sections), list(sections)
    found = {name: analysis if name.count(".") == 1 else charts for name in names}
    bare = [
        name
        for name, where in found.items()
        if ">>>" not in getattr(where, name.rpartition(".")[2]).__doc__
    ]
    assert not bare


HOWTO = sorted(path.stem for path in (DOCS / "howto").glob("*.md") if path.stem != "index")


@pytest.mark.parametrize("page", ["guide", *(f"howto/{name}" for name in HOWTO)])
def test_the_code_of_pages_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "data").symlink_to(ROOT / "data")
    sample = (ROOT / "data" / "sample" / "articles.csv").read_text(encoding="utf-8")
    head, rest = sample.split("\n", 1)
    # "export.csv" stands for the reader's own file.
    head = head.replace("outlet", "source").replace("text", "body")
    (tmp_path / "export.csv").write_text(f"{head}\n{rest}", encoding="utf-8")
    pd.read_csv(ROOT / "data" / "sample" / "articles.csv").to_parquet(tmp_path / "articles.parquet")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", text, flags=re.S):
        exec(compile(block, page, "exec"), names)  # noqa: S102
    plt.close("all")
    assert names


def test_the_gallery_shows_every_chart():
    text = (DOCS / "gallery.md").read_text(encoding="utf-8")
    drawn = {name for name in charts.__all__ if f"charts.{name}(" in text}
    helpers = {"ONE_COLUMN", "TWO_COLUMNS", "coverage_table", "event_letters", "own_names",
               "save_figure"}  # fmt: skip
    assert set(charts.__all__) - helpers == drawn


def test_links_of_the_site_are_checked(tmp_path: Path):
    from check_site import faults

    (tmp_path / "b.html").write_text('<p id="there">')
    links = ["b.html#there", "b.html#nowhere", "c.html", "https://example.org"]
    page = "".join(f'<a href="{link}">' for link in links)
    (tmp_path / "a.html").write_text(page + '<script src="https://example.org/x.js"></script>')
    assert faults(tmp_path) == [
        "a.html: b.html#nowhere has no such anchor",
        "a.html: c.html is not there",
        "a.html: script fetches https://example.org/x.js",
    ]
