import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.errors import CountsError
from analysis.measuring.coding.correction import (
    corrected_difference,
    corrected_prevalence,
    corrected_stance,
)
from analysis.measuring.coding.precision import precision, recall
from analysis.measuring.coding.sheet_files import read_coding_sheet, write_coding_sheet
from analysis.measuring.frames.stance import stance
from tests.measuring.coding.hand_coded import (
    coded_news,
    codes_of,
    covers_nought,
    covers_prevalence,
)
from tests.measuring.hand_made import counts_ab


def precisions(right: dict[str, int], lines: int) -> pd.DataFrame:
    """A table as `precision` gives it, with SciPy's Wilson intervals."""
    rows = []
    for frame, n in right.items():
        ends = stats.binomtest(n, lines).proportion_ci(method="wilson")
        rows.append((frame, "", lines, n, n / lines, ends.low, ends.high))
    names = ["frame", "pattern", "lines", "right", "precision", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def test_scores_are_corrected_by_precision():
    counts = counts_ab([30, 50, 40], [20, 10, 30])
    scores = stance(counts, "by-hand", ("pressure", "parley"))
    found = precisions({"pressure": 90, "parley": 60}, 100)
    row = corrected_stance(scores, found, ("pressure", "parley")).iloc[0]
    # 120 hits at .9 against 60 at .6, each with half a hit as in the score: 108.45 to 36.3.
    assert row["share_corrected"] == pytest.approx(108.45 / (108.45 + 36.3))
    # The distances of each of the three to its own bound, in the direction that counts (MOVER).
    a, b = found.to_dict("records")
    up = [row["log_odds_high"] - row["log_odds"], np.log(a["high"] / 0.9), np.log(0.6 / b["low"])]
    down = [row["log_odds"] - row["log_odds_low"], np.log(0.9 / a["low"]), np.log(b["high"] / 0.6)]
    corrected = row["log_odds_corrected"]
    assert row["log_odds_corrected_high"] - corrected == pytest.approx(np.linalg.norm(up))
    assert corrected - row["log_odds_corrected_low"] == pytest.approx(np.linalg.norm(down))
    with pytest.raises(CountsError, match="the frame 'parley' has no precision above 0"):
        corrected_stance(scores, found.iloc[:1], ("pressure", "parley"))
    with pytest.raises(CountsError, match="contrast=None: it must be the two frames"):
        corrected_stance(scores, found, None)


def test_corrected_scores_know_that_few_lines_were_coded():
    scores = stance(counts_ab([30, 50, 40], [20, 10, 30]), "by-hand", ("pressure", "parley"))
    tables = [
        pd.concat([codes_of(codes, weights), codes_of(codes, weights).assign(frame="parley")])
        for codes, weights in (([True, False] * 20, [1.0] * 40),
                               ([True, False] * 20, [1.0, 1.0] + [0.01] * 38))
    ]  # fmt: skip
    even, uneven = (
        corrected_stance(scores, precision(codes.assign(line_id=range(80))), ("pressure", "parley"))
        for codes in tables
    )
    # Two of the forty lines of the second sheet stand for nearly all hits.
    assert uneven["share_corrected_low"][0] < even["share_corrected_low"][0]
    # Right in 5 of 5 lines may still be wrong in many others; the score does not move.
    scarce = precisions({"pressure": 5, "parley": 5}, 5)
    row = corrected_stance(scores, scarce, ("pressure", "parley")).iloc[0]
    assert row["log_odds_corrected"] == pytest.approx(row["log_odds"])
    assert row["log_odds_corrected_low"] < row["log_odds_low"] - 0.05


def test_perfect_precision_corrects_nothing():
    scores = stance(counts_ab([3, 5, 4], [2, 1, 3]), "by-hand", ("pressure", "parley"))
    found = precisions({"pressure": 50, "parley": 50}, 50).assign(low=1.0)
    row = corrected_stance(scores, found, ("pressure", "parley")).iloc[0]
    for end in ("", "_low", "_high"):
        assert row[f"log_odds_corrected{end}"] == pytest.approx(row[f"log_odds{end}"])
    # Where both frames lose as much, the score stays and only its interval grows.
    half = precisions({"pressure": 25, "parley": 25}, 50)
    half = corrected_stance(scores, half, ("pressure", "parley")).iloc[0]
    assert half["log_odds_corrected"] == pytest.approx(row["log_odds"])
    assert half["log_odds_corrected_low"] < row["log_odds_low"]
    assert half["share_corrected_high"] == pytest.approx(
        1 / (1 + np.exp(-half["log_odds_corrected_high"]))
    )


@pytest.mark.parametrize("wrong", [{"Gull": 0.45, "Tern": 0.05}, {"Gull": 0.2, "Tern": 0.2}])
def test_a_true_difference_of_nought_is_covered(wrong: dict[str, float]):
    scores, codes = coded_news(wrong, 120)
    # Three standard errors of 120 replications below 95%; the bench has many more.
    assert covers_nought(scores, precision(codes, by=["run", "outlet"])) > 0.89
    some = scores["run"] < 30
    together = covers_nought(scores[some], precision(codes, by="run"))
    assert (together < 0.2) == (wrong["Gull"] != wrong["Tern"])


def by_outlet(**right: tuple[int, int]) -> pd.DataFrame:
    """A table of precisions by outlet: right lines of coded ones, the same for both frames."""
    parts = [precisions({"pressure": n, "parley": n}, of).assign(outlet=outlet)
             for outlet, (n, of) in right.items()]  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    return table[["outlet", *table.columns.drop("outlet")]]


def scores_of(*outlets: str) -> pd.DataFrame:
    table = stance(counts_ab([30, 50, 40], [20, 10, 30]), "by-hand", ("pressure", "parley"))
    return pd.concat([table] * len(outlets), ignore_index=True).assign(outlet=list(outlets))


def test_a_group_without_codes_is_not_corrected_and_says_so():
    found = by_outlet(Gull=(9, 10))
    table = corrected_stance(scores_of("Gull", "Tern"), found, ("pressure", "parley"))
    assert table["log_odds_corrected"].isna().tolist() == [False, True]
    assert table["note"].tolist()[0] == ""
    assert table["note"].tolist()[1].startswith("not corrected: no precision of pressure is coded")
    with pytest.raises(CountsError, match="precisions are by outlet; the scores have no column"):
        corrected_stance(scores_of("Gull").drop(columns="outlet"), found, ("pressure", "parley"))


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
@pytest.mark.parametrize(
    "groups",
    [pd.to_datetime(["2021-03-14", "2021-03-15"]), [None, "p"], [1.0, 2.5], [True, False], [1, 2]],
    ids=["dates", "missing", "floats", "truths", "whole"],
)
def test_groups_are_found_again_in_a_sheet_that_was_saved(groups, name: str, tmp_path):
    scores = scores_of("Gull", "Tern").assign(deck=groups)
    lines = pd.concat([scores[["deck"]]] * 20, ignore_index=True)
    lines = lines.assign(line_id=range(40), frame=["pressure"] * 20 + ["parley"] * 20, pattern="p",
                         lines_per_row=1, code=[1] * 10 + [0, 1] * 5 + [1] * 20)  # fmt: skip
    codes = read_coding_sheet(write_coding_sheet(lines, tmp_path / name))
    # Pressure: all of the first group's lines are right, and half of the second's.
    table = corrected_stance(scores, precision(codes, by="deck"), ("pressure", "parley"))
    assert table["note"].tolist() == ["", ""]
    assert (table["log_odds_corrected"] < table["log_odds"]).tolist() == [True, True]


def test_groups_with_few_codes_are_shrunk_as_stated():
    found = by_outlet(Gull=(90, 100), Tern=(1, 4))
    found.loc[found["frame"] == "parley", ["precision", "low", "high"]] = 1.0
    table = corrected_stance(scores_of("Gull", "Tern"), found, ("pressure", "parley"))
    together = (90 + 1) / 104
    for row, (p, n) in zip(table.itertuples(), [(0.9, 100), (0.25, 4)], strict=True):
        shrunk = (n * p + 2 * together) / (n + 2)
        assert row.log_odds_corrected == pytest.approx(row.log_odds + np.log(shrunk))


def test_recall_corrects_the_other_way():
    found = precisions({"pressure": 80, "parley": 80}, 100)
    recalls = found.rename(columns={"precision": "recall"}).drop(columns="pattern")
    recalls.loc[0, ["recall", "low", "high"]] = [0.5, 0.4, 0.6]
    scores = scores_of("Gull")
    row = corrected_stance(scores, found, ("pressure", "parley"), recalls).iloc[0]
    # Of pressure a half was found, of parley .8: the odds grow by 1.6.
    assert row["log_odds_corrected"] == pytest.approx(row["log_odds"] + np.log(1.6))
    plain = corrected_stance(scores, found, ("pressure", "parley")).iloc[0]
    widths = [r["log_odds_corrected_high"] - r["log_odds_corrected_low"] for r in (row, plain)]
    assert widths[0] > widths[1]


def test_a_difference_needs_two_rows():
    table = corrected_stance(
        scores_of("Gull", "Tern", "Tern"),
        precisions({"pressure": 9, "parley": 9}, 10),
        ("pressure", "parley"),
    )
    with pytest.raises(CountsError, match=r"second={'outlet': 'Tern'}: 2 rows match, not one"):
        corrected_difference(table, {"outlet": "Gull"}, {"outlet": "Tern"})


def prevalences(outlets: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """A table as `prevalence` gives it: articles hit, of how many, with SciPy's intervals."""
    rows = []
    for outlet, (n, articles) in outlets.items():
        ends = stats.binomtest(n, articles).proportion_ci(method="wilson")
        rows.append((outlet, "pressure", n / articles, ends.low, ends.high))
    names = ["outlet", "frame", "prevalence", "prevalence_low", "prevalence_high"]
    return pd.DataFrame(rows, columns=names).assign(rate=2.0, rate_low=1.0, rate_high=4.0)


def test_prevalence_is_corrected_by_precision_and_recall():
    table = prevalences({"Gull": (60, 100)})
    right = precisions({"pressure": 75}, 100)
    found = right.rename(columns={"precision": "recall"}).drop(columns="pattern")
    row = corrected_prevalence(table, right, found).iloc[0]
    # As many are found wrongly as are missed, so that only the interval grows.
    assert row["prevalence_corrected"] == pytest.approx(0.6)
    down = [np.log(0.6 / row["prevalence_low"]), np.log(0.75 / right["low"][0]),
            np.log(right["high"][0] / 0.75)]  # fmt: skip
    assert np.log(0.6 / row["prevalence_corrected_low"]) == pytest.approx(np.linalg.norm(down))
    row = corrected_prevalence(table, right).iloc[0]
    assert (row["prevalence_corrected"], row["rate_corrected"]) == pytest.approx((0.45, 1.5))
    up = [np.log(2), np.log(right["high"][0] / 0.75)]
    assert row["rate_corrected_high"] == pytest.approx(1.5 * np.exp(np.linalg.norm(up)))


def test_precision_and_recall_of_the_same_codes_count_each_error_once():
    """60 of 200 articles have a hit; of 100 coded with one 80, and of 100 without 10, are right."""
    parts = {1: (80, 60), 0: (10, 140)}
    codes = pd.concat([
        codes_of([i < right for i in range(100)], [size / 100] * 100)
        .assign(hit=hit, line_id=[f"{hit}-{i}" for i in range(100)])
        for hit, (right, size) in parts.items()
    ])  # fmt: skip
    row = corrected_prevalence(
        prevalences({"Gull": (60, 200)}), precision(codes), recall(codes)
    ).iloc[0]  # fmt: skip
    # .3 of the articles times .8, and .7 times .1.
    assert row["prevalence_corrected"] == pytest.approx(0.31)
    p, right, missed = (
        stats.binomtest(k, n).proportion_ci(method="wilson")
        for k, n in ((60, 200), (80, 100), (10, 100))
    )
    factor = 0.31 / 0.3
    low = factor - np.hypot(0.8 - right.low, 0.7 / 0.3 * (0.1 - missed.low))
    # One article more with a hit is one less without: .8 - .1 of an article.
    down = np.hypot(0.7 / factor * np.log(0.3 / p.low), np.log(factor / low))
    assert np.log(0.31 / row["prevalence_corrected_low"]) == pytest.approx(down)
    # In a contrast nothing of it is left where both frames have the same codes, but the interval.
    scores = stance(counts_ab([30, 50, 40], [20, 10, 30]), "by-hand", ("pressure", "parley"))
    both = pd.concat([codes, codes.assign(frame="parley")])
    stanced = corrected_stance(scores, precision(both), ("pressure", "parley"), recall(both)).iloc[
        0
    ]
    assert stanced["log_odds_corrected"] == pytest.approx(stanced["log_odds"])
    high = factor + np.hypot(right.high - 0.8, 0.7 / 0.3 * (missed.high - 0.1))
    down = np.linalg.norm([stanced["log_odds"] - stanced["log_odds_low"], np.log(factor / low),
                           np.log(high / factor)])  # fmt: skip
    assert stanced["log_odds"] - stanced["log_odds_corrected_low"] == pytest.approx(down)


def test_what_is_missed_is_part_of_the_interval_of_prevalence():
    held, nought = covers_prevalence({"Gull": 0.55, "Tern": 0.95}, 0.8, 0.3, 60)
    # Of 120 and 60 intervals that hold in 95 of 100, 88% or fewer come up once in some hundred, and
    # all of 120 twice in a thousand.
    assert 0.88 < held < 1 and nought > 0.85


def test_a_corrected_prevalence_stays_a_share():
    table = prevalences({"Gull": (0, 50), "Tern": (50, 50)})
    right = precisions({"pressure": 45}, 50)
    low_recall = precisions({"pressure": 10}, 50).rename(columns={"precision": "recall"})
    none, all_of_them = corrected_prevalence(table, right, low_recall).to_dict("records")
    assert none["prevalence_corrected"] == none["prevalence_corrected_low"] == 0
    # SciPy's upper end for 0 of 50, as often right and found.
    assert none["prevalence_corrected_high"] == pytest.approx(table["prevalence_high"][0] * 4.5)
    assert all_of_them["prevalence_corrected"] == all_of_them["prevalence_corrected_high"] == 1


def test_prevalences_are_corrected_group_by_group():
    table = prevalences({"Gull": (80, 100), "Tern": (50, 100), "Wren": (9, 10)})
    coded = pd.concat(
        [precisions({"pressure": n}, 100).assign(outlet=outlet)
         for outlet, n in (("Gull", 50), ("Tern", 80))]
    )  # fmt: skip
    found = corrected_prevalence(table, coded[["outlet", *coded.columns[:-1]]])
    # Two lines of all together (.65) are added to the hundred of each.
    assert found["prevalence_corrected"][:2].tolist() == pytest.approx(
        [0.8 * 51.3 / 102, 0.5 * 81.3 / 102]
    )
    assert np.isnan(found["prevalence_corrected"][2])
    assert found["note"][2] == "not corrected: no precision of pressure is coded in this group"
    row = corrected_difference(found, {"outlet": "Gull"}, {"outlet": "Tern"})
    assert row["low"] < 0 < row["high"]
    assert row["difference"] == pytest.approx(0.8 * 51.3 / 102 - 0.5 * 81.3 / 102)
    with pytest.raises(CountsError, match="the frame 'pressure' has no precision above 0"):
        corrected_prevalence(table, precisions({"parley": 5}, 10))
    with pytest.raises(CountsError, match="scores lack the column"):
        corrected_prevalence(table.drop(columns="rate"), coded)


def test_intervals_of_corrected_prevalence_hold():
    rng = np.random.default_rng(3)
    runs, truth, p = 300, 0.4, 0.7
    hit, right = rng.binomial(150, truth / p, runs), rng.binomial(80, p, runs)
    table = prevalences({str(run): (n, 150) for run, n in enumerate(hit)})
    coded = pd.concat(
        [precisions({"pressure": n}, 80).assign(outlet=str(run)) for run, n in enumerate(right)]
    )
    held = []
    for run, of_run in coded.groupby("outlet"):
        row = corrected_prevalence(table[table["outlet"] == run], of_run.drop(columns="outlet"))
        held.append(row["prevalence_corrected_low"].iloc[0] <= truth
                    <= row["prevalence_corrected_high"].iloc[0])  # fmt: skip
    assert 0.92 <= np.mean(held) <= 0.98


def sheet(right: dict[str, int]) -> pd.DataFrame:
    """Codes of 40 lines with and 40 without a hit for each outlet, 4 of these of the frame."""
    parts = []
    for outlet, n in right.items():
        for hit, k in ((1, n), (0, 4)):
            lines = codes_of([i < k for i in range(40)], [1.0] * 40)
            parts.append(lines.assign(outlet=outlet, hit=hit, line_id=f"{outlet}{hit}-" +
                                      lines["line_id"]))  # fmt: skip
    return pd.concat(parts)


def test_a_group_without_a_right_hit_is_not_corrected_and_harms_no_other():
    codes, both = sheet({"A": 30, "B": 30, "C": 0}), sheet({"A": 30, "B": 30})
    scores = prevalences({"A": (60, 200), "B": (60, 200), "C": (60, 200)})
    found = corrected_prevalence(
        scores, precision(codes, by="outlet"), recall(codes, by="outlet")
    ).set_index("outlet")
    assert np.isfinite(found.loc[["A", "B"], "prevalence_corrected"]).all()
    assert np.isnan(found.loc["C", "prevalence_corrected"])
    assert "not corrected" in found.loc["C", "note"]
    # What is found and missed by A and B alone.
    alone = corrected_prevalence(
        scores.head(2), precision(both, by="outlet"), recall(both, by="outlet")
    )  # fmt: skip
    assert found["prevalence_corrected"].iloc[0] < alone["prevalence_corrected"].iloc[0]
    none = sheet({"C": 0})
    with pytest.raises(CountsError, match="has no"):
        corrected_prevalence(scores.tail(1), precision(none), recall(none))


def test_groups_with_names_like_codes_stay_apart():
    scores = prevalences({"01": (50, 100), "1": (50, 100), "NO": (50, 100), "N": (50, 100)})
    coded = pd.concat([
        precisions({"pressure": n}, 100).assign(outlet=name)
        for name, n in {"01": 90, "1": 20, "NO": 80, "N": 40}.items()
    ])  # fmt: skip
    columns = ["outlet", *(c for c in coded if c != "outlet")]
    found = corrected_prevalence(scores, coded[columns])["prevalence_corrected"]
    # Shrunk by two lines towards .575, the precision of all.
    expected = [0.5 * (n + 2 * 0.575) / 102 for n in (90, 20, 80, 40)]
    assert found.tolist() == pytest.approx(expected)
    twice = pd.concat([coded[columns], coded[columns].head(1)])
    with pytest.raises(CountsError, match="'01' of 'pressure' is there twice"):
        corrected_prevalence(scores, twice)
