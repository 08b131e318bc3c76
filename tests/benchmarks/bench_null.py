"""How often keyness calls terms that do not differ, in simulated articles whose words cluster."""

import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse, special, stats

from analysis.counting.document_terms import DocumentTerms
from analysis.measuring.multiple_tests import adjust_bh
from analysis.measuring.terms.keyness import keyness

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "benchmarks" / "null.md"
TERMS, LEAST = 1000, 5
REPLICATIONS, FEWER = 1000, 200
SIDES = {(100, 100): REPLICATIONS, (20, 20): FEWER, (15, 250): FEWER}
BANDS = {"5-9": (5, 10), "10-19": (10, 20), "20-39": (20, 40), "40 and more": (40, 10**9)}
DIFFERENT, FACTOR = 100, 2.0


@dataclass(frozen=True)
class News:
    """What the simulated articles are like."""

    lengths: np.ndarray
    rates: np.ndarray
    shapes: np.ndarray
    clustering: np.ndarray

    def side(
        self, m: int, rng: np.random.Generator, factor: np.ndarray | float = 1.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Lengths and hits of m articles."""
        lengths = rng.choice(self.lengths, m)
        means = lengths[:, None] * self.rates * factor
        return lengths, rng.poisson(means * rng.gamma(self.shapes, 1 / self.shapes, (m, TERMS)))


def news_like_the_bundle() -> News:
    """Lengths, rates and burstiness of terms on North Korea, by the method of moments."""
    counts = DocumentTerms.load(ROOT / "data" / "allsides_security").where(topic="north_korea")
    lengths, hits = counts.documents["n_tokens"].to_numpy(), counts.counts.toarray()
    hits = hits[:, np.argsort(-hits.sum(axis=0), kind="stable")[:TERMS]]
    rates = hits.sum(axis=0) / lengths.sum()
    means = lengths[:, None] * rates
    spread = ((hits - means) ** 2).sum(axis=0) - means.sum(axis=0)
    inverse = (spread / (means**2).sum(axis=0)).clip(0.02, 30)
    return News(
        lengths, rates, 1 / inverse, 1 + (means**2).sum(axis=0) / hits.sum(axis=0) * inverse
    )


def p_values(
    ours: tuple[np.ndarray, np.ndarray], theirs: tuple[np.ndarray, np.ndarray]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The p-values of every test, for all terms, and how many articles have the term."""
    (length, hits), (other_length, other_hits) = ours, theirs
    tokens, every = np.concatenate([length, other_length]), np.vstack([hits, other_hits])
    documents = pd.DataFrame({"doc_id": np.arange(len(tokens)).astype(str), "n_tokens": tokens})
    documents["side"] = np.repeat(["target", "reference"], [len(length), len(other_length)])
    names = pd.Index([f"t{i:04d}" for i in range(TERMS)], name="term")
    # A simulated article may draw more hits than it has tokens, which no text can, and is refused.
    none = DocumentTerms(documents, names[:0], sparse.csr_array((len(tokens), 0), dtype=np.int64))
    counts = none.derived(terms=names, counts=sparse.csr_array(every))
    table = keyness(counts, {"side": "target"}, measures=["g2", "chi2"], min_articles=LEAST)
    table = table.set_index("term").reindex(names)
    rate, variance = log_rate(length, hits, other_hits)
    other_rate, other_variance = log_rate(other_length, other_hits, hits)
    spread = variance + other_variance
    df = spread**2 / (variance**2 / (len(length) - 1) + other_variance**2 / (len(other_length) - 1))
    t = (rate - other_rate) / np.sqrt(spread)
    article = stats.ttest_ind(
        hits / length[:, None], other_hits / other_length[:, None], equal_var=False
    ).pvalue
    found = {
        "keyness": table["p"].to_numpy(),
        "Welch, log rates": 2 * special.stdtr(df, -np.abs(t)),
        "Welch, article rates": article,
        "G²": special.chdtrc(1, table["g2"].abs().to_numpy()),
        "χ²": special.chdtrc(1, table["chi2"].abs().to_numpy()),
    }
    articles = (every > 0).sum(axis=0)
    return {name: np.where(articles >= LEAST, p, np.nan) for name, p in found.items()}, articles


def log_rate(
    lengths: np.ndarray, hits: np.ndarray, others: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The log rate and its variance by the delta method, half a hit added where a side has none."""
    m, n = len(lengths), hits.sum(axis=0)
    squares = ((hits - lengths[:, None] * n / lengths.sum()) ** 2).sum(axis=0) * m / (m - 1)
    smoothed = n + np.where((n == 0) | (others.sum(axis=0) == 0), 0.5, 0.0)
    with np.errstate(divide="ignore"):
        return np.log(smoothed / lengths.sum()), np.where(n > 0, squares, smoothed) / smoothed**2


def simulate(
    news: News, sides: tuple[int, int], replications: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rates of calls, and of discoveries, of each test."""
    called: dict[str, dict[str, np.ndarray]] = defaultdict(lambda: defaultdict(lambda: np.zeros(2)))
    found: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(3))
    factor = np.where(np.arange(TERMS) < DIFFERENT, FACTOR, 1.0)
    for _ in range(replications):
        ours, theirs = news.side(sides[0], rng), news.side(sides[1], rng)
        tests, articles = p_values(ours, theirs)
        for name, p in tests.items():
            known = ~np.isnan(p)
            for band, (low, high) in {"all": (LEAST, 10**9), **BANDS}.items():
                chosen = known & (articles >= low) & (articles < high)
                called[name][band] += [(p[chosen] < 0.05).sum(), chosen.sum()]
            found[name][0] += (adjust_bh(p) < 0.05).any()
        mixed, _ = p_values(news.side(sides[0], rng, factor), theirs)
        for name, p in mixed.items():
            keywords = adjust_bh(p) < 0.05
            false = keywords[DIFFERENT:].sum() / max(keywords.sum(), 1)
            found[name][1:] += [false, keywords[:DIFFERENT].mean()]
    label = f"{sides[0]} and {sides[1]}"
    calls = [
        {"articles": label, "test": name}
        | {band: 100 * hit / of if of else np.nan for band, (hit, of) in bands.items()}
        for name, bands in called.items()
    ]
    columns = ("false lists", "false among keywords", "found of 100")
    discoveries = [
        {"articles": label, "test": name}
        | dict(zip(columns, 100 * values / replications, strict=True))
        for name, values in found.items()
    ]
    return pd.DataFrame(calls), pd.DataFrame(discoveries)


def main() -> None:
    """Measure every setting, print the tables and write them into the docs."""
    begin = time.perf_counter()
    rng = np.random.default_rng(20180612)
    news = news_like_the_bundle()
    tables = [simulate(news, sides, runs, rng) for sides, runs in SIDES.items()]
    calls, discoveries = (pd.concat(part) for part in zip(*tables, strict=True))
    text = Path(__file__).with_name("null_page.md").read_text(encoding="utf-8")
    spread = [1.96 * np.sqrt(5 * 95 / runs) for runs in (REPLICATIONS, FEWER)]
    page = text.format(
        calls=markdown(calls),
        discoveries=markdown(discoveries),
        clustering=f"{np.median(news.clustering):.1f}",
        clustering_high=f"{np.quantile(news.clustering, 0.9):.1f}",
        replications=f"{REPLICATIONS:,}",
        fewer=FEWER,
        low=f"{5 - spread[0]:.1f}",
        high=f"{5 + spread[0]:.1f}",
        low_fewer=f"{5 - spread[1]:.1f}",
        high_fewer=f"{5 + spread[1]:.1f}",
        seconds=f"{time.perf_counter() - begin:.0f}",
    )
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(page, encoding="utf-8")
    print(page)


def markdown(table: pd.DataFrame) -> str:
    """A table in Markdown, its measurements with one decimal."""
    cells = table.map(lambda value: f"{value:.1f}" if isinstance(value, float) else str(value))
    lines = [list(table.columns), ["---"] * len(table.columns), *cells.to_numpy().tolist()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
