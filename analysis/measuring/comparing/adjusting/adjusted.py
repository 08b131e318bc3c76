"""Adjusted differences: two groups set against each other as if both had the same mix."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.units import unit_of_articles
from analysis.errors import CountsError
from analysis.measuring.comparing.adjusting.covariates import (
    Covariate,
    Support,
    common_support,
    covariates_of,
    design,
    told,
    values_of,
)
from analysis.measuring.comparing.adjusting.standardised import (
    SeparationError,
    Standardised,
    fit,
    standardise,
)
from analysis.measuring.frames.unit_rows import Columns, Counts, article_rows, weight_of
from analysis.measuring.intervals import Estimate, Floats, t_quantile, two_sided_p

Rows = NDArray[np.intp]
Sides = Callable[[pd.DataFrame], Columns]
PER_PARAMETER = 10  # articles
UNADJUSTED = (
    "share_low", "share_high", "share_other_low", "share_other_high", "share_difference",
    "share_difference_low", "share_difference_high",
)  # fmt: skip
ADJUSTED = ("share", "share_other", *UNADJUSTED, "difference", "difference_low", "difference_high",
            "t", "df", "p", "p_holm", "q")  # fmt: skip
COLUMNS = (
    *UNADJUSTED, *(f"adjusted_{name}" for name in ADJUSTED), "articles_adjusted", "overlap",
    "left_out", "uncovered", "errors", "adjusting",
)  # fmt: skip
TESTED = ("difference", "difference_low", "difference_high", "t", "df", "p")


class RefusedError(CountsError):
    """Two groups cannot be compared with each other so; others may."""


@dataclass(frozen=True)
class Articles:
    """A row for each article in each group, with what it is adjusted for."""

    group: Rows
    ids: pd.Series
    unit: NDArray[Any]
    weight: Floats | None
    hits: pd.DataFrame
    covariates: list[Covariate]
    values: pd.DataFrame

    def of(self, rows: Rows, side: NDArray[np.bool_]) -> "Articles":
        """The articles of some rows; the parts that one has on the same side are added up."""
        keys = pd.DataFrame({"side": side, "id": self.ids.iloc[rows].to_numpy()})
        first = ~keys.duplicated().to_numpy()
        hits = self.hits.iloc[rows].reset_index(drop=True)
        if not first.all():
            hits = hits.groupby([keys["side"], keys["id"]], sort=False).sum()
        rows = rows[first]
        return Articles(
            side[first].astype(np.intp), self.ids.iloc[rows], self.unit[rows],
            None if self.weight is None else self.weight[rows], hits.reset_index(drop=True),
            self.covariates, self.values.iloc[rows],
        )  # fmt: skip


def articles_of(
    counts: Counts, by: tuple[str, ...], adjust: str | Sequence[str], unit: str,
    weights: str | None,
) -> Articles:  # fmt: skip
    """Every article with its hits and covariates; CountsError as from `covariates.values_of`."""
    if not isinstance(counts, DocumentTerms):
        raise CountsError(
            f"adjust={adjust!r}: streamed counts do not know the single articles; count with "
            "document_terms."
        )
    covariates = covariates_of(adjust, by)
    _, group, ids, hits = article_rows(counts, by)
    units = unit_of_articles(counts.documents, unit).reindex(ids).to_numpy()
    weight = None if weights is None else weight_of(counts, ids, weights).to_numpy()
    values = values_of(counts, covariates).reindex(ids)
    return Articles(group, ids, units, weight, hits, covariates, values)


def adjusted_columns(
    articles: Articles, sides: Sides, cells: Rows, first: Rows, second: Rows,
    labels: NDArray[np.object_], rate: bool, level: float,
) -> pd.DataFrame:  # fmt: skip
    """What adjusting adds to the rows of `compare_groups`: group `first` against `second`.

    A second that is no group stands for all others of the cell of the first. CountsError, with the
    reason for the first row, if no row can be adjusted.
    """
    rows, faults, n = [], list[RefusedError](), len(cells)
    for one, other in zip(first, second, strict=True):
        mine = articles.group == one
        others = articles.group == other
        if other >= n:
            others = (cells[articles.group] == cells[one]) & ~mine
        names = labels[one], labels[other] if other < n else "all others"
        row: dict[str, Any] = {"left_out": "", "uncovered": "", "adjusting": ""}
        try:
            pair = np.flatnonzero(mine), np.flatnonzero(others)
            rows.append(row | _one_pair(articles, sides, pair, names, rate, level))
        except RefusedError as fault:
            faults.append(fault)
            rows.append(row | {"adjusting": f"not adjusted: {fault}"})
    if len(faults) == len(rows):
        raise faults[0]
    return pd.DataFrame(rows, columns=COLUMNS)


def _one_pair(
    articles: Articles, sides: Sides, two: tuple[Rows, Rows], names: tuple[str, str], rate: bool,
    level: float,
) -> dict[str, Any]:  # fmt: skip
    rows, side = np.concatenate(two), np.repeat([True, False], [len(one) for one in two])
    mine = articles.of(rows, side)
    side = mine.group > 0
    found = sides(mine.hits)
    a, b = (found[name].astype(np.float64) for name in "ab")
    weight = mine.weight
    if weight is None:
        copies = pd.DataFrame({"side": side, "unit": mine.unit})
        weight = 1 / copies.groupby(["side", "unit"])["side"].transform("size").to_numpy()
    # An article without a hit says nothing of what hits are; of articles or tokens it does.
    some = (a + b > 0) & (weight > 0)
    use = np.flatnonzero(some)
    unit = pd.factorize(mine.unit)[0]

    def estimated(use: Rows, blocks: list[tuple[str, Floats]]) -> Standardised:
        x = np.column_stack([np.ones(len(use)), side[use], *(block for _, block in blocks)])
        w = weight[use]
        return standardise(fit(x, w * a[use], w * b[use], rate), w, unit[use])

    support = common_support(mine.values.iloc[use], side[use], names)
    use_adjusted = use[support.kept]
    blocks = design(mine.values.iloc[use_adjusted], mine.covariates)
    _check(blocks, side[use_adjusted], mine, use_adjusted, support, names)
    _refuse_separation(mine, use_adjusted, side, a, None if rate else b, names)
    try:
        adjusted, raw = estimated(use_adjusted, blocks), estimated(use, [])
    except SeparationError:
        raise RefusedError(
            f"{names[0]} and {names[1]}: the covariates together tell all hits of some articles: "
            "they are separated, and the model has no finite estimate. Adjust for fewer columns, "
            "or for columns with fewer values."
        ) from None
    row: dict[str, Any] = _shares(raw, rate, level, "") | _shares(
        adjusted, rate, level, "adjusted_"
    )
    row |= _tested(adjusted.log_apart, level)
    clustered = len(np.unique(unit[use])) < len(use)
    row |= {"articles_adjusted": len(use_adjusted), "overlap": support.overlap,
            "errors": "CR2" if clustered else "HC3"}  # fmt: skip
    return row | {"left_out": told(support.left_out), "uncovered": told(support.uncovered)}


def _shares(found: Standardised, rate: bool, level: float, prefix: str) -> dict[str, float]:
    """Both shares with bounds that stay within theirs, and the difference."""
    row = {}
    for name, one in (("share", found.first), ("share_other", found.second)):
        value, half = one.value[0], t_quantile(one.df, level)[0] * one.se[0]
        row[f"{prefix}{name}"] = value
        if rate:
            ends = value * np.exp([-half / value, half / value])
        else:
            spread = half / (value * (1 - value))
            ends = special.expit(special.logit(value) + np.array([-spread, spread]))
        row[f"{prefix}{name}_low"], row[f"{prefix}{name}_high"] = ends
    one = found.apart
    half = t_quantile(one.df, level)[0] * one.se[0]
    row[f"{prefix}share_difference"] = one.value[0]
    row[f"{prefix}share_difference_low"] = one.value[0] - half
    row[f"{prefix}share_difference_high"] = one.value[0] + half
    if not prefix:
        del row["share"], row["share_other"]
    return row


def _tested(one: Estimate, level: float) -> dict[str, float]:
    half, t = t_quantile(one.df, level) * one.se, one.value / one.se
    values = [one.value, one.value - half, one.value + half, t, one.df, two_sided_p(t, one.df)]
    return {f"adjusted_{name}": float(v[0]) for name, v in zip(TESTED, values, strict=True)}


def _check(
    blocks: list[tuple[str, Floats]], side: NDArray[np.bool_], mine: Articles, use: Rows,
    support: Support, names: tuple[str, str],
) -> None:  # fmt: skip
    """Refuse what no model can tell apart."""
    both = f"{names[0]} and {names[1]}"
    if not len(use) or side.all() or not side.any():
        raise RefusedError(
            f"{both}: no stratum of {', '.join(mine.values)} has articles of both sides. Left "
            f"out: {told(support.left_out)}."
        )
    x = np.column_stack([np.ones(len(side)), side])
    for written, block in blocks:
        x = np.column_stack([x, block])
        if np.linalg.matrix_rank(x) < x.shape[1]:
            before = [one for one, _ in blocks[: [w for w, _ in blocks].index(written)]]
            raise RefusedError(
                f"{both}: adjust={written!r} is collinear with "
                f"{', '.join(before) or 'the groups'}: each tells the other. Leave one of them out."
            )
    if x.shape[1] > len(use) / PER_PARAMETER:
        raise RefusedError(
            f"{both}: {x.shape[1]} parameters for {len(use)} articles with hits are too many: at "
            f"most a tenth, {len(use) // PER_PARAMETER}. Adjust for fewer columns, for longer "
            "periods, or for a spline of the date."
        )


def _refuse_separation(
    mine: Articles, use: Rows, side: NDArray[np.bool_], a: Floats, b: Floats | None,
    names: tuple[str, str],
) -> None:  # fmt: skip
    """Refuse a level, or a side, of which all hits are of one kind."""
    levels = {n: v.astype("str") for n, v in mine.values.iloc[use].items() if v.dtype.kind != "f"}
    levels["side"] = pd.Series(np.where(side[use], *names))
    for name, values in levels.items():
        for hits in (a,) if b is None else (a, b):
            sums = pd.Series(hits[use]).groupby(values.to_numpy()).sum()
            if (none := sums.index[sums == 0]).size:
                raise RefusedError(
                    f"{names[0]} and {names[1]}: the articles with {name}={none[0]} have hits of "
                    "one kind only: they are separated, and the model has no finite estimate. "
                    "Join this value with another, or leave its articles out."
                )
