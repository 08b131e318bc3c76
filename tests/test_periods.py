"""Calendar spans and named periods."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles import check_articles
from analysis.errors import ArticlesError
from analysis.periods import (
    FREQUENCIES,
    add_period,
    calendar_label,
    freq_of,
    labels_between,
    span_between,
)


def frame(**columns: object) -> pd.DataFrame:
    base = {"doc_id": ["x", "y"], "outlet": ["B", "A"], "date": ["2021-01-31", "2021-02-01"],
            "text": ["one", "two"]}  # fmt: skip
    return pd.DataFrame(base | columns)


@pytest.mark.parametrize(
    ("freq", "expected"),
    [
        ("day", ["2021-01-31", "2021-02-01"]),
        ("week", ["2021-W04", "2021-W05"]),  # 2021-01-31 was a Sunday
        ("month", ["2021-01", "2021-02"]),
        ("quarter", ["2021-Q1", "2021-Q1"]),
        ("half", ["2021-H1", "2021-H1"]),
        ("year", ["2021", "2021"]),
    ],
)
def test_calendar_periods(freq: str, expected: list[str]):
    assert add_period(check_articles(frame()), freq)["period"].tolist() == expected


def test_a_period_without_articles_is_still_a_category():
    articles = check_articles(frame(date=["2020-11-01", "2021-08-01"]))
    period = add_period(articles)["period"]
    assert period.cat.categories.tolist() == ["2020-Q4", "2021-Q1", "2021-Q2", "2021-Q3"]


def test_a_partial_date_enters_only_a_period_that_it_determines():
    articles = check_articles(frame(date_end=["2021-02-28", "2021-02-28"]))
    assert add_period(articles, "quarter")["period"].tolist() == ["2021-Q1", "2021-Q1"]
    assert add_period(articles, "month")["period"].isna().tolist() == [True, False]


def test_edges_as_days_and_out_of_order():
    articles = check_articles(frame())
    period = add_period(articles, edges=["2021-01-01", "2021-02-01", "2021-03-01"])["period"]
    assert period.tolist() == ["2021-01-01 to 2021-01-31", "2021-02-01 to 2021-02-28"]
    with pytest.raises(ArticlesError, match="do not overlap"):
        add_period(
            articles, edges={"a": ("2021-01-01", "2021-02-01"), "b": ("2021-02-01", "2021-03-01")}
        )


@pytest.mark.parametrize(
    ("edges", "fault"),
    [
        ({"a": ("soon", "2021-02-01")}, "'soon' is not a day; write it as '2018-06-12'"),
        (["2021-01-01", None], "None is not a day"),
        ({"a": "2021"}, "'a' is '2021'; give its first and its last day"),
        ({"a": ("2021-01-01",)}, r"'a' is \('2021-01-01',\); give its first and its last day"),
    ],
)
def test_edges_that_are_no_days_are_named(edges, fault: str):
    with pytest.raises(ArticlesError, match=rf"edges: {fault}"):
        add_period(pd.DataFrame({"date": pd.to_datetime(["2021-01-15"])}), edges=edges)


DAYS = st.dates(dt.date(1600, 1, 1), dt.date(2200, 12, 31))


@pytest.mark.parametrize("freq", FREQUENCIES)
@given(days=st.lists(DAYS, min_size=1, max_size=2), length=st.integers(0, 900))
def test_the_spans_between_two_days(freq: str, days: list[dt.date], length: int):
    first = min(days)
    last = first + dt.timedelta(length)
    # Every day between them, one after the other; pandas knows weeks and quarters of its own.
    every = pd.date_range(str(first), str(last), unit="s")
    labels = list(dict.fromkeys(calendar_label(day.date(), freq) for day in every))
    assert labels_between(first, last, freq) == labels
    assert span_between([labels[-1], labels[0]]) == labels
    assert freq_of(labels) == freq
    quarters = every.to_period("Q").unique()
    if freq == "quarter":
        assert labels == [f"{quarter.year}-Q{quarter.quarter}" for quarter in quarters]


def test_no_label_has_no_span():
    assert span_between([]) == []


@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Seoul"])
def test_spans_keep_the_whole_of_their_last_day(zone: str | None):
    dates = ["2018-01-01 00:00", "2018-06-11 15:30", "2018-06-12 00:00", "2018-12-31 23:59"]
    spans = {"before": ("2018-01-01", "2018-06-11"), "after": ("2018-06-12", "2018-12-31")}
    articles = pd.DataFrame({"date": pd.to_datetime(dates).tz_localize(zone)})
    expected = ["before", "before", "after", "after"]
    assert add_period(articles, edges=spans)["period"].tolist() == expected
    timed = {name: [pd.Timestamp(day, tz=zone) for day in ends] for name, ends in spans.items()}
    assert add_period(articles, edges=timed)["period"].tolist() == expected
    assert add_period(articles, "day")["period"].tolist() == [day[:10] for day in dates]
    halves = add_period(articles, edges=["2018-01-01", "2018-06-12", "2019-01-01"])["period"]
    assert halves.tolist() == ["2018-01-01 to 2018-06-11"] * 2 + ["2018-06-12 to 2018-12-31"] * 2
    halves = {"before": ("2018-01", "2018-05"), "after": ("2018-06", "2018")}
    assert add_period(articles, edges=halves)["period"].tolist()[1:] == ["after"] * 3
    # Dates of several zones, as text: each the day as written.
    mixed = pd.DataFrame({"date": ["2018-06-11T23:30:00+09:00", "2018-06-12T00:30:00-05:00", None]})
    assert add_period(mixed, edges=spans)["period"].tolist()[:2] == ["before", "after"]


def test_years_that_no_calendar_has_are_refused():
    far = pd.DataFrame({"date": np.array(["30000-01-01"], "datetime64[s]")})
    for options in ({"freq": "year"}, {"edges": {"all": ("2018-01-01", "2018-12-31")}}):
        with pytest.raises(ArticlesError, match="date is beyond the years 1 to 9999"):
            add_period(far, **options)
    late = pd.DataFrame({"date": [dt.date(9999, 12, 31), dt.date(9998, 1, 1)]})
    assert add_period(late, "year")["period"].tolist() == ["9999", "9998"]
    early = pd.DataFrame({"date": [dt.date(1, 1, 1)]})
    assert add_period(early, "month")["period"].tolist() == ["0001-01"]
    with pytest.raises(ArticlesError, match="is not a day"):
        add_period(late, edges={"all": ("30000-01-01", "30000-12-31")})
