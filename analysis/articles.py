"""The articles table: its columns, their checks, and the periods that articles fall into.

An articles table is a plain pandas DataFrame with one row an article. ``doc_id`` (a unique
string), ``outlet`` (category), ``date`` (datetime64 without zone: the day as published),
``title`` and ``text`` are always there; any other column is kept as it is. An optional column
``date_end`` says that the day is known only to lie between ``date`` and ``date_end``.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.errors import ArticlesError

REQUIRED = ("doc_id", "outlet", "date", "text")
FREQUENCIES = ("day", "week", "month", "quarter", "half", "year")

# A span of named periods: the first and the last day of each, both included.
Edges = Mapping[str, tuple[object, object]] | Sequence[object]


def check_table(articles: object, *needed: str) -> None:
    """Refuse what is no table, such as counts or the path of one, and a table without a column."""
    if not isinstance(articles, pd.DataFrame):
        raise ArticlesError(
            f"the articles are a {type(articles).__name__}; a DataFrame is needed: "
            "read_articles(path) returns one, check_articles(pd.DataFrame(...)) checks your own."
        )
    if missing := [name for name in needed if name not in articles.columns]:
        raise ArticlesError(
            f"the articles table lacks the column(s) {', '.join(missing)}; it has "
            f"{', '.join(map(str, articles.columns)) or 'none'}. Rename yours, or read the file "
            "with read_articles(path, columns={'outlet': 'your column', ...})."
        )


def check_articles(frame: pd.DataFrame) -> pd.DataFrame:
    """Check and type a frame of the user's own, so that every other function can take it.

    Parameters
    ----------
    frame : DataFrame
        One row an article, with at least ``doc_id``, ``outlet``, ``date`` and ``text``. ``title``
        is added empty where it is missing.

    Returns
    -------
    DataFrame
        A copy with a new index from 0 and typed columns: ``doc_id`` and ``title`` and ``text``
        strings, ``outlet`` a category with sorted names, ``date`` (and ``date_end``, if there)
        days without a time zone. Other columns are kept.

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
    check_table(frame, *REQUIRED)
    articles = frame.reset_index(drop=True).copy()
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
    _refuse(articles["doc_id"].duplicated(), articles, "doc_id", "stands twice")
    articles["outlet"] = pd.Categorical(outlets, categories=sorted(outlets.unique()))
    for name in ("date", "date_end"):
        if name in articles:
            articles[name] = _days(articles, name)
    if "date_end" in articles:
        _refuse(articles["date_end"] < articles["date"], articles, "date_end", "is before date")
    return articles


def add_period(
    articles: pd.DataFrame, freq: str = "quarter", edges: Edges | None = None
) -> pd.DataFrame:
    """Add ``period``: the calendar span, or the named span, that each article falls into.

    Parameters
    ----------
    articles : DataFrame
        The articles table. Where it has ``date_end``, an article enters a period only if both
        ends of its span lie in it; else its period is missing.
    freq : {"day", "week", "month", "quarter", "half", "year"}
        The calendar span; weeks are ISO weeks, from Monday. Ignored where `edges` is given.
    edges : mapping of name to (first day, last day), or sequence of first days, optional
        Spans of your own. A sequence of k days makes k - 1 periods, each from one day up to the
        day before the next.

    Returns
    -------
    DataFrame
        A copy with ``period``, an ordered category (``2018-Q2``, ``2018-06``, ``2018-W24``,
        ``2018-H1``, ``2018``, ``2018-06-12``). Calendar spans without an article are among the
        categories, so that a gap in a corpus shows as a gap.

    Raises
    ------
    ArticlesError
        If there is no column ``date``, `freq` is unknown, or `edges` are no days, out of order or
        overlap.

    Examples
    --------
    >>> import pandas as pd
    >>> dates = pd.to_datetime(["2018-04-02", "2018-06-12"])
    >>> add_period(pd.DataFrame({"date": dates}))["period"].tolist()
    ['2018-Q2', '2018-Q2']
    >>> spans = {"before": ("2018-01-01", "2018-06-11"), "after": ("2018-06-12", "2018-12-31")}
    >>> add_period(pd.DataFrame({"date": dates}), edges=spans)["period"].tolist()
    ['before', 'after']
    """
    check_table(articles, "date")
    first = pd.to_datetime(articles["date"])
    last = pd.to_datetime(articles["date_end"]) if "date_end" in articles else first
    last = last.fillna(first)
    if edges is not None:
        names, spans = _named_spans(edges)
        starts, ends = _in_spans(first, spans), _in_spans(last, spans)
        codes = starts.where((starts == ends) & (starts >= 0), -1)
        period = pd.Categorical.from_codes(codes.to_numpy(), categories=names, ordered=True)
    else:
        if freq not in FREQUENCIES:
            raise ArticlesError(f"freq={freq!r} is unknown; allowed are {', '.join(FREQUENCIES)}.")
        labels = _calendar_labels(first, freq)
        labels = labels.where(labels == _calendar_labels(last, freq))
        known = first[labels.notna()]
        days = _days_between(known.min(), known.max(), freq) if len(known) else known
        categories = list(dict.fromkeys(_calendar_labels(days, freq)))
        period = pd.Categorical(labels, categories=categories, ordered=True)
    return articles.assign(period=period)


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
    check_table(articles, "title", "text")
    title = articles["title"].fillna("")
    return articles.assign(text=title.where(title == "", title + "\n\n") + articles["text"])


