"""Every outlet of the AllSides bundle against all others: time and memory, beside SciPy's loop."""

import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from scipy.stats import chi2_contingency

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import group_counts
from analysis.measuring.terms.keyness import keyness

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "data" / "allsides_security"
TABLES = 2000


def measure(least: int) -> None:
    """One run in a process of its own, so that the peak of memory is its own."""
    counts = DocumentTerms.load(BUNDLE)
    outlets = counts.documents["outlet"].nunique()
    wall, cpu = time.perf_counter(), time.process_time()
    table = keyness(counts, each="outlet", min_articles=least)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"keyness, {outlets} outlets, terms in at least {least} article(s): {len(table):,} tests, "
        f"{wall:.1f} s ({cpu:.1f} s of processor time), {1e6 * cpu / len(table):.1f} us a test, "
        f"peak {peak:.2f} GB"
    )


def measure_peer() -> None:
    """SciPy's G² term by term, which knows neither articles nor intervals."""
    grouped = group_counts(DocumentTerms.load(BUNDLE), "lean")
    tokens = grouped.groups["tokens"].to_numpy()
    hits = grouped.n[:2].toarray()
    chosen = np.argsort(-hits.min(axis=0), kind="stable")[:TABLES]
    begin = time.process_time()
    for column in chosen:
        pair = hits[:, column]
        chi2_contingency([pair, tokens[:2] - pair], correction=False, lambda_="log-likelihood")
    cpu = time.process_time() - begin
    print(f"scipy.stats.chi2_contingency, term by term: {1e6 * cpu / TABLES:.1f} us a test")


def main() -> None:
    """Print one line a run."""
    for least in ("5", "1"):
        command = [sys.executable, "-m", "tests.benchmarks.bench_keyness", least]
        subprocess.run(command, cwd=ROOT, check=True)
    measure_peer()


if __name__ == "__main__":
    measure(int(sys.argv[1])) if len(sys.argv) > 1 else main()
