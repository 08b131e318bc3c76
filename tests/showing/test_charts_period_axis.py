"""Where periods, their names and events are drawn on an axis."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from analysis.showing.charts import coverage, share_multiples, share_over_time
from analysis.showing.charts.drawing.period_axis import Spans, date_ticks, event_place

QUARTERS = [f"{year}-Q{q}" for year in (2017, 2018, 2019) for q in (1, 2, 3, 4)]


def day(text: str) -> float:
    """Days since 1970, which is how matplotlib counts them."""
    return (pd.Timestamp(text) - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)


def one_series(periods: list[str]) -> pd.DataFrame:
    table = pd.DataFrame({"period": pd.Categorical(periods, periods, ordered=True), "share": 0.5})
    table = table.assign(share_low=0.4, share_high=0.6, articles=12, n_risk=5, n_chance=5)
    return table.assign(outlet="Gazette")


def points(ax: Axes) -> list[float]:
    """Where the marks of a series are drawn."""
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    return [float(x) for line in marks for x in line.get_xdata()]


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        ("2020-Q1", "2020-01-01", "2020-04-01"),
        ("2021-H2", "2021-07-01", "2022-01-01"),
        ("2020-W53", "2020-12-28", "2021-01-04"),  # Monday to Sunday
        ("2020-02", "2020-02-01", "2020-03-01"),
        ("2020", "2020-01-01", "2021-01-01"),
        ("2020-02-29", "2020-02-29", "2020-03-01"),
    ],
)
def test_a_point_stands_in_the_middle_of_its_period(period: str, first: str, after: str):
    spans = Spans.of([period])
    assert spans.limits == (day(first), day(after))
    ax = share_over_time(one_series([period]), series="outlet")
    assert points(ax) == [(day(first) + day(after)) / 2]
    assert ax.get_xlim() == (day(first), day(after))


def test_the_year_stands_at_its_beginning_and_an_event_at_its_day():
    ax = share_over_time(one_series(QUARTERS), series="outlet", events={"Talks": "2019-02-27"})
    ticks = dict(zip([t.get_text() for t in ax.get_xticklabels()], ax.get_xticks(), strict=True))
    assert ticks["Jan\n2019"] == day("2019-01-01")
    (event,) = [line for line in ax.lines if list(line.get_ydata()) == [0, 1]]
    assert event.get_xdata()[0] == day("2019-02-27")
    many = [f"{year}-Q{q}" for year in range(2010, 2020) for q in (1, 2, 3, 4)]
    for ax in (share_over_time(one_series(many), series="outlet"),
               share_multiples(one_series(many)).axes[0]):  # fmt: skip
        years = [int(label.get_text()) for label in ax.get_xticklabels()]
        assert ax.get_xticks().tolist() == [day(f"{year}-01-01") for year in years]


@pytest.mark.parametrize(
    ("periods", "room", "ticks"),
    [
        # By hand: letters of 7 points are 4.4 wide, and labels are 4 apart. Years and months take
        # 4 letters (21.6 points), days 6 (30.4).
        (QUARTERS[:3], 100, ["Jan\n2017", "Apr", "Jul"]),
        (QUARTERS[1:6], 110, ["Apr\n2017", "Jul", "Oct", "Jan\n2018", "Apr"]),
        (QUARTERS, 80, ["2017", "2018", "2019"]),
        (QUARTERS[:1], 100, ["Jan\n2017"]),
        (["2020", "2021"], 100, ["2020", "2021"]),
        (["2020"], 400, ["2020"]),
        ([f"{year}" for year in range(2001, 2021)], 100, ["2005", "2010", "2015", "2020"]),
        (["2020-11", "2020-12", "2021-01"], 90, ["Nov\n2020", "Dec", "Jan\n2021"]),
        (["2019-H2", "2020-H1"], 200, ["Jul\n2019", "Jan\n2020"]),
        (["2020-03-14", "2020-03-15"], 90, ["14 Mar\n2020", "15 Mar"]),
        ([f"2020-03-{n:02}" for n in range(1, 32)], 200,
         ["1 Mar\n2020", "8 Mar", "15 Mar", "22 Mar"]),
        (["2020-W52", "2020-W53", "2021-W01"], 95, ["22 Dec\n2020", "1 Jan\n2021", "8 Jan"]),
        (["2019-W52"], 20, ["23 Dec\n2019"]),
    ],
)  # fmt: skip
def test_ticks_that_fit(periods: list[str], room: float, ticks: list[str]):
    spans = Spans.of(periods)
    assert date_ticks(*spans.limits, room, spans.freq)[1] == ticks


@pytest.mark.parametrize("freq", ["day", "week", "month", "quarter", "half", "year"])
@pytest.mark.parametrize("room", [30, 60, 110, 170, 350, 480])
@pytest.mark.parametrize("days", [1, 6, 31, 90, 365, 800, 2922, 40000])
@pytest.mark.filterwarnings("error")
def test_dates_on_an_axis_are_apart_whatever_its_length(freq: str, room: float, days: int):
    first = day("2018-03-05")
    ticks, labels = date_ticks(first, first + days, room, freq)
    assert all(first <= tick < first + days for tick in ticks)
    wide = 4.4 * max(len(line) for label in labels for line in label.split("\n"))
    assert len(ticks) == 1 or min(np.diff(ticks)) * room / days > wide
    assert any(label[-4:].isdigit() for label in labels)


@pytest.mark.parametrize("chart", ["line", "cells"])
def test_a_gap_in_calendar_periods_is_as_wide_as_its_days(chart: str):
    table = one_series(["2017-Q1", "2018-Q4"])
    ax = share_over_time(table, series="outlet") if chart == "line" else coverage(table)
    assert ax.get_xlim() == (day("2017-01-01"), day("2019-01-01"))
    if chart == "line":
        below = [text.get_text() for text in ax.texts if text.get_text().isdigit()]
        assert below == ["12", *["0"] * 6, "12"]
    else:
        assert ax.collections[0].get_array().size == 8


@pytest.mark.parametrize(
    "names",
    [
        ["2018-01-01 to 2018-06-11", "2018-06-12 to 2019-02-26"],
        ["2021-before", "2021-after"],
        ["before the talks", "2019"],
        ["2018-00", "2018-W60", "2018"],
    ],
)
def test_periods_with_names_of_their_own_keep_them(names: list[str]):
    ax = share_over_time(one_series(names), series="outlet")
    assert ax.get_xticks().tolist() == list(range(len(names)))
    assert [" ".join(t.get_text().split()) for t in ax.get_xticklabels()] == names


@pytest.mark.parametrize(
    ("date", "period", "place"),
    [
        ("2022-01-19", "2022-Q1", day("2022-01-19")),
        ("2022-01-19 12:00", "2022-H1", day("2022-01-19") + 0.5),
        ("2022-01-19", "2022-01-19", day("2022-01-19")),
        ("2022-01-19", "2021", None),
        ("2022-01-19", "after the summit", None),
        ("2018-03-13", "2018-W77", None),
        ("2018-03-13", "2018-13", None),
        # 11 days from 10 to 20 March: the 13th is day 3 of them.
        ("2018-03-13", "2018-03-10 to 2018-03-20", 3 / 11 - 0.5),
    ],
)
def test_an_event_is_placed_by_its_day(date: str, period: str, place: float | None):
    found = event_place(pd.Timestamp(date), Spans.of([period]))
    assert found == (place and pytest.approx(place))
