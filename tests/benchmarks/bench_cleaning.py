"""Speed and memory of clean_articles and cut_furniture on 3,784 and 37,840 articles.

The larger corpus is ten copies of the research corpus under ten times as many outlets.
"""

import resource
import time
from collections.abc import Callable
from typing import TypeVar

import pandas as pd

from analysis.preparing.clean import clean_articles
from analysis.preparing.furniture import cut_furniture
from tests.benchmarks.common import CORPUS, Row

SIZES = (1, 10)
BAR = 25
Result = TypeVar("Result")


def corpus(copies: int) -> pd.DataFrame:
    """So many copies of the corpus; each article is a story, so that only cutting is measured."""
    one = pd.read_parquet(CORPUS, columns=["id", "outlet", "date", "title", "text"])
    parts = [
        one.assign(doc_id=f"{k}-" + one["id"].astype("str"), outlet=one["outlet"] + f" {k}")
        for k in range(copies)
    ]
    articles = pd.concat(parts, ignore_index=True)
    return articles.assign(cluster=articles["doc_id"])


def megabytes(texts: pd.Series) -> float:
    return float(texts.str.encode("utf-8").str.len().sum()) / 1e6


def timed(name: str, run: Callable[[], Result], size: float) -> tuple[Result, Row]:
    """Run once; processor time, so that others at work on the machine count less."""
    begin = time.process_time()
    result = run()
    speed = size / (time.process_time() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    measured = f"{speed:.1f} MB/s of one core; peak {peak:,.0f} MB"
    return result, Row(f"{name}, {size:.0f} MB", measured, f"{BAR} MB/s", speed >= BAR)


def main() -> list[Row]:
    if not CORPUS.exists():
        print(f"skipped: {CORPUS.name} is not beside this checkout")
        return []
    rows = []
    cut_furniture(corpus(1).head(10))  # compiles what has to be compiled
    for copies in SIZES:
        articles = corpus(copies)
        size = megabytes(articles["text"])
        cleaned, row = timed("clean_articles", lambda: clean_articles(articles), size)  # noqa: B023
        rows += [row, timed("cut_furniture", lambda: cut_furniture(cleaned), size)[1]]  # noqa: B023
    return rows


if __name__ == "__main__":
    main()
