"""What charts make of tables that hold too little, too much or something else."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import CountsError
from analysis.showing.charts import (
    coverage,
    event_letters,
    share_by_group,
    share_by_voice,
    share_multiples,
    share_over_time,
    specification_curve,
    term_over_articles,
    terms_over_time,
)

OUTLETS, YEARS = ["Gazette", "Herald"], ["2019", "2020", "2021"]


@pytest.fixture
def scores() -> pd.DataFrame:
    rows = [(outlet, year) for outlet in OUTLETS for year in YEARS]
    table = pd.DataFrame(rows, columns=["outlet", "period"])
    table["period"] = pd.Categorical(table["period"], YEARS, ordered=True)
    table["share"] = [0.2, 0.4, 0.6, 0.5, 0.5, 0.5]
    table = table.assign(share_low=table["share"] - 0.1, share_high=table["share"] + 0.1)
    return table.assign(articles=20, n_risk=[2, 4, 6, 5, 5, 5], n_chance=[8, 6, 4, 5, 5, 5])


def rates(scores: pd.DataFrame) -> pd.DataFrame:
    rows = scores[scores["outlet"] == "Gazette"].assign(term="talks", n=9, n_docs=9)
    return rows.assign(per_million=rows["n_risk"], low=1.0, high=9.0)


def over_time(table: pd.DataFrame) -> Axes:
    return share_over_time(table, series="outlet")


def panel(table: pd.DataFrame) -> Axes:
    fig: Figure = share_multiples(table)
    return fig.axes[0]


def points(ax: Axes) -> list[tuple[float, float]]:
    """The places of the marks of a chart, those that are drawn."""
    marks = [line for line in ax.lines if line.get_marker() not in ("None", "")]
    return sorted({(float(x), float(y)) for line in marks for x, y in line.get_xydata()})


@pytest.mark.parametrize("draw", [over_time, panel, lambda table: terms_over_time(rates(table))])
def test_periods_may_be_text(draw: Callable[[pd.DataFrame], Axes], scores: pd.DataFrame):
    as_text = scores.assign(period=scores["period"].astype(str))
    assert points(draw(as_text)) == points(draw(scores)) != []


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (over_time, "nothing to draw: the table has no rows"),
        (panel, "nothing to draw: the table has no rows"),
        (share_by_group, "nothing to draw: the table has no rows"),
        (lambda table: terms_over_time(rates(table)), "nothing to draw: the table has no rows"),
        (
            lambda table: share_by_voice(table.assign(voice="quoted")),
            "nothing to draw: the table has no rows",
        ),
        (coverage, "nothing to draw: there are no articles"),
    ],
)
def test_a_table_without_rows_gives_axes_that_say_so(
    draw: Callable[[pd.DataFrame], Axes], sentence: str, scores: pd.DataFrame
):
    for empty in (scores.iloc[:0], scores.iloc[:0].assign(period=pd.Series([], dtype=str))):
        ax = draw(empty)
        assert [text.get_text() for text in ax.texts] == [sentence]
        ax.figure.canvas.draw()


@pytest.mark.parametrize("draw", [over_time, panel])
def test_scores_of_no_hits_are_said_to_have_none(
    draw: Callable[[pd.DataFrame], Axes], scores: pd.DataFrame
):
    without = scores.assign(share=np.nan, share_low=np.nan, share_high=np.nan, n_risk=0, n_chance=0)
    assert "no hits of either frame" in [text.get_text() for text in draw(without).texts]


def test_a_series_without_hits_is_named_beside_those_that_have_lines(scores: pd.DataFrame):
    scores.loc[scores["outlet"] == "Herald", ["share", "share_low", "share_high"]] = np.nan
    said = [text.get_text() for text in over_time(scores).texts]
    assert "Herald\nno hits, n = 60" in said
    assert "Gazette\nn = 60" in said


def test_a_voice_without_hits_leaves_its_row_and_says_so(scores: pd.DataFrame):
    table = scores[scores["period"] == "2019"].assign(voice="quoted")
    table.loc[table["outlet"] == "Herald", ["share", "share_low", "share_high"]] = np.nan
    ax = share_by_voice(table)
    rows = [label.get_text() for label in ax.get_yticklabels()]
    said = {text.get_text(): text.xy[1] for text in ax.texts}
    assert rows.index("Herald") == said["no hits"]


@pytest.mark.parametrize("draw", [over_time, panel, lambda table: terms_over_time(rates(table))])
def test_two_rows_for_one_point_are_refused(
    draw: Callable[[pd.DataFrame], Axes], scores: pd.DataFrame
):
    with pytest.raises(CountsError, match=r"two rows for .*period 2019.*one point"):
        draw(pd.concat([scores, scores]))


def test_an_order_of_what_is_not_there_is_refused(scores: pd.DataFrame):
    with pytest.raises(CountsError, match=r"order names Nope, which .*'outlet'.* Gazette, Herald"):
        share_multiples(scores, order=["Herald", "Nope"])


def test_an_event_without_a_day_is_refused(scores: pd.DataFrame):
    for day in ("the third of May", "", None):
        with pytest.raises(CountsError, match=r"events: the day of 'Summit' is .*'2018-06-12'"):
            share_over_time(scores, series="outlet", events={"Summit": day})


def test_every_event_has_a_letter():
    events = {f"event {n}": f"2020-01-{n + 1:02}" for n in range(28)}
    letters = event_letters(events)
    assert list(letters.values()) == list(events)
    assert [*letters][25:] == ["z", "aa", "ab"]


@pytest.fixture
def kinds() -> pd.DataFrame:
    table = pd.DataFrame({"outlet": [f"Outlet {n}" for n in range(8)], "kind": list("abcdefga")})
    table["share"] = np.linspace(0.1, 0.8, 8)
    table = table.assign(share_low=table["share"] - 0.1, share_high=table["share"] + 0.1)
    return table.assign(articles=5, n_risk=1, n_chance=1)


def key(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_as_many_kinds_as_colours_can_be_told_apart(kinds: pd.DataFrame):
    assert key(share_by_group(kinds, colour_by="kind")) == list("abcdefg")
    kinds.loc[7, "kind"] = "h"
    with pytest.raises(CountsError, match=r"colour_by='kind': 8 values .* 7 can"):
        share_by_group(kinds, colour_by="kind")


def test_a_missing_kind_is_a_kind(kinds: pd.DataFrame):
    kinds.loc[[0, 6], "kind"] = [None, ""]
    assert key(share_by_group(kinds, colour_by="kind")) == [*"abcdef", "(none)"]


def test_an_order_of_colours_names_all_kinds(kinds: pd.DataFrame):
    order = list("gfedcba")
    assert key(share_by_group(kinds, colour_by="kind", colour_order=order)) == order
    with pytest.raises(CountsError, match=r"colour_order lacks c, d, e, f, g of .*'kind'"):
        share_by_group(kinds, colour_by="kind", colour_order=["a", "b"])
    with pytest.raises(CountsError, match="lacks lean"):
        share_by_group(kinds, colour_by="lean")


def test_a_curve_without_scores_says_so():
    columns = ["change", "left_out", "score", "score_low", "score_high", "shift", "turned"]
    unknown = pd.DataFrame([["none", "", *[np.nan] * 4, False]], columns=columns)
    for table in (unknown, unknown.iloc[:0]):
        said = [text.get_text() for text in specification_curve(table).texts]
        assert said == ["no score could be computed"]


def test_the_ends_of_a_curve_are_told_apart():
    columns = ["change", "left_out", "score", "turned"]
    long = "The Morning Intelligencer and Weekly Advertiser of the {} Provinces (Online)"
    rows = [("outlet", long.format(part), 0.1 * n, False) for n, part in enumerate("NESW")]
    table = pd.DataFrame([("none", "", 0.2, False), *rows], columns=columns)
    table = table.assign(score_low=-0.1, score_high=0.5, shift=0.1)
    lowest, highest = [text.get_text() for text in specification_curve(table, named=2).texts][-2:]
    assert [line.split("… ")[1] for line in lowest.splitlines()[1:]] == [
        "N Provinces (Online) 0.00", "E Provinces (Online) 0.10",
    ]  # fmt: skip
    assert highest.splitlines()[1].endswith("W Provinces (Online) 0.30")
    table.loc[1, ["change", "left_out"]] = ["patterns together", ", ".join(["storm*"] * 20)]
    lowest = specification_curve(table, named=2).texts[-2].get_text()
    assert lowest.splitlines()[1] == "storm*, storm*, storm*, storm*, storm*, … 0.00"
    # A single pattern has a row of its own already.
    table.loc[1, "left_out"] = "storm*"
    assert "storm*" not in specification_curve(table, named=2).texts[-2].get_text()


def test_articles_without_an_outlet_have_a_line_of_their_own():
    table = pd.DataFrame(
        {"outlet": ["Herald", None], "date": pd.to_datetime(["2021-03-14", "2021-03-15"]),
         "n": [1, 2], "n_tokens": 100}
    )  # fmt: skip
    ax = term_over_articles(table)
    assert {label.get_text() for label in ax.get_yticklabels()} == {"Herald", "(none)"}
    empty = term_over_articles(table.iloc[:0])
    assert [t.get_text() for t in empty.texts] == ["nothing to draw: the table has no rows"]


def test_groups_without_a_name_are_called_none(scores: pd.DataFrame):
    row = scores[scores["period"] == "2019"].assign(outlet=[None, " "])
    labels = [label.get_text() for label in share_by_group(row.head(1)).get_yticklabels()]
    assert labels == ["(none)"]
    assert panel(row.head(1)).get_title(loc="left") == "(none)   n = 20"
    coverage_rows = coverage(row).get_yticklabels()
    assert [label.get_text() for label in coverage_rows] == ["(none)"]
