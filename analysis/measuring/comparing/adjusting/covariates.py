"""Covariates of a comparison: what they are, what both sides cover, and the design of the model."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import columns_of, with_calendar
from analysis.counting.units import of_articles
from analysis.errors import CountsError
from analysis.measuring.intervals import Floats

_SPLINE = re.compile(r"\s*spline\(\s*([^,()]+?)\s*(?:,\s*(?:df\s*=\s*)?(\d+)\s*)?\)\s*")
DF = 4  # of a spline, unless said
NAMED = 3  # strata named in a note; the rest are a number
Bools = NDArray[np.bool_]


class Covariate(NamedTuple):
    """A column to adjust for: its levels, a straight line, or a spline of `df` columns."""

    written: str
    column: str
    df: int


def covariates_of(adjust: str | Sequence[str], groups: Sequence[str]) -> list[Covariate]:
    """What `adjust` names; CountsError if it names a column of the groups, or one twice."""
    found = list[Covariate]()
    for written in columns_of(adjust, "adjust"):
        match = _SPLINE.fullmatch(str(written))
        column, df = (match[1], int(match[2] or DF)) if match else (str(written), 0)
        if match and not 2 <= df <= 10:
            raise CountsError(f"adjust={written!r}: a spline has 2 to 10 degrees of freedom.")
        if column in groups:
            raise CountsError(
                f"adjust={written!r}: {column!r} makes the groups that are compared; name another."
            )
        if column in (one.column for one in found):
            raise CountsError(f"adjust={adjust!r}: {column!r} is named twice; name each once.")
        found.append(Covariate(str(written), column, df))
    return found


def values_of(counts: DocumentTerms, covariates: Sequence[Covariate]) -> pd.DataFrame:
    """The covariates of each article, by ``doc_id``: dates as numbers of days.

    CountsError if a column is not there, differs between the parts of an article, has one value, or
    is to be a spline and holds no numbers or dates.
    """
    documents = with_calendar(counts.documents, [one.column for one in covariates])
    table = pd.DataFrame(index=pd.Index(documents["doc_id"].unique()))
    for one in covariates:
        if one.column == "n_tokens":
            values = documents.groupby("doc_id", sort=False)["n_tokens"].sum()
        else:
            values = of_articles(documents, one.column, "adjust")
        if pd.api.types.is_datetime64_any_dtype(values):
            values = (values - pd.Timestamp(0)) / pd.Timedelta(days=1)
        if _is_number(values):
            values = values.astype(np.float64)
        elif one.df:
            raise CountsError(
                f"adjust={one.written!r}: a spline needs numbers or dates, and {one.column!r} "
                f"holds values such as {values.dropna().iloc[0]!r}. Name the column alone."
            )
        if values.nunique() < 2:
            only = values.dropna().unique()
            raise CountsError(
                f"adjust={one.written!r}: all articles have the same value"
                f"{f' ({only[0]})' if len(only) else ' (none)'}, so there is nothing to adjust "
                "for. Leave it out."
            )
        table[one.column] = values.reindex(table.index)
    return table


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


class Support(NamedTuple):
    """The articles whose covariates both sides cover, and which others there are."""

    kept: Bools
    left_out: list[str]
    overlap: float
    uncovered: list[str]


def common_support(values: pd.DataFrame, side: Bools, names: tuple[str, str]) -> Support:
    """Leave out the levels, and the ends of numbers, that one side never covers.

    Levels that both cover may still meet in strata that one side never has, of which the model says
    what its other strata say: these stay, are named, and `overlap` is the share of the articles
    that are in strata of both.
    """
    kept, left_out = np.ones(len(values), bool), list[str]()

    def leave_out(why: str, rows: Bools) -> None:
        nonlocal kept
        if n := int((kept & rows).sum()):
            left_out.append(f"{why}: {n}")
            kept = kept & ~rows

    labels = [name for name in values if not _is_number(values[name])]
    for name in values:
        leave_out(f"without {name}", values[name].isna().to_numpy())
    every = kept
    for name in values.columns.difference(labels, sort=False):
        numbers = values[name].to_numpy(np.float64)
        ends = [numbers[every & mine] for mine in (side, ~side)]
        if min(map(len, ends)):
            low, high = max(map(np.min, ends)), min(map(np.max, ends))
            leave_out(
                f"{name} where only one side has articles", (numbers < low) | (numbers > high)
            )
    before = -1
    while kept.sum() != before:
        before = kept.sum()
        for name in labels:
            column = values[name].astype("str").to_numpy()
            for level in np.unique(column[kept]):
                rows = kept & (column == level)
                if side[rows].all() or not side[rows].any():
                    leave_out(f"{name}={level} (only {names[int(not side[rows].any())]})", rows)
    overlap, uncovered = 1.0, []
    if labels and kept.any():
        strata = values.loc[kept, labels].astype("str")
        cells = strata.assign(_side=side[kept]).groupby([*labels, "_side"]).size()
        cells = cells.unstack("_side", fill_value=0).reindex(columns=[True, False], fill_value=0)
        alone = cells[(cells == 0).any(axis=1)]
        overlap = 1 - float(alone.to_numpy().sum()) / int(kept.sum())
        for key, row in alone.iterrows():
            at = ", ".join(
                map("=".join, zip(labels, key if len(labels) > 1 else [key], strict=True))
            )
            uncovered.append(f"{at} ({names[0] if row[True] else names[1]}: {row.sum()})")
    return Support(kept, left_out, overlap, uncovered)


def told(strata: Sequence[str]) -> str:
    """Strata in words: the first few, and how many more there are."""
    more = [f"{len(strata) - NAMED} more"] if len(strata) > NAMED else []
    return "; ".join([*strata[:NAMED], *more])


def design(values: pd.DataFrame, covariates: Sequence[Covariate]) -> list[tuple[str, Floats]]:
    """The columns of each covariate; none of one that has a single value here."""
    blocks = []
    for one in covariates:
        column = values[one.column]
        if column.nunique() < 2:
            continue
        if _is_number(column):
            x = column.to_numpy(np.float64)
            x = (x - x.mean()) / x.std()
            block = _natural_spline(x, one.df) if one.df else x[:, None]
        else:
            block = pd.get_dummies(column.astype("str")).to_numpy(np.float64)[:, 1:]
        blocks.append((one.written, block))
    return blocks


def _natural_spline(x: Floats, df: int) -> Floats:
    """A cubic spline that is straight beyond its df + 1 knots, which are quantiles.

    Restricted cubic spline: Harrell, Regression Modeling Strategies (2015), 2.4.5.
    """
    knots = np.unique(np.quantile(x, np.linspace(0.05, 0.95, df + 1)))
    if len(knots) < 3:
        return x[:, None]
    cubes: Any = np.maximum(x[:, None] - knots, 0) ** 3
    slopes = (cubes - cubes[:, -1:])[:, :-1] / (knots[-1] - knots[:-1])
    return np.column_stack([x, slopes[:, :-1] - slopes[:, -1:]])
