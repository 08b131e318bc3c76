import io

import numpy as np
import pandas as pd
import pytest

from analysis import CountsError
from analysis.showing.readable import for_paper, interval, number, p_value, readable


def test_an_estimate_and_its_bounds_become_one_cell():
    table = pd.DataFrame(
        {"outlet": ["A", "B"], "n": [1204, 3], "per_million": [1234.56, 2.0],
         "low": [1000.0, np.nan], "high": [1500.0, np.nan], "share": [0.371, np.nan],
         "share_low": [0.309, np.nan], "share_high": [0.441, np.nan]}
    )  # fmt: skip
    shown = readable(table)
    assert list(shown.columns) == ["outlet", "n", "per_million", "share"]
    assert shown.loc[0].tolist() == [
        "A", "1,204", "1,234.56 [1,000.00, 1,500.00]", "0.37 [0.31, 0.44]",
    ]  # fmt: skip
    assert shown.loc[1].tolist() == ["B", "3", "2.00 [–]", "–"]


def test_the_table_itself_is_left_as_it_is():
    table = pd.DataFrame({"share": [0.5], "share_low": [0.4], "share_high": [0.6]})
    before = table.copy()
    readable(table)
    pd.testing.assert_frame_equal(table, before)


def test_bounds_without_their_estimate_stay_columns():
    assert list(readable(pd.DataFrame({"low": [0.1], "x_high": [0.2]}))) == ["low", "x_high"]


def test_kinds_of_cells():
    table = pd.DataFrame(
        {"p": [0.0004, 0.0321, np.nan], "date": pd.to_datetime(["2022-01-19", None, None]),
         "negated": [True, False, True], "n": pd.array([1, None, 3], "Int64"),
         "whole": [1.0, np.nan, 3.0], "period": pd.Categorical(["2022-Q1", None, "2022-Q2"]),
         "n_peace": [1204.0, 3.5, np.nan], "turn_p": [0.0004, 0.0321, np.nan]}
    )  # fmt: skip
    shown = readable(table)
    assert shown["p"].tolist() == ["<.001", ".032", "–"]
    assert shown["turn_p"].tolist() == shown["p"].tolist()
    assert shown["date"].tolist() == ["2022-01-19", "–", "–"]
    assert shown["negated"].tolist() == ["yes", "no", "yes"]
    assert shown["n_peace"].tolist() == ["1,204", "3.5", "–"]
    assert shown["n"].tolist() == ["1", "–", "3"]
    assert shown["whole"].tolist() == ["1", "–", "3"]
    assert shown["period"].tolist() == ["2022-Q1", "–", "2022-Q2"]


def test_numbers_have_a_minus_sign_and_infinite_bounds_are_written():
    assert number(-1.234) == "\u22121.23"
    assert interval(0.5, 0.4, np.inf) == "0.50 [0.40, ∞]"
    assert p_value(1.0) == "1.000"


def test_a_date_with_an_interval_is_written_as_days():
    days = pd.to_datetime(["2022-01-22", None])
    table = pd.DataFrame({"turn": days, "turn_low": days, "turn_high": days})
    assert readable(table)["turn"].tolist() == ["2022-01-22 [2022-01-22, 2022-01-22]", "–"]


PAPER = pd.DataFrame(
    {"outlet": ["A & B_c", "<i>"], "articles": [1204, 3], "log_odds": [-1.0, np.inf],
     "log_odds_low": [-2.0, np.nan], "log_odds_high": [0.5, np.nan], "p": [0.0001, np.nan],
     "note": ["", ""]}
)  # fmt: skip


def test_a_table_for_a_paper_in_latex():
    latex = for_paper(PAPER, caption="Log odds").to_latex()
    assert r"\caption{Log odds}" in latex
    assert r"\begin{tabular}{lrlr}" in latex
    assert r"Outlet & n & Log odds [95\% interval] & p \\" in latex
    assert r"A \& B\_c & 1,204 & $-$1.00 [$-$2.00, 0.50] & <.001 \\" in latex
    assert r"<i> & 3 & $\infty$ [--] & -- \\" in latex


def test_a_table_for_a_paper_in_html():
    html = for_paper(PAPER, ["p"], names={"p": "p (two-sided)"}).to_html()
    (shown,) = pd.read_html(io.StringIO(html))
    assert shown.astype("str").values.tolist() == [["A & B_c", "1204", "<.001"], ["<i>", "3", "–"]]
    assert list(shown) == ["Outlet", "n", "p (two-sided)"]
    assert html == for_paper(PAPER, ["p"], names={"p": "p (two-sided)"}).to_html()


def test_a_column_that_a_table_for_a_paper_lacks():
    with pytest.raises(CountsError, match=r"no 'share'; there are outlet, articles, log_odds, p"):
        for_paper(PAPER, ["share"])
