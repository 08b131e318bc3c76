"""The report in a browser, opened from disk."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import charts
from analysis.showing.report import Chart, Evidence, Report, Section, Table, render
from analysis.study.dataset import read_all

pytestmark = pytest.mark.browser

POINT = "#figure-share_by_outlet svg a"


def test_it_opens_from_disk_without_a_request_or_a_complaint(report: Path, watched):
    seen = watched()
    seen.page.goto(report.as_uri())
    assert seen.page.title().startswith("Two shores, one strait")
    assert seen.page.locator("figure svg").count() >= 5
    ids = seen.page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    seen.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    seen.page.wait_for_timeout(300)
    assert seen.requests == [report.as_uri()]
    assert seen.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_point_opens_its_sentences(report: Path, watched, scripts: bool):
    seen = watched(java_script_enabled=scripts)
    seen.page.goto(report.as_uri())
    evidence = seen.page.locator("#figure-share_by_outlet .evidence").first
    assert not evidence.is_visible()
    seen.page.locator(POINT).first.click()
    opened = seen.page.locator(".evidence:target")
    assert opened.count() == 1
    assert opened.is_visible()
    assert opened.locator("li mark").count() == 6
    name = seen.page.locator(POINT).first.get_attribute("aria-label")
    assert opened.locator("h3").inner_text() == name.removesuffix(": show sentences")
    assert seen.complaints == []


def click(page, link) -> None:
    link.click(timeout=5000)


def press_enter(page, link) -> None:
    link.focus()
    page.keyboard.press("Enter")


def tap(page, link) -> None:
    link.tap(timeout=5000)


OPENED = """link => {
    const open = [...document.querySelectorAll(".evidence")].filter(one => one.offsetHeight);
    const texts = (part, what) => [...part.querySelectorAll(what)].map(one => one.textContent);
    return {
        name: link.getAttribute("aria-label").replace(/: show sentences$/, ""),
        heads: open.flatMap(one => texts(one, "h3")),
        quotes: open.flatMap(one => texts(one, ".from")),
        said: open.flatMap(one => texts(one, "p")),
        marks: open.flatMap(one => texts(one, "li mark")).length,
        focused: open.includes(document.activeElement),
    }
}"""


@pytest.mark.parametrize("open_point", [click, press_enter, tap])
def test_every_point_of_every_figure_opens_its_own_sentences(report: Path, watched, open_point):
    seen = watched(has_touch=open_point is tap)
    if open_point is tap:
        seen.page.set_viewport_size({"width": 390, "height": 800})
    seen.page.goto(report.as_uri())
    links = seen.page.locator("figure svg a[href]")
    # Four outlets, their eight quarters, all articles by quarter, four outlets in three voices.
    assert links.count() == 4 + 4 * 8 + 8 + 4 * 3
    # Sentences that no point leads to would be missed above.
    assert seen.page.locator(".evidence").count() == links.count()
    names = set()
    (kept,) = (report.parent / ".stages").glob("evidence-*")
    lines = read_all(kept / "lines", ["outlet", "period", "voice", "negated"])
    lines = lines[~lines["negated"].astype(bool)].astype("str")
    for link in links.all():
        open_point(seen.page, link)
        opened = link.evaluate(OPENED)
        assert opened["heads"] == [opened["name"]]
        # The next key is for the sentences.
        assert opened["focused"], opened["name"]
        assert opened["quotes"], opened["name"]
        group = set(opened["name"].split(": share")[0].split(", "))
        # As many as the number has, of which six are shown.
        hits = lines[[group <= set(row) for row in lines.itertuples(index=False)]]
        assert opened["said"][0].startswith(f"{min(len(hits), 6)} of {len(hits)} hits.")
        assert opened["marks"] == len(opened["quotes"]) == min(len(hits), 6)
        for quote in opened["quotes"]:
            outlet, date, voice = quote.split(", ")[:3]
            day = pd.Timestamp(date)
            assert group <= {outlet, f"{day.year}-Q{day.quarter}", voice.split(";")[0]}
        names.add((link.get_attribute("href"), opened["name"]))
    assert len(names) == links.count()
    assert seen.complaints == []


def test_a_table_is_sorted_by_its_headings_as_numbers(report: Path, watched):
    seen = watched()
    seen.page.goto(report.as_uri())
    seen.page.locator("#table-patterns").evaluate("details => { details.open = true }")
    head = seen.page.locator("#table-patterns th", has_text="n docs")
    cells = "#table-patterns tbody tr td:nth-child(6)"
    for clicks, descending in ((1, False), (2, True)):
        head.locator("button").click()
        numbers = [
            int(text.replace(",", "")) for text in seen.page.locator(cells).all_inner_texts()
        ]
        assert numbers == sorted(numbers, reverse=descending), clicks
        assert head.get_attribute("aria-sort") == ("descending" if descending else "ascending")
    assert len(set(numbers)) > 3


@pytest.mark.parametrize(
    ("opened", "scheme"), [("", "light"), ("#share_by_outlet-s0", "dark")],
    ids=["closed", "a point opened in the dark"],
)  # fmt: skip
def test_axe_finds_nothing_wrong(report: Path, watched, opened: str, scheme: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    # Axe runs as a script of its own, which the page's policy would refuse.
    seen = watched(bypass_csp=True, color_scheme=scheme)
    seen.page.goto(report.as_uri() + opened)
    seen.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    found = axe.Axe().run(seen.page)
    assert found.response["passes"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]] == []


def test_it_prints(report: Path, watched):
    seen = watched()
    seen.page.goto(report.as_uri())
    seen.page.emulate_media(media="print")
    assert not seen.page.locator("nav").is_visible()
    assert seen.page.pdf()[:5] == b"%PDF-"


@pytest.mark.parametrize("width", [390, 1400])
def test_the_page_never_scrolls_sideways(report: Path, watched, width: int):
    seen = watched()
    seen.page.set_viewport_size({"width": width, "height": 800})
    seen.page.goto(report.as_uri())
    seen.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert seen.page.evaluate("document.documentElement.scrollWidth") == width


def test_no_column_is_cut_on_a_laptop(report: Path, watched):
    seen = watched()
    seen.page.set_viewport_size({"width": 1280, "height": 800})
    seen.page.goto(report.as_uri())
    seen.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.ariaLabel)"
    assert seen.page.locator(".wide").evaluate_all(cut) == []


def test_tables_and_figures_are_taken_along(report: Path, watched):
    seen = watched(accept_downloads=True)
    seen.page.goto(report.as_uri())
    table = seen.page.locator("#table-stance_by_outlet")
    with seen.page.expect_download() as download:
        table.get_by_role("link", name="download CSV").click()
    found = pd.read_csv(download.value.path())
    written = pd.read_csv(report.parent / "tables" / "stance_by_outlet.csv")
    assert {"outlet", "share", "share_low", "share_high"} <= set(found)
    pd.testing.assert_frame_equal(found, written[list(found)])
    with seen.page.expect_download() as download:
        seen.page.locator("#figure-share_by_outlet").get_by_role("button").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").count("xmlns=") == 1
    # What is copied has numbers with their intervals, cells apart by tabs.
    seen.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    table.get_by_role("button", name="copy").click()
    head, first, *_ = seen.page.evaluate("window.copied").split("\n")
    assert head.split("\t")[:2] == ["outlet", "articles"]
    assert "sentences" not in head
    share = written.iloc[0]
    said = f"{share['share']:.2f} [{share['share_low']:.2f},\u00a0{share['share_high']:.2f}]"
    assert said in first.split("\t")


def test_a_point_says_its_number_where_it_is_pointed_at(report: Path, watched):
    seen = watched()
    seen.page.goto(report.as_uri())
    tip = seen.page.locator("#tip")
    point = seen.page.locator(POINT).first
    for act in (point.hover, point.focus):
        seen.page.mouse.move(0, 0)
        act()
        name = point.get_attribute("aria-label").removesuffix(": show sentences")
        assert tip.inner_text() == name
        assert "], n = " in name


def test_letters_of_wide_charts_can_be_read_on_a_phone(report: Path, watched):
    seen = watched()
    seen.page.set_viewport_size({"width": 390, "height": 800})
    seen.page.goto(report.as_uri())
    chart = seen.page.locator("#figure-share_by_outlet_period .chart")
    width = "one => one.getBoundingClientRect().width"
    assert chart.evaluate(width) < 390
    # 44rem: three quarters of the width that a page of paper has.
    assert chart.locator("svg").evaluate(width) == 704
    assert chart.evaluate("one => one.scrollWidth") == 704
    hint = seen.page.get_by_text("broader than the screen").first
    assert hint.is_visible()
    # A chart of one column still fits.
    small = seen.page.locator("#figure-share_by_outlet .chart")
    assert small.evaluate("one => one.scrollWidth") < 390
    seen.page.set_viewport_size({"width": 1400, "height": 800})
    assert not hint.is_visible()
    seen.page.set_viewport_size({"width": 390, "height": 800})
    seen.page.emulate_media(media="print")
    assert chart.locator("svg").evaluate(width) <= 390


def test_closed_tables_are_printed(report: Path, watched):
    seen = watched()
    seen.page.goto(report.as_uri())
    closed = seen.page.locator("main details:not([open])").first
    cell = closed.locator("tbody td").first
    # What is closed has no height.
    height = "one => one.getBoundingClientRect().height"
    assert closed.evaluate(height) < 60
    seen.page.emulate_media(media="print")
    assert closed.evaluate(height) > 100
    assert cell.evaluate("one => one.checkVisibility()")
    # A4 between margins of a centimetre, in pixels of CSS.
    seen.page.set_viewport_size({"width": 718, "height": 1000})
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 718


def test_columns_of_words_are_not_one_word_wide(report: Path, watched):
    seen = watched()
    seen.page.goto(report.as_uri())
    seen.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    cells = seen.page.locator("td.sentence")
    assert cells.count() > 0
    assert min(cells.evaluate_all("all => all.map(one => one.offsetWidth)")) >= 250


def test_a_target_is_chosen(watched, tmp_path: Path):
    cells = pd.DataFrame({"target": ["Russia", "Russia", "China"], "articles": 9, "share_low": 0.3,
                          "share": [0.4, 0.6, 0.8], "share_high": 0.9,
                          "outlet": ["Gull", "Tern", "Gull"]})  # fmt: skip
    keys = [f"targets-s{n}" for n in range(3)]
    evidence = [Evidence(key, f"{row.target}, {row.outlet}: share {row.share}", 1, (),
                         {"target": row.target, "outlet": row.outlet})
                for key, row in zip(keys, cells.itertuples(), strict=True)]  # fmt: skip
    ax = charts.target_matrix(cells.assign(link=[f"#{key}" for key in keys]), frames=("war", "law"))
    files = charts.save_figure(ax.figure, tmp_path / "a", title="A", caption="A.", alt="A.")
    chart = Chart("targets", "A", "A.", "A.", files[0].read_text(encoding="utf-8"), evidence)
    by_target = Table("by_target", "By target", cells.drop(columns="outlet").iloc[1:])
    tables = [Table("cells", "Cells", cells, dict(enumerate(keys))), by_target]
    section = Section("stance", "Stance", charts=[chart], tables=tables)
    page = tmp_path / "report.html"
    page.write_text(render(Report("R", "r", [section])), encoding="utf-8")
    seen = watched()
    seen.page.goto(page.as_uri())
    rows, ringed = seen.page.locator("tbody tr:visible"), seen.page.locator("svg a.chosen")
    assert (rows.count(), ringed.count()) == (5, 0)
    choices = seen.page.get_by_role("combobox", name="target")
    choices.first.select_option("Russia")
    assert choices.last.input_value() == "Russia"
    assert [text.split("\t")[0] for text in rows.all_inner_texts()] == ["Russia"] * 3
    assert [one.get_attribute("href") for one in ringed.all()] == ["#targets-s0", "#targets-s1"]
    choices.last.select_option("all")
    assert (rows.count(), ringed.count()) == (5, 0)
    # Shades and their bar are no pixels, which the page's policy would refuse.
    assert seen.complaints == []
    seen.page.locator("svg a").last.click()
    assert seen.page.locator(".evidence:target h3").inner_text() == "China, Gull: share 0.8"
