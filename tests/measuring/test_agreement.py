from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.counting.lexicon import Lexicon
from analysis.errors import CountsError
from analysis.measuring.agreement import (
    agreement,
    coding_sheet,
    corrected_stance,
    precision,
    read_coding_sheet,
)
from analysis.measuring.stance import stance
from analysis.showing.kwic import kwic

from .hand_made import counts_ab


@pytest.fixture
def lines() -> pd.DataFrame:
    n = 120
    return pd.DataFrame(
        {
            "doc_id": [f"d{i // 4}" for i in range(n)],
            "start": [10 * i for i in range(n)],
            "frame": ["pressure"] * 100 + ["parley"] * 20,
            "pattern": ["threat*"] * 90 + ["sanction*"] * 10 + ["talks"] * 20,
            "left": "said that", "keyword": "threats", "right": "were made",
            "outlet": "Gazette",
        }
    )  # fmt: skip


def test_strata_give_equal_numbers_as_far_as_they_have_them(lines: pd.DataFrame):
    sheet = coding_sheet(lines, n=60, by=["frame", "pattern"])
    drawn = sheet["pattern"].value_counts()
    # 20 each; the 10 that sanction* lacks go to threat*, as talks has no more than 20.
    assert drawn.to_dict() == {"threat*": 30, "talks": 20, "sanction*": 10}
    assert sheet.groupby("pattern")["lines_per_row"].sum().to_dict() == {
        "threat*": 90, "talks": 20, "sanction*": 10
    }  # fmt: skip
    assert sheet["line_id"].is_unique
    assert (sheet["code"] == "").all()
    assert "outlet" not in sheet


def test_the_same_lines_give_the_same_sheet_in_any_order(lines: pd.DataFrame):
    sheet = coding_sheet(lines, n=30)
    assert sheet["frame"].value_counts().to_dict() == {"pressure": 15, "parley": 15}
    shuffled = lines.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(coding_sheet(shuffled, n=30), sheet)
    assert coding_sheet(lines, n=30, seed=1)["line_id"].tolist() != sheet["line_id"].tolist()
    assert len(coding_sheet(lines, n=500)) == 120


def test_a_sheet_is_drawn_from_keywords_in_context(articles: pd.DataFrame):
    lexicon = Lexicon.from_dict({"pressure": ["sanction*", "threat"], "parley": ["talks"]})
    lines = kwic(articles, lexicon)
    sheet = coding_sheet(lines, n=4, by="frame")
    assert sheet["frame"].value_counts().to_dict() == {"parley": 2, "pressure": 2}
    assert set(sheet["keyword"]) <= set(lines["keyword"])


def write(path: Path, codes: list[str], pattern: str = "threat*") -> Path:
    rows = {"line_id": [f"l{i}" for i in range(len(codes))], "frame": "pressure"}
    pd.DataFrame(rows | {"pattern": pattern, "code": codes}).to_csv(path, index=False)
    return path


def test_sheets_are_read_back_with_their_coders(tmp_path: Path):
    codes = read_coding_sheet(
        [write(tmp_path / "ana.csv", ["1", "0", "", "yes"]),
         write(tmp_path / "ben.csv", ["1", "No", "1", ""])]
    )  # fmt: skip
    assert codes.groupby("coder")["code"].apply(list).to_dict() == {
        "ana": [True, False, True], "ben": [True, False, True]
    }  # fmt: skip
    assert codes["line_id"].tolist() == ["l0", "l1", "l3", "l0", "l1", "l2"]
    with pytest.raises(CountsError, match="row 3: code 'maybe' is none of 1, 0 and empty"):
        read_coding_sheet(write(tmp_path / "c.csv", ["1", "maybe"]))
    pd.DataFrame({"line_id": ["a"], "code": ["1"]}).to_csv(tmp_path / "d.csv", index=False)
    with pytest.raises(CountsError, match=r"d\.csv: no column frame, pattern"):
        read_coding_sheet(tmp_path / "d.csv")


def test_precision_has_wilson_intervals(tmp_path: Path):
    codes = read_coding_sheet(write(tmp_path / "ana.csv", ["1"] * 8 + ["0"] * 2))
    row = precision(codes).iloc[0]
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


def test_scores_are_corrected_by_precision():
    counts = counts_ab([30, 50, 40], [20, 10, 30])
    scores = stance(counts, "by-hand", ("pressure", "parley"))
    found = pd.DataFrame(
        {"frame": ["pressure", "parley"], "pattern": "", "lines": [100, 50],
         "precision": [0.9, 0.6]}
    )  # fmt: skip
    row = corrected_stance(scores, found, ("pressure", "parley")).iloc[0]
    # 120 hits at .9 against 60 at .6, each with half a hit as in the score: 108.45 to 36.3.
    assert row["share_corrected"] == pytest.approx(108.45 / (108.45 + 36.3))
    sd = np.sqrt(0.1 / 90 + 0.4 / 30)
    half = np.hypot(row["log_odds_high"] - row["log_odds"], 1.959964 * sd)
    assert row["log_odds_corrected_high"] - row["log_odds_corrected"] == pytest.approx(half)
    with pytest.raises(CountsError, match="none above 0 for the frame 'parley'"):
        corrected_stance(scores, found.iloc[:1], ("pressure", "parley"))


