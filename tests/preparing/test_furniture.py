import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.articles import check_articles
from analysis.errors import ArticlesError
from analysis.preparing.furniture import cut_furniture
from analysis.preparing.furniture_lines import NUMBER, kind_of, units_of

OWN = [
    "The {} frigate left the harbour at dawn.",
    "Nobody on the {} pier waved.",
    "A {} flag hung over the customs house, and rain fell.",
    "By noon the {} crew had sighted land.",
    "Fishermen spoke of {} lights in the strait.",
    "The {} harbour master kept his own counsel.",
    "In the {} market torches sold well.",
    "Two {} envoys came ashore after dark.",
]
NAMES = ["amber", "brass", "cedar", "dusky", "early", "fiery", "green", "hazel", "ivory", "jaded"]
NAMES += ["kindly", "lilac"]


def body(k: int) -> list[str]:
    """Eight sentences that no other article has, one a paragraph."""
    return [line.format(NAMES[k]) for line in OWN]


def table(texts: list[str], outlet: str | list[str] = "Gazette") -> pd.DataFrame:
    frame = pd.DataFrame({"doc_id": [f"a{k}" for k in range(len(texts))], "text": texts})
    return check_articles(frame.assign(outlet=outlet, date="2021-03-14"))


def with_line(line: str, *, at: int | None, articles: int = 12, of: int = 12) -> pd.DataFrame:
    """Articles of one outlet, of which some hold the line at a place of their own text."""
    texts = []
    for k in range(of):
        lines = body(k)
        if k < articles:
            lines.insert(len(lines) if at is None else at, line)
        texts.append("\n\n".join(lines))
    return table(texts)


def cut(frame: pd.DataFrame, **options: float) -> dict[str, str]:
    return cut_furniture(frame, **options)[1].set_index("string")["kind"].to_dict()


def test_the_furniture_of_the_sample_is_cut_and_nothing_else(root):
    sample = pd.read_csv(root / "data" / "sample" / "articles.csv").rename(columns={"id": "doc_id"})
    truth = json.loads((root / "data" / "sample" / "truth.json").read_text(encoding="utf-8"))
    # Datelines open a paragraph; they are the business of clean_articles.
    planted = {
        (outlet, string)
        for outlet, strings in truth["furniture"].items()
        for string in strings
        if not string.endswith("-")
    }
    outlets = sample.set_index("doc_id")["outlet"]
    # Credit lines of reprints, "to be read as furniture".
    planted |= {(outlets[doc_id], item["credit"]) for doc_id, item in truth["reprints"].items()}
    cleaned, cuts = cut_furniture(sample)
    assert set(zip(cuts["outlet"], cuts["string"], strict=True)) <= planted
    missed = {
        string for _, string in planted if cleaned["text"].str.contains(string, regex=False).any()
    }
    # It stands once or twice, and could be the beginning of a sentence.
    assert missed <= {"Agency report: Skarrow Wire"}


def test_what_was_cut_is_counted():
    frame = with_line("Gazette harbour desk", at=0, articles=5)
    frame.loc[0, "text"] += "\n\nGAZETTE HARBOUR DESK"
    cleaned, cuts = cut_furniture(frame)
    # Five times at the top, once more in capitals at the end of the first: 6 x 20 characters.
    assert cuts.to_dict("records") == [
        {"outlet": "Gazette", "string": "Gazette harbour desk", "kind": "label",
         "articles": 5, "n": 6, "characters": 120}
    ]  # fmt: skip
    assert cleaned["text"].tolist() == ["\n\n".join(body(k)) for k in range(12)]
    assert cleaned.drop(columns="text").equals(frame.drop(columns="text"))


