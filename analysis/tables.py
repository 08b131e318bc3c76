"""Tables of other libraries as pandas' own, and files of tables for programs of any kind."""

import io
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import OutputError
from analysis.files import replace_file
from analysis.formatting import csv_text

# Whole numbers beyond are no floats, which Stata would make of them.
_EXACT = 2**53


class Notes(list[Any]):
    """What is known of each file, which all copies of a table share.

    At each step pandas copies attributes, and for thousands of files that takes seconds.
    """

    def __deepcopy__(self, memo: object) -> "Notes":
        return self


def as_pandas(table: object) -> Any:
    """A table of Polars, Arrow, DuckDB and others as a DataFrame; what is no table, as it is.

    Strings are shared with an Arrow table and not copied; what is lazy is computed.
    """
    import pyarrow as pa

    if isinstance(table, pd.DataFrame):
        arrow = [name for name, kind in table.dtypes.items() if isinstance(kind, pd.ArrowDtype)]
        own = {name: as_pandas(pa.table({"": pa.array(table[name])}))[""].array for name in arrow}
        return table.assign(**own) if own else table
    known = _known(table)
    if known is not table:
        known = known.collect("pyarrow") if hasattr(known, "collect") else known
        table = known.to_arrow()
    elif _is_stream(table):
        table = pa.table(table)
    if not isinstance(table, pa.Table):
        return table
    text = pd.StringDtype(na_value=float("nan"))
    types = dict.fromkeys((pa.string(), pa.large_string(), pa.string_view()), text)
    return table.to_pandas(types_mapper=types.get, date_as_object=False)


def is_table(value: object) -> bool:
    """Whether a value is a table of any library that `as_pandas` takes."""
    return _known(value) is not value or _is_stream(value)


def write_parquet(table: Any, path: Path) -> None:
    """Write a table of any library as Parquet, without holding what is lazy in memory."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known = _known(table)
    if isinstance(table, pd.DataFrame) or known is table:
        save_table(table, path)
    else:
        write = known.sink_parquet if hasattr(known, "sink_parquet") else known.write_parquet
        write(path)


def save_table(table: Any, path: str | Path) -> Path:
    r"""Write a table to a file of the kind that its name ends with: .csv, .parquet or .dta (Stata).

    No column is refused: what a format has no type for becomes text. Stata has no infinite
    numbers, and its names have no blanks: these become missing, those ``_``.

    Parameters
    ----------
    table : DataFrame
        The table of any function, or one of your own (of Polars, Arrow or DuckDB, too).
    path : str or Path

    Returns
    -------
    Path
        The file, which is there whole or not at all.

    Raises
    ------
    OutputError
        If the name ends otherwise, or the file can't be written.

    Examples
    --------
    >>> import tempfile
    >>> table = pd.DataFrame({"outlet": ["Gazette"], "tags": [["a", 1]], "t": [float("inf")]})
    >>> path = save_table(table, Path(tempfile.mkdtemp()) / "table.dta")
    >>> pd.read_stata(path)
        outlet      tags   t
    0  Gazette  ['a', 1] NaN
    """
    path, table = Path(path), as_pandas(table)
    ending = path.suffix.lower()
    if ending == ".csv":
        return replace_file(path, csv_text(table))
    if ending not in (".parquet", ".dta"):
        raise OutputError(
            f"{path}: the name of a table ends in .csv, .parquet or .dta (Stata), not {ending!r}."
        )
    is_stata = ending == ".dta"
    columns = [_plain(table.iloc[:, place], is_stata) for place in range(table.shape[1])]
    plain = pd.concat(columns, axis=1) if columns else table
    plain.columns = plain.columns.astype("str")
    buffer = io.BytesIO()
    if not is_stata:
        plain.to_parquet(buffer, index=False)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.InvalidColumnName)
            # Version 118 is the first that holds every script, and texts of any length.
            plain.to_stata(buffer, write_index=False, version=118)
    return replace_file(path, buffer.getvalue())


def _plain(column: pd.Series, is_stata: bool) -> pd.Series:
    """A column as numbers, days or text; for Parquet, as it is if that takes it."""
    import pyarrow as pa

    if not is_stata:
        with suppress(pa.ArrowException):
            pa.array(column)
            return column
    kind = column.dtype
    if pd.api.types.is_datetime64_any_dtype(kind):
        return column.dt.tz_localize(None).astype("datetime64[us]")
    large = pd.api.types.is_integer_dtype(kind) and column.abs().gt(_EXACT).any()
    if pd.api.types.is_numeric_dtype(kind) and not large:  # or truth values
        values = column.astype("float64") if column.hasnans else column
        return values.astype(values.to_numpy().dtype).replace([np.inf, -np.inf], np.nan)
    text = column.map(str).astype("str").where(column.notna())
    return text.fillna("") if is_stata else text


def _is_stream(value: object) -> bool:
    """Whether a value is a table by Arrow's interface; a column by itself has no schema."""
    return hasattr(value, "__arrow_c_stream__") and hasattr(value, "schema")


def _known(table: object) -> Any:
    """The table as narwhals holds it; what it doesn't know, as it is."""
    import narwhals as nw

    return nw.from_native(table, pass_through=True)
