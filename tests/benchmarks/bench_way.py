"""The whole way from articles to counts: beside version 0.1.0, beside peers, and at n, 2n and 4n.

    python -m tests.benchmarks way

Processor time of one core, the least of two warm runs, each version and peer in a process of its
own, so that other work on the machine counts for less. Version 0.1.0 is taken from the history of
this repository, and a peer that is not at hand is left out with a word.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

import analysis
from tests.benchmarks.common import CORPUS, LEXICON, ROOT, Row
from tests.benchmarks.whole_commands import studies, two_processes

OLD = "9c6088a"  # version 0.1.0
# For each step: what is run on the articles `a`, the share of them, and its bar.
STEPS = {
    "terms": ("document_terms(a)", 1, ""),
    "terms with the lexicon": ("document_terms(a, lexicon=lexicon)", 1, "1.3 times terms alone"),
    "cleaning": ("clean_articles(a)", 2, "25 MB/s"),
    "furniture": ("cut_furniture(a.assign(cluster=a['doc_id']))", 2, "25 MB/s"),
    "reprints": ("find_reprints(a)", 2, "20 MB/s"),
    "voices": ("split_voices(a)", 40, "3 MB/s"),
    "lines of a keyword": ("kwic(a, 'deterrence')", 2, ""),
}
# Peers of a step: code that makes `run` of the texts.
PEERS = {
    "terms": {
        "scikit-learn `CountVectorizer`": "from sklearn.feature_extraction.text import *\n"
        "run = lambda: CountVectorizer(token_pattern=P).fit_transform(texts)",
        "Polars, extract and group": "import polars as pl\n"
        "s = pl.DataFrame({'i': range(len(texts)), 't': texts})\n"
        "run = lambda: s.select('i', pl.col('t').str.to_lowercase().str.extract_all(R))"
        ".explode('t').group_by('i', 't').len()",
        "DuckDB, extract and group": "import duckdb\n"
        "s = pd.DataFrame({'i': range(len(texts)), 't': texts})\n"
        'run = lambda: duckdb.sql("select i, w, count(*) from (select i, '
        "unnest(regexp_extract_all(lower(t), '[\\\\p{L}\\\\p{N}]+')) w from s) "
        'group by all").df()',
    },
    "reprints": {
        "datasketch `MinHashLSH`, 64 hashes": "from datasketch import MinHash, MinHashLSH\n"
        "def run():\n"
        "    lsh = MinHashLSH(threshold=.5, num_perm=64)\n"
        "    for k, text in enumerate(texts):\n"
        "        words, hashes = text.split(), MinHash(64)\n"
        "        hashes.update_batch([' '.join(words[i:i + 5]).encode()"
        " for i in range(len(words) - 4)])\n"
        "        lsh.query(hashes)\n"
        "        lsh.insert(str(k), hashes)",
    },
    "voices": {
        "few lines of regular expressions": "from tests.benchmarks.bench_voices import few_lines\n"
        "run = lambda: [few_lines(text) for text in texts]",
    },
}
TAKE = """
import json, sys, time
import pandas as pd
a = pd.read_parquet(sys.argv[1]).rename(columns={"id": "doc_id"}).dropna(subset=["text", "date"])
a = a[a["date"] != ""].assign(doc_id=lambda a: a["doc_id"].astype(str)).fillna({"title": ""})
"""
TIMED = """
spent = []
for _ in range(3):
    begin = time.process_time()
    run()
    spent.append(time.process_time() - begin)
    if spent[-1] > 20:
        break
