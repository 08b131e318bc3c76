"""Tables for people: an estimate and its interval in one cell, counts with their thousands."""

import numpy as np
import pandas as pd

from analysis.formatting import significant

# Columns whose bounds are called low and high alone belong to this one.
_BARE = ("per_million", "log_ratio", "estimate")


def readable(table: pd.DataFrame, digits: int = 2) -> pd.DataFrame:
    """The same rows as text: ``0.37 [0.31, 0.44]``, ``1,204``, and a dash where there is no number.

    They are for reading, not for computing.

    Parameters
    ----------
    table : DataFrame
        A table of any statistic. A column ``x`` with ``x_low`` and ``x_high`` beside it becomes
        one column; so do ``low`` and ``high`` with the estimate that they belong to.
    digits : int
        Decimals of numbers that are not whole; p-values below .001 are written as such.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"outlet": ["Gazette"], "articles": [1204], "share": [0.371],
    ...      "share_low": [0.309], "share_high": [0.441], "p": [0.0002]}
    ... )
    >>> readable(table)
        outlet articles              share      p
    0  Gazette    1,204  0.37 [0.31, 0.44]  <.001
    """
    columns = {}
    bare = next((name for name in _BARE if name in table), None)
    for name in table.columns:
        low, high = f"{name}_low", f"{name}_high"
        if name == bare and {"low", "high"} <= set(table.columns):
            low, high = "low", "high"
        stem, _, end = name.rpartition("_")
        if low in table and high in table:
            bounds = zip(table[name], table[low], table[high], strict=True)
            columns[name] = [interval(*row, digits) for row in bounds]
        elif end not in ("low", "high") or (stem or bare) not in table:
            columns[name] = _written(name, table[name], digits)
    return pd.DataFrame(columns, index=table.index)


def number(value: float | pd.Timestamp | str, digits: int = 2) -> str:
    """A number as text, with a minus sign and a dash for none; a date as its day."""
    if pd.isna(value):
        return "–"
    if isinstance(value, str | pd.Timestamp):
        return str(value)[:10]
    written = "∞" if np.isinf(value) else f"{abs(significant(value)):,.{digits}f}"
    return f"\u2212{written}" if value < 0 else written


def interval(value: float, low: float, high: float, digits: int = 2) -> str:
    """An estimate with its interval; a dash in the brackets where there is none."""
    if pd.isna(value):
        return "–"
    if pd.isna(low) or pd.isna(high):
        return f"{number(value, digits)} [–]"
    return f"{number(value, digits)} [{number(low, digits)}, {number(high, digits)}]"


def p_value(value: float) -> str:
    """A p-value in three decimals, the least as ``<.001``."""
    if pd.isna(value):
        return "–"
    value = significant(value)
    return "<.001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def _written(name: str, values: pd.Series, digits: int) -> list[str]:
    if name in ("p", "q") or name.startswith("p_") or name.endswith(("_p", "_q")):
        return [p_value(value) for value in values]
    if pd.api.types.is_bool_dtype(values):
        return ["yes" if value else "no" for value in values]
    if pd.api.types.is_integer_dtype(values):
        return ["–" if pd.isna(value) else f"{value:,}" for value in values]
    if pd.api.types.is_float_dtype(values) and (name == "n" or name.startswith("n_")):
        # Hits are whole, or parts where the reprints of a story share its weight.
        return [number(value, 1).removesuffix(".0") for value in values]
    if pd.api.types.is_float_dtype(values):
        whole = np.isclose(values.dropna() % 1, 0).all()
        return [number(value, 0 if whole else digits) for value in values]
    if pd.api.types.is_datetime64_any_dtype(values):
        return ["–" if pd.isna(value) else f"{value:%Y-%m-%d}" for value in values]
    return ["–" if pd.isna(value) else str(value) for value in values]
