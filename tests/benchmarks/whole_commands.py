"""Whole commands on whole corpora: a study beside version 0.1.0, and a count in two processes."""

import re
import resource
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import count_corpus
from tests.benchmarks.bench_study import STUDY
from tests.benchmarks.common import CORPUS, LEXICON, ROOT, Row


def two_processes(folder: Path) -> list[Row]:
    """`count_corpus` with the lexicon, in this thread and in two processes."""
    corpus = folder / "corpus"
    corpus.mkdir()
    columns = ["id", "outlet", "date", "title", "text"]
    one = pd.read_parquet(CORPUS, columns=columns).rename(columns={"id": "doc_id"})
    size = one["text"].str.len().sum() / 1e9
    count = partial(count_corpus, corpus, ["outlet"], lexicon=LEXICON, progress=False)
    rows = []
    made = 0
    for copies in (10, 100):
        for k in range(made, copies):
            ids = f"{k}-" + one["doc_id"].astype(str)
            one.assign(doc_id=ids).to_parquet(corpus / f"{k}.parquet", index=False)
        if not made:
            count()  # which compiles
        made = copies
        clock = dict[int, float]()
        for processes in (1, 2):
            begin = time.perf_counter()
            count(executor=None if processes == 1 else processes)
            clock[processes] = time.perf_counter() - begin
        times = clock[1] / clock[2]
        told = f"{clock[2]:.1f} s in place of {clock[1]:.1f}: {times:.2f} times as fast"
        name = f"count_corpus, two processes, {size * copies:.1f} GB"
        rows.append(Row(name, told, "1.8 times", times >= 1.8))
    return rows


def _used() -> float:
    """Processor time of this process and of those that it started."""
    who = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(each.ru_utime + each.ru_stime for each in who)


def enlarged(articles: int, seed: int = 1) -> pd.DataFrame:
    """So many articles made of the corpus: in all but the first of its copies every long word that
    is no name is exchanged for another of the corpus, and days are moved."""
    rng, word = np.random.default_rng(seed), re.compile(r"\b[a-z]{5,}\b")
    one = pd.read_parquet(CORPUS, columns=["id", "outlet", "date", "title", "text"])
    one = one.rename(columns={"id": "doc_id"}).dropna(subset=["text"])
    known = np.array(word.findall(" ".join(one["text"].iloc[::7])))
    days = pd.to_datetime(one["date"], errors="coerce")

    def exchanged(text: str) -> str:
        drawn = iter(known[rng.integers(len(known), size=len(text) // 4 + 50)])
        return word.sub(lambda _: next(drawn), text)

    copies = [one]
    for number in range(1, -(-articles // len(one))):
        moved = days + pd.to_timedelta(rng.integers(-15, 15, len(one)), unit="D")
        copies.append(one.assign(
            doc_id=[f"{number}-{each}" for each in one["doc_id"]],
            title=one["title"].fillna("") + f" {known[number]}",
            date=moved.dt.strftime("%Y-%m-%d").where(days.notna(), one["date"]),
            text=[exchanged(text) for text in one["text"]],
        ))  # fmt: skip
    return pd.concat(copies).iloc[:articles].sample(frac=1, random_state=seed)


def studies(folder: Path, old: Path | None, articles: int = 33_110) -> list[Row]:
    """A whole study by the command, in two processes, with voices and without."""
    rows = []
    enlarged(articles).to_parquet(folder / "articles.parquet", row_group_size=1_000)
    for voices, bar in ((False, 5), (True, 6)):
        spent = []
        for version in (ROOT, old) if old else (ROOT,):
            place = folder / f"study-{voices}-{version.name}"
            place.mkdir()
            path = str(folder / "articles.parquet")
            study = STUDY.replace('"articles.parquet"', repr(path))
            (place / "study.toml").write_text(study.format(voices=str(voices).lower()), "utf-8")
            code = f"import sys; sys.path.insert(0, {str(version)!r})\n"
            code += "from analysis.cli import main; main()"
            command = [sys.executable, "-P", "-c", code, "run", str(place / "study.toml")]
            begin, before = time.perf_counter(), _used()
            command += ["--jobs", "2"] if version is ROOT else []  # 0.1.0 knows one process
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            spent.append((time.perf_counter() - begin, _used() - before))
        told = f"{spent[0][0]:.0f} s, {spent[0][1]:.0f} s of processor time"
        times = spent[-1][0] / spent[0][0] if old else None
        told += f"; 0.1.0 {spent[1][0]:.0f} s, {times:.1f} times" if times else ""
        name = f"study of {articles:,} articles, {'with' if voices else 'without'} voices"
        rows.append(Row(name, told, f"{bar} times", times and times >= bar))
    return rows
