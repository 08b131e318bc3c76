"""Agreement: whether several coders say the same of the same lines."""

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import CountsError
from analysis.measuring.coding.codes import check_columns, label
from analysis.measuring.intervals import Floats, check_level, check_whole

METRICS = ("nominal", "ordinal")
NEEDED = ("coder", "line_id", "frame", "code")


def agreement(
    codes: pd.DataFrame,
    level: float = 0.95,
    *,
    metric: str = "nominal",
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Krippendorff's alpha and kappas between coders, per frame and over all (``frame`` empty).

    With o_ck how often two coders gave one line the codes c and k (Krippendorff 2004, ch. 11)::

        alpha = 1 - (n - 1) sum o_ck d_ck^2 / sum n_c n_k d_ck^2

    1 is perfect agreement, 0 agreement by chance. Lines that only one coder has coded do not count.
    Intervals are quantiles of resampled lines. docs/method.md, Validity, has d and the kappas.

    Parameters
    ----------
    codes : DataFrame
        As `read_coding_sheet` gives it, of two or more coders.
    level : float
        Confidence level of the intervals.
    metric : {"nominal", "ordinal"}
        The differences of codes for alpha. Ordinal codes are numbers, or the classes of
        `read_coding_sheet` in their order.
    resamples, seed : int
        How many resamples, and the seed that draws them.

    Returns
    -------
    DataFrame
        ``frame, coders, lines, agree`` (the share of pairs of codes that are the same), ``alpha,
        alpha_low, alpha_high, cohen, cohen_low, cohen_high, fleiss, fleiss_low, fleiss_high,
        note``, which says where all codes are the same, so that there is no alpha.

    Raises
    ------
    CountsError
        If a column is missing, a coder coded a line twice, codes have no order, or no line was
        coded by two coders.

    Examples
    --------
    >>> codes = pd.DataFrame({"coder": ["ada"] * 4 + ["ben"] * 4, "line_id": list("abcd") * 2,
    ...                       "frame": "dialogue", "code": [1, 1, 0, 0] + [1, 1, 1, 0]})
    >>> agreement(codes)[["frame", "coders", "lines", "alpha", "cohen", "fleiss"]].round(3)
          frame  coders  lines  alpha  cohen  fleiss
    0                 2      4  0.533    0.5   0.467
    1  dialogue       2      4  0.533    0.5   0.467
    """
    check_level(level)
    check_whole("resamples", resamples, 1, "1000 is usual")
    check_whole("seed", seed, 0, "0 is usual")
    if metric not in METRICS:
        raise CountsError(f"metric={metric!r} is unknown; allowed are {', '.join(METRICS)}.")
    table, classes = _by_line(codes, ordered=metric == "ordinal")
    shared = table[(table >= 0).sum(axis=1) > 1]
    if not len(shared):
        raise CountsError("codes: no line was coded by two coders, so there is no agreement.")
    rows = []
    for frame in ["", *sorted(shared.index.unique("frame"))]:
        part = shared if not frame else shared.xs(frame, level="frame")
        given = part.loc[:, (part >= 0).any()].to_numpy()
        rng = np.random.default_rng(seed)
        draws = rng.multinomial(len(given), np.full(len(given), 1 / len(given)), resamples)
        weights = np.vstack([np.ones(len(given)), draws])
        row = {"frame": frame, "coders": given.shape[1], "lines": len(given)}
        row |= _measured(given, len(classes), weights, metric, level)
        rows.append(row | {"note": "all codes are the same" if np.isnan(row["alpha"]) else ""})
    return pd.DataFrame(rows)


def confusions(codes: pd.DataFrame) -> pd.DataFrame:
    """How often one coder gave a code where another gave that or another one.

    Parameters
    ----------
    codes : DataFrame
        As for `agreement`.

    Returns
    -------
    DataFrame
        ``frame, coder, other, code, other_code, lines``, one row for each pair of codes that
        occurs; the same codes are agreement, all others confusions.

    Examples
    --------
    >>> codes = pd.DataFrame({"coder": ["ada"] * 4 + ["ben"] * 4, "line_id": list("abcd") * 2,
    ...                       "frame": "dialogue", "code": [1, 1, 0, 0] + [1, 1, 1, 0]})
    >>> confusions(codes)
          frame coder other code other_code  lines
    0  dialogue   ada   ben    0          0      1
    1  dialogue   ada   ben    0          1      1
    2  dialogue   ada   ben    1          1      2
    """
    table, classes = _by_line(codes)
    names = np.array(classes, dtype=object)
    parts = []
    for one, two in combinations(table.columns, 2):
        both = table.loc[(table[one] >= 0) & (table[two] >= 0), [one, two]]
        pairs = both.groupby(["frame", one, two]).size().rename("lines").reset_index()
        pairs.columns = pd.Index(["frame", "code", "other_code", "lines"])
        parts.append(pairs.assign(coder=one, other=two))
    if not parts or not sum(map(len, parts)):
        raise CountsError("codes: no line was coded by two coders, so there are no confusions.")
    found = pd.concat(parts).sort_values(["frame", "coder", "other", "code", "other_code"])
    found = found.assign(code=names[found["code"]], other_code=names[found["other_code"]])
    columns = ["frame", "coder", "other", "code", "other_code", "lines"]
    return found[columns].reset_index(drop=True)


def _by_line(codes: pd.DataFrame, *, ordered: bool = False) -> tuple[pd.DataFrame, list[str]]:
    """The number of the class that each coder (column) gave each line, -1 for none."""
    check_columns(codes, NEEDED)
    labels = codes["code"].astype(object).map(label)
    there = labels[labels != ""].unique()
    if isinstance(codes["code"].dtype, pd.CategoricalDtype):
        classes = list(dict.fromkeys(map(label, codes["code"].cat.categories)))
    else:
        numeric = pd.to_numeric(pd.Series(there, dtype="str"), errors="coerce")
        if ordered and numeric.isna().any():
            raise CountsError(
                f"metric='ordinal': the codes {', '.join(sorted(there))} have no order; name the "
                "classes in their order in read_coding_sheet(classes=...)."
            )
        classes = [there[i] for i in (numeric if ordered else pd.Series(there)).argsort()]
    place = {name: number for number, name in enumerate(classes)}
    given = codes[list(NEEDED[:3])].astype("str").assign(code=labels.map(place))
    given = given.dropna(subset=["code"])
    if (twice := given.duplicated(list(NEEDED[:3]))).any():
        row = given[twice].iloc[0]
        raise CountsError(
            f"codes: {row['coder']!r} coded the line {row['line_id']!r} twice; leave one code."
        )
    table = given.pivot(index=["frame", "line_id"], columns="coder", values="code")
    return table.fillna(-1).astype("int64"), classes


def _measured(
    given: NDArray[np.int64], classes: int, weights: Floats, metric: str, level: float
) -> dict[str, float]:
    """All measures; the first row of the weights is the sample, the others are resamples.

    scikit-learn has Cohen's kappa and NLTK alpha, for one sample at a time: the tests compare them.
    """
    one_hot = (given[:, :, None] == np.arange(classes)).astype(np.float64)
    counts = one_hot.sum(axis=1)
    same = np.eye(classes)
    coded = counts.sum(axis=1)
    pairs = counts[:, :, None] * (counts[:, None, :] - same) / (coded - 1)[:, None, None]
    pairs = pairs.reshape(len(given), -1)
    o = (weights @ pairs).reshape(-1, classes, classes)
    full = coded == given.shape[1]
    of_full = (weights[:, full] @ pairs[full]).reshape(-1, classes, classes)
    cohen = []
    for i, j in combinations(range(given.shape[1]), 2):
        both = np.einsum("ua,ub->uab", one_hot[:, i], one_hot[:, j]).reshape(len(given), -1)
        table = (weights @ both).reshape(-1, classes, classes)
        cohen.append(_kappa(table, table.sum(axis=2), table.sum(axis=1)))
    n = o.sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {
            "alpha": _alpha(o, metric),
            "cohen": np.mean(cohen, axis=0),
            "fleiss": _kappa(of_full, of_full.sum(axis=2), of_full.sum(axis=2)),
        }
        found = {"agree": float(np.trace(o[0]) / n[0])}
    for name, value in values.items():
        some = value[1:][np.isfinite(value[1:])]
        ends = np.quantile(some, [(1 - level) / 2, (1 + level) / 2]) if len(some) else [np.nan] * 2
        found |= {name: float(value[0]), f"{name}_low": ends[0], f"{name}_high": ends[1]}
    return found


def _alpha(o: Floats, metric: str) -> Floats:
    of_class = o.sum(axis=2)
    n = of_class.sum(axis=1)
    place = of_class.cumsum(axis=1) - of_class / 2
    apart = place[:, :, None] - place[:, None, :]
    d = apart**2 if metric == "ordinal" else 1 - np.eye(o.shape[1])[None]
    expected = np.einsum("ra,rb,rab->r", of_class, of_class, np.broadcast_to(d, o.shape))
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha: Floats = 1 - (n - 1) * (o * d).sum(axis=(1, 2)) / expected
    return alpha


def _kappa(table: Floats, rows: Floats, columns: Floats) -> Floats:
    """(p_o - p_e) / (1 - p_e) of tables of codes by codes, with their margins."""
    n = table.sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = (rows * columns).sum(axis=1) / n**2
        kappa: Floats = (np.trace(table, axis1=1, axis2=2) / n - chance) / (1 - chance)
    return kappa
