"""Figures as part of a page: every linked point has its disc, and nothing else changes."""

import io
import re
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from lxml import etree
from matplotlib.artist import Artist
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from analysis.showing import charts
from analysis.showing.charts import (
    estimates,
    frame_multiples,
    save_figure,
    share_by_group,
    share_by_voice,
    share_multiples,
    share_over_time,
)
from analysis.showing.charts.drawing.style import style
from analysis.showing.report.svg import RADIUS, inline_svg

FRAMES = ("threats", "talks")
# How matplotlib 3.10 and 3.11 write a linked mark: alone, clipped, among other marks.
SHAPES = {
    "bare": '<a xlink:href="#s0" target="_top">'
    '<use xlink:href="#m" x="9.5" y="20" style="{}"/></a>',
    "clipped": '<a xlink:href="#s0"><g clip-path="url(#p)">'
    '<use xlink:href="#m" x="9.5" y="20" style="{}"/></g></a>',
    "deep": '<g clip-path="url(#p)"><a xlink:href="#s0"><g><g id="g">\n'
    '<use style="{}" y="20" x="9.5" xlink:href="#m"/>\n</g></g></a></g>',
}  # fmt: skip


def svg_of(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="100pt" height="50pt" '
        'viewBox="0 0 100 50" xmlns="http://www.w3.org/2000/svg" version="1.1">'
        "<metadata><!-- m --><x>made by</x></metadata>"
        '<defs><style type="text/css">*{stroke-linejoin: round}</style>'
        '<path id="m" d="M 0 0"/><clipPath id="p"><rect width="9" height="9"/></clipPath></defs>'
        f"<!-- said -->{body}<script>alert(1)</script></svg>"
    )


def discs_of(inline: str) -> dict[str, tuple[float, float, float]]:
    """The middle and radius of each link's only disc."""
    found = {}
    for link in etree.fromstring(inline).iter("a"):
        if "href" in link.attrib:
            (disc,) = link.iter("circle")
            assert link.get("href") not in found
            found[link.get("href")] = tuple(float(disc.get(name)) for name in ("cx", "cy", "r"))
    return found


@pytest.mark.parametrize("look", ["fill: none", "fill: #ffffff; opacity: 0"])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_linked_mark_becomes_a_disc_whatever_wraps_it(shape: str, look: str):
    inline = inline_svg(svg_of(shape.format(look)), "k", "A", {"#s0": 'A & "B"'})
    root = etree.fromstring(inline)
    assert discs_of(inline) == {"#s0": (9.5, 20, RADIUS)}
    (link,) = root.iter("a")
    assert dict(link.attrib) == {"href": "#s0", "aria-label": 'A & "B"'}
    assert root.get("role") == "group"
    assert not root.findall(".//use")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_link_without_a_name_is_taken_away(shape: str):
    root = etree.fromstring(inline_svg(svg_of(shape.format("fill: none")), "k", "A", {}))
    assert dict(root.find(".//a").attrib) == {}
    assert dict(root.find(".//use").attrib) == {
        "href": "#k-m", "x": "9.5", "y": "20", "fill": "none",
    }  # fmt: skip
    assert root.get("role") == "img"


def test_ids_are_the_figures_own_and_nothing_but_the_picture_is_left():
    inline = inline_svg(svg_of(SHAPES["deep"].format("fill: none")), "k", 'A "b" <c>', {})
    root = etree.fromstring(inline)
    ids = [node.get("id") for node in root.iter() if "id" in node.attrib]
    assert ids == ["k-m", "k-p", "k-g"]
    assert re.findall(r"url\(.*?\)", inline) == ["url(#k-p)"]
    assert {node.tag for node in root.iter()} == {
        "svg", "defs", "path", "clipPath", "rect", "g", "a", "use",
    }  # fmt: skip
    assert root.get("aria-label") == 'A "b" <c>'
    assert "xmlns" not in inline
    assert "<!" not in inline


