import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest

from analysis import (
    Lexicon,
    add_period,
    check_articles,
    document_terms,
    find_reprints,
    kwic,
    prevalence,
)
from analysis.errors import ArticlesError


def frame(**columns: object) -> pd.DataFrame:
    base = {"doc_id": ["x", "y"], "outlet": ["B", "A"], "date": ["2021-01-31", "2021-02-01"],
            "text": ["one", "two"]}  # fmt: skip
    return pd.DataFrame(base | columns)


def test_a_checked_table_is_typed_and_keeps_other_columns():
    articles = check_articles(frame(lean=["left", "right"]))
    assert articles["outlet"].cat.categories.tolist() == ["A", "B"]
    assert str(articles["date"].dtype) == "datetime64[us]"
    assert articles["title"].tolist() == ["", ""]
    assert articles["lean"].tolist() == ["left", "right"]


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("doc_id", ["x", "x"], "occurs more than once in 1 row.*row 1, doc_id 'x'"),
        ("outlet", ["B", None], "outlet has no value in 1 row.*row 1, doc_id 'y'"),
        ("outlet", ["B", "  "], "outlet is empty"),
        ("date", ["2021-01-31", "last Tuesday"], "'last Tuesday'"),
        ("date", [20210131, 20210201], "is a number, not a date"),
        ("date", ["2021-01-31", None], "date is missing"),
        ("date_end", ["2021-01-30", "2021-02-01"], "date_end is before date"),
        ("text", ["one", None], "text has no value"),
    ],
)
def test_a_bad_value_is_refused_with_its_row(column: str, values: list[object], said: str):
    with pytest.raises(ArticlesError, match=said):
        check_articles(frame(**{column: values}))


def test_a_missing_column_is_named():
    with pytest.raises(ArticlesError, match=r"lacks the column\(s\) outlet"):
        check_articles(frame().drop(columns="outlet"))


EAST = dt.timezone(dt.timedelta(hours=9))


@pytest.mark.parametrize(
    "written",
    [
        ["2021-03-14T23:30:00Z", "2021-03-15"],
        ["2021-03-14T23:30:00+09:00", "2021-03-15T00:10:00-05:00"],
        ["2021-03-14 23:30:00+00", "20210315T001000Z"],
        ["March 14, 2021", "mardi 15 mars 2021"],
        ["14/03/2021", "15/03/2021"],
        ["03/14/2021", "03/15/2021"],
        ["14.03.2021", "2021年3月15日"],
        [dt.datetime(2021, 3, 14, 23, 30, tzinfo=EAST), dt.date(2021, 3, 15)],
        [pd.Timestamp("2021-03-14 23:30", tz="UTC"), "2021-03-15"],
        [np.datetime64("2021-03-14T23:30"), pd.Timestamp("2021-03-15")],
        pd.DatetimeIndex(["2021-03-14 23:30:00", "2021-03-15 00:00:00"]).tz_localize(
            "America/New_York"
        ),
        pd.array(["2021-03-14T23:30Z", "2021-03-15"], dtype="category"),
    ],
)
def test_a_date_is_the_day_as_written(written: object):
    articles = check_articles(frame(date=written))
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2021-03-14", "2021-03-15"]
    assert str(articles["date"].dtype) == "datetime64[us]"
    assert "date_end" not in articles


def test_a_month_is_the_span_of_its_days():
    articles = check_articles(frame(date=["June 2018", "2018-07-02"]))
    assert articles["date"].dt.strftime("%m-%d").tolist() == ["06-01", "07-02"]
    assert articles["date_end"].dt.strftime("%m-%d").tolist() == ["06-30", "07-02"]
    ended = frame(date=["June 2018", "2018"], date_end=["July 2018", None])
    assert check_articles(ended)["date_end"].astype(str).tolist() == ["2018-07-31", "2018-12-31"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["04/05/2018", "2018-06-12"], r"\(ambiguous date\) in 1 row.*row 0, .*04/05/2018"),
        (["2018-06-12", "2018-02-30"], r"\(impossible date\) in 1 row.*row 1"),
        (["2018-06-12", "30000-01-01"], r"unreadable date.*30000"),
        (["2018-06-12", ["2018"]], "unreadable date"),
        (["2018-06-12", True], "is a number"),
        (["2018-06-12", ""], "date is missing in 1 row.*row 1"),
        (np.array(["2018-06-12", "30000-01-01"], "datetime64[s]"), "beyond the years 1 to 9999"),
        ([np.datetime64("30000-01-01"), "2018-06-12"], "beyond|impossible|unreadable"),
    ],
)
def test_a_date_that_is_no_day_is_refused(written: object, said: str):
    with pytest.raises(ArticlesError, match=said):
        check_articles(frame(date=written))


def test_articles_without_dates_are_counted_and_never_put_into_periods():
    frame = pd.DataFrame({"doc_id": [1, 2], "outlet": ["A", "B"], "text": ["Talks.", "Rain."]})
    articles = check_articles(frame)
    lexicon = Lexicon.from_dict({"talks": ["talks"]})
    counts = document_terms(articles, lexicon=lexicon)
    assert prevalence(counts, lexicon, by="outlet")["n"].tolist() == [1, 0]
    assert kwic(articles, "talks")["date"].isna().all()
    with pytest.raises(ArticlesError, match=r"lacks the column\(s\) date; it has doc_id"):
        add_period(articles)
    with pytest.raises(ArticlesError, match=r"lacks the column\(s\) date"):
        find_reprints(articles)


@pytest.mark.parametrize(("there", "advice"), [
    ("news_source", "articles.rename(columns={'news_source': 'outlet'})"),
    ("Newspapr", "articles.rename(columns={'Newspapr': 'outlet'})"),
    ("x", "articles['outlet'] = 'Gazette' names the one outlet"),
])  # fmt: skip
def test_the_likeliest_column_is_proposed(there: str, advice: str):
    frame = pd.DataFrame({"doc_id": [1], there: ["A"], "date": ["2021-03-14"], "text": ["Talks."]})
    with pytest.raises(ArticlesError, match=re.escape(advice)):
        check_articles(frame)
