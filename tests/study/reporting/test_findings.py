"""What a report says in words and captions: nothing that its tables and charts don't show."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.counting.groups import group_counts
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.coding.contexts import told
from analysis.measuring.terms.keyness import keyness
from analysis.study import Results
from analysis.study.evidence import Lines
from analysis.study.reporting.figures import _shown_of
from analysis.study.reporting.findings import _events, _hits, _signed
from analysis.study.reporting.measured import Measured
from analysis.study.reporting.terms import hidden_terms, hidden_words
from analysis.study.settings import ReportChoice
from analysis.study.tables import keywords
from tests.study.conftest import small_corpus

LEXICON = '"deterrence-dialogue"'


def caption_of(results: Results, key: str) -> str:
    return (results.folder / "figures" / f"{key}.txt").read_text(encoding="utf-8")


def test_a_corpus_without_hits_is_said_to_have_none(small, tmp_path: Path):
    (tmp_path / "own.yml").write_text("fire: [volcano]\nice: [glacier]\n", encoding="utf-8")
    results = small((LEXICON, '"own.yml"')).run()
    page = results.report.read_text(encoding="utf-8")
    assert "2021-10-17 no hit of fire or ice was counted: there is no share." in page
    assert "No turning point could be tested in all articles together: too few" in page
    assert "No turning point could be tested in any outlet: too few" in page
    # Nothing was rejected, so there is no table of it; a lexicon without negators finds none.
    assert 'id="table-rejected"' not in page and 'id="table-reasons"' not in page
    assert "The lexicon names no negators: hits such as that in \u201cno ice\u201d count" in page
    assert "after a negator" not in page
    for key in ("share_by_outlet", "share_over_time", "share_by_outlet_period"):
        caption = caption_of(results, key)
        assert "No hits were counted: no share to draw." in caption
        assert "hollow" not in caption


def test_words_agree_with_their_numbers_and_changes_have_a_minus_sign():
    said = dict.fromkeys([("_low"), ("_high"), ("")], 0.0) | {"": -7.451, "_high": 0.5}
    row = {f"slope{end}": value for end, value in said.items()}
    assert _signed(row, "slope") == ["\u22127.45", "0.00", "+0.50"]
    assert [_hits(n, "hit") for n in (1, 0, 2.5)] == ["1 hit", "0 hits", "2.5 hits"]
    assert told(1, 2) == "1 of 2 lines looks unlike those coded as right"
    assert told(0, 1) == "0 of 1 line look unlike those coded as right"
    event = {"event": "The fair", "date": pd.Timestamp("2021-05-01"), "placebo": False, "note": "",
             "level_change": -1.0, "level_change_low": -2.0, "level_change_high": 0.5,
             "level_change_p": 0.2, "placebo_p": None}  # fmt: skip
    assert list(_events(pd.DataFrame([event]), "ice")) == [
        "At The fair (2021-05-01) the level of ice changed by \u22121.00 log odds "
        "(\u22122.00 to +0.50, p = .200)."
    ]


@pytest.mark.parametrize(
    ("have", "said"), [(1, "The largest of 3 is shown. "), (2, "The 2 largest of 3 are shown. ")]
)
def test_a_caption_says_how_many_of_all_are_shown(have: int, said: str):
    table = pd.DataFrame({"outlet": ["Gazette", "Herald", "Courier"]})
    assert _shown_of(table[:have], table, "outlet") == said


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
    page = (results.folder / "report.html").read_text(encoding="utf-8")
    assert "At The fair (1999-01-01) no change of deterrence can be measured: fewer than 5" in page
    assert "At The summit (2021-05-01) the level of deterrence changed by" in page
    dated = pd.read_csv(results.folder / "tables" / "stance_events.csv")
    assert dated["event"].dropna().tolist() == ["The summit", "The fair"]
    assert dated["placebo"].any()
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
    page = results.report.read_text(encoding="utf-8")
    assert "No turning point could be tested in any of the 2 largest values of outlet" in page
    said = (
        "Hits after a negator (as in \u201cno dialogue\u201d), 0 in all, are left out of the score."
    )
    assert said in page
    assert "Hits up to 3 tokens after a negator are not scored." in page
    assert "Rules told narration" not in page and "a site puts around" not in page
    # The Herald's share of 0 has no interval: no finding rests on it.
    hangs = caption_of(results, "sensitivity_by_outlet")
    assert (
        "difference of log odds of deterrence against dialogue between Gazette and Courier" in hangs
    )


def measured(study, language: str, terms: dict[str, int]) -> Measured:
    lexicon = Lexicon.from_dict({"fire": ["volcano"]}, language=language)
    tables = {"frequencies_by_outlet": pd.DataFrame({"term": list(terms), "n": terms.values()})}
    nothing = pd.DataFrame()
    lines = Lines(study.folder, nothing)
    return Measured(study.settings, nothing, tables, lines, [], lexicon)


GERMAN = {"die": 40, "und": 30, "der": 30, "insel": 60, "fähre": 40}


@pytest.mark.parametrize(
    ("language", "terms", "hidden", "said"),
    [
        ("german", {}, "und", "German stop words are left out."),
        ("DE", {}, "und", "German stop words are left out."),
        ("russian", {}, "во", "Russian stop words are left out."),
        ("", GERMAN, "und", "German stop words are left out."),
        ("", {"the": 3, "of": 2, "island": 9}, "the", "English stop words are left out."),
        ("", {"wyspa": 9, "und": 1}, "", "No stop words are left out, as there are lists for"),
        ("polish", GERMAN, "aby", "Polish stop words are left out."),
        ("tajik", GERMAN, "", "No stop words are left out, as there are lists for English"),
        ("", {}, "", "No stop words are left out"),
    ],
)
def test_stop_words_are_those_of_the_lexicon_s_language(small, language, terms, hidden, said):
    made = measured(small(), language, terms)
    assert hidden_words(made).startswith(said)
    assert (hidden in hidden_terms(made)) if hidden else not hidden_terms(made)
    assert "insel" not in hidden_terms(made)


def test_a_study_names_further_terms_to_leave_out(small):
    study = small(("groups", 'report = { leave_out = ["Reuters", "MR"] }\ngroups'))
    made = measured(study, "english", {})
    assert {"reuters", "mr", "the"} <= hidden_terms(made)
    assert hidden_words(made) == ("English stop words and 2 terms named in the study are left out.")
    assert hidden_words(measured(study, "tajik", {})) == "2 terms named in the study are left out."


def test_keywords_are_those_against_all_other_articles_whatever_is_drawn():
    counts = document_terms(check_articles(small_corpus()))
    found = keywords(counts, group_counts(counts, "outlet"), "outlet", ReportChoice(outlets=1))
    assert set(found["outlet"]) == {"Courier"}
    expected = keyness(counts, {"outlet": "Courier"})
    pd.testing.assert_frame_equal(
        found.drop(columns="outlet").reset_index(drop=True), expected, check_dtype=False
    )
