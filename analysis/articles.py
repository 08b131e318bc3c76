"""The articles table: its columns and their checks.

An articles table is a plain pandas DataFrame with one row an article. ``doc_id`` (a unique
string), ``outlet`` (category), ``date`` (datetime64 without zone: the day as published),
``title`` and ``text`` are always there; any other column is kept as it is. An optional column
``date_end`` says that the day is known only to lie between ``date`` and ``date_end``.
"""

import datetime as dt
import numbers
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import ArticlesError
from analysis.reading.columns import likeliest
from analysis.reading.dates import DateError, Span, has_dots, parse_date, seen_orders
from analysis.reading.rejected import Reason
from analysis.tables import as_pandas

REQUIRED = ("doc_id", "outlet", "text")


def check_table(articles: object, *needed: str) -> pd.DataFrame:
    """A table of any library as pandas' own; ArticlesError without a column that is needed."""
    articles = as_pandas(articles)
    if not isinstance(articles, pd.DataFrame):
        raise ArticlesError(
            f"the articles are a {type(articles).__name__}; a DataFrame is needed: "
            "read_articles(path) returns one, check_articles(pd.DataFrame(...)) checks your own."
        )
    if missing := [name for name in needed if name not in articles.columns]:
        raise ArticlesError(
            f"the articles table lacks the column(s) {', '.join(missing)}; it has "
            f"{', '.join(map(str, articles.columns)) or 'none'}. {_advice(articles, missing)}"
        )
    return articles


def _advice(articles: pd.DataFrame, missing: list[str]) -> str:
    """What to do where columns are missing: rename the likeliest, or make them."""
    likely = {found: name for name in missing if (found := likeliest(name, articles.columns))}
    if likely:
        return f"If these are they: articles.rename(columns={likely!r})."
    made = {
        "doc_id": "articles['doc_id'] = range(len(articles)) numbers the articles",
        "outlet": "articles['outlet'] = 'Gazette' names the one outlet",
        "period": "add_period(articles) makes periods of dates",
    }
    how = [made[name] for name in missing if name in made]
    return f"{'; '.join(how) or 'Rename yours with articles.rename(columns={...})'}."


def check_articles(frame: Any) -> pd.DataFrame:
    """Check and type a table of the user's own, so that every other function can take it.

    Parameters
    ----------
    frame : DataFrame of pandas, Polars or DuckDB, or Arrow table
        One row an article, with at least ``doc_id``, ``outlet`` and ``text``; without ``date``
        there are no periods. ``title`` is added empty where it is missing.

    Returns
    -------
    DataFrame
        A copy with a new index from 0 and typed columns: ``doc_id`` and ``title`` and ``text``
        strings, ``outlet`` a category with sorted names, ``date`` (and ``date_end``, if there)
        days without a time zone, read as `read_articles` reads them: the day as written. Where a
        date is a month or year, ``date_end`` has its last day. Other columns are kept.

    Raises
    ------
    ArticlesError
        If a column is missing, an id is empty or used twice, an outlet or text is missing, or a
        date is missing or cannot be read. The message names the first rows at fault.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame(
    ...     {"doc_id": [1], "outlet": ["Gazette"], "date": ["2021-03-14"], "text": ["They met."]}
    ... )
    >>> check_articles(frame).loc[0, "date"]
    Timestamp('2021-03-14 00:00:00')
    """
    articles = check_table(frame, *REQUIRED).reset_index(drop=True).copy()
    if "title" not in articles:
        articles["title"] = ""
    articles["title"] = articles["title"].fillna("").astype("str")
    for name in ("doc_id", "outlet", "text"):
        _refuse(articles[name].isna(), articles, name, "has no value")
    articles["doc_id"] = articles["doc_id"].astype("str")
    articles["text"] = articles["text"].astype("str")
    outlets = articles["outlet"].astype("str").str.strip()
    for name, values in (("doc_id", articles["doc_id"]), ("outlet", outlets)):
        _refuse(values == "", articles, name, "is empty")
    _refuse(articles["doc_id"].duplicated(), articles, "doc_id", "occurs more than once")
    articles["outlet"] = pd.Categorical(outlets, categories=sorted(outlets.unique()))
    if "date" not in articles:
        return articles
    first, last = days_of(articles, "date"), days_of(articles, "date", last=True)
    _refuse(first.isna(), articles, "date", "is missing")
    if "date_end" in articles:
        end = days_of(articles, "date_end", last=True)
        _refuse(end < first, articles, "date_end", "is before date")
        articles["date_end"] = end.fillna(last.where(last > first))
    elif (last > first).any():
        articles["date_end"] = last
    articles["date"] = first
    return articles


