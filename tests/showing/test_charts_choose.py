"""Charts are found, choose themselves, and look as they are told."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import get_args

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

import analysis
from analysis import charts
from analysis.errors import CountsError

SCORE = {"articles": 12, "share": 0.4, "share_low": 0.3, "share_high": 0.5, "n_war": 4, "n_law": 6}
YEARS = ["2019", "2020", "2021"]
OUTLETS = ["Auk", "Gull", "Tern"]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def lines() -> pd.DataFrame:
    frame = pd.DataFrame([(o, y) for o in OUTLETS for y in YEARS], columns=["outlet", "period"])
    return frame.assign(**SCORE)


def colours(ax: Axes) -> dict[str, str]:
    """The colour of each name at the end of a line."""
    names = {text.get_text().split("\n")[0]: to_hex(text.get_color()) for text in ax.texts}
    return {name: names[name] for name in OUTLETS if name in names}


def test_an_outlet_keeps_its_colour_whatever_else_is_drawn(lines: pd.DataFrame):
    whole = colours(charts.share_over_time(lines))
    assert list(whole) == OUTLETS and len(set(whole.values())) == 3
    for left_out in OUTLETS:
        fewer = colours(charts.share_over_time(lines[lines["outlet"] != left_out]))
        assert fewer == {name: whole[name] for name in OUTLETS if name != left_out}
    given = colours(charts.share_over_time(lines, colours={"Gull": "red"}))
    assert given == whole | {"Gull": "#ff0000"}


@pytest.mark.parametrize(
    ("columns", "drawn"),
    [
        ({"outlet": OUTLETS, **SCORE}, "share_by_group"),
        ({"outlet": OUTLETS * 3, "period": np.repeat(YEARS, 3), **SCORE}, "share_over_time"),
        ({"quarter": ["2020-Q1", "2020-Q2", "2020-Q3"], **SCORE}, "share_over_time"),
        ({"outlet": [f"o{n}" for n in range(8)], "period": "2020", **SCORE}, "share_multiples"),
        ({"outlet": OUTLETS, "voice": "quoted", **SCORE}, "share_by_voice"),
        ({"outlet": OUTLETS, "topic": ["a", "b", "c"], **SCORE}, "share_by_group"),
        ({"outlet": OUTLETS, "target": "Anyland", **SCORE}, "target_matrix"),
        ({name: [value] for name, value in SCORE.items()}, "share_by_group"),
        ({"outlet": OUTLETS, "articles": 9, "slope": 0.1, "slope_low": 0.0, "slope_high": 0.2},
         "estimates"),
        ({"outlet": ["Auk"], "outlet_other": "Gull", "share": 0.2, "share_other": 0.3,
          "difference": 0.1, "difference_low": 0.0, "difference_high": 0.2}, "estimates"),
        ({"outlet": OUTLETS, "share": 0.2, "share_other": 0.3, "difference": 0.1,
          "difference_low": 0.0, "difference_high": 0.2, "share_difference": 0.1,
          "share_difference_low": 0.0, "share_difference_high": 0.2,
          "adjusted_share_difference": 0.1, "adjusted_share_difference_low": 0.0,
          "adjusted_share_difference_high": 0.2}, "adjusted_differences"),
        ({"outlet": ["Auk", "Gull"], "event": "a", "articles": 1, "n_war": 1, "n_law": 2,
          "rate_war": 1.0, "rate_law": 2.0, **SCORE}, "event_slopes"),
        ({"outlet": ["Auk"] * 2, "outlet_other": "Gull", "frame": ["war", "law"],
          "measure": "prevalence", "share": 0.2, "share_other": 0.3, "q": 0.1,
          "difference": 0.1, "difference_low": 0.0, "difference_high": 0.2}, "frame_differences"),
        ({"outlet": OUTLETS, "frame": "war", "articles": 9, "articles_hit": 3, "prevalence": 0.3,
          "prevalence_low": 0.2, "prevalence_high": 0.4, "share": 1}, "frame_multiples"),
        ({"frame": ["war", "law"], "articles": 9, "articles_hit": 3, "prevalence": 0.3,
          "prevalence_low": 0.2, "prevalence_high": 0.4, "share": 1}, "estimates"),
        ({"frame_a": ["war"], "frame_b": "law", "n_both": 7, "log_odds": 1.2, "q": 0.01},
         "pair_matrix"),
        ({"change": ["none", "pattern"], "frame": "war", "left_out": ["", "raid"], "shift": 0,
          "score": 0.5, "score_low": -0.2, "score_high": 0.8, "turned": False},
         "specification_curve"),
        ({"term": ["a", "b"], "n_target": 9, "n_reference": 3, "log_ratio": [1.0, -1.0],
          "low": -2.0, "high": 2.0, "t": [2.0, -2.0], "q": 0.1}, "keyness_forest"),
        ({"outlet": OUTLETS, "term": "raid", "n": 4, "tfidf": 0.1, "rank": 1}, "tfidf_multiples"),
        ({"outlet": OUTLETS, "term": "raid", "n": 4, "per_million": 9.0, "low": 2.0, "high": 19.0,
          "n_docs": 3}, "estimates"),
        ({"year": YEARS, "term": "raid", "n": 4, "per_million": 9.0, "low": 2.0, "high": 19.0,
          "n_docs": 3}, "terms_over_time"),
        ({"term": ["a", "b"], "n": [4, 9], "range": 2, "articles": 3, "dp": 0.1, "dp_norm": 0.2},
         "estimates"),
        ({"term": ["a", "b"], "n_near": [4, 9], "log_likelihood": 3.0, "log_dice": 9.0},
         "estimates"),
        ({"doc_id": ["a"], "outlet": "Auk", "date": pd.Timestamp("2020-01-02"), "n_tokens": 90,
          "term": "raid", "n": 2}, "term_over_articles"),
        ({"doc_id": ["a"], "outlet": "Auk", "date": pd.Timestamp("2020-01-02")}, "coverage"),
        ({"frame": ["war"], "coders": 2, "alpha": 0.8, "alpha_low": 0.6, "alpha_high": 0.9},
         "estimates"),
    ],
)  # fmt: skip
def test_every_table_has_its_chart(columns: dict, drawn: str, monkeypatch: pytest.MonkeyPatch):
    """The one that is chosen draws the table."""
    from analysis.showing.charts import choose

    called: list[str] = []

    def noted(chosen: Callable) -> Callable:
        def choosing(table: pd.DataFrame) -> tuple:
            chart, *rest = chosen(table)
            called.append(chart.__name__)
            return chart, *rest

        return choosing

    known = [(needed, noted(chosen)) for needed, chosen in choose._CHARTS]
    monkeypatch.setattr(choose, "_CHARTS", known)
    table = pd.DataFrame(columns)
    assert isinstance(charts.chart(table), Axes | Figure)
    assert called == [drawn]


def test_of_many_terms_over_time_the_most_frequent_are_drawn():
    terms = [f"term{n}" for n in range(9)]
    rows = [(year, term, n + 1) for year in YEARS for n, term in enumerate(terms)]
    table = pd.DataFrame(rows, columns=["year", "term", "n"])
    table[["per_million", "low", "high", "n_docs"]] = [9.0, 2.0, 19.0, 3]
    assert [text.get_text().split()[0] for text in charts.chart(table).texts] == terms[2:]


def test_a_table_without_an_estimate_has_none():
    with pytest.raises(CountsError, match="no column of the table has an interval; it has left"):
        charts.chart(pd.DataFrame({"left": ["x"], "keyword": ["y"]}))


def test_what_is_missing_says_where_it_is(lines: pd.DataFrame):
    with pytest.raises(AttributeError, match=r"it is charts\.share_over_time \(from analysis"):
        analysis.share_over_time  # noqa: B018
    with pytest.raises(AttributeError, match="Is prevalence or corrected_prevalence meant"):
        analysis.prevalance  # noqa: B018
    assert not hasattr(analysis, "__wrapped__")
    with pytest.raises(TypeError, match=r"no parameter 'colors'; .*colours=\{'Gazette'"):
        charts.share_by_group(lines, colors={})
    two = lines.assign(period="2020").rename(columns={"period": "topic"}).assign(period="2020")
    two = two[["outlet", "topic", "period", *SCORE]]
    with pytest.raises(CountsError, match="groups by outlet, topic: say which are the lines"):
        charts.share_over_time(two)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"colours": {"Gull": "blu"}}, "'blu' of 'Gull' is not a colour"),
        ({"colours": ["red"]}, "give a mapping"),
        ({"size": (3, 0)}, "give a width and a height"),
        ({"size": 5}, "give a width and a height"),
        ({"size": ("a", "b")}, r"size=\('a', 'b'\): give a width and a height"),
        ({"size": (np.inf, 3)}, r"size=\(inf, 3\): give a width and a height"),
        ({"ax": 3}, "ax=3: give axes"),
        ({"frames": "war"}, "frames='war': give two different names"),
        ({"frames": 3}, "frames=3: give two different names"),
        ({"turns": 3}, "turns=3: give a DataFrame"),
        ({"events": ["2020-01-02"]}, "give a mapping such as"),
        ({"thin": "many"}, "give 'auto' or a number"),
    ],
)
def test_looks_that_are_wrong(lines: pd.DataFrame, options: dict, said: str):
    with pytest.raises(CountsError, match=said):
        charts.share_over_time(lines, **options)


WRONG = {
    int: [-1, 0, 1.5, "a", True],
    float: ["a", np.nan, True],
    Sequence[str]: ["Gull", 3],
    tuple[str, str]: ["Gull", 3, ("Gull",), ("Gull", "Gull"), ("a", "b", "c"), {"a", "b"}],
    tuple[float, str]: [0.5, ("a", 0.5)],
    tuple[float, float]: [("a", "b"), (np.inf, 3), (0, 3), 5, "ab"],
    Mapping[str, str]: [["red"], 3],
    Axes: [3, "ax"],
}


@pytest.mark.parametrize("name", charts.__all__)
def test_options_of_every_chart_say_what_they_must_be(name: str):
    """Before the table is looked at: whatever it is, a wrong option is named."""
    drawn, tried = getattr(charts, name), 0
    if not hasattr(drawn, "__wrapped__"):
        return
    for option, parameter in inspect.signature(drawn).parameters.items():
        kinds = get_args(parameter.annotation)
        kind = kinds[0] if type(None) in kinds and len(kinds) == 2 else parameter.annotation
        for value in WRONG.get(kind, ()):
            if (option, value) == ("named", 0):
                continue
            with pytest.raises(CountsError, match=f"^{option}={re.escape(repr(value))}: give .+"):
                drawn(None, **{option: value})
            tried += 1
    assert tried > 10


def test_more_voices_than_colours_are_refused(lines: pd.DataFrame):
    with pytest.raises(CountsError, match=r"voices: 8 of them can't be told apart .*; 7 can"):
        charts.share_by_voice(lines.assign(voice=YEARS * 3), voices=list("abcdefgh"))
    with pytest.raises(CountsError, match="value='outlet': the column has no numbers"):
        charts.estimates(lines, value="outlet")


MISSING = {"float": [12, np.nan], "Int64": pd.array([12, None], "Int64"), "none": [None, None],
           "object": pd.Series([12, None], dtype=object)}  # fmt: skip


@pytest.mark.parametrize("articles", MISSING.values(), ids=MISSING)
@pytest.mark.parametrize("chart", [
    charts.share_by_group, charts.estimates, charts.share_over_time, charts.share_multiples,
    charts.share_by_voice, charts.target_matrix, charts.frame_multiples,
])  # fmt: skip
def test_an_unknown_number_of_articles_is_a_dash(chart: Callable, articles: object):
    table = pd.DataFrame(
        {
            "outlet": ["Auk", "Gull"],
            "period": "2020",
            "voice": "quoted",
            "target": "Anyland",
            "frame": "war",
            **SCORE,
            "articles_hit": 3,
        }
    )
    table = table.assign(prevalence=0.4, prevalence_low=0.3, prevalence_high=0.5)
    options = (
        {"series": "outlet"} if "over" in chart.__name__ or "share_m" in chart.__name__ else {}
    )
    drawn = chart(table.assign(articles=articles), **options)
    fig = drawn if isinstance(drawn, Figure) else drawn.figure
    fig.draw_without_rendering()
    said = [text.get_text() for text in fig.findobj(Text)]
    each = (charts.share_by_group, charts.estimates, charts.target_matrix)
    if chart in each or (pd.Series(articles).isna().all() and chart != charts.share_by_voice):
        assert any("n = –" in text for text in said)
    assert not any("nan" in text for text in said)


@pytest.mark.parametrize("share", [[None, None], pd.array([0.4, None], "Float64")])
@pytest.mark.parametrize("chart", [charts.share_by_group, charts.target_matrix])
def test_a_share_that_is_missing_is_no_share_whatever_stands_for_it(chart: Callable, share: object):
    table = pd.DataFrame({"outlet": ["Auk", "Gull"], "target": "Anyland", **SCORE})
    table = table.assign(share=share, share_low=share, share_high=share)
    said = [text.get_text() for text in chart(table).texts]
    assert said.count("no hits") == pd.Series(share).isna().sum()


def test_words_and_size_are_set(lines: pd.DataFrame):
    words = {"share of": "Anteil von", "against": "gegen", "n": "N", "Gull": "Möwe", "war": "Krieg"}
    ax = charts.share_over_time(lines, labels=words, size=(5, 2))
    assert ax.get_ylabel() == "Anteil von Krieg\n(gegen law)"
    assert tuple(ax.figure.get_size_inches()) == (5, 2)
    assert "Möwe\nN = 36" in [text.get_text() for text in ax.texts]
    # The next chart knows nothing of it.
    assert charts.share_over_time(lines).get_ylabel() == "share of war\n(against law)"


def test_points_of_few_articles_keep_their_interval(lines: pd.DataFrame):
    gull = lines[lines["outlet"] == "Gull"].assign(articles=[3, 30, 1])
    gull.loc[gull["articles"] == 1, ["share_low", "share_high"]] = np.nan
    for thin, intervals in (("auto", 2), (10, 1)):
        ax = charts.share_over_time(gull, thin=thin)
        hollow = [line for line in ax.lines if line.get_markerfacecolor() == "white"]
        assert sum(len(line.get_xdata()) for line in hollow) == 2
        bars = [p for drawn in ax.collections if hasattr(drawn, "get_segments")
                for p in drawn.get_segments() if len(p) and np.isfinite(p).all()]  # fmt: skip
        assert len(bars) == intervals, thin


def test_the_numbers_below_stand_in_one_direction():
    quarters = [f"{y}-Q{q}" for y in range(2012, 2021) for q in range(1, 5)]
    many = pd.DataFrame({"outlet": np.repeat(["Auk", "Gull"], 36), "period": quarters * 2})
    many = many.assign(**SCORE)
    many["articles"] = np.where(many["outlet"] == "Auk", 3, 211)
    ax = charts.share_over_time(many)
    turned = {text.get_rotation() for text in ax.texts if text.get_text() in ("3", "211")}
    assert turned == {90}
