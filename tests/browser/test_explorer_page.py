"""The explorer as one file: its numbers, and that each of its points opens."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import (
    DocumentTerms,
    Lexicon,
    check_articles,
    document_terms,
    explore,
    prevalence,
    stance,
)
from analysis.periods import add_period
from analysis.preparing.voices import split_voices
from analysis.reading import read_articles

pytestmark = pytest.mark.browser

CONTRAST = ("deterrence", "dialogue")
ROWS = "shown.rows.map((row) => row.cells)"


@pytest.fixture(scope="module")
def segments(root: Path) -> pd.DataFrame:
    articles, _ = read_articles(root / "data" / "sample" / "articles.csv")
    return split_voices(add_period(articles))


@pytest.fixture(scope="module")
def page(segments: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    return explore(segments, "deterrence-dialogue").save(path)


def test_what_it_computes_is_what_the_package_computes(page: Path, segments, watched):
    seen = watched()
    seen.page.goto(page.as_uri())
    lexicon = Lexicon.load("deterrence-dialogue")
    counts = document_terms(segments, lexicon=lexicon)
    checked = 0
    for voice, name in ((-1, None), (0, "narration"), (1, "quoted"), (2, "reported")):
        own = counts if name is None else counts.where(voice=name)
        for measure, column in enumerate(("share", "prevalence", "prevalence")):
            for view, by in (("outlet", ["outlet"]), ("time", ["outlet", "period"])):
                if column == "share":
                    table = stance(own, lexicon, CONTRAST, by=by)
                else:
                    table = prevalence(own, lexicon, by, [CONTRAST[measure - 1]])
                seen.page.evaluate(
                    f"Object.assign(state, {{voice: {voice}, measure: {measure}, view: '{view}'}});"
                    "update()"
                )
                names = [*by, "articles", column, f"{column}_low", f"{column}_high"]
                found = pd.DataFrame(seen.page.evaluate(ROWS)).drop(columns=len(by) + 1)
                found = found.set_axis(names, axis=1).sort_values(by).set_index(by)
                table = table[names].astype(dict.fromkeys(by, "str")).sort_values(by).set_index(by)
                assert list(found.index) == list(table.index)
                np.testing.assert_allclose(
                    found.to_numpy(float), table.to_numpy(float), rtol=0, atol=1e-12
                )
                checked += len(table)
    assert checked > 300


def test_what_is_near_a_target_is_scored_alone(watched, tmp_path: Path):
    rows = [("a", "Gull", "Russia threatens NATO. Talks with China failed. China threatens."),
            ("b", "Gull", "Talks with Russia. A threat from nobody."),
            ("c", "Gull", "China: threat, threat, talks. NATO and Russia met for talks."),
            ("d", "Tern", "Russia threatens. China talks.")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["doc_id", "outlet", "text"]).assign(date="2021-03-14")
    lexicon = Lexicon.from_dict({"threat": ["threat*"], "talk": ["talks"]})
    targets = {"Russia": ["russia"], "NATO": ["nato"], "China": ["china"]}
    counts = document_terms(check_articles(frame), lexicon=lexicon, targets=targets,
                            window="sentence")  # fmt: skip
    seen = watched()
    seen.page.goto(explore(counts, lexicon).save(tmp_path / "targets.html").as_uri())
    names = ["outlet", "articles", "share", "share_low", "share_high"]
    for target, name in ((-1, None), (0, "China"), (1, "NATO"), (2, "Russia")):
        own = counts if name is None else counts.where(target=name)
        table = stance(own, lexicon, by="outlet")[names].astype({"outlet": "str"})
        seen.page.evaluate(f"state.view = 'outlet'; state.target = {target}; update()")
        found = pd.DataFrame(seen.page.evaluate(ROWS)).drop(columns=2).set_axis(names, axis=1)
        found = found.sort_values("outlet", ignore_index=True).astype(
            dict.fromkeys(names[1:], float)
        )
        table = table.astype(dict.fromkeys(names[1:], float))
        pd.testing.assert_frame_equal(found, table, check_dtype=False, atol=1e-12)


# As a mouse, a keyboard and a finger open a point.
OPENERS = {
    "click": lambda page, node: node.click(timeout=5000),
    "key": lambda page, node: (node.focus(), page.keyboard.press("Enter")),
    "tap": lambda page, node: node.tap(timeout=5000),
}


@pytest.mark.parametrize(
    ("view", "how"), [("time", "click"), ("time", "key"), ("outlet", "click"), ("outlet", "tap")]
)
def test_every_point_opens_its_sentences(page: Path, watched, view: str, how: str):
    seen = watched(has_touch=True)
    seen.page.goto(page.as_uri())
    seen.page.locator(f"[data-view={view}]").click()
    opened = seen.page.locator("#open")
    scores = seen.page.evaluate("shown.rows.map((row) => [row.shown, row.cells])")
    hits = {", ".join(shown[: 1 + (view == "time")]): cells for shown, cells in scores}
    points = seen.page.locator("#chart .point")
    assert points.count() == (16 + 16 if view == "time" else 4)
    for point in points.all():
        OPENERS[how](seen.page, point)
        name = point.get_attribute("aria-label").removesuffix(": show what is behind it")
        assert opened.locator("h2").inner_text() == name
        n = hits[name.split(": ")[0]][2 + (view == "time")]
        assert opened.locator("li mark").count() == n > 0
        assert opened.evaluate("one => document.activeElement === one")
        assert opened.locator("li q").first.inner_text()[-1] in '.?!\u201d"'
    assert seen.complaints == []
    assert seen.requests == [page.as_uri()]


def test_terms_are_found_and_open(page: Path, watched):
    seen = watched()
    seen.page.goto(page.as_uri())
    seen.page.get_by_role("button", name="Terms").click()
    seen.page.get_by_label("Find a word").fill("talks")
    first = seen.page.locator("#chart .point").first
    assert first.get_attribute("aria-label").startswith("talks: ")
    first.focus()
    seen.page.keyboard.press("ArrowRight")
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("#open h2").inner_text() != "talks"
    boxes = seen.page.locator("#chart .label").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(b => [b.x, b.y, b.right, b.bottom])"
    )
    # Letters reach less high than the boxes of their lines.
    apart = [(x, y + 3, right, bottom - 3) for x, y, right, bottom in boxes]
    assert len(apart) > 20
    for place, (left, top, right, bottom) in enumerate(apart):
        for x, y, end, foot in apart[place + 1 :]:
            assert not (x < right and end > left and y < bottom and foot > top)


def test_the_table_is_filtered_sorted_copied_and_downloaded(page: Path, watched):
    seen = watched(accept_downloads=True)
    seen.page.goto(page.as_uri())
    seen.page.get_by_role("button", name="By outlet").click()
    head = seen.page.locator("#table th", has_text="hits").get_by_role("button")
    head.click()
    column = "#table tbody td:nth-child(3)"
    low = [int(text) for text in seen.page.locator(column).all_inner_texts()]
    head.click()
    high = [int(text) for text in seen.page.locator(column).all_inner_texts()]
    assert low == sorted(low) == high[::-1]
    name = seen.page.locator("#table tbody td:first-child").first.inner_text()
    seen.page.get_by_label("Filter").fill(name)
    assert seen.page.locator("#table tbody tr").count() == 1
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name="download CSV").click()
    table = pd.read_csv(download.value.path())
    assert list(table.columns) == ["outlet", "articles", "hits", "share", "share_low", "share_high"]
    assert table["outlet"].tolist() == [name]
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name="download the chart").click()
    assert "var(" not in Path(download.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["time", "outlet", "terms"])
def test_axe_finds_nothing_wrong(page: Path, watched, scheme: str, view: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    seen = watched(bypass_csp=True, color_scheme=scheme)
    seen.page.goto(page.as_uri())
    seen.page.locator(f"[data-view={view}]").click()
    seen.page.locator("#chart .point").first.press("Enter")
    found = axe.Axe().run(seen.page)
    assert found.response["passes"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]] == []


def test_a_bundle_of_thousands_is_small_and_quick_and_has_no_text(root, tmp_path, watched):
    counts = DocumentTerms.load(root / "data" / "allsides_voices")
    path = explore(counts, "deterrence-dialogue").save(tmp_path / "explorer.html")
    assert path.stat().st_size < 5e6
    seen = watched()
    begun = time.perf_counter()
    seen.page.goto(path.as_uri())
    seen.page.locator("#chart .point").first.press("Enter")
    opened = seen.page.locator("#open")
    opened.get_by_text("This file holds counts, no texts.").wait_for()
    assert time.perf_counter() - begun < 2 * 5  # the machine may be busy with other tests
    assert opened.locator("mark").count() == 0
    assert opened.locator("li a[href^=http]").count() > 0
    seen.page.set_viewport_size({"width": 390, "height": 800})
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 390
    assert seen.complaints == []
