"""Seconds to score the hits of a million articles by outlet and month, with intervals."""

import time

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import group_counts
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.frames.stance import stance

ARTICLES, OUTLETS, MONTHS, HITS = 1_000_000, 50, 48, 3_000_000


def million(rng: np.random.Generator) -> DocumentTerms:
    """A million articles of 50 outlets in 48 months, with three million hits of two frames."""
    months = [f"{2017 + month // 12}-{1 + month % 12:02}" for month in range(MONTHS)]
    documents = pd.DataFrame(
        {
            "doc_id": pd.Series(np.arange(ARTICLES)).astype("str"),
            "outlet": pd.Categorical.from_codes(
                rng.integers(0, OUTLETS, ARTICLES), [f"Outlet {i:02}" for i in range(OUTLETS)]
            ),
            "month": pd.Categorical.from_codes(
                rng.integers(0, MONTHS, ARTICLES), months, ordered=True
            ),
            "n_tokens": rng.integers(100, 2000, ARTICLES),
        }
    )
    kinds = [(frame, f"{frame}{i}", f"{frame}{i}", i % 5 == 0) for frame in "ab" for i in range(20)]
    types = pd.DataFrame(kinds, columns=["frame", "pattern", "match", "negated"])
    where = (rng.integers(0, ARTICLES, HITS), rng.integers(0, len(types), HITS))
    hits = sparse.csr_array((np.ones(HITS, np.int64), where), shape=(ARTICLES, len(types)))
    none = sparse.csr_array((ARTICLES, 0), dtype=np.int64)
    terms = pd.Index([], name="term", dtype="str")
    return DocumentTerms(documents, terms, none, types, hits, lexicon="simulated 1 00000000")


def main() -> None:
    """Print one row a way to the scores."""
    counts = million(np.random.default_rng(1))
    streamed = group_counts(counts, ["outlet", "month"])
    pair, by = ("a", "b"), ["outlet", "month"]
    ways = {
        "stance, from counts per article": lambda: stance(counts, "simulated", pair, by),
        "stance, from the hit table": lambda: stance(streamed, "simulated", pair, by),
        "compare_groups, outlets within months": lambda: compare_groups(
            streamed, "simulated", pair, "outlet", within="month"
        ),
    }
    print(f"{ARTICLES:,} articles, {len(streamed.groups):,} groups")
    for name, run in ways.items():
        begin = time.perf_counter()
        rows = len(run())
        print(f"{name:40} {rows:6,} rows {time.perf_counter() - begin:6.2f} s")


if __name__ == "__main__":
    main()
