"""How often intervals hold the true value, in simulated articles whose words cluster.

An article d has L_d tokens (log-normal, median 500) and Poisson hits of frame f with mean
L_d * rate_f * g_df, where g_df is gamma with mean 1: the smaller its shape, the more a few
articles carry most hits. Beside our intervals stand those that count every hit as independent
evidence, as tools do that know word totals only.
"""

import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse, special

from analysis.counting.groups import GroupCounts
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.frames.stance import stance

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
TABLE = ROOT / "docs" / "benchmarks" / "coverage.md"
REPLICATIONS = 4000
MEDIAN, SPREAD = 500, 0.6
SHAPES = (0.3, 1.0)
RATES = ((4, 4), (8, 2))  # hits per 1,000 tokens
CELLS = (5, 20, 50, 200)
Z = special.ndtri(0.975)


@dataclass(frozen=True)
class Setting:
    rates: tuple[int, int]
    shape: float
    articles: int


def simulate(setting: Setting, rng: np.random.Generator, sides: int = 2) -> GroupCounts:
    """Counts of REPLICATIONS cells with so many groups of articles each, all of them alike."""
    groups = pd.DataFrame(
        list(product(range(REPLICATIONS), range(sides))), columns=["cell", "side"]
    )
    m, n = setting.articles, len(groups)
    lengths = np.exp(rng.normal(np.log(MEDIAN), SPREAD, (n, m))).round().clip(1).astype(np.int64)
    hits = {
        frame: rng.poisson(
            lengths * rate / 1000 * rng.gamma(setting.shape, 1 / setting.shape, (n, m))
        )
        for frame, rate in zip("ab", setting.rates, strict=True)
    }
    groups["articles"], groups["tokens"] = m, lengths.sum(axis=1)
    groups["tokens_sq"] = (lengths**2).sum(axis=1)
    table = pd.DataFrame(
        {
            "group": np.repeat(np.arange(n), m),
            "doc_id": np.arange(n * m),
            "n_tokens": lengths.ravel(),
            "n_a": hits["a"].ravel(),
            "n_b": hits["b"].ravel(),
        }
    )
    table = table[(table["n_a"] > 0) | (table["n_b"] > 0)].reset_index(drop=True)
    none = sparse.csr_array((n, 0), dtype=np.int64)
    terms = pd.Index([], dtype="str")
    return GroupCounts(
        ("cell", "side"), groups, terms, none, none, none, none, table, "simulated 1 00000000"
    )


def measure(setting: Setting, rng: np.random.Generator) -> dict[str, float]:
    """Coverage in per cent of the cells that have an interval."""
    counts = simulate(setting, rng)
    scores = stance(counts, "simulated", ("a", "b"), ["cell", "side"])
    differences = compare_groups(counts, "simulated", ("a", "b"), "side", within="cell")
    share = setting.rates[0] / sum(setting.rates)
    truth = np.log(share / (1 - share))
    a, b = scores["n_a"].to_numpy(float), scores["n_b"].to_numpy(float)
    token_se = np.sqrt(1 / (a + 0.5) + 1 / (b + 0.5))
    known = scores["share_low"].notna()
    rated = scores["rate_a_low"].notna()
    tested = differences["p"].notna()
    log_odds = scores["log_odds"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        rate_error = np.abs(np.log(scores["rate_a"] / setting.rates[0])) * np.sqrt(a)
    pair_se = np.hypot(token_se[::2], token_se[1::2])
    token_z = np.abs(log_odds[::2] - log_odds[1::2]) / pair_se

    def per_cent(held, among) -> float:
        return 100 * float(np.mean(np.asarray(held)[np.asarray(among)]))

    return {
        "share": per_cent(scores["share_low"].le(share) & scores["share_high"].ge(share), known),
        "share, by token": per_cent(np.abs(log_odds - truth) < Z * token_se, known),
        "rate": per_cent(
            scores["rate_a_low"].le(setting.rates[0])
            & scores["rate_a_high"].ge(setting.rates[0]), rated),
        "rate, by token": per_cent(rate_error < Z, rated),
        "difference": per_cent(
            differences["difference_low"].le(0) & differences["difference_high"].ge(0), tested),
        "difference, by token": per_cent(token_z < Z, tested),
        "false positives": per_cent(differences["p"] < 0.05, tested),
        "false positives, by token": per_cent(token_z >= Z, tested),
        "no interval": 100 - 100 * float(known.mean()),
    }  # fmt: skip


def main() -> None:
    """Measure every setting, print the tables and write them into the docs."""
    begin = time.perf_counter()
    rng = np.random.default_rng(20180612)
    rows = []
    for rates, shape, articles in product(RATES, SHAPES, CELLS):
        found = measure(Setting(rates, shape, articles), rng)
        labels = {"rates per 1,000": f"{rates[0]} / {rates[1]}", "shape": shape}
        rows.append(labels | {"articles": articles} | found)
        print(rows[-1], flush=True)
    coverage = pd.DataFrame(rows)
    seconds = time.perf_counter() - begin
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(page(coverage, seconds), encoding="utf-8")
    print(TABLE.read_text(encoding="utf-8"))


def page(coverage: pd.DataFrame, seconds: float) -> str:
    """The page in the docs."""
    text = Path(__file__).with_name("coverage_page.md").read_text(encoding="utf-8")
    return text.format(
        replications=f"{REPLICATIONS:,}",
        median=MEDIAN,
        spread=SPREAD,
        coverage=markdown(coverage),
        seconds=f"{seconds:.0f}",
    )


def markdown(table: pd.DataFrame) -> str:
    """A table in Markdown, its measurements with one decimal."""

    def cell(value: object) -> str:
        if isinstance(value, float):
            return "" if np.isnan(value) else f"{value:.1f}"
        return str(value)

    lines = [list(table.columns), ["---"] * len(table.columns)]
    lines += [[cell(value) for value in row] for row in table.itertuples(index=False)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
