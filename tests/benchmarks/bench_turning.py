"""Turning points where months have effects of their own: false turns, power, and where they are.

A series has n articles on days drawn from 730. Its log odds are constant at .7, turn from .8 to .4,
drift from .8 to .4, or turn twice; to them an effect of each calendar month is added: none,
independent, or AR(1) with .7, of standard deviation .5. An article has 1 + Poisson(6 x) hits, with
log-normal lengths and gamma bursts, split by a beta distribution with a + b = 4.
"""

import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse, special

from analysis.counting.document_terms import DocumentTerms
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.series.turning_point import find_turns
from analysis.measuring.comparing.trend import trend
from tests.benchmarks.bench_coverage import markdown

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks" / "turning-points.md"
DATA = Path(__file__).parents[2] / "data"
SERIES, RESAMPLES, DAYS, START = 200, 299, 730, pd.Timestamp("2018-01-01")
LEXICON = Lexicon.from_dict({"deter": ["deter"], "talk": ["talk"]})
HIGH, MIDDLE, LOW = special.logit([0.8, 0.4, 0.2])
NEWS = {
    "no turn": ("flat", 0.0, 0.0, 0.6, 1.0),
    "no turn, long and short articles": ("flat", 0.0, 0.0, 1.5, 0.3),
    "no turn, independent months": ("flat", 0.5, 0.0, 0.6, 1.0),
    "no turn, AR(.7) months": ("flat", 0.5, 0.7, 0.6, 1.0),
    "a turn": ("turn", 0.0, 0.0, 0.6, 1.0),
    "a late turn": ("late", 0.0, 0.0, 0.6, 1.0),
    "an early turn": ("early", 0.0, 0.0, 0.6, 1.0),
    "a turn, independent months": ("turn", 0.5, 0.0, 0.6, 1.0),
    "two turns": ("two", 0.0, 0.0, 0.6, 1.0),
    "a drift": ("drift", 0.0, 0.0, 0.6, 1.0),
    "a drift, independent months": ("drift", 0.5, 0.0, 0.6, 1.0),
}
SPANS = {"turn": (73, 658), "late": (620, 691), "early": (40, 111)}