@pytest.mark.parametrize(
    "line, at, articles, expected",
    [
        ("Gazette harbour desk", 3, 3, "label"),
        ("Gazette harbour desk", 3, 2, None),
        ("Our readers keep this paper afloat.", None, 3, "edge"),
        ("Our readers keep this paper afloat.", None, 2, None),
        # A stock sentence in the body is the article's own, unless it is very frequent.
        ("The ministry did not answer our questions.", 4, 4, None),
        ("The ministry did not answer our questions.", 4, 5, "body"),
        ("“We shall not be moved.”", None, 12, None),
        ("Our readers keep this paper afloat. " * 12, None, 12, None),
    ],
)
def test_how_often_and_where_a_line_must_stand(line, at, articles, expected):
    assert cut(with_line(line.strip(), at=at, articles=articles)).get(line.strip()) == expected


def test_digits_case_and_marks_do_not_matter():
    texts = [f"Slide {k} of {k + 9}!\n\n" + "\n\n".join(body(k)) for k in range(3)]
    texts[2] = texts[2].replace("Slide", "SLIDE")
    # Of forms that are equally frequent, the first in the alphabet is shown.
    assert list(cut(table(texts))) == ["SLIDE 2 of 11!"]


def test_each_outlet_is_asked_by_itself():
    frame = with_line("Harbour desk", at=0, articles=4)
    frame["outlet"] = ["Gazette", "Herald"] * 6
    assert cut(frame) == {}
    assert cut(frame, min_articles=2) == {"Harbour desk": "label"}


def test_versions_of_one_story_are_one_story():
    paragraph = "The treaty of Fennhaven was signed in the same hall thirty years ago."
    own = [f"A gull of {NAMES[k]} feather watched." for k in range(3)]
    versions = ["\n\n".join([*body(0), own[k], paragraph]) for k in range(3)]
    frame = table(versions + ["\n\n".join(body(k)) for k in range(1, 8)])
    assert cut(frame) == {}
    # A column of the user's own is believed.
    assert cut(frame.assign(cluster=frame["doc_id"]))[paragraph] == "edge"


def test_speakers_and_names_below_quotations_stay():
    transcript = "\n".join(f"corin halvane\n{line}\nmirela dostane\nAnd then?" for line in OWN * 2)
    frame = table([transcript.replace("{}", NAMES[k]) for k in range(4)])
    frame["cluster"] = frame["doc_id"]
    assert not {"corin halvane", "mirela dostane"} & set(cut(frame))
    frame = with_line("“It is the {} truth.”\n\nCorin Halvane, Gazette", at=4)
    assert cut(frame) == {}


def test_columns_of_headlines_are_cut():
    own = body(0)
    column = [
        "Harbour master found",
        "3 hours -",
        "Is the pier safe?",
        "4 hours -",
        "Rain",
        "2 days -",
    ]
    text = "\n".join([*own, "Audio", *column])
    # Above one age alone stands a line that may be the article's own.
    once = "\n".join([*own, "The last train left", "3 hours -"])
    cleaned, cuts = cut_furniture(table([text, once]))
    assert cleaned["text"].tolist() == ["\n".join([*own, "Audio"]), once]
    assert set(cuts["kind"]) == {"headline"}
    assert cuts["n"].sum() == 6


def test_headlines_below_a_label_are_cut():
    own, links = body(0), ["Fog delays ferry", "Advertisement", "Envoy home at last"]
    text = "\n\n".join([*own, "READ MORE:", *links, "The ministry declined to comment."])
    ending = "\n\n".join(
        [*own, "Previous Article", "Fog delays ferry", "Next Article", "Envoy home"]
    )
    # In the middle of a text a label has the article's own lines below it.
    middle = "\n\n".join([*own[:3], "More:", "The second day", *own[3:]])
    cleaned, _ = cut_furniture(table([text, ending, middle]))
    assert cleaned["text"].tolist() == [
        "\n\n".join([*own, "The ministry declined to comment."]),
        "\n\n".join(own),
        "\n\n".join([*own[:3], "The second day", *own[3:]]),
    ]


