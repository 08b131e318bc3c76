"""What a report says in words and captions: nothing that its tables and charts don't show."""

from pathlib import Path

import pandas as pd

from analysis.study import Results
from tests.study.conftest import small_corpus

LEXICON = '"deterrence-dialogue"'


def caption_of(results: Results, key: str) -> str:
    return (results.folder / "figures" / f"{key}.txt").read_text(encoding="utf-8")


def test_a_corpus_without_hits_is_said_to_have_none(small, tmp_path: Path):
    (tmp_path / "own.yml").write_text("fire: [volcano]\nice: [glacier]\n", encoding="utf-8")
    results = small((LEXICON, '"own.yml"')).run()
    page = results.report.read_text(encoding="utf-8")
    assert "2021-10-17 no hit of fire or ice counts: there is no share." in page
    assert "No turning point could be tested in all articles together: too few" in page
    assert "No turning point could be tested in any outlet: too few" in page
    for key in ("share_by_outlet", "share_over_time", "share_by_outlet_period"):
        caption = caption_of(results, key)
        assert "No hit counts, so there is no share to draw." in caption
        assert "hollow" not in caption


def test_a_group_without_a_value_has_a_name(small):
    rows = small_corpus()
    rows.loc[rows["section"] == "opinion", "section"] = None
    results = small(('["outlet"]', '["section"]'), articles=rows).run()
    for name in ("stance_by_section", "stance_trend_by_section", "frequencies_by_section"):
        assert set(results.tables[name]["section"]) == {"(none)", "world"}
    page = results.report.read_text(encoding="utf-8")
    assert "All articles have" not in page
    table = page.partition('id="table-stance_by_section"')[2].partition("</table>")[0]
    assert ">(none)</td>" in table
    assert table.count(">sentences<span") == 2


def test_captions_name_the_events_that_are_drawn_and_those_that_are_not(small):
    events = '[events]\n"The summit" = 2021-05-01\n"The fair" = 1999-01-01\n\n[prepare]'
    results = small(("[prepare]", events)).run()
    line = caption_of(results, "share_over_time")
    assert "Dotted lines: The summit (2021-05-01)." in line
    assert "Not drawn (outside the periods): The fair (1999-01-01)." in line
    # The fair is the first in time, so the summit has the letter b.
    assert "Dotted lines: b The summit (2021-05-01)." in caption_of(
        results, "share_by_outlet_period"
    )


def test_periods_with_names_of_their_own_have_no_lines(small):
    own = (
        "[periods.spans]\nbefore = [2021-01-01, 2021-06-30]\nafter = [2021-07-01, 2021-12-31]\n"
        '[events]\n"The summit" = 2021-05-01\n\n[prepare]'
    )
    caption = caption_of(small(("[prepare]", own)).run(), "share_over_time")
    assert "Dotted lines" not in caption
    assert "Not drawn (periods with names of their own show no days): The summit" in caption


def test_captions_say_how_many_of_the_values_are_drawn(small):
    results = small(("groups", "report = { outlets = 2, thin = 8 }\ngroups")).run()
    drawn = pd.read_csv(results.folder / "figures" / "share_by_outlet.csv")
    assert len(drawn) == 2
    assert "The 2 largest of 3 are shown." in caption_of(results, "share_by_outlet")
    # The Herald's share of 0 has no interval: no finding rests on it.
    hangs = caption_of(results, "sensitivity_by_outlet")
    assert (
        "difference of log odds of deterrence against dialogue between Gazette and Courier" in hangs
    )
