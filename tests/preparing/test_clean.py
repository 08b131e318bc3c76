import time
import timeit
from functools import reduce

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.articles import with_titles
from analysis.errors import ArticlesError
from analysis.preparing import clean
from analysis.preparing.clean import DEFAULT_STEPS, clean_articles

# What the steps look for, beside ordinary words, so that hypothesis meets it in all orders.
PIECES = st.sampled_from(
    ["BRINE HARBOUR", "(Reuters)", "(CNN)", "—", " - ", "--", "By", "Corin Halvane", "The", "talks",
     "MORE", "Thole Garrick TholeNavy sails", "GAZETTE TODAY", "(AP Photo/Corin Halvane)",
     "(Corin Halvane/Pool)", "Image copyright Wire Image caption", "\n", "\n\n", " ", "\r\n", "\t",
     "\u00a0", "\u2028", ",", ".", "“", "@talks", "#talks", "jane.roe@gull.example", "www.", "-a.",
     "https://gull.example/talks", "gull.example/a", "@", "#", "+", "a@b.cc"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=80),
    *(st.lists(PIECES, max_size=25).map(joint.join) for joint in (" ", "")),
)


@pytest.mark.parametrize("step", DEFAULT_STEPS, ids=lambda step: step.__name__)
@settings(max_examples=40)
@given(text=TEXTS)
def test_every_step_is_idempotent_and_adds_nothing(step, text: str):
    once = step(text)
    assert step(once) == once
    assert len(once) <= len(text)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a \t b\u00a0\u00a0c", "a b c"),
        ("a\n \n\t\n\nb", "a\n\nb"),
        ("\n a \n", "a"),
    ],
)
def test_spaces(text: str, expected: str):
    assert clean.normalise_space(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("详见https://gull.example/a，对话继续。", "详见 ，对话继续。"),
        ("「https://gull.example/a」対話", "「 」対話"),
        ("https://gull.example/a然后对话", "然后对话"),
        ("写信给talks@gull.example谢谢", "写信给 谢谢"),
        ("参见www.gull.example/a、对话", "参见 、对话"),
        ("https://gull.example/wiki/和谈 resume", "resume"),
        ("see https://gull.example/talks–peace, “https://gull.example/a”", "see –peace, “ ”"),
        ("https://gull.example/a، الحوار", "، الحوار"),
    ],
)
def test_an_address_ends_where_other_writing_begins(text: str, expected: str):
    assert clean.drop_addresses(text).strip() == expected


@pytest.mark.parametrize(
    ("text", "expected", "cut"),
    [
        ("See https://gull.example/peace-talks-resume and www.gull.example/talks, @talks #talks",
         "See and,", (2, 1, 1)),
        ("Mail jane.roe+talks@gull.example. Or mailto:a@talks.example!", "Mail. Or!", (2, 0, 0)),
        ("A photo: pic.gull.example/Talks1 HTTP://GULL.EXAMPLE/talks?a=1#b (ftp://talks.example).",
         "A photo: ().", (3, 0, 0)),
        ("#talks#peace, ＃talks and @Talks_1's .@talks: @talks@gull.example",
         ", and .:", (0, 3, 3)),
        ("“#PeaceTalks2018” said @talks", "“ ” said", (0, 1, 1)),
        ("#1 at C# @ 5 of AT&T, 9/11, U.S./Caldery, he/she, 3@4, Gull.example &#39;", None,
         (0, 0, 0)),
    ],
)  # fmt: skip
def test_addresses_names_and_signs_are_cut_and_counted(text: str, expected: str | None, cut: tuple):
    result = clean_articles(pd.DataFrame({"text": [text, "Talks"]}))
    assert result["text"].tolist() == [text if expected is None else expected, "Talks"]
    assert tuple(result.attrs["cut"].values()) == cut
    left = clean_articles(pd.DataFrame({"text": [text]}), steps=[clean.normalise_space])
    assert left["text"].tolist() == [text]


