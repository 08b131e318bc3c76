"""Charts in other languages: no word of a chart is out of reach of ``labels=``."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.showing import charts

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "other-words.md"
Chart = Callable[..., Axes | Figure]


class Everything(Mapping[str, str]):
    """Other words for whatever is asked for: its letters become one that English does not have."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, text: str) -> str:
        self.asked.add(text)
        return re.sub("[A-Za-z]", "ж", text)

    def __iter__(self) -> Iterator[str]:
        return iter(self.asked)

    def __len__(self) -> int:
        return len(self.asked)


def with_ends(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    return table.assign(**{f"{n}{end}": table[n] + add for n in names
                           for end, add in (("_low", -0.1), ("_high", 0.1))})  # fmt: skip


# Names are in capitals, phrases are not.
SHARES = with_ends(
    pd.DataFrame({"outlet": ["AUK", "GULL", "TERN"], "articles": 40, "share": [0.4, 0.7, np.nan],
                  "n_WAR": 4, "n_LAW": 6, "rate_WAR": 1.0, "rate_LAW": 1.0}), "share"
)  # fmt: skip
PERIODS = pd.concat([SHARES.assign(period=q) for q in ("2021-Q1", "2021-Q2")], ignore_index=True)
MANY = pd.concat([PERIODS, PERIODS.assign(outlet=PERIODS["outlet"] + "S", share=np.nan)])
MEANS = with_ends(
    pd.DataFrame({"outlet": ["AUK"], "frame": "WAR", "articles": 40, "mean": 0.4}), "mean"
)
FRAMES = with_ends(
    pd.DataFrame({"outlet": ["AUK", "GULL"], "frame": "WAR", "articles": 40, "articles_hit": 8,
                  "prevalence": 0.2, "rate": 0.2, "share": 0.2, "mean": 0.2}),
    "prevalence", "rate", "share", "mean",
)  # fmt: skip
APART = with_ends(
    pd.DataFrame({"outlet": ["AUK"], "frame": "WAR", "share": 0.6, "share_other": 0.4, "q": 0.01,
                  "difference": 0.8}), "difference"
)  # fmt: skip
ADJUSTED = with_ends(
    pd.DataFrame({"outlet": ["AUK"], "share_difference": 0.3, "adjusted_share_difference": 0.1}),
    "share_difference", "adjusted_share_difference",
)  # fmt: skip
EVENTS = pd.DataFrame({"outlet": ["AUK", "GULL"] * 2, "event": ["A", "A", "B", "B"],
                       "share": [0.8, 0.4, 0.5, 0.7]})  # fmt: skip
TERMS = pd.DataFrame({"period": ["2021", "2022"], "term": "TALKS", "n": 40, "n_docs": 12,
                      "per_million": 400.0, "low": 300.0, "high": 500.0})  # fmt: skip
CHANGES = ["none", "pattern", "outlet", "voice", "negation", "reprints", "titles",
           "patterns together", "patterns together"]  # fmt: skip
SPECIFICATION = with_ends(
    pd.DataFrame({"change": CHANGES, "left_out": ["", *"PQRSTU", "V, W", "X" * 60], "shift": 0.1,
                  "score": np.linspace(-0.3, 0.5, 9), "turned": [True, *[False] * 8]}), "score"
)  # fmt: skip
KEYNESS = pd.DataFrame({"term": ["TALKS", "TROOPS"], "t": [3.1, -2.7], "q": [0.01, 0.03],
                        "n_target": [9, 2], "n_reference": [3, 8], "log_ratio": [1.5, -2.0],
                        "low": [0.5, -3.5], "high": [2.5, -0.5]})  # fmt: skip
ARTICLES = pd.DataFrame({"outlet": [f"OUTLET {n}" for n in range(9)], "doc_id": range(9),
                         "period": pd.Categorical(["2021"] * 9, ordered=True)})  # fmt: skip
STROKES = pd.DataFrame({"term": "TALKS", "n": 2, "n_tokens": 90, "outlet": ["AUK"],
                        "date": pd.to_datetime(["2021-03-14"])})  # fmt: skip
WEIGHTS = pd.DataFrame({"outlet": ["AUK", "AUK", "GULL"], "period": ["2021", "2022", "2022"],
                        "rank": 1, "term": "TALKS", "n": 4, "tfidf": 0.3})  # fmt: skip
PAIRS = pd.DataFrame({"frame_a": ["WAR"], "frame_b": ["LAW"], "n_both": [7], "log_odds": [1.2],
                      "q": [0.01]})  # fmt: skip

DRAWN: list[Chart] = [
    partial(charts.coverage, ARTICLES, most=2),
    partial(charts.coverage, ARTICLES.iloc[:0]),
    partial(charts.share_by_group, SHARES, reference=(0.5, "AMBASSADOR"), title="TITLE"),
    partial(charts.share_by_group, MEANS),
    partial(charts.share_by_group, SHARES.iloc[:0]),
    partial(charts.estimates, FRAMES, value="rate"),
    partial(charts.estimates, FRAMES[["articles", "rate"]].head(1), value="rate"),
    partial(charts.share_by_voice, pd.concat(
        [SHARES.assign(voice=voice) for voice in ("narration", "quoted", "reported")])),
    partial(charts.adjusted_differences, ADJUSTED, title="TITLE"),
    partial(charts.adjusted_differences, ADJUSTED.assign(outlet_other="GULL", measure="rate")),
    partial(charts.share_over_time, PERIODS, events={"SUMMIT": "2021-02-03"}),
    partial(charts.share_over_time, MANY),
    partial(charts.share_over_time, PERIODS[PERIODS["outlet"] == "AUK"].drop(columns="outlet")),
    partial(charts.share_over_time, PERIODS[PERIODS["outlet"] == "TERN"].head(1)),
    partial(charts.share_over_time, PERIODS[PERIODS["outlet"] == "AUK"].assign(
        period=["BEFORE THE WAR", "AFTER IT"])),
    partial(charts.terms_over_time, TERMS),
    partial(charts.terms_over_time, TERMS.assign(per_million=np.nan, high=np.nan)),
    partial(charts.share_multiples, PERIODS, events={"SUMMIT": "2021-02-03"}),
    partial(charts.share_multiples, PERIODS.iloc[:0]),
    *(partial(charts.frame_multiples, FRAMES, measure=measure)
      for measure in ("prevalence", "rate", "share", "mean")),
    *(partial(charts.frame_differences, APART.assign(measure=measure), title="TITLE")
      for measure in ("prevalence", "rate", "share", "mean")),
    partial(charts.event_slopes, EVENTS, frames=("WAR", "LAW")),
    partial(charts.event_slopes, EVENTS.head(2), frames=("WAR", "LAW")),
    partial(charts.event_slopes, EVENTS.iloc[[0, 3]], frames=("WAR", "LAW")),
    partial(charts.event_slopes, EVENTS.iloc[[0, 3]].assign(frame="WAR", prevalence=0.5)),
    partial(charts.pair_matrix, PAIRS),
    partial(charts.target_matrix, SHARES.assign(target="ANYTOWN")),
    partial(charts.specification_curve, SPECIFICATION),
    partial(charts.specification_curve, SPECIFICATION.assign(score=np.nan)),
    partial(charts.keyness_forest, KEYNESS),
    partial(charts.term_over_articles, STROKES),
    partial(charts.tfidf_multiples, WEIGHTS),
]  # fmt: skip


def texts(drawn: Axes | Figure) -> list[str]:
    """What can be read in a chart."""
    figure = drawn if isinstance(drawn, Figure) else drawn.figure
    figure.draw_without_rendering()
    found = figure.findobj(Text)
    return [text.get_text() for text in found if text.get_visible() and text.get_text()]


@pytest.mark.parametrize(
    "chart", DRAWN, ids=[f"{n}-{c.func.__name__}" for n, c in enumerate(DRAWN)]
)
def test_every_word_of_a_chart_can_be_replaced(chart: Chart):
    # Events in small panels have letters, which a caption explains.
    found = [text for text in texts(chart(labels=Everything())) if text != "a"]
    assert any("ж" in text for text in found)
    assert [text for text in found if re.search("[A-Za-z]", text)] == []


def test_these_are_all_charts():
    drawn = {chart.func.__name__ for chart in DRAWN}
    helpers = {"chart", "coverage_table", "event_letters", "figure", "own_names", "save_figure"}
    assert drawn == {n for n in charts.__all__ if callable(getattr(charts, n))} - helpers


def test_the_page_has_a_word_for_each():
    (german,) = re.findall(r"GERMAN = (\{.*?\})\n", PAGE.read_text(encoding="utf-8"), flags=re.S)
    asked = Everything()
    for chart in DRAWN:
        chart(labels=asked)
        plt.close("all")
    phrases = {text for text in asked.asked if re.search("[a-z]", text)}
    months = {f"{month:%b}" for month in pd.date_range("2021-01-01", periods=12, freq="MS")}
    columns = {"rate"}
    assert phrases - months - columns == set(ast.literal_eval(german)) - months


def test_names_that_change_places_do_so_once():
    ax = charts.share_by_group(SHARES, labels={"AUK": "GULL", "GULL": "AUK"})
    assert [label.get_text() for label in ax.get_yticklabels()] == ["TERN", "GULL", "AUK"]


def test_values_stand_where_the_phrase_has_them():
    ax = charts.frame_multiples(FRAMES, labels={"{} of {}": "{} aus {}", "n": "N"}).axes[0]
    assert ax.get_title("left").split("\n")[1] == "N = 16 aus 80"
    # A phrase without a place for a value leaves it out, and braces in names are no places.
    ax = charts.event_slopes(EVENTS, frames=("{}", "LAW"),
                             labels={"{} events; heavy: the mean": "Mittel"})  # fmt: skip
    assert "Mittel" in texts(ax)
    assert ax.get_ylabel().startswith("share of {}")
