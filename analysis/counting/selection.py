"""Rows that have given values: one rule for every `where`, target, reference and side."""

import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.grouping import refuse_lists, with_calendar
from analysis.errors import AnalysisError
from analysis.reading.dates import DateError, parse_date

Values = Mapping[str, object]


def rows_with(
    frame: pd.DataFrame,
    wanted: Values,
    argument: str,
    error: type[AnalysisError],
    *,
    what: str = "counts",
    every: bool = False,
) -> NDArray[np.bool_]:
    """Mark the rows whose columns have these values, or one of a list of them.

    Days are compared as days (``"2022-01"`` is the month), numbers as numbers, and all else as
    text, so that 2018 finds the year ``"2018"``; None finds what is missing. Calendar spans such
    as ``month`` are made of the date. `error` is raised if a column is not there or no row is left;
    with `every`, if one of the values is not there.
    """
    if not isinstance(wanted, Mapping):
        raise error(f"{argument}={wanted!r}: map columns to values, such as {{'outlet': 'RT'}}.")
    frame = with_calendar(frame, list(wanted))
    keep = np.ones(len(frame), bool)
    for name, value in wanted.items():
        if name not in frame:
            have = ", ".join(map(str, frame.columns))
            raise error(f"{argument}: the {what} have no column {name!r}; they have {have}.")
        refuse_lists(frame, [name], argument, error)
        if isinstance(value, str) or not isinstance(value, Iterable):
            value = [value]
        values = list(value)
        found = [_matches(frame[name], one, argument, error) & keep for one in values]
        missing = [one for one, rows in zip(values, found, strict=True) if not rows.any()]
        if not values:
            raise error(f"{argument}: {name}={value!r} names no value; give one or more.")
        if missing and (every or len(missing) == len(values)):
            have = frame.loc[keep, name].dropna().unique()
            raise error(
                f"{argument}: no article has "
                f"{', '.join(f'{name}={one!r}' for one in missing)}; there are "
                f"{', '.join(sorted(str(_plain(one)) for one in have)[:12]) or 'none'}."
            )
        keep = np.logical_or.reduce(found)
    return keep


def _matches(
    column: pd.Series, value: object, argument: str, error: type[AnalysisError]
) -> NDArray[np.bool_]:
    if value is None or value is pd.NaT or value is pd.NA or value != value:  # NaN
        found = column.isna()
    elif pd.api.types.is_datetime64_any_dtype(column):
        first, last = _days(value, column.name, argument, error)
        found = column.dt.tz_localize(None).dt.normalize().between(first, last)
    elif pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        number = pd.to_numeric(str(value), errors="coerce")
        if pd.isna(number):
            raise error(f"{argument}: {column.name} holds numbers; {value!r} is not a number.")
        found = column == number
    else:
        # The distinct values are few: categories, and strings that repeat.
        codes, distinct = pd.factorize(column)
        same = [str(_plain(one)).casefold() == str(value).casefold() if isinstance(one, bool)
                else one == value or str(_plain(one)) == str(_plain(value))
                for one in distinct]  # fmt: skip
        found = pd.Series(np.append(np.array(same, bool), False)[codes])
    matching: NDArray[np.bool_] = found.fillna(False).to_numpy(bool)
    return matching


def _plain(value: object) -> object:
    """A day without its midnight."""
    return value.date() if isinstance(value, dt.datetime) and value.time() == dt.time() else value


def _days(
    value: object, name: object, argument: str, error: type[AnalysisError]
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and the last day that a value denotes, as `read_articles` reads dates."""
    try:
        span = parse_date(str(_plain(value)))
    except DateError as fault:
        raise error(
            f"{argument}: {name} holds dates, and {value!r} can't be read as one. Write a day as "
            "2022-01-20, a month as 2022-01, a year as 2022."
        ) from fault
    return pd.Timestamp(span.first), pd.Timestamp(span.last)
