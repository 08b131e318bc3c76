from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from analysis import Lexicon, add_period, check_articles, document_terms, stance
from analysis.errors import CountsError, OutputError
from analysis.showing.charts import (
    figure,
    save_figure,
    share_by_group,
    share_by_voice,
    share_multiples,
    share_over_time,
)
from analysis.showing.charts.drawing.inputs import frames_of

PERIODS = ["2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4"]


def day(text: str) -> float:
    """Days since 1970, which is how matplotlib counts them."""
    return (pd.Timestamp(text) - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)


@pytest.fixture
def by_outlet() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "outlet": ["Gazette", "Cash $ Carry $", "Herald", "Empty"],
            "lean": ["left", "right", "left", "right"],
            "share": [0.4, 0.8, 0.6, np.nan],
            "share_low": [0.3, 0.7, np.nan, np.nan],
            "share_high": [0.5, 0.9, np.nan, np.nan],
            "articles": [1200, 40, 1, 3],
            "n_deterrence": [40, 80, 6, 0],
            "n_dialogue": [60, 20, 4, 0],
        }
    )


@pytest.fixture
def by_quarter() -> pd.DataFrame:
    table = pd.DataFrame({"topic": ["a"] * 4 + ["b"] * 4, "period": PERIODS * 2})
    table["period"] = pd.Categorical(table["period"], PERIODS, ordered=True)
    table["share"] = [0.9, 0.8, 0.4, 0.5, 0.6, 0.6, 0.6, 0.5]
    return table.assign(
        share_low=table["share"] - 0.1,
        share_high=table["share"] + 0.1,
        articles=[30, 30, 9, 30, 50, 50, 50, 50],
        n_deterrence=[9, 8, 4, 5, 6, 6, 6, 5],
        n_dialogue=[1, 2, 6, 5, 4, 4, 4, 5],
    )


def dots(ax: mpl.axes.Axes) -> list[mpl.lines.Line2D]:
    return [line for line in ax.lines if line.get_ls() == "None" and len(line.get_xdata())]


def test_groups_are_sorted_with_their_dots_intervals_and_numbers(by_outlet: pd.DataFrame):
    ax = share_by_group(by_outlet, colour_by="lean", reference=(0.95, "95 to 5"))
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Empty", "Gazette", "Herald", r"Cash \$ Carry \$"]
    assert [float(line.get_xdata()[0]) for line in dots(ax)] == [0.4, 0.6, 0.8]
    bars = [tuple(map(float, line.get_xdata())) for line in ax.lines if len(line.get_xdata()) == 2]
    assert {(0.3, 0.5), (0.7, 0.9)} <= set(bars)
    said = [text.get_text() for text in ax.texts]
    assert said[:5] == ["no hits", "n = 3", "n = 1,200", "n = 1", "n = 40"]


def test_a_group_without_an_interval_is_hollow(by_outlet: pd.DataFrame):
    faces = [line.get_markerfacecolor() for line in dots(share_by_group(by_outlet))]
    assert [face == "white" for face in faces] == [False, True, False]


def test_dots_at_the_ends_of_the_scale_are_drawn_whole(by_outlet: pd.DataFrame):
    ax = share_by_group(by_outlet.assign(share=[0.0, 1.0, 1.0, np.nan]))
    assert [line.get_clip_on() for line in dots(ax)] == [False] * 3


def test_leans_differ_in_marker_as_well_as_colour(by_outlet: pd.DataFrame):
    drawn = dots(share_by_group(by_outlet, colour_by="lean"))
    assert len({(line.get_marker(), line.get_color()) for line in drawn}) == 2
    assert len({line.get_marker() for line in drawn}) == 2


def test_thin_periods_are_hollow_and_have_no_band(by_quarter: pd.DataFrame):
    ax = share_over_time(by_quarter, series="topic", thin=10)
    hollow = [line for line in dots(ax) if line.get_markerfacecolor() == "white"]
    points = [(float(x), float(y)) for line in hollow for x, y in line.get_xydata()]
    middles = [day("2018-02-15"), day("2018-05-16") + 0.5, day("2018-08-16"), day("2018-11-16")]
    assert points == [(middles[2], 0.4)]
    band = np.concatenate([path.vertices for path in ax.collections[0].get_paths()])
    assert set(band[:, 0]) == {*middles} - {middles[2]}


def test_turns_are_bands_of_their_dates_with_the_levels_between(by_quarter: pd.DataFrame):
    turns = pd.DataFrame(
        {
            "topic": ["a", "b"], "turns": [1, 0],
            "turn": pd.Timestamp("2018-06-12"), "turn_low": pd.Timestamp("2018-05-01"),
            "turn_high": pd.Timestamp("2018-07-01"), "share_before": 0.85, "share_after": 0.45,
        }
    )  # fmt: skip
    ax = share_over_time(by_quarter, series="topic", turns=turns)
    (band,) = ax.patches
    assert (band.get_x(), band.get_width()) == (day("2018-05-01"), 61)
    levels = {tuple(map(tuple, part)) for drawn in ax.collections if hasattr(drawn, "get_segments")
              for part in drawn.get_segments()
              if len(part) == 2 and part[0][1] == part[1][1]}  # fmt: skip
    at = day("2018-06-12")
    assert levels == {((day("2018-01-01"), 0.85), (at, 0.85)),
                      ((at, 0.45), (day("2019-01-01"), 0.45))}  # fmt: skip