def simulate(name: str, n: int, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Days, hits of the first frame, all hits, and the day of the turn."""
    kind, sd, r, spread, shape = NEWS[name]
    rng = np.random.default_rng([number, n, *map(ord, name)])
    day = np.sort(rng.integers(0, DAYS, n))
    turn = float(rng.integers(*SPANS[kind])) if kind in SPANS else np.nan
    odds = {
        "flat": np.full(n, special.logit(0.7)),
        "two": np.where((day < DAYS / 3) | (day >= DAYS * 2 / 3), HIGH, LOW),
        "drift": HIGH + (MIDDLE - HIGH) * day / DAYS,
    }.get(kind, np.where(day < turn, HIGH, MIDDLE))
    effect = rng.standard_normal(24)
    for month in range(1, 24):
        effect[month] = r * effect[month - 1] + np.sqrt(1 - r * r) * effect[month]
    p = special.expit(odds + sd * effect[months(day)])
    hits = 1 + rng.poisson(6 * np.exp(rng.normal(0, spread, n)) * rng.gamma(shape, 1 / shape, n))
    return day, rng.binomial(hits, rng.beta(4 * p, 4 * (1 - p))), hits, turn


def months(day: np.ndarray) -> np.ndarray:
    """The number of each day's calendar month."""
    dates = np.datetime64(START, "D") + day.astype("timedelta64[D]")
    return (dates.astype("datetime64[M]") - np.datetime64(START, "M")).astype(np.intp)


def largest(e: np.ndarray, n: np.ndarray, normalised: bool) -> np.ndarray:
    """The largest change in each row of months' sums e, or self-normalised."""
    sums, k, total = e.cumsum(axis=1), n.cumsum(axis=1), n.sum()
    found = np.zeros(len(e))
    for at in range(e.shape[1] - 1):
        before, after = k[:, at], total - k[:, at]
        some = (before >= 5) & (after >= 5)
        gain = (sums[:, at] - before / total * sums[:, -1]) ** 2 / total
        if normalised:
            head = (
                sums[:, : at + 1] - k[:, : at + 1] / np.maximum(before, 1)[:, None] * sums[:, [at]]
            )
            rest = sums[:, -1:] - sums[:, at:]
            tail = rest - (total - k[:, at:]) / np.maximum(after, 1)[:, None] * rest[:, :1]
            scale = (head**2 * n[:, : at + 1]).sum(axis=1)
            scale += (tail[:, :-1] ** 2 * n[:, at + 1 :]).sum(axis=1)
            scale /= total**2
        else:
            scale = before * after / total**2
        found = np.maximum(found, np.where(some, gain / np.maximum(scale, 1e-12), 0))
    return found


def blocks_p(
    e: np.ndarray, n: np.ndarray, length: int, rng: np.random.Generator, sn: bool
) -> float:
    """P-value from random orders of blocks of so many months, from the months' sums."""
    blocks = -(-len(e) // length)
    e, n = (np.pad(x, (0, blocks * length - len(x))).reshape(blocks, length) for x in (e, n))
    orders = rng.permuted(np.tile(np.arange(blocks), (200, 1)), axis=1)
    orders[0] = np.arange(blocks)
    found = largest(e[orders].reshape(200, -1), n[orders].reshape(200, -1), sn)
    return float(np.mean(found >= found[0] * (1 - 1e-12)))


def trade_off(name: str, n: int) -> dict[str, object]:
    """Per cent of series in which each test calls a turn at 5%."""
    called = []
    for number in range(SERIES):
        day, a, hits, _ = simulate(name, n, number)
        rng = np.random.default_rng(number)
        month, series = months(day), (day.astype(float), a.astype(float), hits.astype(float))
        alone = find_turns(*series, month, min_articles=5, resamples=199, seed=number,
                           shocks=((0.0, 0.0),))  # fmt: skip
        e = np.bincount(month, a - a.sum() / hits.sum() * hits, 24)
        size = np.bincount(month, minlength=24).astype(float)
        one = largest(e[None], size[None], True)[0]
        p = [blocks_p(e, size, length, rng, False) for length in (1, 2, 3, 6)]
        called.append([alone[0].p <= 0.05, *(np.array(p) <= 0.05), one > 40.1,
                       blocks_p(e, size, 3, rng, True) <= 0.05])  # fmt: skip
    names = ("by article", "1 month", "2 months", "3 months", "6 months", "self-normalised",
             "self-normalised, 3 months")  # fmt: skip
    return dict(zip(names, 100 * np.mean(called, axis=0), strict=True))


def measured(name: str, n: int) -> dict[str, object]:
    """What `trend` says of the series, in per cent."""
    parts = [simulate(name, n, number) for number in range(SERIES)]
    day, a, hits = (np.concatenate([part[i] for part in parts]) for i in range(3))
    documents = pd.DataFrame({"doc_id": np.arange(len(day)).astype("str"), "n_tokens": hits,
                              "series": np.repeat(np.arange(SERIES), n),
                              "date": START + pd.to_timedelta(day, unit="D")})  # fmt: skip
    matrix = sparse.csr_array(np.column_stack([a, hits - a]))
    counts = DocumentTerms(documents, pd.Index(["deter", "talk"], name="term"), matrix)
    every = trend(counts, LEXICON, by="series", resamples=RESAMPLES, each_turn=True)
    # Of two turns the first; p is that of the clearest.
    table = every.drop_duplicates("series").reset_index(drop=True)
    table["turn_p"] = every.groupby("series")["turn_p"].min().to_numpy()
    turn = pd.to_datetime(pd.Series([part[3] for part in parts]), unit="D", origin=START)
    if name == "two turns":
        table.loc[table["turns"] != 2, ["turn_low", "turn_high"]] = pd.NaT
        turn = pd.Series(START + pd.Timedelta(days=DAYS / 3), table.index)
    known = table["turn_low"].notna() & turn.notna()
    held = (table["turn_low"] <= turn.dt.ceil("D")) & (turn <= table["turn_high"])
    flat = table[["slope_low", "slope_high"]].notna().all(axis=1)
    zero = (table["slope_low"] <= 0) & (table["slope_high"] >= 0)
    right = {"no": 0, "tw": 2}.get(name[:2], 1)
    return {
        "a turn at p <= .05": 100 * (table["turn_p"] <= 0.05).mean(),
        "right number": np.nan if "drift" in name else 100 * (table["turns"] == right).mean(),
        "too many": np.nan if "drift" in name else 100 * (table["turns"] > right).mean(),
        "course: drift": 100 * (table["course"] == "drift").mean(),
        "turn: interval holds it": 100 * held[known].mean() if known.any() else np.nan,
        "median days of it": (table["turn_high"] - table["turn_low"])[known].dt.days.median(),
        "slope: interval holds 0": 100 * zero[flat].mean() if name[:2] == "no" else np.nan,
    }


def shuffled_months() -> float:
    """How often news on North Korea turns, in per cent, once its months stand in a random order."""
    corpus = DocumentTerms.load(DATA / "allsides_security").where(topic="north_korea")
    lexicon, found = Lexicon.load("deterrence-dialogue"), []
    month = corpus.documents["date"].dt.to_period("M")
    own, names = pd.factorize(month, sort=True)
    starts = names.to_timestamp()
    within = (corpus.documents["date"] - month.dt.start_time).dt.days.to_numpy()
    for seed in range(SERIES):
        order = np.random.default_rng(seed).permutation(len(starts))
        # Each month's articles move together to another month, and keep their days within it.
        date = starts[order[own]] + pd.to_timedelta(np.minimum(within, 27), unit="D")
        table = trend(corpus.assign(date=date), lexicon, ("deterrence", "dialogue"),
                      resamples=RESAMPLES)  # fmt: skip
        found.append(table["turn_p"].item() <= 0.05)
    return 100 * float(np.mean(found))


def main() -> None:
    """Measure, and write the page in the docs."""
    begin = time.process_time()
    settings = [
        (name, n) for name in NEWS for n in (30, 50, 100, 300) if n != 50 or NEWS[name][0] in SPANS
    ]
    ours = {}
    for setting in settings:
        ours[setting] = measured(*setting)
        print(*setting, ours[setting], flush=True)
    rows = [{"series": name, "articles": n} for name, n in settings]
    tests = [row | trade_off(row["series"], row["articles"])
             | {"trend": ours[row["series"], row["articles"]]["a turn at p <= .05"]}
             for row in rows if row["articles"] != 50 and "early" not in row["series"]]  # fmt: skip
    table = [row | ours[row["series"], row["articles"]] for row in rows]
    korea = DocumentTerms.load(DATA / "allsides_security").where(topic="north_korea")
    own = trend(korea, Lexicon.load("deterrence-dialogue"), ("deterrence", "dialogue")).iloc[0]
    ends = {"turn": "turn", "low": "turn_low", "high": "turn_high"}
    dates = {to: f"{own[end]:%Y-%m-%d}" for to, end in ends.items()}
    text = Path(__file__).with_name("turning_page.md").read_text(encoding="utf-8")
    PAGE.write_text(
        text.format(markdown(pd.DataFrame(tests)), markdown(pd.DataFrame(table)), series=SERIES,
                    korea=f"{shuffled_months():.1f}", p=own["turn_p"], **dates,
                    seconds=f"{time.process_time() - begin:.0f}"), encoding="utf-8",
    )  # fmt: skip
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
