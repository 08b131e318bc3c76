"""Coverage of recall and of corrected scores, in simulated codes."""

import time
from pathlib import Path

import numpy as np

from analysis.measuring.coding.precision import precision
from tests.measuring.coding.hand_coded import (
    coded_news,
    covers_nought,
    covers_prevalence,
    covers_recall,
)

TABLE = Path(__file__).parents[2] / "docs" / "benchmarks" / "validity.md"
RUNS, FEWER = 1000, 400
NEWS = {"0.55 and 0.95": (0.45, 0.05), "0.80 and 0.80": (0.2, 0.2), "0.95 and 0.95": (0.05, 0.05)}


def main() -> None:
    """Simulate, and write the page."""
    begin = time.process_time()
    corrected, raw, prevalent = [], [], []
    for name, (gull, tern) in NEWS.items():
        scores, codes = coded_news({"Gull": gull, "Tern": tern}, RUNS)
        by_outlet = covers_nought(scores, precision(codes, by=["run", "outlet"]))
        together = covers_nought(scores, precision(codes, by="run"))
        corrected.append(f"| {name} | {by_outlet:.1%} | {together:.1%} |")
    for n in (200, 600):
        for p0 in (0.02, 0.05, 0.1, 0.2):
            raw.append(f"| {n} | {p0:.2f} | {covers_recall(0.8, n, p0, RUNS):.1%} |")
    for name, (gull, tern) in list(NEWS.items())[:2]:
        right = {"Gull": 1 - gull, "Tern": 1 - tern}
        for found in (1.0, 0.8):
            for true in (0.1, 0.3, 0.5):
                held, nought = covers_prevalence(right, found, true, FEWER)
                prevalent.append(f"| {name} | {found:.1f} | {true} | {held:.1%} | {nought:.1%} |")
    page = Path(__file__).with_name("validity_page.md").read_text(encoding="utf-8")
    spread = 196 * np.sqrt(0.95 * 0.05 / RUNS)
    page = page.format(
        corrected="\n".join(corrected), recall="\n".join(raw), runs=f"{RUNS:,}",
        prevalence="\n".join(prevalent), fewer=FEWER,
        low=f"{95 - spread:.1f}", high=f"{95 + spread:.1f}",
        seconds=f"{time.process_time() - begin:.0f}",
    )  # fmt: skip
    TABLE.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