def test_other_scripts_are_read_as_well():
    label, plea = "Редакция Вестника", "Поддержите нашу газету."
    texts = ["\n\n".join([label, *body(k), plea]) for k in range(4)]
    assert cut(table(texts)) == {label: "label", plea: "edge"}


def test_text_without_lines_is_read_by_sentences():
    plea = "Our readers keep this paper afloat."
    frame = table([" ".join([*body(k) * 3, plea]) for k in range(3)])
    frame["cluster"] = frame["doc_id"]
    cleaned, cuts = cut_furniture(frame)
    assert plea in set(cuts["string"])
    assert not cleaned["text"].str.contains("afloat").any()


def test_an_article_of_repeated_lines_alone_is_kept():
    # A daily brief that differs by its numbers, and a page that holds a plea and nothing else.
    briefs = [f"The ferry ran {n} times today.\nIt carried {n}0 goats." for n in range(4)]
    plea = "Subscribe to our newsletter"
    articles = table([*briefs, plea, *["\n".join([plea, *body(k)]) for k in range(4)]])
    kept, cuts = cut_furniture(articles)
    assert kept["text"].tolist()[:4] == briefs
    assert kept["text"][4] == ""
    assert set(cuts["string"]) == {plea} and cuts["articles"].tolist() == [5]
    again, more = cut_furniture(kept)
    assert more.empty and again["text"].tolist() == kept["text"].tolist()


def test_a_second_pass_finds_nothing_more():
    # With the last line gone the one above comes into the last six, and so on.
    endings = [f"Plea number {name} for a little money." for name in NAMES]
    texts = ["\n".join([*body(k), *endings]) for k in range(12)]
    frame = table(texts).assign(cluster=NAMES)
    once, cuts = cut_furniture(frame)
    twice, none = cut_furniture(once)
    assert len(cuts) == 12
    assert len(none) == 0
    assert twice["text"].equals(once["text"])


def test_the_order_of_rows_does_not_matter():
    frame = with_line("Gazette harbour desk", at=0, articles=7)
    shuffled = frame.sample(frac=1, random_state=3)
    one, other = cut_furniture(frame), cut_furniture(shuffled)
    assert one[1].equals(other[1])
    assert other[0]["text"].sort_index().equals(one[0]["text"])


@pytest.mark.parametrize(
    "line, kind",
    [
        ("Story Continued Below", "advertisement"),
        ("Advertisement", "advertisement"),
        ("Read more: Ten frigates to see before noon", "link"),
        ("SEE ALSO: The pier in pictures", "link"),
        ("( PHOTOS: The pier)", "link"),
        ("More:The pier, explained", "link"),
        ("Sign up for our daily newsletter", "newsletter"),
        ("Get the strait in your inbox.", "newsletter"),
        ("Copyright © 2021 Gazette. All rights reserved.", "copyright"),
        ("Media playback is unsupported on your device Media caption The pier", "player"),
        ("Photos: The pier Boats at dawn. Hide Caption 1 of 2 Photos: The pier Boats.", "player"),
        ("Boats at dusk, off the pier. Hide Caption 2 of 2", "player"),
        ("Hide Caption 1 of 2 Photos: The pier Boats at noon.", "player"),
        ("Follow @gazette on Twitter.", "account"),
        # What cleaning leaves of such lines.
        ("Follow on Twitter.", "account"),
        ("Please follow Ann Quill at on Twitter", "account"),
        ("Write to Ann Quill at.", "account"),
        ("Updated at 10:50 p.m.", "page"),
        ("* * *", "page"),
        ("The Skarrow Wire contributed to this report.", "credit"),
        ("Reporting by Corin Halvane; editing by Mirela Dostane", "credit"),
    ],
)
def test_wordings_that_are_furniture(line: str, kind: str):
    assert kind_of(line, at_edge=True) == kind


