from itertools import combinations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis.errors import CountsError
from analysis.showing.charts import figure, keyness_forest, terms_over_time, tfidf_multiples
from analysis.showing.charts.drawing.colours import CHANNELS
from analysis.showing.charts.drawing.style import ONE_COLUMN, TWO_COLUMNS

QUARTERS = ["2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4"]


def overlapping(fig: mpl.figure.Figure) -> list[tuple[str, str]]:
    """Pairs of labels, of all axes, whose drawn boxes overlap by more than a hair."""
    fig.canvas.draw()
    texts = [
        text
        for ax in fig.axes
        if ax.get_visible()
        for text in ax.findobj(mpl.text.Text)
        if text.get_text().strip() and text.get_visible()
    ]
    boxes = [text.get_window_extent().shrunk(0.97, 0.9) for text in texts]
    return [
        (texts[a].get_text(), texts[b].get_text())
        for a, b in combinations(range(len(texts)), 2)
        if boxes[a].overlaps(boxes[b])
    ]


def outside(fig: mpl.figure.Figure) -> list[str]:
    """Labels that stick out of the figure."""
    fig.canvas.draw()
    page = fig.bbox.padded(1)
    labels = [text for ax in fig.axes for text in [*ax.texts, *ax.get_yticklabels()]]
    boxes = [(text.get_text(), text.get_window_extent()) for text in labels if text.get_text()]
    return [
        text
        for text, box in boxes
        if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0 or box.y1 > page.y1
    ]


@pytest.fixture
def by_quarter() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    rows = []
    for term in ("talks", "cash $ carry $", "sanctions", "dialogue", "missile"):
        for quarter in QUARTERS:
            rate = rng.uniform(500, 560)
            rows.append((quarter, term, 40, rate, rate * 0.8, rate * 1.3, 12))
    table = pd.DataFrame(
        rows, columns=["period", "term", "n", "per_million", "low", "high", "n_docs"]
    )
    table["period"] = pd.Categorical(table["period"], QUARTERS, ordered=True)
    table.loc[1, ["low", "high", "n_docs"]] = [np.nan, np.nan, 1]
    return table


def test_lines_and_bands_are_those_of_the_table(by_quarter: pd.DataFrame):
    ax = terms_over_time(by_quarter)
    lines = [line for line in ax.lines if len(line.get_xdata()) == 4 and line.get_ls() != "None"]
    for line, (_, rows) in zip(lines, by_quarter.groupby("term", sort=False), strict=True):
        assert line.get_ydata() == pytest.approx(rows["per_million"].to_numpy(), rel=1e-11)
    assert len(ax.collections) == 10  # a band and bars for each of five terms
    assert ax.get_ylim()[0] == 0


def test_a_rate_that_few_articles_bear_is_hollow(by_quarter: pd.DataFrame):
    ax = terms_over_time(by_quarter)
    hollow = [
        point
        for line in ax.lines
        if line.get_markerfacecolor() == "white"
        for point in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]
    middle = mpl.dates.date2num(pd.Timestamp("2018-05-16 12:00"))  # of the 91 days of 2018-Q2
    assert hollow == [(middle, pytest.approx(by_quarter.loc[1, "per_million"], rel=1e-11))]


def test_one_wide_interval_does_not_flatten_all_lines(by_quarter: pd.DataFrame):
    usual = terms_over_time(by_quarter).get_ylim()[1]
    by_quarter.loc[7, "high"] = 20_000.0
    highest = terms_over_time(by_quarter).get_ylim()[1]
    # Rates are 500 to 560, and all other intervals end at 1.3 times that.
    assert highest == pytest.approx(usual, rel=0.05)
    assert 1.3 * 500 < highest < 1.3 * 560 * 1.1
    by_quarter.loc[7, "per_million"] = 15_000.0
    assert terms_over_time(by_quarter).get_ylim()[1] > 15_000


def test_names_at_the_ends_of_close_lines_do_not_overlap(by_quarter: pd.DataFrame):
    fig, ax = figure(TWO_COLUMNS, 2.8)
    terms_over_time(by_quarter, events={"summit": "2018-06-12"}, title="Terms", ax=ax)
    assert overlapping(fig) == []
    assert outside(fig) == []
    said = {text.get_text() for text in ax.texts}
    assert r"cash \$ carry \$  n = 160" in said


def test_terms_differ_in_marker_as_well_as_colour(by_quarter: pd.DataFrame):
    ax = terms_over_time(by_quarter)
    kinds = {
        (line.get_marker(), line.get_markeredgecolor())
        for line in ax.lines
        if line.get_ls() == "None"
    }
    assert len({marker for marker, _ in kinds}) == len({colour for _, colour in kinds}) == 5


def test_more_lines_than_can_be_told_apart_are_refused(by_quarter: pd.DataFrame):
    talks = by_quarter[by_quarter["term"] == "talks"]
    many = pd.concat([talks.assign(term=f"t{i}") for i in range(8)])
    with pytest.raises(CountsError, match="8 lines can't be told apart"):
        terms_over_time(many)


@pytest.fixture
def weights() -> pd.DataFrame:
    rows = []
    for outlet in ("Gazette", "The Long-Named Northern Provincial"):
        for period in ("2017", "2018"):
            if (outlet, period) == ("Gazette", "2017"):
                continue
            for rank in range(1, 13):
                shared = rank % 3 == 0
                term = f"shared{rank}" if shared else f"{outlet[:3]}-{period}-term{rank}"
                rows.append((outlet, period, term, 100 - rank, 1 / rank, rank))
    return pd.DataFrame(rows, columns=["outlet", "period", "term", "n", "tfidf", "rank"])


