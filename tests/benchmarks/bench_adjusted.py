"""Do adjusted and paired comparisons hold, in simulated articles whose topics differ by outlet?"""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse, special, stats

from analysis.counting.document_terms import DocumentTerms
from analysis.measuring.comparing.adjusting.standardised import fit
from analysis.measuring.comparing.comparison import compare_groups
from tests.benchmarks.bench_null import markdown
from tests.measuring.hand_made import counts_ab

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "benchmarks" / "adjusted.md"
REPLICATIONS, OF_WAYS = 300, 1000
# Log odds of the first frame by topic, and how often each side writes of it.
TOPICS = np.array([1.0, 0.0, -1.0])
MIX = {"other": {"Gazette": [0.6, 0.25, 0.15], "Herald": [0.15, 0.25, 0.6]},
       "same": dict.fromkeys(["Gazette", "Herald"], [1 / 3] * 3)}  # fmt: skip
EFFECT = 0.5
SIZES = (50, 50), (100, 100), (300, 300), (50, 200)
SETTINGS = [
    ("contrast", (50, 50)), ("contrast", (200, 200)), ("prevalence", (50, 50)), ("rate", (50, 50)),
    ("contrast", (50, 200)),
]  # fmt: skip
CALL = {"contrast": {"contrast": ("pressure", "parley")},
        "prevalence": {"frames": ["pressure"], "measure": "prevalence"},
        "rate": {"frames": ["pressure"], "measure": "rate"}}  # fmt: skip


def articles(
    rng: np.random.Generator, kind: str, mix: str, sides: tuple[int, int], effect: float
) -> tuple[DocumentTerms, float]:
    """Counts of articles whose hits cluster, and the true difference with the mix of them all."""
    outlet = np.repeat(list(MIX[mix]), sides)
    topic = np.concatenate(
        [rng.choice(3, n, p=p) for n, p in zip(sides, MIX[mix].values(), strict=True)]
    )
    base = TOPICS[topic]
    there = base + effect * (outlet == "Gazette")
    tokens = rng.integers(200, 1200, len(outlet))
    if kind == "rate":
        mean, shape = np.exp(there - 5) * tokens, 1.5
        a = np.minimum(rng.poisson(mean * rng.gamma(shape, 1 / shape, len(mean))), tokens)
        b = np.zeros_like(a)
        true = effect
    elif kind == "prevalence":
        a = rng.binomial(1, special.expit(there))
        b = np.zeros_like(a)
        true = _marginal(base, effect)
    else:
        p = special.expit(there)
        # Beta-binomial: the articles differ more than chance would have it.
        hits = rng.negative_binomial(2, 0.3, len(p))
        a = rng.binomial(hits, rng.beta(3 * p, 3 * (1 - p)))
        b = hits - a
        true = _marginal(base[hits > 0], effect)
    names = np.array(["arms", "border", "trade"])[topic]
    return counts_ab(list(a), list(b), list(tokens), outlet=outlet, topic=names), true


def _marginal(base: np.ndarray, effect: float) -> float:
    """The difference of the log odds of the mean shares."""
    one, other = special.expit(base + effect).mean(), special.expit(base).mean()
    return float(special.logit(one) - special.logit(other))


def of_events(rng: np.random.Generator, events: int, effect: float) -> DocumentTerms:
    """One to three articles a side on each event, which differ more by event than by outlet."""
    rows = []
    for event, base in enumerate(rng.normal(0, 1.2, events)):
        for outlet in MIX["other"]:
            for _ in range(rng.integers(1, 4)):
                p = special.expit(base + effect * (outlet == "Gazette"))
                hits = rng.negative_binomial(2, 0.3)
                rows.append((outlet, event, rng.binomial(hits, rng.beta(3 * p, 3 * (1 - p))), hits))
    outlet, event, a, hits = map(list, zip(*rows, strict=True))
    return counts_ab(a, list(np.subtract(hits, a)), outlet=outlet, event=event)


def together(parts: list[DocumentTerms]) -> DocumentTerms:
    """The counts of all replications, each of which is compared within itself."""
    documents = pd.concat(
        [one.documents.assign(replication=n, doc_id=f"r{n} " + one.documents["doc_id"])
         for n, one in enumerate(parts)], ignore_index=True,
    )  # fmt: skip
    hits = sparse.csr_array(sparse.vstack([one.hits for one in parts]))
    none = sparse.csr_array((len(documents), 0), dtype=np.int64)
    return replace(parts[0], documents=documents, counts=none, hits=hits)


def simulate(kind: str, sides: tuple[int, int], replications: int) -> dict[str, object]:
    """How often the tests call what is not there, and the interval covers what is."""
    rng = np.random.default_rng(20210321)
    found = {}
    for effect in (0.0, EFFECT):
        drawn = (articles(rng, kind, "other", sides, effect) for _ in range(replications))
        parts, true = zip(*drawn, strict=True)
        table = compare_groups(together(list(parts)), "by-hand", within="replication",
                               adjust="topic", **CALL[kind])  # fmt: skip
        low, high = (table[f"adjusted_difference_{end}"] for end in ("low", "high"))
        found[effect] = table.assign(covered=(low <= np.array(true)) & (np.array(true) <= high))
    null = found[0.0]
    return {"score": kind, "articles": f"{sides[0]} and {sides[1]}",
            "raw": 100 * (null["p"] < 0.05).mean(),
            "adjusted": 100 * (null["adjusted_p"] < 0.05).mean(),
            "covered": 100 * found[EFFECT]["covered"].mean()}  # fmt: skip


