"""How numbers and names are written for people and for version control: alike on every machine.

Processors differ in the last digits of a logarithm or a long sum. To 12 significant digits they
agree, unless a value lies within those last digits of the middle between two numbers of 12 digits.
"""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

# What a group is called whose value is missing or blank.
NO_NAME = "(none)"
DIGITS = 12
# Whole numbers up to here are exact as floats, such as an identifier in a column with gaps.
_EXACT = 2**53


def counted(n: int, noun: str) -> str:
    """A number with its noun, in the singular or the plural.

    Examples
    --------
    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def significant(value: float) -> float:
    """A number to 12 significant digits; whole numbers stay as they are, and zero has no sign.

    Examples
    --------
    >>> significant(0.1 + 0.2), significant(2 / 3), significant(-0.0)
    (0.3, 0.666666666667, 0.0)
    """
    if value == 0:
        return 0.0
    if abs(value) < _EXACT and value == int(value):
        return float(value)
    return float(f"{value:.{DIGITS}g}")


def rounded(table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with its floats to 12 significant digits, also those among other values.

    Examples
    --------
    >>> import pandas as pd
    >>> rounded(pd.DataFrame({"outlet": ["Gazette"], "n": [2], "share": [0.1 + 0.2]}))
        outlet  n  share
    0  Gazette  2    0.3
    """
    import pandas as pd

    result = table.copy(deep=False)
    for place, kind in enumerate(table.dtypes):
        if pd.api.types.is_float_dtype(kind) or pd.api.types.is_object_dtype(kind):
            column = table.iloc[:, place]
            values = _all_rounded(column) if kind == "float64" else map(_rounded, column)
            result.isetitem(place, pd.Series([*values], index=table.index, dtype=kind))
    return result


def _all_rounded(column: "pd.Series") -> "NDArray[np.float64]":
    """The values of a column as `significant` gives them, those that are sure all at once."""
    import numpy as np

    values = column.to_numpy()
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        places = DIGITS - 1 - np.floor(np.log10(np.abs(values)))
        # Powers of ten up to this are exact: m / 10**k is then the number nearest to the decimal.
        sure = (places >= 0) & (places <= 22)
        powers = np.array([float(f"1e{k}") for k in range(23)])
        power = powers[np.where(sure, places, 0).astype(np.intp)]
        scaled = values * power
        digits = np.rint(scaled)
        # What lies near the middle between two decimals is looked at one by one.
        sure &= (np.abs(scaled - digits) < 0.499) & (np.abs(digits) >= 10 ** (DIGITS - 1))
    result = np.where(sure, digits / power, np.where(values == 0, 0.0, values))
    left = ~sure & np.isfinite(values) & (values != 0)
    result[left] = [significant(value) for value in values[left].tolist()]
    return result


def _rounded(value: object) -> object:
    return significant(value) if isinstance(value, float) else value


def csv_text(table: "pd.DataFrame") -> str:
    r"""The table as the text of a CSV file, without its index.

    Examples
    --------
    >>> import pandas as pd
    >>> csv_text(pd.DataFrame({"outlet": ["Gazette"], "share": [2 / 3]}))
    'outlet,share\nGazette,0.666666666667\n'
    """
    text: str = rounded(table).to_csv(index=False, lineterminator="\n")
    return text


def json_text(content: Any, *, sort_keys: bool = False) -> str:
    r"""Content of dicts, lists and plain values as the text of a JSON file.

    Examples
    --------
    >>> json_text({"share": 2 / 3})
    '{\n  "share": 0.666666666667\n}\n'
    """
    plain = _rounded_inside(content)
    return json.dumps(plain, indent=2, ensure_ascii=False, sort_keys=sort_keys) + "\n"


def _rounded_inside(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _rounded_inside(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_rounded_inside(value) for value in content]
    return _rounded(content)
