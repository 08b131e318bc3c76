import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import CountsError
from analysis.measuring.coding.agreement import agreement, corrected_stance, precision
from analysis.measuring.frames.stance import stance
from tests.measuring.hand_made import counts_ab


def test_precision_has_wilson_intervals():
    row = precision(codes_of([True] * 8 + [False] * 2, [1.0] * 10)).iloc[0]
    assert (row["frame"], row["pattern"], row["lines"], row["right"]) == ("pressure", "", 10, 8)
    expected = stats.binomtest(8, 10).proportion_ci(method="wilson")  # SciPy's
    assert row["low"] == pytest.approx(expected.low)
    assert row["high"] == pytest.approx(expected.high)


def test_a_frame_weighs_its_patterns_by_their_lines():
    codes = pd.DataFrame(
        {
            "coder": "ana",
            "line_id": list("abcd"),
            "frame": "pressure",
            "pattern": ["threat*", "threat*", "sanction*", "sanction*"],
            "lines_per_row": [45, 45, 5, 5],
            "code": [True, True, False, True],
        }
    )
    table = precision(codes).set_index("pattern")
    # (45 + 45 + 5) / 100 of all hits; unweighted it would be 3 / 4.
    assert table.loc["", "precision"] == pytest.approx(0.95)
    assert table.loc["sanction*", "precision"] == 0.5


def test_alpha_is_krippendorffs():
    # Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, part A: two observers, ten
    # units of binary data; alpha = .095.
    meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    codes = pd.DataFrame(
        [(coder, f"l{i}", "pressure", "x", 1.0, bool(code))
         for coder, given in (("meg", meg), ("owen", owen)) for i, code in enumerate(given)],
        columns=["coder", "line_id", "frame", "pattern", "lines_per_row", "code"],
    )  # fmt: skip
    table = agreement(codes).set_index("frame")
    assert table.loc["pressure", "alpha"] == pytest.approx(0.095, abs=5e-4)
    assert table.loc["", "lines"] == 10
    alone = pd.concat([codes, codes.tail(1).assign(line_id="l99", code=True)])
    assert agreement(alone)["alpha"][0] == table.loc["", "alpha"]
    same = agreement(codes.assign(code=True))
    assert np.isnan(same["alpha"][0]) and same["note"][0] == "all codes are the same"
    with pytest.raises(CountsError, match="no line was coded by two coders"):
        agreement(codes[codes["coder"] == "meg"])


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
    with pytest.raises(CountsError, match="none above 0 for the frame 'parley'"):
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


def codes_of(codes: list[bool], weights: list[float], coder: str = "ana") -> pd.DataFrame:
    ids = [f"l{i:02}" for i in range(len(codes))]
    frame = pd.DataFrame({"line_id": ids, "frame": "pressure", "pattern": "threat*"})
    return frame.assign(coder=coder, lines_per_row=weights, code=codes)


coded = st.lists(st.tuples(st.booleans(), st.integers(1, 9)), min_size=1, max_size=12)


@given(coded)
def test_precision_is_wilsons_for_the_lines_that_the_sample_is_worth(rows):
    codes, weights = (np.array(column, float) for column in zip(*rows, strict=True))
    row = precision(codes_of(codes > 0, weights), level=0.9).iloc[0]
    share = (weights * codes).sum() / weights.sum()
    assert row["precision"] == pytest.approx(share)
    # Wilson's bounds are where (share - p)^2 = z^2 p (1 - p) / n; Kish's n for unequal weights.
    n, z = weights.sum() ** 2 / (weights**2).sum(), stats.norm.ppf(0.95)
    low, high = sorted(np.roots([1 + z**2 / n, -2 * share - z**2 / n, share**2]).real)
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=1e-7)
    assert 0 <= row["low"] <= share + 1e-12 and share - 1e-12 <= row["high"] <= 1


