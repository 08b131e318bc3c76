"""Tables for people: an estimate and its interval in one cell, counts with their thousands."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.io.formats.style import Styler

from analysis.errors import CountsError
from analysis.formatting import significant
from analysis.tables import as_pandas

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


class PaperTable(Styler):  # type: ignore[misc]  # pandas has no types
    """A table for a paper: HTML in a notebook, ``to_html()``, and ``to_latex()`` with booktabs."""

    def to_latex(self, *args: Any, **options: Any) -> Any:
        """The table in LaTeX; its preamble needs the package booktabs."""

        def signs(text: str) -> str:
            return text.replace("\u2212", "$-$").replace("–", "--").replace("∞", r"$\infty$")

        form = "".join("r" if right else "l" for right in _are_counts(self.data))
        options = {"hrules": True, "position_float": "centering", "column_format": form} | options
        escaped = self.format(signs, escape="latex").format_index(escape="latex", axis="columns")
        return Styler.to_latex(escaped, *args, **options)

    def to_html(self, *args: Any, **options: Any) -> Any:
        """The table in HTML."""
        right = [{"selector": "", "props": "text-align: right"}]
        counts = self.data.columns[_are_counts(self.data)]
        styled = self.set_table_styles(dict.fromkeys(counts, right)).format(escape="html")
        return Styler.to_html(styled.format_index(escape="html", axis=1), *args, **options)

    def _repr_html_(self) -> str:
        return str(self.to_html())


def _are_counts(shown: pd.DataFrame) -> list[bool]:
    """Which columns have nothing but single numbers."""
    return [bool(of.str.fullmatch(r"[\d.,<–∞\u2212]+").all()) for _, of in shown.items()]


def for_paper(
    table: Any,
    columns: Sequence[str] | None = None,
    *,
    digits: int = 2,
    names: Mapping[str, str] | None = None,
    caption: str | None = None,
) -> PaperTable:
    r"""A table for a paper: estimates rounded, their intervals in brackets, the number of articles.

    Parameters
    ----------
    table : DataFrame
        A table of any statistic.
    columns : sequence of str, optional
        The estimates to show, such as ``["share"]``, beside the groups and ``articles``; else all.
    digits : int
        Decimals, as for `readable`.
    names : mapping, optional
        Other headings: ``{"share": "Share of deterrence"}``.
    caption : str, optional

    Returns
    -------
    PaperTable
        A Styler of pandas: ``to_latex()``, ``to_html()``, and what a notebook shows.

    Raises
    ------
    CountsError
        If a column is not there.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": ["A & B"], "articles": [1204], "share": [0.371],
    ...                       "share_low": [0.309], "share_high": [0.441], "note": [""]})
    >>> print(for_paper(table, ["share"]).to_latex())
    \begin{table}
    \centering
    \begin{tabular}{lrl}
    \toprule
    Outlet & n & Share [95\% interval] \\
    \midrule
    A \& B & 1,204 & 0.37 [0.31, 0.44] \\
    \bottomrule
    \end{tabular}
    \end{table}
    <BLANKLINE>
    """
    table = as_pandas(table)
    shown = readable(table, digits)
    if columns is not None:
        if missing := [name for name in columns if name not in shown]:
            have = ", ".join(shown.columns)
            raise CountsError(f"columns: the table has no {missing[0]!r}; there are {have}.")
        numeric = [name for name in table if pd.api.types.is_numeric_dtype(table[name])]
        first = table.columns.get_loc(numeric[0]) if numeric else table.shape[1]
        kept = [*table.columns[:first], *(["articles"] if "articles" in table else []), *columns]
        shown = shown[list(dict.fromkeys(kept))]
    if "note" in shown and not shown["note"].str.strip("–").any():
        shown = shown.drop(columns="note")
    gone = set(table.columns) - set(readable(table.iloc[:0], digits).columns)
    headings = {}
    for name in shown:
        heading = "n" if name == "articles" else name.replace("_", " ")
        heading = heading if len(heading) == 1 else heading[:1].upper() + heading[1:]
        has = f"{name}_low" in gone or (name in _BARE and "low" in gone)
        headings[name] = heading + (" [95% interval]" if has else "")
    shown = shown.rename(columns=headings | dict(names or {}))
    # The same table has the same name in every file that it is written to.
    name = hashlib.sha256(repr([[*shown], shown.to_numpy().tolist()]).encode()).hexdigest()[:8]
    paper = PaperTable(shown, uuid=name, cell_ids=False)
    paper.hide(axis="index")
    if caption is not None:
        paper.set_caption(caption)
    return paper


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