@pytest.mark.parametrize("seed", range(5))
def test_no_disc_lies_over_the_middle_of_another(seed: int):
    places = np.random.default_rng(seed).uniform(5, 45, size=(60, 2)).round(0)
    places = np.unique(places, axis=0)
    body = "".join(
        f'<a xlink:href="#s{n}"><use xlink:href="#m" x="{x}" y="{y}"/></a>'
        for n, (x, y) in enumerate(places)
    )
    names = {f"#s{n}": "A" for n in range(len(places))}
    discs = np.array(list(discs_of(inline_svg(svg_of(body), "k", "A", names)).values()))
    away = np.hypot(*(discs[:, None, :2] - discs[None, :, :2]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    assert (away > discs[:, 2] * 1.99).all()
    assert (discs[:, 2] >= 0.5).all()


def scores(groups: int, periods: int, **missing: float) -> pd.DataFrame:
    """Rows of `stance` with links; the share of some rows is missing, others have no interval."""
    names = pd.MultiIndex.from_product(
        [[f"Outlet {n}" for n in range(groups)], [f"{2000 + n}" for n in range(periods)]],
        names=["outlet", "period"],
    )
    table = names.to_frame(index=False)
    random = np.random.default_rng(groups * 100 + periods)
    table["share"] = random.uniform(size=len(table)).round(3)
    table["share"] = table["share"].where(random.uniform(size=len(table)) > missing["missing"])
    table["articles"] = random.integers(1, 30, len(table))
    known = table["share"].where(table["articles"] > 5)
    table["share_low"], table["share_high"] = known - 0.05, known + 0.05
    table["n_threats"], table["n_talks"] = table["share"] * 100, 100 - table["share"] * 100
    table["period"] = pd.Categorical(table["period"], ordered=True)
    table["voice"] = table["period"].cat.rename_categories(
        dict(zip(["2000", "2001", "2002"], ["narration", "quoted", "reported"], strict=True))
        if periods == 3 else {}
    )  # fmt: skip
    return table.assign(link=[f"#c-s{n}" for n in range(len(table))])


def by_group(table: pd.DataFrame):
    table["row"] = table["outlet"] + " " + table["period"].astype("str")
    return share_by_group(table, label="row", frames=FRAMES).figure


def over_time(table: pd.DataFrame):
    return share_over_time(table, series="outlet", frames=FRAMES).figure


def multiples(table: pd.DataFrame):
    return share_multiples(table, series="outlet", frames=FRAMES)


def by_voice(table: pd.DataFrame):
    return share_by_voice(table, frames=FRAMES).figure


def by_frame(table: pd.DataFrame):
    names = {name: name.replace("share", "prevalence") for name in table if "share" in name}
    frames = table.rename(columns=names).assign(frame=table["outlet"], articles_hit=1)
    return frame_multiples(frames, by="period", thin=3)


def by_estimate(table: pd.DataFrame):
    return estimates(table, value="share", label="outlet").figure


# The chart, groups and periods, the axis that the share lies on, and what shares an axis.
CASES = [
    (by_group, 1, 1, 0, None),
    (by_group, 4, 5, 0, None),
    (by_estimate, 4, 1, 0, None),
    (over_time, 1, 1, 1, None),
    (over_time, 1, 8, 1, None),
    (over_time, 6, 12, 1, None),
    (multiples, 1, 1, 1, "outlet"),
    (multiples, 5, 2, 1, "outlet"),
    (multiples, 4, 40, 1, "outlet"),
    (by_frame, 1, 1, 1, "outlet"),
    (by_frame, 5, 9, 1, "outlet"),
    (by_voice, 1, 3, 0, None),
    (by_voice, 9, 3, 0, None),
]


@pytest.mark.parametrize("missing", [0, 0.3])
@pytest.mark.parametrize(("chart", "groups", "periods", "axis", "panel"), CASES)
def test_every_point_of_a_chart_has_its_disc(
    chart: Callable, groups: int, periods: int, axis: int, panel: str | None, missing: float
):
    table = scores(groups, periods, missing=missing)
    drawn = table[table["share"].notna()].set_index("link")
    file = io.StringIO()
    with style():
        fig = chart(table)
        fig.savefig(file, format="svg")
    discs = discs_of(inline_svg(file.getvalue(), "c", "A", dict.fromkeys(table["link"], "A")))
    assert set(discs) == set(drawn.index)
    # Each lies where its share is: along the axis, places are in proportion to the shares.
    places = pd.Series({link: disc[axis] for link, disc in discs.items()})
    for _, rows in drawn.groupby(panel) if panel else [(None, drawn)]:
        if len(rows) > 2:
            line = np.polynomial.Polynomial.fit(rows["share"], places[rows.index], 1)
            assert np.abs(line(rows["share"]) - places[rows.index]).max() < 0.01


# Two rows that every chart can draw, as if each table had a column of links.
ROWS = {
    "outlet": ["Auk", "Gull"], "period": "2021", "voice": "quoted", "target": "Anyland",
    "event": "a", "articles": 40, "articles_hit": 9, "frame": ["war", "law"], "frame_a": "war",
    "frame_b": ["law", "aid"], "measure": "prevalence", "term": ["a", "b"], "rank": 1, "n": 3,
    "n_docs": 5, "n_tokens": 90, "n_both": 3, "n_target": 4, "n_reference": 5, "n_threats": 1,
    "n_talks": 1, "rate_threats": 1.0, "rate_talks": 1.0, "t": [2.0, -2.0], "q": 0.01,
    "date": pd.Timestamp("2021-03-14"), "change": ["none", "pattern"], "left_out": ["", "x"],
    "shift": 0.1, "turned": False, "share_other": 0.3, "tfidf": 0.2, "low": 0.3, "high": 0.5,
    "log_odds": 0.4, "log_ratio": 0.4, "per_million": 0.4, "link": ["#c-s0", "#c-s1"],
}  # fmt: skip
for value in ("share", "prevalence", "score", "difference", "share_difference",
              "adjusted_share_difference"):  # fmt: skip
    ROWS |= {value: 0.4, f"{value}_low": 0.3, f"{value}_high": 0.5}
# What a chart is told, and the columns of its table, besides.
TOLD = {
    "share_multiples": {"series": "outlet"}, "share_over_time": {"series": "outlet"},
    "tfidf_multiples": {"columns": None}, "term_over_articles": {"term": "a"},
}  # fmt: skip
LINKING = {
    "estimates", "frame_multiples", "share_by_group", "share_by_voice", "share_multiples",
    "share_over_time", "target_matrix", "terms_over_time",
}  # fmt: skip


@pytest.mark.parametrize(
    "name", [name for name in charts.__all__ if hasattr(getattr(charts, name), "__wrapped__")]
)
def test_every_chart_that_can_link_its_points_does(name: str):
    table = pd.DataFrame(ROWS | ({"frame": "war"} if name == "event_slopes" else {}))
    drawn = getattr(charts, name)(table, **TOLD.get(name, {}))
    file = io.StringIO()
    with style():
        (drawn if isinstance(drawn, Figure) else drawn.figure).savefig(file, format="svg")
    discs = discs_of(inline_svg(file.getvalue(), "c", "A", dict.fromkeys(ROWS["link"], "A")))
    assert set(discs) == (set(ROWS["link"]) if name in LINKING else set())


@pytest.mark.parametrize("share", [0.0, 1.0])
@pytest.mark.parametrize(
    "name", sorted(LINKING - {"target_matrix"} | {"event_slopes", "frame_differences"})
)
def test_points_at_the_ends_of_a_scale_are_whole(name: str, share: float):
    """Half of a point that was clipped there would be missing; and nothing takes its room away."""
    ends = {f"{value}{end}": share for value in ("share", "prevalence") for end in ("", "_high")}
    table = pd.DataFrame(ROWS | {"frame": "war"} | ends)
    table = table.iloc[:1] if name.startswith("frame") else table  # a row a frame
    drawn = getattr(charts, name)(table, **TOLD.get(name, {}))
    fig = drawn if isinstance(drawn, Figure) else drawn.figure
    fig.canvas.draw()
    ax = fig.axes[0]
    points: list[Artist] = [line for line in ax.lines if line.get_marker() not in ("", "None", None)
                            and len(line.get_xdata())]  # fmt: skip
    points += [mark for mark in ax.collections if type(mark) is PathCollection]
    assert points
    assert not any(mark.get_clip_on() for mark in points)
    assert ax.get_position().width > 0.2


@pytest.mark.parametrize("chart", ["pair_matrix", "target_matrix"])
def test_shades_are_no_pixels(chart: str, tmp_path):
    """A report's policy refuses pictures, and pixels would not print well."""
    tables = {
        "pair_matrix": pd.DataFrame({"frame_a": ["war"], "frame_b": ["law"], "n_both": [7],
                                     "log_odds": [1.2], "q": [0.01]}),
        "target_matrix": pd.DataFrame({"target": ["Anytown"], "outlet": ["Gull"], "articles": [9],
                                       "n_a": 1, "n_b": 2, "share": [0.4], "share_low": [0.3],
                                       "share_high": [0.5]}),
    }  # fmt: skip
    ax = getattr(charts, chart)(tables[chart])
    files = charts.save_figure(ax.figure, tmp_path / "a", title="A", caption="A.", alt="A.")
    assert "<image" not in files[0].read_text(encoding="utf-8")


def test_an_svg_keeps_its_look_without_styles(tmp_path):
    """Every declaration that matplotlib wrote stands as an attribute of the same value."""
    fig = by_group(scores(2, 1, missing=0).drop(columns="link"))
    file = save_figure(fig, tmp_path / "c", title="T", caption="C", alt="A")[0]
    svg = file.read_text("utf-8")
    inline = inline_svg(svg, "k", "A", {})
    declared = re.findall(r"(?<=[\"; ])stroke: ?(#[0-9a-f]+)", svg)
    assert declared
    assert re.findall(r'stroke="(#[0-9a-f]+)"', inline) == declared
    assert "style" not in inline
    assert "metadata" not in inline
    assert mpl.__version__ not in inline


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\u2028", "\ud800", "\uffff"])
def test_a_title_that_xml_refuses_is_written_out(tmp_path, mark: str):
    fig = by_group(scores(2, 1, missing=0))
    text = f"A{mark}B"
    file = save_figure(fig, tmp_path / "c", title=text, caption="C", alt=text, formats=["svg"])[0]
    root = etree.fromstring(inline_svg(file.read_text("utf-8"), "k", text, {"#c-s0": text}))
    written = f"A{ascii(mark)[1:-1]}B"
    assert root.find("title").text == written
    assert root.get("aria-label") == written
    assert [a.get("aria-label") for a in root.iter("a")].count(written) == 1


@pytest.mark.parametrize("text", ["", "<p>no</p>", "<svg/>", "<svg viewBox='0 0 9 9'>", "no"])
def test_what_is_no_svg_is_refused(text: str):
    with pytest.raises(ValueError, match="not an SVG"):
        inline_svg(text, "k", "A", {})
