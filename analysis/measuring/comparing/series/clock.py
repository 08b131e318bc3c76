"""The times of a series as numbers, and the periods that they are in."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from analysis.errors import CountsError
from analysis.measuring.intervals import Floats, Rows

YEAR = 11  # months between the first and the last of a year
TIMES = ("first", "last", "turn", "turn_low", "turn_high", "date")


@dataclass(frozen=True, eq=False)
class Clock:
    """Times as numbers: days, or positions of periods; how many make a unit; and the way back."""

    values: Floats
    unit: float
    periods: pd.Index | None = None

    @classmethod
    def of(cls, column: pd.Series) -> Self:
        """Dates as days; an ordered category as positions. CountsError if it is neither."""
        if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered:
            codes = column.cat.codes.to_numpy(np.float64)
            return cls(np.where(codes < 0, np.nan, codes), 1.0, column.cat.categories)
        if pd.api.types.is_datetime64_any_dtype(column):
            days = (column - pd.Timestamp(0)) / pd.Timedelta(days=1)
            return cls(days.to_numpy(np.float64), 365.25)
        raise CountsError(
            f"time={str(column.name)!r}: it holds {column.dtype}; it must hold dates, or an "
            "ordered category such as the period that add_period makes."
        )

    def dated(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with dates, or periods, in place of the numbers of its times."""
        for name in {*TIMES} & {*table}:
            numbers = table[name].astype(np.float64)
            if self.periods is None:
                table[name] = pd.to_datetime(numbers, unit="D").astype("datetime64[s]")
            else:
                codes = numbers.fillna(-1).to_numpy(np.int64)
                table[name] = pd.Categorical.from_codes(codes, self.periods, ordered=True)
        return table

    def number(self, name: str, date: object) -> float:
        """The number of a date, or of a period, that a reader names."""
        if self.periods is not None:
            if date in self.periods:
                return float(self.periods.get_loc(date))
            allowed = f"one of the periods, {self.periods[0]} to {self.periods[-1]}"
        else:
            day = pd.to_datetime(str(date), errors="coerce", format="ISO8601")
            if not pd.isna(day):
                return float((day.tz_localize(None) - pd.Timestamp(0)) / pd.Timedelta(days=1))
            allowed = "a date such as 2018-06-12"
        raise CountsError(f"dates={{{name!r}: {date!r}}}: it must be {allowed}.")

    def blocks(self, time: Floats) -> Rows:
        """The period of each time that may have effects of its own: months, or weeks."""
        if self.periods is None and len(time):
            months = time.astype("datetime64[D]").astype("datetime64[M]").astype(np.intp)
            weekly = months[-1] - months[0] < YEAR
            return ((time - time[0]) // 7).astype(np.intp) if weekly else months
        return time.astype(np.intp)
