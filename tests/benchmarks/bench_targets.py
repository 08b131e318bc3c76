"""How often intervals by target hold the true value, where targets share articles; and the speed.

Of an article, each of two targets is mentioned with the probability .6, at least one of them. Near
a target are log-normally many tokens (median 60), and where both are mentioned some more near both
(median 20), whose hits count for both. Hits are Poisson; an article's rate of each frame differs by
a gamma factor of mean 1, the same near both targets.
"""

import time
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import Lexicon, compare_groups, prevalence, stance
from analysis.counting.document_terms import DocumentTerms
from analysis.counting.targets import Targets, cut
from analysis.lexicons.matching import find_hits
from analysis.tokens import TermRules, tokenize, tokenize_to_count
from tests.benchmarks.bench_coverage import markdown

DOCS = Path(__file__).parents[2] / "docs" / "benchmarks" / "targets.md"
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpora" / "allsides_security.parquet"
REPLICATIONS, SHAPES, CELLS = 600, (1.0, 0.3), (5, 10, 20, 50, 200)
RATES = {"hard": 0.012, "soft": 0.006}
LEXICON = Lexicon.from_dict({"hard": ["threat"], "soft": ["talks"]}, name="simulated")


def lengths(n: int, rng: np.random.Generator) -> np.ndarray:
    """Tokens near the first target alone, near the second alone, and near both; 0 if not there."""
    mentions = rng.random((n, 2)) < 0.6
    while (none := ~mentions.any(axis=1)).any():
        mentions[none] = rng.random((none.sum(), 2)) < 0.6
    near = np.exp(rng.normal(np.log([60, 60, 20]), 0.6, (n, 3))).round()
    there = np.column_stack([mentions, mentions.all(axis=1)])
    return np.where(there, np.maximum(near, 1), 0).astype(np.int64)


def simulate(articles: int, shape: float, rng: np.random.Generator) -> DocumentTerms:
    """Counts by target of REPLICATIONS cells: a row for each target of each piece."""
    n = REPLICATIONS * articles
    tokens = lengths(n, rng)
    factor = rng.gamma(shape, 1 / shape, (n, 2))
    # Article, piece and target: what is near both is a row of each.
    article, piece = np.nonzero(tokens)
    both = piece == 2
    row = np.repeat(np.arange(len(article)), np.where(both, 2, 1))
    second = np.append(False, row[1:] == row[:-1])
    target = np.where(piece[row] == 2, second, piece[row])
    names = np.array(["A", "B"], dtype=object)
    label = np.array(["A", "B", "A + B"], dtype=object)[piece[row]]
    documents = pd.DataFrame(
        {"doc_id": article[row].astype(str), "cell": article[row] // articles, "part": 0,
         "target": names[target.astype(int)], "targets": label,
         "n_tokens": tokens[article, piece][row]}
    )  # fmt: skip
    means = tokens[article, piece][:, np.newaxis] * factor[article] * [*RATES.values()]
    hits = np.minimum(rng.poisson(means), tokens[article, piece][:, np.newaxis] // 2)[row]
    types = pd.DataFrame({"frame": [*RATES], "pattern": "x", "match": "x", "negated": False})
    none = sparse.csr_array((len(documents), 0), dtype=np.int64)
    return DocumentTerms(documents, pd.Index([], dtype="str"), none, types,
                         sparse.csr_array(hits), lexicon=LEXICON.label)  # fmt: skip


def measured(counts: DocumentTerms, shape: float) -> dict[str, float]:
    """Coverage of three intervals by target, and false tests between the targets, in per cent."""
    near = lengths(1_000_000, np.random.default_rng(1))
    of_one = near[near[:, 0] > 0]
    rate = RATES["hard"]
    missing = (1 + rate * (of_one[:, 0] + of_one[:, 2]) / shape) ** -shape
    by = ["cell", "target"]
    scores = stance(counts, LEXICON, ("hard", "soft"), by=by)
    frames = prevalence(counts, LEXICON, by=by, frames="hard")
    found = {}
    for name, table, column, true in (
        ("share", scores, "share", RATES["hard"] / sum(RATES.values())),
        ("prevalence", frames, "prevalence", 1 - missing.mean()),
        ("rate", frames, "rate", 1000 * rate),
    ):
        known = table[f"{column}_low"].notna()
        inside = table[f"{column}_low"].le(true) & table[f"{column}_high"].ge(true)
        found[name] = 100 * inside[known].mean()
    found["share without interval"] = 100 * scores["share_low"].isna().mean()
    for name, options in (
        ("share", {"contrast": ("hard", "soft")}),
        ("prevalence", {"frames": "hard"}),
    ):
        apart = compare_groups(counts, LEXICON, by="target", within="cell", **options)
        found[f"false tests of the {name}"] = 100 * (apart["p"].dropna() <= 0.05).mean()
    return found


def speed() -> dict[str, float]:
    """Windows a minute of processor time on the AllSides corpus: finding mentions, cutting them."""
    texts = pd.read_parquet(CORPUS)["text"]
    rules, lexicon = TermRules(), Lexicon.load("deterrence-dialogue")
    targets = Targets.of("countries", 10, "all")
    stream, count = tokenize_to_count(texts, rules)
    hits = find_hits(stream, lexicon, rules)
    seconds = []
    for _ in range(3):
        begin = time.process_time()
        pieces = cut(stream, hits, targets, rules, stream.bounds)
        count(pieces.places, pieces.bounds)
        seconds.append(time.process_time() - begin)
    mentions = len(find_hits(tokenize(texts), targets.lexicon))
    return {"mentions": mentions, "seconds": min(seconds),
            "millions": mentions / min(seconds) * 60 / 1e6}  # fmt: skip


def main() -> None:
    """Measure every setting and write the page in the docs."""
    begin, rng, rows = time.process_time(), np.random.default_rng(20), []
    for shape, articles in product(SHAPES, CELLS):
        row = {"shape": shape, "articles": articles}
        rows.append(row | measured(simulate(articles, shape, rng), shape))
        print(rows[-1], flush=True)
    fast = speed()
    page = Path(__file__).with_name("targets_page.md").read_text(encoding="utf-8")
    text = page.format(
        markdown(pd.DataFrame(rows)),
        replications=f"{2 * REPLICATIONS:,}",
        seconds=f"{time.process_time() - begin:.0f}",
        mentions=f"{fast['mentions']:,}",
        took=f"{fast['seconds']:.1f}",
        millions=f"{fast['millions']:.1f}",
    )
    DOCS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
