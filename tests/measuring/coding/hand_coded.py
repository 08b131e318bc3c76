"""Codes as read_coding_sheet gives them, made by hand."""

import numpy as np
import pandas as pd

from analysis.measuring.coding.correction import (
    corrected_difference,
    corrected_prevalence,
    corrected_stance,
)
from analysis.measuring.coding.precision import precision, recall
from analysis.measuring.intervals import bounds, jackknife_log_odds, wilson


def codes_of(codes: list[bool], weights: list[float], coder: str = "ana") -> pd.DataFrame:
    ids = [f"l{i:02}" for i in range(len(codes))]
    frame = pd.DataFrame({"line_id": ids, "frame": "pressure", "pattern": "threat*"})
    return frame.assign(coder=coder, lines_per_row=weights, code=codes)


FRAMES = ("pressure", "parley")


def coded_news(wrong: dict[str, float], runs: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores and codes of outlets, run by run: hits of threat* are right, those of strike* not.

    400 articles an outlet; the true share is one half in all; `wrong` of an outlet's hits of
    pressure speak of pay. A hundred lines an outlet are coded, half of each frame, without error.
    """
    rng = np.random.default_rng(11)
    scores, codes = [], []
    for outlet, share in wrong.items():
        threat, talks = rng.poisson(rng.gamma(1.0, 1.0, (2, runs, 400)))
        strike = rng.poisson(rng.gamma(1.0, share / (1 - share), (runs, 400)))
        hits, group = (threat + strike).ravel().astype(float), np.repeat(np.arange(runs), 400)
        found = jackknife_log_odds(hits, talks.ravel().astype(float), group, np.full(runs, 400))
        low, high = bounds(found)
        scores.append(pd.DataFrame({"run": range(runs), "outlet": outlet, "log_odds": found.value,
                                    "log_odds_low": low, "log_odds_high": high}))  # fmt: skip
        right = rng.hypergeometric(threat.sum(axis=1), strike.sum(axis=1), 50)
        given = np.hstack([np.arange(50) < right[:, None], np.ones((runs, 50), bool)])
        lines = codes_of(given.ravel().tolist(), [1.0] * given.size)
        frames = np.tile(np.repeat(FRAMES, 50), runs)
        codes.append(lines.assign(run=np.repeat(range(runs), 100), outlet=outlet, frame=frames,
                                  line_id=outlet + lines["line_id"]))  # fmt: skip
    return pd.concat(scores), pd.concat(codes)


def covers_nought(scores: pd.DataFrame, precisions: pd.DataFrame) -> float:
    """How many of the runs have an interval of the difference that holds 0."""
    found = []
    for run, of_run in scores.groupby("run"):
        mine = precisions[precisions["run"] == run].drop(columns="run")
        table = corrected_stance(of_run, mine, FRAMES)
        row = corrected_difference(table, {"outlet": "Gull"}, {"outlet": "Tern"})
        found.append(row["low"] <= 0 <= row["high"])
    return float(np.mean(found))


def covers_recall(true: float, n: int, p0: float, runs: int) -> float:
    """How many of the runs have an interval that holds the true recall.

    Half of the n coded articles have a hit, .8 of them rightly; p0 of those without have the frame,
    and there are as many of them as make recall true.
    """
    rng = np.random.default_rng(7)
    weight, half = (0.8 / true - 0.8) / p0, n // 2
    has = rng.random((runs, n)) < np.repeat([0.8, p0], half)
    codes = codes_of(has.ravel().tolist(), np.tile(np.repeat([1.0, weight], half), runs).tolist())
    codes = codes.assign(run=np.repeat(range(runs), n), hit=np.tile(np.repeat([1, 0], half), runs))
    table = recall(codes, by="run")
    return float(((table["low"] <= true) & (true <= table["high"])).mean())


def covers_prevalence(
    right: dict[str, float], found: float, true: float, runs: int
) -> tuple[float, float]:
    """How many of the runs have an interval that holds the true prevalence, and a difference of 0.

    200 articles an outlet, of which `true` have the frame and `found` of these a hit; `right` of
    the hits are of the frame. Of each outlet 100 articles with a hit and, where some are missed,
    100 without one are coded, without error.
    """
    rng, n, coded = np.random.default_rng(5), 200, 100
    held, nought = [], []
    for _ in range(runs):
        scores, codes = [], []
        for outlet, share in right.items():
            hit = true * found / share
            k, missed = rng.binomial(n, hit), true * (1 - found) / (1 - hit)
            low, high = wilson(np.array([float(k)]), np.array([float(n)]), 0.95)
            scores.append((outlet, "pressure", k / n, low[0], high[0], 1.0, 1.0, 1.0))
            for has, p, size in ((1, share, k), (0, missed, n - k))[: 1 if found == 1 else 2]:
                given = (rng.random(coded) < p).tolist()
                lines = codes_of(given, [size / coded] * coded)
                codes.append(lines.assign(outlet=outlet, hit=has,
                                          line_id=f"{outlet}{has}" + lines["line_id"]))  # fmt: skip
        names = ["outlet", "frame", *(f"{kind}{end}" for kind in ("prevalence", "rate")
                                      for end in ("", "_low", "_high"))]  # fmt: skip
        sheet = pd.concat(codes)
        recalls = None if found == 1 else recall(sheet, by="outlet")
        table = corrected_prevalence(
            pd.DataFrame(scores, columns=names), precision(sheet, by="outlet"), recalls
        )
        ends = table["prevalence_corrected_low"], table["prevalence_corrected_high"]
        held += ((ends[0] <= true) & (true <= ends[1])).tolist()
        rows = [{"outlet": outlet, "frame": "pressure"} for outlet in right]
        row = corrected_difference(table, *rows)
        nought.append(row["low"] <= 0 <= row["high"])
    return float(np.mean(held)), float(np.mean(nought))
