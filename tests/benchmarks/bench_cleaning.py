"""Seconds and memory of clean_articles and cut_furniture on 3,784 and 37,840 articles.

The larger corpus is ten copies of the research corpus under ten times as many outlets.
"""

import resource
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.preparing.clean import clean_articles
from analysis.preparing.furniture import cut_furniture

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "allsides_security.parquet"
SIZES = (1, 10)


def corpus(copies: int) -> pd.DataFrame:
    """So many copies of the corpus; each article is a story, so that only cutting is measured."""
    one = pd.read_parquet(CORPUS, columns=["id", "outlet", "date", "title", "text"])
    parts = [
        one.assign(doc_id=f"{k}-" + one["id"].astype("str"), outlet=one["outlet"] + f" {k}")
        for k in range(copies)
    ]
    articles = pd.concat(parts, ignore_index=True)
    return articles.assign(cluster=articles["doc_id"])


def timed(name: str, run: Callable[[], pd.DataFrame], characters: int) -> pd.DataFrame:
    """Run once and print a row."""
    begin, cpu = time.perf_counter(), time.process_time()
    result = run()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    speed = characters / 1e6 / cpu
    print(
        f"{name:16} {characters / 1e6:5.0f} million characters {seconds:6.1f} s "
        f"({cpu:5.1f} s CPU, {speed:4.1f} million a second) peak {peak:6.0f} MB",
        flush=True,
    )
    return result


def main() -> None:
    """Print two rows a size."""
    if not CORPUS.exists():
        print("bench_cleaning: the research corpus is not beside this checkout")
        return
    for copies in SIZES:
        articles = corpus(copies)
        characters = int(articles["text"].str.len().sum())
        cleaned = timed("clean_articles", lambda: clean_articles(articles), characters)  # noqa: B023
        timed("cut_furniture", lambda: cut_furniture(cleaned)[0], characters)  # noqa: B023


if __name__ == "__main__":
    main()
