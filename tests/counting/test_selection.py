"""Which rows a value means: the same wherever values are asked for."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from analysis.counting.selection import rows_with
from analysis.errors import CountsError

FRAME = pd.DataFrame(
    {
        "outlet": pd.Categorical(["Gull", "Tern", None]),
        "year": ["2018", "2019", "2018"],
        "day": pd.to_datetime(["2018-06-12", "2018-06-30", None]),
        "n": [1.0, 2.5, np.nan],
        "front": [True, False, True],
        "price": [Decimal("1.50"), Decimal("2"), None],
        "edition": pd.Categorical([1, 2, 1]),
        "date": pd.to_datetime(["2018-06-12", "2018-06-30", "2018-07-01"]),
    }
)


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        ({"outlet": "Gull"}, [0]),
        ({"outlet": None}, [2]),
        ({"outlet": ["Tern", None]}, [1, 2]),
        ({"year": 2018}, [0, 2]),
        ({"day": "2018-06"}, [0, 1]),
        ({"day": pd.Timestamp("2018-06-12")}, [0]),
        ({"day": dt.date(2018, 6, 30)}, [1]),
        ({"day": pd.NaT}, [2]),
        ({"day": pd.DatetimeIndex(["2018-06-12", "2018-06-30"])}, [0, 1]),
        ({"outlet": pd.Series(["Gull"])}, [0]),
        ({"n": "2.5"}, [1]),
        ({"n": 1}, [0]),
        ({"front": "true"}, [0, 2]),
        ({"price": "1.50"}, [0]),
        ({"price": 1.5}, [0]),
        ({"edition": 2.0}, [1]),
        ({"month": "2018-06"}, [0, 1]),
        ({"year": "2018", "outlet": ["Gull", "Tern"]}, [0]),
        ({}, [0, 1, 2]),
    ],
)
def test_rows_that_have_a_value(wanted: dict, rows: list[int]):
    assert np.flatnonzero(rows_with(FRAME, wanted, "where", CountsError)).tolist() == rows


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"outlet": []}, r"where: outlet=\[\] names no value"),
        ({"outlet": "Auk"}, "where: no article has outlet='Auk'; there are Gull, Tern"),
        ({"year": 2019, "outlet": "Gull"}, "no article has outlet='Gull'; there are Tern"),
        ({"paper": "Gull"}, "no column 'paper'; they have outlet, year"),
        ({"n": "many"}, "n holds numbers; 'many' is not a number"),
        ({"day": "soon"}, "day holds dates, and 'soon' can't be read as one"),
    ],
)
def test_a_value_that_is_not_there_is_an_error(wanted: dict, message: str):
    with pytest.raises(CountsError, match=message):
        rows_with(FRAME, wanted, "where", CountsError)


@pytest.mark.parametrize("wanted", [None, 5, "Gull", ["outlet", "Gull"], ("outlet", "Gull")])
def test_what_maps_no_columns_to_values_is_refused(wanted: object):
    with pytest.raises(CountsError, match=r"where=.*map columns to values"):
        rows_with(FRAME, wanted, "where", CountsError)


def test_of_several_values_one_is_enough_unless_every_one_is_wanted():
    wanted = {"outlet": ["Gull", "Auk"]}
    assert rows_with(FRAME, wanted, "where", CountsError).tolist() == [True, False, False]
    with pytest.raises(CountsError, match="target: no article has outlet='Auk'"):
        rows_with(FRAME, wanted, "target", CountsError, every=True)
