import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score

from analysis.errors import CountsError
from analysis.measuring.coding.agreement import agreement, confusions
from tests.measuring.coding.hand_coded import codes_of


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


ONE, NOUGHT = [1, 1.0, True, "1", "1.0", "true", np.int8(1)], [0, 0.0, False, "0", "0.0", "False"]


@pytest.mark.parametrize("seed", range(6))
def test_codes_of_any_type_are_the_same_code(seed: int):
    random = np.random.default_rng(seed)
    mine = [ONE[i] for i in random.integers(0, len(ONE), 3)]
    mine += [NOUGHT[i] for i in random.integers(0, len(NOUGHT), 3)]
    codes = pd.DataFrame({"coder": ["ada"] * 6 + ["ben"] * 6, "line_id": list("abcdef") * 2,
                          "frame": "talk", "code": [*mine, 1, 1, 1, 0, 0, 0]})  # fmt: skip
    assert agreement(codes)["alpha"].tolist() == [1, 1]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, "", "nan", "<NA>", "NA", "n/a", "-"])
def test_a_line_without_a_code_is_not_coded(missing: object):
    codes = pd.DataFrame({"coder": ["ada"] * 4 + ["ben"] * 4, "line_id": list("abcd") * 2,
                          "frame": "talk", "code": [1, 1, 0, 0, 1, 1, 0, missing]})  # fmt: skip
    table = agreement(codes)
    assert table[["lines", "alpha"]].to_numpy().tolist() == [[3, 1], [3, 1]]


def codes_table(rows: list[list], frame: str = "pressure") -> pd.DataFrame:
    """One list of codes a coder, None where there is none."""
    return pd.DataFrame(
        [(f"c{i}", f"l{j:02}", frame, code)
         for i, row in enumerate(rows) for j, code in enumerate(row)],
        columns=["coder", "line_id", "frame", "code"],
    )  # fmt: skip


def test_alpha_of_several_classes_and_coders_is_krippendorffs():
    # Krippendorff (2011), part C and D: four observers, twelve units, missing data; .743 nominal,
    # .815 ordinal.
    rows = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
    codes = codes_table([[None if c == "." else int(c) for c in row] for row in rows])
    assert agreement(codes)["alpha"][0] == pytest.approx(0.743, abs=5e-4)
    assert agreement(codes, metric="ordinal")["alpha"][0] == pytest.approx(0.815, abs=5e-4)
    assert agreement(codes)["lines"][0] == 11  # one unit has one code


