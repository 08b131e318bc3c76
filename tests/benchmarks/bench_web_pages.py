"""Web pages to articles beside trafilatura, which finds the article in each of them.

The pages are made of texts of the research corpus, with a head, menus, teasers and a footer.
"""

import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import trafilatura

from analysis import read_articles
from tests.benchmarks.common import CORPUS, Row

PAGES, BAR = 200, 1.2
MENU = "".join(f"<li><a href='/s/{k}'>Section {k}</a></li>" for k in range(60))
TEASERS = "".join(f"<div><a href='/t/{k}'>Headline {k}</a> {k} hours ago</div>" for k in range(30))


def page(title: str, text: str, day: int) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in text.split("\n") if line.strip())
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(title)}</title>"
        "<meta property='og:site_name' content='Gazette'>"
        f"<meta property='article:published_time' content='2020-03-{day:02}T10:00:00Z'></head>"
        f"<body><nav><ul>{MENU}</ul></nav><article><h1>{escape(title)}</h1>{paragraphs}</article>"
        f"<aside>{TEASERS}</aside><footer>Copyright 2020</footer></body></html>"
    )


def main() -> list[Row]:
    if not CORPUS.exists():
        print(f"skipped: {CORPUS.name} is not beside this checkout")
        return []
    articles = pd.read_parquet(CORPUS, columns=["title", "text"]).head(PAGES).fillna("")
    rows = articles.itertuples(index=False)
    pages = [page(title, text, k % 28 + 1) for k, (title, text) in enumerate(rows)]
    with TemporaryDirectory() as folder:
        for k, text in enumerate(pages):
            (Path(folder) / f"{k:03}.html").write_text(text, encoding="utf-8")
        ours = least(lambda: read_articles(folder))
    theirs = least(
        lambda: [trafilatura.bare_extraction(text, include_comments=False, with_metadata=True)
                 for text in pages]
    )  # fmt: skip
    size, times = sum(map(len, pages)) / 1e6, ours / theirs
    measured = f"{times:.2f} times trafilatura's own time; {size / ours:.1f} MB/s"
    return [Row("web pages", measured, f"{BAR} times", times <= BAR)]


def least(run: Callable[[], object]) -> float:
    """The least processor time of three runs, in seconds."""
    found = []
    for _ in range(3):
        begin = time.process_time()
        run()
        found.append(time.process_time() - begin)
    return min(found)