# The power of 1 - h that the squared residuals are divided by, and whether Satterthwaite's degrees
# of freedom go with it, or n - k.
WAYS = {"HC0, normal": (0, None), "HC2, n - k": (1, False), "HC2, Satterthwaite": (1, True),
        "HC3, n - k": (2, False), "HC3, Satterthwaite": (2, True)}  # fmt: skip


def by_all_ways(counts: DocumentTerms, true: float) -> dict[str, bool]:
    """Whether the interval of each way covers the true difference, by the formulas themselves."""
    a, b = (counts.hits[:, [at]].toarray().ravel().astype(float) for at in (0, 3))
    some = a + b > 0
    topic = pd.get_dummies(counts.documents["topic"]).to_numpy(float)[:, 1:]
    side = (counts.documents["outlet"] == "Gazette").to_numpy(float)
    x = np.column_stack([np.ones(len(a)), side, topic])[some]
    fitted = fit(x, a[some], b[some], rate=False)
    value, along = 0.0, np.zeros(x.shape[1])
    for sign, of_side in ((1, 1.0), (-1, 0.0)):
        x_side = np.column_stack([x[:, 0], np.full(len(x), of_side), x[:, 2:]])
        p = special.expit(x_side @ fitted.beta)
        share = p.mean()
        value += sign * special.logit(share)
        along += sign * ((p * (1 - p)) @ x_side) / len(x) / (share * (1 - share))
    w = fitted.size * fitted.slope
    h = w * np.einsum("ij,jk,ik->i", x, fitted.bread, x)
    found = {}
    for name, (power, satterthwaite) in WAYS.items():
        c = (x @ (fitted.bread @ along)) / (1 - h) ** (power / 2)
        df = np.inf if satterthwaite is None else float(len(x) - x.shape[1])
        if satterthwaite:
            # Of G = cc' times W - W x M x' W, elementwise: tr(G)^2 / tr(G^2).
            inner = fitted.bread @ (x.T @ (x * (c * w)[:, None] ** 2))
            squares = (c**4 * w**2 * (1 - 2 * h)).sum() + np.trace(inner @ inner)
            df = (c**2 * w * (1 - h)).sum() ** 2 / squares
        half = stats.t.ppf(0.975, df) * np.sqrt(((c * fitted.residual) ** 2).sum())
        found[name] = abs(value - true) <= half
    return found


def simulate_ways(mix: str, sides: tuple[int, int], replications: int) -> dict[str, object]:
    """How often each way calls what is not there, and covers what is."""
    rng = np.random.default_rng(20210323)
    covered = []
    for effect in (0.0, EFFECT):
        drawn = (articles(rng, "contrast", mix, sides, effect) for _ in range(replications))
        covered.append(100 * pd.DataFrame([by_all_ways(*one) for one in drawn]).mean())
    cells = [f"{100 - null:.1f} / {there:.1f}" for null, there in zip(*covered, strict=True)]
    return {"mix": mix, "articles": f"{sides[0]} and {sides[1]}"} | dict(
        zip(WAYS, cells, strict=True)
    )


def simulate_events(events: int, replications: int) -> dict[str, object]:
    """The same of paired comparisons."""
    rng = np.random.default_rng(20210322)
    found = {}
    for effect in (0.0, EFFECT):
        counts = together([of_events(rng, events, effect) for _ in range(replications)])
        found[effect] = compare_groups(counts, "by-hand", within=["replication", "event"],
                                       **CALL["contrast"])  # fmt: skip
    there = found[EFFECT]
    covered = (there["difference_low"] <= EFFECT) & (there["difference_high"] >= EFFECT)
    return {"events": events, "called": 100 * (found[0.0]["p"] < 0.05).mean(),
            "covered": 100 * covered.mean()}  # fmt: skip


def results(replications: int, of_ways: int) -> Iterator[pd.DataFrame]:
    """The tables of the page."""
    yield pd.DataFrame([simulate(*setting, replications) for setting in SETTINGS])
    yield pd.DataFrame([simulate_ways(mix, sizes, of_ways) for mix in MIX for sizes in SIZES])
    yield pd.DataFrame([simulate_events(n, replications) for n in (20, 60)])


def main() -> None:
    """Measure every setting, print the tables and write them into the docs."""
    begin = time.process_time()
    adjusted, ways, paired = map(markdown, results(REPLICATIONS, OF_WAYS))
    text = Path(__file__).with_name("adjusted_page.md").read_text(encoding="utf-8")
    spread = [1.96 * np.sqrt(p * (100 - p) / REPLICATIONS) for p in (5, 95)]
    page = text.format(
        adjusted=adjusted, ways=ways, paired=paired, replications=REPLICATIONS, of_ways=OF_WAYS,
        effect=EFFECT,
        called=f"{5 - spread[0]:.1f} to {5 + spread[0]:.1f}",
        covered=f"{95 - spread[1]:.1f} to {95 + spread[1]:.1f}",
        seconds=f"{time.process_time() - begin:.0f}",
    )  # fmt: skip
    PAGE.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