@given(coded)
def test_the_opposite_codes_give_the_opposite_precision(rows):
    codes, weights = map(list, zip(*rows, strict=True))
    there = precision(codes_of(codes, weights))
    back = precision(codes_of([not code for code in codes], [3 * w for w in weights]))
    np.testing.assert_allclose(there["precision"], 1 - back["precision"], atol=1e-12)
    np.testing.assert_allclose(there["low"], 1 - back["high"], atol=1e-12)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=12))
def test_alpha_does_not_hang_on_the_names_of_coders_or_codes(pairs):
    first, second = map(list, zip(*pairs, strict=True))
    weights = [1.0] * len(pairs)

    def alpha(one: list[bool], two: list[bool], names: str) -> float:
        sheets = [codes_of(c, weights, coder) for c, coder in zip((one, two), names, strict=True)]
        return agreement(pd.concat(sheets))["alpha"][0]

    expected = alpha(first, second, "ab")
    flipped = [[not code for code in codes] for codes in (first, second)]
    for value in (alpha(first, second, "zb"), alpha(second, first, "ab"), alpha(*flipped, "ab")):
        assert value == pytest.approx(expected, nan_ok=True)
    if np.isnan(expected):
        assert len({*first, *second}) == 1
    else:
        assert expected <= 1
        assert (expected == pytest.approx(1)) == (first == second)


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


def test_an_uncoded_sheet_has_no_precision():
    with pytest.raises(CountsError, match="no line is coded yet"):
        precision(codes_of([], []))


ONE, NOUGHT = [1, 1.0, True, "1", "1.0", "true", np.int8(1)], [0, 0.0, False, "0", "0.0", "False"]


@pytest.mark.parametrize("seed", range(6))
def test_codes_of_any_type_are_the_same_code(seed: int):
    random = np.random.default_rng(seed)
    mine = [ONE[i] for i in random.integers(0, len(ONE), 3)]
    mine += [NOUGHT[i] for i in random.integers(0, len(NOUGHT), 3)]
    codes = pd.DataFrame({"coder": ["ada"] * 6 + ["ben"] * 6, "line_id": list("abcdef") * 2,
                          "frame": "talk", "code": [*mine, 1, 1, 1, 0, 0, 0]})  # fmt: skip
    assert agreement(codes)["alpha"].tolist() == [1, 1]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, ""])
def test_a_line_without_a_code_is_not_coded(missing: object):
    codes = pd.DataFrame({"coder": ["ada"] * 4 + ["ben"] * 4, "line_id": list("abcd") * 2,
                          "frame": "talk", "code": [1, 1, 0, 0, 1, 1, 0, missing]})  # fmt: skip
    table = agreement(codes)
    assert table[["lines", "alpha"]].to_numpy().tolist() == [[3, 1], [3, 1]]


def test_a_table_without_its_columns_is_refused_by_name():
    codes = codes_of([True, False], [1.0, 1.0])
    for measure in (agreement, precision):
        with pytest.raises(
            CountsError, match=r"codes lack the column\(s\) line_id, code; needed are"
        ):
            measure(codes.drop(columns=["line_id", "code"]))
        with pytest.raises(CountsError, match="codes: list is not a table"):
            measure([1, 0])


@pytest.mark.parametrize(
    "given",
    [["1", "1", "0"], ["yes", "Y", "no"], [1.0, 1, 0], ["pressure", "Pressure", "0"],
     [True, "true", "FALSE"]],
)  # fmt: skip
def test_precision_takes_codes_as_sheets_have_them(given: list):
    codes = codes_of([True] * 3, [1.0] * 3).assign(code=pd.Series(given, dtype=object))
    assert precision(codes)["precision"][0] == pytest.approx(2 / 3)
    unsure = pd.concat([codes, codes.tail(1).assign(line_id="l9", code="can\u2019t tell")])
    assert precision(unsure)["lines"][0] == 3


def test_an_unknown_code_is_refused_with_its_row():
    codes = codes_of([True] * 3, [1.0] * 3).assign(code=["1", "maybe", "0"])
    with pytest.raises(CountsError, match="codes, row 1: code 'maybe' is not 1, 0, yes, no"):
        precision(codes)
