import pandas as pd
import pytest

from analysis.articles import check_articles
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