def test_panels_show_the_heaviest_terms_and_gaps_as_gaps(weights: pd.DataFrame):
    fig = tfidf_multiples(weights, top=8, leave_out=["Gaz-2018-term1"])
    titles = [ax.get_title(loc="left") for ax in fig.axes]
    assert [title.strip() for title in titles] == ["2017", "2018"] * 2
    gap, panel = fig.axes[:2]
    assert [text.get_text() for text in gap.texts] == ["Gazette", "no articles"]
    names = [label.get_text() for label in panel.get_yticklabels()]
    assert names[:2] == ["Gaz-2018-term2", "shared3"]
    assert len(names) == 8
    widths = [bar.get_width() for bar in panel.patches]
    np.testing.assert_allclose(widths[:2], [1, (1 / 3) / (1 / 2)])
    blue = mpl.colors.to_rgba(CHANNELS[0][0])
    assert [bar.get_facecolor() == blue for bar in panel.patches[:2]] == [True, False]
    # A title whose row has a name leaves a line free for it.
    heads = {("Gazette", "\n2017"), ("The Long-Named Northern Provincial", "\n2017")}
    assert {tuple(sorted(pair)[::-1]) for pair in overlapping(fig)} <= heads
    head, beside = gap.texts[0].get_window_extent(), panel._left_title.get_window_extent()
    assert head.y0 >= beside.y1 - 1
    assert outside(fig) == []


def test_panels_without_columns_stand_side_by_side(weights: pd.DataFrame):
    fig = tfidf_multiples(weights, columns=None, top=5)
    assert [ax.get_visible() for ax in fig.axes] == [True, True]
    with pytest.raises(CountsError, match="no term is left"):
        tfidf_multiples(weights, leave_out=list(weights["term"]))


@pytest.fixture
def keywords() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    t = np.concatenate([rng.uniform(2, 9, 30), rng.uniform(-9, -2, 30)])
    ratio = t / 2
    table = pd.DataFrame(
        {
            "term": [f"a-rather-long-term-{i}" for i in range(60)],
            "n_target": rng.integers(0, 99_999, 60), "n_reference": rng.integers(0, 99_999, 60),
            "log_ratio": ratio, "low": ratio - 1, "high": ratio + 1, "t": t,
            "q": np.where(np.abs(t) > 3, 0.01, 0.2),
        }
    )  # fmt: skip
    table.loc[0, ["t", "high"]] = [9.5, np.inf]
    return table


def test_both_sides_stand_with_their_intervals_and_hits(keywords: pd.DataFrame):
    ax = keyness_forest(keywords, target="2018", reference="2017", top=10)
    ordered = keywords.sort_values("t")
    expected = [*ordered["term"].head(10), *ordered["term"].tail(10)]
    assert [label.get_text() for label in ax.get_yticklabels()] == expected
    marks = [line for line in ax.lines if line.get_marker() in "os"]
    assert [line.get_marker() for line in marks] == ["s"] * 10 + ["o"] * 10
    at = dict(zip(keywords["term"], keywords["log_ratio"], strict=True))
    assert [line.get_xdata()[0] for line in marks] == pytest.approx(
        [at[term] for term in expected], rel=1e-11
    )
    said = [text.get_text() for text in ax.texts]
    top = keywords.loc[0]
    assert f"{top['n_target']:,}" in said
    assert f"{top['n_reference']:,}" in said
    bars = [line.get_xdata() for line in ax.lines if line.get_solid_capstyle() == "butt"]
    low = dict(zip(keywords["term"], keywords["low"], strict=True))
    assert bars[0][0] == pytest.approx(low[expected[0]])


def test_a_term_that_one_side_never_uses_has_an_arrow(keywords: pd.DataFrame):
    ax = keyness_forest(keywords, target="2018", reference="2017", top=3)
    arrows = [line for line in ax.lines if line.get_marker() == ">"]
    assert [line.get_ydata() for line in arrows] == [5]
    assert arrows[0].get_xdata() == ax.get_xlim()[1]


def test_marks_without_a_small_q_are_hollow(keywords: pd.DataFrame):
    ax = keyness_forest(keywords, target="2018", reference="2017", top=30)
    faces = [line.get_markerfacecolor() for line in ax.lines if line.get_marker() in "os"]
    hollow = sum(face == "white" for face in faces)
    assert 0 < hollow == int((keywords["q"] >= 0.05).sum())


@pytest.mark.parametrize(("width", "top"), [(ONE_COLUMN, 12), (TWO_COLUMNS, 15), (TWO_COLUMNS, 30)])
def test_labels_of_the_forest_never_overlap(keywords: pd.DataFrame, width: float, top: int):
    fig, ax = figure(width, 0.8 + 0.145 * 2 * top)
    keyness_forest(keywords, target="left", reference="right", top=top, title="Words", ax=ax)
    assert overlapping(fig) == []
    assert outside(fig) == []


def test_tables_of_another_kind_are_refused(keywords: pd.DataFrame, by_quarter: pd.DataFrame):
    with pytest.raises(CountsError, match=r"lacks t; it has .* takes the table of keyness"):
        keyness_forest(keywords.drop(columns="t"), target="a", reference="b")
    with pytest.raises(CountsError, match="no term of the table has a test"):
        keyness_forest(keywords.assign(t=np.nan), target="a", reference="b")
    with pytest.raises(CountsError, match=r"takes the table of tfidf\(\)"):
        tfidf_multiples(by_quarter)
