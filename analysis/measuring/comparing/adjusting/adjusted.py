"""Adjusted differences: two groups set against each other as if both had the same mix."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import each_once
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
from analysis.measuring.comparing.pairs import Comparisons
from analysis.measuring.frames.unit_rows import Columns, Counts, Units
from analysis.measuring.intervals import Floats, Rows, t_quantile, two_sided_p

Sides = Callable[[pd.DataFrame], Columns]
PER_PARAMETER = 10  # articles


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
            f"adjust={adjust!r}: streamed counts hold no single articles; count with "
            "document_terms."
        )
    covariates = covariates_of(adjust, by)
    counts = each_once(counts, by)
    units = Units.of(counts, by, unit, weights)
    articles, hits = units.articles, units.hits(counts)
    hits["n_tokens"] = articles["n_tokens"]
    group, names = (units.units[n].to_numpy()[articles["unit"]] for n in ("group", "doc_id"))
    weight = None if weights is None else articles["weight"].to_numpy()
    values = values_of(counts, covariates).reindex(articles["doc_id"])
    return Articles(group, articles["doc_id"], names, weight, hits,
                    covariates, values)  # fmt: skip


def adjusted_columns(
    articles: Articles, sides: Sides, chosen: Comparisons, labels: NDArray[np.object_],
    rate: bool, level: float,
) -> pd.DataFrame:  # fmt: skip
    """What adjusting adds to the rows of `compare_groups`, of groups with these `labels`.

    CountsError, with the reason for the first row, if no row can be adjusted.
    """
    rows, faults = list[dict[str, Any]](), list[RefusedError]()
    for one, others in zip(chosen.first, chosen.others, strict=True):
        names = labels[one], "all others" if chosen.of_rests else labels[others[0]]
        pair = tuple(np.flatnonzero(np.isin(articles.group, side)) for side in (one, others))
        try:
            rows.append(_one_pair(articles, sides, pair, names, rate, level))
        except RefusedError as fault:
            faults.append(fault)
            why = f"not adjusted: {fault}"
            rows.append({"left_out": "", "uncovered": "", "adjusting": why})
    if len(faults) == len(rows):
        raise faults[0]
    fullest = max(rows, key=len)
    return pd.DataFrame(rows, columns=list(fullest))


def _one_pair(
    articles: Articles, sides: Sides, two: tuple[Rows, ...], names: tuple[str, str], rate: bool,
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
    use = np.flatnonzero((a + b > 0) & (weight > 0))
    unit = pd.factorize(mine.unit)[0]

    def intervals(use: Rows, blocks: list[tuple[str, Floats]]) -> dict[str, Any]:
        x = np.column_stack([np.ones(len(use)), side[use], *(block for _, block in blocks)])
        w = weight[use]
        found = standardise(fit(x, w * a[use], w * b[use], rate), w, unit[use])
        return _intervals(found, rate, level)

    support = common_support(mine.values.iloc[use], side[use], names)
    kept = use[support.kept]
    blocks = design(mine.values.iloc[kept], mine.covariates)
    _check(blocks, side[kept], mine, kept, support, names)
    _refuse_separation(mine, kept, side, a, None if rate else b, names)
    try:
        adjusted, raw = intervals(kept, blocks), intervals(use, [])
    except SeparationError:
        raise RefusedError(
            f"{names[0]} and {names[1]}: the covariates together predict the hits of some articles "
            "perfectly: they are separated, and the model has no finite estimate. Adjust for fewer "
            "columns, or for columns with fewer values."
        ) from None
    row = {name: value for name, value in raw.items() if name.startswith("share_")}
    del row["share_other"]
    row |= {f"adjusted_{name}": value for name, value in adjusted.items()}
    clustered = len(np.unique(unit[use])) < len(use)
    return row | {
        "articles_adjusted": len(kept), "overlap": support.overlap,
        "left_out": told(support.left_out), "uncovered": told(support.uncovered),
        "errors": "CR2" if clustered else "HC3", "adjusting": "",
    }  # fmt: skip


def _intervals(found: Standardised, rate: bool, level: float) -> dict[str, Any]:
    """Both shares, with bounds that stay within theirs, and their differences, with a test."""
    names = "share", "share_other", "share_difference", "difference"
    row: dict[str, Any] = dict.fromkeys(names[:2])
    for name, one in zip(names, found, strict=True):
        value, half = one.value[0], t_quantile(one.df, level)[0] * one.se[0]
        ends = value + np.array([-half, half])
        if name in names[:2] and rate:
            ends = value * np.exp([-half / value, half / value])
        elif name in names[:2]:
            spread = half / (value * (1 - value))
            ends = special.expit(special.logit(value) + np.array([-spread, spread]))
        row |= {name: value, f"{name}_low": ends[0], f"{name}_high": ends[1]}
    t, df = (found.log_apart.value / found.log_apart.se)[0], found.log_apart.df[0]
    return row | {"t": t, "df": df, "p": two_sided_p(t, df), "p_holm": np.nan, "q": np.nan}


def _check(
    blocks: list[tuple[str, Floats]], side: NDArray[np.bool_], mine: Articles, use: Rows,
    support: Support, names: tuple[str, str],
) -> None:  # fmt: skip
    """Refuse what no model can tell apart."""
    both = f"{names[0]} and {names[1]}"
    if not len(use) or side.all() or not side.any():
        raise RefusedError(
            f"{both}: no stratum of {', '.join(mine.values)} has articles on both sides. Left "
            f"out: {told(support.left_out)}."
        )
    x = np.column_stack([np.ones(len(side)), side])
    for written, block in blocks:
        x = np.column_stack([x, block])
        if np.linalg.matrix_rank(x) < x.shape[1]:
            before = [one for one, _ in blocks[: [w for w, _ in blocks].index(written)]]
            raise RefusedError(
                f"{both}: adjust={written!r} is collinear with "
                f"{', '.join(before) or 'the groups'}: one determines the other. Leave one out."
            )
    if x.shape[1] > len(use) / PER_PARAMETER:
        raise RefusedError(
            f"{both}: {x.shape[1]} parameters for {len(use)} articles with hits are too many; "
            f"{len(use) // PER_PARAMETER} are allowed, one for every {PER_PARAMETER} articles. "
            "Adjust for fewer columns, for longer periods, or for a spline of the date."
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
                    "Merge this value with another, or leave its articles out."
                )
