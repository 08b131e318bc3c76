"""Calendar spans, and the periods that articles fall into: the only arithmetic of quarters.

pandas is imported where it is used: the settings of a study, which are checked before anything
heavy is loaded, need the names alone.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.errors import ArticlesError

if TYPE_CHECKING:
    import pandas as pd

# The calendar spans, by how many months or days each takes.
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
FREQUENCIES = ("day", "week", *MONTHS)
# Their labels.
CALENDAR = re.compile(r"\d{4}(-(?P<rest>Q[1-4]|H[12]|W\d\d|\d\d(-\d\d)?))?")
# Spans of the user's own: names with first and last day, or first days.
Edges = Mapping[str, tuple[object, object]] | Sequence[object]


def calendar_label(day: dt.date, freq: str) -> str:
    """The label of the calendar span that a day lies in.

    Examples
    --------
    >>> [calendar_label(dt.date(2018, 6, 12), freq) for freq in FREQUENCIES]
    ['2018-06-12', '2018-W24', '2018-06', '2018-Q2', '2018-H1', '2018']
    """
    if freq == "day":
        return day.isoformat()
    if freq == "week":
        iso = day.isocalendar()
        return f"{iso.year:04}-W{iso.week:02}"
    if freq == "month":
        return f"{day.year:04}-{day.month:02}"
    if freq == "year":
        return f"{day.year:04}"
    letter = {"quarter": "Q", "half": "H"}[freq]
    return f"{day.year:04}-{letter}{(day.month - 1) // MONTHS[freq] + 1}"


def freq_of(labels: Iterable[object]) -> str | None:
    """The frequency whose labels these are; None if any is the name of another period.

    Examples
    --------
    >>> freq_of(["2018-W24", "2018-W30"]), freq_of(["2018-H1", "2018"]), freq_of(["before"])
    ('week', None, None)
    """
    found = {_freq(str(label)) for label in labels}
    return found.pop() if len(found) == 1 else None


def _freq(label: str) -> str | None:
    if not CALENDAR.fullmatch(label):
        return None
    named = {"": "year", "H": "half", "Q": "quarter", "W": "week"}
    freq = named.get(label[5:6]) or ("month" if len(label) == 7 else "day")
    try:
        return freq if calendar_label(_first_day(label), freq) == label else None
    except ValueError:  # such as "2018-13": a name that only looks like a calendar span
        return None


def labels_between(first: dt.date, last: dt.date, freq: str) -> list[str]:
    """The labels of all calendar spans from that of one day to that of another.

    Examples
    --------
    >>> labels_between(dt.date(2018, 12, 31), dt.date(2019, 6, 1), "quarter")
    ['2018-Q4', '2019-Q1', '2019-Q2']
    """
    if freq in MONTHS:
        numbers = range(12 * first.year + first.month - 1, 12 * last.year + last.month)
        days = (dt.date(number // 12, number % 12 + 1, 1) for number in numbers)
    else:
        numbers = range(first.toordinal(), last.toordinal() + 1)
        days = (dt.date.fromordinal(number) for number in numbers)
    return list(dict.fromkeys(calendar_label(day, freq) for day in days))


def span_between(labels: Iterable[str]) -> list[str]:
    """The labels of all calendar spans from the first to the last of some, of one frequency.

    Examples
    --------
    >>> span_between(["2019-W02", "2018-W52"])
    ['2018-W52', '2019-W01', '2019-W02']
    """
    known = sorted(labels)
    freq = freq_of(known)
    return labels_between(_first_day(known[0]), _first_day(known[-1]), freq) if freq else []


def days_of_label(label: str) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of a period; None if its label does not tell them.

    Examples
    --------
    >>> first, last = days_of_label("2018-H1")
    >>> f"{first} {last}"
    '2018-01-01 2018-06-30'
    >>> days_of_label("before the summit")
    """
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)", label):
        return dt.date.fromisoformat(found[1]), dt.date.fromisoformat(found[2])
    if not (freq := _freq(label)):
        return None
    first = _first_day(label)
    if freq not in MONTHS:
        return first, first + dt.timedelta(days={"day": 0, "week": 6}[freq])
    month = first.month + MONTHS[freq] - 1
    return first, first.replace(month=month, day=calendar.monthrange(first.year, month)[1])


