"""The report as a page: what stands in it, and that no text of an article gets out of its place."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from analysis.escape import inert
from analysis.showing.charts import save_figure, share_by_group
from analysis.showing.report import Chart, Evidence, Quote, Report, Section, Table, render

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title><b>bold</b>",
    "{{ 7 * 7 }}{% raw %}",
    "$\\frac{1}{2}$ & Co.",
    "javascript:alert(1)",
    "--><script>alert(2)</script><!--",
    "\u202eright to left",
]


class Elements(HTMLParser):
    """Every element of a page with its attributes, and all text outside styles and scripts."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] not in ("style", "script"):
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def stance_rows(names: list[str]) -> pd.DataFrame:
    share = [0.1 + 0.1 * n for n in range(len(names))]
    table = pd.DataFrame(
        {"outlet": names, "share": share, "articles": 1200, "n_risk": 1, "n_chance": 2}
    )
    return table.assign(share_low=table["share"] - 0.05, share_high=table["share"] + 0.05)


def page_of(names: list[str], tmp_path) -> str:
    rows = stance_rows(names)
    quotes = [
        Quote(f"left {name} ", name, f" right {name}", outlet=name, date="2022-01-19",
              voice=name, source=name, link=name)
        for name in names
    ]  # fmt: skip
    evidence = [Evidence(f"c-s{n}", name, 3, quotes) for n, name in enumerate(names)]
    links = [f"#{e.key}" for e in evidence]
    ax = share_by_group(rows.assign(link=links))
    files = save_figure(ax.figure, tmp_path / "c", title=names[0], caption="C", alt=names[0])
    chart = Chart("c", names[0], names[1], names[0], files[0].read_text("utf-8"), evidence)
    table = Table("t", names[1], rows, {0: "c-s0"})
    section = Section("s", names[0], [names[0]], [names[1]], [chart], [table])
    return render(Report(names[0], names[1], [section], names[0]))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Elements:
    return Elements(page_of(HOSTILE, tmp_path_factory.mktemp("report")))


def test_hostile_text_stays_text(hostile: Elements):
    plain = Elements(render(Report("t", "s", [])))
    kinds = {tag for tag, _ in hostile.found}
    assert not kinds & {"img", "b", "iframe", "object", "link", "base", "form"}
    assert len(hostile.all("script")) == len(plain.all("script")) == 1
    assert len(hostile.all("style")) == 1
    assert not [a for _, attributes in hostile.found for a in attributes if a.startswith("on")]
    for name in map(inert, HOSTILE):
        assert f"left {name} {name} right {name}" in hostile.text.replace("  ", " ")


def test_links_lead_to_the_page_itself_or_the_web(tmp_path):
    names = ["Gazette", "https://example.org/a?b=1&c=2"]
    found = Elements(page_of(names, tmp_path))
    # A table's download is a part of the page.
    links = [a["href"] for a in found.all("a") if "download" not in a]
    assert all(a["href"].startswith("data:text/csv") for a in found.all("a") if "download" in a)
    ids = [attributes["id"] for _, attributes in found.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = {link for link in links if link.startswith("#")}
    assert {link[1:] for link in inside} <= set(ids)
    assert set(links) - inside == {"https://example.org/a?b=1&c=2"}


def test_every_hash_of_the_policy_is_of_what_stands_in_the_page():
    page = render(Report("t", "s", []))
    policy = Elements(page).all("meta")[1]["content"]
    for tag in ("style", "script"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.S)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


def test_the_points_of_a_chart_are_named_links(tmp_path):
    found = Elements(page_of(["Gazette", "Herald"], tmp_path))
    links = {a["href"]: a["aria-label"] for a in found.all("a") if "aria-label" in a}
    assert links == {
        "#c-s0": "Gazette: show sentences", "#c-s1": "Herald: show sentences",
    }  # fmt: skip
    assert len(found.all("circle")) == 2
    (svg,) = found.all("svg")
    assert svg["role"] == "group"
    assert not [a for _, attributes in found.found for a in attributes if a == "style"]


def test_a_long_table_says_where_the_rest_is():
    table = Table("t", "T", pd.DataFrame({"n": range(30)}), most=10)
    found = Elements(render(Report("t", "s", [Section("s", "S", tables=[table])])))
    assert "20 more rows stand in tables/t.csv." in found.text
    assert len([a for a in found.all("td") if a.get("data-sort")]) == 10


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["outlet", "share", "note"], ["outlet", "share", "sentences", "note"]),
        (["outlet", "end"], ["outlet", "end", "sentences"]),
    ],
)
def test_the_sentences_of_a_row_stand_before_its_note(columns: list[str], expected: list[str]):
    rows = pd.DataFrame([["x"] * len(columns)], columns=columns)
    for links, heads in (({0: "s"}, expected), ({}, columns)):
        table = Table("stance", "Stance", rows, links)
        page = render(Report("A study", "", [Section("stance", "Stance", tables=[table])]))
        assert re.findall(r"<th [^>]*>(\w+)</th>", page) == heads
        assert page.count('<td class="link">') == len(links)
