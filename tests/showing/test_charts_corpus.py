"""Charts read by their artists: what is drawn where, and that no label lies on another."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis.errors import ArticlesError, CountsError
from analysis.showing.charts import (
    coverage,
    coverage_table,
    share_by_voice,
    share_multiples,
    specification_curve,
    term_over_articles,
)
from analysis.showing.charts.drawing.colours import CHANNELS
from analysis.showing.charts.drawing.style import style

QUARTERS = [f"{year}-Q{q}" for year in (2019, 2020, 2021) for q in (1, 2, 3, 4)]
OUTLETS = ["Cash $ Carry $ News", "The Long-Named Northern Provincial Gazette", "<b>Herald</b>"]


def overlapping(ax: mpl.axes.Axes) -> list[tuple[str, str]]:
    """Pairs of drawn labels whose boxes overlap by more than a hair."""
    ax.figure.canvas.draw()
    # Matplotlib keeps labels of ticks beyond the axis, which it does not draw.
    (left, right), (low, high) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    drawn = [t for t in ax.get_xticklabels() if left <= t.get_position()[0] <= right]
    drawn += [t for t in ax.get_yticklabels() if low <= t.get_position()[1] <= high]
    drawn += [*ax.texts, ax.xaxis.label]
    drawn += [ax.title, ax._left_title]
    boxes = [(t.get_text(), t.get_window_extent()) for t in drawn if t.get_text().strip()]
    return [(a, b) for (a, x), (b, y) in combinations(boxes, 2) if x.padded(-1).overlaps(y)]


@pytest.fixture
def articles() -> pd.DataFrame:
    period = pd.Categorical(["2019-Q1"] * 3 + ["2021-Q4"] * 2, QUARTERS, ordered=True)
    names = [OUTLETS[0], OUTLETS[0], OUTLETS[1], OUTLETS[1], OUTLETS[1]]
    return pd.DataFrame({"outlet": names, "period": period})


@pytest.fixture
def by_outlet_and_quarter() -> pd.DataFrame:
    rows = [
        (name, quarter, 20 if q else 3, 8 + 2 * number, 10 - q % 7)
        for number, name in enumerate(OUTLETS)
        for q, quarter in enumerate(QUARTERS)
    ]
    table = pd.DataFrame(
        rows, columns=["outlet", "period", "articles", "n_deterrence", "n_dialogue"]
    )
    table["period"] = pd.Categorical(table["period"], QUARTERS, ordered=True)
    table["share"] = table["n_deterrence"] / (table["n_deterrence"] + table["n_dialogue"])
    return table.assign(share_low=table["share"] - 0.1, share_high=table["share"] + 0.1)


def test_coverage_counts_every_article_once_and_keeps_empty_periods(articles: pd.DataFrame):
    table = coverage_table(articles)
    assert list(table.index) == [OUTLETS[1], OUTLETS[0]]
    assert list(table.columns) == QUARTERS
    assert table.loc[OUTLETS[1], ["2019-Q1", "2021-Q4"]].tolist() == [1, 2]
    assert int(table.to_numpy().sum()) == len(articles)


def test_coverage_sums_small_outlets_up(articles: pd.DataFrame):
    many = pd.concat([articles] * 4).assign(outlet=[f"outlet {n // 2}" for n in range(20)])
    table = coverage_table(many, most=4)
    assert list(table.index)[-1] == "6 other outlets"
    assert int(table.loc["6 other outlets"].sum()) == 12


def test_coverage_draws_a_number_in_each_cell_that_has_articles(articles: pd.DataFrame):
    ax = coverage(articles)
    assert [t.get_text() for t in ax.texts] == ["1", "2", "2", "n = 3", "n = 2"]
    assert overlapping(ax) == []


def test_coverage_without_periods_says_how_to_make_them(articles: pd.DataFrame):
    with pytest.raises(ArticlesError, match=r"needs the column 'period'.*add_period"):
        coverage(articles.drop(columns="period"))


def test_multiples_draw_one_panel_a_series_the_largest_first(by_outlet_and_quarter: pd.DataFrame):
    table = by_outlet_and_quarter
    table.loc[table["outlet"] == OUTLETS[2], "articles"] += 5
    fig = share_multiples(table, columns=2, events={"Summit": "2020-05-15"})
    shown = [ax for ax in fig.axes if ax.get_visible()]
    assert [ax.get_title(loc="left").split("   ")[0] for ax in shown] == [
        OUTLETS[2], OUTLETS[0].replace("$", r"\$"), OUTLETS[1],
    ]  # fmt: skip
    # Behind each: all hits of the period together, here those of 2019-Q1: 8+10+12 of 30+30.
    assert all(ax.lines[0].get_ydata()[0] == pytest.approx(30 / 60) for ax in shown)
    assert all(overlapping(ax) == [] for ax in shown)


def test_multiples_draw_thin_periods_hollow(by_outlet_and_quarter: pd.DataFrame):
    ax = share_multiples(by_outlet_and_quarter).axes[0]
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == "white"]
    # The middle of the 90 days of 2019-Q1.
    middle = mpl.dates.date2num(pd.Timestamp("2019-02-15"))
    assert [float(x) for line in hollow for x in line.get_xdata()] == [middle]


def test_voices_are_drawn_in_one_row_with_marker_and_colour():
    table = pd.DataFrame(
        [(o, v, 0.2 + 0.2 * n, 0.1 if n else np.nan, 0.9)
         for o in OUTLETS for n, v in enumerate(["narration", "quoted", "reported"])],
        columns=["outlet", "voice", "share", "share_low", "share_high"],
    ).assign(articles=[40, 30, 20] * len(OUTLETS), n_risk=1, n_chance=2)  # fmt: skip
    ax = share_by_voice(table)
    said = [text.get_text() for text in ax.texts]
    assert said.count("n = 40") == said.count("n = 20") == len(OUTLETS)
    dots = [line for line in ax.lines if line.get_ls() == "None" and len(line.get_xdata())]
    places = {(round(float(x), 2), line.get_marker()) for line in dots for x in line.get_xdata()}
    assert places == {(0.2, "o"), (0.4, "s"), (0.6, "^")}
    hollow = {line.get_marker() for line in dots if line.get_markerfacecolor() == "white"}
    assert hollow == {"o"}
    assert overlapping(ax) == []
    with pytest.raises(CountsError, match="lacks voice"):
        share_by_voice(table.drop(columns="voice"))


def test_a_term_is_a_stroke_in_each_article_as_tall_as_its_rate():
    table = pd.DataFrame(
        {"outlet": OUTLETS[0], "date": pd.to_datetime(["2021-01-01", "2021-02-01", "2021-03-01"]),
         "n": [0, 2, 1], "n_tokens": [500, 1000, 1000]}
    )  # fmt: skip
    ax = term_over_articles(table, term="talks")
    tops = sorted(float(path.vertices[1, 1]) for path in ax.collections[0].get_paths())
    assert tops == pytest.approx([0.375, 0.75])
    assert ax.get_xlabel() == "talks: the tallest stroke is 2.0 hits per 1,000 tokens"
    assert ax.texts[0].get_text() == "in 2 of 3"


def test_one_term_of_a_table_is_drawn():
    table = pd.DataFrame(
        {"outlet": "Herald", "date": pd.to_datetime(["2021-01-01", "2021-02-01"] * 2),
         "term": ["talks", "talks", "arms", "arms"], "n": [1, 0, 3, 2], "n_tokens": 1000}
    )  # fmt: skip
    ax = term_over_articles(table, term="arms")
    assert ax.get_xlabel() == "arms: the tallest stroke is 3.0 hits per 1,000 tokens"
    assert ax.texts[0].get_text() == "in 2 of 2"
    assert term_over_articles(table[:2]).texts[0].get_text() == "in 1 of 2"
    for term in ("", "peace"):
        with pytest.raises(CountsError, match="the table has 'talks', 'arms'\\. Name"):
            term_over_articles(table, term=term)


def greyscale(colour: str) -> float:
    """How light a colour prints in grey, from 0 (black) to 1 (white)."""
    red, green, blue = mpl.colors.to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_channels_differ_in_marker_and_dash_and_the_first_four_in_grey():
    assert len({marker for _, marker, _ in CHANNELS}) == len(CHANNELS)
    assert len({colour for colour, _, _ in CHANNELS}) == len(CHANNELS)
    greys = sorted(greyscale(colour) for colour, _, _ in CHANNELS[:3])
    assert min(np.diff(greys)) > 0.02


def test_the_style_leaves_on_what_the_first_figure_of_a_notebook_turns_on():
    assert not mpl.is_interactive()
    try:
        with style():
            mpl.interactive(True)
        assert mpl.is_interactive()
    finally:
        mpl.interactive(False)


def test_the_specification_curve_sorts_scores_and_marks_those_that_turned():
    rows = [
        ("none", "", 0.3, False), ("pattern", "cease-fire*", 0.5, False),
        ("pattern", "threat*", -0.1, True), ("outlet", "Cash $ Carry $", 0.2, False),
        ("voice", "quoted", 0.4, False), ("outlet", "Empty", np.nan, False),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["change", "left_out", "score", "turned"])
    table["shift"] = table["score"] - 0.3
    table = table.assign(score_low=table["score"] - 0.2, score_high=table["score"] + 0.2)
    ax = specification_curve(table, named=2)
    marks = {
        line.get_marker(): [float(y) for y in line.get_ydata()]
        for line in ax.lines
        if line.get_marker() in ("o", "s")
    }
    assert marks == {"o": [0.2, 0.4, 0.5], "s": [-0.1]}
    said = [text.get_text() for text in ax.texts]
    assert said[:4] == [
        "nothing changed: 0.30", "without a pattern (2)", "without an outlet (1)",
        "without a voice (1)",
    ]  # fmt: skip
    assert said[4].splitlines() == [
        "lowest without:", "threat* \u22120.10", r"Cash \$ Carry \$ 0.20",
    ]  # fmt: skip
    assert said[5].splitlines()[1] == "cease-fire* 0.50"
    assert overlapping(ax) == []