def _first_day(label: str) -> dt.date:
    """The first day of the calendar span of a label."""
    year, rest = int(label[:4]), label[5:]
    if rest.startswith("W"):
        return dt.date.fromisocalendar(year, int(rest[1:]), 1)
    if rest[:1] in ("Q", "H"):
        return dt.date(year, (int(rest[1:]) - 1) * {"Q": 3, "H": 6}[rest[0]] + 1, 1)
    month, _, day = rest.partition("-")
    return dt.date(year, int(month or 1), int(day or 1))


def add_period(
    articles: "pd.DataFrame", freq: str = "quarter", edges: Edges | None = None
) -> "pd.DataFrame":
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
        If there is no column ``date``, `freq` is unknown, or `edges` are not days in order, without
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
    import pandas as pd

    from analysis.articles import check_table, days_of

    articles = check_table(articles, "date")
    first = last = days_of(articles, "date")
    if not pd.api.types.is_datetime64_any_dtype(articles["date"].dtype):
        last = days_of(articles, "date", last=True)
    if "date_end" in articles:
        last = days_of(articles, "date_end", last=True).fillna(last)
    if edges is not None:
        names, spans = _named_spans(edges)
        starts, ends = _in_spans(first, spans), _in_spans(last, spans)
        codes = starts.where((starts == ends) & (starts >= 0), -1)
        period = pd.Categorical.from_codes(codes.to_numpy(), categories=names, ordered=True)
    else:
        if freq not in FREQUENCIES:
            raise ArticlesError(f"freq={freq!r} is unknown; allowed are {', '.join(FREQUENCIES)}.")
        labels = _calendar_labels(first, freq)
        if last is not first:
            labels = labels.where(labels == _calendar_labels(last, freq))
        known = first[labels.notna()]
        names = labels_between(known.min().date(), known.max().date(), freq) if len(known) else []
        period = pd.Categorical(labels, categories=names, ordered=True)
    return articles.assign(period=period)


def _calendar_labels(days: "pd.Series", freq: str) -> "pd.Series":
    import pandas as pd

    codes, distinct = pd.factorize(days)
    # Missing days have the code -1, and so the last label.
    labels = [*(calendar_label(day, freq) for day in pd.DatetimeIndex(distinct).date), None]
    return pd.Series([labels[code] for code in codes], index=days.index, dtype="str")


def _named_spans(edges: Edges) -> "tuple[list[str], list[tuple[pd.Timestamp, pd.Timestamp]]]":
    import pandas as pd

    if isinstance(edges, Mapping):
        for name, ends in edges.items():
            if not isinstance(ends, list | tuple) or len(ends) != 2:
                raise ArticlesError(
                    f"edges: {name!r} is {ends!r}; give its first and its last day, such as "
                    "('2018-01-01', '2018-06-11')."
                )
        spans = [(_day(first), _day(last, 1)) for first, last in edges.values()]
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


def _day(edge: object, end: int = 0) -> "pd.Timestamp":
    """A day, or the first or last (`end` 1) of a calendar span such as "2018-06"."""
    import pandas as pd

    try:
        if isinstance(edge, str) and (span := days_of_label(edge)):
            edge = span[end]
        day = pd.NaT if isinstance(edge, int | float) else pd.Timestamp(edge)
    except (ValueError, TypeError):
        day = pd.NaT
    if pd.isna(day):
        raise ArticlesError(f"edges: {edge!r} is not a day; write it as '2018-06-12'.")
    return day.tz_localize(None).normalize()


def _in_spans(days: "pd.Series", spans: "list[tuple[pd.Timestamp, pd.Timestamp]]") -> "pd.Series":
    import pandas as pd

    found = pd.Series(-1, index=days.index)
    for code, (first, last) in enumerate(spans):
        found[(days >= first) & (days <= last)] = code
    return found