def test_fleiss_kappa_is_the_published_one():
    # Fleiss, Levin and Paik's form of the ten subjects and fourteen raters at
    # en.wikipedia.org/wiki/Fleiss'_kappa: kappa = .210.
    # fmt: off
    counts = [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
              [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]
    # fmt: on
    lines = [[k for k, n in enumerate(row) for _ in range(n)] for row in counts]
    table = agreement(codes_table([list(coder) for coder in zip(*lines, strict=True)]))
    assert table["fleiss"][0] == pytest.approx(0.210, abs=5e-4)


def ordinal_alpha(lines: list[list[int]]) -> float:
    """Krippendorff's formula, pair by pair of values."""
    lines = [line for line in lines if len(line) > 1]
    values = sorted({code for line in lines for code in line})
    n_of = {value: sum(line.count(value) for line in lines) for value in values}

    def d(a: int, b: int) -> float:
        low, high = min(a, b), max(a, b)
        between = sum(n_of[value] for value in values if low <= value <= high)
        return (between - (n_of[a] + n_of[b]) / 2) ** 2 if a != b else 0.0

    n = sum(n_of.values())
    observed = sum(sum(d(a, b) for a in line for b in line) / (len(line) - 1) for line in lines) / n
    everything = [code for line in lines for code in line]
    return 1 - observed / (sum(d(a, b) for a in everything for b in everything) / (n * (n - 1)))


@pytest.mark.parametrize("seed", range(8))
def test_measures_are_those_of_nltk_and_scikit_learn(seed: int):
    rng = np.random.default_rng(seed)
    coders, lines, classes = rng.integers(2, 5), 30, rng.integers(2, 6)
    truth = rng.integers(0, classes, lines)
    rows = np.where(
        rng.random((coders, lines)) < 0.6, truth, rng.integers(0, classes, (coders, lines))
    )
    table = agreement(codes_table(rows.tolist()), resamples=2)
    triples = [(f"c{i}", j, int(c)) for i, row in enumerate(rows) for j, c in enumerate(row)]
    task = AnnotationTask(data=triples)
    pairs = [cohen_kappa_score(rows[i], rows[j]) for i in range(coders) for j in range(i)]
    assert table["alpha"][0] == pytest.approx(task.alpha(), abs=1e-9)
    assert table["fleiss"][0] == pytest.approx(task.pi(), abs=1e-9)
    assert table["cohen"][0] == pytest.approx(np.mean(pairs), abs=1e-9)
    assert table["agree"][0] == pytest.approx(task.avg_Ao(), abs=1e-9)
    holes = rng.random(rows.shape) < 0.3
    holed = codes_table(np.where(holes, None, rows).tolist())
    by_line = [[int(c) for c, hole in zip(col, gone, strict=True) if not hole]
               for col, gone in zip(rows.T, holes.T, strict=True)]  # fmt: skip
    found = agreement(holed, metric="ordinal", resamples=2)["alpha"][0]
    assert found == pytest.approx(ordinal_alpha(by_line), abs=1e-9)
    kept = [
        (c, j, code) for c, j, code in triples if not holes[int(c[1:]), j] and len(by_line[j]) > 1
    ]
    assert agreement(holed, resamples=2)["alpha"][0] == pytest.approx(
        AnnotationTask(data=kept).alpha(), abs=1e-9
    )


def test_intervals_hold_alpha_and_narrow_with_lines():
    rng = np.random.default_rng(4)

    def table(lines: int) -> pd.Series:
        truth = rng.random(lines) < 0.5
        rows = [np.where(rng.random(lines) < 0.9, truth, ~truth).astype(int) for _ in range(2)]
        return agreement(codes_table([row.tolist() for row in rows])).iloc[0]

    few, many = table(40), table(640)
    for name in ("alpha", "cohen", "fleiss"):
        assert few[f"{name}_low"] < few[name] < few[f"{name}_high"]
        widths = [row[f"{name}_high"] - row[f"{name}_low"] for row in (few, many)]
        # A sixteenth of the lines makes an interval about four times as wide.
        assert 2.5 < widths[0] / widths[1] < 6.5


def test_confusions_count_pairs_of_codes():
    codes = codes_table([["talk", "talk", "war", None], ["talk", "war", "war", "war"]])
    table = confusions(codes)[["code", "other_code", "lines"]]
    assert sorted(table.itertuples(index=False, name=None)) == [
        ("talk", "talk", 1), ("talk", "war", 1), ("war", "war", 1)
    ]  # fmt: skip
    with pytest.raises(CountsError, match="no confusions"):
        confusions(codes[codes["coder"] == "c0"])


def test_what_can_not_be_compared_is_refused():
    codes = codes_table([["talk", "war"], ["war", "war"]])
    with pytest.raises(CountsError, match="metric='ordinal': the codes talk, war have no order"):
        agreement(codes, metric="ordinal")
    ordered = codes.astype({"code": pd.CategoricalDtype(["war", "talk"], ordered=True)})
    assert agreement(ordered, metric="ordinal")["alpha"].notna().all()
    with pytest.raises(CountsError, match="'c0' coded the line 'l00' twice"):
        agreement(pd.concat([codes, codes.head(1)]))
    with pytest.raises(
        CountsError, match="metric='ratio' is unknown; allowed are nominal, ordinal"
    ):
        agreement(codes, metric="ratio")