def with_titles(articles: pd.DataFrame) -> pd.DataFrame:
    r"""Put each title above its text, as a paragraph of its own, so that titles are counted too.

    Parameters
    ----------
    articles : DataFrame
        The articles table.

    Returns
    -------
    DataFrame
        A copy in which ``text`` begins with the title, where there is one.

    Raises
    ------
    ArticlesError
        If there is no column ``title`` or ``text``.

    Examples
    --------
    >>> import pandas as pd
    >>> with_titles(pd.DataFrame({"title": ["Talks"], "text": ["They met."]}))["text"].tolist()
    ['Talks\n\nThey met.']
    """
    articles = check_table(articles, "title", "text")
    title = articles["title"].fillna("")
    return articles.assign(text=title.where(title == "", title + "\n\n") + articles["text"])


def days_of(articles: pd.DataFrame, name: str, *, last: bool = False) -> pd.Series:
    """A column of dates as days, in whatever zone they were given: the day as published.

    Of a month or year, its first day, or its `last`. ArticlesError where one can't be read.
    """
    values = articles[name]
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days = values.dt.tz_localize(None).dt.normalize().astype("datetime64[us]")
        in_calendar = days.isna() | days.between(str(dt.date.min), str(dt.date.max))
        _refuse(~in_calendar, articles, name, "is beyond the years 1 to 9999")
        return days
    # Numbers are refused: 20180612 read as nanoseconds would land in 1970 without a word.
    number = values.map(lambda value: isinstance(value, numbers.Number) and not pd.isna(value))
    _refuse(number.astype(bool), articles, name, "is a number, not a date such as 2018-06-12")
    texts = [value for value in values if isinstance(value, str)]
    seen = map(seen_orders, (texts, filter(has_dots, texts)))
    day_first, dots_first = (orders.pop() if len(orders) == 1 else None for orders in seen)
    found: list[dt.date | None] = []
    faults: dict[int, str] = {}
    for row, value in enumerate(values):
        try:
            span = _span(value, dots_first if has_dots(value) else day_first)
        except DateError as fault:
            faults[row], span = fault.reason, None
        found.append(None if span is None else span.last if last else span.first)
    if faults:
        bad = pd.Series(False, index=articles.index)
        bad.iloc[list(faults)] = True
        why = next(iter(faults.values()))
        _refuse(bad, articles, name, f"is not a date such as 2018-06-12 ({why})")
    days = np.array(found, dtype="datetime64[D]").astype("datetime64[us]")
    return pd.Series(days, index=articles.index, name=name)


def _span(value: object, day_first: bool | None) -> Span | None:
    """The days that a value stands for; None if it is missing. DateError if it can't be read."""
    if not pd.api.types.is_scalar(value):
        raise DateError(Reason.UNREADABLE_DATE, "")
    if pd.isna(value) or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return Span(day, day)
    return parse_date(str(value), day_first)


def _refuse(bad: pd.Series, articles: pd.DataFrame, column: str, fault: str) -> None:
    """Raise where any row is bad, naming the first three rows by position and id."""
    if not bad.any():
        return
    rows = bad.to_numpy().nonzero()[0][:3]
    ids = articles.get("doc_id", pd.Series("", index=articles.index))
    values = articles[column]
    where = "; ".join(
        f"row {row}, doc_id {ids.iloc[row]!r}, {column} {values.iloc[row]!r}" for row in rows
    )
    raise ArticlesError(
        f"the articles table: {column} {fault} in {int(bad.sum())} row(s): {where}. "
        "Mend or drop them; read_articles lists such rows as rejected instead."
    )
