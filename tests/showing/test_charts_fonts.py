"""Names in letters that fonts lack, or that run from right to left."""

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.showing.charts import keyness_forest, share_by_group, share_multiples
from analysis.showing.charts.drawing import labels

# Outlets in Chinese, which the font that comes with matplotlib lacks, and in Arabic and Hebrew.
CHINESE, ARABIC, HEBREW = ["人民日报", "新华社报"], "الجزيرة", "הארץ"


@pytest.fixture(autouse=True)
def only_the_font_of_matplotlib(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(labels, "FAMILIES", ("DejaVu Sans",))
    monkeypatch.setattr(labels, "_warned", [])
    labels.families.cache_clear()
    labels._letters.cache_clear()
    yield
    labels.families.cache_clear()
    labels._letters.cache_clear()


def scores(outlets: list[str]) -> pd.DataFrame:
    table = pd.DataFrame({"outlet": outlets, "period": pd.Categorical(["2018"] * len(outlets))})
    table["share"] = np.linspace(0.2, 0.8, len(outlets))
    table = table.assign(share_low=table["share"] - 0.1, share_high=table["share"] + 0.1)
    return table.assign(articles=20, n_risk=5, n_chance=5)


def forest(target: str) -> Figure:
    table = pd.DataFrame({"term": ["talks"], "t": [3.0], "q": 0.01, "log_ratio": 1.0})
    table = table.assign(n_target=5, n_reference=5, low=0.5, high=1.5)
    return keyness_forest(table, target=target, reference="all others").figure


def test_letters_that_no_font_has_are_written_in_numbers_and_told_once():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        ax = share_by_group(scores(CHINESE))
        ax.figure.canvas.draw()
        fig = share_multiples(scores(CHINESE))
        fig.canvas.draw()
        forest(CHINESE[0]).canvas.draw()
    # The numbers are those of Unicode's table, here as Python's ord gives them.
    numbers = ["U+" + " ".join(f"{ord(letter):X}" for letter in name) for name in CHINESE]
    assert [label.get_text() for label in ax.get_yticklabels()] == numbers
    titles = {ax.get_title(loc="left").rsplit("n", 1)[0].strip() for ax in fig.axes}
    assert titles == set(numbers)
    assert len(told) == 1
    assert "no font that charts use has all letters of '人民日报'" in str(told[0].message)


def test_an_installed_font_lends_its_letters(monkeypatch: pytest.MonkeyPatch):
    # U+1D81 (a d with a palatal hook) is in STIX, which comes with matplotlib, not in DejaVu Sans.
    name = "Heral\u1d81"
    monkeypatch.setattr(labels, "FAMILIES", ("No Such Font", "DejaVu Sans", "STIXGeneral"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = share_by_group(scores([name]))
        ax.figure.canvas.draw()
    assert ax.get_yticklabels()[0].get_text() == name
    assert ax.get_yticklabels()[0].get_fontfamily() == ["DejaVu Sans", "STIXGeneral"]


def test_marks_that_are_not_seen_need_no_font():
    assert labels.legible("Ga\u180ezette\U000e0100 é") == "Gazette é"


def test_a_name_from_right_to_left_does_not_turn_what_stands_beside_it():
    mark = "\u200e"  # LEFT-TO-RIGHT MARK: what follows it starts at the left again
    for name in (ARABIC, HEBREW):
        title = share_multiples(scores([name])).axes[0].get_title(loc="left")
        assert title == f"{mark}{name}{mark}   n = 20"
        sides = [text.get_text() for text in forest(name).axes[0].texts]
        assert f"{mark}{name}{mark} →" in sides
        assert "← all others" in sides
    assert labels.steady("Süddeutsche →") == "Süddeutsche →"
    assert labels.steady(f"{ARABIC}\n{HEBREW}") == f"{mark}{ARABIC}{mark}\n{mark}{HEBREW}{mark}"


@pytest.mark.parametrize(
    ("name", "font", "drawn"),
    [("ไทย", "or Noto Sans Thai", "U+0E44 0E17 0E22"), ("🦅", "or Noto Emoji", "U+1F985")],
)
def test_the_warning_names_a_font_of_the_script(name: str, font: str, drawn: str):
    with pytest.warns(UserWarning, match=font):
        assert labels.legible(name) == drawn
