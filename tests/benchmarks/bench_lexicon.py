"""Seconds for a pattern on a million terms, and for a lexicon on a corpus, beside tokenizing it."""

import random
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import count_corpus, document_terms
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import count_hits, find_hits
from analysis.lexicons.patterns import EXCLUSION
from analysis.lexicons.search import SortedTerms
from analysis.tokens import tokenize
from tests.benchmarks.common import CORPUS, Row

TERMS = 1_000_000
LETTERS = "abcdefghijklmnopqrstuvwxyzaeioustnrабвгде"
PATTERNS = {
    "deter*": "deter*",
    "*tion": "*tion",
    "?????": "?????",
    "*a*a*a...*, 200 characters": "*a" * 100,
    "*?a?a?a...*, 200 characters": "*" + "?a" * 99 + "*",
    "*?a?a*": "*?a?a*",
    "*a*e*n*": "*a*e*n*",
    "*e?": "*e?",
    "*aaa...b, 200 characters": "*" + "a" * 198 + "b",
    "a?a?a?..., 200 characters": "a?" * 100,
}


def seconds(run: Callable[[], object], times: int = 5) -> float:
    """Least processor time of several runs: others at work on the machine count less."""
    found = []
    for _ in range(times):
        begin = time.process_time()
        run()
        found.append(time.process_time() - begin)
    return min(found)


def million_terms() -> np.ndarray:
    rng = random.Random(1)
    words: set[str] = set()
    while len(words) < TERMS:
        words.add("".join(rng.choice(LETTERS) for _ in range(rng.randint(3, 14))))
    # By way of Arrow, as the tokenizer's vocabulary comes: strings lie in memory as sorted.
    terms: np.ndarray = pa.array(sorted(words)).to_numpy(zero_copy_only=False)
    return terms


def patterns_on_a_million_terms() -> None:
    terms = million_terms()
    vocabulary = SortedTerms(terms)
    print(f"\n{TERMS:,} terms: milliseconds a pattern")
    print(
        f"{'reading the vocabulary, once':32} {1e3 * seconds(lambda: SortedTerms(terms), 3):8.1f}"
    )
    for name, glob in PATTERNS.items():
        taken = seconds(lambda glob=glob: vocabulary.match(glob))
        print(f"{name:32} {1e3 * taken:8.1f}")


def lexicon_on_a_corpus() -> None:
    if not CORPUS.exists():
        print("\nthe research corpus is not beside this checkout: no figures for a corpus")
        return
    texts = pd.read_parquet(CORPUS, columns=["text"])["text"]
    lexicon = Lexicon.load("deterrence-dialogue")
    stream = tokenize(texts)
    hits = find_hits(stream, lexicon)
    ways = {
        "tokenize": lambda: tokenize(texts),
        "find_hits": lambda: find_hits(stream, lexicon),
        "count_hits": lambda: count_hits(stream, hits),
        "one regular expression a frame": lambda: regular_expressions(texts, lexicon),
    }
    print(f"\n{len(texts):,} articles, {len(stream.ids):,} tokens, {len(hits):,} hits")
    for name, run in ways.items():
        print(f"{name:32} {seconds(run, 3):8.3f} s")


def regular_expressions(texts: pd.Series, lexicon: Lexicon) -> int:
    """Count as is often done: an alternation of all patterns of a frame, without negation."""
    found = 0
    for patterns in lexicon.frames.values():
        words = [re.escape(p).replace(r"\*", r"\w*") for p in patterns if p[0] != EXCLUSION]
        search = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE).findall
        found += sum(len(search(text)) for text in texts)
    return found


def counting() -> list[Row]:
    """What a lexicon adds to counting, in memory and from disk; and what a second worker saves."""
    articles = pd.read_parquet(CORPUS)
    articles["date"] = pd.to_datetime(articles["date"], errors="coerce")
    articles["doc_id"] = articles["id"].astype("str")
    lexicon = Lexicon.load("deterrence-dialogue")
    alone = seconds(lambda: document_terms(articles))
    times = seconds(lambda: document_terms(articles, lexicon=lexicon)) / alone
    rows = [Row("terms with a lexicon", f"{times:.2f} times terms alone", "1.3", times <= 1.3)]
    with tempfile.TemporaryDirectory() as folder:
        for k in range(8):
            named = articles.assign(doc_id=f"{k}-" + articles["doc_id"]).drop(columns="id")
            named.to_parquet(Path(folder) / f"{k}.parquet")

        def count(clock: Callable[[], float], **options: Any) -> float:
            begin = clock()
            count_corpus(folder, ["outlet"], progress=False, **options)
            return clock() - begin

        times = count(time.process_time, lexicon=lexicon) / count(time.process_time)
        rows.append(Row("the same, count_corpus", f"{times:.2f} times", "1.4", times <= 1.4))
        one = count(time.perf_counter, lexicon=lexicon)
        for name, two in (("threads", {"threads": 2}), ("processes", {"executor": 2})):
            gain = one / count(time.perf_counter, lexicon=lexicon, **two)
            row = Row(f"two {name} of count_corpus", f"{gain:.2f} times one", "1.8", gain >= 1.8)
            rows.append(row)
    return rows


def main() -> list[Row]:
    """Print both tables; the rows of counting."""
    patterns_on_a_million_terms()
    lexicon_on_a_corpus()
    return counting() if CORPUS.exists() else []


if __name__ == "__main__":
    main()
