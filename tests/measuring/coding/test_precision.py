import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import CountsError
from analysis.measuring.coding.agreement import agreement
from analysis.measuring.coding.precision import precision, recall
from tests.measuring.coding.hand_coded import codes_of, covers_recall


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


def test_an_uncoded_sheet_has_no_precision():
    with pytest.raises(CountsError, match="no line is coded yet"):
        precision(codes_of([], []))


def test_a_table_without_its_columns_is_refused_by_name():
    codes = codes_of([True, False], [1.0, 1.0])
    for measure in (agreement, precision):
        with pytest.raises(
            CountsError, match=r"codes lack the column\(s\) line_id, code; they need"
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


def unit_codes(right_hit: int, hit: int, has: int, without: int, weight: float = 4) -> pd.DataFrame:
    """Articles with a hit, of which so many have the frame, and articles without one."""
    codes = (
        [True] * right_hit + [False] * (hit - right_hit) + [True] * has + [False] * (without - has)
    )
    table = codes_of(codes, [1.0] * hit + [weight] * without)
    return table.assign(hit=[1] * hit + [0] * without, pattern="",
                        line_id=[f"u{i}" for i in range(len(codes))])  # fmt: skip


def test_recall_weighs_what_was_missed_by_the_articles_it_stands_for():
    row = recall(unit_codes(80, 100, 5, 100)).iloc[0]
    # 80 of 100 articles with a hit; 5 of 100 without one, each of which stands for 4.
    assert (row["found"], row["missed"]) == (80, pytest.approx(20))
    assert row["recall"] == pytest.approx(0.8)
    assert row["f1"] == pytest.approx(2 * 80 / (100 + 100))
    assert row["low"] < 0.8 < row["high"] and row["f1_low"] < row["f1"] < row["f1_high"]
    ends = stats.binomtest(5, 100).proportion_ci(method="wilson")
    assert row[["missed_low", "missed_high"]].tolist() == pytest.approx(
        [400 * ends.low, 400 * ends.high]
    )
    # Hits without a frame are no part of precision's lines.
    assert precision(unit_codes(80, 100, 5, 100))["lines"][0] == 100


def test_recall_where_nothing_was_missed_or_found():
    row = recall(unit_codes(80, 100, 0, 100)).iloc[0]
    assert row["recall"] == 1 == row["high"] and 0.8 < row["low"] < 0.9
    assert recall(unit_codes(0, 20, 4, 20))["note"][0] == "no line with a hit is right"
    alone = recall(unit_codes(8, 10, 0, 0)).iloc[0]
    assert np.isnan(alone["recall"]) and alone["note"] == "no line without a hit is coded"


def test_groups_have_their_own_precision_and_recall():
    gull = unit_codes(9, 10, 1, 10).assign(outlet="Gull")
    tern = (
        unit_codes(5, 10, 3, 10).assign(outlet="Tern").assign(line_id=[f"t{i}" for i in range(20)])
    )
    both = pd.concat([gull, tern])
    table = precision(both, by="outlet")
    whole = table[table["pattern"] == ""].drop_duplicates("outlet").set_index("outlet")
    assert whole["precision"].to_dict() == {"Gull": 0.9, "Tern": 0.5}
    found = recall(both, by=["outlet"]).set_index("outlet")
    for name, alone in (("Gull", gull), ("Tern", tern)):
        assert found.loc[name, "recall"] == pytest.approx(recall(alone)["recall"][0])
    with pytest.raises(CountsError, match=r"codes lack the column\(s\) year; they need"):
        precision(both, by="year")


@pytest.mark.parametrize(("n", "p0"), [(200, 0.02), (200, 0.2), (600, 0.05)])
@pytest.mark.parametrize("true", [0.5, 0.95])
def test_intervals_of_recall_cover_what_they_promise(n: int, p0: float, true: float):
    # Three standard errors of 300 replications below 95%; the bench measures it closely.
    assert covers_recall(true, n, p0, 300) > 0.912
