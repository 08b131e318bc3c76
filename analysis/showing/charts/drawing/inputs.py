"""What a chart is given: the columns it needs, the frames its shares are of, its periods."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import CountsError
from analysis.formatting import NO_NAME, rounded
from analysis.periods import freq_of, span_between
from analysis.showing.charts.drawing.colours import CHANNELS
from analysis.showing.charts.drawing.labels import name_of
from analysis.showing.charts.drawing.look import word
from analysis.showing.charts.drawing.options import check_option
from analysis.showing.charts.drawing.period_axis import Spans
from analysis.showing.largest import THIN

Bools = NDArray[np.bool_]

# The column of a table without groups, whose one value is all articles.
ALL = "all articles"


def thick_points(
    articles: pd.Series, low: pd.Series, thin: int | str, auto: int = THIN
) -> tuple[Bools, Bools]:
    """Which points are filled, with a band, and which have their interval drawn.

    With "auto" points of fewer than `auto` articles are hollow and keep their interval; with a
    number, points of fewer articles have none.
    """
    if thin != "auto" and (isinstance(thin, bool) or not isinstance(thin, int)):
        raise CountsError(f"thin={thin!r}: give 'auto' or a number of articles.")
    least = auto if thin == "auto" else int(thin)
    known = low.notna().to_numpy()
    thick = (articles.fillna(0) >= least).to_numpy()
    return thick & known, known if thin == "auto" else thick & known


def needed(table: pd.DataFrame, columns: Sequence[str], source: str) -> pd.DataFrame:
    """The table, rounded as in files so that last digits do not change a chart.

    A table without these columns is refused; `source` says which call gives a complete one.
    """
    if not isinstance(table, pd.DataFrame):
        raise CountsError(f"the table is a {type(table).__name__}: this chart takes {source}.")
    if "mean" in table and "share" not in table:  # of `scale`
        table = table.assign(
            **{f"share{end}": table[f"mean{end}"] for end in ("", "_low", "_high")}
        )
    missing = [str(name) for name in columns if name not in table.columns]
    if missing:
        raise CountsError(
            f"the table lacks {', '.join(missing)}; it has {', '.join(map(str, table.columns))}. "
            f"This chart takes {source}."
        )
    # Numbers that are missing are NaN, whatever stands for them in the table.
    gaps = [
        name for name in table
        if table[name].hasnans and (
            pd.api.types.is_numeric_dtype(table[name])
            or (table[name].dtype == object and table[name].isna().all())
        )
    ]  # fmt: skip
    return rounded(table.astype(dict.fromkeys(gaps, "float64")))


def frames_of(table: pd.DataFrame, frames: tuple[str, str] | None) -> tuple[str, str]:
    """The frames given, or those that the table of ``stance`` scores, in its order.

    Of the table of ``scale`` the one frame, and nothing: `share_axis` makes it an axis of means.
    """
    if "mean" in table:
        need_one_frame(table)
        return (frames or [*map(str, table["frame"][:1]), ""])[0], ""
    if frames is not None:
        return frames
    columns = [name for name in table.columns if isinstance(name, str)]
    counted = [name.removeprefix("n_") for name in columns if name.startswith("n_")]
    # Only a frame has a rate as well as hits; a table reduced to its hits has none.
    found = [name for name in counted if f"rate_{name}" in columns]
    found = found or [name for name in counted if not name.endswith("_negated")]
    if len(found) != 2:
        raise CountsError(
            "the table does not tell which two frames its shares are of (it has the hits of "
            f"{', '.join(found) or 'none'}). Say frames=(a, b): what a share of 1 and of 0 means."
        )
    return found[0], found[1]


# What a table of results begins its numbers with, behind the columns of its groups.
_NUMBERS = {
    "articles", "frame", "term", "change", "share", "frame_a", "coders", "lines", "patterns",
}  # fmt: skip


def groups_of(table: pd.DataFrame) -> list[str]:
    """The columns that make the groups of a table of results: those before its numbers."""
    names = [str(name) for name in table.columns]
    return names[: next((n for n, name in enumerate(names) if name in _NUMBERS), 0)]


def is_calendar(values: pd.Series) -> bool:
    """Whether values are periods: an ordered category, or all of one calendar frequency."""
    ordered = isinstance(values.dtype, pd.CategoricalDtype) and values.cat.ordered
    return ordered or freq_of([str(value) for value in values.dropna().unique()]) is not None


def series_and_period(
    table: pd.DataFrame, series: str | None, period: str
) -> tuple[pd.DataFrame, str, str]:
    """The table with the columns of its series and its periods, as named or as it can only be."""
    groups = [] if not isinstance(table, pd.DataFrame) else groups_of(table)
    if period == "period" and period not in groups:
        calendar = [name for name in groups if name != series and is_calendar(table[name])]
        period = calendar[0] if len(calendar) == 1 else period
    if series is not None or not isinstance(table, pd.DataFrame):
        return table, series or "outlet", period
    others = [name for name in groups if name != period]
    if len(others) > 1:
        raise CountsError(
            f"the table has groups by {', '.join(others)}: say which are the lines, such as "
            f"series={others[0]!r}, and score them by these columns alone."
        )
    if others:
        return table, others[0], period
    return table.assign(**{ALL: word("all articles")}), ALL, period


def points_in_periods(
    table: pd.DataFrame, columns: Sequence[str], period: str, series: str, source: str
) -> tuple[pd.DataFrame, Spans]:
    """The table as it is drawn, with one row for each period of a series, and its periods.

    They become a category, in order, and the calendar periods between them are in it.
    """
    table = needed(table, [*columns, series, period], source)
    need_one_row_each(table, [series, period])
    values = table[period].astype("category")
    names = [str(value) for value in values.cat.categories]
    if calendar := span_between(names):
        values = values.cat.rename_categories(names).cat.set_categories(calendar, ordered=True)
    table = with_names(table.assign(**{period: values}), series)
    return table, Spans.of(list(values.cat.categories))


def with_names(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """The table with a name for the groups whose value is missing or blank."""
    named = table[column].map(name_of, na_action=None)
    return table.assign(**{column: named}) if (named == NO_NAME).any() else table


def need_one_row_each(table: pd.DataFrame, keys: Sequence[str]) -> None:
    """Refuse a table with two rows for the same point of a chart."""
    known = table[list(keys)].dropna()
    twice = known[known.duplicated()]
    if len(twice):
        where = ", ".join(f"{name} {value}" for name, value in twice.iloc[0].items())
        raise CountsError(
            f"the table has two rows for {where}, and the chart has one point. Choose the rows to "
            "draw, or score them together by these columns alone."
        )


def need_one_frame(table: pd.DataFrame) -> None:
    """Refuse a table of several frames."""
    if (n := table["frame"].nunique()) > 1:
        raise CountsError(
            f"the table has {n} frames: draw the rows of one, such as "
            f"table[table['frame'] == {table['frame'].iloc[0]!r}]."
        )


def check_colours(n: int, what: str, advice: str) -> None:
    """Refuse more lines or the like than there are colours."""
    if n > len(CHANNELS):
        raise CountsError(f"{what} can't be told apart in one chart; {len(CHANNELS)} can. {advice}")


def days_of(events: Mapping[str, str] | None) -> list[tuple[str, pd.Timestamp]]:
    """The events with their days, in order of time."""
    days = []
    check_option("events", events, Mapping[str, str] | None)
    for name, day in (events or {}).items():
        try:
            when = pd.Timestamp(day)
        except (ValueError, TypeError):
            when = pd.NaT
        if pd.isna(when):
            raise CountsError(f"events: the day of {name!r} is {day!r}; write it as '2018-06-12'.")
        days.append((str(name), when.tz_localize(None)))
    return sorted(days, key=lambda event: event[1])


def kinds_of(
    rows: pd.DataFrame, colour_by: str | None, colour_order: Sequence[str] | None
) -> list[str]:
    """The categories that get a colour and marker each, in order; rows without one come last."""
    if colour_by is None:
        return []
    found = set(rows[colour_by].map(name_of))
    kinds = [str(kind) for kind in colour_order or sorted(found - {NO_NAME})]
    if unnamed := sorted(found - {*kinds, NO_NAME}):
        raise CountsError(
            f"colour_order lacks {', '.join(unnamed)} of the column {colour_by!r}; it has "
            f"{', '.join(kinds)}. Name all its values, or leave colour_order out."
        )
    kinds += [NO_NAME] if NO_NAME in found else []
    what = f"colour_by={colour_by!r}: {len(kinds)} values"
    check_colours(len(kinds), what, "Sum some of them up, or leave colour_by out.")
    return kinds