print(json.dumps([sum(len(text.encode()) for text in a["text"]) / 1e6, min(spent[1:] or spent)]))
"""
OURS = """
from analysis import *
from analysis.preparing.clean import clean_articles
from analysis.preparing.furniture import cut_furniture
a = check_articles(a).iloc[::{share}].reset_index(drop=True)
lexicon = Lexicon.load("deterrence-dialogue")
run = lambda: {code}
"""
PEER = """
a = a.iloc[::{share}]
texts = a["text"].tolist()
P, R = r"[^\\W_]+(?:['’-][^\\W_]+)*", r"[\\p{{L}}\\p{{N}}]+(?:['’-][\\p{{L}}\\p{{N}}]+)*"
"""
LIBRARIES = "import pandas, pyarrow.compute, numba, scipy.sparse, matplotlib.pyplot\n"
FIRST = """
from analysis import add_period, document_terms, read_articles, stance
from analysis.showing.charts import share_over_time
frames = "deterrence", "dialogue"
articles, _ = read_articles("data/sample/articles.csv")
counts = document_terms(add_period(articles), lexicon="deterrence-dialogue")
table = stance(counts, "deterrence-dialogue", frames, by=["outlet", "period"])
share_over_time(table, series="outlet").figure.savefig(sys.argv[1])
"""


def main() -> list[Row]:
    if not CORPUS.exists():
        print(f"skipped: {CORPUS.name} is not beside this checkout")
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        old = _version(folder / "old")
        if shutil.which("Rscript") is None:
            print("quanteda is left out: R is not at hand")
        return [
            *steps(old),
            first_result(folder),
            *two_processes(folder),
            *studies(folder, old),
            *linear(),
        ]


def _version(folder: Path) -> Path | None:
    """Version 0.1.0, or None where the history does not have it."""
    folder.mkdir()
    kept = subprocess.run(["git", "archive", OLD, "analysis"], cwd=ROOT, capture_output=True)
    if kept.returncode:
        print("version 0.1.0 is left out: this checkout has no history")
        return None
    subprocess.run(["tar", "-x", "-C", folder], input=kept.stdout, check=True)
    return folder


def _measure(code: str, *paths: Path) -> tuple[float, float] | None:
    """Megabytes, and seconds; None where the code can't be run."""
    # -P: what is imported comes from the paths, and not from where this runs.
    path = "import sys\nsys.path[:0] = " + repr([str(path) for path in paths]) + "\n"
    command = [sys.executable, "-P", "-c", path + TAKE + code + TIMED, str(CORPUS)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        print(f"  left out: {run.stderr.strip().splitlines()[-1]}", flush=True)
        return None
    size, seconds = run.stdout.splitlines()[-1].strip("[]").split(",")
    return float(size), float(seconds)


def steps(old: Path | None) -> list[Row]:
    """MB/s of each step: ours, that of 0.1.0, and those of the peers."""
    rows, seconds = list[Row](), dict[str, float]()
    for step, (code, share, bar) in STEPS.items():
        print(f"  {step}", flush=True)
        made = OURS.format(code=code, share=share)
        ours, before = _measure(made, ROOT), old and _measure(made, old)
        if ours is None:
            continue
        size, seconds[step] = ours
        speed = size / seconds[step]
        told = f"{speed:.1f} MB/s"
        told += (
            f"; 0.1.0 {before[0] / before[1]:.2f}, {before[1] / seconds[step]:.1f} times"
            if before
            else ""
        )
        met = speed >= float(bar.split()[0]) if bar.endswith("MB/s") else None
        if "times" in bar and "terms" in seconds:
            times = seconds[step] / seconds["terms"]
            told, met = f"{told}; {times:.2f} times terms alone", times <= float(bar.split()[0])
        rows.append(Row(step, told, bar, met))
        for peer, code in PEERS.get(step, {}).items():
            part = 8 if step == "terms" else 40  # they are slow
            if theirs := _measure(PEER.format(share=part) + code, ROOT):
                their_speed = theirs[0] / theirs[1]
                told = f"{their_speed:.1f} MB/s; ours {speed / their_speed:.1f} times"
                rows.append(Row(f"{step}: {peer}", told))
    return rows


def first_result(folder: Path) -> Row:
    """Import, load the lexicon, read and count the sample, draw; in a fresh process, warm."""
    spent: dict[str, list[float]] = {LIBRARIES: [], FIRST: []}
    for code in (LIBRARIES, FIRST) * 4:
        source = f"import sys, time\nsys.path.insert(0, {str(ROOT)!r})\n{code}"
        command = [sys.executable, "-c", source + "print(time.process_time())"]
        run = subprocess.run(
            [*command, str(folder / "first.png")], capture_output=True, text=True, cwd=ROOT
        )
        if run.returncode:
            print(f"  first result: {run.stderr.strip().splitlines()[-1]}")
            return Row("first result in a fresh process", "failed", "2 s", False)
        spent[code].append(float(run.stdout))
    alone, least = (min(each[1:]) for each in spent.values())
    told = f"{least:.1f} s, of which {alone:.1f} s to import pandas, Numba, SciPy and matplotlib"
    return Row("first result in a fresh process", told, "2 s", least < 2)


def linear(n: int = 100) -> list[Row]:
    """Every function that takes articles: n, 2n and 4n of them; and texts of such lengths."""
    one = pd.read_parquet(CORPUS).rename(columns={"id": "doc_id"}).dropna(subset=["text"])
    one = one[pd.to_datetime(one["date"], errors="coerce").notna()].fillna({"title": ""})
    lexicon = analysis.Lexicon.load(LEXICON)
    functions = {
        "check_articles": analysis.check_articles,
        "with_titles": analysis.with_titles,
        "add_period": analysis.add_period,
        "clean_articles": analysis.clean_articles,
        "cut_furniture": analysis.cut_furniture,
        "find_reprints": analysis.find_reprints,
        "split_voices": analysis.split_voices,
        "document_terms": lambda a: analysis.document_terms(a, lexicon=lexicon),
        "document_terms, targets": lambda a: analysis.document_terms(
            a, lexicon=lexicon, targets={"Russia": ["russia*"], "NATO": ["nato"]}
        ),
        "kwic": lambda a: analysis.kwic(a, (lexicon, "deterrence")),
        "collocations": lambda a: analysis.collocations(a, "security"),
    }
    rows = []
    for name, function in functions.items():
        for what in ("articles", "length"):
            spent = []
            for times in (1, 2, 4):
                a = one.iloc[: n * (times if what == "articles" else 1)].reset_index(drop=True)
                if what == "length":
                    a = a.assign(text=(a["text"] + "\n\n") * times)
                a = analysis.check_articles(a.assign(doc_id=a["doc_id"].astype(str)))
                spent.append(min(_spent(function, a) for _ in range(3)))
            # Less than a hundredth of a second says nothing either way.
            growth = max(spent[2], 0.01) / max(spent[0], 0.01)
            told = ", ".join(f"{1000 * each:.0f}" for each in spent) + f" ms; {growth:.1f} times"
            rows.append(Row(f"{name}: 1, 2, 4 times the {what}", told, "6 times", growth <= 6))
    return rows


def _spent(function, articles: pd.DataFrame) -> float:  # type: ignore[no-untyped-def]
    begin = time.process_time()
    function(articles)
    return time.process_time() - begin


if __name__ == "__main__":
    main()
