"""Logistic regression of hits on time, with periods as clusters."""

from typing import NamedTuple

import numpy as np
from scipy import special

from analysis.measuring.intervals import Floats, Rows, t_quantile, two_sided_p


class Fit(NamedTuple):
    """Coefficients, their standard errors, and degrees of freedom; None stands for no fit."""

    beta: Floats
    se: Floats
    df: float

    def row(self, name: str, at: int, scale: float, level: float) -> dict[str, float]:
        """A coefficient times `scale`, its interval and its p-value, as columns of that name."""
        beta, se, df = self.beta[at], self.se[at], np.array([self.df])
        if se < 1e-9:  # every article has the same share
            return missing(name)
        half = t_quantile(df, level)[0] * se
        values = (beta * scale, (beta - half) * scale, (beta + half) * scale)
        return dict(zip(missing(name), [*values, two_sided_p(beta / se, df)[0]], strict=True))


def missing(name: str) -> dict[str, float]:
    """The columns of a coefficient that could not be fitted."""
    return dict.fromkeys((name, f"{name}_low", f"{name}_high", f"{name}_p"), np.nan)


def coefficients(x: Floats, num: Floats, den: Floats) -> tuple[Floats, Floats] | None:
    """Coefficients of num of den on the columns of x, and the inverse of their information.

    None where they have no finite estimate: one column separates the hits completely, say.
    """
    rate = (num.sum() + 0.5) / (den.sum() + 1)
    beta = np.zeros(x.shape[1])
    beta[0] = special.logit(rate)
    for _ in range(50):
        p = special.expit(x @ beta)
        information = x.T @ (x * (den * p * (1 - p))[:, None])
        if not np.linalg.cond(information) < 1e12:
            return None
        inverse = np.linalg.inv(information)
        step = inverse @ (x.T @ (num - den * p))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            return beta, inverse
    return None


def _line(x: Floats, num: Floats, den: Floats) -> tuple[Floats, Floats] | None:
    """What `coefficients` gives, of the weighted least squares of num / den."""
    information = x.T @ (x * den[:, None])
    if not np.linalg.cond(information) < 1e12:
        return None
    inverse = np.linalg.inv(information).astype(np.float64)
    beta: Floats = inverse @ (x.T @ num)
    return beta, inverse


def clustered(
    x: Floats, num: Floats, den: Floats, period: Rows, *, linear: bool = False
) -> Fit | None:
    """Logistic regression of num of den on x; its errors are correlated within each period.

    CV3 (docs/method.md, Comparing). None without an estimate, or where G <= k.
    `linear` is that of num / den, with den as weights.
    """
    starts = np.flatnonzero(np.diff(period, prepend=period[0] - 1))
    fit = _line if linear else coefficients
    fitted = fit(x, num, den) if len(starts) > x.shape[1] else None
    if fitted is None:
        return None
    beta, inverse = fitted
    p = x @ beta if linear else special.expit(x @ beta)
    weighted = x * (den if linear else den * p * (1 - p))[:, None]
    parts = np.add.reduceat(weighted[:, :, None] * x[:, None, :], starts)
    rest = np.linalg.inv(inverse)[None] - parts
    scores = np.add.reduceat(x * (num - den * p)[:, None], starts)
    # A period that alone tells a coefficient is left out by a pseudo-inverse.
    left_out = np.einsum("gij,gj->gi", np.linalg.pinv(rest, rcond=1e-9, hermitian=True), scores)
    se = np.sqrt((len(starts) - 1) / len(starts) * (left_out**2).sum(axis=0))
    return Fit(beta, se, float(len(starts) - x.shape[1]))