def lines_of(sizes: list[int]) -> pd.DataFrame:
    """Lines of as many patterns as there are sizes."""
    patterns = [f"p{k}" for k, size in enumerate(sizes) for _ in range(size)]
    frame = pd.DataFrame({"pattern": patterns, "frame": "pressure", "keyword": "threat"})
    return frame.assign(doc_id="d", start=range(len(frame)), left="", right="")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=5), st.integers(1, 40))
def test_every_stratum_has_its_fair_part_of_the_sheet(sizes, n):
    sheet = coding_sheet(lines_of(sizes), n=n, by="pattern")
    assert len(sheet) == min(n, sum(sizes))
    drawn = sheet["pattern"].value_counts().reindex(f"p{k}" for k in range(len(sizes))).fillna(0)
    # No stratum has two lines more than one that still has some left.
    spare = drawn.to_numpy() < sizes
    assert drawn.max() - drawn[spare].min() <= 1 if spare.any() else True
    stand_for = sheet.groupby("pattern")["lines_per_row"].sum()
    assert stand_for.to_dict() == pytest.approx(
        {f"p{k}": size for k, size in enumerate(sizes) if drawn.iloc[k]}
    )


def test_a_category_without_lines_changes_no_sheet(lines: pd.DataFrame):
    names = pd.CategoricalDtype(["parley", "peace", "pressure"])
    typed = lines.assign(frame=lines["frame"].astype(names))
    pd.testing.assert_frame_equal(
        coding_sheet(typed, n=30).astype({"frame": "str"}), coding_sheet(lines, n=30)
    )


def test_a_sheet_that_can_not_be_drawn_says_what_is_missing(lines: pd.DataFrame):
    for name in ("doc_id", "start", "frame", "pattern", "left", "keyword", "right"):
        with pytest.raises(CountsError, match=rf"lack the column\(s\) {name};"):
            coding_sheet(lines.drop(columns=name))
    with pytest.raises(CountsError, match=r"lack the column\(s\) voice;"):
        coding_sheet(lines, by="voice")
    with pytest.raises(CountsError, match="n=0: a sheet has at least one line"):
        coding_sheet(lines, n=0)
    with pytest.raises(CountsError, match="nothing to code"):
        coding_sheet(lines.iloc[:0])


def codes_of(codes: list[bool], weights: list[float], coder: str = "ana") -> pd.DataFrame:
    ids = [f"l{i:02}" for i in range(len(codes))]
    frame = pd.DataFrame({"line_id": ids, "frame": "pressure", "pattern": "threat*"})
    return frame.assign(coder=coder, lines_per_row=weights, code=codes)


coded = st.lists(st.tuples(st.booleans(), st.integers(1, 9)), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
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


@settings(max_examples=25, deadline=None)
@given(coded)
def test_the_opposite_codes_give_the_opposite_precision(rows):
    codes, weights = map(list, zip(*rows, strict=True))
    there = precision(codes_of(codes, weights))
    back = precision(codes_of([not code for code in codes], [3 * w for w in weights]))
    np.testing.assert_allclose(there["precision"], 1 - back["precision"], atol=1e-12)
    np.testing.assert_allclose(there["low"], 1 - back["high"], atol=1e-12)


@settings(max_examples=25, deadline=None)
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
    found = pd.DataFrame(
        {"frame": ["pressure", "parley"], "pattern": "", "lines": 50, "precision": 1.0}
    )
    row = corrected_stance(scores, found, ("pressure", "parley")).iloc[0]
    for end in ("", "_low", "_high"):
        assert row[f"log_odds_corrected{end}"] == pytest.approx(row[f"log_odds{end}"])
    # Where both frames lose as much, the score stays and only its interval grows.
    half = corrected_stance(scores, found.assign(precision=0.5), ("pressure", "parley")).iloc[0]
    assert half["log_odds_corrected"] == pytest.approx(row["log_odds"])
    assert half["log_odds_corrected_low"] < row["log_odds_low"]
    assert half["share_corrected_high"] == pytest.approx(
        1 / (1 + np.exp(-half["log_odds_corrected_high"]))
    )


def test_a_line_coded_twice_by_one_coder_is_named(tmp_path: Path):
    path = write(tmp_path / "ana.csv", ["1", "0"])
    twice = pd.read_csv(path, dtype=str)
    pd.concat([twice, twice.tail(1)]).to_csv(path, index=False)
    with pytest.raises(CountsError, match=r"ana\.csv, row 4: code '0' is of a line coded twice"):
        read_coding_sheet(path)
