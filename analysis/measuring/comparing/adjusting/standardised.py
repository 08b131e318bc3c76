"""Standardised shares and rates: a model of the articles, averaged over one mix for each group."""

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.errors import CountsError, needs_extra
from analysis.measuring.intervals import Estimate, Floats

# Beyond these odds of 1 to some millions no article tells how large a coefficient is.
FARTHEST = 15.0
Bools = NDArray[np.bool_]


class SeparationError(CountsError):
    """The hits are separated completely, so that the model has no finite estimate."""


class Fit(NamedTuple):
    """A fitted model of y / size: its residuals in y, dmu / deta, and the inverse information."""

    x: Floats
    beta: Floats
    size: Floats
    residual: Floats
    slope: Floats
    bread: Floats
    rate: bool


def fit(x: Floats, a: Floats, b: Floats, rate: bool) -> Fit:
    """Fit a of a + b, logistic, or with `rate` a per a + b tokens, log-linear, on the columns of x.

    SeparationError where a coefficient has no finite estimate.
    """
    with needs_extra("models"):
        from statsmodels.genmod.families import Binomial, Poisson
        from statsmodels.genmod.generalized_linear_model import GLM
    if rate:
        model = GLM(a, x, family=Poisson(), offset=np.log(a + b))
    else:
        model = GLM(np.column_stack([a, b]), x, family=Binomial())
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        beta = np.asarray(model.fit(maxiter=100, tol=1e-13).params)
    eta = x @ beta
    mean = np.exp(eta) * (a + b) if rate else special.expit(eta)
    slope, size = (mean, np.ones_like(a)) if rate else (mean * (1 - mean), a + b)
    information = x.T @ (x * (size * slope)[:, None])
    bounded = np.isfinite(eta).all() and (rate or np.abs(eta).max() < FARTHEST)
    if not bounded or np.linalg.cond(information) > 1e12:
        raise SeparationError("no finite estimate")
    return Fit(x, beta, size, a - size * mean, slope, np.linalg.inv(information), rate)


def robust(fitted: Fit, unit: NDArray[np.intp], gradient: Floats) -> tuple[Floats, Floats]:
    """Standard errors of the linear combinations in the rows of `gradient`, and their df.

    With M the inverse information, W the working weights and e = y - mu, each article its own
    unit (HC3: MacKinnon and White, Journal of Econometrics 29, 1985)::

        V = M (sum_i x_i x_i' e_i^2 / (1 - h_i)^2) M,   h_i = w_i x_i' M x_i

    and with several rows a unit the cluster form that is unbiased under the model (CR2: Pustejovsky
    and Tipton, Journal of Business & Economic Statistics 36, 2018). The degrees of freedom match
    the variance of V under the model (Satterthwaite), as there.
    """
    x, n, bread = fitted.x, fitted.size, fitted.bread
    along, w = gradient @ bread, n * fitted.slope
    order = np.argsort(unit, kind="stable")
    clusters = np.split(order, np.flatnonzero(np.diff(unit[order])) + 1)
    several = [rows for rows in clusters if len(rows) > 1]
    alone = np.setdiff1d(order, np.concatenate(several)) if several else order
    # An article that alone tells a coefficient fits it, whatever it is.
    rest = np.maximum(1 - w[alone] * _quadratic(x[alone], bread), 1e-8)
    spread = (along @ x[alone].T) / (np.sqrt(rest) if several else rest)
    pull = spread[:, :, None] * (w[:, None] * x)[None, alone]
    parts = [(spread * fitted.residual[alone], spread**2 * w[alone], pull)]
    for rows in several:
        one = _of_cluster(fitted, rows, along)
        parts.append((one[0][:, None], one[1][:, None], one[2][:, None]))
    score, own, pull = (np.concatenate([part[at] for part in parts], 1) for at in range(3))
    return np.sqrt((score**2).sum(axis=1)), _satterthwaite(own, pull, bread)


def _of_cluster(fitted: Fit, rows: NDArray[np.intp], along: Floats) -> tuple[Floats, ...]:
    """A unit's score, its own part of the variance, and its pull on the coefficients."""
    n, slope = fitted.size[rows], fitted.slope[rows]
    x, variance = fitted.x[rows] * slope[:, None], slope / n
    each = np.sqrt(np.outer(variance, variance))
    values, vectors = np.linalg.eigh((np.diag(variance) - x @ fitted.bread @ x.T) * each)
    root = np.where(values > 1e-12 * values.max(), 1 / np.sqrt(np.abs(values)), 0.0)
    spread = along @ fitted.x[rows].T @ (n[:, None] * ((vectors * root) @ vectors.T * each))
    return spread @ (fitted.residual[rows] / n), spread**2 @ variance, spread @ x


def _quadratic(z: Floats, matrix: Floats) -> Floats:
    """z_i' M z_i for each row."""
    products: Floats = ((z @ matrix) * z).sum(axis=1)
    return products


def _satterthwaite(own: Floats, pull: Floats, bread: Floats) -> Floats:
    """(sum_i G_ii)^2 / sum_ij G_ij^2 with G_ij = [i = j] own_i - pull_i' M pull_j."""
    found = []
    for mine, z in zip(own, pull, strict=True):
        cross, inner = _quadratic(z, bread), bread @ (z.T @ z)
        squares = (mine**2 - 2 * mine * cross).sum() + (inner * inner.T).sum()
        found.append((mine - cross).sum() ** 2 / squares)
    return np.array(found)


class Standardised(NamedTuple):
    """Shares or rates of both sides, their difference, and that of their log odds or logs."""

    first: Estimate
    second: Estimate
    apart: Estimate
    log_apart: Estimate


def standardise(fitted: Fit, weights: Floats, unit: NDArray[np.intp]) -> Standardised:
    """Average the fitted means over all articles, as if all were on one side, then on the other.

    Column 1 of x is the side. The articles, and with them the mix, are taken as given (the delta
    method; with equal weights that of R's marginaleffects).
    """
    weights = weights / weights.sum()
    values, gradients = [], []
    for side in (1.0, 0.0):
        x = fitted.x.copy()
        x[:, 1] = side
        eta = x @ fitted.beta
        mean = np.exp(eta) if fitted.rate else special.expit(eta)
        slope = mean if fitted.rate else mean * (1 - mean)
        values.append(float(weights @ mean))
        gradients.append((weights * slope) @ x)
    (p, q), (dp, dq) = values, gradients
    # The derivative of the log odds, or of the log.
    up, uq = (1 / v if fitted.rate else 1 / (v * (1 - v)) for v in values)
    logs = [np.log(v) if fitted.rate else special.logit(v) for v in values]
    se, df = robust(fitted, unit, np.array([dp, dq, dp - dq, up * dp - uq * dq]))
    found = [p, q, p - q, float(logs[0] - logs[1])]
    return Standardised(*map(Estimate, np.array(found)[:, None], se[:, None], df[:, None]))
