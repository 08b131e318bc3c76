"""Text of others made harmless where it is shown: terminals obey codes, spreadsheets formulas."""

import re
from typing import TYPE_CHECKING
from unicodedata import bidirectional

if TYPE_CHECKING:
    import pandas as pd

# Control characters but tab and newline, and what turns the direction of all that follows. The
# marks that Arabic and Hebrew texts set around punctuation (LRM, RLM) turn nothing else. The last
# two are no characters, and XML refuses them.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# What Excel, LibreOffice and Google Sheets take for the beginning of a formula.
_FORMULA = r"^(?=\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])"


def inert(text: object) -> str:
    r"""Text with its control characters and direction marks written out, for a terminal or a log.

    Examples
    --------
    >>> inert("Gaz\x1b[31mette \u202eetteH")
    'Gaz\\x1b[31mette \\u202eetteH'
    """
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], str(text))


def spreadsheet_safe(table: "pd.DataFrame") -> "pd.DataFrame":
    """Put an apostrophe before each text that a spreadsheet would run as a formula.

    Texts that begin with ``=``, ``+``, ``-``, ``@``, ``|`` or ``%`` get it, and column names. Use
    it for files that people open by a double click: the apostrophe stays in the text.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    DataFrame
        A copy.

    Examples
    --------
    >>> import pandas as pd
    >>> spreadsheet_safe(pd.DataFrame({"outlet": ["=1+1", "Gazette"], "n": [-1, 2]}))
        outlet  n
    0    '=1+1 -1
    1  Gazette  2
    """
    import pandas as pd

    safe = table.rename(columns=lambda name: _safe(name) if isinstance(name, str) else name)
    for place, kind in enumerate(table.dtypes):
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)):
            texts = table.iloc[:, place].astype(object)
            values = [_safe(value) if isinstance(value, str) else value for value in texts]
            safe.isetitem(place, pd.Series(values, index=table.index, dtype=object))
    return safe


def _safe(text: str) -> str:
    return re.sub(_FORMULA, "'", text, count=1)


def from_right(text: str) -> bool:
    """Whether a text has a letter that is read from right to left."""
    return not text.isascii() and any(bidirectional(letter) in ("R", "AL") for letter in text)