@pytest.mark.parametrize(
    "line",
    [
        "Read the treaty before you sign it.",
        "Copyright law is older than the treaty.",
        "More ships: that is what the admirals want.",
        "More: that was the admirals' answer.",
        "Sign up or be drafted, they were told.",
        "Follow the money, she said.",
        "Advertisement revenue fell by a third.",
        "Related parties were told on Monday.",
        "Updated charts of the strait are on sale.",
        "The ministry contributed to this report of 1998 and denied it later.",
        "Get out of our waters, the radio said.",
        "Photo albums were left on the pier.",
        "Photos: they burned them all, she said.",
        "Hide Caption 2 of 2 The fleet left the harbour at dawn.",
    ],
)
def test_sentences_that_are_not(line: str):
    assert kind_of(line, at_edge=True) is None


def test_credits_are_furniture_at_the_edges_only():
    line = "The Skarrow Wire contributed to this report."
    assert kind_of(line, at_edge=False) is None
    assert cut(with_line(line, at=4, articles=1)) == {}
    assert cut(with_line(line, at=None, articles=1)) == {line: "credit"}


def test_an_empty_table_has_no_cuts(articles):
    cleaned, cuts = cut_furniture(articles.iloc[:0])
    assert len(cleaned) == len(cuts) == 0
    assert list(cuts.columns) == ["outlet", "string", "kind", "articles", "n", "characters"]


def test_bad_arguments_are_named(articles):
    with pytest.raises(ArticlesError, match="outlet"):
        cut_furniture(articles.drop(columns="outlet"))
    with pytest.raises(ArticlesError, match="min_articles=1 "):
        cut_furniture(articles, min_articles=1)
    with pytest.raises(ArticlesError, match="min_share=2 "):
        cut_furniture(articles, min_share=2)


@pytest.mark.parametrize(
    ("line", "kind"),
    [  # Python's IGNORECASE takes ſ for s, the sign of Kelvin for k, and ı and İ for i.
        ("ſign up for our newſletter", "newsletter"),
        ("Clic\u212a here to listen", "link"),
        ("S\u0130gn up for emaıl updates", "newsletter"),
        ("More from Čapek Züriçh:", "link"),
        ("Read\u2003more:", "link"),
        ("Fıne words from the newsroom", None),
        ("\x1c©\x1f2020", "copyright"),
        ("Read\x0bmore:", "link"),
        ("Sign up " + "é" * 190 + " newsletter", "newsletter"),
    ],
)
def test_wordings_are_known_in_any_script_and_case(line: str, kind: str | None):
    texts = ["First line of it.\n" + line + "\nLast line of it."]
    units = units_of(pd.DataFrame({"outlet": "Gazette", "text": texts}))
    assert kind_of(line.strip(), at_edge=True) == kind
    assert units["at_edge"].tolist() == [0, NUMBER[kind], 0]


def test_lines_are_the_same_by_their_letters_whatever_their_case():
    lines = ["Straße 7", "STRASSE, 8!", "Strase", "ΛΌΓΟΣ", "λόγος", "12", "…", "Ça va", "ça va?"]
    units = units_of(pd.DataFrame({"outlet": "Gazette", "text": ["\n".join(lines)]}))
    # By str.casefold, without the signs of ASCII; … is beyond it.
    assert pd.factorize(units["key"])[0].tolist() == [0, 0, 1, 2, 2, 3, 4, 5, 5]


LINES = st.text(alphabet="ab.\t\n\r\x1c\x85\xa0\u1680\u2003\u2028\u3000é’…😀 ", max_size=40)


@given(st.lists(LINES, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_units_are_the_lines_without_the_white_space_around_them(ends: list[str]):
    texts = [f"one\ntwo\nthree\n{end}" for end in ends]
    units = units_of(pd.DataFrame({"outlet": "Gazette", "text": texts}))
    for row, text in enumerate(texts):
        lines = [line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip()]
        found = units[units["row"] == row]
        assert found["string"].tolist() == lines
        assert [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)] == lines
