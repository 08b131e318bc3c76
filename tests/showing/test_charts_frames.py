"""Charts of any number of frames: what is drawn is what the tables say."""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgba

from analysis.errors import CountsError
from analysis.showing.charts import (
    frame_differences,
    frame_multiples,
    pair_matrix,
    target_matrix,
)
from analysis.showing.charts.drawing import NO_ROWS, frame_colour
from analysis.showing.charts.drawing.labels import n_label

FRAMES = [f"frame {letter}" for letter in "abcdefghijklmno"]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def scores(**columns) -> pd.DataFrame:
    rows = pd.DataFrame(product(*columns.values(), FRAMES), columns=[*columns, "frame"])
    rng = np.random.default_rng(1)
    rows["articles"], rows["articles_hit"] = 40, rng.integers(1, 30, len(rows))
    for name in ("prevalence", "rate", "share"):
        rows[name] = rng.uniform(0.1, 0.8, len(rows)).round(3)
        rows[f"{name}_low"], rows[f"{name}_high"] = rows[name] - 0.1, rows[name] + 0.1
    return rows


def differences(n: int = 15) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"outlet": "Gazette", "outlet_other": "Herald", "frame": FRAMES[:n]})
    table["measure"], table["difference"] = "prevalence", rng.normal(0, 1, n).round(3)
    table["share"], table["share_other"] = rng.uniform(0, 1, n), rng.uniform(0, 1, n)
    table["difference_low"] = table["difference"] - 0.4
    table["difference_high"] = table["difference"] + 0.4
    return table.assign(q=[0.01] + [0.5] * (n - 1))


def marks(ax) -> np.ndarray:
    return np.concatenate([line.get_xydata() for line in ax.lines if line.get_marker() == "o"])


@pytest.mark.parametrize("measure", ["prevalence", "rate", "share"])
def test_each_frame_has_its_panel_with_a_dot_a_group(measure):
    table = scores(outlet=["Gazette", "Herald", "Tribune"])
    fig = frame_multiples(table, measure=measure)
    assert fig.get_figwidth() == pytest.approx(174 / 25.4)
    shown = [ax for ax in fig.axes if ax.get_visible()]
    assert len(shown) == 15
    for ax, frame in zip(shown, FRAMES, strict=True):
        rows = table[table["frame"] == frame]
        n = rows["articles_hit"].sum()
        assert ax.get_title("left") == f"{frame}\nn = {n} of 120"
        assert sorted(marks(ax)[:, 0]) == sorted(rows[measure])
        assert len(ax.collections[0].get_segments()) == 3
    names = [label.get_text() for label in shown[0].get_yticklabels()]
    assert sorted(names) == [f"{name}\nn = 40" for name in ("Gazette", "Herald", "Tribune")]


def test_rows_with_longer_names_are_higher():
    """Three lines of 7 points with a little between them are more than .3 inches."""
    names = [f"The Voice of the Harbour and the Islands {n}" for n in range(6)]
    table = pd.DataFrame({"outlet": names, "frame": "conflict", "articles": 40, "articles_hit": 8,
                          "prevalence": 0.2, "prevalence_low": 0.1,
                          "prevalence_high": 0.3})  # fmt: skip
    heights = []
    for shown in (table, table.assign(outlet=[f"G{n}" for n in range(6)])):
        heights.append(frame_multiples(shown, by="outlet").get_size_inches()[1])
    assert heights[0] - heights[1] == pytest.approx(6 * 0.1)


def test_over_time_bands_and_hollow_points():
    years = pd.Categorical(["2019", "2020", "2021"], ordered=True)
    table = scores(outlet=["Gazette", "Herald"], period=years)
    table["period"] = table["period"].astype("category").cat.as_ordered()
    table.loc[table["period"] == "2020", "articles"] = 3
    fig = frame_multiples(table[table["frame"].isin(FRAMES[:5])], by="period", across="outlet")
    assert len(fig.axes) == 10
    ax = fig.axes[1]
    assert ax.get_title("left").startswith("frame a, Herald\nn = ")
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == "white"]
    assert sum(len(line.get_xdata()) for line in hollow) == 1
    rows = table[(table["frame"] == "frame a") & (table["outlet"] == "Herald")]
    assert sorted(marks(ax)[:, 1]) == sorted(rows["prevalence"])


def test_a_frame_has_the_same_colour_in_every_chart():
    table = scores(outlet=["Gazette", "Herald"])
    for shown in (table, table[table["frame"].isin(FRAMES[9:12])]):
        fig = frame_multiples(shown)
        for ax in fig.axes:
            if ax.get_visible():
                frame = ax.get_title("left").split("\n")[0]
                assert to_rgba(ax._left_title.get_color()) == to_rgba(frame_colour(frame))
    fig = frame_differences(differences())
    for label in fig.axes[0].get_yticklabels():
        assert to_rgba(label.get_color()) == to_rgba(frame_colour(label.get_text()))
    assert len({frame_colour(frame) for frame in FRAMES}) == 15


def test_two_groups_and_their_difference():
    table = differences()
    fig = frame_differences(table)
    left, right = fig.axes
    order = table.sort_values("difference")["frame"].tolist()
    assert [label.get_text() for label in left.get_yticklabels()] == order
    np.testing.assert_allclose(marks(right)[:, 0], np.sort(table["difference"]))
    filled = [line for line in right.lines if line.get_marker() == "o"
              and line.get_markerfacecolor() != "white"]  # fmt: skip
    assert [line.get_xdata()[0] for line in filled] == [table["difference"][0]]
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["Gazette", "Herald"]


