"""Seconds, memory and recall of find_reprints on 37,840 articles, and of MinHash LSH beside it.

The corpus is ten copies of a research corpus; each copy has its words exchanged for others of
about the same frequency, so that copies are not alike. 1,000 reprints are planted: verbatim with
another paper's footer, edited (one word in twelve changed), or cut to their first two fifths.
"""

import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter

import numpy as np
import pandas as pd

from analysis.preparing.reprints import find_reprints
from analysis.preparing.shingles import Shingles, shingles
from tests.benchmarks.common import CORPUS, ROOT, Row

MODULE = "tests.benchmarks.bench_reprints"
COPIES, PLANTED, PERMUTATIONS, BAR = 10, 1_000, 128, 20
WORD = re.compile(r"[^\W\d_]+")
FOOTER = "\n\nThe Benchmark Herald is published daily. Write to the editor at the harbour office."


def exchanged(texts: pd.Series, rng: random.Random) -> pd.Series:
    """The texts with each word exchanged for one of its neighbours in frequency."""
    counts = Counter(word for text in texts for word in WORD.findall(text.lower()))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    blocks = [ranked[start : start + 50] for start in range(0, len(ranked), 50)]
    to = {
        a: b for block in blocks for a, b in zip(block, rng.sample(block, len(block)), strict=True)
    }
    return texts.map(lambda text: WORD.sub(lambda match: to[match.group()], text.lower()))


def planted(article: pd.Series, kind: str, rng: random.Random) -> str:
    """A reprint of the article."""
    if kind == "verbatim":
        return article["text"] + FOOTER
    if kind == "abridged":
        return article["text"][: 2 * len(article["text"]) // 5]
    words = article["text"].split(" ")
    return " ".join(rng.choice(words) if rng.random() < 1 / 12 else word for word in words)


def corpus() -> pd.DataFrame:
    """Articles with ``of``, the doc_id of the planted original, and ``kind``."""
    rng = random.Random(20261121)
    one = pd.read_parquet(CORPUS, columns=["id", "outlet", "date", "text"])
    one["date"] = pd.to_datetime(one["date"], errors="coerce").fillna(pd.Timestamp("2016-01-01"))
    copies = []
    for k in range(COPIES):
        texts = one["text"] if k == 0 else exchanged(one["text"], rng)
        copies.append(one.assign(text=texts, doc_id=f"{k}-" + one["id"].astype("str")))
    articles = pd.concat(copies, ignore_index=True)
    rows = []
    for number, row in enumerate(rng.sample(range(len(articles)), PLANTED)):
        kind = ("verbatim", "edited", "abridged")[number % 3]
        original = articles.iloc[row]
        rows.append(
            {"doc_id": f"planted-{number}", "outlet": "The Benchmark Herald", "kind": kind,
             "date": original["date"] + pd.Timedelta(days=1), "of": original["doc_id"],
             "text": planted(original, kind, rng)}
        )  # fmt: skip
    return pd.concat([articles, pd.DataFrame(rows)], ignore_index=True)


def lsh_candidates(found: Shingles, threshold: float) -> set[tuple[int, int]]:
    """Pairs from datasketch's MinHashLSH, with signatures made by NumPy."""
    from datasketch import LeanMinHash, MinHashLSH

    rng = np.random.default_rng(1)
    a, b = (rng.integers(1, 2**63, PERMUTATIONS, dtype=np.uint64) | np.uint64(1) for _ in "ab")
    rows, starts = np.unique(found.rows, return_index=True)
    signatures = np.empty((len(rows), PERMUTATIONS), np.uint64)
    for k in range(PERMUTATIONS):
        mixed = (found.hashes * a[k] + b[k]) >> np.uint64(32)
        signatures[:, k] = np.minimum.reduceat(mixed, starts)
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    sketches = [
        LeanMinHash(seed=1, hashvalues=signature, scheme="legacy") for signature in signatures
    ]
    for row, sketch in zip(rows.tolist(), sketches, strict=True):
        index.insert(row, sketch)
    return {
        (min(row, other), max(row, other))
        for row, sketch in zip(rows.tolist(), sketches, strict=True)
        for other in index.query(sketch)
        if other != row
    }


def measure(what: str, path: str) -> None:
    """One row: run in a process of its own, so that memory is that of one way alone."""
    articles = pd.read_parquet(path)
    row_of = pd.Series(articles.index, articles["doc_id"])
    plants = articles[articles["of"].notna()]
    pairs = set(zip(row_of[plants["of"]], plants.index, strict=True))
    shingles(articles["text"].head(10).tolist())  # compiles what has to be compiled
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin, cpu = time.perf_counter(), time.process_time()
    if what == "find_reprints":
        result = find_reprints(articles)
        hit = result.loc[plants.index, "reprint_of"] == plants["of"]
        shares = hit.groupby(plants["kind"]).mean()
        others = result["reprint_of"].notna().sum() - hit.sum()
        note = ", ".join(f"{kind} {share:.3f}" for kind, share in shares.items())
        note += f"; {others} other reprints ({9 * COPIES} in the ten copies)"
    else:
        found = shingles(articles["text"].tolist())
        shingled = time.perf_counter() - begin
        pairs_found = lsh_candidates(found, float(what.split()[-1]))
        recall = len(pairs_found & pairs) / len(pairs)
        note = f"recall {recall:.3f}, {len(pairs_found):,} candidates; shingles {shingled:.1f} s"
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{what:36} {seconds:6.1f} s ({cpu:5.1f} s CPU) {memory:6.0f} MB  {note}", flush=True)


def speed() -> Row:
    """Megabytes a second of processor time, on the research corpus itself."""
    articles = pd.read_parquet(CORPUS).rename(columns={"id": "doc_id"})
    articles["date"] = pd.to_datetime(articles["date"], errors="coerce")
    find_reprints(articles.head(10))  # compiles what has to be compiled
    begin = time.process_time()
    find_reprints(articles)
    size = articles["text"].str.encode("utf-8").str.len().sum() / 1e6
    found = size / (time.process_time() - begin)
    return Row("find_reprints", f"{found:.1f} MB/s of one core", f"{BAR} MB/s", found >= BAR)


def main() -> list[Row]:
    """Print one row a way, beside datasketch; the row of the speed."""
    if not CORPUS.exists():
        print("bench_reprints: the research corpus is not beside this checkout")
        return []
    ways = ["find_reprints", "candidates: MinHash LSH 0.5", "candidates: MinHash LSH 0.2"]
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/articles.parquet"
        articles = corpus()
        articles.to_parquet(path)
        megabytes = articles["text"].str.len().sum() / 1e6
        print(f"{len(articles):,} articles, {megabytes:.0f} million characters")
        for way in ways:
            subprocess.run([sys.executable, "-m", MODULE, way, path], check=True, cwd=ROOT)
    return [speed()]


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(*sys.argv[1:])
    else:
        main()
