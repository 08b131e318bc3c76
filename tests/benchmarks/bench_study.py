"""Studies of invented articles: time, and the memory of all processes together, as they grow.

    python -m tests.benchmarks.bench_study [articles ...] [--jobs N] [--no-voices]

Each study is run by the command `framing run`. Memory is the proportional set size (what processes
share counts once) of the command and all its children, looked at five times a second.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

SIZES = (50_000, 100_000, 200_000)
STUDY = """\
groups = ["outlet"]
[corpus]
path = "articles.parquet"
[prepare]
voices = {voices}
[lexicon]
use = "deterrence-dialogue"
"""
HITS = ("sanctions", "deterrence", "missiles", "dialogue", "peace talks", "negotiations")
SAID = ("said", "told reporters", "warned", "added")


def invented(articles: int, seed: int = 0) -> pd.DataFrame:
    """Short articles of twelve outlets over four years, with speech, furniture and reprints."""
    rng = np.random.default_rng(seed)
    letters = np.array(list("bdfgklmnprstvz")), np.array(list("aeiou"))
    syllables = ["".join(pair) for pair in np.array(np.meshgrid(*letters)).T.reshape(-1, 2)]
    words = ["".join(rng.choice(syllables, 3)) for _ in range(20_000)]
    weights = 1 / np.arange(10, len(words) + 10)
    names = [f"{a.title()} {b.title()}" for a, b in rng.choice(words, (400, 2))]
    drawn = iter(rng.choice(len(words), articles * 80, p=weights / weights.sum()))
    texts: list[str] = []
    for n in range(articles):
        if n > 100 and rng.random() < 0.05:
            texts.append(texts[int(rng.integers(n))])
            continue
        plain = [" ".join(words[next(drawn)] for _ in range(14)) for _ in range(5)]
        hits = [HITS[int(k)] for k in rng.integers(len(HITS), size=2)]
        name = names[int(rng.integers(len(names)))]
        verb = SAID[int(rng.integers(len(SAID)))]
        texts.append(
            f"{plain[0].capitalize()} after {hits[0]}.\n\n"
            f"“{plain[1].capitalize()} {hits[1]},” {name} {verb}. {plain[2].capitalize()}.\n\n"
            f"{name.split()[1]} {verb} that {plain[3]}. {plain[4].capitalize()}.\n\n"
            f"Subscribe to the newsletter of outlet {n % 12} today."
        )
    days = np.datetime64("2018-01-01") + rng.integers(0, 1461, articles)
    return pd.DataFrame(
        {"doc_id": [f"a{n}" for n in range(articles)], "outlet": [f"Outlet {n % 12}" for n in
         range(articles)], "date": days.astype("datetime64[s]"), "text": texts}
    )  # fmt: skip


def memory(root: int) -> int:
    """The proportional set size of a process and its descendants, in bytes."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(encoding="utf-8")
            except OSError:
                continue
            parent = int(stat.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    total, todo = 0, [root]
    while todo:
        pid = todo.pop()
        todo += children.get(pid, [])
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-voices", action="store_true")
    # Among all benchmarks the arguments name these.
    options = parser.parse_args(None if __name__ == "__main__" else [])
    print(f"{'articles':>10}{'MB of text':>12}{'s':>8}{'CPU s':>8}{'peak MB':>10}")
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            articles = invented(size)
            text = articles["text"].str.len().sum() / 1e6
            articles.to_parquet(folder / "articles.parquet", row_group_size=10_000)
            del articles
            study = STUDY.format(voices=str(not options.no_voices).lower())
            (folder / "study.toml").write_text(study, encoding="utf-8")
            begun, before = time.perf_counter(), os.times()
            command = [sys.executable, "-m", "analysis.cli", "run", str(folder / "study.toml")]
            run = subprocess.Popen([*command, "--jobs", str(options.jobs)])
            peak = 0
            while run.poll() is None:
                peak = max(peak, memory(run.pid))
                time.sleep(0.2)
            seconds, after = time.perf_counter() - begun, os.times()
            cpu = sum(after[2:4]) - sum(before[2:4])
            print(
                f"{size:10,}{text:12.0f}{seconds:8.0f}{cpu:8.0f}{peak / 1e6:10.0f}"
                + (f"  exit code {run.returncode}" if run.returncode else ""),
                flush=True,
            )


if __name__ == "__main__":
    main()
