"""Hard names, many periods and close events: what is written, and that nothing lies on anything."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import add_period
from analysis.showing.charts import (
    ONE_COLUMN,
    coverage,
    figure,
    keyness_forest,
    share_by_group,
    share_by_voice,
    share_multiples,
    share_over_time,
    tfidf_multiples,
)
from analysis.showing.charts.drawing.annotations import rows_apart

LONG = "The Extraordinarily Long-Named Regional Morning Intelligencer and Advertiser of"
OUTLETS = [
    f"{LONG} Northern Provinces (Online Edition)",
    f"{LONG} Southern Provinces (Online Edition)",
    "Fennhaven International Times (Global Edition)",
    "Herald",
]
SUMMITS = {
    "First summit in Fennhaven": "2018-06-12",
    "Second summit": "2018-06-20",
    "Third": "2018-06-25",
    "Before all": "2001-01-01",
}
START = {"day": "2018-03-05", "week": "2017-11-06", "month": "2017-05-01", "quarter": "2017-01-01",
         "half": "2012-07-01", "year": "2001-01-01"}  # fmt: skip
STEP = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS", "half": "6MS", "year": "YS"}


def periods_of(freq: str, n: int) -> list[str]:
    days = pd.DataFrame({"date": pd.date_range(START[freq], periods=n, freq=STEP[freq])})
    return list(add_period(days, freq)["period"].cat.categories)


def scores(outlets: list[str], periods: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(
        [(outlet, period) for outlet in outlets for period in periods], columns=["outlet", "period"]
    )
    table["period"] = pd.Categorical(table["period"], periods, ordered=True)
    table["share"] = np.linspace(0.3, 0.7, len(table))
    table = table.assign(share_low=table["share"] - 0.1, share_high=table["share"] + 0.1)
    return table.assign(articles=12, n_risk=5, n_chance=5)


def drawn(ax: Axes) -> list[mpl.text.Text]:
    """The texts of the axes that can be seen."""
    (left, right), (low, high) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    ticks = [t for t in ax.get_xticklabels() if left <= t.get_position()[0] <= right]
    ticks += [t for t in ax.get_yticklabels() if low <= t.get_position()[1] <= high]
    texts = [*ticks, *ax.texts, ax.xaxis.label, ax.yaxis.label, ax._left_title]
    return [text for text in texts if text.get_text().strip() and text.get_visible()]


def collisions(fig: Figure) -> tuple[list[tuple[str, str]], list[str]]:
    """Pairs of texts, of all axes, whose boxes overlap by more than a hair; texts off the page."""
    fig.canvas.draw()
    texts = [text for ax in fig.axes if ax.get_visible() for text in drawn(ax)]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    assert boxes
    pairs = [(a, b) for (a, x), (b, y) in combinations(boxes, 2) if x.padded(-1).overlaps(y)]
    page = fig.bbox.padded(2)
    corners = [(text, box.get_points()) for text, box in boxes]
    return pairs, [text for text, ends in corners if not all(map(page.contains, *ends.T))]


@pytest.mark.parametrize(
    ("freq", "n"),
    [("day", 800), ("day", 20), ("week", 100), ("month", 40), ("quarter", 1), ("quarter", 60),
     ("half", 5), ("year", 20)],
)  # fmt: skip
def test_periods_events_and_numbers_of_articles_are_legible(freq: str, n: int):
    table = scores(["Gazette", "Herald"], periods_of(freq, n))
    fig = share_over_time(table, series="outlet", events=SUMMITS, title="Shares").figure
    assert collisions(fig) == ([], [])
    below = [t for t in fig.axes[0].texts if t.get_fontsize() == 5 and t.get_text().isdigit()]
    # Two rows of numbers, one for each outlet, that leave no article out.
    assert sum(int(text.get_text()) for text in below) == 2 * 12 * n


@pytest.mark.parametrize(
    ("freq", "n"),
    [("day", 30), ("week", 40), ("month", 12), ("quarter", 40), ("year", 1)],
)  # fmt: skip
def test_small_panels_name_their_periods_legibly(freq: str, n: int):
    fig = share_multiples(scores(["Courier", "Gazette", "Herald"], periods_of(freq, n)))
    assert collisions(fig) == ([], [])


def test_the_axis_of_many_days_bears_its_years():
    ax = share_over_time(scores(["Gazette"], periods_of("day", 800)), series="outlet")
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert [tick.split("\n")[1] for tick in ticks if "\n" in tick] == ["2018", "2019", "2020"]


def test_many_periods_with_long_names_stand_upright():
    names = [f"stretch {n} of the long war" for n in range(20)]
    for ax in (
        share_over_time(scores(["Gazette"], names), series="outlet"),
        coverage(scores(["Gazette", "Herald"], names)),
    ):
        assert [label.get_text() for label in ax.get_xticklabels()] == names
        assert {label.get_rotation() for label in ax.get_xticklabels()} == {90}
        assert collisions(ax.figure)[0] == []


def test_close_events_have_a_row_each():
    ax = share_over_time(scores(["Herald"], periods_of("quarter", 8)), series="outlet",
                         events=SUMMITS)  # fmt: skip
    heights = {text.get_text(): text.xyann[1] for text in ax.texts if text.get_text() in SUMMITS}
    assert len(heights) == len(set(heights.values())) == 3
    assert rows_apart([(0, 30), (10, 40), (20, 50), (45, 60)], 4) == [0, 1, 2, 0]


def test_letters_of_close_events_stand_above_each_other():
    fig = share_multiples(
        scores(["Courier", "Gazette", "Herald"], periods_of("quarter", 8)), events=SUMMITS
    )
    letters = [text for text in fig.axes[0].texts if len(text.get_text()) == 1]
    assert [text.get_text() for text in letters] == ["b", "c", "d"]
    assert len({text.xyann[1] for text in letters}) == 3


@pytest.mark.parametrize("columns", [800, 100, 34])
def test_cells_that_are_narrow_have_no_edges_that_cover_them(columns: int):
    periods = periods_of("day", columns)
    rows = pd.DataFrame({"outlet": "Herald", "period": pd.Categorical(periods, periods)})
    ax = coverage(rows)
    wide = 72 * ax.bbox.width / ax.figure.dpi / columns
    (mesh,) = ax.collections
    assert max(mesh.get_linewidth()) <= 0.2 * wide
    assert (max(mesh.get_linewidth()) > 0) == (columns == 34)


@pytest.mark.parametrize("freq", ["day", "quarter"])
@pytest.mark.filterwarnings("error")
def test_long_names_of_outlets_leave_room_for_the_chart(freq: str):
    table = scores(OUTLETS, periods_of(freq, 8))
    first = table.groupby("outlet", sort=False).head(1)
    voices = pd.concat([first.assign(voice=voice) for voice in ("narration", "quoted")])
    figures = [
        share_by_group(first).figure,
        share_by_voice(voices, voices=("narration", "quoted")).figure,
        share_over_time(table, series="outlet").figure,
        share_multiples(table),
        share_multiples(pd.concat([table, table.assign(outlet="Five"), table.assign(outlet="Six")])
                        .drop_duplicates(["outlet", "period"])),
        coverage(table).figure,
    ]  # fmt: skip
    for fig in figures:
        assert collisions(fig) == ([], [])
    for fig in (*figures[:3], figures[5]):
        assert fig.axes[0].get_position().width > 0.4


def test_names_that_are_cut_still_tell_outlets_apart():
    table = scores(OUTLETS, ["2018"])
    rows = {label.get_text() for label in share_by_group(table).get_yticklabels()}
    assert len(rows) == len(OUTLETS)
    assert sum("Northern" in row for row in rows) == sum("Southern" in row for row in rows) == 1
    titles = {ax.get_title(loc="left") for ax in share_multiples(table).axes}
    assert len(titles) == len(OUTLETS)


def weights(outlets: list[str], periods: list[str]) -> pd.DataFrame:
    rows = [
        (outlet, period, f"term{rank}", 9, 1 / rank, rank)
        for outlet in outlets
        for period in periods
        for rank in (1, 2, 3)
    ]
    table = pd.DataFrame(rows, columns=["outlet", "period", "term", "n", "tfidf", "rank"])
    table["period"] = pd.Categorical(table["period"], periods, ordered=True)
    return table


@pytest.mark.filterwarnings("error")
def test_eight_quarters_of_tfidf_take_two_lines_under_the_name_of_their_outlet():
    quarters = periods_of("quarter", 8)
    fig = tfidf_multiples(weights(OUTLETS[:2], quarters), top=3)
    assert [ax.get_title(loc="left").strip() for ax in fig.axes] == quarters * 2
    heads = [text for ax in fig.axes for text in ax.texts if "Extraordinarily" in text.get_text()]
    assert [fig.axes.index(text.axes) for text in heads] == [0, 8]
    assert len({ax.get_position().x0 for ax in fig.axes}) == 4
    names = {text.get_text() for text in heads}
    pairs, outside = collisions(fig)
    assert outside == []
    assert {(a, b) for a, b in pairs if not names & {a, b}} == set()
    fig = tfidf_multiples(weights(OUTLETS, ["2018"]), columns=None, top=3)
    assert collisions(fig) == ([], [])


def test_panels_of_tfidf_stand_in_the_order_of_their_categories():
    spans = ["before the talks", "during the talks", "after the talks"]
    fig = tfidf_multiples(weights(["Herald"], spans), top=3)
    assert [ax.get_title(loc="left").strip() for ax in fig.axes] == spans


@pytest.mark.filterwarnings("error")
def test_long_names_of_the_sides_of_a_forest_do_not_meet():
    table = pd.DataFrame({"term": ["talks", "storm"], "t": [3.0, -3.0], "q": 0.01})
    table = table.assign(n_target=5, n_reference=5, log_ratio=table["t"], low=table["t"] - 1,
                         high=table["t"] + 1)  # fmt: skip
    ax = keyness_forest(table, target=OUTLETS[0], reference=OUTLETS[1], title="Words")
    assert collisions(ax.figure) == ([], [])
    fig, ax = figure(ONE_COLUMN, 3.4)
    keyness_forest(table, target=OUTLETS[0], reference="all others", ax=ax)
    assert collisions(fig) == ([], [])
