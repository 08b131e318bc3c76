"""How often the intervals of `prevalence` hold the true value, and tests of one frame are false.

Articles are those of `bench_coverage`: L_d tokens (log-normal, median 500), and Poisson hits of
frame f with mean L_d * rate_f * g_df, where g_df is gamma with mean 1. The rates are chosen such
that frames have the prevalences .1, .2 ... .9; with the shape .3 the last would need more hits than
tokens, and is left out.
"""

import time
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize, sparse, special

from analysis.counting.groups import GroupCounts
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.frames.prevalence import prevalence
from tests.benchmarks.bench_coverage import MEDIAN, SPREAD, markdown

TABLE = Path(__file__).parents[2] / "docs" / "benchmarks" / "prevalence.md"
REPLICATIONS = 2000
SHAPES = (1.0, 0.3)
CELLS = (5, 10, 20, 50, 200)
PREVALENCES = {1.0: np.arange(1, 10) / 10, 0.3: np.arange(1, 9) / 10}


def true_rates(shape: float) -> dict[str, float]:
    """Hits per token of frames named by their prevalence, 1 - E[(1 + L rate / shape)^-shape]."""
    quantiles = special.ndtri((np.arange(2000) + 0.5) / 2000)
    lengths = np.exp(np.log(MEDIAN) + SPREAD * quantiles)

    def missing(log_rate: float, prevalence: float) -> float:
        without = (1 + lengths * np.exp(log_rate) / shape) ** -shape
        return 1 - without.mean() - prevalence

    return {
        f"{p:.1f}": np.exp(optimize.brentq(missing, -15, 2, args=(p,))) for p in PREVALENCES[shape]
    }


def simulate(articles: int, shape: float, rng: np.random.Generator) -> GroupCounts:
    """Streamed counts of REPLICATIONS cells of two groups alike, with all the frames."""
    groups = pd.DataFrame(product(range(REPLICATIONS), range(2)), columns=["cell", "side"])
    n = len(groups)
    lengths = np.exp(rng.normal(np.log(MEDIAN), SPREAD, (n, articles))).round().astype(np.int64)
    groups["articles"], groups["tokens"] = articles, lengths.sum(axis=1)
    groups["tokens_sq"] = (lengths**2).sum(axis=1)
    group = np.repeat(np.arange(n), articles)
    table = pd.DataFrame({"group": group, "doc_id": np.arange(n * articles)})
    table["n_tokens"] = lengths.ravel()
    rates = true_rates(shape)
    for frame, rate in rates.items():
        means = lengths * rate * rng.gamma(shape, 1 / shape, lengths.shape)
        table[f"n_{frame}"] = rng.poisson(means).ravel()
    some = table[[f"n_{frame}" for frame in rates]].any(axis=1)
    terms, none = pd.Index([], dtype="str"), sparse.csr_array((n, 0), dtype=np.int64)
    return GroupCounts(
        ("cell", "side"), groups, terms, none, none, none, none,
        table[some].reset_index(drop=True), "simulated 1 00000000",
    )  # fmt: skip


def held(counts: GroupCounts, shape: float) -> pd.DataFrame:
    """Coverage of the three intervals in per cent, frame by frame; and how many have none."""
    table = prevalence(counts, "simulated", ["cell", "side"])
    rates = true_rates(shape)
    rate = table["frame"].map(rates)
    truths = {
        "prevalence": table["frame"].astype(float),
        "rate": 1000 * rate,
        "share": rate / sum(rates.values()),
    }
    found = {}
    for name, true in truths.items():
        known = table[f"{name}_low"].notna()
        inside = table[f"{name}_low"].le(true) & table[f"{name}_high"].ge(true)
        found[name] = 100 * inside[known].groupby(table["frame"]).mean()
    found["no interval of rate and share"] = 100 * (~known).groupby(table["frame"]).mean()
    return pd.DataFrame(found)


def false_positives(counts: GroupCounts) -> dict[str, float]:
    """Tests of one frame in two groups alike with p <= .05, in per cent; and how many have none."""
    found = {}
    for measure in ("prevalence", "rate", "share"):
        table = compare_groups(
            counts, "simulated", by="side", within="cell", frames=1, measure=measure
        )
        tested = table["p"].notna()
        found[measure] = 100 * (table["p"][tested] <= 0.05).mean()
        found[f"{measure}, untested"] = 100 * (~tested).mean()
    return found


def main() -> None:
    """Measure every setting and write the page in the docs."""
    begin = time.process_time()
    rng = np.random.default_rng(18)
    rows, by_frame, tests = [], [], []
    for shape, articles in product(SHAPES, CELLS):
        counts = simulate(articles, shape, rng)
        coverage = held(counts, shape)
        labels = {"shape": shape, "articles": articles}
        rows.append(labels | coverage.mean().to_dict())
        tests.append(labels | false_positives(counts))
        print(tests[-1])
        print(rows[-1], flush=True)
        by_frame += [labels | {"true prevalence": frame} | found.to_dict()
                     for frame, found in coverage.iterrows()]  # fmt: skip
    page = Path(__file__).with_name("prevalence_page.md").read_text(encoding="utf-8")
    tables = (markdown(pd.DataFrame(table)) for table in (rows, by_frame, tests))
    seconds = f"{time.process_time() - begin:.0f}"
    text = page.format(*tables, replications=f"{2 * REPLICATIONS:,}", seconds=seconds)
    TABLE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