def test_turns_of_a_series_whose_name_is_wrapped_are_drawn(by_quarter: pd.DataFrame):
    long = "The Northern Provincial Intelligencer and Advertiser"
    turns = pd.DataFrame({"topic": [long], "turns": [1], "turn": pd.Timestamp("2018-06-12"),
                          "turn_low": pd.Timestamp("2018-05-01"), "share_before": 0.85,
                          "turn_high": pd.Timestamp("2018-07-01"),
                          "share_after": 0.45})  # fmt: skip
    ax = share_over_time(by_quarter.replace({"topic": {"a": long}}), series="topic", turns=turns)
    assert len(ax.patches) == 1


def test_an_event_stands_where_its_day_is(by_quarter: pd.DataFrame):
    ax = share_over_time(by_quarter, series="topic", events={"Summit": "2018-06-12"})
    lines = [float(x.get_xdata()[0]) for x in ax.lines if list(x.get_ydata()) == [0, 1]]
    assert lines[-1] == day("2018-06-12")


def test_the_labels_of_lines_that_end_together_do_not_overlap(by_quarter: pd.DataFrame):
    fig, ax = figure(height=2.8)
    share_over_time(by_quarter, series="topic", ax=ax)
    fig.canvas.draw()
    labels = [text for text in ax.texts if text.get_text().startswith(("a\n", "b\n"))]
    boxes = [label.get_window_extent() for label in labels]
    assert len(boxes) == 2
    assert not boxes[0].overlaps(boxes[1])


def scores(contrast: tuple[str, str], by: list[str]) -> pd.DataFrame:
    """What `stance` gives for a lexicon of one's own, of four articles in two outlets."""
    lexicon = Lexicon.from_dict({contrast[0]: ["storm*"], contrast[1]: ["harvest*"]})
    articles = check_articles(
        pd.DataFrame(
            {
                "doc_id": range(4),
                "outlet": ["Gazette", "Gazette", "Herald", "Herald"],
                "date": ["2021-03-14", "2021-08-14"] * 2,
                "voice": "narration",
                "text": ["A storm.", "No storm, a harvest.", "Harvests.", "Storms, a harvest."],
            }
        )
    )
    counts = document_terms(add_period(articles, "quarter"), lexicon=lexicon)
    return stance(counts, lexicon, contrast, by=by)


@pytest.mark.parametrize("contrast", [("risk", "chance"), ("a/b_c", "n_x"), ("low", "rate")])
def test_the_axis_names_the_frames_of_the_table(contrast: tuple[str, str]):
    label = f"share of {contrast[0]}\n(against {contrast[1]})"
    assert share_by_group(scores(contrast, ["outlet"])).get_xlabel() == label
    over_time = share_over_time(scores(contrast, ["outlet", "period"]), series="outlet")
    assert over_time.get_ylabel() == label
    assert share_by_voice(scores(contrast, ["outlet", "voice"])).get_xlabel() == label
    panel = share_multiples(scores(contrast, ["outlet", "period"])).axes[0]
    ends = [tick.get_text() for tick in panel.get_yticklabels()]
    assert ends == [f"0  all {contrast[1]}", ".50", f"1  all {contrast[0]}"]


def test_frames_that_are_given_win_and_those_that_cant_be_told_are_asked_for():
    table = scores(("risk", "chance"), ["outlet"])
    ax = share_by_group(table, frames=("danger", "hope"))
    assert ax.get_xlabel() == "share of danger\n(against hope)"
    without_rates = table[["outlet", "articles", "n_chance", "n_risk", "n_risk_negated"]]
    assert frames_of(without_rates, None) == ("chance", "risk")
    for unclear, named in ((table.drop(columns="n_risk"), "chance"), (table[["outlet"]], "none")):
        with pytest.raises(CountsError, match=rf"\(it has the hits of {named}\). Say frames="):
            frames_of(unclear, None)
    with pytest.raises(CountsError, match="frames='risk': give two different names"):
        share_by_group(table, frames="risk")


def test_a_table_of_another_kind_is_refused():
    with pytest.raises(CountsError, match=r"lacks share, .* it has term"):
        share_by_group(pd.DataFrame({"term": ["x"]}))


def test_a_saved_figure_is_the_same_bytes_again(by_outlet: pd.DataFrame, tmp_path: Path):
    def draw(folder: Path) -> list[bytes]:
        fig = share_by_group(by_outlet).figure
        layout = fig.get_layout_engine()
        files = save_figure(
            fig, folder / "fig", title="T", caption="C.", alt='Dots of "share"',
            table=by_outlet, formats=("svg", "png", "pdf"),
        )  # fmt: skip
        assert [file.suffix for file in files] == [".svg", ".png", ".pdf", ".txt", ".csv"]
        # Whoever draws on makes room for what is new.
        assert fig.get_layout_engine() is layout
        return [file.read_bytes() for file in files]

    first, again = draw(tmp_path / "a"), draw(tmp_path / "b")
    assert first == again
    assert b"aria-label='Dots of \"share\"'" in first[0]
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "a" / "fig.csv"), by_outlet)


def test_a_figure_of_an_unknown_format_is_refused_before_anything_is_written(tmp_path):
    fig, _ = figure()
    with pytest.raises(
        OutputError, match=r"formats=\['svg', 'gif'\]: 'gif' is not one of svg, png"
    ):
        save_figure(
            fig, tmp_path / "new" / "a", title="", caption="", alt="", formats=["svg", "gif"]
        )
    assert not (tmp_path / "new").exists()
