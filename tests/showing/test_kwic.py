"""As many lines as hits, their places, their context, and how they are shown."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    ArticlesError,
    CountsError,
    Lexicon,
    LexiconError,
    add_period,
    check_articles,
    compare_groups,
    document_terms,
    evidence,
    kwic,
    sensitivity,
    show_kwic,
    split_voices,
    stance,
    term_frequencies,
    trend,
)
from analysis.showing.kwic import SORTS
from analysis.showing.kwic_view import cells_of, show_sentences

LEXICON = Lexicon.from_dict(
    {
        "deterrence": ["deter*", "sanction*", "security guarantee*", "threat*", "-threat of rain"],
        "dialogue": ["dialogue", "talks", "peace talks"],
    },
    negators=["no", "not"],
    contrasts=[("deterrence", "dialogue")],
)
CONTRAST = ("deterrence", "dialogue")
WORDS = [
    "Sanctions", "no", "dialogue", "peace talks", "peace", "talks,", "deterrence.",
    "threat of rain",
    "“threat", "security", "guarantees”", "security guarantee", "He said", "that", "\n", "Quill",
    "not", "deter\u00adrent", "’s", "…", ".",
]  # fmt: skip
TEXTS = st.lists(
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=25).map(" ".join),
    min_size=1,
    max_size=4,
)


def table(texts: list[str]) -> pd.DataFrame:
    rows = [(f"d{k}", "Gazette", "2021-03-14", text) for k, text in enumerate(texts)]
    return check_articles(pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"]))


@given(TEXTS)
def test_as_many_lines_as_hits_in_articles_and_in_segments(texts):
    articles = table(texts)
    for rows in (articles, split_voices(articles)):
        counts = document_terms(rows, lexicon=LEXICON)
        types = counts.hit_types
        for frame in LEXICON.frames:
            lines = kwic(rows, (LEXICON, frame))
            for negated in (False, True):
                wanted = (types["frame"] == frame) & (types["negated"] == negated)
                n = int(counts.hits[:, wanted.to_numpy().nonzero()[0]].sum())
                assert (lines["negated"] == negated).sum() == n
            text = articles.set_index("doc_id")["text"]
            assert [text[r.doc_id][r.start : r.end] for r in lines.itertuples()] == [
                *lines["keyword"]
            ]


def test_a_term_has_as_many_lines_as_its_count(articles):
    counts = document_terms(articles)
    totals = dict(zip(counts.terms, counts.counts.sum(axis=0).tolist(), strict=True))
    for term in ("talks", "sanctions", "the", "dialogue"):
        assert len(kwic(articles, term)) == totals[term] > 0


def test_lines_tell_where_they_are_from(articles):
    line = kwic(articles.assign(url="https://example.org/a"), "threat", window=3).iloc[0]
    assert line[["doc_id", "outlet", "left", "keyword", "right"]].tolist() == [
        "a2", "Gazette", "The", "threat", "of missiles grew;",
    ]  # fmt: skip
    assert line["sentence"] == "The threat of missiles grew; troops moved north."
    assert (line["start"], line["end"]) == (4, 10)
    assert line["link"] == "https://example.org/a"
    assert pd.isna(line["voice"])


def test_context_reaches_beyond_a_segment():
    articles = table(["Ada Quill said sanctions work. “There is no dialogue left,” she said."])
    lines = kwic(split_voices(articles), LEXICON, window=3)
    assert lines[["frame", "voice", "source", "left", "right"]].to_numpy().tolist() == [
        ["deterrence", "reported", "Ada Quill", "Ada Quill said", "work. “There is"],
        ["dialogue", "quoted", "Ada Quill", "“There is no", "left,” she said."],
    ]
    assert lines["sentence"].tolist() == [
        "Ada Quill said sanctions work.", "“There is no dialogue left,” she said.",
    ]  # fmt: skip
    assert lines["negated"].tolist() == [False, True]
    assert lines["start"].tolist() == [15, 44]


@pytest.mark.parametrize("block", [1, 150, 400])
def test_lines_are_the_same_however_many_texts_are_matched_at_a_time(
    articles: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, block: int
):
    segments = split_voices(articles)
    whole = [kwic(rows, LEXICON, sort=sort) for rows in (articles, segments) for sort in SORTS]
    nothing = kwic(articles, "submarine*")
    monkeypatch.setattr("analysis.showing.kwic.BLOCK", block)
    again = [kwic(rows, LEXICON, sort=sort) for rows in (articles, segments) for sort in SORTS]
    for lines, expected in zip(again, whole, strict=True):
        pd.testing.assert_frame_equal(lines, expected)
    pd.testing.assert_frame_equal(kwic(articles, "submarine*"), nothing)


def test_where_keeps_rows_and_names_what_is_not_there(articles):
    assert kwic(articles, "talks", where={"outlet": "Herald"})["doc_id"].tolist() == ["b2"] * 3
    both = kwic(articles, "talks", where={"outlet": ["Herald", "Gazette"]})
    assert both["doc_id"].tolist() == ["a3", "b2", "b2", "b2"]
    with pytest.raises(ArticlesError, match="no column 'lean'"):
        kwic(articles, "talks", where={"lean": "left"})
    with pytest.raises(ArticlesError, match="no article has outlet='Times'; there are Gazette"):
        kwic(articles, "talks", where={"outlet": "Times"})


@pytest.mark.parametrize(
    ("column", "value", "places"),
    [
        ("date", "2022-01-20", [0]), ("date", "20 January 2022", [0]), ("date", "2022-01", [0, 1]),
        ("date", "2022", [0, 1, 2]), ("date", pd.Timestamp("2022-01-20"), [0]),
        ("date", ["2022-01-20", "2022-02"], [0, 2]), ("seen", "2022-01-20", [0, 1]),
        ("page", "3", [0, 3]), ("page", "3.0", [0, 3]), ("page", 3, [0, 3]), ("page", None, [2]),
        ("score", "0.5", [1]), ("front", "true", [0, 2]), ("front", False, [1, 3]),
        ("code", "03", [0]), ("code", "3", [1]),
    ],
)  # fmt: skip
def test_where_compares_days_and_numbers_as_such(column, value, places):
    # What the command line hands over is text, whatever the column holds.
    rows = pd.DataFrame(
        {
            "doc_id": ["0", "1", "2", "3"],
            "outlet": "Gazette",
            "date": ["2022-01-20", "2022-01-21", "2022-02-01", "2021-12-31"],
            "text": "talks",
            "seen": pd.to_datetime(
                ["2022-01-20 08:15", "2022-01-20 00:00", None, "2022-01-19 00:00"]
            ),
            "page": pd.array([3, 4, None, 3], dtype="Int64"),
            "score": [0.25, 0.5, 1, 2],
            "front": [True, False, True, False],
            "code": ["03", "3", "4", "5"],
        }
    )
    lines = kwic(check_articles(rows), "talks", where={column: value})
    assert lines["doc_id"].tolist() == [str(place) for place in places]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"date": "soon"}, "date holds dates, and 'soon' can't be read as one"),
        ({"date": "2020-01-01"}, "no article has date='2020-01-01'; there are 2021-03-14"),
        ({"page": "three"}, "page holds numbers; 'three' is not a number"),
    ],
)
def test_where_says_what_a_column_holds(where, said):
    articles = table(["talks"]).assign(page=1)
    with pytest.raises(ArticlesError, match=said):
        kwic(articles, "talks", where=where)


def test_sorting_by_context():
    articles = table(["old big talks begin", "new big talks end", "old small talks continue"])
    right = kwic(articles, "talks", sort="right")
    assert right["right"].tolist() == ["begin", "continue", "end"]
    left = kwic(articles, "talks", sort="left")
    assert left["left"].tolist() == ["new big", "old big", "old small"]
    with pytest.raises(ArticlesError, match="sort='up' is unknown"):
        kwic(articles, "talks", sort="up")


def test_what_must_be_there(articles):
    with pytest.raises(LexiconError):
        kwic(articles, (LEXICON, "peace"))
    with pytest.raises(ArticlesError, match="need the texts"):
        kwic(articles.drop(columns="text"), "talks")
    with pytest.raises(CountsError, match="counts hold no texts"):
        kwic(document_terms(articles), "talks")
    with pytest.raises(ArticlesError, match="window=-1"):
        kwic(articles, "talks", window=-1)


def test_no_hits_make_an_empty_table(articles):
    lines = kwic(articles, "submarine*")
    assert len(lines) == 0
    assert [*lines.columns] == [*kwic(articles, "talks").columns]
    assert "0 lines" in repr(show_kwic(lines))


def test_shown_lines_are_escaped():
    rows = table(["<script>alert(1)</script> talks & <b>more</b>"])
    lines = kwic(rows.assign(outlet="<i>G</i>", link="javascript:alert(1)"), "talks")
    html = show_kwic(lines)._repr_html_()
    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "javascript" not in html
    assert "<mark>talks</mark>" in html
    good = show_kwic(lines.assign(link='https://example.org/?a="b"'))._repr_html_()
    assert 'href="https://example.org/?a=&quot;b&quot;"' in good


def test_a_limit_is_told(articles):
    view = show_kwic(kwic(articles, "talks"), limit=2)
    assert repr(view).endswith("4 lines, the first 2 shown")
    assert repr(view).count("\n") == 2
    with pytest.raises(ArticlesError, match="lacks the column"):
        show_kwic(articles)


def test_evidence_of_a_stance_row_has_the_hits_that_were_scored(articles):
    scores = stance(document_terms(articles, lexicon=LEXICON), LEXICON, CONTRAST, "outlet")
    for _, row in scores.iterrows():
        lines = evidence(row, articles, LEXICON, n=None)
        counted = lines["frame"].value_counts()
        assert counted.get("deterrence", 0) == row["n_deterrence"]
        assert counted.get("dialogue", 0) == row["n_dialogue"]
        every = evidence(row, articles, LEXICON, n=None, negated=True)
        negated = row["n_deterrence_negated"] + row["n_dialogue_negated"]
        assert len(every) == len(lines) + negated
        assert set(lines["outlet"]) <= {row["outlet"]}


def test_evidence_of_a_calendar_period_and_of_a_voice(articles):
    counts = document_terms(articles, lexicon=LEXICON)
    scores = stance(counts, LEXICON, CONTRAST, ["outlet", "quarter"])
    row = scores[(scores["outlet"] == "Herald") & (scores["n_dialogue"] == 3)].iloc[0]
    assert evidence(row, articles, LEXICON)["doc_id"].tolist() == ["b2"] * 3
    segments = split_voices(table(["Talks. Ada Quill said talks failed."]))
    counts = document_terms(segments, lexicon=LEXICON)
    scores = stance(counts, LEXICON, CONTRAST, ["voice", "source"])
    for _, row in scores.iterrows():  # narration has no source: a missing value is a group too
        assert len(evidence(row, segments, LEXICON)) == row["n_dialogue"]


def test_evidence_of_a_term_row(articles):
    table_ = term_frequencies(document_terms(articles), by="outlet")
    row = table_[(table_["term"] == "talks") & (table_["outlet"] == "Herald")]
    assert len(evidence(row, articles)) == row["n"].iloc[0] == 3


def test_comparisons_trends_and_changes_open_to_their_lines_too(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    every = kwic(articles, LEXICON).query("not negated")
    both = compare_groups(counts, LEXICON, CONTRAST, by="outlet").iloc[0]
    assert len(evidence(both, articles, LEXICON, n=None)) == len(every)
    one = compare_groups(counts, LEXICON, CONTRAST, by="quarter", within="outlet").iloc[0]
    of_one = (
        add_period(articles, "quarter").query("outlet == @one.outlet").astype({"period": "str"})
    )
    quarters = {one["quarter"], one["quarter_other"]}
    wanted = kwic(of_one[of_one["period"].isin(quarters)], LEXICON).query("not negated")
    assert len(evidence(one, articles, LEXICON, n=None)) == len(wanted) > 0
    course = trend(counts, LEXICON, CONTRAST, by="outlet", resamples=99).iloc[0]
    of_outlet = every[every["outlet"] == course["outlet"]]
    assert len(evidence(course, articles, LEXICON, n=None)) == len(of_outlet) > 0
    changes = sensitivity(counts, LEXICON, CONTRAST)
    assert len(evidence(changes.iloc[0], articles, LEXICON, n=None)) == len(every)
    pattern = changes.query("change == 'pattern'").iloc[0]
    lines = evidence(pattern, articles, LEXICON, n=None)
    assert set(lines["pattern"]) == {pattern["left_out"]}
    assert len(lines) == every["pattern"].eq(pattern["left_out"]).sum()
    with pytest.warns(UserWarning, match="counts hold no texts"):
        links = evidence(both, counts, LEXICON)
    assert links["n"].sum() == len(every)


def test_a_sample_is_stratified_and_the_same_every_time():
    articles = table(["sanctions " * 50 + "talks"] + ["sanctions talks"] * 9)
    row = stance(document_terms(articles, lexicon=LEXICON), LEXICON, CONTRAST).iloc[0]
    lines = evidence(row, articles, LEXICON, n=10)
    assert lines["frame"].value_counts().to_dict() == {"deterrence": 5, "dialogue": 5}
    of_one = lines[lines["frame"] == "deterrence"]["doc_id"]
    assert of_one.is_unique
    pd.testing.assert_frame_equal(lines, evidence(row, articles, LEXICON, n=10))
    assert not lines.equals(evidence(row, articles, LEXICON, n=10, seed=1))


def test_counts_give_links_in_place_of_lines(articles):
    articles = articles.assign(link="https://example.org/" + articles["doc_id"])
    counts = document_terms(articles, lexicon=LEXICON)
    row = stance(counts, LEXICON, CONTRAST, "outlet").query("outlet == 'Herald'")
    with pytest.warns(UserWarning, match="counts hold no texts"):
        links = evidence(row, counts, LEXICON)
    # "threat" and "dialogue" in b1, three times "talks" in b2.
    assert links[["doc_id", "n", "link"]].to_numpy().tolist() == [
        ["b2", 3, "https://example.org/b2"], ["b1", 2, "https://example.org/b1"],
    ]  # fmt: skip


def test_evidence_says_what_it_lacks(articles):
    row = stance(document_terms(articles, lexicon=LEXICON), LEXICON, CONTRAST).iloc[0]
    with pytest.raises(CountsError, match="pass their lexicon"):
        evidence(row, articles)
    with pytest.raises(ArticlesError, match="neither 'articles' nor 'term'"):
        evidence({"x": 1}, articles)
    with pytest.raises(ArticlesError, match="have no periods"):
        evidence({"period": "2021-Q1", "term": "talks"}, articles)


def test_lines_from_right_to_left_have_their_beginning_at_the_right():
    line = {"left": "قال الوزير إن", "keyword": "الحوار", "right": "بدأ", "outlet": "A"}
    html = show_kwic(pd.DataFrame([line, line | {"keyword": "talks"}])).html
    assert '<td class="left" dir="rtl">بدأ</td><td><mark>الحوار</mark></td>' in html
    assert '<td class="left">قال الوزير إن</td><td><mark>talks</mark></td>' in html


# Whole sentences and their hits, by hand: "The minister said that new sanctions have taken effect.
# The talks of both sides began yesterday." "The government went on with talks. Deterrence is
# needed, too." "The government holds talks today and threatens nobody."
UNSPACED = [
    ("zh", "部长表示，新的制裁已经生效。双方的会谈昨天开始。", {"a": ["制裁"], "b": ["会谈"]},
     [("制裁", "部长表示，新的制裁已经生效。"), ("会谈", "双方的会谈昨天开始。")],
     ("双方的", "昨天开始")),
    ("ja", "政府は対話を続けると述べた。抑止も必要だ。", {"a": ["対話"], "b": ["抑止"]},
     [("対話", "政府は対話を続けると述べた。"), ("抑止", "抑止も必要だ。")], ("", "も必要")),
    ("th", "รัฐบาลเจรจาวันนี้ และไม่ขู่ใคร", {"a": ["เจรจา"], "b": ["ขู่"]},
     [("เจรจา", "รัฐบาลเจรจาวันนี้ และไม่ขู่ใคร"), ("ขู่", "รัฐบาลเจรจาวันนี้ และไม่ขู่ใคร")],
     ("และไม่", "ใคร")),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "frames", "found", "around"), UNSPACED)
def test_sentences_of_scripts_without_spaces(language, text, frames, found, around):
    lexicon = Lexicon.from_dict(frames)
    frame = pd.DataFrame({"doc_id": ["1"], "outlet": "Gazette", "text": text, "date": "2021-03-14"})
    articles = check_articles(frame.assign(language=language))
    scores = stance(document_terms(articles, lexicon=lexicon), lexicon, ("a", "b"), by="outlet")
    assert scores[["n_a", "n_b"]].to_numpy().tolist() == [[1, 1]]
    lines = evidence(scores.iloc[0], articles, lexicon, window=2)
    assert list(lines[["keyword", "sentence"]].itertuples(index=False, name=None)) == found
    # What the context of the second hit ends and begins with, without the sentence before it.
    left, right = lines["left"].iloc[1], lines["right"].iloc[1]
    assert left.endswith(around[0]), left
    assert right.startswith(around[1]), right
    page = show_sentences(lines)
    for keyword, sentence in found:
        before, after = sentence.split(keyword, 1)
        assert f"{before}<mark>{keyword}</mark>{after}" in page


def test_wide_letters_take_two_cells_of_a_terminal():
    texts = ["部长表示，新的制裁已经生效。", "The new 制裁 begin."]
    frame = pd.DataFrame({"doc_id": ["1", "2"], "outlet": "Gazette", "text": texts})
    lines = kwic(check_articles(frame.assign(date="2021-03-14", language="zh")), "制裁")
    shown = repr(show_kwic(lines, width=20)).split("\n")[:2]
    # The keywords stand below one another: 20 cells, " | ", 4 cells.
    assert [cells_of(line.split(" | ")[0]) for line in shown] == [20, 20]
    assert cells_of("制á") == 3
