"""How well a learnt scale orders the words and articles of a real corpus, beside LSX.

Needs the research corpora beside the checkout (`shared/`): the AllSides security corpus, and the
seeds, words and scores of LSX 1.5.1 for it (`shared/oracles/ORIGIN.md`, part 3).
"""

import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from analysis import check_articles, document_terms, learn_scale, scale
from tests.benchmarks.bench_coverage import markdown

SHARED = Path(__file__).parents[3] / "shared"
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks" / "scale.md"


def auc(scores: np.ndarray, first: np.ndarray) -> float:
    """How often a word of the first side has a higher score than one of the other."""
    n, m = np.count_nonzero(first), np.count_nonzero(~first)
    return float((rankdata(scores)[first].sum() - n * (n + 1) / 2) / (n * m))


def main() -> None:
    """Measure both weightings with the five draws of seeds, and write the page in the docs."""
    oracles = SHARED / "oracles"
    seeds, words = (pd.read_csv(oracles / f"lsx_{n}.csv") for n in ("seeds", "lexicon_words"))
    theirs = pd.read_csv(oracles / "lsx.csv").set_index("id")
    frame = pd.read_parquet(SHARED / "corpora" / "allsides_security.parquet")
    frame = frame.rename(columns={"id": "doc_id"}).sort_values("doc_id", ignore_index=True)
    articles = check_articles(frame[["doc_id", "outlet", "text"]].assign(date="2020-01-01"))
    rows = []
    for weighting in ("count", "equal"):
        begin, wall = time.process_time(), time.perf_counter()
        learnt, found = None, []
        for draw in range(6):
            mine = seeds[seeds["draw"] == draw]
            sides = {side: mine["word"][mine["frame"] == side].tolist()
                     for side in ("deterrence", "dialogue")}  # fmt: skip
            if learnt is None:
                learnt = learn_scale(articles, sides, weighting=weighting)
                seconds = time.process_time() - begin, time.perf_counter() - wall
            scored = learnt.with_seeds(sides)
            weights = scored.weights["deterrence_against_dialogue"]
            held = words[~words["word"].isin(mine["word"])]
            scores = held["word"].map(weights).to_numpy()
            first, often = (held["frame"] == "deterrence").to_numpy(), held["frequency"] >= 50
            found.append({"auc5": auc(scores, first), "auc50": auc(scores[often], first[often])})
            if draw == 0:
                table = scale(document_terms(articles, lexicon=scored), scored, "doc_id")
                means = table.set_index("doc_id")["mean"]
                found[-1]["r"] = means.corr(theirs["raw_0"])
        mean = pd.DataFrame(found[1:]).mean()
        rows.append({
            "weighting": weighting, "AUC, 50 or more": f"{mean['auc50']:.3f}",
            "AUC, 5 or more": f"{mean['auc5']:.3f}", "r with LSX": f"{found[0]['r']:.3f}",
            "variance": f"{learnt.variance:.3f}", "CPU s": f"{seconds[0]:.0f}",
        })  # fmt: skip
        print(rows[-1], f"wall {seconds[1]:.0f} s", flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    page = Path(__file__).with_name("scale_page.md").read_text(encoding="utf-8")
    PAGE.write_text(page.format(markdown(pd.DataFrame(rows)), memory=f"{memory:.2f}"), "utf-8")


if __name__ == "__main__":
    main()