@pytest.mark.parametrize(
    "unit", ["a.", "a-", "@", "#a", "a@b.cc.+", "www.", "a", "#1", "www #t.x.com ", " "]
)
def test_no_text_is_cut_in_the_square_of_its_length(unit: str):
    # The matcher's own loop can't be counted, so its time is: four times the text is far from 16.
    def seconds(n: int) -> float:
        text = unit * (n // len(unit))
        run = lambda: clean.drop_addresses(text)  # noqa: E731
        return min(timeit.repeat(run, timer=time.process_time, number=1, repeat=3))

    assert seconds(80_000) < 10 * seconds(20_000) + 0.01


@pytest.mark.parametrize(
    "dateline",
    [
        "(CNN) ",
        "(Reuters) - ",
        "Fennhaven (CNN) ",
        "FENNHAVEN (AP) — ",
        "PORT ASHMEL (Skarrow Wire) - ",
        "FENNHAVEN, Caldery (Reuters) - ",
        "FENNHAVEN, March 3 (Reuters) - ",
        "FENNHAVEN — ",
        "FENNHAVEN -- ",
        "FENNHAVEN, Caldery—",
        "ÅRDAL/OSTERVANE (Reuters) – ",
    ],
)
def test_datelines_are_cut(dateline: str):
    assert clean.drop_datelines(f"{dateline}The frigates sailed.") == "The frigates sailed."
    below = f"Agency report\n\n{dateline}The frigates sailed."
    assert clean.drop_datelines(below) == "Agency report\n\nThe frigates sailed."


@pytest.mark.parametrize(
    "text",
    [
        "NATO — The alliance met.",
        "Mirela Dostane (Harbour Party) said no.",
        "Garrick Thole (left) waited.",
        "A treaty — The Fennhaven one — was signed.",
        "US — the frigates' flag — was seen.",
        "First.\nSecond.\nThird.\nFourth.\nFENNHAVEN (Reuters) - Too far down.",
    ],
)
def test_openings_that_are_no_datelines_stay(text: str):
    assert clean.drop_datelines(text) == text


@pytest.mark.parametrize(
    "byline",
    [
        "By Corin Halvane",
        "by Corin Halvane and Mirela Dostane",
        "By Corin Halvane, diplomatic correspondent",
        "By Corin Halvane | Skarrow Wire",
        "By the Lantern defence desk",
        "From our diplomatic correspondent",
        "From our correspondent in Fennhaven",
        "Corin Halvane\n\nGAZETTE TODAY",
        "Corin Halvane, Leo van Marl and Mirela Dostane\n\nSpecial for GAZETTE TODAY",
        "Corin Halvane\nAssociated Press",
    ],
)
def test_bylines_are_cut(byline: str):
    assert clean.drop_bylines(f"{byline}\n\nThe frigates sailed.") == "The frigates sailed."


@pytest.mark.parametrize(
    "text",
    [
        "By Corin Halvane's account the talks failed.",
        "By midnight the frigates had sailed.",
        "From our window we saw the frigates.",
        "Corin Halvane\n\nHe was the last to sail.",
        "First.\nSecond.\nThird.\nBy Corin Halvane",
    ],
)
def test_sentences_that_are_no_bylines_stay(text: str):
    assert clean.drop_bylines(text) == text


@pytest.mark.parametrize(
    "text, expected",
    [
        ("At anchor. (AP Photo/Corin Halvane)", "At anchor."),
        ("At anchor (Corin Halvane/Reuters)", "At anchor"),
        ("At anchor. (Corin Halvane/Daily Lantern via AP)", "At anchor."),
        ("At anchor. (Photo: Corin Halvane, Skarrow Wire)", "At anchor."),
        ("x\nImage copyright Wire Image caption At anchor", "x\nAt anchor"),
        ("The frigate (built in 1998) sailed.", "The frigate (built in 1998) sailed."),
        ("Thole (Harbour Party) sailed.", "Thole (Harbour Party) sailed."),
        ("Both (Halvane and Thole) sailed.", "Both (Halvane and Thole) sailed."),
    ],
)
def test_photo_credits(text: str, expected: str):
    assert clean.drop_photo_credits(text) == expected


def test_link_boxes_end_at_the_first_more():
    box = "Thole Garrick (Gary) TholeNavy to sail Talks fail MORE"
    text = f"Minister {box} met Dostane Mirela Dostane“We shall see” MORE and wanted MORE ships."
    assert clean.drop_link_boxes(text) == "Minister Thole met Dostane and wanted MORE ships."
    plain = "Thole and Garrick Thole want MORE."
    assert clean.drop_link_boxes(plain) == plain


def test_titles_at_the_top_are_cut_once():
    articles = pd.DataFrame(
        {
            "title": ["Frigates sail", "Frigates sail", "Frigates sail", ""],
            "text": ["FRIGATES SAIL!\n\nThey sailed.", "They sailed.", "Frigates sail", "\nThey"],
        }
    )
    result = clean_articles(articles)
    # A text that is nothing but its title stays as it is.
    assert result["text"].tolist() == ["They sailed.", "They sailed.", "Frigates sail", "They"]
    assert with_titles(result)["text"][0] == "Frigates sail\n\nThey sailed."


def test_steps_run_in_order_and_other_columns_stay(articles):
    steps = (str.upper, lambda text: text.replace("TALKS", "dialogue"))
    result = clean_articles(articles.set_axis(list("uvwxyz")), steps=steps)
    assert result.loc["w", "text"].startswith("PEACE dialogue BEGAN")
    assert result.drop(columns="text").equals(
        articles.set_axis(list("uvwxyz")).drop(columns="text")
    )
    assert clean_articles(articles, steps=())["text"].equals(articles["text"])


def test_the_sample_loses_its_datelines_and_bylines(root):
    sample = pd.read_csv(root / "data" / "sample" / "articles.csv")
    text = clean_articles(sample)["text"].str.cat(sep="\n")
    for gone in ("(Skarrow Wire)", "By the Lantern defence desk", "From our diplomatic"):
        assert gone not in text


@given(st.lists(TEXTS, max_size=3))
@settings(max_examples=60, deadline=None)
def test_steps_that_are_passed_over_would_have_changed_nothing(texts: list[str]):
    expected = [reduce(lambda text, step: step(text), DEFAULT_STEPS, text) for text in texts]
    assert clean_articles(pd.DataFrame({"text": texts}, dtype="str"))["text"].tolist() == expected


def test_bad_arguments_are_named(articles):
    with pytest.raises(ArticlesError, match=r"lacks the column\(s\) text"):
        clean_articles(articles.drop(columns="text"))
    with pytest.raises(ArticlesError, match="steps: split returned a list"):
        clean_articles(articles, steps=(str.split,))
