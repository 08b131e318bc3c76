"""The view of candidates: those ticked are saved as the lexicon that the package would make."""

import datetime
from pathlib import Path

import pandas as pd
import pytest

from analysis import Lexicon, accept_candidates, check_articles, explore

pytestmark = pytest.mark.browser

# What YAML could take for something else: truth values, indicators, quotes, nested frames.
FILE = """
_about:
  name: "small: a </script> lexicon"
  version: "1.9"
  language: "no"
  coding: .85 of 100 hits were right; one coder
  authors: [A. N. Author, "on"]
  frames:
    talk: {definition: 'They "speak": of peace # or not', rules: "In: all. Out: -"}
  contrasts: [war vs talk]
  negators: ["no", not, "*n't", -not only]
  negation_window: "2"
war/arms: [bomb*, "-bomb* squad"]
war: [bomb*, "-bomb* squad", raid, "true"]
talk: [talks, "-talks show", d?tente, "n", "12"]
"""


def row(frame: str, term: str, lines: tuple[str, ...]) -> dict[str, object]:
    return {"frame": frame, "term": term, "hits": 1, "articles": 1200, "adds": 9, "nearest": "raid",
            "similarity": 0.125, "lines": lines}  # fmt: skip


TABLE = pd.DataFrame(
    [row("war/arms", "shells", ("A <b>line</b> of Shells here.", "Two.")),
     row("talk", "no", ("Say no.",)), row("talk", "red lines", ("The red-lines met.",)),
     row("war", "skip", ())]
)  # fmt: skip


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path = tmp_path_factory.mktemp("lexicon") / "small.yml"
    path.write_text(FILE, encoding="utf-8")
    return Lexicon.load(path)


@pytest.fixture(scope="module")
def page(lexicon: Lexicon, tmp_path_factory: pytest.TempPathFactory) -> Path:
    row = {"doc_id": "a", "outlet": "Gazette", "date": "2021-03-14", "text": "A raid, then talks."}
    articles = check_articles(pd.DataFrame([row]))
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    return explore(articles, lexicon, candidates=TABLE).save(path)


def test_what_is_ticked_is_saved_as_the_package_would(page, lexicon, watched, tmp_path: Path):
    seen = watched(accept_downloads=True)
    seen.page.goto(page.as_uri())
    seen.page.get_by_role("button", name="Candidates").click()
    assert seen.page.locator("#table tbody tr").count() == 4
    save = seen.page.get_by_role("button", name="save lexicon and changes")
    assert save.is_disabled()
    seen.page.get_by_label("add shells to war/arms").click()
    seen.page.get_by_label("add no to talk").press("Space")
    seen.page.get_by_label("add skip to war").click()
    seen.page.get_by_label("add skip to war").press("Space")
    seen.page.get_by_role("button", name="shells", exact=True).press("Enter")
    opened = seen.page.locator("#open")
    assert opened.locator("li").all_inner_texts() == ["A <b>line</b> of Shells here.", "Two."]
    assert opened.locator("mark").all_inner_texts() == ["Shells", ""]
    opened.get_by_label("Reason for the changelog").fill("they are fired")
    seen.page.get_by_label("Frame").select_option("talk")
    assert seen.page.locator("#table tbody tr").count() == 2
    seen.page.get_by_role("button", name="red lines", exact=True).click()
    assert opened.locator("mark").inner_text() == "red-lines"
    seen.page.get_by_label("add red lines to talk").check()
    files: list = []
    seen.page.on("download", lambda file: files.append(file))
    with seen.page.expect_event("download", lambda _: len(files) == 2):
        save.click()
    for file in files:
        file.save_as(tmp_path / file.suggested_filename)
    name = "small-a-script-lexicon-1.10"
    assert [file.suggested_filename for file in files] == [f"{name}.yml", f"{name}-changes.md"]
    reasons = ["they are fired", None, ""]
    expected, changes = accept_candidates(
        TABLE.iloc[:3].assign(reason=reasons), lexicon, day=f"{datetime.date.today()}"
    )
    assert vars(Lexicon.load(tmp_path / f"{name}.yml")) == vars(expected)
    assert (tmp_path / f"{name}-changes.md").read_text(encoding="utf-8") == changes
    assert seen.page.locator("#changes").inner_text().strip() == changes.strip()
    seen.page.get_by_label("New version").fill("1.9")
    assert save.is_disabled()
    assert seen.complaints == []
    assert seen.requests == [page.as_uri()] + [r for r in seen.requests if r.startswith("blob:")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(page: Path, watched, scheme: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    seen = watched(bypass_csp=True, color_scheme=scheme)
    seen.page.goto(page.as_uri())
    seen.page.get_by_role("button", name="Candidates").click()
    seen.page.get_by_role("button", name="shells", exact=True).click()
    found = axe.Axe().run(seen.page)
    assert found.response["passes"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]] == []
