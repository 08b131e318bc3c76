import pandas as pd
import pytest

from analysis.articles import add_period, check_articles
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
        ("doc_id", ["x", "x"], "stands twice in 1 row.*row 1, doc_id 'x'"),
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
        ({"a": ("soon", "2021-02-01")}, "'soon' is no day; write it as '2018-06-12'"),
        (["2021-01-01", None], "None is no day"),
        ({"a": "2021"}, "'a' is '2021'; give its first and its last day"),
        ({"a": ("2021-01-01",)}, r"'a' is \('2021-01-01',\); give its first and its last day"),
    ],
)
def test_edges_that_are_no_days_are_named(edges, fault: str):
    with pytest.raises(ArticlesError, match=rf"edges: {fault}"):
        add_period(pd.DataFrame({"date": pd.to_datetime(["2021-01-15"])}), edges=edges)
