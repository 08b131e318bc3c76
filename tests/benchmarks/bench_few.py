"""Few articles, of very unequal lengths, or few against many: do intervals and tests hold?

An article has round(exp(N(ln 500, s))) tokens, at least 30, and Poisson hits of a frame with mean
tokens * rate * g, where g is gamma with mean 1 and a shape. Counts are made as any corpus' are, and
every number below is what the public functions say.
"""

import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.frames.stance import stance
from analysis.measuring.terms.frequencies import term_frequencies
from analysis.measuring.terms.keyness import keyness
from tests.benchmarks.bench_coverage import markdown

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks" / "few.md"
REPLICATIONS, LISTS = 4000, 200
LEXICON = Lexicon.from_dict({"deter": ["deter"], "talk": ["talk"]})


class News(NamedTuple):
    """Spread of lengths, hits of the two frames per 1,000 tokens, and the gamma shape."""

    spread: float
    first: float
    second: float
    shape: float

    def lengths(self, m: int, rng: np.random.Generator) -> np.ndarray:
        drawn = np.exp(rng.normal(np.log(500), self.spread, m)).round()
        return drawn.clip(30).astype(np.int64)

    def hits(self, lengths: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
        return rng.poisson(lengths * rate / 1000 * rng.gamma(self.shape, 1 / self.shape,
                                                             lengths.shape))  # fmt: skip


NEWS = {
    "base": News(0.6, 4, 3, 1),
    "long and short articles": News(1.5, 4, 3, 1),
    "strong bursts": News(0.6, 4, 3, 0.3),
    "both": News(1.5, 4, 3, 0.3),
    "a rare frame": News(0.6, 10, 0.5, 0.3),
}
SIDES = [(3, 3), (5, 5), (10, 10), (5, 50), (3, 100), (10, 100)]


def corpus(news: News, groups: pd.DataFrame, sizes: np.ndarray, seed: int) -> DocumentTerms:
    """Counts of two words, deter and talk, in groups of so many articles."""
    rng = np.random.default_rng(seed)
    documents = groups.loc[np.repeat(groups.index, sizes)].reset_index(drop=True)
    lengths = news.lengths(len(documents), rng)
    hits = [news.hits(lengths, rate, rng) for rate in (news.first, news.second)]
    documents = documents.assign(doc_id=documents.index.astype("str"), n_tokens=lengths)
    terms = pd.Index(["deter", "talk"], name="term")
    return DocumentTerms(documents, terms, sparse.csr_array(np.column_stack(hits)))


def coverage(news: News, m: int, seed: int) -> dict[str, float]:
    """Per cent of the intervals of cells of m articles that hold the truth."""
    cells = pd.DataFrame({"cell": np.arange(REPLICATIONS)})
    counts = corpus(news, cells, np.full(REPLICATIONS, m), seed)
    rates = term_frequencies(counts, "cell", terms="deter")
    scores = stance(counts, LEXICON, by="cell")
    log_odds = np.log(news.first / news.second)

    def held(table: pd.DataFrame, name: str, truth: float) -> float:
        low, high = (table[f"{name}{end}"] for end in ("low", "high"))
        return 100 * float(((low <= truth) & (truth <= high))[low.notna()].mean())

    return {
        "rate of a term": held(rates, "", news.first * 1000),
        "rate of a frame": held(scores, "rate_deter_", news.first),
        "log odds": held(scores, "log_odds_", log_odds),
    }


def false_positives(news: News, sides: tuple[int, int], seed: int) -> str:
    """Per cent of comparisons of equal groups with p <= .05; a dash where there is no test."""
    pairs = pd.DataFrame({"cell": np.repeat(np.arange(REPLICATIONS), 2), "side": ["a", "b"]
                          * REPLICATIONS})  # fmt: skip
    counts = corpus(news, pairs, np.tile(sides, REPLICATIONS), seed)
    p = compare_groups(counts, LEXICON, by="side", within="cell")["p"].dropna()
    return f"{100 * float((p <= 0.05).mean()):.1f}" if len(p) else "no test"


def keywords(sides: tuple[int, int], spread: float, shape: float, seed: int) -> dict[str, float]:
    """False lists of keywords where nothing differs, and false keywords where a tenth does."""
    rng = np.random.default_rng(seed)
    news = News(spread, 0, 0, shape)
    rates = np.exp(np.linspace(np.log(2e-2), np.log(10), 600))  # per 1,000 tokens
    names = pd.Index([f"t{number:03d}" for number in range(600)], name="term")
    lists = called = false = early = tested = 0
    for _ in range(LISTS):
        different = rng.random(600) < 0.1
        factor = np.where(different, rng.choice([3, 1 / 3], 600), 1.0)
        other = news.lengths(sides[1], rng)[:, None]
        theirs = news.hits(np.broadcast_to(other, (sides[1], 600)), rates, rng)
        for alike in (True, False):
            mine = news.lengths(sides[0], rng)[:, None]
            ours = news.hits(np.broadcast_to(mine, (sides[0], 600)),
                             rates * (1.0 if alike else factor), rng)  # fmt: skip
            lengths = np.concatenate([mine, other]).ravel()
            documents = pd.DataFrame({"doc_id": np.arange(len(lengths)).astype("str"),
                                      "n_tokens": lengths,
                                      "side": np.repeat(["ours", "theirs"], sides)})  # fmt: skip
            # A simulated article may draw more hits than tokens, which no text can: see bench_null.
            none = sparse.csr_array((len(lengths), 0), dtype=np.int64)
            counts = DocumentTerms(documents, names[:0], none)
            counts = counts.derived(terms=names, counts=sparse.csr_array(np.vstack([ours, theirs])))
            table = keyness(counts, {"side": "ours"}, min_articles=3).set_index("term")
            found = table["q"] <= 0.05
            if alike:
                lists += found.any()
                often = (table["docs_target"] + table["docs_reference"]) >= 31
                early += (table.loc[often, "p"] <= 0.05).sum()
                tested += often.sum()
            else:
                called += found.sum()
                false += (found & ~different[names.get_indexer(table.index)]).sum()
    return {"lists with a false keyword": 100 * lists / LISTS,
            "p <= .05, terms in 31 articles or more": 100 * early / max(tested, 1),
            "keywords called in a list": called / LISTS,
            "false among them": 100 * false / max(called, 1)}  # fmt: skip


def main() -> None:
    """Measure, and write the page in the docs."""
    begin = time.perf_counter()
    covered = [
        {"news": name, "articles": m} | coverage(news, m, seed=m)
        for name, news in NEWS.items()
        for m in (3, 5, 10, 20)
    ]
    alarms = [
        {"news": name}
        | {f"{a} and {b}": false_positives(news, (a, b), seed=100 * a + b) for a, b in SIDES}
        for name, news in NEWS.items()
    ]
    settings = [((20, 20), 0.6, 1.0), ((50, 50), 1.5, 0.3), ((100, 100), 0.6, 1.0),
                ((10, 100), 0.6, 0.3), ((10, 100), 1.5, 0.3), ((10, 1000), 0.6, 0.3)]  # fmt: skip
    lists = [
        {"articles": f"{sides[0]} and {sides[1]}", "spread of lengths": spread, "shape": shape}
        | keywords(sides, spread, shape, seed=7)
        for sides, spread, shape in settings
    ]
    tables = [markdown(pd.DataFrame(rows)) for rows in (covered, alarms, lists)]
    text = Path(__file__).with_name("few_page.md").read_text(encoding="utf-8")
    PAGE.write_text(
        text.format(*tables, replications=f"{REPLICATIONS:,}", lists=LISTS,
                    seconds=f"{time.perf_counter() - begin:.0f}"), encoding="utf-8",
    )  # fmt: skip
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