def test_cells_of_pairs_hold_their_numbers():
    pairs = [(a, b) for k, a in enumerate(FRAMES) for b in FRAMES[k + 1 :]]
    table = pd.DataFrame(pairs, columns=["frame_a", "frame_b"])
    table["n_both"], table["log_odds"] = range(len(table)), 0.5
    ax = pair_matrix(table.assign(q=0.5))
    assert [text.get_text() for text in ax.texts] == [str(n) for n in range(105)]
    assert ax.get_xticklabels()[0].get_text() == FRAMES[0]


def in_cells(ax) -> dict[frozenset, str]:
    """What stands in the cell of each two frames, by the names at its sides."""
    across, down = ([label.get_text() for label in labels]
                    for labels in (ax.get_xticklabels(), ax.get_yticklabels()))  # fmt: skip
    at = (
        (across[int(x)], down[int(y)], text) for text in ax.texts for x, y in [text.get_position()]
    )
    return {frozenset([one, other]): text.get_text() for one, other, text in at}


@pytest.mark.parametrize("seed", range(4))
def test_a_pair_stands_in_its_cell_whatever_the_order(seed: int):
    """Rows in any order, and either frame of a pair first."""
    rng = np.random.default_rng(seed)
    pairs = [(a, b) for k, a in enumerate(FRAMES[:6]) for b in FRAMES[k + 1 : 6]]
    expected = {frozenset(pair): str(n) for n, pair in enumerate(pairs)}
    turned = [pair[::-1] if rng.random() < 0.5 else pair for pair in pairs]
    table = pd.DataFrame(turned, columns=["frame_a", "frame_b"]).assign(n_both=range(len(pairs)))
    table = table.assign(log_odds=rng.normal(0, 1, len(pairs)), q=0.5)
    for shown in (table, table.sample(frac=1, random_state=seed), table.sort_values("log_odds")):
        ax = pair_matrix(shown)
        assert in_cells(ax) == expected
        (shades,) = (drawn for drawn in ax.collections if isinstance(drawn, QuadMesh))
        assert np.isfinite(shades.get_array().filled(np.nan)).sum() == len(pairs)


def test_pairs_that_are_no_pairs_are_refused_and_missing_numbers_are_dashes():
    table = pd.DataFrame({"frame_a": ["war", "war", "law"], "frame_b": ["law", "aid", "aid"],
                          "n_both": [1, np.nan, 3], "log_odds": [0.5, np.nan, 1.0],
                          "q": [0.5, None, 0.5]})  # fmt: skip
    assert in_cells(pair_matrix(table))[frozenset(["war", "aid"])] == "–"
    other_way = table.rename(columns={"frame_a": "frame_b", "frame_b": "frame_a"})
    with pytest.raises(CountsError, match="two rows for frame_a war, frame_b law"):
        pair_matrix(pd.concat([table, other_way]))
    with pytest.raises(CountsError, match="frame_a and frame_b are both 'war'"):
        pair_matrix(table.assign(frame_b="war"))


def test_a_matrix_of_targets_has_intervals_and_numbers():
    table = pd.DataFrame({"target": ["Anyland", "Anyland", None], "outlet": list("GHG"),
                          "articles": [40, 3, 9], "share": [0.9, np.nan, 0.5],
                          "share_low": [0.8, np.nan, 0.4], "share_high": [0.95, np.nan, 0.6],
                          "n_war": 9, "n_talks": 1})  # fmt: skip
    ax = target_matrix(table)
    said = [text.get_text() for text in ax.texts]
    assert said == ["0.90", f"0.80 to 0.95\n{n_label(40)}", "no hits", n_label(3)]
    # The cell without an interval has no shade; what is near no target has no row.
    (shades,) = (drawn for drawn in ax.collections if isinstance(drawn, QuadMesh))
    assert np.isnan(shades.get_array().filled(np.nan)).tolist() == [[False, True]]
    with pytest.raises(CountsError, match="two rows for target Anyland, outlet G"):
        target_matrix(pd.concat([table, table]))


def test_wrong_tables_are_refused():
    table = scores(outlet=["Gazette"])
    for call, message in (
        (
            lambda: frame_multiples(table, measure="tone"),
            "measure='tone': it must be 'prevalence' or",
        ),
        (lambda: frame_multiples(table.drop(columns="frame")), "lacks frame"),
        (lambda: frame_multiples(pd.concat([table, table])), "two rows for outlet Gazette"),
        (lambda: frame_differences(pd.concat([differences()] * 2)), "two rows for frame"),
        (lambda: pair_matrix(table), "lacks frame_a"),
    ):
        with pytest.raises(CountsError, match=message):
            call()


def test_without_rows_there_is_a_figure_that_says_so():
    table = scores(outlet=["Gazette"], period=["2021"])[:0]
    for across in (None, "outlet"):
        fig = frame_multiples(table, by="period", across=across)
        assert [text.get_text() for text in fig.axes[0].texts] == [NO_ROWS]


def test_an_interval_without_end_leaves_the_scale():
    table = scores(outlet=["Gazette", "Herald"])
    table.loc[::2, "prevalence_high"] = np.inf
    least, most = frame_multiples(table).axes[0].get_xlim()
    assert least < 0 < table["prevalence"].max() < most <= 1.03