def _refuse(bad: pd.Series, articles: pd.DataFrame, column: str, fault: str) -> None:
    """Raise where any row is bad, naming the first three rows by position and id."""
    if not bad.any():
        return
    rows = bad.to_numpy().nonzero()[0][:3]
    ids, values = articles["doc_id"], articles[column]
    where = "; ".join(
        f"row {row}, doc_id {ids.iloc[row]!r}, {column} {values.iloc[row]!r}" for row in rows
    )
    raise ArticlesError(
        f"the articles table: {column} {fault} in {int(bad.sum())} row(s): {where}. "
        "Mend or drop them; read_articles lists such rows as rejected instead."
    )


def _days(articles: pd.DataFrame, name: str) -> pd.Series:
    """Dates as days, in whatever zone they were given: the day as published."""
    values = articles[name]
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_localize(None)
    elif not pd.api.types.is_datetime64_dtype(values):
        # Numbers are refused: 20180612 read as nanoseconds would land in 1970 without a word.
        numeric = values.map(lambda value: isinstance(value, int | float) and not pd.isna(value))
        _refuse(numeric.astype(bool), articles, name, "is a number, not a date such as 2018-06-12")
        parsed = pd.to_datetime(values, errors="coerce", format="ISO8601")
        _refuse(parsed.isna() & values.notna(), articles, name, "is not a date such as 2018-06-12")
        values = parsed
    if name == "date":
        _refuse(values.isna(), articles, name, "is missing")
    return values.dt.normalize().astype("datetime64[us]")


def _days_between(first: pd.Timestamp, last: pd.Timestamp, freq: str) -> pd.Series:
    """Days of all calendar spans from that of the first day to that of the last."""
    unit = "datetime64[D]" if freq in ("day", "week") else "datetime64[M]"
    start, stop = np.array([first.date(), last.date()], unit)
    return pd.Series(np.arange(start, stop + 1).astype("datetime64[s]"))


def calendar_label(day: dt.date, freq: str) -> str:
    """The label of the calendar span that a day lies in, as add_period writes it."""
    match freq:
        case "day":
            return day.isoformat()
        case "week":
            iso = day.isocalendar()
            return f"{iso.year:04}-W{iso.week:02}"
        case "month":
            return f"{day.year:04}-{day.month:02}"
        case "quarter":
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case "half":
            return f"{day.year:04}-H{(day.month + 5) // 6}"
        case _:
            return f"{day.year:04}"


def _calendar_labels(days: pd.Series, freq: str) -> pd.Series:
    codes, distinct = pd.factorize(days)
    # Missing days have the code -1, and so the last label.
    labels = [*(calendar_label(day, freq) for day in pd.DatetimeIndex(distinct).date), None]
    return pd.Series(np.array(labels, object)[codes], index=days.index, dtype="str")


def _named_spans(edges: Edges) -> tuple[list[str], list[tuple[pd.Timestamp, pd.Timestamp]]]:
    if isinstance(edges, Mapping):
        for name, ends in edges.items():
            if not isinstance(ends, list | tuple) or len(ends) != 2:
                raise ArticlesError(
                    f"edges: {name!r} is {ends!r}; give its first and its last day, such as "
                    "('2018-01-01', '2018-06-11')."
                )
        spans = [(_day(first), _day(last)) for first, last in edges.values()]
        names = [str(name) for name in edges]
    else:
        starts = [_day(edge) for edge in edges]
        spans = [(a, b - pd.Timedelta(days=1)) for a, b in pairwise(starts)]
        names = [f"{a:%Y-%m-%d} to {b:%Y-%m-%d}" for a, b in spans]
    in_order = all(a <= b for a, b in spans) and all(x[1] < y[0] for x, y in pairwise(spans))
    if not spans or not in_order:
        shown = ", ".join(f"{a:%Y-%m-%d} to {b:%Y-%m-%d}" for a, b in spans) or "none"
        raise ArticlesError(
            f"edges must be spans in order of time that do not overlap; found {shown}."
        )
    return names, spans


def _day(edge: object) -> pd.Timestamp:
    try:
        day = pd.Timestamp(edge)
    except (ValueError, TypeError):
        day = pd.NaT
    if pd.isna(day):
        raise ArticlesError(f"edges: {edge!r} is no day; write it as '2018-06-12'.")
    return day


def _in_spans(days: pd.Series, spans: list[tuple[pd.Timestamp, pd.Timestamp]]) -> pd.Series:
    found = pd.Series(-1, index=days.index)
    for code, (first, last) in enumerate(spans):
        found[(days >= first) & (days <= last)] = code
    return found
